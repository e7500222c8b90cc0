//! What has come to pass with the time alone: records that were left as they were for too long.

use super::{lines, records};
use crate::behavior::Model;
use crate::world::{Change, Millis, World};
use std::sync::Arc;

/// Brings a world up to `now`, and tells what that changed. Each record is looked at once, when its time has come: what is
/// put back by hand after that stays.
pub fn settle(model: &Model, world: &mut World, now: Millis) -> Vec<Change> {
    let mut all = Vec::new();
    for shape in &model.collections {
        let Some(lapse) = &shape.lapse else { continue };
        let Some(known) = world.collection(&shape.name) else { continue };
        let due = known.unsettled().take_while(|record| record.created_at.saturating_add(lapse.after) <= now);
        let due: Vec<_> = due.cloned().collect();
        let Some(last) = due.last() else { continue };
        world.settle(&shape.name, last.seq + 1);
        for record in &due {
            let is_left = records::text_of(record.field(&lapse.field)) == lapse.from.scalar_text();
            if !is_left || record.owner.is_none() {
                continue;
            }
            let mut changes = records::changes(shape, record, vec![(Arc::clone(&lapse.field), lapse.to.clone())]);
            changes.extend(lapse.gives_back.iter().flat_map(|taken| lines::given_back(model, world, record, taken)));
            changes.extend(lapse.returns.iter().flat_map(|used| super::vouchers::returned(model, world, record, used)));
            for freed in &lapse.frees {
                let named = super::parties::named_by(model, world, record, &freed.reference, freed.collection);
                let fields = vec![(Arc::clone(&freed.field), freed.to.clone())];
                let shape = &model.collections[freed.collection];
                changes.extend(named.iter().flat_map(|named| records::changes(shape, named, fields.clone())));
            }
            for change in &changes {
                world.apply(change);
            }
            all.extend(changes);
        }
    }
    all
}
