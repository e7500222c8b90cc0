//! Faults that a tester has ordered, held against a call: whether one strikes, and what becomes of the call then.
//!
//! In: a call of a known endpoint, and its world. Out: the call's outcome with what struck it. A reset or an empty reply
//! means that the call never arrived, so it changes nothing; a truncated reply is one that was lost on the way back, so the
//! call has done what it does. Knows no socket.

use super::{Call, Decision, Outcome, reply};
use crate::behavior::{Behavior, Model, Reply};
use crate::json::Json;
use crate::lexicon::Role;
use crate::world::{Abort, Change, Fault, Harm, Millis, World};
use std::sync::Arc;

/// What faults did to a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Struck {
    /// The fault's number, and what it puts in the place of the reply.
    pub harm: Option<(u64, Harm)>,
    /// The fault's number, and how long it keeps the reply back, in milliseconds.
    pub delay: Option<(u64, Millis)>,
}

/// Runs one call in a world with faults; otherwise as [`super::step`]. `id` is the endpoint's.
pub fn step<'m>(
    model: &'m Model,
    (endpoint, id): (usize, &str),
    call: &Call<'_>,
    world: &mut World,
    now: Millis,
    apply: bool,
) -> Outcome<'m> {
    let behavior = &model.behaviors[endpoint];
    let (struck, mut changes) = strike(behavior, id, call, world, apply);
    let in_place = match &struck.harm {
        Some((_, Harm::Code(code))) => documented(behavior, code)
            .map(|reply| (Decision::Fault(Some(reply)), reply.http_status.unwrap_or(200), reply::constant(reply))),
        Some((_, Harm::HttpStatus(status))) => Some((Decision::Fault(None), *status, Vec::new())),
        Some((_, Harm::Abort(Abort::Reset | Abort::Empty))) => Some((Decision::Fault(None), 200, Vec::new())),
        Some((_, Harm::Abort(Abort::Truncate))) | None => None,
    };
    let outcome = match in_place {
        Some((decision, http_status, body)) => {
            Outcome { decision, changes, http_status, body, cookie: None, struck: None }
        }
        None => {
            let outcome = super::step(model, endpoint, call, world, now, apply);
            changes.extend(outcome.changes);
            Outcome { changes, ..outcome }
        }
    };
    Outcome { struck: (struck != Struck::default()).then_some(struck), ..outcome }
}

/// The reply of that code, as the endpoint documents it.
fn documented<'b>(behavior: &'b Behavior, code: &str) -> Option<&'b Reply> {
    behavior.forced.iter().find(|(name, _)| name == code).map(|(_, reply)| reply)
}

/// Asks each fault in turn, the oldest first: the first harm and the first delay count. One that has nothing left to bring is
/// not asked, so it is not used up.
fn strike(behavior: &Behavior, id: &str, call: &Call<'_>, world: &mut World, apply: bool) -> (Struck, Vec<Change>) {
    let meant: Vec<Arc<Fault>> =
        world.faults().iter().filter(|fault| concerns(fault, behavior, id, call)).cloned().collect();
    let mut struck = Struck::default();
    let mut changes = Vec::new();
    for fault in meant {
        let harm = fault.harm.clone().filter(|_| struck.harm.is_none());
        let delay = fault.delay.filter(|_| struck.delay.is_none());
        if (harm.is_none() && delay.is_none()) || !fault.chance.strikes(|| world.stream()) {
            continue;
        }
        struck.delay = struck.delay.or_else(|| delay.map(|delay| (fault.id, delay.draw(|| world.stream()))));
        struck.harm = struck.harm.or_else(|| harm.map(|harm| (fault.id, harm)));
        if apply {
            let used = Change::FaultUsed { id: fault.id, from: fault.used };
            world.apply(&used);
            changes.push(used);
        }
    }
    (struck, changes)
}

fn concerns(fault: &Fault, behavior: &Behavior, id: &str, call: &Call<'_>) -> bool {
    let has_reply = || match &fault.harm {
        Some(Harm::Code(code)) => documented(behavior, code).is_some(),
        _ => true,
    };
    fault.endpoint.as_deref().is_none_or(|endpoint| endpoint == id)
        && fault.when.iter().all(|(name, value)| has_value(behavior, call, name, value))
        && has_reply()
}

/// Whether a parameter, wherever the endpoint reads it, is exactly that: `1` is both the number and the text.
fn has_value(behavior: &Behavior, call: &Call<'_>, name: &str, wanted: &Json) -> bool {
    let Some(input) = behavior.inputs.iter().position(|input| *input.name == *name) else { return false };
    let found = match call.values.get(input).and_then(Option::as_ref) {
        Some(super::request::Value::Text(text)) => Some(text.as_ref()),
        Some(super::request::Value::Json(json)) => json.scalar_text(),
        None if behavior.inputs[input].role == Role::Token => call.token.as_deref(),
        Some(super::request::Value::File(_)) | None => None,
    };
    found.is_some() && found == wanted.scalar_text()
}
