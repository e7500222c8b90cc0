//! Which endpoints make records, by what their paths name.

use super::group::Group;
use super::noun::Nouns;
use crate::behavior::Input;
use crate::lexicon::{Operation, compact};
use std::collections::HashMap;

/// The endpoints that make or save records, by the nouns of their paths, each list in order.
#[derive(Debug, Default)]
pub(in crate::behavior) struct Making<'a> {
    by_noun: HashMap<&'a str, Vec<usize>>,
    /// By what they take: the endpoint and the input.
    by_input: HashMap<String, Vec<(usize, usize)>>,
}

impl<'a> Making<'a> {
    pub(in crate::behavior) fn new(
        operations: &[Operation],
        nouns: &'a [Nouns],
        groups: &'a [Group],
        inputs: &[Vec<Input>],
    ) -> Self {
        let mut by_input: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        let mut by_noun: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, nouns) in nouns.iter().enumerate() {
            if matches!(operations[at], Operation::Create | Operation::Save) {
                by_noun.entry(&nouns.path).or_default().push(at);
                for (input, known) in inputs[at].iter().enumerate() {
                    by_input.entry(compact(&known.name)).or_default().push((at, input));
                }
            }
        }
        // What makes records of a group whose name is none of its own: `f=hlp` beside `f=lqd`.
        for group in groups.iter().filter(|group| group.relation.is_none()) {
            let makes = |at: &&usize| matches!(operations[**at], Operation::Create | Operation::Save);
            let foreign = |at: &&usize| !group.names.contains(&nouns[**at].path);
            let makers: Vec<usize> = group.endpoints.iter().filter(makes).filter(foreign).copied().collect();
            for name in group.names.iter().filter(|_| !makers.is_empty()) {
                let known = by_noun.entry(name).or_default();
                known.extend(&makers);
                known.sort_unstable();
            }
        }
        Self { by_noun, by_input }
    }

    /// The makers that take what is called so.
    pub(in crate::behavior) fn taking(&self, name: &str) -> &[(usize, usize)] {
        self.by_input.get(&compact(name)).map_or(&[], Vec::as_slice)
    }

    pub(in crate::behavior) fn of(&self, noun: &str) -> &[usize] {
        self.by_noun.get(noun).map_or(&[], Vec::as_slice)
    }
}
