//! Records in a world: which the caller sees, what a new one holds, what a change makes of one.

mod chosen;
mod keys;
mod new;
mod numbering;
mod seed;
mod times;
mod values;

pub(super) use chosen::{heirs, unchosen};
pub(super) use keys::{account_key_change, account_keys, changes, key_of, keys, space};
pub(super) use new::{kept_in, new_record};
pub(super) use numbering::is_opaque;
pub use seed::seed;
pub use times::write_time;
pub(super) use values::{count_in, flag_of, how_many, ids, in_form, is_yes, listed, number, number_in, text_of};

use super::{Caller, vouchers};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::{Collection, Initial, Party};
use crate::behavior::{Behavior, Model, RecordId};
use crate::world::{Owner, Record, World};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// The records of a model in a world, as one caller sees them.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) model: &'a Model,
    pub(super) world: &'a World,
    pub(super) caller: &'a Caller,
    /// A collection whose records have two parties, and which of them the call is for.
    pub(super) party: Option<(usize, Party)>,
    /// Who calls runs the place: everybody's records are theirs to see and to change.
    pub(super) office: bool,
    /// Where something counts for several records; none where nothing does.
    pub(super) counts: Option<&'a Counts>,
}

/// What was counted for this reply already.
pub(super) type Counts = RefCell<Vec<Count>>;

/// How many records of a collection name each other record in a field.
pub(super) struct Count {
    collection: usize,
    field: Box<str>,
    by_id: HashMap<Box<str>, usize>,
}

impl Count {
    fn of(&self, id: &str) -> usize {
        self.by_id.get(id).copied().unwrap_or(0)
    }
}

/// Who the caller's records belong to.
pub(super) fn owner_of(caller: &Caller) -> Option<Owner> {
    caller.account.as_ref().map(|account| owner(account))
}

/// Who an account's records belong to.
pub(super) fn owner(account: &Record) -> Owner {
    Owner { collection: COLLECTION.into(), seq: account.seq }
}

impl<'a> Sight<'a> {
    /// What an endpoint sees for a caller, before anything is counted.
    pub(super) fn of(model: &'a Model, world: &'a World, caller: &'a Caller, behavior: &Behavior) -> Self {
        Self { model, world, caller, party: super::parties::of(behavior), office: behavior.office, counts: None }
    }

