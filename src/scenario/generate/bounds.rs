//! What there can be no more of, what it is too early or too late for, and what is in use: how such a demand is met, and how
//! it is broken.
//!
//! In: a call, and a demand of its time, of how many there are, of what names the record. Out: the same call where the demand
//! holds, or where it does not. Dates and numbers that no call sets are set by a tester's hand.

use super::lab::{Lab, Val};
use super::satisfy::{DEPTH, Draft};
use super::violate::{OTHER, Ways};
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::conditions::spans::Apart;
use crate::behavior::inputs::date;
use crate::behavior::{Action, Demand, RecordId, Side};
use crate::engine::write_time;
use crate::json::Json;
use crate::scenario::ast::{Basis, What};
use crate::world::Millis;
use std::sync::Arc;

/// Long ago and far ahead, whatever a world's clock says.
const PAST: Millis = 1_009_843_200_000;
const AHEAD: Millis = 4_070_908_800_000;
/// Nobody repeats anything more often to come to a limit.
const OFTEN: u64 = 20;
const ENOUGH: i64 = 1000;

/// A field of a record that can be set by hand.
struct Place {
    collection: usize,
    record: Val,
    field: Arc<str>,
    value: Json,
}

impl Lab<'_> {
    /// Another time, so that nothing else goes on at it.
    pub(super) fn meet_apart(&mut self, draft: &mut Draft, apart: &Apart) -> bool {
        let named = |input: usize| self.collection_named(draft.endpoint, input).is_some();
        let days = apart.days(&named);
        let mut later = Vec::new();
        for input in days {
            let sent = draft.get(input).map(|value| value.as_text().to_owned());
            match sent.and_then(|text| date::moved(&text, 1)).filter(|_| !draft.fixed.contains(&input)) {
                Some(text) => later.push((input, text)),
                None => return false,
            }
        }
        let any = !later.is_empty();
        for (input, text) in later {
            draft.set(input, Some(Val::text(text)));
        }
        any
    }

    pub(super) fn meet_bound(&mut self, draft: &mut Draft, demand: &Demand) -> bool {
        match demand {
            Demand::Timely { side, .. } => {
                let right = if *side == Side::From { PAST } else { AHEAD };
                self.set_time(draft, demand, right)
            }
            Demand::Places { relation, id, most, taken } => {
                let Some(target) = self.model().collections[*relation].relation.as_ref().map(|tie| tie.target) else {
                    return false;
                };
                let room = self.set_number(draft, target, id, most, ENOUGH);
                room && taken.as_ref().is_none_or(|taken| self.set_number(draft, target, id, taken, 0))
            }
            Demand::FewerThan { target, input, most: Some(most), .. } => {
                let id = RecordId { input: *input, via: None };
                self.set_number(draft, *target, &id, most, ENOUGH)
            }
            Demand::NotChosen { id, .. } | Demand::Unused { id, .. } => {
                !draft.fixed.contains(&id.input) && self.meet_with_new(draft, id.input)
            }
            _ => false,
        }
    }

    /// The record that a call names, by which a hand can change it.
    fn named(&self, draft: &Draft, collection: usize, id: &RecordId) -> Option<Val> {
        self.record_of(collection, id, draft.get(id.input)?)
    }

    fn set_number(&mut self, draft: &Draft, collection: usize, id: &RecordId, field: &str, number: i64) -> bool {
        let Some(record) = self.named(draft, collection, id) else { return false };
        let example = self.model().collections[collection].field(field).map(|field| field.example.clone());
        let value = example.unwrap_or_else(|| Json::integer(0)).in_form(&number.to_string());
        self.edit_record(collection, &record, Some(vec![(field.to_owned(), value)]))
    }

    fn set_time(&mut self, draft: &Draft, demand: &Demand, to: Millis) -> bool {
        let Some(place) = self.place_of(draft, demand) else { return false };
        let Some(form) = time_form(&place.value) else { return false };
        let value = place.value.in_form(&write_time(form, to, self.model().utc_offset));
        self.edit_record(place.collection, &place.record, Some(vec![(place.field.to_string(), value)]))
    }

    /// The field that says when something can be done: of the record itself, else of what it names.
    fn place_of(&self, draft: &Draft, demand: &Demand) -> Option<Place> {
        let Demand::Timely { collection, id, through, field, .. } = demand else { return None };
        let named = self.named(draft, *collection, id)?;
        let shapes = &self.model().collections;
        let record = self.world().record_by_id(&shapes[*collection].name, named.as_text())?;
        let is_told = |value: &&Json| value.scalar_text().is_some_and(|text| !text.is_empty());
        let own = record.field(field).filter(is_told).cloned();
        if let (Some(value), None) = (own, through) {
            return Some(Place { collection: *collection, record: named, field: Arc::clone(field), value });
        }
        let through = through.as_ref().map(|(field, at)| (Arc::clone(field), *at));
        let others = shapes[*collection].references.iter().map(|known| (Arc::clone(&known.field), known.collection));
        through.into_iter().chain(others).find_map(|(reference, at)| {
            let text = record.field(&reference)?.scalar_text()?;
            let target = self.world().record_by_id(&shapes[at].name, text)?;
            let value = target.field(field).filter(is_told)?.clone();
            let of = |made: &&super::lab::Made| made.collection == at && made.id.as_text() == text;
            let record = self.made.iter().find(of).map_or_else(|| Val::text(text), |made| made.id.clone());
            Some(Place { collection: at, record, field: Arc::clone(field), value })
        })
    }

    /// Somebody else does the same to the same.
    fn other_does_it(&mut self, draft: &Draft, input: usize) -> bool {
        let mut other = self.draft(draft.endpoint, OTHER, draft.depth + 1);
        other.fix(input, draft.get(input).cloned());
        let done = self.settle(&mut other, None);
        if done {
            self.go(&other, None);
        }
        done
    }

    /// Makes a record that names the one that a call is about.
    fn used_by(&mut self, draft: &mut Draft, id: &RecordId, users: &[(usize, Arc<str>)]) -> bool {
        let person = draft.person;
        users.iter().any(|(user, field)| {
            let before = (self.clone(), draft.clone());
            // One that need not name it is made so that it does.
            // The first of a caller's may stand out: the chosen one cannot be taken away for another reason.
            let named = self.collection_named(draft.endpoint, id.input).map(|(collection, _)| collection);
            let second = named.and_then(|collection| {
                self.created(collection, person, 1)?;
                self.created(collection, person, 1)
            });
            let made = second.and_then(|thing| self.created_with(*user, person, &[(Arc::clone(field), thing)]));
            if made.is_none() {
                (*self, *draft) = before.clone();
            }
            let found = made.or_else(|| self.created(*user, person, 1)).and_then(|record| {
                let name = &self.model().collections[*user].name;
                let text = self.world().record_by_id(name, record.as_text())?.field(field)?.scalar_text()?.to_owned();
                let of = |made: &&super::lab::Made| made.id.as_text() == text;
                Some(self.made.iter().rev().find(of).map_or_else(|| Val::text(text.as_str()), |made| made.id.clone()))
            });
            match found {
                Some(used) => {
                    draft.fix(id.input, Some(used));
                    true
                }
                None => {
                    (*self, *draft) = before;
                    false
                }
            }
        })
    }

    /// The record becomes the chosen one: by the endpoint that chooses, else by a hand.
    fn choose(&mut self, draft: &Draft, collection: usize, id: &RecordId, flag: &str) -> bool {
        let Some(record) = self.named(draft, collection, id) else { return false };
        let chooses = self.endpoints_that(
            |action| matches!(action, Action::ChooseRecord { collection: known, .. } if *known == collection),
        );
        for endpoint in chooses {
            let before = self.clone();
            let input = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
                Action::ChooseRecord { id, .. } => Some(id.clone()),
                _ => None,
            });
            let mut other = self.draft(endpoint, draft.person, 1);
            let _ = self.meet_token(&mut other);
            if let Some(chosen) = input.filter(|chosen| self.points_to(&mut other, collection, chosen, &record)) {
                other.fixed.push(chosen.input);
                if self.settle(&mut other, None) {
                    self.go(&other, None);
                    return true;
                }
            }
            *self = before;
        }
        self.set_number(draft, collection, id, flag, 1)
    }
}

