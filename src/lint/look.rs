//! What rules look at: the set, the words of the trade, and what several rules need to know of them.

use super::codes::Codes;
use crate::lexicon::{Class, Lexicon, Role};
use crate::spec::{DocSet, Endpoint, In, Param};

pub(super) struct Look<'a> {
    pub(super) set: &'a DocSet,
    pub(super) lexicon: &'a Lexicon,
    pub(super) codes: Codes<'a>,
    writes: &'a dyn Fn(usize) -> bool,
}

impl<'a> Look<'a> {
    pub(super) fn new(set: &'a DocSet, lexicon: &'a Lexicon, writes: &'a dyn Fn(usize) -> bool) -> Self {
        Self { set, lexicon, codes: Codes::of(set, lexicon), writes }
    }

    /// Every endpoint, with whether its operation changes what it is sent.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = (&'a Endpoint, bool)> {
        self.set.endpoints.iter().enumerate().map(|(at, endpoint)| (endpoint, (self.writes)(at)))
    }

    pub(super) fn role(&self, param: &Param) -> Option<Role> {
        self.lexicon.role(&param.name, &param.label).map(|(role, _)| role)
    }

    /// What takes the caller's token, if the endpoint declares it.
    pub(super) fn token<'e>(&self, endpoint: &'e Endpoint) -> Option<&'e Param> {
        endpoint.params.iter().find(|param| self.role(param) == Some(Role::Token))
    }

    /// The parameters that bring something to be kept, and do not merely say who calls, what is meant or how much of it.
    pub(super) fn carried<'e>(&self, endpoint: &'e Endpoint) -> impl Iterator<Item = &'e Param> {
        endpoint.params.iter().filter(|param| {
            let told_apart = param.discriminates || matches!(param.location, In::Path | In::Header);
            !told_apart
                && !matches!(
                    self.role(param),
                    Some(
                        Role::Token
                            | Role::Openid
                            | Role::UserId
                            | Role::RecordId
                            | Role::Page
                            | Role::PageSize
                            | Role::Keyword
                            | Role::Purpose
                            | Role::Device
                    )
                )
        })
    }

    pub(super) fn says(&self, text: &str, class: Class) -> bool {
        self.lexicon.meaning(text).classes.contains(&class)
    }
}

/// Enough of a text to know it again.
pub(super) fn brief(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.trim().chars().take(LONGEST).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}
