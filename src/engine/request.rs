//! What a client sent, in the engine's own words: no hyper type gets this far.

use crate::json::Json;
use bytes::Bytes;
use std::borrow::Cow;

/// One request, bodies already read and taken apart by their type.
pub struct Request<'r> {
    /// As sent: `GET`, `POST`, …
    pub method: &'r str,
    /// Percent-encoded as sent, without the world's prefix and without the query.
    pub path: &'r str,
    /// Without the question mark; empty if there is none.
    pub query: &'r str,
    pub headers: &'r dyn Headers,
    /// The members of a JSON object, the fields of a form, the parts of a multipart body; empty for any other body.
    pub body: Vec<(Cow<'r, str>, Value<'r>)>,
}

/// How the engine asks for a header, whoever holds them.
pub trait Headers: Sync {
    /// The first value of that name (any letter case) that is text.
    fn get(&self, name: &str) -> Option<&str>;

    /// The values of all of them that are text.
    fn all(&self) -> Vec<&str>;
}

/// What a parameter was sent as.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'r> {
    Text(Cow<'r, str>),
    /// A member of a JSON body that is no string.
    Json(Json),
    File(File),
}

/// An uploaded part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub name: String,
    pub content_type: String,
    pub bytes: Bytes,
}
