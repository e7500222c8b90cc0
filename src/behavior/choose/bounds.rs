//! A failure that states the very bounds of one input says that this one is not within them, whatever else its words say:
//! `请选择1-5星` beside `star # 1-5星`, `请输入100的整数倍`.

use super::{Chooser, Subject, Wanted};
use crate::behavior::failure::Failure;
use crate::behavior::wallet::all_numbers;
use crate::behavior::{Form, Input};
use crate::lexicon::Class;

impl Chooser<'_> {
    pub(super) fn of_bounds(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let Subject::Input(input) = wanted.subject else { return None };
        if wanted.classes.first() != Some(&Class::Malformed) {
            return None;
        }
        let inputs = self.inputs.get(at)?;
        let own = numbers(inputs.get(input)?);
        let alone = inputs.iter().enumerate().all(|(other, known)| other == input || numbers(known) != own);
        if own.is_empty() || !alone {
            return None;
        }
        let states = |failure: &&Failure| {
            let could = matches!(
                failure.classes.first(),
                None | Some(Class::Missing | Class::Malformed | Class::WrongState | Class::Insufficient)
            );
            let mut said: Vec<i64> = all_numbers(&failure.message).map(|(number, _)| whole(number)).collect();
            said.sort_unstable();
            could && said == own
        };
        let mut found = self.catalog.own[at].iter().filter(states);
        found.next().filter(|_| found.next().is_none()).cloned()
    }
}

fn whole(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "bounds of documents have few digits")]
    if number.fract() == 0.0 && number.abs() < 1e12 { number as i64 } else { i64::MIN }
}

/// The numbers of what an input has to be.
fn numbers(input: &Input) -> Vec<i64> {
    let of = |form: &Form| -> Vec<i64> {
        match form {
            Form::Range(least, most) => [*least, *most].into_iter().filter(|bound| *bound != i64::MAX).collect(),
            Form::Step(step) => step.number().into_iter().collect(),
            _ => Vec::new(),
        }
    };
    let mut all = input.rules.iter().map(|rule| of(&rule.form)).filter(|found| !found.is_empty());
    let mut first = all.next().unwrap_or_default();
    first.sort_unstable();
    first
}
