//! Vouchers as orders name them: by an id of their own, or by that of the offer that their owner received.

use super::records::{self, text_of};
use crate::behavior::Model;
use crate::behavior::collection::Used;
use crate::world::{Change, Owner, Record, World};
use std::sync::Arc;

/// The record that has this id, or this number, as somebody names it.
pub(super) fn named_by<'w>(
    model: &Model,
    world: &'w World,
    at: usize,
    text: &str,
    owner: Option<&Owner>,
) -> Option<&'w Arc<Record>> {
    held(model, world, at, text, owner, true).or_else(|| records::named(model, world, at, text))
}

/// The owner's record that was made of what a text names, where such records are named so.
pub(super) fn held<'w>(
    model: &Model,
    world: &'w World,
    at: usize,
    text: &str,
    owner: Option<&Owner>,
    unused: bool,
) -> Option<&'w Arc<Record>> {
    let collection = &model.collections[at];
    let how = collection.held.as_ref()?;
    let known = world.collection(&collection.name)?;
    let is_unused = |record: &Arc<Record>| {
        let status = text_of(record.field(&how.status));
        how.unused.iter().any(|value| value.scalar_text() == status)
    };
    let mut own = known.owned_by(owner?).filter(|record| text_of(record.field(&how.field)) == Some(text)).peekable();
    let first = own.peek().copied();
    own.find(|record| is_unused(record) == unused).or(first)
}

/// The changes by which the voucher that a record used can be used again.
pub(super) fn returned(model: &Model, world: &World, record: &Record, used: &Used) -> Vec<Change> {
    let at = used.collection;
    let voucher = text_of(record.field(&used.reference)).and_then(|id| {
        let used = held(model, world, at, id, record.owner.as_ref(), false);
        used.or_else(|| records::named(model, world, at, id))
    });
    let shape = &model.collections[used.collection];
    voucher.map_or_else(Vec::new, |voucher| {
        records::changes(shape, voucher, vec![(Arc::clone(&used.status), used.unused.clone())])
    })
}
