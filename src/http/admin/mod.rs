//! The admin interface: a file a resource, one table of routes, one guard in front of all of them.
//!
//! In: requests under `/__docsim/`. Out: JSON, or a problem that says what would have been right. GET and HEAD change
//! nothing; a world that does not exist is not made by being looked at.

mod accounts;
mod call;
mod clock;
mod codes;
mod documents;
mod events;
mod faults;
mod health;
mod journal;
mod members;
mod metrics;
mod records;
mod scenario;
mod state;
mod tokens;
mod worlds;

use super::app::{App, count_limit};
use super::console;
use super::convert::{self, SizeLimit};
use super::guard::{self, Access, Ask, Header};
use super::problem::Problem;
use super::pulse::Pulse;
use super::server::Reply;
use crate::observe::Notice;
use crate::world::WorldName;
pub(super) use call::no_world;
use call::{Answer, Call};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use tracing::debug;

/// What every path of the admin interface begins with, behind the world's prefix.
pub(super) const ROOT: &str = "/__docsim";

struct Route {
    /// Behind `/__docsim/`; `{}` takes a segment.
    path: &'static str,
    /// Without HEAD, which goes where GET goes.
    methods: &'static [&'static str],
    access: Access,
    answer: fn(&Call<'_>) -> Answer,
}

const ROUTES: &[Route] = &[
    Route { path: "", methods: &["GET"], access: Access::Open, answer: |call| Ok(console::page(call.app.api())) },
    Route {
        path: "console/{}",
        methods: &["GET"],
        access: Access::Open,
        answer: |call| console::file(call.captured(), call.app.api()),
    },
    Route { path: "health", methods: &["GET"], access: Access::Open, answer: health::answer },
    Route { path: "metrics", methods: &["GET"], access: Access::Open, answer: metrics::answer },
    Route { path: "endpoints", methods: &["GET"], access: Access::Guarded, answer: documents::endpoints },
    Route { path: "diagnostics", methods: &["GET"], access: Access::Guarded, answer: documents::diagnostics },
    Route { path: "source", methods: &["GET"], access: Access::Guarded, answer: documents::source },
    Route { path: "codes", methods: &["GET", "POST"], access: Access::Guarded, answer: codes::answer },
    Route { path: "accounts", methods: &["GET", "POST"], access: Access::Guarded, answer: accounts::all },
    Route { path: "accounts/{}", methods: &["GET", "PATCH", "DELETE"], access: Access::Guarded, answer: accounts::one },
    Route { path: "accounts/{}/actions", methods: &["POST"], access: Access::Guarded, answer: accounts::act },
    Route { path: "tokens", methods: &["GET"], access: Access::Guarded, answer: tokens::all },
    Route { path: "tokens/{}", methods: &["DELETE"], access: Access::Guarded, answer: tokens::one },
    Route { path: "records", methods: &["GET"], access: Access::Guarded, answer: records::collections },
    Route { path: "records/{}", methods: &["GET", "POST"], access: Access::Guarded, answer: records::all },
    Route {
        path: "records/{}/{}",
        methods: &["GET", "PUT", "PATCH", "DELETE"],
        access: Access::Guarded,
        answer: records::one,
    },
    Route { path: "clock", methods: &["GET", "POST"], access: Access::Guarded, answer: clock::answer },
    Route { path: "state", methods: &["GET", "PUT", "DELETE"], access: Access::Guarded, answer: state::answer },
    Route { path: "journal", methods: &["GET", "DELETE"], access: Access::Guarded, answer: journal::answer },
    Route { path: "scenario", methods: &["GET"], access: Access::Guarded, answer: scenario::answer },
    Route { path: "events", methods: &["GET"], access: Access::Guarded, answer: events::answer },
    Route { path: "faults", methods: &["GET", "POST", "DELETE"], access: Access::Guarded, answer: faults::all },
    Route { path: "faults/{}", methods: &["DELETE"], access: Access::Guarded, answer: faults::one },
    Route { path: "worlds", methods: &["GET", "POST"], access: Access::Guarded, answer: worlds::all },
    Route { path: "worlds/{}", methods: &["DELETE"], access: Access::Guarded, answer: worlds::one },
];

