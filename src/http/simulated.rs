//! A request of the simulated API: routed, decided, applied, answered; and told to those who look on.
//!
//! In: a request, its world and path. Out: the documented reply with headers that say why it is that one, or a problem
//! where the documents have no such endpoint. All of it from one generation.

use super::admin::no_world;
use super::app::{App, count_limit, real_time};
use super::control;
use super::convert::{self, Fields, Kind};
use super::cors;
use super::fault;
use super::file;
use super::limits::Limits;
use super::problem::Problem;
use super::proxy;
use super::pulse::Pulse;
use super::served::{Line, Served, Why};
use super::server::Reply;
use crate::engine::Decision;
use crate::engine::request::{Headers, Request};
use crate::observe::{Answered, Event, Notice, Passed, Rule, Sent, log};
use crate::spec::route::Routed;
use crate::world::{Abort, Change, Millis, World, WorldName};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::SemaphorePermit;

const ENDPOINT: HeaderName = HeaderName::from_static("x-docsim-endpoint");
const RULE: HeaderName = HeaderName::from_static("x-docsim-rule");
const SOURCE: HeaderName = HeaderName::from_static("x-docsim-source");
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

pub(super) async fn answer(app: &App, found: Found<'_>, head: &Parts, body: Incoming, pulse: &Pulse) -> Reply {
    if cors::is_preflight(&head.method, &head.headers) {
        return cors::preflight(&app.options.cors, &head.headers);
    }
    let began = Instant::now();
    let served = app.served();
    let (world, path, shown_path) = match found {
        Ok((world, path)) => (world, Ok(path), path),
        Err(problem) => (None, Err(problem), head.uri.path()),
    };
    let world = world.unwrap_or_else(|| app.default_world.clone());
    let mut late = None;
    let mut sent = Bytes::new();
    let mut understood = true;
    let mut ended = match read(app, path, head, body, pulse).await {
        Err(problem) => Ended::problem(problem),
        Ok(read) => {
            late = read.late;
            sent = read.body;
            let fields = convert::fields(&head.headers, &sent, &app.options.limits).await;
            understood = fields.is_ok();
            let asked = Asked { app, served: &served, head, world: &world, force: read.force };
            match &app.options.proxy {
                Some(proxy) => proxy::run(proxy, &asked, read.path, fields, &sent).await,
                None => fields.and_then(|fields| asked.run(read.path, fields)).unwrap_or_else(Ended::problem),
            }
        }
    };
    if let Some(origin) = head.headers.get(ORIGIN) {
        cors::decorate(&app.options.cors, origin, ended.reply.headers_mut());
    }
    let happened = Happened { app, served: &served, head, path: shown_path, body: &sent, understood, began };
    happened.tell(world, &mut ended);
    let mut reply = ended.reply.map(Full::new);
    if let Some(abort) = ended.abort {
        reply.extensions_mut().insert(abort);
    }
    drop(sent); // a body is not kept while its reply waits
    let (asked, place) = late.unzip();
    let delay = asked.unwrap_or_default() + ended.late;
    // What a fault would keep back has happened already: where there is no room, it goes at once.
    if !delay.is_zero()
        && let Some(_place) = place.or_else(|| app.delays.try_acquire().ok())
    {
        tokio::time::sleep(delay).await;
    }
    reply
}

/// What the path and the headers say of the world, and the path behind its prefix.
pub(super) type Found<'p> = Result<(Option<WorldName>, &'p str), Problem>;

struct Read<'h> {
    path: &'h str,
    body: Bytes,
    force: Option<&'h str>,
    /// How long the reply is kept back, and this one's place among those that are.
    late: Option<(Duration, SemaphorePermit<'h>)>,
}

