//! What came of a run, drawn: for a terminal, for machines, for a browser. One form a file; none of them prints.

pub mod covered;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;

use super::coverage::Coverage;
use super::result::{End, Ran};
use std::time::Duration;

/// A run with all that its reports need.
#[derive(Debug)]
pub struct Report {
    pub scenarios: Vec<Ran>,
    /// Where it ran, as messages name it.
    pub stage: String,
    pub seed: u64,
    pub took: Duration,
    pub coverage: Option<Coverage>,
}

impl Report {
    pub fn count(&self, end: &str) -> usize {
        self.scenarios.iter().filter(|ran| ran.end.name() == end).count()
    }

    /// Whether nothing failed.
    pub fn is_fine(&self) -> bool {
        self.scenarios.iter().all(|ran| matches!(ran.end, End::Passed | End::Skipped(_)))
    }
}
