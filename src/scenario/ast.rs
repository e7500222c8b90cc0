//! A scenario as its author wrote it: what is done, what must come of it, what is kept for later.
//!
//! Plain values. A text may hold `${name}`; it is filled in when the step is run, and a text that is nothing but a name
//! keeps the type of what it stands for.

use crate::json::Json;
use crate::source::Place;
use crate::world::Millis;
use jsonpath_rust::parser::model::JpQuery;
use std::fmt;

/// So long is really waited for where no clock can be moved, in milliseconds.
pub const WAITED: Millis = 2_000;

/// One sequence of steps, run in a world of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub name: String,
    pub tags: Vec<String>,
    pub vars: Vec<(String, Json)>,
    /// Run once for each, its members beside the `vars`; once where there is none.
    pub rows: Vec<Vec<(String, Json)>>,
    /// What has to be there first. A failure here is no finding about the API.
    pub setup: Vec<Step>,
    pub steps: Vec<Step>,
    pub place: Place,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub action: Action,
    /// All must hold; without one a call must succeed.
    pub expect: Vec<Expect>,
    pub save: Vec<Save>,
    pub because: Option<String>,
    pub retry: Option<Retry>,
    pub basis: Basis,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// An endpoint by its title, `METHOD /path` or id.
    Call {
        endpoint: String,
        with: Vec<(String, Json)>,
    },
    /// The newest live passcode of an identity; one is issued if there is none.
    Sms {
        identity: Json,
        purpose: Option<Json>,
    },
    Clock(ClockMove),
    /// As `POST` and `PATCH accounts` take it; with an action, as `accounts/{id}/actions` does.
    Account {
        identity: Json,
        action: Option<Json>,
        members: Vec<(String, Json)>,
    },
    /// As `records/{collection}` takes it: with an id a change, without one a new record.
    Record {
        collection: String,
        id: Option<Json>,
        delete: bool,
        members: Vec<(String, Json)>,
    },
    /// As `POST faults` takes it; none ends all faults.
    Fault(Option<Vec<(String, Json)>>),
}

impl Default for Action {
    fn default() -> Self {
        Self::Call { endpoint: String::new(), with: Vec::new() }
    }
}

impl Action {
    /// The key that it has in a file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Call { .. } => "call",
            Self::Sms { .. } => "sms",
            Self::Clock(_) => "clock",
            Self::Account { .. } => "account",
            Self::Record { .. } => "record",
            Self::Fault(_) => "fault",
        }
    }

    /// Whether only a simulator can do it. A short while passes everywhere.
    pub fn needs_simulator(&self) -> bool {
        match self {
            Self::Call { .. } | Self::Sms { .. } => false,
            Self::Clock(ClockMove::Advance(by)) => *by > WAITED,
            _ => true,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClockMove {
    Advance(Millis),
    /// A time as `POST clock` takes it.
    Set(Json),
    Freeze(bool),
}

/// Where an expectation comes from, which decides what a difference means for a real backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// A line of the document, or whoever wrote the scenario.
    #[default]
    Stated,
    /// Several lines of the document together.
    Inferred,
    /// docsim's own choice where the document is silent.
    Convention,
}

impl Basis {
    pub const ALL: [Self; 3] = [Self::Stated, Self::Inferred, Self::Convention];

    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Inferred => "inferred",
            Self::Convention => "convention",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.name() == text)
    }
}

/// One demand on a reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    pub what: What,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The reply is one of the endpoint's successes.
    Success,
    /// It is not.
    Failure,
    /// The code, wherever the documents have it; compared as text.
    Code(Json),
    /// The words of the reply, wherever the documents have them.
    Message(Test),
    HttpStatus(Test),
    At(Path, Test),
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Equals(Json),
    /// All of them.
    Matches(Vec<Matcher>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    Exists(bool),
    /// `string`, `number`, `integer`, `boolean`, `array`, `object`, `null`.
    Type(String),
    Equals(Json),
    Not(Json),
    OneOf(Vec<Json>),
    /// A text within a text, an item in a list, a member of that name in an object.
    Contains(Json),
    /// One item of a list and no other.
    ContainsOnce(Json),
    /// The contrary of `contains`; `7` and `"7"` are the same here.
    Lacks(Json),
    MoreThan(Json),
    LessThan(Json),
    AtLeast(Json),
    AtMost(Json),
    /// Characters of a text, items of a list, members of an object.
    Length(Json),
}

impl Matcher {
    pub const NAMES: [&str; 13] = [
        "exists",
        "type",
        "equals",
        "not",
        "one_of",
        "contains",
        "contains_once",
        "lacks",
        "more_than",
        "less_than",
        "at_least",
        "at_most",
        "length",
    ];
    pub const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

    pub fn name(&self) -> &'static str {
        match self {
            Self::Exists(_) => "exists",
            Self::Type(_) => "type",
            Self::Equals(_) => "equals",
            Self::Not(_) => "not",
            Self::OneOf(_) => "one_of",
            Self::Contains(_) => "contains",
            Self::ContainsOnce(_) => "contains_once",
            Self::Lacks(_) => "lacks",
            Self::MoreThan(_) => "more_than",
            Self::LessThan(_) => "less_than",
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
            Self::Length(_) => "length",
        }
    }

    /// What stands behind the name.
    pub fn value(&self) -> Json {
        match self {
            Self::Exists(exists) => Json::Bool(*exists),
            Self::Type(name) => Json::string(name.as_str()),
            Self::OneOf(values) => Json::Array(values.clone()),
            Self::Equals(value)
            | Self::Not(value)
            | Self::Contains(value)
            | Self::ContainsOnce(value)
            | Self::Lacks(value)
            | Self::MoreThan(value)
            | Self::LessThan(value)
            | Self::AtLeast(value)
            | Self::AtMost(value)
            | Self::Length(value) => value.clone(),
        }
    }
}

/// Keeps a value of the reply under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Save {
    pub name: String,
    /// None keeps what the step is for: the passcode of `sms`, the id of `account` and `record`.
    pub path: Option<Path>,
    pub place: Place,
}

/// Does the step again until it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often at most, the first time included.
    pub times: u32,
    /// Between two tries: time of the simulator's clock, real time elsewhere.
    pub every: Millis,
}

/// A `JSONPath` (RFC 9535), read once.
#[derive(Clone, Debug)]
pub struct Path {
    text: String,
    query: JpQuery,
}

impl Path {
    /// The reason where it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        match jsonpath_rust::parser::parse_json_path(text) {
            Ok(query) => Ok(Self { text: text.to_owned(), query }),
            Err(error) => Err(error.to_string()),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every value that it leads to.
    pub fn find<'j>(&self, value: &'j serde_json::Value) -> Vec<&'j serde_json::Value> {
        let found = jsonpath_rust::query::js_path_process(&self.query, value);
        found.map_or_else(|_| Vec::new(), |found| found.into_iter().map(jsonpath_rust::query::QueryRef::val).collect())
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
