//! Who is tied and not in yet: where all places are taken people wait for one, and where whoever made a group has a say they wait for
//! that. A tie says by its status which it is.
//!
//! In: relations with their statuses, and what the records are that they tie to. Out: for each such relation the status of who is in
//! and of who waits, and the field that says how many places there are.

use super::invited::Part;
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::noun::{Nouns, id_stem};
use crate::behavior::collection::ties::names_tied;
use crate::behavior::{Confidence, Evidence, Input, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, label_head};
use crate::world::Fields;
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Admission {
    /// The status of the tie, its value of who is in, and of who waits.
    pub field: Arc<str>,
    pub inside: Json,
    pub waits: Json,
    /// The field of what they are tied to that says how many places there are; without one somebody lets them in.
    pub most: Option<Arc<str>>,
    pub because: Evidence,
}

/// What a list shows of whoever made what people are tied to, and of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Founder {
    pub key: Arc<str>,
    pub own: Json,
    pub other: Json,
}

impl Admission {
    fn is(&self, fields: &Fields, value: &Json) -> bool {
        fields.get(&self.field).and_then(Json::scalar_text) == value.scalar_text()
    }

    pub fn is_in(&self, fields: &Fields) -> bool {
        self.is(fields, &self.inside)
    }

    pub fn waits(&self, fields: &Fields) -> bool {
        self.is(fields, &self.waits)
    }
}

impl Collection {
    /// Whether a tie with these fields is one of somebody who is in.
    pub fn lets_in(&self, fields: &Fields) -> bool {
        let admission = self.relation.as_ref().and_then(|relation| relation.admission.as_ref());
        admission.is_none_or(|admission| admission.is_in(fields))
    }
}

/// The nouns of what many are tied to: what others join is not kept to whoever made it.
pub(in crate::behavior) fn joined(
    groups: &[Group],
    operations: &[Operation],
    (inputs, nouns): (&[Vec<Input>], &[Nouns]),
    lexicon: &Lexicon,
) -> HashSet<String> {
    let is_of_many = |group: &&Group| {
        let mut relations = lexicon.verbs().relations();
        relations.any(|(name, known)| group.relation.as_deref() == Some(name) && known.of_many)
    };
    let ties = groups.iter().filter(is_of_many).flat_map(|group| &group.endpoints);
    let ties = ties.copied().filter(|at| operations[*at] == Operation::Toggle);
    let named = ties.flat_map(|at| {
        let by_id = inputs[at].iter().filter(|input| names_tied(input)).filter_map(|input| id_stem(&input.name));
        by_id.chain(nouns[at].heads().cloned()).collect::<Vec<_>>()
    });
    named.collect()
}

