//! What whoever registers gets besides: `注册成功送一张新人券，并收到一条欢迎消息`.
//!
//! In: the remarks at registering, and other sentences that speak of newcomers. Out: whose records a collection has then, and
//! what each new account is given of it.

use super::gather::Gathering;
use super::group::Group;
use super::prose::{remarks, sentences};
use super::voucher::voucher;
use super::{Collection, Seed};
use crate::behavior::{Action, Auth, Confidence, Effect, Evidence};
use crate::json::Json;
use crate::lexicon::{Operation, Role};
use crate::source::Place;
use std::sync::Arc;

/// One record of the collection for each new account.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What the words call it.
    pub called: String,
    /// What stands in it, as an example shows.
    pub fields: Vec<(Arc<str>, Json)>,
    pub because: Evidence,
}

impl Gathering<'_> {
    /// A collection whose records newcomers are given is somebody's.
    pub(super) fn settle_given(&self, group: &Group, collection: &mut Collection) {
        let lists: Vec<usize> =
            group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::List).collect();
        let own = |at: &usize| matches!(self.auths[*at], Auth::Required | Auth::Named(_));
        let is_plain = collection.relation.is_none() && collection.taker.is_none() && collection.recipient.is_none();
        if !is_plain || lists.is_empty() || !lists.iter().all(own) || !self.accounts.any {
            return;
        }
        let Some((called, text, place)) = self.given(group, collection) else { return };
        let because = Evidence::new(format!("`{text}`"), place, Confidence::Likely);
        collection.given = Some(Given { called, fields: Vec::new(), because });
        (collection.owned, collection.private) = (true, true);
    }

    /// The clause that promises a record of a collection to who registers: what it calls one, the sentence, its place.
    fn given(&self, group: &Group, collection: &Collection) -> Option<(String, String, Place)> {
        let lexicon = self.lexicon;
        let registers = (0..self.operations.len()).filter(|at| self.operations[*at] == Operation::Register);
        let own = registers.flat_map(|at| remarks(self.prose, self.endpoint(at))).map(|note| (note, true));
        let of_newcomers = self.said.on("newcomer");
        let others = of_newcomers.iter().map(|at| (&self.prose[*at], false));
        let things = |text: &str| self.calls_one(group, collection, text);
        own.chain(others).find_map(|(note, is_own)| {
            sentences(&note.text).find_map(|text| {
                let speaks = |topic: &str| lexicon.speaks_of(topic, text);
                if !(is_own || speaks("newcomer")) || speaks("given-otherwise") {
                    return None;
                }
                let mut clauses = text.split([',', '，', '、', '(', '（']);
                let clause = clauses.find(|clause| lexicon.speaks_of("is-given", clause) && things(clause))?;
                let after = lexicon.after("is-given", clause).and_then(|end| clause.get(end..)).unwrap_or(clause);
                let called = lexicon.after("one-of-them", after).and_then(|end| after.get(end..)).unwrap_or(after);
                Some((called.trim().to_owned(), text.trim().to_owned(), note.place))
            })
        })
    }

    /// Whether a clause calls a record of a collection.
    fn calls_one(&self, group: &Group, collection: &Collection, text: &str) -> bool {
        let lexicon = self.lexicon;
        let lower = text.to_lowercase();
        let titles = group.titles.iter().any(|title| title.chars().count() > 1 && lower.contains(title.as_str()));
        let is = |topic: &str| {
            collection.names.iter().any(|name| lexicon.is_named(topic, name))
                || collection.titles.iter().any(|title| lexicon.speaks_of(topic, title))
        };
        titles
            || (is("voucher") && lexicon.speaks_of("voucher-for-short", &lower))
            || (is("notice-name") && lexicon.speaks_of("notice-name", &lower))
    }

    /// What a new one is like: the example's, where nothing says otherwise. It is not there before.
    pub(super) fn fill_given(&self, collection: &mut Collection, seeds: &[Seed]) {
        let lexicon = self.lexicon;
        let unused = voucher(collection, lexicon).and_then(|known| Some((known.status, known.unused.first()?.clone())));
        let Some(given) = collection.given.clone() else { return };
        let notice = collection.names.iter().any(|name| lexicon.is_named("notice-name", name));
        let example = |key: &Arc<str>| seeds.first().and_then(|seed| seed.fields.get(key)).cloned();
        let mut fields = Vec::new();
        for field in &collection.fields {
            let is_text = ["notice-title", "notice-text"].iter().any(|topic| lexicon.is_named(topic, &field.key));
            let is_left = field.role == Role::Status
                || lexicon.is_named("read-flag", &field.key)
                || matches!(field.initial, super::Initial::Now | super::Initial::Number);
            if let Some((_, value)) = unused.as_ref().filter(|(status, _)| *status == field.key) {
                fields.push((Arc::clone(&field.key), value.clone()));
            } else if notice && is_text && field.example.as_str().is_some() {
                fields.push((Arc::clone(&field.key), Json::string(given.called.as_str())));
            } else if let Some(value) = example(&field.key).filter(|_| !is_left) {
                fields.push((Arc::clone(&field.key), value));
            }
        }
        collection.given = Some(Given { fields, ..given });
    }
}

/// The effects of making an account: what it is given.
pub(in crate::behavior) fn grants(collections: &[Collection]) -> Vec<Effect> {
    let given = collections.iter().enumerate().filter_map(|(at, known)| Some((at, known.given.as_ref()?)));
    let effect = |(collection, given): (usize, &Given)| Effect {
        action: Action::Grant { collection, fields: given.fields.clone() },
        because: given.because.clone(),
    };
    given.map(effect).collect()
}
