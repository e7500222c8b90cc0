//! A generation made ready to be served: what its replies say of themselves is written out once, not for each request.
//!
//! In: a generation. Out: for each endpoint its id, and for each way that a call can end the code, the reason and the line
//! of the document, as headers and for the journal.

use crate::behavior::Behavior;
use crate::engine::Decision;
use crate::generation::Generation;
use crate::lexicon::Role;
use crate::observe::{Rule, Secrets};
use crate::source::Place;
use hyper::header::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::sync::Arc;

pub(super) struct Served {
    pub(super) generation: Arc<Generation>,
    /// Parallel to the generation's endpoints.
    endpoints: Vec<Explained>,
    pub(super) secrets: Secrets,
}

struct Explained {
    id: Line,
    accepted: Why,
    /// Parallel to the behavior's checks.
    refused: Vec<Why>,
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
}

impl Served {
    pub(super) fn new(generation: Arc<Generation>) -> Self {
        let pairs = generation.set.endpoints.iter().zip(&generation.model.behaviors);
        let endpoints = pairs
            .map(|(endpoint, behavior)| Explained {
                id: Line { text: endpoint.id.as_str().into(), header: header(&endpoint.id) },
                accepted: accepted(&generation, behavior),
                refused: refused(&generation, behavior),
            })
            .collect();
        let secrets = secrets(&generation);
        Self { generation, endpoints, secrets }
    }

    pub(super) fn id(&self, endpoint: usize) -> Option<&Line> {
        self.endpoints.get(endpoint).map(|explained| &explained.id)
    }

    pub(super) fn why(&self, endpoint: usize, decision: Decision<'_>) -> Option<&Why> {
        let explained = self.endpoints.get(endpoint)?;
        match decision {
            Decision::Accept(_) => Some(&explained.accepted),
            Decision::Refuse(check) => {
                let checks = &self.generation.model.behaviors.get(endpoint)?.checks;
                explained.refused.get(checks.iter().position(|known| std::ptr::eq(known, check))?)
            }
        }
    }
}

impl Why {
    pub(super) fn new(code: &str, reason: &str, source: &str) -> Self {
        let rule = Rule { code: code.into(), reason: reason.into(), source: source.into() };
        Self { rule: Arc::new(rule), header: header(format!("{code} {reason}").trim()), source: header(source) }
    }
}

/// A text as a header may carry it: printable ASCII stays, the rest and `%` are percent-encoded.
pub(super) fn header(text: &str) -> HeaderValue {
    const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');
    let encoded = utf8_percent_encode(text, ESCAPED).to_string();
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

/// The parameters of the whole set that carry passwords.
fn secrets(generation: &Generation) -> Secrets {
    let inputs = generation.model.behaviors.iter().flat_map(|behavior| &behavior.inputs);
    let is_password = |role: Role| {
        matches!(
            role,
            Role::Password | Role::NewPassword | Role::OldPassword | Role::ConfirmPassword | Role::PayPassword
        )
    };
    let mut names: Vec<Box<str>> =
        inputs.filter(|input| is_password(input.role)).map(|input| input.name.to_lowercase().into()).collect();
    names.sort_unstable();
    names.dedup();
    names.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_ascii_and_one_line() {
        assert_eq!(header("1006 `phone` is missing"), "1006 `phone` is missing");
        assert_eq!(header("文档.md:7 100%\n"), "%E6%96%87%E6%A1%A3.md:7 100%25%0A");
    }
}
