//! What each endpoint does, as data: `explain` prints it, the engine runs it, and nothing is decided anywhere else.
//!
//! In: a document set and the lexicon (and what `docsim.toml` overrules). Out: a `Model` with one `Behavior` for each
//! endpoint, each piece with the words and the place that it was read from. Knows no world and no request.
//!
//! | folder | what is read there |
//! |---|---|
//! | `operation` | what an endpoint does: by its words, by what goes in and comes out, beside its neighbours |
//! | `inputs` | what parameters are for, and what their values must look like |
//! | `account`, `login` | accounts, their kinds and statuses; passcodes, tokens, and who has to be logged in |
//! | `collection` | the records: which endpoints share them (`nouns`), their members (`items`), lists, statuses (`machine`), whose they are (`sides`), sums |
//! | `records`, `tying`, `wallet`, `notices` | what deeds demand and change: of records, of ties to them, of what callers have, of messages |
//! | `conditions` | what has to hold before a deed is done, and how often it may be |
//! | `failures`, `choose` | what can go wrong, wherever a document says so; which failure answers which check |
//! | `replies` | which parts of a documented reply state decides |
//! | `infer` | the order in which all of this is asked |

pub mod account;
mod action;
mod checks;
mod choose;
pub mod collection;
pub mod conditions;
mod demand;
mod demands;
mod describe;
mod effects;
pub mod enumeration;
pub mod failure;
mod failures;
pub mod flow;
mod infer;
pub mod inputs;
mod login;
pub mod notices;
mod operation;
pub mod records;
pub mod replies;
mod tying;
pub mod wallet;

pub use account::lifecycle::{Machine, StatusValue};
pub use account::{Accounts, Field};
pub use action::{Action, Adjust, Amount, Case, CaseOf, Effect, Goes, Merge, Named, Off, PutOff, Tying};
pub use collection::{Collection, ItemTemplate, ListPlan, OnRecords, RecordId};
pub use demand::{Bounded, DayOf, Demand, HowMany, Line, NumberOf, Pause, Prior, Side, Stock};
pub use failure::{Failure, Origin};
pub use failures::outcomes::Outcome;
pub use infer::infer;
pub use inputs::upload::{NamedPicture, Pictures, UploadRules};
pub use login::secrets::{PasscodeRules, TokenRules};
pub use login::tries::Tries;
pub use operation::overrides::{
    CollectionOverrides, EndpointOverrides, GivenRecord, MoveOverrides, Overrides, RecordsOverrides,
};
pub use replies::template::{KeyedBy, Slot, Template};

use crate::json::Json;
use crate::lexicon::{Class, Operation, Role};
use crate::source::Place;
use crate::spec::In;
use inputs::date::DateForm;
use inputs::rule::Length;
use inputs::signs::Signs;
use std::fmt;
use std::sync::Arc;

/// What a document set does. Immutable; one value for each generation.
#[derive(Debug, Default)]
pub struct Model {
    /// Parallel to `DocSet::endpoints`.
    pub behaviors: Vec<Behavior>,
    pub accounts: Accounts,
    pub passcodes: PasscodeRules,
    pub tokens: TokenRules,
    pub collections: Vec<Collection>,
    /// Where the documents' times are read, in seconds east of Greenwich.
    pub utc_offset: i32,
    pub uploads: UploadRules,
    /// The pictures that the examples name.
    pub pictures: Pictures,
}

impl Model {
    /// What the records that an endpoint is about show under a name.
    pub fn shown(&self, behavior: &Behavior, name: &str) -> Option<&Json> {
        let known = self.collections.get(behavior.record.as_ref()?.collection)?;
        Some(&known.field(name)?.example)
    }
}

