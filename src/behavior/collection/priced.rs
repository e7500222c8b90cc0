//! What making a record costs: `amount` is the price of what it names, times how many, or times what a remark says
//! (`金额 = 单价 * 小时`), or times what the price is for (`元/小时`).

use super::gather::{Gathering, is_data, key_for, remarks};
use super::group::Group;
use super::{Collection, ItemField, Priced};
use crate::behavior::Input;
use crate::lexicon::{Operation, Role, compact, label_head};
use std::sync::Arc;

impl Gathering<'_> {
    pub(super) fn price(&self, groups: &[Group], collections: &mut [Collection]) {
        for (at, group) in groups.iter().enumerate() {
            let makers = group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Create);
            let found: Vec<Priced> =
                makers.filter_map(|maker| self.priced(maker, &collections[at], collections)).collect();
            collections[at].priced = found.into_iter().take(1).collect();
        }
    }

    fn priced(&self, maker: usize, records: &Collection, all: &[Collection]) -> Option<Priced> {
        let lexicon = self.lexicon;
        let is_sent =
            |field: &ItemField| self.inputs[maker].iter().any(|input| compact(&input.name) == compact(&field.key));
        let is_sum = |field: &&ItemField| {
            let named = ["sum-amount", "amount-of-all"].iter().any(|topic| lexicon.is_named(topic, &field.key));
            field.role == Role::Amount && (named || lexicon.speaks_of("sum-amount", &field.words))
        };
        let sum = records.fields.iter().filter(|field| !is_sent(field)).find(is_sum)?;
        let prices = records.references.iter().filter(|reference| !reference.many).filter_map(|reference| {
            let sent = self.inputs[maker].iter().any(|input| compact(&input.name) == compact(&reference.field));
            let mut amounts = all[reference.collection].fields.iter().filter(|field| field.role == Role::Amount);
            Some((reference, amounts.next()?)).filter(|_| sent)
        });
        let [(reference, price)] = prices.collect::<Vec<_>>()[..] else { return None };
        Some(Priced {
            field: Arc::clone(&sum.key),
            reference: Arc::clone(&reference.field),
            collection: reference.collection,
            price: Arc::clone(&price.key),
            count: self.factor(maker, records, sum, price),
        })
    }

    /// The field of what a price is multiplied by.
    fn factor(&self, maker: usize, records: &Collection, sum: &ItemField, price: &ItemField) -> Option<Arc<str>> {
        let lexicon = self.lexicon;
        let words = &lexicon.rules().products;
        let inputs = self.inputs[maker].iter().zip(&self.endpoint(maker).params);
        let inputs: Vec<&Input> =
            inputs.filter(|(input, param)| is_data(input, param.listed)).map(|(input, _)| input).collect();
        let counted = || {
            inputs.iter().find(|input| {
                lexicon.is_named("quantity", &input.name)
                    || lexicon.is_nothing_but("quantity", label_head(&input.label))
            })
        };
        let called = |factor: &str| {
            let factor = factor.trim();
            inputs.iter().find(|input| {
                let label = label_head(&input.label);
                let long = |text: &str| text.chars().count() > 1;
                compact(&input.name) == compact(factor)
                    || (long(factor) && label.contains(factor))
                    || (long(label) && factor.contains(label))
            })
        };
        let is_amount = |text: &str| lexicon.role("", text).is_some_and(|(role, _)| role == Role::Amount);
        let told = || {
            let clauses = remarks(self.prose, self.endpoint(maker))
                .flat_map(|note| note.text.split([',', '，', ';', '；', '。', '(', '（', ')', '）']));
            clauses.filter_map(|clause| parts(clause, &words.equals)).find_map(|(made, product)| {
                let made = made.trim();
                let makes = compact(made) == compact(&sum.key)
                    || label_head(&sum.words) == made
                    || (!made.is_empty() && is_amount(made));
                let (one, other) = parts(product, &words.signs).filter(|_| makes)?;
                [(one, other), (other, one)].into_iter().find_map(|(one, other)| {
                    let priced = compact(one) == compact(&price.key) || is_amount(one);
                    called(other).filter(|_| priced)
                })
            })
        };
        let for_one = || {
            let (_, unit) = parts(&price.words, &words.each)?;
            let unit: String = unit.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
            called(&unit).filter(|_| unit.chars().count() > 1)
        };
        let input = counted().or_else(told).or_else(for_one)?;
        Some(key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name)))
    }
}

/// What stands before and after the first of these marks.
fn parts<'t>(text: &'t str, marks: &[String]) -> Option<(&'t str, &'t str)> {
    let first = marks.iter().filter_map(|mark| Some((text.find(mark.as_str())?, mark.len()))).min()?;
    Some((&text[..first.0], &text[first.0 + first.1..]))
}
