//! Which endpoints share a collection.
//!
//! In: for each endpoint its nouns, its operation, what its success shows. Out: the groups, each with the names by which its
//! endpoints call it. A path's noun says more than a title's, since titles put one thing in many words; what neither says
//! an id does (`order_id`).

use super::headed::Headed;
use super::nested::Within;
use super::noun::{Nouns, id_stem, singular};
use crate::behavior::Input;
use crate::behavior::collection::sides::invited::Invitations;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Endpoints about one kind of thing.
#[derive(Clone, Debug, Default)]
pub(in crate::behavior) struct Group {
    pub(in crate::behavior) names: Vec<String>,
    pub(in crate::behavior) titles: Vec<String>,
    pub(in crate::behavior) endpoints: Vec<usize>,
    /// The relation that it stands for, as the lexicon calls it.
    pub(in crate::behavior) relation: Option<String>,
    /// Its records only stand inside those of another.
    pub(in crate::behavior) within: Option<Within>,
    /// Its records are what that endpoint removed.
    pub(in crate::behavior) bin_of: Option<usize>,
}

impl Group {
    /// What messages call its records.
    pub(in crate::behavior) fn things(&self) -> Vec<String> {
        self.titles.iter().chain(&self.names).cloned().collect()
    }
}

pub(in crate::behavior) struct Grouping<'a> {
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) operations: &'a [Operation],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) titles: Vec<&'a str>,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    /// From `docsim.toml`.
    pub(in crate::behavior) told: Vec<Option<&'a str>>,
    /// The members of the items that they show.
    pub(in crate::behavior) shown: Vec<Vec<Arc<str>>>,
    /// Nouns of paths that name a tie, whose records are made, looked at and moved as others are.
    pub(in crate::behavior) made: HashSet<String>,
    /// The members that those endpoints show that tie, and the lists of the caller's own.
    pub(in crate::behavior) told_of_ties: OnceCell<HashSet<String>>,
    pub(in crate::behavior) invited: &'a Invitations,
}

/// The groups in the order in which their first endpoints are documented.
pub(in crate::behavior) fn group(grouping: &Grouping<'_>) -> Vec<Group> {
    let mut groups = Groups::default();
    let on_records = |at: &usize| grouping.operations[*at].is_on_records() || grouping.told[*at].is_some();
    let owners: Vec<usize> = (0..grouping.nouns.len()).filter(on_records).collect();
    for &at in &owners {
        let nouns = &grouping.nouns[at];
        if let Some(told) = grouping.told[at] {
            let relation = grouping.lexicon.verbs().relations().find(|(name, _)| *name == told);
            let known =
                groups.all.iter_mut().find(|group| relation.is_some() && group.relation.as_deref() == Some(told));
            match (known, relation) {
                (Some(group), _) => group.endpoints.push(at),
                (None, Some(_)) => groups.push(Group {
                    names: vec![told.to_owned()],
                    titles: Vec::new(),
                    endpoints: vec![at],
                    relation: Some(told.to_owned()),
                    within: None,
                    bin_of: None,
                }),
                (None, None) => groups.put(&singular(told), if told.is_ascii() { "" } else { told }, at),
            }
        } else if let Some(relation) = grouping.relation(at) {
            let known = groups.all.iter_mut().find(|group| group.relation.as_deref() == Some(&relation));
            match known {
                Some(group) => group.endpoints.push(at),
                None => groups.push(Group {
                    names: vec![relation.clone()],
                    titles: Vec::new(),
                    endpoints: vec![at],
                    relation: Some(relation),
                    within: None,
                    bin_of: None,
                }),
            }
        } else if !nouns.path.is_empty() {
            groups.put(&nouns.path, &nouns.title, at);
        }
    }
    // What the path does not say the title does.
    let placed: HashSet<usize> = groups.all.iter().flat_map(|group| &group.endpoints).copied().collect();
    for &at in &owners {
        let nouns = &grouping.nouns[at];
        if placed.contains(&at) || nouns.title.is_empty() {
            continue;
        }
        let by_stem = grouping.by_stem(at, |stem| groups.by_name.get(stem).copied());
        match by_stem.or_else(|| best_title(&groups.all, &nouns.title, None)) {
            Some(known) => {
                groups.all[known].endpoints.push(at);
                add(&mut groups.all[known].titles, &nouns.title);
            }
            None => groups.put("", &nouns.title, at),
        }
    }
    let mut groups = groups.all;
    grouping.adopt_orphans(&mut groups);
    grouping.adopt_makers(&mut groups);
    merge_alike(&mut groups, grouping);
    grouping.part_held(&mut groups);
    grouping.part_taken(&mut groups);
    disown(&mut groups, grouping.nouns);
    groups.retain(|group| !group.endpoints.is_empty());
    for group in &mut groups {
        group.endpoints.sort_unstable();
    }
    groups.sort_by_key(|group| group.endpoints.first().copied());
    groups
}

