//! What the user says of the behavior, overruling what the documents' words suggest.

use crate::behavior::UploadRules;
use crate::json::Json;
use crate::lexicon::Operation;
use crate::source::Place;
use std::collections::BTreeMap;
use std::sync::Arc;

/// From `docsim.toml`; all empty without one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Parallel to the set's endpoints, or shorter.
    pub endpoints: Vec<EndpointOverrides>,
    pub collections: Vec<CollectionOverrides>,
    pub passcode_digits: Option<usize>,
    pub passcode_lifetime_ms: Option<i64>,
    pub passcode_interval_ms: Option<i64>,
    pub universal_passcode: Option<String>,
    pub token_lifetime_ms: Option<i64>,
    pub tokens_per_account: Option<usize>,
    pub uploads: UploadRules,
    /// HTTP status by code, for all endpoints.
    pub http_status: BTreeMap<String, u16>,
    /// Where the documents' times are read, in seconds east of Greenwich; none is China's.
    pub utc_offset: Option<i32>,
    /// Whether docsim's own messages are Chinese; none is as the documents are.
    pub chinese: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointOverrides {
    pub operation: Option<Operation>,
    /// The noun of the collection that it is about.
    pub collection: Option<String>,
    /// The parameter that names the record.
    pub id: Option<String>,
    pub transition: Option<MoveOverrides>,
    /// Code by kind of check: `credentials` → `1010`.
    pub codes: BTreeMap<String, String>,
    pub http_status: BTreeMap<String, u16>,
}

/// Where a verb leads, and from where; an empty `from` is anywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MoveOverrides {
    /// None is the field that is the status.
    pub field: Option<String>,
    /// Scalars.
    pub from: Vec<Json>,
    pub to: Json,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CollectionOverrides {
    /// As paths or titles call it.
    pub name: String,
    /// A record belongs to the account that makes it, or to nobody.
    pub owned: Option<bool>,
    /// Only its owner sees it.
    pub private: Option<bool>,
    pub records: Option<RecordsOverrides>,
}

/// Which records a collection has from the start.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordsOverrides {
    Given(Vec<GivenRecord>),
    /// So many, varied from the examples.
    Number(usize),
}

/// A record as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenRecord {
    /// By the documents' names; `id` is the record's id, `owner` what the account that it belongs to is known by.
    pub members: Vec<(Arc<str>, Json)>,
    pub place: Place,
}
