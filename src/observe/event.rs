//! One simulated request with its reply, kept as it came and drawn as JSON when somebody asks.

use crate::world::{Change, Millis, WorldName};
use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What happened, before it is numbered.
#[derive(Debug)]
pub struct Event {
    /// Real time at which the request was complete.
    pub at: Millis,
    /// The world's time at which it was decided; none if it never came that far.
    pub world_time: Option<Millis>,
    pub took_micros: u64,
    pub world: WorldName,
    /// The `id`; none if no endpoint was found.
    pub endpoint: Option<Arc<str>>,
    pub sent: Sent,
    pub answered: Answered,
    pub rule: Option<Arc<Rule>>,
    pub changes: Vec<Change>,
    pub secrets: Secrets,
}

/// Names of parameters whose values are passwords, in lower case. They are masked when an event is drawn.
pub type Secrets = Arc<[Box<str>]>;

/// A request, in one piece of memory: a line with method and target, a line for each header, an empty line, the body.
///
/// Small bodies are copied: kept as slices they would keep the whole read buffers of their connections alive.
#[derive(Debug)]
pub struct Sent {
    raw: Box<[u8]>,
    large_body: Bytes,
}

#[derive(Clone, Debug)]
pub struct Answered {
    pub http_status: u16,
    pub body: Bytes,
}

/// What decided, as the explaining headers have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub code: String,
    pub reason: String,
    /// `file:line`.
    pub source: String,
}

/// Bodies longer than this are shared, not copied.
const SMALL: usize = 4 << 10;

impl Sent {
    pub fn new<'h>(
        method: &str,
        path: &str,
        query: &str,
        headers: impl Iterator<Item = (&'h str, &'h [u8])>,
        body: &Bytes,
    ) -> Self {
        let is_small = body.len() <= SMALL;
        let mut raw =
            Vec::with_capacity(method.len() + path.len() + query.len() + 256 + if is_small { body.len() } else { 0 });
        raw.extend_from_slice(method.as_bytes());
        raw.push(b' ');
        raw.extend_from_slice(path.as_bytes());
        if !query.is_empty() {
            raw.push(b'?');
            raw.extend_from_slice(query.as_bytes());
        }
        raw.push(b'\n');
        for (name, value) in headers.filter(|(name, _)| !is_noise(name)) {
            raw.extend_from_slice(name.as_bytes());
            raw.extend_from_slice(b": ");
            raw.extend_from_slice(value);
            raw.push(b'\n');
        }
        raw.push(b'\n');
        let large_body = if is_small {
            raw.extend_from_slice(body);
            Bytes::new()
        } else {
            body.clone()
        };
        Self { raw: raw.into_boxed_slice(), large_body }
    }

    fn cost(&self) -> usize {
        self.raw.len() + self.large_body.len()
    }

    fn parts(&self) -> (&str, &[u8], &[u8]) {
        let end_of_line = self.raw.iter().position(|byte| *byte == b'\n').unwrap_or(self.raw.len());
        let (line, rest) = self.raw.split_at(end_of_line);
        // Right behind the line where there is no header.
        let end_of_head = rest.windows(2).position(|pair| pair == b"\n\n").unwrap_or(rest.len());
        let (head, body) = rest.split_at(end_of_head);
        let small_body = body.get(2..).unwrap_or_default();
        let body = if self.large_body.is_empty() { small_body } else { &self.large_body };
        (std::str::from_utf8(line).unwrap_or_default(), head, body)
    }
}

/// Headers that say how a message travels and nothing about what is asked.
fn is_noise(name: &str) -> bool {
    name.starts_with("sec-")
        || name.starts_with("accept")
        || matches!(
            name,
            "host"
                | "connection"
                | "content-length"
                | "cache-control"
                | "pragma"
                | "priority"
                | "te"
                | "dnt"
                | "transfer-encoding"
                | "upgrade-insecure-requests"
        )
}

impl Rule {
    fn draw(&self) -> DrawnRule<'_> {
        DrawnRule { code: &self.code, reason: &self.reason, source: &self.source }
    }
}

