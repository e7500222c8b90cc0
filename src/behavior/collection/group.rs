//! Which endpoints share a collection.
//!
//! In: for each endpoint its nouns, its operation, what its success shows. Out: the groups, each with the names by which its
//! endpoints call it. A path's noun says more than a title's, since titles put one thing in many words; what neither says
//! an id does (`order_id`).

use super::headed::Headed;
use super::nested::Within;
use super::noun::{Nouns, id_stem, singular};
use crate::behavior::Input;
use crate::lexicon::{Lexicon, Operation, Role, compact};
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
    /// `ticket/take` with a `ticketId` answers a `myTicketId`, and a list shows both: what callers take of what there is are
    /// records of their own, each naming one of those.
    fn part_held(&self, groups: &mut Vec<Group>) {
        let mut parted: Vec<Group> = Vec::new();
        for group in groups.iter_mut().filter(|group| group.relation.is_none()) {
            let is_told = |at: &usize| self.told[*at].is_some();
            let is_list = |at: &usize| self.operations[*at] == Operation::List && !is_told(at);
            let stems = |at: usize| self.shown[at].iter().filter_map(|key| id_stem(key)).collect::<Vec<_>>();
            let shows = |at: usize, stem: &String| stems(at).contains(stem);
            let takes = |at: usize, stem: &String| {
                self.inputs[at].iter().any(|input| id_stem(&input.name).as_ref() == Some(stem))
            };
            let makers = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Create && !is_told(at));
            let found = makers.copied().find_map(|maker| {
                let named = group.names.iter().find(|name| takes(maker, name) && !shows(maker, name))?;
                let held = stems(maker).into_iter().find(|stem| stem != named && !group.names.contains(stem))?;
                let lists = || group.endpoints.iter().copied().filter(|at| is_list(at));
                let both = lists().any(|at| shows(at, &held) && shows(at, named));
                let offered = lists().any(|at| !shows(at, &held) && shows(at, named));
                (both && offered).then_some((maker, held))
            });
            let Some((maker, held)) = found else { continue };
            let (own, left): (Vec<usize>, Vec<usize>) = group
                .endpoints
                .iter()
                .partition(|at| !is_told(at) && (**at == maker || shows(**at, &held) || takes(**at, &held)));
            group.endpoints = left;
            parted.push(Group { names: vec![held], titles: Vec::new(), endpoints: own, relation: None, within: None });
        }
        groups.extend(parted);
    }

    /// `coupon/receive` with a `coupon_id`, and a list elsewhere that shows an id of its own beside that: what is taken is put on
    /// that list, and is no coupon of those that are offered.
    fn part_taken(&self, groups: &mut Vec<Group>) {
        for giver in 0..groups.len() {
            if groups[giver].relation.is_some() {
                continue;
            }
            let names = self.names_of_offered(&groups[giver]);
            let takes_only = |at: usize| {
                let data =
                    || self.inputs[at].iter().filter(|input| crate::behavior::collection::gather::is_data(input, true));
                let named = |input: &Input| {
                    id_stem(&input.name).is_some_and(|stem| names.contains(&stem)) || compact(&input.name) == "id"
                };
                data().all(|input| input.word == Role::RecordId || super::shape::is_id(&input.name))
                    && data().any(named)
            };
            let is_maker =
                |at: &usize| self.operations[*at] == Operation::Create && self.told[*at].is_none() && takes_only(*at);
            // `quan/lingqu`: a word that no list knows names no thing of its own.
            let apart = || {
                let alone = groups.iter().filter(|group| group.relation.is_none() && group.endpoints.len() == 1);
                let mut makers = alone.filter_map(|group| group.endpoints.first().copied());
                makers.find(|at| {
                    let of_giver = |head: &String| groups[giver].names.contains(head);
                    is_maker(at) && self.nouns[*at].heads().next().is_some_and(of_giver)
                })
            };
            let maker = groups[giver].endpoints.iter().copied().find(is_maker).or_else(apart);
            let Some(maker) = maker else { continue };
            // The list's items have an id beside that of what was taken.
            let both = |at: usize| {
                let shown = &self.shown[at];
                let named =
                    |key: &Arc<str>| id_stem(key).is_some_and(|stem| names.contains(&stem)) && compact(key) != "id";
                let other = |key: &Arc<str>| !named(key) && (compact(key) == "id" || super::shape::is_id(key));
                shown.iter().any(named) && shown.iter().any(other)
            };
            let lists = |group: &Group| -> Vec<usize> {
                let lists = group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::List);
                lists.filter(|at| self.told[*at].is_none()).collect()
            };
            let mine = |at: &usize| self.is_mine(*at);
            // Where the items have no id of their own, `我的优惠券` beside `领券中心` says whose they are.
            let owns = |at: usize| both(at) || mine(&at);
            let offered = lists(&groups[giver]).into_iter().any(|at| !owns(at));
            let makes = |group: &Group| {
                group.endpoints.iter().any(|at| matches!(self.operations[*at], Operation::Create | Operation::Save))
            };
            let taker = (0..groups.len()).find(|other| {
                *other != giver
                    && groups[*other].relation.is_none()
                    && !makes(&groups[*other])
                    && lists(&groups[*other]).into_iter().any(|at| both(at) && mine(&at))
            });
            match taker.filter(|_| offered) {
                Some(taker) => {
                    for group in groups.iter_mut() {
                        group.endpoints.retain(|at| *at != maker);
                    }
                    groups[taker].endpoints.push(maker);
                }
                None if offered => {
                    let own: Vec<usize> = lists(&groups[giver]).into_iter().filter(mine).collect();
                    if own.is_empty() {
                        continue;
                    }
                    let uses = |at: &usize| self.operations[*at] == Operation::Transition && self.told[*at].is_none();
                    let moved: Vec<usize> = groups[giver]
                        .endpoints
                        .iter()
                        .copied()
                        .filter(|at| *at == maker || own.contains(at) || uses(at))
                        .collect();
                    let mut moved = moved;
                    if !moved.contains(&maker) {
                        moved.push(maker);
                    }
                    for group in groups.iter_mut() {
                        group.endpoints.retain(|at| !moved.contains(at));
                    }
                    let first = groups[giver].names.first().map_or("", String::as_str);
                    let names = match self.named_by_held(&groups[giver], maker, &own, &names) {
                        Some((held, offers)) => {
                            groups[giver].names = offers;
                            vec![held]
                        }
                        None => vec![format!("my{first}")],
                    };
                    let titles = groups[giver].titles.clone();
                    groups.push(Group { names, titles, endpoints: moved, relation: None, within: None });
                }
                None => {}
            }
        }
    }

    /// `couponId` is what receiving the offer `tplId` answers with and what only the callers' own list shows: the offers go by the
    /// other name.
    fn named_by_held(
        &self,
        offers: &Group,
        maker: usize,
        own: &[usize],
        names: &[String],
    ) -> Option<(String, Vec<String>)> {
        let shows = |at: usize, name: &String| self.shown[at].iter().any(|key| id_stem(key).as_ref() == Some(name));
        let takes = |name: &String| self.inputs[maker].iter().any(|input| id_stem(&input.name).as_ref() == Some(name));
        let left: Vec<String> = names.iter().filter(|name| !offers.names.contains(name)).cloned().collect();
        let by_another = left.iter().any(|name| takes(name) && own.iter().all(|at| shows(*at, name)));
        let is_held = |name: &&String| {
            let offered = offers.endpoints.iter().any(|at| !own.contains(at) && *at != maker && shows(*at, name));
            !takes(name) && !offered && shows(maker, name) && own.iter().all(|at| shows(*at, name))
        };
        let held = offers.names.iter().find(is_held).filter(|_| by_another)?.clone();
        Some((held, left))
    }

    /// What a group is called, and what the one id of the items of a list of it names: `quan_id` of `coupon/list`.
    fn names_of_offered(&self, group: &Group) -> Vec<String> {
        let lists = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::List);
        let offered = lists.filter(|at| !self.is_mine(**at));
        let stems = offered.filter_map(|at| {
            let mut stems = self.shown[*at].iter().filter(|key| compact(key) != "id").filter_map(|key| id_stem(key));
            stems.next().filter(|_| stems.next().is_none())
        });
        group.names.iter().cloned().chain(stems).collect()
    }

    /// Whether a list has what the caller has: `我的优惠券`, `已领取的券`, `coupon/my`.
    fn is_mine(&self, at: usize) -> bool {
        let title = super::gather::without_uses(self.titles[at]);
        let titled = ["mine", "had-by-caller"].iter().any(|topic| self.lexicon.speaks_of(topic, title));
        titled || self.nouns[at].words.iter().any(|word| self.lexicon.is_named("mine", word))
    }

    /// The relation whose records an endpoint is about: it toggles one, or its path names nothing else.
    fn relation(&self, at: usize) -> Option<String> {
        let nouns = &self.nouns[at];
        let verbs = self.lexicon.verbs();
        if self.operations[at] == Operation::Toggle {
            return verbs.relation(self.titles[at], &nouns.words).map(|(name, ..)| name.to_owned());
        }
        if self.made.contains(&nouns.path) {
            return None;
        }
        // `attend` of what `signup` makes records of ties nobody either.
        let is_made = |words: &[String]| words.iter().any(|word| self.made.contains(word));
        let named = verbs.relations().find(|(name, relation)| {
            relation.path.contains(&nouns.path) && (!is_made(&relation.path) || self.is_toggled(name))
        });
        let told = || {
            // `我的收藏`: the title names nothing but the relation.
            let bare = nouns.title.is_empty() && nouns.path.is_empty();
            verbs.relation(self.titles[at], &[]).filter(|_| bare).map(|(name, ..)| name.to_owned())
        };
        // `我报名的活动`, `activity/mine`
        // `我想玩的` at `me/wants`
        let of_mine = || {
            let own = || nouns.words.iter().any(|word| self.lexicon.is_named("own-page", word));
            let mine = self.lexicon.speaks_of("mine", self.titles[at]);
            let lists = self.operations[at] == Operation::List && (mine || own());
            let words = if mine { &[] } else { &nouns.words[..] };
            let found = verbs.relation(self.titles[at], words).map(|(name, ..)| name.to_owned());
            found.filter(|name| lists && self.is_toggled(name))
        };
        // `粉丝列表`, `user/fans`: those who are tied.
        let back = || {
            let mut seen = verbs.relations().filter(|_| self.operations[at] == Operation::List);
            seen.find(|(_, relation)| relation.is_seen_back(self.titles[at], &nouns.path))
                .map(|(name, _)| name.to_owned())
                .filter(|name| self.is_toggled(name))
        };
        let named = || named.map(|(name, _)| name.to_owned()).or_else(told).or_else(of_mine).or_else(back);
        self.roster(at).or_else(named)
    }

    /// `lesson/members` with the `lesson_id` that signing up takes, and nothing but people on its list: those who signed up.
    fn roster(&self, at: usize) -> Option<String> {
        let people = || super::people::are_people(self.shown[at].iter().map(|key| &**key), self.lexicon);
        if self.operations[at] != Operation::List || self.is_mine(at) || !people() {
            return None;
        }
        let id = |at: usize| self.inputs[at].iter().find(|input| super::ties::names_tied(input)).map(|id| &id.name);
        let own = id(at)?;
        let ties = (0..self.operations.len()).filter(|at| self.operations[*at] == Operation::Toggle);
        let ties = ties.filter(|tie| id(*tie).is_some_and(|name| compact(name) == compact(own)));
        let words = &self.nouns[at].words;
        let relations: Vec<&str> = ties
            .filter_map(|tie| Some(self.lexicon.verbs().relation(self.titles[tie], &self.nouns[tie].words)?.0))
            .collect();
        let named = self.lexicon.verbs().relation(self.titles[at], words).map(|(name, ..)| name);
        let listed = self.lexicon.speaks_of("roster", self.titles[at])
            || words.iter().any(|word| self.lexicon.is_named("roster", word));
        let said = relations.iter().find(|name| named == Some(**name));
        let alone = || relations.first().filter(|first| listed && relations.iter().all(|name| name == *first));
        said.or_else(alone).map(|name| (*name).to_owned())
    }

    /// Whether an endpoint ties and unties by that relation.
    fn is_toggled(&self, name: &str) -> bool {
        (0..self.operations.len()).any(|at| {
            self.operations[at] == Operation::Toggle
                && self
                    .lexicon
                    .verbs()
                    .relation(self.titles[at], &self.nouns[at].words)
                    .is_some_and(|(known, ..)| known == name)
        })
    }

    /// The group that an input's id names.
    fn by_stem(&self, at: usize, named: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        let ids = self.inputs[at].iter().filter(|input| input.word == Role::RecordId && compact(&input.name) != "id");
        ids.filter_map(|input| id_stem(&input.name)).find_map(|stem| named(&stem))
    }

    /// The one id that goes in.
    fn only_id(&self, at: usize) -> Option<&Input> {
        let mut ids = self.inputs[at].iter().filter(|input| {
            super::gather::is_data(input, true) && (input.word == Role::RecordId || super::shape::is_id(&input.name))
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
        self.push(Group { names, titles, endpoints: vec![at], relation: None, within: None });
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
