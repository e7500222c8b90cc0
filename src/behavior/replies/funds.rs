//! What a deed leaves the caller, and what it brought: `{"bean": 30} // 剩余的绿豆`, `{"jf": 15} // 签到后的积分总数`, `{"bean": 80} // 这次送的`.
//!
//! In: the effects of a deed that move what accounts have, and its success example. Out: the success with those numbers filled in, where
//! the example has some and nothing else that a record would fill.

use super::Replies;
use super::showing::comment;
use crate::behavior::collection::items::shape;
use crate::behavior::{Action, Effect, Reply, Slot, Template};
use crate::json::{Json, Step};
use crate::lexicon::{Operation, compact};
use crate::spec::Example;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Replies<'_> {
    pub(in crate::behavior) fn success_after(&self, effects: &[Effect]) -> Option<Reply> {
        let could = matches!(
            self.operation,
            Operation::Transition | Operation::Create | Operation::AccountDeed | Operation::Answer
        );
        let moved: Vec<&Action> = effects.iter().map(|effect| &effect.action).collect();
        let moved: Vec<&Action> = moved.into_iter().filter(|action| action.moves_funds().is_some()).collect();
        if !could || moved.is_empty() {
            return None;
        }
        let example = self.endpoint().successes().next()?;
        let mut slots = self.slots(example);
        if !self.tell_funds(example, &moved, &mut slots) {
            return None;
        }
        let slot = |path: &[Step], _: &Json| slots.get(path).cloned();
        Some(self.reply(&example.value, Template::new(&example.value, &slot), example.http_status, example.place))
    }

    fn tell_funds(&self, example: &Example, moved: &[&Action], slots: &mut BTreeMap<Vec<Step>, Slot>) -> bool {
        let envelope = self.set.envelope(self.endpoint());
        let Some((path, data)) = shape::data(envelope, &example.value) else { return false };
        let skip = shape::envelope_members(envelope, &example.value, &path);
        let members = data.as_object().unwrap_or_default().iter().filter(|(key, _)| !skip.contains(key));
        let mut told: Vec<(Vec<Step>, Slot)> = Vec::new();
        let mut left = 0;
        for (key, value) in members {
            let here: Vec<Step> = path.iter().cloned().chain([Step::Key(Arc::clone(key))]).collect();
            match self.of_funds(key, value, comment(example, &here, key), moved) {
                Some(slot) => told.push((here, slot)),
                None => left += 1,
            }
        }
        let of_record = matches!(slots.get(&path), Some(Slot::Item(_)));
        let names_none = || self.showing.is_some_and(|showing| showing.on.id.is_none());
        let free = !of_record || left == 0 || (self.operation == Operation::Transition && names_none());
        if told.is_empty() || !free {
            return false;
        }
        if of_record {
            slots.remove(&path);
        }
        slots.extend(told);
        true
    }

    /// What a number tells of what was moved, by its name or by what is said of it.
    fn of_funds(&self, key: &str, value: &Json, words: &str, moved: &[&Action]) -> Option<Slot> {
        value.scalar_text()?.parse::<f64>().ok().filter(|_| !shape::is_id(key))?;
        if self.lexicon.speaks_of("this-time", words) {
            let mut amounts = moved.iter().filter_map(|action| match action {
                Action::AddFunds { amount, .. } => Some(amount),
                _ => None,
            });
            let amount = amounts.next().filter(|_| amounts.next().is_none())?;
            return Some(Slot::Moved(Box::new(amount.clone())));
        }
        let mut fields = moved.iter().filter_map(|action| action.moves_funds());
        let says_left = self.lexicon.speaks_of("left-then", words);
        let of_record = self.showing.is_some_and(|showing| {
            let known = &showing.collections[showing.on.collection];
            self.operation == Operation::Create || known.field(key).is_some()
        });
        let named = fields.clone().find(|field| compact(field) == compact(key)).filter(|_| says_left || !of_record);
        let only = || fields.next().filter(|_| says_left && fields.next().is_none());
        named.or_else(only).map(|field| Slot::Field(Arc::clone(field)))
    }
}
