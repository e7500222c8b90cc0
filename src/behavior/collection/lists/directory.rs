//! Lists of the accounts themselves: `通讯录`, `GET /users`.
//!
//! In: a group that nothing makes, whose items show an account's id and what accounts have. Out: its lists are of the accounts that
//! have registered, and not of records of their own.

use crate::behavior::account::back_office;
use crate::behavior::account::others;
use crate::behavior::collection::items::gather::{Gathering, is_mine};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, OnRecords};
use crate::behavior::operation::path_of;
use crate::json::Json;
use crate::lexicon::{Operation, Role, compact};
use std::sync::Arc;

impl Collection {
    /// Whether its records are the accounts themselves.
    pub fn holds_accounts(&self) -> bool {
        let bare = self.names.is_empty() && self.titles.is_empty();
        *self.name == *crate::behavior::account::COLLECTION && (bare || self.of_kind.is_some())
    }

    /// Whether its records are all accounts there are.
    pub fn holds_all_accounts(&self) -> bool {
        self.of_kind.is_none() && self.holds_accounts()
    }

    /// Whether a record is none of its own, but an account of another kind.
    pub fn leaves_out(&self, record: &crate::world::Record) -> bool {
        let other = |(field, value): &(Arc<str>, String)| {
            record.field(field).and_then(Json::scalar_text) != Some(value.as_str())
        };
        self.of_kind.as_ref().is_some_and(other)
    }
}

