//! What a new record costs and is paid for at once: `直接从余额扣`, `余额不足` of what makes a booking; and what cancelling gives back.
//!
//! In: collections whose new records come to a sum. Out: effects on the caller's balance, and the demand that there is enough. What
//! is paid by another deed (`去支付`) is not paid at once.

use super::Wallet;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::failure::Failure;
use crate::behavior::records::Records;
use crate::behavior::{Action, Amount, Confidence, Demand, Effect, Evidence};
use crate::lexicon::{Class, Operation, label_head};
use std::sync::Arc;

impl Records<'_> {
    /// The demand that the balance covers what the new record comes to.
    pub(super) fn costs_too_much(&self, wallet: &Wallet) -> Option<Demand> {
        let (amount, _) = self.at_once(wallet)?;
        Some(Demand::Funds { amount, balance: self.balance.clone()? })
    }

    /// Whether a failure says that there is too little money, and not too few of something.
    pub(super) fn is_of_purse(&self, failure: &Failure) -> bool {
        let label = self.balance.clone().and_then(|key| self.gathering.accounts.field(&key));
        let label = label.map_or("", |field| label_head(&field.words));
        self.gathering.lexicon.speaks_of("purse", failure.says())
            || (label.chars().count() > 1 && failure.message.contains(label))
    }

    /// What making a record takes, or undoing it gives back.
    pub(super) fn paid_at_once(&self, wallet: &Wallet, known: &[Effect]) -> Option<Effect> {
        let balance = self.balance.clone()?;
        if known.iter().any(|effect| effect.action.moves_funds().is_some()) {
            return None;
        }
        if let Some((amount, because)) = self.at_once(wallet) {
            return Some(Effect { action: Action::AddFunds { amount, balance, takes: true }, because });
        }
        let on = self.on.filter(|_| self.operation() == Operation::Transition)?;
        let id = on.id.clone()?;
        let records = &self.collections[on.collection];
        let because = self.gives_money_back()?;
        let makers = self.gathering.makers(self.at, records);
        makers
            .into_iter()
            .find(|at| Records { at: *at, balance: self.balance.clone(), ..*self }.at_once(wallet).is_some())?;
        let field = Arc::clone(&records.sums.as_ref()?.due);
        let amount = Amount::Of { collection: on.collection, id, field };
        Some(Effect { action: Action::AddFunds { amount, balance, takes: false }, because })
    }

    /// What making a record takes from the caller's balance: what it comes to.
    fn at_once(&self, wallet: &Wallet) -> Option<(Amount, Evidence)> {
        let on = self.on.filter(|_| self.operation() == Operation::Create)?;
        let records = &self.collections[on.collection];
        let balance = self.balance.clone()?;
        records.sums.as_ref().filter(|sums| sums.one.is_some() && records.relation.is_none())?;
        let moved =
            |at: usize| wallet.deed(at).is_some_and(|deed| deed.moves.iter().any(|known| known.field == balance));
        if moved(self.at) || self.is_paid_later() {
            return None;
        }
        let short =
            |failure: &&Failure| failure.classes.first() == Some(&Class::Insufficient) && self.is_of_purse(failure);
        let refused = self.failures().iter().find(short).map(|failure| (failure.message.as_str(), failure.place));
        let lexicon = self.gathering.lexicon;
        let takes = |text: &str| {
            let moves = lexicon.speaks_of("takes-funds", text) && lexicon.speaks_of("purse", text);
            moves && !lexicon.speaks_of("no-funds", text) && !lexicon.speaks_of("funds-if", text)
        };
        let notes = remarks(self.gathering.prose, self.endpoint());
        let mut said = notes.flat_map(|note| sentences(&note.text).map(move |text| (text, note.place)));
        let (text, place) = said.find(|(text, _)| takes(text)).or(refused)?;
        let because = Evidence::new(format!("`{}`", text.trim()), place, Confidence::Likely);
        Some((Amount::Made { collection: on.collection, fields: self.kept(records) }, because))
    }

    /// Whether another deed pays, or a new record waits for being paid.
    fn is_paid_later(&self) -> bool {
        let Some(on) = self.on else { return false };
        let (gathering, lexicon) = (self.gathering, self.gathering.lexicon);
        let group = gathering.groups.get(on.collection);
        let pays = |at: &usize| {
            let title = &gathering.set.endpoints[*at].title;
            let verb = lexicon.verbs().verb(title, &gathering.nouns[*at].words);
            gathering.operations[*at] == Operation::Transition && verb.is_some_and(|(name, _)| name == "pay")
        };
        let waits = self.collections[on.collection].machines.iter().any(|machine| {
            let first = machine.values.iter().find(|value| value.value == machine.initial);
            let unpaid = |words: &str| lexicon.verbs().leaves("pay", label_head(words));
            first.is_some_and(|value| unpaid(&value.words))
        });
        waits || group.is_some_and(|group| group.endpoints.iter().any(pays))
    }

    /// The sentence, or the success, that says that undoing gives the money back.
    fn gives_money_back(&self) -> Option<Evidence> {
        let lexicon = self.gathering.lexicon;
        // `实付退回余额，券不退`: each clause speaks for itself, and what comes back may be no money.
        let money = |text: &str| {
            ["purse", "money-word", "payable"].iter().any(|topic| lexicon.speaks_of(topic, text))
                || !["voucher-like", "stock", "points-name"].iter().any(|topic| lexicon.speaks_of(topic, text))
        };
        let back = |text: &str| lexicon.speaks_of("paid-back", text) && !lexicon.speaks_of("no-funds", text);
        let says = |text: &str| text.split([',', '，', '、']).any(|clause| back(clause) && money(clause));
        let envelope = self.gathering.set.envelope(self.endpoint());
        let notes = remarks(self.gathering.prose, self.endpoint());
        let notes = notes.flat_map(|note| sentences(&note.text).map(move |text| (text, note.place)));
        let shown = self.endpoint().successes().filter_map(|example| {
            let (_, text) = envelope.message_of(&example.value)?;
            Some((text, example.place))
        });
        let title = (self.endpoint().title.as_str(), self.endpoint().title_place.unwrap_or(self.endpoint().place));
        let (text, place) = notes.chain(shown).chain([title]).find(|(text, _)| says(text))?;
        Some(Evidence::new(format!("`{}`", text.trim()), place, Confidence::Likely))
    }
}
