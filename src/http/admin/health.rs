//! `health`: whether docsim is up, what it serves, and what is wrong with it.

use super::call::{Answer, Call, json};
use crate::diagnostic::{Diagnostic, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Shown {
    status: &'static str,
    endpoints: usize,
    generation: u64,
    uptime_ms: u64,
    /// By rule; what a document says is for those alone who may ask for `diagnostics`.
    problems: Vec<Problems>,
}

#[derive(Serialize)]
struct Problems {
    rule: &'static str,
    count: usize,
}

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let mut by_rule: BTreeMap<&'static str, usize> = BTreeMap::new();
    let is_wrong = |found: &&Diagnostic| found.severity == Severity::Error || found.rule == "last-good-kept";
    for found in call.generation.diagnostics.iter().filter(is_wrong) {
        *by_rule.entry(found.rule).or_default() += 1;
    }
    json(&Shown {
        status: "ok",
        endpoints: call.generation.set.endpoints.len(),
        generation: call.generation.number,
        uptime_ms: u64::try_from(call.app.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        problems: by_rule.into_iter().map(|(rule, count)| Problems { rule, count }).collect(),
    })
}
