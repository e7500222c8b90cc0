//! What rules are tested with: a document in, the findings of one rule out.

use super::*;
use crate::behavior::{Overrides, infer};
use crate::lexicon::Lexicon;
use crate::spec::{Settings, lower};

/// `line: message` of every finding of the rule, in order.
pub(in crate::lint) fn found(rule: &str, document: &str) -> Vec<String> {
    let (set, report) = checked(document);
    let of_rule = report.diagnostics.iter().filter(|found| found.rule == rule);
    of_rule.map(|found| format!("{}: {}", set.sources[0].line(found.place.span.start), found.message)).collect()
}

/// The help of every finding of the rule, in order.
pub(in crate::lint) fn helped(rule: &str, document: &str) -> Vec<String> {
    let (_, report) = checked(document);
    report.diagnostics.into_iter().filter(|found| found.rule == rule).map(|found| found.help).collect()
}

fn checked(document: &str) -> (DocSet, Report) {
    let lexicon = Lexicon::standard();
    let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &lexicon);
    let model = infer(&set, &lexicon, &Overrides::default());
    let report = check(&set, &model, &lexicon, &|_, _| None);
    (set, report)
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_line_of_words() {
    let kebab =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    for (at, rule) in RULES.iter().enumerate() {
        assert!(kebab(rule.name), "{}", rule.name);
        assert!(!rule.about.is_empty() && rule.about.len() <= 100, "{}", rule.name);
        assert!(RULES[..at].iter().all(|other| other.name != rule.name), "{}", rule.name);
    }
}

#[test]
fn a_mistyped_rule_has_a_nearest() {
    assert_eq!(Rule::nearest("mising-methods").map(|rule| rule.name), Some("missing-method"));
    assert_eq!(Rule::nearest("json-coment").map(|rule| rule.name), Some("json-comment"));
    assert!(Rule::nearest("zzz").is_none());
}
