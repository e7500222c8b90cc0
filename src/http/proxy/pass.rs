//! A request on its way to the backend, and its reply on the way back: all as it came, but for what belongs to one
//! connection (RFC 9110, 7.6.1) and what is docsim's own affair.

use crate::client::{Client, Passing, Trouble};
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderMap,
    HeaderName, HeaderValue, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

pub(super) async fn pass(client: &Client, head: &Parts, body: &Bytes) -> Result<Passing, Trouble> {
    if head.method == Method::CONNECT {
        return Err(Trouble::Request("CONNECT asks for a tunnel, and there is none".to_owned()));
    }
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let path = if path == "*" { "/" } else { path };
    let mut passing =
        client.pass(head.method.clone(), path, request_headers(&head.headers, body), body.clone()).await?;
    if passing.reply.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Err(Trouble::Other("it switches to another protocol, which nobody asked for".to_owned()));
    }
    // How long the rest is, only the backend knows.
    let keeps_length = head.method == Method::HEAD || passing.rest.is_some();
    reply_headers(passing.reply.headers_mut(), keeps_length);
    Ok(passing)
}

fn request_headers(sent: &HeaderMap, body: &Bytes) -> HeaderMap {
    let mut headers = sent.clone();
    end_to_end(&mut headers);
    without_docsims(&mut headers);
    // The client writes the target's own.
    headers.remove(HOST);
    headers.remove(EXPECT);
    // What is compressed could not be held against the documents.
    if headers.contains_key(ACCEPT_ENCODING) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    if headers.remove(CONTENT_LENGTH).is_some() || !body.is_empty() {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    headers
}

/// The backend's own CORS headers are of its own origin; docsim's take their place. What a backend says in docsim's name is
/// not passed on either.
fn reply_headers(headers: &mut HeaderMap, keeps_length: bool) {
    end_to_end(headers);
    without_docsims(headers);
    if !keeps_length {
        headers.remove(CONTENT_LENGTH); // of the body as it was read
    }
    for name in [
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
    ] {
        headers.remove(name);
    }
}

fn without_docsims(headers: &mut HeaderMap) {
    let own: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with("x-docsim-")).cloned().collect();
    for name in own {
        headers.remove(name);
    }
}

/// Takes away what is about one connection only: the fixed ones, and those that `Connection` names.
fn end_to_end(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE] {
        headers.remove(name);
    }
    for name in ["keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization"] {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn what_is_of_one_connection_goes_no_further() {
        let mut sent = headers(&[
            ("connection", "close, X-Private"),
            ("connection", "x-other"),
            ("x-private", "1"),
            ("x-other", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("upgrade", "websocket"),
            ("proxy-authorization", "Basic x"),
            ("cookie", "a=b"),
        ]);
        end_to_end(&mut sent);
        assert_eq!(sent, headers(&[("cookie", "a=b")]));
    }

    #[test]
    fn docsims_own_words_do_not_reach_the_backend_nor_come_from_it() {
        let sent = headers(&[
            ("host", "localhost:3000"),
            ("x-docsim-world", "a"),
            ("token", "t"),
            ("accept-encoding", "gzip"),
        ]);
        let passed = request_headers(&sent, &Bytes::from_static(b"ab"));
        assert_eq!(passed, headers(&[("token", "t"), ("accept-encoding", "identity"), ("content-length", "2")]));
        let mut reply = headers(&[
            ("x-docsim-drift", "none"),
            ("access-control-allow-origin", "*"),
            ("access-control-allow-credentials", "true"),
            ("access-control-expose-headers", "x-total"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
        ]);
        reply_headers(&mut reply, false);
        let kept =
            headers(&[("access-control-expose-headers", "x-total"), ("set-cookie", "a=1"), ("set-cookie", "b=2")]);
        assert_eq!(reply, kept);
    }
}
