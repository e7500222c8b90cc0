//! What has come to pass with the time alone: records that were left as they were for too long.

use super::records;
use crate::behavior::Model;
use crate::json::Json;
use crate::world::{Change, Millis, Record, World};
use std::sync::Arc;

/// Brings a world up to `now`. It looks at every record of a collection that can lapse.
pub(super) fn settle(model: &Model, world: &mut World, now: Millis) {
    for shape in &model.collections {
        let Some(lapse) = &shape.lapse else { continue };
        let due = |record: &&Arc<Record>| {
            let left = records::text_of(record.field(&lapse.field)) == lapse.from.scalar_text();
            left && record.owner.is_some() && record.created_at.saturating_add(lapse.after) <= now
        };
        let known = world.collection(&shape.name);
        let due: Vec<Arc<Record>> = known.map_or_else(Vec::new, |known| known.iter().filter(due).cloned().collect());
        for record in due {
            world.apply(&Change::field(&shape.name, &record, &lapse.field, Some(lapse.to.clone())));
            let Some(taken) = &lapse.gives_back else { continue };
            let other = &model.collections[taken.collection];
            let named = records::text_of(record.field(&taken.reference));
            let Some(named) = named.and_then(|id| world.record_by_id(&other.name, id)).cloned() else { continue };
            let number = |value: Option<&Json>| records::text_of(value).and_then(|text| text.parse::<f64>().ok());
            let count = taken.count.as_ref().and_then(|count| number(record.field(count))).unwrap_or(1.0);
            let example = other.field(&taken.field).map_or_else(|| Json::string("0"), |field| field.example.clone());
            let left = number(named.field(&taken.field)).unwrap_or(0.0) + count;
            let left = example.in_form(&records::number(left));
            world.apply(&Change::field(&other.name, &named, &taken.field, Some(left)));
        }
    }
}
