//! What an operation on records demands and changes.
//!
//! In: an endpoint with its collection. Out: demands with their reasons, and effects, as data.

use super::collection::gather::{Gathering, is_data, key_for};
use super::collection::kin::Kin;
use super::collection::moves::{self, Move};
use super::collection::prose;
use super::collection::{Collection, OnRecords, Party};
use super::failure::{Failure, Origin};
use super::{Action, Amount, Auth, Confidence, Demand, Effect, Evidence, Input, Machine, Merge, Stock, Tying, others};
use crate::json::Json;
use crate::lexicon::{Class, Operation, Role, compact, label_head};
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
    /// The moves that were worked out already: several demands and effects of an endpoint ask for its one.
    pub(super) moved: &'a Moved,
}

/// By endpoint and collection.
pub(super) type Moved = RefCell<HashMap<(usize, usize), Option<Move>>>;

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
        if let Some(known) = self.moved.borrow().get(&(self.at, collection)) {
            return known.clone();
        }
        let moved = self.gathering.movement(self.at, &self.collections[collection]);
        self.moved.borrow_mut().insert((self.at, collection), moved.clone());
        moved
    }

    /// What is demanded, in no order.
    pub(super) fn demands(&self) -> Vec<Wish> {
        let mut wishes = self.references();
        self.in_order(&mut wishes);
        let Some(on) = self.on else { return wishes };
        let (collection, records) = (on.collection, &self.collections[on.collection]);
        let operation = self.operation();
        let mut wish = |demand: Demand, text: &str, failure: Option<Failure>| {
            wishes.push((demand, self.because(text), failure));
        };
        if let Some(id) = &on.id {
            let target = records.relation.as_ref().map_or(collection, |relation| relation.target);
            let anybody = on.party == Party::Anybody;
            let write = records.relation.is_none() && operation != Operation::Detail && !anybody;
            if operation.is_on_records() && !matches!(operation, Operation::List | Operation::Create | Operation::Count)
            {
                let removes_tie = records.relation.is_some() && operation == Operation::Delete;
                if self.collections.get(target).is_some_and(Collection::holds_accounts) {
                    wish(Demand::AccountFound(id.input), "who is named has an account", None);
                    wish(Demand::NotOneself(id.input), "a failure says that nobody does that to themselves", None);
                } else if write && self.is_permission(records) {
                    let found = Demand::Found { collection: target, id: id.clone(), write: false };
                    wish(found, "the record has to be there", None);
                    let owned = Demand::Owned { collection: target, id: id.clone() };
                    wish(owned, "a failure speaks of what is another's", self.any_permission());
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
            Operation::Create | Operation::Update | Operation::Save => {
                for unique in &records.unique {
                    let fields: Vec<(Arc<str>, usize)> = unique
                        .fields
                        .iter()
                        .filter_map(|field| Some((Arc::clone(field), self.input_for(records, field)?)))
                        .collect();
                    let merges = self.merge(records).is_some();
                    if fields.len() == unique.fields.len() && !merges {
                        let id = on.id.clone();
                        let demand = Demand::Unlike { collection, fields, own: unique.own, id };
                        let said = self.said_when_made(collection).or_else(|| self.done_before());
                        wish(demand, "a failure says that one exists already", said);
                    }
                }
                if operation != Operation::Create {
                    wish(Demand::Changed, "something has to change", None);
                }
            }
            Operation::List => wish(Demand::SomeListed { collection }, "a failure says that there is nothing", None),
            _ => {}
        }
        self.states(on, records, &mut wishes);
        self.of_ties(on, records, &mut wishes);
        self.lined(&mut wishes);
        self.enough(&mut wishes);
        self.vouched(&mut wishes);
        self.in_use(&mut wishes);
        self.timely(&mut wishes);
        self.places(&mut wishes);
        self.room(&mut wishes);
        self.rated(&mut wishes);
        self.rested(&mut wishes);
        self.seldom(&mut wishes);
        self.untaken(&mut wishes);
        self.held_before(&mut wishes);
        self.within(&mut wishes);
        self.first(&mut wishes);
        self.not_own(&mut wishes);
        self.not_own_taken(&mut wishes);
        self.named_statuses(&mut wishes);
        self.funded(on, records, &mut wishes);
        wishes
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

    /// Whether what is there and another's is told apart from what is not there: everybody sees the records, or they have two
    /// parties, and the endpoint has words for either.
    fn is_permission(&self, records: &Collection) -> bool {
        let shown = !records.private || self.on.is_some_and(|on| on.party != Party::Maker);
        records.owned && shown && self.any_permission().is_some()
    }

    /// The failure about what is another's. What stands in a quote beside a code is a remark: `3001，只能改自己的`.
    pub(super) fn permission(&self) -> Option<&Failure> {
        self.failures().iter().filter(|failure| failure.origin != Origin::Quote).find(is_of(Class::NotYours))
    }

    /// The same, or that of a table for the whole set: `403 无权限`.
    pub(super) fn any_permission(&self) -> Option<Failure> {
        let chooser = self.gathering.chooser;
        let shared = || chooser.shared(self.at, super::choose::Subject::None).find(is_of(Class::NotYours)).cloned();
        self.permission().cloned().or_else(|| shared().map(|failure| Failure { origin: Origin::Set, ..failure }))
    }

    /// The failure about what is another's, where the endpoint has none for what is not there.
    fn only_permission(&self) -> Option<&Failure> {
        let missing = self.failures().iter().any(|failure| is_of(Class::NotFound)(&failure));
        self.permission().filter(|_| !missing)
    }

    /// What making a record that there is already is refused with, where changing one into such says nothing of its own.
    fn said_when_made(&self, collection: usize) -> Option<Failure> {
        let exists = |failure: &&Failure| failure.classes.first() == Some(&Class::Exists);
        if self.operation() == Operation::Create || self.failures().iter().any(|failure| exists(&failure)) {
            return None;
        }
        let name = &self.gathering.nouns[self.at].path;
        let names = self.collections[collection].names.iter().filter(|name| !name.is_empty());
        let makers = names.chain([name]).flat_map(|name| self.gathering.making.of(name));
        let mut makers: Vec<usize> =
            makers.copied().filter(|at| self.gathering.operations[*at] == Operation::Create).collect();
        makers.sort_unstable();
        makers.into_iter().find_map(|at| self.gathering.chooser.catalog.own[at].iter().find(exists).cloned())
    }

    /// The failure that says so of the deed and not of what is there, where none says that.
    fn done_before(&self) -> Option<Failure> {
        let exists = |failure: &Failure| failure.classes.first() == Some(&Class::Exists);
        if self.operation() != Operation::Create || self.failures().iter().any(exists) {
            return None;
        }
        let lexicon = self.gathering.lexicon;
        // `这一单申请过了`
        let again = |failure: &&Failure| {
            lexicon.speaks_of("once-more", &failure.message) && !lexicon.speaks_of("not-yet", &failure.message)
        };
        let before = |failure: &&Failure| self.gathering.is_done_before(self.at, failure);
        self.failures().iter().find(before).or_else(|| self.failures().iter().find(again)).cloned()
    }

    /// Inputs that name records of other collections.
    fn references(&self) -> Vec<Wish> {
        let own = self.on.map(|on| on.collection);
        let own_id = self.on.and_then(|on| on.id.as_ref()).map(|id| id.input);
        let filters = self.operation() == Operation::List;
        let params = &self.endpoint().params;
        let mut wishes = Vec::new();
        for (input, known) in self.inputs().iter().enumerate() {
            if Some(input) == own_id || !is_data(known, params.get(input).is_some_and(crate::spec::Param::is_told)) {
                continue;
            }
            if let Some(collection) = own.filter(|own| self.is_answer_to(*own, known)) {
                let text = format!("`{}` names what is answered", known.name);
                let failure = self.answered_missing(collection).cloned();
                wishes.push((Demand::Referenced { collection, input }, self.because(text), failure));
                continue;
            }
            if let Some(collection) = self.referred(input, own).filter(|at| !filters || self.says_missing(*at, known)) {
                let text = format!("`{}` names {}", known.name, self.collections[collection].name);
                let only = self.only_missing(input).or_else(|| self.missing_by_label(input));
                wishes.push((Demand::Referenced { collection, input }, self.because(text), only));
            }
        }
        wishes
    }

    /// Whether an input names what a new record answers.
    fn is_answer_to(&self, own: usize, input: &Input) -> bool {
        let records = &self.collections[own];
        let answers = records.answers.as_ref().filter(|_| self.operation() == Operation::Create);
        let key = || key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
        answers.is_some_and(|answers| key() == answers.field)
    }

    /// What is said where there is no such record of the endpoint's own collection.
    fn answered_missing(&self, own: usize) -> Option<&Failure> {
        let titles = &self.collections[own].titles;
        self.failures().iter().find(|failure| {
            failure.classes.first() == Some(&Class::NotFound)
                && titles.iter().any(|title| failure.message.contains(title.as_str()))
        })
    }

    /// Whether a failure of the endpoint's own says that there is no such record: a list of another's children says so, or
    /// is empty.
    pub(super) fn says_missing(&self, collection: usize, input: &Input) -> bool {
        let titles = &self.collections[collection].titles;
        // Of `topics/{id}/comments` it is the topic that is not there, whatever it is called, unless there are no comments yet.
        let named = |message: &str| {
            titles.iter().any(|title| message.to_lowercase().contains(title.as_str()))
                || (input.location == crate::spec::In::Path
                    && !self.gathering.lexicon.speaks_of("nothing-yet", message))
        };
        self.failures()
            .iter()
            .any(|failure| failure.classes.first() == Some(&Class::NotFound) && named(&failure.message))
    }

    pub(super) fn referred(&self, input: usize, own: Option<usize>) -> Option<usize> {
        let known = &self.inputs()[input];
        let by_own =
            own.and_then(|own| self.collections[own].reference(&known.name)).map(|reference| reference.collection);
        let by_parent = || {
            let own = own?;
            let bare = compact(&known.name) == "id" && matches!(self.operation(), Operation::Create | Operation::List);
            self.collections[own].references.first().filter(|_| bare).map(|reference| reference.collection)
        };
        let by_name = || {
            let stem = super::collection::noun::id_stem(&known.name)?;
            self.kin.called(&stem)
        };
        by_own.or_else(by_parent).or_else(by_name).filter(|found| Some(*found) != own && self.has_records(*found))
    }

    /// Whether there can be records at all: a collection that is only spoken of has none.
    fn has_records(&self, collection: usize) -> bool {
        let known = &self.collections[collection];
        let mut names = known.because.text.split(", ");
        let mut made = || names.any(|name| !self.gathering.making.of(name).is_empty());
        // What is somebody's was made by calls.
        !known.seeds.is_empty() || known.owned || known.of_kind.is_some() || made()
    }

    fn input_for(&self, records: &Collection, field: &str) -> Option<usize> {
        let named = |input: &Input| key_for(records, input).as_deref() == Some(field) || *input.name == *field;
        let bare = || self.inputs().iter().position(|input| compact(&input.name) == "id");
        let is_parent = || self.gathering.parent_field(self.at, records).as_deref() == Some(field);
        self.inputs().iter().position(named).or_else(|| is_parent().then(bare).flatten())
    }

    /// The own failure of a status that a deed may not leave: of several the one that speaks of a status (`评分只能是1到5` does
    /// not); `工单还未修好` is what the one failure that nothing else accounts for must mean.
    fn state_failure(&self, machine: &Machine, documented: bool) -> Option<&Failure> {
        let lexicon = self.gathering.lexicon;
        let speaks = |failure: &&Failure| {
            let named = machine.values.iter().any(|value| moves::names(&failure.message, value, lexicon));
            named || failure.classes.first() == Some(&Class::WrongState)
        };
        let mut told = self.failures().iter().filter(|failure| is_refusal(failure)).filter(speaks);
        let only = told.find(|failure| lexicon.speaks_of("only-from", &failure.message));
        let unread =
            || self.failures().iter().filter(|failure| failure.classes.is_empty() && !failure.message.is_empty());
        let alone = || super::left_over::only(unread()).filter(|_| !documented);
        // `商家还没有发货` names no status, and says what has not come about.
        let not_yet = |failure: &&Failure| failure.classes.first() == Some(&Class::NotSubmitted) && !documented;
        let still = |failure: &&Failure| lexicon.speaks_of("not-come-about", &failure.message) && !documented;
        // `稿件未刊发` of what is called 已刊发.
        let by_name = || {
            let stems = machine.values.iter().map(|value| lexicon.without_done(label_head(&value.words)));
            let stems: Vec<&str> = stems.filter(|stem| stem.chars().count() > 1 && !stem.is_ascii()).collect();
            let bare = |failure: &&Failure| {
                failure.classes.is_empty() && stems.iter().any(|stem| failure.message.contains(stem))
            };
            self.failures().iter().find(bare)
        };
        only.or_else(|| self.failures().iter().find(not_yet))
            .or_else(by_name)
            .or_else(alone)
            .or_else(|| unread().find(still))
    }

    /// Whether a failure says that a status does not allow something.
    fn documents_states(&self) -> bool {
        let of_status = |class: &Class| matches!(class, Class::WrongState | Class::ForbiddenStatus);
        self.failures().iter().any(|failure| failure.classes.iter().any(of_status))
    }

    /// Which statuses the record may have.
    fn states(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        let Some(id) = &on.id else { return };
        let refusing = |failure: &&Failure| is_refusal(failure);
        let movement = if self.operation() == Operation::Transition { self.movement() } else { None };
        if let Some(movement) = movement.as_ref().filter(|movement| movement.is_chosen()) {
            let Some(machine) = records.machine(&movement.field) else { return };
            let failure = self.state_failure(machine, self.documents_states()).cloned();
            let chosen = movement.chosen(on.collection, id).into_iter();
            return wishes.extend(chosen.map(|demand| (demand, movement.because.clone(), failure.clone())));
        }
        let mut told = None;
        let (machine, from, again) = match &movement {
            Some(movement) => {
                let Some(machine) = records.machine(&movement.field) else { return };
                (machine, movement.from.clone(), movement.again)
            }
            None if matches!(
                self.operation(),
                Operation::Update | Operation::Delete | Operation::Transition | Operation::Increment
            ) =>
            {
                // `只有待受理的报修单可以修改`, `已完成的不能删除`.
                let lexicon = self.gathering.lexicon;
                let stands = || {
                    let standing = self.standing()?;
                    told = Some(standing.because);
                    Some((records.machine(&standing.field)?, standing.from))
                };
                let mut unsent =
                    records.machines.iter().filter(|machine| self.input_for(records, &machine.field).is_none());
                let found = unsent.find_map(|machine| {
                    let failures = || self.failures().iter().filter(refusing);
                    let named = |failure: &Failure| -> Vec<Json> {
                        machine
                            .values
                            .iter()
                            .filter(|value| moves::names(&failure.message, value, lexicon))
                            .map(|value| value.value.clone())
                            .collect()
                    };
                    let only = failures()
                        .filter(|failure| lexicon.speaks_of("only-from", &failure.message))
                        .map(named)
                        .find(|named| !named.is_empty());
                    let blocked: Vec<Json> = failures().flat_map(named).collect();
                    let rest = || -> Vec<Json> {
                        machine
                            .values
                            .iter()
                            .map(|value| value.value.clone())
                            .filter(|value| !blocked.contains(value))
                            .collect()
                    };
                    only.or_else(|| Some(rest()).filter(|_| !blocked.is_empty())).map(|from| (machine, from))
                });
                let Some((machine, from)) = found.or_else(stands) else { return };
                (machine, from, false)
            }
            None => return,
        };
        if from.is_empty() {
            return;
        }
        let demand = |from: Vec<Json>| Demand::InState {
            collection: on.collection,
            id: id.clone(),
            field: Arc::clone(&machine.field),
            from,
        };
        let lexicon = self.gathering.lexicon;
        // A failure that names a status is the one for that status, and the general one is for the others.
        let mut all = from.clone();
        for value in machine.values.iter().filter(|value| !from.contains(&value.value)) {
            let own = self.failures().iter().filter(refusing).find(|failure| {
                moves::names(&failure.message, value, lexicon) && !lexicon.speaks_of("only-from", &failure.message)
            });
            if let Some(failure) = own {
                let others = machine
                    .values
                    .iter()
                    .map(|known| known.value.clone())
                    .filter(|known| *known != value.value)
                    .collect();
                let because =
                    Evidence::new(format!("`{}` names a status", failure.message), failure.place, Confidence::Certain);
                wishes.push((demand(others), because, Some(failure.clone())));
                all.push(value.value.clone());
            }
        }
        let told = movement.map(|movement| movement.because).or(told);
        let because = told.unwrap_or_else(|| self.because("failures name the statuses"));
        let documented = self.documents_states();
        let left = machine.values.iter().any(|value| !all.contains(&value.value));
        if left && (!again || documented) {
            let fitting = self.state_failure(machine, documented);
            wishes.push((demand(all), because, fitting.cloned()));
        }
    }

    /// The inputs that are kept, each with its field.
    pub(super) fn kept(&self, records: &Collection) -> Vec<(Arc<str>, usize)> {
        let own_id = self.on.and_then(|on| on.id.as_ref()).map(|id| id.input);
        let params = &self.endpoint().params;
        let recipient = records.recipient.as_ref().filter(|_| self.operation() == Operation::Create);
        let recipient = recipient.and_then(|key| Some((self.recipient_input(records, key)?, key)));
        let inputs = self.inputs().iter().enumerate().filter(|(at, input)| {
            let sent_to = records.recipient.is_some() && others::is_recipient(input, self.gathering.lexicon);
            Some(*at) != own_id
                && (sent_to || is_data(input, params.get(*at).is_some_and(crate::spec::Param::is_told)))
                && input.word != Role::Passcode
        });
        inputs
            .map(|(at, input)| {
                if let Some((_, key)) = recipient.filter(|(sent_to, _)| *sent_to == at) {
                    return (Arc::clone(key), at);
                }
                let parent = records
                    .references
                    .first()
                    .filter(|_| compact(&input.name) == "id" && self.operation() == Operation::Create);
                let key = parent.map(|parent| Arc::clone(&parent.field)).or_else(|| key_for(records, input));
                let key = key.or_else(|| self.told_key(records, at));
                (key.unwrap_or_else(|| Arc::clone(&input.name)), at)
            })
            .collect()
    }

    pub(super) fn effects(&self) -> Vec<Effect> {
        // What a deed does to others' records is found by what it is about, before that is gone.
        let mut effects = self.named_moved();
        effects.extend(self.own_effects());
        effects
    }

    fn own_effects(&self) -> Vec<Effect> {
        let Some(on) = self.on else { return Vec::new() };
        let (collection, records) = (on.collection, &self.collections[on.collection]);
        let mut effects = Vec::new();
        let act = |action: Action| Effect { action, because: self.because(self.operation().name()) };
        match (self.operation(), on.id.clone()) {
            (Operation::Create, _) => {
                // What is put into a basket is not taken yet.
                let stock = self.stock().filter(|stock| self.taken_later(stock, records).is_none());
                match stock {
                    Some(Stock { field, lines: Some(lines), .. }) => {
                        effects.push(act(Action::TakeLines { lines, field }));
                    }
                    Some(Stock { collection, input: Some(input), field, quantity, line: None, .. }) => {
                        effects.push(act(Action::TakeFrom { collection, input, field, quantity }));
                    }
                    _ => {}
                }
                effects.extend(self.moved_by_rating());
                effects.extend(self.using().map(act));
                let (merge, lines) = (self.merge(records), self.lines().map(Box::new));
                effects.push(act(Action::CreateRecord { collection, fields: self.kept(records), merge, lines }));
            }
            (Operation::Save, id) => {
                let fields = self.kept(records);
                let made = Action::CreateRecord { collection, fields: fields.clone(), merge: None, lines: None };
                effects.push(act(id.map_or(made, |id| Action::SaveRecord { collection, id, fields })));
            }
            (Operation::Update, Some(id)) => {
                let back = self.put_back(collection, records, &id);
                effects.push(act(Action::UpdateRecord { collection, id, fields: self.kept(records) }));
                effects.extend(back);
            }
            (Operation::Delete, Some(id)) if records.relation.is_some() => {
                effects.push(act(Action::Tie { relation: collection, id, how: Tying::Untie, fields: Vec::new() }));
            }
            (Operation::Detail, Some(id)) => {
                if let Some((field, because)) = self.counted_view(records) {
                    effects.push(Effect { action: Action::CountView { collection, id, field }, because });
                }
                effects.extend(self.read_by_opening());
            }
            (Operation::Delete, id) => effects.push(act(Action::RemoveRecords { collection, id })),
            (Operation::SetDefault, Some(id)) => {
                let flag = records.default_flag.clone().unwrap_or_else(|| "is_default".into());
                effects.push(act(Action::ChooseRecord { collection, id, flag }));
            }
            (Operation::Transition, id) => {
                effects.extend(self.listed_rating());
                if let Some((id, amount, balance)) = self.charge(on, records) {
                    let (off, paid) = self.taken_off(records, &amount);
                    effects.push(act(Action::Charge { collection, id, amount, balance, off, paid }));
                }
                effects.extend(self.takes_away(on, records).map(act));
                effects.extend(self.using().map(act));
                effects.extend(self.given_back(on, records).into_iter().map(act));
                if let Some(movement) = self.movement() {
                    let Move { field, from, to, cases, again, because } = movement;
                    // Reading what is read already moves nothing.
                    let from = if again { Vec::new() } else { from };
                    let stamps = self.stamps(records);
                    let id = id.clone();
                    let action = Action::MoveRecords { collection, id, field, from, to, cases, stamps };
                    effects.push(Effect { action, because });
                } else {
                    effects.extend(self.marked_as_read());
                }
                if let Some(id) = id {
                    effects.extend(self.counted_deed(on, records, &id));
                    let timed = [self.late_charge(on, records, &id), self.metered(on, records, &id)];
                    effects.extend(self.put_off(on, records, &id).into_iter().chain(timed.into_iter().flatten()));
                    effects.extend(self.paid_once_more(on, records));
                    let longer = self.prolonged_by().map(|(input, _)| input);
                    let kept = self.kept(records).into_iter();
                    let fields: Vec<(Arc<str>, usize)> =
                        kept.filter(|(key, at)| records.field(key).is_some() && Some(*at) != longer).collect();
                    if !fields.is_empty() {
                        effects.push(act(Action::UpdateRecord { collection, id, fields }));
                    }
                }
            }
            (Operation::Toggle, Some(id)) => {
                if let Some(how) = self.tying(records) {
                    effects.push(act(Action::Tie { relation: collection, id, how, fields: self.kept(records) }));
                }
            }
            (Operation::Increment, Some(id)) => {
                effects.extend(self.adjusting(collection, records, Some(id)).map(act));
            }
            _ => {}
        }
        effects
    }

    /// The field that a remark says to count looks: `每调用一次浏览数 view_num 加1`.
    fn counted_view(&self, records: &Collection) -> Option<(Arc<str>, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let mut told = prose::remarks(self.gathering.prose, self.endpoint());
        let told = told.find(|note| lexicon.speaks_of("counts-views", &note.text))?;
        let fields = || records.fields.iter().filter(|field| field.example.is_scalar());
        let named = fields().find(|field| field.key.len() > 2 && told.text.contains(&*field.key));
        let field = named.or_else(|| fields().find(|field| lexicon.is_named("sort-views", &field.key)))?;
        Some((Arc::clone(&field.key), Evidence::new(told.text.clone(), told.place, Confidence::Likely)))
    }

    /// The fields that keep when the deed was done: `pay_time`, `支付时间`.
    fn stamps(&self, records: &Collection) -> Vec<Arc<str>> {
        let lexicon = self.gathering.lexicon;
        let nouns = &self.gathering.nouns[self.at];
        let Some((_, verb)) = lexicon.verbs().verb(&self.endpoint().title, &nouns.words) else { return Vec::new() };
        let fields = records.fields.iter().filter(|field| {
            let name = compact(&field.key);
            let label = crate::lexicon::label_head(&field.words);
            let rest = |words: &[String]| {
                words.iter().filter(|word| word.len() > 2).any(|word| {
                    let rest = name.strip_prefix(compact(word).as_str()).or_else(|| label.strip_prefix(word.as_str()));
                    rest.is_some_and(|rest| lexicon.is_named("time-end", rest))
                })
            };
            let is_sent = self.inputs().iter().any(|input| compact(&input.name) == name);
            !is_sent && records.time_form(field).is_some() && (rest(&verb.path) || rest(&verb.words))
        });
        fields.map(|field| Arc::clone(&field.key)).collect()
    }

    /// `cart/add` with the same goods again adds to their number.
    pub(super) fn merge(&self, records: &Collection) -> Option<Merge> {
        if self.operation() != Operation::Create || !records.private {
            return None;
        }
        let lexicon = self.gathering.lexicon;
        let quantity = self.quantity();
        let field = match quantity {
            Some(input) => key_for(records, &self.inputs()[input])?,
            None => Arc::clone(&records.fields.iter().find(|field| lexicon.is_named("quantity", &field.key))?.key),
        };
        // Only what is counted and nothing else than what is counted: an order of the same goods is another order.
        let adjusts = (0..self.gathering.operations.len()).any(|at| {
            self.gathering.nouns[at].path == self.gathering.nouns[self.at].path
                && (self.gathering.operations[at] == Operation::Increment
                    || (self.gathering.operations[at] == Operation::Update
                        && self.gathering.inputs[at].iter().any(|input| lexicon.is_named("quantity", &input.name))))
        });
        let basket = records.basket.is_some()
            || lexicon.speaks_of("basket", &self.endpoint().title)
            || records.names.iter().any(|name| lexicon.is_named("basket", name));
        let same: Vec<(Arc<str>, usize)> = self
            .kept(records)
            .into_iter()
            .filter(|(key, input)| records.reference(key).is_some() || self.inputs()[*input].word == Role::RecordId)
            .collect();
        ((adjusts || basket) && !same.is_empty() && records.machines.iter().all(|machine| machine.values.len() < 3))
            .then_some(Merge { same, field, quantity })
    }
}

pub(super) fn is_of(class: Class) -> impl Fn(&&Failure) -> bool {
    move |failure| failure.classes.first() == Some(&class)
}

/// Whether a failure can say that a record's status stands against what is asked.
fn is_refusal(failure: &Failure) -> bool {
    failure.classes.iter().any(|class| {
        matches!(
            class,
            Class::WrongState
                | Class::ForbiddenStatus
                | Class::Exists
                | Class::Unchanged
                | Class::Failed
                | Class::Expired
                | Class::TooFrequent
                | Class::Malformed
        )
    })
}
