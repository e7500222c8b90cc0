//! What was understood of a collection: its records' fields, whose they are, what ties them, and their machines.

use super::human::{settled_by, unsure};
use super::text::{fit, pad, visible, width};
use super::{because, machine, roles, settle};
use crate::behavior::Evidence;
use crate::behavior::account::kinds::Kind;
use crate::behavior::collection::{Collection, Initial, ItemField, Taker, term};
use crate::generation::Generation;
use crate::json::Json;
use crate::source::Place;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One collection as JSON.
pub fn collection(generation: &Generation, at: usize) -> Value {
    let collection = &generation.model.collections[at];
    let mut shown = because(generation, &collection.because);
    let place = |place: Place| {
        let source = generation.set.source(place.file);
        let line = source.map_or(0, |source| source.line(place.span.start));
        (source.map_or("", |source| source.name()), line)
    };
    let name = |at: usize| generation.model.collections.get(at).map(|collection| &*collection.name);
    let fields = collection.fields.iter().map(|field| {
        let (file, line) = place(field.place);
        json!({
            "name": &*field.key, "role": roles::of_field(collection, field, &generation.lexicon).name(), "example": Value::from(&field.example),
            "new": new(field), "words": field.words, "file": file, "line": line,
        })
    });
    let references = collection.references.iter().map(|reference| {
        json!({ "field": &*reference.field, "collection": name(reference.collection), "many": reference.many })
    });
    let unique = collection.unique.iter().map(|unique| {
        let fields: Vec<&str> = unique.fields.iter().map(|field| &**field).collect();
        json!({ "fields": fields, "among": if unique.own { "owner" } else { "all" } })
    });
    let relation = collection.relation.as_ref().map(
        |relation| json!({ "name": relation.name, "collection": name(relation.target), "field": &*relation.field }),
    );
    let ids = |test: &dyn Fn(usize) -> bool| -> Vec<&str> {
        let endpoints = generation.set.endpoints.iter().enumerate();
        endpoints.filter(|(at, _)| test(*at)).map(|(_, endpoint)| endpoint.id.as_str()).collect()
    };
    let about = |endpoint: usize| {
        let behavior = generation.model.behaviors.get(endpoint);
        behavior.and_then(|behavior| behavior.record.as_ref()).is_some_and(|on| on.collection == at)
    };
    let members = json!({
        "name": &*collection.name,
        "title": collection.title,
        "names": collection.names,
        "titles": collection.titles,
        "endpoints": ids(&about),
        "owner": if collection.owned { "caller" } else { "nobody" },
        "private": collection.private,
        "id": { "name": collection.id.key.as_deref(), "example": collection.id.example.as_ref().map(Value::from) },
        "fields": fields.collect::<Vec<_>>(),
        "references": references.collect::<Vec<_>>(),
        "unique": unique.collect::<Vec<_>>(),
        "default_flag": collection.default_flag.as_deref(),
        "relation": relation,
        "recipient": collection.recipient.as_deref(),
        "taker": taker(generation, collection),
        "machines": machines(generation, at),
        "records": collection.seeds.len(),
        "settle": settle::collection(generation, at),
    });
    if let Value::Object(members) = members {
        shown.extend(members);
    }
    Value::Object(shown)
}

/// The kind of account that takes records up, where there are several.
fn kind_of<'g>(generation: &'g Generation, taker: &Taker) -> Option<&'g Kind> {
    generation.model.accounts.kinds.as_ref()?.kinds.get(taker.kind?)
}

/// Which kind of account takes the records up, and how that shows.
fn taker(generation: &Generation, collection: &Collection) -> Value {
    collection.taker.as_ref().map_or(Value::Null, |taker| {
        let kind = kind_of(generation, taker);
        let free = taker.free.as_ref().map(|(field, values)| {
            json!({ "field": &**field, "values": values.iter().map(Value::from).collect::<Vec<_>>() })
        });
        json!({
            "kind": kind.map(|kind| &kind.value), "words": kind.map(|kind| &kind.words),
            "field": &*taker.field, "free": free,
            "shown": taker.shown.iter().map(|(key, _)| &**key).collect::<Vec<_>>(),
        })
    })
}

