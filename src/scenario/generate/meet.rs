//! Ways to meet one demand: what is sent instead, or what is done before.
//!
//! In: a call that is being put together, and a demand that it does not meet. Out: whether it does now. Each demand has its
//! own way, which follows from the effects of the other endpoints; where none leads there, the simulator's hand does.

use super::lab::{Lab, Val};
use super::satisfy::{DEPTH, Draft};
use crate::behavior::account::lifecycle::OfficeAction;
use crate::behavior::collection::LinesFrom;
use crate::behavior::inputs::date;
use crate::behavior::{Action, Demand, HowMany, RecordId};
use crate::json::Json;
use crate::lexicon::Role;
use std::sync::Arc;

impl Lab<'_> {
    /// Changes what is sent, or does something before, so that a demand is met. False where it cannot.
    #[allow(clippy::too_many_lines, reason = "one short arm for each demand")]
    pub(super) fn meet(&mut self, draft: &mut Draft, demand: &Demand) -> bool {
        if draft.depth >= DEPTH {
            return false;
        }
        let is_fixed = |draft: &Draft, input: usize| draft.fixed.contains(&input);
        let behavior = self.behavior(draft.endpoint);
        match demand {
            Demand::Token => self.meet_token(draft),
            Demand::Present(input) | Demand::WellFormed(input) => {
                let input = *input;
                if is_fixed(draft, input) {
                    return false;
                }
                if behavior.inputs[input].role == Role::Passcode {
                    return self.meet_passcode(draft, input);
                }
                let value = match self.record_for(draft, input) {
                    Some(record) => Some(record),
                    None => self.value(draft, input),
                };
                draft.set(input, value);
                true
            }
            Demand::PresentSome(inputs) => {
                let Some(input) = inputs.iter().copied().find(|input| !is_fixed(draft, *input)) else { return false };
                if behavior.inputs[input].role == Role::Passcode {
                    return self.meet_passcode(draft, input);
                }
                let value = self.value(draft, input);
                draft.set(input, value);
                true
            }
            Demand::Equal(first, second) => {
                let (from, to) = if is_fixed(draft, *second) { (*second, *first) } else { (*first, *second) };
                let value = draft.get(from).cloned();
                !is_fixed(draft, to) && {
                    draft.set(to, value);
                    true
                }
            }
            Demand::InOrder { first, second, strict } => {
                let (to, from, by) = if is_fixed(draft, *second) { (*first, *second, -1) } else { (*second, *first, 1) };
                let other = draft.get(from).map(|value| value.as_text().to_owned());
                let value = other.and_then(|other| date::moved(&other, if *strict { by } else { 0 }));
                !is_fixed(draft, to) && value.is_some() && {
                    draft.set(to, value.map(Val::text));
                    true
                }
            }
            Demand::IdentityFree(input) => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let known = &behavior.inputs[*input];
                let text = self.fresh.identity(known.word, &known.name, &known.rules);
                let value = self.var(&known.name, &text);
                draft.set(*input, Some(value));
                self.forget_passcodes(draft);
                true
            }
            Demand::FieldFree { input, .. } => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let value = self.other_value(draft, *input);
                draft.set(*input, value);
                true
            }
            Demand::NotOneself(input) | Demand::AccountFound(input) => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let id = if behavior.inputs[*input].required { self.id_of_another(draft) } else { None };
                let is_met = id.is_some() || !behavior.inputs[*input].required;
                draft.set(*input, id);
                is_met
            }
            Demand::IdentityKnown(input) | Demand::Known(input) => {
                if is_fixed(draft, *input) || !self.register(draft.person, draft.depth + 1) {
                    return false;
                }
                let known = &behavior.inputs[*input];
                let value = self.identity(draft.person, known.word, &known.name, &known.rules);
                draft.set(*input, Some(value));
                self.forget_passcodes(draft);
                true
            }
            Demand::Passcode { passcode, .. } | Demand::PasscodeFresh { passcode, .. } => {
                !is_fixed(draft, *passcode) && self.meet_passcode(draft, *passcode)
            }
            Demand::Password { password, .. } => {
                if is_fixed(draft, *password) || !self.register(draft.person, draft.depth + 1) {
                    return false;
                }
                let Some(value) = self.people[draft.person].password.clone() else { return false };
                draft.set(*password, Some(value));
                true
            }
            Demand::PasswordNew { password, .. } => {
                if is_fixed(draft, *password) {
                    return false;
                }
                let value = Val::text(self.fresh.password(&behavior.inputs[*password].rules));
                draft.set(*password, Some(value));
                true
            }
            Demand::CardValid(input) | Demand::CardFree(input) => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let card = self.fresh.card();
                draft.set(*input, Some(Val::text(card)));
                true
            }
            Demand::Submitted => self.submit(draft.person, draft.depth + 1),
            Demand::NotPending => self.office(draft.person, OfficeAction::Approve),
            Demand::NotRejected
            | Demand::Unverified
            | Demand::Usable { .. }
            | Demand::AccountKept
            | Demand::TokenFresh => {
                // Whoever is somebody else is not.
                let is_own = draft.fixed.is_empty() && !draft.fixed_token;
                if !is_own {
                    return false;
                }
                draft.person = self.somebody();
                let mut other = self.draft(draft.endpoint, draft.person, draft.depth + 1);
                other.depth = draft.depth + 1;
                *draft = other;
                self.settle(draft, None)
            }
            Demand::SendInterval { .. } => {
                let interval = self.model().passcodes.interval_ms;
                self.wait(interval);
                true
            }
            Demand::SendCap { .. } => {
                self.wait(86_400_000);
                true
            }
            Demand::Owned { .. }
            | Demand::NoneOpen { .. }
            | Demand::NotDone { .. }
            | Demand::Unlocked { .. }
            | Demand::PasscodeTries { .. }
            | Demand::Rested { .. }
            | Demand::Untaken { .. }
            // Who calls is of the kind from the start, and shut out by nobody.
            | Demand::Welcome { .. }
            | Demand::OfKind { .. } => false,
            Demand::Unused { .. }
            | Demand::NotChosen { .. }
            | Demand::Timely { .. }
            | Demand::Places { .. }
            | Demand::FewerThan { .. } => self.meet_bound(draft, demand),
            Demand::Within(bounded) => self.meet_within(draft, &bounded.clone()),
            Demand::Changed => self.meet_changed(draft),
            Demand::Prior(prior) => self.meet_prior(draft, &prior.clone()),
            Demand::NotOwn { collection, id } => {
                if is_fixed(draft, id.input) {
                    return false;
                }
                let (collection, id) = (*collection, id.clone());
                self.meet_anothers(draft, collection, &id)
            }
            Demand::Found { collection, id, .. } => {
                if is_fixed(draft, id.input) {
                    return false;
                }
                let (collection, id) = (*collection, id.clone());
                self.meet_found(draft, collection, &id)
            }
            Demand::Referenced { collection, input } => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let (collection, id) = (*collection, RecordId { input: *input, via: None });
                self.meet_found(draft, collection, &id)
            }
            Demand::Unlike { fields, id, .. } => {
                if fields.iter().any(|(_, input)| is_fixed(draft, *input)) {
                    return false;
                }
                let kept = id.as_ref().map(|id| id.input);
                // Another record to speak of, or another value.
                if let Some((_, input)) =
                    fields.iter().find(|(_, input)| self.collection_named(draft.endpoint, *input).is_some())
                {
                    return self.meet_with_new(draft, *input);
                }
                for (_, input) in fields.clone() {
                    if kept != Some(input) {
                        let value = self.other_value(draft, input);
                        draft.set(input, value);
                    }
                }
                true
            }
            Demand::Apart(apart) => self.meet_apart(draft, &apart.clone()),
            Demand::InState { collection, id, field, from } => {
                let (collection, id, field, from) = (*collection, id.clone(), Arc::clone(field), from.clone());
                self.meet_state(draft, collection, &id, &field, &from)
            }
            Demand::Tied { id, tied, .. } => {
                let (id, tied) = (id.clone(), *tied);
                self.meet_tied(draft, &id, tied)
            }
            Demand::Room { .. } | Demand::NoMoreListed { .. } | Demand::NotWaiting { .. } => {
                !self.unmet(draft.endpoint, &draft.values).iter().any(|at| behavior.checks[*at].demand == *demand)
            }
            Demand::SomeListed { collection } => {
                let collection = *collection;
                let filters: Vec<usize> = behavior
                    .list
                    .iter()
                    .flat_map(|plan| plan.filters.iter().map(|filter| filter.input).chain(plan.keyword))
                    .collect();
                for input in filters {
                    if !is_fixed(draft, input) && !behavior.inputs[input].required {
                        draft.set(input, None);
                    }
                }
                if !self.unmet(draft.endpoint, &draft.values).iter().any(|at| behavior.checks[*at].demand == *demand) {
                    return true;
                }
                let person = Some(draft.person);
                self.make(collection, person, draft.depth + 1).is_some()
            }
            Demand::Enough(stock) => {
                if let Some(HowMany::Number(quantity)) = stock.quantity
                    && !is_fixed(draft, quantity)
                {
                    draft.set(quantity, Some(Val::text("1")));
                }
                let unmet = self.unmet(draft.endpoint, &draft.values);
                if !unmet.iter().any(|at| behavior.checks[*at].demand == *demand) {
                    return true;
                }
                let Some(id) = stock.input.and_then(|input| draft.get(input).cloned()) else { return false };
                self.edit_record(stock.collection, &id, Some(vec![(stock.field.to_string(), Json::integer(1_000))]))
            }
            Demand::SomeLines(lines) => {
                let LinesFrom::Basket { collection, input, .. } = &lines.from else { return false };
                let (collection, person, depth) = (*collection, draft.person, draft.depth + 1);
                let needs_no_id = input.is_none();
                needs_no_id && self.fill(collection, lines.count.as_deref(), person, depth)
                    || self.make(collection, Some(person), depth).is_some()
            }
            Demand::LinesNamed(lines) => self.name_lines(draft, lines),
            Demand::Worth { input, .. } => {
                // Without the voucher.
                let free = !is_fixed(draft, *input);
                if free {
                    draft.set(*input, None);
                }
                free
            }
            Demand::Funds { balance, .. } => {
                let balance = balance.to_string();
                self.fund(draft.person, &balance, draft.depth + 1)
            }
            Demand::HasFlag { field, from } => {
                let value = from.first().cloned().map(|value| (field.to_string(), value));
                value.is_some_and(|value| self.edit_account(draft.person, vec![value]))
            }
            Demand::When { input, demand, .. } => {
                let is_needed = is_fixed(draft, *input) || behavior.inputs[*input].required;
                if !is_needed {
                    draft.set(*input, None);
                    return true;
                }
                let demand = (**demand).clone();
                self.meet(draft, &demand)
            }
        }
    }

    fn meet_changed(&mut self, draft: &mut Draft) -> bool {
        let fields: Vec<usize> = self
            .behavior(draft.endpoint)
            .effects
            .iter()
            .flat_map(|effect| match &effect.action {
                Action::SetFields(fields) | Action::UpdateRecord { fields, .. } | Action::SaveRecord { fields, .. } => {
                    fields.iter().map(|(_, input)| *input).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let free = fields.into_iter().find(|input| !draft.fixed.contains(input));
        let Some(input) = free else { return false };
        let value = self.other_value(draft, input);
        draft.set(input, value);
        true
    }
}
