//! What is known of orders only once all endpoints are: what lapses gives back, what they keep of others' records.

use crate::behavior::collection::{Copied, CopiedMembers, Freed, ItemField, ItemMember, Source};
use crate::behavior::{Action, Behavior, Model, Named, Slot};
use crate::json::Json;
use std::sync::Arc;

impl Model {
    /// What lapses gives back what cancelling it does.
    pub(in crate::behavior) fn note_given_back(&mut self) {
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
    pub(in crate::behavior) fn note_copied(&mut self) {
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
        for (at, copied) in found.into_iter().chain(self.alike_by_example()) {
            let copies = &mut self.collections[at].copies;
            if !copies.iter().any(|known| known.field == copied.field) {
                copies.push(copied);
            }
        }
    }

    /// `consignee`, `mobile` and `address` of an order whose examples are those of an address's `name`, `tel`, and `region` with
    /// `detail`: under whatever names, what nobody sends is what the record has that the order names.
    fn alike_by_example(&self) -> Vec<(usize, Copied)> {
        let mut found = Vec::new();
        for (at, shape) in self.collections.iter().enumerate().filter(|(_, shape)| shape.relation.is_none()) {
            let sent: Vec<&str> = self.behaviors.iter().flat_map(|behavior| kept(behavior, at)).collect();
            if sent.is_empty() {
                continue;
            }
            for reference in shape.references.iter().filter(|reference| !reference.many && reference.collection != at) {
                let reference_to = reference.collection;
                let Some(book) = self.collections.get(reference_to) else { continue };
                if !book.owned || book.relation.is_some() || book.basket.is_some() {
                    continue;
                }
                let same = shape.fields.iter().filter(|field| !sent.contains(&&*field.key)).filter_map(|field| {
                    let members = from_examples(&field.example, &book.fields)?;
                    let (field, reference) = (Arc::clone(&field.key), Arc::clone(&reference.field));
                    Some((at, Copied { field, reference, collection: reference_to, members }))
                });
                let same: Vec<(usize, Copied)> = same.collect();
                // One alone can be by chance.
                if same.len() > 1 {
                    found.extend(same);
                }
            }
        }
        found
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

/// The fields under which an endpoint keeps what is sent of a collection's records.
fn kept(behavior: &Behavior, at: usize) -> impl Iterator<Item = &str> {
    let fields = behavior.effects.iter().filter_map(move |effect| match &effect.action {
        Action::CreateRecord { collection, fields, .. }
        | Action::SaveRecord { collection, fields, .. }
        | Action::UpdateRecord { collection, fields, .. }
            if *collection == at =>
        {
            Some(fields)
        }
        _ => None,
    });
    fields.flatten().map(|(field, _)| &**field)
}

/// The field of another record that has the same example, or those that make it up one behind the other.
fn from_examples(example: &Json, fields: &[ItemField]) -> Option<CopiedMembers> {
    let text = example.as_str().filter(|text| text.chars().count() > 1)?;
    let texts: Vec<Option<&str>> =
        fields.iter().map(|field| field.example.as_str().filter(|text| !text.is_empty())).collect();
    if let Some(at) = texts.iter().position(|known| *known == Some(text)) {
        return Some(CopiedMembers::One(Arc::clone(&fields[at].key)));
    }
    for start in 0..fields.len() {
        for joint in ["", " "] {
            let (mut rest, mut parts) = (text, Vec::new());
            for (field, known) in fields[start..].iter().zip(&texts[start..]) {
                let behind = if parts.is_empty() { Some(rest) } else { rest.strip_prefix(joint) };
                let Some(left) = known.and_then(|known| behind?.strip_prefix(known)) else { break };
                parts.push(Arc::clone(&field.key));
                rest = left;
            }
            if rest.is_empty() && parts.len() > 1 {
                return Some(CopiedMembers::Joined(parts, joint));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::collection::Initial;
    use crate::lexicon::Role;
    use crate::source::Place;

    #[test]
    fn what_an_order_keeps_is_told_by_the_examples() {
        let field = |key: &str, example: &str| ItemField {
            key: key.into(),
            role: Role::Plain,
            example: Json::string(example),
            words: String::new(),
            initial: Initial::Value(Json::string("")),
            blank: None,
            is_updated: false,
            place: Place::default(),
        };
        let book = [field("name", "林先生"), field("region", "福建省南平市"), field("detail", "桐木路8号")];
        let made = |text: &str| from_examples(&Json::string(text), &book);
        assert_eq!(made("林先生"), Some(CopiedMembers::One("name".into())));
        let joined = vec!["region".into(), "detail".into()];
        assert_eq!(made("福建省南平市桐木路8号"), Some(CopiedMembers::Joined(joined.clone(), "")));
        assert_eq!(made("福建省南平市 桐木路8号"), Some(CopiedMembers::Joined(joined, " ")));
        assert_eq!(made("福建省南平市"), Some(CopiedMembers::One("region".into())));
        assert_eq!(made("桐木路8号 福建省南平市"), None);
    }
}
