//! What each reader has read of what is everybody's: kept with the reader's account, not with the record.

use super::plan::Planner;
use super::records::Sight;
use crate::behavior::RecordId;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::Collection;
use crate::json::Json;
use crate::world::Record;
use std::sync::Arc;

/// The field of an account that keeps the ids of the records that it has read.
fn kept_in(collection: &Collection) -> Arc<str> {
    format!("read {}", collection.name).into()
}

fn ids(value: Option<&Json>) -> &[Json] {
    match value {
        Some(Json::Array(ids)) => ids,
        _ => &[],
    }
}

impl<'a> Sight<'a> {
    /// The value of a field as the caller sees it.
    pub(super) fn seen<'r>(&self, at: usize, record: &'r Record, field: &str) -> Option<&'r Json>
    where
        'a: 'r,
    {
        let own = record.field(field);
        let collection = self.collection(at);
        let Some((_, read)) = collection.marked_by_readers().filter(|(flag, _)| flag.as_ref() == field) else {
            return own;
        };
        let Some(account) = &self.caller.account else { return own };
        let account = self.world.record(COLLECTION, account.seq).unwrap_or(account);
        let is_it = |id: &Json| id.as_str() == Some(&*record.id);
        if ids(account.field(&kept_in(collection))).iter().any(is_it) { Some(read) } else { own }
    }
}

impl Planner<'_> {
    /// Marks records as read, or as not read any more, by the caller alone. False where they are not marked so.
    pub(super) fn mark_read(&mut self, at: usize, id: Option<&RecordId>, field: &Arc<str>, to: &Json) -> bool {
        let collection = &self.model.collections[at];
        let Some((_, read)) = collection.marked_by_readers().filter(|(flag, _)| *flag == field) else { return false };
        let Some(account) = self.caller.account.clone() else { return false };
        let key = kept_in(collection);
        let known = ids(account.field(&key));
        let mut marks: Vec<Json> = known.to_vec();
        for record in self.targets(at, id) {
            let is_it = |id: &Json| id.as_str() == Some(&*record.id);
            if to.scalar_text() != read.scalar_text() {
                marks.retain(|id| !is_it(id));
            } else if !marks.iter().any(is_it) {
                marks.push(Json::string(&*record.id));
            }
            self.planned.record = Some((at, record));
        }
        if marks.as_slice() != known {
            self.set_flag(&key, &Json::Array(marks));
        }
        true
    }
}