impl Event {
    /// Bytes that it holds, roughly.
    pub(super) fn cost(&self) -> usize {
        let fixed = size_of::<Self>() + self.changes.len() * 512;
        fixed + self.sent.cost() + self.answered.body.len()
    }

    /// As one line of JSON. What was sent and answered as JSON stands in it letter for letter, but for passwords.
    pub(super) fn draw(&self, number: u64) -> Option<Box<RawValue>> {
        let (line, head, body) = self.sent.parts();
        let (method, target) = line.split_once(' ').unwrap_or((line, ""));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let head = String::from_utf8_lossy(head);
        let headers: Map<String, Value> = head
            .lines()
            .filter_map(|header| header.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let content_type = headers.get("content-type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let drawn = Drawn {
            number,
            at: time(self.at),
            world: self.world.as_str(),
            world_time: self.world_time.and_then(time),
            took_us: self.took_micros,
            endpoint: self.endpoint.as_deref(),
            request: DrawnRequest {
                method,
                path: masked_path(path, &self.secrets),
                query: masked_pairs(query, &self.secrets),
                headers,
                body_size: body.len(),
                body: draw_body(body, &content_type, &self.secrets),
            },
            reply: DrawnReply { http_status: self.answered.http_status, body: as_json_or_text(&self.answered.body) },
            rule: self.rule.as_deref().map(Rule::draw),
            changes: &self.changes,
        };
        to_raw_value(&drawn).ok()
    }
}

#[derive(Serialize)]
struct Drawn<'e> {
    number: u64,
    at: Option<String>,
    world: &'e str,
    world_time: Option<String>,
    took_us: u64,
    endpoint: Option<&'e str>,
    request: DrawnRequest<'e>,
    reply: DrawnReply,
    rule: Option<DrawnRule<'e>>,
    changes: &'e [Change],
}

#[derive(Serialize)]
struct DrawnRequest<'e> {
    method: &'e str,
    path: String,
    query: String,
    headers: Map<String, Value>,
    body_size: usize,
    body: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct DrawnRule<'e> {
    code: &'e str,
    reason: &'e str,
    source: &'e str,
}

#[derive(Serialize)]
struct DrawnReply {
    http_status: u16,
    body: Option<Box<RawValue>>,
}

fn time(millis: Millis) -> Option<String> {
    Timestamp::from_millisecond(millis).ok().map(|time| time.to_string())
}

const MASK: &str = "***";

fn is_secret(name: &str, secrets: &Secrets) -> bool {
    let name = name.to_lowercase();
    secrets.iter().any(|secret| **secret == *name)
}

/// Form fields as text, passwords masked; the rest as it was sent.
fn masked_pairs(pairs: &str, secrets: &Secrets) -> String {
    let masked = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_secret(&percent_decode_str(name).decode_utf8_lossy(), secrets) => {
            format!("{name}={MASK}")
        }
        _ => pair.to_owned(),
    };
    pairs.split('&').map(masked).collect::<Vec<_>>().join("&")
}

/// A name and its value may be two segments of the path.
fn masked_path(path: &str, secrets: &Secrets) -> String {
    let mut after_secret = false;
    let masked = |segment: &str| {
        let shown = if after_secret { MASK } else { segment }.to_owned();
        after_secret = is_secret(&percent_decode_str(segment).decode_utf8_lossy(), secrets);
        shown
    };
    path.split('/').map(masked).collect::<Vec<_>>().join("/")
}

/// A form as text, JSON as JSON; nothing for what cannot be searched for passwords.
fn draw_body(body: &[u8], content_type: &str, secrets: &Secrets) -> Option<Box<RawValue>> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let body = String::from_utf8_lossy(body);
        return to_raw_value(&masked_pairs(&body, secrets)).ok();
    }
    let mut value: Value = serde_json::from_slice(body).ok()?;
    if mask(&mut value, secrets) { to_raw_value(&value).ok() } else { serde_json::from_slice(body).ok() }
}

fn as_json_or_text(body: &[u8]) -> Option<Box<RawValue>> {
    serde_json::from_slice(body).or_else(|_| to_raw_value(&String::from_utf8_lossy(body))).ok()
}

