//! Which endpoint a scenario means, and whether what it says of it can be.
//!
//! In: scenarios as read, and a generation. Out: diagnostics, each with the nearest valid name. What is reported as an
//! error would fail whatever the API does, so nothing is run.

use super::ast::{Action, Matcher, Scenario, Step, Test, What};
use super::fill;
use crate::config::{means, method_and_path, nearest};
use crate::diagnostic::Diagnostic;
use crate::generation::Generation;
use crate::json::Json;
use crate::source::{Place, Source, Span};
use std::collections::BTreeSet;

pub const UNKNOWN_ENDPOINT: &str = "scenario-unknown-endpoint";
pub const UNKNOWN_PARAMETER: &str = "scenario-unknown-parameter";
pub const UNKNOWN_NAME: &str = "scenario-unknown-name";
pub const TOO_LARGE: &str = "scenario-value-too-large";

/// Why a name is no endpoint's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoEndpoint {
    Unknown,
    /// The ids of those that it may mean.
    Several(Vec<String>),
}

/// The endpoint of that id, `METHOD /path` or title; a title goes by its bare name too, where that is one endpoint's alone.
pub fn endpoint(generation: &Generation, name: &str) -> Result<usize, NoEndpoint> {
    let endpoints = &generation.set.endpoints;
    let by: Vec<_> = endpoints
        .iter()
        .map(|endpoint| means(name, &endpoint.id, &endpoint.title, method_and_path(&endpoint.id)))
        .collect();
    let best = by.iter().flatten().min();
    let mut found: Vec<usize> = (0..by.len()).filter(|at| best.is_some() && by[*at].as_ref() == best).collect();
    if found.is_empty() {
        found = (0..endpoints.len()).filter(|at| bare(&endpoints[*at].title) == name.trim()).collect();
    }
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(NoEndpoint::Unknown),
        several => Err(NoEndpoint::Several(several.iter().map(|at| endpoints[*at].id.clone()).collect())),
    }
}

fn of(members: &[(String, Json)]) -> impl Iterator<Item = &Json> {
    members.iter().map(|(_, value)| value)
}

/// A title without its number before it and its remark in brackets behind it: `3. 登录(密码)` is `登录`.
fn bare(title: &str) -> &str {
    let title = title.split(['(', '（']).next().unwrap_or_default();
    title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | ')' | ' ')).trim()
}

/// Holds scenarios against the documents. `sources` are those that their places point into.
pub fn check(scenarios: &[Scenario], generation: &Generation, sources: &[Source]) -> Vec<Diagnostic> {
    let mut checker = Checker { generation, sources, found: Vec::new() };
    for scenario in scenarios {
        let mut known: BTreeSet<String> = fill::BUILT_IN.iter().map(|name| (*name).to_owned()).collect();
        known.extend(scenario.vars.iter().chain(scenario.rows.iter().flatten()).map(|(name, _)| name.clone()));
        for (_, value) in scenario.vars.iter().chain(scenario.rows.iter().flatten()) {
            checker.names(value, &known, scenario.place);
        }
        checker.sizes(scenario);
        for step in scenario.setup.iter().chain(&scenario.steps) {
            checker.step(step, &mut known);
        }
    }
    checker.found
}