/// The rest of a path of the admin interface; `None` for any other path.
pub(super) fn rest(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(ROOT)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// Answers a request whose path is `rest` behind the root.
pub(super) async fn answer(
    app: &App,
    world: Option<WorldName>,
    rest: &str,
    head: &Parts,
    body: Incoming,
    pulse: &Pulse,
) -> Reply {
    let answered = admit_and_answer(app, world, rest, head, body, pulse).await;
    let mut reply = answered.unwrap_or_else(Problem::reply);
    let status = reply.status().as_u16();
    app.metrics.admin(status);
    // The route and not the path, which may name a token.
    let route = find(rest).map(|(route, _)| route.path);
    debug!(target: "docsim::admin", method = head.method.as_str(), route, status, "admin request");
    count_limit(app, reply.extensions());
    let headers = reply.headers_mut();
    // Nothing of this may be kept, guessed at, or put into a page of another origin.
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    reply
}

async fn admit_and_answer(
    app: &App,
    world: Option<WorldName>,
    rest: &str,
    head: &Parts,
    body: Incoming,
    pulse: &Pulse,
) -> Answer {
    let found = find(rest);
    let access = found.as_ref().map_or(Access::Guarded, |(route, _)| route.access);
    guard::check(&app.options.admin, &ask(head, access, !body.is_end_stream())).map_err(|refusal| {
        app.metrics.refused("guard", refusal.name());
        let status = match refusal {
            guard::Refusal::BodyType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::FORBIDDEN,
        };
        Problem::new(status, refusal.reason())
    })?;
    let (route, captured) = found.ok_or_else(|| unknown(rest))?;
    let method = if head.method == Method::HEAD { "GET" } else { head.method.as_str() };
    if !route.methods.contains(&method) {
        return Err(Problem::method_not_allowed(method, route.methods));
    }
    if app.options.is_read_only && method != "GET" {
        return Err(Problem::new(StatusCode::FORBIDDEN, "this server was started with --read-only"));
    }
    let limits = &app.options.limits;
    let limit = match route.path {
        "state" => SizeLimit { name: "state-size", bytes: limits.state_size },
        _ => SizeLimit { name: "body-size", bytes: limits.body_size },
    };
    let body: Bytes = convert::read(body, limit, limits, pulse).await?;
    let query = head.uri.query().unwrap_or_default();
    let call = Call {
        app,
        generation: Arc::clone(&app.served().generation),
        world: world.unwrap_or_default(),
        method,
        captured,
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        body,
    };
    let answer = (route.answer)(&call)?;
    if method != "GET" {
        let world = Arc::from(call.world.as_str());
        app.feed
            .tell(|| Notice::State { world, resource: Arc::from(route.path.split('/').next().unwrap_or_default()) });
    }
    Ok(answer)
}

fn find(rest: &str) -> Option<(&'static Route, Vec<String>)> {
    let segments: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
    ROUTES.iter().find_map(|route| {
        let pattern: Vec<&str> = route.path.split('/').collect();
        if pattern.len() != segments.len() {
            return None;
        }
        let mut captured = Vec::new();
        for (wanted, segment) in pattern.iter().zip(&segments) {
            if *wanted == "{}" && !segment.is_empty() {
                captured.push(percent_decode_str(segment).decode_utf8().ok()?.into_owned());
            } else if wanted != segment {
                return None;
            }
        }
        Some((route, captured))
    })
}

fn unknown(rest: &str) -> Problem {
    let mut routes = Vec::new();
    for route in ROUTES {
        routes.push(format!("{} {ROOT}/{}", route.methods.join("|"), route.path.replace("{}", "{id}")));
    }
    let shown: String = rest.chars().take(80).collect();
    Problem::not_found(format!("the admin interface has no {ROOT}/{shown}")).member("routes", routes)
}

/// By which name the server was reached. A request line with a whole URL names it once more: if the two differ, neither is
/// to be believed.
pub(super) fn host(head: &Parts) -> Header<'_> {
    match (head.uri.authority(), one(&head.headers, HOST)) {
        (Some(authority), Header::Text(host)) if !authority.as_str().eq_ignore_ascii_case(host) => Header::Odd,
        (_, host) => host,
    }
}

fn ask(head: &Parts, access: Access, has_body: bool) -> Ask<'_> {
    Ask {
        access,
        host: host(head),
        origin: one(&head.headers, ORIGIN),
        fetch_site: one(&head.headers, HeaderName::from_static("sec-fetch-site")),
        content_type: one(&head.headers, CONTENT_TYPE),
        authorization: one(&head.headers, AUTHORIZATION),
        has_body,
    }
}

fn one(headers: &HeaderMap, name: HeaderName) -> Header<'_> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(HeaderValue::to_str), values.next()) {
        (None, _) => Header::Absent,
        (Some(Ok(text)), None) => Header::Text(text),
        _ => Header::Odd,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_under_the_root_is_of_the_admin_interface() {
        let check = |path: &str, expected: Option<&str>| assert_eq!(rest(path), expected, "{path}");
        check("/__docsim", Some(""));
        check("/__docsim/", Some(""));
        check("/__docsim/accounts/1", Some("accounts/1"));
        check("/__docsimulator", None);
        check("/x/__docsim/", None);
    }

    #[test]
    fn routes_take_segments_decoded_and_never_an_empty_one() {
        let check = |rest: &str, expected: Option<(&str, &[&str])>| {
            let found = find(rest);
            let found = found
                .as_ref()
                .map(|(route, captured)| (route.path, captured.iter().map(String::as_str).collect::<Vec<_>>()));
            assert_eq!(found, expected.map(|(path, captured)| (path, captured.to_vec())), "{rest}");
        };
        check("tokens/a%2Fb", Some(("tokens/{}", &["a/b"])));
        check("accounts/261/actions", Some(("accounts/{}/actions", &["261"])));
        check("accounts/", Some(("accounts", &[])));
        check("accounts//actions", None);
        check("accounts/%FF", None);
        check("", Some(("", &[])));
        check("nothing", None);
    }
}
