//! How much a deed adds or takes: what is sent, what a value of an input costs or stands for, what its success says was gained.

use super::{Reading, words};
use crate::behavior::account::{self, Field};
use crate::behavior::{Amount, Input};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact, label_head};

impl Reading<'_> {
    /// How much by what is sent: an amount, or what a value of an input costs.
    pub(super) fn amount_of_inputs(&self, at: usize) -> Option<Amount> {
        let by_role = self.data(at).find(|(_, input)| input.word == Role::Amount).map(|(number, _)| number);
        let counted = || {
            let points = |input: &Input| {
                self.lexicon.is_named("points-name", &input.name)
                    || self.lexicon.is_nothing_but("points-name", label_head(&input.label))
            };
            self.data(at).find(|(_, input)| points(input)).map(|(number, _)| number)
        };
        let put_up = || self.put_up(at);
        by_role.or_else(counted).or_else(put_up).map(Amount::Input).or_else(|| self.choice(at))
    }

    /// How many times or lessons by what is sent: how many, or what a value of an input stands for.
    pub(super) fn times_of_inputs(&self, at: usize) -> Option<Amount> {
        let endpoint = self.endpoint(at);
        let choice = || {
            self.data(at).find_map(|(input, _)| {
                let words = endpoint.params.get(input)?.all_words();
                let prices = words::counted_values(&words, self.lexicon);
                (prices.len() > 1).then_some(Amount::Choice { input, prices })
            })
        };
        let counted = || {
            let counts = |input: &Input| {
                let label = label_head(&input.label);
                let named =
                    self.lexicon.is_named("times-left", &input.name) || self.lexicon.is_named("quantity", &input.name);
                input.word != Role::RecordId
                    && (named
                        || self.lexicon.speaks_of("times-left", label)
                        || self.lexicon.ends_with("times-unit", label))
            };
            self.data(at).find(|(_, input)| counts(input)).map(|(number, _)| Amount::Input(number))
        };
        choice().or_else(counted)
    }

    /// `type=1 #1月卡15元 2年卡120元`
    fn choice(&self, at: usize) -> Option<Amount> {
        let endpoint = self.endpoint(at);
        self.data(at).find_map(|(input, _)| {
            let words = endpoint.params.get(input)?.all_words();
            let prices = words::priced_values(&words, self.lexicon);
            (prices.len() > 1).then_some(Amount::Choice { input, prices })
        })
    }

    /// What a success says was gained, beside what there is then: `{"get": 5, "points": 105}`.
    pub(super) fn gained(&self, shown: &[account::Shown<'_>], fields: &[&Field]) -> Option<Amount> {
        let is_field = |name: &str| fields.iter().any(|field| field.names.contains(&compact(name)));
        let mut numbers = shown.iter().filter(|member| !is_field(member.name)).filter_map(|member| {
            let number = member.value.scalar_text()?.parse::<f64>().ok()?;
            (number > 0.0 && self.lexicon.is_named("gained", member.name)
                || self.lexicon.speaks_of("gained", label_head(&member.words)))
            .then_some(number)
        });
        let first = numbers.next()?;
        numbers.next().is_none().then_some(Amount::Fixed(first))
    }
}

/// A number as an example has it: `0.00` beside `35.00`.
pub(in crate::behavior) fn in_form(number: f64, example: &Json) -> Json {
    let places = example.scalar_text().and_then(|text| text.split_once('.')).map_or(0, |(_, places)| places.len());
    example.in_form(&format!("{number:.places$}"))
}

/// The whole number that a message says an amount may not be below.
pub(in crate::behavior) fn least_in(message: &str, lexicon: &Lexicon) -> Option<i64> {
    let least = words::only_number(message, lexicon)?;
    #[allow(clippy::cast_possible_truncation, reason = "amounts of documents have few digits")]
    (least.fract() == 0.0 && least.abs() < 1e12).then_some(least as i64)
}
