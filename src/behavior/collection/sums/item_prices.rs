//! Members that come to an amount: the price of what a record names, times how many of it; `total` beside `price` and `num`.

use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::items::item::{Items, Source};
use crate::json::Json;
use crate::lexicon::{Role, compact, label_head};
use std::sync::Arc;

impl Items<'_> {
    /// `price` of an order whose request says how many of which goods: their price times how many.
    pub(in crate::behavior::collection) fn price_of_many(&self, at: usize, name: &str, role: Role) -> Option<Source> {
        let collection = &self.collections[at];
        if role != Role::Amount {
            return None;
        }
        let quantity = self.sent[at].iter().find(|input| self.lexicon.is_named("quantity", &input.name))?;
        let quantity = key_for(collection, quantity).unwrap_or_else(|| Arc::clone(&quantity.name));
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let target = &self.collections[reference.collection];
            let prices = || target.fields.iter().filter(|field| field.role == Role::Amount);
            let price = prices().find(|field| compact(&field.key) == name).or_else(|| prices().next())?;
            Some(Source::Times(
                reference.collection,
                Arc::clone(&reference.field),
                Arc::clone(&price.key),
                quantity.clone(),
            ))
        })
    }

    /// `total` beside `price` and `num`.
    pub(in crate::behavior::collection) fn product(
        &self,
        at: usize,
        key: &Arc<str>,
        role: Role,
        item: &Json,
    ) -> Option<(Arc<str>, Arc<str>)> {
        if role != Role::Amount || !self.is_total(key) {
            return None;
        }
        let shown = item.as_object()?.iter().map(|(key, value)| (key, value));
        // What the reply of its making does not show the record has all the same.
        let known = self.collections[at].fields.iter().map(|field| (&field.key, &field.example));
        let members: Vec<(&Arc<str>, &Json)> = shown.chain(known).collect();
        let mut others = members.iter().filter(|(known, value)| *known != key && is_number(value));
        let amount = |known: &str| {
            let role = self.lexicon.role(known, "").map(|(role, _)| role);
            role == Some(Role::Amount) && !self.is_total(known) && !self.lexicon.is_named("quantity", known)
        };
        let price = others.clone().find(|(known, _)| compact(known).ends_with("price"));
        let price = price.or_else(|| others.find(|(known, _)| amount(known)))?;
        let quantity = members
            .iter()
            .find(|(known, value)| self.lexicon.is_named("quantity", known) && *known != key && is_number(value))?;
        Some((Arc::clone(price.0), Arc::clone(quantity.0)))
    }

    fn is_total(&self, key: &str) -> bool {
        self.lexicon.is_named("sum-amount", key) || self.lexicon.is_named("amount-of-all", key)
    }

    /// `amount` of a booking that names one thing with a price, and no number of them.
    pub(in crate::behavior::collection) fn price_of_one(
        &self,
        at: usize,
        key: &Arc<str>,
        role: Role,
    ) -> Option<Source> {
        let collection = &self.collections[at];
        // `成交价` of an order is what the thing costs.
        let label = collection.field(key).map_or("", |field| label_head(&field.words));
        let is_total = self.is_total(key) || self.lexicon.is_nothing_but("deal-price", label);
        if role != Role::Amount || !is_total || self.sent[at].iter().any(|input| input.word == Role::Amount) {
            return None;
        }
        let mut priced = collection.references.iter().filter(|reference| !reference.many).filter_map(|reference| {
            let target = &self.collections[reference.collection];
            let price = target.fields.iter().find(|field| field.role == Role::Amount)?;
            Some(Source::ReferredField(
                reference.collection,
                Arc::clone(&reference.field),
                Some(Arc::clone(&price.key)),
            ))
        });
        let first = priced.next()?;
        priced.next().is_none().then_some(first)
    }
}
