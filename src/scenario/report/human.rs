//! For a terminal: a line a scenario, and for one that failed what was sent, what came back, what was wanted, and why the
//! simulator decided so.

use super::Report;
use crate::diagnostic::harmless;
use crate::scenario::request::curl;
use crate::scenario::result::{End, Ran, StepRan};
use std::fmt::Write as _;

/// Longer bodies are cut.
const BODY: usize = 600;

#[derive(Clone, Copy)]
struct Paint {
    color: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// One line: the mark, the name, and why it was not passed.
pub fn line(ran: &Ran, color: bool) -> String {
    let paint = Paint { color };
    let name = harmless(&ran.title());
    match &ran.end {
        End::Passed => format!("{} {name}", paint.with("32", "ok     ")),
        End::Failed => format!("{} {name}", paint.with("31", "FAILED ")),
        End::Broken(why) => format!("{} {name}: {}", paint.with("31", "BROKEN "), harmless(why)),
        End::Skipped(why) => format!("{} {name}: {}", paint.with("33", "skipped"), harmless(why)),
    }
}

/// What is to be known of one that did not pass; empty for one that did.
pub fn details(ran: &Ran, color: bool) -> String {
    let paint = Paint { color };
    let mut out = String::new();
    let Some(step) = ran.failed_step() else { return out };
    let _ = writeln!(out, "\n{} {}", paint.with("1", &harmless(&ran.title())), harmless(&ran.source));
    let before = ran.steps.iter().take_while(|step| step.holds()).count();
    let _ = writeln!(out, "  step {}: {}  {}", before + 1, harmless(&step.what), harmless(&step.source));
    if let Some(because) = &step.because {
        let _ = writeln!(out, "  because {}", harmless(because));
    }
    if step.tries > 1 {
        let _ = writeln!(out, "  tried {} times", step.tries);
    }
    if let Some(trouble) = &step.trouble {
        let _ = writeln!(out, "  {}", paint.with("31", &harmless(trouble)));
    }
    for check in step.checks.iter().filter(|check| !check.holds) {
        let _ =
            writeln!(out, "    {} expected {}", harmless(&check.what), paint.with("32", &harmless(&check.expected)));
        let got = paint.with("31", &harmless(&check.got));
        let _ = writeln!(out, "    {:width$} found    {got}", "", width = width(&check.what));
    }
    exchange(&mut out, step);
    out
}

fn exchange(out: &mut String, step: &StepRan) {
    if let Some((url, ask)) = &step.ask {
        let _ = writeln!(out, "    sent     {}", harmless(&curl(url, ask)));
    }
    if let Some(reply) = &step.reply {
        let body = String::from_utf8_lossy(&reply.body);
        let cut: String = body.chars().take(BODY).collect();
        let more = if cut.len() < body.len() { "…" } else { "" };
        let _ = writeln!(out, "    answered HTTP {} {}{more}", reply.http_status, harmless(&cut));
    }
    if let Some((rule, place)) = step.decided() {
        let _ = writeln!(out, "    since    {}  {}", harmless(&rule), harmless(&place));
    }
}

/// `12 passed, 1 failed, 2 skipped in a simulator (0.31 s)`.
pub fn summary(report: &Report) -> String {
    let mut parts = Vec::new();
    for (end, always) in [("passed", true), ("failed", true), ("broken", false), ("skipped", false)] {
        let count = report.count(end);
        if always || count > 0 {
            parts.push(format!("{count} {end}"));
        }
    }
    format!("{} against {} ({:.2} s)", parts.join(", "), report.stage, report.took.as_secs_f64())
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
