//! The code, the message, and the members that say how a call went.

use super::{Finding, Kind, path};
use crate::generation::Generation;
use crate::json::{Json, Step};
use crate::scenario::ast::Basis;
use crate::source::Place;
use crate::spec::{Endpoint, Example, SectionKind};

/// Longer values are cut where they are shown.
const SHOWN: usize = 160;

/// A failure's code is one that the endpoint's documents list, if they list any.
pub(super) fn code(generation: &Generation, endpoint: usize, got: Option<&str>, found: &mut Vec<Finding>) {
    let documented = &generation.set.endpoints[endpoint];
    let behavior = &generation.model.behaviors[endpoint];
    let envelope = generation.set.envelope(documented);
    let examples: Vec<(String, Place)> = documented
        .errors()
        .filter_map(|example| {
            let (at, code) = envelope.code_of(&example.value)?;
            Some((code.to_owned(), example.place_of(at)))
        })
        .collect();
    let rows = documented.codes.rows.iter().chain(&documented.quoted);
    let mut known: Vec<(String, Place)> = rows.map(|row| (row.code.to_string(), row.place)).collect();
    let lists_them = !documented.codes.rows.is_empty();
    known.extend(examples);
    let Some(got) = got.filter(|got| !known.iter().any(|(code, _)| code == got)) else { return };
    if known.is_empty() {
        return; // the documents say nothing of failures
    }
    // What the set has for a case that this endpoint's documents forgot is no fault of the server's.
    if behavior.checks.iter().any(|check| check.reply.code == got) {
        return;
    }
    let in_set = generation.set.tables.iter().any(|table| table.get(got).is_some());
    let basis = if lists_them && !in_set { Basis::Inferred } else { Basis::Convention };
    let mut codes: Vec<&str> = known.iter().map(|(code, _)| code.as_str()).collect();
    codes.dedup();
    let mut seen: Vec<&str> = Vec::new();
    for code in codes {
        if !seen.contains(&code) {
            seen.push(code);
        }
    }
    found.push(Finding {
        kind: Kind::Code,
        basis,
        place: known[0].1,
        at: envelope.code.first().map_or_else(|| "the code".to_owned(), |at| path(at)),
        expected: format!("one of {}", seen.join(", ")),
        got: got.to_owned(),
    });
}

/// The words are those that the documents have for this code, here or elsewhere.
pub(super) fn message(
    generation: &Generation,
    endpoint: usize,
    kind: SectionKind,
    body: &Json,
    code: Option<&str>,
    found: &mut Vec<Finding>,
) {
    let documented = &generation.set.endpoints[endpoint];
    let envelope = generation.set.envelope(documented);
    let Some((at, got)) = envelope.message_of(body) else { return };
    let of_all = &generation.model.of_all;
    let is_failure = kind == SectionKind::Error;
    if of_all.is_open(endpoint, code.filter(|_| is_failure)) || (is_failure && of_all.has_head(code, got)) {
        return;
    }
    let of_code = |example: &&Example| {
        kind == SectionKind::Success || envelope.code_of(&example.value).map(|(_, code)| code) == code
    };
    let in_examples = |endpoint: &Endpoint| -> Vec<(String, Place)> {
        let examples = endpoint.examples(kind).filter(|example| !example.is_table).filter(of_code);
        let words = examples.filter_map(|example| {
            let (at, words) = envelope.message_of(&example.value)?;
            Some((words.to_owned(), example.place_of(at)))
        });
        words.collect()
    };
    let mut texts: Vec<(String, Place)> = in_examples(documented);
    let mut is_own = true;
    if kind == SectionKind::Error {
        let row = |rows: &[crate::spec::CodeRow]| -> Vec<(String, Place)> {
            let own = rows.iter().filter(|row| Some(&*row.code) == code && !row.text.is_empty());
            own.map(|row| (row.text.clone(), row.place)).collect()
        };
        texts.extend(row(&documented.codes.rows));
        texts.extend(row(&documented.quoted));
        // Where it is listed without words of its own, or not at all, others may say it.
        let elsewhere = generation.set.endpoints.iter().filter(|other| other.envelope == documented.envelope);
        if texts.is_empty() {
            is_own = false;
            for other in elsewhere {
                texts.extend(in_examples(other));
                texts.extend(row(&other.codes.rows));
            }
            for table in &generation.set.tables {
                // A table for all endpoints is this one's, too.
                is_own |= !row(&table.rows).is_empty();
                texts.extend(row(&table.rows));
            }
        } else {
            // An example shows one reason; what a table says of the code holds for the others.
            texts.extend(generation.set.tables.iter().flat_map(|table| row(&table.rows)));
        }
        let replies = generation.model.behaviors[endpoint].checks.iter().map(|check| &check.failure);
        let borrowed = replies.filter(|failure| Some(&*failure.code) == code);
        texts.extend(borrowed.map(|failure| (failure.message.clone(), failure.place)));
    }
    texts.retain(|(text, _)| !text.trim().is_empty());
    let Some((_, place)) = texts.first() else { return };
    let is_known = |(text, _): &(String, Place)| are_alike(text, got);
    if texts.iter().any(is_known) {
        return;
    }
    let mut known: Vec<&str> = Vec::new();
    for (text, _) in &texts {
        if !known.contains(&text.as_str()) {
            known.push(text);
        }
    }
    found.push(Finding {
        kind: Kind::Message,
        // The words of another endpoint are no promise of this one's.
        basis: if is_own { Basis::Stated } else { Basis::Convention },
        place: *place,
        at: path(at),
        expected: known.join(", or "),
        got: cut(got),
    });
}

