//! Numbers that lie between what a chosen thing says, and things that are the caller's by a record of another collection.
//!
//! In: a call that names such a thing. Out: the same call where the number fits, or where it is just beyond. What the thing
//! says is learnt from the list that it was taken from: another server's things say otherwise.

use super::lab::{Lab, Val};
use super::satisfy::{DEPTH, Draft, inner};
use crate::behavior::collection::Holding;
use crate::behavior::{Bounded, Demand, NumberOf, RecordId};
use crate::json::Json;
use std::sync::Arc;

impl Lab<'_> {
    /// Makes the numbers of a call fit what the things say that were taken from lists.
    pub(super) fn fit_numbers(&mut self, draft: &mut Draft) {
        for check in &self.behavior(draft.endpoint).checks {
            let Demand::Within(bounded) = inner(&check.demand) else { continue };
            let is_open = !draft.fixed.contains(&number_input(bounded)) && draft.depth < DEPTH;
            let before = (self.clone(), draft.clone());
            if is_open
                && self.shown_bound(draft, bounded, bounded.least.as_ref().or(bounded.most.as_ref())).is_some()
                && !self.meet_within(draft, bounded)
            {
                (*self, *draft) = before;
            }
        }
    }

    pub(super) fn meet_within(&mut self, draft: &mut Draft, bounded: &Bounded) -> bool {
        if draft.fixed.contains(&number_input(bounded)) {
            return false;
        }
        let bound = self.bound(draft, bounded, bounded.least.as_ref().or(bounded.most.as_ref()));
        bound.is_some_and(|bound| self.send_number(draft, bounded, bound))
    }

    /// The number is just greater than it may be, else just less.
    pub(super) fn go_beyond(&mut self, draft: &mut Draft, bounded: &Bounded) -> bool {
        let mut all = draft.clone();
        if !self.settle(&mut all, None) {
            return false;
        }
        *draft = all;
        draft.fixed.push(bounded.input);
        let beyond = match self.bound(draft, bounded, bounded.most.as_ref()) {
            Some(most) => one_off(&most, 1),
            None => self.bound(draft, bounded, bounded.least.as_ref()).and_then(|least| one_off(&least, -1)),
        };
        let is_sent = beyond.is_some_and(|number| self.send_number(draft, bounded, number));
        draft.fixed.push(number_input(bounded));
        is_sent
    }

    fn send_number(&mut self, draft: &mut Draft, bounded: &Bounded, number: Val) -> bool {
        match &bounded.number {
            NumberOf::Input(input) => {
                draft.set(*input, Some(number));
                true
            }
            NumberOf::Field { collection, input, field } => {
                let id = RecordId { input: *input, via: None };
                let made = self.created_with(*collection, draft.person, &[(Arc::clone(field), number)]);
                made.is_some_and(|record| self.points_to(draft, *collection, &id, &record))
            }
        }
    }

    /// What the named thing says, as a list has shown it, else as it is known here.
    fn bound(&mut self, draft: &Draft, bounded: &Bounded, field: Option<&Arc<str>>) -> Option<Val> {
        self.shown_bound(draft, bounded, field).or_else(|| {
            let name = &self.model().collections[bounded.collection].name;
            let record = self.world().record_by_id(name, draft.get(bounded.input)?.as_text())?;
            Some(Val::text(record.field(field?)?.scalar_text()?))
        })
    }

    fn shown_bound(&mut self, draft: &Draft, bounded: &Bounded, field: Option<&Arc<str>>) -> Option<Val> {
        let thing = draft.get(bounded.input)?.as_text().to_owned();
        self.shown_member(&thing, field?)
    }

    /// Makes what an input names the caller's own, by a record that stands as it has to.
    pub(super) fn meet_holding(&mut self, draft: &mut Draft, holding: &Holding, input: usize) -> bool {
        let shape = &self.model().collections[holding.collection];
        let Some(had) = shape.had.as_ref().filter(|_| draft.depth < DEPTH) else { return false };
        if draft.get(input).is_none_or(|thing| thing.as_text().is_empty()) {
            let thing = if draft.fixed.contains(&input) { None } else { self.record_for(draft, input) };
            draft.set(input, thing);
        }
        let Some(thing) = draft.get(input).cloned() else { return false };
        let (person, depth) = (draft.person, draft.depth + 1);
        self.makers_of(holding.collection).into_iter().any(|endpoint| {
            let before = self.clone();
            let made = self.created_naming(endpoint, holding, person, depth, thing.clone());
            if made.is_some_and(|record| {
                self.lead(holding.collection, &record, person, &had.field, &had.values, depth + 1)
            }) {
                return true;
            }
            *self = before;
            false
        })
    }

    fn created_naming(
        &mut self,
        endpoint: usize,
        holding: &Holding,
        person: usize,
        depth: usize,
        thing: Val,
    ) -> Option<Val> {
        let mut draft = self.draft(endpoint, person, depth);
        let kept = self.kept_by(endpoint, holding.collection);
        let (_, input) = kept.iter().find(|(field, _)| *field == holding.field)?;
        draft.fix(*input, Some(thing));
        self.created_from(draft, holding.collection)
    }
}

fn number_input(bounded: &Bounded) -> usize {
    match &bounded.number {
        NumberOf::Input(input) | NumberOf::Field { input, .. } => *input,
    }
}

/// One more, or one less: of what a scenario knows by name, by that name.
fn one_off(number: &Val, by: i64) -> Option<Val> {
    let actual = number.as_text().parse::<i64>().ok()?.checked_add(by)?;
    let name = number.shown.as_str().and_then(|text| text.strip_prefix("${")?.strip_suffix('}'));
    let sign = if by < 0 { '-' } else { '+' };
    let shown = name.map(|name| Json::string(format!("${{{name} {sign} 1}}")));
    (actual >= 0).then(|| Val {
        shown: shown.unwrap_or_else(|| Json::string(actual.to_string())),
        actual: Json::string(actual.to_string()),
    })
}
