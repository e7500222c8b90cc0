//! What each endpoint does, as data: `explain` prints it, the engine runs it, and nothing is decided anywhere else.
//!
//! In: a document set and the lexicon (and what `docsim.toml` overrules). Out: a `Model` with one `Behavior` for each
//! endpoint, each piece with the words and the place that it was read from. Knows no world and no request.

pub mod account;
pub mod address;
mod by_shape;
mod checks;
mod choose;
pub mod collection;
pub mod date;
mod demands;
mod describe;
mod effects;
mod elsewhere;
pub mod enumeration;
mod expiry;
pub mod failure;
pub mod flow;
mod forms;
mod in_use;
mod infer;
mod lend;
pub mod lifecycle;
mod limits;
mod login_free;
mod missing;
mod operation;
mod ordering;
mod others;
mod overrides;
mod own;
mod purposes;
mod rating;
mod reading;
mod records;
mod replies;
mod role;
pub mod rule;
mod secrets;
mod sessions;
mod showing;
pub mod signs;
mod stock;
mod template;
mod things;
mod ties_told;
mod timely;
mod tries;
mod upload;

pub use account::{Accounts, Field};
pub use collection::{Collection, ItemTemplate, ListPlan, OnRecords, RecordId};
use collection::{Lines, Taken, Used};
pub use failure::{Failure, Origin};
pub use infer::infer;
pub use lifecycle::{Machine, StatusValue};
pub use overrides::{CollectionOverrides, EndpointOverrides, GivenRecord, MoveOverrides, Overrides, RecordsOverrides};
pub use secrets::{PasscodeRules, TokenRules};
pub use template::{KeyedBy, Slot, Template};
pub use tries::Tries;
pub use upload::{NamedPicture, Pictures, UploadRules};

use crate::json::Json;
use crate::lexicon::{Class, Operation, Role};
use crate::source::Place;
use crate::spec::In;
use address::AddressForm;
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
    /// What it lists.
    pub list: Option<ListPlan>,
    pub success: Reply,
    /// The reply where what the request ties was untied instead.
    pub undone: Option<Reply>,
    /// Every documented reply, for `X-Docsim-Force`: by code, then by kind and number.
    pub forced: Vec<(String, Reply)>,
}

/// Why something is held to be so.
#[derive(Clone, Debug, Default)]
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

