//! What `docsim.toml` says of collections, put in the place of what the documents' words suggest.

use super::items::gather::Gathering;
use super::machine::moves::Move;
use super::nouns::group::Group;
use super::{Collection, Seed};
use crate::behavior::operation::overrides::{CollectionOverrides, GivenRecord, MoveOverrides, RecordsOverrides};
use crate::behavior::{Confidence, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Role, compact};
use crate::world::Fields;
use std::sync::Arc;

const SAYS: &str = "docsim.toml says so";

impl Gathering<'_> {
    /// What is told of the collection at an index, if the name that it is told of finds just this one.
    pub(super) fn told_of(&self, collections: &[Collection], at: usize) -> Option<&CollectionOverrides> {
        self.overrides.collections.iter().find(|told| super::nouns::called::named(collections, &told.name) == Some(at))
    }

    /// Whether an endpoint's collection is told.
    pub(in crate::behavior) fn is_placed(&self, endpoint: usize) -> bool {
        self.overrides.endpoints.get(endpoint).is_some_and(|told| told.collection.is_some())
    }

    /// The input that an endpoint is told to find its record by.
    pub(super) fn told_id(&self, endpoint: usize) -> Option<usize> {
        let name = compact(self.overrides.endpoints.get(endpoint)?.id.as_deref()?);
        self.inputs[endpoint].iter().position(|input| compact(&input.name) == name)
    }

    fn told_transition(&self, endpoint: usize) -> Option<&MoveOverrides> {
        self.overrides.endpoints.get(endpoint)?.transition.as_ref()
    }

    /// The move that an endpoint is told to make.
    pub(super) fn told_move(&self, endpoint: usize, collection: &Collection) -> Option<Move> {
        let told = self.told_transition(endpoint)?;
        let field = status_field(collection, told)?;
        let machine = collection.machine(&field)?;
        let known = |value: &Json| machine.known(value).map_or_else(|| value.clone(), |known| known.value.clone());
        Some(Move {
            field,
            to: known(&told.to),
            from: told.from.iter().map(known).collect(),
            cases: Vec::new(),
            again: false,
            because: Evidence::new(SAYS, machine.place, Confidence::Certain),
        })
    }

    /// Statuses that only `docsim.toml` names are statuses all the same.
    pub(super) fn tell_machines(&self, group: &Group, collection: &mut Collection) {
        for &endpoint in &group.endpoints {
            let Some(told) = self.told_transition(endpoint) else { continue };
            let Some(field) = status_field(collection, told) else { continue };
            let (example, place) = collection.field(&field).map_or_else(
                || (Json::string(""), collection.because.place),
                |known| (known.example.clone(), known.place),
            );
            let at = collection.machines.iter().position(|machine| machine.field == field).unwrap_or_else(|| {
                let initial = told.from.first().unwrap_or(&told.to);
                let initial = example.in_form(initial.scalar_text().unwrap_or_default());
                collection.machines.push(Machine { field: Arc::clone(&field), values: Vec::new(), initial, place });
                collection.machines.len() - 1
            });
            let machine = &mut collection.machines[at];
            for value in told.from.iter().chain([&told.to]) {
                if machine.known(value).is_none() {
                    let value = example.in_form(value.scalar_text().unwrap_or_default());
                    machine.values.push(StatusValue { value, words: String::new(), kind: None });
                }
            }
        }
    }
}

/// Whose the records are.
pub(super) fn tell_owner(told: &CollectionOverrides, collection: &mut Collection) {
    if let Some(owned) = told.owned {
        collection.owned = owned;
        collection.private &= owned;
    }
    if let Some(private) = told.private {
        collection.private = private;
        collection.owned |= private;
    }
    if told.owned.is_some() || told.private.is_some() {
        collection.because.confidence = Confidence::Certain;
    }
}

/// Which records there are from the start. A number counts those of the examples, too, where they are there.
pub(super) fn tell_records(told: &CollectionOverrides, collection: &mut Collection) {
    match &told.records {
        None => {}
        Some(RecordsOverrides::Number(number)) => {
            collection.seeds.truncate(*number);
            collection.varied = number - collection.seeds.len();
        }
        Some(RecordsOverrides::Given(all)) => {
            collection.seeds = all
                .iter()
                .map(|GivenRecord { members, place }| {
                    let own_id = |name: &str| {
                        compact(name) == "id"
                            || collection.id.key.as_deref().is_some_and(|key| compact(key) == compact(name))
                    };
                    let mut seed = Seed { id: None, owner: None, fields: Fields::default(), place: *place };
                    for (name, value) in members {
                        let text = value.scalar_text().map(str::to_owned);
                        match collection.field(name) {
                            _ if own_id(name) => seed.id = text,
                            None if &**name == "owner" => seed.owner = text,
                            Some(field) => {
                                let value = match (&text, field.example.is_scalar()) {
                                    (Some(text), true) => field.example.in_form(text),
                                    _ => value.clone(),
                                };
                                seed.fields.set(&field.key, Some(value));
                            }
                            None => seed.fields.set(name, Some(value.clone())),
                        }
                    }
                    // What is not given is as in a new record, not empty.
                    for field in &collection.fields {
                        if seed.fields.get(&field.key).is_none()
                            && let super::Initial::Value(initial) = &field.initial
                        {
                            seed.fields.set(&field.key, Some(initial.clone()));
                        }
                    }
                    seed
                })
                .collect();
        }
    }
}

/// The field that a transition moves: the one it names, else the status.
fn status_field(collection: &Collection, told: &MoveOverrides) -> Option<Arc<str>> {
    if let Some(name) = &told.field {
        return Some(collection.field(name).map_or_else(|| name.as_str().into(), |field| Arc::clone(&field.key)));
    }
    let status = collection.fields.iter().filter(|field| field.role == Role::Status);
    let mut keys = status.map(|field| &field.key).chain(collection.machines.iter().map(|machine| &machine.field));
    let first = keys.clone().next().cloned();
    let has = |key: &&Arc<str>| collection.machine(key).is_some_and(|machine| machine.known(&told.to).is_some());
    keys.find(has).cloned().or(first)
}
