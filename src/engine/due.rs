//! What a new record comes to.

use super::item::product;
use super::records::text_of;
use crate::behavior::Model;
use crate::behavior::collection::{Due, Part};
use crate::json::Json;
use crate::world::{Record, World};

/// The sum, in the form of its example; none where what has the price is not named. `given` is what the record has.
pub(super) fn due<'j>(
    model: &Model,
    due: &Due,
    example: &Json,
    world: &World,
    given: impl Fn(&str) -> Option<&'j Json>,
) -> Option<Json> {
    let sum = gross(model, due, world, &given)?;
    let less = due.less.as_ref().and_then(|part| worth(model, part, world, text_of(given(&part.reference))?));
    Some(example.in_form(&product((sum - less.unwrap_or(0.0)).max(0.0), example)))
}

/// The price times how many.
pub(super) fn gross<'j>(
    model: &Model,
    due: &Due,
    world: &World,
    given: impl Fn(&str) -> Option<&'j Json>,
) -> Option<f64> {
    let price = worth(model, &due.price, world, text_of(given(&due.price.reference))?)?;
    let quantity = due.quantity.as_ref().and_then(|field| text_of(given(field))?.parse::<f64>().ok());
    Some(price * quantity.unwrap_or(1.0))
}

/// A number of the record that an id names.
pub(super) fn worth(model: &Model, part: &Part, world: &World, id: &str) -> Option<f64> {
    let record = world.record_by_id(&model.collections[part.collection].name, id)?;
    number(model, part.collection, record, &part.field, world)
}

/// A record that has no such number of its own has that of what it names: a voucher that was received is worth what the
/// offered one is.
fn number(model: &Model, at: usize, record: &Record, field: &str, world: &World) -> Option<f64> {
    let own = |record: &Record| text_of(record.field(field)).and_then(|text| text.parse::<f64>().ok());
    let named = || {
        model.collections[at].references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let name = &model.collections[reference.collection].name;
            own(world.record_by_id(name, text_of(record.field(&reference.field))?)?)
        })
    };
    own(record).filter(|own| *own != 0.0).or_else(named).or_else(|| own(record))
}
