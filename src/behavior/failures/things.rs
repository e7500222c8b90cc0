//! Which collections' records a message speaks of.

use crate::behavior::choose::longest_common;
use crate::lexicon::Lexicon;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// What the records of all collections are called, in titles and paths.
pub(in crate::behavior) struct Things<'a> {
    lexicon: &'a Lexicon,
    names: &'a [Vec<String>],
    /// The collections by any two characters in a row of what they are called.
    by_pair: OnceCell<HashMap<(char, char), Vec<usize>>>,
    said: RefCell<HashMap<String, Rc<[usize]>>>,
}

impl<'a> Things<'a> {
    pub(in crate::behavior) fn new(lexicon: &'a Lexicon, names: &'a [Vec<String>]) -> Self {
        Self { lexicon, names, by_pair: OnceCell::new(), said: RefCell::default() }
    }

    /// The collections of which a message speaks: `地址不存在` is about addresses, `用户不存在` is not.
    pub(in crate::behavior) fn said_in(&self, message: &str) -> Rc<[usize]> {
        if let Some(known) = self.said.borrow().get(message) {
            return Rc::clone(known);
        }
        let found: Rc<[usize]> = self.find(message).into();
        self.said.borrow_mut().insert(message.to_owned(), Rc::clone(&found));
        found
    }

    fn find(&self, message: &str) -> Vec<usize> {
        let by_pair = self.by_pair.get_or_init(|| self.pairs());
        let lower = message.to_lowercase();
        // What is common to both has two characters at least.
        let mut near: Vec<usize> =
            pairs(message).chain(pairs(&lower)).filter_map(|pair| by_pair.get(&pair)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|at| self.names[*at].iter().any(|name| self.names_it(message, &lower, name)));
        near
    }

    fn names_it(&self, message: &str, lower: &str, name: &str) -> bool {
        if name.is_ascii() {
            return name.len() >= 2 && message.contains(name) || name.len() > 2 && lower.contains(name);
        }
        name.chars().count() >= 2 && (message.contains(name) || self.shared_words(message, name) >= 2)
    }

    /// How many characters a message and a title have in common in a row, verbs left aside.
    fn shared_words(&self, message: &str, title: &str) -> usize {
        let shared = longest_common(message, title);
        let words = shared.chars().filter(|c| !c.is_ascii()).count();
        let verb = self.lexicon.operations_in(shared).iter().any(|(_, length)| *length == words);
        if verb { 0 } else { words }
    }

    fn pairs(&self) -> HashMap<(char, char), Vec<usize>> {
        let mut by_pair: HashMap<(char, char), Vec<usize>> = HashMap::new();
        for (at, names) in self.names.iter().enumerate() {
            for pair in names.iter().flat_map(|name| pairs(name)) {
                let known = by_pair.entry(pair).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
        by_pair
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> {
    text.chars().zip(text.chars().skip(1))
}
