//! Topics: groups of words that are asked for by name. Whether a text speaks of one, is nothing but a word of it, begins or ends with
//! one, and where.

use super::named::Named;
use super::words::{Hit, Words};
use super::{Lexicon, compact};
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// A topic is asked for by its name tens of thousands of times for each document set.
pub(super) type Places = Arc<HashMap<Cow<'static, str>, (usize, usize), FixedState>>;

/// Of the finders so many are not read each by itself.
const WHOLE: usize = 2;

pub(super) fn places(finders: [&Named; 5]) -> Places {
    let mut places = HashMap::with_capacity_and_hasher(1_024, FixedState::default());
    for (finder, named) in finders.into_iter().enumerate() {
        for (group, name) in named.names.iter().enumerate() {
            let before = places.insert(name.clone(), (finder, group));
            debug_assert!(before.is_none(), "two topics are called {name}");
        }
    }
    Arc::new(places)
}

impl Lexicon {
    /// The names of the topics: what `Additions` may add words to.
    pub fn topic_names(&self) -> impl Iterator<Item = &str> {
        self.finders().into_iter().flat_map(Named::names)
    }

    /// Whether a word of the topic stands in the text.
    pub fn speaks_of(&self, topic: &str, text: &str) -> bool {
        let found = self.places.get(topic);
        debug_assert!(found.is_some(), "no topic {topic}");
        found.is_some_and(|&(finder, group)| {
            let words = &self.finders()[finder].words;
            if finder < WHOLE { words.contains(text, group) } else { words.holds(text, group) }
        })
    }

    pub(super) fn topic(&self, topic: &str) -> Option<(&Words, usize)> {
        self.places.get(topic).map(|&(finder, group)| (&self.finders()[finder].words, group))
    }

    /// First those in which a longer word covers a shorter one of another topic.
    pub(super) fn finders(&self) -> [&Named; 5] {
        [&self.topics, &self.remarks, &self.limits, &self.parties, &self.wallet]
    }

    /// Whether the text, leaving white space and marks aside, is nothing but a word of the topic.
    pub fn is_nothing_but(&self, topic: &str, text: &str) -> bool {
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        let Some((words, group)) = self.topic(topic) else { return false };
        words.hits(bare).iter().any(|hit| hit.group == group && hit.len() == bare.len())
    }

    /// Whether the text is just a word or a sign of the topic: `√`.
    pub fn is_mark(&self, topic: &str, text: &str) -> bool {
        let Some((words, group)) = self.topic(topic) else { return false };
        words.words_of(group).any(|word| word.eq_ignore_ascii_case(text.trim()))
    }

    /// The longest word of the topic that stands in the text.
    pub fn word_of<'t>(&self, topic: &str, text: &'t str) -> Option<&'t str> {
        let longest = self.hits(topic, text).into_iter().max_by_key(|hit| hit.len())?;
        text.get(longest.start..longest.end)
    }

    /// The byte offset just after the first word of the topic.
    pub fn after(&self, topic: &str, text: &str) -> Option<usize> {
        self.hits(topic, text).first().map(|hit| hit.end)
    }

    /// The byte offset of the first word of the topic.
    pub fn before(&self, topic: &str, text: &str) -> Option<usize> {
        self.hits(topic, text).first().map(|hit| hit.start)
    }

    /// Where words of the topic stand in the text.
    fn hits(&self, topic: &str, text: &str) -> Vec<Hit> {
        let Some(&(finder, group)) = self.places.get(topic) else { return Vec::new() };
        let words = &self.finders()[finder].words;
        if finder < WHOLE { words.uncovered(text, group) } else { words.hits_of(text, group) }
    }

    /// The text without words of a topic.
    pub fn without(&self, topic: &str, text: &str) -> String {
        let Some((words, group)) = self.topic(topic) else { return text.to_owned() };
        let mut left = String::new();
        let mut from = 0;
        for hit in words.hits(text) {
            if hit.group == group && hit.start >= from {
                left += &text[from..hit.start];
                left.push(' ');
                from = hit.end;
            }
        }
        left += &text[from..];
        left
    }

    /// A name without a word of the topic at its beginning or end: `price` of `min_price`.
    pub fn unbounded(&self, topic: &str, name: &str) -> Option<String> {
        let (words, group) = self.topic(topic)?;
        words
            .words_of(group)
            .find_map(|word| name.strip_prefix(word).or_else(|| name.strip_suffix(word)))
            .map(str::to_owned)
    }

    /// Whether the text begins with a word of the topic.
    pub fn begins_with(&self, topic: &str, text: &str) -> bool {
        let Some((words, group)) = self.topic(topic) else { return false };
        words.words_of(group).any(|word| text.starts_with(word))
    }

    /// The text behind words of the topic at its beginning, however many stand there.
    pub fn behind_start<'t>(&self, topic: &str, text: &'t str) -> &'t str {
        let Some((words, group)) = self.topic(topic) else { return text };
        let mut left = text.trim_start();
        let longest = |text: &str| words.words_of(group).filter(|word| text.starts_with(word)).map(str::len).max();
        while let Some(end) = longest(left).filter(|end| *end > 0) {
            left = left[end..].trim_start();
        }
        left
    }

    /// Whether the text ends with a word of the topic.
    pub fn ends_with(&self, topic: &str, text: &str) -> bool {
        self.word_at_end(topic, text).is_some()
    }

    /// The text before a word of the topic at its end, however often such a word stands there.
    pub fn before_end<'t>(&self, topic: &str, text: &'t str) -> &'t str {
        let mut left = text;
        while let Some(start) = self.word_at_end(topic, left).filter(|start| *start > 0) {
            left = &left[..start];
        }
        left
    }

    fn word_at_end(&self, topic: &str, text: &str) -> Option<usize> {
        let (words, group) = self.topic(topic)?;
        // Longer words of other topics do not cover it: `运单号` ends with `号` all the same.
        words.words_of(group).filter(|word| text.ends_with(word)).map(|word| text.len() - word.len()).min()
    }

    /// Whether a name, letter case and marks left aside, is just a word of the topic.
    pub fn is_named(&self, topic: &str, name: &str) -> bool {
        let name = compact(name);
        if topic == "account-noun" && self.owners.contains(&name) {
            return true;
        }
        !name.is_empty() && self.topic(topic).is_some_and(|(words, group)| words.has_whole(&name, group))
    }
}
