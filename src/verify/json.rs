//! For machines.

use super::{Finding, Verdict};
use crate::generation::Generation;
use crate::scenario::result::End;
use serde_json::{Value, json};

pub fn draw(verdict: &Verdict, generation: &Generation, stage: &str) -> Value {
    let all =
        |findings: &[Finding]| -> Vec<Value> { findings.iter().map(|finding| one(finding, generation)).collect() };
    let skipped = verdict.ran.iter().filter_map(|ran| match &ran.end {
        End::Skipped(why) | End::Broken(why) => Some(json!({ "scenario": ran.title(), "why": why })),
        _ => None,
    });
    json!({
        "target": stage,
        "findings": all(&verdict.findings),
        "remarks": all(&verdict.remarks),
        "following": verdict.following,
        "not_tested": skipped.collect::<Vec<_>>(),
        "scenarios": verdict.ran.len(),
    })
}

fn one(finding: &Finding, generation: &Generation) -> Value {
    let endpoint = &generation.set.endpoints[finding.endpoint];
    let ids: Vec<&str> = finding.seen_at.iter().map(|at| generation.set.endpoints[*at].id.as_str()).collect();
    let source = generation.set.source(finding.place.file);
    json!({
        "endpoint": endpoint.id,
        "title": endpoint.title,
        "kind": finding.kind.name(),
        "basis": finding.basis.name(),
        "file": source.map(crate::source::Source::name),
        "line": source.map(|source| source.line(finding.place.span.start)),
        "at": finding.at,
        "expected": finding.expected,
        "got": finding.got,
        "because": finding.because,
        "curl": finding.curl,
        "scenario": finding.scenario,
        "seen_at": ids,
        "times": finding.times,
        "fault": finding.fault.name(),
        "flaky": finding.is_flaky,
    })
}
