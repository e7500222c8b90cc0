//! What a matter costs by how long it took.

use super::loans::moment;
use super::plan::Planner;
use super::records;
use crate::behavior::Action;
use crate::world::Change;

impl Planner<'_> {
    /// A unit that has begun counts, and whoever ends at once pays for one.
    pub(super) fn meter(&mut self, action: &Action) {
        let Action::Meter { collection, id, since, long, fee, unit, price } = action else { return };
        let shape = &self.model.collections[*collection];
        for record in self.targets(*collection, Some(id)) {
            let told = since.as_ref().and_then(|since| moment(record.field(since), self.model.utc_offset));
            let begun = told.map_or(record.created_at, |(_, at)| at);
            let took = self.now.saturating_sub(begun);
            let units = |unit: i64| took.saturating_add(unit - 1).div_euclid(unit.max(1)).max(1);
            #[allow(clippy::cast_precision_loss, reason = "nothing takes so long")]
            let counted = |unit: i64| units(unit) as f64;
            let long = long.iter().map(|(field, unit)| (field, counted(*unit)));
            for (field, value) in long.chain([(fee, counted(*unit) * price)]) {
                let Some(known) = shape.field(field) else { continue };
                let value = known.example.in_form(&super::item::product(value, &known.example));
                if records::text_of(record.field(field)) != value.scalar_text() {
                    self.planned.changes.push(Change::field(&shape.name, &record, field, Some(value)));
                }
            }
        }
    }
}
