//! A line for each request, for who asked for it.

use super::event::Event;
use crate::diagnostic::harmless;
use tracing::{Level, debug, enabled};

/// Tells of a request of the simulated API. Without `secrets` only what the documents themselves say is told of it: its
/// endpoint, and how it ended. Where no endpoint was found, its path with what may be a secret masked.
pub fn request(event: &Event, secrets: bool) {
    if !enabled!(target: "docsim::request", Level::DEBUG) {
        return;
    }
    let rule = event.rule.as_deref();
    debug!(
        target: "docsim::request",
        endpoint = event.endpoint.as_deref(),
        path = event.endpoint.is_none().then(|| harmless(&event.masked_path())),
        world = event.world.as_str(),
        status = event.answered.http_status,
        code = rule.map(|rule| rule.code.as_str()),
        because = rule.map(|rule| rule.reason.as_str()),
        took_us = event.took_micros,
        sent = secrets.then(|| harmless(&event.sent_text())),
        "request"
    );
}