fn machines(generation: &Generation, at: usize) -> Vec<Value> {
    let mut all = Vec::new();
    for known in &generation.model.collections[at].machines {
        let values = known.values.iter().map(|value| {
            json!({ "value": Value::from(&value.value), "words": value.words, "kind": value.kind.map(crate::lexicon::StatusKind::name) })
        });
        let transitions = machine::arrows(generation, at, known).into_iter().map(|arrow| {
            json!({
                "endpoint": generation.set.endpoints.get(arrow.endpoint).map(|endpoint| &endpoint.id),
                "from": arrow.from.iter().map(Value::from).collect::<Vec<_>>(),
                "to": Value::from(&arrow.to),
                "because": arrow.because,
                "confidence": arrow.confidence.name(),
            })
        });
        let source = generation.set.source(known.place.file);
        let mut shown = Map::new();
        shown.insert("field".to_owned(), Value::from(&*known.field));
        shown.insert("initial".to_owned(), Value::from(&known.initial));
        shown.insert("values".to_owned(), values.collect());
        shown.insert("transitions".to_owned(), transitions.collect());
        shown.insert("file".to_owned(), Value::from(source.map_or("", |source| source.name())));
        shown.insert("line".to_owned(), Value::from(source.map_or(0, |source| source.line(known.place.span.start))));
        all.push(Value::Object(shown));
    }
    all
}

/// What a new record has where nothing is sent: a value, `"the time"` or `"the next number"`.
fn new(field: &ItemField) -> Value {
    match &field.initial {
        Initial::Value(value) => json!({ "value": Value::from(value) }),
        Initial::Now if field.is_updated => json!({ "time": "of the last change" }),
        Initial::Now => json!({ "time": "of its making" }),
        Initial::After(later) => json!({ "time": format!("{} after its making", term(*later)) }),
        Initial::Ending(ending) => json!({ "time": ending.to_string() }),
        Initial::Number => json!({ "number": "the next" }),
        Initial::Drawn => json!({ "code": "drawn" }),
    }
}

/// The collections that there is something to say of: accounts are told apart, and a group all of whose endpoints turned out to be
/// about accounts has no records.
pub(super) fn told(generation: &Generation) -> Vec<usize> {
    let model = &generation.model;
    let about = model.behaviors.iter().filter_map(|behavior| behavior.record.as_ref().map(|on| on.collection));
    let mut named: BTreeSet<usize> = about.collect();
    for collection in &model.collections {
        named.extend(collection.references.iter().map(|reference| reference.collection));
        named.extend(collection.relation.iter().map(|relation| relation.target));
    }
    let has_accounts = named.iter().any(|at| model.collections.get(*at).is_some_and(Collection::holds_accounts));
    let own = |at: &usize| !model.collections[*at].holds_accounts() && (named.contains(at) || !has_accounts);
    (0..model.collections.len()).filter(own).collect()
}

/// What becomes of records by themselves, with what says so.
fn reasons(collection: &Collection) -> Vec<(String, &Evidence)> {
    let lapse = collection.lapse.as_ref().map(|lapse| {
        let (field, from, to) = (visible(&lapse.field), &lapse.from, &lapse.to);
        (format!("lapses  from `{field}` {from} to {to} after {} s", lapse.after / 1000), &lapse.because)
    });
    let free = collection.free.as_ref().map(|free| {
        (format!("free    what costs nothing begins with `{}` {}", visible(&free.field), free.to), &free.because)
    });
    let discount = collection.sums.as_ref().and_then(|sums| Some((&sums.due, sums.discount.as_ref()?)));
    let discount = discount.map(|(due, discount)| {
        let values: Vec<String> = discount.values.iter().map(ToString::to_string).collect();
        let (due, field, values) = (visible(due), visible(&discount.field), values.join(" or "));
        let factor = discount.factor;
        (format!("costs   `{due}` is {factor} of it where the caller's `{field}` is {values}"), &discount.because)
    });
    let founded = collection.founded.as_ref();
    let founded = founded.map(|(_, because)| ("joined  by whoever makes one, at once".to_owned(), because));
    let full = collection.relation.as_ref().and_then(|relation| relation.full.as_ref()).map(|full| {
        let (status, most) = (visible(&full.status), visible(&full.most));
        (format!("fills   `{status}` goes from {} to {} with `{most}` tied", full.open, full.full), &full.because)
    });
    let begins = collection.begins.iter().map(|begin| {
        let (field, of) = (visible(&begin.field), visible(&begin.of));
        (format!("begins  as `{field}` {} where `{of}` is {}", begin.to, begin.when), &begin.because)
    });
    let admission = collection.relation.as_ref().and_then(|relation| relation.admission.as_ref()).map(|known| {
        let (field, inside, waits) = (visible(&known.field), &known.inside, &known.waits);
        let until = known.most.as_ref().map_or("somebody lets them in".to_owned(), |most| {
            format!("one of as many places as `{}` says is free", visible(most))
        });
        (format!("waits   with `{field}` {waits} until {until}, then {inside}"), &known.because)
    });
    let bin = collection.bin.as_ref();
    let bin = bin.map(|bin| ("bin     has what was removed, until it comes back".to_owned(), &bin.because));
    let all = lapse.into_iter().chain(free).chain(begins).chain(discount).chain(founded).chain(full);
    all.chain(admission).chain(bin).collect()
}

