//! What an operation on records demands and changes.
//!
//! In: an endpoint with its collection. Out: demands with their reasons, and effects, as data. Other modules add demands and
//! effects of one kind each.

pub mod copying;
mod effects;
pub(super) mod goes_with;
mod listed_moves;
pub(super) mod marking;
pub(super) mod ordering;
mod others_told;
pub(super) mod put_back;
mod references;
mod refusals;
mod states;

pub(super) use refusals::is_of;

use super::account::others;
use super::choose::{Subject, is_about_account};
use super::collection::items::gather::{Gathering, key_for};
use super::collection::machine::moves::Move;
use super::collection::nouns::kin::Kin;
use super::collection::sides::invited::Part;
use super::collection::{Collection, Lines, OnRecords, Party};
use super::failure::Failure;
use super::failures::code_words;
use super::wallet::taken_later::NotYet;
use super::{Amount, Auth, Confidence, Demand, Evidence, Input, Stock};
use crate::lexicon::{Class, Operation, compact};
use crate::spec::Endpoint;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) type Wish = (Demand, Evidence, Option<Failure>);

pub(super) struct Records<'a> {
    pub(super) gathering: &'a Gathering<'a>,
    pub(super) collections: &'a [Collection],
    pub(super) kin: &'a Kin,
    pub(super) at: usize,
    pub(super) on: Option<&'a OnRecords>,
    /// The account's field that holds money.
    pub(super) balance: Option<Arc<str>>,
    pub(super) worked_out: &'a WorkedOut,
}

/// What was worked out of endpoints on records already: several demands and effects of one ask for it, and those of others on
/// the same records do.
#[derive(Default)]
pub(super) struct WorkedOut {
    moves: Memo<Move>,
    pub(super) lines: Memo<Lines>,
    pub(super) stocks: Memo<Stock>,
    pub(super) later: Memo<(usize, NotYet)>,
    /// The fields of records that say how much paying for them takes.
    pub(super) charges: Memo<Arc<str>>,
}

/// By endpoint and collection.
pub(super) struct Memo<T>(RefCell<HashMap<(usize, usize), Option<T>>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    pub(super) fn of(&self, at: usize, collection: usize, work_out: impl FnOnce() -> Option<T>) -> Option<T> {
        if let Some(known) = self.0.borrow().get(&(at, collection)) {
            return known.clone();
        }
        let found = work_out();
        self.0.borrow_mut().insert((at, collection), found.clone());
        found
    }
}