struct Checker<'c> {
    generation: &'c Generation,
    sources: &'c [Source],
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Variables made of variables may not become too large.
    fn sizes(&mut self, scenario: &Scenario) {
        let mut names = fill::Names::new();
        for (name, value) in &scenario.vars {
            match fill::fill(value, &names) {
                Ok(filled) => drop(names.insert(name.clone(), filled)),
                Err(unfilled @ fill::Unfilled::TooLarge(_)) => {
                    let message = format!("{name}: {unfilled}");
                    self.found.push(Diagnostic::error(TOO_LARGE, self.narrow(scenario.place, name), message));
                    return;
                }
                // Given by the run, or told of already.
                Err(fill::Unfilled::Unknown(_)) => {}
            }
        }
    }

    fn step(&mut self, step: &Step, known: &mut BTreeSet<String>) {
        match &step.action {
            Action::Call { endpoint: name, with } => {
                match endpoint(self.generation, name) {
                    Ok(at) => self.parameters(at, with, step.place),
                    Err(why) => self.no_endpoint(name, &why, step.place),
                }
                self.all_names(of(with), known, step.place);
            }
            Action::Sms { identity, purpose } => {
                self.all_names(std::iter::once(identity).chain(purpose), known, step.place);
            }
            Action::Clock(_) => {}
            Action::Account { identity, members, .. } => {
                self.all_names(std::iter::once(identity).chain(of(members)), known, step.place);
            }
            Action::Record { id, members, .. } => self.all_names(id.iter().chain(of(members)), known, step.place),
            Action::Fault(members) => self.all_names(members.iter().flat_map(|all| of(all)), known, step.place),
        }
        for expect in &step.expect {
            match &expect.what {
                What::Success | What::Failure => {}
                What::Code(value) => self.names(value, known, expect.place),
                What::Message(test) | What::HttpStatus(test) | What::At(_, test) => match test {
                    Test::Equals(value) => self.names(value, known, expect.place),
                    Test::Matches(matchers) => {
                        let values: Vec<Json> = matchers.iter().map(Matcher::value).collect();
                        self.all_names(&values, known, expect.place);
                    }
                },
            }
        }
        known.extend(step.save.iter().map(|save| save.name.clone()));
    }

    fn no_endpoint(&mut self, name: &str, why: &NoEndpoint, within: Place) {
        let place = self.narrow(within, name);
        let diagnostic = match why {
            NoEndpoint::Several(ids) => {
                let message = format!("{} endpoints are called {name}", ids.len());
                Diagnostic::error(UNKNOWN_ENDPOINT, place, message)
                    .help(format!("say which by its id: {}", ids.join(", ")))
            }
            NoEndpoint::Unknown => {
                let endpoints = &self.generation.set.endpoints;
                let titles = endpoints.iter().map(|endpoint| endpoint.title.as_str());
                let ids = endpoints.iter().map(|endpoint| endpoint.id.as_str());
                let help = match nearest(name, titles.chain(ids)) {
                    Some(near) => format!("did you mean {near}?"),
                    None => {
                        "docsim explain lists the endpoints; one is named by its title, METHOD /path or id".to_owned()
                    }
                };
                Diagnostic::error(UNKNOWN_ENDPOINT, place, format!("the documents have no endpoint {name}")).help(help)
            }
        };
        self.found.push(diagnostic);
    }

    /// A parameter that no line documents is sent all the same, as a client may; but mostly it is a slip.
    fn parameters(&mut self, at: usize, with: &[(String, Json)], within: Place) {
        let (endpoint, behavior) = (&self.generation.set.endpoints[at], &self.generation.model.behaviors[at]);
        let tokens = &self.generation.model.tokens;
        for (name, _) in with {
            let is_token = tokens.params.iter().chain(&tokens.headers).any(|known| known.eq_ignore_ascii_case(name));
            if is_token || name == "token" || behavior.inputs.iter().any(|input| *input.name == **name) {
                continue;
            }
            let known: Vec<&str> = behavior.inputs.iter().map(|input| &*input.name).collect();
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None if known.is_empty() => "it takes none".to_owned(),
                None => format!("it takes {}", known.join(", ")),
            };
            let message = format!("{} has no parameter {name}", endpoint.title);
            let place = self.narrow(within, name);
            self.found
                .push(Diagnostic::warning(UNKNOWN_PARAMETER, place, message).help(help).at_endpoint(&endpoint.id));
        }
    }

    fn all_names<'j>(&mut self, values: impl IntoIterator<Item = &'j Json>, known: &BTreeSet<String>, within: Place) {
        for value in values {
            self.names(value, known, within);
        }
    }

    /// Every `${name}` in a value has to stand for something by then.
    fn names(&mut self, value: &Json, known: &BTreeSet<String>, within: Place) {
        for name in fill::names(value) {
            if known.contains(&name) {
                continue;
            }
            let help = match nearest(&name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean ${{{near}}}?"),
                None => "a name is given by vars, rows, or save of a step before".to_owned(),
            };
            let place = self.narrow(within, &format!("${{{name}}}"));
            let message = format!("nothing is called {name} here");
            self.found.push(Diagnostic::error(UNKNOWN_NAME, place, message).help(help));
        }
    }

    /// Where a text stands within a place; the place itself where it does not stand there as it is.
    fn narrow(&self, within: Place, text: &str) -> Place {
        let Some(source) = self.sources.get(within.file.0 as usize) else { return within };
        // Behind the first colon, since the text may be a part of the key, too.
        let slice = source.slice(within.span);
        let colon = slice.find(':').unwrap_or_default();
        let found = slice[colon..].find(text).map(|at| colon + at);
        let start = |at: usize| within.span.start as usize + at;
        found.map_or(within, |at| Place { file: within.file, span: Span::new(start(at), start(at) + text.len()) })
    }
}
