//! A number of one thing that another bounds: the grade of a pupil between `min_grade` and `max_grade` of a course, the number of
//! pieces from `min_num` of the goods on.
//!
//! In: an endpoint that makes a record, with what it names. Out: a demand, where a failure of its own speaks of that number. Fields
//! are matched by their names alone.

use crate::behavior::collection::ItemField;
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Bounded, Confidence, Demand, Evidence, NumberOf};
use crate::lexicon::{Class, Operation, compact, label_head};
use std::collections::HashMap;
use std::sync::Arc;

/// What is bounded, in words as well.
struct Number {
    of: NumberOf,
    label: String,
}

impl Records<'_> {
    pub(in crate::behavior) fn within(&self, wishes: &mut Vec<Wish>) {
        if self.operation() != Operation::Create {
            return;
        }
        let own = self.on.map(|on| on.collection);
        let inputs = self.inputs().iter().enumerate();
        let named: Vec<(usize, usize)> =
            inputs.filter_map(|(input, _)| Some((input, self.referred(input, own)?))).collect();
        for &(input, collection) in &named {
            for (stem, (least, most)) in bounds(&self.collections[collection].fields, self) {
                let Some(number) = self.number(&stem, input, &named) else { continue };
                let Some(failure) = self.about(&number, wishes) else { continue };
                let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
                let bounded = Bounded { number: number.of, collection, input, least, most };
                wishes.push((Demand::Within(Box::new(bounded)), because, Some(failure)));
            }
        }
        self.fits_in(&named, wishes);
    }

    /// `参会人数超过会议室容量`: what is named has room for so many at once.
    fn fits_in(&self, named: &[(usize, usize)], wishes: &mut Vec<Wish>) {
        let gathering = self.gathering;
        let lexicon = gathering.lexicon;
        let known = |wishes: &[Wish], failure: &Failure| {
            wishes.iter().any(|wish| wish.2.as_ref().is_some_and(|known| known.message == failure.message))
        };
        let says = |failure: &&Failure| {
            lexicon.speaks_of("capacity", &failure.message) && lexicon.speaks_of("is-beyond", &failure.message)
        };
        let shared = gathering.chooser.catalog.shared.iter();
        let Some(failure) = self.failures().iter().chain(shared).find(says).filter(|failure| !known(wishes, failure))
        else {
            return;
        };
        let counts = |at: &usize| {
            let input = &self.inputs()[*at];
            let label = label_head(&input.label);
            let people = crate::behavior::collection::items::heads::is_people(&input.name, &input.label, lexicon);
            people && (label.chars().count() < 2 || failure.message.contains(label) || self.only_people(*at))
        };
        let Some(number) = (0..self.inputs().len()).find(counts) else { return };
        let found = named.iter().find_map(|(input, collection)| {
            let mut fields = self.collections[*collection].fields.iter();
            let field = fields.find(|field| {
                crate::behavior::collection::items::example_forms::is_number(&field.example)
                    && (lexicon.is_named("capacity", &field.key)
                        || lexicon.is_nothing_but("capacity", label_head(&field.words)))
            })?;
            Some((*input, *collection, Arc::clone(&field.key)))
        });
        let Some((input, collection, most)) = found else { return };
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let number = NumberOf::Input(number);
        let bounded = Bounded { number, collection, input, least: None, most: Some(most) };
        wishes.push((Demand::Within(Box::new(bounded)), because, Some(failure.clone())));
    }

    /// Whether no other input says for how many it is.
    fn only_people(&self, at: usize) -> bool {
        let lexicon = self.gathering.lexicon;
        let people = |input: &crate::behavior::Input| {
            crate::behavior::collection::items::heads::is_people(&input.name, &input.label, lexicon)
        };
        self.inputs().iter().enumerate().all(|(other, input)| other == at || !people(input))
    }

    /// What goes by the name: an input, or a field of something else that is named.
    fn number(&self, stem: &str, bounds: usize, named: &[(usize, usize)]) -> Option<Number> {
        let inputs = self.inputs().iter().enumerate();
        let sent = inputs.filter(|(at, _)| *at != bounds).find(|(_, input)| compact(&input.name) == *stem);
        if let Some((input, known)) = sent {
            return Some(Number { of: NumberOf::Input(input), label: label_head(&known.label).to_owned() });
        }
        named.iter().filter(|(input, _)| *input != bounds).find_map(|&(input, collection)| {
            let field = self.collections[collection].fields.iter().find(|field| compact(&field.key) == *stem)?;
            let of = NumberOf::Field { collection, input, field: Arc::clone(&field.key) };
            Some(Number { of, label: label_head(&field.words).to_owned() })
        })
    }

    /// The failure that speaks of the number, and answers nothing else yet.
    fn about(&self, number: &Number, wishes: &[Wish]) -> Option<Failure> {
        let label: String = number.label.chars().take_while(|c| c.is_alphabetic()).collect();
        let speaks = |failure: &&Failure| {
            let open = !matches!(failure.classes.first(), Some(Class::NotLoggedIn | Class::NotFound | Class::Missing));
            let taken = wishes.iter().any(|wish| wish.2.as_ref().is_some_and(|known| known.message == failure.message));
            open && !taken && label.chars().count() > 1 && failure.message.contains(&label)
        };
        self.failures().iter().find(speaks).cloned()
    }
}

/// The fields that say the least and the most.
type Ends = (Option<Arc<str>>, Option<Arc<str>>);

/// The fields that bound something, by what is bounded.
fn bounds(fields: &[ItemField], records: &Records<'_>) -> HashMap<String, Ends> {
    let lexicon = records.gathering.lexicon;
    let mut found: HashMap<String, Ends> = HashMap::new();
    for field in fields {
        let words = crate::behavior::operation::split_words(&field.key);
        let ends = [
            (words.first(), words.get(1..)),
            (words.last(), words.len().checked_sub(1).and_then(|end| words.get(..end))),
        ];
        for (bound, stem) in ends {
            let (Some(bound), Some(stem)) = (bound, stem.filter(|stem| !stem.is_empty())) else { continue };
            let known = |topic: &str| lexicon.is_named(topic, bound);
            let (least, most) = (known("bound-least"), known("bound-most"));
            if least || most {
                let entry = found.entry(stem.concat()).or_default();
                if least {
                    entry.0.get_or_insert_with(|| Arc::clone(&field.key))
                } else {
                    entry.1.get_or_insert_with(|| Arc::clone(&field.key))
                };
                break;
            }
        }
    }
    found
}
