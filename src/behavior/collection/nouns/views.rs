//! Lists of records that are made elsewhere, under another noun: the `hall` of all errands that wait.
//!
//! In: the groups of endpoints, and whose each is. Out: the same groups, such lists among the endpoints of what they show.

use super::group::Group;
use super::noun::id_stem;
use crate::behavior::Input;
use crate::behavior::account::kinds::Kinds;
use crate::behavior::collection::items::shape;
use crate::behavior::operation::path_of;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::DocSet;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(in crate::behavior) struct Views<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) operations: &'a [Operation],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) kinds: &'a Kinds,
    /// The members of the items that endpoints show.
    pub(in crate::behavior) shown: &'a [Vec<Arc<str>>],
}

/// So many members at least have to be alike.
const ALIKE: usize = 3;

impl Views<'_> {
    pub(in crate::behavior) fn merge(&self, groups: &mut Vec<Group>) {
        for view in 0..groups.len() {
            let lists = &groups[view].endpoints;
            let only = lists.iter().all(|at| self.operations[*at] == Operation::List && self.is_view(*at));
            if groups[view].relation.is_some() || !only || lists.is_empty() {
                continue;
            }
            let home = (0..groups.len()).find(|home| {
                let lists = &groups[view].endpoints;
                *home != view && self.is_made(&groups[*home]) && lists.iter().all(|at| self.shows(*at, &groups[*home]))
            });
            if let Some(home) = home {
                let moved = std::mem::take(&mut groups[view].endpoints);
                groups[home].endpoints.extend(moved);
                groups[home].endpoints.sort_unstable();
            }
        }
        self.adopt(groups);
        // What is named after who works on it goes by another name.
        for group in groups.iter_mut() {
            let is_side = |name: &String| self.kinds.is_called(name, self.lexicon);
            if group.relation.is_none() && group.names.iter().any(|name| !is_side(name)) {
                group.names.retain(|name| !is_side(name));
            }
        }
        groups.retain(|group| !group.endpoints.is_empty());
        groups.sort_by_key(|group| group.endpoints.first().copied());
    }

    /// `master/accept` with the `id` of a ticket: who works on them gives the path its name, and is none of them.
    fn adopt(&self, groups: &mut [Group]) {
        let made: Vec<usize> = (0..groups.len()).filter(|at| self.is_made(&groups[*at])).collect();
        for lone in 0..groups.len() {
            let deed = |at: &usize| matches!(self.operations[*at], Operation::Transition | Operation::Detail);
            let is_side = groups[lone].names.iter().any(|name| self.kinds.is_called(name, self.lexicon));
            if groups[lone].relation.is_some() || !is_side || !groups[lone].endpoints.iter().any(deed) {
                continue;
            }
            for at in groups[lone].endpoints.clone() {
                let titled = |home: &usize| {
                    let Group { titles, names, .. } = &groups[*home];
                    self.inputs[at].iter().any(|input| {
                        let is_id = input.word == Role::RecordId;
                        let titled = is_id && titles.iter().any(|title| input.label.contains(title.as_str()));
                        // `repair_no`
                        titled || id_stem(&input.name).is_some_and(|stem| names.contains(&stem))
                    })
                };
                let mut others = made.iter().copied().filter(|home| *home != lone);
                let home =
                    others.clone().find(titled).or_else(|| others.clone().find(|home| self.shows(at, &groups[*home])));
                let only = others.next().filter(|_| others.next().is_none());
                let bound = self.kinds.caller(at).is_some() && self.operations[at].is_on_records();
                if let Some(home) = home.or(only).filter(|_| bound) {
                    groups[lone].endpoints.retain(|known| *known != at);
                    groups[home].endpoints.push(at);
                    groups[home].endpoints.sort_unstable();
                }
            }
        }
    }

    /// It belongs to one kind of account, or says that it shows everybody's.
    fn is_view(&self, at: usize) -> bool {
        let title = &self.set.endpoints[at].title;
        self.kinds.caller(at).is_some() || self.lexicon.speaks_of("open-to-all", title)
    }

    fn is_made(&self, group: &Group) -> bool {
        is_made(group, self.operations)
    }

    fn shows(&self, at: usize, home: &Group) -> bool {
        shows(self.shown, at, home)
    }
}

/// `my/published` under 我发布的需求, where 发布需求 makes them at another path: a list of one's own is among the endpoints of what it shows,
/// where all accounts are alike.
pub(in crate::behavior) fn merge_mine(
    set: &DocSet,
    lexicon: &Lexicon,
    operations: &[Operation],
    shown: &[Vec<Arc<str>>],
    groups: &mut Vec<Group>,
) {
    let is_mine = |at: &usize| {
        operations[*at] == Operation::List
            && crate::behavior::collection::items::gather::is_mine(&set.endpoints[*at], lexicon)
    };
    let made: Vec<usize> = (0..groups.len()).filter(|at| is_made(&groups[*at], operations)).collect();
    let mut by_title: HashMap<String, Vec<usize>> = HashMap::new();
    for &home in &made {
        for title in &groups[home].titles {
            by_title.entry(title.clone()).or_default().push(home);
        }
    }
    for view in 0..groups.len() {
        let own = &groups[view];
        if own.relation.is_some() || own.endpoints.is_empty() || !own.endpoints.iter().all(is_mine) {
            continue;
        }
        let says = |at: &usize| {
            let title = &set.endpoints[*at].title;
            let words = path_of(&set.endpoints[*at]);
            ["made-by-me", "taken-by-me"]
                .iter()
                .any(|topic| lexicon.speaks_of(topic, title) || words.iter().any(|word| lexicon.is_named(topic, word)))
        };
        let titled = own.titles.iter().filter_map(|title| by_title.get(title)).flatten().copied();
        let mut homes: Vec<usize> = titled.collect();
        if homes.is_empty() && own.endpoints.iter().all(says) {
            homes.clone_from(&made);
        }
        let fits = |home: &usize| *home != view && own.endpoints.iter().all(|at| shows(shown, *at, &groups[*home]));
        if let Some(home) = homes.into_iter().find(fits) {
            let moved = std::mem::take(&mut groups[view].endpoints);
            groups[home].endpoints.extend(moved);
            groups[home].endpoints.sort_unstable();
        }
    }
    groups.retain(|group| !group.endpoints.is_empty());
    groups.sort_by_key(|group| group.endpoints.first().copied());
}

pub(in crate::behavior) fn is_made(group: &Group, operations: &[Operation]) -> bool {
    let makes = |at: &usize| matches!(operations[*at], Operation::Create | Operation::Save);
    group.relation.is_none() && group.endpoints.iter().any(makes)
}

/// Whether a list's items are a group's records: the same id, and no member that those lack beyond one in five.
pub(in crate::behavior::collection) fn shows(shown: &[Vec<Arc<str>>], at: usize, home: &Group) -> bool {
    let of_home: BTreeSet<String> = home.endpoints.iter().flat_map(|at| &shown[*at]).map(|key| compact(key)).collect();
    let shown = &shown[at];
    let alike = shown.iter().filter(|key| of_home.contains(&compact(key))).count();
    // `repair_no` is an id where records go by numbers.
    let id = shown.iter().find(|key| shape::is_id(key) || id_stem(key).is_some());
    let same_id = id.is_some_and(|key| {
        let named = id_stem(key).is_some_and(|stem| home.names.contains(&stem));
        named || of_home.contains(&compact(key))
    });
    same_id && alike >= ALIKE && alike * 5 >= shown.len() * 4
}
