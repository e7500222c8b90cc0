//! What is demanded of a record that a request refers to, and what becomes of it: goods that are sold cannot be ordered
//! (`宝贝已卖出或已下架`), nor one's own (`不能购买自己的宝贝`); ordering them makes them sold, cancelling gives them back.
//!
//! In: the failures and remarks of an endpoint, and the statuses of what it refers to. Out: demands and effects.

use crate::behavior::choose::Subject;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::machine::sayings::said_status;
use crate::behavior::collection::prose::{remarks, words};
use crate::behavior::collection::sides::invited::Part;
use crate::behavior::collection::sides::parties::is_offered;
use crate::behavior::collection::{Collection, RecordId};
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Confidence, Demand, Effect, Evidence, Machine, Named, StatusValue};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, label_head};
use std::sync::Arc;

/// A title of no more signs is what people call its deed.
const SHORT_TITLE: usize = 4;

/// What a request refers to: the collection and the input that names a record of it.
type Referred = (usize, usize);

impl Records<'_> {
    /// What somebody else has that a request names.
    fn named_by_inputs(&self) -> Vec<Referred> {
        let Some(on) = self.on else { return Vec::new() };
        let records = &self.collections[on.collection];
        match (self.operation(), &records.relation) {
            (Operation::Toggle, Some(relation)) => on
                .id
                .iter()
                .map(|id| (relation.target, id.input))
                .filter(|(at, _)| *at < self.collections.len())
                .collect(),
            (Operation::Create | Operation::Save, _) => (0..self.inputs().len())
                .filter_map(|input| Some((self.referred(input, Some(on.collection))?, input)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// `宝贝已卖出或已下架`, `只有在租的房源可以预约`: the failures that name statuses of what is referred to.
    pub(in crate::behavior) fn named_statuses(&self, wishes: &mut Vec<Wish>) {
        let lexicon = self.gathering.lexicon;
        for (collection, input) in self.named_by_inputs() {
            let asked =
                |demand: &Demand| matches!(demand, Demand::InState { collection: known, .. } if *known == collection);
            if wishes.iter().any(|(demand, ..)| asked(demand)) {
                continue;
            }
            for machine in &self.collections[collection].machines {
                let (mut known, before) = (false, wishes.len());
                let of_thing = |failure: &&Failure| !lexicon.speaks_of("shut-out-by", &failure.message);
                for failure in self.failures().iter().filter(of_thing) {
                    let Some(from) = left(failure, machine, lexicon) else { continue };
                    let taken = |wish: &Wish| {
                        wish.2
                            .as_ref()
                            .is_some_and(|other| other.message == failure.message && other.code == failure.code)
                    };
                    if wishes[..before].iter().any(taken) {
                        continue;
                    }
                    known = true;
                    wishes.push(in_state((collection, input), machine, from, failure));
                }
                // `活动未在报名中` of a table for all says so of what is joined.
                let joins = self.operation() == Operation::Toggle && !known && !self.unties();
                let shared = || self.gathering.chooser.shared(self.at, Subject::None).filter(of_thing);
                let of_joined = |failure: &&Failure| {
                    is_called(&self.collections[collection], &failure.message) && self.speaks_of_tie(failure)
                };
                let told =
                    || shared().filter(of_joined).find_map(|failure| Some((left(failure, machine, lexicon)?, failure)));
                if let Some((from, failure)) = joins.then(told).flatten() {
                    known = true;
                    wishes.push(in_state((collection, input), machine, from, failure));
                }
                let turned = self.turned(collection, machine).map(|(to, _)| to);
                let ready = self.ready(machine);
                if !known && (turned.is_some() || ready.is_some()) {
                    // What it turns into says what it must not be yet; one status may say that it can be had.
                    let called = |failure: &&Failure| is_called(&self.collections[collection], &failure.message);
                    let (first, rest): (Vec<&Failure>, Vec<&Failure>) =
                        self.failures().iter().filter(of_thing).partition(called);
                    let refusal = first.into_iter().chain(rest).find(|failure| {
                        let class = failure.classes.first();
                        let fits = matches!(
                            class,
                            Some(Class::Exists | Class::WrongState | Class::Insufficient | Class::ForbiddenStatus)
                        );
                        // `该场次已被预订` says so of a thing that has such a status.
                        let taken = || class.is_none() && lexicon.speaks_of("slot-taken", failure.says());
                        (fits || taken())
                            && !lexicon.speaks_of("of-caller", failure.says())
                            && !self.names_what_caller_has(failure)
                            && !wishes
                                .iter()
                                .filter(|wish| !is_unlike(&wish.0, input))
                                .any(|wish| wish.2.as_ref().is_some_and(|other| other.message == failure.message))
                    });
                    if let Some(failure) = refusal {
                        let values = machine.values.iter().map(|value| &value.value);
                        let rest = || values.filter(|value| Some(*value) != turned.as_ref()).cloned().collect();
                        let from = ready.map_or_else(rest, |ready| vec![ready]);
                        // Whether it is taken is told by its status, and no more by who has named it before.
                        if turned.is_some() {
                            wishes.retain(|wish| !is_unlike(&wish.0, input));
                        }
                        wishes.push(in_state((collection, input), machine, from, failure));
                    }
                }
            }
        }
    }

    /// The one status of which the words say that a thing can be had.
    pub(in crate::behavior) fn ready(&self, machine: &Machine) -> Option<Json> {
        let says =
            |value: &&StatusValue| self.gathering.lexicon.is_nothing_but("ready-status", label_head(&value.words));
        let mut ready = machine.values.iter().filter(says);
        let first = ready.next().filter(|_| machine.values.len() > 1)?;
        ready.next().is_none().then(|| first.value.clone())
    }

    /// `不能购买自己的宝贝`, where others offer such.
    pub(in crate::behavior) fn not_own(&self, wishes: &mut Vec<Wish>) {
        let oneself = |failure: &&Failure| failure.classes.first() == Some(&Class::Oneself);
        let out = matches!(self.gathering.invited.parts.get(&self.at), Some(Part::Out(_)));
        let Some(failure) = self.failures().iter().find(oneself).filter(|_| !out) else { return };
        let mut named = self.named_by_inputs().into_iter().filter(|(at, _)| is_offered(&self.collections[*at]));
        let Some((collection, input)) = named.next() else { return };
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Certain);
        let demand = Demand::NotOwn { collection, id: RecordId { input, via: None } };
        wishes.push((demand, because, Some(failure.clone())));
    }

    /// What remarks say becomes of the records that the request, or what it is about, refers to.
    pub(in crate::behavior) fn named_moved(&self) -> Vec<Effect> {
        let Some(on) = self.on else { return Vec::new() };
        let by_inputs = self.named_by_inputs().into_iter().map(|(collection, input)| (collection, Named::Input(input)));
        let acts = matches!(self.operation(), Operation::Transition | Operation::Delete);
        let references = self.collections[on.collection].references.iter().filter(|reference| acts && !reference.many);
        let by_fields = references.filter_map(|reference| {
            let (id, field) = (on.id.clone()?, Arc::clone(&reference.field));
            Some((reference.collection, Named::Field { of: on.collection, id, reference: field }))
        });
        let mut effects = Vec::new();
        for (collection, by) in by_inputs.chain(by_fields) {
            for machine in &self.collections[collection].machines {
                let Some((to, because)) = self.turned(collection, machine) else { continue };
                let (by, field) = (by.clone(), Arc::clone(&machine.field));
                effects.push(Effect { action: Action::MoveNamed { collection, by, field, to }, because });
            }
        }
        let is_moved = |action: &Action, known: &Action| match (action, known) {
            (Action::MoveNamed { collection, field, .. }, Action::MoveNamed { collection: of, field: known, .. }) => {
                (collection, field) == (of, known)
            }
            _ => false,
        };
        for marked in self.marked() {
            if !effects.iter().any(|effect| is_moved(&marked.action, &effect.action)) {
                effects.push(marked);
            }
        }
        effects
    }

    /// The status that what is referred to has after the deed: `拍下以后宝贝变成已卖出`, `取消后时段自动恢复可约`.
    fn turned(&self, collection: usize, machine: &Machine) -> Option<(Json, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let known = &self.collections[collection];
        let own = self.on.map(|on| &self.collections[on.collection]);
        // `status变回1` stands in brackets behind the clause that says what of.
        let mut told = remarks(self.gathering.prose, self.endpoint()).flat_map(|note| {
            note.text.split([',', '，', ';', '；', '。', '!', '！']).map(move |clause| (clause, note.place))
        });
        let on_page = || self.turned_on_page(known, own, machine);
        let beside = told.find_map(|(clause, place)| {
            let named = is_called(known, clause)
                || is_called_short(known, clause, lexicon)
                || self.is_only_one_turned(collection, clause);
            let to = named.then(|| turned_in(clause, machine, known, lexicon))??;
            // What the record itself is called after the deed is not said of what it refers to.
            // Both are called so: the status that is named says which of them is meant.
            let own_status = |own: &Collection| {
                let end = lexicon.after("turns", clause).or_else(|| lexicon.after("sets-free", clause));
                let rest = end.and_then(|end| clause.get(end..)).unwrap_or(clause);
                let said = |machine: &Machine| said_status(rest, machine, lexicon).is_some();
                own.machines.iter().any(said) || !said(machine)
            };
            // `充电中` is what it turns into, and not what turns.
            let turns = lexicon.after("turns", clause).and_then(|end| clause.get(..end)).unwrap_or(clause);
            let of_own = own.is_some_and(|own| {
                is_called(own, turns) && !is_called_beside(known, own, clause, lexicon) && own_status(own)
            });
            let because = Evidence::new(format!("`{}`", clause.trim()), place, Confidence::Likely);
            (!of_own).then(|| (to.value.clone(), because))
        });
        let beside_maker = || self.turned_beside_maker(known, own, machine);
        beside.or_else(beside_maker).or_else(on_page).or_else(|| self.held_on_page(known, machine))
    }

    /// `下单成功后该书变为已售出` of what is called 教材: what the deed names can turn so, and nothing else that it is about.
    fn is_only_one_turned(&self, collection: usize, clause: &str) -> bool {
        let lexicon = self.gathering.lexicon;
        let Some(after) = lexicon.after("turns", clause).and_then(|end| clause.get(end..)) else { return false };
        let may =
            |known: &Collection| known.machines.iter().any(|machine| said_status(after, machine, lexicon).is_some());
        let Some(on) = self.on.filter(|_| matches!(self.operation(), Operation::Create | Operation::Save)) else {
            return false;
        };
        let own = &self.collections[on.collection];
        let mut named: Vec<usize> = self.named_by_inputs().into_iter().map(|(at, _)| at).collect();
        named.dedup();
        let others = || named.iter().filter(|at| **at != collection).any(|at| may(&self.collections[*at]));
        named.contains(&collection) && !is_called(own, clause) && !may(own) && !others()
    }

    /// `申请成功后这本书变成漂流中，取消申请或者还书以后变回可借` beside what makes the record: said of what undoes it, too.
    fn turned_beside_maker(
        &self,
        known: &Collection,
        own: Option<&Collection>,
        machine: &Machine,
    ) -> Option<(Json, Evidence)> {
        let (gathering, lexicon) = (self.gathering, self.gathering.lexicon);
        if !matches!(self.operation(), Operation::Transition | Operation::Delete) {
            return None;
        }
        let makers = gathering.makers(self.at, own?);
        let deeds = self.deeds_called();
        let mut notes = makers
            .iter()
            .filter(|at| **at != self.at)
            .flat_map(|at| remarks(gathering.prose, &gathering.set.endpoints[*at]));
        notes.find_map(|note| {
            let mut named_before = false;
            note.text.split([',', '，', ';', '；', '。', '!', '！', '、']).find_map(|clause| {
                let named = is_called(known, clause) || is_called_short(known, clause, lexicon);
                let before = named_before;
                named_before |= named;
                let end = ["turns", "sets-free"].iter().filter_map(|topic| lexicon.before(topic, clause)).min()?;
                let lead = clause.get(..end)?;
                let says =
                    deeds.iter().any(|deed| lead.contains(deed.as_str())) && !lexicon.speaks_of("denied", clause);
                let to = turned_in(clause, machine, known, lexicon).filter(|_| says && (named || before))?;
                let of_own = |own: &Collection| {
                    own.machines.iter().any(|machine| said_status(&clause[end..], machine, lexicon).is_some())
                };
                (named || !own.is_some_and(of_own)).then(|| {
                    let because = Evidence::new(format!("`{}`", clause.trim()), note.place, Confidence::Likely);
                    (to.value.clone(), because)
                })
            })
        })
    }

    /// What people call this deed: by the words of its verb in the title, else by a short title.
    fn deeds_called(&self) -> Vec<String> {
        let gathering = self.gathering;
        let title = &self.endpoint().title;
        let verb = gathering.lexicon.verbs().verb(title, &gathering.nouns[self.at].words);
        let by_verb = verb.map(|(_, verb)| gathering.deeds(self.at, verb));
        let mut deeds: Vec<String> = by_verb.into_iter().flatten().map(str::to_owned).collect();
        if deeds.is_empty() && !title.is_ascii() && (2..=SHORT_TITLE).contains(&title.chars().count()) {
            deeds.push(title.clone());
        }
        deeds
    }

    /// `设备空闲方可借用，借用后为已借出，归还后恢复空闲` above the blocks: a sentence that names the thing says what it is after the deed.
    fn turned_on_page(
        &self,
        known: &Collection,
        own: Option<&Collection>,
        machine: &Machine,
    ) -> Option<(Json, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let title = self.endpoint().title.as_str();
        let lines = self.gathering.said.on("once-done");
        let page = lines.iter().map(|at| &self.gathering.prose[*at]).filter(|note| {
            note.place.file == self.endpoint().place.file
                && self.gathering.said.stands_at(self.gathering.set, note.place).is_none()
                && is_called(known, &note.text)
        });
        let mut clauses = page.flat_map(|note| {
            note.text.split([',', '，', ';', '；', '。']).map(move |clause| (clause.trim(), note.place))
        });
        clauses.find_map(|(clause, place)| {
            let (start, end) = (lexicon.before("once-done", clause)?, lexicon.after("once-done", clause)?);
            let deed = clause.get(..start)?.trim();
            let is_deed = deed.chars().count() > 1 && title.contains(deed);
            let rest = clause.get(end..).filter(|_| is_deed)?;
            let says = |machine: &Machine| said_status(rest, machine, lexicon).is_some();
            let to = said_status(rest, machine, lexicon)
                .filter(|_| !own.is_some_and(|own| own.machines.iter().any(says)))?;
            Some((to.value.clone(), Evidence::new(format!("`{clause}`"), place, Confidence::Likely)))
        })
    }
}

/// Whether a demand is that no other record names the same by an input.
fn is_unlike(demand: &Demand, input: usize) -> bool {
    matches!(demand, Demand::Unlike { fields, .. } if matches!(&fields[..], [(_, by)] if *by == input))
}

fn in_state((collection, input): Referred, machine: &Machine, from: Vec<Json>, failure: &Failure) -> Wish {
    let (id, field) = (RecordId { input, via: None }, Arc::clone(&machine.field));
    let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
    (Demand::InState { collection, id, field, from }, because, Some(failure.clone()))
}

/// The statuses that a failure leaves: those that it does not name, or where it says *only* those that it does.
fn left(failure: &Failure, machine: &Machine, lexicon: &Lexicon) -> Option<Vec<Json>> {
    let outside = matches!(failure.classes.first(), Some(Class::NotLoggedIn | Class::Missing | Class::Oneself));
    if outside || lexicon.speaks_of("of-caller", failure.says()) {
        return None;
    }
    let named: Vec<&StatusValue> =
        machine.values.iter().filter(|value| names(&failure.message, value, lexicon)).collect();
    let denied: Vec<&StatusValue> = machine
        .values
        .iter()
        .filter(|value| {
            let head = label_head(&value.words);
            head.chars().count() > 1 && failure.message.contains(head) && !names(&failure.message, value, lexicon)
        })
        .collect();
    let only = lexicon.speaks_of("only-from", failure.says());
    let values = |kept: &dyn Fn(&&StatusValue) -> bool| -> Vec<Json> {
        machine.values.iter().filter(kept).map(|value| value.value.clone()).collect()
    };
    let is_in = |list: &[&StatusValue], value: &StatusValue| list.iter().any(|known| known.value == value.value);
    let from = match (named.is_empty(), denied.is_empty()) {
        (false, _) if only => values(&|value| is_in(&named, value)),
        (false, _) => values(&|value| !is_in(&named, value)),
        // `商品不在售`
        (true, false) => values(&|value| is_in(&denied, value)),
        (true, true) => return None,
    };
    (!from.is_empty() && from.len() < machine.values.len()).then_some(from)
}

pub(in crate::behavior) fn is_called(known: &Collection, clause: &str) -> bool {
    let lower = clause.to_lowercase();
    let titles = known.titles.iter().filter(|title| title.chars().count() > 1);
    let names = known.names.iter().filter(|name| name.len() > 3);
    titles.chain(names).any(|name| lower.contains(name.as_str()))
}

/// `这把伞` of a collection of 雨伞: the last sign of a word of two, behind what points to it.
fn is_called_short(known: &Collection, clause: &str, lexicon: &Lexicon) -> bool {
    called_short(known, clause, lexicon).is_some()
}

/// Where it is called so.
fn called_short(known: &Collection, clause: &str, lexicon: &Lexicon) -> Option<usize> {
    let short = known.titles.iter().filter(|title| title.chars().count() < 3 && !title.is_ascii());
    let places = short.filter_map(|title| {
        let mut found = clause.match_indices(title.chars().last()?).map(|(at, _)| at);
        found.find(|at| lexicon.ends_with("this-thing", &clause[..*at]))
    });
    places.max()
}

/// Whether a collection is called after the other is: `取消订单后房源恢复在租`.
fn is_called_beside(known: &Collection, own: &Collection, clause: &str, lexicon: &Lexicon) -> bool {
    let last = |of: &Collection| {
        of.titles
            .iter()
            .filter(|title| title.chars().count() > 1)
            .filter_map(|title| clause.rfind(title.as_str()))
            .max()
    };
    last(known).max(called_short(known, clause, lexicon)) > last(own)
}

/// The status that a clause says something turns into.
pub(in crate::behavior) fn turned_in<'m>(
    clause: &str,
    machine: &'m Machine,
    known: &Collection,
    lexicon: &Lexicon,
) -> Option<&'m StatusValue> {
    // A bare value, or none, is the status's; another enumeration's has to be named.
    let is_status = known.field(&machine.field).is_some_and(|field| field.role == Role::Status);
    let turns = lexicon.after("turns", clause);
    if let Some(after) = turns.and_then(|end| clause.get(end..)) {
        let named = said_status(after, machine, lexicon);
        let by_value = || {
            let code = after.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '-');
            let code: String =
                code.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
            machine.values.iter().find(|value| value.value.scalar_text() == Some(code.as_str()))
        };
        let is_meant = is_status || words(clause).any(|word| word == &*machine.field);
        if let Some(found) = named.or_else(|| by_value().filter(|_| is_meant)) {
            return Some(found);
        }
    }
    let free = lexicon.speaks_of("sets-free", clause);
    if !free && !lexicon.speaks_of("by-itself", clause) {
        return None;
    }
    let named = said_status(clause, machine, lexicon);
    let by_verb = || {
        let verbs = [("publish", lexicon.verbs().named("publish")), ("unpublish", lexicon.verbs().named("unpublish"))];
        let said = verbs
            .into_iter()
            .filter_map(|(_, verb)| verb)
            .find(|verb| verb.words.iter().any(|word| clause.contains(word.as_str())))?;
        machine.values.iter().find(|value| said.leads.contains(&label_head(&value.words).to_lowercase()))
    };
    let first = || machine.values.iter().find(|value| free && is_status && value.value == machine.initial);
    named.or_else(by_verb).or_else(first)
}
