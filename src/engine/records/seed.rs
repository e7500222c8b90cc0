//! The records of the examples, in a world that has none of their collection yet.

use super::keys::keys;
use super::owner;
use crate::behavior::Model;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::Collection;
use crate::engine::decide::{IDENTITY, identity_key};
use crate::engine::fake;
use crate::world::{Change, Fields, Mark, Millis, Record, World};
use std::sync::Arc;

/// Puts the records of the examples into a world that has none of their collection yet. A change of the documents adds what
/// is new and touches nothing that is there.
pub fn seed(model: &Model, world: &mut World, now: Millis) {
    let missing = |collection: &Collection| {
        (!collection.seeds.is_empty() || collection.varied > 0) && world.collection(&collection.name).is_none()
    };
    let fresh: Vec<usize> = (0..model.collections.len()).filter(|at| missing(&model.collections[*at])).collect();
    for collection in fresh.iter().map(|at| &model.collections[*at]) {
        // Where the newest stands first, the last is the oldest.
        let mut order: Vec<usize> = (0..collection.seeds.len()).collect();
        if newest_first(model, &collection.name) {
            order.reverse();
        }
        for at in order {
            let Some(seed) = collection.seeds.get(at) else { continue };
            let seq = world.next_seq(&collection.name);
            let id: Arc<str> = seed.id.as_deref().map_or_else(|| seq.to_string().into(), Into::into);
            let mut fields = Fields::default();
            for field in &collection.fields {
                let value = seed.fields.get(&field.key).cloned().unwrap_or_else(|| field.example.emptied());
                fields.set(&field.key, Some(value));
            }
            for (key, value) in seed.fields.iter().filter(|(key, _)| collection.field(key).is_none()) {
                fields.set(key, Some(value.clone()));
            }
            let named = |name: &str| world.by_key(COLLECTION, IDENTITY, &identity_key(name));
            let owner = seed.owner.as_deref().and_then(named).map(|account| owner(account));
            let keys = keys(collection, &fields, owner.as_ref());
            let record = Record {
                seq,
                id,
                owner,
                created_at: now,
                fields,
                password: None,
                mark: Mark::Active,
                before_freeze: None,
                keys,
            };
            let made = world.apply(&Change::RecordCreated {
                collection: Arc::clone(&collection.name),
                record: Arc::new(record.clone()),
            });
            if !made {
                // Two examples that are alike where only one may be: the second goes without the key.
                let record = Record { keys: Vec::new(), ..record };
                world.apply(&Change::RecordCreated {
                    collection: Arc::clone(&collection.name),
                    record: Arc::new(record),
                });
            }
        }
    }
    // Last, so that they can name records of other collections.
    for at in fresh {
        fake::fill(model, at, world, now);
    }
}

fn newest_first(model: &Model, name: &str) -> bool {
    let lists = model.behaviors.iter().filter_map(|behavior| behavior.list.as_ref());
    let mut own = lists.filter(|list| *model.collections[list.collection].name == *name);
    own.any(|list| list.newest_first)
}
