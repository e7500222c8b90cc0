//! Records of which whoever makes one names who is to act on it: `approverId  审批人`.
//!
//! In: a collection with its endpoints. Out: whom its records name, and whose each of its endpoints is: the one who is named
//! approves, whoever made the record withdraws it, both see it, and nobody else does.

use super::parties::Sides;
use super::takers::{Naming, Taker, TakerPart};
use crate::behavior::collection::items::gather::{Gathering, key_for};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::machine::moves;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::naming::bare_label;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, ItemField, OnRecords, Party};
use crate::behavior::operation::{path_of, split_words};
use crate::behavior::records::Records;
use crate::behavior::{Auth, Confidence, Evidence, Failure, Input, Machine};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::source::Place;
use std::sync::Arc;

/// Whom a new record names.
struct Named {
    /// The record's field that has the account's id.
    field: Arc<str>,
    /// What names and labels call that person.
    stem: String,
    label: String,
    place: Place,
}

/// Whether an input has the id of somebody who is to act.
fn is_appointed(input: &Input, lexicon: &Lexicon) -> bool {
    let stem = id_stem(&input.name).filter(|_| shape::is_id(&input.name));
    let label = bare_label(&input.label, lexicon);
    let called = lexicon.ends_with("appointed", &label) || lexicon.begins_with("appointed", &label);
    let by_label = called && (stem.is_some() || lexicon.ends_with("id-word", input.label.trim()));
    stem.is_some_and(|stem| lexicon.is_named("appointed", &stem)) || by_label
}