impl Gathering<'_> {
    /// Whether others join the records of a group.
    pub(in crate::behavior::collection) fn is_joined(&self, group: &Group) -> bool {
        group.relation.is_none() && group.names.iter().any(|name| self.joined.contains(name))
    }

    pub(in crate::behavior::collection) fn settle_admissions(&self, groups: &[Group], collections: &mut [Collection]) {
        for at in 0..groups.len().min(collections.len()) {
            let Some(relation) = &collections[at].relation else { continue };
            let Some(target) = collections.get(relation.target).filter(|target| !target.holds_accounts()) else {
                continue;
            };
            let most = self.capacity(target);
            let founder = self.founder(&groups[at]);
            let is_let_in = groups[at].endpoints.iter().any(|at| self.admits(*at));
            let machines = || collections[at].machines.iter();
            let for_a_place = machines().find_map(|machine| self.for_a_place(machine, most.as_ref()));
            let let_in = || machines().filter(|_| is_let_in).find_map(|machine| self.let_in(machine));
            let found = for_a_place.map(|found| (found, None)).or_else(let_in);
            let own = &mut collections[at];
            if let Some(relation) = &mut own.relation {
                relation.founder = founder;
            }
            let Some((admission, away)) = found else { continue };
            let begins = if admission.most.is_some() { &admission.inside } else { &admission.waits }.clone();
            for machine in own.machines.iter_mut().filter(|machine| machine.field == admission.field) {
                machine.initial = begins.clone();
            }
            for field in own.fields.iter_mut().filter(|field| field.key == admission.field) {
                field.initial = crate::behavior::collection::Initial::Value(begins.clone());
            }
            // Whoever was turned away may ask again.
            let over = away.map(|away| crate::behavior::collection::Over {
                field: Arc::clone(&admission.field),
                values: vec![away],
            });
            own.over = over.or(own.over.take());
            if let Some(relation) = &mut own.relation {
                relation.admission = Some(admission);
            }
        }
    }

    fn admits(&self, at: usize) -> bool {
        matches!(self.invited.parts.get(&at), Some(Part::Admit(_)))
    }

    /// `0待审核 1通过 2驳回` of what joining makes; with it what says that somebody was turned away.
    fn let_in(&self, machine: &Machine) -> Option<(Admission, Option<Json>)> {
        let verbs = self.lexicon.verbs();
        let leads = |verb: &str, value: &StatusValue| {
            let head = label_head(&value.words).to_lowercase();
            verbs.named(verb).is_some_and(|verb| {
                let titled = verb.titled.iter().chain(&verb.words);
                verb.leads.contains(&head) || titled.clone().any(|word| head == *word)
            })
        };
        let inside = machine.values.iter().find(|value| leads("accept", value))?;
        let away = machine.values.iter().find(|value| leads("reject", value));
        let is_open =
            |value: &&StatusValue| value.value != inside.value && away.is_none_or(|away| away.value != value.value);
        let waits = machine.values.iter().find(is_open)?;
        let text = format!("`{}` can say that somebody waits to be let in", machine.field);
        let admission = Admission {
            field: Arc::clone(&machine.field),
            inside: inside.value.clone(),
            waits: waits.value.clone(),
            most: None,
            because: Evidence::new(text, machine.place, Confidence::Likely),
        };
        Some((admission, away.map(|away| away.value.clone())))
    }

    /// `"role": "owner"` beside `"role": "member"`: what lists show of whoever made the group, and of everybody else.
    pub(in crate::behavior::collection) fn founder(&self, group: &Group) -> Option<Founder> {
        let sights = self.sights(group);
        let told = |(key, value): (&Arc<str>, &Json)| -> Option<(Arc<str>, Json)> {
            self.lexicon.is_named("member-part", key).then(|| (Arc::clone(key), value.clone()))
        };
        let values: Vec<(Arc<str>, Json)> =
            sights.iter().flat_map(|sight| self.members(sight)).filter_map(told).collect();
        let is_founder =
            |value: &Json| value.scalar_text().is_some_and(|text| self.lexicon.is_named("founder-value", text));
        let (key, own) = values.iter().find(|(_, value)| is_founder(value))?;
        let other = values.iter().find(|(known, value)| known == key && !is_founder(value));
        let (key, own) = (Arc::clone(key), own.clone());
        let other = other.map_or_else(|| own.emptied(), |(_, value)| value.clone());
        Some(Founder { key, own, other })
    }

    /// `JOINED 报上了, WAITING 名额满了进候补`: one of two waits for a place, where something says how many there are.
    fn for_a_place(&self, machine: &Machine, most: Option<&Arc<str>>) -> Option<Admission> {
        let most = most?;
        let waits = |value: &&StatusValue| {
            let by_value = value.value.scalar_text().is_some_and(|text| self.lexicon.is_named("waiting-list", text));
            by_value || self.lexicon.speaks_of("waiting-list", label_head(&value.words))
        };
        let waiting = machine.values.iter().find(waits)?;
        let inside = machine.values.iter().find(|value| value.value != waiting.value)?;
        let text = format!("`{}` can say that somebody waits for a place", machine.field);
        Some(Admission {
            field: Arc::clone(&machine.field),
            inside: inside.value.clone(),
            waits: waiting.value.clone(),
            most: Some(Arc::clone(most)),
            because: Evidence::new(text, machine.place, Confidence::Likely),
        })
    }
}
