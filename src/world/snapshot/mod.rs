//! A world as one JSON document, and back. Restores all or nothing, and what it restores writes the same document again.
//!
//! The document holds live tokens, passcodes and the key of the passwords' hashes: it is as secret as the world.
//! Does not know files or requests.

mod read;
mod write;

pub use read::SnapshotError;

use super::{World, WorldName};
use serde_json::Value;

pub const FORMAT: &str = "docsim-world";
pub const VERSION: u64 = 1;

/// How a number is written whose lexeme other JSON tools would not give back (`1.10`, an id of 30 digits):
/// `{"$number":"1.10"}`. An object that has this one member by itself gets another `$`.
const NUMBER: &str = "$number";

pub fn to_json(world: &World) -> Value {
    write::world(world)
}

/// The world of the document under that name (that of another world if it is to live on as a copy). Randomness goes on from
/// where it was if the name is the document's own.
pub fn from_json(document: &Value, name: WorldName) -> Result<World, SnapshotError> {
    read::world(document, name)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests;