impl Gathering<'_> {
    /// Finds who is named to act on a collection's records, if anybody is.
    pub(in crate::behavior::collection) fn settle_appointed(
        &self,
        group: &Group,
        collection: &mut Collection,
        on_records: &mut [Option<OnRecords>],
    ) {
        let Some(named) = self.appointed(group, collection) else { return };
        let sides = Sides::appointed(self.lexicon, &named.label);
        let parties: Vec<(usize, Party)> =
            group.endpoints.iter().map(|at| (*at, self.appointed_party(*at, &sides))).collect();
        // Who is only written down acts on nothing.
        if !parties.iter().any(|(_, party)| *party == Party::Other) {
            return;
        }
        for (at, party) in &parties {
            if let Some(on) = &mut on_records[*at] {
                on.party = *party;
            }
        }
        let of = |wanted: &[Operation]| -> Vec<usize> {
            group.endpoints.iter().copied().filter(|at| wanted.contains(&self.operations[*at])).collect()
        };
        let makers = of(&[Operation::Create, Operation::Save]);
        let mut begun = collection.clone();
        moves::settle_initials(self, group, &mut begun, &makers);
        // What waits for somebody stands as it was made.
        let deeds = parties
            .iter()
            .filter(|(at, party)| *party == Party::Other && matches!(self.operations[*at], Operation::Transition));
        let first = deeds.clone().find_map(|(at, _)| self.movement(*at, &begun).map(|made| made.field));
        let is_status =
            |machine: &&Machine| begun.field(&machine.field).is_some_and(|field| field.role == Role::Status);
        let called = || begun.machines.iter().find(is_status).or_else(|| begun.machines.first());
        let status = first.as_ref().and_then(|field| begun.machine(field)).or_else(called);
        let free = status.map(|machine| (Arc::clone(&machine.field), vec![machine.initial.clone()]));
        let pools = parties.iter().filter(|(at, party)| {
            *party == Party::Other && self.operations[*at] == Operation::List && self.waits(*at, free.as_ref())
        });
        let pools = pools.filter_map(|(at, _)| Some((*at, free.as_ref()?.1.clone()))).collect();
        let text = format!("`{}` names who is to act", named.field);
        collection.private = true;
        collection.taker = Some(Taker {
            kind: None,
            appointed: true,
            shown: self.shown_of_appointed(collection, &named, &makers),
            field: named.field,
            free,
            maker: self.maker_in_names(collection),
            takes: Vec::new(),
            pools,
            because: Evidence::new(text, named.place, Confidence::Likely),
        });
    }

    fn appointed(&self, group: &Group, collection: &Collection) -> Option<Named> {
        let other = collection.relation.is_some() || collection.recipient.is_some() || collection.taker.is_some();
        if !collection.owned || other || !self.accounts.any || collection.machines.is_empty() {
            return None;
        }
        let makes = |at: &&usize| {
            matches!(self.operations[**at], Operation::Create | Operation::Save)
                && matches!(self.auths[**at], Auth::Required | Auth::Optional)
        };
        group.endpoints.iter().filter(makes).find_map(|&at| {
            let named = self.inputs[at].iter().position(|input| is_appointed(input, self.lexicon))?;
            let input = &self.inputs[at][named];
            let field = key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
            let place = self.endpoint(at).params.get(named).map_or(self.endpoint(at).place, |param| param.place);
            let label = bare_label(&input.label, self.lexicon);
            let label = self.lexicon.word_of("appointed", &label).map_or(label.clone(), str::to_owned);
            let free = collection.reference(&field).is_none();
            free.then(|| Named { field, stem: id_stem(&input.name).unwrap_or_default(), label, place })
        })
    }

    /// Whose an endpoint is.
    fn appointed_party(&self, at: usize, sides: &Sides<'_>) -> Party {
        match self.operations[at] {
            Operation::List if self.is_said("waits-for-me", at) || self.is_said("acted-by-me", at) => Party::Other,
            Operation::Detail => Party::Both,
            Operation::Transition | Operation::Update | Operation::Delete => {
                let usual = if self.is_said("appointed-deed", at) { Party::Other } else { Party::Maker };
                self.told_peer(at, sides).unwrap_or(usual)
            }
            _ => Party::Maker,
        }
    }

    /// Whether a list has only what nobody has acted on yet.
    fn waits(&self, at: usize, status: Option<&(Arc<str>, Vec<Json>)>) -> bool {
        let asks = |(field, _): &(Arc<str>, Vec<Json>)| {
            self.inputs[at].iter().any(|input| compact(&input.name) == compact(field))
        };
        let notes = remarks(self.prose, self.endpoint(at)).map(|note| note.text.as_str());
        let mut texts = std::iter::once(self.endpoint(at).title.as_str()).chain(notes);
        let said = texts.any(|text| self.lexicon.speaks_of("not-acted-yet", text));
        let path = path_of(self.endpoint(at)).iter().any(|word| self.lexicon.is_named("not-acted-yet", word));
        (said || path) && !status.is_some_and(asks)
    }

    /// The fields that show who is named: `approverName`.
    fn shown_of_appointed(
        &self,
        collection: &Collection,
        named: &Named,
        makers: &[usize],
    ) -> Vec<(Arc<str>, TakerPart)> {
        let registers = (0..self.operations.len()).filter(|at| self.operations[*at] == Operation::Register);
        let asked: Vec<_> = registers.flat_map(|at| &self.inputs[at]).collect();
        let naming = Naming {
            called: None,
            value: &named.stem,
            own: &named.label,
            lexicon: self.lexicon,
            accounts: self.accounts,
            asked: &asked,
        };
        let is_sent = |key: &str| {
            makers.iter().any(|at| self.inputs[*at].iter().any(|input| compact(&input.name) == compact(key)))
        };
        let shows = |field: &&ItemField| field.key != named.field && !is_sent(&field.key);
        let fields = collection.fields.iter().filter(shows);
        fields.filter_map(|field| Some((Arc::clone(&field.key), naming.part(field)?))).collect()
    }

    /// What the names of fields call whoever made a record: `applicantName`.
    pub(in crate::behavior::collection) fn maker_in_names(&self, collection: &Collection) -> Option<String> {
        let firsts = collection.fields.iter().filter_map(|field| split_words(&field.key).into_iter().next());
        let mut firsts = firsts.filter(|first| self.lexicon.is_named("maker-party", first));
        firsts.next()
    }
}

impl Records<'_> {
    /// The input that names who is to act on a new record.
    pub(in crate::behavior) fn appointed_input(&self, records: &Collection) -> Option<usize> {
        let taker = records.taker.as_ref().filter(|taker| taker.appointed)?;
        let is_it =
            |input: &Input| *input.name == *taker.field || key_for(records, input).as_deref() == Some(&*taker.field);
        self.inputs().iter().position(is_it)
    }

    /// The failure that says that there is nobody such: it names the person as the input's label does.
    pub(in crate::behavior) fn unknown_appointed(&self, input: usize) -> Option<Failure> {
        let lexicon = self.gathering.lexicon;
        let label = bare_label(&self.inputs().get(input)?.label, lexicon);
        let called = lexicon.word_of("appointed", &label)?;
        let fits =
            |failure: &&Failure| failure.classes.first() == Some(&Class::NotFound) && failure.message.contains(called);
        let shared = || self.gathering.chooser.catalog.shared.iter().find(fits);
        self.failures().iter().find(fits).or_else(shared).cloned()
    }
}
