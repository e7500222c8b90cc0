//! What makes a collection one of vouchers: they are somebody's, called so, worth money, used or not.

use super::{Collection, ItemField};
use crate::behavior::StatusValue;
use crate::behavior::operation::split_words;
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, label_head};
use std::sync::Arc;

/// What a record is that takes something off a sum, once.
pub(in crate::behavior) struct Voucher {
    /// The status, before and after it is used.
    pub(in crate::behavior) status: Arc<str>,
    pub(in crate::behavior) unused: Vec<Json>,
    pub(in crate::behavior) used: Json,
    pub(in crate::behavior) worth: Arc<str>,
    /// The field that says from which sum on it can be used.
    pub(in crate::behavior) least: Option<Arc<str>>,
}

pub(in crate::behavior) fn voucher(collection: &Collection, lexicon: &Lexicon) -> Option<Voucher> {
    let mut words = collection.id.key.iter().flat_map(|key| split_words(key)).chain(collection.names.iter().cloned());
    let called = words.any(|word| lexicon.is_named("voucher", &word))
        || collection.titles.iter().any(|title| lexicon.speaks_of("voucher", title));
    if !called || !collection.private {
        return None;
    }
    let verb = lexicon.verbs().named("use")?;
    let is_least = |field: &&ItemField| {
        lexicon.is_named("least-spend", &field.key) || lexicon.speaks_of("least-spend", &field.words)
    };
    let worth = collection.fields.iter().find(|field| field.role == Role::Amount && !is_least(field))?;
    let least = collection.fields.iter().find(is_least);
    collection.machines.iter().find_map(|machine| {
        let head = |value: &StatusValue| label_head(&value.words).to_lowercase();
        let used = machine.values.iter().find(|value| verb.leads.contains(&head(value)))?;
        let unused = machine.values.iter().filter(|value| verb.leaves.contains(&head(value)));
        let unused: Vec<Json> = unused.map(|value| value.value.clone()).collect();
        (!unused.is_empty()).then(|| Voucher {
            status: Arc::clone(&machine.field),
            unused,
            used: used.value.clone(),
            worth: Arc::clone(&worth.key),
            least: least.map(|field| Arc::clone(&field.key)),
        })
    })
}
