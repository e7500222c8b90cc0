//! One secret under one name: what registering sets is what login asks for, whatever either line calls it
//! (`pin=246810 # 支付密码，登录也用它` beside a bare `pin` of the login).
//!
//! In: all inputs, once it is known what each endpoint does. Out: the password of a register or a login that names none.

use crate::behavior::{Evidence, Input};
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, In};

pub(in crate::behavior) fn settle(
    set: &DocSet,
    lexicon: &Lexicon,
    operations: &[(Operation, Evidence)],
    inputs: &mut [Vec<Input>],
) {
    let asked = names(operations, inputs, Operation::Login, &[Role::Password]);
    let given = names(operations, inputs, Operation::Register, &[Role::Password, Role::PayPassword]);
    for at in 0..operations.len() {
        let names = match operations[at].0 {
            Operation::Register => &asked,
            Operation::Login => &given,
            _ => continue,
        };
        let proves = |input: &Input| {
            input.word == Role::Password || (operations[at].0 == Operation::Login && input.word == Role::Passcode)
        };
        if inputs[at].iter().any(proves) {
            continue;
        }
        let could = |input: &Input| {
            let open = matches!(input.word, Role::PayPassword | Role::Plain);
            open && input.role != Role::Identity && input.location != In::Header && !input.discriminates
        };
        let same = |input: &Input| could(input) && names.contains(&compact(&input.name));
        let params = &set.endpoints[at].params;
        // Where the names differ, the line says that it serves for both.
        let said = |number: usize, input: &Input| {
            let words = params.get(number).map(crate::spec::Param::all_words).unwrap_or_default();
            input.word == Role::PayPassword && lexicon.speaks_of("signs-in-too", &words)
        };
        let found = inputs[at].iter().position(same).or_else(|| {
            let mut all = inputs[at].iter().enumerate();
            all.find(|(number, input)| said(*number, input)).map(|(number, _)| number)
        });
        if let Some(input) = found.and_then(|found| inputs[at].get_mut(found)) {
            (input.word, input.role, input.required) = (Role::Password, Role::Password, true);
        }
    }
}

/// What the inputs of these roles are called, of the endpoints that do this.
fn names(
    operations: &[(Operation, Evidence)],
    inputs: &[Vec<Input>],
    operation: Operation,
    roles: &[Role],
) -> Vec<String> {
    let endpoints = operations.iter().zip(inputs).filter(|((known, _), _)| *known == operation);
    let named = endpoints.flat_map(|(_, inputs)| inputs).filter(|input| roles.contains(&input.word));
    named.map(|input| compact(&input.name)).collect()
}
