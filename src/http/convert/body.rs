//! Reads a body to its end, as far as the limits let it come.

use super::too_large;
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::http::pulse::Pulse;
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Frame, Incoming};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// The whole body, of `limit` bytes at most. Beyond that it is read on for a while before it is refused: a client that is still sending would
/// lose the refusal in the reset of its connection.
pub(in crate::http) async fn read(
    body: Incoming,
    limit: usize,
    limits: &Limits,
    pulse: &Pulse,
) -> Result<Bytes, Problem> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let lowest = body.size_hint().lower();
    if lowest > limit.saturating_mul(PATIENCE) as u64 {
        return Err(too_large_body(limit).closing());
    }
    pulse.body_began();
    let read = collect(body, limit, limits, pulse).await;
    pulse.body_ended();
    read
}

/// How many times the limit is read, and thrown away, before the connection is cut off.
const PATIENCE: usize = 4;

async fn collect(mut body: Incoming, limit: usize, limits: &Limits, pulse: &Pulse) -> Result<Bytes, Problem> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    let mut length = 0;
    while let Some(frame) = next(&mut body, pulse).await {
        let data = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(), // trailers say nothing to us
            Err(Stop::Slow) => return Err(too_slow(limits)),
            Err(Stop::Broken(error)) => {
                let detail = format!("the body ended early or is not framed as HTTP/1.1 has it: {error}");
                return Err(Problem::bad_request(detail).closing());
            }
        };
        length += data.len();
        if length > limit.saturating_mul(PATIENCE) {
            return Err(too_large_body(limit).closing());
        }
        if length > limit {
            all = Vec::new();
        } else if first.is_empty() {
            first = data; // most bodies come in one piece, and need no copy
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    if length > limit {
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

fn too_large_body(limit: usize) -> Problem {
    too_large(limit, "bytes in a body of this type")
}

fn too_slow(limits: &Limits) -> Problem {
    let (gap, whole) = (limits.body_gap.as_secs_f64(), limits.body_time.as_secs_f64());
    let detail = format!("the body did not come: {gap} s may pass between two pieces of it, and {whole} s in all");
    Problem::new(StatusCode::REQUEST_TIMEOUT, detail).closing()
}
