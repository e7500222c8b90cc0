//! What a call that somebody else answered with success says of accounts and tokens: the world takes it over.
//!
//! In: a call that a backend accepted, and the token that its reply hands out. Out: the same account in the world, with the
//! password and the tokens that the client now has; for a token that was given out before, an account that stands for whose
//! it is. No check is asked; what is about other records is left out, since
//! the backend's ids and this world's have nothing to do with each other.

use super::decide::{self, IDENTITY, identity_key};
use super::office::{self, AccountEdit};
use super::{Call, credentials, room};
use crate::behavior::account::COLLECTION;
use crate::behavior::{Action, Auth, Behavior, Demand, Model};
use crate::world::{Change, Millis, Record, World};
use std::sync::Arc;

/// Takes over what a call did. `token` is what the reply hands out, if it does.
pub fn follow(
    model: &Model,
    endpoint: usize,
    call: &Call<'_>,
    token: Option<&str>,
    world: &mut World,
    now: Millis,
) -> Vec<Change> {
    let behavior = &model.behaviors[endpoint];
    let caller = decide::caller(behavior, call, world, now);
    let mut changes = Vec::new();
    let mut account = identity(behavior).and_then(|input| call.text(input)).and_then(|name| {
        let known = world.by_key(COLLECTION, IDENTITY, &identity_key(name)).cloned();
        // Somebody whose token was given out, or who has set a password, is somebody there.
        let is_somebody = token.is_some() || behavior.effects.iter().any(|effect| makes_account(&effect.action));
        known.or_else(|| {
            let edit = AccountEdit { identity: Some(name.to_owned()), ..AccountEdit::default() };
            let (made, done) = is_somebody.then(|| office::create(model, world, &edit, now).ok())??;
            changes.extend(done);
            Some(made)
        })
    });
    account = account.or_else(|| caller.account.clone());
    if account.is_none()
        && let Some(text) = presented(model, behavior, call)
        && let Some((made, done)) = stand_in(model, world, now)
    {
        changes.extend(done);
        let given = given(model, world, &made, text, now);
        apply(world, &mut changes, given);
        return changes;
    }
    if let (Some(account), Some(text)) = (&account, password(behavior).and_then(|input| call.text(input))) {
        let hash = world.password_key().hash(text);
        let change = Change::password(&COLLECTION.into(), account, Some(hash));
        apply(world, &mut changes, vec![change]);
    }
    for effect in &behavior.effects {
        let revoked: Vec<Change> = match &effect.action {
            Action::RevokeToken => caller.token.clone().map(Change::TokenRevoked).into_iter().collect(),
            Action::RevokeTokens | Action::DeleteAccount => of(world, account.as_deref()),
            _ => continue,
        };
        apply(world, &mut changes, revoked);
    }
    if let (Some(account), Some(text)) = (&account, token) {
        let given = given(model, world, account, text, now);
        if room::check(world, &given).is_ok() {
            apply(world, &mut changes, given);
        }
    }
    changes
}

/// A token that the backend gave out before anybody looked: it was accepted where one is needed, and is still good.
fn presented<'c>(model: &Model, behavior: &Behavior, call: &'c Call<'_>) -> Option<&'c str> {
    let ends = |action: &Action| matches!(action, Action::RevokeToken | Action::RevokeTokens | Action::DeleteAccount);
    let is_good = model.tokens.issued
        && behavior.auth == Auth::Required
        && !behavior.effects.iter().any(|effect| ends(&effect.action));
    call.token.as_deref().filter(|text| is_good && !text.is_empty())
}

/// An account for somebody of whom only the token is known.
fn stand_in(model: &Model, world: &mut World, now: Millis) -> Option<(Arc<Record>, Vec<Change>)> {
    let name = format!("unknown{}", world.next_seq(COLLECTION));
    let edit = AccountEdit { identity: Some(name), ..AccountEdit::default() };
    office::create(model, world, &edit, now).ok()
}

fn apply(world: &mut World, all: &mut Vec<Change>, changes: Vec<Change>) {
    for change in changes {
        if world.apply(&change) {
            all.push(change);
        }
    }
}

fn makes_account(action: &Action) -> bool {
    matches!(action, Action::CreateAccount { .. } | Action::EnsureAccount { .. } | Action::SetPassword { .. })
}

/// The input that names the account which the call is about.
pub(crate) fn identity(behavior: &Behavior) -> Option<usize> {
    let of_effects = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::CreateAccount { identities, .. } | Action::EnsureAccount { identities, .. } => {
            identities.first().copied()
        }
        Action::SetPassword { identity, .. } => *identity,
        _ => None,
    });
    of_effects.or_else(|| {
        behavior.checks.iter().find_map(|check| match &check.demand {
            Demand::IdentityKnown(input) | Demand::Known(input) => Some(*input),
            Demand::Password { identity, .. } | Demand::Usable { identity } | Demand::Passcode { identity, .. } => {
                *identity
            }
            _ => None,
        })
    })
}

/// The input whose value is the account's password from now on, or has just been found to be it.
pub(crate) fn password(behavior: &Behavior) -> Option<usize> {
    let set = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::CreateAccount { password, .. } => *password,
        Action::SetPassword { password, .. } => Some(*password),
        _ => None,
    });
    set.or_else(|| {
        behavior.checks.iter().find_map(|check| match &check.demand {
            Demand::Password { password, .. } => Some(*password),
            _ => None,
        })
    })
}

fn of(world: &World, account: Option<&Record>) -> Vec<Change> {
    let tokens = account.into_iter().flat_map(|account| world.tokens_of(COLLECTION, account.seq));
    tokens.cloned().map(Change::TokenRevoked).collect()
}

/// A token as the backend gave it; the oldest go where the account would have too many.
fn given(model: &Model, world: &World, account: &Record, text: &str, now: Millis) -> Vec<Change> {
    let known = world.tokens().get(text).cloned();
    if known.as_ref().is_some_and(|known| known.account == account.seq && known.is_alive(now)) {
        return Vec::new();
    }
    let mut changes: Vec<Change> = known.map(Change::TokenRevoked).into_iter().collect();
    credentials::hand_out(model, world, account.seq, &text.into(), now, &mut changes);
    changes
}