async fn read<'h>(
    app: &'h App,
    path: Result<&'h str, Problem>,
    head: &'h Parts,
    body: Incoming,
    pulse: &Pulse,
) -> Result<Read<'h>, Problem> {
    let (headers, limits) = (&head.headers, &app.options.limits);
    let (path, delay, force) = (path?, control::delay(headers)?, control::force(headers)?);
    let body = convert::read(body, Kind::of(headers).size_limit(limits), limits, pulse).await?;
    // Before anything is done: what is refused must not have happened.
    let late = delay.map(|delay| Ok((delay, app.delays.try_acquire().map_err(|_| too_many_delays(limits))?)));
    Ok(Read { path, body, force, late: late.transpose()? })
}

fn too_many_delays(limits: &Limits) -> Problem {
    let of = format!("requests that wait, as they asked to with {}", control::DELAY);
    Problem::over(StatusCode::SERVICE_UNAVAILABLE, "delayed", limits.delayed, &of)
}

/// A request whose own words were well formed.
pub(super) struct Asked<'r> {
    pub(super) app: &'r App,
    pub(super) served: &'r Served,
    pub(super) head: &'r Parts,
    pub(super) world: &'r WorldName,
    pub(super) force: Option<&'r str>,
}

/// How it ended, and what there is to tell of it.
pub(super) struct Ended {
    pub(super) reply: Response<Bytes>,
    pub(super) endpoint: Option<Arc<str>>,
    rule: Option<Arc<Rule>>,
    pub(super) world_time: Option<Millis>,
    pub(super) changes: Vec<Change>,
    /// The values that were read as secrets, a line each.
    pub(super) secrets: String,
    /// Who answered, behind a proxy.
    pub(super) passed: Option<Passed>,
    /// How long a fault keeps it back.
    late: Duration,
    /// How a fault ends the connection.
    abort: Option<Abort>,
    /// Its bytes say nothing to who reads the journal.
    pub(super) is_file: bool,
}

impl Ended {
    pub(super) fn problem(problem: Problem) -> Self {
        Self::explained(problem.into_response(), None, None)
    }

    /// A documented reply with what explains it.
    fn documented(id: Option<&Line>, why: Option<&Why>, http_status: u16, body: Vec<u8>) -> Self {
        let make = || {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, JSON);
            headers.insert(CACHE_CONTROL, NO_STORE);
            headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
            explain(&mut headers, id, why);
            headers
        };
        let mut reply = Response::new(Bytes::from(body));
        *reply.status_mut() = StatusCode::from_u16(http_status).unwrap_or_default();
        *reply.headers_mut() = why.map_or_else(make, |why| why.headers(make));
        Self::new(reply, id, why)
    }

    pub(super) fn explained(mut reply: Response<Bytes>, id: Option<&Line>, why: Option<&Why>) -> Self {
        explain(reply.headers_mut(), id, why);
        Self::new(reply, id, why)
    }

    fn new(reply: Response<Bytes>, id: Option<&Line>, why: Option<&Why>) -> Self {
        Self {
            reply,
            endpoint: id.map(|id| Arc::clone(&id.text)),
            rule: why.map(|why| Arc::clone(&why.rule)),
            world_time: None,
            changes: Vec::new(),
            secrets: String::new(),
            passed: None,
            late: Duration::ZERO,
            abort: None,
            is_file: false,
        }
    }
}

fn explain(headers: &mut HeaderMap, id: Option<&Line>, why: Option<&Why>) {
    if let Some(id) = id {
        headers.insert(ENDPOINT, id.header.clone());
    }
    if let Some(why) = why {
        headers.insert(RULE, why.header.clone());
        headers.insert(SOURCE, why.source.clone());
    }
}

impl Ended {
    /// As much as goes out.
    fn answered(&self) -> Answered {
        let (http_status, body) = (self.reply.status().as_u16(), self.reply.body());
        match self.abort {
            None if self.is_file => Answered { http_status, body: Bytes::new() },
            None => Answered { http_status, body: body.clone() },
            Some(Abort::Truncate) => Answered { http_status, body: body.slice(..body.len() / 2) },
            Some(Abort::Reset | Abort::Empty) => Answered { http_status: 0, body: Bytes::new() },
        }
    }
}

