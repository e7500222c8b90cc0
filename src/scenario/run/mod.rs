//! Runs scenarios and says what came of them.
//!
//! In: scenarios that `names::check` found nothing wrong with, a generation, a stage. Out: one `Ran` for each scenario and
//! row, in their order, however many ran at a time. It prints nothing.

mod actor;
mod fresh;
mod judge;
mod stage;

pub use judge::outcome;
pub use stage::{Hooks, NoStage, Stage};

use super::ast::{Action, Scenario};
use super::result::{End, Ran};
use crate::generation::Generation;
use crate::source::{Place, Source};
use actor::Actor;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tokio::task::{JoinError, JoinSet};

/// A scenario with this tag needs passcodes that were really sent: with a universal one it is left out.
pub const NEEDS_SENT_PASSCODES: &str = "sent-passcodes";
/// A scenario with this tag logs in to an account that others log in to: on a backend one of these runs at a time.
pub const SHARED_ACCOUNT: &str = "shared-account";
/// A scenario with this tag was made of calls that happened.
pub const RECORDED: &str = "recorded";

pub struct Settings {
    /// How many run at a time.
    pub jobs: usize,
    /// After the first that fails, none is begun.
    pub fail_fast: bool,
}

/// What is to be run, with all that it refers to.
#[derive(Clone)]
pub struct Program {
    pub generation: Arc<Generation>,
    pub scenarios: Arc<Vec<Scenario>>,
    /// Those that the scenarios' places point into.
    pub sources: Arc<Vec<Source>>,
}

impl Program {
    pub(super) fn file_line(&self, place: Place) -> String {
        let source = self.sources.get(place.file.0 as usize);
        source.map_or_else(String::new, |source| format!("{}:{}", source.name(), source.line(place.span.start)))
    }
}

/// Runs all, and begins them in their order: what one takes of a shared server, those after it do not find. `seen` is told
/// of each as it ends.
pub async fn run(program: &Program, stage: Arc<Stage>, settings: &Settings, mut seen: impl FnMut(&Ran)) -> Vec<Ran> {
    let mut tasks = JoinSet::new();
    let failed = Arc::new(AtomicBool::new(false));
    let shared = Arc::new(tokio::sync::Mutex::new(()));
    let runs = runs(&program.scenarios);
    let mut all: Vec<Option<Ran>> = runs.iter().map(|_| None).collect();
    let mut keep = |ended: Result<(usize, Ran), JoinError>| {
        if let Ok((at, ran)) = ended {
            seen(&ran);
            all[at] = Some(ran);
        }
    };
    for (at, (scenario, row)) in runs.into_iter().enumerate() {
        while tasks.len() >= settings.jobs.max(1) {
            tasks.join_next().await.into_iter().for_each(&mut keep);
        }
        let (program, stage, failed) = (program.clone(), Arc::clone(&stage), Arc::clone(&failed));
        let is_shared = program.scenarios[scenario].tags.iter().any(|tag| tag == SHARED_ACCOUNT);
        let alone = (is_shared && !stage.is_simulator()).then(|| Arc::clone(&shared));
        let fail_fast = settings.fail_fast;
        tasks.spawn(async move {
            // It may be that only the newest token of an account is alive.
            let _alone = match alone {
                Some(alone) => Some(alone.lock_owned().await),
                None => None,
            };
            if fail_fast && failed.load(Ordering::Relaxed) {
                return (at, left_out(&program, scenario, row, "one before it failed".to_owned()));
            }
            let ran = one(&program, &stage, scenario, row).await;
            if matches!(ran.end, End::Failed | End::Broken(_)) {
                failed.store(true, Ordering::Relaxed);
            }
            (at, ran)
        });
    }
    while let Some(ended) = tasks.join_next().await {
        keep(ended);
    }
    all.into_iter().flatten().collect()
}

