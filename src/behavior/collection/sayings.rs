//! What sentences say of deeds and statuses: `待入场才能入场`, `付款后变成待入场`, `取消或者离场车位加1`; and the deeds that the
//! statuses themselves name: 揽收 where there are 待揽收 and 已揽收.

use super::Collection;
use super::gather::Gathering;
use super::group::Group;
use super::moves::names;
use crate::behavior::{Machine, StatusValue};
use crate::lexicon::{Lexicon, Operation, Verb, label_head};
use std::sync::Arc;

impl Gathering<'_> {
    /// The clauses of the page that an endpoint stands on, and of its own remarks.
    pub(in crate::behavior) fn clauses(&self, at: usize) -> impl Iterator<Item = &str> {
        let endpoint = self.endpoint(at);
        let page = self.prose.iter().filter(|note| note.place.file == endpoint.place.file);
        let notes = endpoint.notes.iter().chain(page);
        notes.flat_map(|note| note.text.split([',', '，', ';', '；', '。']))
    }

    /// Whether an endpoint makes records of a collection that another endpoint is about.
    pub(in crate::behavior) fn is_maker_of(&self, maker: usize, at: usize, records: &Collection) -> bool {
        let path = &self.nouns[maker].path;
        self.operations[maker] == Operation::Create && (*path == self.nouns[at].path || records.is_called(path))
    }

    /// What the last words of the paths that tie a caller to a record are: `fond` of `piano/fond`.
    pub(super) fn path_deeds(&self, group: &Group) -> Vec<String> {
        let toggles = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Toggle);
        toggles.filter_map(|at| self.nouns[*at].words.last().cloned()).collect()
    }

    /// The words by which a title calls a deed, the longest first.
    pub(in crate::behavior) fn deeds<'v>(&self, at: usize, verb: &'v Verb) -> Vec<&'v str> {
        let title = self.endpoint(at).title.as_str();
        let mut words: Vec<&str> = verb.words.iter().map(String::as_str).filter(|word| title.contains(word)).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    }

    /// The statuses of which a clause says that they allow the deed: `停车中才能离场`.
    pub(super) fn sources_said<'m>(&self, at: usize, verb: &Verb, machine: &'m Machine) -> Vec<&'m StatusValue> {
        let deeds = self.deeds(at, verb);
        let permissions = &self.lexicon.rules().deeds.permissions;
        let mut found = Vec::new();
        for clause in self.clauses(at) {
            let permitted = permissions.iter().find_map(|word| clause.split_once(word.as_str()));
            let Some((before, after)) = permitted else { continue };
            let deed = deeds.iter().any(|deed| after.trim_start().starts_with(deed));
            if !deed || self.lexicon.speaks_of("denial-of-deed", clause) || self.lexicon.speaks_of("only-after", clause)
            {
                continue;
            }
            found.extend(machine.values.iter().filter(|value| names(before, value, self.lexicon)));
        }
        found
    }

    /// The status that a clause says the deed leads to: `付款后变成待入场`.
    pub(super) fn target_said<'m>(&self, at: usize, verb: &Verb, machine: &'m Machine) -> Option<&'m StatusValue> {
        let deeds = self.deeds(at, verb);
        self.clauses(at).find_map(|clause| {
            let end = self.lexicon.after("becomes", clause)?;
            let (before, after) = clause.split_at(end);
            let deed = deeds.iter().any(|deed| before.contains(deed));
            let mut named = machine.values.iter().filter(|value| deed && names(after, value, self.lexicon));
            let first = named.next()?;
            named.next().is_none().then_some(first)
        })
    }

    /// The deed of a title that statuses are called by.
    pub(in crate::behavior) fn own_verb(&self, at: usize, machines: &[Machine]) -> Option<(Arc<str>, Verb)> {
        let heads = machines.iter().flat_map(|machine| &machine.values).map(|value| label_head(&value.words));
        let stem = stem_in(&self.endpoint(at).title, heads, self.lexicon)?;
        let with = |words: &[String]| words.iter().map(|word| word.replace('*', &stem)).collect();
        let words = &self.lexicon.rules().deeds;
        let verb =
            Verb { leads: with(&words.had), leaves: with(&words.due), words: vec![stem.clone()], ..Verb::default() };
        Some((stem.into(), verb))
    }
}

/// The longest stem of statuses that a title holds: 揽收 of 待揽收 and 已揽收.
pub(in crate::behavior) fn stem_in<'t>(
    title: &str,
    statuses: impl Iterator<Item = &'t str>,
    lexicon: &Lexicon,
) -> Option<String> {
    let words = &lexicon.rules().deeds;
    let stems = statuses.flat_map(|status| {
        let forms = words.had.iter().chain(&words.due);
        forms.filter_map(move |form| {
            let (before, after) = form.split_once('*')?;
            let bare = before.is_empty() && after.is_empty();
            status.strip_prefix(before)?.strip_suffix(after).filter(|_| !bare)
        })
    });
    let fitting = stems.filter(|stem| stem.chars().count() > 1 && !stem.is_ascii() && title.contains(stem));
    fitting.max_by_key(|stem| stem.len()).map(str::to_owned)
}
