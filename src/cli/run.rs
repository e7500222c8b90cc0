//! `docsim run`: scenarios in a simulator of their own, or against a server.

use super::report::ReportFile;
use super::{Ended, ask, colors, fail, print, say, shown};
use crate::client::{Client, Options, Target};
use crate::diagnostic::{self, Severity, human as drawn};
use crate::explain::visible;
use crate::generation::Generation;
use crate::load;
use crate::scenario::coverage::Coverage;
use crate::scenario::load::Loaded;
use crate::scenario::report::{Report, covered, human};
use crate::scenario::run::{self, Hooks, Program, Settings, Stage};
use crate::scenario::{generate, names};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files and folders with scenarios [default: scenarios, unless they are generated]
    #[arg(value_name = "SCENARIOS")]
    scenarios: Vec<PathBuf>,
    /// Files and folders with API documents; again for each
    #[arg(long, value_name = "DOCS", default_value = "api-docs")]
    docs: Vec<PathBuf>,
    /// Configuration, instead of docsim.toml beside the documents
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Plan scenarios from the documents: one for each way to each documented outcome, and what must be seen after
    #[arg(long)]
    generate: bool,
    /// Save the generated scenarios in this folder
    #[arg(long, value_name = "DIR", requires = "generate")]
    write: Option<PathBuf>,
    /// Only scenarios with this tag; again for each, any of them will do
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only scenarios whose name contains this
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Begin no other after the first that fails
    #[arg(long)]
    fail_fast: bool,
    /// Run so many at a time
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Where tokens, passcodes and ids come from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Say which documented outcomes were reached
    #[arg(long)]
    coverage: bool,
    /// Fail below so many percent of the documented outcomes
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_coverage: Option<f64>,
    /// Write a report: junit=FILE, json=FILE or html=FILE; again for each
    #[arg(long, value_name = "FORM=FILE", value_parser = ReportFile::parse)]
    report: Vec<ReportFile>,
    #[command(flatten)]
    server: Server,
}

/// A server in place of the simulator.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Against a server")]
pub(super) struct Server {
    /// The server that requests go to, with scheme, host and port
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// A passcode that the server takes from everybody
    #[arg(long, value_name = "CODE", requires = "target", conflicts_with = "passcode_command")]
    passcode: Option<String>,
    /// A command that prints the passcode last sent to {identity}; no shell is asked
    #[arg(long, value_name = "CMD", requires = "target")]
    passcode_command: Option<String>,
    /// Send so many requests a second at most
    #[arg(long, value_name = "N", requires = "target")]
    rate: Option<f64>,
    #[command(flatten)]
    ask: ask::Args,
}

impl Server {
    /// Where requests go; a simulator of the documents without a target.
    pub(super) async fn stage(&self, generation: &Arc<Generation>, seed: u64) -> Result<Stage, String> {
        let Some(target) = &self.target else {
            return Stage::simulator(generation, seed).await.map_err(|error| error.to_string());
        };
        let target = Target::parse(target).map_err(|bad| format!("--target {bad}"))?;
        let client = Client::new(target, self.options()?).map_err(|trouble| trouble.to_string())?;
        Stage::target(client, self.hooks()?).await.map_err(|error| error.to_string())
    }

    pub(super) fn options(&self) -> Result<Options, String> {
        if self.rate.is_some_and(|rate| !(rate > 0.0 && rate.is_finite())) {
            return Err("--rate: write a number of requests a second above 0".to_owned());
        }
        Ok(Options { rate: self.rate, ..self.ask.options()? })
    }

    pub(super) fn hooks(&self) -> Result<Hooks, String> {
        let command = self.passcode_command.as_ref().map(|text| {
            let words = words(text).ok_or_else(|| format!("--passcode-command {text}: a quote is not closed"))?;
            if words.is_empty() { Err("--passcode-command names no program".to_owned()) } else { Ok(words) }
        });
        Ok(Hooks { universal: self.passcode.clone(), command: command.transpose()? })
    }
}

pub(super) fn run(args: &Args) -> Ended {
    if let Err(error) = ReportFile::check(&args.report) {
        return fail(&error);
    }
    if let Some(documents) = args.scenarios.iter().find(|path| holds_documents(path)) {
        let documents = shown(documents);
        return fail(&format!(
            "{documents} holds documents, and not scenarios: documents are given with --docs. `docsim run --generate --docs \
             {documents}` plans scenarios from them, `docsim run SCENARIOS --docs {documents}` runs your own"
        ));
    }
    let loaded = match load::load(&args.docs, args.config.as_deref()) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&error.to_string()),
    };
    let generation = Arc::new(Generation::of_loaded(&loaded, None));
    let scenarios = match scenarios(args, &generation) {
        Ok(scenarios) => scenarios,
        Err(error) => return fail(&error),
    };
    let Some(program) = checked(scenarios, &generation, args) else { return Ended::Unusable };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the system gives no threads to run with: {error}")),
    };
    let ended = runtime.block_on(run_all(args, &program));
    runtime.shutdown_background();
    ended
}

/// Whether what was given for scenarios is a document, or a folder with nothing else.
fn holds_documents(path: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(path) else {
        return path.is_file() && path.file_name().is_some_and(load::is_document);
    };
    let has_documents = entries.any(|entry| entry.is_ok_and(|entry| load::is_document(&entry.file_name())));
    has_documents && crate::scenario::load::load(&[path.to_path_buf()]).is_ok_and(|loaded| loaded.sources.is_empty())
}

