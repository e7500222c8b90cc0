//! Which endpoints make records, by what their paths name.

use super::noun::Nouns;
use crate::lexicon::Operation;
use std::collections::HashMap;

/// The endpoints that make or save records, by the nouns of their paths, each list in order.
#[derive(Debug, Default)]
pub(in crate::behavior) struct Making<'a> {
    by_noun: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Making<'a> {
    pub(in crate::behavior) fn new(operations: &[Operation], nouns: &'a [Nouns]) -> Self {
        let mut by_noun: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, nouns) in nouns.iter().enumerate() {
            if matches!(operations[at], Operation::Create | Operation::Save) {
                by_noun.entry(&nouns.path).or_default().push(at);
            }
        }
        Self { by_noun }
    }

    pub(in crate::behavior) fn of(&self, noun: &str) -> &[usize] {
        self.by_noun.get(noun).map_or(&[], Vec::as_slice)
    }
}
