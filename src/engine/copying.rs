//! Makes a record like another, with what belongs to it.

use super::plan::Planner;
use super::records::{self, text_of};
use crate::behavior::records::copying::Copying;
use crate::json::Json;
use crate::world::{Change, Record};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn copy_record(&mut self, copying: &Copying) {
        for original in self.targets(copying.collection, Some(&copying.id)) {
            let mut sent = values(&original, &copying.fields);
            if let Some((field, behind)) = &copying.behind {
                for (_, value) in sent.iter_mut().filter(|(key, _)| key == field) {
                    *value = value.in_form(&format!("{}{behind}", value.scalar_text().unwrap_or_default()));
                }
            }
            let copy = self.make_like(copying.collection, sent);
            for (child, reference, fields) in &copying.parts {
                let shape = &self.model.collections[*child];
                let known = self.world.collection(&shape.name);
                let parts: Vec<Arc<Record>> = known
                    .into_iter()
                    .flat_map(crate::world::Collection::iter)
                    .filter(|part| text_of(part.field(reference)) == Some(&*original.id))
                    .cloned()
                    .collect();
                for part in parts {
                    let mut sent = values(&part, fields);
                    sent.retain(|(key, _)| key != reference);
                    let form = part.field(reference).cloned().unwrap_or_else(|| Json::string(""));
                    sent.push((Arc::clone(reference), form.in_form(&copy.id)));
                    self.make_like(*child, sent);
                }
            }
            self.planned.record = Some((copying.collection, copy));
        }
    }

    fn make_like(&mut self, collection: usize, sent: Vec<(Arc<str>, Json)>) -> Arc<Record> {
        let owner = records::owner_of(self.caller);
        let record = records::new_record(self.model, collection, sent, owner, &[], self.world, self.now);
        let name = Arc::clone(&self.model.collections[collection].name);
        self.planned.changes.push(Change::RecordCreated { collection: name, record: Arc::clone(&record) });
        record
    }
}

fn values(record: &Record, fields: &[Arc<str>]) -> Vec<(Arc<str>, Json)> {
    fields.iter().filter_map(|key| Some((Arc::clone(key), record.field(key)?.clone()))).collect()
}
