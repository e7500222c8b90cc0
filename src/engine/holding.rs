//! What a caller has by records of other collections, and whether numbers lie between bounds that others set.

use super::decide::Scene;
use super::records::{self, Sight, number_in, owner_of, text_of};
use crate::behavior::collection::Holding;
use crate::behavior::{Bounded, NumberOf};

impl Sight<'_> {
    /// Whether the caller has a record that names the thing with this id, in a status in which it counts.
    pub(super) fn holds(&self, holding: &Holding, id: &str) -> bool {
        let shape = self.collection(holding.collection);
        let known = self.world.collection(&shape.name).zip(owner_of(self.caller));
        let (Some((known, owner)), Some(had)) = (known, &shape.had) else { return false };
        known.owned_by(&owner).any(|record| {
            let status = text_of(record.field(&had.field));
            text_of(record.field(&holding.field)) == Some(id)
                && had.values.iter().any(|value| value.scalar_text() == status)
        })
    }
}

/// Whether the caller has what an input names, by a record of another collection.
pub(super) fn holds(scene: &Scene<'_>, holding: &Holding, input: usize) -> bool {
    records::ids(scene.call, input).iter().all(|id| scene.sight().holds(holding, id))
}

/// Whether a number lies between the bounds that a named record sets; true where either is not there.
pub(super) fn is_within(scene: &Scene<'_>, bounded: &Bounded) -> bool {
    let sight = scene.sight();
    let record = |collection: usize, input: usize| sight.named(collection, scene.call.text(input)?);
    let number = match &bounded.number {
        NumberOf::Input(input) => scene.call.text(*input).and_then(|text| text.trim().parse::<f64>().ok()),
        NumberOf::Field { collection, input, field } => {
            record(*collection, *input).and_then(|record| number_in(record.field(field)))
        }
    };
    let (Some(number), Some(bounds)) = (number, record(bounded.collection, bounded.input)) else { return true };
    let bound = |field: &Option<std::sync::Arc<str>>| number_in(bounds.field(field.as_deref()?));
    bound(&bounded.least).is_none_or(|least| number >= least) && bound(&bounded.most).is_none_or(|most| number <= most)
}
