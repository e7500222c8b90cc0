//! Things that stand in a list that everybody sees, and are taken from there.
//!
//! In: a lab, and a collection. Out: ids of what is listed, as the scenario learns them; and the story that each of two is
//! shown by its id.

use super::effects::Story;
use super::lab::{Lab, Val, leaves};
use super::shown_list::Shown;
use super::violate::CALLER;
use crate::behavior::{Action, Tying};
use crate::json::{Json, Step as At};
use crate::scenario::ast::{Basis, Path, Test, What};

/// Asks for a list that everybody sees.
fn seen_by_all(lab: &mut Lab<'_>, collection: usize) -> Option<(Shown, Vec<Json>)> {
    let reader = lab
        .readers_of(collection)
        .into_iter()
        .find(|at| lab.behavior(*at).list.as_ref().is_some_and(|plan| !plan.mine && plan.collection == collection))?;
    let draft = lab.prepared(reader, CALLER, 0)?;
    let body = lab.tried(reader, &draft.values).body;
    let shown = Shown::find(lab, collection, &body)?;
    let ids = body.at(&shown.path)?.as_array()?.iter().map(|item| item.get(&shown.key).cloned());
    let ids: Vec<Json> = ids.collect::<Option<_>>()?;
    lab.go(&draft, None);
    Some((shown, ids))
}

/// The first two of such a list.
pub(super) fn two_listed(lab: &mut Lab<'_>, collection: usize) -> Option<[Val; 2]> {
    let (shown, ids) = seen_by_all(lab, collection)?;
    let (first, second) = (ids.first()?.clone(), ids.get(1)?.clone());
    Some([lab.save("first", Some(&shown.at("0")), first)?, lab.save("second", Some(&shown.at("1")), second)?])
}

/// The last of at least two: hardly the one that is taken where any will do.
pub(super) fn last_listed(lab: &mut Lab<'_>, collection: usize) -> Option<Val> {
    let (shown, ids) = seen_by_all(lab, collection)?;
    let _ = lab.save("second", Some(&shown.at("1")), ids.get(1)?.clone())?;
    lab.save("last", Some(&shown.at("-1")), ids.last()?.clone())
}

/// Ties the caller to two things.
pub(super) fn tied_twice(lab: &mut Lab<'_>, relation: usize, target: usize) -> bool {
    let ties = lab.endpoints_that(|action| {
        matches!(action, Action::Tie { relation: known, how, .. } if *known == relation && *how != Tying::Untie)
    });
    let (Some(tie), Some(both)) = (ties.first(), two_listed(lab, target)) else { return false };
    let effect = lab.behavior(*tie).effects.iter().find_map(|effect| match &effect.action {
        Action::Tie { id, how, .. } => Some((id.input, how)),
        _ => None,
    });
    let Some((input, how)) = effect else { return false };
    both.into_iter().all(|one| {
        let mut draft = lab.draft(*tie, CALLER, 0);
        draft.fix(input, Some(one));
        if let Tying::Told { input, tie, .. } = how {
            draft.fix(*input, tie.first().map(|value| Val::text(value.as_str())));
        }
        let is_fine = lab.settle(&mut draft, None);
        if is_fine {
            lab.go(&draft, None);
        }
        is_fine
    })
}

/// Of two that are listed, each is shown by its id.
pub(super) fn the_one_asked_for<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let on = behavior.record.as_ref().filter(|_| behavior.effects.is_empty())?;
    let id = on.id.as_ref().filter(|id| id.via.is_none())?;
    let mut lab = start.clone();
    let both = two_listed(&mut lab, on.collection)?;
    for one in [&both[1], &both[0]] {
        let mut draft = lab.draft(endpoint, CALLER, 0);
        draft.fix(id.input, Some(one.clone()));
        lab.settle(&mut draft, None).then_some(())?;
        let body = lab.tried(endpoint, &draft.values).body;
        let names = lab.id_names(on.collection);
        let (path, ..) = leaves(&body).into_iter().find(|(_, at, value)| {
            let is_id = matches!(at.last(), Some(At::Key(key)) if names.contains(&&**key));
            is_id && **value == one.actual && at.iter().all(|step| matches!(step, At::Key(_)))
        })?;
        let expect = vec![What::At(Path::parse(&path).ok()?, Test::Equals(one.shown.clone()))];
        lab.call(endpoint, &draft.values, expect, Some("the one that is asked for is shown".to_owned()));
        lab.basis(Basis::Inferred);
        lab.about_itself();
    }
    Some(Story { lab, what: "it shows the one that is asked for".to_owned(), is_deed: false })
}
