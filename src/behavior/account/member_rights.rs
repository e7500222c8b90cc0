//! What only whoever made a group may do with it, what only those who are in may, and what is asked of who joins by a code.
//!
//! In: endpoints about groups that are joined so, marks in their titles (`移出成员【班主任】`), lines that say what others get. Out:
//! demands.

use crate::behavior::choose::Subject;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::collection::sides::invited::Part;
use crate::behavior::collection::{Collection, RecordId};
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence};
use crate::lexicon::{Class, Operation, compact};
use crate::spec::Note;
use crate::syntax::line::quoted_pieces;
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn member_rights(&self, wishes: &mut Vec<Wish>) {
        let invited = self.gathering.invited;
        if invited.parts.is_empty() {
            return;
        }
        let own = self.on.map(|on| on.collection);
        let of_tie = own.filter(|own| self.collections[*own].relation.is_some());
        let referred = || (0..self.inputs().len()).find_map(|input| self.referred(input, own));
        let tied = of_tie.and_then(|own| Some(self.collections[own].relation.as_ref()?.target));
        // What is about the group itself names it by its own id.
        let itself = || own.filter(|own| !self.kin.ties(*own).is_empty());
        let Some(target) = tied.or_else(itself).or_else(referred) else { return };
        let is_it = |at: &&usize| {
            self.collections[**at].relation.as_ref().is_some_and(|relation| relation.name == invited.relation)
        };
        let Some(relation) = self.kin.ties(target).iter().find(is_it).copied() else { return };
        let shape = &self.collections[relation];
        let part = invited.parts.get(&self.at);
        let id = self.on.and_then(|on| on.id.clone());
        match (part, id) {
            (Some(Part::Join(_)), Some(id)) => {
                self.of_code(target, wishes);
                return self.not_waiting(relation, shape, id, wishes);
            }
            (Some(Part::Admit(_)), Some(id)) => return self.admitted(relation, shape, &id, wishes),
            (Some(Part::Out(input)), _) => {
                let because = self.because("a failure says that nobody does that to themselves");
                wishes.push((Demand::NotOneself(*input), because, None));
            }
            _ => {}
        }
        let outsiders = self.told_outsiders();
        // Whether it is not there, or is not theirs to know, is the same to those who are not in.
        if let Some((failure, _)) = outsiders.as_ref().filter(|(failure, _)| is_missing(failure)) {
            let of_group = |demand: &Demand| match demand {
                Demand::Found { collection, .. } | Demand::Referenced { collection, .. } => *collection == target,
                _ => false,
            };
            for wish in wishes.iter_mut().filter(|wish| of_group(&wish.0) && wish.2.is_none()) {
                wish.2 = Some(failure.clone());
            }
        }
        let Some(input) = self.group_input(&self.collections[target], shape) else { return };
        let id = RecordId { input, via: None };
        if let Some(failure) = self.marked_permission() {
            return for_founder(target, &id, failure, wishes);
        }
        let Some((failure, because)) = outsiders else { return };
        let is_asked = |wish: &Wish| matches!(wish.0, Demand::Tied { relation: known, .. } if known == relation);
        match wishes.iter_mut().find(|wish| is_asked(wish)) {
            Some(wish) => wish.2 = wish.2.take().or(Some(failure)),
            None => wishes.push((Demand::Tied { relation, id, tied: true }, because, Some(failure))),
        }
    }

    /// `邀请码无效` of a code that nobody drew.
    fn of_code(&self, target: usize, wishes: &mut [Wish]) {
        let failure = self.failures().iter().find(|failure| self.speaks_of_code(failure));
        let is_it = |wish: &&mut Wish| matches!(wish.0, Demand::Found { collection, .. } if collection == target);
        if let Some(wish) = wishes.iter_mut().find(is_it) {
            wish.2 = failure.cloned().or(wish.2.take());
        }
    }

    fn speaks_of_code(&self, failure: &Failure) -> bool {
        self.gathering.lexicon.speaks_of("made-code", failure.says())
    }

    /// `您已在班级中` of whoever is in, beside what is said of the code and of those who wait.
    pub(in crate::behavior) fn says_inside(&self) -> Option<Failure> {
        if !matches!(self.gathering.invited.parts.get(&self.at), Some(Part::Join(_))) {
            return None;
        }
        let already = |failure: &&Failure| {
            self.gathering.lexicon.speaks_of("already-word", failure.says()) || failure.classes.contains(&Class::Exists)
        };
        let other = |failure: &&Failure| !self.says_waits(failure) && !self.speaks_of_code(failure);
        self.failures().iter().filter(other).find(already).cloned()
    }

    /// The input that names the group.
    fn group_input(&self, target: &Collection, ties: &Collection) -> Option<usize> {
        let field = ties.relation.as_ref().map(|relation| compact(&relation.field));
        let named =
            |name: &str| Some(compact(name)) == field || id_stem(name).is_some_and(|stem| target.names.contains(&stem));
        let bare = || {
            let own = target.names.contains(&self.gathering.nouns[self.at].path);
            self.inputs().iter().position(|input| own && compact(&input.name) == "id")
        };
        self.inputs().iter().position(|input| named(&input.name)).or_else(bare)
    }

    /// `已申请，请等待审核` of whoever asked before.
    fn not_waiting(&self, relation: usize, shape: &Collection, id: RecordId, wishes: &mut Vec<Wish>) {
        let is_let_in = shape.relation.as_ref().and_then(|relation| relation.admission.as_ref()).is_some();
        if let Some(failure) = self.failures().iter().find(|failure| self.says_waits(failure)).filter(|_| is_let_in) {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            wishes.push((Demand::NotWaiting { relation, id }, because, Some(failure.clone())));
        }
    }

    pub(in crate::behavior) fn says_waits(&self, failure: &Failure) -> bool {
        self.gathering.lexicon.speaks_of("await-review", failure.says())
    }

    /// Only whoever made the group lets in, and only who waits.
    fn admitted(&self, relation: usize, shape: &Collection, id: &RecordId, wishes: &mut Vec<Wish>) {
        if let Some(failure) = self.marked_permission().or_else(|| self.any_permission()) {
            let is_it = |wish: &&mut Wish| matches!(wish.0, Demand::Found { collection, .. } if collection == relation);
            wishes.iter_mut().filter(is_it).for_each(|wish| wish.2 = Some(failure.clone()));
        }
        let admission = shape.relation.as_ref().and_then(|relation| relation.admission.as_ref());
        let state = |failure: &&Failure| {
            matches!(failure.classes.first(), None | Some(Class::WrongState | Class::Exists | Class::TooFrequent))
        };
        let Some(failure) = self.failures().iter().find(state) else { return };
        let Some(admission) = admission else { return };
        let (field, from) = (Arc::clone(&admission.field), vec![admission.waits.clone()]);
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let demand = Demand::InState { collection: relation, id: id.clone(), field, from };
        wishes.push((demand, because, Some(failure.clone())));
    }

    /// The failure that names the mark of the title: `只有班主任可以操作` of 移出成员【班主任】.
    fn marked_permission(&self) -> Option<Failure> {
        let title = self.endpoint().title.trim_end();
        let inside = title.strip_suffix(['】', ']', '）', ')', '］', '〕'])?;
        let mark = inside.rsplit(['【', '[', '（', '(', '［', '〔']).next()?.trim();
        if mark.chars().count() < 2 || mark.len() == inside.len() {
            return None;
        }
        let names = |failure: &&Failure| {
            let refuses = matches!(
                failure.classes.first(),
                None | Some(Class::NotYours | Class::ForbiddenStatus | Class::WrongState | Class::Failed)
            );
            refuses && failure.message.contains(mark)
        };
        let own = self.failures().iter().find(names);
        let known = own.or_else(|| self.gathering.chooser.shared(self.at, Subject::None).find(names)).cloned();
        known.or_else(|| {
            let marked = |sentence: &str| -> Option<usize> {
                let mut found = sentence.match_indices(mark);
                let bracketed = |at: usize| sentence[..at].ends_with(['【', '[', '（', '(', '［', '〔']);
                found.find(|(at, _)| bracketed(*at)).map(|(at, _)| at + mark.len())
            };
            self.gathering.prose.iter().filter(|note| note.text.contains(mark)).find_map(|note| {
                let mut sentences = note.text.split('。');
                sentences.find_map(|text| self.quoted(&text[marked(text)?..], note, Class::NotYours))
            })
        })
    }

    /// The failure that words quote, put together as the set's others are.
    fn quoted(&self, text: &str, note: &Note, class: Class) -> Option<Failure> {
        let message = quoted_pieces(text).into_iter().find(|piece| piece.chars().count() > 3)?;
        let catalog = &self.gathering.chooser.catalog;
        let like = self.failures().first().or_else(|| catalog.own.iter().flatten().next())?;
        let (message, classes) = (message.to_owned(), vec![class]);
        let told =
            Failure { message, classes, place: note.place, captioned: None, subjects: Vec::new(), ..like.clone() };
        Some(told)
    }

    /// `班级不存在、或者不是这个班的人：fail 班级不存在`: what those get who are not in.
    fn told_outsiders(&self) -> Option<(Failure, Evidence)> {
        if matches!(self.operation(), Operation::Create | Operation::Save) && self.on.is_none() {
            return None;
        }
        let gathering = self.gathering;
        let lines = gathering.said.on("not-of-group");
        let own = || self.failures().iter().chain(gathering.chooser.shared(self.at, Subject::None));
        let told = |note: &Note, text: &str| {
            let rest = text.get(gathering.lexicon.after("not-of-group", text)?..)?;
            let named = |failure: &&Failure| {
                let class = failure.classes.first();
                let refuses = matches!(class, Some(Class::NotFound | Class::NotYours | Class::NotSubmitted));
                refuses && rest.contains(failure.message.as_str())
            };
            own().find(named).cloned().or_else(|| self.quoted(rest, note, Class::NotFound))
        };
        lines.iter().map(|at| &gathering.prose[*at]).find_map(|note| {
            // What is said of a mark is not said of all.
            let mut sentences = note.text.split('。').filter(|text| !text.contains(['【', '［', '〔']));
            let failure = sentences.find_map(|text| told(note, text))?;
            Some((failure, Evidence::new(format!("`{}`", note.text.trim()), note.place, Confidence::Likely)))
        })
    }
}

fn is_missing(failure: &Failure) -> bool {
    failure.classes.first() == Some(&Class::NotFound)
}

fn for_founder(collection: usize, id: &RecordId, failure: Failure, wishes: &mut Vec<Wish>) {
    let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
    let is_asked = |wish: &Wish| matches!(&wish.0, Demand::Owned { collection: known, .. } if *known == collection);
    wishes.retain(|wish| !is_asked(wish));
    wishes.push((Demand::Owned { collection, id: id.clone() }, because, Some(failure)));
}
