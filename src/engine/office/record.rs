//! A tester's own hand on records: any status, whatever the machine says; keys, owners and the one default stay in step.
//!
//! In: a collection, an id, members as a person writes them. Out: changes, applied. Knows no HTTP.

use super::{AccountEdit, EditError, apply, field_key};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::{Machine, Model};
use crate::engine::decide::{accounts_named, identity};
use crate::engine::records::{changes, in_form, is_yes, keys, new_record, space, unchosen};
use crate::engine::room::{self, TooLarge};
use crate::json::{Json, is_number};
use crate::lexicon::{Role, compact, label_head};
use crate::world::{Change, Fields, Key, Millis, Owner, Record, World};
use std::fmt;
use std::sync::Arc;

/// What a record is to be, as a tester writes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordEdit {
    pub id: Option<String>,
    /// An account's identity or id. Null makes the record nobody's; none leaves it as it is.
    pub owner: Option<Json>,
    /// By the documents' names; null takes a value away.
    pub fields: Vec<(String, Json)>,
}

/// Why it cannot be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    NoCollection {
        name: String,
        known: Vec<String>,
    },
    NoRecord {
        collection: String,
        id: String,
        known: Vec<String>,
    },
    NoField {
        name: String,
        known: Vec<String>,
    },
    BadValue {
        field: String,
        expected: String,
        known: Vec<String>,
    },
    NoAccount(String),
    /// Another record has what only one can have.
    Taken {
        collection: String,
        id: String,
        what: String,
    },
    NoRoom(TooLarge),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCollection { name, known } => {
                write!(f, "the documents have no collection {}{}", cut(name), hint(name, known))
            }
            Self::NoRecord { collection, id, known } => {
                write!(f, "{collection} has no record with the id {}{}", cut(id), hint(id, known))
            }
            Self::NoField { name, known } => {
                write!(f, "the member {} is not known here{}", cut(name), hint(name, known))
            }
            Self::BadValue { field, expected, .. } => write!(f, "{field} has to be {expected}"),
            Self::NoAccount(name) => {
                write!(f, "this world has no account with the identity or id {}; POST accounts makes one", cut(name))
            }
            Self::Taken { collection, id, what } => write!(f, "{collection} {id} has {what} already"),
            Self::NoRoom(too_large) => too_large.fmt(f),
        }
    }
}

impl std::error::Error for RecordError {}

/// The collection and the record that two names stand for.
pub fn find_record<'w>(
    model: &Model,
    world: &'w World,
    collection: &str,
    id: &str,
) -> Result<(usize, &'w Arc<Record>), RecordError> {
    let at = model.collection(collection).ok_or_else(|| no_collection(model, collection))?;
    let shape = &model.collections[at];
    let by_number = || shape.fields.iter().find_map(|field| world.by_key(&shape.name, &space(&field.key), id));
    match world.record_by_id(&shape.name, id).or_else(by_number) {
        Some(record) => Ok((at, record)),
        None => {
            // Enough to find a slip of the hand; looking at all of a large collection would find no more.
            let some = world.collection(&shape.name).into_iter().flat_map(|all| all.iter().rev().take(1_000));
            let known = some.map(|record| record.id.to_string()).collect();
            Err(RecordError::NoRecord { collection: shape.name.to_string(), id: id.to_owned(), known })
        }
    }
}

/// The names by which collections are found.
pub fn no_collection(model: &Model, name: &str) -> RecordError {
    let mut known: Vec<String> = Vec::new();
    for collection in model.collections.iter().filter(|collection| !collection.holds_accounts()) {
        let own = collection.names.iter().chain(&collection.titles);
        for name in std::iter::once(&collection.name.to_string()).chain(own) {
            if !known.contains(name) {
                known.push(name.clone());
            }
        }
    }
    RecordError::NoCollection { name: name.to_owned(), known }
}

