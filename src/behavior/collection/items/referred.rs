//! What a member shows of another record that its own names: `type_name` beside `type_id`, all that a list of what callers are tied
//! to shows of those things.
//!
//! In: a member of an example's item, and what its collection names. Out: the field of the other collection that fills it.

use super::example_forms::time_form;
use super::item::{DEPTH, ItemMember, Items, Source};
use super::shape;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::collection::{Collection, Initial, Reference, Relation};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact};
use std::sync::Arc;

impl Items<'_> {
    /// The list of what is tied shows the records themselves, or what ties with them in it.
    pub(in crate::behavior::collection) fn of_relation(
        &self,
        relation: &Relation,
        key: &Arc<str>,
        example: &Json,
        item: &Json,
        own_id: bool,
        depth: usize,
    ) -> Source {
        let target = &self.collections[relation.target];
        let name = compact(key);
        let has_reference = item.as_object().unwrap_or_default().iter().any(|(key, _)| {
            compact(key) == compact(&relation.field) || id_stem(key).is_some_and(|stem| target.is_called(&stem))
        });
        if target.holds_accounts() && (shape::is_id(key) || self.lexicon.is_named("account-id", key)) {
            return Source::ReferredField(relation.target, Arc::clone(&relation.field), None);
        }
        if own_id || name == "id" {
            return if has_reference {
                Source::Id
            } else {
                Source::ReferredField(relation.target, Arc::clone(&relation.field), None)
            };
        }
        if name == compact(&relation.field) || id_stem(key).is_some_and(|stem| target.is_called(&stem)) {
            return Source::ReferredField(relation.target, Arc::clone(&relation.field), None);
        }
        if target.holds_accounts() && field_of(target, key, self.lexicon).is_none() {
            let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
            if let Some(Source::OwnerField(field)) = self.owner_field(key, role) {
                return Source::ReferredField(relation.target, Arc::clone(&relation.field), Some(field));
            }
        }
        if let Some(source) = self.tied(relation.target, &name, example) {
            return match source {
                Source::Tied(_) => Source::Constant,
                source => {
                    let then = ItemMember { key: Arc::clone(key), example: example.clone(), source };
                    Source::Through(relation.target, Arc::clone(&relation.field), Box::new(then))
                }
            };
        }
        if example.as_object().is_some_and(|members| !members.is_empty()) && depth < DEPTH {
            let inner = self.template_at(relation.target, example, &[], depth + 1);
            return Source::Referred(Arc::clone(&relation.field), Box::new(inner));
        }
        let own = self.collections.iter().position(|known| known.relation.as_ref() == Some(relation));
        let sent = own.is_some_and(|own| self.sent[own].iter().any(|input| compact(&input.name) == name));
        if let Some(field) = field_of(target, key, self.lexicon).filter(|_| !sent) {
            // The name of who wrote it is not kept in it: what it shows of others, it shows here too.
            let source = self.source(relation.target, &field, example, item, depth + 1);
            let lent = matches!(
                source,
                Source::OwnerId
                    | Source::OwnerIdentity
                    | Source::OwnerField(_)
                    | Source::ChildCount(..)
                    | Source::Label(_)
            );
            if lent {
                let then = ItemMember { key: field, example: example.clone(), source };
                return Source::Through(relation.target, Arc::clone(&relation.field), Box::new(then));
            }
            return Source::ReferredField(relation.target, Arc::clone(&relation.field), Some(field));
        }
        Source::Field
    }

    /// `type_name` beside `type_id`: what a record shows of a thing that it names.
    pub(in crate::behavior::collection) fn of_referred(
        &self,
        at: usize,
        key: &Arc<str>,
        role: Role,
        example: &Json,
    ) -> Option<Source> {
        let collection = &self.collections[at];
        let name = compact(key);
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let target = &self.collections[reference.collection];
            if let Some(field) = field_after_stem(target, reference, key, self.lexicon) {
                return Some(Source::ReferredField(reference.collection, Arc::clone(&reference.field), Some(field)));
            }
            let prefixed = target.names.iter().any(|own| name.starts_with(own.as_str()));
            // Of several that are referred to only one has such a field.
            let has =
                |reference: &&Reference| field_of(&self.collections[reference.collection], key, self.lexicon).is_some();
            let own = generic(&name, role, self.lexicon) && !self.is_others_time(at, key, role);
            let alone = collection.references.iter().filter(has).count() == 1 && !own;
            let field = field_of(target, key, self.lexicon).filter(|_| prefixed || alone)?;
            let through = self.through(reference, &field, example);
            through.or_else(|| {
                Some(Source::ReferredField(reference.collection, Arc::clone(&reference.field), Some(field)))
            })
        })
    }

    /// The `name` beside the `phone` and `address` of an entry of the caller's own book that a record names: who gets it, and not who
    /// made it, whatever that is called.
    pub(in crate::behavior::collection) fn of_book(
        &self,
        at: usize,
        key: &Arc<str>,
        role: Role,
        item: &Json,
    ) -> Option<Source> {
        if !matches!(role, Role::RealName | Role::Nickname | Role::Account | Role::Phone | Role::Plain) {
            return None;
        }
        let collection = &self.collections[at];
        let is_sent = |to: usize, key: &str| self.sent[to].iter().any(|input| compact(&input.name) == compact(key));
        let mut books = collection.references.iter().filter(|reference| {
            let book = &self.collections[reference.collection];
            let lends =
                |key: &str| book.field(key).is_some() && is_sent(reference.collection, key) && !is_sent(at, key);
            let is = |key: &str, role: Role| {
                let mut sent = self.sent[reference.collection].iter().filter(|input| *input.name == *key);
                sent.any(|input| input.word == role) || book.field(key).is_some_and(|field| field.role == role)
            };
            let keys = || item.as_object().unwrap_or_default().iter().map(|(key, _)| &**key);
            !reference.many
                && reference.collection != at
                && book.private
                && (is(key, Role::RealName) || is(key, Role::Phone))
                && keys().any(|key| lends(key) && is(key, Role::Phone))
                && keys().filter(|key| lends(key)).count() > 1
                && lends(key)
        });
        let book = books.next().filter(|_| books.next().is_none())?;
        Some(Source::ReferredField(book.collection, Arc::clone(&book.field), Some(Arc::clone(key))))
    }

    /// What the record that a reference names shows of another that it names in turn.
    fn through(&self, reference: &Reference, key: &Arc<str>, example: &Json) -> Option<Source> {
        let source = self.shown_of_another(reference.collection, key)?;
        let then = ItemMember { key: Arc::clone(key), example: example.clone(), source };
        Some(Source::Through(reference.collection, Arc::clone(&reference.field), Box::new(then)))
    }

    /// `building_name` of a house is what the building says that it names.
    fn shown_of_another(&self, at: usize, key: &Arc<str>) -> Option<Source> {
        let collection = &self.collections[at];
        if self.sent[at].iter().any(|input| compact(&input.name) == compact(key)) {
            return None;
        }
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let target = self.collections.get(reference.collection).filter(|_| reference.collection != at)?;
            let found = field_after_stem(target, reference, key, self.lexicon)?;
            Some(Source::ReferredField(reference.collection, Arc::clone(&reference.field), Some(found)))
        })
    }

    /// A member of a line that the line's own reference fills: `goods_name` beside `goods_id`.
    pub(in crate::behavior::collection) fn of_line(&self, line: &Json, key: &str) -> Source {
        for (reference, _) in line.as_object().unwrap_or_default() {
            let stem = id_stem(reference).filter(|_| shape::is_id(reference));
            let target = stem.and_then(|stem| self.kin.called(&stem));
            if let Some(target) = target
                && let Some(field) = field_of(&self.collections[target], key, self.lexicon)
            {
                return Source::ReferredField(target, Arc::clone(reference), Some(field));
            }
        }
        Source::Field
    }

    /// `start_time` beside `course_id`: a time that nobody sends and that does not tell of the record itself.
    pub(in crate::behavior::collection) fn is_others_time(&self, at: usize, key: &str, role: Role) -> bool {
        let is = |topic: &str| self.lexicon.is_named(topic, key);
        let known = self.collections[at].field(key);
        let made = known.is_some_and(|field| field.initial == Initial::Now);
        let lent = || known.is_some_and(|field| time_form(&field.example).is_some());
        role == Role::Time && !made && (lent() || (!is("created-at") && !is("updated-at")))
    }
}

