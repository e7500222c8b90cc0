//! What is changed for something else that the account has: `每100积分换1次`, `1课时=50积分`.
//!
//! In: the remarks about a deed and its title. Out: what it takes and what it adds, for each of what an input counts.

use super::{Moved, Reading};
use crate::behavior::account::Field;
use crate::behavior::{Amount, Confidence, Evidence};
use crate::lexicon::label_head;
use std::sync::Arc;

/// Kinds of what an account has, with the units that count them.
const KINDS: [(&str, &str); 3] =
    [("points-name", "points-unit"), ("times-left", "times-unit"), ("balance", "money-unit")];

impl Reading<'_> {
    pub(super) fn exchanged(&self, at: usize, fields: &[&Field]) -> Vec<Moved> {
        let title = self.endpoint(at).title.as_str();
        if !["exchanges", "title-buys"].iter().any(|topic| self.lexicon.speaks_of(topic, title)) {
            return Vec::new();
        }
        self.remarks(at)
            .flat_map(|note| note.text.split(['。', '；', ';']).map(move |text| (note.place, text)))
            .find_map(|(place, text)| {
                let because = Evidence::new(format!("`{}`", text.trim()), place, Confidence::Likely);
                self.rate(at, text, fields, &because)
            })
            .unwrap_or_default()
    }

    fn rate(&self, at: usize, text: &str, fields: &[&Field], because: &Evidence) -> Option<Vec<Moved>> {
        let lexicon = self.lexicon;
        if !["exchange-rate", "for-each"].iter().any(|topic| lexicon.speaks_of(topic, text)) {
            return None;
        }
        let mut told = super::words::all_numbers(text).filter_map(|(number, rest)| {
            let kind = KINDS.into_iter().find(|(_, unit)| lexicon.begins_with(unit, rest.trim_start()))?;
            let field = fields.iter().find(|field| self.is_called(kind.0, field) && self.is_quantity(field))?;
            Some((number, kind, *field))
        });
        let one = told.next()?;
        // `每课时60元`: of one there is no number.
        let single = || {
            let kind = KINDS[1];
            let each = lexicon.after("for-each", text)?;
            let field = fields.iter().find(|field| self.is_called(kind.0, field) && self.is_quantity(field))?;
            lexicon.begins_with(kind.1, text[each..].trim_start()).then_some((1.0, kind, *field))
        };
        let other = told.next().or_else(single)?;
        if told.next().is_some() || one.2.key == other.2.key || one.0 <= 0.0 || other.0 <= 0.0 {
            return None;
        }
        // `积分换次数` and `兑换课时`: the title has what is given first, or only what one gets.
        let between = super::words::all_numbers(text).next().map_or("", |(_, rest)| rest);
        let between = between.find(|c: char| c.is_ascii_digit()).map_or(between, |end| &between[..end]);
        let title = self.endpoint(at).title.as_str();
        let stands = |kind: (&str, &str)| lexicon.before(kind.0, title).or_else(|| lexicon.before(kind.1, title));
        // `积分兑换`: points stand before the word for it where they are given.
        let leads = |kind: (&str, &str)| {
            let points = lexicon.before(KINDS[0].0, title).filter(|_| kind == KINDS[0]);
            points.zip(lexicon.before("exchanges", title)).is_some_and(|(thing, word)| thing <= word)
        };
        let gives_one = match (stands(one.1), stands(other.1)) {
            (Some(_), None) if leads(one.1) => true,
            (None, Some(_)) if leads(other.1) => false,
            (Some(first), Some(second)) => first < second,
            (Some(_), None) => false,
            _ => true,
        };
        // `70积分换1次`, `1次需要70积分`
        let gives_one = match () {
            () if lexicon.speaks_of("exchange-gets", between) => true,
            () if lexicon.speaks_of("exchange-needs", between) => false,
            () => gives_one,
        };
        let (given, got) = if gives_one { (one, other) } else { (other, one) };
        let counts =
            self.data(at).map(|(at, input)| (at, format!("{} {}", input.name, label_head(&input.label)))).next();
        let counts_given = |label: &str| lexicon.speaks_of(given.1.0, label) && !lexicon.speaks_of(got.1.0, label);
        // Nothing says how many: each call changes as much as the rate says.
        let amount = |own: f64| match &counts {
            Some((input, label)) => {
                let base = if counts_given(label) { given.0 } else { got.0 };
                Amount::Each { input: *input, price: own / base }
            }
            None => Amount::Fixed(own),
        };
        let moved = |field: &Field, takes: bool, own: f64| Moved {
            field: Arc::clone(&field.key),
            takes,
            amount: Some(amount(own)),
            because: because.clone(),
        };
        Some(vec![moved(given.2, true, given.0), moved(got.2, false, got.0)])
    }
}
