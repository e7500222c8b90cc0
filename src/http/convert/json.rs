//! A JSON object, its numbers kept as their lexemes.
//!
//! `serde_json` finds the extent of each value and checks its form; what is nested is taken apart the same way.

use super::{Fields, charset, too_large, too_many_fields};
use crate::engine::request::Value;
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::json::Json;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

pub(super) fn fields<'b>(body: &'b [u8], charset: Option<&str>, limits: &Limits) -> Result<Fields<'b>, Problem> {
    match charset::text(body, charset)? {
        Cow::Borrowed(text) => members(text, limits),
        Cow::Owned(text) => Ok(members(&text, limits)?.into_iter().map(owned).collect()),
    }
}

fn members<'b>(text: &'b str, limits: &Limits) -> Result<Fields<'b>, Problem> {
    let found = match text.trim_ascii_start().bytes().next() {
        Some(b'[') => Some("an array"),
        Some(b'"') => Some("a string"),
        Some(b't' | b'f') if matches!(text.trim_ascii(), "true" | "false") => Some("a boolean"),
        Some(b'n') if text.trim_ascii() == "null" => Some("null"),
        Some(b'-' | b'0'..=b'9') => Some("a number"),
        _ => None,
    };
    if let Some(found) = found {
        return Err(Problem::bad_request(format!("a JSON body has to be an object; this is {found}")));
    }
    let members: Members<'b> = serde_json::from_str(text).map_err(|error| invalid(&error))?;
    if members.0.len() > limits.fields {
        return Err(too_many_fields(limits));
    }
    let mut budget = limits.json_values;
    let depth = limits.json_depth.saturating_sub(1); // the body itself is the first
    let value = |(name, raw): (Cow<'b, str>, &'b RawValue)| {
        let value = match raw.get().as_bytes().first() {
            Some(b'"') => Value::Text(string(raw.get())?),
            _ => Value::Json(nested(raw.get(), depth, &mut budget).map_err(|refusal| refusal.problem(limits))?),
        };
        Ok((name, value))
    };
    members.0.into_iter().map(value).collect()
}

fn owned((name, value): (Cow<'_, str>, Value<'_>)) -> (Cow<'static, str>, Value<'static>) {
    let value = match value {
        Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        Value::Json(json) => Value::Json(json),
        Value::File(file) => Value::File(file),
    };
    (Cow::Owned(name.into_owned()), value)
}

enum Refusal {
    TooManyValues,
    TooDeep,
    Invalid(serde_json::Error),
}

impl Refusal {
    fn problem(self, limits: &Limits) -> Problem {
        match self {
            Self::TooManyValues => too_large("json-values", limits.json_values, "values in a JSON body"),
            Self::TooDeep => too_large("json-depth", limits.json_depth, "levels of arrays and objects in a JSON body"),
            Self::Invalid(error) => invalid(&error),
        }
    }
}

/// `depth` is how many levels there may be from here on.
fn nested(raw: &str, depth: usize, budget: &mut usize) -> Result<Json, Refusal> {
    *budget = budget.checked_sub(1).ok_or(Refusal::TooManyValues)?;
    let inner = || depth.checked_sub(1).ok_or(Refusal::TooDeep);
    Ok(match raw.as_bytes().first() {
        Some(b'{') => {
            let depth = inner()?;
            let Members(members) = serde_json::from_str(raw).map_err(Refusal::Invalid)?;
            let mut object = Vec::with_capacity(members.len().min(*budget));
            for (name, value) in members {
                object.push((name.into(), nested(value.get(), depth, budget)?));
            }
            Json::Object(object)
        }
        Some(b'[') => {
            let depth = inner()?;
            let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(Refusal::Invalid)?;
            let mut array = Vec::with_capacity(items.len().min(*budget));
            for item in items {
                array.push(nested(item.get(), depth, budget)?);
            }
            Json::Array(array)
        }
        Some(b'"') => {
            let Text(text) = serde_json::from_str(raw).map_err(Refusal::Invalid)?;
            Json::string(&*text)
        }
        Some(b't') => Json::Bool(true),
        Some(b'f') => Json::Bool(false),
        Some(b'n') | None => Json::Null,
        Some(_) => Json::Number(raw.into()),
    })
}

fn string(raw: &str) -> Result<Cow<'_, str>, Problem> {
    serde_json::from_str::<Text<'_>>(raw).map(|text| text.0).map_err(|error| invalid(&error))
}

fn invalid(error: &serde_json::Error) -> Problem {
    Problem::bad_request(format!("the body is not valid JSON: {error}"))
        .member("line", error.line())
        .member("column", error.column())
}

/// A string that is borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Text<'b>(#[serde(borrow)] Cow<'b, str>);

/// The members of an object, all of them and in order.
struct Members<'b>(Vec<(Cow<'b, str>, &'b RawValue)>);

impl<'de: 'b, 'b> Deserialize<'de> for Members<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
