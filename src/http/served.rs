//! A generation made ready to be served: what its replies say of themselves is written out once, not for each request.
//!
//! In: a generation. Out: for each endpoint its id, and for each way that a call can end the code, the reason and the line
//! of the document, as headers and for the journal.

use super::metrics::{Counted, Metrics};
use crate::behavior::Behavior;
use crate::engine::{Call, Decision};
use crate::generation::Generation;
use crate::lexicon::Role;
use crate::observe::{Rule, Secrets};
use crate::source::Place;
use crate::spec::Segment;
use hyper::header::{HeaderMap, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::sync::{Arc, OnceLock};

pub(super) struct Served {
    pub(super) generation: Arc<Generation>,
    /// Parallel to the generation's endpoints.
    endpoints: Vec<Explained>,
    counted: Vec<Counted>,
    pub(super) secrets: Arc<Secrets>,
}

struct Explained {
    id: Line,
    accepted: Why,
    /// Parallel to the behavior's checks.
    refused: Vec<Why>,
    /// The inputs whose values are secrets.
    secret: Box<[usize]>,
}

/// A text, and how a header writes it.
pub(super) struct Line {
    pub(super) text: Arc<str>,
    pub(super) header: HeaderValue,
}

/// Why a reply is what it is.
pub(super) struct Why {
    pub(super) rule: Arc<Rule>,
    /// `CODE REASON`.
    pub(super) header: HeaderValue,
    pub(super) source: HeaderValue,
    /// All that a documented reply says, once it was given: to copy it is faster than to put it together.
    headers: OnceLock<HeaderMap>,
}

impl Served {
    pub(super) fn new(generation: Arc<Generation>, metrics: &Metrics) -> Self {
        let pairs = generation.set.endpoints.iter().zip(&generation.model.behaviors);
        let endpoints = pairs
            .map(|(endpoint, behavior)| Explained {
                id: Line { text: endpoint.id.as_str().into(), header: header(&endpoint.id) },
                accepted: accepted(&generation, behavior),
                refused: refused(&generation, behavior),
                secret: behavior
                    .inputs
                    .iter()
                    .enumerate()
                    .filter(|(_, input)| is_secret(input.role))
                    .map(|(at, _)| at)
                    .collect(),
            })
            .collect();
        let secrets = Arc::new(secrets(&generation));
        let counted = metrics.of(&generation);
        Self { generation, endpoints, counted, secrets }
    }

    pub(super) fn id(&self, endpoint: usize) -> Option<&Line> {
        self.endpoints.get(endpoint).map(|explained| &explained.id)
    }

    pub(super) fn counted(&self, endpoint: usize) -> Option<&Counted> {
        self.counted.get(endpoint)
    }

    /// The values that a call's passwords and token were read as, a line each.
    pub(super) fn secrets_of(&self, endpoint: usize, call: &Call<'_>) -> String {
        let inputs = self.endpoints.get(endpoint).map_or(&[] as &[_], |explained| &explained.secret);
        let mut values = String::with_capacity(64);
        for value in inputs.iter().filter_map(|input| call.text(*input)).chain(call.token.as_deref()) {
            values.push_str(value);
            values.push('\n');
        }
        values
    }

    pub(super) fn why(&self, endpoint: usize, decision: Decision<'_>) -> Option<&Why> {
        let explained = self.endpoints.get(endpoint)?;
        match decision {
            Decision::Accept(_) => Some(&explained.accepted),
            Decision::Refuse(check) => {
                let checks = &self.generation.model.behaviors.get(endpoint)?.checks;
                explained.refused.get(checks.iter().position(|known| std::ptr::eq(known, check))?)
            }
            Decision::Fault(_) | Decision::TooLarge(_) => None,
        }
    }
}

impl Why {
    pub(super) fn new(code: &str, reason: &str, source: &str) -> Self {
        let rule = Rule { code: code.into(), reason: reason.into(), source: source.into() };
        Self {
            rule: Arc::new(rule),
            header: header(format!("{code} {reason}").trim()),
            source: header(source),
            headers: OnceLock::new(),
        }
    }

    /// The headers of a documented reply; `make` puts them together, always the same ones, since this is of one endpoint.
    pub(super) fn headers(&self, make: impl FnOnce() -> HeaderMap) -> HeaderMap {
        self.headers.get_or_init(make).clone()
    }
}

/// A text as a header may carry it: printable ASCII stays, the rest and `%` are percent-encoded. What is too long for one
/// ends in an encoded `…`: proxies and clients refuse a reply over large headers.
pub(super) fn header(text: &str) -> HeaderValue {
    const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');
    const LONGEST: usize = 1_024;
    let mut encoded = String::new();
    for c in text.chars() {
        let whole = encoded.len();
        encoded.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), ESCAPED));
        if encoded.len() > LONGEST {
            encoded.truncate(whole);
            encoded.extend(utf8_percent_encode("…", ESCAPED));
            break;
        }
    }
    HeaderValue::try_from(encoded).unwrap_or(HeaderValue::from_static(""))
}

