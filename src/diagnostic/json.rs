//! Findings as JSON, for editors and scripts: the shape of `docsim check --format json` and of `GET diagnostics`.

use super::Diagnostic;
use crate::source::{Place, Source};
use serde_json::{Value, json};

/// `{"diagnostics": […], "endpoints": N}`. Lines and columns count from 1, columns in characters; the end is exclusive.
pub fn document(diagnostics: &[Diagnostic], sources: &[Source], endpoints: usize) -> Value {
    let all: Vec<Value> = diagnostics.iter().map(|found| one(found, sources)).collect();
    json!({ "diagnostics": all, "endpoints": endpoints })
}

fn one(found: &Diagnostic, sources: &[Source]) -> Value {
    let mut value = json!({
        "rule": found.rule,
        "severity": found.severity.name(),
        "message": found.message,
        "help": found.help,
    });
    let related: Vec<Value> = found
        .related
        .iter()
        .map(|(place, words)| {
            let mut related = json!({ "message": words });
            locate(&mut related, *place, sources);
            related
        })
        .collect();
    locate(&mut value, found.place, sources);
    value["endpoint"] = json!(found.endpoint);
    value["related"] = Value::Array(related);
    value
}

/// Adds `file`, `line`, `column`, `end_line`, `end_column`; null where the file is unknown.
fn locate(value: &mut Value, place: Place, sources: &[Source]) {
    let source = sources.get(place.file.0 as usize);
    let start = source.map(|source| source.locate(place.span.start));
    let end = source.map(|source| source.locate(place.span.end));
    value["file"] = json!(source.map(Source::name));
    value["line"] = json!(start.map(|at| at.line));
    value["column"] = json!(start.map(|at| at.column));
    value["end_line"] = json!(end.map(|at| at.line));
    value["end_column"] = json!(end.map(|at| at.column));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn the_shape_is_that_of_the_interface() {
        let source = Source::new("user.md", "手机号\n验证码\n");
        let place = |start, end| Place { file: FileId(0), span: Span::new(start, end) };
        let found = Diagnostic::warning("odd-thing", place(3, 13), "what")
            .help("do")
            .at_endpoint("GET /a")
            .related(place(0, 3), "first");
        assert_eq!(
            document(&[found], &[source], 2),
            json!({
                "diagnostics": [{
                    "rule": "odd-thing", "severity": "warning", "message": "what", "help": "do",
                    "file": "user.md", "line": 1, "column": 2, "end_line": 2, "end_column": 2, "endpoint": "GET /a",
                    "related": [{
                        "message": "first", "file": "user.md", "line": 1, "column": 1, "end_line": 1, "end_column": 2,
                    }],
                }],
                "endpoints": 2,
            })
        );
    }
}
