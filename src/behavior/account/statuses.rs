//! How accounts stand: the fields that say so, the values that they have, and which a new account has.

use super::lifecycle::{Machine, StatusValue};
use super::shown::{Shown, enumerated};
use super::{Accounts, Flag};
use crate::behavior::{Confidence, Evidence, enumeration};
use crate::lexicon::{Lexicon, Operation, Role, StatusKind};
use std::sync::Arc;

impl Accounts {
    /// A flag has a value for *verified* and one for *not verified*.
    pub(super) fn note_flag(&mut self, shown: &Shown<'_>, key: &Arc<str>, lexicon: &Lexicon) {
        if self.verified.is_some() {
            return;
        }
        let items = enumerated(&shown.words, shown.value, lexicon);
        // Of a field that shows whether someone is verified, `已通过` and `未通过` say as much.
        let of = |kinds: &[StatusKind]| {
            let wanted = if shown.role == Role::Verified { kinds } else { &kinds[..1] };
            let said =
                |item: &&enumeration::Item| lexicon.statuses(&item.words).iter().any(|kind| wanted.contains(kind));
            items.iter().find(said).map(|item| shown.value.in_form(&item.value))
        };
        // `是否实名 Y-是 N-否`.
        let plainly = |topic: &str| {
            let said = |item: &&enumeration::Item| lexicon.is_nothing_but(topic, &item.words);
            items
                .iter()
                .filter(|_| shown.role == Role::Verified)
                .find(said)
                .map(|item| shown.value.in_form(&item.value))
        };
        let yes = of(&[StatusKind::Verified, StatusKind::Normal]).or_else(|| plainly("yes"));
        let no = of(&[StatusKind::Unverified, StatusKind::Unreviewed, StatusKind::Rejected]).or_else(|| plainly("no"));
        let (yes, no) = match (yes, no) {
            (Some(yes), Some(no)) if items.len() == 2 => (yes, no),
            _ if shown.role == Role::Verified && items.is_empty() => {
                (shown.value.in_form("1"), shown.value.in_form("0"))
            }
            _ => return,
        };
        self.verified =
            Some(Flag { field: Arc::clone(key), yes, no, because: shown.words.clone(), place: shown.place });
    }

    /// A machine has at least two values of which one says how an account stands; where only whether someone is verified
    /// is asked, it has more than yes and no.
    pub(super) fn machine_of(&self, shown: &Shown<'_>, key: &Arc<str>, values: Vec<StatusValue>) -> Option<Machine> {
        let is_flag = self.verified.as_ref().is_some_and(|flag| flag.field == *key);
        let known = values.iter().filter(|value| value.kind.is_some()).count();
        let is_machine = match shown.role {
            Role::Status => known >= 1 && values.len() >= 2,
            Role::Verified => known >= 3,
            _ => false,
        };
        (is_machine && !is_flag).then(|| Machine {
            field: Arc::clone(key),
            values,
            initial: shown.value.clone(),
            place: shown.place,
        })
    }

    /// Of several machines, the one that can put an account down says how it stands; another one how its review stands.
    pub(super) fn settle_machines(&mut self, mut machines: Vec<Machine>) {
        if machines.is_empty() {
            return;
        }
        let has = |machine: &Machine, kinds: &[StatusKind]| !machine.of_kinds(kinds).is_empty();
        let stands = machines.iter().position(|machine| has(machine, &[StatusKind::Frozen, StatusKind::Deleted]));
        let machine = machines.remove(stands.unwrap_or(0));
        let reviews = [StatusKind::Pending, StatusKind::Rejected];
        self.review = machines.into_iter().find(|other| has(other, &reviews)).filter(|_| !has(&machine, &reviews));
        self.machine = Some(machine);
    }

    /// A new account has the state that an endpoint's verb leads out of, else the example's; the flag is down.
    pub(super) fn settle_initial_status(&mut self, operations: &[Operation]) {
        let leads_out = operations.contains(&Operation::SubmitReview)
            || (self.verified.is_none() && operations.contains(&Operation::VerifyIdentity));
        for machine in self.machine.iter_mut().chain(&mut self.review) {
            if let Some(unreviewed) = machine.value(StatusKind::Unreviewed).cloned().filter(|_| leads_out) {
                machine.initial = unreviewed;
            }
            let (field, initial) = (Arc::clone(&machine.field), machine.initial.clone());
            if let Some(known) = self.fields.iter_mut().find(|known| known.key == field) {
                known.initial = initial;
            }
        }
        if let Some(flag) = &self.verified
            && let Some(known) = self.fields.iter_mut().find(|known| known.key == flag.field)
        {
            known.initial = flag.no.clone();
        }
    }

    pub(in crate::behavior) fn flag_evidence(&self) -> Option<Evidence> {
        let flag = self.verified.as_ref()?;
        Some(Evidence::new(flag.because.clone(), flag.place, Confidence::Certain))
    }
}

/// A word that can mean several kinds means one that no other value has.
pub(super) fn values(shown: &Shown<'_>, lexicon: &Lexicon) -> Vec<StatusValue> {
    let items = enumerated(&shown.words, shown.value, lexicon);
    let kinds: Vec<Vec<StatusKind>> = items.iter().map(|item| machine_kinds(&item.words, lexicon)).collect();
    let certain: Vec<StatusKind> = kinds.iter().filter(|kinds| kinds.len() == 1).flatten().copied().collect();
    let value = |(item, kinds): (enumeration::Item, &Vec<StatusKind>)| StatusValue {
        value: shown.value.in_form(&item.value),
        kind: kinds.iter().find(|kind| kinds.len() == 1 || !certain.contains(kind)).or(kinds.last()).copied(),
        words: item.words,
    };
    items.into_iter().zip(&kinds).map(value).collect()
}

/// Among statuses, verified is what a review ends with and unverified what it begins with.
pub(in crate::behavior) fn machine_kinds(words: &str, lexicon: &Lexicon) -> Vec<StatusKind> {
    let as_status = |kind| match kind {
        StatusKind::Verified => StatusKind::Normal,
        StatusKind::Unverified => StatusKind::Unreviewed,
        other => other,
    };
    let mut kinds: Vec<StatusKind> = lexicon.status(words).into_iter().map(as_status).collect();
    kinds.dedup();
    kinds
}
