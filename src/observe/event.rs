//! One simulated request with its reply, kept as it came and drawn as JSON when somebody asks.

use super::mask::{Mask, Secrets};
use super::parts;
use crate::world::{Change, Millis, WorldName};
use bytes::Bytes;
use jiff::Timestamp;
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
    /// Where a proxy stands before a backend: who answered.
    pub passed: Option<Passed>,
    /// What is masked when the event is drawn.
    pub secrets: Arc<Secrets>,
}

/// A request, in one piece of memory: a line with method and target, a line for each header, an empty line, the body, and
/// the values that were read as secrets.
///
/// Small bodies are copied: kept as slices they would keep the whole read buffers of their connections alive.
#[derive(Debug)]
pub struct Sent {
    raw: Box<[u8]>,
    /// Where in `raw` the secrets begin.
    secrets_at: usize,
    large_body: Bytes,
    body_size: usize,
    understood: bool,
}

#[derive(Clone, Debug)]
pub struct Answered {
    /// 0 where a fault closed the connection in place of a reply.
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

/// Who answered, and what there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The backend, and not the simulator.
    pub by_backend: bool,
    /// Why it was simulated.
    pub because: Option<String>,
    /// How the backend's reply differs from its documents.
    pub drift: Vec<Drift>,
}

/// One difference between a reply and its documents. None of its texts holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    pub kind: &'static str,
    pub basis: &'static str,
    /// Where in the reply.
    pub at: String,
    pub expected: String,
    pub got: String,
    /// `file:line`.
    pub source: String,
}

/// Bodies longer than this are shared, not copied.
const SMALL: usize = 4 << 10;

impl Sent {
    /// `secrets` are the values that were read as such, a line each; none where the body could not be taken apart. Nobody
    /// knows what is in that, so it is not kept.
    pub fn new<'h, I: Iterator<Item = (&'h str, &'h [u8])>>(
        method: &str,
        path: &str,
        query: &str,
        headers: impl Fn() -> I,
        body: &Bytes,
        secrets: Option<&str>,
    ) -> Self {
        let (body_size, understood) = (body.len(), secrets.is_some());
        let body = if understood { body } else { &Bytes::new() };
        let secrets = secrets.unwrap_or_default();
        let is_small = body.len() <= SMALL;
        let headers = || headers().filter(|(name, _)| !is_noise(name));
        let head: usize = headers().map(|(name, value)| name.len() + value.len() + 3).sum();
        // Exactly, or what is left over would be given back.
        let mut raw = Vec::with_capacity(
            method.len()
                + 1
                + path.len()
                + if query.is_empty() { 0 } else { query.len() + 1 }
                + 1
                + head
                + 1
                + if is_small { body.len() } else { 0 }
                + secrets.len(),
        );
        raw.extend_from_slice(method.as_bytes());
        raw.push(b' ');
        raw.extend_from_slice(path.as_bytes());
        if !query.is_empty() {
            raw.push(b'?');
            raw.extend_from_slice(query.as_bytes());
        }
        raw.push(b'\n');
        for (name, value) in headers() {
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
        let secrets_at = raw.len();
        raw.extend_from_slice(secrets.as_bytes());
        Self { raw: raw.into_boxed_slice(), secrets_at, large_body, body_size, understood }
    }

    fn cost(&self) -> usize {
        self.raw.len() + self.large_body.len()
    }

    fn secrets(&self) -> &str {
        self.raw.get(self.secrets_at..).and_then(|secrets| std::str::from_utf8(secrets).ok()).unwrap_or_default()
    }

    fn parts(&self) -> (&str, &[u8], &[u8]) {
        let raw = self.raw.get(..self.secrets_at).unwrap_or_default();
        let end_of_line = raw.iter().position(|byte| *byte == b'\n').unwrap_or(raw.len());
        let (line, rest) = raw.split_at(end_of_line);
        // Right behind the line where there is no header.
        let end_of_head = rest.windows(2).position(|pair| pair == b"\n\n").unwrap_or(rest.len());
        let (head, body) = rest.split_at(end_of_head);
        let small_body = body.get(2..).unwrap_or_default();
        let body = if self.large_body.is_empty() { small_body } else { &self.large_body };
        (std::str::from_utf8(line).unwrap_or_default(), head, body)
    }
}

