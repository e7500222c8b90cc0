//! A document in, its world out, or what is wrong with it and where. Whatever does not hold of any world (a key of two
//! records, a number given twice) is refused here, so that a restored world is as sound as one that grew.

use super::{FORMAT, NUMBER, VERSION};
use crate::json::{Json, is_number};
use crate::world::{
    Clock, Collection, Fault, Fields, Key, Mark, Owner, Passcode, PasswordHash, PasswordKey, Record, Token, Upload,
    World, WorldName,
};
use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// Why a document is no snapshot of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotError {
    /// The steps to the place, the last first.
    pub(super) path: Vec<String>,
    pub(super) message: String,
}

type Read<T> = Result<T, SnapshotError>;

pub(super) fn world(document: &Value, name: WorldName) -> Read<World> {
    let document = object(document)?;
    let texts = &mut Texts::default();
    member(document, "format", |value| expect(text(value)? == FORMAT, || format!("this is no `{FORMAT}`")))?;
    member(document, "version", |value| {
        expect(natural(value)? == VERSION, || format!("this docsim reads version {VERSION} only"))
    })?;
    let mut world = World::new(name, member(document, "seed", natural)?, member(document, "clock", clock)?);
    world.key = PasswordKey::from_bytes(member(document, "key", bytes)?);
    world.sequence = member(document, "sequence", count)?;
    world.draws = member(document, "draws", count)?;
    member(document, "collections", |value| {
        each(value, |value| {
            let (name, collection) = collection(object(value)?, texts)?;
            let twice = world.collections.insert(Arc::clone(&name), collection).is_some();
            expect(!twice, || format!("there are two collections `{name}`"))
        })
    })?;
    member(document, "tokens", |value| {
        each(value, |value| {
            let issued = world.tokens.issue(&Arc::new(token(object(value)?, texts)?));
            expect(issued, || "this token comes twice, or its number is not greater than the one before".to_owned())
        })
    })?;
    member(document, "passcodes", |value| {
        each(value, |value| {
            let passcode = passcode(object(value)?, texts)?;
            expect(passcode.id >= world.passcodes.next_id(), || {
                "the id is not greater than the one before".to_owned()
            })?;
            world.passcodes.keep(&Arc::new(passcode));
            Ok(())
        })
    })?;
    // Snapshots from before there were uploads and faults have none.
    optional(document, "uploads", |value| {
        each(value, |value| {
            let put = world.uploads.put(&Arc::new(upload(object(value)?)?));
            expect(put, || "another file has this path".to_owned())
        })
    })?;
    world.uploads.reserve(optional(document, "next_upload", count)?.unwrap_or(1));
    optional(document, "faults", |value| {
        each(value, |value| {
            let added = world.faults.add(&Arc::new(fault(object(value)?)?));
            expect(added, || "the id is not greater than the one before, or there are too many faults".to_owned())
        })
    })?;
    world.faults.reserve(optional(document, "next_fault", count)?.unwrap_or(1));
    world.tokens.reserve(member(document, "next_token", count)?);
    world.passcodes.reserve(member(document, "next_passcode", count)?);
    Ok(world)
}

fn clock(value: &Value) -> Read<Clock> {
    let clock = object(value)?;
    Ok(Clock {
        offset_ms: member(clock, "offset_ms", integer)?,
        frozen_at: optional(clock, "frozen_at", integer)?,
        last: optional(clock, "last", integer)?,
    })
}

fn collection(value: &Map<String, Value>, texts: &mut Texts) -> Read<(Arc<str>, Collection)> {
    let mut collection = Collection::default();
    member(value, "records", |value| {
        each(value, |value| {
            let record = Arc::new(record(object(value)?, texts)?);
            expect(collection.insert(&record), || {
                "another record has this number, this id or one of these keys".to_owned()
            })
        })
    })?;
    collection.reserve(member(value, "next_seq", count)?);
    Ok((member(value, "name", |name| texts.shared(name))?, collection))
}

