//! Several sums of a new record, each told by a formula of its own: `租金 = price × days × quantity，押金 = deposit × quantity，应付 total =
//! 租金 + 押金`; or one that a comment tells to be what the thing costs: `应缴金额 = 学费`.
//!
//! In: the remarks about an endpoint that makes records, the comments on the records' fields. Out: sums in terms. What a formula makes is
//! the field that is called so, else the one that the example shows to come to just that.

use super::formula::{Factor, Term, pieces};
use super::{Sums, parts, words_of};
use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, ItemField};
use crate::json::Json;
use crate::lexicon::{Operation, Role, compact, label_head};
use std::sync::Arc;

/// What a sentence says that something comes to.
struct Equation<'t> {
    made: &'t str,
    formula: &'t str,
    /// A comment on a field makes that.
    field: Option<&'t ItemField>,
}

/// Sums can be told by others, and those by others again.
const DEPTH: usize = 3;

/// No page writes more of them for one kind of record.
const MOST: usize = 24;

impl Gathering<'_> {
    /// The sums of a group's new records, where several are told, or one of more than a price and a number.
    pub(super) fn told_apart(&self, group: &Group, at: usize, all: &[Collection]) -> Option<Sums> {
        self.each_maker(group, |maker| {
            let found = self.solved(group, maker, at, all);
            let products = found.iter().flat_map(|(_, terms)| terms).map(|term| term.factors.len()).max()?;
            let is_rich = (found.len() > 1 && products > 1) || products > 2;
            if is_rich { self.as_sums(found, &all[at]) } else { None }
        })
    }

    /// The one sum that is told to be what the named thing costs, or that times how many, whatever the thing calls that.
    pub(super) fn told_alone(&self, group: &Group, at: usize, all: &[Collection]) -> Option<Sums> {
        self.each_maker(group, |maker| {
            let found = self.solved(group, maker, at, all);
            // `points_per_hour * hours`: it is named, whatever it is called.
            let of_thing = |(_, terms): &(Arc<str>, Vec<Term>)| {
                terms.iter().all(|term| term.factors.iter().any(|factor| matches!(factor, Factor::Thing(_))))
            };
            let found: Vec<_> = found.into_iter().filter(of_thing).take(1).collect();
            self.as_sums(found, &all[at])
        })
    }

    fn each_maker<T>(&self, group: &Group, found: impl Fn(usize) -> Option<T>) -> Option<T> {
        group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Create).find_map(found)
    }

    /// What all comes to is what is told by the others, else what is called so, else what is told last.
    fn as_sums(&self, mut found: Vec<(Arc<str>, Vec<Term>)>, records: &Collection) -> Option<Sums> {
        let is_sum = |(key, _): &(Arc<str>, Vec<Term>)| {
            records.field(key).is_some_and(|field| {
                ["payable", "sum-amount", "amount-of-all"]
                    .iter()
                    .any(|topic| self.lexicon.is_named(topic, key) || self.lexicon.speaks_of(topic, &field.words))
            })
        };
        let most = found.iter().map(|(_, terms)| terms.len()).max()?;
        let mut longest = found.iter().enumerate().filter(|(_, (_, terms))| terms.len() == most);
        let one = longest.next().filter(|_| longest.next().is_none()).map(|(at, _)| at);
        let due = one.or_else(|| found.iter().position(is_sum)).unwrap_or(found.len().checked_sub(1)?);
        let (key, terms) = found.remove(due);
        Some(Sums { apart: found, ..Sums::written(key, terms) })
    }

    /// The fields whose formulas are known to the last factor.
    fn solved(&self, group: &Group, maker: usize, at: usize, all: &[Collection]) -> Vec<(Arc<str>, Vec<Term>)> {
        let records = &all[at];
        let equations = self.equations(maker, records);
        let mut found: Vec<(Arc<str>, Vec<Term>)> = Vec::new();
        for equation in &equations {
            let Some(terms) = self.solve(maker, equation, &equations, (records, all), DEPTH) else { continue };
            let named = equation.field.or_else(|| self.sum_called(maker, equation.made, records));
            let shown = || self.shown_to_be(group, maker, &terms, (records, all));
            let Some(field) = named.or_else(shown) else { continue };
            if !found.iter().any(|(key, _)| *key == field.key) {
                found.push((Arc::clone(&field.key), terms));
            }
        }
        found
    }

    /// `cost = price * hours`, `The cost is price * hours`: before a product, words make one as well.
    pub(super) fn equality<'t>(&self, clause: &'t str) -> Option<(&'t str, &'t str)> {
        let words = &self.lexicon.rules().products;
        parts(clause, &words.equals).or_else(|| {
            let (before, _) = parts(clause, &words.signs)?;
            let (at, mark) = words.makes.iter().filter_map(|mark| Some((before.rfind(mark.as_str())?, mark))).max()?;
            Some((&clause[..at], &clause[at + mark.len()..]))
        })
    }

    fn equations<'t>(&'t self, maker: usize, records: &'t Collection) -> Vec<Equation<'t>> {
        let cut = |text: &'t str| text.split([',', '，', '(', '（', ')', '）']);
        // `扣除积分：day_points*days*num`
        let signs = &self.lexicon.rules().products.signs;
        let behind_colon =
            |clause: &'t str| clause.split_once(['：', ':']).filter(|(_, product)| parts(product, signs).is_some());
        let told = self.page(maker).flat_map(cut);
        let told = told.filter_map(|clause| self.equality(clause).or_else(|| behind_colon(clause)));
        let told = told.map(|(made, formula)| Equation { made: made.trim(), formula, field: None });
        let comments = self.free(maker, records).flat_map(|field| {
            let told = field.words.split([',', '，', ';', '；', '。']).filter_map(|clause| self.equality(clause));
            told.map(move |(made, formula)| Equation { made: made.trim(), formula, field: Some(field) })
        });
        let is_name = |equation: &Equation<'_>| !equation.made.is_empty() && !equation.made.contains(char::is_numeric);
        // `操作后 state=1` works nothing out.
        let names_one = |equation: &Equation<'_>| equation.formula.contains(char::is_alphabetic);
        told.chain(comments).filter(|equation| is_name(equation) && names_one(equation)).take(MOST).collect()
    }

    /// The numbers that a new record has and nobody sends.
    fn free<'c>(&self, maker: usize, records: &'c Collection) -> impl Iterator<Item = &'c ItemField> {
        let sent: Vec<String> = self.inputs[maker].iter().map(|input| compact(&input.name)).collect();
        let free = move |field: &&ItemField| {
            let key = compact(&field.key);
            let is_status = field.role == Role::Status || records.machine(&field.key).is_some();
            !sent.contains(&key) && is_number(&field.example) && !is_status
        };
        records.fields.iter().filter(free)
    }

    /// The field that words name, by its key or by what it is called.
    fn sum_called<'c>(&self, maker: usize, made: &str, records: &'c Collection) -> Option<&'c ItemField> {
        let fits = |field: &&ItemField| {
            let label = label_head(&field.words);
            words_of(made).any(|word| compact(word) == compact(&field.key)) || (!label.is_empty() && label == made)
        };
        self.free(maker, records).find(fits)
    }

    fn solve(
        &self,
        maker: usize,
        equation: &Equation<'_>,
        equations: &[Equation<'_>],
        (records, all): (&Collection, &[Collection]),
        depth: usize,
    ) -> Option<Vec<Term>> {
        let mut terms = Vec::new();
        for (takes_off, piece) in pieces(equation.formula) {
            let piece = piece.trim().trim_matches('`');
            let same = |other: &&Equation<'_>| {
                let by_key = || words_of(other.made).any(|word| !piece.is_empty() && word == piece);
                !std::ptr::eq(*other, equation) && (other.made == piece || by_key())
            };
            if let Some(other) = equations.iter().find(same).filter(|_| depth > 0) {
                let inner = self.solve(maker, other, equations, (records, all), depth - 1)?;
                terms.extend(inner.into_iter().map(|term| Term { takes_off: term.takes_off != takes_off, ..term }));
            } else {
                terms.push(self.term(maker, (takes_off, piece), records, all)?);
            }
        }
        Some(terms)
    }

    /// The one field that the example of making a record shows to come to that.
    fn shown_to_be<'c>(
        &self,
        group: &Group,
        maker: usize,
        terms: &[Term],
        (records, all): (&'c Collection, &[Collection]),
    ) -> Option<&'c ItemField> {
        let sights = self.sights(group);
        let shown = sights.iter().filter(|sight| sight.endpoint == maker).map(|sight| sight.item);
        shown.filter_map(|item| Some((item, self.comes_to(maker, item, terms, all)?))).find_map(|(item, sum)| {
            let is =
                |field: &&ItemField| item.get(&field.key).and_then(number).is_some_and(|own| (own - sum).abs() < NEAR);
            let mut fields = self.free(maker, records).filter(is);
            fields.next().filter(|_| fields.next().is_none())
        })
    }

    /// What terms come to with what an example takes and shows.
    fn comes_to(&self, maker: usize, item: &Json, terms: &[Term], all: &[Collection]) -> Option<f64> {
        let params = &self.endpoint(maker).params;
        let sent = |key: &str| params.iter().find(|param| compact(&param.name) == compact(key))?.default.clone();
        let known = |key: &str| item.get(key).and_then(Json::scalar_text).map(str::to_owned).or_else(|| sent(key));
        let factor = |factor: &Factor| match factor {
            Factor::Number(number) => Some(*number),
            Factor::Field(key) => known(key)?.parse().ok(),
            Factor::Thing(part) => {
                let id = known(&part.reference)?;
                let seed = all[part.collection].seeds.iter().find(|seed| seed.id.as_deref() == Some(id.as_str()))?;
                number(seed.fields.get(&part.field)?)
            }
        };
        let mut sum = 0.0;
        for term in terms {
            let amount = term.factors.iter().map(factor).product::<Option<f64>>()?;
            sum += if term.takes_off { -amount } else { amount };
        }
        Some(sum)
    }
}

/// Half of the smallest coin.
const NEAR: f64 = 0.005;

fn number(value: &Json) -> Option<f64> {
    value.scalar_text()?.parse().ok()
}
