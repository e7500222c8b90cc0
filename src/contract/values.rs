//! Statuses are among those that the documents list for them.

use super::{Finding, Kind, path};
use crate::behavior::collection::{ItemMember, Source};
use crate::behavior::{Machine, Slot};
use crate::generation::Generation;
use crate::json::{Json, Step};
use crate::scenario::ast::Basis;

/// Every status of a success that is none of its enumeration; empty ones are nothing that was said.
pub(super) fn statuses(generation: &Generation, endpoint: usize, body: &Json, found: &mut Vec<Finding>) {
    let model = &generation.model;
    let mut machines: Vec<&Machine> = Vec::new();
    for (slot, _) in model.behaviors[endpoint].success.body.slots() {
        match slot {
            Slot::Field(name) => {
                let all = model.accounts.machine.iter().chain(&model.accounts.review);
                machines.extend(all.filter(|machine| machine.field == *name));
            }
            Slot::Items { template, .. } | Slot::Item(template) => {
                let shows = |machine: &&Machine| template.members.iter().any(|member| is_field(member, machine));
                machines.extend(model.collections[template.collection].machines.iter().filter(shows));
            }
            _ => {}
        }
    }
    let envelope = generation.set.envelope(&generation.set.endpoints[endpoint]);
    let of_call: Vec<&Vec<Step>> = envelope.code.iter().chain(&envelope.message).chain(&envelope.marker).collect();
    for (at, value) in body.leaves().into_iter().filter(|(at, _)| !of_call.contains(&at)) {
        let Some(Step::Key(key)) = at.last() else { continue };
        let Some(text) = value.scalar_text().filter(|text| !text.is_empty()) else { continue };
        let Some(machine) = machines.iter().find(|machine| machine.field == *key) else { continue };
        let is_told = machine.values.len() > 1;
        let at = path(&at);
        if !is_told || machine.known(value).is_some() || found.iter().any(|known| known.at == at) {
            continue;
        }
        let known: Vec<&str> = machine.values.iter().filter_map(|value| value.value.scalar_text()).collect();
        found.push(Finding {
            kind: Kind::Value,
            basis: Basis::Inferred,
            place: machine.place,
            at,
            expected: format!("one of {}", known.join(", ")),
            got: text.to_owned(),
        });
    }
}

/// Whether a member shows that field itself, and not one that is only called so.
fn is_field(member: &ItemMember, machine: &Machine) -> bool {
    member.key == machine.field && matches!(member.source, Source::Field)
}
