//! Lists of another thing under the path of one: `kc/pjlb` beside `kc/lb`, whose rows have nothing that a `kc` has.
//!
//! In: what endpoints list, with the members of the rows. Out: their nouns, each called by the end of its path and standing behind the
//! thing. Where the path has a noun of its own (`kc/reviews`) that says it already.

use super::noun::{Nouns, singular};
use crate::behavior::collection::items::shape;
use crate::behavior::{Evidence, Input};
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::DocSet;
use std::collections::{BTreeMap, HashMap};

/// Rows of one member say too little.
const FEWEST: usize = 2;

pub(in crate::behavior) fn name_lists(
    set: &DocSet,
    nouns: &mut [Nouns],
    operations: &[(Operation, Evidence)],
    inputs: &[Vec<Input>],
    lexicon: &Lexicon,
) {
    let mut by_path: BTreeMap<&str, (usize, Vec<usize>)> = BTreeMap::new();
    for (at, known) in nouns.iter().enumerate().filter(|(_, known)| !known.path.is_empty()) {
        let entry = by_path.entry(&known.path).or_default();
        entry.0 += usize::from(operations[at].0 == Operation::List);
        entry.1.push(at);
    }
    let mut found: Vec<(usize, String)> = Vec::new();
    for (lists, endpoints) in by_path.into_values() {
        if lists < 2 {
            continue;
        }
        // How many of these endpoints show a member, or take it.
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut shown: HashMap<usize, Vec<String>> = HashMap::new();
        for &at in &endpoints {
            let members = shape::members_shown(set, &set.endpoints[at], lexicon);
            let own: Vec<String> = members.iter().filter(|key| !shape::is_id(key)).map(|key| compact(key)).collect();
            let mut names: Vec<String> = inputs[at].iter().map(|input| compact(&input.name)).collect();
            names.extend(own.iter().cloned());
            names.sort_unstable();
            names.dedup();
            for name in names {
                *known.entry(name).or_default() += 1;
            }
            shown.insert(at, own);
        }
        let is_list = |at: &usize| operations[*at].0 == Operation::List;
        let of_another = |at: &usize| {
            let names_one = inputs[*at].iter().any(|input| input.required && input.word == Role::RecordId);
            let own = shown.get(at).map_or(&[][..], Vec::as_slice);
            let shared = own.iter().any(|name| known.get(name).is_some_and(|count| *count > 1));
            is_list(at) && names_one && own.len() >= FEWEST && !shared
        };
        let others: Vec<usize> = endpoints.iter().copied().filter(of_another).collect();
        if others.len() < lists {
            let name = |at: &usize| {
                nouns[*at].words.last().filter(|word| **word != nouns[*at].path).map(|word| singular(word))
            };
            found.extend(others.iter().filter_map(|at| Some((*at, name(at)?))));
        }
    }
    for (at, name) in found {
        let thing = std::mem::replace(&mut nouns[at].path, name);
        nouns[at].before.push(thing);
    }
}
