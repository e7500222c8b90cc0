//! What to write into `docsim.toml` where the documents' words left a doubt: the very lines, which say what was understood.
//! Whoever finds it right pastes them as they are; whoever does not changes the value.

use crate::behavior::{Action, Behavior, Case, CaseOf, Confidence, Origin};
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::Operation;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The lines for an endpoint; none where all is certain.
pub(super) fn endpoint(generation: &Generation, at: usize) -> Vec<String> {
    let (endpoint, behavior) = (&generation.set.endpoints[at], &generation.model.behaviors[at]);
    let mut lines = Vec::new();
    if behavior.operation_because.confidence < Confidence::Certain {
        lines.push(format!("operation = {}", text(behavior.operation.name())));
    }
    if let Some(on) = behavior.record.as_ref().filter(|on| on.confidence < Confidence::Certain) {
        let collection = &generation.model.collections[on.collection];
        lines.push(format!("collection = {}", text(&collection.name)));
        if let Some(input) = on.id.as_ref().and_then(|id| behavior.inputs.get(id.input)) {
            lines.push(format!("id = {}", text(&input.name)));
        }
    }
    lines.extend(transition(behavior));
    lines.extend(codes(behavior));
    if !lines.is_empty() {
        lines.insert(0, format!("[endpoints.{}]", text(&endpoint.id)));
    }
    lines
}

fn transition(behavior: &Behavior) -> Option<String> {
    // What changes a record and moves it besides stays a change.
    if behavior.operation == Operation::Update {
        return None;
    }
    let effect = behavior.effects.iter().find(|effect| {
        effect.because.confidence < Confidence::Certain && matches!(effect.action, Action::MoveRecords { .. })
    })?;
    let Action::MoveRecords { field, from, to, cases, .. } = &effect.action else { return None };
    // A deed that what is sent chooses is more than one transition.
    let is_chosen = |case: &Case| matches!(&case.of, CaseOf::Input { from, .. } if !from.is_empty());
    if cases.iter().any(is_chosen) {
        return None;
    }
    let from: Vec<String> = from.iter().map(value).collect();
    Some(format!("transition = {{ field = {}, from = [{}], to = {} }}", text(field), from.join(", "), value(to)))
}

/// The codes of failures that were borrowed or put together; none where a kind of check has several.
fn codes(behavior: &Behavior) -> Option<String> {
    let mut codes: BTreeMap<&str, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for check in &behavior.checks {
        let borrowed = matches!(check.failure.origin, Origin::Quote | Origin::Set | Origin::General);
        let (all, doubtful) = codes.entry(check.demand.kind()).or_default();
        all.insert(&check.failure.code);
        *doubtful |= borrowed || check.failure.approximated;
    }
    let told = codes.iter().filter_map(|(kind, (all, doubtful))| {
        let only = all.first().filter(|code| *doubtful && all.len() == 1 && !code.is_empty())?;
        Some(format!("{kind} = {}", text(only)))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("codes = {{ {} }}", told.join(", ")))
}

/// The lines for a collection: whose its records are is never said in so many words.
pub(super) fn collection(generation: &Generation, at: usize) -> Vec<String> {
    let collection = &generation.model.collections[at];
    if collection.because.confidence == Confidence::Certain {
        return Vec::new();
    }
    let mut lines = vec![format!("[collections.{}]", key(&collection.name))];
    lines.push(format!("owner = {}", text(if collection.owned { "caller" } else { "nobody" })));
    if collection.owned {
        lines.push(format!("private = {}", collection.private));
    }
    lines
}

fn value(value: &Json) -> String {
    match value {
        Json::Number(number) => number.to_string(),
        Json::Bool(flag) => flag.to_string(),
        other => text(other.scalar_text().unwrap_or_default()),
    }
}

/// A bare key where TOML takes one.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { text(name) }
}

/// A basic string of TOML.
fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_toml_reads_them() {
        for name in ["order", "a b", "订单", "a\"b\\c", "tab\there", ""] {
            let line = format!("{} = {}", key(name), text(name));
            let read: toml::Table = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(read.get(name).and_then(toml::Value::as_str), Some(name), "{line}");
        }
    }
}
