//! How a record stands to others and to the time: whether others name it, whether it is its time, whether it is full.

use super::Caller;
use super::decide::Scene;
use super::records::{owner_of, text_of, write_time};
use crate::behavior::collection::Over;
use crate::behavior::collection::items::example_forms::{TimeForm, time_form};
use crate::behavior::{Demand, Pause, RecordId, Side};
use crate::json::Json;
use std::sync::Arc;

/// Whether no standing record of these collections names one that the request names.
pub(super) fn is_unused(
    scene: &Scene<'_>,
    collection: usize,
    id: &RecordId,
    users: &[(usize, Arc<str>)],
    only: &[(usize, Over)],
) -> bool {
    let targets = scene.targets(collection, id);
    users.iter().all(|(user, field)| {
        let shape = &scene.model.collections[*user];
        let mut all = scene.world.collection(&shape.name).into_iter().flat_map(crate::world::Collection::iter);
        let names = |value: Option<&Json>, id: &str| match value {
            Some(Json::Array(items)) => items.iter().any(|item| item.scalar_text() == Some(id)),
            value => text_of(value).is_some_and(|text| text.split([',', '，']).any(|part| part.trim() == id)),
        };
        let standing = only.iter().find(|(at, _)| at == user).map(|(_, standing)| standing);
        let counts = |record: &crate::world::Record| match standing {
            Some(standing) => {
                let status = text_of(record.field(&standing.field));
                standing.values.iter().any(|value| value.scalar_text() == status)
            }
            None => !shape.is_over(&record.fields),
        };
        !all.any(|record| counts(record) && targets.iter().any(|target| names(record.field(field), &target.id)))
    })
}

/// Whether a demand about the time is met.
pub(super) fn is_its_time(scene: &Scene<'_>, demand: &Demand) -> bool {
    match demand {
        Demand::Rested { collection, id, field, pause, each } => {
            is_rested(scene, *collection, id, (field, *each), *pause)
        }
        Demand::Timely { collection, id, through, field, side, lead_ms } => {
            is_timely(scene, (*collection, id, through.as_ref()), field, *side, *lead_ms)
        }
        _ => true,
    }
}

/// Where a record keeps when a caller did something to it.
pub(super) fn mark_of(field: &Arc<str>, caller: &Caller) -> Arc<str> {
    caller.account.as_ref().map_or_else(|| Arc::clone(field), |account| format!("{field} {}", account.seq).into())
}

/// Whether what the request names was not done the same to of late.
fn is_rested(
    scene: &Scene<'_>,
    collection: usize,
    id: &RecordId,
    (field, each): (&Arc<str>, bool),
    pause: Pause,
) -> bool {
    let day = |at: i64| write_time(TimeForm::Date { mark: '-' }, at, scene.model.utc_offset);
    let (field, found) = if each {
        (mark_of(field, scene.caller), scene.seen(collection, id))
    } else {
        (Arc::clone(field), scene.targets(collection, id))
    };
    found.into_iter().all(|record| {
        let field = &*field;
        let last = text_of(record.field(field)).and_then(|text| text.parse::<i64>().ok());
        last.is_none_or(|last| match pause {
            Pause::Ever => false,
            Pause::Span(span) => scene.now >= last.saturating_add(span),
            Pause::Day => day(last) != day(scene.now),
        })
    })
}

/// Whether it is the right time by a field of what the request names. What has no such time is always right.
fn is_timely(
    scene: &Scene<'_>,
    (collection, id, through): (usize, &RecordId, Option<&(Arc<str>, usize)>),
    field: &str,
    side: Side,
    lead_ms: i64,
) -> bool {
    scene.seen(collection, id).into_iter().all(|record| {
        let record = match through {
            Some((reference, named)) => {
                let name = &scene.model.collections[*named].name;
                text_of(record.field(reference)).and_then(|id| scene.world.record_by_id(name, id))
            }
            None => Some(record),
        };
        let blank = |value: &&Json| text_of(Some(value)).is_some_and(|text| !text.is_empty());
        // What was taken of something has its times.
        let named = |record: &Arc<crate::world::Record>| {
            let shape = &scene.model.collections[collection];
            shape.references.iter().find_map(|reference| {
                let name = &scene.model.collections[reference.collection].name;
                scene.world.record_by_id(name, text_of(record.field(&reference.field))?)?.field(field)
            })
        };
        let time = record.and_then(|record| record.field(field).filter(blank).or_else(|| named(record)));
        let Some((form, text)) = time.and_then(|time| Some((time_form(time)?, text_of(Some(time))?))) else {
            return true;
        };
        // Both are written alike, so the letters are in the order of time.
        let now = write_time(form, scene.now.saturating_add(lead_ms), scene.model.utc_offset);
        match side {
            Side::From => now.as_str() >= text,
            Side::Until => now.as_str() <= text,
        }
    })
}

/// Whether fewer are tied to what the request names than a field of it says.
pub(super) fn has_places(scene: &Scene<'_>, relation: usize, id: &RecordId, most: &str, taken: Option<&str>) -> bool {
    let shape = &scene.model.collections[relation];
    let Some(tie) = &shape.relation else { return true };
    let number = |value: Option<&Json>| text_of(value).and_then(|text| text.parse::<usize>().ok());
    scene.seen(tie.target, id).into_iter().all(|record| {
        let Some(most) = number(record.field(most)) else { return true };
        let before = taken.and_then(|taken| number(record.field(taken))).unwrap_or(0);
        let is_own = scene.sight().tie(relation, &record.id).is_some();
        is_own || before + scene.sight().count(relation, &tie.field, &record.id) < most
    })
}

/// Whether the caller has fewer records that name what an input names than that says.
pub(super) fn has_fewer(
    scene: &Scene<'_>,
    (collection, field): (usize, &str),
    (target, input): (usize, usize),
    most: Option<&str>,
) -> bool {
    let shape = &scene.model.collections[collection];
    let known = scene.world.collection(&shape.name).zip(owner_of(scene.caller));
    let Some((known, owner)) = known else { return true };
    scene.seen(target, &RecordId { input, via: None }).into_iter().all(|named| {
        let limit = most.and_then(|most| text_of(named.field(most))?.parse::<usize>().ok()).unwrap_or(1);
        let own = known.owned_by(&owner).filter(|record| text_of(record.field(field)) == Some(&*named.id));
        limit == 0 || own.take(limit).count() < limit
    })
}
