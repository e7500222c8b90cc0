//! Whether something else goes on at the same time.

use super::decide::Scene;
use super::records::{owner_of, text_of};
use crate::behavior::conditions::spans::{Apart, Until, day_after, is_day, moment};
use crate::world::Record;
use std::sync::Arc;

/// From when to when, the end left out.
type Span = (i64, i64);

pub(super) fn is_apart(scene: &Scene<'_>, apart: &Apart) -> bool {
    let shape = &scene.model.collections[apart.collection];
    let Some(known) = scene.world.collection(&shape.name) else { return true };
    let changed = apart.id.as_ref().and_then(|id| scene.targets(apart.collection, id).first().copied());
    let sent = |field: &Arc<str>, input: usize| -> Option<String> {
        let sent = scene.call.text(input).map(str::to_owned);
        sent.or_else(|| changed.and_then(|record| text_of(record.field(field)).map(str::to_owned)))
    };
    let Some(own) = span(apart, &|field, input| sent(field, input)) else { return true };
    let alike: Vec<(&Arc<str>, Option<String>)> =
        apart.alike.iter().map(|(field, input)| (field, sent(field, *input))).collect();
    let meets = |record: &Arc<Record>| {
        let same = alike.iter().all(|(field, value)| text_of(record.field(field)) == value.as_deref());
        same && changed.is_none_or(|changed| changed.seq != record.seq)
            && !shape.is_over(&record.fields)
            && span(apart, &|field, _| text_of(record.field(field)).map(str::to_owned))
                .is_some_and(|other| other.0 < own.1 && own.0 < other.1)
    };
    if apart.own {
        let owner = changed.and_then(|record| record.owner.clone()).or_else(|| owner_of(scene.caller));
        owner.is_none_or(|owner| !known.owned_by(&owner).any(meets))
    } else {
        !known.iter().any(meets)
    }
}

fn span(apart: &Apart, text: &dyn Fn(&Arc<str>, usize) -> Option<String>) -> Option<Span> {
    let from = moment(&text(&apart.from.0, apart.from.1)?)?;
    let until = match &apart.until {
        Until::At { field, input, last_day } => {
            let end = text(field, *input)?;
            let at = moment(&end)?;
            if *last_day && is_day(&end) { day_after(at) } else { at }
        }
        Until::For { field, input, unit } => {
            let long: f64 = text(field, *input)?.trim().parse().ok().filter(|long| (0.0..1e9).contains(long))?;
            #[allow(clippy::cast_possible_truncation, reason = "checked to be small")]
            from.saturating_add((long * 1000.0) as i64 * (*unit / 1000))
        }
    };
    Some((from, until))
}
