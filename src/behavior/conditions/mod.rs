//! What has to hold before a deed is done, and how often it may be: what was done before, what is in use or held, how
//! many there may be, when.

pub(super) mod held;
pub(super) mod in_use;
pub(super) mod limits;
pub(super) mod parties;
pub(super) mod prior;
pub(super) mod rating;
pub(super) mod shut_out;
pub mod spans;
pub(super) mod staying;
pub mod streaks;
pub(super) mod timely;
