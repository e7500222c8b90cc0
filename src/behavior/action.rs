//! What an accepted request changes.

use super::collection::{Lines, RecordId, Taken, Used};
use super::conditions::streaks::Streak;
use super::inputs::date::Unit;
use super::notices::Notice;
use super::records::copying::Copying;
use super::replies::address::AddressForm;
use super::wallet::fines::Fine;
use super::wallet::ledgers::Ledger;
use super::{Evidence, HowMany};
use crate::json::Json;
use std::sync::Arc;

/// What an accepted request changes.
#[derive(Clone, Debug)]
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
        password: Option<usize>,
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
    /// A record like another, with what belongs to it.
    CopyRecord(Box<Copying>),
    /// One or several; without an id all of the caller's.
    RemoveRecords {
        collection: usize,
        id: Option<RecordId>,
        /// They go there: into a bin, or back out of it.
        into: Option<Goes>,
    },
    /// What names a record that is removed goes with it, or names nothing then.
    RemoveChildren {
        collection: usize,
        id: RecordId,
        child: usize,
        field: Arc<str>,
        emptied: bool,
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
    /// The caller takes the record up.
    TakeRecord {
        collection: usize,
        id: RecordId,
    },
    /// Whoever has taken the record up leaves it to others.
    LeaveRecord {
        collection: usize,
        id: RecordId,
    },
    /// What the request or the record refers to gets another status.
    MoveNamed {
        collection: usize,
        by: Named,
        field: Arc<str>,
        to: Json,
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
    /// A day of the record comes so much later.
    PutOff {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
        by: PutOff,
    },
    /// What it costs that the record was due before now.
    ChargeLate {
        collection: usize,
        id: RecordId,
        due: Arc<str>,
        fee: Arc<str>,
        each_day: f64,
    },
    /// What the record costs by how long it took since then, or since it was made; and how long that was, in units of its own.
    Meter {
        collection: usize,
        id: RecordId,
        since: Option<Arc<str>>,
        long: Option<(Arc<str>, i64)>,
        fee: Arc<str>,
        unit: i64,
        price: f64,
    },
    /// When it was done to the record last.
    MarkRecord {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
        /// By each caller.
        each: bool,
    },
    /// Looking at the record is counted.
    CountView {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
    },
    /// The system writes a record for somebody.
    Notify(Box<Notice>),
    /// What the call changes of the caller's money or points is entered.
    Enter(Box<Ledger>),
    /// Writes down what it costs that the record was due before now.
    Fine(Box<Fine>),
    /// A number of the account that the record belongs to grows by one.
    CountDeed {
        field: Arc<str>,
    },
    /// Gives back to what a record refers to what making the record took.
    /// Takes of a stock what a record is for.
    TakeAway {
        collection: usize,
        id: RecordId,
        taken: Taken,
    },
    GiveBack {
        collection: usize,
        id: RecordId,
        taken: Taken,
        /// Where an input has one of these.
        sent: Option<(usize, Vec<String>)>,
    },
    /// The voucher that making a record used can be used again.
    ReturnVoucher {
        collection: usize,
        id: RecordId,
        used: Used,
    },
    /// Takes from the caller's account what a field of the record says, less what a voucher takes off, and keeps what that is.
    Charge {
        collection: usize,
        id: RecordId,
        amount: Arc<str>,
        balance: Arc<str>,
        off: Option<Off>,
        paid: Option<Arc<str>>,
    },
    /// Adds to a number of the caller's account, or takes from it.
    AddFunds {
        amount: Amount,
        balance: Arc<str>,
        takes: bool,
    },
    /// Adds what a field of the record says to a number of the account that made it, or of who took it; or takes it from there.
    Settle {
        collection: usize,
        id: RecordId,
        taker: bool,
        amount: Arc<str>,
        balance: Arc<str>,
        takes: bool,
        /// Of records alone that have one of these in a field.
        only: Option<(Arc<str>, Vec<String>)>,
        /// Where an input has one of these.
        sent: Option<(usize, Vec<String>)>,
    },
    /// A field of the caller's account gets this value.
    SetFlag {
        field: Arc<str>,
        to: Json,
    },
    /// An account that was made just now gets so many records.
    Give {
        collection: usize,
        fields: Vec<(Arc<str>, Json)>,
        count: usize,
    },
    /// For how many days in a row the caller did it, and when last.
    CountDays(Arc<Streak>),
    /// When the caller did it last.
    MarkCaller {
        field: Arc<str>,
    },
    /// Takes what is wanted from a field of the record that an input names.
    TakeFrom {
        collection: usize,
        input: usize,
        field: Arc<str>,
        quantity: Option<HowMany>,
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

/// Where removed records go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Into the bin that is this collection.
    Bin(usize),
    /// Back to the collection from which they were removed.
    Back(usize),
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
    /// Where one of these is sent; out of these statuses alone, if any are listed.
    Input { input: usize, values: Vec<String>, from: Vec<Json> },
}

/// The voucher that an input can name, and the field of what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Off {
    pub collection: usize,
    pub input: usize,
    pub worth: Arc<str>,
}

/// How much of something.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    Fixed(f64),
    /// What a voucher leaves of it.
    Less(Box<Amount>, Off),
    /// What an input says.
    Input(usize),
    /// What a value of an input costs.
    Choice {
        input: usize,
        prices: Vec<(String, f64)>,
    },
    /// So many times that as an input says.
    Times(Box<Amount>, usize),
    /// So much for each whole part of it.
    Share {
        of: Box<Amount>,
        each: f64,
        gives: f64,
    },
    /// So much for each of what an input counts.
    Each {
        input: usize,
        price: f64,
    },
    /// What the day in a row gives that it is.
    Streak(Arc<Streak>),
    /// A field of the record that an input names.
    Of {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
    },
    /// What a new record of these inputs comes to.
    Made {
        collection: usize,
        fields: Vec<(Arc<str>, usize)>,
    },
    /// A field of what the named record names in turn: whose it is, how it is found and by which field it names the other.
    Through {
        by: (usize, RecordId, Arc<str>),
        collection: usize,
        field: Arc<str>,
    },
}

/// By how much a day is put off.
#[derive(Clone, Debug, PartialEq)]
pub enum PutOff {
    /// So many milliseconds.
    For(i64),
    /// So many days or months as an input says.
    Counted { input: usize, unit: Unit, last_day: bool },
}

/// How a record is named.
#[derive(Clone, Debug, PartialEq)]
pub enum Named {
    /// By an input.
    Input(usize),
    /// By a field of the record that the request is about.
    Field { of: usize, id: RecordId, reference: Arc<str> },
}

/// What a request does to a tie.
#[derive(Clone, Debug, PartialEq)]
pub enum Tying {
    Tie,
    Untie,
    /// Unties the account that an input names.
    Out(usize),
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
