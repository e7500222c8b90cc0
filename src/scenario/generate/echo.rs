//! What a reply says of its own request: the values that were sent, and whose account it was.
//!
//! In: an endpoint that accepts something. Out: stories of one call each, with what its reply must tell back.

use super::effects::Story;
use super::lab::{Lab, Val, leaves};
use super::shown_list::is_same;
use super::tokens::makes_account;
use super::traces::is_plain;
use super::violate::{CALLER, OTHER};
use crate::behavior::{Action, Auth};
use crate::json::{Json, Step as At};
use crate::lexicon::Role;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    [tells_back(start, endpoint), one_account(start, endpoint)].into_iter().flatten().collect()
}

/// Who does something and reads of it in the reply, under the names that were sent, reads what was sent.
fn tells_back<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    if behavior.effects.is_empty() || behavior.list.is_some() {
        return None;
    }
    let mut lab = start.clone();
    let draft = lab.prepared(endpoint, CALLER, 0)?;
    let body = lab.tried(endpoint, &draft.values).body;
    let mut expects = Vec::new();
    for (input, value) in behavior.inputs.iter().zip(&draft.values.inputs) {
        let Some(value) = value.as_ref().filter(|_| !input.role.is_secret() && input.role != Role::Token) else {
            continue;
        };
        let told = leaves(&body).into_iter().find(|(_, at, leaf)| {
            let is_inside = at.len() > 1 && at.iter().all(|step| matches!(step, At::Key(_)));
            let is_named = matches!(at.last(), Some(At::Key(key)) if **key == *input.name);
            is_inside && is_named && leaf.scalar_text() == Some(value.as_text())
        });
        if let Some((path, _, leaf)) = told
            && let Some(expected) = told_as(leaf, value)
        {
            expects.push(What::At(Path::parse(&path).ok()?, Test::Equals(expected)));
        }
    }
    if expects.is_empty() {
        return None;
    }
    lab.call(endpoint, &draft.values, expects, Some("the reply tells what was sent".to_owned()));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(Story { lab, what: "the reply tells what was sent".to_owned(), is_deed: false })
}

/// How what was sent is told: ids as they were learnt, words as they are. Amounts may be rounded, and choices are too
/// short to tell one thing from another.
fn told_as(leaf: &Json, value: &Val) -> Option<Json> {
    if value.shown != value.actual {
        return is_same(Some(leaf), value).then(|| value.shown.clone());
    }
    let text = value.as_text();
    let says_enough = text.chars().count() >= if text.is_ascii() { 3 } else { 2 };
    let is_amount = text.parse::<f64>().is_ok();
    (says_enough && !is_amount && is_plain(value)).then(|| leaf.clone())
}

/// Where replies show the caller's id, an account has the same one in all of them.
fn one_account<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let is_login = behavior.effects.iter().any(|effect| matches!(effect.action, Action::IssueToken));
    let is_own = behavior.effects.is_empty() && behavior.auth == Auth::Required;
    let is_about_records = behavior.list.is_some() || behavior.record.is_some();
    if is_about_records || !(is_login || is_own) || behavior.effects.iter().any(makes_account) {
        return None;
    }
    let mut lab = start.clone();
    let mut another: Option<Val> = None;
    for person in [OTHER, CALLER] {
        let known = lab.account_id(person, 0)?;
        let draft = lab.prepared(endpoint, person, 0).filter(|draft| draft.person == person)?;
        let body = lab.tried(endpoint, &draft.values).body;
        let (path, _) = lab.account_id_in(person, &body).filter(|(_, shown)| is_same(Some(shown), &known))?;
        let mut matchers = vec![Matcher::Equals(known.shown.clone())];
        matchers.extend(another.replace(known).map(|other| Matcher::Not(other.shown)));
        let expect = vec![What::At(Path::parse(&path).ok()?, Test::Matches(matchers))];
        lab.call(endpoint, &draft.values, expect, Some("an account has one id".to_owned()));
        lab.basis(Basis::Inferred);
        lab.about_itself();
    }
    Some(Story { lab, what: "an account has the same id everywhere".to_owned(), is_deed: false })
}
