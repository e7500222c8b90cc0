//! Whether a value has the form that is asked for: a phone, a date, a length.

use super::Scene;
use crate::behavior::Form;
use crate::behavior::collection::items::item::TimeForm;
use crate::engine::{id_card, records};

impl Scene<'_> {
    pub(super) fn is_well_formed(&self, input: usize) -> bool {
        let Some(text) = self.call.text(input) else { return true };
        self.behavior.inputs[input].rules.iter().all(|rule| match &rule.form {
            Form::Mobile => is_mobile(text),
            Form::Email => is_email(text),
            Form::IdCard => id_card::has_form(text),
            Form::Length(length) => length.holds(text.chars().count()),
            Form::LettersAndDigits => {
                text.contains(|c: char| c.is_alphabetic()) && text.contains(|c: char| c.is_ascii_digit())
            }
            Form::MadeOf(signs) => signs.hold(text),
            Form::Date(form) => form.holds(text),
            Form::NotPast(form) => form.day(text).is_none_or(|day| {
                let today = TimeForm::Date { mark: '-' };
                day >= records::write_time(today, self.now, self.model.utc_offset).replace('-', "")
            }),
            Form::Range(least, most) => text.trim().parse::<f64>().is_ok_and(|number| {
                #[allow(clippy::cast_precision_loss, reason = "bounds of documents have few digits")]
                let (least, most) = (*least as f64, *most as f64);
                (least..=most).contains(&number)
            }),
            Form::Step(step) => step.holds(text),
            Form::OneOf(values) => values.iter().any(|value| value == text),
        })
    }
}

/// A mainland mobile number: `1[3-9]` and nine digits.
pub(crate) fn is_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit)
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(char::is_whitespace)
    })
}
