//! An account's statuses as the machine that the documents' enumeration gives, and what the back office can do to it.

use crate::json::Json;
use crate::lexicon::StatusKind;
use crate::source::Place;
use std::sync::Arc;

/// The statuses of one collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// The field that holds the status.
    pub field: Arc<str>,
    pub values: Vec<StatusValue>,
    pub initial: Json,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StatusValue {
    /// In the form of the example.
    pub value: Json,
    /// What the document says of it.
    pub words: String,
    pub kind: Option<StatusKind>,
}

impl Machine {
    pub fn value(&self, kind: StatusKind) -> Option<&Json> {
        self.values.iter().find(|value| value.kind == Some(kind)).map(|value| &value.value)
    }

    pub fn known(&self, status: &Json) -> Option<&StatusValue> {
        self.values.iter().find(|value| value.value.scalar_text() == status.scalar_text())
    }

    pub fn kind(&self, status: &Json) -> Option<StatusKind> {
        self.known(status)?.kind
    }

    /// The statuses of these kinds.
    pub fn of_kinds(&self, kinds: &[StatusKind]) -> Vec<Json> {
        let wanted = self.values.iter().filter(|value| value.kind.is_some_and(|kind| kinds.contains(&kind)));
        wanted.map(|value| value.value.clone()).collect()
    }
}

/// What customer service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficeAction {
    Approve,
    Reject,
    Freeze,
    Unfreeze,
    Delete,
}

impl OfficeAction {
    pub const ALL: [Self; 5] = [Self::Approve, Self::Reject, Self::Freeze, Self::Unfreeze, Self::Delete];

    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Freeze => "freeze",
            Self::Unfreeze => "unfreeze",
            Self::Delete => "delete",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == text)
    }
}
