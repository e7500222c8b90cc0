//! The statuses that records end with: what was cancelled or given back stands in the way of no other like it.

use crate::behavior::StatusValue;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, Over};
use crate::lexicon::{Class, label_head};
use crate::source::FileId;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    /// What is undone is over; what is finished is where a failure speaks of what is not (`有未完成的报修单`), and so is what a
    /// remark lets one do again (`评价后可以再次预约`).
    pub(in crate::behavior::collection) fn over(
        &self,
        group: &Group,
        creators: &[usize],
        collection: &Collection,
    ) -> Option<Over> {
        let lexicon = self.lexicon;
        let files: BTreeSet<FileId> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let again: Vec<&str> = self
            .said
            .again()
            .iter()
            .filter(|(file, _)| files.contains(file))
            .map(|(_, clause)| clause.as_str())
            .collect();
        let told = |value: &StatusValue| {
            let stem = lexicon.without_done(label_head(&value.words));
            stem.chars().count() > 1 && again.iter().any(|clause| clause.contains(stem))
        };
        let refused = creators.iter().flat_map(|at| &self.chooser.catalog.own[*at]);
        let mut refused = refused.filter(|failure| failure.classes.first() == Some(&Class::Exists));
        let still_open = refused.any(|failure| lexicon.speaks_of("still-open", failure.says()));
        collection.machines.iter().find_map(|machine| {
            let several = machine.values.len() > 2;
            let is_over = |value: &&StatusValue| {
                let head = label_head(&value.words);
                lexicon.is_nothing_but("undone-status", head)
                    || (several && still_open && lexicon.is_nothing_but("finished-status", head))
                    || (several && told(value))
            };
            let values: Vec<_> = machine.values.iter().filter(is_over).map(|value| value.value.clone()).collect();
            (!values.is_empty()).then(|| Over { field: Arc::clone(&machine.field), values })
        })
    }
}
