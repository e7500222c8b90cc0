//! What is in use stays: `分类下还有文章，不能删除`, `地址被订单使用`, `默认地址不能删除`.
//!
//! In: an endpoint that removes a record or puts it out of use, with its failures. Out: the demand that no record of others names
//! it, and that it is not the chosen one; each by the failure whose words say so.

use crate::behavior::collection::Over;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence};
use crate::json::Json;
use crate::lexicon::Operation;
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn in_use(&self, wishes: &mut Vec<Wish>) {
        let Some((on, id)) = self.on.and_then(|on| Some((on, on.id.clone()?))) else { return };
        let removes = matches!(self.operation(), Operation::Delete | Operation::Transition | Operation::Update);
        let records = &self.collections[on.collection];
        if !removes || records.relation.is_some() {
            return;
        }
        let lexicon = self.gathering.lexicon;
        let because =
            |failure: &Failure| Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let says = |failure: &&Failure, topic: &str| lexicon.speaks_of(topic, failure.says());
        let kept = self.failures().iter().find(|failure| says(failure, "default-kept"));
        if let (Some(failure), Some(flag)) = (kept, &records.default_flag)
            && self.operation() == Operation::Delete
        {
            let demand = Demand::NotChosen { collection: on.collection, id: id.clone(), flag: Arc::clone(flag) };
            wishes.push((demand, because(failure), Some(failure.clone())));
        }
        let used = self.failures().iter().filter(|failure| says(failure, "in-use") && !says(failure, "default-kept"));
        for failure in used {
            let users = self.users(on.collection, &failure.message);
            if !users.is_empty() {
                let only = self.standing_users(&users, failure);
                let demand = Demand::Unused { collection: on.collection, id: id.clone(), users, only };
                wishes.push((demand, because(failure), Some(failure.clone())));
            }
        }
    }

    /// `有生效中的月卡`, `名下有待缴费或已录取的报名时不让删`: the statuses in which records are in the way, where words name them.
    fn standing_users(&self, users: &[(usize, Arc<str>)], failure: &Failure) -> Vec<(usize, Over)> {
        let lexicon = self.gathering.lexicon;
        let notes = remarks(self.gathering.prose, self.endpoint()).flat_map(|note| sentences(&note.text));
        let barred = notes.filter(|text| lexicon.speaks_of("bars", text) || lexicon.speaks_of("not-let", text));
        let texts: Vec<&str> = std::iter::once(failure.message.as_str()).chain(barred).collect();
        let of = |(user, _): &(usize, Arc<str>)| {
            self.collections[*user].machines.iter().find_map(|machine| {
                let named = |text: &&str| {
                    let values = machine.values.iter().filter(|value| names(text, value, lexicon));
                    let values: Vec<Json> = values.map(|value| value.value.clone()).collect();
                    (!values.is_empty() && values.len() < machine.values.len()).then_some(values)
                };
                let values = texts.iter().find_map(named)?;
                Some((*user, Over { field: Arc::clone(&machine.field), values }))
            })
        };
        users.iter().filter_map(of).collect()
    }

    /// The collections whose records name those of another, each with the field that does; where a message says which, those.
    fn users(&self, used: usize, message: &str) -> Vec<(usize, Arc<str>)> {
        let all = self.collections.iter().enumerate().filter(|(at, known)| *at != used && known.relation.is_none());
        let naming = all.flat_map(|(at, known)| {
            let references = known.references.iter().filter(|reference| reference.collection == used);
            references.map(move |reference| (at, Arc::clone(&reference.field)))
        });
        let naming: Vec<(usize, Arc<str>)> = naming.collect();
        let lower = message.to_lowercase();
        let is_named = |(at, _): &&(usize, Arc<str>)| {
            let known = &self.collections[*at];
            let titles = known.titles.iter().filter(|title| title.chars().count() > 1);
            titles.chain(known.names.iter().filter(|name| name.len() > 2)).any(|name| lower.contains(name.as_str()))
        };
        let named: Vec<(usize, Arc<str>)> = naming.iter().filter(is_named).cloned().collect();
        if named.is_empty() { naming } else { named }
    }
}