/// Makes a record. What is not said is as it is in a new record.
pub fn create_record(
    model: &Model,
    world: &mut World,
    collection: &str,
    edit: &RecordEdit,
    now: Millis,
) -> Result<(usize, Arc<Record>, Vec<Change>), RecordError> {
    let at = model.collection(collection).ok_or_else(|| no_collection(model, collection))?;
    let shape = &model.collections[at];
    let owner = edit.owner.as_ref().map(|owner| owner_named(model, world, owner)).transpose()?.flatten();
    let sent = values(model, at, None, &edit.fields)?;
    if let Some(id) = &edit.id
        && world.record_by_id(&shape.name, id).is_some()
    {
        return Err(RecordError::Taken { collection: shape.name.to_string(), id: id.clone(), what: "this id".into() });
    }
    let sent: Vec<(Arc<str>, Json)> = sent.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    let made = new_record(model, at, sent, owner.clone(), &[], world, now);
    let mut record = Record { owner, ..Record::clone(&made) };
    if let Some(id) = &edit.id {
        record.id = id.as_str().into();
    }
    record.keys = keys(shape, &record.fields, record.owner.as_ref());
    free(shape, world, &record.keys, record.seq)?;
    let record = Arc::new(record);
    let mut all = chosen(shape, world, &record);
    all.push(Change::RecordCreated { collection: Arc::clone(&shape.name), record: Arc::clone(&record) });
    room::check(world, &all).map_err(RecordError::NoRoom)?;
    apply(world, &all);
    Ok((at, record, all))
}

/// Sets fields of a record, or of an account, by hand.
pub fn edit_record(
    model: &Model,
    world: &mut World,
    collection: &str,
    id: &str,
    fields: &[(String, Json)],
) -> Result<Vec<Change>, RecordError> {
    if collection == COLLECTION && model.collection(collection).is_none() {
        return edit_account(model, world, id, fields);
    }
    put_record(model, world, collection, id, &RecordEdit { fields: fields.to_vec(), ..RecordEdit::default() }, false)
}

fn edit_account(
    model: &Model,
    world: &mut World,
    id: &str,
    fields: &[(String, Json)],
) -> Result<Vec<Change>, RecordError> {
    let account = world.record_by_id(COLLECTION, id).cloned().ok_or_else(|| RecordError::NoAccount(id.to_owned()))?;
    let status_key = model.accounts.machine.as_ref().map(|machine| &machine.field);
    let is_status = |name: &str| status_key.is_some_and(|key| **key == *field_key(model, name));
    let (status, fields): (Vec<_>, Vec<_>) = fields.iter().cloned().partition(|(name, _)| is_status(name));
    let status = status.into_iter().next_back().map(|(_, value)| value);
    let edit = AccountEdit { status, fields, ..AccountEdit::default() };
    super::edit(model, world, &account, &edit).map_err(|error| match error {
        EditError::NoSuchStatus { known, .. } => {
            let expected = format!("one of {}", known.join(", "));
            RecordError::BadValue { field: "status".into(), expected, known }
        }
        EditError::NoRoom(too_large) => RecordError::NoRoom(too_large),
        EditError::IdentityTaken(what) => RecordError::Taken { collection: COLLECTION.into(), id: id.to_owned(), what },
    })
}

/// Changes what an edit names; with `whole` the rest becomes empty.
pub fn put_record(
    model: &Model,
    world: &mut World,
    collection: &str,
    id: &str,
    edit: &RecordEdit,
    whole: bool,
) -> Result<Vec<Change>, RecordError> {
    let (at, record) = find_record(model, world, collection, id)?;
    let record = Arc::clone(record);
    let shape = &model.collections[at];
    if let Some(other) = edit.id.as_deref().filter(|other| **other != *record.id) {
        let expected = format!("{}: an id stays what it is", record.id);
        return Err(RecordError::BadValue { field: "id".into(), expected, known: vec![cut(other)] });
    }
    let mut sent = values(model, at, Some(&record), &edit.fields)?;
    if whole {
        let named = |key: &Arc<str>| sent.iter().any(|(known, _)| known == key);
        let rest: Vec<Arc<str>> =
            record.fields.iter().map(|(key, _)| Arc::clone(key)).filter(|key| !named(key)).collect();
        sent.extend(rest.into_iter().map(|key| (key, None)));
    }
    // A field of the documents' keeps its place; what is beside them goes.
    let (kept, gone): (Vec<_>, Vec<_>) =
        sent.into_iter().partition(|(key, value)| value.is_some() || shape.field(key).is_some());
    let emptied = |key: &str| shape.field(key).map_or(Json::Null, |field| field.example.emptied());
    let kept: Vec<(Arc<str>, Json)> =
        kept.into_iter().map(|(key, value)| (Arc::clone(&key), value.unwrap_or_else(|| emptied(&key)))).collect();
    let owner = match &edit.owner {
        Some(owner) => owner_named(model, world, owner)?,
        None if whole => None,
        None => record.owner.clone(),
    };

    let mut after = Record { owner, ..Record::clone(&record) };
    for (key, value) in &kept {
        after.fields.set(key, Some(value.clone()));
    }
    for (key, _) in &gone {
        after.fields.set(key, None);
    }
    let now = keys(shape, &after.fields, after.owner.as_ref());
    let before = keys(shape, &record.fields, record.owner.as_ref());
    let new: Vec<Key> = now.iter().filter(|key| !before.contains(key)).cloned().collect();
    free(shape, world, &new, record.seq)?;
    let mut all = if after.owner == record.owner {
        let mut all = changes(shape, &record, kept);
        all.extend(gone.iter().map(|(key, _)| Change::field(&shape.name, &record, key, None)));
        all
    } else {
        // Whose a record is no change says: the record as it was goes, and comes back under its number.
        after.keys = now;
        let (collection, record) = (Arc::clone(&shape.name), Arc::clone(&record));
        let back = Change::RecordCreated { collection: Arc::clone(&collection), record: Arc::new(after.clone()) };
        vec![Change::RecordRemoved { collection, record }, back]
    };
    all.extend(chosen(shape, world, &after));
    room::check(world, &all).map_err(RecordError::NoRoom)?;
    apply(world, &all);
    Ok(all)
}

