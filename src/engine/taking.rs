//! Records that one kind of account makes and another takes up: who sees which, and what is kept of whoever takes one.

use super::Caller;
use super::decide::{Scene, identity};
use super::records::{self, Sight, text_of};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::{Collection, Initial, Party, Taker, TakerPart};
use crate::behavior::{Action, Demand, Model, RecordId};
use crate::json::Json;
use crate::world::{Record, World};
use std::sync::Arc;

/// Whether an account is of the kind that has this value in the field.
pub(super) fn is_of_kind(account: &Record, field: &str, value: &str, default: Option<&str>) -> bool {
    let own = text_of(account.field(field)).filter(|text| !text.is_empty());
    own.or(default) == Some(value)
}

/// The caller's account, if it is of the kind that takes a collection's records.
pub(super) fn taker<'c>(model: &Model, caller: &'c Caller, taker: &Taker) -> Option<&'c Arc<Record>> {
    let (account, kinds) = (caller.account.as_ref()?, model.accounts.kinds.as_ref()?);
    kinds.is(taker.kind?, text_of(account.field(&kinds.field))).then_some(account)
}

fn taken_by<'r>(record: &'r Record, taker: &Taker) -> Option<&'r str> {
    text_of(record.field(&taker.field)).filter(|id| !id.is_empty() && *id != "0")
}

/// Whether a caller of the kind that takes records sees one: what is free, and what it took itself. None for all others.
pub(super) fn sees(sight: &Sight<'_>, collection: &Collection, record: &Record) -> Option<bool> {
    let known = collection.taker.as_ref()?;
    let account = taker(sight.model, sight.caller, known)?;
    let own = record.owner.is_some() && record.owner == records::owner_of(sight.caller);
    let taken_only = sight.party.is_some_and(|(about, party)| {
        party == Party::Both && sight.model.collections.get(about).is_some_and(|of| of.name == collection.name)
    });
    let free = || match &known.free {
        _ if taken_only => false,
        Some((field, free)) => free.iter().any(|value| value.scalar_text() == text_of(record.field(field))),
        None => true,
    };
    Some(own || taken_by(record, known).map_or_else(free, |id| id == &*account.id))
}

/// Whether an account is one of the two that deal with a record: who made it, or who took it. None where the records are not
/// taken, or by another kind of account.
pub(super) fn has(
    collection: &Collection,
    party: Party,
    record: &Record,
    account: Option<&Arc<Record>>,
) -> Option<bool> {
    let known = collection.taker.as_ref().filter(|known| known.kind.is_none())?;
    let own = || account.is_some_and(|account| record.owner == Some(records::owner(account)));
    let took = || account.is_some_and(|account| taken_by(record, known) == Some(&*account.id));
    Some(match party {
        Party::Maker => own(),
        Party::Other => took(),
        Party::Both => own() || took(),
        Party::Anybody => true,
    })
}

/// Whether a caller sees what another of the same kind can take: what is free, and what it made or took. To write, it has to
/// be of the party that the endpoint is for.
pub(super) fn is_peers(sight: &Sight<'_>, at: usize, record: &Record, write: bool) -> Option<bool> {
    let collection = sight.collection(at);
    let known = collection.taker.as_ref().filter(|known| known.kind.is_none())?;
    let account = sight.caller.account.as_ref();
    if write {
        let party = sight.party.filter(|(about, _)| *about == at).map_or(Party::Maker, |(_, party)| party);
        return has(collection, party, record, account);
    }
    let value = |field: &str| text_of(record.field(field));
    let is_free = |(field, free): &(Arc<str>, Vec<Json>)| free.iter().any(|free| free.scalar_text() == value(field));
    let free = record.owner.is_none() || (!known.appointed && known.free.as_ref().is_some_and(is_free));
    Some(!collection.private || free || has(collection, Party::Both, record, account)?)
}

