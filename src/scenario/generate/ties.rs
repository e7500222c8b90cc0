//! What ties callers to things: a favorite is in its list and marked where the thing is shown, until it is undone; nobody
//! else has it.
//!
//! In: an endpoint that ties. Out: stories of the deed, of looks at it, and of its undoing.

use super::effects::{Story, because};
use super::lab::{Lab, Val};
use super::satisfy::Draft;
use super::shown_list::Shown;
use super::traces::asked;
use super::violate::{CALLER, OTHER, title};
use crate::behavior::collection::Source;
use crate::behavior::{Action, RecordId, Slot, Tying};
use crate::json::Step as At;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use std::sync::Arc;

/// What was tied is in the list, and what was untied no longer.
pub(super) fn tied<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    relation: usize,
    id: &RecordId,
    how: &Tying,
) -> Option<Story<'g>> {
    let collection = &start.model().collections[relation];
    let target = collection.relation.as_ref()?.target;
    let mut lab = start.clone();
    let mut draft = lab.draft(endpoint, CALLER, 0);
    if let Tying::Told { input, tie, .. } = how {
        draft.fix(*input, Some(Val::text(tie.first()?.as_str())));
    }
    if *how == Tying::Untie {
        return None;
    }
    lab.settle(&mut draft, None).then_some(())?;
    let named = draft.get(id.input).cloned()?;
    if named.shown == named.actual {
        return None;
    }
    lab.go(&draft, None);
    let looks = ties_seen(&lab, relation, target, &named);
    let first = looks.first()?.reader;
    see(&mut lab, endpoint, &looks, true);
    if let Some(other) = tie_of_another(&lab, relation, &named) {
        lab = other;
    }
    let undo = untying(&lab, endpoint, relation, how);
    if let Some((undo, told)) = undo {
        let mut other = lab.draft(undo, CALLER, 0);
        if let Some((input, value)) = told {
            other.fix(input, Some(value));
        }
        let of = lab.behavior(undo).effects.iter().find_map(|effect| match &effect.action {
            Action::Tie { id, .. } => Some(id.clone()),
            _ => None,
        })?;
        other.fix(of.input, Some(named.clone()));
        let steps = lab.steps.len();
        if lab.settle(&mut other, None) && lab.steps.len() == steps {
            lab.go(&other, None);
            see(&mut lab, undo, &looks, false);
        }
    }
    Some(Story { lab, what: format!("{} has it until it is undone", title(start, first)), is_deed: true })
}

/// A look that shows whether a caller is tied to something.
struct Look {
    reader: usize,
    draft: Draft,
    tied: What,
    untied: What,
}

/// The caller's list of what they are tied to, and what shows the thing itself with a mark.
fn ties_seen(lab: &Lab<'_>, relation: usize, target: usize, named: &Val) -> Vec<Look> {
    let behaviors = lab.model().behaviors.iter().enumerate();
    let lists = behaviors.clone().filter(|(_, known)| {
        known.list.as_ref().is_some_and(|plan| plan.mine && plan.collection == relation) && known.effects.is_empty()
    });
    let mut found: Vec<Look> = lists.filter_map(|(reader, _)| listed_tie(lab, reader, named)).take(1).collect();
    let details = behaviors.filter(|(_, known)| {
        let is_about = known.record.as_ref().is_some_and(|on| on.collection == target && on.id.is_some());
        let only_looks = known.effects.iter().all(|effect| matches!(effect.action, Action::CountView { .. }));
        is_about && known.list.is_none() && only_looks
    });
    found.extend(details.filter_map(|(reader, _)| marked_tie(lab, reader, relation, target, named)).take(1));
    found
}

/// Somebody else is not tied to it, as their own list shows.
fn tie_of_another<'g>(lab: &Lab<'g>, relation: usize, named: &Val) -> Option<Lab<'g>> {
    let mut lab = lab.clone();
    let lists = lab.model().behaviors.iter().position(|known| {
        known.list.as_ref().is_some_and(|plan| plan.mine && plan.of.is_none() && plan.collection == relation)
            && known.effects.is_empty()
    });
    let look = listed_tie(&lab, lists?, named)?;
    let draft = asked(&mut lab, look.reader, OTHER, None)?;
    // An empty list may be a failure.
    if !lab.tried(look.reader, &draft.values).is_accepted() {
        return None;
    }
    lab.call(look.reader, &draft.values, vec![look.untied], Some("everybody has a list of their own".to_owned()));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(lab)
}

fn listed_tie(lab: &Lab<'_>, reader: usize, named: &Val) -> Option<Look> {
    let mut lab = lab.clone();
    let draft = asked(&mut lab, reader, CALLER, None)?;
    let body = lab.tried(reader, &draft.values).body;
    let shown = super::lab::leaves(&body).into_iter().find_map(|(_, at, value)| match at.as_slice() {
        [path @ .., At::Index(_), At::Key(key)] if *value == named.actual => {
            Some(Shown { path: path.to_vec(), key: Arc::clone(key) })
        }
        _ => None,
    })?;
    Some(Look { reader, draft, tied: shown.contains(named)?, untied: shown.lacks(named)? })
}

fn marked_tie(lab: &Lab<'_>, reader: usize, relation: usize, target: usize, named: &Val) -> Option<Look> {
    let mut lab = lab.clone();
    let mut draft = asked(&mut lab, reader, CALLER, Some((target, named)))?;
    // Who asks has to be known, even where nobody need be.
    let token = lab.people[CALLER].token.clone()?;
    lab.set_token(&mut draft, Some(token));
    let template = lab.behavior(reader).success.body.slots().find_map(|(slot, _)| match slot {
        Slot::Item(template) => Some(Arc::clone(template)),
        _ => None,
    })?;
    let mark = template.members.iter().find(|member| member.source == Source::Tied(relation))?;
    let body = lab.tried(reader, &draft.values).body;
    let (path, value) = super::lab::leaves(&body).into_iter().find_map(|(path, at, value)| {
        matches!(at.last(), Some(At::Key(key)) if *key == mark.key).then(|| (path, value.clone()))
    })?;
    let path = Path::parse(&path).ok()?;
    let untied = Test::Matches(vec![Matcher::Not(value.clone())]);
    Some(Look { reader, draft, tied: What::At(path.clone(), Test::Equals(value)), untied: What::At(path, untied) })
}

fn see(lab: &mut Lab<'_>, deed: usize, looks: &[Look], is_tied: bool) {
    for look in looks {
        let told = because(lab, deed);
        let expect = if is_tied { look.tied.clone() } else { look.untied.clone() };
        lab.call(look.reader, &look.draft.values, vec![expect], Some(told));
        lab.basis(Basis::Inferred);
    }
}

/// How a tie is undone: the endpoint, and a value that says so.
fn untying(lab: &Lab<'_>, endpoint: usize, relation: usize, how: &Tying) -> Option<(usize, Option<(usize, Val)>)> {
    match how {
        Tying::Toggle => Some((endpoint, None)),
        Tying::Told { input, untie, .. } => Some((endpoint, Some((*input, Val::text(untie.first()?.as_str()))))),
        Tying::Tie | Tying::Untie | Tying::Out(_) => {
            let undoes = |action: &Action| matches!(action, Action::Tie { relation: known, how: Tying::Untie, .. } if *known == relation);
            lab.endpoints_that(undoes).first().map(|at| (*at, None))
        }
    }
}
