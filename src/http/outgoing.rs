//! A reply's body on its way out: whole, or half of it and then the end of the connection.

use super::pulse::Pulse;
use super::server::Reply;
use http_body_util::Full;
use hyper::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::mpsc::Receiver;

pub(super) enum Outgoing {
    Whole(Full<Bytes>),
    /// Pieces as they come, until there are no more or the server stops.
    Stream(Pieces, Arc<Pulse>),
    /// The whole body, of which half goes out, and the connection that ends with it.
    Half(Full<Bytes>, Arc<Pulse>),
}

pub(super) struct Pieces {
    coming: Receiver<Bytes>,
    /// Where they come from elsewhere: whether they ended too early.
    broken: Option<Arc<AtomicBool>>,
}

/// Among a reply's extensions: what it carries comes piece by piece. It can be taken once.
#[derive(Clone)]
pub(super) struct Stream(Arc<Mutex<Option<Pieces>>>);

impl Stream {
    pub(super) fn new(coming: Receiver<Bytes>) -> Self {
        Self(Arc::new(Mutex::new(Some(Pieces { coming, broken: None }))))
    }

    /// What another server sends: its silence is not the client's, and if it breaks off, so does this.
    pub(super) fn passing(coming: Receiver<Bytes>, broken: Arc<AtomicBool>) -> Self {
        Self(Arc::new(Mutex::new(Some(Pieces { coming, broken: Some(broken) }))))
    }
}

impl Pieces {
    fn poll(&mut self, pulse: &Pulse, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let polled = self.coming.poll_recv(context);
        let Some(broken) = &self.broken else { return polled.map(|piece| piece.map(|piece| Ok(Frame::data(piece)))) };
        match polled {
            Poll::Pending => {
                pulse.waits_for_others();
                Poll::Pending
            }
            Poll::Ready(piece) => {
                pulse.waits_for_client();
                if piece.is_none() && broken.load(Ordering::Acquire) {
                    pulse.cut_when_sent();
                    return Poll::Pending;
                }
                Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
            }
        }
    }
}

impl Outgoing {
    /// What an extension holds in place of the reply's own body.
    pub(super) fn stream(reply: Reply, stream: &Stream, pulse: &Arc<Pulse>) -> Response<Self> {
        let pieces = stream.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        reply.map(|body| match pieces {
            Some(pieces) => Self::Stream(pieces, Arc::clone(pulse)),
            None => Self::Whole(body),
        })
    }

    pub(super) fn whole(reply: Reply) -> Response<Self> {
        reply.map(Self::Whole)
    }

    /// Promises the whole length. A body without a byte cannot be cut and goes out as it is.
    pub(super) fn half(reply: Reply, pulse: &Arc<Pulse>) -> Response<Self> {
        let (mut head, body) = reply.into_parts();
        let length = body.size_hint().exact().unwrap_or(0);
        if length == 0 {
            return Response::from_parts(head, Self::Whole(body));
        }
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        Response::from_parts(head, Self::Half(body, Arc::clone(pulse)))
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Self::Whole(body) => Pin::new(body).poll_frame(context),
            Self::Stream(_, pulse) if pulse.is_closing() => Poll::Ready(None),
            Self::Stream(pieces, pulse) => pieces.poll(pulse, context),
            Self::Half(body, pulse) => match Pin::new(body).poll_frame(context) {
                Poll::Ready(None) => {
                    // hyper sends what it has before it waits for more; nothing more comes.
                    pulse.cut_when_sent();
                    Poll::Pending
                }
                // A body in memory comes in one piece.
                Poll::Ready(Some(Ok(whole))) => {
                    Poll::Ready(Some(Ok(whole.map_data(|data| data.slice(..data.len() / 2)))))
                }
                other => other,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Stream(..) | Self::Half(..) => false,
        }
    }

    /// Unknown for a half: the header says what was promised.
    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Stream(..) | Self::Half(..) => SizeHint::default(),
        }
    }
}
