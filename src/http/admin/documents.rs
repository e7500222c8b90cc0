//! `endpoints` and `diagnostics`: what the documents were understood to say, and what is odd about them.

use super::call::{Answer, Call, json};
use crate::{diagnostic, explain};

pub(super) fn endpoints(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    json(&explain::document(&call.generation))
}

pub(super) fn diagnostics(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let set = &call.generation.set;
    json(&diagnostic::json::document(&call.generation.diagnostics, &set.sources, set.endpoints.len()))
}