/// One collection for people.
pub(super) fn draw(generation: &Generation, at: usize, out: &mut String) {
    let collection = &generation.model.collections[at];
    let place = |place: Place| visible(&generation.set.file_line(place));
    let because = &collection.because;
    let _ = writeln!(
        out,
        "collection {}  {}  ({}: {})",
        visible(&collection.name),
        visible(&collection.title),
        because.confidence,
        visible(&because.text)
    );
    let _ = writeln!(out, "  {}", place(because.place));
    let seeds = match collection.seeds.len() {
        0 => "none from the start".to_owned(),
        1 => "1 from the start".to_owned(),
        many => format!("{many} from the start"),
    };
    let _ = writeln!(out, "  records {}; {seeds}", whose(collection));
    let example =
        collection.id.example.as_ref().map_or_else(|| "1".to_owned(), |example| visible(&example.to_string()));
    let shown = match &collection.id.key {
        Some(key) => format!("`{}`, as {}", visible(key), fit(&example, 40)),
        None => format!("no example shows one; as {}", fit(&example, 40)),
    };
    let _ = writeln!(out, "  id      {shown}");
    fields(generation, collection, out);
    ties(generation, collection, out);
    for known in &collection.machines {
        statuses(generation, at, known, out);
    }
    settled_by(&settle::collection(generation, at), out);
}

fn whose(collection: &Collection) -> &'static str {
    match (collection.owned, collection.private, &collection.relation) {
        (_, _, Some(_)) => "tie a caller to something",
        _ if collection.recipient.is_some() => {
            "belong to who sends them; who they are sent to sees them, and nobody else"
        }
        (true, true, _) => "belong to who makes them, and nobody else sees them",
        (true, false, _) => "belong to who makes them; everyone sees them",
        (false, ..) => "are nobody's; everyone sees them",
    }
}

