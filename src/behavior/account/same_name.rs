//! What a line says of a name holds for that name where a line says nothing: `verifyNum=445566#校验码` beside a bare `verifyNum`.
//!
//! In: the inputs of all endpoints, each with what its own line says. Out: what the bare ones are for, where all lines that say
//! something of the name agree.

use crate::behavior::Input;
use crate::lexicon::{Lexicon, Role, compact};
use std::collections::HashMap;

/// What a name is for wherever it stands. Names of records and of people are not: each collection has its own `no`.
const EVERYWHERE: [Role; 5] = [Role::Passcode, Role::Password, Role::Token, Role::Phone, Role::Email];

pub(in crate::behavior) fn settle(inputs: &mut [Vec<Input>], lexicon: &Lexicon) {
    let mut told: HashMap<String, Option<Role>> = HashMap::new();
    for input in inputs.iter().flatten().filter(|input| !is_bare(input) && !input.discriminates) {
        let known = told.entry(compact(&input.name)).or_insert(Some(input.word));
        if *known != Some(input.word) {
            *known = None;
        }
    }
    told.retain(|name, role| {
        role.is_some_and(|role| {
            EVERYWHERE.contains(&role) && lexicon.role(name, "").is_none_or(|(own, points)| own != role || points < 4)
        })
    });
    for input in inputs.iter_mut().flatten() {
        let open = is_bare(input) && matches!(input.word, Role::Plain | Role::RecordId) && !input.discriminates;
        if let Some(Some(role)) = told.get(&compact(&input.name)).filter(|_| open) {
            (input.word, input.role) = (*role, *role);
        }
    }
}

/// Whether a line says no more than the name.
fn is_bare(input: &Input) -> bool {
    input.label.is_empty() || input.label == *input.name
}
