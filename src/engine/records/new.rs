//! What a new record holds: what was sent, what it has of records that it names, and what every one begins with.

use super::keys::keys;
use super::named;
use super::numbering::{next_id, next_number};
use super::times::write_time;
use super::values::{is_empty, text_of};
use crate::behavior::Model;
use crate::behavior::collection::items::item::time_form;
use crate::behavior::collection::{Collection, CopiedMembers, Initial};
use crate::engine::lines::Ware;
use crate::engine::{loans, sums};
use crate::json::Json;
use crate::world::{Fields, Mark, Millis, Owner, Record, World};
use std::sync::Arc;

/// A new record, not yet in the world. `sent` are fields with their values, `wares` the lines that it is made up of.
pub(in crate::engine) fn new_record(
    model: &Model,
    at: usize,
    sent: Vec<(Arc<str>, Json)>,
    owner: Option<Owner>,
    wares: &[Ware],
    world: &mut World,
    now: Millis,
) -> Arc<Record> {
    let collection = &model.collections[at];
    let given: Vec<Arc<str>> =
        sent.iter().filter(|(_, value)| !is_empty(value)).map(|(key, _)| Arc::clone(key)).collect();
    let sent = with_inherited(model, collection, sent, world);
    let seq = world.next_seq(&collection.name);
    let mut fields = Fields::default();
    for field in &collection.fields {
        let given =
            sent.iter().find(|(key, value)| *key == field.key && !is_empty(value)).map(|(_, value)| value.clone());
        let value = given.or_else(|| match &field.initial {
            Initial::Value(value) => Some(value.clone()),
            Initial::Now => {
                time_form(&field.example).map(|form| field.example.in_form(&write_time(form, now, model.utc_offset)))
            }
            Initial::After(later) => time_form(&field.example)
                .map(|form| field.example.in_form(&write_time(form, now.saturating_add(*later), model.utc_offset))),
            Initial::Ending(_) => None,
            Initial::Drawn => {
                field.example.scalar_text().map(|example| field.example.in_form(&world.stream().id_like(example)))
            }
            Initial::Number => Some(field.example.in_form(&next_number(&field.example, seq, now, model.utc_offset))),
        });
        fields.set(&field.key, value);
    }
    for (key, value) in sent {
        if fields.get(&key).is_none() {
            fields.set(&key, Some(value));
        }
    }
    copy(model, collection, &mut fields, &given, world);
    loans::end(collection, &mut fields);
    sums::fill(model, collection, &mut fields, &given, wares, (world, owner.as_ref()));
    if let Some(free) = collection.free.as_ref().filter(|free| !given.contains(&free.field))
        && sums::costs_nothing(model, collection, &fields, world)
    {
        fields.set(&free.field, Some(free.to.clone()));
    }
    let number = |key: &Arc<str>| text_of(fields.get(key)).and_then(|text| text.parse::<f64>().ok());
    let mut begin = collection.begins.iter().filter(|begin| !given.contains(&begin.field));
    let begin = begin.find(|begin| number(&begin.of).is_some_and(|number| begin.when.holds(number)));
    if let Some(begin) = begin {
        fields.set(&begin.field, Some(begin.to.clone()));
    }
    let id = next_id(collection, seq, world, now, model.utc_offset);
    let keys = keys(collection, &fields, owner.as_ref());
    Arc::new(Record {
        seq,
        id,
        owner: owner.filter(|_| collection.owned || collection.relation.is_some()),
        created_at: now,
        fields,
        password: None,
        mark: Mark::Active,
        before_freeze: None,
        keys,
    })
}

/// What a removed record is elsewhere: in a bin, or back out of it. None where another that may not be alike is there.
pub(in crate::engine) fn kept_in(
    model: &Model,
    at: usize,
    record: &Record,
    world: &World,
    now: Millis,
) -> Option<Arc<Record>> {
    let collection = &model.collections[at];
    let mut fields = record.fields.clone();
    let times = collection.fields.iter().filter(|field| field.initial == Initial::Now);
    for field in times {
        if fields.get(&field.key).is_some() {
            continue;
        }
        let form = time_form(&field.example);
        fields.set(&field.key, form.map(|form| field.example.in_form(&write_time(form, now, model.utc_offset))));
    }
    let keys = keys(collection, &fields, record.owner.as_ref());
    let taken = keys.iter().any(|key| world.by_key(&collection.name, &key.space, &key.value).is_some());
    (!taken).then(|| Arc::new(Record { fields, keys, ..record.clone() }))
}

/// What a new record keeps of another's as it is now.
fn copy(model: &Model, collection: &Collection, fields: &mut Fields, given: &[Arc<str>], world: &World) {
    for copied in collection.copies.iter().filter(|copied| !given.contains(&copied.field)) {
        let id = text_of(fields.get(&copied.reference));
        let Some(record) = id.and_then(|id| named(model, world, copied.collection, id)) else { continue };
        let value = match &copied.members {
            CopiedMembers::One(_) if fields.get(&copied.field).is_some_and(|known| !is_empty(known)) => None,
            CopiedMembers::Joined(..) if fields.get(&copied.field).is_some_and(|known| !is_empty(known)) => None,
            CopiedMembers::Joined(parts, joint) => {
                let parts = parts.iter().filter_map(|part| text_of(record.field(part)));
                Some(Json::string(parts.collect::<Vec<_>>().join(joint)))
            }
            CopiedMembers::One(field) => record.field(field).cloned(),
            CopiedMembers::Several(members) => {
                let members = members.iter().map(|(key, example, field)| {
                    let value = match field {
                        Some(field) => record.field(field).cloned().unwrap_or_else(|| example.emptied()),
                        None => example.in_form(&record.id),
                    };
                    (Arc::clone(key), value)
                });
                Some(Json::Object(members.collect()))
            }
        };
        if value.is_some() {
            fields.set(&copied.field, value);
        }
    }
}

/// What was sent, and what a record that it names has in common with the new one.
fn with_inherited(
    model: &Model,
    collection: &Collection,
    mut sent: Vec<(Arc<str>, Json)>,
    world: &World,
) -> Vec<(Arc<str>, Json)> {
    for inherited in &collection.inherited {
        let given = |field: &str| sent.iter().find(|(key, value)| **key == *field && !is_empty(value));
        if given(&inherited.field).is_some() {
            continue;
        }
        let named = given(&inherited.reference).and_then(|(_, value)| value.scalar_text());
        let named = named.and_then(|id| self::named(model, world, inherited.collection, id));
        if let Some(value) = named.and_then(|named| named.field(&inherited.from)).filter(|value| !is_empty(value)) {
            let value = value.clone();
            sent.push((Arc::clone(&inherited.field), value));
        }
    }
    sent
}
