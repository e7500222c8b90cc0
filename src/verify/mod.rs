//! A real server held against its documents.
//!
//! In: a generation, a stage, scenarios beside those that are planned. Out: findings, each reproduced, each with the line of
//! the documents that says otherwise; remarks, where the documents are silent and docsim would do otherwise; what could not
//! be tested, with the reason. It prints nothing.

mod blame;
mod finding;
pub mod human;
pub mod json;
mod judge;
mod sense;
mod tokens;

pub use finding::{Fault, Finding, Kind};

use crate::generation::Generation;
use crate::scenario::ast::Basis;
use crate::scenario::generate::{self, Against, Plan};
use crate::scenario::load::Loaded;
use crate::scenario::result::{End, Ran};
use crate::scenario::run::{self, Program, Settings, Stage};
use std::sync::Arc;

/// What a step expects that only has to be accepted.
const SUCCESS: &str = "success";

/// What came of it.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Differences from what the documents say: any of these fails the server.
    pub findings: Vec<Finding>,
    /// Differences from what docsim does where the documents are silent.
    pub remarks: Vec<Finding>,
    /// How many findings were left out since they follow from others.
    pub following: usize,
    /// The scenarios as they ran, for reports; what was only a remark counts as passed.
    pub ran: Vec<Ran>,
}

impl Verdict {
    pub fn is_fine(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether anything was tested at all.
    pub fn is_empty(&self) -> bool {
        !self.ran.iter().any(|ran| matches!(ran.end, End::Passed | End::Failed))
    }
}

/// One run with the plan of each scenario; those that were given have none.
pub(crate) struct Played<'a> {
    pub(crate) ran: &'a Ran,
    pub(crate) plan: Option<&'a Plan>,
}

/// Plans, runs, runs again what differed, and judges. `seed` makes the people of this run.
pub async fn verify(
    generation: &Arc<Generation>,
    stage: Arc<Stage>,
    given: Loaded,
    settings: &Settings,
    seed: u64,
    mut seen: impl FnMut(&Ran),
) -> Verdict {
    let against = if stage.is_simulator() {
        Against::Simulator
    } else {
        Against::Backend { passcode_is_universal: stage.has_universal_passcode() }
    };
    let plans = planned(generation, seed, against);
    let program = program(generation, &plans, given.clone());
    let count = plans.len();
    settle_methods(&program, &stage, &plans, settings).await;
    let first = run::run(&program, Arc::clone(&stage), settings, &mut seen).await;
    // Rows make several runs of one scenario, but plans have none, and they come first.
    let plan_of = |at: usize| plans.get(at).filter(|_| at < count);
    let played = |at: usize| Played { ran: &first[at], plan: plan_of(at) };
    let judged: Vec<Vec<Finding>> = (0..first.len()).map(|at| judge::judge(&program, &played(at))).collect();
    let untestable: Vec<Option<String>> = (0..first.len()).map(|at| judge::untestable(&program, &played(at))).collect();
    let doubtful: Vec<usize> = (0..judged.len()).filter(|at| !judged[*at].is_empty()).collect();
    // Once more with other values: what was sent before may be somebody's now.
    let others = planned(generation, seed.wrapping_add(1), against);
    let other = self::program(generation, &others, given);
    let again = again(&other, &stage, &first, &doubtful).await;
    let mut all: Vec<(usize, Finding)> = Vec::new();
    for (at, findings) in judged.into_iter().enumerate() {
        // Other values may make other plans possible: the same one is the one that is called so.
        let plan = plan_of(at).and_then(|plan| others.iter().find(|other| other.scenario.name == plan.scenario.name));
        let second =
            again.iter().find(|(known, _)| *known == at).map(|(_, ran)| judge::judge(&other, &Played { ran, plan }));
        for mut finding in findings {
            let is_again = second.as_ref().is_some_and(|second| second.iter().any(|other| other.is_same(&finding)));
            finding.is_flaky = !is_again;
            if finding.is_flaky && plan_of(at).is_some_and(|plan| plan.is_shared) {
                finding.basis = Basis::Convention;
            }
            all.push((at, finding));
        }
    }
    let played: Vec<Played<'_>> = (0..first.len()).map(played).collect();
    let (all, following) = blame::settle(&program, &played, all);
    let (remarks, findings) = all.into_iter().partition(|finding: &Finding| finding.basis == Basis::Convention);
    drop(played);
    let mut verdict = Verdict { findings, remarks, following, ran: first };
    judge::mark(&mut verdict, &untestable);
    verdict
}

/// By endpoint, as the files are, so that the runs come in the order of the plans.
fn planned(generation: &Generation, seed: u64, against: Against) -> Vec<Plan> {
    let mut plans = generate::plan(generation, seed, against).plans;
    plans.sort_by_key(|plan| plan.endpoint);
    plans
}

/// The plans as they read once they are written, then the scenarios that were given.
fn program(generation: &Arc<Generation>, plans: &[Plan], given: Loaded) -> Program {
    let plans = generate::Plans { plans: plans.to_vec(), ..generate::Plans::default() };
    let loaded = generate::files::read(&generate::files::files(generation, &plans)).with(given);
    Program {
        generation: Arc::clone(generation),
        scenarios: Arc::new(loaded.scenarios),
        sources: Arc::new(loaded.sources),
    }
}

/// An endpoint without a method may be taken by one only: the one by which it succeeds.
async fn settle_methods(program: &Program, stage: &Arc<Stage>, plans: &[Plan], settings: &Settings) {
    if stage.is_simulator() {
        return;
    }
    for (at, plan) in plans.iter().enumerate() {
        let is_open = program.generation.set.endpoints[plan.endpoint].method.is_none();
        if !is_open || plan.outcome != "success" || plan.deed.is_some() {
            continue;
        }
        let one = Program { scenarios: Arc::new(vec![program.scenarios[at].clone()]), ..program.clone() };
        let sent = |ran: &[Ran]| {
            let step = ran.first()?.steps.iter().rev().find(|step| step.endpoint == Some(plan.endpoint))?;
            step.ask.as_ref().map(|(_, ask)| ask.method.clone())
        };
        let first = run::run(&one, Arc::clone(stage), settings, |_| {}).await;
        let is_passed = |ran: &[Ran]| ran.iter().all(|ran| matches!(ran.end, End::Passed | End::Skipped(_)));
        let Some(method) = sent(&first).filter(|_| !is_passed(&first)) else { continue };
        let before = stage.method(plan.endpoint);
        stage.set_method(plan.endpoint, Some(if method == "GET" { "POST" } else { "GET" }));
        let second = run::run(&one, Arc::clone(stage), settings, |_| {}).await;
        if !is_passed(&second) {
            stage.set_method(plan.endpoint, before.as_deref());
        }
    }
}

/// Runs some once more, for other people.
async fn again(program: &Program, stage: &Arc<Stage>, first: &[Ran], which: &[usize]) -> Vec<(usize, Ran)> {
    let mut again = Vec::new();
    // A scenario with rows is run whole: its runs are known by their titles.
    let names: Vec<&str> = which.iter().map(|at| first[*at].name.as_str()).collect();
    let scenarios = program.scenarios.iter().filter(|scenario| names.contains(&scenario.name.as_str()));
    let some = Program { scenarios: Arc::new(scenarios.cloned().collect()), ..program.clone() };
    // One after the other, so that none sees what another does.
    let settings = Settings { jobs: 1, fail_fast: false };
    for ran in run::run(&some, Arc::clone(stage), &settings, |_| {}).await {
        if let Some(at) = which.iter().find(|at| first[**at].title() == ran.title()) {
            again.push((*at, ran));
        }
    }
    again
}
