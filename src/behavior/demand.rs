//! What must hold before an endpoint does what it does.

use super::collection::{Holding, Lines, Over, RecordId};
use super::conditions::spans::Apart;
use super::{Adjust, Amount};
use crate::json::Json;
use std::sync::Arc;

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
    /// At least one of them: a password or a passcode.
    PresentSome(Vec<usize>),
    WellFormed(usize),
    /// The two passwords are the same.
    Equal(usize, usize),
    /// The second is not before the first, nor the same where it is strict.
    InOrder {
        first: usize,
        second: usize,
        strict: bool,
    },
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
    /// What an id names belongs to another than the caller.
    NotOwn {
        collection: usize,
        id: RecordId,
    },
    /// Whoever an input names, or has the record that it names, has not shut out the caller by that relation.
    Welcome {
        relation: usize,
        input: usize,
        /// The collection of the record; none where an account is named.
        of: Option<usize>,
    },
    /// The caller has done something else before.
    Prior(Prior),
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
    /// Nothing alike goes on at the same time.
    Apart(Box<Apart>),
    /// No standing record of these collections names the record in the field.
    Unused {
        collection: usize,
        id: RecordId,
        users: Vec<(usize, Arc<str>)>,
        /// Of these collections only records with such a status count.
        only: Vec<(usize, Over)>,
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
    /// It was not done to the record of late, or ever: the field keeps when it was.
    Rested {
        collection: usize,
        id: RecordId,
        field: Arc<str>,
        within: Option<i64>,
    },
    /// The caller's account has this value in the field, or none where it is the default.
    OfKind {
        field: Arc<str>,
        value: String,
        default: Option<String>,
    },
    /// A number lies between the bounds that a named record sets.
    Within(Box<Bounded>),
    /// The record was taken by no other account.
    Untaken {
        collection: usize,
        id: RecordId,
    },
    /// The caller is tied to the record, or is not.
    Tied {
        relation: usize,
        id: RecordId,
        tied: bool,
    },
    /// The caller is not tied to the record with nobody having let them in yet.
    NotWaiting {
        relation: usize,
        id: RecordId,
    },
    /// The caller has fewer records than anybody may have. Not asked where a record that there is is changed.
    Room {
        collection: usize,
        most: usize,
        id: Option<RecordId>,
        /// Only those of one day count.
        day: Option<DayOf>,
    },
    /// An input lists no more than this.
    NoMoreListed {
        input: usize,
        most: usize,
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
    /// The caller's account has at least so much in the field.
    Funds {
        amount: Amount,
        balance: Arc<str>,
    },
    /// The caller's account has one of these in the field.
    HasFlag {
        field: Arc<str>,
        from: Vec<Json>,
    },
    /// Nothing of the caller's in that collection has one of these statuses.
    NoneOpen {
        collection: usize,
        field: Arc<str>,
        open: Vec<Json>,
    },
    /// The caller has not done it before, or not today; the field keeps when it was.
    NotDone {
        field: Arc<str>,
        daily: bool,
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

/// Of which day something is.
#[derive(Clone, Debug, PartialEq)]
pub enum DayOf {
    /// On which it was made.
    Making,
    /// That a field has.
    Field(Arc<str>, usize),
}

/// A number, and the fields of the record that an input names between which it has to lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounded {
    pub number: NumberOf,
    pub collection: usize,
    pub input: usize,
    pub least: Option<Arc<str>>,
    pub most: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NumberOf {
    Input(usize),
    /// A field of another record that is named.
    Field {
        collection: usize,
        input: usize,
        field: Arc<str>,
    },
}

/// What a caller has to have done before.
#[derive(Clone, Debug, PartialEq)]
pub enum Prior {
    /// The account has something in a field.
    Field(Arc<str>),
    /// The account has proved who it is.
    Verified,
    /// The caller has a record of that collection.
    Some(usize),
    /// The caller has what an input names, by a record of another collection that is paid for.
    Holds(Holding, usize),
}

/// On which side of a moment something can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    From,
    Until,
}

/// An input that says how many are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowMany {
    /// By its number.
    Number(usize),
    /// By as many as it lists.
    Listed(usize),
}

/// What is wanted of what there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// The collection of what there is, the input that names one, and the field that says how much.
    pub collection: usize,
    pub input: Option<usize>,
    pub field: Arc<str>,
    /// How much is wanted; one where no input says.
    pub quantity: Option<HowMany>,
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
