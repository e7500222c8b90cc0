//! Who registers, where no word says so: what logging in asks for is what registering takes, or hands out.
//!
//! In: what the words said each endpoint does, its inputs and what its success shows. Out: the endpoint that makes the accounts of a
//! login (`办证` that hands out the reader's number, `激活工号` that sets the first password), and which names are handed out.

use super::Shown;
use crate::behavior::account;
use crate::behavior::operation::by_shape::Shapes;
use crate::behavior::operation::{is_data, path_of};
use crate::behavior::{Evidence, Input};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, In, Segment};

/// Points from which an endpoint makes the accounts of a login.
const ENOUGH: i32 = 4;

/// What a login asks for.
struct Asked {
    at: usize,
    names: Vec<String>,
}

/// The endpoints that make the accounts of logins for which none is known to.
pub(in crate::behavior) fn makers(
    shapes: &Shapes<'_>,
    operations: &[(Operation, Evidence)],
    told: &dyn Fn(usize) -> bool,
) -> Vec<(usize, &'static str)> {
    let of = |wanted: Operation| (0..operations.len()).filter(move |at| operations[*at].0 == wanted);
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    for login in of(Operation::Login).filter_map(|at| asked(shapes, at)) {
        let knows = |at: usize| takes(&shapes.inputs[at], &login.names) || hands_out(shapes, at, &login).is_some();
        if of(Operation::Register).chain(found.iter().map(|(at, _)| *at)).any(knows) {
            continue;
        }
        let open = |at: &usize| {
            let operation = operations[*at].0;
            let changes = operation.is_on_records() && operation != Operation::List;
            !told(*at) && (operation == Operation::Answer || changes)
        };
        let scored = (0..operations.len()).filter(open).filter_map(|at| Some((points(shapes, at, &login)?, at)));
        let best = scored.filter(|(points, _)| *points >= ENOUGH).max_by_key(|(points, at)| (*points, usize::MAX - at));
        found.extend(best.map(|(_, at)| {
            let because = if takes(&shapes.inputs[at], &login.names) {
                "it takes what logging in asks for, and no token"
            } else {
                "it takes the password and hands out the name that logging in asks for"
            };
            (at, because)
        }));
    }
    found
}

/// None where logging in is proved by no password, or nothing names who it is.
fn asked(shapes: &Shapes<'_>, at: usize) -> Option<Asked> {
    let inputs = || shapes.inputs[at].iter().filter(|input| is_told(input));
    inputs().find(|input| input.word == Role::Password)?;
    let names = inputs().filter(|input| is_name(input)).map(|input| compact(&input.name));
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then_some(Asked { at, names })
}

fn is_told(input: &Input) -> bool {
    !input.discriminates && !input.routes && input.location != In::Header
}

/// Whether an input of a login can say who it is.
fn is_name(input: &Input) -> bool {
    let is_other = matches!(input.word, Role::Device | Role::Token | Role::Purpose | Role::Signature | Role::Time);
    !input.word.is_secret()
        && !is_other
        && !input.rules.iter().any(|rule| matches!(rule.form, crate::behavior::Form::OneOf(_)))
        && (input.required || Role::Identity.covers(input.word))
}

fn takes(inputs: &[Input], names: &[String]) -> bool {
    inputs.iter().any(|input| is_told(input) && names.contains(&compact(&input.name)))
}

/// What speaks for an endpoint's making the accounts of a login; none where it cannot.
fn points(shapes: &Shapes<'_>, at: usize, login: &Asked) -> Option<i32> {
    let (endpoint, lexicon) = (&shapes.set.endpoints[at], shapes.lexicon);
    let inputs = || shapes.inputs[at].iter().filter(|input| is_told(input));
    let named = |input: &Input| login.names.contains(&compact(&input.name));
    let sets = inputs().any(|input| input.word == Role::Password && input.required);
    let never = inputs().any(|input| {
        let of_known = matches!(input.word, Role::NewPassword | Role::OldPassword | Role::Token);
        let of_record = input.location == In::Path || matches!(compact(&input.name).as_str(), "id" | "ids");
        of_known || (of_record && !named(input))
    });
    let deeds = lexicon.operations_in(&endpoint.title);
    let is_other = |operation: Operation| {
        matches!(
            operation,
            Operation::ResetPassword
                | Operation::ChangePassword
                | Operation::BindIdentity
                | Operation::EditProfile
                | Operation::DeleteAccount
                | Operation::Logout
        )
    };
    let handed = hands_out(shapes, at, login).is_some();
    if !sets || never || deeds.iter().any(|(operation, _)| is_other(*operation)) || !(handed || inputs().any(named)) {
        return None;
    }
    let titled = deeds.iter().any(|(operation, _)| *operation == Operation::Register);
    let words = lexicon.operation_words(Operation::Register).map_or(&[] as &[String], |words| &words.path);
    let in_path = path_of(endpoint).iter().any(|word| words.contains(word));
    let own = &shapes.catalog.own[at];
    let taken = own
        .iter()
        .any(|failure| [Class::Exists, Class::IdentityExists].iter().any(|class| failure.classes.contains(class)));
    let more = inputs().any(|input| is_data(input) && !input.word.is_secret() && !named(input));
    let parent = |at: usize| literals(&shapes.set.endpoints[at]);
    let points = |holds: bool, points: i32| if holds { points } else { 0 };
    Some(
        points(titled || in_path, 4)
            + points(taken, 4)
            + points(handed, 4)
            + points(parent(at) == parent(login.at), 2)
            + points(at < login.at, 1)
            + points(more, 1),
    )
}

/// What stands in a path before its last word.
fn literals(endpoint: &Endpoint) -> Vec<&str> {
    let words = endpoint.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => text.as_str(),
        Segment::Param(_) => "",
    });
    let mut words: Vec<&str> = words.collect();
    words.pop();
    words
}

fn hands_out(shapes: &Shapes<'_>, at: usize, login: &Asked) -> Option<String> {
    handed_out(shapes.set, &shapes.set.endpoints[at], &shapes.inputs[at], &login.names, shapes.lexicon)
}

/// The name under which accounts log in that registering shows and does not take: `{"card_no": "R20240001"}`.
pub(in crate::behavior) fn handed_out(
    set: &DocSet,
    endpoint: &Endpoint,
    inputs: &[Input],
    logins: &[String],
    lexicon: &Lexicon,
) -> Option<String> {
    if takes(inputs, logins) {
        return None;
    }
    let is_filled = |shown: &Shown<'_>| shown.value.scalar_text().is_some_and(|text| !text.is_empty());
    let named = |shown: &Shown<'_>| logins.contains(&compact(shown.name)) && shown.role != Role::Token;
    let mut all = endpoint.successes().flat_map(|example| account::shown(set, endpoint, example, lexicon));
    all.find(|shown| named(shown) && is_filled(shown)).map(|shown| compact(shown.name))
}

/// The names under which accounts log in, as far as logins say.
pub(in crate::behavior) fn login_names(operations: &[Operation], inputs: &[Vec<Input>]) -> Vec<String> {
    let logins = operations.iter().zip(inputs).filter(|(operation, _)| **operation == Operation::Login);
    let named = logins.flat_map(|(_, inputs)| inputs).filter(|input| input.role == Role::Identity);
    named.map(|input| compact(&input.name)).collect()
}
