//! For machines: all that is known of a run.

use super::Report;
use crate::scenario::coverage::Coverage;
use crate::scenario::request::curl;
use crate::scenario::result::{End, Ran, StepRan};
use serde_json::{Value, json};

/// `{"passed","failed","broken","skipped","stage","seed","took_ms","scenarios":[…],"coverage"}`.
pub fn draw(report: &Report) -> Value {
    json!({
        "passed": report.count("passed"),
        "failed": report.count("failed"),
        "broken": report.count("broken"),
        "skipped": report.count("skipped"),
        "stage": report.stage,
        "seed": report.seed,
        "took_ms": millis(report.took),
        "scenarios": report.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        "coverage": report.coverage.as_ref().map(coverage),
    })
}

fn scenario(ran: &Ran) -> Value {
    let reason = match &ran.end {
        End::Broken(why) | End::Skipped(why) => Some(why),
        End::Passed | End::Failed => None,
    };
    json!({
        "name": ran.name,
        "row": ran.row,
        "tags": ran.tags,
        "source": ran.source,
        "end": ran.end.name(),
        "reason": reason,
        "took_ms": millis(ran.took),
        "steps": ran.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &StepRan) -> Value {
    let decided = step.decided().map(|(rule, source)| json!({ "rule": rule, "source": source }));
    let checks = step
        .checks
        .iter()
        .map(|check| json!({ "what": check.what, "expected": check.expected, "got": check.got, "holds": check.holds }));
    json!({
        "what": step.what,
        "source": step.source,
        "setup": step.is_setup,
        "because": step.because,
        "basis": step.basis.name(),
        "holds": step.holds(),
        "trouble": step.trouble,
        "tries": step.tries,
        "took_ms": millis(step.took),
        "request": step.ask.as_ref().map(|(url, ask)| {
            json!({ "method": ask.method, "url": url, "curl": curl(url, ask) })
        }),
        "reply": step.reply.as_ref().map(|reply| {
            json!({ "http_status": reply.http_status, "body": body(&reply.body) })
        }),
        "outcome": step.outcome.as_ref().map(|outcome| {
            json!({ "success": outcome.is_success, "code": outcome.code, "message": outcome.message })
        }),
        "decided": decided,
        "checks": checks.collect::<Vec<_>>(),
    })
}

/// JSON as it is, all else as a text.
fn body(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

/// `{"percent","reached","total","endpoints":[{"id","title","outcomes":[…]}]}`.
pub fn coverage(coverage: &Coverage) -> Value {
    let endpoints = coverage.endpoints.iter().map(|covered| {
        let outcomes = covered.outcomes.iter().map(|documented| {
            json!({
                "outcome": documented.name(),
                "code": documented.code,
                "message": documented.message,
                "reached": documented.is_reached(),
                "by": documented.reached_by,
                "unreachable": documented.unreachable.map(crate::scenario::coverage::Unreachable::reason),
            })
        });
        json!({ "id": covered.id, "title": covered.title, "outcomes": outcomes.collect::<Vec<_>>() })
    });
    json!({
        "percent": (coverage.percent() * 10.0).round() / 10.0,
        "reached": coverage.reached(),
        "total": coverage.total(),
        "endpoints": endpoints.collect::<Vec<_>>(),
    })
}

fn millis(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
