//! Members of an account that look alike and are several: a phone and a second one.
//!
//! In: what an example shows of an account. Out: which members are not what the account is known by, though they look like it.

use super::{Accounts, Shown};
use crate::json::Step;
use crate::lexicon::compact;

impl Accounts {
    /// Of several members of one object that look like what the account is known by, one is: the one that is named like the
    /// parameter that names accounts, else the first.
    pub(in crate::behavior) fn tell_apart(&mut self, all: &[Shown<'_>]) {
        let alike: Vec<&Shown<'_>> =
            all.iter().filter(|shown| self.identities.contains(&shown.role) && self.is_identity(shown)).collect();
        let named = |shown: &Shown<'_>| self.identity_names.contains(&compact(shown.name));
        let mut beside = Vec::new();
        for (at, shown) in alike.iter().enumerate().filter(|(_, shown)| !named(shown)) {
            let same = |other: &&&Shown<'_>| parent(other) == parent(shown) && other.role == shown.role;
            let other_named = alike.iter().filter(same).any(|other| named(other));
            let earlier = alike[..at].iter().any(|other| same(&other) && other.name != shown.name);
            if other_named || earlier {
                beside.push(compact(shown.name));
            }
        }
        self.beside.extend(beside);
    }
}

/// Where the object stands that a member is in.
pub(in crate::behavior) fn parent<'s>(shown: &'s Shown<'_>) -> &'s [Step] {
    shown.path.split_last().map_or(&[], |(_, path)| path)
}
