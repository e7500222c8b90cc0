//! Makes records up from the form of the examples: names, phones, addresses, prices, dates, all drawn from the world's seed.
//!
//! In: a collection whose configuration wants more records than its examples show. Out: those records, in the world. What
//! is not understood stays as the example has it.

use super::records::{self, new_record, write_time};
use crate::behavior::Model;
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::{Collection, Initial, ItemField};
use crate::json::Json;
use crate::lexicon::{Fake, FakeKind, FakeText, Lexicon, Role, label_head};
use crate::world::{Change, Millis, Record, Stream, World};
use std::sync::Arc;

/// Between two of them, so that lists by time have an order; the last is the youngest.
const STEP: Millis = 7 * 3_600_000;

/// Makes the records that a collection is to have beside its examples.
pub(super) fn fill(model: &Model, at: usize, world: &mut World, now: Millis) {
    let collection = &model.collections[at];
    let lexicon = Lexicon::standard();
    // Of its own, so that what else was drawn before does not change it.
    let mut stream = world.stream_named(&collection.name);
    let first = i64::try_from(collection.varied).unwrap_or(i64::MAX);
    for number in 0..collection.varied {
        let older = first.saturating_sub(i64::try_from(number).unwrap_or(i64::MAX));
        let jitter = i64::try_from(stream.below(3_600_000)).unwrap_or(0);
        let made_at = now.saturating_sub(older.saturating_mul(STEP)).saturating_add(jitter).max(0);
        let mut draft = Draft::new(lexicon.fake(), &mut stream, made_at, model.utc_offset, number);
        draft.is_priced = collection.fields.iter().any(|field| field.role == Role::Amount);
        let mut sent: Vec<(Arc<str>, Json)> = Vec::new();
        for field in collection.fields.iter().filter(|field| field.initial != Initial::Number) {
            let value = draft.value(model, world, collection, field);
            sent.push((Arc::clone(&field.key), value));
        }
        let record = new_record(model, at, sent, None, &[], world, made_at);
        let mut record = Record { created_at: made_at, ..Record::clone(&record) };
        let example = collection.id.example.as_ref().and_then(Json::scalar_text).unwrap_or_default();
        if !example.is_empty() && records::is_opaque(example) {
            record.id = stream.token_like(example).into();
        }
        let name = Arc::clone(&collection.name);
        let made = |record: Record| Change::RecordCreated { collection: Arc::clone(&name), record: Arc::new(record) };
        if !world.apply(&made(record.clone())) {
            // By chance it is like another where only one may be: it goes without the key.
            world.apply(&made(Record { keys: Vec::new(), ..record }));
        }
    }
}

/// One record while it is made up: its person and its place are the same in all of its fields.
struct Draft<'a> {
    fake: &'a Fake,
    stream: &'a mut Stream,
    made_at: Millis,
    utc_offset: i32,
    number: usize,
    is_priced: bool,
    person: String,
    place: [&'a str; 3],
}

impl<'a> Draft<'a> {
    fn new(fake: &'a Fake, stream: &'a mut Stream, made_at: Millis, utc_offset: i32, number: usize) -> Self {
        let person = format!("{}{}", one_of(stream, &fake.surnames), one_of(stream, &fake.given));
        let place = choose(stream, &fake.places).map_or([""; 3], |place| [&*place[0], &*place[1], &*place[2]]);
        Self { fake, stream, made_at, utc_offset, number, is_priced: false, person, place }
    }

    fn value(&mut self, model: &Model, world: &World, collection: &Collection, field: &ItemField) -> Json {
        let example = &field.example;
        let text = example.scalar_text().unwrap_or_default();
        if collection.default_flag.as_ref() == Some(&field.key) {
            return super::item::flag(example, false);
        }
        if let Some(reference) = collection.reference(&field.key).filter(|reference| !reference.many) {
            let target = world.collection(&model.collections[reference.collection].name);
            let ids: Vec<&Arc<str>> = target.into_iter().flat_map(|all| all.iter().take(100)).map(|r| &r.id).collect();
            if let Some(id) = choose(self.stream, &ids) {
                return example.in_form(id);
            }
        }
        if let Some(machine) = collection.machine(&field.key)
            && machine.known(example).is_some()
        {
            let known = choose(self.stream, &machine.values);
            return known.map_or_else(|| example.clone(), |known| known.value.clone());
        }
        if let Some(form) = time_form(example) {
            return example.in_form(&write_time(form, self.made_at, self.utc_offset));
        }
        match field.role {
            Role::Phone => example.in_form(&self.phone()),
            Role::Nickname => example.in_form(&one_of(self.stream, &self.fake.nicknames)),
            Role::Amount => example.in_form(&self.amount(text)),
            Role::Status | Role::RecordId | Role::Token | Role::Openid | Role::UserId | Role::IdCard => example.clone(),
            _ => self.plain(&field.key, label_head(&field.words), example),
        }
    }

