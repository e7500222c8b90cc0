//! A backend behind docsim: what it has is passed through and checked on the way, what it lacks is simulated.
//!
//! In: a request of the API with its body read. Out: the backend's own reply, byte for byte, with headers that say how it
//! differs from the documents; or the simulator's. What is too large to be held, or never ends, goes on as it comes, and its
//! beginning is held against the documents. Where the backend stands is said on the command line and nowhere else.

mod beginning;
mod doors;
mod pass;
mod recorder;
mod told;

pub use doors::{Desk, Front};
pub use recorder::Recorder;

use super::convert::Fields;
use super::outgoing::Stream;
use super::problem::Problem;
use super::served::header;
use super::simulated::{Asked, Carried, Ended};
use crate::client::{self, Client, Passing, Rest, Trouble};
use crate::contract;
use crate::engine::follow;
use crate::engine::request::Request;
use crate::generation::Generation;
use crate::json::Json;
use crate::observe::Passed;
use crate::scenario::record::Taken;
use crate::scenario::run;
use crate::spec::route::Routed;
use hyper::body::Bytes;
use hyper::header::{CONTENT_ENCODING, HeaderName, HeaderValue, SET_COOKIE};
use hyper::{Method, Response, StatusCode};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use told::Told;

const ANSWERED_BY: HeaderName = HeaderName::from_static("x-docsim-answered-by");
const DRIFT: HeaderName = HeaderName::from_static("x-docsim-drift");
/// More are counted and not named, lest clients refuse the headers.
const MOST_NAMED: usize = 8;
/// Of what streams on, the journal keeps so many bytes.
const KEPT: usize = 64 << 10;

pub struct Proxy {
    client: Client,
    /// As the command line names them; each generation is asked anew which endpoints they are.
    mocked: Vec<String>,
    /// Where the API is, and where the admin interface: each is looked for at the other.
    pub(super) api: SocketAddr,
    admin: SocketAddr,
    told: Told,
    recorder: Option<Arc<Recorder>>,
}

impl Proxy {
    pub fn new(client: Client, mocked: Vec<String>, api: SocketAddr, admin: SocketAddr) -> Self {
        Self { client, mocked, api, admin, told: Told::default(), recorder: None }
    }

    /// The same, and what passes is kept.
    #[must_use]
    pub fn recording(self, recorder: Arc<Recorder>) -> Self {
        Self { recorder: Some(recorder), ..self }
    }

    fn record(&self, taken: impl FnOnce() -> Taken) {
        if let Some(recorder) = &self.recorder
            && recorder.take(taken())
        {
            tracing::warn!("the recording is full; what comes from now on is not in it");
        }
    }

    fn is_mocked(&self, generation: &Generation, endpoint: usize) -> bool {
        self.mocked.iter().any(|name| crate::scenario::names::endpoint(generation, name) == Ok(endpoint))
    }