impl Grouping<'_> {
    /// The group that an input's id names.
    fn by_stem(&self, at: usize, named: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        let ids = self.inputs[at].iter().filter(|input| input.word == Role::RecordId && compact(&input.name) != "id");
        ids.filter_map(|input| id_stem(&input.name)).find_map(|stem| named(&stem))
    }

    /// The one id that goes in.
    fn only_id(&self, at: usize) -> Option<&Input> {
        let mut ids = self.inputs[at].iter().filter(|input| {
            crate::behavior::collection::items::gather::is_data(input, true)
                && (input.word == Role::RecordId || crate::behavior::collection::items::shape::is_id(&input.name))
        });
        ids.next().filter(|_| ids.next().is_none())
    }

    /// The group that the label of the one id that is taken names: `id=订单id`.
    fn by_label(&self, at: usize, without: usize, groups: &[Group]) -> Option<usize> {
        let mut ids = self.inputs[at].iter().filter(|input| input.word == Role::RecordId);
        let id = ids.next().filter(|id| ids.next().is_none() && compact(&id.name) == "id")?;
        let label = super::naming::bare_label(&id.label, self.lexicon);
        let mut named = (0..groups.len()).filter(|other| *other != without && groups[*other].titles.contains(&label));
        named.next().filter(|_| named.next().is_none())
    }

    /// Whether something is made in one group of what another's records are named by.
    fn makes_of(&self, group: &Group, other: &Group) -> bool {
        let makes = |at: &&usize| self.operations[**at] == Operation::Create;
        let names = |at: &usize| {
            let stems = self.inputs[*at].iter().filter(|input| input.required).filter_map(|input| id_stem(&input.name));
            stems.into_iter().any(|stem| other.names.contains(&stem))
        };
        group.endpoints.iter().filter(makes).any(names)
    }

    /// `pay/submit` with an `order_id` is about orders where nothing else is about payments.
    fn adopt_orphans(&self, groups: &mut [Group]) {
        let lone = |group: &Group| {
            let shows =
                |at: &usize| matches!(self.operations[*at], Operation::List | Operation::Create | Operation::Save);
            group.relation.is_none() && !group.endpoints.iter().any(shows)
        };
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, group) in groups.iter().enumerate() {
            for name in &group.names {
                by_name.entry(name.clone()).or_default().push(at);
            }
        }
        let headed = Headed::new(self.operations, &self.shown, self.lexicon);
        let group_of: HashMap<usize, usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(at, group)| group.endpoints.iter().map(move |end| (*end, at)))
            .collect();
        for orphan in 0..groups.len() {
            if !lone(&groups[orphan]) {
                continue;
            }
            for at in groups[orphan].endpoints.clone() {
                if self.told[at].is_some() {
                    continue;
                }
                let nouns = &self.nouns[at];
                let is_other = |other: &usize| *other != orphan;
                let named = |name: &str| by_name.get(name).and_then(|all| all.iter().copied().find(is_other));
                let by_context = || nouns.heads().find_map(|name| named(name));
                let by_label = || self.by_label(at, orphan, groups);
                let by_title = || best_title(groups, &nouns.title, Some(orphan)).filter(|_| !nouns.title.is_empty());
                let by_part = || {
                    (0..groups.len()).filter(is_other).find(|other| {
                        groups[*other].names.iter().any(|name| {
                            name.len() > 3
                                && nouns.path.len() > 3
                                && (nouns.path.starts_with(name.as_str()) || nouns.path.ends_with(name.as_str()))
                        })
                    })
                };
                // `act=shantie` takes the `tid` that heads the list of another.
                let by_head = || {
                    let lists = headed.by(&self.only_id(at)?.name);
                    let mut homes = lists.iter().filter_map(|list| group_of.get(list)).filter(|home| is_other(home));
                    let home = homes.next()?;
                    homes.all(|other| other == home).then_some(*home)
                };
                let home = self.by_stem(at, named).or_else(by_head).or_else(by_title).or_else(by_label);
                let home = home.or_else(by_part).or_else(by_context);
                if let Some(home) = home.filter(|home| !lone(&groups[*home])) {
                    groups[orphan].endpoints.retain(|known| *known != at);
                    groups[home].endpoints.push(at);
                }
            }
        }
    }
}

