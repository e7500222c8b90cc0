//! `docsim.toml`: what the user says beside the documents.
//!
//! In: the file's text. Out: a `Config` (plain data) and what is odd about the file. Knows what may be said (`keys.rs`
//! lists it once, for the reader and for the JSON Schema), not what the documents say: entries for endpoints are matched
//! with them later, by `endpoints.rs`. Nothing here can open the server beyond loopback.

mod check;
mod clean;
mod collections;
mod endpoints;
mod fill;
mod form;
mod hint;
mod keys;
mod nearest;
mod not_here;
mod scalar;
mod schema;
mod shape;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use check::read;
pub(crate) use endpoints::means;
pub use endpoints::method_and_path;
pub use keys::CHECK_KINDS;
pub(crate) use nearest::nearest;
pub use schema::schema;

use crate::behavior::{CollectionOverrides, MoveOverrides};
use crate::diagnostic::Severity;
use crate::json::Json;
use crate::lexicon::{Additions, Operation};
use crate::source::Place;
use crate::spec::{PublicParam, Settings};
use crate::world::Millis;
use jiff::tz::Offset;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The finding that leaves the whole file unread.
pub const SYNTAX: &str = "config-syntax";

/// The rules of this stage: name, default severity, what the finding says.
pub const RULES: &[(&str, Severity, &str)] = &[
    (SYNTAX, Severity::Error, "the file is not TOML; nothing in it is read until it is"),
    ("config-unknown-key", Severity::Warning, "a key that means nothing, at least not where it stands"),
    ("config-wrong-type", Severity::Error, "a text where a number is needed, and the like"),
    ("config-bad-value", Severity::Error, "a value of the right type that cannot be, or a name that is not known"),
    ("config-not-here", Severity::Error, "only the command line may set this"),
    ("config-no-such-collection", Severity::Warning, "an entry for a collection that the documents do not speak of"),
    (
        "config-no-such-parameter",
        Severity::Warning,
        "an endpoint is told to use a parameter or a field that it does not have",
    ),
    ("config-no-such-endpoint", Severity::Warning, "an entry for an endpoint that no document has"),
    ("config-endpoint-twice", Severity::Warning, "two entries for one endpoint, of which one does nothing"),
];

/// What the file says; a default stands for everything that it does not say.
///
/// None and empty mean *as the documents state, else docsim's own default*.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Put before every path; may have scheme and host.
    pub base_path: Option<String>,
    /// In which times are shown and dates are told apart.
    pub time_zone: Offset,
    /// Of docsim's own messages.
    pub language: Option<Language>,
    /// Accepted for every identity, never spent.
    pub universal_passcode: Option<String>,
    pub passcode: PasscodeConfig,
    pub token: TokenConfig,
    pub uploads: UploadConfig,
    /// HTTP status by code, for all endpoints.
    pub http_status: BTreeMap<String, u16>,
    pub params: Vec<PublicParam>,
    /// Name, value, and the line that says so.
    pub headers: Vec<(String, String, Place)>,
    pub groups: BTreeMap<String, Settings>,
    pub lexicon: Additions,
    /// In the order written.
    pub accounts: Vec<AccountConfig>,
    pub rules: Levels,
    /// In the order written.
    pub collections: Vec<CollectionConfig>,
    /// In the order written.
    pub endpoints: Vec<EndpointConfig>,
}

/// Level by rule.
pub type Levels = BTreeMap<String, Level>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasscodeConfig {
    /// Digits.
    pub length: Option<usize>,
    pub lifetime_ms: Option<Millis>,
    /// Between two passcodes for one identity and purpose.
    pub interval_ms: Option<Millis>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenConfig {
    pub lifetime_ms: Option<Millis>,
    /// The newest of an account that stay alive.
    pub per_account: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadConfig {
    /// The largest file.
    pub file_bytes: Option<usize>,
    /// All files of a world together.
    pub world_bytes: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not reported.
    Allow,
    Report(Severity),
}

/// An account that every world has from the start.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountConfig {
    pub identity: String,
    pub password: Option<String>,
    /// A scalar; none is the status of a new account.
    pub status: Option<Json>,
    /// In the order written.
    pub fields: Vec<(Arc<str>, Json)>,
    pub place: Place,
}

/// What is said of the endpoints that one name stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointConfig {
    /// A title, a method and path, or an id, as written.
    pub name: String,
    pub place: Place,
    pub operation: Option<Operation>,
    pub collection: Option<String>,
    /// The parameter that names the record, and where that is said.
    pub id: Option<(String, Place)>,
    pub transition: Option<(MoveOverrides, Place)>,
    /// Code by kind of check (`CHECK_KINDS`).
    pub codes: BTreeMap<String, String>,
    pub rules: Levels,
    /// HTTP status by code.
    pub http_status: BTreeMap<String, u16>,
}

/// What is said of the records of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CollectionConfig {
    pub told: CollectionOverrides,
    /// The endpoints that move its status, as written.
    pub transitions: Vec<(String, MoveOverrides, Place)>,
    pub place: Place,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_path: None,
            time_zone: Offset::constant(8),
            language: None,
            universal_passcode: None,
            passcode: PasscodeConfig::default(),
            token: TokenConfig::default(),
            uploads: UploadConfig::default(),
            http_status: BTreeMap::new(),
            params: Vec::new(),
            headers: Vec::new(),
            groups: BTreeMap::new(),
            lexicon: Additions::default(),
            accounts: Vec::new(),
            rules: Levels::new(),
            collections: Vec::new(),
            endpoints: Vec::new(),
        }
    }
}

impl Config {
    /// What joins the endpoints: base address, public parameters and headers, groups.
    pub fn settings(&self) -> Settings {
        Settings {
            url: self.base_path.clone(),
            headers: self.headers.clone(),
            params: self.params.clone(),
            groups: self.groups.clone(),
        }
    }

    /// Words for the lexicon, which takes them without an error: the reader lets no unknown name through.
    pub fn additions(&self) -> Additions {
        self.lexicon.clone()
    }

    /// What is said of a rule: for an endpoint, else for the set. None leaves it as it is.
    pub fn level(&self, rule: &str, endpoint: Option<&EndpointConfig>) -> Option<Level> {
        endpoint.and_then(|endpoint| endpoint.rules.get(rule)).or_else(|| self.rules.get(rule)).copied()
    }
}
