//! What another server has from the start is not as the examples have it: there is more of it, and its prices are others.
//!
//! In: a lab, and a value that was learnt in it. Out: whether the value hangs on what was there before, and then what the
//! scenario was shown of that, so that the value can be said by it.

use super::Against;
use super::effects::Seen;
use super::lab::{Lab, Val};
use super::satisfy::inner;
use crate::behavior::collection::{Collection, Factor, ItemField};
use crate::behavior::{Action, Amount, Demand, Model};
use crate::engine::office;
use crate::json::{Json, Step as At, path_text};
use crate::lexicon::Role;
use crate::scenario::ast::{Matcher, Path, Test, What};
use crate::scenario::fill::Decimal;
use crate::world::{Millis, World};
use std::collections::HashSet;
use std::sync::Arc;

/// So many records a list is thought to have.
const USUAL: usize = 3;
/// So many copies are looked at in one reply.
const COPIES: usize = 8;

/// A thing as a list has shown it: where the scenario has chosen it, and what was said of it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    step: usize,
    path: String,
    item: Json,
}

/// A real list has more in it than the example of one.
pub(super) fn enrich(model: &Model, world: &mut World, now: Millis) {
    for collection in &model.collections {
        if collection.seeds.is_empty() || collection.private || collection.relation.is_some() {
            continue;
        }
        let there = world.collection(&collection.name).map_or(0, crate::world::Collection::len);
        for _ in there..USUAL {
            // Where none can be made, the example has to do.
            let _ = office::create_record(model, world, &collection.name, &office::RecordEdit::default(), now);
        }
    }
}

/// The same world with other prices and other names.
pub(super) fn as_elsewhere(model: &Model, world: &World) -> World {
    let mut other = world.clone();
    let paid = paid(model);
    let shapes = model.collections.iter().enumerate();
    for (at, shape) in shapes.filter(|(_, shape)| !shape.private && shape.relation.is_none()) {
        let is_paid = |field: &ItemField| paid.contains(&(at, &*field.key));
        let fields = shape.fields.iter().filter(|field| may_differ(shape, field, is_paid(field)));
        let fields: Vec<&ItemField> = fields.collect();
        let Some(all) = world.collection(&shape.name).filter(|_| !fields.is_empty()) else { continue };
        for (number, record) in all.iter().enumerate() {
            let fields = fields.iter().filter_map(|field| {
                let old = record.field(&field.key)?;
                let text = old.scalar_text().filter(|text| !text.is_empty())?;
                let other = match Decimal::read(text) {
                    Some(price) => price.and(Decimal::read(&(3 + 2 * number).to_string())?, false)?.to_string(),
                    None => format!("{text} {}", number + 2),
                };
                Some((field.key.to_string(), old.in_form(&other)))
            });
            let fields: Vec<(String, Json)> = fields.collect();
            let _ = office::edit_record(model, &mut other, &shape.name, &record.id, &fields);
        }
    }
    other
}

/// What is taken of who calls, in points or times as in money: the collection and its field.
fn paid(model: &Model) -> HashSet<(usize, &str)> {
    let mut found = HashSet::new();
    for behavior in &model.behaviors {
        let demanded = behavior.checks.iter().filter_map(|check| match inner(&check.demand) {
            Demand::Funds { amount, .. } => Some(amount),
            _ => None,
        });
        let moved = behavior.effects.iter().filter_map(|effect| match &effect.action {
            Action::AddFunds { amount, .. } => Some(amount),
            _ => None,
        });
        for amount in demanded.chain(moved) {
            prices(model, amount, &mut found);
        }
    }
    found
}

/// The fields that an amount is worked out from.
pub(super) fn prices_of<'m>(model: &'m Model, amount: &'m Amount) -> HashSet<(usize, &'m str)> {
    let mut found = HashSet::new();
    prices(model, amount, &mut found);
    found
}

fn prices<'m>(model: &'m Model, amount: &'m Amount, found: &mut HashSet<(usize, &'m str)>) {
    match amount {
        Amount::Less(amount, _) | Amount::Times(amount, _) | Amount::Share { of: amount, .. } => {
            prices(model, amount, found);
        }
        Amount::Of { collection, field, .. } | Amount::Through { collection, field, .. } => {
            found.insert((*collection, &**field));
        }
        Amount::Made { collection, .. } => {
            let sums = model.collections.get(*collection).and_then(|made| made.sums.as_ref());
            let written = sums.into_iter().flat_map(|sums| &sums.written).flat_map(|term| &term.factors);
            found.extend(written.filter_map(|factor| match factor {
                Factor::Thing(part) => Some((part.collection, &*part.field)),
                _ => None,
            }));
        }
        Amount::Fixed(_) | Amount::Input(_) | Amount::Choice { .. } | Amount::Each { .. } | Amount::Streak(_) => {}
    }
}

/// Prices, and names: what nothing is decided by.
fn may_differ(shape: &Collection, field: &ItemField, is_paid: bool) -> bool {
    let example = field.example.scalar_text().unwrap_or_default();
    let is_number = Decimal::read(example).is_some();
    let is_price = field.role == Role::Amount || (is_number && (is_paid || example.contains('.')));
    let is_name = matches!(field.example, Json::String(_)) && !is_number && field.role == Role::Plain;
    let is_told = shape.machine(&field.key).is_some()
        || shape.reference(&field.key).is_some()
        || shape.unique.iter().any(|unique| unique.fields.contains(&field.key));
    (is_price || is_name) && !is_told
}

