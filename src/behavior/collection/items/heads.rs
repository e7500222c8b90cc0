//! A list of those that a new record is for, which says how many it is for: `visitor_ids` of a booking, with `num` beside.
//!
//! In: what a creation takes, its example, the collection. Out: the input, and the field that shows the number.

use super::example_forms::is_number;
use super::gather::{Gathering, is_data, key_for};
use crate::behavior::Input;
use crate::behavior::collection::{Collection, ItemField};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use crate::spec::Param;
use std::sync::Arc;

/// A field that says how many there are.
#[derive(Clone, Debug, PartialEq)]
pub enum Count {
    /// By its number.
    Number(Arc<str>),
    /// By as many as it lists.
    Listed(Arc<str>),
}

/// Those that a new record is for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::behavior) struct Heads {
    pub(in crate::behavior) input: usize,
    /// Under which records keep them.
    pub(in crate::behavior::collection) field: Arc<str>,
    /// The field that shows how many they are.
    pub(in crate::behavior::collection) shown: Option<Arc<str>>,
}

/// What an example value lists, if it lists anything: a JSON array of scalars, or several apart by commas.
pub(in crate::behavior::collection) fn listed(param: &Param) -> Option<Json> {
    let default = param.default.as_deref()?.trim();
    let parsed = serde_json::from_str::<serde_json::Value>(default).ok().map(|value| Json::from(&value));
    match parsed {
        Some(list @ Json::Array(_)) => Some(list),
        _ => None,
    }
    .filter(|list| matches!(list, Json::Array(items) if !items.is_empty() && items.iter().all(Json::is_scalar)))
}

/// Whether an input says how many there are to be.
pub(in crate::behavior) fn says_how_many(input: &Input, lexicon: &Lexicon) -> bool {
    !input.discriminates && is_quantity(&input.name, &input.label, lexicon) && input.word != Role::Page
}

/// `num`, `数量`, `购票张数`
pub(in crate::behavior) fn is_quantity(name: &str, label: &str, lexicon: &Lexicon) -> bool {
    let label = label_head(label);
    lexicon.is_named("quantity", name)
        || lexicon.is_nothing_but("quantity", label)
        || lexicon.is_named("pieces-named", name)
        || lexicon.ends_with("pieces-said", label)
}

/// `people`, `人数`: how many persons something is for, which is how many are taken only of what is one person's.
pub(in crate::behavior) fn is_people(name: &str, label: &str, lexicon: &Lexicon) -> bool {
    lexicon.is_named("people-count", name) || lexicon.ends_with("people-count", label_head(label))
}

impl Gathering<'_> {
    /// The input that says for how many persons a new record is, where what it names has one person's places: `名额`, `余票`, and
    /// no tables or rooms.
    pub(in crate::behavior) fn people(&self, maker: usize, thing: &Collection) -> Option<usize> {
        let lexicon = self.lexicon;
        let input = self.inputs[maker]
            .iter()
            .position(|input| !input.discriminates && is_people(&input.name, &input.label, lexicon))?;
        let is_place = |text: &str| lexicon.speaks_of("one-person-place", text);
        let has_places = thing.fields.iter().any(|field| {
            let name = crate::behavior::operation::split_words(&field.key).join(" ");
            let stocked =
                lexicon.is_named("stock", &field.key) || lexicon.is_nothing_but("stock", label_head(&field.words));
            stocked && (is_place(&name) || is_place(&field.words))
        });
        let runs_out = || {
            let own = self.chooser.catalog.own[maker].iter();
            own.filter(|failure| failure.classes.contains(&Class::Insufficient))
                .any(|failure| is_place(&failure.message))
        };
        (has_places || runs_out()).then_some(input)
    }

    /// Those that the records which an endpoint makes are for, where nothing else that it takes says how many.
    pub(in crate::behavior) fn heads(&self, maker: usize, records: &Collection) -> Option<Heads> {
        let inputs = &self.inputs[maker];
        let counted = || inputs.iter().any(|input| says_how_many(input, self.lexicon));
        if self.operations[maker] != Operation::Create || records.relation.is_some() || counted() {
            return None;
        }
        let params = &self.endpoint(maker).params;
        inputs.iter().zip(params).enumerate().find_map(|(at, (input, param))| {
            if !is_data(input, param.listed) {
                return None;
            }
            let field = key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
            let several = records.reference(&field).is_some_and(|reference| reference.many);
            let length = match listed(param) {
                Some(Json::Array(items)) => items.len(),
                _ if several => param.default.as_deref().unwrap_or_default().split([',', '，']).count(),
                _ => return None,
            };
            let shown = self.shows_how_many(maker, records, length);
            // Of a list of anything else (tags, pictures) only a number beside it says that it counts.
            (several || shown.is_some()).then(|| Heads {
                input: at,
                field,
                shown: shown.map(|field| field.key.clone()),
            })
        })
    }

    /// The field that nobody sends and that says how many are listed: by its name, or since the example has the number.
    fn shows_how_many<'c>(&self, maker: usize, records: &'c Collection, length: usize) -> Option<&'c ItemField> {
        let lexicon = self.lexicon;
        let is_sent =
            |field: &ItemField| self.inputs[maker].iter().any(|input| compact(&input.name) == compact(&field.key));
        let mut free = records.fields.iter().filter(|field| {
            let other = matches!(field.role, Role::Amount | Role::Status | Role::RecordId | Role::Time);
            is_number(&field.example) && !other && !is_sent(field) && records.reference(&field.key).is_none()
        });
        let named = |field: &&ItemField| {
            ["quantity", "sum-quantity"].iter().any(|topic| lexicon.is_named(topic, &field.key))
                || lexicon.speaks_of("sum-quantity", &field.words)
        };
        let alike = |field: &&ItemField| {
            length > 1 && field.example.scalar_text().and_then(|text| text.parse().ok()) == Some(length)
        };
        free.clone().find(named).or_else(|| free.find(alike))
    }
}
