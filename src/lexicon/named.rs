//! Lists of words by name, and the finder of them. Those that are compiled in are constants.

use super::words::Words;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub(super) struct Named {
    /// In order.
    pub(super) names: Cow<'static, [Cow<'static, str>]>,
    /// Its groups are places among the names.
    pub(super) words: Words,
}

impl Named {
    pub(super) fn new(lists: &BTreeMap<&str, Vec<&str>>) -> Self {
        let grouped = lists.values().enumerate().flat_map(|(at, words)| words.iter().map(move |word| (at, *word)));
        Self { words: Words::new(grouped), names: lists.keys().map(|name| Cow::Owned((*name).to_owned())).collect() }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

/// The compiled-in ones, as the build script wrote them.
pub(super) mod compiled {
    #![allow(clippy::declare_interior_mutable_const, reason = "each finder begins with nothing in its memory")]

    use super::{Cow, Named, Words};
    use crate::lexicon::memo::Memo;
    use crate::lexicon::role_names::{Part, RoleNames};
    use crate::lexicon::terms::Role;
    use crate::lexicon::words::{Pattern, Piece, Use};

    include!(concat!(env!("OUT_DIR"), "/named.rs"));
}
