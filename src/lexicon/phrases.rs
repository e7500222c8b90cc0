//! Lists of phrases that are looked for in texts one after the other. They are hundreds, a text has none or one of them: only those
//! whose first character stands in it are tried.

use serde::{Deserialize, Deserializer};
use std::ops::Range;

/// In the order of the list.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// One behind the other.
    text: String,
    places: Vec<Range<usize>>,
    /// With which character each begins: by that, and in the order of the list.
    begun: Vec<(char, usize)>,
    /// A bit for each of those characters, which others share.
    first: u64,
}

impl Phrases {
    fn new<'p>(list: impl IntoIterator<Item = &'p str>) -> Self {
        let mut all = Self::default();
        for (at, phrase) in list.into_iter().enumerate() {
            let start = all.text.len();
            all.text += phrase;
            all.places.push(start..all.text.len());
            let first = phrase.chars().next().unwrap_or_default();
            all.begun.push((first, at));
            all.first |= bit(first);
        }
        all.begun.sort_unstable();
        all
    }

    fn phrase(&self, at: usize) -> Option<&str> {
        self.text.get(self.places.get(at)?.clone())
    }

    /// Those that stand in the text, with the byte offset of the first time, in the order of the list.
    pub fn found_in<'p>(&'p self, text: &str) -> impl Iterator<Item = (usize, &'p str)> + use<'p> {
        let mut found = Vec::new();
        for (start, c) in text.char_indices().filter(|(_, c)| self.first & bit(*c) != 0) {
            let from = self.begun.partition_point(|(first, _)| *first < c);
            let alike = self.begun.iter().skip(from).take_while(|(first, _)| *first == c).map(|(_, at)| *at);
            let stands = |at: &usize| self.phrase(*at).is_some_and(|phrase| text[start..].starts_with(phrase));
            found.extend(alike.filter(stands).map(|at| (at, start)));
        }
        found.sort_unstable();
        found.dedup_by_key(|(at, _)| *at);
        found.into_iter().filter_map(|(at, start)| Some((start, self.phrase(at)?)))
    }
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<&'de str>::deserialize(deserializer).map(Self::new)
    }
}

fn bit(c: char) -> u64 {
    1 << (c as u32 % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_the_order_of_their_list() {
        let phrases = Phrases::new(["默认为", "不填则", "默认"]);
        let of = |text: &str| phrases.found_in(text).map(|(_, phrase)| phrase).collect::<Vec<_>>();
        assert_eq!(of("不填则默认为1"), ["默认为", "不填则", "默认"]);
        assert_eq!(of("认默"), [""; 0]);
        assert_eq!(phrases.found_in("非默，默认").collect::<Vec<_>>(), [("非默，".len(), "默认")]);
        let apart: Vec<_> = phrases.found_in("默，默认，不填，不填则").collect();
        assert_eq!(apart, [("默，默认，不填，".len(), "不填则"), ("默，".len(), "默认")]);
    }
}
