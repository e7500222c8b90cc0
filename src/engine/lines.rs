//! The lines that a new order is made up of, as they are when it is made, and what making an order took.

use super::Call;
use super::item::product;
use super::records::{self, Sight, number_in, text_of};
use crate::behavior::Model;
use crate::behavior::collection::{LineShows, Lines, LinesFrom, Taken};
use crate::json::Json;
use crate::world::{Change, Record, World};
use std::sync::Arc;

/// A number of one thing.
pub(super) struct Ware {
    pub(super) thing: Option<Arc<Record>>,
    pub(super) count: f64,
    pub(super) price: f64,
    /// The line as the order keeps it.
    pub(super) kept: Json,
    /// The line of the basket that it was.
    pub(super) held: Option<Arc<Record>>,
}

/// The lines that a call asks for.
pub(super) fn wares(sight: Sight<'_>, call: &Call<'_>, lines: &Lines) -> Vec<Ware> {
    let count = |value: Option<&Json>| number_in(value).unwrap_or(1.0);
    let counted = |get: &dyn Fn(&str) -> Option<Json>| count(lines.count.as_ref().and_then(|key| get(key)).as_ref());
    match &lines.from {
        LinesFrom::Basket { collection, input, chosen } => {
            let held = held(sight, call, *collection, *input, chosen.as_deref());
            let ware = |line: Arc<Record>| {
                let get = |key: &str| line.field(key).cloned();
                let number = counted(&get);
                ware(
                    sight,
                    lines,
                    text_of(line.field(&lines.reference)).unwrap_or(""),
                    number,
                    &get,
                    Some(line.clone()),
                )
            };
            held.into_iter().map(ware).collect()
        }
        LinesFrom::Sent(input) => {
            let objects = objects(call.json(*input));
            let ware = |object: &Json| {
                let get = |key: &str| object.get(key).cloned();
                ware(sight, lines, text_of(object.get(&lines.reference)).unwrap_or(""), counted(&get), &get, None)
            };
            objects.iter().map(ware).collect()
        }
        LinesFrom::One { input, quantity } => {
            let Some(id) = call.text(*input) else { return Vec::new() };
            let number = count(quantity.and_then(|input| call.json(input)).as_ref());
            vec![ware(sight, lines, id, number, &|_| None, None)]
        }
    }
}

/// The caller's lines that are to be ordered.
fn held(sight: Sight<'_>, call: &Call<'_>, at: usize, input: Option<usize>, chosen: Option<&str>) -> Vec<Arc<Record>> {
    if let Some(input) = input.filter(|input| call.is_present(*input)) {
        let named = records::ids(call, input);
        return named.iter().filter_map(|id| sight.named(at, id)).cloned().collect();
    }
    let known = sight.world.collection(&sight.collection(at).name);
    let Some((known, owner)) = known.zip(records::owner_of(sight.caller)) else { return Vec::new() };
    let is_chosen = |line: &&Arc<Record>| chosen.is_none_or(|flag| records::is_yes(line.field(flag)));
    known.owned_by(&owner).filter(is_chosen).cloned().collect()
}

fn objects(sent: Option<Json>) -> Vec<Json> {
    let list = match sent {
        Some(Json::String(text)) => records::in_form(Some(&Json::Array(Vec::new())), Json::String(text)),
        Some(other) => other,
        None => Json::Null,
    };
    match list {
        Json::Array(items) => items.into_iter().filter(|item| item.as_object().is_some()).collect(),
        one @ Json::Object(_) => vec![one],
        _ => Vec::new(),
    }
}