    /// What the client is told where no reply came.
    fn refusal(&self, asked: &Asked<'_>, trouble: &Trouble) -> Problem {
        let status = match trouble {
            Trouble::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        let hint = match trouble {
            Trouble::TimedOut(_) => "; --timeout sets how long the proxy waits for a reply to begin",
            Trouble::Refused(_) => "; no document has this path, so nothing is simulated in its place",
            _ => "",
        };
        // The path may hold a secret, and a problem is kept in the journal; the client knows what it asked for.
        let (method, target) = (asked.head.method.as_str(), self.client.target());
        Problem::new(status, format!("{method} was passed on to {target}: {trouble}{hint}"))
            .member("target", target.to_string())
    }
}

/// Answers one request. `fields` may be a problem: what docsim cannot take apart, the backend may know well.
pub(super) async fn run(
    proxy: &Proxy,
    asked: &Asked<'_>,
    path: &str,
    fields: Result<Fields<'_>, Problem>,
    body: &Bytes,
) -> Ended {
    let generation = &asked.served.generation;
    let headers = Carried(&asked.head.headers);
    let is_understood = fields.is_ok();
    let request = Request {
        method: asked.head.method.as_str(),
        path,
        query: asked.head.uri.query().unwrap_or_default(),
        headers: &headers,
        body: fields.as_ref().cloned().unwrap_or_default(),
    };
    let routed = match generation.route(&request) {
        Routed::Found { endpoint, values } => Some((endpoint, values)),
        Routed::WrongMethod { .. } | Routed::NotFound { .. } => None,
    };
    let endpoint = routed.as_ref().map(|(endpoint, _)| *endpoint);
    let simulate = |because: String| {
        let ended = fields.clone().and_then(|fields| asked.run(path, fields)).unwrap_or_else(Ended::problem);
        if let Some((endpoint, values)) = &routed {
            proxy.told.simulated(generation, *endpoint, &because);
            proxy.record(|| {
                let call = generation.call(*endpoint, &request, values);
                Taken::new(generation, *endpoint, &call, plain(&ended.reply, Duration::ZERO), Some(because.clone()))
            });
        }
        marked(ended, Passed { by_backend: false, because: Some(because), drift: Vec::new() })
    };
    if let Some(endpoint) = endpoint {
        if asked.force.is_some() {
            return simulate("the client asks for a documented reply".to_owned());
        }
        if proxy.is_mocked(generation, endpoint) {
            return simulate("named with --mock".to_owned());
        }
    }
    let began = std::time::Instant::now();
    let Passing { reply, rest } = match pass::pass(&proxy.client, asked.head, body).await {
        Ok(passing) => passing,
        Err(Trouble::Refused(why)) if endpoint.is_some() => return simulate(why),
        Err(trouble) => {
            proxy.told.trouble(&proxy.client, &trouble);
            let mut ended = marked(Ended::problem(proxy.refusal(asked, &trouble)), by_backend());
            // It was passed on, but nothing of this reply is the backend's.
            ended.reply.headers_mut().insert(ANSWERED_BY, HeaderValue::from_static("docsim"));
            return ended;
        }
    };
    let Some((endpoint, values)) = &routed else {
        // Pages, pictures, scripts: the journal names them and does not keep them.
        let mut ended = Ended::explained(reply, None, None);
        ended.is_file = true;
        return marked(streaming(ended, rest), by_backend());
    };
    let endpoint = *endpoint;
    let mut read = plain(&reply, began.elapsed());
    let is_cut = rest.is_some();
    if is_cut {
        read.body = beginning::completed(&read.body).into();
    }
    if let Some(because) = lacks(generation, endpoint, &read) {
        return simulate(because);
    }
    let call = generation.call(endpoint, &request, values);
    let can_be_read = asked.head.method != Method::HEAD
        && reply.status() != StatusCode::NOT_MODIFIED
        && !reply.headers().contains_key(CONTENT_ENCODING);
    let secrets = asked.served.secrets_of(endpoint, &call);
    // Of a beginning that is no JSON, only the head can be read.
    let can_be_read = can_be_read && !(is_cut && read.body.is_empty());
    let mut drift = if can_be_read { told::drift(generation, endpoint, &read, &secrets) } else { Vec::new() };
    if is_cut {
        drift.retain(|drift| beginning::shows(drift.kind));
    }
    proxy.told.passed(generation, endpoint);
    proxy.told.drift(generation, endpoint, &drift);
    let mut ended = streaming(Ended::explained(reply, asked.served.id(endpoint), None), rest);
    ended.secrets = secrets;
    if can_be_read && is_understood && run::outcome(generation, endpoint, &read).is_success {
        let token = handed_out(generation, endpoint, &read);
        let real = super::app::real_time();
        // A world that there is no room for learns nothing; the reply is the backend's all the same.
        let learned = asked.app.worlds.with(asked.world, |world| {
            let now = world.now(real);
            (follow::follow(&generation.model, endpoint, &call, token.as_deref(), world, now), now)
        });
        if let Ok((changes, now)) = learned {
            ended.changes = changes;
            ended.world_time = Some(now);
        }
    }
    if can_be_read && is_understood {
        proxy.record(|| Taken::new(generation, endpoint, &call, read, None));
    }
    marked(ended, Passed { drift, ..by_backend() })
}

/// A reply whose body comes piece by piece from now on. The journal keeps what of it was read.
fn streaming(mut ended: Ended, rest: Option<Rest>) -> Ended {
    if let Some(Rest { pieces, broken }) = rest {
        let kept = ended.reply.body().len().min(KEPT);
        *ended.reply.body_mut() = ended.reply.body().slice(..kept);
        ended.reply.extensions_mut().insert(Stream::passing(pieces, broken));
    }
    ended
}

fn by_backend() -> Passed {
    Passed { by_backend: true, because: None, drift: Vec::new() }
}

/// Puts into a reply's headers who it is of.
fn marked(mut ended: Ended, passed: Passed) -> Ended {
    let headers = ended.reply.headers_mut();
    let by = if passed.by_backend { "backend" } else { "simulated" };
    headers.insert(ANSWERED_BY, HeaderValue::from_static(by));
    for drift in passed.drift.iter().take(MOST_NAMED) {
        headers.append(DRIFT, header(&told::line(drift)));
    }
    if let Some(more) = passed.drift.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        headers.append(DRIFT, header(&format!("{more} more")));
    }
    ended.passed = Some(passed);
    ended
}

/// Why a reply says that the backend has no such endpoint; none where it is a reply of it. A documented failure may well
/// be a 404: what has the documents' form is the endpoint's own word.
fn lacks(generation: &Generation, endpoint: usize, reply: &client::Reply) -> Option<String> {
    if !matches!(reply.http_status, 404 | 501) {
        return None;
    }
    let documented = &generation.set.endpoints[endpoint];
    let mut examples = documented.successes().chain(documented.errors());
    let is_status = examples.any(|example| example.http_status == Some(reply.http_status));
    let body = serde_json::from_slice::<serde_json::Value>(&reply.body).ok();
    let envelope = generation.set.envelope(documented);
    let has_code = body.is_some_and(|body| {
        let body = Json::from(&body);
        envelope
            .code_of(&body)
            .is_some_and(|(_, code)| code != reply.http_status.to_string() || documented.codes.get(code).is_some())
    });
    (!is_status && !has_code).then(|| format!("the backend answers {}", reply.http_status))
}

fn handed_out(generation: &Generation, endpoint: usize, reply: &client::Reply) -> Option<String> {
    let body = Json::from(&serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap_or_default());
    let in_body = contract::handed::token(generation, endpoint, &body).map(|(_, token)| token);
    let tokens = &generation.model.tokens;
    let in_cookie = || {
        let cookies = reply.headers.iter().filter(|(name, _)| name == SET_COOKIE.as_str());
        let mut pairs = cookies.filter_map(|(_, value)| value.split(';').next()?.trim().split_once('='));
        let found = pairs.find(|(name, value)| !value.is_empty() && tokens.params.iter().any(|known| known == name));
        found.map(|(_, value)| value.trim_matches('"').to_owned())
    };
    in_body.or_else(|| tokens.cookie.then(in_cookie).flatten())
}

/// The reply in the checker's own words.
fn plain(reply: &Response<Bytes>, took: Duration) -> client::Reply {
    let headers = reply.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    client::Reply { http_status: reply.status().as_u16(), headers: headers.collect(), body: reply.body().clone(), took }
}
