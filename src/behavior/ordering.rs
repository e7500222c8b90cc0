//! What is known of orders only once all endpoints are: what lapses gives back, what they keep of others' records.

use super::collection::{Copied, CopiedMembers, Freed, ItemMember, Source};
use super::{Action, Behavior, Model, Named, Slot};
use std::sync::Arc;

impl Model {
    /// What lapses gives back what cancelling it does.
    pub(super) fn note_given_back(&mut self) {
        for (at, shape) in self.collections.iter_mut().enumerate() {
            let Some(lapse) = &mut shape.lapse else { continue };
            let ends_as = |behavior: &Behavior| {
                behavior.effects.iter().any(|effect| {
                    matches!(&effect.action, Action::MoveRecords { collection, to, .. } if *collection == at && *to == lapse.to)
                })
            };
            let ends: Vec<bool> = self.behaviors.iter().map(ends_as).collect();
            let behaviors = self.behaviors.iter().zip(ends);
            for (action, ends) in
                behaviors.flat_map(|(behavior, ends)| behavior.effects.iter().map(move |effect| (&effect.action, ends)))
            {
                match action {
                    Action::GiveBack { collection, taken, .. }
                        if *collection == at && !lapse.gives_back.contains(taken) =>
                    {
                        lapse.gives_back.push(taken.clone());
                    }
                    Action::MoveNamed { collection, by: Named::Field { of, reference, .. }, field, to }
                        if *of == at =>
                    {
                        let (reference, field) = (Arc::clone(reference), Arc::clone(field));
                        let free = Freed { reference, collection: *collection, field, to: to.clone() };
                        // What another deed makes of it is not what becomes of it when nothing is done.
                        if ends && !lapse.frees.contains(&free) {
                            lapse.frees.push(free);
                        }
                    }
                    Action::ReturnVoucher { collection, used, .. } if *collection == at => {
                        lapse.returns = Some(used.clone());
                    }
                    _ => {}
                }
            }
        }
    }

    /// What an order shows of a record of the caller's own, an address say, is kept as it was when it was made: that record may
    /// be changed or removed.
    pub(super) fn note_copied(&mut self) {
        let bodies = self.behaviors.iter().map(|behavior| &behavior.success.body);
        let templates = bodies.flat_map(|body| {
            body.slots().filter_map(|(slot, _)| match slot {
                Slot::Items { template, .. } | Slot::Item(template) => Some(Arc::clone(template)),
                _ => None,
            })
        });
        let mut found: Vec<(usize, Copied)> = Vec::new();
        for template in templates {
            let is_order =
                self.collections[template.collection].machines.iter().any(|machine| machine.values.len() > 2);
            if !is_order {
                continue;
            }
            for member in &template.members {
                let Some(copied) = copied(member).filter(|copied| self.collections[copied.collection].private) else {
                    continue;
                };
                match found.iter_mut().find(|(at, known)| *at == template.collection && known.field == copied.field) {
                    Some((_, known)) => join(&mut known.members, copied.members),
                    None => found.push((template.collection, copied)),
                }
            }
        }
        for (at, copied) in found {
            self.collections[at].copies.push(copied);
        }
    }
}

fn copied(member: &ItemMember) -> Option<Copied> {
    let (reference, collection, members) = match &member.source {
        Source::Referred(reference, template) => {
            let members = template.members.iter().filter_map(|inner| {
                let from = match &inner.source {
                    Source::Id => None,
                    Source::Field => Some(Arc::clone(&inner.key)),
                    Source::Alias(name) => Some(Arc::clone(name)),
                    _ => return None,
                };
                Some((Arc::clone(&inner.key), inner.example.clone(), from))
            });
            (reference, template.collection, CopiedMembers::Several(members.collect()))
        }
        Source::ReferredField(collection, reference, Some(name)) => {
            (reference, *collection, CopiedMembers::One(Arc::clone(name)))
        }
        _ => return None,
    };
    Some(Copied { field: Arc::clone(&member.key), reference: Arc::clone(reference), collection, members })
}

/// What one example shows more than another.
fn join(known: &mut CopiedMembers, more: CopiedMembers) {
    if let (CopiedMembers::Several(known), CopiedMembers::Several(more)) = (known, more) {
        for member in more {
            if !known.iter().any(|(key, ..)| *key == member.0) {
                known.push(member);
            }
        }
    }
}