impl<'g> Lab<'g> {
    /// Before anything was done, on a server with other prices.
    pub(super) fn elsewhere(&self) -> Option<Lab<'g>> {
        let world = self.elsewhere.as_deref().filter(|_| self.against != Against::Simulator && self.steps.is_empty());
        world.map(|world| self.in_world(world.clone()))
    }

    /// What a list has shown of the thing with that id, by a name for it.
    pub(super) fn shown_member(&mut self, id: &str, field: &str) -> Option<Val> {
        let (step, path, value) = self.shown.iter().rev().find_map(|shown| {
            let is_it = shown.item.as_object()?.iter().any(|(_, value)| value.scalar_text() == Some(id));
            let value = shown.item.get(field).filter(|value| is_it && value.is_scalar())?;
            let path = format!("{}{}", shown.path, &path_text(&[At::Key(Arc::from(field))])[1..]);
            Some((shown.step, path, value.clone()))
        })?;
        let saved =
            self.steps.get(step)?.save.iter().find(|save| save.path.as_ref().is_some_and(|at| at.text() == path));
        match saved {
            Some(save) => Some(Val { shown: Json::string(format!("${{{}}}", save.name)), actual: value }),
            None => self.save_of(step, field, Some(&path), value),
        }
    }

    /// Notes what the last reply has shown of a thing that it was asked for by this path.
    pub(super) fn note_shown(&mut self, path: &str, key: &[At], body: &Json) {
        let [item @ .., At::Key(name)] = key else { return };
        let own = path_text(std::slice::from_ref(&At::Key(Arc::clone(name))));
        let bracket = format!("['{name}']");
        let of_item = path.strip_suffix(&own[1..]).or_else(|| path.strip_suffix(bracket.as_str()));
        if let (Some(path), Some(item)) = (of_item, body.at(item)) {
            let step = self.steps.len().saturating_sub(1);
            self.shown.push(Shown { step, path: path.to_owned(), item: item.clone() });
        }
    }
}

/// What is expected of a value that was learnt: itself where it is the same on every server, else what the chosen thing
/// costs, where it is that. None where nothing can be said.
pub(super) fn expected(lab: &mut Lab<'_>, at: &[At], value: &Json, elsewhere: Option<&Seen<'_>>) -> Option<What> {
    let path = Path::parse(&path_text(at)).ok()?;
    let Some(other) = elsewhere else {
        // Where other prices leave nothing to be seen, a number may hang on them.
        let may_hang = lab.elsewhere.is_some() && value.scalar_text().and_then(Decimal::read).is_some();
        return (!may_hang).then(|| What::At(path, Test::Equals(value.clone())));
    };
    let there = other.after.at(at)?;
    if there.scalar_text() == value.scalar_text() {
        return Some(What::At(path, Test::Equals(value.clone())));
    }
    said(lab, path, value, there, &other.lab)
}

/// By what the chosen thing was shown to be, if a value is that here and elsewhere.
fn said(lab: &mut Lab<'_>, path: Path, value: &Json, there: &Json, elsewhere: &Lab<'_>) -> Option<What> {
    let number = |value: &Json| value.scalar_text().and_then(Decimal::read);
    let same = |one: &Json, other: &Json| match (number(one), number(other)) {
        (Some(one), Some(other)) => one.equals(other),
        _ => one.scalar_text().is_some() && one.scalar_text() == other.scalar_text(),
    };
    let known = lab.shown.iter().zip(&elsewhere.shown).find_map(|(shown, shown_there)| {
        let mut members = shown.item.as_object()?.iter();
        members.find_map(|(key, known)| {
            let is_it = same(known, value) && same(shown_there.item.get(key)?, there);
            let path = format!("{}{}", shown.path, &path_text(&[At::Key(Arc::clone(key))])[1..]);
            (is_it && shown.step == shown_there.step).then(|| (shown.step, path, key.to_string(), known.clone()))
        })
    });
    let (step, of_item, key, known) = known?;
    let said = lab.save_of(step, &key, Some(&of_item), known)?.shown;
    let test = match number(value) {
        Some(_) => Test::Matches(vec![Matcher::AtLeast(said.clone()), Matcher::AtMost(said)]),
        None => Test::Equals(said),
    };
    Some(What::At(path, test))
}

/// What a reply shows of the thing that was chosen: its name in an order, its price in a basket. Of lists, only those that have
/// one item are looked at.
pub(super) fn copied(lab: &mut Lab<'_>, after: &Json, elsewhere: &Seen<'_>) -> Vec<What> {
    let is_alone = |at: &[At]| {
        (0..at.len()).all(|end| match at[end] {
            At::Index(_) => after.at(&at[..end]).and_then(Json::as_array).is_some_and(|items| items.len() == 1),
            At::Key(_) => true,
        })
    };
    let mut found = Vec::new();
    for (at, value) in after.leaves() {
        let there = elsewhere.after.at(&at).filter(|there| there.scalar_text() != value.scalar_text());
        if let Some(there) = there
            && is_alone(&at)
            && let Ok(path) = Path::parse(&path_text(&at))
        {
            found.extend(said(lab, path, value, there, &elsewhere.lab));
        }
        if found.len() >= COPIES {
            break;
        }
    }
    found
}
