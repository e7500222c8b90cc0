//! Callers whose account has to be looked at first: `资料还没审核通过，不能接单`, `请等待审核通过`.
//!
//! In: the failures of an endpoint, and how the review of accounts stands. Out: a demand on the caller's account. Where a record is
//! reviewed itself, the words are said of that.

use crate::behavior::failure::{Failure, Origin};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Auth, Confidence, Demand, Evidence};
use crate::lexicon::{Class, Operation, StatusKind};
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn reviewed(&self, wishes: &mut Vec<Wish>) {
        let lexicon = self.gathering.lexicon;
        let reads = matches!(self.operation(), Operation::Detail | Operation::List | Operation::Count);
        let Some(machine) = self.gathering.accounts.review_machine() else { return };
        let passed = machine.of_kinds(&[StatusKind::Normal]);
        let waits = machine.of_kinds(&[StatusKind::Pending, StatusKind::Unreviewed]);
        let own = self.on.map(|on| &self.collections[on.collection].machines);
        let of_record = own
            .into_iter()
            .flatten()
            .flat_map(|known| &known.values)
            .any(|value| lexicon.speaks_of("account-review", &value.words));
        if reads
            || of_record
            || passed.is_empty()
            || waits.is_empty()
            || self.gathering.auths[self.at] != Auth::Required
        {
            return;
        }
        let says = |failure: &&Failure| {
            let not_yet = ["not-yet", "do-first", "only-after", "await-review"];
            failure.origin != Origin::General
                && lexicon.speaks_of("account-review", &failure.message)
                && not_yet.iter().any(|topic| lexicon.speaks_of(topic, &failure.message))
        };
        let Some(failure) = self.failures().iter().find(says).cloned() else { return };
        // What is left says that the record's status does not allow it.
        let state = |other: &&Failure| {
            other.message != failure.message
                && matches!(other.classes.first(), Some(Class::WrongState | Class::ForbiddenStatus | Class::Exists))
        };
        let state = self.failures().iter().find(state);
        for (demand, _, known) in wishes.iter_mut() {
            let is_same = known.as_ref().is_some_and(|known| known.message == failure.message);
            if matches!(demand, Demand::InState { .. } | Demand::Untaken { .. }) && (is_same || known.is_none()) {
                *known = state.cloned().or_else(|| known.take().filter(|_| !is_same));
            }
        }
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let demand = Demand::HasFlag { field: Arc::clone(&machine.field), from: passed };
        wishes.push((demand, because, Some(failure)));
    }
}
