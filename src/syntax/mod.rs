//! Text in, tree out. Knows forms, not meanings: a code is a word here, and what it says is not asked.

pub mod ast;
mod blocks;
pub mod json;
pub mod line;
mod regions;

pub(crate) use blocks::with_http_status;
pub use regions::scan;
