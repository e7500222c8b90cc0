//! Records in a world: which the caller sees, what a new one holds, what a change makes of one.

use super::decide::{IDENTITY, identity_key};
use super::lines::Ware;
use super::{Call, Caller, vouchers};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::item::{TimeForm, time_form};
use crate::behavior::collection::{self, Collection, CopiedMembers, Heir, Initial, Party, Unique};
use crate::behavior::{Behavior, HowMany, Model, RecordId};
use crate::json::Json;
use crate::world::{Change, Fields, Key, Mark, Millis, Owner, Record, Seq, World};
use jiff::Timestamp;
use jiff::tz::Offset;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// The records of a model in a world, as one caller sees them.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) model: &'a Model,
    pub(super) world: &'a World,
    pub(super) caller: &'a Caller,
    /// A collection whose records have two parties, and which of them the call is for.
    pub(super) party: Option<(usize, Party)>,
    /// Where something counts for several records; none where nothing does.
    pub(super) counts: Option<&'a Counts>,
}

/// What was counted for this reply already.
pub(super) type Counts = RefCell<Vec<Count>>;

/// How many records of a collection name each other record in a field.
pub(super) struct Count {
    collection: usize,
    field: Box<str>,
    by_id: HashMap<Box<str>, usize>,
}

impl Count {
    fn of(&self, id: &str) -> usize {
        self.by_id.get(id).copied().unwrap_or(0)
    }
}

/// Who the caller's records belong to.
pub(super) fn owner_of(caller: &Caller) -> Option<Owner> {
    caller.account.as_ref().map(|account| owner(account))
}

/// Who an account's records belong to.
pub(super) fn owner(account: &Record) -> Owner {
    Owner { collection: COLLECTION.into(), seq: account.seq }
}

/// By which an account is known beside its names: what no two accounts have alike.
pub(super) fn account_keys(model: &Model, fields: &Fields) -> Vec<Key> {
    let unique = model.accounts.unique.iter();
    let known = unique.filter_map(|field| Some((field, text_of(fields.get(field)).filter(|text| !text.is_empty())?)));
    known.map(|(field, text)| Key::new(space(field), text)).collect()
}

