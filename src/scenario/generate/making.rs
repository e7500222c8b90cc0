//! New records by calls: with certain values, about a word, with everything that can be said of them.

use super::lab::{Lab, Val};
use super::satisfy::{DEPTH, Draft};
use crate::behavior::{Action, Form};
use crate::json::Json;
use crate::lexicon::Role;
use std::sync::Arc;

/// So many are put into a basket.
const FEW: &str = "2";

/// What was sent, by field.
pub(super) type Sent = Vec<(Arc<str>, Val)>;

impl Lab<'_> {
    /// A new record by one endpoint, with these values for its fields.
    pub(super) fn created_by(
        &mut self,
        endpoint: usize,
        collection: usize,
        person: usize,
        values: &[(Arc<str>, Val)],
    ) -> Option<Val> {
        let mut draft = self.draft(endpoint, person, 0);
        for (field, value) in values {
            let (_, input) = *self.kept_by(endpoint, collection).iter().find(|(known, _)| known == field)?;
            draft.fix(input, Some(value.clone()));
        }
        self.created_from(draft, collection)
    }

    /// Puts something into a basket: more than one of it where that can be said, so that prices and numbers tell apart. Nobody has
    /// to know by which id its line goes.
    pub(super) fn fill(&mut self, basket: usize, count: Option<&str>, person: usize, depth: usize) -> bool {
        if depth >= DEPTH {
            return false;
        }
        self.makers_of(basket).into_iter().any(|endpoint| {
            let mut kept = self.kept_by(endpoint, basket).into_iter();
            let number = count.and_then(|count| kept.find(|(field, _)| **field == *count)).map(|(_, input)| input);
            let numbers = number.map(|input| (input, FEW));
            numbers.map(Some).into_iter().chain([None]).any(|number| {
                let before = self.clone();
                let there = self.filled(basket, person);
                let mut draft = self.draft(endpoint, person, depth + 1);
                if let Some((input, few)) = number {
                    draft.fix(input, Some(Val::text(few)));
                }
                if self.settle(&mut draft, None) {
                    self.go(&draft, None);
                    let mut steps = self.steps[before.steps.len()..].iter();
                    if steps.all(|step| !step.action.needs_simulator()) && self.filled(basket, draft.person) > there {
                        return true;
                    }
                }
                *self = before;
                false
            })
        })
    }

    /// How many records of a collection are a person's.
    fn filled(&self, collection: usize, person: usize) -> usize {
        let (name, seq) = (&self.model().collections[collection].name, self.people[person].seq);
        let is_own = |record: &&Arc<crate::world::Record>| record.owner.as_ref().is_some_and(|owner| owner.seq == seq);
        self.world().collection(name).map_or(0, |all| all.iter().filter(is_own).count())
    }

    /// The same by whichever endpoint takes them.
    pub(super) fn created_with(&mut self, collection: usize, person: usize, values: &[(Arc<str>, Val)]) -> Option<Val> {
        let makers = self.makers_of(collection);
        makers.into_iter().find_map(|endpoint| self.created_by(endpoint, collection, person, values))
    }

    /// A new record all of whose free texts are about a word.
    pub(super) fn created_about(&mut self, collection: usize, person: usize, word: &Val) -> Option<Val> {
        let makers = self.makers_of(collection);
        makers.into_iter().find_map(|endpoint| self.created_about_by(endpoint, collection, person, word))
    }

    pub(super) fn created_about_by(
        &mut self,
        endpoint: usize,
        collection: usize,
        person: usize,
        word: &Val,
    ) -> Option<Val> {
        let mut draft = self.draft(endpoint, person, 0);
        let behavior = self.behavior(endpoint);
        let mut is_any = false;
        for (field, input) in self.kept_by(endpoint, collection) {
            let known = &behavior.inputs[input];
            let is_text = known.rules.is_empty() && !self.names_record(endpoint, input);
            let is_plain = !known.role.is_secret() && !is_number(self, collection, &field);
            if is_text && is_plain {
                draft.fix(input, Some(word.clone()));
                is_any = true;
            }
        }
        if is_any { self.created_from(draft, collection) } else { None }
    }

    /// A new record with everything that can be said of it, and what was said.
    pub(super) fn created_full(&mut self, collection: usize, person: usize) -> Option<(Val, Sent)> {
        let makers = self.makers_of(collection);
        makers.into_iter().find_map(|endpoint| self.created_full_by(endpoint, collection, person))
    }

    pub(super) fn created_full_by(&mut self, endpoint: usize, collection: usize, person: usize) -> Option<(Val, Sent)> {
        let mut draft = self.draft(endpoint, person, 0);
        let kept = self.kept_by(endpoint, collection);
        for (_, input) in &kept {
            if draft.get(*input).is_none() && !self.names_record(endpoint, *input) {
                let value = self.value(&mut draft, *input);
                draft.set(*input, value);
            }
            self.unlike_the_usual(&mut draft, *input);
        }
        let before = self.clone();
        let tried = draft.clone();
        let id = self.created_from(draft, collection).or_else(|| {
            *self = before;
            let plain = self.draft(endpoint, person, 0);
            self.created_from(plain, collection)
        })?;
        // Which one is the chosen one, a server may know better: the first, whatever it says.
        let flag = self.model().collections[collection].default_flag.clone();
        let sent = kept.into_iter().filter(|(field, _)| Some(field) != flag.as_ref());
        let sent = sent.filter_map(|(field, input)| Some((field, tried.get(input)?.clone())));
        Some((id, sent.collect()))
    }

    /// One, or what the documents give for example, is what comes out where nothing was kept: another number is sent.
    fn unlike_the_usual(&self, draft: &mut Draft, input: usize) {
        let Some(value) = draft.get(input).filter(|value| value.shown == value.actual) else { return };
        let usual = value.as_text().to_owned();
        let example = self.generation.set.endpoints[draft.endpoint].params[input].default.as_deref();
        let is_example = example.is_some_and(|example| example.trim() == usual);
        let rules = &self.behavior(draft.endpoint).inputs[input].rules;
        let other = match rules.as_slice() {
            [] if usual == "1" => Some("2".to_owned()),
            [rule] => match &rule.form {
                Form::Range(least, most) if usual == "1" || is_example => {
                    let numbers = (*least).max(2)..=(*most).min(9);
                    numbers.map(|number| number.to_string()).find(|number| *number != usual)
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(other) = other {
            draft.set(input, Some(Val::text(other)));
        }
    }

    /// The inputs that an endpoint keeps of a new record, by field.
    pub(super) fn kept_by(&self, endpoint: usize, collection: usize) -> Vec<(Arc<str>, usize)> {
        let effects = &self.behavior(endpoint).effects;
        let kept = effects.iter().find_map(|effect| match &effect.action {
            Action::CreateRecord { collection: made, fields, .. }
            | Action::SaveRecord { collection: made, fields, .. }
                if *made == collection =>
            {
                Some(fields.clone())
            }
            _ => None,
        });
        kept.unwrap_or_default()
    }
}

fn is_number(lab: &Lab<'_>, collection: usize, field: &str) -> bool {
    let known = lab.model().collections[collection].field(field);
    known.is_some_and(|field| {
        matches!(field.example, Json::Number(_) | Json::Bool(_))
            || field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
            || matches!(
                field.role,
                Role::Time | Role::Status | Role::Amount | Role::Phone | Role::RecordId | Role::UserId
            )
    })
}
