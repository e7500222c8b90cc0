//! What callers have of something by a record that they made: a course by an order for it that is paid.
//!
//! In: a collection with its statuses and deeds. Out: the statuses in which its records count as had; and what holds of things that
//! such records name.

use crate::behavior::StatusValue;
use crate::behavior::collection::items::example_forms::is_flag;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::item::{Items, Source};
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, Over};
use crate::json::Json;
use crate::lexicon::{Operation, compact, label_head};
use std::sync::Arc;

/// The caller has a record that names a thing, in a status in which it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// The collection of such records, and the field that names the thing.
    pub collection: usize,
    pub field: Arc<str>,
}

impl Gathering<'_> {
    /// The statuses from the one that paying leads to, but for those in which all was undone.
    pub(in crate::behavior::collection) fn counts_as_had(
        &self,
        group: &Group,
        collection: &Collection,
    ) -> Option<Over> {
        let open = collection.owned && collection.relation.is_none() && collection.basket.is_none();
        let mut deeds = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Transition);
        let paid = deeds.find_map(|at| {
            let (name, _) = self.lexicon.verbs().verb(&self.endpoint(*at).title, &self.nouns[*at].words)?;
            if name == "pay" { self.movement(*at, collection) } else { None }
        });
        let paid = paid.filter(|_| open)?;
        let machine = collection.machine(&paid.field)?;
        let from = machine.values.iter().position(|value| value.value == paid.to)?;
        let had = |value: &&StatusValue| {
            let head = label_head(&value.words);
            !self.lexicon.is_nothing_but("undone-status", head) && !self.lexicon.speaks_of("given-up", head)
        };
        let values: Vec<Json> = machine.values[from..].iter().filter(had).map(|value| value.value.clone()).collect();
        (!values.is_empty()).then_some(Over { field: paid.field, values })
    }
}

/// The records by which callers have things of a collection.
pub(in crate::behavior) fn holdings(collections: &[Collection], of: usize) -> impl Iterator<Item = Holding> {
    let had = collections.iter().enumerate().filter(move |(at, known)| *at != of && known.had.is_some());
    had.filter_map(move |(at, known)| {
        let field = known.references.iter().find(|reference| reference.collection == of && !reference.many)?;
        Some(Holding { collection: at, field: Arc::clone(&field.field) })
    })
}

impl Items<'_> {
    /// `is_bought` of a course: whether the caller has an order for it that is paid.
    pub(in crate::behavior::collection) fn held(&self, at: usize, key: &str, example: &Json) -> Option<Source> {
        let words = self.collections[at].field(key).map_or("", |field| field.words.as_str());
        let named = self.lexicon.is_named("bought-flag", key) || compact(key).ends_with("bought");
        if !is_flag(example) || !(named || self.lexicon.speaks_of("bought-flagged", words)) {
            return None;
        }
        let mut found = self.kin.children(at).iter().filter_map(|other| {
            let known = &self.collections[*other];
            let reference = known.references.iter().find(|reference| reference.collection == at && !reference.many)?;
            known.had.as_ref()?;
            Some(Holding { collection: *other, field: Arc::clone(&reference.field) })
        });
        found.next().map(Source::Held)
    }
}
