//! What a record shows of another that it only reaches through a third: a booking names a slot, the slot a show, and the
//! booking's `show_name` is the show's.

use super::item::{ItemMember, Items, Source};
use super::referred::{field_after_stem, field_of};
use crate::behavior::collection::{Collection, Reference, Seed};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact, label_head};
use std::sync::Arc;

impl Items<'_> {
    /// What lends a member its value: by the examples, which show the same there, else by its name.
    pub(in crate::behavior::collection) fn lent(
        &self,
        at: usize,
        key: &Arc<str>,
        example: &Json,
        item: &Json,
    ) -> Option<Source> {
        let own = &self.collections[at];
        let single = |known: &Collection| -> Vec<Reference> {
            known.references.iter().filter(|reference| !reference.many).cloned().collect()
        };
        let shown = example.scalar_text().filter(|text| text.len() > 1)?;
        for near in single(own) {
            let target = &self.collections[near.collection];
            let seed = item.get(&near.field).and_then(|id| seed_of(target, id));
            if let Some(field) = seed.and_then(|seed| self.alike(target, seed, key, shown)) {
                return Some(Source::ReferredField(near.collection, near.field, Some(field)));
            }
            for far in single(target).into_iter().filter(|far| far.collection != at) {
                let beyond = &self.collections[far.collection];
                let seed = seed.and_then(|seed| seed.fields.get(&far.field)).and_then(|id| seed_of(beyond, id));
                let by_example = || seed.and_then(|seed| self.alike(beyond, seed, key, shown));
                let by_name = || named(beyond, &far, key, self.lexicon);
                if let Some(field) = by_example().or_else(by_name) {
                    let source = Source::ReferredField(far.collection, far.field, Some(field));
                    let then = ItemMember { key: Arc::clone(key), example: example.clone(), source };
                    return Some(Source::Through(near.collection, near.field, Box::new(then)));
                }
            }
        }
        None
    }

    /// `consignee 收货人` beside an address whose `name` is called 收货人, if just one of what a record names has such a text.
    pub(in crate::behavior::collection) fn lent_by_label(&self, at: usize, key: &str) -> Option<Source> {
        let own = self.collections[at].field(key).filter(|field| is_text(field))?;
        let label = label_head(&own.words);
        if label.chars().count() < 2 {
            return None;
        }
        let single = self.collections[at].references.iter().filter(|reference| !reference.many);
        let mut lenders = single.filter_map(|reference| {
            let target = &self.collections[reference.collection];
            let field = target.fields.iter().find(|field| is_text(field) && label_head(&field.words) == label)?;
            let (named, field) = (Arc::clone(&reference.field), Arc::clone(&field.key));
            target.private.then_some(Source::ReferredField(reference.collection, named, Some(field)))
        });
        lenders.next().filter(|_| lenders.next().is_none())
    }

    /// The field of a record that shows the same under the same name, or under the end of it.
    fn alike(&self, target: &Collection, seed: &Seed, key: &str, shown: &str) -> Option<Arc<str>> {
        let name = compact(key);
        let same = |field: &&crate::behavior::collection::ItemField| {
            let field = compact(&field.key);
            field == name || self.lexicon.are_alike(&field, &name) || name.ends_with(&field)
        };
        let holds = |field: &&crate::behavior::collection::ItemField| {
            seed.fields.get(&field.key).and_then(Json::scalar_text).is_some_and(|text| text == shown)
        };
        target.fields.iter().filter(holds).find(same).map(|field| Arc::clone(&field.key))
    }
}

fn is_text(field: &crate::behavior::collection::ItemField) -> bool {
    field.example.as_str().is_some()
        && !matches!(field.role, Role::Status | Role::Time | Role::RecordId | Role::UserId | Role::Amount)
}

fn seed_of<'c>(target: &'c Collection, id: &Json) -> Option<&'c Seed> {
    let id = id.scalar_text()?;
    target.seeds.iter().find(|seed| seed.id.as_deref() == Some(id))
}

/// `show_name` beside a slot that has a `show_id`, or where shows are called so.
fn named(beyond: &Collection, far: &Reference, key: &str, lexicon: &Lexicon) -> Option<Arc<str>> {
    let name = compact(key);
    let prefixed = beyond.names.iter().any(|own| name.len() > own.len() && name.starts_with(own.as_str()));
    field_after_stem(beyond, far, key, lexicon).or_else(|| field_of(beyond, key, lexicon).filter(|_| prefixed))
}

/// A bare `date` that a record which is referred to shows just so tells of that, and not of when this was made.
pub(in crate::behavior::collection) fn lent_times(
    collections: &[Collection],
    at: usize,
    lexicon: &Lexicon,
) -> Vec<Arc<str>> {
    let known = &collections[at];
    let bare = |key: &str| lexicon.is_named("by-date", key) || lexicon.is_named("bare-time", key);
    let lends = |field: &&crate::behavior::collection::ItemField| {
        known.references.iter().filter(|reference| !reference.many).any(|reference| {
            let theirs = collections[reference.collection].field(&field.key);
            theirs.is_some_and(|theirs| {
                theirs.example == field.example && super::example_forms::time_form(&theirs.example).is_some()
            })
        })
    };
    known.fields.iter().filter(|field| bare(&field.key)).filter(lends).map(|field| Arc::clone(&field.key)).collect()
}
