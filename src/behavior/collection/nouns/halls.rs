//! Where others see what callers make, at an address of its own: `mall/list` and `mall/detail` of the books of `book/save`, `task/hall`.
//!
//! In: the groups of endpoints. Out: the same groups, where what only shows the records of another group is among the endpoints of that.

use super::group::Group;
use super::noun::{Nouns, id_stem};
use super::views::{is_made, shows};
use crate::behavior::Input;
use crate::behavior::collection::items::gather::is_mine;
use crate::behavior::collection::items::shape;
use crate::behavior::operation::path_of;
use crate::lexicon::{Lexicon, Operation, compact};
use crate::spec::DocSet;
use std::collections::HashMap;
use std::sync::Arc;

pub(in crate::behavior) struct Halls<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) operations: &'a [Operation],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) shown: &'a [Vec<Arc<str>>],
    /// From `docsim.toml`.
    pub(in crate::behavior) told: &'a [bool],
}

impl Halls<'_> {
    pub(in crate::behavior) fn join(&self, groups: &mut Vec<Group>) {
        // By the members that their records have: a hall looks only at groups that show its first ones.
        let mut made: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| is_made(group, self.operations)) {
            for key in group.endpoints.iter().flat_map(|one| &self.shown[*one]) {
                let homes = made.entry(compact(key)).or_default();
                if homes.last() != Some(&at) {
                    homes.push(at);
                }
            }
        }
        for at in 0..groups.len() {
            let Some(home) = self.home(at, groups, &made) else { continue };
            let moved = std::mem::take(&mut groups[at].endpoints);
            groups[home].endpoints.extend(moved);
            groups[home].endpoints.sort_unstable();
        }
        groups.retain(|group| !group.endpoints.is_empty());
        groups.sort_by_key(|group| group.endpoints.first().copied());
    }

    /// The one group of made records that all endpoints of another show.
    fn home(&self, at: usize, groups: &[Group], made: &HashMap<String, Vec<usize>>) -> Option<usize> {
        let group = &groups[at];
        let looks = |one: &usize| {
            matches!(self.operations[*one], Operation::List | Operation::Detail)
                && !self.told[*one]
                && !is_mine(&self.set.endpoints[*one], self.lexicon)
        };
        let lists = |one: &&usize| self.operations[**one] == Operation::List;
        let free = group.relation.is_none() && group.within.is_none() && group.endpoints.iter().all(looks);
        let first = group.endpoints.iter().find(lists).filter(|_| free)?;
        // `order/goods` of one order shows what that has.
        let is_part = |one: &usize| self.operations[*one] == Operation::List && self.names_another(*one);
        if group.endpoints.iter().any(is_part) {
            return None;
        }
        let second = self.shown[*first].get(1)?;
        let fits = |home: &usize| {
            let home = &groups[*home];
            group.endpoints.iter().all(|one| shows(self.shown, *one, home))
                && !self.takes_shown(*first, home)
                && self.is_shown_there(group, *first, home)
        };
        let mut homes = made.get(&compact(second))?.iter().copied().filter(|home| *home != at).filter(fits);
        homes.next().filter(|_| homes.next().is_none())
    }

    /// `coupon/receive` makes what one has of a coupon of the list: that shows what is named, and not what is made.
    fn takes_shown(&self, list: usize, home: &Group) -> bool {
        let ids = || self.shown[list].iter().filter(|key| shape::is_id(key));
        let makes = |at: &&usize| self.operations[**at] == Operation::Create;
        let mut inputs = home.endpoints.iter().filter(makes).flat_map(|at| &self.inputs[*at]);
        inputs.any(|input| input.required && ids().any(|key| compact(key) == compact(&input.name)))
    }

    fn names_another(&self, list: usize) -> bool {
        self.inputs[list].iter().any(|input| input.required && shape::is_id(&input.name) && !input.discriminates)
    }

    /// Whether such a list is where others see a group's records: it stands below their name, is called after them, says that it is
    /// open to all, or they have no other list than their makers' own.
    fn is_shown_there(&self, hall: &Group, list: usize, home: &Group) -> bool {
        let endpoint = &self.set.endpoints[list];
        let below = self.nouns[list].before.iter().any(|head| home.names.contains(head));
        let by_id = self.shown[list].iter().filter_map(|key| id_stem(key)).any(|stem| home.names.contains(&stem));
        let mut titles = home.titles.iter().filter(|title| title.chars().count() > 1);
        let called = titles.any(|title| hall.titles.iter().any(|own| own.contains(title.as_str())));
        let open = ["open-to-all", "on-show"].into_iter().any(|topic| {
            self.lexicon.speaks_of(topic, &endpoint.title)
                || path_of(endpoint).iter().any(|word| self.lexicon.is_named(topic, word))
        });
        let mut lists = home.endpoints.iter().filter(|one| self.operations[**one] == Operation::List);
        let unseen = lists.all(|one| is_mine(&self.set.endpoints[*one], self.lexicon));
        (below && unseen) || (open && (below || by_id || called || unseen)) || (unseen && (by_id || called))
    }
}
