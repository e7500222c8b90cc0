//! What is gathered before it is ordered: a cart, a list of picks, whatever it is called.
//!
//! In: the collections with what they refer to. Out: which of them are baskets, and which endpoints make orders of one. A
//! basket goes by its name, or by its shape: its owner's, each record a number of one thing that has a price, and beside it
//! an order that names no such thing itself.

use super::price_of;
use super::voucher::voucher;
use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::collection::items::gather::{Gathering, key_for};
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, ItemField};
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};

/// Records that gather what is to be ordered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basket {
    /// The endpoints that make orders of it.
    pub orders: Vec<usize>,
}

/// The field of how many a line of a basket has.
pub(in crate::behavior::collection) fn number<'c>(line: &'c Collection, lexicon: &Lexicon) -> Option<&'c ItemField> {
    // `amount` can be how many, and how much money.
    let mut fields = line.fields.iter().filter(|field| field.role != Role::Amount);
    let named = fields.clone().find(|field| lexicon.is_named("quantity", &field.key));
    named.or_else(|| fields.find(|field| lexicon.is_nothing_but("quantity", label_head(&field.words))))
}

/// A collection that may be a basket, and that of the things in it.
struct Candidate {
    at: usize,
    things: Option<usize>,
    is_called: bool,
}

impl Gathering<'_> {
    /// Finds the baskets, once it is known what refers to what and whose it is.
    pub(in crate::behavior::collection) fn find_baskets(&self, groups: &[Group], all: &mut [Collection]) {
        let candidates: Vec<Candidate> =
            groups.iter().enumerate().filter_map(|(at, group)| self.candidate(at, group, all)).collect();
        if candidates.is_empty() {
            return;
        }
        let makers = || {
            groups.iter().enumerate().flat_map(|(at, group)| {
                let makers = group.endpoints.iter().filter(|maker| self.operations[**maker] == Operation::Create);
                makers.map(move |maker| (at, *maker))
            })
        };
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (at, maker) in makers() {
            if all[at].relation.is_some() || candidates.iter().any(|known| known.at == at) {
                continue;
            }
            let source = candidates.iter().find(|known| self.is_made_of(maker, at, known, all));
            found.extend(source.map(|known| (known.at, maker)));
        }
        for candidate in candidates {
            let of_it = found.iter().filter(|(at, _)| *at == candidate.at).map(|(_, maker)| *maker);
            let orders: Vec<usize> = of_it.collect();
            if candidate.is_called || !orders.is_empty() {
                all[candidate.at].basket = Some(Basket { orders });
            }
        }
    }

    fn candidate(&self, at: usize, group: &Group, all: &[Collection]) -> Option<Candidate> {
        let lexicon = self.lexicon;
        let collection = &all[at];
        // `结算购物车` makes orders, which go through statuses.
        let goes_through = collection.machines.iter().any(|machine| machine.values.len() > 2);
        let is_other = collection.relation.is_some() || collection.recipient.is_some() || collection.taker.is_some();
        if goes_through || !collection.private || is_other {
            return None;
        }
        let called = collection.names.iter().any(|name| lexicon.is_named("basket", name))
            || collection.titles.iter().any(|title| lexicon.speaks_of("basket", title));
        let priced =
            |things: &Collection| !things.private && price_of(things).is_some() && voucher(things, lexicon).is_none();
        let mut things = collection.references.iter().filter(|known| !known.many && priced(&all[known.collection]));
        let named = things.next().filter(|_| things.next().is_none()).map(|known| known.collection);
        let is_done = |at: &usize| matches!(self.operations[*at], Operation::Detail | Operation::Transition);
        let puts = |at: &usize| matches!(self.operations[*at], Operation::Create | Operation::Save);
        let gathers = group.endpoints.iter().any(puts)
            && !group.endpoints.iter().any(is_done)
            && number(collection, lexicon).is_some();
        let things = named.filter(|_| collection.owned && gathers && voucher(collection, lexicon).is_none());
        (called || things.is_some()).then_some(Candidate { at, things, is_called: called })
    }

    /// Whether the records that an endpoint makes are made of what a basket holds.
    fn is_made_of(&self, maker: usize, at: usize, basket: &Candidate, all: &[Collection]) -> bool {
        let lexicon = self.lexicon;
        let endpoint = self.endpoint(maker);
        let named = self.naming(maker, &all[at], basket.at).is_some();
        let failures = || self.chooser.catalog.own[maker].iter().map(|failure| &*failure.message);
        let texts = || {
            let notes = remarks(self.prose, endpoint).map(|note| note.text.as_str());
            [endpoint.title.as_str()].into_iter().chain(notes).chain(failures())
        };
        let names_things = || {
            let mut keys = self.inputs[maker].iter().filter_map(|input| key_for(&all[at], input));
            keys.any(|key| {
                all[at].reference(&key).is_some_and(|known| {
                    all[basket.at].references.iter().any(|other| other.collection == known.collection)
                })
            })
        };
        if basket.is_called {
            return named || (texts().any(|text| lexicon.speaks_of("basket", text)) && !names_things());
        }
        let Some(things) = basket.things else { return false };
        if names_things() || self.sent_lines(maker, at, all).is_some() {
            return false;
        }
        let lined = self.form(at, all, things).is_some();
        let sent =
            |field: &ItemField| self.inputs[maker].iter().any(|input| compact(&input.name) == compact(&field.key));
        let mut free = all[at].fields.iter().filter(|field| is_number(&field.example) && !sent(field));
        let summed = free.any(|field| field.role == Role::Amount);
        // A rating or a bill of what was gathered shows neither.
        if !lined && !summed {
            return false;
        }
        let titles = &all[basket.at].titles;
        let told = || texts().any(|text| titles.iter().any(|title| is_telling(title) && text.contains(title.as_str())));
        let empty = || failures().any(|text| lexicon.speaks_of("nothing-to-order", text));
        named || lined || told() || empty()
    }

    /// The input of an endpoint that names records of a basket.
    pub(in crate::behavior::collection) fn naming(
        &self,
        maker: usize,
        records: &Collection,
        basket: usize,
    ) -> Option<usize> {
        self.inputs[maker].iter().position(|input| {
            let key = key_for(records, input).unwrap_or_else(|| input.name.clone());
            records.reference(&key).is_some_and(|known| known.collection == basket)
        })
    }
}

/// A title of one character stands in too many words.
fn is_telling(title: &str) -> bool {
    title.chars().nth(1).is_some()
}
