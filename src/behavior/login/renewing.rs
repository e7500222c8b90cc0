//! A token for a token: `renew`, `续票`, `刷新令牌`.
//!
//! In: the endpoints with what words said of them. Out: those that take nothing but the caller's token and show a new one under
//! the name that logging in gives it.

use crate::behavior::Evidence;
use crate::behavior::account;
use crate::behavior::operation::by_shape::Shapes;
use crate::behavior::operation::{is_data, path_of};
use crate::lexicon::{Operation, Role, compact};
use crate::spec::In;
use std::collections::BTreeSet;

/// The endpoints that give who calls another token.
pub(in crate::behavior) fn renewers(shapes: &Shapes<'_>, operations: &[(Operation, Evidence)]) -> Vec<usize> {
    let lets_in = |at: &usize| matches!(operations[*at].0, Operation::Login | Operation::Register);
    let mut names: BTreeSet<String> = BTreeSet::new();
    for at in (0..operations.len()).filter(lets_in) {
        names.extend(tokens_shown(shapes, at));
    }
    let renews = |at: &usize| {
        let endpoint = &shapes.set.endpoints[*at];
        // A refresh token of its own is nobody's login.
        let own = shapes.inputs[*at].iter().all(|input| {
            let carried = input.word == Role::Token && input.location != In::Header && !input.routes;
            if carried { names.contains(&compact(&input.name)) } else { !is_data(input) }
        });
        let says = |text: &str| shapes.lexicon.speaks_of("renews-token", text);
        let called = || says(&endpoint.title) || path_of(endpoint).iter().any(|word| says(word));
        !lets_in(at) && own && called() && tokens_shown(shapes, *at).iter().any(|name| names.contains(name))
    };
    if names.is_empty() { Vec::new() } else { (0..operations.len()).filter(renews).collect() }
}

/// What the tokens are called that an endpoint's successes show.
fn tokens_shown(shapes: &Shapes<'_>, at: usize) -> Vec<String> {
    let endpoint = &shapes.set.endpoints[at];
    let shown = endpoint.successes().flat_map(|example| account::shown(shapes.set, endpoint, example, shapes.lexicon));
    shown.filter(|member| member.role == Role::Token).map(|member| compact(member.name)).collect()
}