/// What must hold before the endpoint does what it does. Inputs are indices into `Behavior::inputs`.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// A token that is alive.
    Token,
    /// The token, if it was one, is not too old.
    TokenFresh,
    /// The caller's account is not deleted.
    AccountKept,
    Present(usize),
    /// At least one of the two: a password or a passcode.
    PresentEither(usize, usize),
    WellFormed(usize),
    /// The two passwords are the same.
    Equal(usize, usize),
    /// No account has this identity.
    IdentityFree(usize),
    /// No other account has this value in the field.
    FieldFree {
        input: usize,
        field: Arc<str>,
    },
    /// An account that is not deleted has this id.
    AccountFound(usize),
    /// It is not the caller's own.
    NotOneself(usize),
    /// An account that is not deleted has this identity.
    IdentityKnown(usize),
    /// The passcode was issued to this identity (or the caller's), is not spent and not expired.
    Passcode {
        identity: Option<usize>,
        passcode: usize,
        purpose: Option<Arc<str>>,
    },
    /// The same, and the failure for one that was right but is too old.
    PasscodeFresh {
        identity: Option<usize>,
        passcode: usize,
        purpose: Option<Arc<str>>,
    },
    /// The same of who logs in; a message about malformed input does not stand in.
    Known(usize),
    /// The account's password is this one.
    Password {
        identity: Option<usize>,
        password: usize,
    },
    /// The account is neither frozen nor deleted.
    Usable {
        identity: Option<usize>,
    },
    /// Not so many wrong passwords were sent for the account of late that it is locked.
    Unlocked {
        identity: Option<usize>,
    },
    /// The newest passcode was not guessed at too often.
    PasscodeTries {
        identity: Option<usize>,
        purpose: Option<Arc<str>>,
        most: u64,
    },
    /// Fewer than so many passcodes were sent to this identity today.
    SendCap {
        identity: usize,
        most: u64,
    },
    /// The new password is not the old one.
    PasswordNew {
        identity: Option<usize>,
        password: usize,
    },
    /// Birth date and check digit of the card are right.
    CardValid(usize),
    /// The card is nobody else's, and the caller has verified with no other.
    CardFree(usize),
    /// The caller has verified or uploaded something.
    Submitted,
    /// The caller's review was not refused.
    NotRejected,
    /// Nothing of the caller's is before the reviewer.
    NotPending,
    /// The caller has not verified yet, where the documents tell that apart from a card that is another's.
    Unverified,
    /// The last passcode for this identity and purpose is older than the interval.
    SendInterval {
        identity: usize,
        purpose: Option<usize>,
    },
    /// Something that is sent differs from what is there.
    Changed,
    /// A record that the caller may see (and, to write it, owns) has this id.
    Found {
        collection: usize,
        id: RecordId,
        write: bool,
    },
    /// The record that has this id, if one has it, is the caller's to change.
    Owned {
        collection: usize,
        id: RecordId,
    },
    /// Records of that collection have the ids that an input names.
    Referenced {
        collection: usize,
        input: usize,
    },
    /// No other record has these values.
    Unlike {
        collection: usize,
        fields: Vec<(Arc<str>, usize)>,
        own: bool,
        /// The record that is being changed.
        id: Option<RecordId>,
    },
    /// No standing record of these collections names the record in the field.
    Unused {
        collection: usize,
        id: RecordId,
        users: Vec<(usize, Arc<str>)>,
    },
    /// The record is not its owner's chosen one.
    NotChosen {
        collection: usize,
        id: RecordId,
        flag: Arc<str>,
    },
    /// It is the right time by a field of the record, or of one that a field of the record names.
    Timely {
        collection: usize,
        id: RecordId,
        through: Option<(Arc<str>, usize)>,
        field: Arc<str>,
        side: Side,
        /// So long before.
        lead_ms: i64,
    },
    /// Fewer are tied to the record than a field of it says; another has how many were from the start.
    Places {
        relation: usize,
        id: RecordId,
        most: Arc<str>,
        taken: Option<Arc<str>>,
    },
    /// The caller has fewer records that name what an input names than a field of that says; one where no field does.
    FewerThan {
        collection: usize,
        field: Arc<str>,
        target: usize,
        input: usize,
        most: Option<Arc<str>>,
    },
    /// The record's status is one of these.
    InState {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
        from: Vec<Json>,
    },
    /// The caller is tied to the record, or is not.
    Tied {
        relation: usize,
        id: RecordId,
        tied: bool,
    },
    /// The caller has fewer records than anybody may have. Not asked where a record that there is is changed.
    Room {
        collection: usize,
        most: usize,
        id: Option<RecordId>,
    },
    /// The list has an item.
    SomeListed {
        collection: usize,
    },
    /// There is as much of a record's field as is wanted.
    Enough(Stock),
    /// There is something to order.
    SomeLines(Box<Lines>),
    /// Every line names a thing that there is.
    LinesNamed(Box<Lines>),
    /// What is ordered comes to at least what a field of the voucher says that an input names.
    Worth {
        /// Of what is ordered, with the inputs of its fields.
        collection: usize,
        fields: Vec<(Arc<str>, usize)>,
        voucher: usize,
        input: usize,
        least: Arc<str>,
        lines: Option<Box<Lines>>,
    },
    /// The caller's account has at least what a field of the record says.
    Funds {
        collection: usize,
        id: RecordId,
        amount: Arc<str>,
        balance: Arc<str>,
    },
    /// Another demand, made only where an input has one of these values.
    When {
        input: usize,
        values: Vec<String>,
        /// Also made where the input is not sent.
        absent: bool,
        demand: Box<Demand>,
    },
}

/// On which side of a moment something can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    From,
    Until,
}

/// What is wanted of what there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// The collection of what there is, the input that names one, and the field that says how much.
    pub collection: usize,
    pub input: Option<usize>,
    pub field: Arc<str>,
    /// How much is wanted; one where no input says.
    pub quantity: Option<usize>,
    /// The caller's own line that already holds some.
    pub line: Option<Line>,
    /// What a new record is made up of, each as much as it says.
    pub lines: Option<Box<Lines>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub collection: usize,
    /// The input that names the line; else it is the one that holds what the request names.
    pub id: Option<RecordId>,
    /// The fields that name what it holds, and how much of it.
    pub reference: Arc<str>,
    pub count: Arc<str>,
    pub adjust: Adjust,
    pub direction: Option<(usize, Vec<String>)>,
}

