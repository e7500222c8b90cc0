//! The values of fields and inputs, read as texts, numbers and lists, and written in the form of an example.

use crate::behavior::HowMany;
use crate::behavior::collection::{self, Collection};
use crate::engine::{Call, item};
use crate::json::Json;

/// The number that a field holds.
pub(in crate::engine) fn number_in(value: Option<&Json>) -> Option<f64> {
    text_of(value)?.trim().parse().ok()
}

/// The text of a field, if it is a scalar.
pub(in crate::engine) fn text_of(value: Option<&Json>) -> Option<&str> {
    value.and_then(Json::scalar_text)
}

/// How many an input says that there are to be.
pub(in crate::engine) fn how_many(call: &Call<'_>, quantity: HowMany) -> Option<f64> {
    match quantity {
        HowMany::Number(input) => call.text(input)?.parse().ok(),
        HowMany::Listed(input) => number_of(ids(call, input).len()),
    }
}

/// How many a field says that there are.
pub(in crate::engine) fn count_in<'j>(
    count: &collection::Count,
    get: impl FnOnce(&str) -> Option<&'j Json>,
) -> Option<f64> {
    match count {
        collection::Count::Number(field) => number_in(get(field)),
        collection::Count::Listed(field) => number_of(listed(get(field)).len()),
    }
}

fn number_of(length: usize) -> Option<f64> {
    u32::try_from(length).ok().filter(|length| *length > 0).map(f64::from)
}

/// The ids that a value names: one, several apart by commas, or a list.
pub(in crate::engine) fn ids(call: &Call<'_>, input: usize) -> Vec<String> {
    listed(call.json(input).as_ref())
}

/// The same of a value.
pub(in crate::engine) fn listed(value: Option<&Json>) -> Vec<String> {
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

/// What was sent for a field, in the form of its example: `a,b` is a list where the example has one.
pub(in crate::engine) fn in_form(example: Option<&Json>, sent: Json) -> Json {
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

pub(super) fn is_empty(value: &Json) -> bool {
    matches!(value, Json::Null) || value.scalar_text().is_some_and(str::is_empty)
}

/// A flag in the form that the examples have it.
pub(in crate::engine) fn flag_of(collection: &Collection, flag: &str, up: bool) -> Json {
    let example = collection.field(flag).map_or_else(|| Json::string("1"), |field| field.example.clone());
    item::flag(&example, up)
}

/// Whether a flag is up.
pub(in crate::engine) fn is_yes(value: Option<&Json>) -> bool {
    value.and_then(Json::scalar_text).is_some_and(|text| matches!(text, "1" | "true" | "yes" | "Y" | "y"))
}

/// A whole number without decimals.
pub(in crate::engine) fn number(number: f64) -> String {
    if (number - number.round()).abs() < 1e-9 { format!("{number:.0}") } else { format!("{number:.2}") }
}
