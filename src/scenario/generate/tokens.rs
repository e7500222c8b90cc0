//! What a deed on an account does to its password and its tokens, and not to another's.
//!
//! In: an endpoint that sets a password, or gives or ends a token. Out: stories of the deed and of logging in after it.

use super::effects::{Story, because};
use super::lab::Lab;
use super::satisfy::inner;
use super::violate::{CALLER, OTHER, title};
use crate::behavior::{Action, Auth, Confidence, Demand, Effect};
use crate::scenario::ast::{Basis, What};

/// So many endpoints are asked whose a token is.
const READERS: usize = 6;

/// The endpoint where a password is compared, with its check.
pub(super) fn logins(lab: &Lab<'_>) -> Vec<(usize, usize, usize)> {
    let behaviors = lab.model().behaviors.iter().enumerate();
    behaviors
        .filter(|(_, behavior)| behavior.effects.iter().any(|effect| effect.action == Action::IssueToken))
        .filter_map(|(at, behavior)| {
            behavior.checks.iter().enumerate().find_map(|(number, check)| match inner(&check.demand) {
                Demand::Password { password, identity: Some(_) } => Some((at, number, *password)),
                _ => None,
            })
        })
        .collect()
}

/// The new password lets in, the old one does not.
pub(super) fn passwords<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let (login, check, password) = logins(start).into_iter().find(|(login, ..)| *login != endpoint)?;
    let creates = |action: &Action| matches!(action, Action::CreateAccount { .. });
    let is_new = start.behavior(endpoint).effects.iter().any(|effect| creates(&effect.action));
    let mut lab = start.clone();
    let old = if is_new {
        None
    } else {
        for person in [OTHER, CALLER] {
            lab.register(person, 0).then_some(())?;
        }
        lab.people[CALLER].password.clone()
    };
    lab.succeed(endpoint, CALLER, 0)?;
    if let Some(old) = old {
        let mut draft = lab.draft(login, CALLER, 0);
        draft.fix(password, Some(old));
        if !lab.settle(&mut draft, Some(check)) {
            return None;
        }
        let came = lab.call(login, &draft.values, vec![What::Failure], Some(because(&lab, endpoint)));
        if came.is_accepted() {
            return None;
        }
        lab.basis(Basis::Inferred);
    }
    let draft = lab.prepared(login, CALLER, 0)?;
    lab.call(login, &draft.values, vec![What::Success], Some(because(&lab, endpoint)));
    lab.basis(Basis::Inferred);
    if lab.people[OTHER].registered {
        let draft = lab.prepared(login, OTHER, 0)?;
        lab.call(login, &draft.values, vec![What::Success], Some("another's password is another's".to_owned()));
        lab.basis(Basis::Inferred);
    }
    let what = if is_new { "the password lets in" } else { "the new password lets in, the old one does not" };
    Some(Story { lab, what: what.to_owned(), is_deed: true })
}

/// An endpoint that a caller with a token may just ask: one that is for their kind.
fn reader(lab: &Lab<'_>, person: usize, not: usize) -> Option<usize> {
    let readers = lab
        .model()
        .behaviors
        .iter()
        .enumerate()
        .filter(|(at, behavior)| *at != not && behavior.auth == Auth::Required && behavior.effects.is_empty());
    let mut readers: Vec<usize> = readers.map(|(at, _)| at).collect();
    // The fewer demands, the less is in the way.
    readers.sort_by_key(|at| lab.behavior(*at).checks.len());
    readers.into_iter().find(|at| lab.clone().prepared(*at, person, 0).is_some_and(|draft| draft.person == person))
}

pub(super) fn token_works<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    lab.cast(endpoint, CALLER);
    let reader = reader(&lab, CALLER, endpoint)?;
    lab.succeed(endpoint, CALLER, 0)?;
    let token = lab.people[CALLER].token.clone()?;
    let draft = lab.prepared(reader, CALLER, 0)?;
    if lab.people[CALLER].token.as_ref() != Some(&token) {
        return None;
    }
    lab.call(reader, &draft.values, vec![What::Success], Some(because(&lab, endpoint)));
    lab.basis(Basis::Inferred);
    Some(Story { lab, what: format!("the token opens {}", title(start, reader)), is_deed: true })
}

/// The token is of who has asked for it, and of nobody who was there before.
pub(super) fn token_is_own<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let shows = (0..start.model().behaviors.len()).filter(|at| super::effects::shows_caller(start, *at));
    let mut lab = start.clone();
    lab.token(OTHER, 0)?;
    lab.succeed(endpoint, CALLER, 0)?;
    let token = lab.people[CALLER].token.clone()?;
    shows.take(READERS).find_map(|reader| {
        let mut lab = lab.clone();
        let draft = lab.prepared(reader, CALLER, 0)?;
        let is_kept = lab.people[CALLER].token.as_ref() == Some(&token);
        let came = lab.tried(reader, &draft.values);
        let shown = super::effects::identity_shown(&lab, CALLER, &came.body).filter(|_| is_kept)?;
        lab.call(reader, &draft.values, vec![shown], Some(because(&lab, endpoint)));
        lab.basis(Basis::Inferred);
        Some(Story { lab, what: format!("the token is the caller's own in {}", title(start, reader)), is_deed: true })
    })
}

/// What one does with their token is no business of another's.
pub(super) fn others_stay<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    lab.token(OTHER, 0)?;
    let reader = reader(&lab, OTHER, endpoint)?;
    lab.succeed(endpoint, CALLER, 0)?;
    let draft = lab.prepared(reader, OTHER, 0)?;
    lab.call(reader, &draft.values, vec![What::Success], Some("another's token has nothing to do with it".to_owned()));
    lab.basis(Basis::Inferred);
    Some(Story { lab, what: "others stay logged in".to_owned(), is_deed: true })
}

pub(super) fn makes_account(effect: &Effect) -> bool {
    matches!(effect.action, Action::CreateAccount { .. } | Action::EnsureAccount { .. })
}

pub(super) fn tokens_dead<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    lab.cast(endpoint, CALLER);
    let reader = reader(&lab, CALLER, endpoint)?;
    let check = start.behavior(reader).checks.iter().position(|check| check.demand == Demand::Token)?;
    let token = lab.token(CALLER, 0)?;
    lab.succeed(endpoint, CALLER, 0)?;
    let mut draft = lab.draft(reader, CALLER, 0);
    lab.set_token(&mut draft, Some(token));
    draft.fixed_token = true;
    lab.settle(&mut draft, Some(check)).then_some(())?;
    lab.call(reader, &draft.values, vec![What::Failure], Some(because(&lab, endpoint)));
    // That a new password ends what was begun with the old one, few documents say.
    let told = start.behavior(endpoint).effects.iter().find(|effect| effect.action == Action::RevokeTokens);
    let is_said = told.is_none_or(|effect| effect.because.confidence == Confidence::Certain);
    lab.basis(if is_said { Basis::Inferred } else { Basis::Convention });
    Some(Story { lab, what: "older tokens are dead".to_owned(), is_deed: true })
}