impl Gathering<'_> {
    /// Lists of the accounts of one kind: `技师列表` where there is a way to register for them. Everything that names one names an
    /// account.
    pub(in crate::behavior::collection) fn list_kinds(&self, collections: &mut [Collection]) {
        let Some(kinds) = self.accounts.kinds.as_ref() else { return };
        for (at, group) in self.groups.iter().enumerate() {
            let Some(kind) = self.kind_listed(group) else { continue };
            let value = kinds.kinds[kind].value.clone();
            let of_kind = Some((Arc::clone(&kinds.field), value));
            let known = collections[at].clone();
            let Collection { title, names, titles, because, .. } = known;
            let accounts = others::as_collection(self.accounts);
            // Who runs the place freezes them and lets them go on.
            let moves = |at: &&usize| self.operations[**at] == Operation::Transition;
            let moved = kinds.has_office() && group.endpoints.iter().any(|at| moves(&at));
            let machines = self.accounts.machine.iter().filter(|_| moved).cloned().collect();
            collections[at] = Collection { title, names, titles, of_kind, machines, because, ..accounts };
        }
    }

    pub(in crate::behavior::collection) fn kind_listed(&self, group: &Group) -> Option<usize> {
        let kinds = self.accounts.kinds.as_ref()?;
        let looks = |at: &usize| matches!(self.operations[*at], Operation::List | Operation::Detail);
        let mine = |at: &usize| is_mine(self.endpoint(*at), self.lexicon);
        let lists = group.endpoints.iter().any(|at| self.operations[*at] == Operation::List);
        let apart = group.relation.is_some() || group.within.is_some();
        let office = |at: &usize| kinds.is_office(*at);
        let moved = |at: &usize| self.operations[*at] == Operation::Transition && office(at);
        if !lists || apart || !group.endpoints.iter().all(|at| (looks(at) || moved(at)) && !mine(at)) {
            return None;
        }
        let mut items = group
            .endpoints
            .iter()
            .filter(|at| looks(at))
            .map(|at| shape::item_shown(self.set, self.endpoint(*at), self.lexicon));
        if !items.all(|item| self.shows_no_more(item)) {
            return None;
        }
        // `/groomers` beside `/groomer/register`.
        let entered = (0..self.operations.len()).filter_map(|at| Some((at, kinds.entry(at)?)));
        let mut by_path = entered.filter(|(at, _)| {
            path_of(self.endpoint(*at)).iter().any(|word| word.len() > 2 && group.names.contains(word))
        });
        let titled = || group.titles.iter().find_map(|title| kinds.called(title));
        // Who runs the place lists those who registered, whatever it calls them.
        let served = || group.endpoints.iter().all(office).then_some(0).filter(|_| kinds.has_office());
        by_path.next().map(|(_, kind)| kind).or_else(titled).or_else(served)
    }

    /// Whether an item has an id and what accounts have, and nothing else.
    fn shows_no_more(&self, item: &[(Arc<str>, Json)]) -> bool {
        let accounts = self.accounts;
        let is_id = |key: &str| {
            compact(key) == "id" || shape::is_id(key) || accounts.id_name.as_deref() == Some(compact(key).as_str())
        };
        let known = |key: &str| {
            let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
            accounts.field(key).is_some() || accounts.identities.contains(&role)
        };
        let (ids, others): (Vec<_>, Vec<_>) = item.iter().partition(|(key, _)| is_id(key));
        ids.len() == 1 && !others.is_empty() && others.iter().all(|(key, value)| value.is_scalar() && known(key))
    }

    pub(in crate::behavior::collection) fn list_accounts(
        &self,
        collections: &mut Vec<Collection>,
        on_records: &mut [Option<OnRecords>],
    ) {
        let is_directory = |(_, group): &(usize, &Group)| self.is_directory(group);
        for (at, group) in self.groups.iter().enumerate().filter(is_directory) {
            if collections[at].of_kind.is_some() {
                continue;
            }
            let known = collections.iter().position(Collection::holds_all_accounts);
            let accounts = known.unwrap_or_else(|| {
                collections.push(others::as_collection(self.accounts));
                collections.len() - 1
            });
            for &endpoint in &group.endpoints {
                if let Some(on) = &mut on_records[endpoint] {
                    on.collection = accounts;
                }
            }
            collections[at].seeds.clear();
        }
    }

    fn is_directory(&self, group: &Group) -> bool {
        let mine = |at: &usize| is_mine(self.endpoint(*at), self.lexicon);
        let lists = |at: &usize| self.operations[*at] == Operation::List && !mine(at);
        if self.is_back_office(group) && !group.endpoints.iter().any(mine) {
            return true;
        }
        let registers = self.operations.contains(&Operation::Register);
        let items = || group.endpoints.iter().map(|at| shape::item_shown(self.set, self.endpoint(*at), self.lexicon));
        registers
            && self.accounts.any
            && group.relation.is_none()
            && group.within.is_none()
            && !group.endpoints.is_empty()
            && group.endpoints.iter().all(lists)
            && items().all(|item| self.shows_account(group, item))
    }

    /// What is listed, shown, changed and taken away beside `user/add`.
    fn is_back_office(&self, group: &Group) -> bool {
        let adds =
            |at: usize| back_office::adds_other(self.endpoint(at), &self.nouns[at], self.operations[at], self.lexicon);
        let known = |at: &usize| {
            let looks = matches!(self.operations[*at], Operation::List | Operation::Detail);
            let item = shape::item_shown(self.set, self.endpoint(*at), self.lexicon);
            let of_account = |(key, _): &(Arc<str>, Json)| {
                let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
                self.accounts.field(key).is_some() || self.accounts.identities.contains(&role)
            };
            let done = matches!(self.operations[*at], Operation::Update | Operation::Delete);
            done || (looks && (item.is_empty() || item.iter().any(of_account)))
        };
        group.relation.is_none()
            && group.within.is_none()
            && group.names.iter().any(|name| self.lexicon.is_named("people-noun", name))
            && group.endpoints.iter().all(known)
            && (0..self.operations.len()).any(adds)
    }

    /// Whether an item is an account: it has the account's id, and all else is what accounts have.
    fn shows_account(&self, group: &Group, item: &[(Arc<str>, Json)]) -> bool {
        let accounts = self.accounts;
        let own_id = |key: &str| accounts.id_name.as_deref() == Some(compact(key).as_str());
        let (ids, others): (Vec<_>, Vec<_>) =
            item.iter().partition(|(key, _)| own_id(key) || self.lexicon.is_named("account-id", key));
        let [(id, _)] = ids[..] else { return false };
        // A bare `id` is any thing's: then the list has to be called after the accounts.
        let noun = || group.names.iter().any(|name| self.lexicon.is_named("account-noun", name));
        let is_own = compact(id) != "id" || noun();
        let of_account = |key: &str| {
            let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
            accounts.field(key).is_some() || accounts.identities.contains(&role)
        };
        is_own && others.len() > 1 && others.iter().all(|(key, value)| value.is_scalar() && of_account(key))
    }
}
