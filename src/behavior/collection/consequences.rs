//! What making, moving, leaving or removing a record does beside that: what the record has from others, what it takes of them and
//! gives back, which status it ends in.

use super::Count;
use crate::behavior::Evidence;
use crate::json::Json;
use std::sync::Arc;

/// What becomes of a record that is left as it is.
#[derive(Clone, Debug)]
pub struct Lapse {
    pub field: Arc<str>,
    pub from: Json,
    pub to: Json,
    /// Milliseconds after it was made.
    pub after: i64,
    /// What making the record took from another, and gets back.
    pub gives_back: Vec<Taken>,
    pub returns: Option<Used>,
    /// What it names can be had again.
    pub frees: Vec<Freed>,
    pub because: Evidence,
}

/// A status that a record gets which another names.
#[derive(Clone, Debug, PartialEq)]
pub struct Freed {
    /// The field that names it.
    pub reference: Arc<str>,
    pub collection: usize,
    pub field: Arc<str>,
    pub to: Json,
}

/// The status that paying leads to, where there is nothing to pay.
#[derive(Clone, Debug)]
pub struct Free {
    pub field: Arc<str>,
    pub to: Json,
    pub because: Evidence,
}

/// A status that records end with.
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    pub field: Arc<str>,
    pub values: Vec<Json>,
}

/// `course_id` of a comment on a booking is the booking's.
#[derive(Clone, Debug, PartialEq)]
pub struct Inherited {
    pub field: Arc<str>,
    /// The field that names the other record, and that record's collection.
    pub reference: Arc<str>,
    pub collection: usize,
    /// What the other record calls it.
    pub from: Arc<str>,
}

/// `address` of an order is the address as it was when the order was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Copied {
    pub field: Arc<str>,
    /// The field that names the other record.
    pub reference: Arc<str>,
    pub collection: usize,
    pub members: CopiedMembers,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CopiedMembers {
    /// One field of it.
    One(Arc<str>),
    /// Several fields one behind the other, with that between them.
    Joined(Vec<Arc<str>>, &'static str),
    /// An object of these members, each with its example and what the other record calls it; none is its id.
    Several(Vec<(Arc<str>, Json, Option<Arc<str>>)>),
}

/// Of what making a record took, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The field that names the other record.
    pub reference: Arc<str>,
    pub collection: usize,
    pub field: Arc<str>,
    /// The record's field that says how much; one where there is none.
    pub count: Option<Count>,
    /// The record's field with lines that say so each, where it is not the record itself.
    pub lines: Option<Arc<str>>,
    /// How a record stands of which nothing has been taken yet, where a deed on it takes.
    pub not_yet: Option<(Arc<str>, Vec<Json>)>,
}

/// A voucher that making a record used.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// The field that names it.
    pub reference: Arc<str>,
    pub collection: usize,
    pub status: Arc<str>,
    pub unused: Json,
}

/// Who comes after a chosen record that is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heir {
    Newest,
    Oldest,
}
