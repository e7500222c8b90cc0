//! `health`: whether docsim is up, and what it serves.

use super::call::{Answer, Call, json};
use serde::Serialize;

#[derive(Serialize)]
struct Shown {
    status: &'static str,
    endpoints: usize,
    generation: u64,
    uptime_ms: u64,
}

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    json(&Shown {
        status: "ok",
        endpoints: call.generation.set.endpoints.len(),
        generation: call.generation.number,
        uptime_ms: u64::try_from(call.app.started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}
