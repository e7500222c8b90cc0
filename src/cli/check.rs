//! `docsim check`: what is odd about the documents, drawn like a compiler's messages or as JSON.

use super::welcome::nothing_documented;
use super::{Docs, Ended, colors, fail, print, print_json, say};
use crate::diagnostic::Severity;
use crate::generation::Generation;
use crate::lint::Report;
use crate::load::{self, Loaded, Selection};
use crate::reload::{self, Watcher};
use clap::ValueEnum;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    docs: Docs,
    /// Fail on warnings too
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Check again whenever a document is saved
    #[arg(long)]
    watch: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Deny {
    Warnings,
}

pub(super) fn run(args: &Args) -> Ended {
    let loaded = match load::load(&args.docs.docs, args.docs.config.as_deref()) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&error.to_string()),
    };
    if args.watch { watch(args, Arc::new(loaded)) } else { once(args, &loaded) }
}

fn once(args: &Args, loaded: &Loaded) -> Ended {
    let generation = Generation::of_loaded(loaded, None);
    let report = Report { endpoints: generation.set.endpoints.len(), diagnostics: generation.diagnostics };
    match args.format {
        Format::Human => print(&report.draw(&generation.set.sources, colors(&std::io::stdout()))),
        Format::Json => print_json(&report.json(&generation.set.sources)),
        Format::Sarif => print_json(&report.sarif(&generation.set.sources)),
    }
    if report.endpoints == 0 && !args.watch {
        return fail(&nothing_documented(&args.docs.docs));
    }
    let bar = if args.deny.is_some() { Severity::Warning } else { Severity::Error };
    if report.worst().is_some_and(|worst| worst >= bar) { Ended::Failed } else { Ended::Fine }
}

/// Until it is interrupted.
fn watch(args: &Args, loaded: Arc<Loaded>) -> Ended {
    once(args, &loaded);
    let selection = Selection { paths: args.docs.docs.clone(), config: args.docs.config.clone() };
    let watcher = match Watcher::start(selection, Arc::clone(&loaded), reload::Options::default()) {
        Ok(watcher) => watcher,
        Err(error) => return fail(&format!("the documents cannot be followed: {error}")),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the documents cannot be followed: {error}")),
    };
    say("waiting for the next save; Ctrl-C ends this");
    let mut updates = watcher.updates();
    let mut known = loaded;
    while runtime.block_on(updates.changed()).is_ok() {
        let update = updates.borrow_and_update().clone();
        if !Arc::ptr_eq(&update.loaded, &known) {
            known = update.loaded;
            once(args, &known);
        }
    }
    Ended::Fine
}
