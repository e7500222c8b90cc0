//! What `check` finds: rules about what documents say, each a file under `rules/`, named like the rule.
//!
//! In: a document set and what its endpoints do. Out: findings. What is odd about the form of
//! a document was found while it was read; those rules are only listed here.

mod allow;
mod codes;
mod look;
mod policy;
mod rules;

pub use policy::{Policy, apply_policy};
pub use rules::RULES;

use crate::behavior::Model;
use crate::diagnostic::{self, Diagnostic, Severity, human, json, sarif};
use crate::lexicon::Lexicon;
use crate::source::{Place, Source};
use crate::spec::{DocSet, Endpoint};
use look::Look;

/// One kind of finding.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Kebab-case; stable, users allow and deny by it.
    pub name: &'static str,
    /// Unless configured otherwise.
    pub severity: Severity,
    /// What a finding says about a document, in one line.
    pub about: &'static str,
    find: Find,
}

type Findings = Vec<Diagnostic>;

#[derive(Clone, Copy, Debug)]
enum Find {
    /// Looks at one endpoint at a time; its findings are that endpoint's.
    Endpoint(fn(&Look<'_>, &Endpoint, &mut Findings)),
    /// Looks at the whole set.
    Set(fn(&Look<'_>, &mut Findings)),
    /// Found elsewhere: while documents are read, or when findings are collected.
    Elsewhere,
}

impl Rule {
    const fn new(name: &'static str, severity: Severity, about: &'static str, find: Find) -> Self {
        Self { name, severity, about, find }
    }

    const fn warning(name: &'static str, about: &'static str, find: Find) -> Self {
        Self::new(name, Severity::Warning, about, find)
    }

    const fn info(name: &'static str, about: &'static str, find: Find) -> Self {
        Self::new(name, Severity::Info, about, find)
    }

    fn at(&self, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.name, self.severity, place, message)
    }

    /// The rule of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.name == name)
    }

    /// The rule whose name is most like this one, for someone who has mistyped it.
    pub fn nearest(name: &str) -> Option<&'static Self> {
        let likeness = |rule: &Self| strsim::jaro_winkler(rule.name, name);
        let best = RULES.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(best) > 0.8).then_some(best)
    }
}

/// Applies every rule to the set.
pub fn lint(set: &DocSet, model: &Model, lexicon: &Lexicon) -> Vec<Diagnostic> {
    let look = Look::new(set, model, lexicon);
    let mut all = Findings::new();
    for rule in RULES {
        match rule.find {
            Find::Set(find) => find(&look, &mut all),
            Find::Endpoint(find) => {
                for endpoint in &set.endpoints {
                    let from = all.len();
                    find(&look, endpoint, &mut all);
                    all[from..].iter_mut().for_each(|found| found.endpoint = Some(endpoint.id.clone()));
                }
            }
            Find::Elsewhere => {}
        }
    }
    all
}

/// What `check` answers.
#[derive(Clone, Debug)]
pub struct Report {
    /// In the order of the files and of the lines in them.
    pub diagnostics: Vec<Diagnostic>,
    /// How many endpoints were looked at.
    pub endpoints: usize,
}

impl Report {
    /// The gravest severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.diagnostics.iter().map(|found| found.severity).max()
    }

    /// Every finding drawn for a terminal, and a line that counts them.
    pub fn draw(&self, sources: &[Source], color: bool) -> String {
        let drawn = human::draw(&self.diagnostics, sources, color);
        format!("{drawn}{}\n", human::summary(&self.diagnostics, self.endpoints))
    }

    /// The shape of `docsim check --format json`.
    pub fn json(&self, sources: &[Source]) -> serde_json::Value {
        json::document(&self.diagnostics, sources, self.endpoints)
    }

    /// As `docsim check --format sarif` has it.
    pub fn sarif(&self, sources: &[Source]) -> serde_json::Value {
        let rules: Vec<sarif::About<'_>> = RULES.iter().map(|rule| (rule.name, rule.about)).collect();
        sarif::document(&self.diagnostics, sources, &rules)
    }
}

/// Everything odd about a set: what was found while it was read and what the rules find, as configured and as allowed by
/// comments in the documents. `policy` is asked with a rule's name and an endpoint's id.
pub fn check(
    set: &DocSet,
    model: &Model,
    lexicon: &Lexicon,
    policy: &dyn Fn(&str, Option<&str>) -> Option<Policy>,
) -> Report {
    let mut found = set.diagnostics.clone();
    found.extend(lint(set, model, lexicon));
    let found = allow::without_allowed(set, found);
    let mut diagnostics = apply_policy(found, policy);
    diagnostic::sort(&mut diagnostics);
    Report { diagnostics, endpoints: set.endpoints.len() }
}

#[cfg(test)]
mod tests;
