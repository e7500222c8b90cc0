//! What the runs of one scenario say about the server.
//!
//! In: a run, and its plan. Out: findings, as they are, without a thought about what follows from what.

use super::finding::{Fault, Finding, Kind};
use super::{Played, SUCCESS, Verdict, sense};
use crate::behavior::collection::Collection;
use crate::behavior::{Action, Check, Demand};
use crate::contract;
use crate::json::{Json, Step as At};
use crate::lexicon::{Class, Lexicon, Operation, Role};
use crate::scenario::ast::{Action as Did, Basis, Path};
use crate::scenario::fill;
use crate::scenario::generate;
use crate::scenario::request::curl;
use crate::scenario::result::{CheckRan, End, StepRan};
use crate::scenario::run::Program;

/// Why a run that failed has no finding of its own.
const FOLLOWS: &str = "fails, but may do so for what other findings say";

pub(super) fn judge(program: &Program, played: &Played<'_>) -> Vec<Finding> {
    let generation = &program.generation;
    let mut found: Vec<Finding> = Vec::new();
    for (number, step) in played.ran.steps.iter().enumerate() {
        let (Some(endpoint), Some(_)) = (step.endpoint, &step.reply) else { continue };
        let whole = is_about(program, played, number);
        // `"7"` where 7 is wanted is told of as a type, and is no other value.
        let wrong: Vec<&CheckRan> = step.checks.iter().filter(|check| !check.holds && !check.holds_as_text).collect();
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
        let is_outcome = |check: &CheckRan| {
            let last = check.what.rsplit('.').next().unwrap_or_default();
            check.what == "outcome" || super::blame::is_of_outcome(last)
        };
        for difference in step.differences(generation) {
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
        let before = played
            .plan
            .map_or(0, |plan| sense::shown_before(generation, &played.ran.steps, &plan.scenario.steps, number));
        let planned = played.plan.and_then(|plan| plan.scenario.steps.get(number));
        if let Some(sense::Nonsense { at, expected, got, place, because }) =
            sense::nonsense(generation, step, planned, before)
        {
            let (basis, place) = (Basis::Inferred, place.unwrap_or(start.place));
            found.push(Finding { basis, place, at, expected, got, because, ..start.clone() });
        }
        for (at, got) in useless(&generation.lexicon, played, number) {
            let expected = "a value that later requests need".to_owned();
            found.push(Finding { basis: Basis::Inferred, at, expected, got, ..start.clone() });
        }
        if why_untestable(program, played, number).is_some() {
            continue;
        }
        for check in wrong {
            let plan = played.plan.filter(|plan| whole && !plan.itself.contains(&number));
            let deed = plan.and_then(|plan| plan.deed);
            let place = plan.map_or(start.place, |plan| plan.place);
            let got = if is_outcome(check) { said(step) } else { check.got.clone() };
            found.push(Finding {
                kind: if deed.is_some() { Kind::Effect } else { Kind::Outcome },
                endpoint: played.plan.filter(|_| deed.is_some()).map_or(endpoint, |plan| plan.endpoint),
                place,
                at: if is_outcome(check) { check.what.trim_start_matches("$.").to_owned() } else { check.what.clone() },
                expected: one_of(&check.expected),
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

/// The values of a reply that later steps send on, and that are none.
fn useless(lexicon: &Lexicon, played: &Played<'_>, number: usize) -> Vec<(String, String)> {
    let (step, plan) = (&played.ran.steps[number], played.plan);
    let Some(planned) = plan.and_then(|plan| plan.scenario.steps.get(number)).filter(|_| step.holds()) else {
        return Vec::new();
    };
    let later = plan.map_or(&[][..], |plan| &plan.scenario.steps[number + 1..]);
    let is_sent = |name: &str| {
        later.iter().any(|step| match &step.action {
            Did::Call { with, .. } => with.iter().any(|(_, value)| fill::names(value).iter().any(|used| used == name)),
            _ => false,
        })
    };
    let is_id = |path: &Path| {
        let key = path.text().rsplit(['.', '\'']).find(|part| part.chars().any(char::is_alphanumeric));
        let role = key.and_then(|key| lexicon.role(key, "")).map(|(role, _)| role);
        matches!(role, Some(Role::RecordId | Role::UserId | Role::Token))
    };
    let saved = planned.save.iter().filter_map(|save| Some((&save.name, save.path.as_ref()?)));
    let mut paths = saved.filter(|(name, path)| is_sent(name) || is_id(path)).map(|(_, path)| path).peekable();
    let body = step.reply.as_ref().filter(|_| paths.peek().is_some());
    let Some(body) = body.and_then(|reply| serde_json::from_slice::<serde_json::Value>(&reply.body).ok()) else {
        return Vec::new();
    };
    let is_none = |path: &&Path| path.find(&body).first().is_some_and(|value| value.is_null());
    paths.filter(is_none).map(|path| (path.text().to_owned(), "null".to_owned())).collect()
}

/// Why a run says nothing of the server, though it did not end well.
pub(super) fn untestable(program: &Program, played: &Played<'_>) -> Option<String> {
    let number = played.ran.steps.iter().position(|step| !step.holds())?;
    why_untestable(program, played, number)
}

/// A step that needs what no document promises: a record of the examples, or something in a list that no call adds to.
fn why_untestable(program: &Program, played: &Played<'_>, number: usize) -> Option<String> {
    let step = &played.ran.steps[number];
    let endpoint = step.endpoint.filter(|_| !step.holds())?;
    let plan = played.plan?;
    let is_refused = step.outcome.as_ref().is_some_and(|outcome| !outcome.is_success);
    if plan.on_examples.contains(&number) && is_refused {
        let why = "it names a record of the documents' examples, which the server need not have";
        return Some(format!("{why}: `records` in docsim.toml can name some that it has"));
    }
    let words = step.outcome.as_ref().and_then(|outcome| outcome.message.as_deref()).unwrap_or_default();
    let lexicon = &program.generation.lexicon;
    let runs_out = lexicon.meaning(words).classes.contains(&Class::Insufficient);
    let is_wanted = step.checks.iter().any(|check| !check.holds && check.expected == SUCCESS);
    if is_refused && runs_out && is_wanted {
        return Some(format!("the server has too little of something: {words}"));
    }
    let model = &program.generation.model;
    let code = step.outcome.as_ref().and_then(|outcome| outcome.code.as_deref()).unwrap_or_default();
    let mut checks = model.behaviors[endpoint].checks.iter();
    let is_taken = |check: &Check| {
        check.reply.code == code && check.failure.message == words && is_scarce(&check.demand, &model.collections)
    };
    let told = step.checks.iter().filter(|check| !check.holds).all(|check| check.what.starts_with('$'));
    if is_refused && (is_wanted || told) && checks.any(is_taken) {
        return Some(format!("what everybody shares was taken before: {words}"));
    }
    let is_contradicted = |check: &CheckRan| {
        let both = check.expected.strip_prefix("contains ").and_then(|rest| rest.split_once(", lacks "));
        !check.holds && both.is_some_and(|(one, other)| one == other)
    };
    if step.checks.iter().any(is_contradicted) {
        return Some("what is one's own and what is another's go by the same id".to_owned());
    }
    let only_success = step.checks.iter().filter(|check| !check.holds).all(|check| check.expected == SUCCESS);
    let says_so = is_refused && is_wanted && only_success;
    if says_so && model.behaviors[endpoint].list.is_some() && lexicon.speaks_of("nothing-yet", words) {
        return Some(format!("the list is empty, and is answered so: {words}"));
    }
    let is_sender = |at: usize| model.behaviors[at].operation == Operation::SendPasscode;
    let sent_before = played.ran.steps[..number].iter().filter_map(|step| step.endpoint).any(is_sender);
    let too_often = lexicon.meaning(words).classes.contains(&Class::TooFrequent);
    if says_so && is_sender(endpoint) && sent_before && too_often {
        return Some(format!("one passcode was sent just before, be it for something else: {words}"));
    }
    let is_known = model.behaviors[endpoint].checks.iter().any(|check| check.reply.code == code);
    let is_documented = generate::documented(&program.generation, endpoint).iter().any(|(known, _)| known == code);
    if is_refused && is_wanted && is_documented && !is_known {
        return Some(format!("{code} {words} answers, and when it does was not understood"));
    }
    if is_cut(program, endpoint, step) {
        return Some("there is more of it than the list shows at a time".to_owned());
    }
    let list = model.behaviors[endpoint].list.as_ref().filter(|_| step.trouble.is_some())?;
    let makes = |step: &StepRan| {
        let effects = step.endpoint.map(|at| &model.behaviors[at].effects).into_iter().flatten();
        effects.map(|effect| &effect.action).any(|action| match action {
            Action::CreateRecord { collection, .. } | Action::SaveRecord { collection, .. } => {
                *collection == list.collection
            }
            Action::Tie { relation, .. } => *relation == list.collection,
            _ => false,
        })
    };
    let title = &program.generation.set.endpoints[endpoint].title;
    let is_made = played.ran.steps[..number].iter().any(makes);
    (!is_made).then(|| format!("{title} lists nothing that it could be about"))
}

/// Whether what is demanded can be used up by whoever was there before: places, stock, a thing of nobody's, a thing on a day.
fn is_scarce(demand: &Demand, collections: &[Collection]) -> bool {
    match demand {
        Demand::Places { .. } | Demand::Enough(_) | Demand::Untaken { .. } => true,
        Demand::InState { collection, .. } => collections.get(*collection).is_some_and(|known| !known.owned),
        Demand::Unlike { own: false, fields, .. } => fields.len() > 1,
        Demand::When { demand, .. } => is_scarce(demand, collections),
        _ => false,
    }
}

/// So few are shown where a page is asked for that is cut short.
const FEW: usize = 5;

/// Whether something was only not found in a list of everybody's that says that there are more than it shows.
fn is_cut(program: &Program, endpoint: usize, step: &StepRan) -> bool {
    let behavior = &program.generation.model.behaviors[endpoint];
    let is_shared = behavior.list.as_ref().is_some_and(|plan| !plan.mine);
    let mut failed = step.checks.iter().filter(|check| !check.holds).peekable();
    let body = step.reply.as_ref().and_then(|reply| serde_json::from_slice::<serde_json::Value>(&reply.body).ok());
    let Some(body) = body.as_ref().map(Json::from) else { return false };
    let leaves = body.leaves();
    let is_there = |text: &str| leaves.iter().any(|(_, value)| value.scalar_text() == Some(text));
    let lacks = |check: &CheckRan| match check.expected.strip_prefix("contains_once ") {
        // It may be there more than once.
        Some(item) => serde_json::from_str::<serde_json::Value>(item)
            .is_ok_and(|item| !Json::from(&item).leaves().iter().any(|(_, v)| v.scalar_text().is_some_and(is_there))),
        None => check.expected.starts_with("contains {"),
    };
    if !is_shared || failed.peek().is_none() || !failed.all(lacks) {
        return false;
    }
    let lists = leaves
        .iter()
        .filter_map(|(at, _)| at.iter().rposition(|step| matches!(step, At::Index(_))).map(|end| &at[..end]));
    let longest = lists.filter_map(|at| body.at(at)?.as_array().map(<[Json]>::len)).max().unwrap_or_default();
    leaves.iter().any(|(at, value)| {
        let is_total = matches!(at.last(), Some(At::Key(key)) if program.generation.lexicon.is_named("total", key));
        is_total
            && value.scalar_text().and_then(|text| text.parse::<usize>().ok()).is_some_and(|total| total > longest)
            && longest > FEW
    })
}

/// Whether a step is what the scenario is about: the last one, or one that looks at what was done before it.
fn is_about(program: &Program, played: &Played<'_>, number: usize) -> bool {
    let Some(plan) = played.plan else { return true };
    let step = &played.ran.steps[number];
    if plan.itself.contains(&number) {
        return true;
    }
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

/// `one_of [1006,1008]` in words.
fn one_of(expected: &str) -> String {
    let list = expected.strip_prefix("one_of ");
    let values: Option<Vec<serde_json::Value>> = list.and_then(|list| serde_json::from_str(list).ok());
    let Some(values) = values else { return expected.to_owned() };
    let texts = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    texts.collect::<Vec<_>>().join(" or ")
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

/// For reports: a scenario has failed if a finding stands on it, and only then.
pub(super) fn mark(verdict: &mut Verdict, untestable: &[Option<String>]) {
    let findings = &verdict.findings;
    for (ran, untestable) in verdict.ran.iter_mut().zip(untestable) {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.scenario == ran.title()).collect();
        match ran.end {
            End::Failed | End::Broken(_) if untestable.is_some() && own.is_empty() => {
                ran.end = End::Skipped(untestable.clone().unwrap_or_default());
            }
            End::Failed | End::Broken(_) if own.is_empty() => {
                let is_broken = ran.steps.iter().any(|step| step.trouble.is_some());
                if !is_broken {
                    let is_silent = ran.failed_step().is_some_and(|step| step.basis == Basis::Convention);
                    let why = if is_silent { "differs only where the documents are silent" } else { FOLLOWS };
                    ran.end = End::Skipped(why.to_owned());
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
                    holds_as_text: false,
                });
            }
        }
    }
}
