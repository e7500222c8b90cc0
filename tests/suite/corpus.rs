//! Twenty documents in other hands' styles: what is read from them is what a good reader finds (`cases/corpus`, with its
//! `CONVENTIONS.txt`). Their bodies are compared in `json.rs` as well, one stage earlier.

use crate::talk::{Answer, Ask, Talk, case, generation, read};
use docsim::lexicon::{Lexicon, Operation};
use docsim::source::Source;
use docsim::spec::{self, DocSet, Endpoint, Example, In, Param, SectionKind, Settings};
use serde_json::{Value, json};
use std::sync::Arc;

fn documents() -> Vec<(String, DocSet, Value)> {
    let folder = std::fs::read_dir(case("corpus")).expect("the corpus");
    let mut paths: Vec<_> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    assert_eq!(paths.len(), 20);
    let lexicon = Lexicon::standard();
    let document = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let set = spec::lower(vec![Source::new(&*name, read(&path))], &Settings::default(), &lexicon);
        let expected = serde_json::from_str(&read(path.with_extension("expect.json"))).expect("expectations are JSON");
        (name, set, expected)
    };
    paths.into_iter().map(document).collect()
}

/// Compares one thing of every endpoint of every document, and lists all that differ.
fn compare(what: &str, found: impl Fn(&DocSet, &Endpoint, &Value) -> Value) {
    let (mut differences, mut compared) = (Vec::new(), 0);
    for (name, set, expected) in documents() {
        let endpoints = expected["endpoints"].as_array().expect("endpoints");
        assert_eq!(set.endpoints.len(), endpoints.len(), "{name}");
        for (endpoint, expected) in set.endpoints.iter().zip(endpoints) {
            compared += 1;
            let (found, wanted) = (found(&set, endpoint, expected), &expected[what]);
            if found != *wanted {
                differences.push(format!("{name} {}\n   found {found}\n  wanted {wanted}", endpoint.id));
            }
        }
    }
    assert_eq!(compared, 41);
    assert!(differences.is_empty(), "{} differ in {what}:\n{}", differences.len(), differences.join("\n"));
}

fn text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[test]
fn titles() {
    compare("title", |_, endpoint, _| json!(endpoint.titled.then_some(&endpoint.title)));
}

#[test]
fn groups() {
    compare("group", |_, endpoint, _| json!(endpoint.group));
}

#[test]
fn methods() {
    compare("method", |_, endpoint, _| json!(endpoint.method));
}

#[test]
fn paths() {
    compare("path", |_, endpoint, _| json!(endpoint.path));
}

#[test]
fn parameters() {
    compare("params", |_, endpoint, expected| {
        let expected = expected["params"].as_array().map_or(&[][..], Vec::as_slice);
        let listed = endpoint.params.iter().filter(|param| param.listed);
        listed.enumerate().map(|(at, param)| parameter(param, expected.get(at))).collect()
    });
}

/// A label in the default's place may be moved to the description: the two are compared as a set.
fn parameter(param: &Param, expected: Option<&Value>) -> Value {
    let mut words = (json!(param.default.as_deref().and_then(text)), json!(param.description));
    if let Some(expected) = expected {
        let as_words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let swapped = as_words(&words.0) == as_words(&expected["description"])
            && as_words(&words.1) == as_words(&expected["default"]);
        if swapped {
            words = (expected["default"].clone(), expected["description"].clone());
        }
    }
    json!({
        "name": param.name,
        "required": param.starred,
        "type": param.type_name,
        "default": words.0,
        "description": words.1,
    })
}

#[test]
fn values_in_the_address() {
    compare("query_or_path_params", |_, endpoint, _| {
        let in_address = endpoint.params.iter().filter(|param| !matches!(param.location, In::Body | In::Header));
        // A place in the path that has a parameter line as well is one parameter.
        let written = in_address.filter(|param| !param.listed || param.location == In::Path);
        let shown = written.map(|param| {
            // What the line gives for a value does not stand in the address.
            let value = param.default.as_deref().filter(|_| !param.listed).and_then(text);
            json!({"name": param.name, "in": param.location.name(), "value": value})
        });
        shown.collect()
    });
}

#[test]
fn labels_of_sections() {
    compare("section_labels", |_, endpoint, _| {
        let labels = endpoint.sections.iter().map(|section| json!(section.label.as_deref().unwrap_or_default()));
        labels.collect()
    });
}

fn examples(endpoint: &Endpoint, kind: SectionKind) -> Value {
    let value = |example: &Example| Value::from(&example.value);
    let sections = endpoint.sections.iter().filter(|section| section.kind == kind);
    let values = sections.flat_map(|section| {
        let words = section.words_only.then_some(Value::Null);
        words.into_iter().chain(section.examples.iter().map(value)).collect::<Vec<_>>()
    });
    values.collect()
}

#[test]
fn successes() {
    compare("successes", |_, endpoint, _| examples(endpoint, SectionKind::Success));
}

#[test]
fn errors() {
    compare("errors", |_, endpoint, _| examples(endpoint, SectionKind::Error));
}

#[test]
fn tables_of_codes() {
    compare("error_codes", |_, endpoint, _| {
        let rows = endpoint.codes.rows.iter().map(|row| (row.code.to_string(), json!(row.text)));
        Value::Object(rows.collect())
    });
}

/// What lets someone in or changes a secret never does so for a request that says nothing.
#[test]
fn nobody_gets_in_with_nothing() {
    let mut tried = 0;
    for (name, set, _) in documents() {
        let generation = Arc::new(generation(&name, set.sources[0].text()));
        for (endpoint, behavior) in generation.set.endpoints.iter().zip(&generation.model.behaviors) {
            let opens = matches!(
                behavior.operation,
                Operation::Login | Operation::Register | Operation::ResetPassword | Operation::ChangePassword
            );
            if !opens {
                continue;
            }
            tried += 1;
            // What only tells it from other endpoints has to be sent.
            let told: Vec<_> =
                endpoint.discriminators().map(|param| (&*param.name, param.default.as_deref())).collect();
            let told: Vec<_> = told.into_iter().map(|(name, value)| (name, value.unwrap_or_default())).collect();
            let method = endpoint.method.as_deref().unwrap_or("POST");
            let answer = Talk::new(&generation).ask(&Ask::new(method, &endpoint.path, &told));
            assert!(matches!(answer, Answer::Reply { refused: Some(_), .. }), "{name} {}: {answer:?}", endpoint.id);
        }
    }
    assert!(tried >= 8, "{tried}");
}