impl Scene<'_> {
    /// Whether an account is of the kind that the endpoint lets in.
    pub(super) fn may_enter(&self, account: &Record) -> bool {
        let kinds = self.model.accounts.kinds.as_ref().zip(self.behavior.entry);
        kinds.is_none_or(|(kinds, kind)| kinds.is(kind, text_of(account.field(&kinds.field))))
    }

    /// Whether nobody but the caller took the record that an id names.
    pub(super) fn is_untaken(&self, collection: usize, id: &RecordId) -> bool {
        let Some(known) = &self.model.collections[collection].taker else { return true };
        let Some(account) = taker(self.model, self.caller, known) else { return true };
        records::ids(self.call, id.input).iter().all(|text| {
            let record = self.sight().named(collection, text);
            record.and_then(|record| taken_by(record, known)).is_none_or(|id| id == &*account.id)
        })
    }

    /// Whether a record is told to be another's rather than not to be there.
    pub(super) fn is_told_taken(&self, collection: usize) -> bool {
        // Who would take what cannot be taken any more is told so.
        let takes = self.behavior.effects.iter().any(|effect| matches!(effect.action, Action::TakeRecord { .. }));
        let is_there = |at: usize, id: &RecordId| {
            let ids = records::ids(self.call, id.input);
            !ids.is_empty() && ids.iter().all(|text| self.sight().named(at, text).is_some())
        };
        self.behavior.checks.iter().any(|check| match &check.demand {
            Demand::Untaken { collection: known, id } if *known == collection => {
                !self.is_untaken(*known, id) || (takes && is_there(*known, id))
            }
            _ => false,
        })
    }
}

/// The fields of a record that is taken by an account.
pub(super) fn taken(model: &Model, collection: &Collection, account: &Record) -> Vec<(Arc<str>, Json)> {
    let Some(known) = &collection.taker else { return Vec::new() };
    let example = |key: &str| collection.field(key).map_or_else(|| Json::string(""), |field| field.example.clone());
    let id = (Arc::clone(&known.field), example(&known.field).in_form(&account.id));
    std::iter::once(id).chain(shown(model, collection, account)).collect()
}

/// The fields that show of which account a record is to work on.
fn shown<'c>(
    model: &'c Model,
    collection: &'c Collection,
    account: &'c Record,
) -> impl Iterator<Item = (Arc<str>, Json)> + 'c {
    let example = |key: &str| collection.field(key).map_or_else(|| Json::string(""), |field| field.example.clone());
    let shown = collection.taker.iter().flat_map(|known| &known.shown);
    shown.map(move |(key, part)| (Arc::clone(key), value(model, part, &example(key), account)))
}

/// What is shown of the account that whoever makes a record names in what is sent.
pub(super) fn appointed(
    model: &Model,
    world: &World,
    collection: &Collection,
    sent: &[(Arc<str>, Json)],
) -> Vec<(Arc<str>, Json)> {
    let known = collection.taker.as_ref().filter(|known| known.appointed);
    let id = known.and_then(|known| sent.iter().find(|(key, _)| *key == known.field));
    let account = id.and_then(|(_, id)| world.record_by_id(COLLECTION, id.scalar_text()?));
    account.map_or_else(Vec::new, |account| shown(model, collection, account).collect())
}

/// The fields of a record that nobody has taken any more.
pub(super) fn left(collection: &Collection) -> Vec<(Arc<str>, Json)> {
    let Some(known) = &collection.taker else { return Vec::new() };
    let fields = known.shown.iter().map(|(key, _)| key).chain([&known.field]);
    let before = |key: &Arc<str>| match collection.field(key).map(|field| &field.initial) {
        Some(Initial::Value(value)) => value.clone(),
        _ => Json::string(""),
    };
    fields.map(|key| (Arc::clone(key), before(key))).collect()
}

fn value(model: &Model, part: &TakerPart, example: &Json, account: &Record) -> Json {
    match part {
        TakerPart::Id => example.in_form(&account.id),
        TakerPart::Identity => example.in_form(identity(account).map_or("", |name| &**name)),
        TakerPart::Field(key) => {
            let fields = &model.accounts.fields;
            let initial = || fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
            example.in_form(text_of(account.field(key).or_else(initial)).unwrap_or(""))
        }
        TakerPart::Parts(parts) => {
            let mut members = example.clone();
            for (key, example, part) in parts {
                members.set(key, value(model, part, example, account));
            }
            members
        }
    }
}
