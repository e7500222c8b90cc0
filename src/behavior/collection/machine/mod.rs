//! Statuses of records: which there are, which a record begins with, and where verbs lead to and from.

pub(in crate::behavior) mod allowed;
pub(super) mod begun;
pub(in crate::behavior) mod chosen_deeds;
pub(super) mod first_status;
pub(super) mod may_leave;
pub(in crate::behavior) mod moves;
pub(super) mod over;
pub(super) mod own_turn;
pub(in crate::behavior) mod sayings;
pub(super) mod statuses;
pub(in crate::behavior) mod told_values;
