//! What records of a collection hold: their id, their fields and with what those begin, what names other records, what no two have
//! alike, and the records of the examples.

use crate::behavior::collection::Ending;
use crate::json::Json;
use crate::lexicon::Role;
use crate::source::Place;
use crate::world::Fields;
use std::sync::Arc;

/// How the records of a collection are called.
#[derive(Clone, Debug, Default)]
pub struct IdForm {
    /// The member that shows it.
    pub key: Option<Arc<str>>,
    pub example: Option<Json>,
    /// What others name one by is called just as here, and is no id by its name: `type` of a price list.
    pub shared: bool,
}

/// One field of a record, as examples and parameters show it.
#[derive(Clone, Debug)]
pub struct ItemField {
    pub key: Arc<str>,
    pub role: Role,
    pub example: Json,
    pub words: String,
    pub initial: Initial,
    /// What is shown where a record has nothing in it: the nought of a number that is written as text.
    pub blank: Option<Json>,
    /// It is the time of the last change, not of the first.
    pub is_updated: bool,
    pub place: Place,
}

/// What a new record has where nothing was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Initial {
    Value(Json),
    /// The time, in the example's form.
    Now,
    /// So many milliseconds later.
    After(i64),
    /// So long after another time of the record as a number of it says.
    Ending(Arc<Ending>),
    /// The next number in the example's form: `BD20230405000001`.
    Number,
    /// Drawn in the example's form: `A7K2QX` of an invitation.
    Drawn,
}

/// A record of the examples.
#[derive(Clone, Debug)]
pub struct Seed {
    pub id: Option<String>,
    /// What the account that it belongs to is known by.
    pub owner: Option<String>,
    pub fields: Fields,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub field: Arc<str>,
    /// Index into `Model::collections`.
    pub collection: usize,
    /// Several, apart by commas or as a list.
    pub many: bool,
}

/// Fields whose values together only one record has.
#[derive(Clone, Debug, PartialEq)]
pub struct Unique {
    pub fields: Vec<Arc<str>>,
    /// Among the owner's records only.
    pub own: bool,
    /// Of this field only the day counts.
    pub day: Option<Arc<str>>,
}
