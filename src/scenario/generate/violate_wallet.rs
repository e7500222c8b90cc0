//! Ways to break a demand of what the caller's account has.

use super::lab::{Lab, Val};
use super::satisfy::Draft;
use super::violate::Ways;
use crate::behavior::{Amount, Demand};
use crate::json::Json;
use crate::scenario::ast::Basis;

/// The caller is there, with what the call takes.
fn settled(lab: &mut Lab<'_>, draft: &mut Draft) -> bool {
    let mut all = draft.clone();
    let settled = lab.settle(&mut all, None);
    *draft = all;
    settled
}

impl Ways<'_> {
    pub(super) fn wallet(&mut self, demand: &Demand, stated: Basis) {
        match demand {
            Demand::Funds { amount: Amount::Of { collection, id, field }, balance } => {
                self.add("the balance is too small", stated, |_, _| true);
                let (balance, amount) = (balance.to_string(), field.to_string());
                self.add("the balance was taken down", stated, |lab, draft| {
                    let settled = settled(lab, draft);
                    draft.fixed.push(id.input);
                    let record = draft.get(id.input).cloned();
                    let record = record.and_then(|value| lab.record_of(*collection, id, &value));
                    let dear = record.is_some_and(|record| {
                        lab.edit_record(*collection, &record, Some(vec![(amount, Json::string("100"))]))
                    });
                    settled && lab.edit_account(draft.person, vec![(balance, Json::string("0"))]) && dear
                });
            }
            Demand::Funds { balance, .. } => {
                let balance = balance.to_string();
                self.add("the balance is too small", stated, |lab, draft| {
                    settled(lab, draft) && lab.edit_account(draft.person, vec![(balance, Json::string("0"))])
                });
            }
            Demand::HasFlag { field, from } => {
                let accounts = &self.start.model().accounts;
                let known = accounts.fields.iter().find(|known| known.key == *field);
                let initial = known.map(|known| known.initial.clone());
                let sets = self.start.behavior(self.endpoint).effects.iter().find_map(|effect| match &effect.action {
                    crate::behavior::Action::SetFlag { field: set, to } if set == field => Some(to.clone()),
                    _ => None,
                });
                let is_from = |value: &Json| from.iter().any(|known| known.scalar_text() == value.scalar_text());
                // `1 挂失`, where a new account's 0 is what is wanted.
                let machine = accounts.machine.as_ref().filter(|machine| machine.field == *field);
                let listed = machine
                    .and_then(|machine| machine.values.iter().map(|known| &known.value).find(|value| !is_from(value)));
                let other = sets.or(initial).filter(|value| !is_from(value)).or_else(|| listed.cloned());
                let Some(other) = other else { return };
                let field = field.to_string();
                self.add(format!("the caller's {field} is {other}"), stated, |lab, draft| {
                    settled(lab, draft) && lab.edit_account(draft.person, vec![(field, other)])
                });
            }
            Demand::NoneOpen { collection, field, open } => {
                let Some(open) = open.first().cloned() else { return };
                let (collection, field) = (*collection, field.to_string());
                self.add("something of the caller's is open", stated, |lab, draft| {
                    let settled = settled(lab, draft);
                    let made = lab.make(collection, Some(draft.person), 1);
                    settled && made.is_some_and(|id: Val| lab.edit_record(collection, &id, Some(vec![(field, open)])))
                });
            }
            Demand::NotDone { .. } => {
                self.add("the caller has done it", stated, |lab, draft| {
                    let settled = settled(lab, draft);
                    if settled {
                        lab.go(draft, None);
                    }
                    settled
                });
            }
            _ => {}
        }
    }
}
