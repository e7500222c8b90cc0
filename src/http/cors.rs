//! Cross-origin rules of the simulated API: any page may call it, as it may call the real one behind its gateway.
//!
//! The admin interface has none of this, on purpose: without these headers a browser keeps its replies from foreign pages.

use super::origin::Origin;
use super::server::Reply;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use hyper::{Method, Response, StatusCode};

/// Which origins may send credentials beside those of loopback: `--allow-origin`.
#[derive(Clone, Debug, Default)]
pub struct CorsPolicy {
    pub allowed_origins: Vec<Origin>,
}

const EXPOSED: HeaderValue =
    HeaderValue::from_static("X-Docsim-Endpoint, X-Docsim-Rule, X-Docsim-Source, X-Docsim-Answered-By, X-Docsim-Drift");
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// Whether the request is a browser's question before the real request.
pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight: whatever method and headers are asked for.
pub fn preflight(policy: &CorsPolicy, asked: &HeaderMap) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::new()));
    *reply.status_mut() = StatusCode::NO_CONTENT;
    let headers = reply.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods(asked));
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if let Some(origin) = asked.get(ORIGIN) {
        decorate(policy, origin, headers);
    }
    headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Method, Access-Control-Request-Headers"));
    reply
}

/// Adds what a page of `origin` needs in order to read a reply.
pub fn decorate(policy: &CorsPolicy, origin: &HeaderValue, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.append(VARY, HeaderValue::from_static("Origin"));
    headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    if may_send_credentials(policy, origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

fn may_send_credentials(policy: &CorsPolicy, origin: &HeaderValue) -> bool {
    let origin = origin.to_str().ok().and_then(Origin::parse);
    origin.is_some_and(|origin| origin.host.is_loopback() || policy.allowed_origins.contains(&origin))
}

fn methods(asked: &HeaderMap) -> HeaderValue {
    let method = asked.get(ACCESS_CONTROL_REQUEST_METHOD).and_then(|method| method.to_str().ok());
    match method {
        Some(method) if !METHODS.split(", ").any(|known| known == method) => {
            HeaderValue::from_str(&format!("{METHODS}, {method}")).unwrap_or(HeaderValue::from_static(METHODS))
        }
        _ => HeaderValue::from_static(METHODS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decorated(origin: &str) -> HeaderMap {
        let policy = CorsPolicy { allowed_origins: vec![Origin::parse("https://app.example").unwrap()] };
        let mut headers = HeaderMap::new();
        decorate(&policy, &HeaderValue::from_str(origin).unwrap(), &mut headers);
        headers
    }

    #[test]
    fn any_origin_is_reflected_but_few_may_send_credentials() {
        for (origin, credentials) in [
            ("http://localhost:5173", true),
            ("https://127.0.0.1", true),
            ("http://[::1]:8080", true),
            ("https://app.example", true),
            ("https://app.example:8443", false),
            ("http://app.example", false),
            ("http://localhost.attacker.com", false),
            ("https://attacker.com", false),
            ("null", false),
        ] {
            let headers = decorated(origin);
            assert_eq!(headers["access-control-allow-origin"], origin);
            assert_eq!(headers["vary"], "Origin");
            assert_eq!(headers.contains_key("access-control-allow-credentials"), credentials, "{origin}");
        }
    }

    #[test]
    fn a_preflight_is_granted_what_it_asks_for() {
        let asked: HeaderMap = [
            (ORIGIN, "http://a.example"),
            (ACCESS_CONTROL_REQUEST_METHOD, "PURGE"),
            (ACCESS_CONTROL_REQUEST_HEADERS, "token, x-docsim-world"),
        ]
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect();
        assert!(is_preflight(&Method::OPTIONS, &asked));
        assert!(!is_preflight(&Method::GET, &asked));
        let reply = preflight(&CorsPolicy::default(), &asked);
        assert_eq!(reply.status(), 204);
        assert_eq!(reply.headers()["access-control-allow-methods"], format!("{METHODS}, PURGE"));
        assert_eq!(reply.headers()["access-control-allow-headers"], "token, x-docsim-world");
        assert_eq!(reply.headers()["access-control-max-age"], "600");
        assert_eq!(reply.headers().get_all("vary").iter().count(), 2);
    }
}
