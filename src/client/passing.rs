//! A reply that is passed on: read whole where it ends soon, else as much of it as there is room and time for, and the rest
//! piece by piece as it comes.

use super::Trouble;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, Receiver};

/// Of what is known to be too large to be read whole, so much is read.
const BEGINNING: usize = 64 << 10;
/// So long something is waited for that says neither that it is text nor how long it is.
const PATIENCE: Duration = Duration::from_secs(1);
/// Pieces that wait for who reads them.
const PIECES: usize = 8;

pub(crate) struct Passing {
    /// With the body as far as it was read.
    pub(crate) reply: Response<Bytes>,
    /// None where that is all.
    pub(crate) rest: Option<Rest>,
}

/// The whole body, that which was read already first.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) pieces: Receiver<Bytes>,
    /// Set before the pieces end where they end too early.
    pub(crate) broken: Arc<AtomicBool>,
}

/// `limit` is how many bytes are read at most, `until` how long the reply is waited for.
pub(super) async fn read(reply: Response<Incoming>, limit: usize, until: Instant) -> Result<Passing, Trouble> {
    let (head, mut body) = reply.into_parts();
    let length = body.size_hint().exact();
    let form = Form::of(&head.headers);
    let limit = match length {
        Some(length) if usize::try_from(length).map_or(true, |length| length > limit) => limit.min(BEGINNING),
        _ => limit,
    };
    let until = if form == Form::Other && length.is_none() { until.min(Instant::now() + PATIENCE) } else { until };
    let mut read: Vec<u8> = Vec::new();
    while form != Form::Stream && read.len() <= limit {
        match tokio::time::timeout_at(until.into(), body.frame()).await {
            Err(_) => break,
            Ok(None) => return Ok(Passing { reply: Response::from_parts(head, read.into()), rest: None }),
            Ok(Some(Err(error))) => return Err(Trouble::Other(format!("the reply broke off: {error}"))),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    read.extend_from_slice(&data);
                }
            }
        }
    }
    let read = Bytes::from(read);
    let rest = rest(read.clone(), body);
    Ok(Passing { reply: Response::from_parts(head, read), rest: Some(rest) })
}

/// What the headers say of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// It is meant to be read while it comes.
    Stream,
    Text,
    Other,
}

impl Form {
    fn of(headers: &HeaderMap) -> Self {
        let name = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_stream = ["event-stream", "x-mixed-replace", "ndjson", "json-seq", "jsonl"];
        let is_text = ["json", "xml", "javascript", "urlencoded"];
        if is_stream.iter().any(|form| name.ends_with(form)) {
            Self::Stream
        } else if name.is_empty() || name.starts_with("text/") || is_text.iter().any(|form| name.contains(form)) {
            Self::Text
        } else {
            Self::Other
        }
    }
}

/// Goes on by itself as long as somebody takes the pieces.
fn rest(first: Bytes, mut body: Incoming) -> Rest {
    let (sender, pieces) = mpsc::channel(PIECES);
    let broken = Arc::new(AtomicBool::new(false));
    let is_broken = Arc::clone(&broken);
    tokio::spawn(async move {
        if !first.is_empty() && sender.send(first).await.is_err() {
            return;
        }
        loop {
            let frame = tokio::select! {
                frame = body.frame() => frame,
                () = sender.closed() => return,
            };
            match frame {
                None => return,
                Some(Err(_)) => return is_broken.store(true, Ordering::Release),
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else { continue };
                    if sender.send(data).await.is_err() {
                        return;
                    }
                }
            }
        }
    });
    Rest { pieces, broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_piece_by_piece_says_so() {
        let check = |name: &'static str, expected: Form| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(name));
            assert_eq!(Form::of(&headers), expected, "{name}");
        };
        check("text/event-stream; charset=utf-8", Form::Stream);
        check("application/x-ndjson", Form::Stream);
        check("application/json;charset=UTF-8", Form::Text);
        check("application/problem+json", Form::Text);
        check("text/html", Form::Text);
        check("application/octet-stream", Form::Other);
        check("video/mp4", Form::Other);
        assert_eq!(Form::of(&HeaderMap::new()), Form::Text);
    }
}
