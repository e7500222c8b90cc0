//! What a new record comes to.

use super::item::product;
use super::lines::Ware;
use super::records::{self, number_in, text_of};
use super::vouchers;
use crate::behavior::Model;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::{Collection, Extra, Factor, Part, Sums, Term};
use crate::json::Json;
use crate::lexicon::Role;
use crate::world::{Fields, Owner, Record, World};
use std::sync::Arc;

/// Sets the fields of a new record that are worked out. `sent` are those that the caller has sent, `wares` its lines.
pub(super) fn fill(
    model: &Model,
    collection: &Collection,
    fields: &mut Fields,
    sent: &[Arc<str>],
    wares: &[Ware],
    (world, owner): (&World, Option<&Owner>),
) {
    let Some(sums) = &collection.sums else { return };
    if !sums.written.is_empty() {
        let due = [(&sums.due, &sums.written)].into_iter();
        for (key, terms) in sums.apart.iter().map(|(key, terms)| (key, terms)).chain(due) {
            if let (Some(sum), Some(field)) = (written(model, terms, (world, owner), fields), collection.field(key)) {
                fields.set(key, Some(field.example.in_form(&product(sum, &field.example))));
            }
        }
        return;
    }
    let Some((goods, pieces)) = gross(model, sums, wares, world, |key| fields.get(key)) else { return };
    let mut all = goods * for_caller(sums, model, world, owner);
    let mut told: Vec<(&Arc<str>, f64)> = Vec::new();
    let voucher = sums
        .voucher
        .as_ref()
        .and_then(|part| worth(model, part, (world, owner), text_of(fields.get(&part.reference))?));
    let mut voucher = voucher.map(|worth| worth.min(goods));
    for extra in &sums.extras {
        let given = sent.contains(&extra.field).then(|| number_in(fields.get(&extra.field))).flatten();
        let amount = match given {
            Some(given) => given,
            None if extra.of_voucher => voucher.take().unwrap_or(0.0),
            None => unsent(extra, goods, sums, wares, (model, world, fields)),
        };
        all += if extra.takes_off { -amount } else { amount };
        told.push((&extra.field, amount));
    }
    all = (all - voucher.unwrap_or(0.0)).max(0.0);
    told.push((&sums.due, all));
    told.extend(sums.goods.iter().map(|field| (field, goods)));
    told.extend(sums.pieces.iter().map(|field| (field, pieces)));
    for (key, number) in told {
        if let Some(field) = collection.field(key) {
            fields.set(key, Some(field.example.in_form(&product(number, &field.example))));
        }
    }
}

/// What a new record of what is sent comes to.
pub(super) fn due(
    model: &Model,
    at: usize,
    sent: &[(Arc<str>, Json)],
    (world, owner): (&World, Option<&Owner>),
) -> Option<f64> {
    let collection = model.collections.get(at)?;
    let due = &collection.sums.as_ref()?.due;
    let given: Vec<Arc<str>> = sent.iter().map(|(key, _)| Arc::clone(key)).collect();
    let mut fields = Fields::default();
    for (key, value) in sent {
        fields.set(key, Some(value.clone()));
    }
    fill(model, collection, &mut fields, &given, &[], (world, owner));
    number_in(fields.get(due))
}

/// By what prices are multiplied for whoever makes a record.
fn for_caller(sums: &Sums, model: &Model, world: &World, owner: Option<&Owner>) -> f64 {
    let Some((discount, owner)) = sums.discount.as_ref().zip(owner) else { return 1.0 };
    let initial = model.accounts.field(&discount.field).map(|field| &field.initial);
    let account = world.record(COLLECTION, owner.seq).filter(|_| *owner.collection == *COLLECTION);
    let value = text_of(account.and_then(|account| account.field(&discount.field)).or(initial));
    let has = value.is_some() && discount.values.iter().any(|known| known.scalar_text() == value);
    if has { discount.factor } else { 1.0 }
}

