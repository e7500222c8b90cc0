//! What somebody else does with records that are made under another noun: `worker/pool`, `worker/take` beside `repair/add`.
//!
//! In: the groups of endpoints. Out: the same groups, where all that lies below one word of the paths and shows, lists or moves the
//! records of another group is among the endpoints of that. Whose the endpoints are is found elsewhere.

use crate::behavior::Input;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::naming::bare_label;
use crate::behavior::collection::nouns::noun::{id_stem, singular};
use crate::behavior::collection::nouns::views::{is_made, shows};
use crate::behavior::operation::path_of;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::DocSet;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

pub(in crate::behavior) struct Controllers<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) operations: &'a [Operation],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) shown: &'a [Vec<Arc<str>>],
    /// From `docsim.toml`.
    pub(in crate::behavior) told: &'a [bool],
    /// By the first endpoint that makes records of a group, the ids with which it and the others answer, compact.
    pub(in crate::behavior) answered: RefCell<HashMap<usize, Rc<HashSet<String>>>>,
}

/// By words of paths; none where several groups have it.
type Homes = HashMap<String, Option<usize>>;

impl Controllers<'_> {
    pub(in crate::behavior) fn join(&self, groups: &mut Vec<Group>) {
        self.part_makers(groups);
        let made: Vec<usize> = (0..groups.len()).filter(|at| is_made(&groups[*at], self.operations)).collect();
        let mut by_stem: HashMap<String, Vec<usize>> = HashMap::new();
        for &home in &made {
            for name in &groups[home].names {
                by_stem.entry(name.clone()).or_default().push(home);
            }
        }
        for at in 0..groups.len() {
            if let Some(home) = self.home(&groups[at], groups, &made, &by_stem) {
                move_to(groups, at, home);
            }
        }
        self.join_deeds(groups, &made);
        self.join_lists(groups, &made);
        groups.retain(|group| !group.endpoints.is_empty());
        groups.sort_by_key(|group| group.endpoints.first().copied());
    }

    /// `device/borrow` makes no device, but what `device/borrowed` lists: it names a device and answers with an id that only that
    /// list shows. So do the deeds that take this id.
    fn part_makers(&self, groups: &mut [Group]) {
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        let reads = |at: &&usize| matches!(self.operations[**at], Operation::List | Operation::Detail);
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| self.is_free(group)) {
            let keys = group.endpoints.iter().filter(reads).flat_map(|one| &self.shown[*one]);
            for key in keys.filter(|key| self.names_one(key)) {
                let homes = by_key.entry(compact(key)).or_default();
                if homes.last() != Some(&at) {
                    homes.push(at);
                }
            }
        }
        for at in 0..groups.len() {
            let makes = |one: &&usize| self.operations[**one] == Operation::Create && !self.told[**one];
            let makers: Vec<usize> = groups[at].endpoints.iter().filter(makes).copied().collect();
            for maker in makers {
                let Some((key, home)) = self.made_elsewhere(maker, at, groups, &by_key) else { continue };
                let takes = |one: &usize| self.inputs[*one].iter().any(|input| compact(&input.name) == key);
                let moves = |one: &usize| *one == maker || (takes(one) && !reads(&one) && !self.told[*one]);
                let (moved, kept): (Vec<usize>, Vec<usize>) = groups[at].endpoints.iter().partition(|one| moves(one));
                groups[at].endpoints = kept;
                groups[home].endpoints.extend(moved);
                groups[home].endpoints.sort_unstable();
            }
        }
    }

    /// The id that a maker answers with, and the one other group whose lists show it.
    fn made_elsewhere(
        &self,
        maker: usize,
        own: usize,
        groups: &[Group],
        by_key: &HashMap<String, Vec<usize>>,
    ) -> Option<(String, usize)> {
        let taken = |key: &str| self.inputs[maker].iter().any(|input| compact(&input.name) == key);
        let is_id = |key: &&Arc<str>| self.names_one(key) && !taken(&compact(key));
        let mut ids = self.shown[maker].iter().filter(is_id).map(|key| compact(key));
        let key = ids.next().filter(|key| key != "id" && ids.next().is_none())?;
        let homes = by_key.get(&key)?;
        let [home] = homes[..] else { return None };
        let is_thing = |at: &&usize| self.operations[**at] == Operation::List;
        let mut things = groups[own].endpoints.iter().filter(is_thing).peekable();
        // The own lists show what the maker names.
        let named = things.peek().is_some()
            && things.all(|at| self.shown[*at].iter().any(|shown| self.names_one(shown) && taken(&compact(shown))));
        (home != own && named && !is_made(&groups[home], self.operations)).then_some((key, home))
    }

    /// Whether a member is an id or a number by which a record goes: `borrowNo`.
    fn names_one(&self, key: &str) -> bool {
        crate::behavior::collection::items::shape::is_id(key)
            || crate::behavior::collection::nouns::noun::is_numbered(key, self.lexicon)
    }

    /// The group whose records another's lists show and its deeds move.
    fn home(
        &self,
        group: &Group,
        groups: &[Group],
        made: &[usize],
        by_stem: &HashMap<String, Vec<usize>>,
    ) -> Option<usize> {
        let of = |wanted: Operation| group.endpoints.iter().copied().filter(move |at| self.operations[*at] == wanted);
        let lone = self.is_free(group) && !is_made(group, self.operations);
        let first = of(Operation::List).next().filter(|_| lone && of(Operation::Transition).next().is_some())?;
        let fits = |home: &usize| {
            let home = &groups[*home];
            of(Operation::List).chain(of(Operation::Detail)).all(|at| shows(self.shown, at, home))
                && of(Operation::Transition).all(|at| self.takes(at, home))
        };
        // By the ids that its items have, else by their members, where only one group has such.
        let stems = self.shown[first].iter().filter_map(|key| id_stem(key));
        let mut named = stems.filter_map(|stem| by_stem.get(&stem)).flatten().copied();
        named.find(|home| fits(home)).or_else(|| {
            let mut alike = made.iter().copied().filter(fits);
            alike.next().filter(|_| alike.next().is_none())
        })
    }

    /// `worker/arrive`: a deed below the word below which the lists are.
    fn join_deeds(&self, groups: &mut [Group], made: &[usize]) {
        let lists = |at: usize, word: &str| {
            self.operations[at] == Operation::List && !self.lexicon.is_named("account-noun", word)
        };
        let below = self.homes_below(groups, made, &lists);
        self.join_below(groups, &below, &[Operation::Transition], &|deed, home| self.takes(deed, home));
    }

    /// `worker/pool`, `worker/mytask`: lists of what is moved below the same word.
    fn join_lists(&self, groups: &mut [Group], made: &[usize]) {
        let below = self.homes_below(groups, made, &|at, _| self.operations[at] == Operation::Transition);
        self.join_below(groups, &below, &[Operation::List, Operation::Detail], &|list, home| {
            shows(self.shown, list, home)
        });
    }

    /// Words of paths, none of them the records' own, with the one group that has such endpoints below it.
    fn homes_below(&self, groups: &[Group], made: &[usize], is_one: &dyn Fn(usize, &str) -> bool) -> Homes {
        let mut below = Homes::new();
        for &home in made {
            for &at in &groups[home].endpoints {
                let word = self.word_before(at).filter(|word| !groups[home].names.contains(&singular(word)));
                if let Some(word) = word.filter(|word| is_one(at, word)) {
                    let only = below.entry(word).or_insert(Some(home));
                    *only = only.filter(|known| *known == home);
                }
            }
        }
        below
    }

    /// Moves the groups that are nothing but such operations below such a word to its group.
    fn join_below(
        &self,
        groups: &mut [Group],
        below: &Homes,
        moved: &[Operation],
        fits: &dyn Fn(usize, &Group) -> bool,
    ) {
        let home_of = |at: usize| *below.get(&self.word_before(at)?)?;
        for at in 0..groups.len() {
            let group = &groups[at];
            let is_free =
                self.is_free(group) && group.endpoints.iter().all(|one| moved.contains(&self.operations[*one]));
            let home = group.endpoints.first().and_then(|first| home_of(*first)).filter(|home| is_free && *home != at);
            let Some(home) = home else { continue };
            if group.endpoints.iter().all(|one| fits(*one, &groups[home]) && home_of(*one) == Some(home)) {
                move_to(groups, at, home);
            }
        }
    }

    fn is_free(&self, group: &Group) -> bool {
        group.relation.is_none() && group.within.is_none() && group.endpoints.iter().all(|at| !self.told[*at])
    }

    fn word_before(&self, at: usize) -> Option<String> {
        let words = path_of(&self.set.endpoints[at]);
        let (_, before) = words.split_last()?;
        before.last().map(|word| compact(word))
    }

    /// Whether a deed is done to one record of the group: its one id is the group's, or says of nothing else that it is.
    fn takes(&self, at: usize, home: &Group) -> bool {
        let names_one = |input: &&Input| {
            // `repair_no` is no id by its words alone.
            let numbered = || id_stem(&input.name).is_some_and(|stem| home.names.contains(&stem));
            input.word == Role::RecordId || crate::behavior::collection::items::shape::is_id(&input.name) || numbered()
        };
        let data = self.inputs[at].iter().filter(|input| !input.routes && !input.discriminates);
        let mut ids = data.filter(names_one);
        let Some(id) = ids.next().filter(|_| ids.next().is_none()) else { return false };
        if compact(&id.name) != "id" {
            return id_stem(&id.name).is_some_and(|stem| home.names.contains(&stem)) || self.is_id_of(&id.name, home);
        }
        let label = bare_label(&id.label, self.lexicon);
        let says = label.chars().count() > 1 && !label.is_ascii();
        !says || home.titles.iter().any(|title| label.contains(title.as_str()) || title.contains(label.as_str()))
    }

    /// Whether what the group makes is answered with an id of this name.
    fn is_id_of(&self, name: &str, home: &Group) -> bool {
        let makes = |at: &&usize| matches!(self.operations[**at], Operation::Create | Operation::Save);
        let makers = home.endpoints.iter().filter(makes);
        let Some(first) = makers.clone().next() else { return false };
        let known = self.answered.borrow().get(first).map(Rc::clone);
        let answered = known.unwrap_or_else(|| {
            let mut answered = HashSet::new();
            for at in makers {
                let taken: Vec<String> = self.inputs[*at].iter().map(|input| compact(&input.name)).collect();
                let keys = self.shown[*at].iter().map(|key| compact(key));
                answered.extend(keys.filter(|key| !taken.contains(key)));
            }
            let answered = Rc::new(answered);
            self.answered.borrow_mut().insert(*first, Rc::clone(&answered));
            answered
        });
        answered.contains(&compact(name))
    }
}

fn move_to(groups: &mut [Group], from: usize, to: usize) {
    let moved = std::mem::take(&mut groups[from].endpoints);
    groups[to].endpoints.extend(moved);
    groups[to].endpoints.sort_unstable();
}
