//! The statuses of a collection and what moves them, as data and as a small text diagram.

use super::text::{fit, pad, visible, width};
use crate::behavior::{Action, CaseOf, Confidence, Machine, StatusValue};
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::label_head;

/// What an endpoint does to a status.
pub(super) struct Arrow {
    pub(super) endpoint: usize,
    /// Empty is any.
    pub(super) from: Vec<Json>,
    pub(super) to: Json,
    pub(super) because: String,
    pub(super) confidence: Confidence,
}

/// The endpoints that move that field of a collection.
pub(super) fn arrows(generation: &Generation, at: usize, machine: &Machine) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for (endpoint, behavior) in generation.model.behaviors.iter().enumerate() {
        for effect in &behavior.effects {
            if let Action::MoveRecords { collection, field, from, to, cases, .. } = &effect.action
                && (*collection, &**field) == (at, &*machine.field)
            {
                let arrow = |from: &[Json], to: &Json| Arrow {
                    endpoint,
                    from: from.to_vec(),
                    to: to.clone(),
                    because: effect.because.text.clone(),
                    confidence: effect.because.confidence,
                };
                let known = arrows.len();
                arrows.extend(cases.iter().filter_map(|case| match &case.of {
                    CaseOf::Input { from, .. } if !from.is_empty() => Some(arrow(from, &case.to)),
                    _ => None,
                }));
                if arrows.len() == known {
                    arrows.push(arrow(from, to));
                }
            }
        }
    }
    arrows
}

/// A row a status, `*` before that of a new record; below it a row for each verb that leaves it. ASCII: the lines that are
/// made for drawing are one column wide in some terminals and two in others.
pub(super) fn diagram(generation: &Generation, machine: &Machine, arrows: &[Arrow]) -> Vec<String> {
    let text = |value: &Json| visible(value.scalar_text().unwrap_or_default());
    let words = |value: &StatusValue| fit(&visible(label_head(&value.words)), 24);
    let values = machine.values.iter().map(|value| width(&text(&value.value))).max().unwrap_or(0);
    let labels = machine.values.iter().map(|value| width(&words(value))).max().unwrap_or(0);
    let verb = |arrow: &Arrow| {
        let title = visible(generation.set.endpoints.get(arrow.endpoint).map_or("", |endpoint| &endpoint.title));
        fit(&title, 24)
    };
    let verbs = arrows.iter().map(|arrow| width(&verb(arrow))).max().unwrap_or(0);
    let target = |arrow: &Arrow| match machine.known(&arrow.to) {
        Some(known) => format!("{} {}", text(&arrow.to), words(known)),
        None => text(&arrow.to),
    };
    let leaves = |arrow: &&Arrow, value: &StatusValue| {
        let named = arrow.from.iter().any(|from| from.scalar_text() == value.value.scalar_text());
        (named || arrow.from.is_empty()) && arrow.to.scalar_text() != value.value.scalar_text()
    };
    let mut rows = Vec::new();
    for value in &machine.values {
        let mark = if value.value == machine.initial { '*' } else { ' ' };
        let shown = text(&value.value);
        let gap = " ".repeat(values.saturating_sub(width(&shown)));
        let begin = format!("{mark} {gap}{shown}  {}", pad(&words(value), labels));
        let mut first = true;
        for arrow in arrows.iter().filter(|arrow| leaves(arrow, value)) {
            let begin = if first { begin.clone() } else { " ".repeat(width(&begin)) };
            let verb = verb(arrow);
            let line = "-".repeat(verbs.saturating_sub(width(&verb)) + 2);
            let unsure = match arrow.confidence {
                Confidence::Certain => String::new(),
                other => format!("  ({other})"),
            };
            rows.push(format!("{begin}  --{verb}{line}> {}{unsure}", target(arrow)));
            first = false;
        }
        if first {
            rows.push(begin.trim_end().to_owned());
        }
    }
    rows
}

/// The statuses that no endpoint leads to: only the back office does, if anything.
pub(super) fn unreached<'m>(machine: &'m Machine, arrows: &[Arrow]) -> Vec<&'m StatusValue> {
    let reached = |value: &&StatusValue| {
        value.value == machine.initial || arrows.iter().any(|arrow| arrow.to.scalar_text() == value.value.scalar_text())
    };
    machine.values.iter().filter(|value| !reached(value)).collect()
}
