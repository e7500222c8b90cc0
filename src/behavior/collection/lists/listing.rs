//! What a list has: whose records, in which order, and which inputs cut, filter or search it.
//!
//! In: the endpoint with its inputs, the remarks and the collections. Out: the plan by which the engine lists.

use super::list_plan::{FilterKind, ListPlan};
use crate::behavior::account::others;
use crate::behavior::collection::items::gather::is_mine;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::{Collection, ItemTemplate, OnRecords, Party, Source, Standing};
use crate::behavior::{Input, Reply, Slot};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, Note};
use std::sync::Arc;

pub(in crate::behavior) struct Listing<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) collections: &'a [Collection],
    pub(in crate::behavior) inputs: &'a [Input],
    pub(in crate::behavior) endpoint: &'a Endpoint,
    pub(in crate::behavior) on: &'a OnRecords,
    pub(in crate::behavior) authenticated: bool,
    /// Whether tokens name callers, and not ids.
    pub(in crate::behavior) by_token: bool,
    pub(in crate::behavior) prose: &'a [Note],
    pub(in crate::behavior) all: crate::behavior::collection::prose::AllLists,
}

impl Listing<'_> {
    pub(in crate::behavior) fn plan(&self) -> ListPlan {
        let collection = &self.collections[self.on.collection];
        let mut plan = ListPlan {
            collection: self.on.collection,
            mine: collection.private
                || (collection.owned && self.authenticated && is_mine(self.endpoint, self.lexicon)),
            first_page: 1,
            newest_first: self.newest_first(collection),
            ..ListPlan::default()
        };
        plan.mine &= !self.is_roster();
        self.whose(collection, &mut plan);
        plan.only = self.only_those_in(collection).or(plan.only);
        self.paging(&mut plan);
        plan.sorting = self.sorting(collection);
        if let Some((orders, because)) = self.usual_orders(collection, plan.sorting.as_ref()) {
            plan.newest_first = match orders.last() {
                Some(last) if last.field.is_none() => last.descending,
                Some(last) if !last.descending && last.is_by_time(collection) => false,
                _ => plan.newest_first || orders.iter().any(|order| order.is_newest_first(collection)),
            };
            (plan.orders, plan.ordered_because) = (orders, Some(because));
        }
        for (at, input) in self.inputs.iter().enumerate() {
            let sorts =
                plan.sorting.as_ref().is_some_and(|sorting| sorting.input == at || sorting.direction == Some(at));
            if sorts {
                let scope = self.scope(at, input, collection);
                plan.filters.extend(scope);
            }
            let paging = sorts || [plan.page, plan.size, plan.offset, plan.cursor].contains(&Some(at));
            let names = [plan.of, plan.with].contains(&Some(at));
            if paging || names || input.discriminates || input.routes || self.is_place(input) {
                continue;
            }
            let named = self.lexicon.role(&input.name, "").map(|(role, _)| role);
            let called = input.word == Role::Keyword || named == Some(Role::Keyword);
            let sought = || self.searches(at, input, collection) || self.searches_by_name(input);
            if let Some(filter) = self.named_account(at, input, collection).filter(|_| !called) {
                plan.filters.push(filter);
            } else if called || (plan.keyword.is_none() && sought()) {
                plan.keyword = Some(at);
                plan.keyword_in = self.keyword_fields(at, input, collection);
            } else if let Some(filter) = self.filter(at, input, collection) {
                plan.filters.push(filter);
            }
        }
        self.open_examples(collection, &mut plan);
        if (collection.counterpart.is_some() || collection.taker.is_some()) && self.on.party != Party::Maker {
            (plan.party, plan.mine) = (self.on.party, true);
        }
        if let Some(Standing { field, values, .. }) =
            self.standing(collection).filter(|_| !plan.mine && plan.of.is_none())
        {
            plan.only_unless = plan.filters.iter().find(|filter| filter.field == field).map(|filter| filter.input);
            plan.only = Some((field, values));
        }
        // What answers another stands below it, unless just those are asked for.
        if let Some(answers) = collection.answers.as_ref().filter(|_| plan.only.is_none()) {
            plan.only_unless = plan.filters.iter().find(|filter| filter.field == answers.field).map(|by| by.input);
            plan.only = Some((Arc::clone(&answers.field), vec![Json::Null, Json::string("")]));
        }
        plan
    }

    /// What a list has of all that there is, whoever asks.
    fn standing(&self, collection: &Collection) -> Option<Standing> {
        let mut told = crate::behavior::collection::prose::remarks(self.prose, self.endpoint);
        let own = told.find_map(|note| super::shown::listed(note, &collection.machines, self.lexicon));
        own.or_else(|| collection.public.clone()).or_else(|| collection.listed.clone())
    }

    /// A list's plan in the light of what the reply shows and of who takes the records.
    pub(in crate::behavior) fn settled(&self, operation: Operation, at: usize, success: &Reply) -> Option<ListPlan> {
        if operation != Operation::List {
            return None;
        }
        let mut plan = crate::behavior::collection::sides::takers::settle_list(at, self.collections, self.plan());
        plan.asked = self.side_asked().filter(|_| plan.mine);
        let shown = success.body.slots().find_map(|(slot, _)| match slot {
            Slot::Items { template, .. } => Some(template),
            _ => None,
        });
        if let Some(template) = shown {
            look_at_items(&mut plan, template);
            super::keywords::look_at_items(&mut plan, template);
        }
        Some(plan)
    }

    /// The input that names somebody else beside a caller whom a token names.
    pub(in crate::behavior::collection) fn other(&self) -> Option<usize> {
        self.by_token.then(|| others::other(self.endpoint, self.inputs, self.lexicon)).flatten()
    }

    /// Ties between accounts are listed from either side, what was sent as it was received.
    fn whose(&self, collection: &Collection, plan: &mut ListPlan) {
        if let Some(relation) = &collection.relation
            && self.collections.get(relation.target).is_some_and(Collection::holds_accounts)
        {
            plan.of = self.other();
            plan.toward = self.is_back(relation).then(|| Arc::clone(&relation.field));
        } else if let Some(recipient) = &collection.recipient {
            plan.with = self.other();
            let words = crate::behavior::operation::path_of(self.endpoint);
            let sent = self.lexicon.speaks_of("sent-by-me", &self.endpoint.title)
                || words.iter().any(|word| self.lexicon.is_named("sent-by-me", word));
            plan.toward = Some(Arc::clone(recipient)).filter(|_| !sent);
        }
    }

    /// Who waits is not among those who are tied, where a list of them does not say who does.
    fn only_those_in(&self, collection: &Collection) -> Option<(Arc<str>, Vec<crate::json::Json>)> {
        let admission = collection.relation.as_ref()?.admission.as_ref()?;
        let item = shape::item_shown(self.set, self.endpoint, self.lexicon);
        let tells = item.iter().any(|(key, _)| *key == admission.field)
            || self.inputs.iter().any(|input| compact(&input.name) == compact(&admission.field));
        (!tells).then(|| (Arc::clone(&admission.field), vec![admission.inside.clone()]))
    }

    /// Whether those are listed who are tied to one record: `报名名单`.
    pub(in crate::behavior) fn is_roster(&self) -> bool {
        let collection = &self.collections[self.on.collection];
        let to_records = collection.relation.as_ref().is_some_and(|relation| {
            self.collections.get(relation.target).is_some_and(|target| !target.holds_accounts())
        });
        let item = || shape::item_shown(self.set, self.endpoint, self.lexicon);
        to_records
            && !is_mine(self.endpoint, self.lexicon)
            && self.inputs.iter().any(crate::behavior::collection::ties::names_tied)
            && {
                let of_tie = |key: &str| collection.machine(key).is_some() || self.is_flag_of_tie(collection, key);
                let item = item();
                let keys = item.iter().map(|(key, _)| key).filter(|key| collection.id.key.as_ref() != Some(*key));
                crate::behavior::collection::sides::people::are_members(keys.map(|key| &**key), &of_tie, self.lexicon)
            }
    }

    /// `checked` of who signed up: yes or no, and nothing that what they are tied to has.
    fn is_flag_of_tie(&self, ties: &Collection, key: &str) -> bool {
        let target = ties.relation.as_ref().and_then(|relation| self.collections.get(relation.target));
        let is_flag = |field: &crate::behavior::collection::ItemField| {
            crate::behavior::collection::items::example_forms::is_flag(&field.example)
        };
        ties.field(key).is_some_and(is_flag) && target.is_some_and(|target| target.field(key).is_none())
    }

    /// Whether those are listed who are tied, and not what they are tied to.
    pub(in crate::behavior) fn is_back(&self, relation: &crate::behavior::collection::Relation) -> bool {
        let words = crate::behavior::operation::path_of(self.endpoint);
        let mut relations = self.lexicon.verbs().relations();
        relations.any(|(name, known)| {
            let seen = |word: &String| known.is_seen_back(&self.endpoint.title, word);
            name == relation.name && (seen(&String::new()) || words.iter().any(seen))
        })
    }
}

/// Orders and filters look at what the items show, where records do not keep it: at counts, and at what others lend.
fn look_at_items(plan: &mut ListPlan, template: &ItemTemplate) {
    let shown = |field: &str| {
        let mut members = template.members.iter();
        let member = members.find(|member| compact(&member.key) == compact(field))?;
        let lent = matches!(
            member.source,
            Source::TieCount(_)
                | Source::ChildCount(..)
                | Source::ReferredField(..)
                | Source::Through(..)
                | Source::OwnerId
                | Source::Tied(_)
                | Source::Held(_)
        );
        lent.then(|| member.clone())
    };
    let asked = plan.sorting.iter_mut().flat_map(|sorting| &mut sorting.orders);
    for order in plan.orders.iter_mut().chain(asked) {
        order.shown = order.field.as_deref().and_then(shown);
    }
    for filter in plan.filters.iter_mut().filter(|filter| filter.kind != FilterKind::Owner) {
        filter.shown = shown(&filter.field);
    }
}
