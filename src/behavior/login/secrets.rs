//! How passcodes and tokens are made, how long they live, and where callers carry them.

use crate::behavior::account::Shown;
use crate::lexicon::{Lexicon, Role};
use crate::source::Place;
use crate::spec::In;
use std::sync::Arc;

/// How passcodes are made.
#[derive(Clone, Debug, PartialEq)]
pub struct PasscodeRules {
    pub digits: usize,
    pub lifetime_ms: i64,
    pub interval_ms: i64,
    /// Accepted for every identity, never spent. Off unless configured.
    pub universal: Option<String>,
    pub because: Option<(String, Place)>,
}

impl Default for PasscodeRules {
    fn default() -> Self {
        Self { digits: 6, lifetime_ms: 600_000, interval_ms: 60_000, universal: None, because: None }
    }
}

/// How tokens are made, and where callers carry them.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenRules {
    /// A token of the documents' examples, whose form new ones have.
    pub example: Arc<str>,
    pub lifetime_ms: i64,
    /// The newest of an account that stay alive.
    pub per_account: usize,
    /// Some endpoint hands tokens out. Where none does, whoever presents any token is taken to be logged in.
    pub issued: bool,
    /// A login gives it as a cookie, since no reply has a place for it.
    pub cookie: bool,
    /// The header that a line names by what the token is called: `请求头里带上登录标识`.
    pub told_header: Option<(String, Place)>,
    /// The parameters and headers of which the documents tell, each with the first place that has it.
    pub carried: Vec<(String, In, Place)>,
    /// The line that asks all endpoints for it, but some.
    pub asked: Option<Place>,
    /// Headers that carry it, beside the usual ones.
    pub headers: Vec<String>,
    /// What logging in calls it, which a cookie may be named after.
    pub shown_as: Option<String>,
    /// Names of parameters that carry it.
    pub params: Vec<String>,
    /// No document tells how it is sent: whatever a request brings that is a live token names the caller.
    pub anywhere: bool,
    /// Why so few stay alive.
    pub because: Option<(String, Place)>,
}

impl Default for TokenRules {
    fn default() -> Self {
        Self {
            example: "0123456789abcdef0123456789abcdef".into(),
            lifetime_ms: 30 * 86_400_000,
            per_account: 10,
            issued: false,
            cookie: false,
            told_header: None,
            carried: Vec::new(),
            asked: None,
            headers: Vec::new(),
            shown_as: None,
            params: vec!["token".to_owned()],
            anywhere: false,
            because: None,
        }
    }
}

/// `miao // 验证码多少秒内有效`: a member that is called no passcode, and says how long one is good without saying how long.
pub(in crate::behavior) fn is_lifetime(member: &Shown<'_>, lexicon: &Lexicon) -> bool {
    let called = lexicon.role(member.name, "").is_some_and(|(role, _)| role == Role::Passcode);
    let counts = member.value.scalar_text().is_some_and(|text| text.parse::<u32>().is_ok());
    let says = || !member.words.contains(|c: char| c.is_ascii_digit()) && lexicon.speaks_of("lifetime", &member.words);
    !called && counts && says()
}
