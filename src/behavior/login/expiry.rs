//! Failures that tell a token whose time is over apart from a caller who is nobody: `登录已过期` beside `未登录`.

use crate::behavior::choose::Chooser;
use crate::behavior::failure::{Failure, Origin};
use crate::lexicon::Class;

impl Chooser<'_> {
    /// The failure for a token whose time is over, where the endpoint or a table for the whole set has one beside that for a
    /// caller who is nobody.
    pub(in crate::behavior) fn expired_login(&self, at: usize, login: &Failure) -> Option<Failure> {
        let other = |failure: &Failure| (&failure.code, &failure.message) != (&login.code, &login.message);
        self.login_failure(at, true).filter(other)
    }

    /// The failure for who is nobody, where the one that was chosen says that a login is over.
    pub(in crate::behavior) fn absent_login(&self, at: usize, login: &Failure) -> Option<Failure> {
        self.tells_expiry(login).then(|| self.login_failure(at, false)).flatten()
    }

    fn login_failure(&self, at: usize, expired: bool) -> Option<Failure> {
        let fits = |failure: &&Failure| {
            failure.classes.first() == Some(&Class::NotLoggedIn) && self.tells_expiry(failure) == expired
        };
        let own = self.catalog.own.get(at)?.iter().find(fits).cloned();
        own.or_else(|| {
            let shared = self.shared(at, crate::behavior::choose::Subject::None).find(fits).cloned();
            shared.map(|failure| Failure { origin: Origin::Set, ..failure })
        })
    }

    fn tells_expiry(&self, failure: &Failure) -> bool {
        let says = |topic: &str| self.lexicon.speaks_of(topic, failure.says());
        says("login-over") && !says("login-none")
    }
}
