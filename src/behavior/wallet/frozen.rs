//! Money that waits: `提交后金额从余额转到冻结`, `通过：冻结扣掉。驳回：冻结退回余额`. What asks for it takes it from the balance and
//! freezes it; what decides takes it out of what is frozen, and a refusal gives it back.

use super::{Deed, Moved, Reading, Wallet};
use crate::behavior::account::Field;
use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::prose::remarks;
use crate::behavior::records::Records;
use crate::behavior::{Action, Amount, CaseOf, Confidence, Effect, Evidence};
use crate::json::Json;
use crate::lexicon::Operation;
use std::sync::Arc;

/// An input with the values that it is sent for; none where nothing is chosen.
type Sent = Option<(usize, Vec<String>)>;

impl Reading<'_> {
    /// What a deed takes is frozen, where a line beside it says so.
    pub(super) fn freeze(&self, at: usize, fields: &[&Field], deed: &mut Deed) {
        let frozen = fields.iter().find(|field| self.is_called("frozen-funds", field) && self.is_quantity(field));
        let Some(frozen) = frozen.filter(|frozen| deed.moves.iter().all(|moved| moved.field != frozen.key)) else {
            return;
        };
        let told = self.remarks(at).find(|note| self.lexicon.speaks_of("frozen-funds", &note.text));
        // `金额从余额转入冻结` of what takes money out adds nothing to the balance.
        if told.is_some() && self.titled(at, "withdraws") {
            deed.moves.iter_mut().for_each(|moved| moved.takes = true);
        }
        let taken = deed.moves.iter().find(|moved| moved.takes).and_then(|moved| moved.amount.clone());
        if let Some((amount, note)) = taken.zip(told) {
            let because = Evidence::new(format!("`{}`", note.text.trim()), note.place, Confidence::Likely);
            let field = Arc::clone(&frozen.key);
            deed.moves.push(Moved { field, takes: false, amount: Some(amount), because });
        }
    }
}

impl Records<'_> {
    /// What becomes of what its maker has taken and frozen.
    pub(super) fn decided(&self, wallet: &Wallet) -> Vec<Effect> {
        let gathering = self.gathering;
        let lexicon = gathering.lexicon;
        let on = self.on.filter(|_| self.operation() == Operation::Transition);
        let Some((on, id)) = on.and_then(|on| Some((on, on.id.clone()?))) else { return Vec::new() };
        let (collection, records) = (on.collection, &self.collections[on.collection]);
        let Some(maker) = gathering.makers(self.at, records).first().copied() else { return Vec::new() };
        let Some(deed) = wallet.deed(maker) else { return Vec::new() };
        let Some(taken) = deed.moves.iter().find(|moved| moved.takes) else { return Vec::new() };
        let Some(Amount::Input(input)) = taken.amount else { return Vec::new() };
        let frozen = deed.moves.iter().find(|moved| !moved.takes && moved.amount == taken.amount);
        let (Some(input), Some(movement)) = (gathering.inputs[maker].get(input), self.movement()) else {
            return Vec::new();
        };
        let Some(machine) = records.machine(&movement.field) else { return Vec::new() };
        let withdraws = lexicon.speaks_of("withdraws", &gathering.set.endpoints[maker].title);
        if frozen.is_none() && !withdraws {
            return Vec::new();
        }
        let goes_back = remarks(gathering.prose, self.endpoint())
            .find(|note| ["paid-back", "taken-back"].iter().any(|topic| lexicon.speaks_of(topic, &note.text)));
        let Some(because) = frozen.map(|moved| moved.because.clone()).or_else(|| {
            goes_back.map(|note| Evidence::new(format!("`{}`", note.text.trim()), note.place, Confidence::Likely))
        }) else {
            return Vec::new();
        };
        let refuses =
            |to: &Json| machine.known(to).is_some_and(|value| lexicon.speaks_of("refused-outcome", &value.words));
        let mut outcomes: Vec<(bool, Sent)> = Vec::new();
        for case in &movement.cases {
            if let CaseOf::Input { input, values, .. } = &case.of {
                outcomes.push((refuses(&case.to), Some((*input, values.clone()))));
            }
        }
        if outcomes.is_empty() {
            outcomes.push((refuses(&movement.to), None));
        }
        let amount = key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
        let settle = |field: &Arc<str>, takes: bool, sent: &Sent| Effect {
            action: Action::Settle {
                collection,
                id: id.clone(),
                taker: false,
                amount: Arc::clone(&amount),
                balance: Arc::clone(field),
                takes,
                only: None,
                sent: sent.clone(),
            },
            because: because.clone(),
        };
        let mut effects = Vec::new();
        for (refused, sent) in &outcomes {
            effects.extend(frozen.map(|moved| settle(&moved.field, true, sent)));
            if *refused {
                effects.push(settle(&taken.field, false, sent));
            }
        }
        effects
    }
}
