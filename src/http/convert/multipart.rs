//! `multipart/form-data`: texts, and files with their names and types.

use super::{Fields, charset, parameter, too_large};
use crate::engine::request::{File, Value};
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use http_body_util::BodyDataStream;
use hyper::body::{Body, Bytes, Frame};
use multer::{Constraints, Multipart, SizeLimit};
use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What is taken apart at a time, in bytes.
const PIECE: usize = 64 << 10;

/// A body in pieces, with a pause after each: the parser copies all that is ready, and what is refused at its first parts is
/// not worth a copy of the rest.
struct Pieces {
    rest: Bytes,
    paused: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.paused = !self.paused;
        if self.paused {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }
}

pub(super) async fn fields<'b>(body: &Bytes, content_type: &str, limits: &Limits) -> Result<Fields<'b>, Problem> {
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        return Err(Problem::bad_request("the Content-Type of a multipart body has to name its boundary"));
    };
    // What stands before the first boundary is for nobody (RFC 2046, 5.1.1), and browsers send nothing there.
    let delimiter = format!("--{boundary}");
    if !body[..body.len().min(PIECE)].windows(delimiter.len()).any(|place| place == delimiter.as_bytes()) {
        return Err(Problem::bad_request(format!("the multipart body does not begin with its boundary {delimiter}")));
    }
    let sizes = SizeLimit::new().whole_stream(limits.multipart_size as u64).per_field(limits.multipart_size as u64);
    let stream = BodyDataStream::new(Pieces { rest: body.clone(), paused: true });
    let mut parts = Multipart::with_constraints(stream, boundary, Constraints::new().size_limit(sizes));
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| broken(&error, limits))? {
        if fields.len() == limits.parts {
            return Err(too_large("parts", limits.parts, "parts in a multipart body"));
        }
        let at = fields.len() + 1;
        let Some(name) = part.name().map(str::to_owned) else {
            return Err(Problem::bad_request(format!("part {at} of the multipart body has no name")));
        };
        let file_name = part.file_name().map(str::to_owned);
        let content_type = part.content_type().map(ToString::to_string);
        let bytes = part.bytes().await.map_err(|error| broken(&error, limits))?;
        let value = match file_name {
            // What a page sends for a file input in which nothing was chosen.
            Some(file_name) if file_name.is_empty() && bytes.is_empty() => Value::Text(Cow::Borrowed("")),
            Some(name) => {
                let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
                Value::File(File { name, content_type, bytes })
            }
            None => Value::Text(Cow::Owned(text(&name, &bytes, content_type.as_deref())?)),
        };
        fields.push((Cow::Owned(name), value));
    }
    Ok(fields)
}

fn text(name: &str, bytes: &[u8], content_type: Option<&str>) -> Result<String, Problem> {
    let text = match content_type.and_then(|content_type| parameter(content_type, "charset")) {
        Some(named) => Some(charset::text(bytes, Some(named))?),
        None => charset::guessed(Cow::Borrowed(bytes)),
    };
    let unreadable = || Problem::bad_request(format!("the part {name} is neither UTF-8 nor GB18030, and no file"));
    text.map(Cow::into_owned).ok_or_else(unreadable)
}

fn broken(error: &multer::Error, limits: &Limits) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            too_large("multipart-size", limits.multipart_size, "bytes in a multipart body")
        }
        _ => Problem::bad_request(format!("the multipart body is broken: {error}")),
    }
}
