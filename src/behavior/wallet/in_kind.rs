//! What is paid for a thing in points or times, where the thing says how many and a failure that they are too few:
//! `need_points: 30` of a voucher, `积分不足` of what takes one.
//!
//! In: endpoints that name a thing. Out: what they take of the caller's account, with the failure that says it is not there.

use super::{Wallet, is_short_of};
use crate::behavior::account::Field;
use crate::behavior::collection::ItemField;
use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::failure::Failure;
use crate::behavior::operation::split_words;
use crate::behavior::records::Records;
use crate::behavior::{Amount, Confidence, Evidence, RecordId};
use crate::lexicon::{Class, Operation, Role, compact, label_head};
use std::sync::Arc;

/// So much of a field of the account, and the failure that says that it is not there.
pub(super) struct InKind<'a> {
    pub(super) balance: Arc<str>,
    pub(super) amount: Amount,
    pub(super) short: &'a Failure,
    pub(super) because: Evidence,
}

impl Records<'_> {
    pub(super) fn in_kind(&self, wallet: &Wallet) -> Option<InKind<'_>> {
        let makes = matches!(
            self.operation(),
            Operation::Create | Operation::Save | Operation::Transition | Operation::Toggle | Operation::Answer
        );
        if !makes || wallet.deed(self.at).is_some_and(|deed| deed.moves.iter().any(|moved| moved.takes)) {
            return None;
        }
        let lexicon = self.gathering.lexicon;
        let mut short = self.failures().iter().filter(|failure| failure.classes.first() == Some(&Class::Insufficient));
        short.find_map(|short| {
            let known = ["points-name", "times-left"].into_iter().find_map(|topic| {
                let mut fields = self.gathering.accounts.fields.iter();
                let held = fields.find(|field| {
                    is_number(&field.initial)
                        && (lexicon.is_named(topic, &field.key)
                            || lexicon.is_nothing_but(topic, label_head(&field.words)))
                })?;
                lexicon.speaks_of(topic, &short.message).then_some((Some(topic), held))
            });
            // `绿豆不足` of an account's 绿豆.
            let called = || self.gathering.accounts.fields.iter().find(|field| is_short_of(field, &short.message));
            let (topic, held) = known.or_else(|| Some((None, called()?)))?;
            let (id, collection, field) = self.price_in_kind(topic, held)?;
            let whole = self.worked_out(|part| part.collection == collection && part.field == field);
            let amount =
                whole.unwrap_or_else(|| self.as_many(Amount::Of { collection, id, field: Arc::clone(&field) }));
            let text = format!("`{}`, and `{field}` says how many", short.message);
            let because = Evidence::new(text, short.place, Confidence::Likely);
            Some(InKind { balance: Arc::clone(&held.key), amount, short, because })
        })
    }

    /// So much for each, where an input says how many.
    pub(super) fn as_many(&self, amount: Amount) -> Amount {
        match self.quantity() {
            Some(input) => Amount::Times(Box::new(amount), input),
            None => amount,
        }
    }

    /// The field of a thing that an input names which says how many points or times it costs.
    fn price_in_kind(&self, topic: Option<&str>, held: &Field) -> Option<(RecordId, usize, Arc<str>)> {
        let lexicon = self.gathering.lexicon;
        let label = label_head(&held.words);
        let named = |topic: &str, field: &ItemField| {
            lexicon.is_named(topic, &field.key)
                || split_words(&field.key).iter().any(|word| lexicon.is_named(topic, word))
                || lexicon.speaks_of(topic, label_head(&field.words))
        };
        let own = self.on.map(|on| on.collection);
        let itself = self.on.and_then(|on| Some((on.id.clone()?, on.collection)));
        let inputs = (0..self.inputs().len())
            .filter_map(|input| Some((RecordId { input, via: None }, self.referred(input, own)?)));
        itself.into_iter().chain(inputs).find_map(|(id, collection)| {
            let field = self.collections[collection].fields.iter().find(|field| {
                let alike = || compact(&field.key) == compact(&held.key) || field.words.contains(label);
                topic.map_or_else(alike, |topic| named(topic, field))
                    && is_number(&field.example)
                    && !matches!(field.role, Role::Status | Role::RecordId)
                    && self.collections[collection].machine(&field.key).is_none()
            })?;
            Some((id, collection, Arc::clone(&field.key)))
        })
    }
}
