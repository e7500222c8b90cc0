//! Parameters of which one at least has to be there: `两个都选填，但至少传一个，都没传返回 1001`.
//!
//! In: the remarks on an endpoint and the words beside its parameters. Out: a demand, and the failure if the words name its code.

use crate::behavior::infer::SetWide;
use crate::behavior::{Confidence, Demand, Evidence, Failure, Input, collection};
use crate::lexicon::{Operation, Role, label_head};
use crate::spec::In;

impl SetWide<'_> {
    pub(in crate::behavior) fn some_of(&self, at: usize) -> Option<(Demand, Evidence, Option<Failure>)> {
        let endpoint = &self.set.endpoints[at];
        let inputs = &self.inputs[at];
        if matches!(self.kinds[at], Operation::Login | Operation::List) {
            return None;
        }
        let free = |input: &Input| {
            let plain =
                !matches!(input.word, Role::Token | Role::Page | Role::PageSize | Role::RecordId | Role::UserId);
            !input.required && !input.discriminates && !input.routes && input.location != In::Header && plain
        };
        let optional: Vec<usize> = (0..inputs.len()).filter(|input| free(&inputs[*input])).collect();
        if optional.len() < 2 {
            return None;
        }
        let remarks = collection::prose::remarks(self.prose, endpoint).map(|note| (note.text.clone(), note.place));
        let lines = endpoint.params.iter().map(|param| (param.all_words(), param.place));
        for (text, place) in remarks.chain(lines) {
            let told = collection::prose::sentences(&text).find(|text| self.lexicon.speaks_of("at-least-one", text));
            let Some(sentence) = told else { continue };
            let is_named = |input: &&usize| {
                let input = &inputs[**input];
                let label = label_head(&input.label);
                let by_label = label.chars().count() > 1 && sentence.contains(label);
                by_label || collection::prose::words(sentence).any(|word| *word == *input.name)
            };
            let named: Vec<usize> = optional.iter().filter(is_named).copied().collect();
            let some = match named.len() {
                0 => optional.clone(),
                // `标签至少选一个` is about one list.
                1 => continue,
                _ => named,
            };
            let own = self.catalog.own[at].iter().chain(&self.catalog.shared);
            let coded = own
                .filter(|failure| failure.code.len() > 1)
                .find(|failure| collection::prose::words(sentence).any(|word| word == &*failure.code));
            let because = Evidence::new(sentence, place, Confidence::Certain);
            return Some((Demand::PresentSome(some), because, coded.cloned()));
        }
        None
    }
}
