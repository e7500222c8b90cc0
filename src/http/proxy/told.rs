//! What the proxy says on the console: each difference once, and for each endpoint who answers, as often as that changes.
//!
//! None of it holds a value that was sent as a secret, nor one that could be a token, a password or a passcode.

use crate::client::{self, Client, Trouble};
use crate::contract::{self, Kind};
use crate::diagnostic::harmless;
use crate::generation::Generation;
use crate::observe::Drift;
use crate::scenario::ast::Basis;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tracing::{info, warn};

#[derive(Default)]
pub(super) struct Told(Mutex<State>);

#[derive(Default)]
struct State {
    /// By id: why it was simulated the last time, or that the backend answered.
    answerers: HashMap<String, Option<String>>,
    drift: HashSet<String>,
    trouble: Option<String>,
}

/// Names come from documents, so they are as many as those have; reloads are what could make them grow.
const MOST: usize = 10_000;

impl Told {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn simulated(&self, generation: &Generation, endpoint: usize, because: &str) {
        let documented = &generation.set.endpoints[endpoint];
        if self.changed(&documented.id, Some(because)) {
            info!("simulated  {}  {}  ({})", harmless(&documented.id), harmless(&documented.title), harmless(because));
        }
    }

    pub(super) fn passed(&self, generation: &Generation, endpoint: usize) {
        let documented = &generation.set.endpoints[endpoint];
        if self.changed(&documented.id, None) {
            info!("passed     {}  {}", harmless(&documented.id), harmless(&documented.title));
        }
        self.state().trouble = None;
    }

    fn changed(&self, id: &str, why: Option<&str>) -> bool {
        let mut state = self.state();
        if state.answerers.get(id).is_some_and(|known| known.as_deref() == why) {
            return false;
        }
        if state.answerers.len() >= MOST {
            state.answerers.clear();
        }
        state.answerers.insert(id.to_owned(), why.map(str::to_owned));
        true
    }

    pub(super) fn drift(&self, generation: &Generation, endpoint: usize, found: &[Drift]) {
        let id = &generation.set.endpoints[endpoint].id;
        for drift in found {
            let is_new = {
                let mut state = self.state();
                if state.drift.len() >= MOST {
                    state.drift.clear();
                }
                state.drift.insert(format!("{id}\n{}\n{}\n{}\n{}", drift.kind, drift.at, drift.expected, drift.got))
            };
            if is_new {
                info!(
                    "drift      {}  {}\n             {}",
                    harmless(id),
                    harmless(&line(drift)),
                    harmless(&drift.source)
                );
            }
        }
    }

    pub(super) fn trouble(&self, client: &Client, trouble: &Trouble) {
        let text = trouble.to_string();
        if self.state().trouble.replace(text.clone()).as_ref() != Some(&text) {
            warn!("{}: {}", client.target(), harmless(&text));
        }
    }
}

/// `type at $._id: string in the documents, number in the reply`.
pub(super) fn line(drift: &Drift) -> String {
    format!("{} at {}: the documents have {}, the backend {}", drift.kind, drift.at, drift.expected, drift.got)
}

/// How a reply differs from what the documents say. Where they are silent, nothing is said.
pub(super) fn drift(generation: &Generation, endpoint: usize, reply: &client::Reply, secrets: &str) -> Vec<Drift> {
    let found = contract::check(generation, endpoint, reply);
    let counts = found.into_iter().filter(|finding| finding.basis != Basis::Convention);
    counts
        .map(|finding| Drift {
            kind: finding.kind.name(),
            basis: finding.basis.name(),
            at: concealed(&finding.at, secrets),
            got: match finding.kind {
                // A value may be anything: only its type is told.
                Kind::Type | Kind::Extra | Kind::Missing => type_of(&finding.got),
                Kind::Body => format!("HTTP {} and {}", reply.http_status, kind_of(reply)),
                Kind::Code | Kind::HttpStatus if finding.got.len() <= 8 => finding.got,
                _ => concealed(&finding.got, secrets),
            },
            expected: finding.expected,
            source: generation.set.file_line(finding.place),
        })
        .collect()
}

fn type_of(got: &str) -> String {
    let first = got.split_whitespace().next().unwrap_or_default();
    let is_word = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_word { first.to_owned() } else { "another value".to_owned() }
}

fn kind_of(reply: &client::Reply) -> String {
    if reply.body.is_empty() {
        return "no body".to_owned();
    }
    let kind = reply.header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or("no type");
    format!("{} bytes that are no JSON ({})", reply.body.len(), kind.trim())
}

/// A text without what could be a secret: what was sent as one, and letters and digits in a row as tokens and passcodes have.
fn concealed(text: &str, secrets: &str) -> String {
    const MASK: &str = "***";
    let mut text = text.to_owned();
    for secret in secrets.lines().filter(|secret| secret.chars().count() >= 3) {
        text = text.replace(secret, MASK);
    }
    let mut shown = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let hides = digits >= 4 || word.len() >= 20;
        shown.push_str(if hides { MASK } else { word });
        shown.push_str(&piece[word.len()..]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_what_could_be_a_secret() {
        let check = |text: &str, expected: &str| assert_eq!(concealed(text, "abc12\nx\n"), expected, "{text}");
        check("验证码有误", "验证码有误");
        check("验证码 123456 已发送", "验证码 *** 已发送");
        check("wrong password abc12!", "wrong password ***!");
        check("90a7575397a7b2cd74901e0c5c3e72d0ce2631", "***");
        check("$.data.list[*].id", "$.data.list[*].id");
    }
}
