//! Decides and applies: a behavior, a world, a call and the time give an outcome and changes.
//!
//! Plain synchronous Rust. It knows no socket, no file, no clock and no randomness but the world's own, so a thousand
//! requests run in milliseconds and twice alike. Deciding reads, applying writes.

mod admission;
mod copying;
mod credentials;
mod decide;
mod extract;
mod fake;
pub mod fault;
pub mod file;
pub mod follow;
mod holding;
mod item;
mod keyword;
pub mod lapse;
mod ledgers;
mod lines;
mod list;
mod loans;
mod marks;
mod metering;
mod notices;
pub mod office;
mod parties;
mod plan;
mod plan_records;
mod records;
mod reply;
pub mod request;
mod room;
mod spans;
mod standing;
mod sums;
mod taking;
mod tries;
mod upload;
mod vouchers;
mod wallet;

pub use crate::behavior::inputs::id_card;
pub(crate) use decide::is_mobile;
pub use decide::{accounts_named, identity_key};
pub use extract::Call;
pub use records::{seed, write_time};
pub use room::{Scarce, TooLarge};

use crate::behavior::{Behavior, Check, Model, Reply};
use crate::world::{Change, Millis, Record, Token, World};
use std::cell::Cell;
use std::sync::Arc;

/// What came of one call. Both a refusal and a success are good outcomes.
#[derive(Debug)]
pub struct Outcome<'m> {
    pub decision: Decision<'m>,
    /// What was changed, in order; for a refusal only what had come with time, and that a secret was wrong.
    pub changes: Vec<Change>,
    pub http_status: u16,
    pub body: Vec<u8>,
    /// The token that a login hands out as a cookie, where no reply has a place for it.
    pub cookie: Option<Arc<str>>,
    /// What faults did to it; none where none struck.
    pub struck: Option<fault::Struck>,
}

#[derive(Clone, Copy, Debug)]
pub enum Decision<'m> {
    Accept(&'m Behavior),
    Refuse(&'m Check),
    /// A fault answers in its place, with a documented reply or with none.
    Fault(Option<&'m Reply>),
    /// The world has no room for a file; docsim's own refusal.
    TooLarge(TooLarge),
}

/// Who calls: the token, if one was presented that is alive, and its account.
#[derive(Clone, Debug, Default)]
struct Caller {
    token: Option<Arc<Token>>,
    account: Option<Arc<Record>>,
}

/// A documented reply as it stands, for a client that asks for it by name.
pub fn documented(reply: &Reply) -> Vec<u8> {
    reply::constant(reply)
}

fn no_room<'m>(too_large: TooLarge) -> Outcome<'m> {
    Outcome {
        decision: Decision::TooLarge(too_large),
        changes: Vec::new(),
        http_status: 413,
        body: Vec::new(),
        cookie: None,
        struck: None,
    }
}

/// The places of all checks that a call does not meet; the first of them would decide.
pub fn unmet(model: &Model, endpoint: usize, call: &Call<'_>, world: &mut World, now: Millis) -> Vec<usize> {
    let behavior = &model.behaviors[endpoint];
    records::seed(model, world, now);
    office::give_accounts(model, world, now);
    lapse::settle(model, world, now);
    let caller = decide::caller(behavior, call, world, now);
    let scene = decide::Scene { model, behavior, call, world, now, caller: &caller, named: Cell::default() };
    let checks = behavior.checks.iter().enumerate();
    checks.filter(|(_, check)| !scene.holds(&check.demand)).map(|(at, _)| at).collect()
}

/// Runs one call. `now` is the world's own time. With `apply` false (HEAD) the call changes nothing.
pub fn step<'m>(
    model: &'m Model,
    endpoint: usize,
    call: &Call<'_>,
    world: &mut World,
    now: Millis,
    apply: bool,
) -> Outcome<'m> {
    records::seed(model, world, now);
    office::give_accounts(model, world, now);
    let mut lapsed = lapse::settle(model, world, now);
    let mut outcome = decided(model, endpoint, call, world, now, apply);
    if !lapsed.is_empty() {
        lapsed.append(&mut outcome.changes);
        outcome.changes = lapsed;
    }
    outcome
}

fn decided<'m>(
    model: &'m Model,
    endpoint: usize,
    call: &Call<'_>,
    world: &mut World,
    now: Millis,
    apply: bool,
) -> Outcome<'m> {
    let behavior = &model.behaviors[endpoint];
    let caller = decide::caller(behavior, call, world, now);
    let scene = decide::Scene { model, behavior, call, world, now, caller: &caller, named: Cell::default() };
    if let Some(check) = behavior.checks.iter().find(|check| !scene.holds(&check.demand)) {
        let (mut changes, told) = tries::refused(&scene, check);
        changes.retain(|_| apply);
        for change in &changes {
            world.apply(change);
        }
        let reply = told.unwrap_or(&check.reply);
        let body = reply::constant(reply);
        return Outcome {
            decision: Decision::Refuse(check),
            changes,
            http_status: reply.http_status.unwrap_or(200),
            body,
            cookie: None,
            struck: None,
        };
    }
    let named = if apply { scene.identified().cloned() } else { None };
    // What is kept before all is planned has to go again where there is no room for the rest.
    let before = (apply && upload::keeps(behavior)).then(|| world.clone());
    let kept = match if apply { upload::keep(model, behavior, call, world, now) } else { Ok(None) } {
        Ok(kept) => kept,
        Err(too_large) => return no_room(too_large),
    };
    let call = kept.as_ref().map_or(call, |kept| &kept.call);
    let mut planned = plan::Planned::default();
    if apply {
        let forgotten = tries::forgotten(behavior, named.as_ref().or(caller.account.as_ref()));
        planned = plan::plan(model, behavior, call, world, now, &caller, named);
        planned.changes.extend(forgotten);
        if let Err(too_large) = room::check(world, &planned.changes) {
            if let Some(before) = before {
                *world = before;
            }
            return no_room(too_large);
        }
        for change in &planned.changes {
            world.apply(change);
        }
    }
    let body = reply::success(&reply::Filling {
        model,
        behavior,
        call,
        world,
        now,
        caller: &caller,
        planned: &planned,
        counts: records::Counts::default(),
    });
    let http_status = reply::chosen(behavior, &planned, call).http_status.unwrap_or(200);
    let mut changes = planned.changes;
    if let Some(kept) = kept {
        changes.splice(..0, kept.changes);
    }
    Outcome {
        decision: Decision::Accept(behavior),
        changes,
        http_status,
        body,
        cookie: planned.token.filter(|_| model.tokens.cookie),
        struck: None,
    }
}
