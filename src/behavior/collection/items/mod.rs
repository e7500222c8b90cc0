//! What records look like: their members by the examples of all endpoints, what those begin with, and what no two may
//! have alike.

pub(super) mod blank_rows;
pub(super) mod by_side;
pub(super) mod combined;
pub(in crate::behavior) mod defaults;
pub mod example_forms;
pub(super) mod fields;
pub(in crate::behavior) mod gather;
pub(super) mod given;
pub(in crate::behavior) mod heads;
pub mod item;
pub(super) mod joins;
pub(super) mod referred;
pub(in crate::behavior) mod seeing;
pub(in crate::behavior) mod shape;
pub(super) mod told_unique;
pub(super) mod unique;
