//! Tokens that were never alive, or are several people's: the fault of the endpoint that gave them, wherever it shows.

use super::finding::{Fault, Finding, Kind};
use super::{Played, SUCCESS};
use crate::behavior::{Action, Demand};
use crate::scenario::ast::{Action as ScenarioAction, Basis, Step};
use crate::scenario::fill;
use crate::scenario::result::StepRan;
use crate::scenario::run::Program;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong where a token is.
pub(super) const TOKEN: &str = "the token";

/// From so many endpoints on all of them are enough to be all.
const MANY: usize = 3;

/// Where no endpoint that asks for a token takes any that was given out, it is likeliest sent where the server does not look for
/// it. That is told once, with what to look at; all that follows from it is left out.
pub(super) fn nobody_takes(
    program: &Program,
    played: &[Played<'_>],
    found: Vec<(usize, Finding)>,
    following: &mut usize,
) -> Vec<(usize, Finding)> {
    let model = &program.generation.model;
    let is_refused = |step: &StepRan| {
        let checks = step.endpoint.map(|endpoint| &model.behaviors[endpoint].checks)?;
        let code = step.outcome.as_ref()?.code.as_deref()?;
        checks.iter().find(|check| check.demand == Demand::Token)?;
        let mut said = checks.iter().filter(|check| check.reply.code == code).peekable();
        let is_of_caller = said.peek().is_some()
            && said.all(|check| matches!(check.demand, Demand::Token | Demand::AccountKept | Demand::TokenFresh));
        Some(is_of_caller && !step.outcome.as_ref()?.is_success)
    };
    // Whether it shows a token that was given out, and is refused for want of one.
    let seen = |at: usize, number: usize| {
        let refused = is_refused(&played[at].ran.steps[number])?;
        Some((giver(program, &played[at], number), refused))
    };
    let (mut refused, mut taken, mut guarded) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (at, run) in played.iter().enumerate() {
        for (number, step) in run.ran.steps.iter().enumerate() {
            let (Some(endpoint), Some((giver, is_refused))) = (step.endpoint, seen(at, number)) else { continue };
            let is_taken = step.outcome.as_ref().is_some_and(|outcome| outcome.is_success);
            match (giver, is_refused) {
                (Some(_), true) => refused.insert(endpoint),
                (None, true) => guarded.insert(endpoint),
                (Some(_), false) if is_taken => taken.insert(endpoint),
                _ => false,
            };
        }
    }
    // Who lets anybody in has not looked at the token.
    if refused.len() < MANY
        || taken.intersection(&guarded).next().is_some()
        || taken.intersection(&refused).next().is_some()
    {
        return found;
    }
    let follows = |at: usize, finding: &Finding| {
        let failed = played[at].ran.steps.iter().position(|step| !step.holds());
        let Some((giver, true)) = failed.and_then(|number| seen(at, number)) else { return false };
        !matches!(finding.kind, Kind::Reply(_)) && (giver.is_some() || finding.expected == SUCCESS)
    };
    let (left, mut kept): (Vec<_>, Vec<_>) = found.into_iter().partition(|(at, finding)| follows(*at, finding));
    let first = left.iter().find(|(_, finding)| finding.basis != Basis::Convention).or(left.first()).cloned();
    let Some((at, first)) = first else { return kept };
    let failed = played[at].ran.steps.iter().position(|step| !step.holds());
    let given_by = failed.and_then(|number| giver(program, &played[at], number)).unwrap_or(first.endpoint);
    let set = &program.generation.set;
    let said = failed.and_then(|number| played[at].ran.steps[number].outcome.clone()).unwrap_or_default();
    *following += left.len() - 1;
    let finding = Finding {
        kind: Kind::Outcome,
        endpoint: given_by,
        seen_at: refused.iter().copied().collect(),
        place: set.endpoints[given_by].place,
        at: TOKEN.to_owned(),
        expected: format!("taken where one is asked for, as {} gave it", set.endpoints[given_by].title),
        got: format!(
            "{} {} from every endpoint that asks for one ({})",
            said.code.unwrap_or_default(),
            said.message.unwrap_or_default(),
            refused.len()
        ),
        because:
            "it may be sent where the server does not look for it: see what was sent. docsim.toml says where it goes, \
                  be it `headers = { \"X-Token\" = \"token\" }` or `params = [{ name = \"token\" }]`"
                .to_owned(),
        basis: Basis::Inferred,
        fault: Fault::Document,
        times: left.len(),
        is_flaky: left.iter().all(|(_, finding)| finding.is_flaky),
        ..first
    };
    kept.push((at, finding));
    kept
}

/// A token that is refused wherever it is shown was never alive: that is the fault of the endpoint that gave it.
pub(super) fn dead_tokens(
    program: &Program,
    played: &[Played<'_>],
    found: Vec<(usize, Finding)>,
) -> Vec<(usize, Finding)> {
    let model = &program.generation.model;
    let refuses = |step: &StepRan| {
        let endpoint = step.endpoint?;
        let checks = &model.behaviors[endpoint].checks;
        checks.iter().find(|check| check.demand == Demand::Token)?;
        let outcome = step.outcome.as_ref()?;
        // A token of nobody's may as well be that of an account that is not there.
        let is_of_caller = |demand: &Demand| matches!(demand, Demand::Token | Demand::AccountKept);
        let mut codes = checks.iter().filter(|check| is_of_caller(&check.demand)).map(|check| &check.reply.code);
        let is_refused = !outcome.is_success && codes.any(|code| Some(code.as_str()) == outcome.code.as_deref());
        // Another failure does not say that the token was looked at.
        (is_refused || outcome.is_success).then_some((endpoint, is_refused))
    };
    // By the endpoint that gave it: where it was taken, and where it was refused.
    let mut taken: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut refused: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for played in played {
        for (number, step) in played.ran.steps.iter().enumerate() {
            let (Some(giver), Some((endpoint, is_refused))) = (giver(program, played, number), refuses(step)) else {
                continue;
            };
            let known = if is_refused { &mut refused } else { &mut taken };
            known.entry(giver).or_default().insert(endpoint);
        }
    }
    let is_dead = |giver: usize, endpoint: usize| {
        let takes_others = taken.values().any(|taken| taken.contains(&endpoint));
        !taken.contains_key(&giver)
            && refused
                .get(&giver)
                .is_some_and(|refused| refused.len() > 1 || takes_others && refused.contains(&endpoint))
    };
    let settled = found.into_iter().map(|(at, finding)| {
        let steps = &played[at].ran.steps;
        let failed = steps.iter().position(|step| !step.holds()).filter(|_| finding.expected == SUCCESS);
        let seen = finding.seen_at[0];
        let giver = failed
            .filter(|failed| refuses(&steps[*failed]).is_some_and(|(_, is_refused)| is_refused))
            .and_then(|failed| giver(program, &played[at], failed))
            .filter(|giver| is_dead(*giver, seen));
        let Some(giver) = giver else { return (at, finding) };
        let place = program.generation.set.endpoints[giver].place;
        let because = format!("{} gives a token", program.generation.set.endpoints[giver].title);
        let (kind, endpoint) = (Kind::Effect, giver);
        let at_what = TOKEN.to_owned();
        let basis = Basis::Inferred;
        (at, Finding { kind, endpoint, place, because, basis, at: at_what, ..finding })
    });
    settled.collect()
}

/// Two people with one token are one person: nothing that differs then says anything else.
pub(super) fn shared_tokens(
    program: &Program,
    played: &[Played<'_>],
    found: Vec<(usize, Finding)>,
) -> Vec<(usize, Finding)> {
    let model = &program.generation.model;
    // Each run has people of its own.
    let mut seen: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut all: Vec<(usize, usize, String)> = Vec::new();
    for (at, played) in played.iter().enumerate() {
        let scenario = program.scenarios.iter().find(|scenario| scenario.name == played.ran.name);
        let steps = scenario.into_iter().flat_map(|scenario| scenario.setup.iter().chain(&scenario.steps));
        for (step, ran) in steps.zip(&played.ran.steps) {
            let (Some(endpoint), Some(reply)) = (ran.endpoint, &ran.reply) else { continue };
            let gives =
                model.behaviors[endpoint].effects.iter().any(|effect| matches!(effect.action, Action::IssueToken));
            let body = || serde_json::from_slice::<serde_json::Value>(&reply.body).ok();
            let Some(body) = Some(gives && ran.holds()).filter(|fits| *fits).and_then(|_| body()) else { continue };
            let saved =
                step.save.iter().filter(|save| save.name.starts_with("token")).filter_map(|save| save.path.as_ref());
            for path in saved {
                if let Some(token) = path.find(&body).first().and_then(|token| token.as_str()) {
                    seen.entry(token.to_owned()).or_default().insert(at);
                    all.push((at, endpoint, token.to_owned()));
                }
            }
        }
    }
    let shared = |token: &str| seen.get(token).is_some_and(|runs| runs.len() > 1);
    let settled = found.into_iter().map(|(at, finding)| {
        let is_about_state = !matches!(finding.kind, Kind::Reply(_)) && finding.basis != Basis::Convention;
        let giver = all.iter().rev().find(|(run, _, token)| *run == at && shared(token)).filter(|_| is_about_state);
        let Some((_, giver, _)) = giver else { return (at, finding) };
        let endpoint = &program.generation.set.endpoints[*giver];
        let finding = Finding {
            kind: Kind::Effect,
            endpoint: *giver,
            place: endpoint.place,
            because: format!("{} gives everybody a token of their own", endpoint.title),
            basis: Basis::Inferred,
            at: TOKEN.to_owned(),
            expected: "one that nobody else was given".to_owned(),
            got: "the same for several people".to_owned(),
            ..finding
        };
        (at, finding)
    });
    settled.collect()
}

/// The endpoint whose reply gave the token that a step shows, if nothing since then can have ended it.
fn giver(program: &Program, played: &Played<'_>, number: usize) -> Option<usize> {
    let scenario = program.scenarios.iter().find(|scenario| scenario.name == played.ran.name)?;
    let steps: Vec<&Step> = scenario.setup.iter().chain(&scenario.steps).collect();
    let ScenarioAction::Call { with, .. } = &steps.get(number)?.action else { return None };
    let names: Vec<String> = with.iter().flat_map(|(_, value)| fill::names(value)).collect();
    let model = &program.generation.model;
    let does = |endpoint: usize, test: &dyn Fn(&Action) -> bool| {
        model.behaviors[endpoint].effects.iter().any(|effect| test(&effect.action))
    };
    let gives = |at: &usize| {
        let endpoint = played.ran.steps.get(*at).and_then(|step| step.endpoint);
        let saves = steps[*at].save.iter().any(|save| names.contains(&save.name));
        saves && endpoint.is_some_and(|endpoint| does(endpoint, &|action| matches!(action, Action::IssueToken)))
    };
    let given = (0..number).rev().find(gives)?;
    let ends = |action: &Action| {
        matches!(
            action,
            Action::IssueToken
                | Action::RevokeToken
                | Action::RevokeTokens
                | Action::DeleteAccount
                | Action::SetPassword { .. }
        )
    };
    let mut since = played.ran.steps[given + 1..number].iter().filter_map(|step| step.endpoint);
    if since.any(|endpoint| does(endpoint, &ends)) {
        return None;
    }
    played.ran.steps[given].endpoint
}
