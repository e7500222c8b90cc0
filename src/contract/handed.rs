//! The token that a reply hands out: where the documents' examples have one.

use crate::behavior::Slot;
use crate::generation::Generation;
use crate::json::{Json, Step};
use serde_json::Value;

/// Where it stands, as a `JSONPath`, and the token itself. None where the endpoint gives none, or this reply did not.
pub fn token(generation: &Generation, endpoint: usize, body: &Value) -> Option<(String, String)> {
    let behavior = &generation.model.behaviors[endpoint];
    let given: Vec<&Json> =
        behavior.success.body.slots().filter(|(slot, _)| **slot == Slot::Token).map(|(_, json)| json).collect();
    if given.is_empty() {
        return None;
    }
    let examples = generation.set.endpoints[endpoint].successes();
    examples.into_iter().find_map(|example| {
        let mut places = Vec::new();
        walk(&example.value, &mut Vec::new(), &mut |path, value| {
            if given.contains(&value) {
                places.push(path.to_vec());
            }
        });
        places.into_iter().find_map(|path| Some((written(&path), at(body, &path)?)))
    })
}

fn walk(value: &Json, path: &mut Vec<Step>, seen: &mut dyn FnMut(&[Step], &Json)) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                path.push(Step::Key(name.clone()));
                walk(value, path, seen);
                path.pop();
            }
        }
        Json::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                path.push(Step::Index(at));
                walk(value, path, seen);
                path.pop();
            }
        }
        scalar => seen(path, scalar),
    }
}

fn at(body: &Value, path: &[Step]) -> Option<String> {
    let found = path.iter().try_fold(body, |value, step| match step {
        Step::Key(key) => value.get(&**key),
        Step::Index(index) => value.get(*index),
    })?;
    match found {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// As RFC 9535 has it; names that are no plain words in brackets.
pub(crate) fn written(path: &[Step]) -> String {
    let is_plain = |key: &str| {
        !key.starts_with(|c: char| c.is_ascii_digit())
            && !key.is_empty()
            && key.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    path.iter().fold("$".to_owned(), |text, step| match step {
        Step::Key(key) if is_plain(key) => format!("{text}.{key}"),
        Step::Key(key) => format!("{text}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
        Step::Index(at) => format!("{text}[{at}]"),
    })
}
