//! For a terminal: what differs, by endpoint, then what could not be tested.

use super::Verdict;
use super::finding::{Fault, Finding};
use crate::diagnostic::harmless;
use crate::generation::Generation;
use crate::scenario::result::End;
use std::collections::BTreeMap;
use std::fmt::Write as _;

struct Paint(bool);

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

pub fn draw(verdict: &Verdict, generation: &Generation, stage: &str, color: bool) -> String {
    let paint = Paint(color);
    let mut out = String::new();
    by_endpoint(&mut out, &verdict.findings, generation, &paint);
    if !verdict.remarks.is_empty() {
        let _ = writeln!(
            out,
            "{}\n",
            paint.with(
                "1",
                "Where the documents are silent, and docsim would do otherwise (nothing of this fails a server)"
            )
        );
        by_endpoint(&mut out, &verdict.remarks, generation, &paint);
    }
    untested(&mut out, verdict, &paint);
    let count = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let ran = verdict.ran.iter().filter(|ran| matches!(ran.end, End::Passed | End::Failed)).count();
    let _ = write!(
        out,
        "{}, {} in {} against {stage}",
        count(verdict.findings.len(), "finding", "findings"),
        count(verdict.remarks.len(), "remark", "remarks"),
        match verdict.ran.len() {
            all if all == ran => count(ran, "scenario", "scenarios"),
            all => format!("{ran} of {}", count(all, "scenario", "scenarios")),
        },
    );
    if verdict.following > 0 {
        let _ = write!(out, "; {} more that may follow from these", verdict.following);
    }
    out.push('\n');
    out
}

fn by_endpoint(out: &mut String, findings: &[Finding], generation: &Generation, paint: &Paint) {
    let mut last = None;
    for finding in findings {
        if last != Some(finding.endpoint) {
            let endpoint = &generation.set.endpoints[finding.endpoint];
            let head = format!("{}  {}", endpoint.title, endpoint.id);
            let _ = writeln!(out, "{}", paint.with("1", &harmless(&head)));
            last = Some(finding.endpoint);
        }
        one(out, finding, generation, paint);
    }
}

fn one(out: &mut String, finding: &Finding, generation: &Generation, paint: &Paint) {
    let flaky = if finding.is_flaky { ", flaky: it did not come again" } else { "" };
    let line = generation.set.file_line(finding.place);
    let head = paint.with("31", finding.kind.name());
    let at = if finding.at == finding.kind.name() { String::new() } else { format!(" {}", harmless(&finding.at)) };
    let _ = writeln!(out, "  {head}{at}  {} ({}{flaky})", harmless(&line), finding.basis.name());
    let _ = writeln!(out, "    expected {}", paint.with("32", &harmless(&finding.expected)));
    let _ = writeln!(out, "    got      {}", paint.with("31", &harmless(&finding.got)));
    if !finding.because.is_empty() && finding.because != line {
        let _ = writeln!(out, "    because  {}", harmless(&finding.because));
    }
    let others: Vec<&str> = finding
        .seen_at
        .iter()
        .filter(|at| **at != finding.endpoint)
        .map(|at| generation.set.endpoints[*at].title.as_str())
        .collect();
    if !others.is_empty() {
        let _ = writeln!(out, "    seen at  {}", harmless(&others.join(", ")));
    }
    let _ = writeln!(out, "    sent     {}", harmless(&finding.curl));
    let times = if finding.times > 1 { format!(", {} times", finding.times) } else { String::new() };
    let _ = writeln!(out, "    found by {}{times}", harmless(&finding.scenario));
    if finding.fault == Fault::Document {
        let _ = writeln!(out, "    likelier at fault: the document, since it differs everywhere in the same way");
    }
    out.push('\n');
}

/// A reason is the same for whoever it was: phones and ids in it are left out.
fn without_people(why: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in why.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() > 6 { "…" } else { &digits });
        digits.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// Each reason once, with how many it holds back.
fn untested(out: &mut String, verdict: &Verdict, paint: &Paint) {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ran in &verdict.ran {
        if let End::Skipped(why) | End::Broken(why) = &ran.end {
            reasons.entry(without_people(why)).or_default().push(ran.title());
        }
    }
    if reasons.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint.with("1", "Not tested"));
    for (why, titles) in reasons {
        let shown: Vec<&str> = titles.iter().take(3).map(String::as_str).collect();
        let more = if titles.len() > shown.len() {
            format!(", and {} more", titles.len() - shown.len())
        } else {
            String::new()
        };
        let _ = writeln!(out, "  {} {}\n      {}{more}", titles.len(), harmless(&why), harmless(&shown.join("; ")));
    }
    out.push('\n');
}
