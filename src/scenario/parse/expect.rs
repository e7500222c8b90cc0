//! What a step demands of its reply, and what it keeps of it.

use super::Reader;
use crate::config::nearest;
use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::scenario::ast::{Expect, Matcher, Path, Save, Test, What};
use crate::scenario::yaml::{Key, Node, Value};

/// What may be expected beside a `JSONPath`.
pub(in crate::scenario) const DEMANDS: [&str; 3] = ["code", "message", "http_status"];

impl Reader {
    /// `success`, `failure`, a code, or members.
    pub(super) fn expect(&mut self, node: &Node) -> Vec<Expect> {
        let place = self.place(node.span);
        match &node.value {
            Value::Scalar(Json::Null) => Vec::new(),
            Value::Scalar(value) => {
                let what = match value.scalar_text() {
                    Some("success") => What::Success,
                    Some("failure") => What::Failure,
                    _ => What::Code(value.clone()),
                };
                vec![Expect { what, place }]
            }
            Value::Map(members) => members.iter().filter_map(|(key, value)| self.demand(key, value)).collect(),
            Value::List(_) => {
                self.wrong(node, "expect takes success, failure, a code, or members such as code, $.data.token");
                Vec::new()
            }
        }
    }

    fn demand(&mut self, key: &Key, value: &Node) -> Option<Expect> {
        let place = self.place(key.span.to(value.span));
        let what = match key.text.as_str() {
            "code" => What::Code(self.scalar(value, "a code is a number or a text")?),
            "message" => What::Message(self.test(value)),
            "http_status" => What::HttpStatus(self.test(value)),
            path if path.starts_with('$') => What::At(self.path(key, path)?, self.test(value)),
            other => {
                let help = match nearest(other, DEMANDS) {
                    Some(near) => format!("did you mean {near}? A member of the reply is named by its path: $.{other}"),
                    None => format!("a member of the reply is named by its path: $.{other}"),
                };
                let place = self.place(key.span);
                let message = format!("{other:?} is nothing that can be expected");
                self.report(Diagnostic::error(super::UNKNOWN_KEY, place, message).help(help));
                return None;
            }
        };
        Some(Expect { what, place })
    }

    fn scalar(&mut self, node: &Node, otherwise: &str) -> Option<Json> {
        let value = node.scalar().map(|_| node.json());
        if value.is_none() {
            self.wrong(node, otherwise);
        }
        value
    }

    fn path(&mut self, key: &Key, text: &str) -> Option<Path> {
        match Path::parse(text) {
            Ok(path) => Some(path),
            Err(error) => {
                let reason = error.lines().last().unwrap_or_default().trim().trim_start_matches("= ").to_owned();
                let place = self.place(key.span);
                let message = format!("{text} is no JSONPath: {reason}");
                let help = "a path is like $.data.token, $.data.list[0].id or $['name']";
                self.report(Diagnostic::error(super::VALUE, place, message).help(help));
                None
            }
        }
    }

    /// A value, or a map all of whose keys are matchers.
    fn test(&mut self, node: &Node) -> Test {
        let Value::Map(members) = &node.value else { return Test::Equals(node.json()) };
        let is_matcher = |key: &Key| Matcher::NAMES.contains(&key.text.as_str());
        if members.is_empty() || !members.iter().any(|(key, _)| is_matcher(key)) {
            return Test::Equals(node.json());
        }
        self.known(members, &Matcher::NAMES, "a comparison");
        Test::Matches(members.iter().filter_map(|(key, value)| self.matcher(key, value)).collect())
    }

    fn matcher(&mut self, key: &Key, node: &Node) -> Option<Matcher> {
        let value = node.json();
        Some(match key.text.as_str() {
            "exists" => match value {
                Json::Bool(exists) => Matcher::Exists(exists),
                _ => {
                    self.wrong(node, "exists is true or false");
                    return None;
                }
            },
            "type" => {
                let name = node.scalar().unwrap_or_default();
                if !Matcher::TYPES.contains(&name) {
                    self.wrong(node, format!("a type is one of {}", Matcher::TYPES.join(", ")));
                    return None;
                }
                Matcher::Type(name.to_owned())
            }
            "one_of" => match value {
                Json::Array(values) => Matcher::OneOf(values),
                _ => {
                    self.wrong(node, "one_of takes a list");
                    return None;
                }
            },
            "equals" => Matcher::Equals(value),
            "not" => Matcher::Not(value),
            "contains" => Matcher::Contains(value),
            "contains_once" => Matcher::ContainsOnce(value),
            "lacks" => Matcher::Lacks(value),
            "more_than" => Matcher::MoreThan(value),
            "less_than" => Matcher::LessThan(value),
            "at_least" => Matcher::AtLeast(value),
            "at_most" => Matcher::AtMost(value),
            "length" => Matcher::Length(value),
            _ => return None,
        })
    }

    /// A name, or names with paths.
    pub(super) fn save(&mut self, node: &Node) -> Vec<Save> {
        if let Some(name) = node.scalar() {
            return vec![Save { name: name.to_owned(), path: None, place: self.place(node.span) }];
        }
        let Some(members) = self.map(node, "save takes a name, or names with paths such as { token: $.data.token }")
        else {
            return Vec::new();
        };
        let mut saves = Vec::new();
        for (key, value) in members {
            let path_key = Key { text: value.scalar().unwrap_or_default().to_owned(), span: value.span };
            if let Some(path) = self.path(&path_key, &path_key.text) {
                saves.push(Save { name: key.text.clone(), path: Some(path), place: self.place(key.span) });
            }
        }
        saves
    }
}
