//! What a running server says of itself, on stderr: lines for people, or JSON for collectors.
//!
//! Without `--log-secrets` nothing in it is a password, a token or a passcode.

use clap::{Args, ValueEnum};
use std::fmt;
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, SubscriberBuilder};
use tracing_subscriber::registry::LookupSpan;

#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// How what is said on stderr is written
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    pub(super) log: Form,
    /// How much is said; debug has a line for each request
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t)]
    log_level: Verbosity,
    /// Show requests as they came, with passwords, tokens and passcodes
    #[arg(long)]
    pub(super) log_secrets: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    #[default]
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Verbosity {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// To be called once, before anything is said.
pub(super) fn start(args: &LogArgs) {
    let level = match args.log_level {
        Verbosity::Error => LevelFilter::ERROR,
        Verbosity::Warn => LevelFilter::WARN,
        Verbosity::Info => LevelFilter::INFO,
        Verbosity::Debug => LevelFilter::DEBUG,
        Verbosity::Trace => LevelFilter::TRACE,
    };
    // A stderr that is full or gone is no reason to end: what cannot be said is not said.
    let all = SubscriberBuilder::default()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .log_internal_errors(false);
    // Libraries speak through the same channel; below a warning nobody asked for it.
    let set = match args.log {
        Form::Human => tracing::subscriber::set_global_default(all.event_format(Lines).finish()),
        Form::Json => tracing::subscriber::set_global_default(all.json().flatten_event(true).finish()),
    };
    debug_assert!(set.is_ok(), "started twice");
}

/// A message as it is, with what it is about behind it.
struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let level = *event.metadata().level();
        if level == Level::ERROR {
            writer.write_str("docsim: ")?;
        } else if level != Level::INFO {
            write!(writer, "{}: ", level.as_str().to_ascii_lowercase())?;
        }
        context.field_format().format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
