//! What is said of a `docsim.toml`, one situation a file.

use docsim::config;
use docsim::source::{FileId, Source};
use std::fmt::Write as _;
use std::path::Path;

const OTHER_RULES: &[&str] = &["json-comment", "json-smart-quote", "json-trailing-comma"];

#[test]
fn config() {
    insta::glob!("../cases", "config/*.toml", |path| insta::assert_snapshot!(read(path)));
}

/// Every finding with the text that it marks.
fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a case can be read");
    let source = Source::new("docsim.toml", text);
    let (_, found) = config::read(&source, FileId(0), OTHER_RULES);
    let mut out = String::new();
    for found in found {
        let at = source.locate(found.place.span.start);
        let marked = source.slice(found.place.span);
        let _ = writeln!(out, "{at} {}[{}] {}", found.severity, found.rule, found.message);
        let _ = writeln!(out, "    marks {marked:?}");
        let _ = writeln!(out, "    help: {}", found.help);
        for (place, words) in found.related {
            let _ = writeln!(out, "    {}: {words}", source.locate(place.span.start));
        }
    }
    if out.is_empty() { "nothing to report\n".to_owned() } else { out }
}
