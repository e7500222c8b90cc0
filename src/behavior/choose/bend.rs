//! A message about one input in the words for another: `收货人不能为空` for a missing 手机号.
//!
//! In: a message of the endpoint's own. Out: the same with this input's label or name where the other's stood; none where that makes
//! no sense, so that nobody is told of another input than the one that is wrong.

use super::named_inputs::{THINGS, longest_common, place_of_word, subject_is};
use super::{Chooser, Input};
use crate::lexicon::label_head;
use std::ops::Range;

impl Chooser<'_> {
    pub(super) fn bent(&self, at: usize, message: &str, input: usize) -> Option<String> {
        let Some(named) = self.named(at, message).first().copied() else { return Some(message.to_owned()) };
        let (wanted, other) = (&self.inputs[at][input], &self.inputs[at][named]);
        let by_words = self.words_for(message, other);
        let (place, by) = match by_words {
            // A bare name (`kind`) makes nothing of `宠物种类不正确` that anyone would write.
            Some(_) if wanted.label.is_ascii() && !message.is_ascii() => return None,
            // `account is empty` in a set whose labels are Chinese.
            Some(place) if message.is_ascii() && !wanted.label.is_ascii() => (place, &*wanted.name),
            Some(place) => (place, wanted.label.as_str()),
            None => (place_of_word(message, &other.name)?, &*wanted.name),
        };
        let (before, after) = (message.get(..place.start)?, message.get(place.end..)?);
        // `role is not 0 or 1` says of nothing else what it may be.
        let states = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        (!states(before) && !states(after)).then(|| format!("{before}{by}{after}"))
    }

    /// What an input is called in docsim's own sentences.
    pub(super) fn called(&self, at: usize, input: usize) -> &str {
        let input = &self.inputs[at][input];
        if self.chinese || input.label.is_ascii() { &input.label } else { &input.name }
    }

    /// Where a message has the words for an input: what it has of the label, and the whole of the word for such a thing.
    fn words_for(&self, message: &str, input: &Input) -> Option<Range<usize>> {
        let head = label_head(&input.label);
        let shared = longest_common(message, head);
        let found = message.find(shared).filter(|_| !shared.is_empty()).map(|start| start..start + shared.len());
        // One letter, or Latin ones, may stand in any word.
        let shared = found.filter(|_| shared.chars().filter(|c| !c.is_ascii()).count() > 1 || shared == head);
        let is_thing =
            |(name, _): &(&str, Range<usize>)| (THINGS.contains(name) || *name == "account") && subject_is(name, input);
        let thing = self.lexicon.subjects_in(message).find(is_thing).map(|(_, place)| place);
        match (shared, thing) {
            (Some(shared), Some(thing)) if shared.start < thing.end && thing.start < shared.end => {
                // `接受短信的手机号` has `的手机号` in common with 无效的手机号码: only what begins a label reaches further back.
                let begins = message.get(shared.clone()).is_some_and(|text| head.starts_with(text));
                let start = if begins { shared.start.min(thing.start) } else { thing.start };
                Some(start..shared.end.max(thing.end))
            }
            (shared, thing) => shared.or(thing),
        }
    }
}
