//! Whose fault a difference is: the same one is told once, what follows from another is left out, and what shows everywhere
//! alike is likelier to be the documents' slip than the server's.

use super::Played;
use super::finding::{Fault, Finding, Kind};
use crate::contract;
use crate::generation::Generation;
use crate::scenario::ast::Basis;
use crate::scenario::request::curl;
use crate::scenario::result::{End, StepRan};
use std::collections::{BTreeMap, BTreeSet};

/// From so many endpoints on a difference can be one of all.
const MANY: usize = 3;

pub(super) fn settle(
    generation: &Generation,
    played: &[Played<'_>],
    found: Vec<(usize, Finding)>,
) -> (Vec<Finding>, usize) {
    let mut following = 0;
    let found = deeds(played, found);
    let found = without_what_follows(played, found, &mut following);
    let found = once(found);
    let mut found = everywhere(generation, played, found);
    found.extend(content_types(generation, played));
    found.sort_by_key(|finding| (finding.endpoint, finding.basis, finding.kind));
    (found, following)
}

/// Where all that look at a deed miss its effect, the deed is at fault, and not those who look.
fn deeds(played: &[Played<'_>], mut found: Vec<(usize, Finding)>) -> Vec<(usize, Finding)> {
    let deeds: BTreeSet<usize> = played.iter().filter_map(|played| played.plan?.deed).collect();
    for deed in deeds {
        let looks: Vec<usize> = (0..played.len())
            .filter(|at| {
                let plan = played[*at].plan;
                plan.is_some_and(|plan| plan.deed == Some(deed) && plan.endpoint != deed)
                    && matches!(played[*at].ran.end, End::Passed | End::Failed)
            })
            .collect();
        let misses = |at: &usize| found.iter().any(|(known, finding)| known == at && finding.kind == Kind::Effect);
        let missed = looks.iter().filter(|at| misses(at)).count();
        // One that has seen it shows that it was done.
        let is_deeds_fault = missed == looks.len() || (looks.len() > MANY && missed * 2 > looks.len());
        for (_, finding) in found.iter_mut().filter(|(at, finding)| looks.contains(at) && finding.kind == Kind::Effect)
        {
            if is_deeds_fault {
                finding.endpoint = deed;
            } else {
                finding.kind = Kind::Outcome;
            }
        }
    }
    found
}

/// A look through an endpoint that is wrong itself says nothing of the deed; a step that fails for want of what an earlier
/// one should have done says nothing of the step.
fn without_what_follows(
    played: &[Played<'_>],
    found: Vec<(usize, Finding)>,
    following: &mut usize,
) -> Vec<(usize, Finding)> {
    let is_grave = |finding: &Finding| finding.basis != Basis::Convention && !matches!(finding.kind, Kind::Reply(_));
    // Endpoints that are wrong by what is expected of themselves.
    let own: BTreeSet<usize> = found
        .iter()
        .filter(|(at, finding)| {
            let plan = played[*at].plan;
            let is_own =
                plan.is_some_and(|plan| plan.endpoint == finding.seen_at[0] && finding.endpoint == plan.endpoint);
            is_grave(finding) && finding.is_last && is_own
        })
        .map(|(_, finding)| finding.endpoint)
        .collect();
    let deeds: BTreeSet<usize> = found
        .iter()
        .filter(|(_, finding)| finding.kind == Kind::Effect && is_grave(finding) && !own.contains(&finding.seen_at[0]))
        .map(|(_, finding)| finding.endpoint)
        .collect();
    // A reply that lacks what later steps need is told of where it is lacking.
    let keeps = |at: usize, finding: &Finding| {
        if !is_grave(finding) {
            return true;
        }
        let seen = finding.seen_at[0];
        if finding.kind == Kind::Effect {
            return finding.endpoint == seen || !own.contains(&seen);
        }
        let expects_success = finding.expected == "success";
        let earlier = played[at].ran.steps.iter().filter_map(|step| step.endpoint).filter(|endpoint| *endpoint != seen);
        let mut earlier = earlier.peekable();
        let is_wanting =
            expects_success && earlier.any(|endpoint| deeds.contains(&endpoint) || own.contains(&endpoint));
        !is_wanting
    };
    let (kept, left): (Vec<_>, Vec<_>) = found.into_iter().partition(|(at, finding)| keeps(*at, finding));
    // Never all of them: something is at fault.
    if kept.iter().any(|(_, finding)| is_grave(finding)) || left.is_empty() {
        *following = left.len();
        return kept;
    }
    kept.into_iter().chain(left).collect()
}

/// The same difference of the same endpoint, however many scenarios show it.
fn once(found: Vec<(usize, Finding)>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for (_, finding) in found {
        let same = all.iter_mut().find(|known| {
            let is_effect = finding.kind == Kind::Effect;
            known.endpoint == finding.endpoint
                && known.kind == finding.kind
                && known.basis == finding.basis
                && known.at == finding.at
                && known.place == finding.place
                && (is_effect
                    || (known.expected == finding.expected
                        && (known.got == finding.got || matches!(finding.kind, Kind::Reply(_)))))
        });
        match same {
            Some(known) => {
                known.times += 1;
                known.is_flaky &= finding.is_flaky;
                for endpoint in finding.seen_at {
                    if !known.seen_at.contains(&endpoint) {
                        known.seen_at.push(endpoint);
                    }
                }
            }
            None => all.push(finding),
        }
    }
    // One effect that several endpoints miss is one finding.
    let mut merged: Vec<Finding> = Vec::new();
    for finding in all {
        let same = merged.iter_mut().find(|known| {
            finding.kind == Kind::Effect
                && known.kind == Kind::Effect
                && known.endpoint == finding.endpoint
                && known.basis == finding.basis
                && known.because == finding.because
        });
        match same {
            Some(known) => {
                known.times += finding.times;
                known.seen_at.extend(
                    finding.seen_at.iter().filter(|at| !known.seen_at.contains(at)).copied().collect::<Vec<_>>(),
                );
            }
            None => merged.push(finding),
        }
    }
    merged
}

/// An endpoint that calls its JSON something else, where nearly all others do not.
fn content_types(generation: &Generation, played: &[Played<'_>]) -> Vec<Finding> {
    let mut by_endpoint: BTreeMap<usize, Vec<(&Played<'_>, &StepRan, bool)>> = BTreeMap::new();
    for played in played {
        for step in &played.ran.steps {
            let (Some(endpoint), Some(reply)) = (step.endpoint, &step.reply) else { continue };
            let is_json = serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok();
            let is_called_so = reply.header("content-type").is_some_and(|kind| kind.contains("json"));
            if is_json {
                by_endpoint.entry(endpoint).or_default().push((played, step, is_called_so));
            }
        }
    }
    let is_odd =
        |all: &[(&Played<'_>, &StepRan, bool)]| all.iter().filter(|(.., is_called_so)| !is_called_so).count() > 1;
    let odd: Vec<usize> = by_endpoint.iter().filter(|(_, all)| is_odd(all)).map(|(at, _)| *at).collect();
    if by_endpoint.len() - odd.len() < MANY || odd.len() * 2 > by_endpoint.len() {
        return Vec::new();
    }
    let finding = |endpoint: usize| {
        let all = &by_endpoint[&endpoint];
        let (played, step, _) = all.iter().find(|(.., is_called_so)| !is_called_so)?;
        let got = step.reply.as_ref().and_then(|reply| reply.header("content-type")).unwrap_or("none");
        Some(Finding {
            endpoint,
            seen_at: vec![endpoint],
            kind: Kind::Reply(contract::Kind::ContentType),
            basis: Basis::Inferred,
            place: generation.set.endpoints[endpoint].place,
            at: "Content-Type".to_owned(),
            expected: "application/json, as the server calls its other replies".to_owned(),
            got: got.to_owned(),
            curl: step.ask.as_ref().map_or_else(String::new, |(url, ask)| curl(url, ask)),
            scenario: played.ran.title(),
            because: String::new(),
            times: all.iter().filter(|(.., is_called_so)| !is_called_so).count(),
            fault: Fault::Backend,
            is_flaky: false,
            is_last: false,
        })
    };
    odd.into_iter().filter_map(finding).collect()
}

/// A form that differs at all endpoints in the same way.
fn everywhere(generation: &Generation, played: &[Played<'_>], found: Vec<Finding>) -> Vec<Finding> {
    let called: BTreeSet<usize> = played
        .iter()
        .flat_map(|played| &played.ran.steps)
        .filter(|step| step.reply.is_some())
        .filter_map(|step| step.endpoint)
        .collect();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let is_form = matches!(
            finding.kind,
            Kind::Reply(
                contract::Kind::Type | contract::Kind::Extra | contract::Kind::Missing | contract::Kind::HttpStatus
            )
        );
        let word = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
        let same = kept.iter_mut().find(|known| {
            is_form
                && known.kind == finding.kind
                && known.basis == finding.basis
                && known.at == finding.at
                && word(&known.expected) == word(&finding.expected)
                && word(&known.got) == word(&finding.got)
        });
        match same {
            Some(known) => {
                known.times += finding.times;
                for endpoint in finding.seen_at {
                    if !known.seen_at.contains(&endpoint) {
                        known.seen_at.push(endpoint);
                    }
                }
            }
            None => kept.push(finding),
        }
    }
    for finding in &mut kept {
        let is_all = finding.seen_at.len() >= MANY && finding.seen_at.len() * 3 >= called.len() * 2;
        if is_all && matches!(finding.kind, Kind::Reply(_)) {
            finding.fault = Fault::Document;
        }
    }
    debug_assert!(kept.iter().all(|finding| finding.endpoint < generation.set.endpoints.len()));
    kept
}
