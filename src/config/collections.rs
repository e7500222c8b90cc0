//! What is said of collections, held against what the documents have.

use super::endpoints::{means, method_and_path};
use super::hint::{meant, shown};
use super::{Config, EndpointConfig};
use crate::behavior::{Action, Behavior, Effect, EndpointOverrides, GivenRecord, Model, RecordsOverrides};
use crate::diagnostic::Diagnostic;
use crate::lexicon::compact;
use crate::spec::DocSet;

impl Config {
    /// A transition that its collection lists is its endpoint's, unless that has one of its own.
    pub(super) fn add_transitions(&self, set: &DocSet, endpoints: &mut [EndpointOverrides]) {
        for (by, told, _) in self.collections.iter().flat_map(|collection| &collection.transitions) {
            if let Some(known) = endpoint(set, by).and_then(|at| endpoints.get_mut(at)) {
                known.transition.get_or_insert_with(|| told.clone());
            }
        }
    }

    /// Names of collections, endpoints, parameters and fields that there are not.
    pub fn check_collections(&self, set: &DocSet, model: &Model) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for collection in &self.collections {
            let name = &collection.told.name;
            let Some(known) = model.collection(name).and_then(|at| model.collections.get(at)) else {
                let known = || model.collections.iter().map(|known| &*known.name);
                let help = match known().next() {
                    Some(_) => meant(name, known, "the collections are"),
                    None => "the documents speak of no records at all".to_owned(),
                };
                let message = format!("the documents have no collection {}", shown(name));
                found.push(Diagnostic::warning("config-no-such-collection", collection.place, message).help(help));
                continue;
            };
            for (by, _, place) in collection.transitions.iter().filter(|(by, ..)| endpoint(set, by).is_none()) {
                let titles = || set.endpoints.iter().map(|endpoint| endpoint.title.as_str());
                let message = format!("no document has an endpoint {}", shown(by));
                let help = meant(by, titles, "the endpoints are");
                found.push(Diagnostic::warning("config-no-such-endpoint", *place, message).help(help));
            }
            let Some(RecordsOverrides::Given(records)) = &collection.told.records else { continue };
            let fields = || known.fields.iter().map(|field| &*field.key).chain(known.id.key.as_deref());
            let fields = || fields().chain(["id", "owner"]);
            for GivenRecord { members, place } in records {
                let is_known = |name: &str| fields().any(|field| compact(field) == compact(name));
                for (name, _) in members.iter().filter(|(name, _)| !is_known(name)) {
                    let message = format!("a record of {} has no field {}", shown(&known.name), shown(name));
                    let help = meant(name, fields, "the fields are");
                    found.push(Diagnostic::warning("config-no-such-parameter", *place, message).help(help));
                }
            }
        }
        for (endpoint, behavior) in set.endpoints.iter().zip(&model.behaviors) {
            let told = self.for_endpoint(&endpoint.id, &endpoint.title, method_and_path(&endpoint.id));
            if let Some(told) = told {
                check_endpoint(told, behavior, &mut found);
            }
        }
        found
    }
}

fn check_endpoint(told: &EndpointConfig, behavior: &Behavior, found: &mut Vec<Diagnostic>) {
    if let Some((name, place)) = &told.id
        && !behavior.inputs.iter().any(|input| compact(&input.name) == compact(name))
    {
        let names = || behavior.inputs.iter().map(|input| &*input.name);
        let help = match names().next() {
            Some(_) => meant(name, names, "its parameters are"),
            None => "it takes none at all".to_owned(),
        };
        let message = format!("{} takes no parameter {}", shown(&told.name), shown(name));
        found.push(Diagnostic::warning("config-no-such-parameter", *place, message).help(help));
    }
    let moves = |effect: &Effect| matches!(effect.action, Action::MoveRecords { .. });
    if let Some((_, place)) = told.transition.as_ref().filter(|_| !behavior.effects.iter().any(moves)) {
        let message = format!("{} moves nothing: no record with a status is understood to be meant", shown(&told.name));
        let help = "say which with `collection = \"NAME\"`, and which field with `field = \"NAME\"`";
        found.push(Diagnostic::warning("config-no-such-collection", *place, message).help(help));
    }
}

fn endpoint(set: &DocSet, name: &str) -> Option<usize> {
    let all = set.endpoints.iter().enumerate();
    let named =
        all.filter_map(|(at, known)| Some((means(name, &known.id, &known.title, method_and_path(&known.id))?, at)));
    named.min().map(|(_, at)| at)
}
