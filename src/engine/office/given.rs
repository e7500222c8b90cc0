//! Accounts that the documents say are there from the start.

use super::{AccountEdit, apply, create};
use crate::behavior::Model;
use crate::behavior::account::{COLLECTION, IDENTITY};
use crate::engine::decide::identity_key;
use crate::json::Json;
use crate::world::{Change, Fields, Key, Mark, Millis, Record, World};
use std::sync::Arc;

/// Puts them into a new world.
pub fn give_accounts(model: &Model, world: &mut World, now: Millis) {
    let accounts = &model.accounts;
    // They are given once, before anybody registers.
    if accounts.given.is_empty() || world.next_seq(COLLECTION) > 1 || world.record(COLLECTION, 0).is_some() {
        return;
    }
    for (seq, given) in (0..).zip(&accounts.given) {
        let kinds = accounts.kinds.as_ref().filter(|_| given.office);
        let Some((space, kind)) =
            kinds.and_then(|kinds| Some((kinds.spaces().next().unwrap_or_default(), kinds.runs_place()?)))
        else {
            let (password, identity) = (Some(given.password.clone()), Some(given.name.clone()));
            let _ = create(model, world, &AccountEdit { password, identity, ..AccountEdit::default() }, now);
            continue;
        };
        // Who runs the place is counted apart: the numbers of those who register begin as without it.
        let mut fields = Fields::default();
        fields.set(kind.0, Some(Json::string(kind.1)));
        for key in accounts.fields.iter().filter(|field| field.is_name()).map(|field| &field.key) {
            fields.set(key, Some(Json::string(given.name.as_str())));
        }
        let free = seq == 0 && world.record(COLLECTION, 0).is_none();
        let record = Record {
            seq: if free { 0 } else { world.next_seq(COLLECTION) },
            id: given.name.as_str().into(),
            owner: None,
            created_at: now,
            fields,
            password: Some(world.password_key().hash(&given.password)),
            mark: Mark::Active,
            before_freeze: None,
            keys: vec![Key::new(if space.is_empty() { IDENTITY } else { &space }, identity_key(&given.name))],
        };
        apply(world, &[Change::RecordCreated { collection: COLLECTION.into(), record: Arc::new(record) }]);
    }
}
