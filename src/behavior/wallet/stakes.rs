//! Money that somebody puts up with what they make: `赏金` of an errand, `押金` of a loan. It is taken from the balance when the record
//! is made, and given back when the record is cancelled.

use super::{Moved, Reading, Wallet};
use crate::behavior::account::Field;
use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::prose::remarks;
use crate::behavior::records::Records;
use crate::behavior::{Action, Amount, Confidence, Effect, Evidence, RecordId};
use crate::lexicon::{Class, Operation, Role, label_head};
use std::sync::Arc;

impl Reading<'_> {
    /// The input that says how much is put up.
    pub(super) fn put_up(&self, at: usize) -> Option<usize> {
        let is_stake = |label: &str, name: &str| {
            self.lexicon.is_named("put-up", name) || self.lexicon.ends_with("put-up", label_head(label))
        };
        self.data(at).find(|(_, input)| is_stake(&input.label, &input.name)).map(|(number, _)| number)
    }

    /// `余额不足` of what makes a record with an amount: so much is taken from the balance.
    pub(super) fn staked(&self, at: usize, fields: &[&Field]) -> Option<Moved> {
        if self.operations[at] != Operation::Create {
            return None;
        }
        let by_role = || self.data(at).find(|(_, input)| input.word == Role::Amount).map(|(number, _)| number);
        let input = self.put_up(at).or_else(by_role)?;
        let endpoint = self.endpoint(at);
        let envelope = self.set.envelope(endpoint);
        let rows = endpoint.codes.rows.iter().map(|row| (row.text.as_str(), row.place));
        let shown = endpoint.errors().filter_map(|example| {
            let (path, text) = envelope.message_of(&example.value)?;
            Some((text, example.place_of(path)))
        });
        let field = fields.iter().find(|field| self.is_called("balance", field) && self.is_quantity(field))?;
        let label = label_head(&field.words);
        let (text, place) = rows.chain(shown).find(|(text, _)| {
            let names = self.lexicon.speaks_of("purse", text) || (label.chars().count() > 1 && text.contains(label));
            names && self.lexicon.meaning(text).classes.contains(&Class::Insufficient)
        })?;
        let because = Evidence::new(format!("`{text}`"), place, Confidence::Likely);
        Some(Moved { field: Arc::clone(&field.key), takes: true, amount: Some(Amount::Input(input)), because })
    }
}

impl Records<'_> {
    /// `已支付的把钱退回余额` beside what cancels: what another deed took of the record's price goes back, if it was taken.
    pub(super) fn charged_back(&self, known: &[Effect]) -> Option<Effect> {
        let (gathering, lexicon) = (self.gathering, self.gathering.lexicon);
        let on = self.on.filter(|_| self.operation() == Operation::Transition)?;
        let id = on.id.clone()?;
        let records = &self.collections[on.collection];
        if known.iter().any(|effect| effect.action.moves_funds().is_some()) {
            return None;
        }
        let own = self.movement()?;
        let payers = gathering.groups.get(on.collection)?.endpoints.iter().filter(|at| **at != self.at);
        let (payer, amount, balance) = payers.copied().find_map(|at| {
            let payer = Records { at, balance: self.balance.clone(), on: Some(on), ..*self };
            let (_, amount, balance) = payer.charge(on, records)?;
            let paid = payer.movement()?;
            (paid.field == own.field && own.from.contains(&paid.to)).then_some((paid, amount, balance))
        })?;
        let field = gathering.accounts.field(&balance)?;
        let label = label_head(&field.words);
        let told = |text: &str| {
            let back = ["taken-back", "adds-funds", "gives-back"].iter().any(|topic| lexicon.speaks_of(topic, text));
            let money = ["balance", "money-word"].iter().any(|topic| lexicon.speaks_of(topic, text));
            back && (money || (label.chars().count() > 1 && text.contains(label)))
                && !lexicon.speaks_of("no-funds", text)
        };
        let (text, place) = remarks(gathering.prose, self.endpoint())
            .flat_map(|note| note.text.split(['。', '；', ';', '，', ',']).map(move |text| (text.trim(), note.place)))
            .find(|(text, _)| told(text))?;
        // Whatever comes after it was paid was paid, too, if this deed may leave it.
        let machine = records.machine(&own.field)?;
        let place_of = |value: &crate::json::Json| machine.values.iter().position(|known| known.value == *value);
        let paid = place_of(&payer.to);
        let after = own.from.iter().filter(|value| **value == payer.to || place_of(value) > paid);
        let unpaid = |value: &crate::json::Json| payer.from.contains(value);
        let values = after.filter(|value| !unpaid(value)).filter_map(|value| value.scalar_text());
        let values: Vec<String> = values.map(str::to_owned).collect();
        let action = Action::Settle {
            collection: on.collection,
            id,
            taker: false,
            amount,
            balance,
            takes: false,
            only: Some((own.field, values)),
            sent: None,
        };
        Some(Effect { action, because: Evidence::new(format!("`{text}`"), place, Confidence::Likely) })
    }

    /// What cancelling a record gives back of what was put up when it was made.
    pub(super) fn stakes_back(&self, wallet: &Wallet, known: &[Effect]) -> Vec<Effect> {
        let gathering = self.gathering;
        let Some((on, id)) = self.on.and_then(|on| Some((on, on.id.clone()?))) else { return Vec::new() };
        let records = &self.collections[on.collection];
        let verb = gathering.lexicon.verbs().verb(&self.endpoint().title, &gathering.nouns[self.at].words);
        let cancels = self.operation() == Operation::Transition && verb.is_some_and(|(name, _)| name == "cancel");
        if !cancels || known.iter().any(|effect| effect.action.moves_funds().is_some()) {
            return Vec::new();
        }
        let makers = gathering.makers(self.at, records).into_iter();
        let staked = makers.filter_map(|at| {
            let moved = wallet.deed(at)?.moves.iter().find(|moved| moved.takes)?;
            let Some(Amount::Input(input)) = moved.amount else { return None };
            let input = gathering.inputs[at].get(input)?;
            let field = key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
            let id: RecordId = id.clone();
            let amount = Amount::Of { collection: on.collection, id, field };
            let action = Action::AddFunds { amount, balance: Arc::clone(&moved.field), takes: false };
            Some(Effect { action, because: moved.because.clone() })
        });
        staked.take(1).collect()
    }
}
