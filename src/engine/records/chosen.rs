//! The one record of an owner that is the chosen one: a default address.

use super::values::{flag_of, is_yes};
use crate::behavior::collection::{Collection, Heir};
use crate::world::{Change, Record, World};
use std::sync::Arc;

/// The changes by which the owner's other records are no longer the chosen one.
pub(in crate::engine) fn unchosen(collection: &Collection, world: &World, record: &Record, flag: &str) -> Vec<Change> {
    let Some(known) = world.collection(&collection.name) else { return Vec::new() };
    let chosen =
        |other: &&Arc<Record>| other.owner == record.owner && other.seq != record.seq && is_yes(other.field(flag));
    let others: Vec<&Arc<Record>> = match &record.owner {
        Some(owner) => known.owned_by(owner).filter(chosen).collect(),
        None => known.iter().filter(chosen).collect(),
    };
    let no = flag_of(collection, flag, false);
    others.into_iter().map(|other| Change::field(&collection.name, other, &flag.into(), Some(no.clone()))).collect()
}

/// The changes by which others are the chosen ones in the place of those that are removed.
pub(in crate::engine) fn heirs(collection: &Collection, world: &World, removed: &[Arc<Record>]) -> Vec<Change> {
    let (Some(flag), Some(heir)) = (&collection.default_flag, collection.heir) else { return Vec::new() };
    let Some(known) = world.collection(&collection.name) else { return Vec::new() };
    let chosen = removed.iter().filter(|record| is_yes(record.field(flag)));
    let next = |record: &Arc<Record>| {
        let own = known.owned_by(record.owner.as_ref()?);
        let left = own.filter(|other| !removed.iter().any(|gone| gone.seq == other.seq));
        match heir {
            Heir::Newest => left.max_by_key(|other| other.seq),
            Heir::Oldest => left.min_by_key(|other| other.seq),
        }
    };
    let yes = flag_of(collection, flag, true);
    chosen.filter_map(next).map(|heir| Change::field(&collection.name, heir, flag, Some(yes.clone()))).collect()
}
