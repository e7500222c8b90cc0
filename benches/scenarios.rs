//! A thousand scenarios of ten steps in a simulator of their own.
//!
//! `cargo bench --bench scenarios`

use docsim::generation::Generation;
use docsim::scenario::parse;
use docsim::scenario::result::End;
use docsim::scenario::run::{self, Program, Settings, Stage};
use docsim::source::{FileId, Source};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

const SCENARIOS: usize = 1_000;

fn text() -> String {
    let mut text = String::new();
    for at in 0..SCENARIOS {
        let _ = write!(
            text,
            "name: s{at}\nsetup:\n  - account: {{ identity: \"138{at:08}\", password: abc12345 }}\nsteps:\n"
        );
        for _ in 0..9 {
            let _ = write!(
                text,
                "  - call: POST /Api/User/login\n    with: {{ phone: \"138{at:08}\", password: abc12345 }}\n    expect: {{ code: 1000, $.data.token: {{ length: 38 }} }}\n"
            );
        }
        text.push_str("---\n");
    }
    text
}

#[allow(clippy::print_stdout, reason = "what a bench finds out is its result")]
fn main() {
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("api-docs");
    let generation = Arc::new(Generation::of_loaded(&docsim::load::load(&[docs], None).expect("documents"), None));
    let began = Instant::now();
    let source = Source::new("bench.yaml", text());
    let file = parse::parse(&source, FileId(0));
    let parsed = began.elapsed();
    assert_eq!((file.scenarios.len(), file.diagnostics.len()), (SCENARIOS, 0));
    let program = Program {
        generation: Arc::clone(&generation),
        scenarios: Arc::new(file.scenarios),
        sources: Arc::new(vec![source]),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(async {
        let stage = Arc::new(Stage::simulator(&generation, 1).await.expect("a simulator"));
        let began = Instant::now();
        let ran = run::run(&program, stage, &Settings { jobs: 16, fail_fast: false }, |_| {}).await;
        let took = began.elapsed();
        let steps: usize = ran.iter().map(|ran| ran.steps.len()).sum();
        assert!(ran.iter().all(|ran| ran.end == End::Passed));
        assert_eq!(steps, SCENARIOS * 10);
        println!(
            "{SCENARIOS} scenarios, {steps} steps: read in {:.2} s, run in {:.2} s",
            parsed.as_secs_f64(),
            took.as_secs_f64()
        );
        println!("{:.0} steps a second", 10_000.0 / took.as_secs_f64());
    });
}
