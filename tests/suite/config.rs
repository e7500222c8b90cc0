//! What is said of a `docsim.toml`, one situation a file.

use docsim::config;
use docsim::diagnostic::human;
use docsim::source::{FileId, Source};
use std::path::Path;

const OTHER_RULES: &[&str] = &["json-comment", "json-smart-quote", "json-trailing-comma"];

#[test]
fn config() {
    insta::glob!("../cases", "config/*.toml", |path| insta::assert_snapshot!(read(path)));
}

/// Every finding drawn alone: together, those of one rule would be counted after the third.
fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a case can be read");
    let source = Source::new("docsim.toml", text);
    let (_, found) = config::read(&source, FileId(0), OTHER_RULES);
    let sources = [source];
    let drawn: String = found.into_iter().map(|found| human::draw(&[found], &sources, false)).collect();
    if drawn.is_empty() { "nothing to report\n".to_owned() } else { drawn }
}