/// The field of a collection that a name means: its own, or with the collection's name before it (`goods_name`).
pub(in crate::behavior::collection) fn field_of(target: &Collection, key: &str, lexicon: &Lexicon) -> Option<Arc<str>> {
    if let Some(field) = target.field(key) {
        return Some(Arc::clone(&field.key));
    }
    let name = compact(key);
    let found = target.fields.iter().find(|field| {
        let field = compact(&field.key);
        target.names.iter().any(|own| {
            let plural = format!("{own}s");
            [own.as_str(), &plural].iter().any(|own| {
                name.strip_prefix(own) == Some(&*field)
                    || (name.starts_with(own) && lexicon.are_alike(&name[own.len()..], &field))
            })
        })
    });
    found.map(|field| Arc::clone(&field.key))
}

/// The field that a name means after the stem of what refers to its record: `show_name` beside `show_id`.
pub(in crate::behavior::collection) fn field_after_stem(
    target: &Collection,
    reference: &Reference,
    key: &str,
    lexicon: &Lexicon,
) -> Option<Arc<str>> {
    let stem = id_stem(&reference.field).filter(|stem| !stem.is_empty())?;
    let name = compact(key);
    let rest = name.strip_prefix(stem.as_str()).filter(|rest| !rest.is_empty())?;
    let found = target.fields.iter().find(|field| lexicon.are_alike(rest, &compact(&field.key)))?;
    Some(Arc::clone(&found.key))
}

/// Members that a record has of its own, whatever it refers to.
pub(in crate::behavior::collection) fn generic(name: &str, role: Role, lexicon: &Lexicon) -> bool {
    matches!(role, Role::Status | Role::Time | Role::UserId | Role::RecordId) || lexicon.is_named("own-member", name)
}
