//! A world in, its document out. Cannot fail.

use super::{FORMAT, NUMBER, VERSION, hex};
use crate::json::Json;
use crate::world::{Clock, Collection, Passcode, Record, Token, Upload, World};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value, json};

pub(super) fn world(world: &World) -> Value {
    let collections: Vec<Value> = world.collections().map(|(name, records)| collection(name, records)).collect();
    let tokens: Vec<Value> = world.tokens.iter().map(|each| token(each)).collect();
    let passcodes: Vec<Value> = world.passcodes.iter().map(|each| passcode(each)).collect();
    let faults: Vec<Value> = world.faults.iter().map(|each| exact(&each.to_json())).collect();
    let uploads: Vec<Value> = world.uploads.iter().map(|each| upload(each)).collect();
    json!({
        "format": FORMAT,
        "version": VERSION,
        "name": world.name.as_str(),
        "seed": world.seed,
        "key": hex(world.key.bytes()),
        "clock": clock(world.clock),
        "sequence": world.sequence,
        "draws": world.draws,
        "next_token": world.tokens.next_number(),
        "next_passcode": world.passcodes.next_id(),
        "collections": collections,
        "tokens": tokens,
        "passcodes": passcodes,
        "next_upload": world.uploads.next_number(),
        "uploads": uploads,
        "next_fault": world.faults.next_id(),
        "faults": faults,
    })
}

fn clock(clock: Clock) -> Value {
    json!({ "offset_ms": clock.offset_ms, "frozen_at": clock.frozen_at, "last": clock.last })
}

fn collection(name: &str, collection: &Collection) -> Value {
    let records: Vec<Value> = collection.iter().map(|each| record(each)).collect();
    json!({ "name": name, "next_seq": collection.next_seq(), "records": records })
}

/// What a record does not have is absent, so that a field's null and no field stay apart.
fn record(record: &Record) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("seq", record.seq.into());
    put("id", (*record.id).into());
    if let Some(owner) = &record.owner {
        put("owner", json!({ "collection": &*owner.collection, "seq": owner.seq }));
    }
    put("created_at", record.created_at.into());
    put("mark", record.mark.name().into());
    put("keys", record.keys.iter().map(|key| json!({ "space": &*key.space, "value": &*key.value })).collect());
    if let Some(password) = &record.password {
        put("password", hex(password.bytes()).into());
    }
    if let Some(status) = &record.before_freeze {
        put("before_freeze", exact(status));
    }
    put("fields", Value::Object(record.fields.iter().map(|(name, value)| (name.to_string(), exact(value))).collect()));
    Value::Object(members)
}

fn token(token: &Token) -> Value {
    json!({
        "number": token.number,
        "token": &*token.token,
        "collection": &*token.collection,
        "account": token.account,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
    })
}

fn passcode(passcode: &Passcode) -> Value {
    json!({
        "id": passcode.id,
        "phone": &*passcode.phone,
        "code": &*passcode.code,
        "purpose": passcode.purpose.as_deref(),
        "issued_at": passcode.issued_at,
        "expires_at": passcode.expires_at,
        "spent_at": passcode.spent_at,
        "wrong": passcode.wrong,
        "replaced": passcode.replaced,
    })
}

fn upload(upload: &Upload) -> Value {
    let data = BASE64_STANDARD.encode(&upload.bytes);
    json!({ "number": upload.number, "path": &*upload.path, "at": upload.at, "data": data })
}

fn exact(value: &Json) -> Value {
    match value {
        Json::Number(lexeme) => {
            let number = serde_json::from_str(lexeme).ok();
            let same = number.filter(|number: &Value| number.to_string().as_str() == &**lexeme);
            same.unwrap_or_else(|| json!({ NUMBER: &**lexeme }))
        }
        Json::Array(items) => items.iter().map(exact).collect(),
        Json::Object(members) => match members.as_slice() {
            [(name, value)] if name.trim_start_matches('$') == &NUMBER[1..] && name.starts_with('$') => {
                Value::Object([(format!("${name}"), exact(value))].into_iter().collect())
            }
            _ => Value::Object(members.iter().map(|(name, value)| (name.to_string(), exact(value))).collect()),
        },
        plain => plain.into(),
    }
}
