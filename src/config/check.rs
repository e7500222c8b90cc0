//! Holds a file against its shape: what fits is kept with its place, what does not becomes a finding and costs only
//! its own key.

use super::clean::{Entry, Node, Table, Value};
use super::hint::{self, shown};
use super::keys::ROOT;
use super::nearest::very_near;
use super::scalar::{self, Misfit};
use super::shape::{Key, Names, Other, Shape, TableShape};
use super::vocabulary::Vocabulary;
use super::{Config, fill, not_here};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Source, Span};
use std::collections::HashMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Syntax errors after a first one are often its consequences.
const SYNTAX_ERRORS: usize = 10;

/// Reads `docsim.toml`. Never fails: a file that is not TOML gives the defaults, a key that is wrong costs only that
/// key, and the findings say so, in the order of the file. `rules` are the names of all other rules that there are.
pub fn read(source: &Source, file: FileId, rules: &[&str]) -> (Config, Vec<Diagnostic>) {
    let mut reader = Reader { text: source.text(), file, rules, found: Vec::new() };
    let (root, errors) = DeTable::parse_recoverable(source.text());
    if !errors.is_empty() {
        reader.syntax(&errors);
        return (Config::default(), reader.found);
    }
    let root = reader.table(&ROOT, root.get_ref(), Place { file, span: Span::default() }).unwrap_or_default();
    reader.found.sort_by_key(|found| found.place);
    (fill::config(root), reader.found)
}

struct Reader<'s> {
    text: &'s str,
    file: FileId,
    rules: &'s [&'s str],
    found: Vec<Diagnostic>,
}

/// The key whose value is looked at, for what is said of it.
#[derive(Clone, Copy)]
struct About<'k> {
    name: &'k str,
    sample: &'static str,
    /// It is an item of the key's list.
    item: bool,
}