fn record(value: &Map<String, Value>, texts: &mut Texts) -> Read<Record> {
    let mut keys = Vec::new();
    let mut seen = HashSet::new();
    member(value, "keys", |value| {
        each(value, |value| {
            let value = object(value)?;
            let space = member(value, "space", |space| texts.shared(space))?;
            let key = Key { space, value: member(value, "value", shared)? };
            expect(seen.insert(key.clone()), || "this key comes twice".to_owned())?;
            keys.push(key);
            Ok(())
        })
    })?;
    keys.shrink_to_fit();
    let owner = optional(value, "owner", |value| {
        let value = object(value)?;
        let collection = member(value, "collection", |name| texts.shared(name))?;
        Ok(Owner { collection, seq: member(value, "seq", count)? })
    })?;
    let fields = member(value, "fields", |value| {
        Ok(object(value)?.iter().map(|(name, value)| (texts.share(name), exact(value))).collect::<Fields>())
    })?;
    Ok(Record {
        seq: member(value, "seq", count)?,
        id: member(value, "id", shared)?,
        owner,
        created_at: member(value, "created_at", integer)?,
        fields,
        password: optional(value, "password", bytes)?.map(PasswordHash::from_bytes),
        mark: member(value, "mark", mark)?,
        before_freeze: value.get("before_freeze").map(exact),
        keys,
    })
}

fn mark(value: &Value) -> Read<Mark> {
    let name = text(value)?;
    let mark = Mark::ALL.into_iter().find(|mark| mark.name() == name);
    mark.ok_or_else(|| SnapshotError::new("this must be `active`, `frozen` or `deleted`"))
}

fn token(value: &Map<String, Value>, texts: &mut Texts) -> Read<Token> {
    Ok(Token {
        token: member(value, "token", shared)?,
        collection: member(value, "collection", |name| texts.shared(name))?,
        account: member(value, "account", count)?,
        issued_at: member(value, "issued_at", integer)?,
        expires_at: member(value, "expires_at", integer)?,
        number: member(value, "number", count)?,
    })
}

fn passcode(value: &Map<String, Value>, texts: &mut Texts) -> Read<Passcode> {
    Ok(Passcode {
        id: member(value, "id", count)?,
        phone: member(value, "phone", shared)?,
        code: member(value, "code", shared)?,
        purpose: optional(value, "purpose", |purpose| texts.shared(purpose))?,
        issued_at: member(value, "issued_at", integer)?,
        expires_at: member(value, "expires_at", integer)?,
        spent_at: optional(value, "spent_at", integer)?,
        wrong: optional(value, "wrong", count)?.unwrap_or(0),
        replaced: member(value, "replaced", boolean)?,
    })
}

fn upload(value: &Map<String, Value>) -> Read<Upload> {
    let data = |value: &Value| {
        let decoded = BASE64_STANDARD.decode(text(value)?).ok();
        decoded.map(Bytes::from).ok_or_else(|| SnapshotError::new("this must be base64"))
    };
    Ok(Upload {
        number: member(value, "number", count)?,
        path: member(value, "path", shared)?,
        at: member(value, "at", integer)?,
        bytes: member(value, "data", data)?,
    })
}

fn fault(value: &Map<String, Value>) -> Read<Fault> {
    let member_of = |name: &str| value.get(name).map(exact);
    Fault::read(member(value, "id", count)?, &member_of)
        .map_err(|bad| SnapshotError::new(format!("this must be {}", bad.expected)).under(bad.member))
}

/// The other direction of `write::exact`.
fn exact(value: &Value) -> Json {
    match value {
        Value::Array(items) => Json::Array(items.iter().map(exact).collect()),
        Value::Object(members) => {
            let mut members = members.iter();
            if let (Some((name, value)), None) = (members.next(), members.next()) {
                match (name.strip_prefix('$'), value.as_str()) {
                    (Some("number"), Some(lexeme)) if is_number(lexeme) => return Json::Number(lexeme.into()),
                    (Some(escaped), _)
                        if escaped.starts_with('$') && escaped.trim_start_matches('$') == &NUMBER[1..] =>
                    {
                        return Json::Object(vec![(escaped.into(), exact(value))]);
                    }
                    _ => {}
                }
            }
            Json::Object(
                value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.as_str().into(), exact(value)))
                    .collect(),
            )
        }
        plain => plain.into(),
    }
}

