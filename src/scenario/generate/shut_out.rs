//! Who runs the place shuts somebody out, and lets them in again.
//!
//! In: an endpoint that moves the status of an account that it names. Out: the people to whom it was done, and stories of what
//! they, and others, can do after it.

use super::effects::{Story, because};
use super::lab::Lab;
use super::violate::{CALLER, OTHER};
use crate::behavior::account::lifecycle::OfficeAction;
use crate::behavior::{Action, RecordId};
use crate::json::Json;
use crate::lexicon::StatusKind;
use crate::scenario::ast::{Basis, What};
use std::sync::Arc;

/// What an endpoint does to the account that it names.
struct Deed<'m> {
    collection: usize,
    id: &'m RecordId,
    field: &'m Arc<str>,
    from: &'m [Json],
    to: StatusKind,
}

impl<'g> Lab<'g> {
    /// The endpoints by which somebody's account is frozen or taken away by another.
    pub(super) fn shutters(&self) -> Vec<(usize, OfficeAction)> {
        let all = 0..self.model().behaviors.len();
        let shuts = all.filter_map(|at| match self.deed(at)?.to {
            StatusKind::Frozen => Some((at, OfficeAction::Freeze)),
            StatusKind::Deleted => Some((at, OfficeAction::Delete)),
            _ => None,
        });
        shuts.collect()
    }

    /// Does to somebody's account what an endpoint does; whether they can be named, and it was done.
    pub(super) fn shut(&mut self, by: usize, person: usize) -> bool {
        let Some(deed) = self.deed(by) else { return false };
        let Some(id) = self.account_id(person, 0).filter(|id| id.shown != id.actual) else { return false };
        let officer = self.cast(by, person);
        officer != person
            && self.move_by(by, deed.collection, &id, officer, 1)
            && self.people[person].seq != self.people[officer].seq
    }

    /// Whether somebody is shut out by what an endpoint does, or was before.
    pub(super) fn shuts_or_opens(&self, endpoint: usize) -> bool {
        let is_out = |kind: StatusKind| matches!(kind, StatusKind::Frozen | StatusKind::Deleted);
        let machine = self.model().accounts.machine.as_ref();
        self.deed(endpoint).is_some_and(|deed| {
            let mut from = deed.from.iter().filter_map(|state| machine?.kind(state));
            is_out(deed.to) || from.any(is_out)
        })
    }

    fn deed(&self, endpoint: usize) -> Option<Deed<'g>> {
        let model = self.model();
        let machine = model.accounts.machine.as_ref()?;
        model.behaviors[endpoint].effects.iter().find_map(|effect| match &effect.action {
            Action::MoveRecords { collection, id: Some(id), field, from, to, .. }
                if model.collections[*collection].holds_accounts() && *field == machine.field =>
            {
                Some(Deed { collection: *collection, id, field, from, to: machine.kind(to)? })
            }
            _ => None,
        })
    }
}

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    match start.deed(endpoint) {
        Some(deed) if matches!(deed.to, StatusKind::Frozen | StatusKind::Deleted) => {
            others_come_in(start, endpoint).into_iter().collect()
        }
        Some(deed) if deed.to == StatusKind::Normal => comes_in_again(start, endpoint, &deed).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A call by which somebody who has an account logs in.
fn comes_in(lab: &mut Lab<'_>, person: usize, told: String) -> Option<()> {
    let (login, ..) = super::tokens::logins(lab).into_iter().find(|(at, ..)| !lab.is_for_others(*at, person))?;
    let draft = lab.prepared(login, person, 0).filter(|draft| draft.person == person)?;
    lab.call(login, &draft.values, vec![What::Success], Some(told));
    lab.basis(Basis::Inferred);
    lab.steps.iter().all(|step| !step.action.needs_simulator()).then_some(())
}

/// Only the one that is named is shut out.
fn others_come_in<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    lab.cast(endpoint, CALLER);
    let third = lab.somebody();
    for person in [OTHER, third] {
        lab.register(person, 0).then_some(())?;
    }
    lab.shut(endpoint, OTHER).then_some(())?;
    comes_in(&mut lab, third, "it was done to somebody else".to_owned())?;
    Some(Story { lab, what: "others can still log in".to_owned(), is_deed: true })
}

/// Who was let in again can log in.
fn comes_in_again<'g>(start: &Lab<'g>, endpoint: usize, deed: &Deed<'g>) -> Option<Story<'g>> {
    let mut lab = start.clone();
    lab.cast(endpoint, CALLER);
    let id = lab.account_id(OTHER, 0)?;
    lab.lead(deed.collection, &id, CALLER, deed.field, deed.from, 0).then_some(())?;
    let mut draft = lab.draft(endpoint, CALLER, 0);
    let _ = lab.meet_token(&mut draft);
    lab.points_to(&mut draft, deed.collection, deed.id, &id).then_some(())?;
    draft.fixed.push(deed.id.input);
    lab.settle(&mut draft, None).then_some(())?;
    lab.go(&draft, None);
    let told = because(&lab, endpoint);
    comes_in(&mut lab, OTHER, told)?;
    Some(Story { lab, what: "who was shut out can log in again".to_owned(), is_deed: true })
}
