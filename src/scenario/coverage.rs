//! Which documented outcomes a run has reached, and why others cannot be.
//!
//! In: a generation and what was run. Out: for each endpoint its documented outcomes, in the order of its table, with the
//! scenarios that reached them. Failures of one code are told apart by message where the examples do so.

use super::result::{Outcome, Ran};
use crate::behavior::Failure;
use crate::behavior::failure::{Origin, documented};
use crate::generation::Generation;
use crate::lexicon::Class;
use crate::source::Place;
use std::collections::BTreeSet;

#[derive(Debug)]
pub struct Coverage {
    /// Parallel to the document set's endpoints.
    pub endpoints: Vec<Covered>,
}

#[derive(Debug)]
pub struct Covered {
    pub id: String,
    pub title: String,
    pub outcomes: Vec<Documented>,
}

/// One documented outcome.
#[derive(Debug)]
pub struct Documented {
    /// None for the success.
    pub code: Option<String>,
    pub message: String,
    /// It is told from others of its code by its message.
    by_message: bool,
    pub place: Place,
    /// Why nothing that a client does leads to it.
    pub unreachable: Option<Unreachable>,
    /// Titles of the scenarios that reached it, each once.
    pub reached_by: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// Its words say no more than that it failed: only a fault brings it.
    OnlyFault,
    /// It was not understood what leads to it.
    NoCheck,
    /// The endpoint has no request line.
    NotServed,
}

impl Unreachable {
    pub fn reason(self) -> &'static str {
        match self {
            Self::OnlyFault => "only a fault causes it: its words say no more than that it failed",
            Self::NotServed => "the documents do not say where to ask for it: the block has no request line",
            Self::NoCheck => {
                "no check leads to it: what its words mean was not understood, or nothing the endpoint does can"
            }
        }
    }
}

impl Documented {
    /// `success`, or the code, with the message where the code alone does not name it.
    pub fn name(&self) -> String {
        match &self.code {
            None => "success".to_owned(),
            Some(code) if self.by_message => format!("{code} {}", self.message),
            Some(code) => code.clone(),
        }
    }

    pub fn is_reached(&self) -> bool {
        !self.reached_by.is_empty()
    }

    /// Nothing but a fault brings it, and none did.
    fn is_left_out(&self) -> bool {
        self.unreachable == Some(Unreachable::OnlyFault) && !self.is_reached()
    }

    fn is(&self, outcome: &Outcome) -> bool {
        match &self.code {
            None => outcome.is_success,
            Some(code) => {
                let says = outcome.message.as_deref().unwrap_or_default();
                !outcome.is_success
                    && outcome.code.as_deref().unwrap_or_default() == code
                    && (!self.by_message || says == self.message)
            }
        }
    }
}

impl Coverage {
    /// What is documented, with nothing reached.
    pub fn of(generation: &Generation) -> Self {
        let set = &generation.set;
        let failures = documented(set, &generation.lexicon);
        let covered = set.endpoints.iter().zip(failures).enumerate().map(|(at, (endpoint, failures))| {
            let behavior = &generation.model.behaviors[at];
            let leads = |code: &str, message: Option<&str>| {
                behavior.checks.iter().any(|check| {
                    *check.failure.code == *code && message.is_none_or(|message| check.failure.message == message)
                })
            };
            let not_served = (!endpoint.is_served()).then_some(Unreachable::NotServed);
            let success = endpoint.successes().next().map_or(endpoint.place, |example| example.place);
            let mut outcomes = vec![Documented {
                code: None,
                message: String::new(),
                by_message: false,
                place: success,
                unreachable: not_served,
                reached_by: Vec::new(),
            }];
            outcomes.extend(distinct(&failures).into_iter().map(|(failure, by_message)| {
                let message = by_message.then_some(failure.message.as_str());
                let unreached = (!leads(&failure.code, message)).then(|| {
                    let says_more = |class: &Class| !matches!(class, Class::Failed | Class::SendFailed);
                    if failure.classes.iter().any(says_more) { Unreachable::NoCheck } else { Unreachable::OnlyFault }
                });
                Documented {
                    code: Some(failure.code.to_string()),
                    message: failure.message.clone(),
                    by_message,
                    place: failure.place,
                    unreachable: not_served.or(unreached),
                    reached_by: Vec::new(),
                }
            }));
            Covered { id: endpoint.id.clone(), title: endpoint.title.clone(), outcomes }
        });
        Self { endpoints: covered.collect() }
    }

    /// Counts what was reached.
    #[must_use]
    pub fn with(mut self, ran: &[Ran]) -> Self {
        for scenario in ran {
            for step in &scenario.steps {
                let (Some(endpoint), Some(outcome)) = (step.endpoint, &step.outcome) else { continue };
                let Some(covered) = self.endpoints.get_mut(endpoint) else { continue };
                for documented in covered.outcomes.iter_mut().filter(|documented| documented.is(outcome)) {
                    if documented.reached_by.last() != Some(&scenario.title()) {
                        documented.reached_by.push(scenario.title());
                    }
                }
            }
        }
        self
    }

    fn counted(&self) -> impl Iterator<Item = &Documented> {
        self.endpoints.iter().flat_map(|covered| &covered.outcomes).filter(|documented| !documented.is_left_out())
    }

    pub fn reached(&self) -> usize {
        self.counted().filter(|documented| documented.is_reached()).count()
    }

    /// All documented outcomes but those that only a fault brings and none did.
    pub fn total(&self) -> usize {
        self.counted().count()
    }

    /// 0 to 100; of nothing, all is reached.
    pub fn percent(&self) -> f64 {
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        if self.total() == 0 { 100.0 } else { 100.0 * number(self.reached()) / number(self.total()) }
    }

    /// Every code that an endpoint documents, in the order of their numbers, then of their letters.
    pub fn codes(&self) -> Vec<String> {
        let outcomes = self.endpoints.iter().flat_map(|covered| &covered.outcomes);
        let codes: BTreeSet<&str> = outcomes.filter_map(|documented| documented.code.as_deref()).collect();
        let mut codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
        codes.sort_by_key(|code| (code.parse::<i64>().unwrap_or(i64::MAX), code.clone()));
        codes
    }
}

/// Each failure once; with whether its message tells it from others of its code.
fn distinct(failures: &[Failure]) -> Vec<(&Failure, bool)> {
    let messages = |code: &str, example: bool| {
        let of = failures.iter().filter(|failure| *failure.code == *code);
        let of = of.filter(|failure| (failure.origin == Origin::Example) == example && failure.origin != Origin::Quote);
        of.map(|failure| failure.message.as_str()).collect::<BTreeSet<_>>()
    };
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut all = Vec::new();
    for failure in failures {
        let shown = messages(&failure.code, true);
        let by_message = shown.len() > 1 || (shown.is_empty() && messages(&failure.code, false).len() > 1);
        // Where examples tell failures apart, what a table says of their code is not one more.
        if by_message && !shown.is_empty() && failure.origin != Origin::Example {
            continue;
        }
        let message = if by_message { failure.message.as_str() } else { "" };
        if known.insert((&failure.code, message)) {
            all.push((failure, by_message));
        }
    }
    all
}
