//! What the reply of a deed on records shows that is not the record's: the tie's, the caller's, the example's.

use super::{Showing, comment};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::{ItemTemplate, Source};
use crate::json::Step;
use crate::lexicon::{Operation, Role};
use crate::spec::Example;
use std::sync::Arc;

impl Showing<'_> {
    /// `{"state": "WAITING"}` of what ties the caller: what only the tie has is shown of that.
    pub(super) fn of_own_tie(&self, template: &mut ItemTemplate) {
        let ties = &self.collections[self.on.collection];
        let Some(relation) = ties.relation.as_ref().filter(|_| self.operation == Operation::Toggle) else { return };
        let Some(target) = self.collections.get(relation.target) else { return };
        let is_id = |key: &str| ties.id.key.as_deref() == Some(key) && target.id.key.as_deref() != Some(key);
        let is_own = |key: &str| is_id(key) || (ties.machine(key).is_some() && target.field(key).is_none());
        let kept = |member: &crate::behavior::collection::ItemMember| {
            matches!(member.source, Source::Field | Source::Constant | Source::Id)
        };
        for member in template.members.iter_mut().filter(|member| is_own(&member.key) && kept(member)) {
            member.source = Source::OfTie(self.on.collection, Arc::clone(&member.key));
        }
    }

    /// `{"id": "70", "jf": "5"} // jf剩余积分`: what the caller has then, where a deed on records shows that, and not what the
    /// record has under the same name.
    pub(super) fn left_then(&self, example: &Example, path: &[Step], template: &mut ItemTemplate) {
        let deed = matches!(self.operation, Operation::Create | Operation::Save | Operation::Transition);
        if !deed || !self.collections[self.on.collection].owned {
            return;
        }
        let alone = template.members.len() == 1;
        for member in &mut template.members {
            let here: Vec<Step> = path.iter().cloned().chain([Step::Key(Arc::clone(&member.key))]).collect();
            let words = match (comment(example, &here, &member.key), &example.comments[..]) {
                ("", [note]) if alone => note.text.as_str(),
                (words, _) => words,
            };
            let number = member.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
            // `{"checked_days": 1, "points": 5}`: no record has points, and accounts do.
            let only_theirs = !shape::is_id(&member.key)
                && self.collections[self.on.collection].field(&member.key).is_none()
                && self.lexicon.role(&member.key, "").is_none_or(|(role, _)| role != Role::Status);
            // `{"order_id": "2021", "yue": 38000}`: only what makes the record shows it, and it is what callers have.
            let field = self.collections[self.on.collection].field(&member.key);
            let here_alone = || {
                self.lexicon.is_named("balance", &member.key)
                    && field.is_none_or(|field| {
                        let (here, there) = (self.endpoint.block, field.place);
                        here.file == there.file
                            && (here.span.start..here.span.end).contains(&there.span.start)
                            && self.endpoint.param(&field.key).is_none()
                    })
            };
            let told = number && (only_theirs || self.lexicon.speaks_of("left-then", words) || here_alone());
            if let Some(source) = told.then(|| self.items.owner_field(&member.key, Role::Plain)).flatten()
                && matches!(source, Source::OwnerField(_))
            {
                member.source = source;
            }
        }
    }

    /// What nothing fills stands as in the example: the `paySign` of a payment.
    pub(super) fn give(&self, collection: usize, template: &mut ItemTemplate) {
        let given = &self.collections[collection].given;
        let bare = |source: &Source| matches!(source, Source::Field | Source::Nested(_) | Source::Lines(_));
        let mut members = template.members.iter_mut();
        members.by_ref().filter(|member| given.contains(&member.key) && bare(&member.source)).for_each(|member| {
            member.source = Source::Constant;
        });
    }
}
