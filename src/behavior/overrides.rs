//! What the user says of the behavior, overruling what the documents' words suggest.

use super::UploadRules;
use crate::lexicon::Operation;
use std::collections::BTreeMap;

/// From `docsim.toml`; all empty without one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Parallel to the set's endpoints, or shorter.
    pub endpoints: Vec<EndpointOverrides>,
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
    /// Code by kind of check: `credentials` → `1010`.
    pub codes: BTreeMap<String, String>,
    pub http_status: BTreeMap<String, u16>,
}
