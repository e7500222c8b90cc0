//! What sends passcodes though no word says so: told by what goes in, what comes out, and who takes back what was sent.
//!
//! In: the endpoints with what words said of them. Out: those that are told who somebody is and at most what for, hand nothing
//! out, and stand beside others that take a passcode with the same name of an account.

use crate::behavior::account;
use crate::behavior::operation::by_shape::{Shapes, is_open};
use crate::behavior::operation::{is_data, path_of};
use crate::behavior::{Evidence, Form, Input};
use crate::json::{Json, Step};
use crate::lexicon::{Class, Operation, Role, compact};
use std::collections::HashSet;

/// The endpoints that send passcodes, with what says so.
pub(in crate::behavior) fn senders(
    shapes: &Shapes<'_>,
    operations: &[(Operation, Evidence)],
) -> Vec<(usize, &'static str)> {
    let taken_back = taken_back(shapes);
    if taken_back.is_empty() {
        return Vec::new();
    }
    let known = operations.iter().any(|(operation, _)| *operation == Operation::SendPasscode);
    let could = |at: &usize| {
        let (operation, _) = &operations[*at];
        // `邮箱验证码 - 注册用`: what its title says besides is what the code is for.
        let for_deed = || !matches!(operation, Operation::SendPasscode) && is_called_passcode(shapes, *at);
        (is_open(&operations[*at]) || operation.is_on_records() || for_deed())
            && takes_name_alone(shapes, *at, &taken_back)
    };
    let (named, others): (Vec<usize>, Vec<usize>) =
        (0..operations.len()).filter(could).filter(|at| hands_nothing_out(shapes, *at)).partition(|at| {
            let failures = &shapes.catalog.own[*at];
            names_passcode(shapes, *at) || failures.iter().any(|failure| failure.classes.contains(&Class::TooFrequent))
        });
    let mut found: Vec<(usize, &'static str)> = named
        .into_iter()
        .map(|at| (at, "it takes an account's name, hands nothing out, and others take a passcode with that name"))
        .collect();
    // Where nothing else sends, and one alone could, it does.
    let mut others = others.into_iter().filter(|at| is_open(&operations[*at]));
    if let (false, true, Some(at), None) = (known, found.is_empty(), others.next(), others.next()) {
        found.push((at, "nothing else sends the passcodes that others take with an account's name"));
    }
    found
}

/// The names of accounts beside which passcodes are taken.
fn taken_back(shapes: &Shapes<'_>) -> HashSet<String> {
    let takers = shapes.inputs.iter().filter(|inputs| inputs.iter().any(|input| input.word == Role::Passcode));
    takers.flatten().filter(|input| names_account(input)).map(|input| compact(&input.name)).collect()
}

fn names_account(input: &Input) -> bool {
    matches!(input.word, Role::Phone | Role::Email | Role::Account) && is_data(input)
}

/// Whether nothing goes in but one name of an account, and a word on what for.
fn takes_name_alone(shapes: &Shapes<'_>, at: usize, taken_back: &HashSet<String>) -> bool {
    let inputs = &shapes.inputs[at];
    let data = || inputs.iter().filter(|input| is_data(input));
    let is_choice = |input: &Input| input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_)));
    let is_purpose = |input: &Input| {
        let listed = || {
            let param = shapes.set.endpoints[at].params.iter().find(|param| *param.name == *input.name);
            param.is_some_and(|param| super::purposes::listed(&param.all_words(), shapes.lexicon).len() > 1)
        };
        input.word == Role::Purpose || (input.word == Role::Plain && (is_choice(input) || listed()))
    };
    let names = data().filter(|input| names_account(input)).count();
    names == 1
        && !inputs.iter().any(|input| input.word == Role::Token && input.required)
        && data().all(
            |input| {
                if names_account(input) { taken_back.contains(&compact(&input.name)) } else { is_purpose(input) }
            },
        )
}

/// `{"ttl": 300}`, `{"mobile": "135…"}`, and the code itself: nothing of a record, and no key.
fn hands_nothing_out(shapes: &Shapes<'_>, at: usize) -> bool {
    let endpoint = &shapes.set.endpoints[at];
    let mut shown =
        endpoint.successes().flat_map(|example| account::shown(shapes.set, endpoint, example, shapes.lexicon));
    // `"state": "ok"` stands in failures as well.
    let in_failures = |path: &[Step]| endpoint.errors().any(|example| example.value.at(path).is_some());
    shown.all(|member| {
        if in_failures(&member.path) {
            return true;
        }
        let number = member.value.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
        let empty = matches!(member.value, Json::Null) || member.value.as_str() == Some("");
        let told = matches!(member.role, Role::Passcode | Role::Phone | Role::Email | Role::Account);
        let words = format!("{} {}", member.name, member.words);
        let lasts = || ["lifetime", "interval"].iter().any(|topic| shapes.lexicon.speaks_of(topic, &words));
        // Whether somebody is registered is what a check of names answers.
        let done = || matches!(member.value, Json::Bool(_)) && names_passcode(shapes, at);
        told || empty || (number && lasts()) || done()
    })
}

/// Whether the title or the path names the code.
fn names_passcode(shapes: &Shapes<'_>, at: usize) -> bool {
    let in_path = |word: &String| {
        let role = shapes.lexicon.role(word, "");
        role.is_some_and(|(role, points)| role == Role::Passcode && points >= 4)
    };
    is_called_passcode(shapes, at) || path_of(&shapes.set.endpoints[at]).iter().any(in_path)
}

fn is_called_passcode(shapes: &Shapes<'_>, at: usize) -> bool {
    let role = shapes.lexicon.role("", &shapes.set.endpoints[at].title);
    role.is_some_and(|(role, points)| role == Role::Passcode && points >= 4)
}