/// Headers that say how a message travels and nothing about what is asked, nor to which address it came.
fn is_noise(name: &str) -> bool {
    name.starts_with("sec-")
        || name.starts_with("accept")
        || matches!(
            name,
            "connection"
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

    /// Method and path, what may be a secret in it masked.
    pub(super) fn masked_path(&self) -> String {
        let (method, target) = self.sent.parts().0.split_once(' ').unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        format!("{method} {}", Mask::new(&self.secrets, self.sent.secrets()).path(path))
    }

    /// The request as it came, but for headers that say nothing and a large body.
    pub(super) fn sent_text(&self) -> String {
        let (line, head, body) = self.sent.parts();
        let shown = body.get(..body.len().min(SMALL)).unwrap_or_default();
        format!("{line}{}\n\n{}", String::from_utf8_lossy(head), String::from_utf8_lossy(shown))
    }

    /// As one line of JSON. What was sent and answered as JSON stands in it letter for letter, but for secrets.
    pub fn draw(&self, number: u64) -> Option<Box<RawValue>> {
        let mut mask = Mask::new(&self.secrets, self.sent.secrets());
        let known = mask.known();
        let mut request = self.sent.draw(&mut mask);
        if mask.known() > known {
            // What was found under a secret's name may stand elsewhere before it.
            request = self.sent.draw(&mut mask);
        }
        let answered = String::from_utf8_lossy(&self.answered.body);
        let drawn = Drawn {
            number,
            at: time(self.at),
            world: self.world.as_str(),
            world_time: self.world_time.and_then(time),
            took_us: self.took_micros,
            endpoint: self.endpoint.as_deref(),
            request,
            reply: DrawnReply {
                http_status: self.answered.http_status,
                body: as_json_or_text(&mask.reply(&answered, !self.sent.understood)),
            },
            rule: self.rule.as_deref().map(Rule::draw),
            changes: &self.changes,
            answered_by: self.passed.as_ref().map(|passed| if passed.by_backend { "backend" } else { "simulated" }),
            because: self.passed.as_ref().and_then(|passed| passed.because.as_deref()),
            drift: self.passed.as_ref().map(|passed| passed.drift.as_slice()).filter(|drift| !drift.is_empty()),
        };
        to_raw_value(&drawn).ok()
    }
}

/// A request as it came.
pub struct Raw<'e> {
    pub method: &'e str,
    pub path: &'e str,
    pub query: &'e str,
    pub headers: Vec<(&'e str, &'e str)>,
    pub body: &'e [u8],
}

impl Sent {
    /// None where its body was not understood, and so not kept.
    pub fn raw(&self) -> Option<Raw<'_>> {
        let (line, head, body) = self.parts();
        let (method, target) = line.split_once(' ')?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = std::str::from_utf8(head).ok()?.lines().filter_map(|header| header.split_once(": "));
        self.understood.then(|| Raw { method, path, query, headers: headers.collect(), body })
    }

    fn draw(&self, mask: &mut Mask<'_>) -> DrawnRequest<'_> {
        let (line, head, body) = self.parts();
        let (method, target) = line.split_once(' ').unwrap_or((line, ""));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (path, query) = (mask.path(path), mask.query(query));
        let head = String::from_utf8_lossy(head);
        let headers = || head.lines().filter_map(|header| header.split_once(": "));
        let content_type = headers().find(|(name, _)| *name == "content-type").map(|(_, value)| value.trim());
        let body = draw_body(body, content_type.unwrap_or_default(), mask);
        let headers = headers().map(|(name, value)| (name.to_owned(), mask.header(name, value).into())).collect();
        DrawnRequest { method, path, query, headers, body_size: self.body_size, body }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<&'e [Drift]>,
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

/// A form as text, a multipart body as a list of its parts, JSON as JSON; nothing for what cannot be searched for secrets.
fn draw_body(body: &[u8], content_type: &str, mask: &mut Mask<'_>) -> Option<Box<RawValue>> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return to_raw_value(&mask.form(body)).ok();
    }
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        return to_raw_value(&parts::parts(body, content_type, mask)?).ok();
    }
    let valid: &RawValue = serde_json::from_slice(body).ok()?;
    RawValue::from_string(mask.json(valid.get())).ok()
}

