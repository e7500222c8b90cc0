//! `check --format sarif`: accepted by the schema of the standard (OASIS, SARIF 2.1.0), and pointing at what it means.

use crate::talk::{case, read};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn check(paths: &[PathBuf]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docsim"));
    let output = command.args(["check", "--format", "sarif"]).args(paths).output().expect("the binary runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn schema() -> jsonschema::Validator {
    let text = read(case("sarif/sarif-schema-2.1.0.json"));
    // The one change: a bracket that closes nothing, which only JavaScript takes for a letter.
    let text = text.replace("-[a-zA-Z]{2}]?$", r"-[a-zA-Z]{2}\\]?$");
    jsonschema::validator_for(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    all.sort();
    all
}

#[test]
fn every_log_is_accepted_by_the_schema() {
    let schema = schema();
    let folder = tempfile::tempdir().expect("a folder");
    let clean = folder.path().join("clean.md");
    std::fs::write(&clean, "## A\n+++\nget:/a\n<<<\nsuccess\n{\"code\":1,\"msg\":\"ok\"}\n+++\n").expect("a file");
    let binary = folder.path().join("binary.md");
    std::fs::write(&binary, [0; 100]).expect("a file");
    let sets =
        [vec![clean], vec![folder.path().to_owned()], vec![case("corpus")], vec![case("applications/yoga-booking")]];
    let mut results = 0;
    for set in sets.into_iter().chain([below(&case("lint"))]) {
        let log = check(&set);
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, [""; 0], "{set:?}");
        results += log["runs"][0]["results"].as_array().expect("results").len();
    }
    assert!(results > 150, "{results}");
}

/// The schema refuses what is not SARIF; else the test above would say nothing.
#[test]
fn the_schema_refuses_what_is_wrong() {
    let schema = schema();
    let mut log = check(&[case("corpus")]);
    assert!(schema.is_valid(&log));
    log["runs"][0]["results"][0]["level"] = "info".into();
    assert!(!schema.is_valid(&log));
}

#[test]
fn a_result_points_at_the_marked_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "## 登录\n+++\npost:/login\n*phone=手机号 #\n<<<\nsuccess\n{\"a\":\"😀\", “code”:1}\n+++\n";
    let path = folder.path().join("登 录.md");
    std::fs::write(&path, text).expect("a file");
    let log = check(&[path]);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let quote = results.iter().find(|result| result["ruleId"] == "json-smart-quote").expect("a curly quote");
    let place = &quote["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().expect("a URI").ends_with("/%E7%99%BB%20%E5%BD%95.md"));
    let number = |name: &str| usize::try_from(place["region"][name].as_u64().expect("a number")).expect("small");
    let line: Vec<u16> = text.lines().nth(number("startLine") - 1).expect("a line").encode_utf16().collect();
    let marked = String::from_utf16(&line[number("startColumn") - 1..number("endColumn") - 1]).expect("text");
    assert!(marked.starts_with('“') || marked.starts_with('”'), "{marked}");
}
