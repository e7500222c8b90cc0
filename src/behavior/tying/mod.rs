//! What ties callers to records and unties them: whether an endpoint does the one, the other or both in turn, and what it refuses.
//!
//! In: an endpoint about a relation, with its neighbours. Out: how it ties, and demands. `关注`, `取消关注`, `收藏/取消收藏`; `POST` and
//! `DELETE` at one path.

pub(super) mod own_ties;
pub(super) mod ties_told;

use super::choose::Subject;
use super::collection::sides::invited::Part;
use super::collection::{Collection, OnRecords, RecordId};
use super::failure::Failure;
use super::records::{Records, Wish, is_of};
use super::{Demand, Tying, enumeration};
use crate::lexicon::{Class, Operation};
use std::sync::Arc;

impl Records<'_> {
    /// What ties and unties, what only those may do who are tied, and who sees them.
    pub(super) fn of_ties(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        self.welcome(records, wishes);
        self.ties(on, records, wishes);
        self.of_members(wishes);
        self.of_roster(wishes);
    }

    fn ties(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        let (Some(id), Some(_)) = (&on.id, &records.relation) else { return };
        let how = self.tying(records);
        if let (Operation::Toggle, Some(Tying::Told { input, tie, untie })) = (self.operation(), &how) {
            // Where only what would be tied can be missing, taking off what was not on is nowhere refused.
            let may_untie = self.only_target_missing(records).is_some();
            for (values, tied) in [(tie, false), (untie, true)].into_iter().filter(|(_, tied)| !(*tied && may_untie)) {
                let demand = Demand::Tied { relation: on.collection, id: id.clone(), tied };
                let demand =
                    Demand::When { input: *input, values: values.clone(), absent: false, demand: Box::new(demand) };
                wishes.push((demand, self.because("a failure speaks of it"), None));
            }
            return;
        }
        let tied = match (self.operation(), how) {
            (Operation::Toggle, Some(Tying::Tie)) | (Operation::Create, _) => false,
            (Operation::Toggle, Some(Tying::Untie)) | (Operation::Delete, _) => true,
            _ => return,
        };
        if tied && let Some(failure) = self.only_target_missing(records) {
            // What was not tied is untied already; only what is not there is refused.
            let target = records.relation.as_ref().map_or(on.collection, |relation| relation.target);
            let demand = Demand::Found { collection: target, id: id.clone(), write: false };
            wishes.push((demand, self.because("the record has to be there"), Some(failure)));
            return;
        }
        let demand = Demand::Tied { relation: on.collection, id: id.clone(), tied };
        let shared = records.relation.as_ref().filter(|_| !tied).and_then(|relation| self.tied_already(&relation.name));
        let said = if tied { self.untied_already() } else { self.says_inside().or(shared) };
        wishes.push((demand, self.because("a failure speaks of it"), said));
        self.crewed(on, records, tied, wishes);
    }

    /// Only what has a place left is joined, only what is not under way is left, and not by whoever opened it.
    fn crewed(&self, on: &OnRecords, records: &Collection, tied: bool, wishes: &mut Vec<Wish>) {
        let (Some(id), Some(relation)) = (&on.id, &records.relation) else { return };
        let lexicon = self.gathering.lexicon;
        let target = &self.collections[relation.target];
        if let Some(full) = &relation.full {
            let state = |failure: &&Failure| {
                matches!(
                    failure.classes.first(),
                    Some(Class::WrongState | Class::ForbiddenStatus | Class::Insufficient)
                )
            };
            let from = if tied { vec![full.open.clone(), full.full.clone()] } else { vec![full.open.clone()] };
            let field = Arc::clone(&full.status);
            let demand = Demand::InState { collection: relation.target, id: id.clone(), field, from };
            if let Some(failure) = self.failures().iter().find(state) {
                wishes.push((demand, self.because("it is open until it is full"), Some(failure.clone())));
            }
        }
        let stays = |failure: &&Failure| lexicon.speaks_of("founder-stays", failure.says());
        if let Some(failure) = self.failures().iter().find(stays).filter(|_| tied && target.founded.is_some()) {
            let demand = Demand::NotOwn { collection: relation.target, id: id.clone() };
            wishes.push((demand, self.because("whoever opened it stays"), Some(failure.clone())));
        }
    }

    /// `上车才能聊`: what only those may do who are tied to the record that an input names.
    fn of_members(&self, wishes: &mut Vec<Wish>) {
        let own = self.on.map(|on| on.collection);
        let of_tie = own.is_some_and(|own| self.collections[own].relation.is_some());
        if of_tie {
            return;
        }
        let found = (0..self.inputs().len()).find_map(|input| {
            let target = self.referred(input, own)?;
            let joined = self.collections[target].founded.as_ref()?.0;
            Some((joined, input))
        });
        let Some((relation, input)) = found else { return };
        let tie = self.collections[relation].relation.as_ref().map(|relation| relation.name.as_str());
        let verbs = self.gathering.lexicon.verbs();
        let not_in = |failure: &&Failure| match failure.classes.first() {
            Some(Class::NotSubmitted) => true,
            None | Some(Class::NotYours | Class::ForbiddenStatus | Class::WrongState | Class::Failed) => {
                verbs.relation(&failure.message, &[]).is_some_and(|(name, ..)| Some(name) == tie)
            }
            _ => false,
        };
        let Some(failure) = self.failures().iter().find(not_in) else { return };
        let id = RecordId { input, via: None };
        let because = self.because("only those who joined may");
        wishes.push((Demand::Tied { relation, id, tied: true }, because, Some(failure.clone())));
    }

    /// Who signed up only whoever made it may see, where a failure says that others may not.
    fn of_roster(&self, wishes: &mut Vec<Wish>) {
        let Some(failure) = self.permission().filter(|_| self.operation() == Operation::List).cloned() else { return };
        let Some((collection, input)) = self.roster_of() else { return };
        let id = RecordId { input, via: None };
        let because = self.because("a failure speaks of what is another's");
        wishes.push((Demand::Owned { collection, id }, because, Some(failure)));
    }

    /// Of a list of those who are tied to a record: the record's collection, and the input that names it.
    fn roster_of(&self) -> Option<(usize, usize)> {
        let relation = self.collections[self.on?.collection].relation.as_ref()?;
        let (set, lexicon) = (self.gathering.set, self.gathering.lexicon);
        let shown = super::collection::items::shape::item_shown(set, self.endpoint(), lexicon);
        let people = super::collection::sides::people::are_people(shown.iter().map(|(key, _)| &**key), lexicon);
        let mine = super::collection::items::gather::is_mine(self.endpoint(), lexicon);
        let input = self.inputs().iter().position(super::collection::ties::names_tied)?;
        (people && !mine && relation.target < self.collections.len()).then_some((relation.target, input))
    }

    /// The failure that says that there is no such tie: `收藏记录不存在`.
    fn untied_already(&self) -> Option<Failure> {
        let says = |failure: &&Failure| {
            matches!(failure.classes.first(), None | Some(Class::NotFound | Class::NotSubmitted | Class::WrongState))
        };
        // `您未报名` of a table for all, where it is said of this tie: `还没有关注` says nothing of likes.
        let relation = self.on.and_then(|on| self.collections[on.collection].relation.as_ref());
        let verbs = self.gathering.lexicon.verbs();
        let is_of_it = |failure: &&Failure| {
            let said = verbs.relation(&failure.message, &[]).map(|(name, ..)| name);
            relation.is_none_or(|relation| said == Some(relation.name.as_str()))
        };
        let shared = |failure: &&Failure| failure.classes.first() == Some(&Class::NotSubmitted) && is_of_it(failure);
        let own = self.failures().iter().filter(says).find(|failure| self.speaks_of_tie(failure));
        let all = || self.gathering.chooser.shared(self.at, Subject::None).filter(shared);
        own.or_else(|| all().find(|failure| self.speaks_of_tie(failure))).cloned()
    }

    pub(super) fn unties(&self) -> bool {
        let tying = self.on.and_then(|on| self.tying(&self.collections[on.collection]));
        matches!(tying, Some(Tying::Untie | Tying::Out(_)))
    }

    pub(super) fn speaks_of_tie(&self, failure: &Failure) -> bool {
        self.gathering.lexicon.verbs().relation(&failure.message, &[]).is_some()
    }

    /// The failure that says that what would be untied is not there, where none says that it was not tied.
    fn only_target_missing(&self, records: &Collection) -> Option<Failure> {
        let relation = records.relation.as_ref()?;
        let target = self.collections.get(relation.target)?;
        let untied = |failure: &&Failure| {
            failure.classes.iter().any(|class| matches!(class, Class::NotSubmitted | Class::WrongState))
        };
        if self.failures().iter().any(|failure| untied(&failure)) {
            return None;
        }
        if self.untied_already().is_some() {
            return None;
        }
        let failure = self.failures().iter().find(is_of(Class::NotFound))?;
        let message = failure.message.to_lowercase();
        let names = |known: &Collection| {
            known.titles.iter().chain(&known.names).any(|name| !name.is_empty() && message.contains(name.as_str()))
        };
        let speaks_of_tie = self.gathering.lexicon.verbs().relation(&failure.message, &[]).is_some();
        // What looking at the thing, or tying it, answers too is said of the thing.
        let said_of_it = || {
            let gathering = self.gathering;
            let own = |at: usize| gathering.chooser.catalog.own[at].iter();
            (0..gathering.operations.len()).any(|at| {
                at != self.at
                    && matches!(gathering.operations[at], Operation::Detail | Operation::Toggle)
                    && std::iter::once(&gathering.nouns[at].path)
                        .chain(&gathering.nouns[at].before)
                        .any(|name| target.is_called(name))
                    && own(at).any(|known| known.code == failure.code && known.message == failure.message)
            })
        };
        (!speaks_of_tie && (names(target) || said_of_it())).then(|| failure.clone())
    }

    /// A title or path that only ties, or only unties, where the set has one for each; else what a parameter says; else both in turn.
    pub(super) fn tying(&self, records: &Collection) -> Option<Tying> {
        let relation = records.relation.as_ref()?;
        match self.gathering.invited.parts.get(&self.at) {
            Some(Part::Join(_)) => return Some(Tying::Tie),
            Some(Part::Leave) => return Some(Tying::Untie),
            Some(Part::Out(input)) => return Some(Tying::Out(*input)),
            _ => {}
        }
        let lexicon = self.gathering.lexicon;
        let words = |at: usize| {
            lexicon.verbs().relation(&self.gathering.set.endpoints[at].title, &self.gathering.nouns[at].words)
        };
        let (_, _, undone) = words(self.at)?;
        let deletes = |at: usize| self.gathering.set.endpoints[at].method.as_deref() == Some("DELETE");
        let undone = undone || deletes(self.at);
        // `收藏/取消收藏` is both.
        let both = undone && lexicon.verbs().is_both(&self.endpoint().title);
        for (at, input) in self.inputs().iter().enumerate() {
            let said = self.endpoint().params.get(at).map_or_else(String::new, crate::spec::Param::all_words);
            let items = enumeration::read(&said, &lexicon.rules().enumerations);
            let off = |item: &enumeration::Item| {
                lexicon.verbs().relation(&item.words, &[]).is_some_and(|(.., off)| off)
                    || lexicon.speaks_of("off", &item.words)
            };
            let untie: Vec<String> = items.iter().filter(|item| off(item)).map(|item| item.value.clone()).collect();
            if !untie.is_empty() && untie.len() < items.len() && !input.discriminates {
                let tie = items.into_iter().map(|item| item.value).filter(|value| !untie.contains(value)).collect();
                return Some(Tying::Told { input: at, tie, untie });
            }
        }
        if undone && !both {
            return Some(Tying::Untie);
        }
        let counterpart = (0..self.gathering.operations.len()).any(|at| {
            at != self.at
                && matches!(self.gathering.operations[at], Operation::Toggle | Operation::Delete)
                && words(at).is_some_and(|(name, _, off)| {
                    name == relation.name && (off || deletes(at) || self.gathering.operations[at] == Operation::Delete)
                })
        });
        Some(if counterpart || self.is_once(&relation.name) { Tying::Tie } else { Tying::Toggle })
    }
}
