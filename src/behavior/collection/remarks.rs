//! What remarks beside the endpoints say of all records of a collection: which is the default one, which lapse by themselves.

use super::gather::Gathering;
use super::group::Group;
use super::moves::names;
use super::prose::sentences;
use super::{Collection, Heir, Lapse};
use crate::behavior::rule;
use crate::lexicon::label_head;
use crate::source::FileId;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    /// `第一个地址自动成为默认`, `删掉默认地址的话，剩下里面最新添加的那个变成默认`
    pub(super) fn tell_default(&self, group: &Group, collection: &mut Collection) {
        if collection.default_flag.is_none() {
            return;
        }
        let files: BTreeSet<FileId> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let firsts = self.said.on("first-default");
        let removals = self.said.on("default-removed");
        let lines: BTreeSet<usize> = firsts.iter().chain(&*removals).copied().collect();
        let notes = lines.into_iter().map(|at| &self.prose[at]);
        for note in notes.filter(|note| files.contains(&note.place.file)) {
            let says = |text: &str, topic: &str| self.lexicon.speaks_of(topic, text);
            for sentence in sentences(&note.text) {
                collection.first_is_default |= says(sentence, "first-default");
                if says(sentence, "default-removed") && says(sentence, "next-default") {
                    let oldest = says(sentence, "oldest");
                    collection.heir = Some(if oldest { Heir::Oldest } else { Heir::Newest });
                }
            }
        }
    }

    /// `下单后30分钟没付款系统自动取消`
    pub(super) fn tell_lapse(&self, group: &Group, collection: &mut Collection) {
        let files: BTreeSet<FileId> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let notes = self.said.on("lapses");
        let notes = notes.iter().map(|at| &self.prose[*at]).filter(|note| files.contains(&note.place.file));
        let said = notes.flat_map(|note| sentences(&note.text));
        collection.lapse = said.filter(|text| self.lexicon.speaks_of("lapses", text)).find_map(|text| {
            let after = rule::time_span(text, &self.lexicon.rules().times)?;
            let deed =
                self.lexicon.rules().deeds.automatic.iter().find_map(|word| Some(text.split_once(word.as_str())?.1))?;
            let (_, verb) = self.lexicon.verbs().verb(deed, &[])?;
            collection.machines.iter().filter(|machine| machine.values.len() > 2).find_map(|machine| {
                let to = machine
                    .values
                    .iter()
                    .find(|value| verb.leads.contains(&label_head(&value.words).to_lowercase()))?;
                let named = machine.values.iter().find(|value| *value != to && names(text, value, self.lexicon));
                let from = named.map_or(&machine.initial, |value| &value.value);
                (*from != to.value).then(|| Lapse {
                    field: Arc::clone(&machine.field),
                    from: from.clone(),
                    to: to.value.clone(),
                    after,
                    gives_back: Vec::new(),
                    returns: None,
                })
            })
        });
    }
}
