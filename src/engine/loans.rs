//! What goes until a day: putting that off, and what being late costs.

use super::plan::Planner;
use super::records::{self, number_in, text_of};
use crate::behavior::PutOff;
use crate::behavior::collection::items::example_forms::{TimeForm, time_form};
use crate::behavior::collection::{Collection, Initial, RecordId};
use crate::behavior::inputs::date;
use crate::behavior::wallet::fines::Fine;
use crate::json::Json;
use crate::world::{Change, Fields, Record};
use std::sync::Arc;

const DAY: i64 = 86_400_000;

/// The moment that a record keeps, in the form in which it is written.
pub(super) fn moment(value: Option<&Json>, utc_offset: i32) -> Option<(TimeForm, i64)> {
    let value = value?;
    let form = time_form(value)?;
    let written = date::instant(value)?;
    let local = matches!(
        form,
        TimeForm::Date { .. } | TimeForm::DateTime { .. } | TimeForm::Iso { offset: false, zulu: false, .. }
    );
    Some((form, if local { written - i64::from(utc_offset) * 1000 } else { written }))
}

/// Fills the times of a new record that come so long after another.
pub(super) fn end(collection: &Collection, fields: &mut Fields) {
    for field in &collection.fields {
        let Initial::Ending(ending) = &field.initial else { continue };
        if fields.get(&field.key).is_some() {
            continue;
        }
        let later = || {
            let count = number_in(fields.get(&ending.count)).and_then(whole)?;
            date::later(text_of(fields.get(&ending.from))?, count, ending.unit, ending.last_day)
        };
        let value = later().map_or_else(|| field.example.emptied(), |later| field.example.in_form(&later));
        fields.set(&field.key, Some(value));
    }
}

/// A number that counts something.
#[allow(clippy::cast_possible_truncation, reason = "it is small")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e6).then_some(number as i64)
}

impl Planner<'_> {
    pub(super) fn put_off(&mut self, collection: usize, id: &RecordId, field: &Arc<str>, by: &PutOff) {
        let shape = &self.model.collections[collection];
        for record in self.targets(collection, Some(id)) {
            let later = match by {
                PutOff::For(by) => moment(record.field(field), self.model.utc_offset)
                    .map(|(form, at)| records::write_time(form, at.saturating_add(*by), self.model.utc_offset)),
                PutOff::Counted { input, unit, last_day } => {
                    let count = self.call.text(*input).and_then(|text| text.trim().parse().ok()).and_then(whole);
                    let end = text_of(record.field(field));
                    count.zip(end).and_then(|(count, end)| date::prolonged(end, count, *unit, *last_day))
                }
            };
            let Some(later) = later else { continue };
            let example = shape.field(field).map_or_else(|| Json::string(""), |field| field.example.clone());
            self.planned.changes.push(Change::field(&shape.name, &record, field, Some(example.in_form(&later))));
            self.planned.record = Some((collection, record));
        }
    }

    /// By how many days a record is late.
    fn days_late(&self, record: &Record, due: &str) -> Option<i64> {
        let (form, at) = moment(record.field(due), self.model.utc_offset)?;
        let by_day = matches!(form, TimeForm::Date { .. });
        // Of a day nothing is late before it is over.
        let late = self.now.saturating_sub(at);
        Some(if by_day { late.div_euclid(DAY) } else { late.saturating_add(DAY - 1).div_euclid(DAY) }.max(0))
    }

    /// What being late costs is written down.
    pub(super) fn fine(&mut self, fine: &Fine) {
        for record in self.targets(fine.lent, Some(&fine.id)) {
            let Some(days) = self.days_late(&record, &fine.due).filter(|days| *days > 0) else { continue };
            let shape = &self.model.collections[fine.fines];
            let form =
                |key: &Arc<str>| shape.field(key).map_or_else(|| Json::string("0"), |field| field.example.clone());
            #[allow(clippy::cast_precision_loss, reason = "nobody is late for so many days")]
            let sum = days as f64 * fine.each_day;
            let amount = form(&fine.amount);
            let amount = amount.in_form(&super::item::product(sum, &amount));
            let named = form(&fine.reference).in_form(&record.id);
            let mut sent = vec![(Arc::clone(&fine.reference), named), (Arc::clone(&fine.amount), amount)];
            sent.extend(fine.days.iter().map(|key| (Arc::clone(key), form(key).in_form(&days.to_string()))));
            let owner = record.owner.clone();
            let made = records::new_record(self.model, fine.fines, sent, owner, &[], self.world, self.now);
            let collection = Arc::clone(&self.model.collections[fine.fines].name);
            self.planned.changes.push(Change::RecordCreated { collection, record: made });
        }
    }

    /// Each day that has begun after the last one counts.
    pub(super) fn charge_late(&mut self, collection: usize, id: &RecordId, due: &str, fee: &Arc<str>, each_day: f64) {
        let shape = &self.model.collections[collection];
        for record in self.targets(collection, Some(id)) {
            let Some(days) = self.days_late(&record, due) else { continue };
            let Some(known) = shape.field(fee) else { continue };
            #[allow(clippy::cast_precision_loss, reason = "nobody is late for so many days")]
            let sum = days as f64 * each_day;
            let value = known.example.in_form(&super::item::product(sum, &known.example));
            if text_of(record.field(fee)) != value.scalar_text() {
                self.planned.changes.push(Change::field(&shape.name, &record, fee, Some(value)));
            }
        }
    }
}