/// One endpoint.
#[derive(Debug)]
pub struct Behavior {
    pub operation: Operation,
    pub operation_because: Evidence,
    pub auth: Auth,
    /// Parallel to `Endpoint::params`.
    pub inputs: Vec<Input>,
    /// In the order in which they are made; the first that fails decides.
    pub checks: Vec<Check>,
    pub effects: Vec<Effect>,
    /// The collection that it is about.
    pub record: Option<OnRecords>,
    /// The input that names the account that it is about, instead of the caller's.
    pub subject: Option<usize>,
    /// The kind of account that it makes or lets in, where each kind has its own way in.
    pub entry: Option<usize>,
    /// The space of names in which it looks for accounts, where several kinds have names of their own.
    pub names: Option<Arc<str>>,
    /// Who calls it runs the place, and sees and changes what everybody made.
    pub office: bool,
    /// What it lists.
    pub list: Option<ListPlan>,
    pub success: Reply,
    /// The reply where what the request ties was untied instead.
    pub undone: Option<Reply>,
    /// The replies where what is sent says which it is.
    pub outcomes: Vec<Outcome>,
    /// Every documented reply, for `X-Docsim-Force`: by code, then by kind and number.
    pub forced: Vec<(String, Reply)>,
}

/// Why something is held to be so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    pub text: String,
    pub place: Place,
    pub confidence: Confidence,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    #[default]
    Guess,
    Likely,
    Certain,
}

impl Confidence {
    pub fn name(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

impl Behavior {
    /// Whether nobody else may have the same value for an input.
    pub fn is_unique(&self, input: usize) -> bool {
        let names_record = self.checks.iter().any(|check| match &check.demand {
            Demand::Found { id, .. } => id.input == input,
            Demand::Referenced { input: named, .. } => *named == input,
            _ => false,
        });
        self.checks.iter().any(|check| match &check.demand {
            Demand::FieldFree { input: named, .. } => *named == input,
            Demand::Unlike { fields, own: false, .. } => {
                fields.iter().any(|(_, named)| *named == input) && !names_record
            }
            _ => false,
        })
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Evidence {
    pub fn new(text: impl Into<String>, place: Place, confidence: Confidence) -> Self {
        Self { text: text.into(), place, confidence }
    }
}

/// Who may call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    #[default]
    Anyone,
    /// A token that is alive names the caller; without one the caller is nobody.
    Optional,
    Required,
    /// The documents know no token: this input names the caller.
    Named(usize),
}

/// One parameter, and what it is for.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: Arc<str>,
    pub role: Role,
    /// The role by its words alone: a phone that serves as identity is still a phone.
    pub word: Role,
    pub label: String,
    pub required: bool,
    pub location: In,
    pub discriminates: bool,
    /// A constant of the URL's query: it routes, and says nothing of what is asked.
    pub routes: bool,
    pub rules: Vec<InputRule>,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct InputRule {
    pub form: Form,
    pub because: Evidence,
}

/// What a value must look like.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// `1[3-9]` and nine digits.
    Mobile,
    Email,
    /// 18 places, or 15 of the old form; digits, the last may be X.
    IdCard,
    Length(Length),
    /// A number from the first to the second.
    Range(i64, i64),
    OneOf(Vec<String>),
    /// A letter and a digit at least: 须包含字母和数字.
    LettersAndDigits,
    /// Of these signs and no others: 只能是字母或数字.
    MadeOf(Signs),
    Date(DateForm),
    /// Today or later.
    NotPast(DateForm),
    Step(inputs::steps::Step),
}

/// One demand, and the documented failure that answers when it is not met.
#[derive(Debug)]
pub struct Check {
    pub demand: Demand,
    /// The classes of failure that fit, best first.
    pub classes: Vec<Class>,
    pub failure: Failure,
    /// Codes of documented failures that say it as well: where something is missing, that the input is wrong.
    pub also: Vec<Arc<str>>,
    pub reply: Reply,
    pub because: Evidence,
    /// How often it may fail in a row.
    pub tries: Option<Tries>,
}

/// A documented reply, ready to be filled in.
#[derive(Clone, Debug)]
pub struct Reply {
    pub http_status: Option<u16>,
    pub body: Template,
    /// Where it stands in the documents.
    pub place: Place,
    /// The name of the outcome: the code that it carries.
    pub code: String,
}
