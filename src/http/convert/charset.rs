//! Bytes to text: UTF-8 unless the type names another charset.

use crate::http::problem::Problem;
use encoding_rs::{Encoding, GB18030, UTF_8};
use hyper::StatusCode;
use std::borrow::Cow;

/// The encoding that a `charset` parameter names; GBK is read as GB18030, which holds it.
pub(super) fn named(charset: Option<&str>) -> Result<&'static Encoding, Problem> {
    let Some(label) = charset else { return Ok(UTF_8) };
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding == UTF_8 => Ok(UTF_8),
        Some(encoding) if encoding == GB18030 || encoding == encoding_rs::GBK => Ok(GB18030),
        _ => {
            let detail = format!("charset {label} is not known; UTF-8, GBK and GB18030 are");
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
        }
    }
}

/// A whole body as text, without a byte order mark.
pub(super) fn text<'b>(body: &'b [u8], charset: Option<&str>) -> Result<Cow<'b, str>, Problem> {
    let encoding = named(charset)?;
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if encoding == UTF_8 {
        return std::str::from_utf8(body).map(Cow::Borrowed).map_err(|error| {
            let at = error.valid_up_to();
            Problem::bad_request(format!(
                "the body is not UTF-8 at byte {at}; name another charset in its Content-Type"
            ))
            .member("offset", at)
        });
    }
    encoding
        .decode_without_bom_handling_and_without_replacement(body)
        .ok_or_else(|| Problem::bad_request(format!("the body is not {}, as its Content-Type says", encoding.name())))
}

/// Text of unsaid charset: UTF-8, else GB18030, as pages in that encoding send it. `None` if it is neither.
pub(super) fn guessed(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Some(Cow::Borrowed(text)),
            Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Some(Cow::Owned(text)),
            Err(error) => GB18030
                .decode_without_bom_handling_and_without_replacement(error.as_bytes())
                .map(|text| Cow::Owned(text.into_owned())),
        },
    }
}
