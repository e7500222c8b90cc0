//! The failures of a deed on records that say that a record is another's, or that there is one already.

use super::Records;
use crate::behavior::choose::Subject;
use crate::behavior::collection::{Collection, Party};
use crate::behavior::failure::{Failure, Origin};
use crate::lexicon::{Class, Operation};

impl Records<'_> {
    /// Whether what is there and another's is told apart from what is not there: everybody sees the records, or they have two
    /// parties, and the endpoint has words for either.
    pub(super) fn is_permission(&self, records: &Collection) -> bool {
        let shown = !records.private || self.on.is_some_and(|on| on.party != Party::Maker);
        records.owned && shown && self.any_permission().is_some()
    }

    /// The failure about what is another's. What stands in a quote beside a code is a remark: `3001，只能改自己的`.
    pub(in crate::behavior) fn permission(&self) -> Option<&Failure> {
        self.failures().iter().filter(|failure| failure.origin != Origin::Quote).find(is_of(Class::NotYours))
    }

    /// The same, or that of a table for the whole set: `403 无权限`.
    pub(in crate::behavior) fn any_permission(&self) -> Option<Failure> {
        let chooser = self.gathering.chooser;
        let shared = || chooser.shared(self.at, Subject::None).find(is_of(Class::NotYours)).cloned();
        self.permission().cloned().or_else(|| shared().map(|failure| Failure { origin: Origin::Set, ..failure }))
    }

    /// The failure about what is another's, where the endpoint has none for what is not there.
    pub(super) fn only_permission(&self) -> Option<&Failure> {
        let missing = self.failures().iter().any(|failure| is_of(Class::NotFound)(&failure));
        self.permission().filter(|_| !missing)
    }

    /// What making a record that there is already is refused with, where changing one into such says nothing of its own.
    pub(super) fn said_when_made(&self, collection: usize) -> Option<Failure> {
        let exists = |failure: &&Failure| failure.classes.first() == Some(&Class::Exists);
        if self.operation() == Operation::Create || self.failures().iter().any(|failure| exists(&failure)) {
            return None;
        }
        let name = &self.gathering.nouns[self.at].path;
        let names = self.collections[collection].names.iter().filter(|name| !name.is_empty());
        let makers = names.chain([name]).flat_map(|name| self.gathering.making.of(name));
        let mut makers: Vec<usize> =
            makers.copied().filter(|at| self.gathering.operations[*at] == Operation::Create).collect();
        makers.sort_unstable();
        makers.into_iter().find_map(|at| self.gathering.chooser.catalog.own[at].iter().find(exists).cloned())
    }

    /// The failure that says so of the deed and not of what is there, where none says that.
    pub(super) fn done_before(&self) -> Option<Failure> {
        let exists = |failure: &Failure| failure.classes.first() == Some(&Class::Exists);
        if self.operation() != Operation::Create || self.failures().iter().any(exists) {
            return None;
        }
        let lexicon = self.gathering.lexicon;
        // `这一单申请过了`
        let again = |failure: &&Failure| {
            lexicon.speaks_of("once-more", failure.says()) && !lexicon.speaks_of("not-yet", failure.says())
        };
        let before = |failure: &&Failure| self.gathering.is_done_before(self.at, failure);
        self.failures().iter().find(before).or_else(|| self.failures().iter().find(again)).cloned()
    }
}

pub(in crate::behavior) fn is_of(class: Class) -> impl Fn(&&Failure) -> bool {
    move |failure| failure.classes.first() == Some(&class)
}
