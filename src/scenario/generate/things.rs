//! What calls are about: records that are there, are somebody's, and stand as they have to.

use super::lab::{Lab, Made, Val, leaves, shows};
use super::satisfy::{DEPTH, Draft, inner};
use crate::behavior::collection::{Lines, LinesFrom, Party};
use crate::behavior::{Action, Auth, Demand, RecordId};
use crate::json::{Json, Step as At};
use crate::lexicon::{Role, compact};
use std::sync::Arc;

/// Nobody makes more records than these to go beyond what a list may have.
const MOST_LISTED: usize = 30;

impl Lab<'_> {
    pub(super) fn record_for(&mut self, draft: &mut Draft, input: usize) -> Option<Val> {
        let named = self.collection_named(draft.endpoint, input);
        let Some((collection, id)) = named else {
            if self.names_account(draft.endpoint, input) {
                return self.id_of_another(draft);
            }
            let parent = self.parent_of(draft.endpoint, input)?;
            let made = self.made.iter().rev().find(|made| made.collection == parent).map(|made| made.id.clone());
            return made.or_else(|| self.found(parent, draft.person, draft.depth + 1));
        };
        self.meet_found(draft, collection, &id).then(|| draft.get(input).cloned()).flatten()
    }

    /// The collection whose record an input names, and how.
    pub(super) fn collection_named(&self, endpoint: usize, input: usize) -> Option<(usize, RecordId)> {
        self.behavior(endpoint).checks.iter().find_map(|check| match inner(&check.demand) {
            Demand::Found { collection, id, .. } if id.input == input => Some((*collection, id.clone())),
            Demand::Referenced { collection, input: named } if *named == input => {
                Some((*collection, RecordId { input, via: None }))
            }
            _ => None,
        })
    }

    /// Speaks of a record that is made for this.
    pub(super) fn meet_with_new(&mut self, draft: &mut Draft, input: usize) -> bool {
        let Some((collection, id)) = self.collection_named(draft.endpoint, input) else { return false };
        let made = self.created(collection, draft.person, draft.depth + 1);
        made.is_some_and(|record| self.points_to(draft, collection, &id, &record))
    }

    /// Whether an endpoint changes nothing but how often it was asked.
    pub(super) fn only_looks(&self, endpoint: usize) -> bool {
        let counts = |action: &Action| matches!(action, Action::CountView { .. });
        self.behavior(endpoint).effects.iter().all(|effect| counts(&effect.action))
    }

    pub(super) fn meet_found(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        if self.is_for_other(draft.endpoint, collection) {
            return self.meet_anothers(draft, collection, id);
        }
        if self.model().collections[collection].holds_accounts() && self.meet_somebody(draft, collection, id) {
            return true;
        }
        if self.model().collections[collection].private && !draft.fixed_token && !self.meet_token(draft) {
            return false;
        }
        let takes = self.takes(collection, draft.person) || self.behavior(draft.endpoint).office;
        let there: Vec<Val> = self
            .made
            .iter()
            .rev()
            .filter(|made| {
                made.collection == collection && (takes || made.owner.is_none_or(|owner| owner == draft.person))
            })
            .map(|made| made.id.clone())
            .collect();
        for record in there {
            if self.points_to(draft, collection, id, &record) {
                return true;
            }
        }
        if self.model().collections[collection].recipient.is_some() && self.meet_sent(draft, collection, id) {
            return true;
        }
        let made = self.found(collection, draft.person, draft.depth + 1);
        let Some(record) = made else { return self.on_example(draft, collection, id) };
        // Making it may have brought a token.
        if !draft.fixed_token && self.behavior(draft.endpoint).auth != Auth::Anyone {
            let _ = self.meet_token(draft);
        }
        self.points_to(draft, collection, id, &record)
    }

    /// Whether an endpoint is for who has what a record refers to, and not for who made it.
    pub(super) fn is_for_other(&self, endpoint: usize, collection: usize) -> bool {
        let on = self.behavior(endpoint).record.as_ref();
        on.is_some_and(|on| on.collection == collection && on.party == Party::Other)
    }

    /// A record that another has made.
    pub(super) fn meet_anothers(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        let before = (self.clone(), draft.clone());
        let other = super::people::other_than(draft.person);
        // What it refers to has to be of who calls.
        let counterpart = self.model().collections[collection].counterpart.as_ref();
        let of_caller = counterpart.filter(|_| self.is_for_other(draft.endpoint, collection)).and_then(|known| {
            let thing = self.created(known.collection, draft.person, draft.depth + 1)?;
            self.created_with(collection, other, &[(Arc::clone(&known.field), thing)])
        });
        let made = of_caller.or_else(|| self.created(collection, other, draft.depth + 1));
        let takes = self.is_for_other(draft.endpoint, collection);
        let met = made.is_some_and(|record| {
            let has_token = draft.fixed_token || self.behavior(draft.endpoint).auth == Auth::Anyone;
            (has_token || self.meet_token(draft))
                && (!takes || self.take_up(collection, &record, draft.person, draft.depth + 1))
                && self.points_to(draft, collection, id, &record)
        });
        if !met {
            (*self, *draft) = before;
        }
        met
    }

    /// What another has sent to who calls.
    fn meet_sent(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        let before = (self.clone(), draft.clone());
        let by_own = self.found(collection, draft.person, draft.depth + 1);
        if by_own.is_some_and(|record| self.points_to(draft, collection, id, &record)) {
            return true;
        }
        (*self, *draft) = before.clone();
        let met = self.sent_to(draft.person, collection, draft.depth + 1).is_some_and(|record| {
            let has_token = draft.fixed_token || self.behavior(draft.endpoint).auth == Auth::Anyone;
            (has_token || self.meet_token(draft)) && self.points_to(draft, collection, id, &record)
        });
        if !met {
            (*self, *draft) = before;
        }
        met
    }

    /// A record that somebody else has sent to a person.
    pub(super) fn sent_to(&mut self, person: usize, collection: usize, depth: usize) -> Option<Val> {
        if depth >= DEPTH {
            return None;
        }
        let to = self.account_id(person, depth)?;
        let sender = super::people::other_than(person);
        self.makers_of(collection).into_iter().find_map(|endpoint| {
            let named = (0..self.behavior(endpoint).inputs.len()).find(|at| self.names_account(endpoint, *at))?;
            let mut draft = self.draft(endpoint, sender, depth + 1);
            draft.fix(named, Some(to.clone()));
            self.created_from(draft, collection)
        })
    }

    /// Makes the draft speak of that record; false where it is not found so.
    pub(super) fn points_to(&mut self, draft: &mut Draft, collection: usize, id: &RecordId, record: &Val) -> bool {
        let value = match &id.via {
            None => record.clone(),
            Some(via) => {
                let name = Arc::clone(&self.model().collections[collection].name);
                let known = self.world().record_by_id(&name, record.as_text()).cloned();
                let Some(text) =
                    known.and_then(|known| known.field(via).and_then(Json::scalar_text).map(str::to_owned))
                else {
                    return false;
                };
                match self.shown_before(&text, via) {
                    Some(value) => value,
                    None => Val::text(text),
                }
            }
        };
        let old = draft.get(id.input).cloned();
        draft.set(id.input, Some(value));
        let behavior = self.behavior(draft.endpoint);
        let unmet = self.unmet(draft.endpoint, &draft.values);
        let misses = unmet.iter().any(|at| match inner(&behavior.checks[*at].demand) {
            Demand::Found { id: named, .. } => named.input == id.input,
            Demand::Referenced { input, .. } => *input == id.input,
            _ => false,
        });
        if misses {
            draft.set(id.input, old);
        }
        !misses
    }

    /// A value that the steps so far have sent or saved.
    pub(super) fn shown_before(&self, text: &str, _field: &str) -> Option<Val> {
        let sent = self.steps.iter().filter_map(|step| match &step.action {
            crate::scenario::ast::Action::Call { with, .. } => Some(with),
            _ => None,
        });
        let constant = sent.flatten().any(|(_, value)| value.scalar_text() == Some(text));
        let made = || self.made.iter().rev().find(|made| made.id.as_text() == text).map(|made| made.id.clone());
        if constant { Some(Val::text(text)) } else { made() }
    }

    /// A record of a collection: made by the endpoint that makes them, else one that is listed, else by hand.
    pub(super) fn make(&mut self, collection: usize, person: Option<usize>, depth: usize) -> Option<Val> {
        self.found(collection, person.unwrap_or(0), depth).or_else(|| self.by_hand(collection, person, depth))
    }

    /// The same, by calls alone.
    fn found(&mut self, collection: usize, person: usize, depth: usize) -> Option<Val> {
        self.created(collection, person, depth)
            .or_else(|| if depth < DEPTH { self.listed(collection, person, depth + 1) } else { None })
    }

    /// A new record, by the endpoint that makes them.
    pub(super) fn created(&mut self, collection: usize, person: usize, depth: usize) -> Option<Val> {
        if depth >= DEPTH {
            return None;
        }
        self.makers_of(collection).into_iter().find_map(|endpoint| self.created_at(endpoint, collection, person, depth))
    }

    pub(super) fn makers_of(&self, collection: usize) -> Vec<usize> {
        self.endpoints_that(|action| match action {
            Action::CreateRecord { collection: made, .. } | Action::SaveRecord { collection: made, .. } => {
                *made == collection
            }
            _ => false,
        })
    }

    fn created_at(&mut self, endpoint: usize, collection: usize, person: usize, depth: usize) -> Option<Val> {
        let draft = self.draft(endpoint, person, depth + 1);
        self.created_from(draft, collection)
    }

    /// What comes of a call that makes a record; nothing is done where it makes none.
    pub(super) fn created_from(&mut self, mut draft: Draft, collection: usize) -> Option<Val> {
        let before = self.clone();
        let count = self.made.len();
        if self.settle(&mut draft, None) {
            self.go(&draft, None);
            if !self.made.iter().skip(count).any(|made| made.collection == collection) {
                self.look_up(collection, draft.person, draft.depth);
            }
            let made = self.made.get(count..).into_iter().flatten().rev().find(|made| made.collection == collection);
            if let Some(made) = made {
                return Some(made.id.clone());
            }
        }
        *self = before;
        None
    }

    fn by_hand(&mut self, collection: usize, person: Option<usize>, depth: usize) -> Option<Val> {
        let needs_owner = self.model().collections[collection].private || self.model().collections[collection].owned;
        let owner = person.filter(|_| needs_owner);
        if let Some(owner) = owner
            && !self.register(owner, depth)
        {
            return None;
        }
        let id = self.make_record(collection, owner, Vec::new())?;
        self.made.push(Made { collection, owner, id: id.clone() });
        Some(id)
    }

    /// Neither made nor listed: a record of the examples, else one by hand.
    fn on_example(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        let seeds = &self.model().collections[collection].seeds;
        let known: Vec<Val> = seeds.iter().filter_map(|seed| seed.id.as_deref()).map(Val::text).collect();
        if known.iter().any(|record| self.points_to(draft, collection, id, record)) {
            return true;
        }
        let Some(record) = self.by_hand(collection, Some(draft.person), draft.depth + 1) else { return false };
        if !draft.fixed_token && self.behavior(draft.endpoint).auth != Auth::Anyone {
            let _ = self.meet_token(draft);
        }
        self.points_to(draft, collection, id, &record)
    }

    /// The id of a record that was just made, where its reply did not tell: a list or a detail does.
    pub(super) fn look_up(&mut self, collection: usize, person: usize, depth: usize) {
        let name = Arc::clone(&self.model().collections[collection].name);
        let newest = self
            .world()
            .collection(&name)
            .and_then(|all| all.iter().max_by_key(|record| record.seq).map(|record| Arc::clone(&record.id)));
        let Some(id) = newest else { return };
        for endpoint in self.readers_of(collection) {
            let before = self.clone();
            if let Some(draft) = self.prepared(endpoint, person, depth + 1) {
                let came = self.tried(endpoint, &draft.values);
                if let Some((path, value)) = self.shows_id(&came.body, &id, collection) {
                    self.go(&draft, None);
                    if let Some(id) = self.save("id", Some(&path), value) {
                        self.made.push(Made { collection, owner: Some(person), id });
                        return;
                    }
                }
            }
            *self = before;
        }
        // Where requests call it by what it holds, nobody has to know its id.
        let mut checks = self.model().behaviors.iter().flat_map(|behavior| &behavior.checks);
        let is_called_otherwise = checks.any(|check| {
            matches!(inner(&check.demand), Demand::Found { collection: of, id, .. } if *of == collection && id.via.is_some())
        });
        if is_called_otherwise {
            self.made.push(Made { collection, owner: Some(person), id: Val::text(id.as_ref()) });
        }
    }

    /// Whether new accounts have such records from the start.
    pub(super) fn is_given(&self, collection: usize) -> bool {
        let gives = |action: &Action| matches!(action, Action::Give { collection: given, .. } if *given == collection);
        !self.endpoints_that(gives).is_empty()
    }

    /// A record that is there from the start, taken from a list.
    pub(super) fn listed(&mut self, collection: usize, person: usize, depth: usize) -> Option<Val> {
        let shape = &self.model().collections[collection];
        let name = Arc::clone(&shape.name);
        if (self.is_given(collection) || shape.written) && !self.has_written(collection, person, depth) {
            return None;
        }
        let owner = if shape.private { Some(person) } else { None };
        let ids: Vec<Arc<str>> =
            self.world().collection(&name)?.iter().map(|record| Arc::clone(&record.id)).take(200).collect();
        if ids.is_empty() {
            return None;
        }
        for endpoint in self.readers_of(collection) {
            if self.behavior(endpoint).list.is_none() {
                continue;
            }
            let before = self.clone();
            if let Some(draft) = self.prepared(endpoint, person, depth + 1) {
                let came = self.tried(endpoint, &draft.values);
                let names = self.id_names(collection);
                // The first that is shown: another server's list has others.
                let found = leaves(&came.body).into_iter().find_map(|(path, at, value)| {
                    let is_id = matches!(at.last(), Some(At::Key(key)) if names.contains(&&**key));
                    let is_there = value.scalar_text().is_some_and(|text| ids.iter().any(|id| **id == *text));
                    (is_id && is_there).then(|| (path, at, value.clone()))
                });
                let found = found.map(|(path, at, value)| match self.to_be_had(collection, &came.body, &at) {
                    Some((path, at, value)) => (path, at, value),
                    None => (path, at, value),
                });
                if let Some((path, at, value)) = found {
                    self.go(&draft, None);
                    self.note_shown(&path, &at, &came.body);
                    if let Some(id) = self.save("id", Some(&path), value) {
                        self.made.push(Made { collection, owner, id: id.clone() });
                        return Some(id);
                    }
                }
            }
            *self = before;
        }
        None
    }

    /// Sees to it that the system has written something for a person: by their coming, else by what they do.
    fn has_written(&mut self, collection: usize, person: usize, depth: usize) -> bool {
        let shape = &self.model().collections[collection];
        if !self.register(person, depth) {
            return false;
        }
        let is_there = |lab: &Self| {
            let owned = |record: &Arc<crate::world::Record>| {
                record.owner.as_ref().is_some_and(|owner| owner.seq == lab.people[person].seq)
            };
            lab.world().collection(&shape.name).is_some_and(|all| all.iter().any(owned))
        };
        if is_there(self) {
            return true;
        }
        let tells = |of_others: bool| {
            self.endpoints_that(|action| {
                matches!(action, Action::Notify(notice)
                    if notice.collection == collection && notice.of_others == of_others)
            })
        };
        // What somebody does to them is told them as well: they are followed, what is theirs is liked.
        let other = super::people::other_than(person);
        let own = tells(false).into_iter().map(|endpoint| (endpoint, person));
        let tellers: Vec<(usize, usize)> = own.chain(tells(true).into_iter().map(|at| (at, other))).collect();
        tellers.into_iter().any(|(endpoint, doer)| {
            let before = self.clone();
            if self.succeed(endpoint, doer, depth + 1).is_some() && is_there(self) {
                return true;
            }
            *self = before;
            false
        })
    }

    /// Where a reply shows a record's id: a number that only looks like it is none.
    pub(super) fn shows_id(&self, body: &Json, id: &str, collection: usize) -> Option<(String, Json)> {
        let names = self.id_names(collection);
        let (path, value) = shows(body, id, &names)?;
        let key = path.rsplit(['.', '\'']).find(|part| part.chars().any(char::is_alphanumeric)).unwrap_or_default();
        let role = self.generation.lexicon.role(key, "").map(|(role, _)| role);
        let is_id = names.contains(&key) || matches!(role, Some(Role::RecordId)) || id.len() > 4;
        is_id.then_some((path, value))
    }

    /// Whether a member is what a record is known by; an account may be known by a name that it has from its kind.
    pub(super) fn is_id_name(&self, collection: usize, key: &str) -> bool {
        let of_account = || {
            let name = self.model().accounts.id_name.as_deref();
            name == Some(&*compact(key)) && self.model().collections[collection].holds_accounts()
        };
        self.id_names(collection).contains(&key) || of_account()
    }

    pub(super) fn id_names(&self, collection: usize) -> Vec<&str> {
        let key = self.model().collections[collection].id.key.as_deref();
        key.into_iter().chain(["id", "_id"]).collect()
    }

    /// Endpoints that show records of a collection and change nothing.
    pub(super) fn readers_of(&self, collection: usize) -> Vec<usize> {
        let behaviors = self.model().behaviors.iter().enumerate();
        let reads = behaviors.filter(|(at, behavior)| {
            let is_list = behavior.list.as_ref().is_some_and(|plan| plan.collection == collection);
            let is_detail = behavior.record.as_ref().is_some_and(|on| on.collection == collection);
            self.only_looks(*at) && (is_list || is_detail)
        });
        let mut found: Vec<usize> = reads.map(|(at, _)| at).collect();
        found.sort_by_key(|at| self.behavior(*at).list.is_none());
        found
    }
}

