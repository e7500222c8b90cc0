//! What a caller has to have done first: `请先选择自提点`, `请先完成实名认证`, `请先添加收货地址`.
//!
//! In: the failures of an endpoint's own. Out: a demand on the caller's account, or that the caller has a record of some kind.

use crate::behavior::collection::Holding;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::sides::holding::holdings;
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Auth, Confidence, Demand, Evidence, Prior};
use crate::lexicon::{Class, Operation, label_head};
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn first(&self, wishes: &mut Vec<Wish>) {
        let reads = matches!(self.operation(), Operation::Detail | Operation::List | Operation::Count);
        if reads || self.gathering.auths[self.at] != Auth::Required {
            return;
        }
        for failure in self.failures() {
            let known = wishes.iter().any(|wish| wish.2.as_ref().is_some_and(|other| other.message == failure.message));
            if known || !self.says_first(failure) || self.least_held(failure).is_some() {
                continue;
            }
            if let Some(prior) = self.prior(failure) {
                let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
                wishes.push((Demand::Prior(prior), because, Some(failure.clone())));
            }
        }
    }

    /// `未购买该课程`, `购买后才能评价`: the caller has what is named by a record of another collection.
    pub(in crate::behavior) fn held_before(&self, wishes: &mut Vec<Wish>) {
        self.reviewed(wishes);
        let lexicon = self.gathering.lexicon;
        let lists = matches!(self.operation(), Operation::List | Operation::Count | Operation::Delete);
        if lists || self.gathering.auths[self.at] != Auth::Required {
            return;
        }
        let Some((holding, input)) = self.holding() else { return };
        let before = |text: &str| {
            let says = |topic: &str| lexicon.speaks_of(topic, text);
            says("bought-word") && ["not-yet", "do-first", "only-after", "only-from"].iter().any(|topic| says(topic))
        };
        let other = [
            Class::NotLoggedIn,
            Class::NotFound,
            Class::BadPasscode,
            Class::TooFrequent,
            Class::Exists,
            Class::Malformed,
            Class::Missing,
        ];
        let open = |failure: &&Failure| {
            let known = wishes.iter().any(|wish| wish.2.as_ref().is_some_and(|other| other.message == failure.message));
            !known && !failure.classes.first().is_some_and(|class| other.contains(class))
        };
        let said = self.failures().iter().filter(open).find(|failure| before(&failure.message));
        // `买过的人才能评`, and one failure that says anything.
        let told = || {
            let mut notes = remarks(self.gathering.prose, self.endpoint()).flat_map(|note| sentences(&note.text));
            notes
                .any(before)
                .then(|| crate::behavior::failures::left_over::only(self.failures().iter().filter(open)))
                .flatten()
        };
        if let Some(failure) = said.or_else(told) {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            wishes.push((Demand::Prior(Prior::Holds(holding, input)), because, Some(failure.clone())));
        }
    }

    /// By what callers have the thing that an input names, and the input.
    fn holding(&self) -> Option<(Holding, usize)> {
        let own = self.on.map(|on| on.collection);
        let inputs = 0..self.inputs().len();
        let named = inputs.filter_map(|input| Some((input, self.referred(input, own)?)));
        let itself = self.on.and_then(|on| Some((on.id.as_ref()?.input, on.collection)));
        let all = named.chain(itself.filter(|_| self.operation() != Operation::Create));
        let mut found = all.flat_map(|(input, thing)| {
            let holdings = holdings(self.collections, thing);
            holdings.filter(|holding| Some(holding.collection) != own).map(move |holding| (holding, input))
        });
        found.next()
    }

    /// What is not sent can be missing, too, and is asked for in the same words.
    fn says_first(&self, failure: &Failure) -> bool {
        let other = matches!(
            failure.classes.first(),
            Some(Class::NotLoggedIn | Class::NotFound | Class::BadPasscode | Class::TooFrequent | Class::Insufficient)
        );
        !other
            && self.gathering.lexicon.speaks_of("do-first", failure.says())
            && self.gathering.chooser.named_inputs(self.at, failure.says()).is_empty()
    }

    fn prior(&self, failure: &Failure) -> Option<Prior> {
        let message = failure.message.to_lowercase();
        let accounts = self.gathering.accounts;
        let long = |text: &str| text.chars().count() > 1;
        let mut fields = accounts.fields.iter().filter(|field| field.initial.is_scalar());
        let field = fields.find(|field| {
            let head = label_head(&field.words);
            let name = if head.is_ascii() { "" } else { head.trim_end_matches("id").trim() };
            long(name) && message.contains(name)
        });
        if let Some(field) = field {
            return Some(Prior::Field(Arc::clone(&field.key)));
        }
        let verifies = self.gathering.operations.contains(&Operation::VerifyIdentity);
        if verifies && failure.subjects.iter().any(|subject| subject == "identity" || subject == "card") {
            return Some(Prior::Verified);
        }
        let own = self.on.map(|on| on.collection);
        let mine = self
            .collections
            .iter()
            .enumerate()
            .filter(|(at, known)| Some(*at) != own && known.private && known.relation.is_none());
        let mut named = mine.filter(|(at, known)| {
            let made = self.gathering.groups.get(*at).is_some_and(|group| {
                let makes = |at: &usize| matches!(self.gathering.operations[*at], Operation::Create | Operation::Save);
                group.endpoints.iter().any(makes)
            });
            made && known.titles.iter().any(|title| long(title) && message.contains(title.as_str()))
        });
        named.next().map(|(at, _)| Prior::Some(at))
    }
}
