//! Scenarios: sequences of calls with what must come of them, in files that people write and keep.
//!
//! In: YAML files and a generation. Out: results as plain data, for terminals and reports. The runner speaks HTTP, so the
//! same file runs in a simulator of its own, against a running docsim, and against the real backend.

pub mod ast;
pub mod coverage;
pub mod fill;
pub mod generate;
pub mod load;
pub mod names;
pub mod parse;
pub mod record;
pub mod report;
pub mod request;
pub mod result;
pub mod run;
pub mod schema;
pub mod write;
mod yaml;

pub use ast::{Basis, Scenario};
