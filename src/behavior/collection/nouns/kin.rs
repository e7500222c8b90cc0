//! How collections are related, looked up from the side that does not say so.

use crate::behavior::collection::Collection;
use std::collections::{HashMap, HashSet};

/// All lists are in the order of the collections.
#[derive(Debug, Default)]
pub(in crate::behavior) struct Kin {
    /// For each collection, those that tie callers to its records.
    ties: Vec<Vec<usize>>,
    /// For each collection, those whose records name one of its records.
    children: Vec<Vec<usize>>,
    names: HashSet<String>,
    /// The first that is called so and is no relation.
    called: HashMap<String, usize>,
}

impl Kin {
    pub(in crate::behavior) fn new(collections: &[Collection]) -> Self {
        let mut kin = Self {
            ties: vec![Vec::new(); collections.len()],
            children: vec![Vec::new(); collections.len()],
            ..Self::default()
        };
        for (at, collection) in collections.iter().enumerate() {
            if let Some(relation) = &collection.relation {
                kin.ties[relation.target].push(at);
            }
            for reference in collection.references.iter().filter(|reference| !reference.many) {
                let children = &mut kin.children[reference.collection];
                if children.last() != Some(&at) {
                    children.push(at);
                }
            }
            for name in collection.names.iter().filter(|name| !name.is_empty()) {
                kin.names.insert(name.clone());
                if collection.relation.is_none() {
                    kin.called.entry(name.clone()).or_insert(at);
                }
            }
        }
        kin
    }

    pub(in crate::behavior) fn ties(&self, at: usize) -> &[usize] {
        &self.ties[at]
    }

    pub(in crate::behavior) fn children(&self, at: usize) -> &[usize] {
        &self.children[at]
    }

    /// Whether a name in the singular is one of any collection's.
    pub(in crate::behavior::collection) fn has_name(&self, stem: &str) -> bool {
        self.names.contains(stem)
    }

    /// The collection of that name in the singular that is no relation.
    pub(in crate::behavior) fn called(&self, stem: &str) -> Option<usize> {
        self.called.get(stem).copied()
    }
}
