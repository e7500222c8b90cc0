//! The least of a number that only a failure states: `单次充值不得低于10元`, `数量最少为1`.
//!
//! In: the endpoints' own failures and inputs. Out: rules for inputs that have none; the failure is told of them again by its words.

use crate::behavior::choose::Chooser;
use crate::behavior::inputs::rule;
use crate::behavior::{Confidence, Evidence, Failure, Form, Input, InputRule};
use crate::lexicon::{Class, Lexicon, Role, label_head};

/// Adds the rules to those of their endpoints and inputs.
pub(in crate::behavior) fn add_least(chooser: &Chooser<'_>, stated: &mut Vec<(usize, usize, InputRule)>) {
    for (at, failures) in chooser.catalog.own.iter().enumerate() {
        for failure in failures {
            let Some((least, is_money)) = least(failure, chooser.lexicon) else { continue };
            let inputs = &chooser.inputs[at];
            let fits = |input: &usize| is_number(&inputs[*input], is_money, chooser.lexicon);
            let named = chooser.named_inputs(at, failure.says()).into_iter().find(fits);
            let mut all = (0..inputs.len()).filter(fits);
            let only = || all.next().filter(|_| all.next().is_none());
            let Some(input) = named.or_else(only) else { continue };
            let known = inputs[input].rules.iter().chain(
                stated.iter().filter(|(endpoint, other, _)| (*endpoint, *other) == (at, input)).map(|(.., rule)| rule),
            );
            if known.into_iter().any(|rule| matches!(rule.form, Form::Range(..))) {
                continue;
            }
            let because = Evidence::new(failure.message.clone(), failure.place, Confidence::Likely);
            stated.push((at, input, InputRule { form: Form::Range(least, i64::MAX), because }));
        }
    }
}

impl Chooser<'_> {
    /// The failure whose words are an input's rule.
    pub(in crate::behavior) fn stating(&self, at: usize, input: usize) -> Option<Failure> {
        let rules = &self.inputs[at].get(input)?.rules;
        let ranges = || rules.iter().filter(|rule| matches!(rule.form, Form::Range(..)));
        let says = |failure: &&Failure| {
            ranges().any(|rule| rule.because.text == failure.message && rule.because.place == failure.place)
        };
        self.catalog.own[at].iter().find(says).cloned()
    }
}

/// The one number that a failure states as the least, and whether it is one of money.
fn least(failure: &Failure, lexicon: &Lexicon) -> Option<(i64, bool)> {
    use Class::{Failed, Insufficient, Malformed, Missing, WrongState};
    let message = &failure.message;
    if !message.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let open = failure
        .classes
        .first()
        .is_none_or(|class| matches!(class, Malformed | Missing | Insufficient | Failed | WrongState));
    // What somebody has to have, and how long before.
    let of_other = lexicon.speaks_of("balance", message)
        || lexicon.rules().times.units.iter().any(|(unit, _)| follows_number(message, unit));
    if !open || of_other {
        return None;
    }
    let (least, most) = rule::bounds(message, &lexicon.rules().lengths)?;
    let mut digits = message.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let only = digits.next().is_some() && digits.next().is_none();
    let is_money = lexicon.rules().lengths.sums.iter().any(|unit| follows_number(message, unit));
    (only && least > 0 && most == i64::MAX).then_some((least, is_money))
}

fn follows_number(text: &str, unit: &str) -> bool {
    text.match_indices(unit).any(|(at, _)| text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()))
}

fn is_number(input: &Input, is_money: bool, lexicon: &Lexicon) -> bool {
    if input.discriminates {
        return false;
    }
    let counts =
        lexicon.is_named("quantity", &input.name) || lexicon.is_nothing_but("quantity", label_head(&input.label));
    if is_money { input.word == Role::Amount } else { counts && input.word != Role::RecordId }
}