impl Asked<'_> {
    pub(super) fn run(&self, path: &str, fields: Fields<'_>) -> Result<Ended, Problem> {
        let generation = &self.served.generation;
        let headers = Carried(&self.head.headers);
        let request = Request {
            method: self.head.method.as_str(),
            path,
            query: self.head.uri.query().unwrap_or_default(),
            headers: &headers,
            body: fields,
        };
        let (endpoint, values) = match generation.route(&request) {
            Routed::Found { endpoint, values } => (endpoint, values),
            Routed::WrongMethod { allowed } => {
                return self.file(path)?.map_or_else(|| self.wrong_method(&allowed), Ok);
            }
            Routed::NotFound { near } => return self.file(path)?.ok_or_else(|| self.unknown_path(path, &near)),
        };
        if let Some(name) = self.force {
            return self.forced(endpoint, name);
        }
        let call = generation.call(endpoint, &request, &values);
        let real = real_time();
        let applies = self.head.method != Method::HEAD;
        let step = |world: &mut World| {
            let now = world.now(real);
            (generation.step(endpoint, &call, world, now, applies), now)
        };
        let stepped = if applies {
            self.app.worlds.with(self.world, step)
        } else {
            self.app.worlds.look(self.world).map(|mut world| step(&mut world)) // on a copy
        };
        let (outcome, now) = stepped.map_err(|limit| no_world(&limit))?;
        if let Some(counted) = self.served.counted(endpoint) {
            counted.add(&outcome);
        }
        let (id, usual) = (self.served.id(endpoint), self.served.why(endpoint, outcome.decision));
        let ended = match &outcome.struck {
            None => match too_large(outcome.decision) {
                Some(problem) => Ended::explained(problem, id, None),
                None => Ended::documented(id, usual, outcome.http_status, outcome.body),
            },
            Some(struck) => {
                let why = fault::why(generation, &outcome, struck, usual);
                let ended = match fault::problem(struck).or_else(|| too_large(outcome.decision)) {
                    Some(problem) => Ended::explained(problem, id, Some(&why)),
                    None => Ended::documented(id, Some(&why), outcome.http_status, outcome.body),
                };
                Ended { late: fault::delay(struck), abort: fault::abort(struck), ..ended }
            }
        };
        let secrets = self.served.secrets_of(endpoint, &call);
        Ok(Ended { world_time: Some(now), changes: outcome.changes, secrets, ..ended })
    }

    /// What was uploaded under a path that is no endpoint's, or the stand-in of a picture that is only named.
    fn file(&self, path: &str) -> Result<Option<Ended>, Problem> {
        if !matches!(self.head.method, Method::GET | Method::HEAD) {
            return Ok(None);
        }
        let generation = &self.served.generation;
        let world = self.app.worlds.look(self.world).map_err(|limit| no_world(&limit))?;
        let found = crate::engine::file::find(&generation.model, &generation.base_path, &world, path);
        let Some(found) = found else { return Ok(None) };
        let (reply, why) = file::reply(generation, found);
        Ok(Some(Ended { is_file: true, ..Ended::explained(reply, None, Some(&why)) }))
    }

    /// The reply that the client asks for by name, as it is documented; no state is looked at.
    fn forced(&self, endpoint: usize, name: &str) -> Result<Ended, Problem> {
        let generation = &self.served.generation;
        let known = generation.model.behaviors.get(endpoint).map_or(&[] as &[_], |behavior| &behavior.forced);
        let Some((_, reply)) = known.iter().find(|(known, _)| known == name) else {
            let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
            let detail = format!("the endpoint documents no reply {name:?}; it has {}", names.join(", "));
            return Err(Problem::bad_request(detail).member("replies", names));
        };
        if let Some(counted) = self.served.counted(endpoint) {
            counted.add_forced();
        }
        let why = Why::new(&reply.code, "forced by the client", &generation.set.file_line(reply.place));
        let body = crate::engine::documented(reply);
        Ok(Ended::documented(self.served.id(endpoint), Some(&why), reply.http_status.unwrap_or(200), body))
    }

    fn wrong_method(&self, allowed: &[String]) -> Result<Ended, Problem> {
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let problem = Problem::method_not_allowed(self.head.method.as_str(), &allowed);
        if self.head.method != Method::OPTIONS {
            return Err(problem);
        }
        let mut ended = Ended::problem(problem);
        let allow = ended.reply.headers_mut().remove(ALLOW);
        ended.reply = Response::new(Bytes::new());
        *ended.reply.status_mut() = StatusCode::NO_CONTENT;
        ended.reply.headers_mut().extend(allow.map(|allow| (ALLOW, allow)));
        Ok(ended)
    }

    fn unknown_path(&self, path: &str, near: &[usize]) -> Problem {
        let endpoints = &self.served.generation.set.endpoints;
        let near: Vec<_> = near.iter().filter_map(|at| endpoints.get(*at)).collect();
        let hint = match near.first() {
            Some(nearest) => format!("the nearest is {}", nearest.id),
            None => format!("GET {}/endpoints lists them", super::admin::ROOT),
        };
        let path = beginning(path, 200);
        let near: Vec<_> = near.iter().map(|near| json!({ "id": near.id, "title": near.title })).collect();
        Problem::not_found(format!("the documents have no endpoint {path}; {hint}")).member("near", near)
    }
}