/// Whether there was anything to mask.
fn mask(value: &mut Value, secrets: &Secrets) -> bool {
    let mut masked = false;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if is_secret(name, secrets) {
                    *member = MASK.into();
                    masked = true;
                } else {
                    masked |= mask(member, secrets);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                masked |= mask(item, secrets);
            }
        }
        _ => {}
    }
    masked
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::observe) fn event(target: &str, content_type: &str, body: &str) -> Event {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = [("content-type", content_type), ("host", "localhost"), ("token", "t1")];
        let headers =
            headers.iter().map(|(name, value)| (*name, value.as_bytes())).filter(|(_, value)| !value.is_empty());
        Event {
            at: 0,
            world_time: Some(660_000),
            took_micros: 12,
            world: WorldName::default(),
            endpoint: Some("POST /login".into()),
            sent: Sent::new("POST", path, query, headers, &Bytes::from(body.to_owned())),
            answered: Answered { http_status: 200, body: Bytes::from_static(br#"{"code":1010,"sum":1.10}"#) },
            rule: Some(Arc::new(Rule {
                code: "1010".into(),
                reason: "wrong password".into(),
                source: "a.md:7".into(),
            })),
            changes: vec![Change::PasscodeSpent { id: 3, at: 9 }],
            secrets: Arc::from([Box::from("password"), Box::from("密码")]),
        }
    }

    #[test]
    fn an_event_is_drawn_whole_and_without_passwords() {
        let drawn = event(
            "/login?a=1&Password=s3cret",
            "application/json",
            r#"{"phone":"1","x":{"password":"s3cret"},"n":1.10}"#,
        )
        .draw(7)
        .unwrap();
        assert_eq!(
            drawn.to_string(),
            concat!(
                r#"{"number":7,"at":"1970-01-01T00:00:00Z","world":"default","world_time":"1970-01-01T00:11:00Z","took_us":12,"#,
                r#""endpoint":"POST /login","request":{"method":"POST","path":"/login","query":"a=1&Password=***","#,
                r#""headers":{"content-type":"application/json","token":"t1"},"body_size":48,"#,
                r#""body":{"phone":"1","x":{"password":"***"},"n":1.1}},"reply":{"http_status":200,"body":{"code":1010,"sum":1.10}},"#,
                r#""rule":{"code":"1010","reason":"wrong password","source":"a.md:7"},"#,
                r#""changes":[{"change":"passcode-spent","id":3,"at":9}]}"#
            )
        );
    }

    #[test]
    fn no_way_of_sending_a_password_shows_it() {
        for (target, content_type, body) in [
            ("/login/password/s3cret/x", "", ""),
            ("/login?%70assword=s3cret", "", ""),
            ("/login", "application/x-www-form-urlencoded", "phone=1&pass%77ord=s3cret&%E5%AF%86%E7%A0%81=s3cret"),
            ("/login", "", r#"{"password":["s3cret"]}"#),
            ("/login", "application/json", r#"{"password":"s3cret""#),
            (
                "/login",
                "multipart/form-data; boundary=X",
                "--X\r\nContent-Disposition: form-data; name=password\r\n\r\ns3cret\r\n--X--",
            ),
        ] {
            let drawn = event(target, content_type, body).draw(1).unwrap().to_string();
            assert!(!drawn.contains("s3cret"), "{drawn}");
        }
    }

    #[test]
    fn large_bodies_are_kept_too() {
        let body = format!(r#"{{"a":"{}"}}"#, "x".repeat(2 * SMALL));
        let event = event("/a", "application/json", &body);
        assert!(event.draw(1).unwrap().get().contains(&body));
        assert!(event.cost() > 2 * SMALL);
    }

    #[test]
    fn what_has_no_headers_is_read_back_too() {
        let sent = Sent::new("GET", "/a", "", std::iter::empty(), &Bytes::from_static(b"x\n\ny"));
        assert_eq!(sent.parts(), ("GET /a", &b""[..], &b"x\n\ny"[..]));
    }
}
