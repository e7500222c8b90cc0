//! `events`: what happens, as it happens (Server-Sent Events, WHATWG HTML §9.2).
//!
//! `request` carries what the journal would, `reload` a document set taken into service, `state` a world changed by hand,
//! `lost` how many a client missed since it read too slowly. A comment goes out when there was nothing else for a while.

use super::call::{Answer, Call};
use crate::diagnostic::Severity;
use crate::generation::Generation;
use crate::http::outgoing::Stream;
use crate::http::problem::Problem;
use crate::observe::{Heard, Notice};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;

/// Well within the time that a connection may lie idle.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Frames that are drawn and not yet sent.
const DRAWN: usize = 64;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let limit = call.app.options.limits.subscribers;
    let mut follower = call.app.feed.follow(limit).ok_or_else(|| {
        Problem::over(StatusCode::SERVICE_UNAVAILABLE, "subscribers", limit, "clients that follow the events")
    })?;
    let mut generations = call.app.generations();
    let (frames, stream) = mpsc::channel(DRAWN);
    let mut hello = of_generation(&call.generation);
    hello["api"] = json!(call.app.api().map(|api| format!("http://{api}")));
    let first = frame("hello", &hello);
    tokio::spawn(async move {
        let mut next = first;
        while frames.send(next).await.is_ok() {
            next = tokio::select! {
                heard = follower.next() => match heard {
                    Some(Heard::Notice(notice)) => drawn(&notice),
                    Some(Heard::Lost(lost)) => frame("lost", &json!({ "lost": lost })),
                    None => break,
                },
                changed = generations.changed() => match changed {
                    Ok(()) => frame("reload", &of_generation(&generations.borrow_and_update())),
                    Err(_) => std::future::pending().await,
                },
                () = tokio::time::sleep(HEARTBEAT) => Bytes::from_static(b": \n\n"),
                () = frames.closed() => break,
            };
        }
    });
    let mut reply = Response::new(Full::default());
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    reply.extensions_mut().insert(Stream::new(stream));
    Ok(reply)
}

fn drawn(notice: &Notice) -> Bytes {
    match notice {
        Notice::Request(number, event) => match event.draw(*number) {
            Some(event) => Bytes::from(format!("event: request\ndata: {event}\n\n")),
            None => Bytes::from_static(b": \n\n"),
        },
        Notice::State { world, resource } => frame("state", &json!({ "world": &**world, "resource": &**resource })),
    }
}

/// Compact JSON has no line breaks, so a frame has one line of data.
fn frame(event: &str, data: &Value) -> Bytes {
    Bytes::from(format!("event: {event}\ndata: {data}\n\n"))
}

fn of_generation(generation: &Generation) -> Value {
    let count = |severity: Severity| generation.diagnostics.iter().filter(|found| found.severity == severity).count();
    json!({
        "generation": generation.number,
        "endpoints": generation.set.endpoints.len(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "kept": generation.diagnostics.iter().filter(|found| found.rule == "last-good-kept").count(),
    })
}
