//! The JSON Schema of the file, for editors, written from the same table that the reader follows.

use super::keys::{LONGEST_DURATION, ROOT};
use super::shape::{Key, Names, Other, Scalars, Shape, TableShape};
use super::vocabulary::Vocabulary;
use serde_json::{Map, Value, json};

/// A JSON Schema (draft 2020-12) with a description and an example for every key. `rules` are the names of all other
/// rules that there are, as for `read`.
pub fn schema(rules: &[&str]) -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("docsim.toml"));
    schema.insert("description".to_owned(), json!("What docsim is told beside the documents; every key is optional."));
    schema.extend(table(&ROOT, rules));
    Value::Object(schema)
}

fn table(shape: &TableShape, rules: &[&str]) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut properties: Map<String, Value> =
        shape.keys.iter().map(|key| (key.name.to_owned(), property(key, rules))).collect();
    schema.insert("type".to_owned(), json!("object"));
    let mut others = json!(false);
    if let Some(other) = &shape.other {
        match &other.names {
            Names::Known(words) => properties.extend(known(*words, other, rules)),
            Names::Of(form) => {
                others = told(other.says, value(other.shape, rules));
                // Where there are keys of the table's own, these fit too.
                schema.extend(form.pattern.map(|pattern| ("propertyNames".to_owned(), json!({ "pattern": pattern }))));
            }
        }
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    schema.insert("additionalProperties".to_owned(), others);
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn property(key: &Key, rules: &[&str]) -> Value {
    let mut property = told(key.says, value(&key.shape, rules));
    if let (Value::Object(property), Some(example)) = (&mut property, example(key.sample)) {
        property.insert("examples".to_owned(), json!([example]));
    }
    property
}

/// One property for each name, so that editors offer it with what it means.
fn known(words: Vocabulary, other: &Other, rules: &[&str]) -> Vec<(String, Value)> {
    let described = |says: &'static str| if says.is_empty() { other.says } else { says };
    let words = words.words(rules).into_iter();
    words.map(|(name, says)| (name, told(described(says), value(other.shape, rules)))).collect()
}

fn told(says: &str, schema: Map<String, Value>) -> Value {
    let mut whole = Map::from_iter([("description".to_owned(), json!(says))]);
    whole.extend(schema);
    Value::Object(whole)
}

fn value(shape: &Shape, rules: &[&str]) -> Map<String, Value> {
    let schema = match shape {
        Shape::Text(form, Scalars::Texts) => json!({ "type": "string", "pattern": form.pattern }),
        Shape::Text(form, Scalars::Codes) => {
            json!({ "type": ["string", "integer", "boolean"], "pattern": form.pattern })
        }
        Shape::Text(form, Scalars::All) => json!({ "type": ["string", "number", "boolean"], "pattern": form.pattern }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Whole { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Duration { least } => json!({
            "type": ["string", "integer"],
            "pattern": r"^\s*([0-9]+|([0-9]+(ms|s|m|h|d|w)\s*)+)\s*$",
            "minimum": i64::from(*least > 0),
            "maximum": LONGEST_DURATION / 1_000,
        }),
        Shape::Word(words) => json!({
            "oneOf": words.words(rules).into_iter().map(|(name, says)| word(&name, says)).collect::<Vec<_>>(),
        }),
        Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Any => json!({}),
        Shape::Either { list, other } => json!({ "anyOf": [value(list, rules), value(other, rules)] }),
        Shape::List { items, .. } => json!({ "type": "array", "items": value(items, rules) }),
        Shape::Table(keys) => Value::Object(table(keys, rules)),
    };
    match schema {
        Value::Object(members) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn word(name: &str, says: &str) -> Value {
    if says.is_empty() { json!({ "const": name }) } else { json!({ "const": name, "description": says }) }
}

/// The value of a sample line.
fn example(sample: &str) -> Option<Value> {
    let line: Map<String, Value> = toml::from_str(sample).ok()?;
    line.into_iter().next().map(|(_, value)| value)
}
