//! What each endpoint does, as data: `explain` prints it, the engine runs it, and nothing is decided anywhere else.
//!
//! In: a document set and the lexicon (and what `docsim.toml` overrules). Out: a `Model` with one `Behavior` for each
//! endpoint, each piece with the words and the place that it was read from. Knows no world and no request.

pub mod account;
mod action;
mod adding;
pub mod address;
mod apart;
mod back_office;
mod by_code;
mod by_shape;
mod callers;
mod callers_token;
mod captions;
mod cards;
mod checks;
mod choice;
mod choose;
mod clocks;
mod code_words;
pub mod collection;
pub mod date;
mod deed_path;
mod deeds;
mod demand;
mod demands;
mod describe;
mod effects;
mod elsewhere;
mod entries;
pub mod enumeration;
mod expiry;
mod explained;
pub mod failure;
pub mod fines;
mod fixed;
pub mod flow;
mod forms;
mod funds;
mod gifts;
mod goes_with;
mod handed_out;
mod head_failures;
mod head_states;
mod held;
pub mod id_card;
mod in_order;
mod in_use;
mod infer;
pub mod kinds;
mod known_as;
mod least;
pub mod ledgers;
mod left_over;
mod lend;
pub mod lifecycle;
mod limits;
mod listed_above;
mod loans;
mod login_free;
pub mod made_up;
mod marking;
mod member_rights;
mod message_lists;
mod metering;
mod missing;
mod moot;
mod names_param;
mod neighbours;
mod notice_words;
pub mod notices;
pub mod office_side;
mod one_secret;
mod only_of;
mod operation;
mod ordering;
mod others;
mod outcomes;
mod overrides;
mod own;
mod own_rules;
mod own_ties;
mod parties;
mod passcodes;
mod path_words;
mod prior;
mod prolonging;
mod purposes;
mod put_back;
mod rating;
mod reading;
mod records;
mod registering;
mod renewing;
mod replies;
mod reviewed;
mod role;
pub mod rule;
mod said_moves;
mod same_name;
mod secrets;
mod senders;
mod sessions;
mod showing;
mod shut_out;
pub mod signs;
mod some_of;
mod staying;
mod stock;
mod taken_later;
mod template;
mod things;
mod ties_told;
mod timely;
mod titles;
mod told_codes;
mod told_data;
mod told_failure;
mod told_login;
mod told_order;
mod tries;
mod tying;
mod unit_bounds;
mod unmarked;
mod upload;
mod vouching;
mod wallet;
mod within;
mod word_lists;
mod written;

pub use account::{Accounts, Field};
pub use action::{Action, Adjust, Amount, Case, CaseOf, Effect, Goes, Merge, Named, Off, PutOff, Tying};
pub use collection::{Collection, ItemTemplate, ListPlan, OnRecords, RecordId};
pub use demand::{Bounded, Demand, HowMany, Line, NumberOf, Prior, Side, Stock};
pub use failure::{Failure, Origin};
pub use infer::infer;
pub use lifecycle::{Machine, StatusValue};
pub use outcomes::Outcome;
pub use overrides::{CollectionOverrides, EndpointOverrides, GivenRecord, MoveOverrides, Overrides, RecordsOverrides};
pub use secrets::{PasscodeRules, TokenRules};
pub use template::{KeyedBy, Slot, Template};
pub use tries::Tries;
pub use upload::{NamedPicture, Pictures, UploadRules};

use crate::lexicon::{Class, Operation, Role};
use crate::source::Place;
use crate::spec::In;
use date::DateForm;
use rule::Length;
use signs::Signs;
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