impl Ways<'_> {
    /// The ways to break a demand of that kind.
    pub(super) fn bound(&mut self, demand: &Demand, stated: Basis) {
        let endpoint = self.endpoint;
        match demand {
            Demand::Timely { side, id, .. } => {
                let (wrong, what) = match side {
                    Side::From => (AHEAD, "it is too early"),
                    Side::Until => (PAST, "it is too late"),
                };
                self.add(what, stated, |lab, draft| {
                    settled(lab, draft, id.input) && lab.set_time(draft, demand, wrong)
                });
            }
            Demand::Places { relation, id, most, taken } => {
                let target = self.start.model().collections[*relation].relation.as_ref().map(|tie| tie.target);
                let Some(target) = target else { return };
                self.add("all places are taken", stated, |lab, draft| {
                    settled(lab, draft, id.input)
                        && lab.other_does_it(draft, id.input)
                        && taken.as_ref().is_none_or(|taken| lab.set_number(draft, target, id, taken, 0))
                        && lab.set_number(draft, target, id, most, 1)
                });
            }
            Demand::FewerThan { target, input, most, .. } => {
                let id = RecordId { input: *input, via: None };
                self.add("the caller has as many as anybody may", stated, |lab, draft| {
                    let first = settled(lab, draft, *input);
                    if first {
                        lab.go(draft, None);
                    }
                    first && most.as_ref().is_none_or(|most| lab.set_number(draft, *target, &id, most, 1))
                });
            }
            Demand::NotChosen { collection, id, flag } => {
                self.add(format!("it is the one with {flag}"), stated, |lab, draft| {
                    settled(lab, draft, id.input) && lab.choose(draft, *collection, id, flag)
                });
            }
            Demand::Unused { id, users, .. } => {
                self.add("another record names it", stated, |lab, draft| lab.used_by(draft, id, users));
            }
            Demand::SendCap { identity, most } if *most <= OFTEN => {
                self.add("as many were sent as can be in a day", stated, |lab, draft| {
                    let interval = lab.model().passcodes.interval_ms;
                    (0..*most).all(|_| {
                        let sent = settled(lab, draft, *identity);
                        if sent {
                            lab.go(draft, None);
                            lab.wait(interval);
                        }
                        sent
                    })
                });
            }
            Demand::PasscodeTries { most, .. } if *most <= OFTEN => {
                let inputs = &self.start.behavior(endpoint).inputs;
                let found = inputs.iter().position(|input| input.role == crate::lexicon::Role::Passcode);
                let Some(passcode) = found else { return };
                self.add("a wrong passcode was sent too often", stated, |lab, draft| {
                    if !settled(lab, draft, passcode) {
                        return false;
                    }
                    let right = draft.get(passcode).cloned();
                    draft.set(passcode, Some(Val::text("000000")));
                    for _ in 0..*most {
                        lab.call(endpoint, &draft.values, vec![What::Failure], None);
                    }
                    draft.set(passcode, right);
                    lab.needs_sent_passcodes = true;
                    true
                });
            }
            _ => {}
        }
    }
}

/// Puts together a call that is accepted, and keeps what it is about.
fn settled(lab: &mut Lab<'_>, draft: &mut Draft, input: usize) -> bool {
    if draft.depth >= DEPTH {
        return false;
    }
    let mut all = draft.clone();
    lab.name_one(&mut all, input);
    let is_fine = lab.settle(&mut all, None);
    if is_fine {
        *draft = all;
        if !draft.fixed.contains(&input) {
            draft.fixed.push(input);
        }
    }
    is_fine
}
