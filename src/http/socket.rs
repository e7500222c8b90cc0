//! A socket that gives up on a client that keeps it waiting: reads and writes pass through, and `Pulse` hears of them.

use super::pulse::{Phase, Pulse};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

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
                let _ = self.stream.try_write(TOO_SLOW);
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
