//! For people: one page that holds all it needs, with what was run, what came of it, and which documented outcomes were
//! reached.

use super::Report;
use crate::scenario::coverage::{Coverage, Documented, Unreachable};
use crate::scenario::request::curl;
use crate::scenario::result::{End, Ran, StepRan};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("report.css");
/// Longer bodies are cut.
const BODY: usize = 4_000;
/// Of one outcome, so many of the scenarios that reached it are named.
const NAMED: usize = 5;

pub fn draw(report: &Report) -> String {
    let title = if report.is_fine() { "Scenarios passed" } else { "Scenarios failed" };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "docsim: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    p.soft { "Against " (report.stage) ", seed " (report.seed) ", in " (seconds(report.took)) }
                    (figures(report))
                    h2 { "Scenarios" }
                    @for ran in in_order(&report.scenarios) { (scenario(ran)) }
                    @if let Some(coverage) = &report.coverage { (matrix(coverage)) }
                }
            }
        }
    };
    page.into_string()
}

/// What needs a look comes first.
fn in_order(scenarios: &[Ran]) -> Vec<&Ran> {
    let rank = |ran: &&Ran| match ran.end {
        End::Failed => 0,
        End::Broken(_) => 1,
        End::Skipped(_) => 2,
        End::Passed => 3,
    };
    let mut ordered: Vec<&Ran> = scenarios.iter().collect();
    ordered.sort_by_key(rank);
    ordered
}

fn figures(report: &Report) -> Markup {
    html! {
        ul.figures {
            @for end in ["passed", "failed", "broken", "skipped"] {
                @let count = report.count(end);
                @if count > 0 || end == "passed" || end == "failed" {
                    li class=(end) { b { (count) } (end) }
                }
            }
            @if let Some(coverage) = &report.coverage {
                li { b { (format!("{:.0} %", coverage.percent())) } "of " (coverage.total()) " documented outcomes reached" }
            }
        }
    }
}

fn scenario(ran: &Ran) -> Markup {
    let is_open = matches!(ran.end, End::Failed | End::Broken(_));
    html! {
        details class={ "scenario " (ran.end.name()) } open[is_open] {
            summary {
                span.mark { (ran.end.name()) }
                span.name { (ran.title()) }
                @for tag in &ran.tags { span.tag { (tag) } }
                span.soft.mono { (ran.source) }
            }
            @if let End::Broken(why) | End::Skipped(why) = &ran.end { ol.steps { li.bad { (why) } } }
            @if !ran.steps.is_empty() { ol.steps { @for step in &ran.steps { (self::step(step)) } } }
        }
    }
}

fn step(step: &StepRan) -> Markup {
    html! {
        li.bad[!step.holds()] {
            strong { (step.what) }
            @if step.is_setup { span.soft { " (setup)" } }
            @if step.tries > 1 { span.soft { " (" (step.tries) " tries)" } }
            @if let Some(because) = &step.because { div.soft { (because) } }
            @if let Some(trouble) = &step.trouble { div.no { (trouble) } }
            @if !step.checks.is_empty() {
                div.checks { table { tbody {
                    @for check in &step.checks {
                        tr {
                            td class=(if check.holds { "yes" } else { "no" }) { (if check.holds { "✓" } else { "✗" }) }
                            td.mono { (check.what) }
                            td.mono { (check.expected) }
                            @if !check.holds { td.mono.no { "found " (check.got) } }
                        }
                    }
                } } }
            }
            @if step.ask.is_some() || step.reply.is_some() {
                details open[!step.holds()] {
                    summary.soft { "request and reply" }
                    @if let Some((url, ask)) = &step.ask { pre { (curl(url, ask)) } }
                    @if let Some(reply) = &step.reply { pre { "HTTP " (reply.http_status) "\n" (body(&reply.body)) } }
                    @if let Some((rule, place)) = step.decided() { div.soft { "since " (rule) " " span.mono { (place) } } }
                }
            }
        }
    }
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let cut: String = text.chars().take(BODY).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

fn matrix(coverage: &Coverage) -> Markup {
    let codes = coverage.codes();
    let missing = |documented: &&Documented| !documented.is_reached();
    html! {
        h2 { "Documented outcomes" }
        p.soft { (coverage.reached()) " of " (coverage.total()) " reached. " span.cell.yes { "2" } " reached by two scenarios, "
            span.cell.no { "–" } " not reached, " span.cell.fault { "fault" } " only a fault causes it" }
        div.matrix tabindex="0" role="region" aria-label="Documented outcomes" { table {
            thead { tr { th scope="col" { "endpoint" } th scope="col" { "success" } @for code in &codes { th scope="col" { (code) } } } }
            tbody { @for covered in &coverage.endpoints { tr {
                th scope="row" { (covered.title) small.soft.mono { (breakable(&covered.id)) } }
                td { @for documented in covered.outcomes.iter().filter(|documented| documented.code.is_none()) { (cell(documented)) } }
                @for code in &codes {
                    td { @for documented in covered.outcomes.iter().filter(|documented| documented.code.as_ref() == Some(code)) { (cell(documented)) } }
                }
            } } }
        } }
        @if coverage.endpoints.iter().flat_map(|covered| &covered.outcomes).any(|documented| missing(&documented)) {
            h2 { "Not reached" }
            ul.missing {
                @for covered in &coverage.endpoints { @for documented in covered.outcomes.iter().filter(missing) {
                    li {
                        strong { (covered.title) } " " span.mono { (documented.name()) } " " (documented.message)
                        @if let Some(unreachable) = documented.unreachable { div.soft { (unreachable.reason()) } }
                    }
                } }
            }
        }
    }
}

/// A path breaks before its slashes, if it has to.
fn breakable(path: &str) -> Markup {
    let mut parts = path.split('/');
    html! { (parts.next().unwrap_or_default()) @for part in parts { wbr; "/" (part) } }
}

fn cell(documented: &Documented) -> Markup {
    let count = documented.reached_by.len();
    let (class, text) = match (count, documented.unreachable) {
        (0, Some(Unreachable::OnlyFault)) => ("fault", "fault".to_owned()),
        (0, _) => ("no", "–".to_owned()),
        (count, _) => ("yes", count.to_string()),
    };
    let mut by: Vec<&str> = documented.reached_by.iter().take(NAMED).map(String::as_str).collect();
    if count > NAMED {
        by.push("…");
    }
    let told =
        if by.is_empty() { documented.message.clone() } else { format!("{} {}", documented.message, by.join("; ")) };
    html! { span class={ "cell " (class) } title=(told.trim()) { (text) } " " }
}

fn seconds(time: std::time::Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
