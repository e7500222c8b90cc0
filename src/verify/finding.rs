//! One difference between a server and its documents.

use crate::contract;
use crate::scenario::ast::Basis;
use crate::source::Place;
use std::fmt;

#[derive(Clone, Debug)]
pub struct Finding {
    /// The endpoint that is at fault, by what is known.
    pub endpoint: usize,
    /// The endpoints whose replies show it.
    pub seen_at: Vec<usize>,
    pub kind: Kind,
    pub basis: Basis,
    pub place: Place,
    /// Where in the reply.
    pub at: String,
    pub expected: String,
    pub got: String,
    /// The request, to be pasted into a shell.
    pub curl: String,
    /// The scenario that found it, and why it expects what it does.
    pub scenario: String,
    pub because: String,
    /// How many scenarios show the same.
    pub times: usize,
    pub fault: Fault,
    /// It did not come again.
    pub is_flaky: bool,
    /// It came in a step that had to succeed for another's sake, or in the one that the scenario is about.
    pub(super) is_last: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What one reply looks like.
    Reply(contract::Kind),
    /// What was refused or accepted, and with which code.
    Outcome,
    /// What an endpoint does is not seen afterwards.
    Effect,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Reply(kind) => kind.name(),
            Self::Outcome => "outcome",
            Self::Effect => "effect",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where it is likelier to be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Backend,
    Document,
}

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Document => "document",
        }
    }
}

impl Finding {
    /// Whether two findings are about the same; people differ from run to run, so values do not count.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let is_reply = matches!(self.kind, Kind::Reply(_));
        (self.endpoint, self.kind, &self.at) == (other.endpoint, other.kind, &other.at)
            && (is_reply || self.scenario == other.scenario)
            && (self.kind != Kind::Reply(contract::Kind::Code) || self.got == other.got)
    }
}
