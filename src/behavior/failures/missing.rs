//! The failure of an endpoint's own that says that what is named is not there, however it puts that.
//!
//! In: an endpoint's failures. Out: the one that must mean it: the only one about something that is not there (`这篇文章已经没了`),
//! else the only one whose words are not understood, where nothing else can be wrong.

use crate::behavior::failure::Failure;
use crate::behavior::records::Records;
use crate::lexicon::{Class, Operation};

impl Records<'_> {
    /// The only failure of the endpoint's own that says that something is not there, where but one thing is named.
    pub(in crate::behavior) fn only_missing(&self, id: usize) -> Option<Failure> {
        let mut missing = self.failures().iter().filter(|failure| failure.classes.first() == Some(&Class::NotFound));
        let about_account = |failure: &&Failure| failure.subjects.iter().any(|subject| subject == "account");
        let first = missing.next();
        let found = first.filter(|failure| !about_account(failure));
        let alone = missing.all(|other| found.is_some_and(|found| found.code == other.code));
        let others = self.inputs().iter().enumerate();
        let names_more = others
            .filter(|(at, _)| *at != id)
            .any(|(at, _)| self.referred(at, self.on.map(|on| on.collection)).is_some());
        if names_more {
            return None;
        }
        let empty = |failure: &Failure| {
            self.operation() == Operation::List && self.gathering.lexicon.speaks_of("nothing-yet", failure.says())
        };
        let told = found.filter(|failure| alone && !empty(failure)).cloned();
        // `没有绑定这张卡` of what is to be unbound.
        let undone = || {
            let removes = self.operation() == Operation::Delete && first.is_none();
            let bound = |failure: &&Failure| {
                failure.classes.first() == Some(&Class::NotSubmitted)
                    || self.gathering.lexicon.speaks_of("not-bound", failure.says())
            };
            self.failures().iter().find(bound).filter(|_| removes)
        };
        told.or_else(|| undone().cloned()).or_else(|| self.only_unread().filter(|_| first.is_none()))
    }

    /// The failure that calls what is not there as the input's label does: `自提点不存在` of `point_id=自提点`.
    pub(in crate::behavior) fn missing_by_label(&self, input: usize) -> Option<Failure> {
        let chooser = self.gathering.chooser;
        let missing = self.failures().iter().filter(|failure| failure.classes.first() == Some(&Class::NotFound));
        let mut named = missing.filter(|failure| chooser.named_inputs(self.at, failure.says()) == [input]);
        named.next().cloned()
    }

    /// The one failure that is not understood, of what only looks at a record or ties the caller to it.
    fn only_unread(&self) -> Option<Failure> {
        if !matches!(self.operation(), Operation::Detail | Operation::Toggle | Operation::SetDefault) {
            return None;
        }
        // `还没关注` says that nothing is tied, and not that there is nobody.
        let mut unread =
            self.failures().iter().filter(|failure| failure.classes.is_empty() && !self.speaks_of_tie(failure));
        let first = unread.next().filter(|failure| !failure.message.is_empty())?;
        unread.all(|other| other.code == first.code).then(|| first.clone())
    }
}
