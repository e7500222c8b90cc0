//! Enters what a call changes of an account's money or points.

use super::item::product;
use super::plan::Planner;
use super::records::{self, number_in, text_of};
use crate::behavior::collection::Initial;
use crate::behavior::wallet::ledgers::Ledger;
use crate::json::Json;
use crate::world::Change;
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn enter(&mut self, ledger: &Ledger) {
        let Some(account) = self.caller.account.clone() else { return };
        let fields = &self.model.accounts.fields;
        let initial = fields.iter().find(|field| field.key == ledger.of).map(|field| &field.initial);
        let before = number_in(account.field(&ledger.of).or(initial)).unwrap_or(0.0);
        let changed = self.planned.changes.iter().rev().find_map(|change| match change {
            Change::FieldSet { collection, seq, field, to, .. }
                if *collection == self.collection && *seq == account.seq && *field == ledger.of =>
            {
                to.as_ref()
            }
            _ => None,
        });
        let Some(after) = number_in(changed).filter(|after| (after - before).abs() > 1e-9) else { return };
        let shape = &self.model.collections[ledger.collection];
        let form = |key: &Arc<str>| shape.field(key).map_or_else(|| Json::string("0"), |field| field.example.clone());
        let (delta, out) = (after - before, after < before);
        let shown = if ledger.signed { delta } else { delta.abs() };
        let example = form(&ledger.amount);
        let plus = example.as_str().is_some_and(|text| text.starts_with(['+', '-'])) && shown > 0.0;
        let text = format!("{}{}", if plus { "+" } else { "" }, product(shown, &example));
        let amount = if plus { Json::string(text) } else { example.in_form(&text) };
        let mut sent = vec![(Arc::clone(&ledger.amount), amount)];
        if let Some(key) = &ledger.after {
            let example = form(key);
            sent.push((Arc::clone(key), example.in_form(&product(after, &example))));
        }
        let either = ledger.kinds.iter().chain(&ledger.words);
        sent.extend(either.map(|(key, come, gone)| (Arc::clone(key), if out { gone } else { come }.clone())));
        if let Some((at, record)) = &self.planned.record {
            for reference in shape.references.iter().filter(|reference| reference.collection == *at && !reference.many)
            {
                sent.push((Arc::clone(&reference.field), form(&reference.field).in_form(&record.id)));
            }
            let numbers = self.model.collections[*at].fields.iter().filter(|field| field.initial == Initial::Number);
            for field in numbers.filter(|field| shape.field(&field.key).is_some()) {
                if let Some(text) = text_of(record.field(&field.key)) {
                    sent.retain(|(key, _)| *key != field.key);
                    sent.push((Arc::clone(&field.key), form(&field.key).in_form(text)));
                }
            }
        }
        let owner = Some(records::owner(&account));
        let record = records::new_record(self.model, ledger.collection, sent, owner, &[], self.world, self.now);
        let collection = Arc::clone(&self.model.collections[ledger.collection].name);
        self.planned.changes.push(Change::RecordCreated { collection, record });
    }
}
