//! Whose fault a difference is: the same one is told once, what follows from another is left out, and what shows everywhere
//! alike is likelier to be the documents' slip than the server's.

use super::finding::{Fault, Finding, Kind};
use super::tokens::{TOKEN, dead_tokens, nobody_takes, shared_tokens};
use super::{Played, SUCCESS};
use crate::behavior::collection::LinesFrom;
use crate::behavior::{Action, Amount, Demand, Model};
use crate::contract;
use crate::generation::Generation;
use crate::scenario::ast::Basis;
use crate::scenario::request::curl;
use crate::scenario::result::{CheckRan, End, StepRan};
use crate::scenario::run::Program;
use std::collections::{BTreeMap, BTreeSet};

/// From so many endpoints on a difference can be one of all.
const MANY: usize = 3;
/// A check of whether a call is accepted.
const OUTCOME: &str = "outcome";

pub(super) fn settle(program: &Program, played: &[Played<'_>], found: Vec<(usize, Finding)>) -> (Vec<Finding>, usize) {
    let generation = &program.generation;
    let mut following = 0;
    let found = nobody_takes(program, played, found, &mut following);
    let found = dead_tokens(program, played, found);
    let found = shared_tokens(program, played, found);
    let found = deeds(generation, played, found);
    let found = without_what_follows(generation, played, found, &mut following);
    let found = once(found);
    let mut found = everywhere(generation, played, found);
    found.extend(content_types(generation, played));
    found.sort_by_key(|finding| (finding.endpoint, finding.basis, finding.kind));
    (found, following)
}

/// Where all that look at a deed miss its effect, the deed is at fault, and not those who look. One that has seen the same
/// shows that it was done.
fn deeds(generation: &Generation, played: &[Played<'_>], mut found: Vec<(usize, Finding)>) -> Vec<(usize, Finding)> {
    let deed_of = |at: usize| played[at].plan.and_then(|plan| plan.deed);
    let looker = |at: usize| played[at].ran.steps.iter().rev().find_map(|step| step.endpoint);
    // That something is refused in two places is the same only where both ask for what the deed has ended.
    let ends_something = |at: usize| played[at].plan.is_some_and(|plan| plan.deed != Some(plan.endpoint));
    let passed: Vec<(usize, usize, BTreeSet<String>)> = (0..played.len())
        .filter(|at| played[*at].ran.end == End::Passed)
        .filter_map(|at| {
            let last = played[at].ran.steps.iter().rev().find(|step| step.endpoint.is_some())?;
            let mut seen: BTreeSet<String> = last.checks.iter().flat_map(members).collect();
            if !ends_something(at) {
                seen.remove(OUTCOME);
            }
            Some((deed_of(at)?, looker(at)?, seen))
        })
        .collect();
    let mut missed: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, finding) in found.iter().filter(|(_, finding)| finding.kind == Kind::Effect) {
        missed.entry(deed_of(*at).unwrap_or(finding.endpoint)).or_default().insert(finding.seen_at[0]);
    }
    for (at, finding) in found.iter_mut().filter(|(_, finding)| finding.kind == Kind::Effect) {
        let Some(deed) = deed_of(*at).filter(|_| finding.at != TOKEN) else { continue };
        let seen = finding.seen_at[0];
        // Who shows no number where one has to be, does so whatever was done.
        if finding.got == "null" && finding.expected.starts_with("at_") {
            (finding.kind, finding.endpoint) = (Kind::Outcome, seen);
            continue;
        }
        let failed = played[*at].ran.failed_step().into_iter().flat_map(|step| &step.checks);
        let wanted: BTreeSet<String> = failed.filter(|check| !check.holds).flat_map(members).collect();
        let same = passed.iter().filter(|other| other.0 == deed && other.1 != seen && wanted.is_subset(&other.2));
        let seen_by: BTreeSet<usize> = same.map(|other| other.1).collect();
        // What its own list shows was done: a record of another kind that shows it otherwise is itself at fault.
        let about = |at: usize| about(&generation.model, at);
        let is_foreign = about(seen).is_some() && about(deed).is_some() && about(seen) != about(deed);
        let is_shown = is_foreign
            && !wanted.contains(OUTCOME)
            && finding.expected.starts_with('"')
            && passed.iter().any(|other| other.0 == deed && about(other.1) == about(deed));
        let missed_by = missed.get(&deed).map_or(0, BTreeSet::len);
        let most_miss_it = missed_by + seen_by.len() > MANY && missed_by > seen_by.len();
        let is_comparable = ends_something(*at) || !wanted.contains(OUTCOME);
        if is_shown || (is_comparable && !seen_by.is_empty() && !most_miss_it && seen != deed) {
            finding.kind = Kind::Outcome;
            finding.endpoint = seen;
        } else if seen != deed {
            finding.endpoint = deed;
        }
    }
    found
}

/// The collection that an endpoint is about.
fn about(model: &Model, endpoint: usize) -> Option<usize> {
    let behavior = &model.behaviors[endpoint];
    let listed = behavior.list.as_ref().map(|plan| plan.collection);
    listed.or(behavior.record.as_ref().map(|on| on.collection))
}

/// Whether a member says how the call went.
pub(super) fn is_of_outcome(member: &str) -> bool {
    matches!(member, "code" | "message" | "http_status")
}

/// The members of a reply that a check is about: the last of its path, those of an item that is looked for, or `outcome`.
fn members(check: &CheckRan) -> Vec<String> {
    let item = check.expected.split_once('{').map(|(_, rest)| format!("{{{rest}"));
    let item = item.and_then(|text| {
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
        values.next()?.ok()
    });
    match item {
        Some(serde_json::Value::Object(members)) => members.into_iter().map(|(key, _)| key).collect(),
        _ => {
            let last = check.what.rsplit(['.', '\'']).find(|part| part.chars().any(char::is_alphanumeric));
            let last = last.unwrap_or(&check.what);
            vec![if is_of_outcome(last) { OUTCOME } else { last }.to_owned()]
        }
    }
}

/// A look through an endpoint that shows wrong things says nothing of the deed; a step that is refused for want of what an
/// earlier one should have done says nothing of the step.
fn without_what_follows(
    generation: &Generation,
    played: &[Played<'_>],
    found: Vec<(usize, Finding)>,
    following: &mut usize,
) -> Vec<(usize, Finding)> {
    let is_grave = |finding: &Finding| finding.basis != Basis::Convention && !matches!(finding.kind, Kind::Reply(_));
    // What several endpoints miss was not done, and whoever refuses for want of it is excused.
    let mut missed: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (_, finding) in found.iter().filter(|(_, finding)| finding.kind == Kind::Effect && is_grave(finding)) {
        missed.entry(finding.endpoint).or_default().insert(finding.seen_at[0]);
    }
    let is_excused = |at: usize, finding: &Finding| {
        let steps = &played[at].ran.steps;
        let Some(failed) = steps.iter().position(|step| !step.holds()) else { return false };
        let code = steps[failed].outcome.as_ref().and_then(|outcome| outcome.code.as_deref());
        let seen = finding.seen_at[0];
        let mut earlier = steps[..failed].iter().filter_map(|step| step.endpoint);
        earlier.any(|deed| {
            let is_missed = missed.get(&deed).is_some_and(|lookers| lookers.len() > 1);
            deed != seen && is_missed && is_for_want_of(&generation.model, seen, code, deed)
        })
    };
    // Endpoints that show what they should not, or refuse what they should do, whoever asks.
    let spoilt: BTreeSet<usize> = found
        .iter()
        .filter(|(at, finding)| {
            let is_own = played[*at].plan.is_some_and(|plan| plan.endpoint == finding.seen_at[0]);
            let is_outcome = finding.at.rsplit('.').next().is_some_and(is_of_outcome);
            let shows = (finding.at.starts_with('$') && !is_outcome) || finding.expected == SUCCESS;
            let is_about_it = finding.endpoint == finding.seen_at[0];
            is_grave(finding) && finding.is_last && is_own && is_about_it && shows && !is_excused(*at, finding)
        })
        .map(|(_, finding)| finding.endpoint)
        .collect();
    let deeds: BTreeSet<usize> = found
        .iter()
        .filter(|(_, finding)| {
            finding.kind == Kind::Effect && is_grave(finding) && !spoilt.contains(&finding.seen_at[0])
        })
        .map(|(_, finding)| finding.endpoint)
        .collect();
    // Members that an endpoint shows wrongly whatever was done.
    let odd: BTreeSet<(usize, &str)> = found
        .iter()
        .filter(|(_, finding)| finding.basis != Basis::Convention && matches!(finding.kind, Kind::Reply(_)))
        .map(|(_, finding)| (finding.endpoint, finding.at.as_str()))
        .collect();
    let keeps = |at: usize, finding: &Finding| {
        let seen = finding.seen_at[0];
        if !is_grave(finding) {
            return true;
        }
        if finding.kind == Kind::Effect {
            let is_odd = odd.iter().any(|(endpoint, at)| *endpoint == seen && finding.at.starts_with(at));
            return finding.endpoint == seen || !(spoilt.contains(&seen) || is_odd);
        }
        let steps = &played[at].ran.steps;
        let Some(failed) = steps.iter().position(|step| !step.holds()).filter(|_| finding.expected == SUCCESS) else {
            return true;
        };
        let code = steps[failed].outcome.as_ref().and_then(|outcome| outcome.code.as_deref());
        let mut earlier = steps[..failed].iter().filter_map(|step| step.endpoint);
        !earlier
            .any(|deed| deed != seen && deeds.contains(&deed) && is_for_want_of(&generation.model, seen, code, deed))
    };
    let keep: Vec<bool> = found.iter().map(|(at, finding)| keeps(*at, finding)).collect();
    let (kept, left): (Vec<_>, Vec<_>) = found.into_iter().zip(keep).partition(|(_, keep)| *keep);
    let kept: Vec<_> = kept.into_iter().map(|(found, _)| found).collect();
    let left: Vec<_> = left.into_iter().map(|(found, _)| found).collect();
    // Never all of them: something is at fault.
    if kept.iter().any(|(_, finding)| finding.basis != Basis::Convention) || left.is_empty() {
        *following = left.len();
        return kept;
    }
    kept.into_iter().chain(left).collect()
}

/// Whether an endpoint that refuses with this code can do so since a deed did not what it should. A code that no check has
/// says nothing: then all that the endpoint demands counts.
fn is_for_want_of(model: &Model, endpoint: usize, code: Option<&str>, deed: usize) -> bool {
    let checks = &model.behaviors[endpoint].checks;
    let said: Vec<_> = checks.iter().filter(|check| Some(check.reply.code.as_str()) == code).collect();
    let said = if said.is_empty() { checks.iter().collect() } else { said };
    let effects = &model.behaviors[deed].effects;
    said.iter().any(|check| effects.iter().any(|effect| serves(&effect.action, &check.demand)))
}

/// Whether an action brings about what is demanded.
fn serves(action: &Action, demand: &Demand) -> bool {
    let makes_account = matches!(action, Action::CreateAccount { .. } | Action::EnsureAccount { .. });
    let on = |wanted: usize| match action {
        Action::CreateRecord { collection, .. }
        | Action::UpdateRecord { collection, .. }
        | Action::SaveRecord { collection, .. }
        | Action::RemoveRecords { collection, .. }
        | Action::ChooseRecord { collection, .. }
        | Action::MoveRecords { collection, .. } => *collection == wanted,
        Action::Tie { relation, .. } => *relation == wanted,
        _ => false,
    };
    match demand {
        Demand::Token => matches!(action, Action::IssueToken),
        Demand::IdentityFree(_) | Demand::IdentityKnown(_) | Demand::Known(_) => makes_account,
        Demand::Passcode { .. } | Demand::PasscodeFresh { .. } | Demand::SendInterval { .. } => {
            matches!(action, Action::SendPasscode { .. } | Action::SpendPasscode { .. })
        }
        Demand::Password { .. } | Demand::PasswordNew { .. } => {
            makes_account || matches!(action, Action::SetPassword { .. })
        }
        Demand::CardFree(_) | Demand::Submitted | Demand::NotRejected | Demand::NotPending | Demand::Unverified => {
            matches!(action, Action::Verify { .. } | Action::Submit { .. } | Action::SetFields(_))
        }
        Demand::Found { collection, .. }
        | Demand::Referenced { collection, .. }
        | Demand::Unlike { collection, .. }
        | Demand::InState { collection, .. }
        | Demand::NoneOpen { collection, .. }
        | Demand::Rested { collection, .. }
        | Demand::SomeListed { collection } => on(*collection),
        Demand::Tied { relation, .. } => on(*relation),
        Demand::Enough(stock) => on(stock.collection),
        Demand::Worth { voucher, .. } => on(*voucher),
        Demand::SomeLines(lines) | Demand::LinesNamed(lines) => match &lines.from {
            LinesFrom::Basket { collection, .. } => on(*collection),
            _ => on(lines.things),
        },
        Demand::Funds { amount, .. } => {
            let of_record = matches!(amount, Amount::Of { collection, .. } if on(*collection));
            of_record || matches!(action, Action::AddFunds { .. })
        }
        Demand::HasFlag { .. } => matches!(action, Action::SetFlag { .. }),
        Demand::NotDone { .. } => matches!(action, Action::MarkCaller { .. } | Action::CountDays(_)),
        Demand::When { demand, .. } => serves(action, demand),
        _ => false,
    }
}

/// Why something is expected, without the line that says it of one endpoint.
fn reason(because: &str) -> &str {
    because.split(": ").next().unwrap_or_default()
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
                && reason(&known.because) == reason(&finding.because)
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
            let is_called_so = reply.header("content-type").is_some_and(|kind| kind.contains("json"));
            if step.has_json() {
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
