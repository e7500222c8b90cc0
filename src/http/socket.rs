//! A socket that gives up on a client that keeps it waiting: reads and writes pass through, and `Pulse` hears of them.
//! What hyper refuses before there is a request says here why, as all other refusals do.

use super::problem::Problem;
use super::pulse::{Phase, Pulse};
use hyper::StatusCode;
use hyper::body::Bytes;
use serde_json::json;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How hyper answers a header that it does not take: one of these, perhaps a date, and the end.
const MALFORMED: &[u8] = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n";
const TOO_LARGE: &[u8] = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n";

/// The same with a reason, where the bytes are one of hyper's own refusals.
fn with_reason(bytes: &[u8], pulse: &Pulse) -> Option<Bytes> {
    if !bytes.ends_with(b"\r\n\r\n") {
        return None;
    }
    let (limits, traffic) = (pulse.limits(), pulse.traffic());
    if bytes.starts_with(MALFORMED) {
        traffic.malformed.fetch_add(1, Relaxed);
        let detail = "this is not HTTP/1.1: the request line or the header is not well formed";
        return Some(Problem::bad_request(detail).wire());
    }
    bytes.starts_with(TOO_LARGE).then(|| {
        traffic.large.fetch_add(1, Relaxed);
        let (size, count) = (limits.header_size, limits.headers);
        let detail = format!(
            "the limit is {size} bytes and {count} lines of header; `--limit header-size=…` and `header-count=…` set them"
        );
        let names = json!({ "header-size": size, "header-count": count });
        Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail).member("limits", names).wire()
    })
}

pub(super) struct Socket {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }

    /// What a read that found nothing comes to once the limit has passed.
    fn give_up(&self) -> Poll<io::Result<()>> {
        match self.pulse.phase() {
            // hyper has nothing to write before the header is complete, so this cannot fall into a reply.
            Phase::Header => {
                self.pulse.traffic().late.fetch_add(1, Relaxed);
                let limit = self.pulse.limits().header_time;
                let late = Problem::late("header-time", limit, "the whole header");
                let _ = self.stream.try_write(&late.wire());
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Phase::Idle => Poll::Ready(Ok(())), // as if the client had closed
            Phase::Body | Phase::Answering => Poll::Pending, // who reads the body answers this
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.pulse.is_reset() {
            let _ = self.stream.set_zero_linger(); // where the system has no such thing, it is a plain close
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buf) {
            Poll::Ready(result) => {
                if buf.filled().len() > before {
                    self.pulse.bytes_came();
                }
                Poll::Ready(result)
            }
            Poll::Pending if self.pulse.is_overdue() => self.give_up(),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Between two requests hyper writes nothing but replies, which have a type, and its own refusals, which have none.
        if matches!(self.pulse.phase(), Phase::Header | Phase::Idle)
            && let Some(reason) = with_reason(bytes, &self.pulse)
        {
            let _ = self.stream.try_write(&reason);
            return Poll::Ready(Ok(bytes.len()));
        }
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            // A body that does not come is answered by who reads it; anything else is a client that does not read.
            Poll::Pending if self.pulse.phase() != Phase::Body && self.pulse.is_overdue() => {
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Pending => Poll::Pending,
            Poll::Ready(result) => {
                self.pulse.bytes_went();
                Poll::Ready(result)
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() {
            self.pulse.all_sent();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
