//! `scenario`: the last calls of a world as a scenario file, secrets as variables.

use super::call::{Answer, Call};
use crate::client::Reply;
use crate::engine::request::{Headers, Request};
use crate::http::convert;
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::observe::{Event, Raw, at_once};
use crate::scenario::record::{self, Taken};
use crate::scenario::write;
use crate::spec::route::Routed;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&["limit"])?;
    let limit = call.paging()?.limit;
    let events = call.app.journal.last(&call.world, limit);
    let taken: Vec<Taken> = events.iter().filter_map(|event| taken(call, event)).collect();
    let recorded = record::scenario(&format!("recorded in {}", call.world.as_str()), &taken);
    if recorded.scenario.steps.is_empty() {
        return Err(Problem::not_found(
            "no call that could be made a scenario of: the journal has none of a documented endpoint",
        ));
    }
    let mut reply = Response::new(Full::new(Bytes::from(write::write(&[recorded.scenario]))));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/yaml; charset=utf-8"));
    Ok(reply)
}

fn taken(call: &Call<'_>, event: &Event) -> Option<Taken> {
    let raw = event.sent.raw()?;
    // A connection that a fault ended has no reply to expect.
    if event.endpoint.is_none() || event.answered.http_status == 0 {
        return None;
    }
    let body = Bytes::copy_from_slice(raw.body);
    let headers = Kept(&raw);
    let fields = fields(&raw, &body, &call.app.options.limits)?;
    let request = Request { method: raw.method, path: raw.path, query: raw.query, headers: &headers, body: fields };
    let Routed::Found { endpoint, values } = call.generation.route(&request) else { return None };
    let reply = Reply {
        http_status: event.answered.http_status,
        headers: Vec::new(),
        body: event.answered.body.clone(),
        took: Duration::ZERO,
    };
    let because = event.passed.as_ref().and_then(|passed| passed.because.clone());
    let called = call.generation.call(endpoint, &request, &values);
    Some(Taken::new(&call.generation, endpoint, &called, reply, because))
}

/// All of the body is there, so nothing is waited for.
fn fields<'b>(raw: &Raw<'_>, body: &'b Bytes, limits: &Limits) -> Option<convert::Fields<'b>> {
    let pairs = raw.headers.iter().filter_map(|(name, value)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
    });
    let headers: HeaderMap = pairs.collect();
    at_once(convert::fields(&headers, body, limits))?.ok()
}

struct Kept<'r>(&'r Raw<'r>);

impl Headers for Kept<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    fn all(&self) -> Vec<&str> {
        self.0.headers.iter().map(|(_, value)| *value).collect()
    }
}
