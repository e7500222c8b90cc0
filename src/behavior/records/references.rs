//! The inputs of a deed that name records of other collections, and what is said where there is no such record.

use super::{Records, Wish};
use crate::behavior::choose::Subject;
use crate::behavior::collection::items::gather::{is_data, key_for};
use crate::behavior::collection::nouns::noun::{id_stem, singular};
use crate::behavior::failure::Failure;
use crate::behavior::{Demand, Input};
use crate::lexicon::{Class, Operation, compact};
use crate::spec::{In, Param, Segment};
use std::sync::Arc;

impl Records<'_> {
    /// Inputs that name records of other collections.
    pub(super) fn references(&self) -> Vec<Wish> {
        let own = self.on.map(|on| on.collection);
        let own_id = self.on.and_then(|on| on.id.as_ref()).map(|id| id.input);
        let filters = self.operation() == Operation::List;
        let params = &self.endpoint().params;
        let mut wishes = Vec::new();
        for (input, known) in self.inputs().iter().enumerate() {
            if Some(input) == own_id || !is_data(known, params.get(input).is_some_and(Param::is_told)) {
                continue;
            }
            if let Some(collection) = own.filter(|own| self.is_answer_to(*own, known)) {
                let text = format!("`{}` names what is answered", known.name);
                let failure = self.answered_missing(collection).cloned();
                wishes.push((Demand::Referenced { collection, input }, self.because(text), failure));
                continue;
            }
            if let Some(collection) = self.referred(input, own).filter(|at| !filters || self.says_missing(*at, known)) {
                let text = format!("`{}` names {}", known.name, self.collections[collection].name);
                let titles = &self.collections[collection].titles;
                let told = || self.gathering.chooser.told_absent(self.at, input, titles, self.gathering.prose);
                let only = self.only_missing(input).or_else(|| self.missing_by_label(input)).or_else(told);
                wishes.push((Demand::Referenced { collection, input }, self.because(text), only));
            }
        }
        wishes
    }

    /// Whether an input names what a new record answers.
    fn is_answer_to(&self, own: usize, input: &Input) -> bool {
        let records = &self.collections[own];
        let answers = records.answers.as_ref().filter(|_| self.operation() == Operation::Create);
        let key = || key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
        answers.is_some_and(|answers| key() == answers.field) || self.is_of_own_kind(own, input)
    }

    /// `reply_to#回复哪条评论`, `parent_id#上级分类`: another of the same, as its line and a failure say.
    fn is_of_own_kind(&self, own: usize, input: &Input) -> bool {
        let lexicon = self.gathering.lexicon;
        let at = self.inputs().iter().position(|known| known.name == input.name);
        let words = at.and_then(|at| self.endpoint().params.get(at)).map_or_else(String::new, Param::all_words);
        let makes = matches!(self.operation(), Operation::Create | Operation::Save | Operation::Update);
        let titles = &self.collections[own].titles;
        let titled = titles.iter().any(|title| title.chars().count() > 1 && words.contains(title.as_str()));
        let stem = id_stem(&input.name);
        makes
            && !input.required
            && lexicon.speaks_of("answers-to", &words)
            && (titled || stem.is_some_and(|stem| self.collections[own].is_called(&stem)))
            && self.answered_missing(own).is_some()
    }

    /// What is said where there is no such record of the endpoint's own collection.
    fn answered_missing(&self, own: usize) -> Option<&Failure> {
        let titles = &self.collections[own].titles;
        let shared = self.gathering.chooser.shared(self.at, Subject::None);
        self.failures().iter().chain(shared).find(|failure| {
            failure.classes.first() == Some(&Class::NotFound)
                && titles.iter().any(|title| failure.message.contains(title.as_str()))
        })
    }

    /// Whether a failure of the endpoint's own says that there is no such record: a list of another's children says so, or
    /// is empty.
    pub(in crate::behavior) fn says_missing(&self, collection: usize, input: &Input) -> bool {
        let titles = &self.collections[collection].titles;
        // Of `topics/{id}/comments` it is the topic that is not there, whatever it is called, unless there are no comments yet.
        let named = |message: &str| {
            titles.iter().any(|title| message.to_lowercase().contains(title.as_str()))
                || (input.location == In::Path && !self.gathering.lexicon.speaks_of("nothing-yet", message))
        };
        self.failures().iter().any(|failure| failure.classes.first() == Some(&Class::NotFound) && named(failure.says()))
    }

    pub(in crate::behavior) fn referred(&self, input: usize, own: Option<usize>) -> Option<usize> {
        let known = &self.inputs()[input];
        let by_own =
            own.and_then(|own| self.collections[own].reference(&known.name)).map(|reference| reference.collection);
        // `rentals/{id}/review`: the id behind a segment is that of what the segment names.
        let by_segment = || {
            let bare = compact(&known.name) == "id" && known.location == In::Path;
            let mut before = self.endpoint().segments.windows(2).filter(|_| bare);
            let thing = before.find_map(|pair| match pair {
                [Segment::Literal(thing), Segment::Param(name)] if **name == *known.name => Some(thing),
                _ => None,
            });
            self.kin.called(&singular(thing?))
        };
        let by_parent = || {
            let own = own?;
            let bare = compact(&known.name) == "id" && matches!(self.operation(), Operation::Create | Operation::List);
            self.collections[own].references.first().filter(|_| bare).map(|reference| reference.collection)
        };
        let by_name = || {
            let stem = id_stem(&known.name)?;
            self.kin.called(&stem)
        };
        by_own
            .or_else(by_segment)
            .or_else(by_parent)
            .or_else(by_name)
            .filter(|found| Some(*found) != own && self.has_records(*found))
    }

    /// Whether there can be records at all: a collection that is only spoken of has none.
    fn has_records(&self, collection: usize) -> bool {
        let known = &self.collections[collection];
        let mut names = known.because.text.split(", ");
        let mut made = || names.any(|name| !self.gathering.making.of(name).is_empty());
        // What is somebody's was made by calls.
        !known.seeds.is_empty() || known.owned || known.of_kind.is_some() || made()
    }
}
