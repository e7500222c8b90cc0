//! What two records cannot have alike together: `该宠物当天已预约过该医生`, `同一个孩子同一门课只能报一次`.
//!
//! In: a failure of making a record, and the remarks about it, with what is taken. Out: the fields that their words name one by one,
//! and the one of which only the day counts.

use super::gather::{Gathering, key_for};
use super::unique::has_day;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, Unique};
use crate::behavior::{Failure, Form, Input};
use crate::lexicon::{Operation, label_head};
use std::sync::Arc;

/// Characters between what points at a thing and its name: `同一[个]孩子`, `这门课`.
const NEAR: usize = 2;

impl Gathering<'_> {
    /// The fields that a failure, or else a remark, names together; none where it names but one. `alone` is whether an hour may be of
    /// nothing else than its day.
    pub(in crate::behavior::collection) fn combined(
        &self,
        at: usize,
        failure: &Failure,
        collection: &Collection,
        own: bool,
        alone: bool,
    ) -> Option<Unique> {
        let notes = remarks(self.prose, self.endpoint(at)).flat_map(|note| sentences(&note.text));
        let told =
            notes.filter(|text| self.lexicon.speaks_of("same-one", text) && !self.lexicon.speaks_of("at-most", text));
        std::iter::once(failure.message.as_str()).chain(told).find_map(|text| {
            let mut things = self.pointed_at(at, text, collection);
            let slot = things.iter().any(|input| self.is_slot(at, *input));
            let refers = |input: &usize| collection.reference(&self.inputs[at][*input].name).is_some();
            // `同一天同一个时间段，一个人只能约一次`: an hour of nothing is one of a day's.
            if slot && !things.iter().any(refers) && (!alone || self.day_beside(at).is_none()) {
                return None;
            }
            let own = own && !(alone && self.lexicon.speaks_of("slot-taken", text));
            let offered = things.iter().any(|input| self.is_offered(at, *input, collection));
            let own = own && !(offered && (slot || self.lexicon.speaks_of("slot-taken", text)));
            // An hour is one of a day's.
            things.extend(self.day_input(at).filter(|day| slot && !things.contains(day)));
            let day = self.lexicon.speaks_of("same-day", text).then(|| self.day_input(at)).flatten();
            let key = |input: &usize| {
                let input = &self.inputs[at][*input];
                key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name))
            };
            let mut fields: Vec<Arc<str>> = things.iter().map(key).collect();
            let day = day.as_ref().map(key);
            fields.extend(day.clone().filter(|day| !fields.contains(day)));
            (fields.len() > 1).then_some(Unique { fields, own, day })
        })
    }

    /// `该时段已被预约`, where the hour is of something that everybody can have: that thing, the day and the hour together.
    pub(in crate::behavior::collection) fn taken_slot(
        &self,
        at: usize,
        failure: &Failure,
        collection: &Collection,
    ) -> Option<Unique> {
        let inputs = 0..self.inputs[at].len();
        let slot = self.slot_spoken_of(at, failure)?;
        let offered: Vec<usize> = inputs.filter(|input| self.is_offered(at, *input, collection)).collect();
        let of_kind = |input: &&usize| {
            let reference = collection.reference(&self.inputs[at][**input].name);
            reference.and_then(|known| self.kind_listed(self.groups.get(known.collection)?)).is_some()
        };
        // Of a person and what that person does, the person has but one hour.
        let thing = match &offered[..] {
            [only] => *only,
            several => *several.iter().find(of_kind)?,
        };
        let day = self.day_input(at).filter(|day| *day != slot);
        if day.is_none() && !has_day(&self.inputs[at][slot]) {
            return None;
        }
        let key = |input: usize| {
            let input = &self.inputs[at][input];
            key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name))
        };
        let fields = [Some(thing), day, Some(slot)].into_iter().flatten().map(key).collect();
        let taken = self.lexicon.speaks_of("slot-taken", failure.says());
        taken.then_some(Unique { fields, own: false, day: None })
    }

    /// The hour that a failure speaks of by its name, or the only one there is where it says that something is taken then.
    pub(in crate::behavior::collection) fn slot_spoken_of(&self, at: usize, failure: &Failure) -> Option<usize> {
        let named = self.chooser.named_inputs(at, failure.says());
        let named = named.into_iter().find(|input| self.is_slot(at, *input));
        let alone = || {
            let mut slots = (0..self.inputs[at].len()).filter(|input| self.is_slot(at, *input));
            let taken = self.lexicon.speaks_of("slot-taken", failure.says())
                && self.lexicon.speaks_of("slot-of-day", failure.says());
            slots.next().filter(|_| taken && slots.next().is_none())
        };
        named.or_else(alone)
    }

    /// Whether an input says at which hour.
    pub(in crate::behavior::collection) fn is_slot(&self, at: usize, input: usize) -> bool {
        let input = &self.inputs[at][input];
        input.required && self.lexicon.ends_with("slot-of-day", label_head(&input.label))
    }

    /// Whether an input names something that no caller makes.
    fn is_offered(&self, at: usize, input: usize, collection: &Collection) -> bool {
        let input = &self.inputs[at][input];
        let group = collection.reference(&input.name).and_then(|known| self.groups.get(known.collection));
        let made = |group: &crate::behavior::collection::nouns::group::Group| {
            group.endpoints.iter().any(|at| matches!(self.operations[*at], Operation::Create | Operation::Save))
        };
        input.required && group.is_some_and(|group| !made(group))
    }

    fn day_input(&self, at: usize) -> Option<usize> {
        let days = || self.inputs[at].iter().enumerate().filter(|(_, input)| has_day(input));
        let required = || days().find(|(_, input)| input.required).map(|(input, _)| input);
        self.day_beside(at).or_else(required).or_else(|| days().next().map(|(input, _)| input))
    }

    /// The day that has to be sent beside an hour, and is no one's birthday.
    fn day_beside(&self, at: usize) -> Option<usize> {
        let is_day = |input: &Input| {
            let label = label_head(&input.label);
            let called = self.lexicon.ends_with("by-date", label) || self.lexicon.is_named("by-date", &input.name);
            let dated = input.rules.iter().any(|rule| matches!(rule.form, Form::Date(_) | Form::NotPast(_)));
            let birth = self.lexicon.speaks_of("birthday", label) || self.lexicon.is_named("birthday", &input.name);
            input.required && (called || dated) && !birth
        };
        let inputs = self.inputs[at].iter().enumerate();
        { inputs }.find(|(number, input)| !self.is_slot(at, *number) && is_day(input)).map(|(number, _)| number)
    }

    /// Two hours are the same on one day only, whatever the words leave out.
    pub(in crate::behavior::collection) fn on_its_day(
        &self,
        at: usize,
        unique: Unique,
        collection: &Collection,
    ) -> Unique {
        let key = |input: &Input| key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
        let has = |number: usize| unique.fields.contains(&key(&self.inputs[at][number]));
        let hour = (0..self.inputs[at].len()).any(|number| self.is_slot(at, number) && has(number));
        let Some(day) = self.day_beside(at).filter(|day| hour && !has(*day)) else { return unique };
        let mut fields = unique.fields;
        fields.push(key(&self.inputs[at][day]));
        Unique { fields, ..unique }
    }

    /// The inputs that name records, of which a text speaks as of this one or the same one, in the order of the inputs.
    fn pointed_at(&self, at: usize, text: &str, collection: &Collection) -> Vec<usize> {
        let mut after = Vec::new();
        let mut rest = text;
        while let Some(end) = self.lexicon.after("this-one", rest) {
            rest = &rest[end..];
            after.push(rest);
        }
        let inputs = self.inputs[at].iter().enumerate();
        let referring = inputs.filter(|(number, input)| {
            input.required && (collection.reference(&input.name).is_some() || self.is_slot(at, *number))
        });
        let named = |input: &Input| {
            let label = label_head(&input.label).to_lowercase();
            after.iter().any(|text| {
                let starts = text.char_indices().map(|(at, _)| at).take(NEAR + 1);
                starts.into_iter().any(|start| begins_alike(&text[start..].to_lowercase(), &label))
            })
        };
        referring.filter(|(_, input)| named(input)).map(|(input, _)| input).collect()
    }
}

/// Whether a text begins as a label does: with two of its characters, or with the one that it has before the text goes on.
fn begins_alike(text: &str, label: &str) -> bool {
    if label.is_ascii() {
        let word = |text: &str| text.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().map(str::to_owned);
        return word(text).is_some_and(|first| first.len() > 2 && word(label).as_deref() == Some(&first));
    }
    let mut both = text.chars().zip(label.chars()).take_while(|(one, other)| one == other).map(|(one, _)| one);
    let Some(first) = both.next().filter(|first| !first.is_ascii()) else { return false };
    // `同一门课，` of 课程.
    let ends = text[first.len_utf8()..].chars().next().is_none_or(|next| !next.is_alphabetic());
    both.next().is_some() || ends
}
