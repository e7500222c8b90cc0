//! A reply's body on its way out: whole, or half of it and then the end of the connection.

use super::pulse::Pulse;
use super::server::Reply;
use http_body_util::Full;
use hyper::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

pub(super) enum Outgoing {
    Whole(Full<Bytes>),
    /// The whole body, of which half goes out, and the connection that ends with it.
    Half(Full<Bytes>, Arc<Pulse>),
}

impl Outgoing {
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
            Self::Half(..) => false,
        }
    }

    /// Unknown for a half: the header says what was promised.
    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Half(..) => SizeHint::default(),
        }
    }
}
