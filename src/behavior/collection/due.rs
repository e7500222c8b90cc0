//! What an order comes to: the price of what it names, times how many, less what a voucher is worth.
//!
//! In: a collection whose records go through statuses, with what its creation takes. Out: a `Due`, and what makes a
//! collection one of vouchers. Does not know the records: the sum is worked out when one is made.

use super::gather::{Gathering, key_for};
use super::group::Group;
use super::{Collection, Reference};
use crate::behavior::operation::split_words;
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use std::sync::Arc;

/// How the sum that a new record shows is worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The field that shows the sum.
    pub field: Arc<str>,
    pub price: Part,
    /// The field that says how many; one where there is none.
    pub quantity: Option<Arc<str>>,
    pub less: Option<Part>,
}

/// A field of a record that another field names.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub reference: Arc<str>,
    pub collection: usize,
    pub field: Arc<str>,
}

/// What a record is that takes something off a sum, once.
pub(in crate::behavior) struct Voucher {
    /// The status, before and after it is used.
    pub(in crate::behavior) status: Arc<str>,
    pub(in crate::behavior) unused: Vec<Json>,
    pub(in crate::behavior) used: Json,
    pub(in crate::behavior) worth: Arc<str>,
    /// The field that says from which sum on it can be used.
    pub(in crate::behavior) least: Option<Arc<str>>,
}

/// What makes the records of a collection vouchers: they are somebody's, called so, worth money, used or not.
pub(in crate::behavior) fn voucher(collection: &Collection, lexicon: &Lexicon) -> Option<Voucher> {
    let mut words = collection.id.key.iter().flat_map(|key| split_words(key)).chain(collection.names.iter().cloned());
    let called = words.any(|word| lexicon.is_named("voucher", &word))
        || collection.titles.iter().any(|title| lexicon.speaks_of("voucher", title));
    if !called || !collection.private {
        return None;
    }
    let verb = lexicon.verbs().named("use")?;
    let is_least = |field: &&super::ItemField| {
        lexicon.is_named("least-spend", &field.key) || lexicon.speaks_of("least-spend", &field.words)
    };
    let worth = collection.fields.iter().find(|field| field.role == Role::Amount && !is_least(field))?;
    let least = collection.fields.iter().find(is_least);
    collection.machines.iter().find_map(|machine| {
        let head = |value: &crate::behavior::StatusValue| label_head(&value.words).to_lowercase();
        let used = machine.values.iter().find(|value| verb.leads.contains(&head(value)))?;
        let unused = machine.values.iter().filter(|value| verb.leaves.contains(&head(value)));
        let unused: Vec<Json> = unused.map(|value| value.value.clone()).collect();
        (!unused.is_empty()).then(|| Voucher {
            status: Arc::clone(&machine.field),
            unused,
            used: used.value.clone(),
            worth: Arc::clone(&worth.key),
            least: least.map(|field| Arc::clone(&field.key)),
        })
    })
}

impl Gathering<'_> {
    /// How the sum of a group's new records is worked out; none where it is sent, or where more than one thing has a price.
    pub(super) fn due(&self, group: &Group, at: usize, collections: &[Collection]) -> Option<Due> {
        let collection = &collections[at];
        let goes_through = collection.machines.iter().any(|machine| machine.values.len() > 2);
        if collection.relation.is_some() || !goes_through {
            return None;
        }
        let maker = group.endpoints.iter().copied().find(|at| self.operations[*at] == Operation::Create)?;
        let inputs = &self.inputs[maker];
        let sent = |key: &str| inputs.iter().any(|input| compact(&input.name) == compact(key));
        let is_sum = |field: &&super::ItemField| {
            let named = |topic: &str| self.lexicon.is_named(topic, &field.key);
            let said = self.lexicon.speaks_of("sum-amount", &field.words);
            field.role == Role::Amount
                && !sent(&field.key)
                && (named("sum-amount") || named("amount-of-all") || said)
                && field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
        };
        let field = collection.fields.iter().find(is_sum)?;
        if self.is_said_to_add(&field.key) {
            return None;
        }
        let named = || {
            inputs.iter().filter_map(|input| {
                collection.reference(&key_for(collection, input)?).filter(|reference| !reference.many)
            })
        };
        let part = |reference: &Reference, field: &Arc<str>| Part {
            reference: Arc::clone(&reference.field),
            collection: reference.collection,
            field: Arc::clone(field),
        };
        let takes_off = |reference: &&Reference| voucher(&collections[reference.collection], self.lexicon).is_some();
        let mut priced = named().filter(|reference| !takes_off(reference)).filter_map(|reference| {
            let fields = &collections[reference.collection].fields;
            let price = fields.iter().find(|field| compact(&field.key) == "price");
            let price = price.or_else(|| fields.iter().find(|field| compact(&field.key).ends_with("price")))?;
            Some(part(reference, &price.key))
        });
        let price = priced.next().filter(|_| priced.next().is_none())?;
        let less = named().find_map(|reference| {
            let voucher = voucher(&collections[reference.collection], self.lexicon)?;
            Some(part(reference, &voucher.worth))
        });
        let quantity = inputs.iter().find(|input| self.lexicon.is_named("quantity", &input.name));
        let quantity = quantity.and_then(|input| key_for(collection, input));
        Some(Due { field: Arc::clone(&field.key), price, quantity, less })
    }

    /// `total = 单价 * 数量 + 运费`: more than is known here goes into it.
    fn is_said_to_add(&self, key: &str) -> bool {
        let mut formulas = self.prose.iter().filter_map(|note| note.text.split_once(['=', '＝']));
        formulas.any(|(name, formula)| compact(name) == compact(key) && formula.contains(['+', '＋', '加']))
    }
}
