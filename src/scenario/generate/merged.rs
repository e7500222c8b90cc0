//! What adds to what is there already: the same thing put into a basket twice is there once, as many as both times together.
//!
//! In: an endpoint that makes a record, or adds to one like it. Out: a story that does so twice, looks, and looks as somebody else.

use super::effects::{Story, basis, because};
use super::lab::{Lab, Val, leaves};
use super::traces::{asked, own_lists};
use super::violate::{CALLER, OTHER, title};
use crate::behavior::Action;
use crate::json::{Json, Step as At};
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use std::sync::Arc;

/// So many are added each time, and are there then.
const EACH: &str = "2";
const BOTH: &str = "4";

pub(super) fn story<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let (collection, field, quantity) =
        start.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
            Action::CreateRecord { collection, merge: Some(merge), .. } => {
                Some((*collection, Arc::clone(&merge.field), merge.quantity?))
            }
            _ => None,
        })?;
    let mut lab = start.clone();
    let mut draft = lab.draft(endpoint, CALLER, 0);
    draft.fix(quantity, Some(Val::text(EACH)));
    lab.settle(&mut draft, None).then_some(())?;
    lab.go(&draft, None);
    lab.unmet(endpoint, &draft.values).is_empty().then_some(())?;
    lab.go(&draft, None);
    let reader = *own_lists(&lab, collection).first()?;
    let look = asked(&mut lab, reader, draft.person, None)?;
    let body = lab.tried(reader, &look.values).body;
    let mut counts =
        leaves(&body).into_iter().filter(|(_, at, _)| matches!(at.last(), Some(At::Key(key)) if *key == field));
    let (_, _, count) = counts.next().filter(|(.., count)| count.scalar_text() == Some(BOTH))?;
    counts.next().is_none().then_some(())?;
    let literal = match count {
        Json::String(text) => format!("'{text}'"),
        other => other.scalar_text()?.to_owned(),
    };
    let any = Path::parse(&format!("$..[?@['{field}'] == {literal}]")).ok()?;
    let there = |is_there: bool| What::At(any.clone(), Test::Matches(vec![Matcher::Exists(is_there)]));
    lab.steps.iter().all(|step| !step.action.needs_simulator()).then_some(())?;
    let told = because(&lab, endpoint);
    lab.call(reader, &look.values, vec![there(true)], Some(told));
    let basis = basis(&lab, endpoint);
    lab.basis(basis);
    let before = lab.clone();
    match asked(&mut lab, reader, OTHER, None) {
        Some(other) if lab.tried(reader, &other.values).is_accepted() => {
            let told = "everybody has a list of their own".to_owned();
            lab.call(reader, &other.values, vec![there(false)], Some(told));
            lab.basis(Basis::Inferred);
            lab.about_itself();
        }
        _ => lab = before,
    }
    let what = format!("{} has as many as were added", title(start, reader));
    Some(Story { lab, what, is_deed: true })
}