pub fn remove_record(model: &Model, world: &mut World, collection: &str, id: &str) -> Result<Vec<Change>, RecordError> {
    let (at, record) = find_record(model, world, collection, id)?;
    let record = Arc::clone(record);
    let all = vec![Change::RecordRemoved { collection: Arc::clone(&model.collections[at].name), record }];
    apply(world, &all);
    Ok(all)
}

/// `id`, `owner` (what the account is known by, else its id), and the fields by the documents' names.
pub fn shown_record(model: &Model, world: &World, at: usize, record: &Record) -> Json {
    let text = |text: &Arc<str>| Json::String(Arc::clone(text));
    let account = record.owner.as_ref().and_then(|owner| world.record(&owner.collection, owner.seq));
    let owner = account.map_or(Json::Null, |account| text(identity(account).unwrap_or(&account.id)));
    let mut members: Vec<(Arc<str>, Json)> = vec![("id".into(), text(&record.id)), ("owner".into(), owner)];
    let shape = model.collections.get(at).map_or(&[][..], |shape| &shape.fields);
    let missing = shape.iter().filter(|field| record.field(&field.key).is_none());
    let missing = missing.map(|field| (&field.key, field.example.emptied()));
    let all = record.fields.iter().map(|(key, value)| (key, value.clone())).chain(missing);
    let all: Vec<(Arc<str>, Json)> =
        all.filter(|(key, _)| !OWN.contains(&&***key)).map(|(key, value)| (Arc::clone(key), value)).collect();
    members.extend(all);
    Json::Object(members)
}

/// Members of a record that are no field of the documents.
const OWN: [&str; 2] = ["id", "owner"];

/// The changes without which two records of an owner would be the chosen one.
fn chosen(shape: &Collection, world: &World, record: &Record) -> Vec<Change> {
    match &shape.default_flag {
        Some(flag) if is_yes(record.field(flag)) => unchosen(shape, world, record, flag),
        _ => Vec::new(),
    }
}

fn owner_named(model: &Model, world: &World, name: &Json) -> Result<Option<Owner>, RecordError> {
    let Some(name) = name.scalar_text().filter(|name| !name.is_empty()) else {
        return match name {
            Json::Null => Ok(None),
            _ => Err(RecordError::NoAccount(name.to_string())),
        };
    };
    let known = accounts_named(model, world, name).into_iter().next();
    let account = known.or_else(|| world.record_by_id(COLLECTION, name));
    let account = account.ok_or_else(|| RecordError::NoAccount(name.to_owned()))?;
    Ok(Some(Owner { collection: COLLECTION.into(), seq: account.seq }))
}

/// What another record has already.
fn free(shape: &Collection, world: &World, keys: &[Key], seq: u64) -> Result<(), RecordError> {
    for key in keys {
        if let Some(other) = world.by_key(&shape.name, &key.space, &key.value).filter(|other| other.seq != seq) {
            let fields = key.space.split_once(':').map_or("", |(_, fields)| fields).replace('\u{1f}', " and ");
            let what = format!("this {fields}");
            return Err(RecordError::Taken { collection: shape.name.to_string(), id: other.id.to_string(), what });
        }
    }
    Ok(())
}