/// The change by which an account is known by another value of a field, where that is one that no two have alike.
pub(super) fn account_key_change(model: &Model, account: &Record, field: &Arc<str>, value: &Json) -> Option<Change> {
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

impl<'a> Sight<'a> {
    /// What an endpoint sees for a caller, before anything is counted.
    pub(super) fn of(model: &'a Model, world: &'a World, caller: &'a Caller, behavior: &Behavior) -> Self {
        Self { model, world, caller, party: super::parties::of(behavior), counts: None }
    }

    pub(super) fn collection(&self, at: usize) -> &'a Collection {
        &self.model.collections[at]
    }

    /// The record that a text names. What is another's is not seen where records are private, nor where they are written.
    pub(super) fn find(&self, at: usize, id: &RecordId, text: &str, write: bool) -> Option<&'a Arc<Record>> {
        self.look(at, id, text).filter(|record| self.is_seen(at, record, write))
    }

    /// The same, whoever may see it.
    pub(super) fn look(&self, at: usize, id: &RecordId, text: &str) -> Option<&'a Arc<Record>> {
        let name = &self.collection(at).name;
        match &id.via {
            Some(field) if self.collection(at).reference(field).is_some() => {
                let owner = owner_of(self.caller)?;
                let mut own = self.world.collection(name)?.owned_by(&owner);
                own.find(|record| text_of(record.field(field)) == Some(text))
            }
            Some(field) => self.world.by_key(name, &space(field), text).or_else(|| self.world.record_by_id(name, text)),
            None => vouchers::held(self.model, self.world, at, text, owner_of(self.caller).as_ref(), true)
                .or_else(|| self.world.record_by_id(name, text)),
        }
        .filter(|record| !self.collection(at).leaves_out(record))
    }

    /// The record that has this id, or this number.
    pub(super) fn named(&self, at: usize, text: &str) -> Option<&'a Arc<Record>> {
        vouchers::named_by(self.model, self.world, at, text, owner_of(self.caller).as_ref())
    }

    pub(super) fn is_seen(&self, at: usize, record: &Record, write: bool) -> bool {
        let collection = self.collection(at);
        if let Some(seen) = super::taking::sees(self, collection, record) {
            return seen;
        }
        if let Some(seen) = super::parties::sees(self, at, record, write) {
            return seen;
        }
        if let Some(field) = &collection.recipient {
            let sent = text_of(record.field(field)).filter(|id| !id.is_empty());
            let got = self.caller.account.as_ref().is_some_and(|account| sent == Some(&*account.id));
            let own = record.owner.is_some() && record.owner == owner_of(self.caller);
            return got || (own && !write) || (sent.is_none() && record.owner.is_none());
        }
        let guarded = collection.private || (write && collection.owned);
        // A demonstration record is everybody's to see and, where records belong to who makes them, nobody's to change.
        if !guarded || (record.owner.is_none() && !(write && collection.owned)) {
            return true;
        }
        record.owner == owner_of(self.caller)
    }

    /// Whether a record is one of an account's: it made it, or got it.
    pub(super) fn is_of(&self, at: usize, record: &Record, account: Option<&Arc<Record>>) -> bool {
        match &self.collection(at).recipient {
            Some(field) => account.is_some_and(|account| text_of(record.field(field)) == Some(&*account.id)),
            None => record.owner == account.map(|account| owner(account)),
        }
    }

    /// The tie between the caller and a record.
    pub(super) fn tie(&self, relation: usize, target: &str) -> Option<&'a Arc<Record>> {
        let collection = self.collection(relation);
        let unique = collection.unique.first()?;
        let key = key_of(unique, &[Some(target.to_owned())], owner_of(self.caller).as_ref())?;
        self.world.by_key(&collection.name, &key.space, &key.value)
    }

    /// How many callers are tied to a record, and how many records name one in a field. All records are counted in one pass
    /// for all items of a reply; an index would pay beyond some hundred thousands.
    pub(super) fn count(&self, at: usize, field: &str, id: &str) -> usize {
        let Some(counts) = self.counts else { return self.count_all(at, field).of(id) };
        let mut known = counts.borrow_mut();
        let of = match known.iter().position(|counts| (counts.collection, &*counts.field) == (at, field)) {
            Some(found) => found,
            None => {
                known.push(self.count_all(at, field));
                known.len() - 1
            }
        };
        known.get(of).map_or(0, |counts| counts.of(id))
    }

    fn count_all(&self, at: usize, field: &str) -> Count {
        let records = self.world.collection(&self.collection(at).name);
        let place = Cell::default();
        let mut by_id: HashMap<Box<str>, usize> = HashMap::new();
        for record in records.into_iter().flat_map(crate::world::Collection::iter) {
            if let Some(text) = text_of(record.fields.get_near(field, &place)) {
                match by_id.get_mut(text) {
                    Some(count) => *count += 1,
                    None => _ = by_id.insert(text.into(), 1),
                }
            }
        }
        Count { collection: at, field: field.into(), by_id }
    }
}

/// The record of a collection that has this id, or this number.
pub(super) fn named<'w>(model: &Model, world: &'w World, at: usize, text: &str) -> Option<&'w Arc<Record>> {
    let collection = &model.collections[at];
    let numbers = || {
        let mut numbers = collection.fields.iter().filter(|field| field.initial == Initial::Number);
        numbers.find_map(|field| world.by_key(&collection.name, &space(&field.key), text))
    };
    world.record_by_id(&collection.name, text).or_else(numbers).filter(|record| !collection.leaves_out(record))
}

/// The number that a field holds.
pub(super) fn number_in(value: Option<&Json>) -> Option<f64> {
    text_of(value)?.trim().parse().ok()
}

/// The text of a field, if it is a scalar.
pub(super) fn text_of(value: Option<&Json>) -> Option<&str> {
    value.and_then(Json::scalar_text)
}

/// How many an input says that there are to be.
pub(super) fn how_many(call: &Call<'_>, quantity: HowMany) -> Option<f64> {
    match quantity {
        HowMany::Number(input) => call.text(input)?.parse().ok(),
        HowMany::Listed(input) => number_of(ids(call, input).len()),
    }
}

