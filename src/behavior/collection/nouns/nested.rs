//! Records that only stand inside another's example, and that calls name all the same: the plugs of a pile, the sizes of goods.
//!
//! In: the groups, what their endpoints show, what all endpoints take. Out: a group more for each such list.

use super::group::Group;
use super::naming::bare_label;
use super::noun::{id_stem, is_numbered, singular};
use crate::behavior::Input;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Example};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Where the records of a group stand.
#[derive(Clone, Debug)]
pub(in crate::behavior) struct Within {
    /// The group whose records have them.
    pub(in crate::behavior::collection) parent: usize,
    /// The member that lists them, and theirs that shows an id.
    pub(in crate::behavior::collection) key: Arc<str>,
    pub(in crate::behavior::collection) id: Arc<str>,
}

pub(in crate::behavior) fn add_nested(
    set: &DocSet,
    lexicon: &Lexicon,
    operations: &[Operation],
    inputs: &[Vec<Input>],
    groups: &mut Vec<Group>,
) {
    let mut asked: HashMap<String, &Input> = HashMap::new();
    for input in inputs.iter().flatten() {
        if input.word == Role::RecordId || shape::is_id(&input.name) || is_numbered(&input.name, lexicon) {
            asked.entry(compact(&input.name)).or_insert(input);
        }
    }
    let mut known: HashSet<String> = groups.iter().flat_map(|group| &group.names).cloned().collect();
    for parent in 0..groups.len() {
        let makes = |at: &usize| matches!(operations[*at], Operation::Create | Operation::Save);
        if groups[parent].relation.is_some() || groups[parent].endpoints.iter().any(makes) {
            continue; // what callers send with a record is theirs
        }
        let shows = |at: &&usize| matches!(operations[**at], Operation::Detail | Operation::List);
        let endpoints: Vec<usize> = groups[parent].endpoints.iter().filter(shows).copied().collect();
        for at in endpoints {
            let endpoint = &set.endpoints[at];
            let envelope = set.envelope(endpoint);
            let items =
                endpoint.successes().flat_map(|example| items(example, &shape::of_example(envelope, example, lexicon)));
            let lists = items.flat_map(|item| item.as_object().unwrap_or_default()).filter_map(|(key, value)| {
                let Json::Array(inner) = value else { return None };
                Some((key, inner.first()?.as_object().filter(|members| members.len() > 1)?))
            });
            for (key, members) in lists {
                let stem = singular(key);
                let named = members.iter().filter(|(_, value)| value.is_scalar()).find_map(|(id, _)| {
                    let name = compact(id);
                    let input = asked.get(&if name == "id" { format!("{}id", compact(&stem)) } else { name })?;
                    Some((id, *input))
                });
                let Some((id, input)) = named else { continue };
                let mut names: Vec<String> = id_stem(id).filter(|_| compact(id) != "id").into_iter().collect();
                if !names.contains(&stem) {
                    names.push(stem);
                }
                if names.iter().any(|name| known.contains(name)) {
                    continue;
                }
                known.extend(names.iter().cloned());
                let mut titles = vec![bare_label(&input.label, lexicon)];
                titles.retain(|title| !title.is_empty());
                let within = Within { parent, key: Arc::clone(key), id: Arc::clone(id) };
                groups.push(Group {
                    names,
                    titles,
                    endpoints: Vec::new(),
                    relation: None,
                    within: Some(within),
                    bin_of: None,
                });
            }
        }
    }
}

fn items<'e>(example: &'e Example, shown: &Shown) -> Vec<&'e Json> {
    match shown {
        Shown::List { path, .. } => shape::items(&example.value, path).into_iter().map(|(_, item)| item).collect(),
        Shown::Item { path } => example.value.at(path).into_iter().collect(),
        _ => Vec::new(),
    }
}