fn as_json_or_text(text: &str) -> Option<Box<RawValue>> {
    serde_json::from_str(text).or_else(|_| to_raw_value(text)).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::observe) fn event(target: &str, content_type: &str, body: &str) -> Event {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = [("content-type", content_type), ("host", "localhost"), ("token", "t1")];
        let headers =
            || headers.iter().map(|(name, value)| (*name, value.as_bytes())).filter(|(_, value)| !value.is_empty());
        Event {
            at: 0,
            world_time: Some(660_000),
            took_micros: 12,
            world: WorldName::default(),
            endpoint: Some("POST /login".into()),
            sent: Sent::new("POST", path, query, headers, &Bytes::from(body.to_owned()), Some("")),
            answered: Answered { http_status: 200, body: Bytes::from_static(br#"{"code":1010,"sum":1.10}"#) },
            rule: Some(Arc::new(Rule {
                code: "1010".into(),
                reason: "wrong password".into(),
                source: "a.md:7".into(),
            })),
            changes: vec![Change::PasscodeSpent { id: 3, at: 9 }],
            passed: None,
            secrets: Arc::new(Secrets::new(["password", "密码"], [], [])),
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
                r#""headers":{"content-type":"application/json","host":"localhost","token":"***"},"body_size":48,"#,
                r#""body":{"phone":"1","x":{"password":"***"},"n":1.10}},"reply":{"http_status":200,"body":{"code":1010,"sum":1.10}},"#,
                r#""rule":{"code":"1010","reason":"wrong password","source":"a.md:7"},"#,
                r#""changes":[{"change":"passcode-spent","id":3,"at":9}]}"#
            )
        );
    }

    #[test]
    fn what_was_not_understood_is_not_kept() {
        let body = Bytes::from_static(br#"{"password":"s3cret""#);
        let sent = Sent::new("POST", "/login", "", std::iter::empty, &body, None);
        let answered =
            Answered { http_status: 400, body: Bytes::from_static(br#"{"detail":"the value of {password:s3cret"}"#) };
        let drawn = Event { sent, answered, ..event("/login", "", "") }.draw(1).unwrap().to_string();
        assert!(drawn.contains(r#""body_size":20,"body":null}"#) && !drawn.contains("s3cret"), "{drawn}");
    }

    #[test]
    fn what_was_read_as_a_secret_is_masked_wherever_it_stands() {
        let headers = || [("x-note", &b"s3cret"[..])].into_iter();
        let body = Bytes::from_static(br#"{"a":"b","c":"s3cret"}"#);
        let sent = Sent::new("POST", "/login/s3cret", "x=%733cret", headers, &body, Some("s3cret"));
        let answered = Answered { http_status: 404, body: Bytes::from_static(br#"{"detail":"no /login/s3cret"}"#) };
        let drawn = Event { sent, answered, ..event("/login", "", "") }.draw(1).unwrap().to_string();
        assert!(drawn.contains(r#""path":"/login/***","query":"x=***","headers":{"x-note":"***"}"#), "{drawn}");
        assert!(drawn.contains(r#""body":{"a":"b","c":"***"}}"#) && drawn.contains(r#""no /login/***""#), "{drawn}");
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
        let sent = Sent::new("GET", "/a", "", std::iter::empty, &Bytes::from_static(b"x\n\ny"), Some("s"));
        assert_eq!((sent.parts(), sent.secrets()), (("GET /a", &b""[..], &b"x\n\ny"[..]), "s"));
    }
}
