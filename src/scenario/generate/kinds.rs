//! Of which kind who calls is, where there are several kinds of accounts: each endpoint is called by one that it is for.
//!
//! In: an endpoint, and who would call it. Out: who does. Somebody who has no account yet becomes what is needed first.

use super::lab::{Lab, Val};
use super::satisfy::{DEPTH, Draft};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::Party;
use crate::behavior::{Action, Auth, RecordId};
use crate::json::Json;
use std::sync::Arc;

impl Lab<'_> {
    /// The kind of account that an endpoint makes, lets in, or is for.
    fn kind_for(&self, endpoint: usize) -> Option<usize> {
        let kinds = self.model().accounts.kinds.as_ref()?;
        let behavior = self.behavior(endpoint);
        let by_token = || kinds.side_of(endpoint).filter(|_| behavior.auth == Auth::Required);
        behavior.entry.or_else(|| kinds.caller(endpoint)).or_else(by_token)
    }

    /// Of which kind somebody is, or will be.
    pub(super) fn kind_of(&self, person: usize) -> Option<usize> {
        let kinds = self.model().accounts.kinds.as_ref()?;
        let known = &self.people[person];
        if !known.registered {
            return known.kind;
        }
        let account = self.world().record(COLLECTION, known.seq)?;
        let value = account.field(&kinds.field).and_then(Json::scalar_text);
        (0..kinds.kinds.len()).find(|kind| kinds.is(*kind, value))
    }

    /// Who calls an endpoint in somebody's place: they themselves, if they are of its kind or can be.
    pub(super) fn cast(&mut self, endpoint: usize, person: usize) -> usize {
        let Some(wanted) = self.kind_for(endpoint) else { return person };
        match self.kind_of(person) {
            Some(kind) if kind == wanted => person,
            None if !self.people[person].registered => {
                self.people[person].kind = Some(wanted);
                person
            }
            _ => match (0..self.people.len()).find(|other| self.kind_of(*other) == Some(wanted)) {
                Some(other) => other,
                None => self.somebody_of(wanted),
            },
        }
    }

    /// Who looks at a record in somebody's place: where an endpoint is not for them, whose it is.
    pub(super) fn looker(&self, reader: usize, person: usize, record: Option<(usize, &Val)>) -> usize {
        let wanted = self.kind_for(reader);
        if wanted.is_none() || self.kind_of(person) == wanted || !self.people[person].registered {
            return person;
        }
        let of_kind = |other: &usize| self.people[*other].registered && self.kind_of(*other) == wanted;
        let owner = record.and_then(|(collection, record)| {
            let name = &self.model().collections[collection].name;
            let known = self.world().record_by_id(name, record.as_text())?;
            let seq = if **name == *COLLECTION { known.seq } else { known.owner.as_ref()?.seq };
            (0..self.people.len()).find(|other| self.people[*other].seq == seq && of_kind(other))
        });
        owner.or_else(|| (0..self.people.len()).find(of_kind)).unwrap_or(person)
    }

    /// Names the account of somebody else, of whichever kind has to be named.
    pub(super) fn meet_somebody(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        let count = self.model().accounts.kinds.as_ref().map_or(0, |kinds| kinds.kinds.len());
        let own = self.kind_of(draft.person);
        let kinds = (0..count).filter(|kind| Some(*kind) != own).chain(own).map(Some);
        let kinds: Vec<Option<usize>> = if count == 0 { vec![None] } else { kinds.collect() };
        kinds.into_iter().any(|kind| {
            let before = (self.clone(), draft.clone());
            let person = match kind {
                Some(kind) => self.somebody_of(kind),
                None => super::people::other_than(draft.person),
            };
            let known = self.account_id(person, draft.depth + 1);
            if known.is_some_and(|account| self.points_to(draft, collection, id, &account)) {
                return true;
            }
            (*self, *draft) = before;
            false
        })
    }

    fn somebody_of(&mut self, kind: usize) -> usize {
        let somebody = self.somebody();
        self.people[somebody].kind = Some(kind);
        somebody
    }

    /// Whether an endpoint makes or lets in accounts of another kind.
    pub(super) fn is_for_others(&self, endpoint: usize, person: usize) -> bool {
        let wanted = self.kind_of(person);
        self.behavior(endpoint).entry.is_some_and(|kind| wanted.is_some_and(|wanted| wanted != kind))
    }

    /// Who registers says of which kind they are.
    pub(super) fn say_kind(&self, draft: &mut Draft) {
        let Some((field, value)) = self.said_kind(draft.person) else { return };
        let input = self.behavior(draft.endpoint).effects.iter().find_map(|effect| match &effect.action {
            Action::CreateAccount { fields, .. } => fields.iter().find(|(known, _)| *known == field).map(|(_, at)| *at),
            _ => None,
        });
        if let Some(input) = input {
            draft.set(input, Some(super::lab::Val::constant(value)));
        }
    }

    /// The field that says of which kind somebody is to be, and its value.
    pub(super) fn said_kind(&self, person: usize) -> Option<(Arc<str>, Json)> {
        let kinds = self.model().accounts.kinds.as_ref()?;
        let kind = kinds.kinds.get(self.people[person].kind?)?;
        Some((Arc::clone(&kinds.field), Json::string(kind.value.as_str())))
    }

    /// Somebody who may not is to call.
    pub(super) fn of_another_kind(&mut self, draft: &Draft) -> bool {
        let own = self.kind_of(draft.person);
        let count = self.model().accounts.kinds.as_ref().map_or(0, |kinds| kinds.kinds.len());
        let other = (0..count).find(|kind| Some(*kind) != own);
        let is_free = other.is_some() && !self.people[draft.person].registered;
        if is_free {
            self.people[draft.person].kind = other;
        }
        is_free
    }

    /// Whether somebody is of the kind that takes up what others make.
    pub(super) fn takes(&self, collection: usize, person: usize) -> bool {
        let taker = self.model().collections[collection].taker.as_ref();
        taker.is_some_and(|taker| taker.kind.is_some() && self.kind_of(person) == taker.kind)
    }

    /// Whether somebody has taken up what another of the same kind made, where that is how it is.
    pub(super) fn take_up(&mut self, collection: usize, record: &Val, person: usize, depth: usize) -> bool {
        let taker = self.model().collections[collection].taker.as_ref().filter(|taker| taker.kind.is_none());
        let Some(take) = taker.and_then(|taker| taker.takes.first().copied()) else { return true };
        depth < DEPTH && self.move_by(take, collection, record, person, depth)
    }

    /// Who moves a record in somebody's place, where one has made it and another of the same kind takes it.
    pub(super) fn mover(&self, endpoint: usize, collection: usize, record: &Val, person: usize) -> usize {
        let is_peers = self.model().collections[collection].taker.as_ref().is_some_and(|taker| taker.kind.is_none());
        let made = self.made.iter().find(|made| made.collection == collection && made.id.as_text() == record.as_text());
        let owner = made.and_then(|made| made.owner).filter(|_| is_peers);
        let party = self.behavior(endpoint).record.as_ref().map(|on| on.party);
        match (owner, party) {
            (Some(owner), Some(Party::Maker | Party::Both)) => owner,
            (Some(owner), Some(_)) if owner == person => super::people::other_than(person),
            _ => person,
        }
    }

    /// A record that the call could be about is taken by somebody else of the same kind.
    pub(super) fn taken_by_another(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        let Some(taker) = &self.model().collections[collection].taker else { return false };
        let Some(take) = taker.takes.first().copied() else { return false };
        let Some(kind) = taker.kind else { return false };
        let depth = draft.depth + 1;
        if depth >= DEPTH || !self.meet_token(draft) {
            return false;
        }
        let Some(record) = self.created(collection, draft.person, depth) else { return false };
        let another = self.somebody_of(kind);
        if !self.points_to(draft, collection, id, &record) {
            return false;
        }
        draft.fixed.push(id.input);
        self.move_by(take, collection, &record, another, depth)
    }
}