/// What an accepted request changes.
#[derive(Debug)]
pub struct Effect {
    pub action: Action,
    pub because: Evidence,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// An account with these inputs as identities, and these as fields.
    CreateAccount {
        identities: Vec<usize>,
        password: Option<usize>,
        fields: Vec<(Arc<str>, usize)>,
    },
    /// The same where no account has that identity yet.
    EnsureAccount {
        identities: Vec<usize>,
        fields: Vec<(Arc<str>, usize)>,
    },
    SpendPasscode {
        identity: Option<usize>,
        passcode: usize,
        purpose: Option<Arc<str>>,
    },
    IssueToken,
    RevokeToken,
    /// All of the account's tokens.
    RevokeTokens,
    SetPassword {
        identity: Option<usize>,
        password: usize,
    },
    /// The caller's account is deleted as the documents' statuses have it, and its tokens die.
    DeleteAccount,
    /// Each field that was sent.
    SetFields(Vec<(Arc<str>, usize)>),
    SetIdentity(usize),
    /// The caller has proved who they are.
    Verify {
        name: Option<usize>,
        card: usize,
    },
    /// Puts what was sent before the reviewer: from one of these statuses to the other.
    Submit {
        from: Vec<Json>,
        to: Json,
    },
    SendPasscode {
        identity: usize,
        purpose: Option<usize>,
    },
    /// A record of these inputs, each under its field.
    CreateRecord {
        collection: usize,
        fields: Vec<(Arc<str>, usize)>,
        /// More of what is there already adds to this field instead.
        merge: Option<Merge>,
        /// What it is made up of. Those of a basket leave it.
        lines: Option<Box<Lines>>,
    },
    /// What is sent takes the place of what was there.
    UpdateRecord {
        collection: usize,
        id: RecordId,
        fields: Vec<(Arc<str>, usize)>,
    },
    /// The same where an id is sent, else a new record.
    SaveRecord {
        collection: usize,
        id: RecordId,
        fields: Vec<(Arc<str>, usize)>,
    },
    /// One or several; without an id all of the caller's.
    RemoveRecords {
        collection: usize,
        id: Option<RecordId>,
    },
    /// One record is the chosen one, its owner's others are not.
    ChooseRecord {
        collection: usize,
        id: RecordId,
        flag: Arc<str>,
    },
    /// Without an id all of the caller's.
    MoveRecords {
        collection: usize,
        id: Option<RecordId>,
        field: Arc<str>,
        from: Vec<Json>,
        to: Json,
        /// Where it leads elsewhere, the first that holds.
        cases: Vec<Case>,
        /// Fields that keep when it was done.
        stamps: Vec<Arc<str>>,
    },
    Tie {
        relation: usize,
        id: RecordId,
        how: Tying,
        /// What is kept of a new tie.
        fields: Vec<(Arc<str>, usize)>,
    },
    AdjustRecord {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
        input: Option<usize>,
        /// An input whose value says more or less, with the values that say less.
        direction: Option<(usize, Vec<String>)>,
        adjust: Adjust,
    },
    /// Looking at the record is counted.
    CountView {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
    },
    /// Gives back to what a record refers to what making the record took.
    GiveBack {
        collection: usize,
        id: RecordId,
        taken: Taken,
    },
    /// The voucher that making a record used can be used again.
    ReturnVoucher {
        collection: usize,
        id: RecordId,
        used: Used,
    },
    /// Takes from the caller's account what a field of the record says.
    Charge {
        collection: usize,
        id: RecordId,
        amount: Arc<str>,
        balance: Arc<str>,
    },
    /// Adds an input to the money of the caller's account.
    AddFunds {
        input: usize,
        balance: Arc<str>,
    },
    /// Takes what is wanted from a field of the record that an input names.
    TakeFrom {
        collection: usize,
        input: usize,
        field: Arc<str>,
        quantity: Option<usize>,
    },
    /// Takes of a field of each thing that the lines name as many as they say.
    TakeLines {
        lines: Box<Lines>,
        field: Arc<str>,
    },
    /// The voucher that an input names is used.
    UseVoucher {
        collection: usize,
        input: usize,
        status: Arc<str>,
        used: Json,
    },
    /// Files that these inputs carry are kept, and their addresses, in these forms, take their place before all other
    /// effects. `as_text` is whether a file may also come as a data URI or as base64.
    KeepFiles {
        inputs: Vec<(usize, AddressForm)>,
        as_text: bool,
    },
}

/// The same again is one record with a greater number.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Fields that make it the same, with their inputs.
    pub same: Vec<(Arc<str>, usize)>,
    pub field: Arc<str>,
    pub quantity: Option<usize>,
}

/// A move leads to another status there.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub of: CaseOf,
    pub to: Json,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CaseOf {
    /// Out of one of these values of a field of the record.
    Field { field: Arc<str>, from: Vec<Json> },
    /// Where one of these is sent.
    Input { input: usize, values: Vec<String> },
}

/// What a request does to a tie.
#[derive(Clone, Debug, PartialEq)]
pub enum Tying {
    Tie,
    Untie,
    Toggle,
    /// As an input says, with the values that tie and those that untie.
    Told {
        input: usize,
        tie: Vec<String>,
        untie: Vec<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjust {
    Set,
    More,
    Less,
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