/// Each scenario with each of its rows.
fn runs(scenarios: &[Scenario]) -> Vec<(usize, Option<usize>)> {
    let rows = |at: usize| {
        let count = scenarios[at].rows.len();
        if count == 0 { vec![(at, None)] } else { (0..count).map(|row| (at, Some(row))).collect() }
    };
    (0..scenarios.len()).flat_map(rows).collect()
}

fn left_out(program: &Program, at: usize, row: Option<usize>, why: String) -> Ran {
    let scenario = &program.scenarios[at];
    Ran {
        name: scenario.name.clone(),
        row: row.map(|row| row + 1),
        tags: scenario.tags.clone(),
        source: program.file_line(scenario.place),
        end: End::Skipped(why),
        steps: Vec::new(),
        took: std::time::Duration::ZERO,
    }
}

async fn one(program: &Program, stage: &Stage, at: usize, row: Option<usize>) -> Ran {
    let scenario = &program.scenarios[at];
    if let Some(why) = cannot(scenario, stage) {
        return left_out(program, at, row, why);
    }
    let began = Instant::now();
    let mut ran = left_out(program, at, row, String::new());
    ran.end = End::Passed;
    let mut actor = match Actor::new(program, stage, scenario, row, &world_name(scenario, at, row)).await {
        Ok(actor) => actor,
        Err(why) => return Ran { end: End::Broken(why), ..ran },
    };
    let steps = scenario.setup.iter().map(|step| (true, step)).chain(scenario.steps.iter().map(|step| (false, step)));
    for (is_setup, step) in steps {
        let mut done = actor.step(step).await;
        done.is_setup = is_setup;
        let (holds, trouble) = (done.holds(), done.trouble.clone());
        ran.steps.push(done);
        if !holds {
            ran.end = match trouble {
                Some(why) => End::Broken(why),
                None if is_setup => End::Broken("what has to be there first could not be made".to_owned()),
                None => End::Failed,
            };
            break;
        }
    }
    actor.leave().await;
    ran.took = began.elapsed();
    ran
}

/// Why a scenario cannot be run there; never because of how it would end.
fn cannot(scenario: &Scenario, stage: &Stage) -> Option<String> {
    if stage.is_simulator() {
        return None;
    }
    let mut steps = scenario.setup.iter().chain(&scenario.steps);
    if let Some(step) = steps.find(|step| step.action.needs_simulator()) {
        let why = match &step.action {
            Action::Record { collection, delete: true, .. } => format!("no call takes such a {collection} away"),
            Action::Record { collection, id: Some(_), .. } => format!("no call makes a {collection} stand so"),
            Action::Record { collection, .. } => format!("no call was found that makes a {collection}"),
            Action::Account { action: Some(_), .. } => "only the back office does that to an account".to_owned(),
            Action::Account { .. } => "no call was found that makes such an account".to_owned(),
            Action::Clock(_) => "only its clock can be moved".to_owned(),
            other => format!("it has a step {}", other.name()),
        };
        return Some(format!("needs the simulator: {why}"));
    }
    let needs_sent = scenario.tags.iter().any(|tag| tag == NEEDS_SENT_PASSCODES);
    if needs_sent && !stage.knows_passcodes() {
        return Some("needs passcodes that were really sent, not a universal one".to_owned());
    }
    let has_sms = scenario.setup.iter().chain(&scenario.steps).any(|step| matches!(step.action, Action::Sms { .. }));
    let stage::Kind::Backend(hooks) = &stage.kind else { return None };
    let without = has_sms && hooks.universal.is_none() && hooks.command.is_none();
    without.then(|| "needs a passcode: --passcode or --passcode-command gives it".to_owned())
}

/// A world's randomness comes from its name: the same scenario has the same, alone or among others.
fn world_name(scenario: &Scenario, at: usize, row: Option<usize>) -> String {
    let row = row.map_or(String::new(), |row| row.to_string());
    let hash = Sha256::digest(format!("{}\n{row}\n{}", scenario.name, scenario.place.span.start));
    let short = hash.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    format!("s{short:016x}-{at}")
}
