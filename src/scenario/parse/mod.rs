//! From the text of a scenario file to scenarios, and what is wrong with it.
//!
//! In: a source. Out: the scenarios that could be read, the files that it includes, and diagnostics, each with the nearest
//! valid name. Knows no endpoint: `link` holds scenarios against documents.

mod expect;
mod step;

pub(super) use expect::DEMANDS;
pub(super) use step::{ACTIONS, BESIDE};

use super::ast::Scenario;
use super::yaml::{self, Key, Node, Value};
use crate::config::nearest;
use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::source::{FileId, Place, Source, Span};

pub const SYNTAX: &str = "scenario-syntax";
pub const UNKNOWN_KEY: &str = "scenario-unknown-key";
pub const VALUE: &str = "scenario-value";

/// What one file holds.
#[derive(Debug, Default)]
pub struct File {
    pub scenarios: Vec<Scenario>,
    /// Paths as written, with their places.
    pub includes: Vec<(String, Place)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The keys of a scenario.
pub const KEYS: [&str; 7] = ["name", "tags", "vars", "rows", "setup", "steps", "include"];

pub fn parse(source: &Source, file: FileId) -> File {
    let mut reader = Reader { file, out: File::default() };
    match yaml::read(source) {
        Ok(documents) => {
            for document in &documents {
                reader.document(document, source);
            }
        }
        Err(broken) => {
            let place = reader.place(broken.span);
            reader.report(Diagnostic::error(SYNTAX, place, format!("this is no YAML: {}", broken.message)));
        }
    }
    reader.out
}

struct Reader {
    file: FileId,
    out: File,
}

type Members<'n> = &'n [(Key, Node)];

impl Reader {
    fn document(&mut self, node: &Node, source: &Source) {
        let Some(members) = self.map(node, "a scenario has members: name, steps, …") else { return };
        self.known(members, &KEYS, "a scenario");
        let mut scenario = Scenario { place: self.place(node.span), ..Scenario::default() };
        let mut has_steps = false;
        for (key, value) in members {
            match key.text.as_str() {
                "name" => scenario.name = self.text(value, "the name is a text").unwrap_or_default(),
                "tags" => scenario.tags = self.texts(value, "tags are texts"),
                "vars" => scenario.vars = self.values(value, "vars are names with values"),
                "rows" => {
                    let rows = self.list(value, "rows are a list, each with names and values");
                    scenario.rows = rows.iter().map(|row| self.values(row, "a row has names with values")).collect();
                }
                "setup" => scenario.setup = self.steps(value),
                "steps" => {
                    has_steps = true;
                    scenario.steps = self.steps(value);
                }
                "include" => {
                    let paths = if let Value::List(items) = &value.value {
                        items.as_slice()
                    } else {
                        std::slice::from_ref(value)
                    };
                    for path in paths {
                        if let Some(text) = self.text(path, "a file to include is named by its path") {
                            let place = self.place(path.span);
                            self.out.includes.push((text, place));
                        }
                    }
                }
                _ => {}
            }
        }
        let only_includes = members.iter().all(|(key, _)| key.text == "include");
        if only_includes && !members.is_empty() {
            return;
        }
        if scenario.name.is_empty() {
            let place = members.first().map_or(node.span, |(key, _)| key.span);
            scenario.name = format!("{}:{}", source.name(), source.line(place.start));
            let missing = Diagnostic::error(VALUE, self.place(place), "this scenario has no name");
            self.report(missing.help("write name: what it shows"));
        }
        if !has_steps {
            let place = members.first().map_or(node.span, |(key, _)| key.span);
            let missing = Diagnostic::error(VALUE, self.place(place), "this scenario has no steps");
            self.report(missing.help("write steps: and below it a list, such as - call: …"));
        }
        self.out.scenarios.push(scenario);
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, node: &Node, message: impl Into<String>) {
        let place = self.place(node.span);
        self.report(Diagnostic::error(VALUE, place, message));
    }

    fn map<'n>(&mut self, node: &'n Node, otherwise: &str) -> Option<Members<'n>> {
        if let Value::Map(members) = &node.value {
            return Some(members);
        }
        self.wrong(node, otherwise);
        None
    }

    fn list<'n>(&mut self, node: &'n Node, otherwise: &str) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            Value::Scalar(Json::Null) => &[],
            _ => {
                self.wrong(node, otherwise);
                &[]
            }
        }
    }

    fn text(&mut self, node: &Node, otherwise: &str) -> Option<String> {
        let text = node.scalar().map(str::to_owned);
        if text.is_none() {
            self.wrong(node, otherwise);
        }
        text
    }

    fn texts(&mut self, node: &Node, otherwise: &str) -> Vec<String> {
        let items = if let Value::List(items) = &node.value { items.as_slice() } else { std::slice::from_ref(node) };
        items.iter().filter_map(|item| self.text(item, otherwise)).collect()
    }

    fn values(&mut self, node: &Node, otherwise: &str) -> Vec<(String, Json)> {
        if matches!(node.value, Value::Scalar(Json::Null)) {
            return Vec::new();
        }
        let members = self.map(node, otherwise).unwrap_or_default();
        members.iter().map(|(key, value)| (key.text.clone(), value.json())).collect()
    }

    /// Reports each key that is not one of those.
    fn known(&mut self, members: Members<'_>, known: &[&str], of: &str) {
        for (key, _) in members.iter().filter(|(key, _)| !known.contains(&key.text.as_str())) {
            let message = format!("{of} has no {:?}", key.text);
            let help = match nearest(&key.text, known.iter().copied()) {
                Some(near) => format!("did you mean {near}? It has {}", known.join(", ")),
                None => format!("it has {}", known.join(", ")),
            };
            let place = self.place(key.span);
            self.report(Diagnostic::error(UNKNOWN_KEY, place, message).help(help));
        }
    }
}
