//! Whether what is sent differs from what there is.

use super::Scene;
use crate::behavior::{Action, RecordId};
use crate::engine::records;
use std::sync::Arc;

impl Scene<'_> {
    /// Whether any field that is sent differs from what the caller's account has.
    pub(super) fn would_change(&self) -> bool {
        let on_record = self.behavior.effects.iter().find_map(|effect| match &effect.action {
            Action::UpdateRecord { collection, id, fields } | Action::SaveRecord { collection, id, fields } => {
                Some((*collection, id, fields))
            }
            _ => None,
        });
        if let Some((collection, id, fields)) = on_record {
            return self.would_change_record(collection, id, fields);
        }
        let Some(account) = &self.caller.account else { return true };
        let fields = self.behavior.effects.iter().filter_map(|effect| match &effect.action {
            Action::SetFields(fields) => Some(fields),
            _ => None,
        });
        let mut sent = fields.flatten().filter(|(_, input)| self.call.is_present(*input)).peekable();
        let shape = &self.model.accounts;
        sent.peek().is_none()
            || sent.any(|(key, input)| {
                let initial = shape.fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
                let known = account.field(key).or(initial).and_then(|value| value.scalar_text());
                self.call.text(*input).is_none() || known != self.call.text(*input)
            })
    }

    /// Whether anything that is sent differs from what a record has.
    fn would_change_record(&self, collection: usize, id: &RecordId, fields: &[(Arc<str>, usize)]) -> bool {
        let targets = self.targets(collection, id);
        let shape = &self.model.collections[collection];
        let mut sent = fields.iter().filter(|(_, input)| self.call.is_present(*input)).peekable();
        targets.is_empty()
            || sent.peek().is_none()
            || sent.any(|(key, input)| {
                let example = shape.field(key).map(|field| &field.example);
                let value = self.call.json(*input).map(|value| records::in_form(example, value));
                targets.iter().any(|record| match (record.field(key), &value) {
                    (Some(known), Some(value)) => known != value && known.scalar_text() != value.scalar_text(),
                    _ => true,
                })
            })
    }
}
