//! What becomes of records that name one that is removed: `评论一起删`, `该分类下的账目分类清空`.
//!
//! In: the remarks about an endpoint that removes records, and the collections whose records name such. Out: effects on those that a
//! clause names.

use super::Records;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::{Action, Confidence, Effect, Evidence, RecordId};
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn going_with(&self, collection: usize, id: Option<&RecordId>) -> Vec<Effect> {
        let Some(id) = id else { return Vec::new() };
        let lexicon = self.gathering.lexicon;
        let mut found: Vec<Effect> = Vec::new();
        for note in remarks(self.gathering.prose, self.endpoint()) {
            let clauses = sentences(&note.text).flat_map(|text| text.split([',', '，', '、']));
            let mut named: Vec<(usize, &Arc<str>)> = Vec::new();
            for clause in clauses {
                let here = self.children_in(collection, clause);
                // `名下的评论和点赞，一起删掉`: the clause before can say of what.
                if !here.is_empty() {
                    named = here;
                }
                let goes = lexicon.speaks_of("goes-with", clause);
                let emptied = !goes && lexicon.speaks_of("emptied-then", clause);
                if !(goes || emptied) || lexicon.speaks_of("denied", clause) {
                    continue;
                }
                for (child, field) in named.drain(..) {
                    let (field, id) = (Arc::clone(field), id.clone());
                    let action = Action::RemoveChildren { collection, id, child, field, emptied };
                    if !found.iter().any(|known| known.action == action) {
                        let because = Evidence::new(format!("`{}`", clause.trim()), note.place, Confidence::Likely);
                        found.push(Effect { action, because });
                    }
                }
            }
        }
        found
    }

    /// The collections that a clause names whose records name those of another, with the field by which they do.
    fn children_in(&self, collection: usize, clause: &str) -> Vec<(usize, &Arc<str>)> {
        let children = self.kin.children(collection).iter().copied();
        let found = children.filter_map(|child| {
            let known = &self.collections[child];
            let reference =
                known.references.iter().find(|reference| reference.collection == collection && !reference.many)?;
            let mut titles = known.titles.iter().filter(|title| title.chars().count() > 1);
            titles.any(|title| clause.contains(title.as_str())).then_some((child, &reference.field))
        });
        found.collect()
    }
}
