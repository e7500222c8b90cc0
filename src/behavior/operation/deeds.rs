//! What the deeds of a set are called, so that a sentence that names one finds its endpoint.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::noun::singular;
use crate::lexicon::{Operation, label_head};
use std::collections::{HashMap, HashSet};

/// The longest word of a deed, in characters.
const LONGEST: usize = 10;
/// Longer titles are sentences.
const TITLE: usize = 6;

/// Endpoints that do something, by the words for it.
pub(in crate::behavior) struct Deeds {
    by_word: HashMap<String, Vec<usize>>,
    known: Vec<bool>,
    /// What their paths end with, in the singular.
    codes: HashSet<String>,
}

impl Deeds {
    pub(in crate::behavior) fn new(gathering: &Gathering<'_>) -> Self {
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        let verbs = gathering.lexicon.verbs();
        let mut deeds = vec![false; gathering.operations.len()];
        let mut codes = HashSet::new();
        for (at, operation) in gathering.operations.iter().enumerate() {
            let endpoint = &gathering.set.endpoints[at];
            let nouns = &gathering.nouns[at];
            let numbered = |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '、' | '．');
            let title = label_head(endpoint.title.trim_start_matches(numbered)).to_lowercase();
            let mut words: Vec<String> = match operation {
                Operation::Transition => {
                    let named = verbs.words_in(&title);
                    let known = verbs.verb(&endpoint.title, &nouns.words).map(|(_, verb)| verb);
                    let stand_in = known.filter(|_| named.is_empty()).into_iter().flat_map(|verb| &verb.words);
                    named.into_iter().chain(stand_in.map(String::as_str)).map(str::to_owned).collect()
                }
                Operation::Toggle => match verbs.relation(&endpoint.title, &nouns.words) {
                    Some((_, relation, off)) if !off || title.contains(['/', '、', '|']) => relation.words.clone(),
                    Some(_) => Vec::new(),
                    None => continue,
                },
                Operation::Create | Operation::TopUp => {
                    // `帖子` is a thing and no deed; `评论` is both.
                    let is_deed = |word: &String| {
                        ["deed-or-thing", "remark-on"].iter().any(|topic| gathering.lexicon.is_nothing_but(topic, word))
                    };
                    std::iter::once(nouns.title.clone()).filter(is_deed).collect()
                }
                _ => continue,
            };
            deeds[at] = true;
            codes.extend(nouns.words.last().map(|word| singular(word)));
            if (2..=TITLE).contains(&title.chars().count()) && *operation != Operation::Toggle {
                words.push(title);
            }
            words.retain(|word| (2..=LONGEST).contains(&word.chars().count()) && !word.contains('*'));
            words.sort();
            words.dedup();
            for word in words {
                by_word.entry(word).or_default().push(at);
            }
        }
        Self { by_word, known: deeds, codes }
    }

    pub(in crate::behavior) fn is_deed(&self, at: usize) -> bool {
        self.known.get(at).copied().unwrap_or(false)
    }

    /// Whether a path ends so that does something.
    pub(in crate::behavior) fn is_code(&self, word: &str) -> bool {
        self.codes.contains(word)
    }

    /// The deeds that a text names, in its order, each once; of words at one place the longest counts.
    pub(in crate::behavior) fn in_text(&self, text: &str) -> Vec<(String, usize)> {
        let text = text.to_lowercase();
        let mut found: Vec<(String, usize)> = Vec::new();
        let mut free = 0;
        for (start, _) in text.char_indices() {
            if start < free {
                continue;
            }
            let ends = text[start..].char_indices().map(|(at, c)| start + at + c.len_utf8()).take(LONGEST);
            let word =
                ends.filter_map(|end| text.get(start..end)).filter(|word| self.by_word.contains_key(*word)).last();
            let Some(word) = word else { continue };
            free = start + word.len();
            for at in self.by_word.get(word).into_iter().flatten() {
                if !found.iter().any(|(_, known)| known == at) {
                    found.push((word.to_owned(), *at));
                }
            }
        }
        found
    }
}
