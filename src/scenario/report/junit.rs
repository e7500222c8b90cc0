//! For CI servers: `JUnit` XML. A scenario is a test suite and each check a test case; every endpoint of the documents has a
//! suite with a case as well, so that one that nothing calls is seen.

use super::Report;
use crate::generation::Generation;
use crate::scenario::request::curl;
use crate::scenario::result::{CheckRan, End, Ran, StepRan};
use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};
use std::fmt::Write as _;

pub fn draw(report: &Report, generation: &Generation) -> String {
    let mut xml = Xml::new("docsim");
    xml.set_time(report.took);
    for ran in &report.scenarios {
        xml.add_test_suite(suite(ran, generation));
    }
    xml.add_test_suite(endpoints(report, generation));
    // Nothing in it can fail but a writer, and this one writes to memory.
    without_skipped_in_all(&xml.to_string().unwrap_or_default())
}

/// The library counts what was skipped in all of the suites as well, for which the schema of Jenkins' xUnit plugin has no
/// place: it would refuse the report.
fn without_skipped_in_all(xml: &str) -> String {
    let Some(at) = xml.find("<testsuites ") else { return xml.to_owned() };
    let (before, root) = xml.split_at(at);
    let (tag, rest) = root.split_at(root.find('>').unwrap_or(root.len()));
    let mut attributes: Vec<&str> = tag.split(' ').collect();
    attributes.retain(|attribute| !attribute.starts_with("skipped=\""));
    format!("{before}{}{rest}", attributes.join(" "))
}

fn suite(ran: &Ran, generation: &Generation) -> TestSuite {
    let mut suite = TestSuite::new(ran.title());
    suite.set_time(ran.took);
    suite.add_property(("source", ran.source.as_str()));
    let mut called = Vec::new();
    for (number, step) in ran.steps.iter().enumerate() {
        if let Some(endpoint) = step.endpoint {
            called.push(named(generation, endpoint));
        }
        let name = format!("{}. {}", number + 1, step.what);
        for check in &step.checks {
            let mut status = TestCaseStatus::success();
            if !check.holds {
                status = failure(check, step, &called);
            }
            let mut case = TestCase::new(format!("{name}: {}", check.what), status);
            case.set_classname(class(generation, step)).set_time(step.took);
            suite.add_test_case(case);
        }
        if let Some(trouble) = &step.trouble {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(trouble.as_str()).set_description(exchange(step, &called));
            let mut case = TestCase::new(name, status);
            case.set_classname(class(generation, step)).set_time(step.took);
            suite.add_test_case(case);
        }
    }
    let why = match &ran.end {
        End::Skipped(why) => Some((TestCaseStatus::skipped(), why)),
        End::Broken(why) if ran.steps.is_empty() => Some((TestCaseStatus::non_success(NonSuccessKind::Error), why)),
        _ => None,
    };
    if let Some((mut status, why)) = why {
        status.set_message(why.as_str());
        let mut case = TestCase::new(ran.title(), status);
        case.set_classname("scenario");
        suite.add_test_case(case);
    }
    suite
}

/// A case for each endpoint: called and well, called and not, or called by nobody.
fn endpoints(report: &Report, generation: &Generation) -> TestSuite {
    let mut suite = TestSuite::new("endpoints");
    for (at, endpoint) in generation.set.endpoints.iter().enumerate() {
        let mut steps = report.scenarios.iter().flat_map(|ran| &ran.steps).filter(|step| step.endpoint == Some(at));
        let (mut count, mut failed) = (0, None);
        for step in &mut steps {
            count += 1;
            if !step.holds() && failed.is_none() {
                failed = Some(step);
            }
        }
        let status = match failed {
            Some(step) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(format!("{} does not do what was expected", named(generation, at)));
                status.set_description(exchange(step, &[]));
                status
            }
            None if count == 0 => {
                let mut status = TestCaseStatus::skipped();
                status.set_message("no scenario calls it");
                status
            }
            None => TestCaseStatus::success(),
        };
        let mut case = TestCase::new(format!("{} {}", endpoint.id, endpoint.title), status);
        case.set_classname("endpoint");
        suite.add_test_case(case);
    }
    suite
}

fn failure(check: &CheckRan, step: &StepRan, called: &[String]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(format!("{}: expected {}, found {}", check.what, check.expected, check.got));
    status.set_description(exchange(step, called));
    status
}

fn exchange(step: &StepRan, called: &[String]) -> String {
    let mut out = String::new();
    if !called.is_empty() {
        let _ = writeln!(out, "called: {}", called.join(" → "));
    }
    if let Some(because) = &step.because {
        let _ = writeln!(out, "because {because}");
    }
    for check in step.checks.iter().filter(|check| !check.holds) {
        let _ = writeln!(out, "{}: expected {}, found {}", check.what, check.expected, check.got);
    }
    if let Some((url, ask)) = &step.ask {
        let _ = writeln!(out, "sent: {}", curl(url, ask));
    }
    if let Some(reply) = &step.reply {
        let _ = writeln!(out, "answered: HTTP {} {}", reply.http_status, String::from_utf8_lossy(&reply.body));
    }
    if let Some((rule, place)) = step.decided() {
        let _ = writeln!(out, "since: {rule} ({place})");
    }
    let _ = writeln!(out, "at {}", step.source);
    out
}

fn class(generation: &Generation, step: &StepRan) -> String {
    step.endpoint.map_or_else(|| "simulator".to_owned(), |at| named(generation, at))
}

fn named(generation: &Generation, at: usize) -> String {
    generation.set.endpoints.get(at).map_or_else(String::new, |endpoint| format!("{} {}", endpoint.id, endpoint.title))
}
