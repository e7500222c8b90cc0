//! Stock that is not taken when a record is made but by a deed on it: `付款成功以后停车场的 left 减 1`.
//!
//! In: the remarks about the deeds on a record, and those about what makes it. Out: the deed that takes, and how a record stands from
//! which nothing has been taken yet.

use crate::behavior::collection::prose::{remarks, words};
use crate::behavior::collection::{Collection, ItemField, OnRecords};
use crate::behavior::records::Records;
use crate::behavior::{Action, Stock};
use crate::json::Json;
use crate::lexicon::{Operation, compact, label_head};
use std::sync::Arc;

/// The statuses of a record of which nothing has been taken.
pub(in crate::behavior) type NotYet = Option<(Arc<str>, Vec<Json>)>;

impl Records<'_> {
    /// The deed on what this endpoint makes that takes of the stock, where words say that it is not taken at once.
    pub(in crate::behavior) fn taken_later(&self, stock: &Stock, records: &Collection) -> Option<(usize, NotYet)> {
        let own = self.on?.collection;
        self.worked_out.later.of(self.at, own, || self.find_taker(own, stock, records))
    }

    fn find_taker(&self, own: usize, stock: &Stock, records: &Collection) -> Option<(usize, NotYet)> {
        let field = self.collections[stock.collection].field(&stock.field)?;
        let gathering = self.gathering;
        let at_once = |text: &str| self.takes_stock(text, field) && !gathering.lexicon.speaks_of("once-done", text);
        if self.operation() != Operation::Create || self.told_of(self.at).any(at_once) {
            return None;
        }
        let group = gathering.groups.get(own)?;
        let deeds = group.endpoints.iter().copied().filter(|at| gathering.operations[*at] == Operation::Transition);
        let found = deeds.into_iter().find(|at| self.told_of(*at).any(|text| self.takes_stock(text, field)))?;
        let movement = gathering.movement(found, records);
        Some((found, movement.map(|movement| (movement.field, movement.from))))
    }

    /// Whether it is said that the endpoint takes from a field of a collection.
    pub(in crate::behavior) fn says_of_stock(&self, collection: usize, field: &str) -> bool {
        let field = self.collections[collection].field(field);
        field.is_some_and(|field| self.told_of(self.at).any(|text| self.takes_stock(text, field)))
    }

    /// Whether it is said that what is put into a basket is taken at once.
    pub(in crate::behavior) fn says_taken(&self, basket: &Collection) -> bool {
        let mut things = basket.references.iter().flat_map(|known| &self.collections[known.collection].fields);
        things.any(|field| self.told_of(self.at).any(|text| self.takes_stock(text, field)))
    }

    pub(in crate::behavior) fn told_of(&self, at: usize) -> impl Iterator<Item = &str> {
        let gathering = self.gathering;
        let notes = remarks(gathering.prose, &gathering.set.endpoints[at]);
        notes.flat_map(|note| note.text.split([',', '，', ';', '；', '。']))
    }

    /// Whether a clause says that a stock grows less: by its key, its label or a word for it.
    pub(in crate::behavior) fn takes_stock(&self, clause: &str, field: &ItemField) -> bool {
        let lexicon = self.gathering.lexicon;
        let label = label_head(&field.words);
        let named = words(clause).any(|word| compact(word) == compact(&field.key))
            || (label.chars().count() > 1 && clause.contains(label))
            || lexicon.speaks_of("stock", clause);
        named
            && lexicon.speaks_of("takes-stock", clause)
            && !["stock-taken-before", "gives-back"].iter().any(|topic| lexicon.speaks_of(topic, clause))
    }

    /// The maker of what a deed is done to whose stock the deed takes, with what it takes.
    fn takes_for(&self, records: &Collection) -> Option<(Records<'_>, Stock)> {
        if self.operation() != Operation::Transition {
            return None;
        }
        self.gathering.makers(self.at, records).into_iter().find_map(|at| {
            let maker = Records { at, balance: None, ..*self };
            let stock = maker.stock().filter(|stock| stock.line.is_none())?;
            let (deed, _) = maker.taken_later(&stock, records)?;
            (deed == self.at).then_some((maker, stock))
        })
    }

    /// What such a deed takes.
    pub(in crate::behavior) fn takes_away(&self, on: &OnRecords, records: &Collection) -> Option<Action> {
        let id = on.id.clone()?;
        let (maker, stock) = self.takes_for(records)?;
        let taken = maker.taken_of(stock, records)?;
        Some(Action::TakeAway { collection: on.collection, id, taken })
    }
}
