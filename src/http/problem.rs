//! Problem documents (RFC 9457): how docsim itself refuses. What the simulated API refuses is an ordinary reply instead.

use super::server::Reply;
use crate::engine::{Scarce, TooLarge};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::{Response, StatusCode};
use serde_json::{Map, Value};
use std::time::Duration;

/// Goes with a reply that refuses for the sake of a limit: its name.
#[derive(Clone, Copy)]
pub(super) struct OverLimit(pub(super) &'static str);

/// A refusal with its reason. `detail` is a sentence for a person; members are for programs.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub status: StatusCode,
    pub detail: String,
    members: Vec<(&'static str, Value)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    limit: Option<&'static str>,
    /// The rest of the request has not been read, so nothing can follow it on its connection.
    pub(super) closes: bool,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), members: Vec::new(), headers: Vec::new(), limit: None, closes: false }
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// A request that is understood and cannot be followed: a wrong member, a wrong value.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// More than a limit allows: `name` is what `--limit` calls it, `of` what there may be so many of.
    pub fn over(status: StatusCode, name: &'static str, limit: usize, of: &str) -> Self {
        let detail = format!("the limit is {limit} {of}; `--limit {name}=…` sets it");
        Self::new(status, detail).limited(limit, name)
    }

    /// What did not come within its time.
    pub fn late(name: &'static str, limit: Duration, what: &str) -> Self {
        let limit = limit.as_secs_f64();
        let detail = format!("{what} did not come within {limit} s; `--limit {name}=…` sets that");
        Self::new(StatusCode::REQUEST_TIMEOUT, detail).limited(limit, name)
    }

    /// What a world has no room for.
    pub fn no_room(too_large: &TooLarge) -> Self {
        let status = match too_large.of {
            Scarce::File | Scarce::Files => StatusCode::PAYLOAD_TOO_LARGE,
            Scarce::Accounts | Scarce::Records | Scarce::RecordsSize | Scarce::WorldsSize => {
                StatusCode::INSUFFICIENT_STORAGE
            }
        };
        Self::new(status, too_large.to_string()).limited(too_large.limit, too_large.name())
    }

    fn limited(self, limit: impl Into<Value>, name: &'static str) -> Self {
        Self { limit: Some(name), ..self.member("limit", limit).member("limit_name", name) }
    }

    /// Names the methods that are allowed, in the header and in the document.
    pub fn method_not_allowed(method: &str, allowed: &[&str]) -> Self {
        let list = allowed.join(", ");
        let header = HeaderValue::from_str(&list).ok().map(|value| (ALLOW, value));
        let mut problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed here; {list} is"))
            .member("allowed", allowed.to_vec());
        problem.headers.extend(header);
        problem
    }

    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    #[must_use]
    pub(super) fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    pub fn document(&self) -> Value {
        let mut document = Map::new();
        document.insert("type".into(), "about:blank".into());
        document.insert("title".into(), self.status.canonical_reason().unwrap_or("Error").into());
        document.insert("status".into(), self.status.as_u16().into());
        document.insert("detail".into(), self.detail.as_str().into());
        for (name, value) in &self.members {
            document.insert((*name).into(), value.clone());
        }
        Value::Object(document)
    }

    pub fn reply(self) -> Reply {
        self.into_response().map(Full::new)
    }

    /// As it goes over the wire where nothing follows it: to who speaks no HTTP, came too late or is one too many.
    pub(super) fn wire(&self) -> Bytes {
        let (status, body) = (self.status, self.document().to_string());
        let length = body.len();
        Bytes::from(format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n\
             x-content-type-options: nosniff\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        let mut reply = Response::new(Bytes::from(self.document().to_string()));
        *reply.status_mut() = self.status;
        self.limit.map(|name| reply.extensions_mut().insert(OverLimit(name)));
        let headers = reply.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.closes {
            headers.insert(hyper::header::CONNECTION, HeaderValue::from_static("close"));
        }
        headers.extend(self.headers);
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_over_the_wire_is_whole() {
        let text = Problem::over(StatusCode::SERVICE_UNAVAILABLE, "worlds", 3, "worlds").wire();
        let text = std::str::from_utf8(&text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!((&body["limit"], &body["limit_name"]), (&3.into(), &"worlds".into()));
    }

    #[test]
    fn a_problem_says_what_and_for_whom() {
        let reply = Problem::method_not_allowed("PUT", &["GET", "POST"]).reply();
        assert_eq!(reply.status(), 405);
        assert_eq!(reply.headers()["allow"], "GET, POST");
        assert_eq!(reply.headers()["content-type"], "application/problem+json");
        assert_eq!(
            Problem::not_found("no such thing").member("near", vec!["a"]).document().to_string(),
            r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"no such thing","near":["a"]}"#
        );
    }
}