impl Records<'_> {
    pub(super) fn operation(&self) -> Operation {
        self.gathering.operations[self.at]
    }

    pub(super) fn inputs(&self) -> &[Input] {
        &self.gathering.inputs[self.at]
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.gathering.set.endpoints[self.at]
    }

    pub(super) fn failures(&self) -> &[Failure] {
        &self.gathering.chooser.catalog.own[self.at]
    }

    pub(super) fn because(&self, text: impl Into<String>) -> Evidence {
        let confidence = self.on.map_or(Confidence::Likely, |on| on.confidence);
        Evidence::new(text, self.endpoint().title_place.unwrap_or(self.endpoint().place), confidence)
    }

    pub(super) fn movement(&self) -> Option<Move> {
        let collection = self.on?.collection;
        if self.prolonged_by().is_some() {
            return None;
        }
        let move_of = || self.gathering.movement(self.at, &self.collections[collection]);
        self.worked_out.moves.of(self.at, collection, move_of)
    }

    /// What is demanded, in no order.
    pub(super) fn demands(&self) -> Vec<Wish> {
        let mut wishes = self.references();
        self.in_order(&mut wishes);
        self.apart(&mut wishes);
        let Some(on) = self.on else {
            self.member_rights(&mut wishes);
            return wishes;
        };
        let (collection, records) = (on.collection, &self.collections[on.collection]);
        let operation = self.operation();
        let mut wish = |demand: Demand, text: &str, failure: Option<Failure>| {
            wishes.push((demand, self.because(text), failure));
        };
        if let Some(id) = &on.id {
            let of_tie = matches!(self.gathering.invited.parts.get(&self.at), Some(Part::Admit(_)));
            let target = records.relation.as_ref().filter(|_| !of_tie).map_or(collection, |relation| relation.target);
            let anybody = on.party == Party::Anybody;
            let write = (of_tie || records.relation.is_none()) && operation != Operation::Detail && !anybody;
            let write = write && !self.is_for_anybody(records);
            if operation.is_on_records() && !matches!(operation, Operation::List | Operation::Create | Operation::Count)
            {
                let told = if write || records.private { self.others_told() } else { None };
                let removes_tie = records.relation.is_some() && operation == Operation::Delete;
                // Who runs the place moves accounts as it moves records.
                let target_is_account = |known: &Collection| known.holds_accounts() && known.machines.is_empty();
                if self.collections.get(target).is_some_and(target_is_account) {
                    wish(Demand::AccountFound(id.input), "who is named has an account", None);
                    let shared = records.relation.as_ref().and_then(|relation| self.oneself_shared(&relation.name));
                    wish(Demand::NotOneself(id.input), "a failure says that nobody does that to themselves", shared);
                } else if let Some(failure) = told
                    .clone()
                    .or_else(|| self.any_permission())
                    .filter(|_| records.owned && (told.is_some() || (write && self.is_permission(records))))
                {
                    let found = Demand::Found { collection: target, id: id.clone(), write: false };
                    wish(found, "the record has to be there", None);
                    let owned = Demand::Owned { collection: target, id: id.clone() };
                    let because = if told.is_some() { "a remark says" } else { "a failure speaks of" };
                    wish(owned, &format!("{because} what is another's"), Some(failure));
                } else if operation == Operation::Delete && self.skips_missing() {
                    // Of several those are removed that there are.
                } else if !removes_tie {
                    let told = write || on.party != Party::Maker;
                    let only = self.only_permission().filter(|_| told).cloned();
                    let only = only.or_else(|| self.only_missing(id.input));
                    let found = Demand::Found { collection: target, id: id.clone(), write };
                    wish(found, "the record has to be there, and the caller's own", only);
                }
            }
        }
        let other = self.other();
        match (operation, &records.recipient) {
            (Operation::Create, Some(field)) => {
                if let Some(input) = self.recipient_input(records, field) {
                    wish(Demand::AccountFound(input), "who gets it has an account", None);
                    wish(Demand::NotOneself(input), "a failure says that nobody does that to themselves", None);
                }
            }
            (Operation::Create | Operation::Save | Operation::Update, _) => {
                let refers = |taker: &super::collection::Taker| records.reference(&taker.field).is_some();
                if records.taker.as_ref().is_some_and(refers) {
                    // What is demanded of a reference says it.
                } else if let Some(input) = self.appointed_input(records) {
                    let unknown = self.unknown_appointed(input);
                    wish(Demand::AccountFound(input), "who is named to act on it has an account", unknown);
                    wish(Demand::NotOneself(input), "a failure says that nobody names themselves", None);
                }
            }
            (Operation::List, _) => {
                if let Some(input) = other {
                    wish(Demand::AccountFound(input), "a failure says that there is no such account", None);
                }
            }
            _ => {}
        }
        match operation {
            Operation::Update | Operation::Save => wish(Demand::Changed, "something has to change", None),
            Operation::List => wish(Demand::SomeListed { collection }, "a failure says that there is nothing", None),
            _ => {}
        }
        self.unlike(on, records, &mut wishes);
        self.of_deed(on, records, &mut wishes);
        self.member_rights(&mut wishes);
        wishes
    }

    /// What the deed itself demands.
    fn of_deed(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        self.states(on, records, wishes);
        self.of_ties(on, records, wishes);
        self.lined(wishes);
        self.enough(wishes);
        self.vouched(wishes);
        self.in_use(wishes);
        self.timely(wishes);
        self.places(wishes);
        self.room(wishes);
        self.rated(wishes);
        self.rested(wishes);
        self.seldom(wishes);
        self.untaken(wishes);
        self.held_before(wishes);
        self.within(wishes);
        self.first(wishes);
        self.not_own(wishes);
        self.not_own_taken(wishes);
        self.named_statuses(wishes);
        self.told_values(wishes);
        self.listed_moves(on, records, wishes);
        self.parents_allow(wishes);
        self.funded(on, records, wishes);
    }

    /// `不存在的跳过`, said of several that are removed at once.
    fn skips_missing(&self) -> bool {
        let lexicon = self.gathering.lexicon;
        let mut told = super::collection::prose::remarks(self.gathering.prose, self.endpoint());
        told.any(|note| lexicon.speaks_of("skips-missing", &note.text))
    }

    /// What may be there once alone is not there yet.
    fn unlike(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        if !matches!(self.operation(), Operation::Create | Operation::Update | Operation::Save) {
            return;
        }
        for unique in &records.unique {
            let fields: Vec<(Arc<str>, usize)> = unique
                .fields
                .iter()
                .filter_map(|field| Some((Arc::clone(field), self.input_for(records, field)?)))
                .collect();
            let merges = self.merge(records).is_some();
            // `改约` sends the day and the hour; what else counts the record has. Its own failure says that this is looked at.
            let part =
                fields.len() < unique.fields.len() && self.operation() == Operation::Update && !fields.is_empty();
            let taken = if part { self.refuses_alike() } else { None };
            if (fields.len() == unique.fields.len() || taken.is_some()) && !merges {
                let id = on.id.clone();
                let demand = Demand::Unlike { collection: on.collection, fields, own: unique.own, id };
                let said = taken.or_else(|| self.said_when_made(on.collection)).or_else(|| self.done_before());
                let said = said.or_else(|| self.shared_alike(records, &unique.fields));
                wishes.push((demand, self.because("a failure says that one exists already"), said));
            }
        }
    }

    /// The failure of the endpoint's own that says that another record is there already, or that something is taken.
    fn refuses_alike(&self) -> Option<Failure> {
        let mut own = self.failures().iter();
        let found = own.find(|failure| {
            matches!(failure.classes.first(), Some(Class::Exists | Class::IdentityExists))
                || self.gathering.lexicon.speaks_of("slot-taken", failure.says())
        });
        found.cloned()
    }

    /// `名称已存在` of a table for all, where a line says what no two records have alike and the endpoint has no failure for it.
    fn shared_alike(&self, records: &Collection, fields: &[Arc<str>]) -> Option<Failure> {
        let [field] = fields else { return None };
        let input = self.input_for(records, field)?;
        let chooser = self.gathering.chooser;
        let taken = |failure: &&Failure| matches!(failure.classes.first(), Some(Class::Exists | Class::IdentityExists));
        let told = || self.gathering.told_alike(self.at, records).iter().any(|(known, _)| *known == input);
        if chooser.catalog.own[self.at].iter().any(|failure| taken(&failure)) || !told() {
            return None;
        }
        let shared = || chooser.shared(self.at, Subject::Input(input)).filter(taken);
        let names = |failure: &&Failure| {
            chooser.named_inputs(self.at, failure.says()).contains(&input)
                || code_words::names(&failure.code, &self.inputs()[input].name)
        };
        let titled = |failure: &&Failure| {
            let mut titles = records.titles.iter().filter(|title| title.chars().count() > 1);
            titles.any(|title| failure.message.contains(title.as_str()))
        };
        let mut others = shared().filter(|failure| !is_about_account(failure));
        let only = others.next().filter(|_| others.next().is_none());
        shared().find(names).or_else(|| shared().find(titled)).or(only).cloned()
    }

    /// What is to be paid is there.
    fn funded(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        self.afford_more(on, records, wishes);
        let Some((id, amount, balance)) = self.charge(on, records) else { return };
        let (off, _) = self.taken_off(records, &amount);
        let due = Amount::Of { collection: on.collection, id, field: amount };
        let amount = off.map_or(due.clone(), |off| Amount::Less(Box::new(due), off));
        wishes.push((
            Demand::Funds { amount, balance },
            self.because("a failure says that there can be too little"),
            None,
        ));
    }

    /// The input that names somebody else, if callers are told by tokens.
    fn other(&self) -> Option<usize> {
        let by_token = self.gathering.accounts.any && !matches!(self.gathering.auths[self.at], Auth::Named(_));
        by_token.then(|| others::other(self.endpoint(), self.inputs(), self.gathering.lexicon)).flatten()
    }

    fn recipient_input(&self, records: &Collection, field: &str) -> Option<usize> {
        let is_it = |input: &Input| *input.name == *field || key_for(records, input).as_deref() == Some(field);
        let is_recipient = |input: &Input| others::is_recipient(input, self.gathering.lexicon);
        let named = self.inputs().iter().position(|input| is_it(input) && is_recipient(input));
        named.or_else(|| self.inputs().iter().position(is_recipient))
    }

    fn input_for(&self, records: &Collection, field: &str) -> Option<usize> {
        let named = |input: &Input| key_for(records, input).as_deref() == Some(field) || *input.name == *field;
        let bare = || self.inputs().iter().position(|input| compact(&input.name) == "id");
        let is_parent = || self.gathering.parent_field(self.at, records).as_deref() == Some(field);
        self.inputs().iter().position(named).or_else(|| is_parent().then(bare).flatten())
    }
}
