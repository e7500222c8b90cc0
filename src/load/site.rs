//! The configuration of a site that publishes the documents (`book.json`): what it says of all endpoints.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Source, Span};
use crate::spec::Settings;
use crate::syntax::json;

/// A file without `pluginsConfig.api` says nothing; one that is no JSON is a finding.
pub(super) fn settings(source: &Source, file: FileId) -> (Settings, Vec<Diagnostic>) {
    let text = source.text();
    let section = "\"pluginsConfig\"";
    let start = text.find(section);
    let span = start.map_or(Span::default(), |start| Span::new(start, start + section.len()));
    let place = Place { file, span };
    let parsed = json::parse(text);
    match parsed.values.first() {
        Some(value) => {
            let value = serde_json::Value::from(&value.to_json());
            let api = value.pointer("/pluginsConfig/api").and_then(|_| Settings::from_json(&value, place));
            (api.unwrap_or_default(), Vec::new())
        }
        None if text.trim().is_empty() => (Settings::default(), Vec::new()),
        None => {
            let found = Diagnostic::warning("site-settings", place, "this file holds no JSON, so it sets nothing");
            (Settings::default(), vec![found.help("write an object, with pluginsConfig.api in it")])
        }
    }
}
