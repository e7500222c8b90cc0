//! The form of a reply beside the form of an example: types, members that are missing, members too many.

use super::words::{cut, told};
use super::{Finding, Kind, path};
use crate::json::{Json, Step};
use crate::lexicon::Lexicon;
use crate::scenario::ast::Basis;
use crate::spec::{Example, SectionKind};
use std::sync::Arc;

struct Comparison<'e> {
    example: &'e Example,
    lexicon: &'e Lexicon,
    kind: SectionKind,
    /// The envelope's member that carries the data.
    data: Option<&'e str>,
    /// Members that show nobody until somebody has taken the record.
    nobody: &'e [Arc<str>],
    found: Vec<Finding>,
}

pub(super) fn differences(
    example: &Example,
    body: &Json,
    kind: SectionKind,
    data: Option<&str>,
    nobody: &[Arc<str>],
    lexicon: &Lexicon,
) -> Vec<Finding> {
    let mut comparison = Comparison { example, lexicon, kind, data, nobody, found: Vec::new() };
    comparison.compare(&[&example.value], body, &mut Vec::new());
    comparison.found
}

impl Comparison<'_> {
    /// `shown` are all examples of this value: of a list's item there may be several.
    fn compare(&mut self, shown: &[&Json], got: &Json, at: &mut Vec<Step>) {
        let Some(first) = shown.first() else { return };
        if shown.iter().any(|shown| kind_of(shown) == kind_of(got)) {
            match got {
                Json::Object(members) => self.members(shown, members, at),
                Json::Array(items) => {
                    let all: Vec<&Json> = shown.iter().filter_map(|shown| shown.as_array()).flatten().collect();
                    for (index, item) in items.iter().enumerate().take(50) {
                        at.push(Step::Index(index));
                        self.compare(&all, item, at);
                        at.pop();
                    }
                }
                _ => {}
            }
            return;
        }
        // A list is no text, be it as empty as it may; otherwise nothing may stand for anything.
        let is_other_kind = matches!(first, Json::String(_) | Json::Number(_) | Json::Bool(_))
            && matches!(got, Json::Array(_) | Json::Object(_));
        if is_nothing(got) && !is_other_kind {
            // The data of a success has members that are counted on; all else may be empty.
            let is_data = matches!(at.as_slice(), [Step::Key(key)] if Some(&**key) == self.data);
            let has_members = first.as_object().is_some_and(|members| !members.is_empty());
            if is_data && has_members && self.kind == SectionKind::Success {
                self.add(Kind::Missing, Basis::Stated, at, told(first, false), &got.to_string());
            } else if is_data && matches!((first, got), (Json::String(_), Json::Null)) {
                // An empty text is shown where there is nothing to say.
                self.add(Kind::Type, Basis::Inferred, at, told(first, false), "null");
            } else if self.kind == SectionKind::Success && matches!(got, Json::Null) && self.is_told_empty(at) {
                self.add(Kind::Type, Basis::Stated, at, "an empty string where there is nothing".to_owned(), "null");
            } else if self.kind == SectionKind::Success && matches!(got, Json::Null) && is_shown_empty(shown) {
                // So that is how nothing looks.
                self.add(Kind::Type, Basis::Inferred, at, "an empty string, as the example has it".to_owned(), "null");
            } else if matches!((first, got), (Json::String(_), Json::Null)) && self.kind == SectionKind::Success {
                // Many servers have nothing so; who reads a text may not expect it.
                self.add(Kind::Type, Basis::Convention, at, told(first, false), "null");
            } else if matches!(got, Json::Null)
                && self.kind == SectionKind::Success
                && !is_nothing(first)
                && !first.is_scalar()
                && !matches!(at.last(), Some(Step::Key(key)) if self.nobody.contains(key))
            {
                // Who goes through a list, or into an object, does not expect that there is none.
                self.add(Kind::Type, Basis::Inferred, at, told(first, false), "null");
            }
            return;
        }
        // What the examples leave empty could be anything but for texts, whose emptiness has a form.
        if matches!(first, Json::Null) || (is_nothing(first) && !matches!(first, Json::String(_))) {
            return;
        }
        self.add(Kind::Type, Basis::Stated, at, told(first, false), &told(got, true));
    }

    fn members(&mut self, shown: &[&Json], got: &[(std::sync::Arc<str>, Json)], at: &mut Vec<Step>) {
        let shown: Vec<&[(std::sync::Arc<str>, Json)]> = shown.iter().filter_map(|shown| shown.as_object()).collect();
        if shown.iter().all(|members| members.is_empty()) {
            return; // `{}` shows no members, so it forbids none
        }
        // Members called by ids or days are like items.
        let is_keyed = shown.iter().all(|members| members.iter().all(|(key, _)| is_id(key)));
        if is_keyed {
            let all: Vec<&Json> = shown.iter().flat_map(|members| members.iter().map(|(_, value)| value)).collect();
            for (index, (_, value)) in got.iter().enumerate().take(50) {
                at.push(Step::Index(index));
                self.compare(&all, value, at);
                at.pop();
            }
            return;
        }
        let Some(always) = shown.first() else { return };
        let is_missing = |key: &std::sync::Arc<str>| {
            let in_all = shown.iter().all(|members| members.iter().any(|(known, _)| known == key));
            in_all && !got.iter().any(|(known, _)| known == key)
        };
        let missing: Vec<&str> =
            always.iter().map(|(key, _)| key).filter(|key| is_missing(key)).map(|key| &**key).collect();
        if let Some((deeper, _)) = nested(&shown, got, &missing) {
            let expected = format!("{} here", missing.join(", "));
            self.add(Kind::Missing, Basis::Stated, at, expected, &format!("one level deeper, in {deeper}"));
            return;
        }
        for (key, value) in *always {
            if missing.contains(&&**key) {
                at.push(Step::Key(key.clone()));
                self.add(Kind::Missing, Basis::Stated, at, told(value, false), "nothing");
                at.pop();
            }
        }
        for (key, value) in got {
            at.push(Step::Key(key.clone()));
            let all: Vec<&Json> = shown
                .iter()
                .filter_map(|members| members.iter().find(|(known, _)| known == key).map(|(_, value)| value))
                .collect();
            if all.is_empty() {
                // Who reads a reply passes over what it does not know.
                self.add(Kind::Extra, Basis::Convention, at, "nothing".to_owned(), &told(value, true));
            } else {
                self.compare(&all, value, at);
            }
            at.pop();
        }
    }

    /// Whether the example's comment says that an empty text stands where there is nothing.
    fn is_told_empty(&self, at: &[Step]) -> bool {
        let text = path(at);
        let mut own = self.example.comments.iter().filter(|note| path(&note.path) == text);
        own.any(|note| self.lexicon.speaks_of("empty-text", &note.text) && !note.text.contains("null"))
    }

    fn add(&mut self, kind: Kind, basis: Basis, at: &[Step], expected: String, got: &str) {
        let place = self.example.place_of(at);
        let finding = Finding { kind, basis, place, at: path(at), expected, got: cut(got) };
        let is_new = !self.found.iter().any(|known| known.kind == kind && known.at == finding.at);
        if is_new {
            self.found.push(finding);
        }
    }
}

/// A member that no example has, in which stands all that is missing.
fn nested<'g>(
    shown: &[&[(std::sync::Arc<str>, Json)]],
    got: &'g [(std::sync::Arc<str>, Json)],
    missing: &[&str],
) -> Option<&'g (std::sync::Arc<str>, Json)> {
    let is_extra = |key: &str| !shown.iter().any(|members| members.iter().any(|(known, _)| **known == *key));
    let mut extra = got.iter().filter(|(key, value)| {
        is_extra(key) && !missing.is_empty() && missing.iter().all(|missing| value.get(missing).is_some())
    });
    extra.next()
}

fn kind_of(value: &Json) -> u8 {
    match value {
        Json::Null => 0,
        Json::Bool(_) => 1,
        Json::Number(_) => 2,
        Json::String(_) => 3,
        Json::Array(_) => 4,
        Json::Object(_) => 5,
    }
}

/// Whether examples show a text that is empty, and none shows anything but a text.
fn is_shown_empty(shown: &[&Json]) -> bool {
    let mut texts = shown.iter().map(|value| value.as_str());
    texts.clone().all(|text| text.is_some()) && texts.any(|text| text.is_some_and(str::is_empty))
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn is_id(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    digits > 0 && key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
