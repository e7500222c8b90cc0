//! Where an endpoint leads whose title no status is called by, as its own remarks say: `寄养中才能接，接走后变待评价`.

use super::may_leave::sources;
use super::moves::{Move, names};
use super::sayings::said_status;
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose;
use crate::behavior::operation::said_moves::{clauses, turning};
use crate::behavior::{Confidence, Evidence, StatusValue};
use crate::json::Json;
use crate::lexicon::Verb;

impl Gathering<'_> {
    /// The move that the endpoint's own remarks tell of in the words of the statuses.
    pub(in crate::behavior::collection) fn own_turn(&self, at: usize, collection: &Collection) -> Option<Move> {
        let endpoint = self.endpoint(at);
        let verb = self.lexicon.verbs().verb(&endpoint.title, &self.nouns[at].words).map(|(name, _)| name);
        let sent = |machine: &&crate::behavior::Machine| !self.is_sent(at, &machine.field);
        prose::remarks(self.prose, endpoint).find_map(|note| {
            collection.machines.iter().filter(sent).find_map(|machine| {
                let named = |text: &str| -> Vec<&StatusValue> {
                    machine.values.iter().filter(|value| names(text, value, self.lexicon)).collect()
                };
                let (before, to) = clauses(&note.text).find_map(|clause| {
                    let (before, after) = turning(clause, verb, self.lexicon)?;
                    Some((before, said_status(after, machine, self.lexicon)?))
                })?;
                let mut from = named(before);
                if from.is_empty() {
                    // `寄养中才能接` in another clause.
                    let mut allowed = clauses(&note.text).filter(|clause| {
                        self.lexicon.allows(clause) && !self.lexicon.speaks_of("denial-of-deed", clause)
                    });
                    from = allowed
                        .find_map(|clause| Some(named(clause)).filter(|found| !found.is_empty()))
                        .unwrap_or_default();
                }
                from.retain(|value| value.value != to.value);
                let mut from: Vec<Json> = from.into_iter().map(|value| value.value.clone()).collect();
                if from.is_empty() {
                    from = sources(&Verb::default(), machine, to, &self.chooser.catalog.own[at], self.lexicon).0;
                }
                Some(Move {
                    field: machine.field.clone(),
                    to: to.value.clone(),
                    from,
                    cases: Vec::new(),
                    again: false,
                    because: Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely),
                })
            })
        })
    }
}
