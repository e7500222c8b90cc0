//! What must hold of any bytes: as a document, a lenient JSON body, a request, a configuration. Each of these panics where it
//! does not. The fuzzer calls them, and so does `cargo test`, over the corpora.

use bytes::Bytes;
use docsim::behavior::Overrides;
use docsim::config;
use docsim::diagnostic::{Diagnostic, human, sarif};
use docsim::engine::request::{Headers, Request, Value};
use docsim::explain;
use docsim::generation::Generation;
use docsim::http::{Limits, body_fields};
use docsim::json::Json;
use docsim::lexicon::{Lexicon, Operation, Script};
use docsim::lint;
use docsim::load::decode::decode;
use docsim::scenario;
use docsim::source::{FileId, Source, Span};
use docsim::spec::route::Routed;
use docsim::spec::{self, Settings};
use docsim::syntax::json;
use docsim::world::{Change, Clock, World, WorldName, snapshot};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

/// Longer inputs find nothing that shorter ones do not, and take their time.
const LONGEST: usize = 16 << 10;

/// A document: it is read, everything that points into it lies inside, all of it can be drawn, and each endpoint answers.
pub(crate) fn document(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let sources = vec![Source::new("a.md", text.clone())];
    let generation = Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default());
    let report = lint::check(&generation.set, &generation.model, &generation.lexicon, &|_, _| None);
    all_inside(&report.diagnostics, &generation.set.sources);
    drawn(&generation, &report.diagnostics);
    answers(&generation);
}

/// An example body, repaired: what is left is JSON that needs no repair; and what was JSON is what it was.
pub(crate) fn json(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let parsed = json::parse(&text);
    for repair in &parsed.repairs {
        inside(&text, repair.span);
    }
    let values: Vec<Json> = parsed.values.iter().map(json::Value::to_json).collect();
    for value in &values {
        let again = value.to_string();
        let read = json::parse(&again);
        assert!(read.repairs.is_empty(), "{again}");
        assert_eq!(read.values.iter().map(json::Value::to_json).collect::<Vec<_>>(), std::slice::from_ref(value));
    }
    // Members that come twice and very large numbers are told apart by us, and not by serde_json.
    if let Ok(known) = serde_json::from_str::<serde_json::Value>(&text)
        && parsed.repairs.is_empty()
        && (known.is_object() || known.is_array())
    {
        assert_eq!(values.len(), 1, "{text}");
        assert_eq!(serde_json::Value::from(&values[0]), known);
    }
}

/// A request: the first line has method, target and the body's type; the rest is the body. It is answered, and nothing that
/// comes of it is more than the limits allow.
pub(crate) fn request(bytes: &[u8]) {
    let generation = driver_app();
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, body) = bytes.split_at(end);
    let line = String::from_utf8_lossy(line);
    let mut words = line.splitn(3, ' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = HeaderMap::new();
    if let Some(Ok(content_type)) = words.next().map(HeaderValue::from_str) {
        headers.insert(CONTENT_TYPE, content_type);
    }
    let body = Bytes::copy_from_slice(body.get(1..).unwrap_or_default());
    let limits = Limits { fields: 100, parts: 100, json_values: 500, ..Limits::default() };
    // All of it is in memory: what pauses between its pieces goes on when it is asked again, as often as there are pieces.
    let mut reading = pin!(body_fields(&headers, &body, &limits));
    let mut polls = (0..=2 * LONGEST).map(|_| reading.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    let Some(Poll::Ready(fields)) = polls.find(Poll::is_ready) else { panic!("a body in memory was waited for") };
    let fields = match fields {
        Ok(fields) => fields,
        Err(problem) => {
            assert!(problem.status.is_client_error() && !problem.detail.is_empty(), "{problem:?}");
            return;
        }
    };
    assert!(fields.len() <= 100);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    ask(generation, &mut world(), &Request { method, path, query, headers: &Sent(&headers), body: fields });
}

/// A scenario file: what is wrong is told at its place; what is not is written, and reads back as what it was.
pub(crate) fn scenario(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let source = Source::new("a.yaml", text);
    let file = scenario::parse::parse(&source, FileId(0));
    all_inside(&file.diagnostics, std::slice::from_ref(&source));
    let found = scenario::names::check(&file.scenarios, driver_app(), std::slice::from_ref(&source));
    all_inside(&found, std::slice::from_ref(&source));
    if file.diagnostics.is_empty() && file.includes.is_empty() {
        let written = scenario::write::write(&file.scenarios);
        let again = scenario::parse::parse(&Source::new("a.yaml", written.clone()), FileId(0));
        assert!(again.diagnostics.is_empty(), "{written}\n{:?}", again.diagnostics);
        assert_eq!(scenario::write::write(&again.scenarios), written);
    }
}

/// `docsim.toml`: it is read, what is wrong is told at its place, and documents are served as it says.
pub(crate) fn config(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let rules: Vec<&str> = lint::RULES.iter().map(|rule| rule.name).collect();
    let source = Source::new("docsim.toml", text);
    let (config, found) = config::read(&source, FileId(0), &rules);
    all_inside(&found, &[source]);
    let additions = config.additions();
    // The reader lets nothing through that the lexicon would not take.
    let lexicon = Arc::new(Lexicon::with(&additions, Script::Simplified).expect("additions that were read are taken"));
    let document = include_str!("../tests/cases/documents/driver_app.md");
    let sources = || vec![Source::new("a.md", document)];
    let settings = config.settings();
    let set = spec::lower(sources(), &settings, &lexicon);
    let overrides = config.overrides(&set);
    let generation = Generation::compile(sources(), &settings, lexicon, &overrides);
    let names: Vec<(&str, &str)> =
        set.endpoints.iter().map(|endpoint| (endpoint.id.as_str(), endpoint.title.as_str())).collect();
    config.check_endpoints(&names);
    config.check_collections(&generation.set, &generation.model);
    drawn(&generation, &generation.diagnostics);
    answers(&generation);
}

fn driver_app() -> &'static Generation {
    static MODEL: OnceLock<Generation> = OnceLock::new();
    MODEL.get_or_init(|| {
        let sources = vec![Source::new("a.md", include_str!("../tests/cases/documents/driver_app.md"))];
        Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default())
    })
}