/// Names that come a million times (of fields, collections, key spaces), each kept once.
#[derive(Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.0.insert(Arc::clone(&text));
        text
    }

    fn shared(&mut self, value: &Value) -> Read<Arc<str>> {
        text(value).map(|text| self.share(text))
    }
}

fn member<T>(object: &Map<String, Value>, name: &str, read: impl FnOnce(&Value) -> Read<T>) -> Read<T> {
    let value = object.get(name).ok_or_else(|| SnapshotError::new("this is missing"));
    value.and_then(read).map_err(|error| error.under(name))
}

/// Absent and null are the same here.
fn optional<T>(object: &Map<String, Value>, name: &str, read: impl FnOnce(&Value) -> Read<T>) -> Read<Option<T>> {
    let value = object.get(name).filter(|value| !value.is_null());
    value.map(read).transpose().map_err(|error| error.under(name))
}

fn each(value: &Value, mut read: impl FnMut(&Value) -> Read<()>) -> Read<()> {
    let items = value.as_array().ok_or_else(|| SnapshotError::new("this must be an array"))?;
    items.iter().enumerate().try_for_each(|(at, item)| read(item).map_err(|error| error.under(at)))
}

fn object(value: &Value) -> Read<&Map<String, Value>> {
    value.as_object().ok_or_else(|| SnapshotError::new("this must be an object"))
}

fn text(value: &Value) -> Read<&str> {
    value.as_str().ok_or_else(|| SnapshotError::new("this must be a string"))
}

fn shared(value: &Value) -> Read<Arc<str>> {
    text(value).map(Arc::from)
}

fn natural(value: &Value) -> Read<u64> {
    value.as_u64().ok_or_else(|| SnapshotError::new("this must be a whole number from 0 to 18446744073709551615"))
}

/// A number that docsim gives out one after the other: one that leaves room for all that are still to come, and that no
/// reader of JSON rounds.
fn count(value: &Value) -> Read<u64> {
    const MOST: u64 = 1 << 53;
    let number = value.as_u64().filter(|number| *number <= MOST);
    number.ok_or_else(|| SnapshotError::new(format!("this must be a whole number from 0 to {MOST}")))
}

fn integer(value: &Value) -> Read<i64> {
    value.as_i64().ok_or_else(|| SnapshotError::new("this must be a whole number of 64 bits"))
}

fn boolean(value: &Value) -> Read<bool> {
    value.as_bool().ok_or_else(|| SnapshotError::new("this must be true or false"))
}

fn bytes(value: &Value) -> Read<[u8; 32]> {
    let digits: Option<Vec<u8>> = text(value)?.chars().map(|c| c.to_digit(16)?.try_into().ok()).collect();
    let pairs = digits.unwrap_or_default();
    let bytes: Vec<u8> = pairs.chunks(2).map(|pair| pair.iter().fold(0, |byte, half| byte << 4 | half)).collect();
    let bytes = (pairs.len() == 64).then(|| bytes.try_into().ok()).flatten();
    bytes.ok_or_else(|| SnapshotError::new("this must be 64 hexadecimal digits"))
}

fn expect(holds: bool, message: impl FnOnce() -> String) -> Read<()> {
    if holds { Ok(()) } else { Err(SnapshotError::new(message())) }
}

impl SnapshotError {
    fn new(message: impl Into<String>) -> Self {
        Self { path: Vec::new(), message: message.into() }
    }

    #[must_use]
    fn under(mut self, step: impl fmt::Display) -> Self {
        self.path.push(step.to_string());
        self
    }

    /// RFC 6901; empty for the document as a whole.
    pub fn pointer(&self) -> String {
        self.path
            .iter()
            .rev()
            .fold(String::new(), |pointer, step| pointer + "/" + &step.replace('~', "~0").replace('/', "~1"))
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the document is no snapshot of a world: ")?;
        if !self.path.is_empty() {
            write!(f, "at {}: ", self.pointer())?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SnapshotError {}
