//! What goes until a day is paid for once more: `续费` with a number of months, an hour more of a hall.
//!
//! In: endpoints that take a record's id and how long. Out: that these are deeds and no changes of fields, by how much the end is
//! put off, and what it costs.

use crate::behavior::collection::ends::unit_of;
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::{Collection, Factor, Initial, ItemField, OnRecords, Part, RecordId};
use crate::behavior::inputs::date::Unit;
use crate::behavior::operation::{Clues, is_data, takes_own_id};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Amount, Demand, Effect, Input, PutOff};
use crate::lexicon::{Class, Lexicon, Operation};
use std::sync::Arc;

/// Whether an endpoint that seems to change a record prolongs it: its title or path says so, and all that goes in beside the
/// record's id is for how long.
pub(in crate::behavior) fn prolongs(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let words = &clues.nouns.words;
    let called = lexicon.speaks_of("prolongs", &clues.endpoint.title)
        || words.last().is_some_and(|word| lexicon.is_named("prolongs", word));
    called && takes_own_id(clues, lexicon) && how_long(clues.inputs, lexicon).is_some()
}

/// The one input that says for how long, where nothing else goes in but what names the record.
fn how_long(inputs: &[Input], lexicon: &Lexicon) -> Option<(usize, Unit)> {
    let counts = inputs.iter().enumerate().filter_map(|(at, input)| Some((at, unit_of(input, lexicon)?)));
    let mut counts = counts.filter(|(at, _)| is_data(&inputs[*at]));
    let (input, unit) = counts.next().filter(|_| counts.next().is_none())?;
    let ids = inputs.iter().enumerate().filter(|(at, known)| *at != input && is_data(known) && known.required);
    (ids.count() <= 1).then_some((input, unit))
}

impl Records<'_> {
    /// The input that says by how much a deed prolongs the record.
    pub(in crate::behavior) fn prolonged_by(&self) -> Option<(usize, Unit)> {
        let lexicon = self.gathering.lexicon;
        let words = &self.gathering.nouns[self.at].words;
        let called = lexicon.speaks_of("prolongs", &self.endpoint().title)
            || words.last().is_some_and(|word| lexicon.is_named("prolongs", word));
        if self.operation() != Operation::Transition || !called {
            return None;
        }
        how_long(self.inputs(), lexicon)
    }

    /// The end of the record comes later.
    pub(in crate::behavior) fn prolonged(&self, on: &OnRecords, records: &Collection, id: &RecordId) -> Option<Effect> {
        let (input, unit) = self.prolonged_by()?;
        let field = self.end_of_record(records)?;
        let last_day = matches!(&field.initial, Initial::Ending(ending) if ending.last_day);
        let by = PutOff::Counted { input, unit, last_day };
        let action = Action::PutOff { collection: on.collection, id: id.clone(), field: Arc::clone(&field.key), by };
        Some(Effect { action, because: self.because("it goes on for longer") })
    }

    /// Until when a record goes: what is worked out so, else the time that the deed's success shows, or one that is called so.
    fn end_of_record<'c>(&self, records: &'c Collection) -> Option<&'c ItemField> {
        let lexicon = self.gathering.lexicon;
        let times = || records.fields.iter().filter(|field| time_form(&field.example).is_some());
        let open = |field: &&ItemField| field.initial != Initial::Now;
        let shown = crate::behavior::collection::items::shape::item_shown(self.gathering.set, self.endpoint(), lexicon);
        let is_shown = |field: &&ItemField| open(field) && shown.iter().any(|(key, _)| *key == field.key);
        let is_end = |field: &&ItemField| {
            open(field)
                && ["ends-at", "due-at"]
                    .iter()
                    .any(|topic| lexicon.is_named(topic, &field.key) || lexicon.speaks_of(topic, &field.words))
        };
        let worked_out = times().find(|field| matches!(field.initial, Initial::Ending(_) | Initial::After(_)));
        worked_out.or_else(|| times().find(is_shown)).or_else(|| times().find(is_end))
    }

    /// What prolonging costs of what the caller has: what the record's thing costs for one, so many times.
    pub(in crate::behavior) fn prolonging_cost(
        &self,
        on: &OnRecords,
        records: &Collection,
    ) -> Option<(Amount, Arc<str>)> {
        let (input, _) = self.prolonged_by()?;
        self.failures().iter().find(|failure| failure.classes.contains(&Class::Insufficient))?;
        let (balance, id) = (self.balance.clone()?, on.id.clone()?);
        let sums = records.sums.as_ref()?;
        let factors = || sums.written.iter().map(|term| term.factors.as_slice());
        let key = key_for(records, &self.inputs()[input]).unwrap_or_else(|| Arc::clone(&self.inputs()[input].name));
        let counted = |factors: &[Factor]| -> Option<Part> {
            let for_each = factors.iter().any(|factor| matches!(factor, Factor::Field(field) if *field == key));
            let mut things = factors.iter().filter_map(|factor| match factor {
                Factor::Thing(part) => Some(part.clone()),
                _ => None,
            });
            things.next().filter(|_| for_each)
        };
        let written = || factors().find_map(counted);
        let Part { reference, collection, field } = sums.one.as_ref().map(|one| one.price.clone()).or_else(written)?;
        let each = Amount::Through { by: (on.collection, id, reference), collection, field };
        Some((Amount::Times(Box::new(each), input), balance))
    }

    /// What prolonging costs is there.
    pub(in crate::behavior) fn afford_more(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        let Some((amount, balance)) = self.prolonging_cost(on, records) else { return };
        let demand = Demand::Funds { amount, balance };
        wishes.push((demand, self.because("a failure says that there can be too little"), None));
    }

    /// What prolonging takes of it.
    pub(in crate::behavior) fn paid_once_more(&self, on: &OnRecords, records: &Collection) -> Option<Effect> {
        let (amount, balance) = self.prolonging_cost(on, records)?;
        let action = Action::AddFunds { amount, balance, takes: true };
        Some(Effect { action, because: self.because("it is paid for once more") })
    }
}
