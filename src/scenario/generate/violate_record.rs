//! Ways to break a demand of the records that a call is about.

use super::Against;
use super::lab::{Lab, Val};
use super::satisfy::{Draft, inner};
use super::violate::{OTHER, Ways, title};
use crate::behavior::{Action, Demand, HowMany, RecordId, Stock};
use crate::json::Json;
use crate::scenario::ast::Basis;
use std::sync::Arc;

impl Ways<'_> {
    /// Another record that is alike in what these inputs bring is there already.
    pub(super) fn alike(
        &mut self,
        collection: usize,
        fields: &[usize],
        id: Option<RecordId>,
        (what, stated): (&str, Basis),
    ) {
        self.add(what, stated, |lab, draft| {
            let creates = lab.endpoints_that(|action| matches!(action, Action::CreateRecord { .. }));
            let mut first = lab.draft(draft.endpoint, draft.person, 0);
            if creates.contains(&draft.endpoint)
                || id.is_some()
                || fields.iter().all(|input| first.get(*input).is_some())
            {
                for input in fields {
                    if first.get(*input).is_none() {
                        let value = lab.value(&mut first, *input);
                        first.set(*input, value);
                    }
                }
            }
            lab.settle(&mut first, None) && {
                lab.go(&first, None);
                draft.person = first.person;
                for input in fields {
                    draft.fix(*input, first.get(*input).cloned());
                }
                // What it is like must not be itself.
                match id.filter(|id| first.get(id.input).is_some()) {
                    Some(id) => lab.created(collection, draft.person, 1).is_some_and(|other| {
                        let _ = lab.meet_token(draft);
                        draft.fixed.push(id.input);
                        lab.points_to(draft, collection, &id, &other)
                    }),
                    None => true,
                }
            }
        });
    }

    pub(super) fn missing_record(
        &mut self,
        collection: usize,
        id: &RecordId,
        write: bool,
        stated: Basis,
        inferred: Basis,
    ) {
        let endpoint = self.endpoint;
        let shape = &self.start.model().collections[collection];
        let name = self.start.behavior(endpoint).inputs[id.input].name.to_string();
        self.add(format!("{name} is no record's"), stated, |lab, draft| {
            let example = lab.model().collections[collection].id.example.as_ref().and_then(Json::scalar_text);
            let is_text = example.is_some_and(|text| text.parse::<u64>().is_err());
            let nothing = if is_text { lab.fresh.token(example.unwrap_or_default()) } else { "99999999".to_owned() };
            draft.fix(id.input, Some(Val::text(nothing)));
            true
        });
        if shape.private || (write && shape.owned) {
            self.others_record(collection, id, inferred, false);
        }
        let removes = self.start.endpoints_that(|action| {
            matches!(action, Action::RemoveRecords { collection: removed, id: Some(_), .. } if *removed == collection)
        });
        if let Some(removing) = removes.first().copied() {
            let what = format!("{name} is gone after {}", title(&self.start, removing));
            let before = self.found.len();
            self.add(what, inferred, |lab, draft| {
                let mut remove = lab.draft(removing, draft.person, 0);
                if !lab.settle(&mut remove, None) {
                    return false;
                }
                let removed = lab.behavior(removing).effects.iter().find_map(|effect| match &effect.action {
                    Action::RemoveRecords { id: Some(id), .. } => Some(id.input),
                    _ => None,
                });
                let value = removed.and_then(|input| remove.get(input).cloned());
                lab.go(&remove, None);
                draft.person = remove.person;
                draft.fix(id.input, value);
                true
            });
            self.after(before, removing);
        }
    }

    /// `is_seen`: that it is another's is told of what the caller can see.
    pub(super) fn others_record(&mut self, collection: usize, id: &RecordId, inferred: Basis, is_seen: bool) {
        let name = self.start.behavior(self.endpoint).inputs[id.input].name.to_string();
        let for_other = self.start.is_for_other(self.endpoint, collection);
        self.add(format!("{name} is another's record"), inferred, |lab, draft| {
            let maker = if for_other { draft.person } else { OTHER };
            let Some(record) = lab.make(collection, Some(maker), 0) else { return false };
            let made = record.clone();
            let value = match &id.via {
                None => record,
                Some(via) => {
                    let name = &lab.model().collections[collection].name;
                    let known = lab.world().record_by_id(name, record.as_text());
                    let text = known.and_then(|known| known.field(via)).and_then(Json::scalar_text);
                    match text {
                        Some(text) => Val::text(text),
                        None => return false,
                    }
                }
            };
            draft.fix(id.input, Some(value));
            !is_seen || lab.shown_to(draft, collection, id, (&made, maker))
        });
    }

    /// Every state but those that it may be in.
    pub(super) fn states(&mut self, collection: usize, id: &RecordId, field: &Arc<str>, from: &[Json], stated: Basis) {
        let shape = &self.start.model().collections[collection];
        if shape.machine(field).is_none() {
            // What is kept of the first time is in the way of a second.
            self.add("it was done before", stated, super::violate::again);
            return;
        }
        let known = shape.machine(field).map(|machine| machine.values.clone()).unwrap_or_default();
        let told = self.start.model().behaviors.iter().flat_map(|behavior| &behavior.effects);
        let targets = told.filter_map(|effect| match &effect.action {
            Action::MoveRecords { collection: moved, field: moving, to, .. }
                if *moved == collection && moving == field =>
            {
                Some(to.clone())
            }
            _ => None,
        });
        let mut values: Vec<(Json, String)> = known.into_iter().map(|value| (value.value, value.words)).collect();
        for target in targets {
            if !values.iter().any(|(value, _)| value.scalar_text() == target.scalar_text()) {
                values.push((target, String::new()));
            }
        }
        for (value, words) in values {
            if from.iter().any(|known| known.scalar_text() == value.scalar_text()) {
                continue;
            }
            let shown = value.scalar_text().unwrap_or_default().to_owned();
            let what = format!("its {field} is {shown} {words}");
            self.add(what.trim_end(), stated, |lab, draft| {
                // The way from how it begins needs no hand where that from how it should be does.
                let before = (lab.clone(), draft.clone());
                lab.name_records(draft);
                lab.name_one(draft, id.input);
                if let Some(named) = draft.get(id.input).cloned()
                    && let Some(record) = lab.record_of(collection, id, &named)
                    && lab.lead(collection, &record, draft.person, field, std::slice::from_ref(&value), 0)
                    && lab.steps.iter().all(|step| step.action.name() != "record")
                {
                    draft.fixed.push(id.input);
                    return true;
                }
                (*lab, *draft) = before;
                let mut all = draft.clone();
                lab.name_one(&mut all, id.input);
                if !lab.settle(&mut all, None) {
                    return false;
                }
                *draft = all;
                let Some(named) = draft.get(id.input).cloned() else { return false };
                draft.fixed.push(id.input);
                let Some(record) = lab.record_of(collection, id, &named) else { return false };
                lab.lead(collection, &record, draft.person, field, std::slice::from_ref(&value), 0)
            });
        }
    }

    pub(super) fn stock(&mut self, stock: &Stock, stated: Basis) {
        if let Some(HowMany::Number(quantity)) = stock.quantity {
            self.add("more is wanted than there is", stated, |_, draft| {
                draft.fix(quantity, Some(Val::text("999999")));
                true
            });
        }
        if let (Some(input), true) = (stock.input, self.start.against != Against::Simulator) {
            let collection = stock.collection;
            self.add("the list says that nothing is left", stated, |lab, draft| {
                let none = lab.sold_out(collection, draft.person);
                draft.fix(input, none.clone());
                none.is_some()
            });
        }
        let stock = stock.clone();
        self.add("nothing is left", stated, |lab, draft| {
            let mut all = draft.clone();
            let settled = lab.settle(&mut all, None);
            *draft = all;
            let id = stock.input.and_then(|input| draft.get(input).cloned());
            let id = id.or_else(|| {
                lab.made.iter().find(|made| made.collection == stock.collection).map(|made| made.id.clone())
            });
            settled
                && id.is_some_and(|id| {
                    draft.fixed.extend(stock.input);
                    lab.edit_record(stock.collection, &id, Some(vec![(stock.field.to_string(), Json::integer(0))]))
                })
        });
    }

    pub(super) fn empty(&mut self, collection: usize, inferred: Basis) {
        let endpoint = self.endpoint;
        self.add("there is none", inferred, |_, _| true);
        let plan = self.start.behavior(endpoint).list.clone();
        if let Some(plan) = plan {
            let inputs = plan.keyword.into_iter().chain(plan.filters.iter().map(|filter| filter.input));
            for input in inputs.take(4) {
                let name = self.start.behavior(endpoint).inputs[input].name.to_string();
                self.add(format!("none has that {name}"), inferred, |lab, draft| {
                    let rules = &lab.behavior(endpoint).inputs[input].rules;
                    let nothing = lab.fresh.digits(9);
                    let nothing = lab.fresh.fitting(rules, &nothing, "none");
                    draft.fix(input, Some(Val::text(nothing)));
                    true
                });
            }
            if let Some(page) = plan.page {
                self.add("the page is behind the last", Basis::Convention, |_, draft| {
                    draft.fix(page, Some(Val::text("9999")));
                    true
                });
            }
        }
        self.add("all are taken away by hand", inferred, |lab, _| {
            let name = Arc::clone(&lab.model().collections[collection].name);
            let ids: Vec<Arc<str>> = lab
                .world()
                .collection(&name)
                .into_iter()
                .flat_map(|all| all.iter().map(|record| Arc::clone(&record.id)))
                .take(60)
                .collect();
            !ids.is_empty() && ids.iter().all(|id| lab.edit_record(collection, &Val::text(id.as_ref()), None))
        });
    }
}

impl Lab<'_> {
    /// Whether a caller can see another's record, once its maker has led it to where it is seen.
    fn shown_to(
        &mut self,
        draft: &mut Draft,
        collection: usize,
        id: &RecordId,
        (record, maker): (&Val, usize),
    ) -> bool {
        let _ = self.meet_token(draft);
        let is_seen = |lab: &mut Self| {
            let checks = &lab.behavior(draft.endpoint).checks;
            let mut unmet = lab.unmet(draft.endpoint, &draft.values).into_iter();
            !unmet.any(
                |at| matches!(inner(&checks[at].demand), Demand::Found { id: named, .. } if named.input == id.input),
            )
        };
        if is_seen(self) {
            return true;
        }
        for machine in &self.model().collections[collection].machines {
            for state in &machine.values {
                let mut other = self.clone();
                let led = other.lead(collection, record, maker, &machine.field, std::slice::from_ref(&state.value), 0);
                if led && is_seen(&mut other) {
                    *self = other;
                    return true;
                }
            }
        }
        // A way that leads nowhere is given up where it is tried.
        true
    }
}
