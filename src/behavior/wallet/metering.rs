//! What costs by how long it took: `费用 = 小时数 × 1.50`, `每半小时 1 元`, `0.5元/分钟`, settled by the deed that ends it.
//!
//! In: the deed's remarks, the fields that its success shows. Out: an effect that works out how long it was, and what that comes to. A
//! unit that has begun counts.

use crate::behavior::collection::items::example_forms;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::sums::parts;
use crate::behavior::collection::{Collection, ItemField, OnRecords, RecordId};
use crate::behavior::records::Records;
use crate::behavior::{Action, Confidence, Effect, Evidence, account, wallet};
use crate::lexicon::{Lexicon, Role, compact};
use std::sync::Arc;

/// What one unit of time costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::behavior) struct Rate {
    unit: i64,
    price: f64,
}

impl Records<'_> {
    /// How long the record's matter took, and what it costs, where the deed that ends it shows both or the latter.
    pub(in crate::behavior) fn metered(&self, on: &OnRecords, records: &Collection, id: &RecordId) -> Option<Effect> {
        let lexicon = self.gathering.lexicon;
        self.movement()?;
        let shown = crate::behavior::collection::items::shape::item_shown(self.gathering.set, self.endpoint(), lexicon);
        let is_sent = |key: &str| self.inputs().iter().any(|input| compact(&input.name) == compact(key));
        let summed = records.sums.as_ref().map(|sums| &sums.due);
        let free = |field: &&ItemField| {
            shown.iter().any(|(key, _)| *key == field.key)
                && example_forms::is_number(&field.example)
                && !is_sent(&field.key)
                && summed != Some(&field.key)
                && records.machine(&field.key).is_none()
        };
        let fields = || records.fields.iter().filter(free);
        let mut fees = fields().filter(|field| field.role == Role::Amount);
        let fee = fees.next().filter(|_| fees.next().is_none())?;
        let notes = remarks(self.gathering.prose, self.endpoint());
        let (rate, text, place) = notes
            .flat_map(|note| sentences(&note.text).map(move |text| (text, note.place)))
            .find_map(|(text, place)| Some((rate(text, lexicon)?, text, place)))?;
        let long = fields().filter(|field| field.key != fee.key);
        let said = |field: &ItemField| {
            let own = self.endpoint().successes();
            let mut own = own.flat_map(|example| account::shown(self.gathering.set, self.endpoint(), example, lexicon));
            own.find(|member| *member.name == *field.key).map(|member| member.words).unwrap_or_default()
        };
        let long = long.filter_map(|field| {
            let own = unit_named(&said(field), lexicon);
            Some((Arc::clone(&field.key), own.or_else(|| unit_named(&field.words, lexicon))?))
        });
        let begins = |field: &&ItemField| {
            lexicon.is_named("begins-at", &field.key) && example_forms::time_form(&field.example).is_some()
        };
        let action = Action::Meter {
            collection: on.collection,
            id: id.clone(),
            since: records.fields.iter().find(begins).map(|field| Arc::clone(&field.key)),
            long: { long }.next(),
            fee: Arc::clone(&fee.key),
            unit: rate.unit,
            price: rate.price,
        };
        Some(Effect { action, because: Evidence::new(format!("`{text}`"), place, Confidence::Likely) })
    }
}

/// What a sentence says that a unit of time costs; none of what is late, which is another charge.
fn rate(text: &str, lexicon: &Lexicon) -> Option<Rate> {
    let products = &lexicon.rules().products;
    text.split([',', '，']).filter(|clause| !lexicon.speaks_of("late", clause)).find_map(|clause| {
        let each = || {
            let rests = products.each.iter().filter_map(|each| clause.split_once(each.as_str()).map(|(_, rest)| rest));
            let unit = { rests }.find_map(|rest| unit_first(rest.trim_start(), lexicon))?;
            Some(Rate { unit, price: wallet::price_in(clause, lexicon)? })
        };
        let product = || {
            let (_, formula) = parts(clause, &products.equals)?;
            let (left, right) = parts(formula, &products.signs)?;
            let number = |text: &str| text.trim().trim_matches(['(', ')', '（', '）']).trim().parse::<f64>().ok();
            let price = |text: &str| number(text).or_else(|| wallet::price_in(text, lexicon));
            // `时长(分钟)`
            let bracket = |text: &str| unit_named(text.split_once(['(', '（'])?.1, lexicon);
            let unit = |text: &str| unit_named(text, lexicon).or_else(|| bracket(text));
            let of = |long: &str, cost: &str| Some(Rate { unit: unit(long)?, price: price(cost)? });
            of(left, right).or_else(|| of(right, left))
        };
        each().or_else(product)
    })
}

/// The unit of time with which a text begins, how many of it are one, told in digits or in words: `30分钟`, `半小时`, `小时`.
fn unit_first(text: &str, lexicon: &Lexicon) -> Option<i64> {
    let times = &lexicon.rules().times;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let count = text[..digits].parse::<i64>().unwrap_or(1);
    let rest = text[digits..].trim_start();
    let starts = |list: &[(String, i64)]| {
        let found = list.iter().filter(|(unit, _)| !unit.is_ascii() && rest.starts_with(unit.as_str()));
        found.max_by_key(|(unit, _)| unit.len()).map(|(_, length)| *length)
    };
    let word = || rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().trim_end_matches('s');
    let latin = || times.units.iter().find(|(unit, _)| unit.len() > 1 && unit == word()).map(|(_, length)| *length);
    let length = starts(&times.spans).or_else(|| starts(&times.units)).or_else(latin)?;
    (count > 0).then(|| length.saturating_mul(count))
}

/// The unit of time that is counted by what is called so: `计费小时`, `minutes`.
fn unit_named(text: &str, lexicon: &Lexicon) -> Option<i64> {
    let label = crate::lexicon::label_head(text.trim());
    let units = lexicon.rules().times.units.iter().filter(|(unit, _)| {
        if unit.is_ascii() {
            unit.len() > 1
                && label.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.trim_end_matches('s') == unit)
        } else {
            label.contains(unit.as_str())
        }
    });
    units.max_by_key(|(unit, _)| unit.len()).map(|(_, length)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_units_of_time_cost() {
        let lexicon = Lexicon::standard();
        let read = |text: &str| rate(text, &lexicon).map(|rate| (rate.unit / 60_000, rate.price));
        for (text, expected) in [
            ("费用 = 小时数 × 1.50，不满一小时按一小时算", Some((60, 1.5))),
            ("每小时2元，不足一小时按一小时", Some((60, 2.0))),
            ("每30分钟1元", Some((30, 1.0))),
            ("按时计费，每半小时 1.5 元", Some((30, 1.5))),
            ("0.5元/分钟", Some((1, 0.5))),
            ("金额=时长(分钟)×0.2", Some((1, 0.2))),
            ("超时每小时加收3元", None),
            ("每单10元", None),
            ("一小时内取消免费", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
