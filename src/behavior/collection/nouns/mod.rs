//! What endpoints are about, and which share a collection.

pub(in crate::behavior) mod beside;
pub(super) mod called;
pub(in crate::behavior) mod group;
pub(in crate::behavior) mod halls;
pub(in crate::behavior) mod headed;
pub(in crate::behavior) mod kin;
pub(super) mod makers;
pub(in crate::behavior) mod making;
pub(in crate::behavior) mod naming;
pub(in crate::behavior) mod nested;
pub(in crate::behavior) mod noun;
mod shared_key;
pub(super) mod short_deeds;
pub(in crate::behavior) mod views;