/// What the terms of a formula come to; none where a record that it names is not there.
fn written(model: &Model, terms: &[Term], (world, owner): (&World, Option<&Owner>), fields: &Fields) -> Option<f64> {
    let factor = |factor: &Factor| match factor {
        Factor::Number(number) => Some(*number),
        Factor::Field(key) => Some(number_in(fields.get(key)).unwrap_or(0.0)),
        Factor::Thing(part) => worth(model, part, (world, owner), text_of(fields.get(&part.reference))?),
    };
    let mut sum = 0.0;
    for term in terms {
        let amount = term.factors.iter().map(factor).product::<Option<f64>>()?;
        sum += if term.takes_off { -amount } else { amount };
    }
    Some(sum.max(0.0))
}

fn unsent(
    extra: &Extra,
    goods: f64,
    sums: &Sums,
    wares: &[Ware],
    (model, world, fields): (&Model, &World, &Fields),
) -> f64 {
    if let Some(stated) = extra.stated {
        return if stated.free_from.is_some_and(|from| goods >= from) { 0.0 } else { stated.amount };
    }
    let Some(field) = &extra.of_thing else { return 0.0 };
    let of = |thing: &Record| number_in(thing.field(field)).unwrap_or(0.0);
    let lines = wares.iter().filter_map(|ware| ware.thing.as_deref()).map(of).fold(0.0, f64::max);
    let one = || {
        let part = &sums.one.as_ref()?.price;
        let thing = records::named(model, world, part.collection, text_of(fields.get(&part.reference))?)?;
        Some(of(thing))
    };
    if wares.is_empty() { one().unwrap_or(0.0) } else { lines }
}

/// What the things alone come to, and how many they are; none where what has the price is not named.
pub(super) fn gross<'j>(
    model: &Model,
    sums: &Sums,
    wares: &[Ware],
    world: &World,
    given: impl Fn(&str) -> Option<&'j Json>,
) -> Option<(f64, f64)> {
    if !wares.is_empty() {
        let sum = wares.iter().map(|ware| ware.price * ware.count).sum();
        return Some((sum, wares.iter().map(|ware| ware.count).sum()));
    }
    let one = sums.one.as_ref()?;
    let price = worth(model, &one.price, (world, None), text_of(given(&one.price.reference))?)?;
    let count = one.count.as_ref().and_then(|count| records::count_in(count, given)).unwrap_or(1.0);
    Some((price * count, count))
}

/// A number of the record that an id names.
pub(super) fn worth(model: &Model, part: &Part, (world, owner): (&World, Option<&Owner>), id: &str) -> Option<f64> {
    let record = vouchers::named_by(model, world, part.collection, id, owner)?;
    number(model, part.collection, record, &part.field, world)
}

/// A record that has no such number of its own has that of what it names: a voucher that was received is worth what the
/// offered one is.
fn number(model: &Model, at: usize, record: &Record, field: &str, world: &World) -> Option<f64> {
    let own = |record: &Record| number_in(record.field(field));
    let named = || {
        model.collections[at].references.iter().filter(|reference| !reference.many).find_map(|reference| {
            own(records::named(model, world, reference.collection, text_of(record.field(&reference.field))?)?)
        })
    };
    own(record).filter(|own| *own != 0.0).or_else(named).or_else(|| own(record))
}

/// Whether a new record has nothing to be paid: by its own sum, else by the price of what it names.
pub(super) fn costs_nothing(model: &Model, collection: &Collection, fields: &Fields, world: &World) -> bool {
    let amounts = |shape: &Collection| -> Vec<Arc<str>> {
        let of_role = shape.fields.iter().filter(|field| field.role == Role::Amount);
        of_role.map(|field| Arc::clone(&field.key)).collect()
    };
    let due = collection.sums.as_ref().map(|sums| Arc::clone(&sums.due));
    let own = due.into_iter().chain(amounts(collection)).find_map(|key| number_in(fields.get(&key)));
    let named = || {
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let id = text_of(fields.get(&reference.field))?;
            let record = records::named(model, world, reference.collection, id)?;
            amounts(&model.collections[reference.collection]).iter().find_map(|key| number_in(record.field(key)))
        })
    };
    // What no formula works out is empty in the record itself.
    let due = if collection.sums.is_some() { own } else { named().or(own) };
    due == Some(0.0)
}
