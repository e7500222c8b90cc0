//! Generated scenarios: what they reach, and that they hold where they were planned and after having been written and read.

use docsim::generation::Generation;
use docsim::scenario::generate::{self, Against, Plans};
use docsim::scenario::names;
use docsim::scenario::result::{End, Ran};
use docsim::scenario::run::{self, Program, Settings, Stage};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn generation(path: &Path) -> Arc<Generation> {
    Arc::new(crate::applications::served(path))
}

fn folders(parent: &str) -> Vec<PathBuf> {
    let parent = Path::new(env!("CARGO_MANIFEST_DIR")).join(parent);
    let mut all: Vec<PathBuf> = std::fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    all
}

/// What no plan reaches, and how much is reached.
fn shown(generation: &Generation, plans: &Plans) -> String {
    let mut out = String::new();
    for unreached in &plans.unreached {
        let title = &generation.set.endpoints[unreached.endpoint].title;
        let _ = writeln!(out, "{title}: {} {}: {}", unreached.code, unreached.message, unreached.why);
    }
    let reached = plans.outcomes - plans.unreached.len();
    let _ = writeln!(out, "{} scenarios, {reached} of {} outcomes", plans.plans.len(), plans.outcomes);
    out
}

/// Runs what was planned, as it reads once it is written.
fn run(generation: &Arc<Generation>, plans: &Plans) -> Vec<Ran> {
    let loaded = generate::files::read(&generate::files::files(generation, plans));
    let odd: Vec<_> = loaded.diagnostics.iter().map(|found| &found.message).collect();
    assert!(odd.is_empty(), "{odd:?}");
    let odd = names::check(&loaded.scenarios, generation, &loaded.sources);
    let odd: Vec<_> = odd.iter().map(|found| &found.message).collect();
    assert!(odd.is_empty(), "{odd:?}");
    assert_eq!(loaded.scenarios.len(), plans.plans.len());
    let program = Program {
        generation: Arc::clone(generation),
        scenarios: Arc::new(loaded.scenarios),
        sources: Arc::new(loaded.sources),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Arc::new(Stage::simulator(generation, 1).await.unwrap());
        run::run(&program, stage, &Settings { jobs: 8, fail_fast: false }, |_| {}).await
    })
}

fn holds(generation: &Arc<Generation>, plans: &Plans) {
    for ran in run(generation, plans) {
        let step = ran.failed_step().map(|step| (&step.what, &step.checks, &step.trouble));
        assert!(ran.end == End::Passed, "{} {:?} {step:?}", ran.name, ran.end);
    }
}

#[test]
fn every_outcome_of_the_first_document_is_reached() {
    let generation = generation(&Path::new(env!("CARGO_MANIFEST_DIR")).join("api-docs"));
    let plans = generate::plan(&generation, 1, Against::Simulator);
    let left: Vec<_> = plans.unreached.iter().filter(|unreached| !unreached.only_by_fault).collect();
    assert!(left.is_empty(), "{left:?}");
    let faults: Vec<&str> = plans.unreached.iter().map(|unreached| unreached.code.as_str()).collect();
    assert_eq!(faults, ["1009", "998", "998"]);
    holds(&generation, &plans);
    let again = generate::plan(&generation, 1, Against::Simulator);
    let names = |plans: &Plans| plans.plans.iter().map(|plan| plan.scenario.clone()).collect::<Vec<_>>();
    assert_eq!(names(&plans), names(&again), "twice alike");
    let other = generate::plan(&generation, 2, Against::Simulator);
    assert_ne!(names(&plans), names(&other), "other people");
    let titles = |plans: &Plans| plans.plans.iter().map(|plan| plan.scenario.name.clone()).collect::<Vec<_>>();
    assert_eq!(titles(&plans), titles(&other));
}

#[test]
fn nearly_every_outcome_of_applications_is_reached() {
    let mut out = String::new();
    for folder in folders("tests/cases/applications") {
        let generation = generation(&folder);
        let plans = generate::plan(&generation, 1, Against::Simulator);
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(out, "{name}\n{}", shown(&generation, &plans));
        holds(&generation, &plans);
    }
    insta::assert_snapshot!(out);
}
