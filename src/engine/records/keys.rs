//! What records and accounts are known by beside their ids: numbers, and what no two have alike.

use super::values::text_of;
use crate::behavior::Model;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::items::item::{TimeForm, time_form};
use crate::behavior::collection::{Collection, Initial, Unique};
use crate::json::Json;
use crate::world::{Change, Fields, Key, Owner, Record};
use std::sync::Arc;

/// Before the names of the fields that only one record has alike.
const UNIQUE: &str = "unique:";

/// What a record is known by beside its id: what is unique, and the numbers that it can be asked for by.
pub(in crate::engine) fn keys(collection: &Collection, fields: &Fields, owner: Option<&Owner>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let standing = collection.unique.iter().filter(|_| !collection.is_over(fields));
    for unique in standing {
        let values: Vec<Option<String>> =
            unique.fields.iter().map(|field| text_of(fields.get(field)).map(str::to_owned)).collect();
        keys.extend(key_of(unique, &values, owner));
    }
    let numbered = collection.fields.iter().filter(|field| field.initial == Initial::Number);
    for field in numbered {
        if let Some(text) = text_of(fields.get(&field.key)).filter(|text| !text.is_empty()) {
            keys.push(Key::new(space(&field.key), text));
        }
    }
    keys
}

/// None where a value is missing: what is not there is like nothing.
pub(in crate::engine) fn key_of(unique: &Unique, values: &[Option<String>], owner: Option<&Owner>) -> Option<Key> {
    let values: Vec<&str> = values
        .iter()
        .zip(&unique.fields)
        .map(|(value, field)| {
            let text = value.as_deref().filter(|text| !text.is_empty())?;
            Some(if unique.day.as_ref() == Some(field) { day_of(text) } else { text })
        })
        .collect::<Option<_>>()?;
    let fields: Vec<&str> = unique.fields.iter().map(|field| &**field).collect();
    let whose = owner.filter(|_| unique.own).map_or_else(String::new, |owner| owner.seq.to_string());
    Some(Key::new(format!("{UNIQUE}{}", fields.join("\u{1f}")), format!("{whose}\u{1f}{}", values.join("\u{1f}"))))
}

/// The day of what is written as a day with a time.
fn day_of(text: &str) -> &str {
    match time_form(&Json::string(text)) {
        Some(TimeForm::DateTime { .. } | TimeForm::Iso { .. }) => text.get(..10).unwrap_or(text),
        _ => text,
    }
}

/// The space of the keys that a field's values are.
pub(in crate::engine) fn space(field: &str) -> Arc<str> {
    format!("field:{field}").into()
}

/// By which an account is known beside its names: what no two accounts have alike.
pub(in crate::engine) fn account_keys(model: &Model, fields: &Fields) -> Vec<Key> {
    let unique = model.accounts.unique.iter();
    let known = unique.filter_map(|field| Some((field, text_of(fields.get(field)).filter(|text| !text.is_empty())?)));
    known.map(|(field, text)| Key::new(space(field), text)).collect()
}

/// The change by which an account is known by another value of a field, where that is one that no two have alike.
pub(in crate::engine) fn account_key_change(
    model: &Model,
    account: &Record,
    field: &Arc<str>,
    value: &Json,
) -> Option<Change> {
    model.accounts.unique.contains(field).then_some(())?;
    let space = space(field);
    let (from, to) = (account.key(&space).cloned(), value.scalar_text().filter(|text| !text.is_empty()));
    (from.as_deref() != to).then(|| Change::KeySet {
        collection: COLLECTION.into(),
        seq: account.seq,
        space,
        from,
        to: to.map(Into::into),
    })
}

/// The changes that give a record these fields, its keys with them.
pub(in crate::engine) fn changes(
    collection: &Collection,
    record: &Record,
    fields: Vec<(Arc<str>, Json)>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut after = record.fields.clone();
    for (key, value) in fields {
        if record.field(&key) != Some(&value) {
            changes.push(Change::field(&collection.name, record, &key, Some(value.clone())));
            after.set(&key, Some(value));
        }
    }
    let (before, now) = (&record.keys, keys(collection, &after, record.owner.as_ref()));
    for key in &now {
        let old = before.iter().find(|known| known.space == key.space);
        if old != Some(key) {
            changes.push(Change::KeySet {
                collection: Arc::clone(&collection.name),
                seq: record.seq,
                space: Arc::clone(&key.space),
                from: old.map(|old| Arc::clone(&old.value)),
                to: Some(Arc::clone(&key.value)),
            });
        }
    }
    // What is over is in nobody's way.
    let gone = before.iter().filter(|key| key.space.starts_with(UNIQUE) && !now.iter().any(|n| n.space == key.space));
    changes.extend(gone.map(|key| Change::KeySet {
        collection: Arc::clone(&collection.name),
        seq: record.seq,
        space: Arc::clone(&key.space),
        from: Some(Arc::clone(&key.value)),
        to: None,
    }));
    changes
}
