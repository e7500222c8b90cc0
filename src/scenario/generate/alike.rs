//! A record is the same wherever it is shown: what a list says of it, its detail says, too.
//!
//! In: an endpoint that shows one record. Out: a story that takes the first of a list that everybody sees and asks for it.
//! Only members are compared that the documents' own examples of the same record show alike.

use super::effects::{Story, is_fleeting};
use super::lab::Lab;
use super::lists::Shown;
use super::traces::object_of;
use super::violate::{CALLER, title};
use crate::behavior::Action;
use crate::json::{Json, Step as At, path_text};
use crate::scenario::ast::{Basis, Path, Test, What};
use std::sync::Arc;

/// How many members are compared.
const MEMBERS: usize = 8;

pub(super) fn story<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let on = behavior.record.as_ref().filter(|_| behavior.effects.is_empty() && behavior.list.is_none())?;
    let id = on.id.as_ref().filter(|id| id.via.is_none())?;
    let reader = start.readers_of(on.collection).into_iter().find(|at| {
        let plan = start.behavior(*at).list.as_ref();
        plan.is_some_and(|plan| !plan.mine && plan.collection == on.collection)
    })?;
    let keys = shown_alike(start, on.collection, reader, endpoint);
    if keys.is_empty() {
        return None;
    }
    let mut lab = start.clone();
    let list = lab.prepared(reader, CALLER, 0)?;
    let body = lab.tried(reader, &list.values).body;
    let shown = Shown::find(&lab, on.collection, &body)?;
    let item = body.at(&shown.path)?.as_array()?.first()?.clone();
    lab.go(&list, None);
    let first = lab.save("first", Some(&shown.at("0")), item.get(&shown.key)?.clone())?;
    let mut draft = lab.draft(endpoint, CALLER, 0);
    draft.fix(id.input, Some(first.clone()));
    let step = lab.steps.len() - 1;
    lab.settle(&mut draft, None).then_some(())?;
    let detail = lab.tried(endpoint, &draft.values).body;
    let at = object_of(&lab, on.collection, &detail, first.as_text())?;
    let mut expect = Vec::new();
    for key in keys {
        let (Some(listed), Some(alone)) = (item.get(&key), detail.at(&at).and_then(|object| object.get(&key))) else {
            continue;
        };
        let is_named = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if listed == alone && listed.is_scalar() && is_named {
            let from = format!("{}[0].{key}", path_text(&shown.path));
            let value = lab.save_of(step, &key, Some(&from), listed.clone())?;
            let path = Path::parse(&format!("{}.{key}", path_text(&at))).ok()?;
            expect.push(What::At(path, Test::Equals(value.shown)));
        }
    }
    if expect.is_empty() {
        return None;
    }
    let because = format!("{} says so of the same one", title(&lab, reader));
    lab.call(endpoint, &draft.values, expect, Some(because));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    // What another changes meanwhile may differ.
    lab.is_shared = true;
    Some(Story { lab, what: "it is as the list says".to_owned(), is_deed: false })
}

/// The members that the examples of both show with the same value for the same record, and that no deed changes.
fn shown_alike(lab: &Lab<'_>, collection: usize, list: usize, detail: usize) -> Vec<Arc<str>> {
    let id = lab.model().collections[collection].id.key.clone();
    let Some(id) = id else { return Vec::new() };
    let objects = |endpoint: usize| {
        let successes = lab.generation.set.endpoints[endpoint].successes();
        successes.flat_map(|example| objects_with(&example.value, &id)).collect::<Vec<_>>()
    };
    let (listed, alone) = (objects(list), objects(detail));
    let both = alone.iter().find_map(|alone| {
        let same = listed.iter().find(|listed| listed.get(&id) == alone.get(&id));
        Some((*same?, *alone))
    });
    let Some((listed, alone)) = both else { return Vec::new() };
    let moving = moved_fields(lab, collection);
    // A whole number counts something, more often than not.
    let counts = |value: &Json| value.scalar_text().is_some_and(|text| text.parse::<i64>().is_ok());
    let members = listed.as_object().unwrap_or_default().iter().filter(|(key, value)| {
        let is_short = value.scalar_text().is_some_and(|text| !text.is_empty() && text.chars().count() <= 20);
        let is_steady = !moving.contains(key) && !counts(value) && !is_fleeting(lab, &[At::Key(Arc::clone(key))]);
        is_short && is_steady && alone.get(key) == Some(value)
    });
    members.map(|(key, _)| Arc::clone(key)).take(MEMBERS).collect()
}

/// The objects in an example that have a member of that name.
fn objects_with<'e>(value: &'e Json, key: &str) -> Vec<&'e Json> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if value.get(key).is_some_and(Json::is_scalar) {
            found.push(value);
        }
        match value {
            Json::Object(members) => open.extend(members.iter().map(|(_, inner)| inner)),
            Json::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// The fields that some call changes of a record.
fn moved_fields(lab: &Lab<'_>, collection: usize) -> Vec<Arc<str>> {
    let actions = lab.model().behaviors.iter().flat_map(|behavior| &behavior.effects).map(|effect| &effect.action);
    let mut found: Vec<Arc<str>> = actions
        .filter_map(|action| match action {
            Action::TakeFrom { collection: of, field, .. }
            | Action::AdjustRecord { collection: of, field, .. }
            | Action::CountView { collection: of, field, .. }
            | Action::PutOff { collection: of, field, .. }
            | Action::ChargeLate { collection: of, fee: field, .. }
            | Action::Meter { collection: of, fee: field, .. }
            | Action::MoveRecords { collection: of, field, .. }
            | Action::MoveNamed { collection: of, field, .. }
                if *of == collection =>
            {
                Some(Arc::clone(field))
            }
            Action::TakeLines { field, .. } => Some(Arc::clone(field)),
            Action::GiveBack { taken, .. } | Action::TakeAway { taken, .. } => Some(Arc::clone(&taken.field)),
            _ => None,
        })
        .collect();
    found.extend(lab.model().collections[collection].machines.iter().map(|machine| Arc::clone(&machine.field)));
    found
}
