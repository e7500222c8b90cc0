//! `verify` against backends: a right one gives no finding however it decides where the document is silent, each wrong one is
//! found out and named at its endpoint, and docsim itself does what its documents say.

use crate::backend::{self, BUGS, CHOICES};
use docsim::client::{Client, Options, Target};
use docsim::generation::Generation;
use docsim::scenario::load::Loaded;
use docsim::scenario::run::{Hooks, Settings, Stage};
use docsim::verify::{self, Verdict};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn generation(path: &Path) -> Arc<Generation> {
    Arc::new(crate::applications::served(path))
}

fn within(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

async fn held(generation: &Arc<Generation>, stage: Stage, seed: u64) -> Verdict {
    let settings = Settings { jobs: 1, fail_fast: false };
    verify::verify(generation, Arc::new(stage), Loaded::default(), &settings, seed, |_| {}).await
}

fn against(twist: &str, generation: &Arc<Generation>) -> Verdict {
    let address = backend::start(twist);
    block_on(async {
        let target = Target::parse(&format!("http://{address}")).unwrap();
        let client = Client::new(target, Options::default()).unwrap();
        let hooks = Hooks { universal: Some(backend::PASSCODE.to_owned()), ..Hooks::default() };
        held(generation, Stage::target(client, hooks).await.unwrap(), 7).await
    })
}

fn shown(verdict: &Verdict, generation: &Generation) -> String {
    verify::human::draw(verdict, generation, "the backend", false)
}

#[test]
fn a_right_backend_gives_no_finding_whatever_it_chooses() {
    let generation = generation(&within("api-docs"));
    for choice in std::iter::once("").chain(CHOICES) {
        let verdict = against(choice, &generation);
        assert!(verdict.is_fine() && !verdict.is_empty(), "{choice}\n{}", shown(&verdict, &generation));
        let passed = verdict.ran.iter().filter(|ran| ran.end.name() == "passed").count();
        let kept = verdict.ran.iter().flat_map(|ran| &ran.steps).filter_map(|step| step.reply.as_ref());
        assert!(kept.into_iter().all(|reply| reply.body.len() <= 64 << 10), "{choice}");
        assert!(passed >= 80, "{choice}: {passed}\n{}", shown(&verdict, &generation));
    }
}

#[test]
fn every_bug_is_found_and_named_at_its_endpoint() {
    let generation = generation(&within("api-docs"));
    for (bug, action) in BUGS {
        let verdict = against(bug, &generation);
        let named = verdict.findings.iter().filter(|finding| {
            let path = &generation.set.endpoints[finding.endpoint].path;
            path.split('/').any(|segment| segment == action)
        });
        let named: Vec<_> = named.collect();
        assert!(!named.is_empty(), "{bug} of {action}\n{}", shown(&verdict, &generation));
        assert!(named.iter().all(|finding| !finding.is_flaky && finding.curl.starts_with("curl ")), "{bug}");
        let others = verdict.findings.len() - named.len();
        assert!(others <= 1, "{bug} of {action}\n{}", shown(&verdict, &generation));
    }
}

#[test]
fn docsim_does_what_its_documents_say() {
    let all = ["tests/cases/corpus", "tests/cases/talks"].map(|folder| std::fs::read_dir(within(folder)).unwrap());
    let mut paths: Vec<PathBuf> = all.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    let applications =
        std::fs::read_dir(within("tests/cases/applications")).unwrap().map(|entry| entry.unwrap().path());
    paths.extend(applications.filter(|path| path.is_dir()));
    paths.push(within("api-docs"));
    paths.sort();
    for path in paths {
        let generation = generation(&path);
        let verdict = block_on(async {
            let stage = Stage::simulator(&generation, 1).await.unwrap();
            held(&generation, stage, 3).await
        });
        assert!(verdict.is_fine(), "{}\n{}", path.display(), shown(&verdict, &generation));
    }
}
