//! Ties that are records: signing up for a course makes one, where that has an id, a status and deeds of its own.
//!
//! In: the endpoints with what words said they do. Out: those that were taken to tie the caller to something, and make a record
//! instead; and those that were taken to undo the tie, and move that record. A favourite that hands out an id is none yet: only
//! what is looked at by its own id, or says how it stands.

use crate::behavior::Evidence;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::noun::Nouns;
use crate::behavior::operation::by_shape::Shapes;
use crate::behavior::operation::neighbours::Neighbours;
use crate::behavior::operation::{is_data, path_of};
use crate::lexicon::{Operation, Role, compact};
use std::collections::{HashMap, HashSet};

/// What each of them does instead, with the reason.
pub(in crate::behavior) fn records(
    shapes: &Shapes<'_>,
    operations: &[(Operation, Evidence)],
    beside: &Neighbours<'_>,
) -> Vec<(usize, Operation, &'static str)> {
    let paths: Vec<Vec<String>> = shapes.set.endpoints.iter().map(path_of).collect();
    // Who stands below a path, or beside what ends it.
    let mut below: HashMap<&[String], Vec<usize>> = HashMap::new();
    for (at, path) in paths.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
        below.entry(&path[..]).or_default().push(at);
        below.entry(&path[..path.len() - 1]).or_default().push(at);
    }
    let none = Vec::new();
    let mut found = Vec::new();
    for (at, path) in paths.iter().enumerate().filter(|(at, _)| operations[*at].0 == Operation::Toggle) {
        let inputs = &shapes.inputs[at];
        let given = |name: &str| inputs.iter().any(|input| compact(&input.name) == compact(name));
        let Some(own) = beside.members[at].iter().find(|name| shape::is_id(name) && !given(name)) else { continue };
        let is_relation = |words: &[String]| shapes.lexicon.verbs().relation("", words).is_some();
        // `signup/add` beside `signup/detail`: what comes before the deed names the tie as well.
        let above = path.split_last().map(|(_, above)| above).filter(|above| is_relation(above));
        let near = below.get(&path[..]).unwrap_or(&none).iter();
        let near = near.chain(above.and_then(|above| below.get(above)).unwrap_or(&none)).copied();
        let takes_own = |other: &usize| {
            let mut ids = shapes.inputs[*other].iter().filter(|input| is_data(input));
            *other != at && ids.any(|input| compact(&input.name) == compact(own))
        };
        let others: Vec<usize> = near.filter(takes_own).collect();
        let is_status = |name: &str| shapes.lexicon.role(name, "").is_some_and(|(role, _)| role == Role::Status);
        let stands = beside.members[at].iter().any(|name| is_status(name));
        let looked_at = others.iter().any(|other| operations[*other].0 == Operation::Detail);
        if others.is_empty() || !(stands || looked_at) {
            continue;
        }
        found.push((at, Operation::Create, "what it makes has an id by which others take it"));
        let undoes = others.into_iter().filter(|other| operations[*other].0 == Operation::Toggle);
        found.extend(undoes.map(|other| (other, Operation::Transition, "it takes the id of what another makes")));
    }
    found
}

/// The nouns of paths at which records are made that are looked at or moved by their ids, and none is tied.
pub(in crate::behavior) fn nouns(operations: &[Operation], nouns: &[Nouns]) -> HashSet<String> {
    let of = |wanted: &[Operation]| -> HashSet<&str> {
        let found = operations.iter().zip(nouns).filter(|(operation, _)| wanted.contains(operation));
        found.map(|(_, nouns)| nouns.path.as_str()).filter(|path| !path.is_empty()).collect()
    };
    let tied = of(&[Operation::Toggle]);
    let made = of(&[Operation::Create]);
    let seen = of(&[Operation::Detail, Operation::Transition]);
    made.into_iter().filter(|path| seen.contains(path) && !tied.contains(path)).map(str::to_owned).collect()
}
