//! Records on which several act: whoever made one, whoever takes it up, and those who are in it.

pub(in crate::behavior) mod admission;
pub(super) mod appointed;
pub(in crate::behavior) mod controllers;
pub(in crate::behavior) mod crews;
pub(super) mod group_ties;
pub(in crate::behavior) mod holding;
pub(in crate::behavior) mod invited;
pub mod parties;
pub mod peers;
pub(in crate::behavior) mod people;
pub mod takers;
