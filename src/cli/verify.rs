//! `docsim verify`: a real backend held against its documents.

use super::report::ReportFile;
use super::run::Server;
use super::{Docs, Ended, Format, colors, fail, print, print_json, say};
use crate::generation::Generation;
use crate::load;
use crate::scenario::report::Report;
use crate::scenario::run::Settings;
use crate::scenario::{load as scenarios, names};
use crate::verify::{self, human, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    docs: Docs,
    /// Scenarios to run beside those that are planned from the documents; again for each file or folder
    #[arg(long, value_name = "SCENARIOS")]
    scenarios: Vec<PathBuf>,
    /// Run so many scenarios at a time; one after the other tells best whose fault it is
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// Where the values come from that are sent [default: other ones in each run]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Write a report: junit=FILE, json=FILE or html=FILE; again for each
    #[arg(long, value_name = "FORM=FILE", value_parser = ReportFile::parse)]
    report: Vec<ReportFile>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    server: Server,
}

pub(super) fn run(args: &Args) -> Ended {
    if args.server.target.is_none() {
        return fail("verify needs a server: --target http://127.0.0.1:8000");
    }
    if let Err(error) = ReportFile::check(&args.report) {
        return fail(&error);
    }
    let loaded = match load::load(&args.docs.docs, args.docs.config.as_deref()) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&error.to_string()),
    };
    let generation = Arc::new(Generation::of_loaded(&loaded, None));
    let given = match scenarios::load(&args.scenarios) {
        Ok(given) => given,
        Err(error) => return fail(&error.to_string()),
    };
    let mut found = given.diagnostics.clone();
    found.extend(names::check(&given.scenarios, &generation, &given.sources));
    if !found.is_empty() {
        say(&crate::diagnostic::human::draw(&found, &given.sources, colors(&std::io::stderr())));
    }
    if found.iter().any(|found| found.severity == crate::diagnostic::Severity::Error) {
        return fail("nothing was sent");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the system gives no threads to run with: {error}")),
    };
    let ended = runtime.block_on(verify_all(args, &generation, given));
    runtime.shutdown_background();
    ended
}

async fn verify_all(args: &Args, generation: &Arc<Generation>, given: scenarios::Loaded) -> Ended {
    let began = Instant::now();
    let seed = args.seed.unwrap_or_else(random);
    let stage = match args.server.stage(generation, seed).await {
        Ok(stage) => Arc::new(stage),
        Err(error) => return fail(&error),
    };
    let name = stage.name();
    let settings = Settings { jobs: args.jobs, fail_fast: false };
    let verdict = verify::verify(generation, stage, given, &settings, seed, |_| {}).await;
    match args.format {
        Format::Human => print(&human::draw(&verdict, generation, &name, colors(&std::io::stdout()))),
        Format::Json => print_json(&json::draw(&verdict, generation, &name)),
    }
    let (is_fine, is_empty) = (verdict.is_fine(), verdict.is_empty());
    let took = began.elapsed();
    let report = Report { scenarios: verdict.ran, stage: name, seed, took, coverage: None };
    for file in &args.report {
        if let Err(error) = file.write(&report, generation) {
            return fail(&error);
        }
    }
    if is_empty {
        return fail("nothing could be tested");
    }
    if is_fine { Ended::Fine } else { Ended::Failed }
}

fn random() -> u64 {
    let mut bytes = [0_u8; 8];
    // Without randomness of the system's the process tells runs apart.
    if getrandom::fill(&mut bytes).is_err() {
        return u64::from(std::process::id());
    }
    u64::from_le_bytes(bytes)
}
