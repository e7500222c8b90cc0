//! Inputs of a list whose values say which part of it is wanted: whose records, or those in which status.
//!
//! In: an input with the words of its values, and the collection. Out: a filter by a tie (`type=follow只看我关注的人` beside orders), and
//! what a status has for each value (`tab=draft草稿 running收集中` where the records have `0草稿 1收集中`).

use super::listing::Listing;
use crate::behavior::collection::{Collection, Filter, FilterKind};
use crate::behavior::{Input, Machine, StatusValue, enumeration};
use crate::lexicon::{Lexicon, label_head};
use std::sync::Arc;

impl Listing<'_> {
    /// Whose records one of the values of an input that orders asks for.
    pub(in crate::behavior::collection) fn scope(
        &self,
        at: usize,
        input: &Input,
        collection: &Collection,
    ) -> Option<Filter> {
        let others = self.other_scopes(at);
        let relation = self.of_tied(at, input, collection).filter(|_| !others.is_empty())?;
        Some(Filter::new(at, Arc::clone(&input.name), FilterKind::OfTied(relation), others))
    }

    /// The values of an input of which one or more ask for records of those whom the caller follows, that do not.
    pub(in crate::behavior::collection) fn other_scopes(&self, at: usize) -> Vec<String> {
        let words = self.endpoint.params[at].all_words();
        let items = enumeration::read(&words, &self.lexicon.rules().enumerations);
        let (scopes, others): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| self.lexicon.speaks_of("followed-only", &item.words));
        if scopes.is_empty() { Vec::new() } else { others.into_iter().map(|item| item.value).collect() }
    }
}

/// The status by which an input chooses that is called otherwise: two of its values at least are called as the status's are.
pub(in crate::behavior::collection) fn status_told(
    words: &str,
    collection: &Collection,
    all: &[String],
    lexicon: &Lexicon,
) -> Option<Arc<str>> {
    let mut machines = collection.machines.iter();
    machines.find(|machine| told(words, machine, all, lexicon).len() > 1).map(|machine| Arc::clone(&machine.field))
}

/// What a field has for the values of an input, where its words are those of the field's statuses and its values are not.
pub(in crate::behavior::collection) fn means(
    words: &str,
    collection: &Collection,
    field: &str,
    all: &[String],
    lexicon: &Lexicon,
) -> Vec<(String, String)> {
    let Some(machine) = collection.machine(field) else { return Vec::new() };
    let told = told(words, machine, all, lexicon);
    if told.iter().any(|(sent, kept)| sent != kept) { told } else { Vec::new() }
}

/// The values that are sent, with the statuses that they are called like.
fn told(words: &str, machine: &Machine, all: &[String], lexicon: &Lexicon) -> Vec<(String, String)> {
    let items = enumeration::read(words, &lexicon.rules().enumerations);
    let wanted = items.iter().filter(|item| !all.contains(&item.value));
    let told = wanted.filter_map(|item| {
        let head = label_head(&item.words);
        let alike = |value: &&StatusValue| !head.is_empty() && label_head(&value.words) == head;
        let mut same = machine.values.iter().filter(alike);
        let kept = same.next().filter(|_| same.next().is_none())?;
        Some((item.value.clone(), kept.value.scalar_text()?.to_owned()))
    });
    told.collect()
}