    pub(super) fn collection(&self, at: usize) -> &'a Collection {
        &self.model.collections[at]
    }

    /// The record that a text names. What is another's is not seen where records are private, nor where they are written.
    pub(super) fn find(&self, at: usize, id: &RecordId, text: &str, write: bool) -> Option<&'a Arc<Record>> {
        self.look(at, id, text).filter(|record| self.is_seen(at, record, write))
    }

    /// The same, whoever may see it.
    pub(super) fn look(&self, at: usize, id: &RecordId, text: &str) -> Option<&'a Arc<Record>> {
        let name = &self.collection(at).name;
        match &id.via {
            Some(field) if self.collection(at).reference(field).is_some() => {
                let owner = owner_of(self.caller)?;
                let mut own = self.world.collection(name)?.owned_by(&owner);
                own.find(|record| text_of(record.field(field)) == Some(text))
            }
            // A code that was drawn is looked for as it is written, in whichever case.
            Some(field) if self.is_drawn(at, field) => {
                let mut all = self.world.collection(name)?.iter();
                all.find(|record| {
                    text_of(record.field(field)).is_some_and(|code| code.eq_ignore_ascii_case(text.trim()))
                })
            }
            Some(field) => self.world.by_key(name, &space(field), text).or_else(|| self.world.record_by_id(name, text)),
            None => vouchers::held(self.model, self.world, at, text, owner_of(self.caller).as_ref(), true)
                .or_else(|| self.world.record_by_id(name, text)),
        }
        .filter(|record| !self.collection(at).leaves_out(record))
    }

    fn is_drawn(&self, at: usize, field: &str) -> bool {
        self.collection(at).field(field).is_some_and(|field| field.initial == Initial::Drawn)
    }

    /// Whether the caller has made the group to which a record ties somebody, where that lets people in.
    fn lets_in(&self, collection: &Collection, record: &Record) -> bool {
        let Some(relation) = &collection.relation else { return false };
        let is_let_in = relation.admission.as_ref().is_some_and(|admission| admission.most.is_none());
        let target = text_of(record.field(&relation.field)).filter(|_| is_let_in);
        let target = target.and_then(|id| self.world.record_by_id(&self.collection(relation.target).name, id));
        target.is_some_and(|target| target.owner.is_some() && target.owner == owner_of(self.caller))
    }

    /// The record that has this id, or this number.
    pub(super) fn named(&self, at: usize, text: &str) -> Option<&'a Arc<Record>> {
        vouchers::named_by(self.model, self.world, at, text, owner_of(self.caller).as_ref())
    }

    pub(super) fn is_seen(&self, at: usize, record: &Record, write: bool) -> bool {
        if self.office {
            return true;
        }
        let collection = self.collection(at);
        if self.lets_in(collection, record) {
            return true;
        }
        if let Some(seen) = super::taking::sees(self, collection, record) {
            return seen;
        }
        if let Some(seen) = super::parties::sees(self, at, record, write) {
            return seen;
        }
        if let Some(field) = &collection.recipient {
            let sent = text_of(record.field(field)).filter(|id| !id.is_empty());
            let got = self.caller.account.as_ref().is_some_and(|account| sent == Some(&*account.id));
            let own = record.owner.is_some() && record.owner == owner_of(self.caller);
            return got || (own && !write) || (sent.is_none() && record.owner.is_none());
        }
        let guarded = collection.private || (write && collection.owned);
        // A demonstration record is everybody's to see and, where records belong to who makes them, nobody's to change.
        if !guarded || (record.owner.is_none() && !(write && collection.owned)) {
            return true;
        }
        record.owner == owner_of(self.caller)
    }

    /// Whether a record is one of an account's: it made it, or got it.
    pub(super) fn is_of(&self, at: usize, record: &Record, account: Option<&Arc<Record>>) -> bool {
        match &self.collection(at).recipient {
            Some(field) => account.is_some_and(|account| text_of(record.field(field)) == Some(&*account.id)),
            None => record.owner == account.map(|account| owner(account)),
        }
    }

    /// The tie between the caller and a record.
    pub(super) fn tie(&self, relation: usize, target: &str) -> Option<&'a Arc<Record>> {
        self.tie_of(relation, target, owner_of(self.caller).as_ref())
    }

    /// The same of anybody.
    pub(super) fn tie_of(&self, relation: usize, target: &str, owner: Option<&Owner>) -> Option<&'a Arc<Record>> {
        let collection = self.collection(relation);
        let unique = collection.unique.first()?;
        let key = key_of(unique, &[Some(target.to_owned())], owner)?;
        self.world.by_key(&collection.name, &key.space, &key.value)
    }

    /// How many callers are tied to a record, and how many records name one in a field. All records are counted in one pass
    /// for all items of a reply; an index would pay beyond some hundred thousands.
    pub(super) fn count(&self, at: usize, field: &str, id: &str) -> usize {
        let Some(counts) = self.counts else { return self.count_all(at, field).of(id) };
        let mut known = counts.borrow_mut();
        let of = match known.iter().position(|counts| (counts.collection, &*counts.field) == (at, field)) {
            Some(found) => found,
            None => {
                known.push(self.count_all(at, field));
                known.len() - 1
            }
        };
        known.get(of).map_or(0, |counts| counts.of(id))
    }

    fn count_all(&self, at: usize, field: &str) -> Count {
        let records = self.world.collection(&self.collection(at).name);
        let place = Cell::default();
        let mut by_id: HashMap<Box<str>, usize> = HashMap::new();
        let shape = self.collection(at);
        for record in records.into_iter().flat_map(crate::world::Collection::iter) {
            if !shape.lets_in(&record.fields) {
                continue; // who waits takes no place
            }
            if let Some(text) = text_of(record.fields.get_near(field, &place)) {
                match by_id.get_mut(text) {
                    Some(count) => *count += 1,
                    None => _ = by_id.insert(text.into(), 1),
                }
            }
        }
        Count { collection: at, field: field.into(), by_id }
    }
}

/// The record of a collection that has this id, or this number.
pub(super) fn named<'w>(model: &Model, world: &'w World, at: usize, text: &str) -> Option<&'w Arc<Record>> {
    let collection = &model.collections[at];
    let numbers = || {
        let mut numbers = collection.fields.iter().filter(|field| field.initial == Initial::Number);
        numbers.find_map(|field| world.by_key(&collection.name, &space(&field.key), text))
    };
    world.record_by_id(&collection.name, text).or_else(numbers).filter(|record| !collection.leaves_out(record))
}
