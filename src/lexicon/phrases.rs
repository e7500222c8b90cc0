//! Lists of phrases that are looked for in texts one after the other. They are hundreds, a text has none or one of them: only those
//! whose first character stands in it are tried.

use super::Bytes;
use serde::Deserialize;
use std::collections::BTreeMap;

/// In the order of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Phrases {
    phrases: Vec<String>,
    /// The places of those that begin with a character.
    begun: BTreeMap<char, Vec<usize>>,
}

impl From<Vec<String>> for Phrases {
    fn from(phrases: Vec<String>) -> Self {
        let mut begun: BTreeMap<char, Vec<usize>> = BTreeMap::new();
        for (at, phrase) in phrases.iter().enumerate() {
            begun.entry(phrase.chars().next().unwrap_or_default()).or_default().push(at);
        }
        Self { phrases, begun }
    }
}

impl Phrases {
    /// Those that stand in the text, with the byte offset of the first time, in the order of the list.
    pub fn found_in<'p>(&'p self, text: &str) -> impl Iterator<Item = (usize, &'p str)> + use<'p> {
        let mut found = Vec::new();
        let bytes = Bytes::of(text);
        for (first, places) in &self.begun {
            let Some(start) = text.find(*first) else { continue };
            let rest = &text[start..];
            found.extend(places.iter().filter_map(|at| {
                let phrase = self.phrases.get(*at).filter(|phrase| bytes.may_make(phrase))?;
                Some((*at, start + rest.find(phrase.as_str())?))
            }));
        }
        found.sort_unstable();
        found.into_iter().filter_map(|(at, start)| Some((start, self.phrases.get(at)?.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_the_order_of_their_list() {
        let phrases = Phrases::from(["默认为", "不填则", "默认"].map(str::to_owned).to_vec());
        let of = |text: &str| phrases.found_in(text).map(|(_, phrase)| phrase).collect::<Vec<_>>();
        assert_eq!(of("不填则默认为1"), ["默认为", "不填则", "默认"]);
        assert_eq!(of("认默"), [""; 0]);
        assert_eq!(phrases.found_in("非默，默认").collect::<Vec<_>>(), [("非默，".len(), "默认")]);
    }
}
