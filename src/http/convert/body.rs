//! Reads a body to its end, as far as the limits let it come.

use super::{SizeLimit, too_large};
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::http::pulse::Pulse;
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Frame, Incoming};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// The whole body, of as many bytes as `limit` says at most. Beyond that it is read on for a while before it is refused: a client that is still sending would
/// lose the refusal in the reset of its connection.
pub(in crate::http) async fn read(
    body: Incoming,
    limit: SizeLimit,
    limits: &Limits,
    pulse: &Pulse,
) -> Result<Bytes, Problem> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let lowest = body.size_hint().lower();
    if lowest > limit.bytes.saturating_mul(PATIENCE) as u64 {
        return Err(too_large_body(limit).closing());
    }
    pulse.body_began();
    let read = collect(body, limit, limits, pulse).await;
    pulse.body_ended();
    read
}

/// How many times the limit is read, and thrown away, before the connection is cut off.
const PATIENCE: usize = 4;

async fn collect(mut body: Incoming, limit: SizeLimit, limits: &Limits, pulse: &Pulse) -> Result<Bytes, Problem> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    let mut length = 0;
    let mut held = pulse.hold();
    while let Some(frame) = next(&mut body, pulse).await {
        let data = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(), // trailers say nothing to us
            Err(Stop::Slow) => return Err(too_slow(limits, pulse)),
            Err(Stop::Broken(error)) => {
                let detail = format!("the body ended early or is not framed as HTTP/1.1 has it: {error}");
                return Err(Problem::bad_request(detail).closing());
            }
        };
        length += data.len();
        if length > limit.bytes.saturating_mul(PATIENCE) {
            return Err(too_large_body(limit).closing());
        }
        if length > limit.bytes {
            all = Vec::new();
            first = Bytes::new();
            held.grow_to(0);
            continue;
        }
        if !body.is_end_stream() && !held.grow_to(length) {
            let (name, limit) = ("bodies-size", limits.bodies_size);
            let of = "bytes in bodies that are on their way, all together";
            return Err(Problem::over(StatusCode::SERVICE_UNAVAILABLE, name, limit, of).closing());
        }
        if first.is_empty() {
            first = data; // most bodies come in one piece, and need no copy
        } else {
            if all.is_empty() {
                // No more than is said to come is set apart, and memory that nothing is written to costs none.
                let rest = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
                all.reserve_exact(length.saturating_add(rest).min(limit.bytes));
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    if length > limit.bytes {
        return Err(too_large_body(limit));
    }
    Ok(if all.is_empty() { first } else { Bytes::from(all) })
}

enum Stop {
    Slow,
    Broken(hyper::Error),
}

async fn next(body: &mut Incoming, pulse: &Pulse) -> Option<Result<Frame<Bytes>, Stop>> {
    poll_fn(|context| match Pin::new(&mut *body).poll_frame(context) {
        // The watch wakes the connection, and with it this, when the time is over.
        Poll::Pending if pulse.is_overdue() => Poll::Ready(Some(Err(Stop::Slow))),
        Poll::Pending => Poll::Pending,
        Poll::Ready(frame) => Poll::Ready(frame.map(|frame| frame.map_err(Stop::Broken))),
    })
    .await
}

fn too_large_body(limit: SizeLimit) -> Problem {
    too_large(limit.name, limit.bytes, "bytes in a body of this type")
}

fn too_slow(limits: &Limits, pulse: &Pulse) -> Problem {
    let late = if pulse.is_whole_body_overdue() {
        Problem::late("body-time", limits.body_time, "the whole body")
    } else {
        Problem::late("body-gap", limits.body_gap, "the next piece of the body")
    };
    late.closing()
}