    fn plain(&mut self, key: &str, label: &str, example: &Json) -> Json {
        match example {
            Json::Null | Json::Bool(_) => example.clone(),
            Json::Array(items) => Json::Array(items.iter().map(|item| self.plain(key, label, item)).collect()),
            Json::Object(members) => {
                Json::Object(members.iter().map(|(key, value)| (Arc::clone(key), self.plain(key, "", value))).collect())
            }
            Json::Number(text) => example.in_form(&self.near(text)),
            Json::String(text) => example.in_form(&self.text(key, label, text)),
        }
    }

    fn text(&mut self, key: &str, label: &str, example: &str) -> String {
        if is_picture(example) || example.contains("://") {
            return self.address_of_file(example);
        }
        if !example.is_empty() && example.bytes().all(|byte| byte.is_ascii_digit()) {
            return if is_mobile(example) { self.phone() } else { self.near(example) };
        }
        // In a document that speaks English the names would be strange.
        if example.is_ascii() && !example.is_empty() {
            return if example.bytes().any(|byte| byte.is_ascii_digit()) {
                self.near_digits(example)
            } else {
                format!("{example} {}", self.number + 1)
            };
        }
        let fake = self.fake;
        match fake.text(key, label, self.is_priced) {
            Some(FakeText::OneOf(values)) => one_of(self.stream, values),
            Some(FakeText::Kind(FakeKind::Person)) => self.person.clone(),
            Some(FakeText::Kind(FakeKind::Province)) => self.place[0].to_owned(),
            Some(FakeText::Kind(FakeKind::City)) => self.place[1].to_owned(),
            Some(FakeText::Kind(FakeKind::District)) => self.place[2].to_owned(),
            Some(FakeText::Kind(FakeKind::Address)) => {
                let street = one_of(self.stream, &self.fake.streets);
                let house = self.stream.below(300) + 1;
                let whole = self.place.iter().any(|part| example.contains(&part[..part.len().min(3)]))
                    || self.fake.places.iter().flatten().any(|part| example.contains(part.as_str()));
                let place = if whole { self.place.concat() } else { String::new() };
                let house = self.fake.house.replace("{}", &house.to_string());
                format!("{place}{street}{house}")
            }
            None if self.is_person(example) => self.person.clone(),
            None if example.is_empty() => String::new(),
            None => format!("{example}{}", self.number + 1),
        }
    }

    /// Two to four characters that begin with a surname.
    fn is_person(&self, example: &str) -> bool {
        let begins = |surname: &String| example.starts_with(surname.as_str());
        (2..=4).contains(&example.chars().count()) && self.fake.surnames.iter().any(begins)
    }

    fn phone(&mut self) -> String {
        let second = self.stream.below(7) + 3;
        format!("1{second}{}", self.stream.digits(9))
    }

    /// Half to twice as much, with as many decimals.
    fn amount(&mut self, example: &str) -> String {
        let places = example.split_once('.').map_or(0, |(_, places)| places.len().min(6));
        let known = example.parse::<f64>().ok().filter(|known| *known > 0.0).unwrap_or(50.0);
        let percent = u32::try_from(self.stream.below(151)).unwrap_or(0) + 50;
        format!("{:.places$}", known * f64::from(percent) / 100.0)
    }

    /// Flags stay, counts change, long numbers keep their length.
    fn near(&mut self, example: &str) -> String {
        if example.contains('.') {
            return self.amount(example);
        }
        match example.parse::<u64>() {
            Ok(0 | 1) => example.to_owned(),
            Ok(known) if example.len() < 7 && !example.starts_with('0') => {
                (known / 2 + self.stream.below(known.saturating_mul(3) / 2 + 1)).max(1).to_string()
            }
            _ => self.near_digits(example),
        }
    }

    /// Other digits in the same places; a first one that is not 0 stays as it is.
    fn near_digits(&mut self, example: &str) -> String {
        let mut seen = false;
        let other = |c: char| {
            if !c.is_ascii_digit() || !std::mem::replace(&mut seen, true) {
                return c.to_string();
            }
            self.stream.digits(1)
        };
        example.chars().map(other).collect()
    }

    /// `http://h/uploads/7.jpg` with another number.
    fn address_of_file(&mut self, example: &str) -> String {
        let (folder, file) = example.rsplit_once('/').unwrap_or(("", example));
        let joint = if folder.is_empty() && !example.starts_with('/') { "" } else { "/" };
        let (stem, end) = file.rsplit_once('.').map_or((file, String::new()), |(stem, end)| (stem, format!(".{end}")));
        let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = (stem.len() - letters.len()).clamp(2, 12);
        format!("{folder}{joint}{letters}{}{end}", self.stream.digits(digits))
    }
}

fn is_picture(text: &str) -> bool {
    let end = text.rsplit_once('.').map_or("", |(_, end)| end);
    ["jpg", "jpeg", "png", "gif", "webp", "bmp"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn choose<'t, T>(stream: &mut Stream, all: &'t [T]) -> Option<&'t T> {
    let at = stream.below(u64::try_from(all.len()).unwrap_or(0));
    all.get(usize::try_from(at).unwrap_or(0))
}

fn one_of(stream: &mut Stream, all: &[String]) -> String {
    choose(stream, all).cloned().unwrap_or_default()
}