/// Those that were given, and those that are generated.
fn scenarios(args: &Args, generation: &Generation) -> Result<Loaded, String> {
    if !args.generate {
        let default = [PathBuf::from("scenarios")];
        let given = if args.scenarios.is_empty() { &default[..] } else { &args.scenarios };
        return crate::scenario::load::load(given).map_err(|error| error.to_string());
    }
    let plans = generate::plan(generation, args.seed, generate::Against::Simulator);
    let files = generate::files::files(generation, &plans);
    if let Some(folder) = &args.write {
        generate::files::save(&files, folder).map_err(|error| format!("{}: {error}", shown(folder)))?;
    }
    for unreached in plans.unreached.iter().filter(|unreached| !unreached.only_by_fault) {
        let endpoint = &generation.set.endpoints[unreached.endpoint];
        let what = format!("{} {} {}: {}", endpoint.title, unreached.code, unreached.message, unreached.why);
        say(&format!("no scenario for {}", visible(&what)));
    }
    let given = crate::scenario::load::load(&args.scenarios).map_err(|error| error.to_string())?;
    Ok(given.with(generate::files::read(&files)))
}

/// The chosen scenarios, if nothing is wrong with any.
fn checked(loaded: Loaded, generation: &Arc<Generation>, args: &Args) -> Option<Program> {
    let Loaded { mut scenarios, sources, mut diagnostics } = loaded;
    diagnostics.extend(names::check(&scenarios, generation, &sources));
    diagnostic::sort(&mut diagnostics);
    if !diagnostics.is_empty() {
        say(&drawn::draw(&diagnostics, &sources, colors(&std::io::stderr())));
    }
    if diagnostics.iter().any(|found| found.severity == Severity::Error) {
        say("docsim: nothing was run");
        return None;
    }
    let known: Vec<String> = scenarios.iter().flat_map(|scenario| scenario.tags.clone()).collect();
    if let Some(tag) = args.tag.iter().find(|tag| !known.contains(tag)) {
        let near = crate::config::nearest(tag, known.iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        fail(&visible(&format!("no scenario has the tag {tag}{near}")));
        return None;
    }
    scenarios.retain(|scenario| {
        let tagged = args.tag.is_empty() || scenario.tags.iter().any(|tag| args.tag.contains(tag));
        tagged && args.name.as_ref().is_none_or(|name| scenario.name.contains(name.as_str()))
    });
    if scenarios.is_empty() {
        fail("there is no scenario to run");
        return None;
    }
    Some(Program { generation: Arc::clone(generation), scenarios: Arc::new(scenarios), sources: Arc::new(sources) })
}

async fn run_all(args: &Args, program: &Program) -> Ended {
    let began = Instant::now();
    let stage = match args.server.stage(&program.generation, args.seed).await {
        Ok(stage) => Arc::new(stage),
        Err(error) => return fail(&error),
    };
    let name = stage.name();
    let default_jobs = if args.server.target.is_some() { 4 } else { 16 };
    let settings = Settings { jobs: args.jobs.unwrap_or(default_jobs), fail_fast: args.fail_fast };
    let color = colors(&std::io::stdout());
    let shows_all = !std::io::stdout().is_terminal();
    let scenarios = run::run(program, stage, &settings, |ran| {
        // On a terminal what went well is only counted.
        if shows_all || !matches!(ran.end, crate::scenario::result::End::Passed) {
            print(&human::line(ran, color));
        }
    })
    .await;
    let took = began.elapsed();
    let coverage = Some(Coverage::of(&program.generation).with(&scenarios));
    let report = Report { scenarios, stage: name, seed: args.seed, took, coverage };
    for ran in &report.scenarios {
        let details = human::details(ran, color);
        if !details.is_empty() {
            print(&details);
        }
    }
    if args.coverage
        && let Some(coverage) = &report.coverage
    {
        print(&format!("\n{}", covered::draw(coverage)));
    }
    print(&format!("\n{}", human::summary(&report)));
    for file in &args.report {
        if let Err(error) = file.write(&report, &program.generation) {
            return fail(&error);
        }
    }
    let percent = report.coverage.as_ref().map_or(100.0, Coverage::percent);
    let too_little = args.min_coverage.filter(|least| percent < *least);
    if let Some(least) = too_little {
        say(&format!("docsim: {percent:.1} % of the documented outcomes were reached, less than {least} %"));
    }
    if report.is_fine() && too_little.is_none() { Ended::Fine } else { Ended::Failed }
}

fn percent(text: &str) -> Result<f64, String> {
    let percent = text.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
    percent.ok_or_else(|| "write a number from 0 to 100".to_owned())
}

/// A command line in words, with quotes as a shell has them and nothing else of a shell; none where a quote is not closed.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_words() {
        let check = |text: &str, expected: Option<&[&str]>| {
            let found = words(text);
            let found = found.as_ref().map(|words| words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found, expected.map(<[&str]>::to_vec), "{text}");
        };
        check("curl -s 'http://x/?p={identity}'", Some(&["curl", "-s", "http://x/?p={identity}"]));
        check("a \"b c\"d ''", Some(&["a", "b cd", ""]));
        check("a\\ b", Some(&["a b"]));
        check("a 'b", None);
        check(" ", Some(&[]));
    }
}
