//! What the runs of one scenario say about the server.
//!
//! In: a run, and its plan. Out: findings, as they are, without a thought about what follows from what.

use super::finding::{Fault, Finding, Kind};
use super::{Played, Verdict};
use crate::contract;
use crate::scenario::ast::Basis;
use crate::scenario::request::curl;
use crate::scenario::result::{CheckRan, End, StepRan};
use crate::scenario::run::Program;

pub(super) fn judge(program: &Program, played: &Played<'_>) -> Vec<Finding> {
    let generation = &program.generation;
    let mut found: Vec<Finding> = Vec::new();
    for (number, step) in played.ran.steps.iter().enumerate() {
        let (Some(endpoint), Some(reply)) = (step.endpoint, &step.reply) else { continue };
        let whole = is_about(program, played, number);
        let wrong: Vec<&CheckRan> =
            step.checks.iter().filter(|check| !check.holds && !differs_in_type_only(check)).collect();
        let start = Finding {
            endpoint,
            seen_at: vec![endpoint],
            kind: Kind::Outcome,
            basis: step.basis,
            place: generation.set.endpoints[endpoint].place,
            at: String::new(),
            expected: String::new(),
            got: String::new(),
            curl: step.ask.as_ref().map_or_else(String::new, |(url, ask)| curl(url, ask)),
            scenario: played.ran.title(),
            because: step.because.clone().unwrap_or_default(),
            times: 1,
            fault: Fault::Backend,
            is_flaky: false,
            is_last: whole,
        };
        let is_outcome =
            |check: &CheckRan| matches!(check.what.as_str(), "outcome" | "code" | "message" | "http_status");
        for difference in contract::check(generation, endpoint, reply) {
            // A wrong code is told once, as the outcome that it is.
            let is_told =
                difference.kind == contract::Kind::Code && !wrong.is_empty() && step.basis != Basis::Convention;
            if !is_told {
                found.push(Finding {
                    kind: Kind::Reply(difference.kind),
                    basis: difference.basis,
                    place: difference.place,
                    at: difference.at,
                    expected: difference.expected,
                    got: difference.got,
                    ..start.clone()
                });
            }
        }
        for check in wrong {
            let deed = played.plan.and_then(|plan| plan.deed).filter(|_| whole);
            let place = played.plan.filter(|_| whole).map_or(start.place, |plan| plan.place);
            let got = if is_outcome(check) { said(step) } else { check.got.clone() };
            found.push(Finding {
                kind: if deed.is_some() { Kind::Effect } else { Kind::Outcome },
                endpoint: played.plan.filter(|_| deed.is_some()).map_or(endpoint, |plan| plan.endpoint),
                place,
                at: check.what.clone(),
                expected: check.expected.clone(),
                got,
                ..start.clone()
            });
        }
        if let Some(trouble) = &step.trouble
            && found.is_empty()
        {
            let expected = "a value that later requests need".to_owned();
            found.push(Finding { at: "the reply".to_owned(), expected, got: trouble.clone(), ..start });
        }
    }
    found
}

/// Whether a step is what the scenario is about: the last one, or one that looks at what was done before it.
fn is_about(program: &Program, played: &Played<'_>, number: usize) -> bool {
    let Some(plan) = played.plan else { return true };
    let step = &played.ran.steps[number];
    match plan.deed {
        Some(deed) => {
            let done = played.ran.steps[..number].iter().any(|step| step.endpoint == Some(deed));
            done || (step.endpoint == Some(deed) && plan.endpoint == deed && plan.looks_at_itself)
        }
        None => {
            let scenario = program.scenarios.iter().find(|scenario| scenario.name == played.ran.name);
            scenario.is_some_and(|scenario| scenario.setup.len() + scenario.steps.len() == number + 1)
        }
    }
}

/// What came instead: code and words.
fn said(step: &StepRan) -> String {
    let outcome = step.outcome.clone().unwrap_or_default();
    let status = step.reply.as_ref().map_or(0, |reply| reply.http_status);
    let code = outcome.code.unwrap_or_default();
    let words = format!("{code} {}", outcome.message.unwrap_or_default());
    let kind = if outcome.is_success { "success" } else { "failure" };
    if status == 200 {
        format!("{kind} {words}").trim_end().to_owned()
    } else {
        format!("{kind} {words} (HTTP {status})")
    }
}

/// `"7"` where 7 is wanted is told of as a type, and is no other value.
fn differs_in_type_only(check: &CheckRan) -> bool {
    let plain = |text: &str| text.trim_matches('"').to_owned();
    let got = plain(&check.got);
    if let Some(list) = check.expected.strip_prefix("one_of ") {
        let values: Vec<serde_json::Value> = serde_json::from_str(list).unwrap_or_default();
        return values.iter().any(|value| plain(&value.to_string()) == got);
    }
    plain(&check.expected) == got
}

/// For reports: a scenario has failed if a finding stands on it, and only then.
pub(super) fn mark(verdict: &mut Verdict) {
    let findings = &verdict.findings;
    for ran in &mut verdict.ran {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.scenario == ran.title()).collect();
        match ran.end {
            End::Failed | End::Broken(_) if own.is_empty() => {
                let is_broken = ran.steps.iter().any(|step| step.trouble.is_some());
                if !is_broken {
                    ran.end = End::Skipped(
                        "differs only where the documents are silent, or as other findings say".to_owned(),
                    );
                }
            }
            End::Passed if !own.is_empty() => ran.end = End::Failed,
            _ => {}
        }
        for finding in own {
            let Some(step) =
                ran.steps.iter_mut().rev().find(|step| step.endpoint.is_some_and(|at| finding.seen_at.contains(&at)))
            else {
                continue;
            };
            let is_there = step.checks.iter().any(|check| !check.holds && check.what == finding.at);
            if !is_there {
                step.checks.push(CheckRan {
                    what: finding.at.clone(),
                    expected: finding.expected.clone(),
                    got: finding.got.clone(),
                    holds: false,
                });
            }
        }
    }
}
