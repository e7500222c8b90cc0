//! Lists in the order that is asked for, and what they come to.
//!
//! In: an endpoint that lists. Out: a story that asks for each order of which the documents say by what and which way round it
//! goes, and one that looks at the sum of several of a thing. Whether the order and the sum are right is judged by what the
//! reply shows of them.

use super::effects::Story;
use super::lab::{Lab, Val};
use super::violate::CALLER;
use crate::behavior::collection::Order;
use crate::behavior::{ListPlan, Slot};
use crate::scenario::ast::{Basis, What};

/// So many orders of one list are asked for.
const ORDERS: usize = 4;
/// Of less nothing can be in order.
const FEW: usize = 2;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let Some(plan) = behavior.list.as_ref().filter(|_| behavior.effects.is_empty()) else { return Vec::new() };
    [in_order(start, endpoint, plan), summed_up(start, endpoint, plan)].into_iter().flatten().collect()
}

fn in_order<'g>(start: &Lab<'g>, endpoint: usize, plan: &ListPlan) -> Option<Story<'g>> {
    let sorting = plan.sorting.as_ref().filter(|sorting| sorting.direction.is_none())?;
    // What is on top whatever is asked for stands in no order.
    let shape = &start.model().collections[plan.collection];
    let is_flag = |field: &str| {
        let example = shape.field(field).and_then(|field| field.example.scalar_text());
        example.is_some_and(|text| matches!(text, "0" | "1" | "true" | "false"))
    };
    let on_top = |order: &Order| !order.first.is_empty() || order.field.as_deref().is_some_and(is_flag);
    if plan.orders.iter().any(on_top) {
        return None;
    }
    let mut lab = start.clone();
    if plan.mine {
        for _ in 0..FEW {
            lab.created(plan.collection, CALLER, 0)?;
        }
    }
    let mut is_any = false;
    for order in sorting.told().take(ORDERS) {
        let before = lab.clone();
        let mut draft = lab.draft(endpoint, CALLER, 0);
        draft.fix(sorting.input, Some(Val::text(order.value.as_str())));
        let is_fine = lab.settle(&mut draft, None) && draft.person == CALLER;
        if !is_fine || lab.steps[before.steps.len()..].iter().any(|step| step.action.needs_simulator()) {
            lab = before;
            continue;
        }
        let name = &lab.behavior(endpoint).inputs[sorting.input].name;
        let because = format!("`{name}` may be {}: {}", order.value, order.describe());
        lab.call(endpoint, &draft.values, vec![What::Success], Some(because));
        lab.basis(Basis::Inferred);
        lab.about_itself();
        is_any = true;
    }
    is_any.then(|| Story { lab, what: "in the order that is asked for".to_owned(), is_deed: false })
}

/// What is summed up is summed up of two of a thing, so that a price is not the same as what it comes to.
fn summed_up<'g>(start: &Lab<'g>, endpoint: usize, plan: &ListPlan) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let fields = behavior.success.body.slots().find_map(|(slot, _)| match slot {
        Slot::Summed { collection, fields, .. } if *collection == plan.collection => Some(fields),
        _ => None,
    })?;
    let mut lab = start.clone();
    let makers = lab.makers_of(plan.collection);
    let count = fields.iter().find(|field| {
        let counts = lab.generation.lexicon.is_named("quantity", field);
        counts
            && makers.iter().any(|maker| lab.kept_by(*maker, plan.collection).iter().any(|(known, _)| known == *field))
    })?;
    lab.fill(plan.collection, Some(count), CALLER, 0).then_some(())?;
    let steps = lab.steps.len();
    let draft = lab.prepared(endpoint, CALLER, 0).filter(|draft| draft.person == CALLER)?;
    lab.steps[steps..].iter().all(|step| !step.action.needs_simulator()).then_some(())?;
    let because = format!("it sums up {}", fields.join(" times "));
    lab.call(endpoint, &draft.values, vec![What::Success], Some(because));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(Story { lab, what: "it comes to what it should".to_owned(), is_deed: false })
}