impl Reader<'_> {
    fn syntax(&mut self, errors: &[toml::de::Error]) {
        let mut errors: Vec<(Place, &str)> =
            errors.iter().map(|error| (self.place(error.span().unwrap_or_default()), error.message())).collect();
        errors.sort_by_key(|(place, _)| *place);
        let mut last = None;
        for (place, message) in errors {
            let start = place.span.start as usize;
            let between = last.replace(start).and_then(|last| self.text.get(last..start));
            if between.is_some_and(|between| !between.contains('\n')) {
                continue;
            }
            let help = hint::for_syntax(self.text.get(place.span.range()).unwrap_or_default());
            let finding = Diagnostic::error(super::SYNTAX, place, format!("this is not TOML: {message}")).help(help);
            self.found.push(finding);
            if self.found.len() == SYNTAX_ERRORS {
                break;
            }
        }
    }

    /// None if a required key is missing or wrong.
    fn table(&mut self, shape: &'static TableShape, table: &DeTable<'_>, place: Place) -> Option<Table> {
        let mut whole = true;
        let mut clean = Table::default();
        for (name, value) in table {
            let name_place = self.place(name.span());
            let name = name.get_ref().as_ref();
            let node = match (shape.keys.iter().find(|key| key.name == name), &shape.other) {
                (Some(key), _) => {
                    let node = self.value(About { name, sample: key.sample, item: false }, &key.shape, value);
                    whole &= node.is_some() || !key.required;
                    node
                }
                (None, Some(other)) => self.other(other, name, name_place, value),
                (None, None) => {
                    self.unknown(shape.keys, name, name_place);
                    None
                }
            };
            clean.entries.extend(node.map(|node| Entry { name: name.to_owned(), name_place, node }));
        }
        clean.entries.sort_by_key(|entry| entry.name_place);
        for key in shape.keys.iter().filter(|key| key.required && !table.contains_key(key.name)) {
            whole = false;
            let finding = Diagnostic::error("config-bad-value", place, format!("`{}` is missing here", key.name))
                .help(format!("write for instance `{}`", key.sample));
            self.found.push(finding);
        }
        whole.then_some(clean)
    }

    /// A key that the user names.
    fn other(&mut self, other: &'static Other, name: &str, place: Place, value: &Spanned<DeValue<'_>>) -> Option<Node> {
        let misfit = match &other.names {
            Names::Of(form) if (form.holds)(name) => None,
            Names::Of(form) => Some((
                format!("{} cannot stand here as a name", shown(name)),
                format!("write {}, for instance `{}`", form.noun, other.sample),
            )),
            Names::Known(words) => (!words.has(name, self.rules)).then(|| self.no_such(*words, name)),
        };
        if let Some((message, help)) = misfit {
            self.found.push(Diagnostic::error("config-bad-value", place, message).help(help));
            return None;
        }
        self.value(About { name, sample: other.sample, item: false }, other.shape, value)
    }

    fn unknown(&mut self, keys: &'static [Key], name: &str, place: Place) {
        let name_shown = shown(name);
        if let Some(instead) = not_here::instead(name) {
            let message = format!("{name_shown} cannot be set by a file");
            self.found.push(Diagnostic::error("config-not-here", place, message).help(instead));
            return;
        }
        let names = || keys.iter().map(|key| key.name);
        let elsewhere = || hint::elsewhere(name).filter(|_| very_near(name, names()).is_none());
        let help = elsewhere().unwrap_or_else(|| hint::meant(name, names, "the keys here are"));
        let finding = Diagnostic::warning("config-unknown-key", place, format!("{name_shown} means nothing here"));
        self.found.push(finding.help(help));
    }

    /// None if the value is not kept; what is odd about it is said then.
    fn value(&mut self, about: About<'_>, shape: &'static Shape, value: &Spanned<DeValue<'_>>) -> Option<Node> {
        let place = self.place(value.span());
        let fitted = match (shape, value.get_ref()) {
            (Shape::Either { list, .. }, DeValue::Array(_)) => return self.value(about, list, value),
            (Shape::Either { other, .. }, DeValue::Integer(_)) => return self.value(about, other, value),
            (Shape::Table(keys), DeValue::Table(table)) => {
                return self.table(keys, table, place).map(|table| Node { value: Value::Table(table), place });
            }
            (Shape::List { items, unique }, DeValue::Array(list)) => {
                let about = About { item: true, ..about };
                let items = list.iter().filter_map(|item| self.value(about, items, item)).collect();
                Ok(Value::List(match unique {
                    Some(key) => self.once(key, items),
                    None => items,
                }))
            }
            (Shape::Word(words), DeValue::String(word)) if !words.has(word, self.rules) => {
                let (message, help) = self.no_such(*words, word);
                Err(Misfit::Value(message, help))
            }
            (shape, value) => scalar::read(shape, value),
        };
        let (rule, message, help) = match fitted {
            Ok(value) => return Some(Node { value, place }),
            Err(Misfit::Type) => {
                let item = if about.item { "an item of " } else { "" };
                let message = format!("{item}{} is {}", shown(about.name), scalar::kind(value.get_ref()));
                ("config-wrong-type", message, instead_of(about, shape))
            }
            Err(Misfit::Unwanted) => {
                let text = self.text.get(place.span.range()).unwrap_or_default();
                let message = format!("{} is not {}", shown(text), shape.wanted());
                ("config-bad-value", message, format!("write for instance `{}`", about.sample))
            }
            Err(Misfit::Value(message, help)) => ("config-bad-value", message, help),
        };
        self.found.push(Diagnostic::error(rule, place, message).help(help));
        None
    }

    /// The first of those items that have the same text under a key.
    fn once(&mut self, key: &str, items: Vec<Node>) -> Vec<Node> {
        let mut seen: HashMap<String, Place> = HashMap::new();
        let mut kept = Vec::new();
        for item in items {
            let text =
                item.entry(key).and_then(|entry| entry.node.as_text().map(|text| (text.to_owned(), entry.place())));
            let Some((text, place)) = text else { continue };
            if let Some(first) = seen.get(&text) {
                let finding =
                    Diagnostic::error("config-bad-value", place, format!("{} stands here twice", shown(&text)))
                        .help("remove one of the two; the first one holds")
                        .related(*first, "first here");
                self.found.push(finding);
                continue;
            }
            seen.insert(text, place);
            kept.push(item);
        }
        kept
    }

    /// What is said of a name that a vocabulary lacks: message and help.
    fn no_such(&self, words: Vocabulary, name: &str) -> (String, String) {
        let known = words.words(self.rules);
        let names = || known.iter().map(|(name, _)| name.as_str());
        (format!("{} is not the name of {}", shown(name), words.noun()), hint::meant(name, names, "the names are"))
    }

    /// The parser's positions are trusted no further than that they are numbers.
    fn place(&self, range: Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.floor_char_boundary(range.end).max(start);
        Place { file: self.file, span: Span::new(start, end) }
    }
}

fn instead_of(about: About<'_>, shape: &Shape) -> String {
    format!("write {}, for instance `{}`", shape.wanted(), about.sample)
}
