//! How records stand, and how they are led to stand otherwise: statuses, and ties of callers to them.

use super::lab::{Lab, Made, Val};
use super::satisfy::{DEPTH, Draft, inner};
use crate::behavior::{Action, Auth, Demand, RecordId};
use crate::json::Json;
use std::sync::Arc;

impl Lab<'_> {
    pub(super) fn meet_state(
        &mut self,
        draft: &mut Draft,
        collection: usize,
        id: &RecordId,
        field: &Arc<str>,
        from: &[Json],
    ) -> bool {
        let Some(value) = draft.get(id.input).cloned() else { return false };
        let Some(record) = self.record_of(collection, id, &value) else { return false };
        self.lead(collection, &record, draft.person, field, from, draft.depth + 1)
    }

    /// The id by which a record that a request names is known.
    pub(super) fn record_of(&self, collection: usize, id: &RecordId, value: &Val) -> Option<Val> {
        if id.via.is_none() {
            return Some(value.clone());
        }
        let name = &self.model().collections[collection].name;
        let via = id.via.as_ref()?;
        let made = self.made.iter().filter(|made| made.collection == collection);
        let of = |made: &&Made| {
            let record = self.world().record_by_id(name, made.id.as_text());
            record.and_then(|record| record.field(via)).and_then(Json::scalar_text) == Some(value.as_text())
        };
        made.clone().find(of).map(|made| made.id.clone())
    }

    pub(super) fn status_of(&self, collection: usize, record: &Val, field: &str) -> Option<String> {
        let name = &self.model().collections[collection].name;
        let known = self.world().record_by_id(name, record.as_text())?;
        known.field(field)?.scalar_text().map(str::to_owned)
    }

    /// Leads a record to one of these statuses: the shortest way over the endpoints that move it, else by hand.
    pub(super) fn lead(
        &mut self,
        collection: usize,
        record: &Val,
        person: usize,
        field: &str,
        to: &[Json],
        depth: usize,
    ) -> bool {
        let is_there = |status: &str| to.iter().any(|known| known.scalar_text() == Some(status));
        let Some(now) = self.status_of(collection, record, field) else { return false };
        if is_there(&now) {
            return true;
        }
        let model = self.model();
        let edges: Vec<(usize, Vec<String>, String)> = model
            .behaviors
            .iter()
            .enumerate()
            .flat_map(|(at, behavior)| {
                behavior.effects.iter().filter_map(move |effect| match &effect.action {
                    Action::MoveRecords { collection: moved, id: Some(_), field: moving, from, to, .. }
                        if *moved == collection && **moving == *field =>
                    {
                        let text = |value: &Json| value.scalar_text().map(str::to_owned);
                        Some((at, from.iter().filter_map(text).collect(), text(to)?))
                    }
                    // A voucher is used by what it is used for, whatever it was before.
                    Action::UseVoucher { collection: known, status, used, .. }
                        if *known == collection && **status == *field =>
                    {
                        let machine = model.collections[collection].machine(field)?;
                        let text = |value: &Json| value.scalar_text().map(str::to_owned);
                        let before = machine.values.iter().filter(|value| value.value != *used);
                        Some((at, before.filter_map(|value| text(&value.value)).collect(), text(used)?))
                    }
                    _ => None,
                })
            })
            .collect();
        let mut ways: Vec<(String, Vec<usize>)> = vec![(now, Vec::new())];
        let mut at = 0;
        while at < ways.len() && ways.len() < 64 {
            let (status, way) = ways[at].clone();
            for (endpoint, from, to) in &edges {
                if from.contains(&status) && !ways.iter().any(|(known, _)| known == to) {
                    let mut longer = way.clone();
                    longer.push(*endpoint);
                    ways.push((to.clone(), longer));
                }
            }
            at += 1;
        }
        if depth < DEPTH {
            for (_, way) in ways.iter().filter(|(status, _)| is_there(status)) {
                let before = self.clone();
                let moves = |endpoint: &usize| {
                    let person = self.mover(*endpoint, collection, record, person);
                    self.move_by(*endpoint, collection, record, person, depth + 1)
                };
                if way.iter().all(moves) {
                    return true;
                }
                *self = before;
            }
        }
        let Some(wanted) = to.first() else { return false };
        self.edit_record(collection, record, Some(vec![(field.to_owned(), wanted.clone())]))
    }

    pub(super) fn move_by(
        &mut self,
        endpoint: usize,
        collection: usize,
        record: &Val,
        person: usize,
        depth: usize,
    ) -> bool {
        let mut draft = self.draft(endpoint, person, depth);
        let moved = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
            Action::MoveRecords { collection: known, id: Some(id), .. } if *known == collection => Some(id.clone()),
            Action::UseVoucher { collection: known, input, .. } if *known == collection => {
                Some(RecordId { input: *input, via: None })
            }
            _ => None,
        });
        let Some(id) = moved else { return false };
        let _ = self.meet_token(&mut draft);
        if !self.points_to(&mut draft, collection, &id, record) {
            return false;
        }
        draft.fixed.push(id.input);
        if !self.settle(&mut draft, None) {
            return false;
        }
        self.go(&draft, None);
        true
    }

    pub(super) fn meet_tied(&mut self, draft: &mut Draft, id: &RecordId, tied: bool) -> bool {
        let Some(value) = draft.get(id.input).cloned() else { return false };
        // Who may call without a login is tied to nothing.
        if !draft.fixed_token && self.behavior(draft.endpoint).auth != Auth::Anyone && !self.meet_token(draft) {
            return false;
        }
        let model = self.model();
        let of = |action: &Action| match action {
            Action::Tie { id, .. } => Some(id.input),
            // `follow/add` makes the tie as a record.
            Action::CreateRecord { collection, fields, .. } => {
                let relation = model.collections.get(*collection)?.relation.as_ref()?;
                fields.iter().find(|(field, _)| *field == relation.field).map(|(_, input)| *input)
            }
            _ => None,
        };
        let ties = self.endpoints_that(|action| of(action).is_some());
        for endpoint in ties.into_iter().filter(|endpoint| *endpoint != draft.endpoint || !tied) {
            let before = self.clone();
            let mut other = self.draft(endpoint, draft.person, draft.depth + 1);
            let named = self.behavior(endpoint).effects.iter().find_map(|effect| of(&effect.action));
            if let Some(input) = named {
                if self.behavior(endpoint).auth == Auth::Optional {
                    let _ = self.meet_token(&mut other);
                }
                other.fix(input, Some(value.clone()));
                if self.settle(&mut other, None) {
                    self.go(&other, None);
                    let behavior = self.behavior(draft.endpoint);
                    let unmet = self.unmet(draft.endpoint, &draft.values);
                    if !unmet.iter().any(|at| matches!(inner(&behavior.checks[*at].demand), Demand::Tied { .. })) {
                        return true;
                    }
                }
            }
            *self = before;
        }
        false
    }
}
