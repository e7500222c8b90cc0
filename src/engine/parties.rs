//! Records that concern two accounts: who made one, and who has what it refers to; and records that only their owners see.

use super::decide::Scene;
use super::records::{self, Sight, owner_of, text_of};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::{Counterpart, Party};
use crate::behavior::{Behavior, Demand, Model, Prior, RecordId};
use crate::world::{Owner, Record, World};
use std::sync::Arc;

/// The collection that an endpoint is about, and the party that it is for, where that is not simply who made the record.
pub(super) fn of(behavior: &Behavior) -> Option<(usize, Party)> {
    behavior.record.as_ref().filter(|on| on.party != Party::Maker).map(|on| (on.collection, on.party))
}

/// Who has what a record refers to.
pub(super) fn other(model: &Model, world: &World, known: &Counterpart, record: &Record) -> Option<Owner> {
    let id = text_of(record.field(&known.field))?;
    records::named(model, world, known.collection, id)?.owner.clone()
}

/// Whether the caller is of the party that an endpoint is for. None where it is for whoever made the record.
pub(super) fn sees(sight: &Sight<'_>, at: usize, record: &Record, write: bool) -> Option<bool> {
    let collection = sight.collection(at);
    let owner = owner_of(sight.caller);
    let own = record.owner.is_some() && record.owner == owner;
    if !write && collection.public.as_ref().is_some_and(|public| !public.holds(&record.fields)) {
        return Some(own);
    }
    if let Some(seen) = super::taking::is_peers(sight, at, record, write) {
        return Some(seen);
    }
    let (_, party) = sight.party.filter(|(known, _)| *known == at)?;
    let known = collection.counterpart.as_ref().filter(|_| record.owner.is_some())?;
    if !write && !collection.private {
        return Some(true);
    }
    Some(has(sight, known, party, record, owner.as_ref()))
}

/// Whether a record is an account's to deal with as that party.
pub(super) fn has(
    sight: &Sight<'_>,
    known: &Counterpart,
    party: Party,
    record: &Record,
    owner: Option<&Owner>,
) -> bool {
    let is = |whose: Option<&Owner>| whose.is_some() && whose == owner;
    let theirs = || is(other(sight.model, sight.world, known, record).as_ref());
    match party {
        Party::Maker => is(record.owner.as_ref()),
        Party::Other => theirs(),
        Party::Both | Party::Anybody => is(record.owner.as_ref()) || theirs(),
    }
}

impl Scene<'_> {
    /// Whether a record that the caller does not see is told to be another's rather than not to be there.
    pub(super) fn is_told_another(&self, collection: usize, id: &RecordId) -> bool {
        let told = |demand: &Demand| matches!(demand, Demand::Owned { collection: known, .. } if *known == collection);
        let hidden = |record: &Record| {
            let public = self.model.collections[collection].public.as_ref();
            public.is_some_and(|public| !public.holds(&record.fields))
        };
        self.behavior.checks.iter().any(|check| told(&check.demand))
            && records::ids(self.call, id.input)
                .iter()
                .all(|text| self.sight().look(collection, id, text).is_some_and(|record| !hidden(record)))
    }

    /// Whether what is demanded of the caller, and of whose the records are, holds.
    pub(super) fn is_callers_to_do(&self, demand: &Demand) -> bool {
        match demand {
            Demand::Owned { collection, id } => self.are_owned(*collection, id),
            Demand::NotOwn { collection, id } => self.is_anothers(*collection, id),
            Demand::Welcome { relation, input, of } => self.is_welcome(*relation, *input, *of),
            Demand::Prior(prior) => self.has_done(prior),
            _ => true,
        }
    }

    fn are_owned(&self, collection: usize, id: &RecordId) -> bool {
        let sight = self.sight();
        let seen = |text: &String| {
            sight.look(collection, id, text).is_none_or(|record| sight.is_seen(collection, record, true))
        };
        records::ids(self.call, id.input).iter().all(seen)
    }

    /// Whether none of what an id names is the caller's own.
    fn is_anothers(&self, collection: usize, id: &RecordId) -> bool {
        let Some(owner) = owner_of(self.caller) else { return true };
        let ids = records::ids(self.call, id.input);
        ids.iter()
            .filter_map(|text| self.sight().look(collection, id, text))
            .all(|record| record.owner.as_ref() != Some(&owner))
    }

    /// Whether nobody whom an input names, or whose records it names, is tied to the caller by a relation that shuts out.
    fn is_welcome(&self, relation: usize, input: usize, of: Option<usize>) -> bool {
        let Some(caller) = &self.caller.account else { return true };
        let sight = self.sight();
        let ids = records::ids(self.call, input);
        let mut people = ids.iter().filter_map(|id| match of {
            None => Some(records::owner(self.world.record_by_id(COLLECTION, id)?)),
            Some(of) => sight.named(of, id)?.owner.clone(),
        });
        !people.any(|owner| sight.tie_of(relation, &caller.id, Some(&owner)).is_some())
    }

    /// Whether the caller has done what has to be done first.
    fn has_done(&self, prior: &Prior) -> bool {
        let Some(account) = &self.caller.account else { return true };
        match prior {
            Prior::Field(field) => {
                let initial =
                    || self.model.accounts.fields.iter().find(|known| known.key == *field).map(|known| &known.initial);
                let value = account.field(field).or_else(initial);
                text_of(value).is_some_and(|text| !matches!(text, "" | "0" | "false"))
            }
            Prior::Verified => account.key(super::decide::CARD).is_some(),
            Prior::Holds(holding, input) => super::holding::holds(self, holding, *input),
            Prior::Some(collection) => {
                let name = &self.model.collections[*collection].name;
                let owner = Owner { collection: COLLECTION.into(), seq: account.seq };
                self.world.collection(name).is_some_and(|known| known.owned_by(&owner).next().is_some())
            }
        }
    }
}

/// A record that another names in a field.
pub(super) fn named_by(model: &Model, world: &World, record: &Record, field: &str, at: usize) -> Option<Arc<Record>> {
    records::named(model, world, at, text_of(record.field(field))?).cloned()
}
