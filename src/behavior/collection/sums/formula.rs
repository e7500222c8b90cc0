//! Sums that a sentence writes out in factors and terms: `费用 = 租金 × 月数 + 种子包 × 15 + 服务费5元`.
//!
//! In: what remarks say of a sum, the inputs of the endpoint that makes the record, the thing that it names. Out: terms, none
//! where a factor of any is not known. Plain sums (a price times a number) are told in `sums`.

use super::{Part, Sums, is_sign, numbers, parts, price_of};
use crate::behavior::Input;
use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::collection::items::gather::{Gathering, is_data, key_for};
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, ItemField};
use crate::lexicon::{Operation, Role, compact, label_head};
use std::sync::Arc;

/// What is added to a sum or taken off it: a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub takes_off: bool,
    pub factors: Vec<Factor>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Factor {
    Number(f64),
    /// A field of the new record; nothing where it is not there.
    Field(Arc<str>),
    /// A field of a record that the new one names.
    Thing(Part),
}

/// What a formula adds and takes off.
pub(super) fn pieces(formula: &str) -> Vec<(bool, &str)> {
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    let (mut takes_off, mut start) = (false, 0);
    for (at, c) in formula.char_indices() {
        // Words have 加 and 减 in them.
        if let Some(sign) = is_sign(c).filter(|_| !c.is_alphabetic()) {
            pieces.push((takes_off, &formula[start..at]));
            (takes_off, start) = (sign, at + c.len_utf8());
        }
    }
    pieces.push((takes_off, &formula[start..]));
    pieces
}

