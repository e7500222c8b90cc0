//! What making a record marks in another that it names: `详情里 aftersale 变 1`, `the order's is_rated becomes 1`.
//!
//! In: the remarks about an endpoint that makes records. Out: moves of the fields that they name, to the values that they name.

use super::Records;
use crate::behavior::collection::machine::sayings::said_status;
use crate::behavior::collection::prose::words;
use crate::behavior::{Action, Confidence, Effect, Evidence, Named};
use crate::json::Json;
use crate::lexicon::{Operation, compact};
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn marked(&self) -> Vec<Effect> {
        let Some(on) = self.on.filter(|_| self.operation() == Operation::Create) else { return Vec::new() };
        let lexicon = self.gathering.lexicon;
        let named = (0..self.inputs().len()).filter_map(|input| {
            let collection = self.referred(input, Some(on.collection))?;
            self.inputs()[input].required.then_some((input, collection))
        });
        let mut found: Vec<Effect> = Vec::new();
        for (input, collection) in named {
            let known = &self.collections[collection];
            for note in &self.endpoint().notes {
                for clause in note.text.split([',', '，', ';', '；', '。', '(', '（', ')', '）']) {
                    let Some(end) = lexicon.after("is-set-to", clause) else { continue };
                    let start = lexicon.before("is-set-to", clause).unwrap_or(end);
                    let (before, after) = (&clause[..start], clause[end..].trim());
                    let last = words(before).filter(|word| !word.is_empty()).last();
                    let field =
                        last.and_then(|word| known.fields.iter().find(|field| compact(&field.key) == compact(word)));
                    let Some(field) = field.filter(|field| known.reference(&field.key).is_none()) else { continue };
                    let value = words(after).next().filter(|word| after.starts_with(word)).unwrap_or_default();
                    let machine = known.machine(&field.key);
                    let literal = |value: &&str| {
                        let is_one = |other: &Json| other.scalar_text() == Some(*value);
                        machine.map_or_else(
                            || field.example.as_str().is_none() && value.parse::<f64>().is_ok(),
                            |machine| machine.values.iter().any(|known| is_one(&known.value)),
                        )
                    };
                    let literal = Some(value).filter(literal).map(|value| field.example.in_form(value));
                    let said = || said_status(after, machine?, lexicon).map(|value| value.value.clone());
                    let Some(to) = literal.or_else(said) else { continue };
                    let (by, field) = (Named::Input(input), Arc::clone(&field.key));
                    let same = |effect: &Effect| matches!(&effect.action, Action::MoveNamed { field: known, .. } if *known == field);
                    if found.iter().any(same) {
                        continue;
                    }
                    let because = Evidence::new(format!("`{}`", clause.trim()), note.place, Confidence::Likely);
                    found.push(Effect { action: Action::MoveNamed { collection, by, field, to }, because });
                }
            }
        }
        found
    }
}
