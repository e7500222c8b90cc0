//! What callers take of what there is for all, apart from that: my coupons from the coupons that are given out.
//!
//! In: the groups, and what their endpoints take and show. Out: the same groups, with a group more for what is taken where none
//! had it.

use crate::behavior::Input;
use crate::behavior::collection::items::gather::{is_data, without_uses};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::group::{Group, Grouping};
use crate::behavior::collection::nouns::noun::id_stem;
use crate::lexicon::{Operation, Role, compact};
use std::sync::Arc;

impl Grouping<'_> {
    /// `ticket/take` with a `ticketId` answers a `myTicketId`, and a list shows both: what callers take of what there is are
    /// records of their own, each naming one of those.
    pub(in crate::behavior::collection) fn part_held(&self, groups: &mut Vec<Group>) {
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
            parted.push(Group {
                names: vec![held],
                titles: Vec::new(),
                endpoints: own,
                relation: None,
                within: None,
                bin_of: None,
            });
        }
        groups.extend(parted);
    }

    /// `coupon/receive` with a `coupon_id`, and a list elsewhere that shows an id of its own beside that: what is taken is put on
    /// that list, and is no coupon of those that are offered.
    pub(in crate::behavior::collection) fn part_taken(&self, groups: &mut Vec<Group>) {
        for giver in 0..groups.len() {
            if groups[giver].relation.is_some() {
                continue;
            }
            let names = self.names_of_offered(&groups[giver]);
            let takes_only = |at: usize| {
                let data = || self.inputs[at].iter().filter(|input| is_data(input, true));
                let named = |input: &Input| {
                    id_stem(&input.name).is_some_and(|stem| names.contains(&stem)) || compact(&input.name) == "id"
                };
                data().all(|input| input.word == Role::RecordId || shape::is_id(&input.name)) && data().any(named)
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
                let other = |key: &Arc<str>| !named(key) && (compact(key) == "id" || shape::is_id(key));
                shown.iter().any(named) && shown.iter().any(other)
            };
            // `coupon/mylist` whose items go by the id of what was taken, and show how they stand.
            let shows_offered = |at: usize| {
                let shown = &self.shown[at];
                let named = |key: &Arc<str>| id_stem(key).is_some_and(|stem| names.contains(&stem));
                let stands = |key: &Arc<str>| self.lexicon.role(key, "").is_some_and(|(role, _)| role == Role::Status);
                shown.iter().any(named) && shown.iter().any(stands)
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
                    && lists(&groups[*other]).into_iter().any(|at| mine(&at) && (both(at) || shows_offered(at)))
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
                    groups.push(Group { names, titles, endpoints: moved, relation: None, within: None, bin_of: None });
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
    pub(in crate::behavior::collection) fn is_mine(&self, at: usize) -> bool {
        let title = without_uses(self.titles[at]);
        let titled = ["mine", "had-by-caller"].iter().any(|topic| self.lexicon.speaks_of(topic, title));
        titled || self.nouns[at].words.iter().any(|word| self.lexicon.is_named("mine", word))
    }
}
