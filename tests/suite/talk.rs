//! A client, its phone and customer service, talking to one set of documents in process: no socket and no real time.

use docsim::behavior::Overrides;
use docsim::behavior::account::lifecycle::OfficeAction;
use docsim::engine::office;
use docsim::engine::request::{Headers, Request, Value};
use docsim::engine::{Decision, Outcome};
use docsim::generation::Generation;
use docsim::json::Json;
use docsim::lexicon::Lexicon;
use docsim::source::Source;
use docsim::spec::Settings;
use docsim::spec::route::Routed;
use docsim::world::{Change, Clock, Millis, Record, World, WorldName};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where every conversation begins; 14 Nov 2023.
pub(crate) const START: Millis = 1_700_000_000_000;

pub(crate) struct Talk {
    pub(crate) generation: Arc<Generation>,
    pub(crate) world: World,
}

/// A request, each value where it is sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Vec<(String, Value<'static>)>,
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Reply {
        endpoint: usize,
        /// The code of the failure that decided; none for a success.
        refused: Option<String>,
        http_status: u16,
        changes: usize,
        body: String,
    },
    WrongMethod(Vec<String>),
    NotFound,
}

impl Headers for Ask {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn all(&self) -> Vec<&str> {
        self.headers.iter().map(|(_, value)| value.as_str()).collect()
    }
}

impl Ask {
    /// Query for `GET` and its kin, a form for all else.
    pub(crate) fn new(method: &str, path: &str, values: &[(&str, &str)]) -> Self {
        let mut ask = Self { method: method.to_owned(), path: path.to_owned(), ..Self::default() };
        for (name, value) in values {
            ask.put(name, value);
        }
        ask
    }

    pub(crate) fn put(&mut self, name: &str, value: &str) {
        if self.has_form() {
            self.body.push((name.to_owned(), Value::Text(value.to_owned().into())));
        } else {
            self.query.push((name.to_owned(), value.to_owned()));
        }
    }

    fn has_form(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "DELETE")
    }
}

pub(crate) fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The document that started it all, as its author wrote it.
pub(crate) fn driver_app() -> String {
    read(case("documents/driver_app.md"))
}

pub(crate) fn generation(name: &str, text: &str) -> Generation {
    let source = Source::new(name, text);
    Generation::compile(vec![source], &Settings::default(), Lexicon::standard(), &Overrides::default())
}

pub(crate) fn clock() -> Clock {
    Clock::starting_at(0, START)
}

pub(crate) fn world(seed: u64) -> World {
    World::new(WorldName::default(), seed, clock())
}

/// One request on a world; what the http server does between reading and writing. `HEAD` asks as `GET` does and applies
/// nothing.
pub(crate) fn ask(generation: &Generation, world: &mut World, ask: &Ask) -> Answer {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(&ask.query).finish();
    let head = ask.method == "HEAD";
    let method = if head { "GET" } else { &ask.method };
    let request = Request { method, path: &ask.path, query: &query, headers: ask, body: borrowed(&ask.body) };
    match generation.route(&request) {
        Routed::Found { endpoint, values } => {
            let call = generation.call(endpoint, &request, &values);
            let now = world.now(0);
            let outcome = generation.step(endpoint, &call, world, now, !head);
            answer(endpoint, outcome)
        }
        Routed::WrongMethod { allowed } => Answer::WrongMethod(allowed),
        Routed::NotFound { .. } => Answer::NotFound,
    }
}

fn borrowed<'a>(body: &[(String, Value<'static>)]) -> Vec<(std::borrow::Cow<'a, str>, Value<'a>)> {
    body.iter().map(|(name, value)| (name.clone().into(), value.clone())).collect()
}

fn answer(endpoint: usize, outcome: Outcome<'_>) -> Answer {
    let refused = match outcome.decision {
        Decision::Accept(_) => None,
        Decision::Refuse(check) => Some(check.failure.code.to_string()),
        Decision::Fault(reply) => reply.map(|reply| reply.code.clone()),
        Decision::TooLarge(_) => Some("413".to_owned()),
    };
    let body = String::from_utf8(outcome.body).expect("replies are UTF-8");
    // That a secret was wrong is all that a refusal may leave behind.
    let changes = outcome.changes.iter().filter(|change| !change.is_of_tries()).count();
    Answer::Reply { endpoint, refused, http_status: outcome.http_status, changes, body }
}

impl Talk {
    pub(crate) fn new(generation: &Arc<Generation>) -> Self {
        Self::of_seed(generation, 1)
    }

    pub(crate) fn of_seed(generation: &Arc<Generation>, seed: u64) -> Self {
        Self { generation: Arc::clone(generation), world: world(seed) }
    }

    pub(crate) fn ask(&mut self, request: &Ask) -> Answer {
        ask(&self.generation, &mut self.world, request)
    }

    /// Issues a passcode by hand, as no endpoint of the document does.
    pub(crate) fn sms(&mut self, phone: &str) -> String {
        let now = self.world.now(0);
        let (passcode, _) = office::issue_passcode(&self.generation.model, &mut self.world, phone, now);
        passcode.code.to_string()
    }

    /// The newest passcode in a phone's inbox, or in that of an e-mail address.
    pub(crate) fn inbox(&self, phone: &str) -> Option<String> {
        self.world
            .passcodes()
            .inbox()
            .find(|passcode| *passcode.phone == *phone)
            .map(|passcode| passcode.code.to_string())
    }

    /// Sets fields of the record with that id in the collection of that noun, in either number; where the collection goes
    /// by another name, in the only one that has such a record.
    pub(crate) fn edit_record(&mut self, noun: &str, id: &str, fields: &[(String, Json)]) -> Result<(), String> {
        let singular = |name: &str| name.to_lowercase().trim_end_matches('s').to_owned();
        let is_named = |name: &str| singular(name) == singular(noun);
        let known = || self.world.collections().map(|(name, _)| Arc::clone(name));
        let having: Vec<Arc<str>> = known().filter(|name| self.world.record_by_id(name, id).is_some()).collect();
        let collection = match having.as_slice() {
            [only] => Some(Arc::clone(only)),
            several => several.iter().find(|name| is_named(name)).cloned(),
        };
        let collection = collection.or_else(|| known().find(|name| is_named(name)));
        let collection = collection.ok_or_else(|| format!("no collection has a {noun} {id}"))?;
        let edited = office::edit_record(&self.generation.model, &mut self.world, &collection, id, fields);
        edited.map(|_| ()).map_err(|error| error.to_string())
    }

    pub(crate) fn advance(&mut self, by: Millis) {
        let (from, mut to) = (*self.world.clock(), *self.world.clock());
        to.advance(0, by);
        self.world.apply(&Change::ClockSet { from, to });
    }

    pub(crate) fn account(&self, identity: &str) -> Option<Arc<Record>> {
        self.world.by_key(docsim::behavior::account::COLLECTION, "identity", identity).cloned()
    }

    /// The reason where there is no such account or no such transition.
    pub(crate) fn act(&mut self, identity: &str, action: OfficeAction) -> Result<(), String> {
        let account = self.account(identity).ok_or_else(|| format!("no account {identity}"))?;
        office::act(&self.generation.model, &mut self.world, &account, action).map(|_| ())
    }

    /// The status as the documents number it.
    pub(crate) fn status(&self, identity: &str) -> Option<String> {
        let status = office::status(&self.generation.model, &*self.account(identity)?)?;
        status.scalar_text().map(str::to_owned)
    }
}
