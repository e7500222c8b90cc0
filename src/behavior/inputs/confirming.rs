//! A password that is asked for twice: `password # 密码` and `repassword # 再输一遍`, whatever the second line calls it.
//!
//! In: the inputs of an endpoint and its failures. Out: the second as what confirms the first, where its name says so, or where a
//! failure speaks of two that are unlike (`两次密码不一致`).

use crate::behavior::Input;
use crate::behavior::failure::Failure;
use crate::lexicon::{Class, Lexicon, Role, compact};

/// Settles what failures tell.
pub(in crate::behavior) fn settle(failures: &[Vec<Failure>], inputs: &mut [Vec<Input>]) {
    let says = |failure: &Failure| failure.classes.contains(&Class::Unequal);
    for (inputs, _) in inputs.iter_mut().zip(failures).filter(|(_, failures)| failures.iter().any(says)) {
        // `password` before `new_password` is the old one.
        let again = |first: Role, last: Role| first == last || first == Role::NewPassword;
        if let [first, last] = secrets(inputs)[..]
            && again(inputs[first].word, inputs[last].word)
        {
            confirm(&mut inputs[last]);
        } else if let [only] = secrets(inputs)[..]
            && let Some(again) = called_after(inputs, only)
        {
            confirm(&mut inputs[again]);
        }
    }
}

/// `secret_again # 确认` beside `secret`: the one input of no known use that has the password's name in its own.
fn called_after(inputs: &[Input], secret: usize) -> Option<usize> {
    let name = compact(&inputs[secret].name);
    let after = |input: &Input| {
        let own = compact(&input.name);
        input.word == Role::Plain && own.len() > name.len() && (own.starts_with(&name) || own.ends_with(&name))
    };
    let mut all = (0..inputs.len()).filter(|at| *at > secret && after(&inputs[*at]));
    all.next().filter(|_| all.next().is_none())
}

/// Settles what a name tells beside another password.
pub(super) fn by_name(inputs: &mut [Input], lexicon: &Lexicon) {
    let named = |input: &Input| lexicon.role(&input.name, "").is_some_and(|(role, _)| role == Role::ConfirmPassword);
    if let [_, .., last] = secrets(inputs)[..]
        && named(&inputs[last])
    {
        confirm(&mut inputs[last]);
    }
}

/// The passwords that are to be set, where none confirms another yet.
fn secrets(inputs: &[Input]) -> Vec<usize> {
    if inputs.iter().any(|input| input.word == Role::ConfirmPassword) {
        return Vec::new();
    }
    let sets = |input: &Input| matches!(input.word, Role::Password | Role::NewPassword) && !input.discriminates;
    (0..inputs.len()).filter(|at| sets(&inputs[*at])).collect()
}

fn confirm(input: &mut Input) {
    (input.word, input.role) = (Role::ConfirmPassword, Role::ConfirmPassword);
    input.rules.clear();
}
