//! How many bytes what callers made takes: an estimate that grows as the memory does, cheap enough to be kept up to date with
//! each change.

use super::record::{Fields, Key, Record};
use crate::json::Json;
use std::sync::Arc;

/// What a shared text has beside its bytes.
const SHARED: usize = 16;
/// A record's places in the maps that find it.
const PLACES: usize = 128;

impl Record {
    pub fn weight(&self) -> usize {
        let keys: usize = self.keys.iter().map(|key| size_of::<Key>() + SHARED + key.value.len()).sum();
        size_of::<Self>() + PLACES + SHARED + self.id.len() + self.fields.weight() + keys
    }
}

impl Fields {
    pub fn weight(&self) -> usize {
        self.iter().map(member).sum()
    }
}

impl Json {
    pub fn weight(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Null | Self::Bool(_) => 0,
                Self::Number(text) | Self::String(text) => SHARED + text.len(),
                Self::Array(items) => items.iter().map(Self::weight).sum(),
                Self::Object(members) => members.iter().map(|(name, value)| member((name, value))).sum(),
            }
    }
}

fn member((name, value): (&Arc<str>, &Json)) -> usize {
    size_of::<Arc<str>>() + name.len() + value.weight()
}