/// How many a field says that there are.
pub(super) fn count_in<'j>(count: &collection::Count, get: impl FnOnce(&str) -> Option<&'j Json>) -> Option<f64> {
    match count {
        collection::Count::Number(field) => number_in(get(field)),
        collection::Count::Listed(field) => number_of(listed(get(field)).len()),
    }
}

fn number_of(length: usize) -> Option<f64> {
    u32::try_from(length).ok().filter(|length| *length > 0).map(f64::from)
}

/// The ids that a value names: one, several apart by commas, or a list.
pub(super) fn ids(call: &Call<'_>, input: usize) -> Vec<String> {
    listed(call.json(input).as_ref())
}

/// The same of a value.
pub(super) fn listed(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::Array(items)) => items.iter().filter_map(Json::scalar_text).map(str::to_owned).collect(),
        Some(value) => {
            let text = value.scalar_text().unwrap_or("").trim();
            let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
            let parts = inner.split([',', '，']).map(|part| part.trim().trim_matches('"'));
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        None => Vec::new(),
    }
}

/// The space of the keys that a field's values are.
pub(super) fn space(field: &str) -> Arc<str> {
    format!("field:{field}").into()
}

/// What a record is known by beside its id: what is unique, and the numbers that it can be asked for by.
pub(super) fn keys(collection: &Collection, fields: &Fields, owner: Option<&Owner>) -> Vec<Key> {
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

/// Before the names of the fields that only one record has alike.
const UNIQUE: &str = "unique:";

/// None where a value is missing: what is not there is like nothing.
pub(super) fn key_of(unique: &Unique, values: &[Option<String>], owner: Option<&Owner>) -> Option<Key> {
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

/// A new record, not yet in the world. `sent` are fields with their values, `wares` the lines that it is made up of.
pub(super) fn new_record(
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
    super::loans::end(collection, &mut fields);
    super::sums::fill(model, collection, &mut fields, &given, wares, (world, owner.as_ref()));
    if let Some(free) = collection.free.as_ref().filter(|free| !given.contains(&free.field))
        && super::sums::costs_nothing(model, collection, &fields, world)
    {
        fields.set(&free.field, Some(free.to.clone()));
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

/// What a new record keeps of another's as it is now.
fn copy(model: &Model, collection: &Collection, fields: &mut Fields, given: &[Arc<str>], world: &World) {
    for copied in collection.copies.iter().filter(|copied| !given.contains(&copied.field)) {
        let id = text_of(fields.get(&copied.reference));
        let Some(record) = id.and_then(|id| named(model, world, copied.collection, id)) else { continue };
        let value = match &copied.members {
            CopiedMembers::One(_) if fields.get(&copied.field).is_some_and(|known| !is_empty(known)) => None,
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

fn is_empty(value: &Json) -> bool {
    matches!(value, Json::Null) || value.scalar_text().is_some_and(str::is_empty)
}

/// Ids continue the form of the examples, after the greatest that there is.
fn next_id(collection: &Collection, seq: Seq, world: &mut World, now: Millis, utc_offset: i32) -> Arc<str> {
    let example = collection.id.example.as_ref().and_then(Json::scalar_text).unwrap_or("").to_owned();
    let numbers = collection.seeds.iter().filter_map(|seed| seed.id.as_deref()?.parse::<u64>().ok());
    let greatest = numbers.chain(example.parse::<u64>().ok()).max();
    let free = |world: &World, id: &str| world.record_by_id(&collection.name, id).is_none();
    if example.is_empty() {
        return seq.to_string().into();
    }
    if let Some(greatest) = greatest.filter(|_| example.parse::<u64>().is_ok() && example.len() < 15) {
        let seeds = u64::try_from(collection.seeds.len()).unwrap_or(0);
        let mut next = greatest.saturating_add(seq.saturating_sub(seeds).max(1));
        let mut text = format!("{next:0>width$}", width = example.len());
        while !free(world, &text) && next < u64::MAX {
            next += 1;
            text = format!("{next:0>width$}", width = example.len());
        }
        return text.into();
    }
    if dated(&example).is_some() {
        let mut number = seq;
        loop {
            let text = next_number(&Json::string(example.as_str()), number, now, utc_offset);
            if free(world, &text) {
                return text.into();
            }
            number += 1;
        }
    }
    if let Some((prefix, number, width)) = super::plan::numbered(&example) {
        let mut next = number.saturating_add(seq);
        // Where there is no greater number, another id is drawn.
        while let Some(after) = next.checked_add(1) {
            let text = format!("{prefix}{next:0>width$}");
            if free(world, &text) {
                return text.into();
            }
            next = after;
        }
    }
    let mut stream = world.stream();
    for _ in 0..64 {
        let text = stream.id_like(&example);
        if free(world, &text) {
            return text.into();
        }
    }
    (stream.token_like(&example) + &stream.digits(8)).into()
}

/// Whether ids of this form are drawn, not counted.
pub(super) fn is_opaque(example: &str) -> bool {
    let is_counted = example.len() < 15 && example.parse::<u64>().is_ok();
    !is_counted && dated(example).is_none()
}

/// The day in a number that begins with letters and a date: `BD` `20230405` `000001`.
fn dated(example: &str) -> Option<(usize, usize)> {
    let prefix = example.bytes().take_while(|byte| !byte.is_ascii_digit()).count();
    let digits = example.get(prefix..)?;
    let day = digits.get(..8)?;
    let (month, date) = (day.get(4..6)?.parse::<u32>().ok()?, day.get(6..8)?.parse::<u32>().ok()?);
    let year = day.get(..4)?.parse::<u32>().ok()?;
    let is_day = (1990..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&date);
    (is_day && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')).then_some((prefix, prefix + 8))
}

/// `BD20230405000001` is followed by the next number of the day that it is; other numbers count on.
fn next_number(example: &Json, number: u64, now: Millis, utc_offset: i32) -> String {
    let text = example.scalar_text().unwrap_or("");
    match dated(text) {
        Some((start, end)) => {
            let day = write_time(TimeForm::Date { mark: '-' }, now, utc_offset).replace('-', "");
            let rest = &text[end..];
            let digits = rest.bytes().filter(u8::is_ascii_digit).count();
            let counted = format!("{number:0>digits$}");
            let joint = if rest.starts_with('-') { "-" } else { "" };
            format!("{}{day}{joint}{counted}", &text[..start])
        }
        None => {
            let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
            let (before, tail) = text.split_at(text.len() - digits);
            let tail = &tail[tail.len().saturating_sub(15)..];
            let kept = &text[before.len()..text.len() - tail.len()];
            let next = tail.parse::<u64>().unwrap_or(0).saturating_add(number);
            format!("{before}{kept}{next:0>width$}", width = tail.len())
        }
    }
}

/// A time as the example writes it.
pub fn write_time(form: TimeForm, now: Millis, utc_offset: i32) -> String {
    let offset = Offset::from_seconds(utc_offset).unwrap_or(Offset::UTC);
    let instant = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = |offset: Offset| offset.to_datetime(instant);
    let local = at(offset);
    let date = |mark: char| format!("{:04}{mark}{:02}{mark}{:02}", local.year(), local.month(), local.day());
    match form {
        TimeForm::Seconds => now.div_euclid(1000).to_string(),
        TimeForm::Milliseconds => now.to_string(),
        TimeForm::Date { mark } => date(mark),
        TimeForm::DateTime { mark, joint, seconds } => {
            let tail = if seconds { format!(":{:02}", local.second()) } else { String::new() };
            format!("{}{joint}{:02}:{:02}{tail}", date(mark), local.hour(), local.minute())
        }
        TimeForm::Iso { offset: shown, zulu, fraction } => {
            let time = if zulu { at(Offset::UTC) } else { local };
            let part = if fraction { format!(".{:03}", now.rem_euclid(1000)) } else { String::new() };
            let (sign, minutes) = (if utc_offset < 0 { '-' } else { '+' }, utc_offset.abs() / 60);
            let zone = match () {
                () if zulu => "Z".to_owned(),
                () if shown => format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
                () => String::new(),
            };
            format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{part}{zone}",
                time.year(),
                time.month(),
                time.day(),
                time.hour(),
                time.minute(),
                time.second()
            )
        }
    }
}

/// What was sent for a field, in the form of its example: `a,b` is a list where the example has one.
pub(super) fn in_form(example: Option<&Json>, sent: Json) -> Json {
    let Some(example) = example else { return sent };
    match (example, &sent) {
        (Json::Array(items), Json::String(text)) => {
            if let Some(parsed) = parsed(text).filter(|parsed| matches!(parsed, Json::Array(_))) {
                return parsed;
            }
            let form = items.first().cloned().unwrap_or_else(|| Json::string(""));
            let parts = text.split([',', '，']).map(str::trim).filter(|part| !part.is_empty());
            Json::Array(parts.map(|part| form.in_form(part)).collect())
        }
        (Json::Object(_), Json::String(text)) => {
            parsed(text).filter(|parsed| matches!(parsed, Json::Object(_))).unwrap_or(sent)
        }
        (Json::Null | Json::Array(_) | Json::Object(_), _) => sent,
        _ => match sent.scalar_text() {
            Some(text) => example.in_form(text),
            None => sent,
        },
    }
}

fn parsed(text: &str) -> Option<Json> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    serde_json::from_str::<serde_json::Value>(text).ok().map(|value| Json::from(&value))
}

/// The changes by which the owner's other records are no longer the chosen one.
pub(super) fn unchosen(collection: &Collection, world: &World, record: &Record, flag: &str) -> Vec<Change> {
    let Some(known) = world.collection(&collection.name) else { return Vec::new() };
    let chosen =
        |other: &&Arc<Record>| other.owner == record.owner && other.seq != record.seq && is_yes(other.field(flag));
    let others: Vec<&Arc<Record>> = match &record.owner {
        Some(owner) => known.owned_by(owner).filter(chosen).collect(),
        None => known.iter().filter(chosen).collect(),
    };
    let example = collection.field(flag).map_or_else(|| Json::string("1"), |field| field.example.clone());
    let no = super::item::flag(&example, false);
    others.into_iter().map(|other| Change::field(&collection.name, other, &flag.into(), Some(no.clone()))).collect()
}

/// The changes by which others are the chosen ones in the place of those that are removed.
pub(super) fn heirs(collection: &Collection, world: &World, removed: &[Arc<Record>]) -> Vec<Change> {
    let (Some(flag), Some(heir)) = (&collection.default_flag, collection.heir) else { return Vec::new() };
    let Some(known) = world.collection(&collection.name) else { return Vec::new() };
    let chosen = removed.iter().filter(|record| is_yes(record.field(flag)));
    let next = |record: &Arc<Record>| {
        let own = known.owned_by(record.owner.as_ref()?);
        let left = own.filter(|other| !removed.iter().any(|gone| gone.seq == other.seq));
        match heir {
            Heir::Newest => left.max_by_key(|other| other.seq),
            Heir::Oldest => left.min_by_key(|other| other.seq),
        }
    };
    let yes = flag_of(collection, flag, true);
    chosen.filter_map(next).map(|heir| Change::field(&collection.name, heir, flag, Some(yes.clone()))).collect()
}

/// A flag in the form that the examples have it.
pub(super) fn flag_of(collection: &Collection, flag: &str, up: bool) -> Json {
    let example = collection.field(flag).map_or_else(|| Json::string("1"), |field| field.example.clone());
    super::item::flag(&example, up)
}

/// Whether a flag is up.
pub(super) fn is_yes(value: Option<&Json>) -> bool {
    value.and_then(Json::scalar_text).is_some_and(|text| matches!(text, "1" | "true" | "yes" | "Y" | "y"))
}

/// The changes that give a record these fields, its keys with them.
pub(super) fn changes(collection: &Collection, record: &Record, fields: Vec<(Arc<str>, Json)>) -> Vec<Change> {
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
            let owner = seed.owner.as_deref().and_then(named);
            let owner = owner.map(|account| Owner { collection: COLLECTION.into(), seq: account.seq });
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
        super::fake::fill(model, at, world, now);
    }
}

fn newest_first(model: &Model, name: &str) -> bool {
    let lists = model.behaviors.iter().filter_map(|behavior| behavior.list.as_ref());
    let mut own = lists.filter(|list| *model.collections[list.collection].name == *name);
    own.any(|list| list.newest_first)
}

/// A whole number without decimals.
pub(super) fn number(number: f64) -> String {
    if (number - number.round()).abs() < 1e-9 { format!("{number:.0}") } else { format!("{number:.2}") }
}
