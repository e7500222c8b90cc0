//! Demands about records: which are named, how they stand, and whether there is room for another.

use super::Scene;
use crate::behavior::collection::Unique;
use crate::behavior::collection::items::example_forms::TimeForm;
use crate::behavior::{Check, DayOf, Demand, RecordId};
use crate::engine::records::{self, Sight};
use crate::json::Json;
use crate::lexicon::Operation;
use crate::world::Record;
use std::sync::Arc;

impl<'a> Scene<'a> {
    pub(in crate::engine) fn sight(&self) -> Sight<'a> {
        Sight::of(self.model, self.world, self.caller, self.behavior)
    }

    pub(super) fn are_found(&self, collection: usize, id: &RecordId, write: bool) -> bool {
        let mut ids = records::ids(self.call, id.input).into_iter();
        ids.all(|text| self.sight().find(collection, id, &text, write).is_some())
            || self.is_told_taken(collection)
            || self.is_told_another(collection, id)
    }

    /// Whether there are those that an input names. What answers nothing can say so by nought.
    pub(super) fn are_referenced(&self, collection: usize, input: usize) -> bool {
        let own = self.behavior.record.as_ref().is_some_and(|on| on.collection == collection);
        let none = own && self.call.text(input).is_some_and(|text| text.trim() == "0");
        none || !self.call.is_present(input)
            || crate::engine::list::are_there(self.sight(), collection, self.call, input)
    }

    /// The records that the request is about.
    pub(in crate::engine) fn targets(&self, collection: usize, id: &RecordId) -> Vec<&'a Arc<Record>> {
        let ids = records::ids(self.call, id.input);
        ids.iter().filter_map(|text| self.sight().find(collection, id, text, true)).collect()
    }

    /// The records that the request names, whoever may change them.
    pub(in crate::engine) fn seen(&self, collection: usize, id: &RecordId) -> Vec<&'a Arc<Record>> {
        let ids = records::ids(self.call, id.input);
        ids.iter().filter_map(|text| self.sight().find(collection, id, text, false)).collect()
    }

    /// The same, whoever may see them.
    fn all_named(&self, collection: usize, id: &RecordId) -> Vec<&'a Arc<Record>> {
        let ids = records::ids(self.call, id.input);
        ids.iter().filter_map(|text| self.sight().named(collection, text)).collect()
    }

    pub(super) fn is_unlike(
        &self,
        collection: usize,
        fields: &[(Arc<str>, usize)],
        own: bool,
        id: Option<&RecordId>,
    ) -> bool {
        let shape = &self.model.collections[collection];
        let target = id.map(|id| self.targets(collection, id)).and_then(|targets| targets.first().copied());
        let names: Vec<Arc<str>> = fields.iter().map(|(field, _)| Arc::clone(field)).collect();
        let mut owned = shape.unique.iter().filter(|unique| unique.own == own);
        let known = owned.clone().find(|unique| unique.fields == names);
        // Of what is unique a change can send a part.
        let part = || owned.find(|unique| target.is_some() && names.iter().all(|name| unique.fields.contains(name)));
        let unique = known.or_else(part).cloned().unwrap_or(Unique { fields: names, own, day: None });
        let value = |name: &Arc<str>| {
            let input = fields.iter().find(|(field, _)| field == name).map(|(_, input)| *input);
            let sent = input.and_then(|input| self.call.text(input)).map(str::to_owned);
            sent.or_else(|| target.and_then(|record| records::text_of(record.field(name)).map(str::to_owned)))
        };
        let values: Vec<Option<String>> = unique.fields.iter().map(value).collect();
        let owner = match target {
            Some(target) => target.owner.clone(),
            None => records::owner_of(self.caller),
        };
        let Some(key) = records::key_of(&unique, &values, owner.as_ref()) else { return true };
        let binned =
            shape.bin.as_ref().filter(|bin| bin.counts).map(|bin| &self.model.collections[bin.collection].name);
        if binned.is_some_and(|name| self.world.by_key(name, &key.space, &key.value).is_some()) {
            return false;
        }
        let known = self.world.by_key(&shape.name, &key.space, &key.value);
        known.is_none_or(|known| target.is_some_and(|target| target.seq == known.seq))
    }

    pub(super) fn is_in_state(&self, collection: usize, id: &RecordId, field: &Arc<str>, from: &[Json]) -> bool {
        // What a request only refers to need not be the caller's.
        let own = self.behavior.record.as_ref().is_some_and(|on| on.collection == collection);
        let targets = match () {
            // What somebody would take is nobody's yet.
            () if own && self.is_told_taken(collection) => self.all_named(collection, id),
            () if own => self.targets(collection, id),
            () => self.seen(collection, id),
        };
        targets.iter().all(|record| {
            let status = records::text_of(record.field(field));
            status.is_none() || from.iter().any(|known| known.scalar_text() == status)
        })
    }

    /// Whether the caller is tied to each record that an input names, or to none.
    pub(super) fn are_tied(&self, relation: usize, id: &RecordId, tied: bool) -> bool {
        // Who only waits can leave, and do nothing else that is for those who are in.
        let ties = matches!(self.behavior.operation, Operation::Toggle | Operation::Delete);
        let asked = |check: &Check| matches!(check.demand, Demand::NotWaiting { .. });
        // That somebody waits is another demand's affair where there is one.
        let own = ties && !self.behavior.checks.iter().any(asked);
        let shape = self.sight().collection(relation);
        let is_in = |tie: &Arc<Record>| own || shape.lets_in(&tie.fields);
        let named = |text: &str| {
            let target = shape.relation.as_ref().filter(|_| id.via.is_some())?.target;
            self.sight().look(target, id, text).map(|record| record.id.to_string())
        };
        let is_tied = |text: &String| {
            let id = named(text);
            self.sight().tie(relation, id.as_ref().unwrap_or(text)).is_some_and(is_in)
        };
        records::ids(self.call, id.input).iter().all(|id| is_tied(id) == tied)
    }

    /// Whether the caller has not asked yet to be let in.
    pub(super) fn is_not_waiting(&self, relation: usize, id: &RecordId) -> bool {
        let Some(known) = &self.model.collections[relation].relation else { return true };
        let waits = |record: &Record| known.admission.as_ref().is_some_and(|known| known.waits(&record.fields));
        records::ids(self.call, id.input).iter().all(|text| {
            let target = self.sight().look(known.target, id, text);
            let tie = target.and_then(|target| self.sight().tie(relation, &target.id));
            tie.is_none_or(|tie| !waits(tie))
        })
    }

    pub(super) fn has_room(&self, collection: usize, most: usize, id: Option<&RecordId>, day: Option<&DayOf>) -> bool {
        let shape = &self.model.collections[collection];
        let known = self.world.collection(&shape.name).zip(records::owner_of(self.caller));
        let Some((known, owner)) = known.filter(|_| id.is_none_or(|id| !self.call.is_present(id.input))) else {
            return true;
        };
        let date = |at: i64| records::write_time(TimeForm::Date { mark: '-' }, at, self.model.utc_offset);
        let of_day = |record: &Record| match day {
            None => true,
            Some(DayOf::Making) => date(record.created_at) == date(self.now),
            Some(DayOf::Field(field, input)) => {
                let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
                self.call.text(*input).map(day) == records::text_of(record.field(field)).map(day)
            }
        };
        let standing = known.owned_by(&owner).filter(|record| !shape.is_over(&record.fields) && of_day(record));
        standing.take(most).count() < most
    }
}
