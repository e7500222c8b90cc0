//! Arguments in, exit status out. The only module that prints: results to stdout, the rest to stderr.

mod ask;
mod check;
mod explain;
mod first_try;
mod log;
mod orders;
mod proxy;
mod report;
mod run;
mod schema;
mod serve;
mod state;
mod verify;
mod welcome;

use crate::diagnostic::harmless;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Reads API documents as teams write them, and is the API that they describe.
#[derive(Debug, Parser)]
#[command(name = "docsim", version, about, disable_help_subcommand = true)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API that the documents describe, and follow the documents as they are saved
    Serve(serve::Args),
    /// Say what is odd about the documents
    Check(check::Args),
    /// Say what each endpoint was understood to do, and why
    Explain(explain::Args),
    /// Run scenarios in a simulator of their own, or against a server
    Run(run::Args),
    /// Hold a real backend against its documents
    Verify(verify::Args),
    /// Stand before a real backend: pass through and check what it has, simulate what it lacks
    Proxy(proxy::Args),
    /// Print a JSON Schema for editors
    Schema(schema::Args),
    /// Print a completion script for a shell
    Completions {
        /// The shell that it is for
        shell: clap_complete::Shell,
    },
}

/// The documents that most commands read.
#[derive(Debug, clap::Args)]
struct Docs {
    /// Files and folders with API documents
    #[arg(value_name = "DOCS", default_value = "api-docs")]
    docs: Vec<PathBuf>,
    /// Configuration, instead of docsim.toml beside the documents
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Fine,
    /// The thing checked has failed.
    Failed,
    /// Wrong usage or unreadable input.
    Unusable,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Fine => Self::SUCCESS,
            Ended::Failed => Self::from(1),
            Ended::Unusable => Self::from(2),
        }
    }
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are results, anything else is wrong usage.
            let _ = error.print();
            return if error.use_stderr() { Ended::Unusable.into() } else { ExitCode::SUCCESS };
        }
    };
    let ended = match args.command {
        Command::Serve(args) => serve::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Proxy(args) => proxy::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "docsim", &mut std::io::stdout());
            Ended::Fine
        }
    };
    ended.into()
}

/// Writes a result. A reader that has gone away (`docsim explain | head`) is no trouble of ours.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

/// Writes a result as JSON. What a terminal would obey is escaped, also where JSON itself does not ask for that.
fn print_json(value: &serde_json::Value) {
    let text = format!("{value:#}");
    // Outside of strings there is nothing but ASCII.
    let obeyed = |c: char| !c.is_ascii() && harmless(&c.to_string()) != c.to_string();
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\u{7f}' || obeyed(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    print(&escaped);
}

/// Says something that is not the result.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// Says that the command cannot go on, and why.
fn fail(text: &str) -> Ended {
    say(&format!("docsim: {text}"));
    Ended::Unusable
}

/// Whether a stream takes color: only a terminal, and not against the user's `NO_COLOR`.
fn colors(terminal: &impl IsTerminal) -> bool {
    terminal.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A path as a message shows it.
fn shown(path: &Path) -> String {
    crate::explain::visible(&path.display().to_string())
}
