//! Deeds that make a record like another: `复制`, `克隆`, `再来一份`. What callers send of a record is copied; its status and its numbers
//! begin as those of a new one.
//!
//! In: the titles and paths, what is sent of records, and the remarks. Out: an effect. What belongs to the record goes with it where a
//! remark names it: `题目一起复制`.

use super::Records;
use crate::behavior::collection::items::gather::{is_data, key_for};
use crate::behavior::collection::prose::remarks;
use crate::behavior::operation::{Clues, takes_own_id};
use crate::behavior::{Action, Effect, RecordId};
use crate::lexicon::{Lexicon, Operation, compact, label_head};
use std::sync::Arc;

/// What is copied.
#[derive(Clone, Debug, PartialEq)]
pub struct Copying {
    pub collection: usize,
    pub id: RecordId,
    pub fields: Vec<Arc<str>>,
    /// What is put behind a text of the copy.
    pub behind: Option<(Arc<str>, String)>,
    /// What goes with it: the collection, the field by which it names the record, and its own fields.
    pub parts: Vec<(usize, Arc<str>, Vec<Arc<str>>)>,
}

/// Whether an endpoint makes a copy of the record that it names.
pub(in crate::behavior) fn copies(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let writes = clues.endpoint.method.as_deref() != Some("GET");
    let path = crate::behavior::operation::path_of(clues.endpoint);
    let by_path = path.last().is_some_and(|word| lexicon.is_named("copies", word));
    let titled = lexicon.speaks_of("copies", label_head(&clues.endpoint.title));
    writes && (titled || by_path) && takes_own_id(clues, lexicon)
}

impl Records<'_> {
    pub(in crate::behavior) fn copying(&self) -> Option<Effect> {
        let on = self.on.filter(|_| self.operation() == Operation::Transition)?;
        let (id, lexicon) = (on.id.clone()?, self.gathering.lexicon);
        let endpoint = self.endpoint();
        let path = crate::behavior::operation::path_of(endpoint);
        let called = path.last().is_some_and(|word| lexicon.is_named("copies", word));
        if !called && !lexicon.speaks_of("copies", label_head(&endpoint.title)) || self.movement().is_some() {
            return None;
        }
        let notes: Vec<&str> = remarks(self.gathering.prose, endpoint).map(|note| note.text.as_str()).collect();
        let named = |child: &usize| {
            let titles = &self.collections[*child].titles;
            titles.iter().any(|title| {
                let head: String = title.chars().take(2).collect();
                head.chars().count() > 1 && notes.iter().any(|text| text.contains(&head))
            })
        };
        let parts = self.kin.children(on.collection).iter().copied().filter(|child| *child != on.collection);
        let parts = parts.filter(named).filter_map(|child| {
            let mut references = self.collections[child].references.iter();
            let reference = references.find(|reference| reference.collection == on.collection)?;
            Some((child, Arc::clone(&reference.field), self.sent_of(child)))
        });
        let parts = parts.collect();
        let fields = self.sent_of(on.collection);
        let behind = notes.iter().find_map(|text| self.put_behind(text, &fields));
        let copying = Copying { collection: on.collection, id, fields, behind, parts };
        Some(Effect {
            action: Action::CopyRecord(Box::new(copying)),
            because: self.because("its title says that it copies"),
        })
    }

    /// The fields under which is kept what is sent of records.
    fn sent_of(&self, collection: usize) -> Vec<Arc<str>> {
        let records = &self.collections[collection];
        let Some(group) = self.gathering.groups.get(collection) else { return Vec::new() };
        let writes = |at: &&usize| {
            matches!(self.gathering.operations[**at], Operation::Create | Operation::Save | Operation::Update)
        };
        let mut found: Vec<Arc<str>> = Vec::new();
        for at in group.endpoints.iter().filter(writes) {
            for input in self.gathering.inputs[*at].iter().filter(|input| is_data(input, true)) {
                let key = key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name));
                let own = records.id.key.as_ref().is_some_and(|id| compact(id) == compact(&key));
                if !own && records.machine(&key).is_none() && !found.contains(&key) {
                    found.push(key);
                }
            }
        }
        found
    }

    /// `标题后面加"-副本"`: which text gets what behind it.
    fn put_behind(&self, text: &str, fields: &[Arc<str>]) -> Option<(Arc<str>, String)> {
        let lexicon = self.gathering.lexicon;
        let records = &self.collections[self.on?.collection];
        let start = lexicon.after("put-behind", text)?;
        let rest = text.get(start..)?;
        let mut pieces = rest.split(['"', '“', '”', '「', '」', '\'', '`', '『', '』', '‘', '’']);
        let (joint, piece) = (pieces.next()?, pieces.next()?);
        if joint.chars().count() > 3 || piece.is_empty() {
            return None;
        }
        let before = text.get(..start)?;
        let labelled = |key: &&Arc<str>| {
            let label = records.field(key).map_or("", |field| label_head(&field.words));
            (label.chars().count() > 1 && before.contains(label)) || before.contains(&***key)
        };
        let titled = |key: &&Arc<str>| lexicon.is_named("title-field", key);
        let field = fields.iter().find(labelled).or_else(|| fields.iter().find(titled))?;
        Some((Arc::clone(field), piece.to_owned()))
    }
}
