//! What the system writes beside what a call asks for: notices for somebody, entries of a ledger, counts of deeds.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::{Collection, OnRecords};
use crate::behavior::wallet::ledgers::{self, Ledger};
use crate::behavior::{Action, Effect, notices};
use crate::json::Json;
use std::collections::HashMap;
use std::sync::Arc;

pub(in crate::behavior) struct Written {
    /// By endpoints.
    effects: HashMap<usize, Vec<Effect>>,
    ledgers: Vec<Ledger>,
    /// What the endpoints are called.
    titles: Vec<String>,
}

impl Written {
    pub(in crate::behavior) fn new(
        gathering: &Gathering<'_>,
        collections: &mut [Collection],
        on_records: &[Option<OnRecords>],
    ) -> Self {
        let mut effects = notices::notices(gathering, collections, on_records);
        for (at, fines) in crate::behavior::wallet::fines::fines(gathering, collections, on_records) {
            effects.entry(at).or_default().extend(fines);
        }
        for (at, gifts) in crate::behavior::wallet::gifts::gifts(gathering, collections) {
            effects.entry(at).or_default().extend(gifts);
        }
        let titles = gathering.set.endpoints.iter().map(|known| ledgers::title(&known.title)).collect();
        Self { effects, ledgers: ledgers::ledgers(gathering, collections), titles }
    }

    /// What follows from an endpoint's other effects comes after them.
    pub(in crate::behavior) fn add_to(&self, effects: &mut Vec<Effect>, at: usize, collections: &[Collection]) {
        let moved: Vec<Arc<str>> = effects.iter().filter_map(|effect| effect.action.enters()).cloned().collect();
        for ledger in self.ledgers.iter().filter(|ledger| moved.contains(&ledger.of)) {
            let because = collections[ledger.collection].because.clone();
            let mut ledger = ledger.clone();
            if let Some((field, title)) = ledger.titled.clone().zip(self.titles.get(at)) {
                ledger.words.retain(|(key, ..)| *key != field);
                ledger.words.push((field, Json::string(title.as_str()), Json::string(title.as_str())));
            }
            // What was paid comes back with what it was paid for.
            let undone = |at: usize| {
                let moved =
                    |action: &Action| matches!(action, Action::MoveRecords { collection, .. } if *collection == at);
                effects.iter().any(|effect| moved(&effect.action))
            };
            let back = effects.iter().filter_map(|effect| effect.action.pays_back()).any(undone);
            let returned = |(field, come, gone): &(Arc<str>, Json, Json)| {
                let paid_back = ledger.paid_back(field).filter(|_| back);
                (Arc::clone(field), paid_back.unwrap_or_else(|| come.clone()), gone.clone())
            };
            ledger.kinds = ledger.kinds.iter().map(returned).collect();
            for (field, value) in self.titles.get(at).map(|title| ledger.of_deed(title, back)).unwrap_or_default() {
                ledger.words.retain(|(key, ..)| *key != field);
                ledger.words.push((field, value.clone(), value));
            }
            effects.push(Effect { action: Action::Enter(Box::new(ledger)), because });
        }
        let makes = effects
            .iter()
            .any(|effect| matches!(effect.action, Action::CreateAccount { .. } | Action::EnsureAccount { .. }));
        let besides = self.effects.get(&at).into_iter().flatten();
        effects.extend(besides.filter(|effect| makes || !matches!(effect.action, Action::Give { .. })).cloned());
    }
}
