//! What was understood of each endpoint, and why: the very values that the engine runs, as JSON and for people.

mod collections;
mod human;
mod machine;
mod roles;
mod settle;
mod text;
mod touch;

pub use collections::collection;
pub use human::{draw, draw_list};
pub use text::{pad, visible, width};

use crate::behavior::{Action, Auth, Behavior, Check, Confidence, Evidence, Form, Input, Origin};
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::{Operation, Role};
use crate::spec::{Endpoint, In, Param, Section, SectionKind};
use serde_json::{Map, Value, json};

/// `{"endpoints":[…]}` as the interface names it, with `collections` beside.
pub fn document(generation: &Generation) -> Value {
    let endpoints: Vec<Value> = (0..generation.set.endpoints.len()).map(|at| endpoint(generation, at)).collect();
    let collections: Vec<Value> =
        collections::told(generation).into_iter().map(|at| collections::collection(generation, at)).collect();
    json!({ "endpoints": endpoints, "collections": collections })
}

/// One endpoint.
pub fn endpoint(generation: &Generation, at: usize) -> Value {
    let set = &generation.set;
    let (endpoint, behavior) = (&set.endpoints[at], &generation.model.behaviors[at]);
    let file = set.source(endpoint.place.file);
    let params = endpoint.params.iter().zip(&behavior.inputs).enumerate().map(|(at, (param, input))| {
        json!({
            "name": param.name,
            "in": param.location.name(),
            "type": param.type_name,
            "required": input.required,
            "default": param.default,
            "description": param.description,
            "role": roles::of_input(behavior, at).name(),
            "demanded": input.required,
            "discriminates": param.discriminates,
            "routes": input.routes,
            "one_of": one_of(input),
            "range": range(input),
            "file": carries(generation, behavior, at, param),
        })
    });
    let codes: Map<String, Value> =
        endpoint.codes.rows.iter().map(|row| (row.code.to_string(), Value::from(row.text.as_str()))).collect();
    let effects = behavior.effects.iter().map(|effect| {
        let mut shown = because(generation, &effect.because);
        shown.insert("effect".to_owned(), Value::from(effect.action.describe(&behavior.inputs)));
        Value::Object(shown)
    });
    json!({
        "id": endpoint.id,
        "title": endpoint.title,
        "group": endpoint.group,
        "method": endpoint.method,
        "path": endpoint.path,
        "file": file.map_or("", |source| source.name()),
        "line": file.map_or(0, |source| source.line(endpoint.place.span.start)),
        "operation": behavior.operation.name(),
        "operation_because": behavior.operation_because.text,
        "operation_confidence": behavior.operation_because.confidence.name(),
        "collection": collection_name(generation, behavior),
        "record": record(generation, behavior),
        "reads": touch::reads(&generation.model, behavior),
        "writes": touch::writes(&generation.model, behavior),
        "settle": settle::endpoint(generation, at),
        "authenticated": is_authenticated(behavior),
        "body": endpoint.body.name(),
        "params": params.collect::<Vec<_>>(),
        "sections": endpoint.sections.iter().map(|section| section.label.as_deref()).collect::<Vec<_>>(),
        "successes": examples(endpoint, SectionKind::Success),
        "errors": examples(endpoint, SectionKind::Error),
        "codes": codes,
        "checks": behavior.checks.iter().map(|check| shown_check(generation, behavior, check)).collect::<Vec<_>>(),
        "effects": effects.collect::<Vec<_>>(),
    })
}

/// The values that an input may have, where there are only some.
fn one_of(input: &Input) -> Option<&[String]> {
    input.rules.iter().find_map(|rule| if let Form::OneOf(values) = &rule.form { Some(&**values) } else { None })
}

fn range(input: &Input) -> Option<[i64; 2]> {
    input
        .rules
        .iter()
        .find_map(|rule| if let Form::Range(least, most) = rule.form { Some([least, most]) } else { None })
}

/// How a parameter carries a file: as a part of its own (`file`), so or by its address (`file-or-address`), or as a text
/// (`base64`). Null where it carries none.
fn carries(generation: &Generation, behavior: &Behavior, at: usize, param: &Param) -> Option<&'static str> {
    let input = behavior.inputs.get(at).filter(|_| param.location == In::Body && !param.discriminates)?;
    let typed = param.type_name.as_deref().is_some_and(|name| generation.lexicon.is_nothing_but("file-type", name));
    let kept = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::KeepFiles { inputs, as_text } => inputs.iter().any(|(input, _)| *input == at).then_some(*as_text),
        _ => None,
    });
    let words = || format!("{} {}", param.type_name.as_deref().unwrap_or_default(), param.all_words());
    match kept {
        Some(true) if words().to_ascii_lowercase().contains("base64") => Some("base64"),
        _ if typed || input.word == Role::File => Some("file"),
        Some(_) => Some("file-or-address"),
        None => None,
    }
}

