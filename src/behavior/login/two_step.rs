//! A lost password in two steps: one endpoint is told who somebody is and hands out a ticket, another takes that ticket in place of
//! the name and sets the password.
//!
//! In: the endpoints with what words and shapes said of them. Out: the pairs of them, with the input that takes the ticket.

use crate::behavior::demands::Beside;
use crate::behavior::infer::SetWide;
use crate::behavior::operation::by_shape::{Shapes, is_open};
use crate::behavior::operation::{is_data, path_of};
use crate::behavior::{Evidence, Input, account};
use crate::lexicon::{Operation, Role, compact};
use crate::spec::In;
use std::collections::{BTreeSet, HashMap};

pub(in crate::behavior) struct Steps {
    pub(in crate::behavior) gives: usize,
    pub(in crate::behavior) takes: usize,
    /// The input that takes the ticket.
    pub(in crate::behavior) ticket: usize,
}

pub(in crate::behavior) fn steps(shapes: &Shapes<'_>, operations: &[(Operation, Evidence)]) -> Vec<Steps> {
    let setters: Vec<usize> = (0..operations.len()).filter(|at| sets_password(shapes, operations, *at)).collect();
    if setters.is_empty() {
        return Vec::new();
    }
    // What is handed out to whom no more is known of than a name.
    let mut given: HashMap<String, usize> = HashMap::new();
    for at in (0..operations.len()).filter(|at| takes_name_alone(shapes, operations, *at)) {
        let endpoint = &shapes.set.endpoints[at];
        let shown =
            endpoint.successes().flat_map(|example| account::shown(shapes.set, endpoint, example, shapes.lexicon));
        for member in shown.filter(|member| member.value.as_str().is_some_and(|text| !text.is_empty())) {
            given.entry(compact(member.name)).or_insert(at);
        }
    }
    let pair = |takes: usize| {
        shapes.inputs[takes].iter().enumerate().find_map(|(ticket, input)| {
            let open = input.location != In::Header && !input.discriminates && !input.routes;
            let carries = open && !names_account(input) && !is_secret(input);
            let gives = *given.get(&compact(&input.name)).filter(|gives| carries && **gives != takes)?;
            Some(Steps { gives, takes, ticket })
        })
    };
    setters.into_iter().filter_map(pair).collect()
}

/// Sets a password, is told no name of an account, and no old password.
fn sets_password(shapes: &Shapes<'_>, operations: &[(Operation, Evidence)], at: usize) -> bool {
    let inputs = &shapes.inputs[at];
    let takes = |role: Role| inputs.iter().any(|input| input.word == role && !input.discriminates);
    let entry = matches!(operations[at].0, Operation::Register | Operation::Login);
    let endpoint = &shapes.set.endpoints[at];
    let resets = |text: &str| {
        let named = shapes.lexicon.operations_in(text);
        named.iter().any(|(found, _)| matches!(found, Operation::ResetPassword | Operation::ChangePassword))
    };
    let in_path = || {
        path_of(endpoint)
            .iter()
            .any(|word| ["password-word", "reset-word"].iter().any(|t| shapes.lexicon.is_named(t, word)))
    };
    (takes(Role::NewPassword) || takes(Role::Password))
        && !takes(Role::OldPassword)
        && !inputs.iter().any(names_account)
        && !entry
        && (resets(&endpoint.title) || in_path())
}

fn takes_name_alone(shapes: &Shapes<'_>, operations: &[(Operation, Evidence)], at: usize) -> bool {
    let (operation, _) = &operations[at];
    let could = is_open(&operations[at])
        || operation.is_on_records()
        || matches!(operation, Operation::SendPasscode | Operation::ResetPassword);
    let inputs = &shapes.inputs[at];
    could
        && inputs.iter().filter(|input| is_data(input) && names_account(input)).count() == 1
        && inputs.iter().filter(|input| is_data(input)).all(|input| names_account(input) || input.word == Role::Purpose)
        && !inputs.iter().any(is_secret)
}

fn names_account(input: &Input) -> bool {
    matches!(input.word, Role::Phone | Role::Email | Role::Account) && input.location != In::Header
}

fn is_secret(input: &Input) -> bool {
    matches!(
        input.word,
        Role::Password | Role::NewPassword | Role::OldPassword | Role::ConfirmPassword | Role::Passcode
    )
}

/// Settles both: who is named is sent a passcode and given a ticket, and the ticket says whose password is set.
pub(in crate::behavior) fn settle(shapes: &Shapes<'_>, operations: &mut [(Operation, Evidence)], steps: &[Steps]) {
    for Steps { gives, takes, .. } in steps {
        let because = "it is told a name alone and hands out what another takes to set the password";
        operations[*gives] = (Operation::SendPasscode, shapes.evidence(*gives, because));
        let because = "it takes what another hands out and sets the password";
        operations[*takes] = (Operation::ResetPassword, shapes.evidence(*takes, because));
    }
}

/// The ticket says who calls; a code beside it is the passcode that was sent.
pub(in crate::behavior) fn bind(steps: &[Steps], inputs: &mut [Vec<Input>], is_code: impl Fn(&str) -> bool) {
    for Steps { takes, ticket, .. } in steps {
        let inputs = &mut inputs[*takes];
        for (at, input) in inputs.iter_mut().enumerate() {
            if at == *ticket {
                (input.word, input.role, input.required) = (Role::Token, Role::Token, true);
            } else if input.word == Role::Plain && is_data(input) && is_code(&input.name) {
                (input.word, input.role) = (Role::Passcode, Role::Passcode);
            }
        }
    }
}

/// What tickets are called.
pub(in crate::behavior) fn names(kinds: &[Operation], inputs: &[Vec<Input>]) -> BTreeSet<String> {
    let resets = kinds.iter().zip(inputs).filter(|(kind, _)| **kind == Operation::ResetPassword);
    let tickets = resets
        .flat_map(|(_, inputs)| inputs)
        .filter(|input| input.word == Role::Token && input.required && input.location != In::Header && !input.routes);
    tickets.map(|input| compact(&input.name)).collect()
}

impl SetWide<'_> {
    pub(in crate::behavior) fn beside(&self, at: usize) -> Beside {
        match () {
            () if self.ensures(at) => Beside::MakesAccount,
            () if self.gives_ticket(at) => Beside::GivesTicket,
            () => Beside::Nothing,
        }
    }

    fn gives_ticket(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let is_ticket = |member: &account::Shown<'_>| self.accounts.tickets.contains(&compact(member.name));
        self.kinds[at] == Operation::SendPasscode
            && !self.accounts.tickets.is_empty()
            && endpoint
                .successes()
                .any(|example| account::shown(self.set, endpoint, example, self.lexicon).iter().any(is_ticket))
    }
}
