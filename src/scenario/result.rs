//! What came of scenarios, as plain data: reports draw it, nothing else is kept of a run.

use super::ast::Basis;
use crate::client::{Ask, Reply};
use crate::contract;
use crate::generation::Generation;
use crate::source::Place;
use bytes::Bytes;
use std::time::Duration;

/// One scenario, or one row of it, that was run or left out.
#[derive(Clone, Debug)]
pub struct Ran {
    pub name: String,
    /// Which of its rows, from 1.
    pub row: Option<usize>,
    pub tags: Vec<String>,
    /// `file:line`.
    pub source: String,
    pub end: End,
    pub steps: Vec<StepRan>,
    pub took: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Passed,
    Failed,
    /// What had to be there first could not be made, or nothing answered: that says nothing of the checks.
    Broken(String),
    /// It was not run, or not to its end, for this reason.
    Skipped(String),
}

impl End {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Broken(_) => "broken",
            Self::Skipped(_) => "skipped",
        }
    }
}

impl Ran {
    /// The name, with the row where there are several.
    pub fn title(&self) -> String {
        self.row.map_or_else(|| self.name.clone(), |row| format!("{} [{row}]", self.name))
    }

    /// The step that ended it.
    pub fn failed_step(&self) -> Option<&StepRan> {
        self.steps.iter().find(|step| !step.holds())
    }
}

#[derive(Clone, Debug, Default)]
pub struct StepRan {
    /// What was done, in a few words: `call 用户登录`, `clock +11m`.
    pub what: String,
    /// `file:line`.
    pub source: String,
    pub place: Place,
    pub is_setup: bool,
    pub because: Option<String>,
    pub basis: Basis,
    /// Index of the endpoint that was called.
    pub endpoint: Option<usize>,
    /// What was sent, with the URL that it went to.
    pub ask: Option<(String, Ask)>,
    pub reply: Option<Reply>,
    /// The reply was large, and only its beginning is kept.
    pub cut: Option<Cut>,
    /// What the reply is by the documents.
    pub outcome: Option<Outcome>,
    pub checks: Vec<CheckRan>,
    /// It could not be done at all.
    pub trouble: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    pub took: Duration,
}

/// What was found out about a large reply while it was there.
#[derive(Clone, Debug)]
pub struct Cut {
    pub is_json: bool,
    /// From the documents.
    pub differences: Vec<contract::Finding>,
}

/// As much of a reply's body as is kept: runs are many, and reports show less.
const KEPT: usize = 64 << 10;
/// As many differences as anybody reads of one reply.
const MOST_DIFFERENCES: usize = 100;

impl StepRan {
    /// Keeps a reply, or what is needed of it.
    pub fn answered(&mut self, generation: &Generation, is_json: bool, reply: Reply) {
        if reply.body.len() <= KEPT {
            (self.cut, self.reply) = (None, Some(reply));
            return;
        }
        let mut differences =
            self.endpoint.map_or_else(Vec::new, |endpoint| contract::check(generation, endpoint, &reply));
        differences.truncate(MOST_DIFFERENCES);
        self.cut = Some(Cut { is_json, differences });
        let body = Bytes::copy_from_slice(&reply.body[..KEPT]); // so that the rest is let go
        self.reply = Some(Reply { body, ..reply });
    }

    pub fn has_json(&self) -> bool {
        match (&self.cut, &self.reply) {
            (Some(cut), _) => cut.is_json,
            (None, Some(reply)) => serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok(),
            (None, None) => false,
        }
    }

    /// How the reply differs from the documents.
    pub fn differences(&self, generation: &Generation) -> Vec<contract::Finding> {
        match (&self.cut, self.endpoint, &self.reply) {
            (Some(cut), ..) => cut.differences.clone(),
            (None, Some(endpoint), Some(reply)) => contract::check(generation, endpoint, reply),
            _ => Vec::new(),
        }
    }

    pub fn holds(&self) -> bool {
        self.trouble.is_none() && self.checks.iter().all(|check| check.holds)
    }

    /// Why the simulator decided so, as its headers say: the rule, and `file:line`.
    pub fn decided(&self) -> Option<(String, String)> {
        let decoded = |name: &str| {
            let text = self.reply.as_ref()?.header(name)?;
            Some(percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned())
        };
        Some((decoded("x-docsim-rule")?, decoded("x-docsim-source").unwrap_or_default()))
    }
}

/// What a reply is by the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub is_success: bool,
    pub code: Option<String>,
    pub message: Option<String>,
}

impl Outcome {
    /// The name of what was reached: `success`, or the code.
    pub fn name(&self) -> &str {
        if self.is_success { "success" } else { self.code.as_deref().unwrap_or("failure") }
    }
}

/// One demand, and what there was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRan {
    /// `code`, `$.data.token`, …
    pub what: String,
    pub expected: String,
    pub got: String,
    pub holds: bool,
    /// It holds where `7` and `"7"` are the same.
    pub holds_as_text: bool,
}
