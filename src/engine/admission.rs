//! Who waits for a place, and who moves up when one is free.

use super::plan::Planner;
use super::records;
use crate::json::Json;
use crate::world::{Change, Record};
use std::sync::Arc;

impl Planner<'_> {
    /// The status of somebody for whom there is no place any more.
    pub(super) fn waits_for_place(&self, relation: usize, target: &Record) -> Option<(Arc<str>, Json)> {
        let known = self.model.collections[relation].relation.as_ref()?;
        let admission = known.admission.as_ref()?;
        let most = match &admission.most {
            Some(most) => records::number_in(target.field(most)).filter(|most| *most > 0.0)?,
            None => 0.0,
        };
        let tied = self.sight().count(relation, &known.field, &target.id);
        #[allow(clippy::cast_precision_loss, reason = "no record has so many members")]
        let is_full = tied as f64 >= most;
        is_full.then(|| (Arc::clone(&admission.field), admission.waits.clone()))
    }

    /// Whoever waits longest has the place of somebody who leaves.
    pub(super) fn move_up(&mut self, relation: usize, left: &Record, target: &Record) {
        let shape = &self.model.collections[relation];
        let Some(known) = &shape.relation else { return };
        let Some(admission) = known.admission.as_ref().filter(|known| known.most.is_some()) else { return };
        let of_target = |tie: &&Arc<Record>| records::text_of(tie.field(&known.field)) == Some(&*target.id);
        let mut ties = self.world.collection(&shape.name).into_iter().flat_map(crate::world::Collection::iter);
        let next = ties.find(|tie| tie.seq != left.seq && of_target(tie) && admission.waits(&tie.fields));
        if let Some(next) = next.filter(|_| admission.is_in(&left.fields)) {
            let moved = Change::field(&shape.name, next, &admission.field, Some(admission.inside.clone()));
            self.planned.changes.push(moved);
        }
    }
}
