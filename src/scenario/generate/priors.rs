//! What a caller has to have done before a call: set something of the account's, proved who they are, made a record.

use super::lab::Lab;
use super::satisfy::{DEPTH, Draft};
use crate::behavior::{Action, Prior};
use crate::json::Json;

impl Lab<'_> {
    pub(super) fn meet_prior(&mut self, draft: &mut Draft, prior: &Prior) -> bool {
        if draft.depth >= DEPTH || (!draft.fixed_token && !self.meet_token(draft)) {
            return false;
        }
        let (person, depth) = (draft.person, draft.depth + 1);
        match prior {
            Prior::Field(field) if self.is_raised(field) => {
                let sets = self.endpoints_that(
                    |action| matches!(action, Action::SetFlag { field: known, to } if known == field && is_up(to)),
                );
                sets.into_iter().any(|endpoint| self.succeed(endpoint, person, depth).is_some())
            }
            Prior::Field(field) if self.is_fund(field) => self.fund(person, field, depth),
            Prior::Field(field) => {
                let sets = self.endpoints_that(|action| {
                    matches!(action, Action::SetFields(fields) if fields.iter().any(|(known, _)| known == field))
                });
                sets.into_iter().any(|endpoint| {
                    let effects = &self.behavior(endpoint).effects;
                    let input = effects.iter().find_map(|effect| match &effect.action {
                        Action::SetFields(fields) => {
                            fields.iter().find(|(known, _)| known == field).map(|known| known.1)
                        }
                        _ => None,
                    });
                    let mut edit = self.draft(endpoint, person, depth);
                    let Some(input) = input else { return false };
                    let value = self.value(&mut edit, input);
                    edit.set(input, value);
                    let settled = self.settle(&mut edit, None);
                    if settled {
                        self.go(&edit, None);
                    }
                    settled
                })
            }
            Prior::Verified => {
                let proves = self.endpoints_that(|action| matches!(action, Action::Verify { .. }));
                proves.into_iter().any(|endpoint| self.succeed(endpoint, person, depth).is_some())
            }
            Prior::Holds(holding, input) => self.meet_holding(draft, holding, *input),
            Prior::Some(collection) => self.created(*collection, person, depth).is_some(),
        }
    }

    fn is_raised(&self, field: &str) -> bool {
        let sets = |action: &Action| matches!(action, Action::SetFlag { field: known, .. } if **known == *field);
        !self.endpoints_that(sets).is_empty()
    }

    fn is_fund(&self, field: &str) -> bool {
        let adds = |action: &Action| matches!(action, Action::AddFunds { balance: known, .. } if **known == *field);
        !self.endpoints_that(adds).is_empty()
    }
}

/// Whether a value of a flag says that there is something.
fn is_up(value: &Json) -> bool {
    match value {
        Json::Bool(up) => *up,
        value => value.scalar_text().is_some_and(|text| !matches!(text, "" | "0" | "false")),
    }
}