/// The same words, or a part of what the documents explain at length.
fn are_alike(documented: &str, got: &str) -> bool {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (documented, got) = (plain(documented), plain(got));
    documented == got || (got.chars().count() >= 2 && (documented.starts_with(&got) || got.starts_with(&documented)))
}

/// Members beside data, code and message whose values the examples of one kind have in common.
pub(super) fn markers(
    generation: &Generation,
    endpoint: usize,
    kind: SectionKind,
    body: &Json,
    found: &mut Vec<Finding>,
) {
    let documented = &generation.set.endpoints[endpoint];
    let envelope = generation.set.envelope(documented);
    let Some(members) = body.as_object() else { return };
    let examples: Vec<&Example> = generation
        .set
        .endpoints
        .iter()
        .filter(|other| other.envelope == documented.envelope)
        .flat_map(|other| other.examples(kind))
        .filter(|example| !example.is_table)
        .collect();
    for (key, got) in members {
        let at = [Step::Key(key.clone())];
        let is_special = envelope.data.as_deref() == Some(key)
            || envelope.code.first().into_iter().chain(&envelope.message).any(|path| path.as_slice() == at);
        let mut values: Vec<&Json> = examples.iter().filter_map(|example| example.value.get(key)).collect();
        let is_everywhere = values.len() == examples.len() && values.len() >= 2;
        let shown: Vec<&Json> = documented.examples(kind).filter_map(|example| example.value.get(key)).collect();
        if !shown.is_empty() {
            // What the endpoint shows itself, or what nearly all do: one of the two may be a slip.
            let usual = most_frequent(&values);
            values = shown;
            values.extend(usual);
        }
        if is_special || !is_everywhere || got.scalar_text().is_none_or(str::is_empty) {
            continue;
        }
        let mut distinct: Vec<&str> = values.iter().filter_map(|value| value.scalar_text()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let is_constant =
            distinct.len() <= 2 && distinct.iter().all(|text| text.chars().count() <= 10 && !text.is_empty());
        let own = documented.examples(kind).find(|example| example.value.get(key).is_some());
        let is_known = distinct.iter().any(|known| got.scalar_text() == Some(known));
        // A time stands still in examples, and nowhere else.
        let looks_like_time = distinct.iter().any(|text| text.len() >= 8);
        if is_constant && !is_known && !looks_like_time {
            let place = own.or(examples.first().copied()).map_or(documented.place, |example| example.place_of(&at));
            found.push(Finding {
                kind: Kind::Marker,
                basis: Basis::Stated,
                place,
                at: path(&at),
                expected: distinct.join(" or "),
                got: cut(&got.to_string()),
            });
        }
    }
}

fn most_frequent<'j>(values: &[&'j Json]) -> Option<&'j Json> {
    let count = |wanted: &Json| values.iter().filter(|value| value.scalar_text() == wanted.scalar_text()).count();
    values.iter().copied().max_by_key(|value| count(value))
}

/// A type in a word, with the value where it is wanted.
pub(super) fn told(value: &Json, with_value: bool) -> String {
    let name = match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    };
    if with_value { format!("{name} {}", cut(&value.to_string())) } else { name.to_owned() }
}

pub(super) fn cut(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHOWN).collect();
    format!("{cut}…")
}