fn fields(generation: &Generation, collection: &Collection, out: &mut String) {
    let names = collection.fields.iter().map(|field| width(&visible(&field.key))).max().unwrap_or(0).min(30);
    let new = |field: &ItemField| match &field.initial {
        Initial::Value(value) => fit(&visible(&value.to_string()), 16),
        Initial::Now => "the time".to_owned(),
        Initial::After(later) => format!("{} later", term(*later)),
        Initial::Ending(ending) => visible(&ending.to_string()),
        Initial::Number => "the next number".to_owned(),
        Initial::Drawn => "a code drawn".to_owned(),
    };
    let news = collection.fields.iter().map(|field| width(&new(field))).max().unwrap_or(0);
    let words = |field: &ItemField| fit(&visible(field.words.trim()), 30);
    let labels = collection.fields.iter().map(|field| width(&words(field))).max().unwrap_or(0);
    for (number, field) in collection.fields.iter().enumerate() {
        let line = format!(
            "  {:<6}  {}  {:<14}  new {}  {}  {}",
            if number == 0 { "fields" } else { "" },
            pad(&fit(&visible(&field.key), 30), names),
            roles::of_field(collection, field, &generation.lexicon).name(),
            pad(&new(field), news),
            pad(&words(field), labels),
            visible(&generation.set.file_line(field.place))
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn ties(generation: &Generation, collection: &Collection, out: &mut String) {
    let name = |at: usize| generation.model.collections.get(at).map_or_else(String::new, |other| visible(&other.name));
    for reference in &collection.references {
        let what = if reference.many { "several of" } else { "one of" };
        let _ = writeln!(out, "  names   `{}` names {what} {}", visible(&reference.field), name(reference.collection));
    }
    if let Some(relation) = &collection.relation {
        let _ = writeln!(out, "  ties    a caller and one of {} ({})", name(relation.target), visible(&relation.name));
    }
    if let Some(recipient) = &collection.recipient {
        let _ = writeln!(out, "  sent    to the account that `{}` names", visible(recipient));
    }
    if let Some(taker) = &collection.taker {
        let kind = kind_of(generation, taker);
        let by = kind.map(|kind| format!("accounts of the kind {} {}", kind.value, kind.words));
        let anybody = if taker.appointed { "whom whoever made it names" } else { "anybody but who made it" };
        let by = by.unwrap_or_else(|| anybody.to_owned());
        let free = taker.free.as_ref().map_or_else(String::new, |(field, values)| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!(" while `{}` is {}", visible(field), visible(&values.join(" or ")))
        });
        let shown: Vec<String> = taker.shown.iter().map(|(key, _)| format!("`{}`", visible(key))).collect();
        let shown = if shown.is_empty() { String::new() } else { format!(", shown in {}", shown.join(", ")) };
        let (by, field) = (visible(&by), visible(&taker.field));
        let _ = writeln!(out, "  taken   by {by}{free}; `{field}` keeps by whom{shown}");
        if taker.kind.is_none() {
            let (said, place) = (visible(&taker.because.text), visible(&generation.set.file_line(taker.because.place)));
            let _ = writeln!(out, "          {said}  {place}{}", unsure(taker.because.confidence));
        }
    }
    if let Some(known) = &collection.counterpart {
        let (what, said) = (name(known.collection), visible(&known.because.text));
        let (field, place) = (visible(&known.field), visible(&generation.set.file_line(known.because.place)));
        let _ = writeln!(
            out,
            "  party   whoever has the {what} that `{field}` names, too: {said}  {place}{}",
            unsure(known.because.confidence)
        );
    }
    let shown =
        [("others", "see only what has", &collection.public), ("lists", "have only what has", &collection.listed)];
    for (who, what, known) in shown.into_iter().filter_map(|(who, what, known)| Some((who, what, known.as_ref()?))) {
        let values: Vec<String> = known.values.iter().map(ToString::to_string).collect();
        let (field, values) = (visible(&known.field), visible(&values.join(" or ")));
        let (said, place) = (visible(&known.because.text), visible(&generation.set.file_line(known.because.place)));
        let _ =
            writeln!(out, "  {who:<6}  {what} `{field}` {values}: {said}  {place}{}", unsure(known.because.confidence));
    }
    for (what, because) in reasons(collection) {
        let _ = writeln!(
            out,
            "  {what}  {}  ({}: {})",
            visible(&generation.set.file_line(because.place)),
            because.confidence,
            visible(&because.text)
        );
    }
    for unique in &collection.unique {
        let fields: Vec<String> = unique.fields.iter().map(|field| format!("`{}`", visible(field))).collect();
        let among = if unique.own { " of one owner" } else { "" };
        let _ = writeln!(out, "  unique  no two{among} have the same {}", fields.join(" and "));
    }
    if let Some(flag) = &collection.default_flag {
        let _ = writeln!(out, "  chosen  `{}` is set in at most one record of an owner", visible(flag));
    }
}

/// A status that endpoints move is drawn; any other enumeration is one line.
fn statuses(generation: &Generation, at: usize, known: &crate::behavior::Machine, out: &mut String) {
    let arrows = machine::arrows(generation, at, known);
    let place = visible(&generation.set.file_line(known.place));
    let text = |value: &Json| visible(value.scalar_text().unwrap_or_default());
    let said =
        |value: &crate::behavior::StatusValue| format!("{} {}", text(&value.value), fit(&visible(&value.words), 24));
    if arrows.is_empty() {
        let all: Vec<String> = known.values.iter().map(said).collect();
        let _ = writeln!(out, "  values  `{}`: {}  {place}", visible(&known.field), all.join(", "));
        return;
    }
    let _ = writeln!(out, "  status  `{}`, * is a new one's  {place}", visible(&known.field));
    for row in machine::diagram(generation, known, &arrows) {
        let _ = writeln!(out, "          {row}");
    }
    let unreached = machine::unreached(known, &arrows);
    if !unreached.is_empty() {
        let all: Vec<String> = unreached.into_iter().map(said).collect();
        let _ = writeln!(out, "          only the back office leads to {}", all.join(", "));
    }
    for arrow in &arrows {
        let endpoint = generation.set.endpoints.get(arrow.endpoint).map_or("", |endpoint| &endpoint.id);
        let _ =
            writeln!(out, "          {}: {}{}", visible(endpoint), visible(&arrow.because), unsure(arrow.confidence));
    }
}