impl Gathering<'_> {
    /// The sum of a group's new records, where a sentence writes out more than one product or a number of its own.
    pub(in crate::behavior::collection) fn written_sum(
        &self,
        group: &Group,
        at: usize,
        all: &[Collection],
    ) -> Option<Sums> {
        let records = &all[at];
        let mut makers = group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Create);
        makers.find_map(|maker| {
            let clauses = self.page(maker).flat_map(|text| text.split([',', '，']));
            // `操作后 state=1` works nothing out.
            let worked = |(_, formula): &(&str, &str)| formula.contains(char::is_alphabetic);
            clauses.filter_map(|clause| self.equality(clause)).filter(worked).find_map(|(made, formula)| {
                let due = self.made(maker, made.trim(), records)?;
                let terms = self.terms(maker, formula, records, all)?;
                let products = terms.iter().filter(|term| term.factors.len() > 1).count();
                let has_number = |term: &Term| term.factors.iter().any(|factor| matches!(factor, Factor::Number(_)));
                let is_rich = products > 1 || terms.iter().any(has_number);
                is_rich.then(|| Sums::written(Arc::clone(&due.key), terms))
            })
        })
    }

    /// The field that a formula makes: the one of that name, else the only amount that nobody sends.
    pub(in crate::behavior::collection) fn made<'c>(
        &self,
        maker: usize,
        made: &str,
        records: &'c Collection,
    ) -> Option<&'c ItemField> {
        let is_sent =
            |field: &ItemField| self.inputs[maker].iter().any(|input| compact(&input.name) == compact(&field.key));
        let is_free = |field: &&ItemField| !is_sent(field) && is_number(&field.example) && field.role != Role::Status;
        let free = || records.fields.iter().filter(is_free);
        let is_called = |field: &&ItemField| {
            let label = label_head(&field.words);
            let named = super::words_of(made).last().is_some_and(|word| compact(word) == compact(&field.key));
            named || (!label.is_empty() && label == made)
        };
        let mut amounts = free().filter(|field| field.role == Role::Amount);
        let is_amount = self.lexicon.role("", made).is_some_and(|(role, _)| role == Role::Amount)
            || self.lexicon.ends_with("a-price", made)
            || ["sum-amount", "sort-price"].iter().any(|topic| self.lexicon.is_nothing_but(topic, made));
        let only = amounts.next().filter(|_| is_amount && amounts.next().is_none());
        free().find(is_called).or(only)
    }

    pub(super) fn terms(
        &self,
        maker: usize,
        formula: &str,
        records: &Collection,
        all: &[Collection],
    ) -> Option<Vec<Term>> {
        let term = |(takes_off, piece): (bool, &str)| self.term(maker, (takes_off, piece), records, all);
        pieces(formula).into_iter().map(term).collect()
    }

    /// One product of a formula.
    pub(super) fn term(
        &self,
        maker: usize,
        (takes_off, piece): (bool, &str),
        records: &Collection,
        all: &[Collection],
    ) -> Option<Term> {
        let mut left = piece;
        let mut factors = Vec::new();
        while let Some((factor, rest)) = parts(left, &self.lexicon.rules().products.signs) {
            factors.push(self.one_factor(maker, factor, records, all)?);
            left = rest;
        }
        factors.push(self.one_factor(maker, left, records, all)?);
        Some(Term { takes_off, factors })
    }

    fn one_factor(&self, maker: usize, text: &str, records: &Collection, all: &[Collection]) -> Option<Factor> {
        let text = text.trim().trim_matches(['(', ')', '（', '）', '`']).trim();
        if let Some(number) = self.stated_number(text) {
            return Some(Factor::Number(number));
        }
        let named = || {
            let things = self.named(maker, records).into_iter();
            things.map(|thing| (thing, &all[thing.collection]))
        };
        let part = |field: &Arc<str>, reference: &crate::behavior::collection::Reference| {
            let reference = (Arc::clone(&reference.field), reference.collection);
            Factor::Thing(Part { reference: reference.0, collection: reference.1, field: Arc::clone(field) })
        };
        let is_called = |field: &&ItemField| {
            let label = label_head(&field.words);
            compact(&field.key) == compact(text) || (!label.is_empty() && label == text)
        };
        // `课程的学费`, `课程 xf`: whose it is can stand before it.
        let bare = |known: &Collection| {
            let own = known.titles.iter().chain(&known.names).find_map(|title| text.strip_prefix(title.as_str()));
            own.filter(|_| text.len() > 1).map_or(text, |rest| rest.trim_start_matches('的').trim()).to_owned()
        };
        let is_own = |known: &Collection, field: &&ItemField| {
            let own = bare(known);
            own != text && (compact(&field.key) == compact(&own) || label_head(&field.words) == own)
        };
        let of_thing = || {
            let exact =
                || named().find_map(|(thing, known)| Some(part(&known.fields.iter().find(is_called)?.key, thing)));
            let whose = || {
                named().find_map(|(thing, known)| {
                    Some(part(&known.fields.iter().find(|field| is_own(known, field))?.key, thing))
                })
            };
            // `所租物品的 day_points`: a key among other words.
            let by_key = || {
                let mut words = super::words_of(text).map(compact).filter(|word| word.contains(char::is_alphabetic));
                let word = words.next().filter(|word| word.len() > 1 && words.next().is_none())?;
                named().find_map(|(thing, known)| {
                    Some(part(&known.fields.iter().find(|field| compact(&field.key) == word)?.key, thing))
                })
            };
            exact().or_else(whose).or_else(by_key)
        };
        let is_amount = || {
            let role = self.lexicon.role("", text).map(|(role, _)| role);
            role == Some(Role::Amount) || self.lexicon.is_nothing_but("sort-price", text)
        };
        let price = || named().find_map(|(thing, known)| Some(part(&price_of(known)?, thing))).filter(|_| is_amount());
        let input = |exact: bool| {
            let input = self.input_called(maker, text, exact)?;
            let key = key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
            // What names a record is no number.
            records.reference(&key).is_none().then_some(Factor::Field(key))
        };
        input(true).or_else(of_thing).or_else(price).or_else(|| input(false))
    }

    /// `15`, `15元`, `服务费5元`, `10%`, `9折`.
    fn stated_number(&self, text: &str) -> Option<f64> {
        let mut found = numbers(text);
        let (before, number, after) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let unit = after.chars().next().map_or("", |first| &after[..first.len_utf8()]);
        let is_money = self.lexicon.speaks_of("money-unit", unit);
        match unit {
            "%" | "％" => Some(number / 100.0),
            "折" => Some(number / if number < 10.0 { 10.0 } else { 100.0 }),
            _ if before.trim().is_empty() && after.is_empty() => Some(number),
            _ if is_money => Some(number),
            _ => None,
        }
    }

    /// The input that a factor of a formula names: by its name or label, or by a part of it.
    pub(in crate::behavior::collection) fn input_called(
        &self,
        maker: usize,
        factor: &str,
        exact: bool,
    ) -> Option<&Input> {
        let how_many = &self.lexicon.rules().products.how_many;
        let factor = factor.trim().trim_matches('`').trim();
        let inputs = self.inputs[maker].iter().zip(&self.endpoint(maker).params);
        let mut inputs = inputs.filter(|(input, param)| is_data(input, param.is_told())).map(|(input, _)| input);
        inputs.find(|input| {
            let label = label_head(&input.label);
            let long = |text: &str| text.chars().count() > 1;
            // `天数` is what a line calls `几天`.
            let bare = |text: &str| how_many.iter().fold(text.to_owned(), |text, word| text.replace(word, ""));
            let whole = compact(&input.name) == compact(factor) || (!factor.is_empty() && label == factor);
            whole
                || (!exact
                    && ((!bare(factor).is_empty() && bare(factor) == bare(label))
                        // `天数` of `住几天`
                        || (!bare(factor).is_empty() && bare(label) != label && bare(label).ends_with(&bare(factor)))
                        || (long(factor) && label.contains(factor))
                        || (long(label) && factor.contains(label))))
        })
    }
}
