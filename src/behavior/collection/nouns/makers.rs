//! Endpoints that make records of another group than the one that their paths name: `buy/submit` answers an `order_id`, and there are
//! lists of orders that nothing makes.

use super::group::{Group, Grouping};
use super::headed::says_more;
use super::noun::id_stem;
use crate::behavior::collection::items::shape;
use crate::lexicon::{Operation, compact};
use std::collections::HashMap;

impl Grouping<'_> {
    /// Gives what only makes, and answers the id of others' records, to the group of those.
    pub(in crate::behavior::collection) fn adopt_makers(&self, groups: &mut [Group]) {
        let does = |group: &Group, wanted: &[Operation]| {
            group.endpoints.iter().any(|at| wanted.contains(&self.operations[*at]))
        };
        let makes = [Operation::Create, Operation::Save, Operation::Toggle];
        let shows = [Operation::List, Operation::Detail];
        let mut waiting: HashMap<&str, usize> = HashMap::new();
        for (at, group) in groups.iter().enumerate() {
            if group.relation.is_none() && group.within.is_none() && !does(group, &makes) && does(group, &shows) {
                group.names.iter().for_each(|name| _ = waiting.insert(name, at));
            }
        }
        // `cid` of `晒藏品` heads the list of what is there, whatever either path says.
        let mut headed: HashMap<String, Option<usize>> = HashMap::new();
        for &at in waiting.values() {
            let lists = groups[at].endpoints.iter().filter(|at| self.operations[**at] == Operation::List);
            let first = lists.filter_map(|list| self.shown[*list].first());
            for key in first.filter(|key| says_more(key, self.lexicon)) {
                let known = headed.entry(compact(key)).or_insert(Some(at));
                *known = known.filter(|known| *known == at);
            }
        }
        let mut moved: Vec<(usize, usize)> = Vec::new();
        for (from, group) in groups.iter().enumerate() {
            let [only] = group.endpoints.as_slice() else { continue };
            let is_free = group.relation.is_none() && group.within.is_none() && self.told[*only].is_none();
            if !is_free || self.operations[*only] != Operation::Create {
                continue;
            }
            let taken = |key: &str| self.inputs[*only].iter().any(|input| compact(&input.name) == compact(key));
            let ids = self.shown[*only].iter().filter(|key| shape::is_id(key) && !taken(key));
            let mut ids = ids.map(|key| (compact(key), id_stem(key).unwrap_or_default()));
            let only = ids.next().filter(|_| ids.next().is_none());
            let home = only.and_then(|(key, stem)| {
                let by_stem = waiting.get(stem.as_str()).copied();
                by_stem.or_else(|| headed.get(&key).copied().flatten())
            });
            moved.extend(home.map(|to| (from, to)));
        }
        for (from, to) in moved {
            let endpoints = std::mem::take(&mut groups[from].endpoints);
            groups[to].endpoints.extend(endpoints);
        }
    }
}