fn accepted(generation: &Generation, behavior: &Behavior) -> Why {
    let effects: Vec<String> = behavior.effects.iter().map(|effect| effect.action.describe(&behavior.inputs)).collect();
    let reason = if effects.is_empty() { "accepted".to_owned() } else { format!("accepted: {}", effects.join(", ")) };
    Why::new(&behavior.success.code, &reason, &place(generation, behavior.success.place))
}

fn refused(generation: &Generation, behavior: &Behavior) -> Vec<Why> {
    let checks = behavior.checks.iter();
    let why = checks.map(|check| {
        let reason = check.demand.refusal(&behavior.inputs);
        Why::new(&check.failure.code, &reason, &place(generation, check.failure.place))
    });
    why.collect()
}

fn place(generation: &Generation, place: Place) -> String {
    generation.set.file_line(place)
}

/// Whose values nobody is to read in the journal.
fn is_secret(role: Role) -> bool {
    role == Role::Token || role.is_password()
}

/// Where the requests of the whole set carry secrets.
fn secrets(generation: &Generation) -> Secrets {
    let Generation { set, model, .. } = generation;
    let inputs = model.behaviors.iter().flat_map(|behavior| &behavior.inputs);
    let names = inputs.filter(|input| is_secret(input.role)).map(|input| &*input.name);
    let names = names.chain(model.tokens.params.iter().chain(&model.tokens.headers).map(String::as_str));
    let literals = set.endpoints.iter().flat_map(|endpoint| &endpoint.segments).filter_map(literal);
    let places = set.endpoints.iter().zip(&model.behaviors).flat_map(|(endpoint, behavior)| {
        let is_secret = |name: &str| behavior.inputs.iter().any(|input| *input.name == *name && is_secret(input.role));
        let params = endpoint.segments.iter().enumerate().filter_map(move |(at, segment)| match segment {
            Segment::Param(name) if is_secret(name) => Some(at),
            _ => None,
        });
        params.map(|at| endpoint.segments.iter().take(at).map(literal).collect())
    });
    Secrets::new(names, literals, places)
}

fn literal(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Literal(text) => Some(text),
        Segment::Param(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_an_end() {
        let long = header(&format!("1{}", "手".repeat(1_000)));
        assert!(long.len() <= 1_040, "{}", long.len());
        assert!(long.to_str().unwrap().ends_with("%E6%89%8B%E2%80%A6"), "whole characters: {long:?}");
    }

    #[test]
    fn headers_are_ascii_and_one_line() {
        assert_eq!(header("1006 `phone` is missing"), "1006 `phone` is missing");
        assert_eq!(header("文档.md:7 100%\n"), "%E6%96%87%E6%A1%A3.md:7 100%25%0A");
    }
}