impl Lab<'_> {
    /// So many records in the place of the one that an input names, as its example lists them.
    pub(super) fn several(&mut self, draft: &Draft, input: usize, number: usize) -> Option<Val> {
        let (collection, _) = self.collection_named(draft.endpoint, input)?;
        let made = (0..number.min(MOST_LISTED)).map(|_| self.created(collection, draft.person, draft.depth + 1));
        let made: Vec<Val> = made.collect::<Option<_>>().filter(|made: &Vec<Val>| made.len() == number)?;
        let param = self.generation.set.endpoints[draft.endpoint].params.get(input);
        let is_array = param.and_then(|param| param.default.as_deref()).is_some_and(|example| example.starts_with('['));
        let list = |of: fn(&Val) -> &Json| {
            let ids: Vec<&str> = made.iter().map(|made| of(made).scalar_text().unwrap_or_default()).collect();
            let ids = ids.join(",");
            Json::string(if is_array { format!("[{ids}]") } else { ids })
        };
        Some(Val { shown: list(|made| &made.shown), actual: list(|made| &made.actual) })
    }

    /// Sends one line of the first thing that there is.
    pub(super) fn name_lines(&mut self, draft: &mut Draft, lines: &Lines) -> bool {
        let LinesFrom::Sent(input) = lines.from else { return false };
        let Some(thing) = self.make(lines.things, Some(draft.person), draft.depth + 1) else { return false };
        let count = lines.count.as_ref().map_or_else(String::new, |count| format!(",\"{count}\":\"1\""));
        let list = |id: &Json| {
            let id = id.scalar_text().unwrap_or_default();
            Json::string(format!("[{{\"{}\":\"{id}\"{count}}}]", lines.reference))
        };
        draft.set(input, Some(Val { shown: list(&thing.shown), actual: list(&thing.actual) }));
        true
    }
}