pub fn is_authenticated(behavior: &Behavior) -> bool {
    matches!(behavior.auth, Auth::Required | Auth::Named(_))
}

/// What the endpoint has to do with a record: the parameter that names it, the field by which where that is not the id.
fn record(generation: &Generation, behavior: &Behavior) -> Value {
    let Some(on) = &behavior.record else { return Value::Null };
    let id = on.id.as_ref();
    json!({
        "collection": generation.model.collections.get(on.collection).map(|collection| &*collection.name),
        "id": id.and_then(|id| behavior.inputs.get(id.input)).map(|input| &*input.name),
        "via": id.and_then(|id| id.via.as_deref()),
        "confidence": on.confidence.name(),
    })
}

fn collection_name<'g>(generation: &'g Generation, behavior: &Behavior) -> Option<&'g str> {
    let of_none = matches!(behavior.operation, Operation::Upload | Operation::Answer);
    match &behavior.record {
        Some(record) => Some(&generation.model.collections[record.collection].name),
        None => (!of_none).then_some(crate::behavior::account::COLLECTION),
    }
}

/// One entry for each JSON value; null for a section of words; nothing for an empty one.
fn examples(endpoint: &Endpoint, kind: SectionKind) -> Vec<Value> {
    let values = |section: &Section| -> Vec<Value> {
        if section.words_only {
            return vec![Value::Null];
        }
        section.examples.iter().map(|example| raw(&example.value)).collect()
    };
    endpoint.sections.iter().filter(|section| section.kind == kind).flat_map(values).collect()
}

fn raw(value: &Json) -> Value {
    Value::from(value)
}

fn shown_check(generation: &Generation, behavior: &Behavior, check: &Check) -> Value {
    let mut shown = because(generation, &check.because);
    let place = generation.set.source(check.failure.place.file);
    shown.insert("code".to_owned(), Value::from(&*check.failure.code));
    shown.insert("message".to_owned(), Value::from(check.failure.message.as_str()));
    shown.insert("check".to_owned(), Value::from(check.demand.kind()));
    shown.insert("classes".to_owned(), check.failure.classes.iter().map(|class| Value::from(class.name())).collect());
    shown.insert("because".to_owned(), Value::from(reason(behavior, check)));
    shown.insert("file".to_owned(), Value::from(place.map_or("", |source| source.name())));
    let line = place.map_or(0, |source| source.line(check.failure.place.span.start));
    shown.insert("line".to_owned(), Value::from(line));
    shown.insert("from".to_owned(), Value::from(origin(check.failure.origin)));
    shown.insert("approximated".to_owned(), Value::from(check.failure.approximated));
    shown.insert("confidence".to_owned(), Value::from(confidence(check).name()));
    Value::Object(shown)
}

/// What is refused, and the words that demand it.
pub fn reason(behavior: &Behavior, check: &Check) -> String {
    format!("{} ({})", check.demand.refusal(&behavior.inputs), check.because.text)
}

/// How sure a check is: its demand's confidence, less where its failure was borrowed or put together.
pub fn confidence(check: &Check) -> Confidence {
    let failure = match check.failure.origin {
        _ if check.failure.approximated => Confidence::Guess,
        Origin::Table(_) | Origin::Example | Origin::Configured => Confidence::Certain,
        Origin::Quote | Origin::Set => Confidence::Likely,
        Origin::General => Confidence::Guess,
    };
    failure.min(check.because.confidence)
}

pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Table(_) => "table",
        Origin::Example => "example",
        Origin::Quote => "quote",
        Origin::Set => "set",
        Origin::General => "general",
        Origin::Configured => "docsim.toml",
    }
}

fn because(generation: &Generation, evidence: &Evidence) -> Map<String, Value> {
    let source = generation.set.source(evidence.place.file);
    let mut shown = Map::new();
    shown.insert("because".to_owned(), Value::from(evidence.text.as_str()));
    shown.insert("file".to_owned(), Value::from(source.map_or("", |source| source.name())));
    shown.insert("line".to_owned(), Value::from(source.map_or(0, |source| source.line(evidence.place.span.start))));
    shown.insert("confidence".to_owned(), Value::from(evidence.confidence.name()));
    shown
}
