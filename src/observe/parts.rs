//! The parts of a kept multipart body (RFC 7578), as they are shown: texts, and the names, types and sizes of files.

use super::mask::Mask;
use bytes::Bytes;
use encoding_rs::GB18030;
use http_body_util::{BodyDataStream, Full};
use multer::Multipart;
use serde::Serialize;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Has a text, or a file with its type and the size of what it holds in bytes.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Part {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<usize>,
}

/// None where the body cannot be taken apart. `content_type` names the boundary.
pub(super) fn parts(body: &[u8], content_type: &str, mask: &mut Mask<'_>) -> Option<Vec<Part>> {
    let boundary = multer::parse_boundary(content_type).ok()?;
    let stream = BodyDataStream::new(Full::new(Bytes::copy_from_slice(body)));
    let mut reader = Multipart::new(stream, boundary);
    let mut parts = Vec::new();
    while let Some(part) = at_once(reader.next_field())?.ok()? {
        let name = part.name()?.to_owned();
        let file = part.file_name().map(|file| mask.text(file));
        let content_type = part.content_type().map(ToString::to_string);
        let bytes = at_once(part.bytes())?.ok()?;
        let (text, size) = match file {
            Some(_) => (None, Some(bytes.len())),
            None => (Some(mask.part(&name, &decoded(&bytes))), None),
        };
        parts.push(Part { name: mask.name(&name), text, file, content_type, size });
    }
    Some(parts)
}

/// What comes of reading a body that is in memory, so that nothing has to be waited for.
pub fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn decoded(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| GB18030.decode_without_bom_handling(bytes).0.into_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::event::tests::event;

    #[test]
    fn parts_are_shown_with_their_texts_and_files() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n张\r\n--X\r\nContent-Disposition: form-data; \
                    name=\"password\"\r\n\r\ns3cret\r\n--X\r\nContent-Disposition: form-data; name=\"pic\"; \
                    filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n1234\r\n--X--\r\n";
        let drawn = |body: &str| event("/a", "multipart/form-data; boundary=X", body).draw(1).unwrap().to_string();
        let shown = r#""body":[{"name":"name","text":"张"},{"name":"password","text":"***"},{"name":"pic","file":"a.png","type":"image/png","size":4}]}"#;
        assert!(drawn(body).contains(shown), "{}", drawn(body));
        assert!(drawn("--X\r\nnothing").contains(r#""body":null}"#), "{}", drawn("--X\r\nnothing"));
    }
}