fn ware(
    sight: Sight<'_>,
    lines: &Lines,
    id: &str,
    count: f64,
    own: &dyn Fn(&str) -> Option<Json>,
    held: Option<Arc<Record>>,
) -> Ware {
    let thing = sight.named(lines.things, id).cloned();
    let price = thing.as_ref().and_then(|thing| number_in(thing.field(&lines.price))).unwrap_or(0.0);
    let is_set = |value: &Json| value.scalar_text().is_none_or(|text| !text.is_empty() && text != "0");
    let mut kept: Vec<(Arc<str>, Json)> = Vec::new();
    for member in &lines.members {
        let example = &member.example;
        let of_thing = |field: &Option<Arc<str>>| thing.as_ref()?.field(field.as_ref()?).cloned();
        let value = match &member.shows {
            LineShows::Id => example.in_form(thing.as_ref().map_or(id, |thing| &thing.id)),
            LineShows::Count => example.in_form(&records::number(count)),
            LineShows::Total => example.in_form(&product(price * count, example)),
            LineShows::Copied(field) => {
                let value = own(&member.key).filter(is_set).or_else(|| of_thing(field)).or_else(|| own(&member.key));
                value.unwrap_or_else(|| example.emptied())
            }
        };
        kept.push((Arc::clone(&member.key), value));
    }
    // What it names and how many, whatever is shown: it may be given back.
    for (key, value) in
        [(Some(&lines.reference), Json::string(id)), (lines.count.as_ref(), Json::string(records::number(count)))]
    {
        if let Some(key) = key.filter(|key| !kept.iter().any(|(known, _)| known == *key)) {
            kept.push((Arc::clone(key), value));
        }
    }
    Ware { thing, count, price, kept: Json::Object(kept), held }
}

/// How much of each thing is wanted, lines of one thing together.
pub(super) fn wanted(wares: &[Ware]) -> Vec<(&Arc<Record>, f64)> {
    let mut wanted: Vec<(&Arc<Record>, f64)> = Vec::new();
    for ware in wares {
        let Some(thing) = &ware.thing else { continue };
        match wanted.iter_mut().find(|(known, _)| known.seq == thing.seq) {
            Some((_, count)) => *count += ware.count,
            None => wanted.push((thing, ware.count)),
        }
    }
    wanted
}

/// The changes by which what making a record took is there again.
pub(super) fn given_back(model: &Model, world: &World, record: &Record, taken: &Taken) -> Vec<Change> {
    let is_untaken = taken.not_yet.as_ref().is_some_and(|(field, values)| {
        let status = text_of(record.field(field));
        values.iter().any(|value| value.scalar_text() == status)
    });
    if is_untaken { Vec::new() } else { moved(model, world, record, taken, 1.0) }
}

/// The changes by which what a record is for is taken.
pub(super) fn taken_away(model: &Model, world: &World, record: &Record, taken: &Taken) -> Vec<Change> {
    moved(model, world, record, taken, -1.0)
}

fn moved(model: &Model, world: &World, record: &Record, taken: &Taken, sign: f64) -> Vec<Change> {
    let shape = &model.collections[taken.collection];
    let kept;
    let all: Vec<(String, f64)> = match &taken.lines {
        Some(lines) => {
            kept = objects(record.field(lines).cloned());
            kept.iter().filter_map(|line| taken_of(taken, |key| line.get(key))).collect()
        }
        None => taken_of(taken, |key| record.field(key)).into_iter().collect(),
    };
    let mut back: Vec<(&Arc<Record>, f64)> = Vec::new();
    for (id, count) in all {
        let Some(thing) = records::named(model, world, taken.collection, &id) else { continue };
        match back.iter_mut().find(|(known, _)| known.seq == thing.seq) {
            Some((_, known)) => *known += count,
            None => back.push((thing, count)),
        }
    }
    let example = shape.field(&taken.field).map_or_else(|| Json::string("0"), |field| field.example.clone());
    let change = |(thing, count): (&Arc<Record>, f64)| {
        let left = number_in(thing.field(&taken.field)).unwrap_or(0.0) + sign * count;
        let left = example.in_form(&records::number(left.max(0.0)));
        Change::field(&shape.name, thing, &taken.field, Some(left))
    };
    back.into_iter().map(change).collect()
}

/// Which thing was taken, and how many of it.
fn taken_of<'r>(taken: &Taken, get: impl Fn(&str) -> Option<&'r Json>) -> Option<(String, f64)> {
    let count = taken.count.as_ref().and_then(|count| records::count_in(count, &get));
    Some((get(&taken.reference)?.scalar_text()?.to_owned(), count.unwrap_or(1.0)))
}
