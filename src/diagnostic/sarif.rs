//! Findings as SARIF 2.1.0, for code hosts and editors that show them beside the lines: `docsim check --format sarif`.

use super::{Diagnostic, Severity};
use crate::source::{Place, Source};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

/// What a consumer is told of a rule: its name, and what its findings say in one line.
pub type About<'r> = (&'r str, &'r str);

/// A log of one run. Columns count UTF-16 units, as consumers take them that do not look; the end is exclusive.
pub fn document(diagnostics: &[Diagnostic], sources: &[Source], rules: &[About<'_>]) -> Value {
    let mut listed: Vec<About<'_>> = Vec::new();
    for found in diagnostics {
        if !listed.iter().any(|(name, _)| *name == found.rule) {
            listed.push(*rules.iter().find(|(name, _)| *name == found.rule).unwrap_or(&(found.rule, "")));
        }
    }
    let results: Vec<Value> = diagnostics.iter().map(|found| result(found, sources, &listed)).collect();
    let rules: Vec<Value> = listed.iter().map(rule).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "docsim", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn rule((name, about): &About<'_>) -> Value {
    match *about {
        "" => json!({ "id": name }),
        about => json!({ "id": name, "shortDescription": { "text": about } }),
    }
}

fn result(found: &Diagnostic, sources: &[Source], rules: &[About<'_>]) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let help = if found.help.is_empty() { String::new() } else { format!("\n{}", found.help) };
    let mut result = json!({
        "ruleId": found.rule,
        "ruleIndex": rules.iter().position(|(name, _)| *name == found.rule),
        "level": level,
        "message": { "text": format!("{}{help}", found.message) },
    });
    let location = physical(found.place, sources).map(|place| {
        let mut location = json!({ "physicalLocation": place });
        if let Some(endpoint) = &found.endpoint {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": endpoint }]);
        }
        location
    });
    result["locations"] = location.into_iter().collect();
    let related = found.related.iter().enumerate().filter_map(|(at, (place, words))| {
        let place = physical(*place, sources)?;
        Some(json!({ "id": at + 1, "message": { "text": words }, "physicalLocation": place }))
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

fn physical(place: Place, sources: &[Source]) -> Option<Value> {
    let source = sources.get(place.file.0 as usize)?;
    let (start, end) = (place.span.start, place.span.end);
    Some(json!({
        "artifactLocation": { "uri": uri(source.name()) },
        "region": {
            "startLine": source.locate(start).line,
            "startColumn": column(source, start),
            "endLine": source.locate(end).line,
            "endColumn": column(source, end),
        },
    }))
}

/// From 1.
fn column(source: &Source, offset: u32) -> usize {
    let before = source.text().get(..offset as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    before[line..].encode_utf16().count() + 1
}

/// Relative to where docsim runs, as the paths are.
fn uri(path: &str) -> String {
    const ESCAPED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let escaped = utf8_percent_encode(path.strip_prefix("./").unwrap_or(&path), ESCAPED).to_string();
    if escaped.starts_with('/') {
        return format!("file://{escaped}");
    }
    // A colon in the first part would make it a scheme.
    let (first, rest) = escaped.split_at(escaped.find('/').unwrap_or(escaped.len()));
    format!("{}{rest}", first.replace(':', "%3A"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn places_are_what_consumers_count() {
        let source = Source::new("文档/a b#1.md", "手机\n𝒳𝒴 x\n");
        let at = source.text().find(" x").unwrap() + 1;
        let place = |start, end| Place { file: FileId(0), span: Span::new(start, end) };
        let found = Diagnostic::info("odd", place(at, at + 1), "what").help("do").related(place(0, 3), "first");
        let log = document(&[found], &[source], &[("odd", "is odd"), ("other", "")]);
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"], json!([{ "id": "odd", "shortDescription": { "text": "is odd" } }]));
        let result = &run["results"][0];
        assert_eq!((&result["level"], &result["message"]["text"]), (&json!("note"), &json!("what\ndo")));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "%E6%96%87%E6%A1%A3/a%20b%231.md");
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 7 }));
        assert_eq!(result["relatedLocations"][0]["physicalLocation"]["region"]["endColumn"], 2);
    }

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("./api-docs/a.md"), "api-docs/a.md");
        assert_eq!(uri("/a/b:c.md"), "file:///a/b:c.md");
        assert_eq!(uri("a:b/c:d.md"), "a%3Ab/c:d.md");
        assert_eq!(uri("100%.md"), "100%25.md");
    }
}
