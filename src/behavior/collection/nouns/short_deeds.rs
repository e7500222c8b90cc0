//! Addresses of two short words, the second of which nobody can read: `tz/fb`, `pst/dl`. What shares the first is about one thing.
//!
//! In: the words of each segment of all paths, and what the set's ids are called. Out: the last words that name no thing. Does
//! not know any such word.

use crate::lexicon::Lexicon;
use std::collections::{BTreeMap, BTreeSet};

/// Longer words can be read.
const LONGEST: usize = 3;
const LONGEST_WITHOUT_VOWEL: usize = 5;
/// A word below so many others is no thing of its own.
const MANY: usize = 3;

/// The last words that only say what is done, where most paths of the set end in short ones.
pub(in crate::behavior::collection) fn read(
    words: &[Vec<Vec<String>>],
    stems: &BTreeSet<String>,
    lexicon: &Lexicon,
) -> BTreeSet<String> {
    let paths = words.iter().filter_map(|segments| match &segments[..] {
        [.., head, last] => Some((head.concat(), last.concat())),
        _ => None,
    });
    let mut heads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut lasts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut all, mut short) = (0_usize, 0_usize);
    for (head, last) in paths {
        all += 1;
        short += usize::from(is_short(&last));
        heads.entry(head.clone()).or_default().insert(last.clone());
        lasts.entry(last).or_default().insert(head);
    }
    if short * 2 <= all {
        return BTreeSet::new(); // `user/car` among words that can be read
    }
    // `xx/fa`, `cj/fa`, `pj/fa`: what is done to so many things is none, though a `fa_id` says who did it.
    let is_thing =
        |word: &String, under: usize| (under < MANY && stems.contains(word)) || lexicon.is_named("thing", word);
    let leads = |head: &String| stems.contains(head) || heads.get(head).is_some_and(|lasts| lasts.len() > 1);
    let is_deed = |(last, under): &(&String, &BTreeSet<String>)| {
        is_short(last) && !is_thing(last, under.len()) && (under.len() > 1 || under.iter().all(leads))
    };
    lasts.iter().filter(is_deed).map(|(last, _)| last.clone()).collect()
}

fn is_short(word: &str) -> bool {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    word.is_ascii() && (word.len() <= LONGEST || (word.len() <= LONGEST_WITHOUT_VOWEL && !word.contains(vowel)))
}
