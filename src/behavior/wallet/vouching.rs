//! Vouchers that are used for what is ordered: once, in time, for enough; and had again where the order is cancelled.
//!
//! In: endpoints that make records and name a voucher, or cancel such. Out: demands with the failures that say so.

use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::sums::voucher::{Voucher, voucher};
use crate::behavior::collection::{Collection, ItemField, OnRecords, RecordId, Used};
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Demand, Off, Side};
use crate::lexicon::{Operation, Role, Verb};
use std::sync::Arc;

impl Records<'_> {
    /// The input that names a voucher to be used for what is ordered, its collection, and what makes it one.
    pub(in crate::behavior) fn voucher(&self) -> Option<(usize, usize, Voucher)> {
        let own = self.on.filter(|_| self.operation() == Operation::Create || self.pays())?.collection;
        let inputs = self.inputs().iter().enumerate().filter(|(_, input)| !input.required);
        inputs.map(|(at, _)| at).find_map(|input| {
            let collection = self.referred(input, Some(own))?;
            Some((input, collection, voucher(&self.collections[collection], self.gathering.lexicon)?))
        })
    }

    /// `支付订单`, where a voucher can be named when something is paid, not when it is ordered.
    fn pays(&self) -> bool {
        let title = &self.endpoint().title;
        let verb = || self.gathering.lexicon.verbs().verb(title, &self.gathering.nouns[self.at].words);
        self.operation() == Operation::Transition && verb().is_some_and(|(name, _)| name == "pay")
    }

    /// The voucher that is named is used.
    pub(in crate::behavior) fn using(&self) -> Option<Action> {
        let (input, collection, Voucher { status, used, .. }) = self.voucher()?;
        Some(Action::UseVoucher { collection, input, status, used })
    }

    /// What a voucher takes off what is paid, and the field that shows what that leaves.
    pub(in crate::behavior) fn taken_off(&self, records: &Collection, amount: &str) -> (Option<Off>, Option<Arc<str>>) {
        let lexicon = self.gathering.lexicon;
        if !self.pays() {
            return (None, None);
        }
        let voucher = self.voucher();
        let off = voucher.map(|(input, collection, voucher)| Off { collection, input, worth: voucher.worth });
        let shown = crate::behavior::collection::items::shape::item_shown(self.gathering.set, self.endpoint(), lexicon);
        let is_paid = |field: &&ItemField| {
            *field.key != *amount
                && shown.iter().any(|(key, _)| *key == field.key)
                && crate::behavior::collection::items::example_forms::is_number(&field.example)
                && (lexicon.is_named("payable", &field.key) || lexicon.speaks_of("payable", &field.words))
        };
        (off, records.fields.iter().find(is_paid).map(|field| Arc::clone(&field.key)))
    }

    /// A voucher is used once, before it ends, and for what comes to enough.
    pub(in crate::behavior) fn vouched(&self, wishes: &mut Vec<Wish>) {
        let (Some(on), Some((input, collection, voucher))) = (self.on, self.voucher()) else { return };
        let known = &self.collections[collection];
        let told = |topic: &str| self.voucher_failure(known, topic);
        // One that is not there cannot be used, either.
        let unnamed = wishes
            .iter_mut()
            .find(|(demand, _, only)| *demand == Demand::Referenced { collection, input } && only.is_none());
        if let Some((_, _, only)) = unnamed.filter(|_| !self.says_missing(collection, &self.inputs()[input])) {
            *only = told("voucher-not-had");
        }
        let id = RecordId { input, via: None };
        // What is over is told apart from what is used, where the documents have words for it.
        let late = known.machine(&voucher.status).and_then(|machine| {
            let lexicon = self.gathering.lexicon;
            machine.values.iter().find(|value| lexicon.speaks_of("has-ended", &value.words))
        });
        if let Some(late) = late.filter(|_| self.says_of_voucher(known, "has-ended").is_some()) {
            let mut from = voucher.unused.clone();
            from.push(voucher.used.clone());
            from.retain(|value| *value != late.value);
            let demand = Demand::InState { collection, id: id.clone(), field: Arc::clone(&voucher.status), from };
            wishes.push((demand, self.because("a voucher has an end"), told("has-ended")));
        }
        let demand = Demand::InState { collection, id: id.clone(), field: voucher.status, from: voucher.unused };
        wishes.push((demand, self.because("a voucher is used once"), told("voucher-used")));
        let dated = self.says_of_voucher(known, "has-ended").and_then(|said| Some((said, self.end_of(known)?)));
        if let Some((said, end)) = dated {
            let (field, side) = (Arc::clone(&end.key), Side::Until);
            let demand = Demand::Timely { collection, id, through: None, field, side, lead_ms: 0 };
            wishes.push((demand, self.because("a voucher has an end"), Some(said)));
        }
        if let Some(least) = voucher.least.filter(|_| self.operation() == Operation::Create) {
            let fields = self.kept(&self.collections[on.collection]);
            let lines = self.lines().map(Box::new);
            let demand = Demand::Worth { collection: on.collection, fields, voucher: collection, input, least, lines };
            let because = self.because("a voucher says from which sum on it can be used");
            wishes.push((demand, because, told("voucher-too-little")));
        }
    }

    /// The field of when a voucher ends.
    fn end_of<'c>(&self, vouchers: &'c Collection) -> Option<&'c ItemField> {
        let lexicon = self.gathering.lexicon;
        vouchers.fields.iter().find(|field| {
            let ends = lexicon.is_named("ends-at", &field.key) || lexicon.speaks_of("ends-at", &field.words);
            ends && field.role == Role::Time && vouchers.time_form(field).is_some()
        })
    }

    /// The failure that says this of a voucher.
    fn says_of_voucher(&self, vouchers: &Collection, topic: &str) -> Option<Failure> {
        let said = |failure: &&Failure| self.gathering.lexicon.speaks_of(topic, failure.says());
        self.of_vouchers(vouchers).find(said).cloned()
    }

    /// What says so, else what says that a voucher cannot be used, else the only failure that speaks of vouchers.
    fn voucher_failure(&self, vouchers: &Collection, topic: &str) -> Option<Failure> {
        let of_any = |topic: &str| {
            let lexicon = self.gathering.lexicon;
            self.failures().iter().find(|failure| lexicon.speaks_of(topic, failure.says())).cloned()
        };
        let only = || {
            let mut all = self.of_vouchers(vouchers);
            all.next().filter(|_| all.next().is_none()).cloned()
        };
        self.says_of_voucher(vouchers, topic).or_else(|| of_any("unusable")).or_else(only)
    }

    fn of_vouchers<'c>(&'c self, vouchers: &'c Collection) -> impl Iterator<Item = &'c Failure> {
        let lexicon = self.gathering.lexicon;
        self.failures().iter().filter(move |failure| {
            let message = &failure.message;
            let named = || vouchers.titles.iter().any(|title| message.contains(title.as_str()));
            lexicon.speaks_of("voucher-like", message) || lexicon.speaks_of("voucher-too-little", message) || named()
        })
    }

    /// What cancelling a record gives back of the voucher that making it used, if anything says so.
    pub(in crate::behavior) fn returned(
        &self,
        on: &OnRecords,
        records: &Collection,
        maker: usize,
        cancel: &Verb,
    ) -> Option<Action> {
        let gathering = self.gathering;
        let lexicon = gathering.lexicon;
        let deeds = gathering.deeds(self.at, cancel);
        let says = |at: usize| {
            let (mut deed, mut thing) = (at == self.at, false);
            gathering.clauses(at).any(|clause| {
                deed |= deeds.iter().any(|deed| clause.contains(deed));
                let names = lexicon.speaks_of("voucher-like", clause);
                let again = lexicon.speaks_of("gives-back", clause) || lexicon.speaks_of("voucher-again", clause);
                // `取消后券退回`, `取消的话券不退,不能再用`
                let found = deed && again && (names || thing) && !lexicon.speaks_of("voucher-lost", clause);
                thing = names;
                found
            })
        };
        if !says(self.at) && !says(maker) {
            return None;
        }
        let records_of = Records { at: maker, balance: None, on: Some(on), ..*self };
        let (input, collection, voucher) = records_of.voucher()?;
        let name = &gathering.inputs[maker][input];
        let reference = key_for(records, name).unwrap_or_else(|| Arc::clone(&name.name));
        let used = Used { reference, collection, status: voucher.status, unused: voucher.unused.first()?.clone() };
        Some(Action::ReturnVoucher { collection: on.collection, id: on.id.clone()?, used })
    }
}