/// What there is no room for; no document says so.
fn too_large(decision: Decision<'_>) -> Option<Response<Bytes>> {
    let Decision::TooLarge(too_large) = decision else { return None };
    Some(Problem::no_room(&too_large).into_response())
}

/// As many whole segments as there is room for: the journal could not tell half a secret for one.
fn beginning(path: &str, room: usize) -> String {
    let begin = &path[..path.floor_char_boundary(room)];
    if begin.len() == path.len() {
        return path.to_owned();
    }
    format!("{}/…", &begin[..begin.rfind('/').unwrap_or_default()])
}

/// What the journal is told of a request, beside its end.
struct Happened<'r> {
    app: &'r App,
    served: &'r Served,
    head: &'r Parts,
    path: &'r str,
    body: &'r Bytes,
    /// The body could be taken apart.
    understood: bool,
    began: Instant,
}

impl Happened<'_> {
    fn tell(&self, world: WorldName, ended: &mut Ended) {
        let headers = || self.head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let query = self.head.uri.query().unwrap_or_default();
        let secrets = self.understood.then_some(ended.secrets.as_str());
        let took = self.began.elapsed();
        self.app.metrics.answered(took);
        if ended.endpoint.is_none() && !ended.is_file {
            self.app.metrics.unrouted();
        }
        count_limit(self.app, ended.reply.extensions());
        let event = Event {
            at: real_time(),
            world_time: ended.world_time,
            took_micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            world,
            endpoint: ended.endpoint.take(),
            sent: Sent::new(self.head.method.as_str(), self.path, query, headers, self.body, secrets),
            answered: ended.answered(),
            rule: ended.rule.take(),
            changes: std::mem::take(&mut ended.changes),
            passed: ended.passed.take(),
            secrets: Arc::clone(&self.served.secrets),
        };
        log::request(&event, self.app.options.logs_secrets);
        let event = Arc::new(event);
        let number = self.app.journal.tell(&event);
        self.app.feed.tell(|| Notice::Request(number, event));
    }
}

pub(super) struct Carried<'h>(pub(super) &'h HeaderMap);

impl Headers for Carried<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get_all(name).iter().find_map(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    fn all(&self) -> Vec<&str> {
        self.0.values().filter_map(|value| std::str::from_utf8(value.as_bytes()).ok()).collect()
    }
}
