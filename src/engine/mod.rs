//! Decides and applies.
pub mod request;
