//! What is odd about a document or a configuration, as a value. `human.rs`, `json.rs` and `sarif.rs` draw it; nothing else does.

mod excerpt;
pub mod human;
pub mod json;
pub mod sarif;

pub use excerpt::harmless;

use crate::source::Place;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One finding: the message says what is there, the help what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kebab-case name; stable, users allow and deny by it.
    pub rule: &'static str,
    pub severity: Severity,
    pub message: String,
    /// May be empty where nothing better can be said than the message.
    pub help: String,
    pub place: Place,
    /// The `id` of the endpoint that it concerns, if it concerns one.
    pub endpoint: Option<String>,
    /// Other places that belong to the finding, each with a few words.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    pub fn new(rule: &'static str, severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            help: String::new(),
            place,
            endpoint: None,
            related: Vec::new(),
        }
    }

    pub fn error(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, place, message)
    }

    pub fn warning(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Warning, place, message)
    }

    pub fn info(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Info, place, message)
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    #[must_use]
    pub fn at_endpoint(mut self, id: &str) -> Self {
        self.endpoint = Some(id.to_owned());
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, note: impl Into<String>) -> Self {
        self.related.push((place, note.into()));
        self
    }
}

/// By file, then by place, then by rule: the order in which findings are shown everywhere.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let key = |found: &Diagnostic| (found.place, found.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
}
