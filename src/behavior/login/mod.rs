//! Who calls: passcodes and tokens, how they are had and sent, and which endpoints want somebody to be logged in.

pub(super) mod callers;
pub(super) mod callers_token;
pub(super) mod expiry;
pub(super) mod login_free;
pub(super) mod passcodes;
pub(super) mod purposes;
pub(super) mod renewing;
pub(super) mod secrets;
pub(super) mod senders;
pub(super) mod sessions;
pub(super) mod told_login;
pub(super) mod tries;
pub(super) mod two_step;