/// Values under the fields' own names; none is one to take away.
type Values = Vec<(Arc<str>, Option<Json>)>;

/// In the forms of the fields.
fn values(model: &Model, at: usize, record: Option<&Record>, fields: &[(String, Json)]) -> Result<Values, RecordError> {
    let shape = &model.collections[at];
    let empty = Fields::default();
    let own = record.map_or(&empty, |record| &record.fields);
    let mut values = Vec::new();
    for (name, value) in fields {
        let key = key_of(model, at, own, name)?;
        let value = match (value, shape.field(&key)) {
            (Json::Null, _) => None,
            (value, Some(field)) => Some(fitting(field, shape.machine(&key), value)?),
            (value, None) => Some(value.clone()),
        };
        values.push((key, value));
    }
    Ok(values)
}

/// The field that a name means: one of the examples, one that a reference or a parameter brings, or one of the record's own.
fn key_of(model: &Model, at: usize, own: &Fields, name: &str) -> Result<Arc<str>, RecordError> {
    let shape = &model.collections[at];
    if let Some(field) = shape.fields.iter().find(|field| *field.key == *name).or_else(|| shape.field(name)) {
        return Ok(Arc::clone(&field.key));
    }
    let behaviors =
        model.behaviors.iter().filter(|behavior| behavior.record.as_ref().is_some_and(|on| on.collection == at));
    let inputs = behaviors.flat_map(|behavior| &behavior.inputs).filter(|input| {
        let about_the_request = [Role::Token, Role::Page, Role::PageSize, Role::Keyword, Role::Signature];
        !input.discriminates && !input.role.is_password() && !about_the_request.contains(&input.word)
    });
    let mut others = shape
        .references
        .iter()
        .map(|reference| &reference.field)
        .chain(own.iter().map(|(key, _)| key))
        .chain(inputs.map(|input| &input.name));
    others.find(|key| compact(key) == compact(name)).cloned().ok_or_else(|| RecordError::NoField {
        name: name.to_owned(),
        known: shape.fields.iter().map(|field| field.key.to_string()).chain(OWN.map(str::to_owned)).collect(),
    })
}

/// A value in the form of the field's example; a status by its value or its words.
fn fitting(field: &ItemField, machine: Option<&Machine>, value: &Json) -> Result<Json, RecordError> {
    let bad = |expected: String, known: Vec<String>| {
        Err(RecordError::BadValue { field: field.key.to_string(), expected, known })
    };
    let such = |what: &str| format!("{what}, as {}", cut(&field.example.to_string()));
    if let Some(machine) = machine.filter(|_| field.role == Role::Status && value.is_scalar()) {
        let by_words = || machine.values.iter().find(|known| Some(label_head(&known.words)) == value.as_str());
        return match machine.known(value).or_else(by_words) {
            Some(known) => Ok(known.value.clone()),
            None => {
                let text = |value: &Json| value.scalar_text().unwrap_or_default().to_owned();
                let all = machine.values.iter().map(|known| format!("{} {}", text(&known.value), known.words));
                let known: Vec<String> = all.collect();
                bad(format!("one of {}", known.join(", ")), known)
            }
        };
    }
    match (&field.example, value) {
        (Json::Number(_), value) if !value.scalar_text().is_some_and(is_number) => bad(such("a number"), Vec::new()),
        (Json::Bool(_), value) if !matches!(value.scalar_text(), Some("true" | "false" | "1" | "0")) => {
            bad("true or false".to_owned(), Vec::new())
        }
        (Json::String(_), Json::Array(_) | Json::Object(_)) => bad(such("a text"), Vec::new()),
        (example, value) => Ok(in_form(Some(example), value.clone())),
    }
}

/// The name that was probably meant, else all of them if they are few.
fn hint(name: &str, known: &[String]) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase());
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest {
        None => String::new(),
        Some(nearest) if likeness(nearest) > 0.7 => format!("; did you mean {nearest}?"),
        Some(_) => {
            let some: Vec<&str> = known.iter().take(20).map(String::as_str).collect();
            let more = if known.len() > 20 { ", …" } else { "" };
            format!("; known are {}{more}", some.join(", "))
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}