/// `预约课程` makes a booking, and calls it by the name of what is booked: a title belongs to the group whose endpoints have
/// it most, where the other has one of its own.
fn disown(groups: &mut [Group], nouns: &[Nouns]) {
    let uses = |group: &Group, title: &str| group.endpoints.iter().filter(|at| nouns[**at].title == title).count();
    let mut most: HashMap<String, usize> = HashMap::new();
    for group in groups.iter().filter(|group| group.relation.is_none()) {
        for title in &group.titles {
            let known = most.entry(title.clone()).or_default();
            *known = uses(group, title).max(*known);
        }
    }
    for group in groups.iter_mut() {
        let is_others = |title: &String| most.get(title).is_some_and(|most| *most > uses(group, title));
        let kept: Vec<String> = group.titles.iter().filter(|title| !is_others(title)).cloned().collect();
        if !kept.is_empty() {
            group.titles = kept;
        }
    }
}

/// Those found so far, and which is the first of a name.
#[derive(Default)]
struct Groups {
    all: Vec<Group>,
    by_name: HashMap<String, usize>,
}

impl Groups {
    fn push(&mut self, group: Group) {
        for name in &group.names {
            self.by_name.entry(name.clone()).or_insert(self.all.len());
        }
        self.all.push(group);
    }

    fn put(&mut self, name: &str, title: &str, at: usize) {
        if let Some(known) = self.by_name.get(name).filter(|_| !name.is_empty()) {
            let group = &mut self.all[*known];
            group.endpoints.push(at);
            add(&mut group.titles, title);
            return;
        }
        let names = if name.is_empty() { Vec::new() } else { vec![name.to_owned()] };
        let titles = if title.is_empty() { Vec::new() } else { vec![title.to_owned()] };
        self.push(Group { names, titles, endpoints: vec![at], relation: None, within: None, bin_of: None });
    }
}

fn add(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

/// The group one of whose titles this is, or ends with, or is the end of; the longest such.
fn best_title(groups: &[Group], title: &str, without: Option<usize>) -> Option<usize> {
    let long_enough = |text: &str| text.chars().count() >= 2;
    let length = |group: &Group| {
        let fits = |known: &&String| {
            **known == title
                || (long_enough(known) && title.ends_with(known.as_str()))
                || (long_enough(title) && known.ends_with(title))
        };
        group.titles.iter().filter(fits).map(|known| known.len().min(title.len())).max().unwrap_or(0)
    };
    let others = groups.iter().enumerate().filter(|(at, _)| Some(*at) != without);
    let best = others.map(|(at, group)| (length(group), at)).max_by_key(|(l, at)| (*l, usize::MAX - at));
    best.filter(|(length, _)| *length > 0).map(|(_, at)| at)
}

/// `news/list` and `article/detail` under one title are about one thing, unless both have lists of their own.
fn merge_alike(groups: &mut [Group], grouping: &Grouping<'_>) {
    let mut by_title: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0..groups.len() {
        if groups[at].relation.is_some() {
            continue;
        }
        let titles = groups[at].titles.clone();
        let same = titles.iter().find_map(|title| by_title.get(title).copied());
        // `Book a room` with a `room_id` makes a booking, and no room.
        let same = same.filter(|first| !grouping.makes_of(&groups[at], &groups[*first]));
        let lists =
            |group: &Group| group.endpoints.iter().filter(|at| grouping.operations[**at] == Operation::List).count();
        match same {
            Some(first) if lists(&groups[first]) == 0 || lists(&groups[at]) == 0 => {
                let moved = std::mem::take(&mut groups[at]);
                let group = &mut groups[first];
                group.endpoints.extend(moved.endpoints);
                moved.names.iter().for_each(|name| add(&mut group.names, name));
                moved.titles.iter().for_each(|title| add(&mut group.titles, title));
            }
            _ => {
                for title in titles {
                    by_title.entry(title).or_insert(at);
                }
            }
        }
    }
}
