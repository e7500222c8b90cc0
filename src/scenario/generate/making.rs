//! New records by calls: with certain values, about a word, with everything that can be said of them.

use super::lab::{Lab, Val};
use super::satisfy::Draft;
use crate::behavior::{Action, Form};
use crate::json::Json;
use crate::lexicon::Role;
use std::sync::Arc;

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