fn text(bytes: &[u8]) -> Option<String> {
    decode(&bytes[..bytes.len().min(LONGEST)]).ok().map(|decoded| decoded.text)
}

fn inside(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is not in the text");
}

fn all_inside(found: &[Diagnostic], sources: &[Source]) {
    for one in found {
        assert!(!one.message.is_empty(), "{one:?}");
        for place in std::iter::once(one.place).chain(one.related.iter().map(|(place, _)| *place)) {
            inside(sources[place.file.0 as usize].text(), place.span);
        }
    }
}

/// Nothing of what is shown to a person reaches the terminal as a command to it.
fn drawn(generation: &Generation, diagnostics: &[Diagnostic]) {
    let shown = [
        human::draw(diagnostics, &generation.set.sources, false),
        explain::draw(generation, None),
        explain::draw_list(generation),
    ];
    for text in shown {
        let odd = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(odd), "{text:?}");
    }
    explain::document(generation);
    sarif::document(diagnostics, &generation.set.sources, &[]);
}

fn world() -> World {
    World::new(WorldName::default(), 1, Clock::starting_at(0, 1_700_000_000_000))
}

/// Each endpoint is asked without anything and with something everywhere, and the world that comes of it can be written out
/// and read back.
fn answers(generation: &Generation) {
    let mut world = world();
    let headers = HeaderMap::new();
    for (endpoint, behavior) in generation.set.endpoints.iter().zip(&generation.model.behaviors).take(8) {
        let method = endpoint.method.as_deref().unwrap_or("POST");
        let value = |name: &str, value: &'static str| (name.to_owned().into(), Value::Text(value.into()));
        let every = |text| behavior.inputs.iter().map(|input| value(&input.name, text)).collect();
        let is_login = behavior.operation == Operation::Login;
        for body in [Vec::new(), every("1"), every(if is_login { "13800000000" } else { "abc12345" })] {
            let path = format!("{}{}", generation.base_path, endpoint.path);
            ask(generation, &mut world, &Request { method, path: &path, query: "", headers: &Sent(&headers), body });
        }
    }
    let written = snapshot::to_json(&world);
    let read = snapshot::from_json(&written, WorldName::default()).expect("what was written is read");
    assert_eq!(snapshot::to_json(&read), written);
}

fn ask<'r>(generation: &Generation, world: &mut World, request: &'r Request<'r>) {
    let Routed::Found { endpoint, values } = generation.route(request) else { return };
    let call = generation.call(endpoint, request, &values);
    let now = world.now(0);
    let outcome = generation.step(endpoint, &call, world, now, true);
    // A reply is text, and what has changed can be told.
    std::str::from_utf8(&outcome.body).expect("a reply is text");
    serde_json::to_string::<Vec<Change>>(&outcome.changes).expect("changes are told");
    assert!((100..600).contains(&outcome.http_status), "{}", outcome.http_status);
}

struct Sent<'h>(&'h HeaderMap);

impl Headers for Sent<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name.parse::<HeaderName>().ok()?).and_then(|value| value.to_str().ok())
    }

    fn all(&self) -> Vec<&str> {
        self.0.values().filter_map(|value| value.to_str().ok()).collect()
    }
}
