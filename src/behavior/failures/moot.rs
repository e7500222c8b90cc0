//! Guesses that would refuse every call: a record is asked for where none can ever be.
//!
//! In: what endpoints do, how sure that is, and the collections. Out: the endpoints whose collection has no records and nothing
//! that makes one, though that they work on it is a guess. What they demand of records is not demanded then.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::collection::{Collection, OnRecords};
use crate::behavior::{Confidence, Evidence};
use crate::lexicon::{Class, Operation};

/// Lets go of what could never succeed from a fresh start.
pub(in crate::behavior) fn let_go(
    gathering: &Gathering<'_>,
    operations: &[(Operation, Evidence)],
    collections: &[Collection],
    on_records: &mut [Option<OnRecords>],
) {
    for at in moot(gathering, operations, collections, on_records) {
        on_records[at] = None;
    }
}

fn moot(
    gathering: &Gathering<'_>,
    operations: &[(Operation, Evidence)],
    collections: &[Collection],
    on_records: &[Option<OnRecords>],
) -> Vec<usize> {
    let makes = |operation: Operation| matches!(operation, Operation::Create | Operation::Save | Operation::Toggle);
    let mut made = vec![false; collections.len()];
    for (at, on) in on_records.iter().enumerate() {
        if let Some(on) = on.as_ref().filter(|_| makes(gathering.operations[at])) {
            made[on.collection] = true;
        }
    }
    let empty = |at: usize| {
        let known = &collections[at];
        let own = known.seeds.is_empty() && !made[at] && known.relation.is_none() && !known.written;
        own && !known.holds_accounts() && gathering.groups.get(at).is_none_or(|group| group.within.is_none())
    };
    let is_moot = |at: &usize| {
        let Some(on) = on_records[*at].as_ref() else { return false };
        let Some(id) = on.id.as_ref().filter(|_| empty(on.collection)) else { return false };
        let guessed = operations[*at].1.confidence == Confidence::Guess;
        // `goods_id` of an order that is redeemed names no order.
        let stem = id_stem(&gathering.inputs[*at][id.input].name);
        let foreign = stem.is_some_and(|stem| !collections[on.collection].is_called(&stem));
        let told = || {
            let own = &gathering.chooser.catalog.own[*at];
            own.iter().any(|failure| failure.classes.contains(&Class::NotFound))
        };
        !gathering.is_placed(*at)
            && (guessed || (foreign && !told()) || (on.confidence == Confidence::Guess && !told()))
    };
    (0..operations.len()).filter(is_moot).collect()
}
