//! What remarks beside the endpoints say of all records of a collection: which is the default one, which lapse by themselves.

use super::sentences;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::machine::sayings::said_status;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, Free, Heir, Lapse};
use crate::behavior::enumeration::Item;
use crate::behavior::inputs::rule;
use crate::behavior::{Confidence, Evidence, StatusValue, account};
use crate::lexicon::{Operation, label_head};
use crate::source::FileId;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    /// The flag that one record of somebody's has at a time: the default one's; where an endpoint gives it to another, that of the
    /// one in use, too, whatever it is called.
    pub(in crate::behavior::collection) fn one_at_a_time(
        &self,
        group: &Group,
        collection: &Collection,
        switches: bool,
    ) -> Option<Arc<str>> {
        let lexicon = self.lexicon;
        let flags = || {
            collection
                .fields
                .iter()
                .filter(|field| crate::behavior::collection::items::example_forms::is_flag(&field.example))
        };
        let usual = flags().find(|field| lexicon.is_named("default-flag", &field.key));
        // `mr=0#是否默认 1是 0否`, `"mr": "1" // 1默认 0否`: under whatever name, its label says so.
        let is_default = |words: &str| lexicon.is_nothing_but("default-flag", label_head(words));
        let of_input = |key: &str| {
            let inputs = group.endpoints.iter().flat_map(|at| &self.inputs[*at]);
            inputs.filter(|input| *input.name == *key).any(|input| is_default(&input.label))
        };
        let labelled = || {
            flags().find(|field| {
                let items = account::enumerated(&field.words, &field.example, lexicon);
                let yes = |item: &&Item| matches!(item.value.as_str(), "1" | "true" | "Y" | "y");
                // `1是 默认0` tells which counts where none is sent.
                let counts = |item: &Item| item.words.ends_with(|c: char| c.is_ascii_digit());
                is_default(&field.words)
                    || items.iter().find(yes).is_some_and(|item| is_default(&item.words) && !counts(item))
                    || of_input(&field.key)
            })
        };
        let usual = usual.or_else(labelled);
        let named = || flags().find(|field| lexicon.is_named("one-at-a-time", &field.key));
        let said = || {
            flags().find(|field| {
                ["default-flag", "one-at-a-time"].iter().any(|topic| lexicon.speaks_of(topic, &field.words))
            })
        };
        let found = usual.or_else(|| if switches { named().or_else(said) } else { None });
        found.map(|field| Arc::clone(&field.key))
    }

    /// `第一个地址自动成为默认`, `删掉默认地址的话，剩下里面最新添加的那个变成默认`
    pub(in crate::behavior::collection) fn tell_default(&self, group: &Group, collection: &mut Collection) {
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

    /// What stands before the word that says that something comes about by itself, and what after it. In languages that put
    /// it last all of it is both.
    fn automatic<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let mut words = self.lexicon.rules().deeds.automatic.iter();
        let (before, after) = words.find_map(|word| text.split_once(word.as_str()))?;
        Some(if text.is_ascii() { (text, text) } else { (before, after) })
    }

    /// `免费场次（price=0）提交后直接就是待入场`: what costs nothing is paid for already.
    pub(in crate::behavior::collection) fn tell_free(&self, group: &Group, collection: &mut Collection) {
        let paid = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Transition).find_map(|at| {
            let (name, _) = self.lexicon.verbs().verb(&self.endpoint(*at).title, &self.nouns[*at].words)?;
            self.movement(*at, collection).filter(|_| name == "pay")
        });
        let Some(paid) = paid else { return };
        let Some(machine) = collection.machine(&paid.field) else { return };
        let Some(to) = machine.known(&paid.to) else { return };
        let files: BTreeSet<FileId> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let notes = self.said.on("costs-nothing");
        let notes = notes.iter().map(|at| &self.prose[*at]).filter(|note| files.contains(&note.place.file));
        let says = |text: &&str| {
            let others =
                machine.values.iter().filter(|value| value.value != to.value && value.value != machine.initial);
            self.lexicon.speaks_of("costs-nothing", text)
                && names(text, to, self.lexicon)
                && !others.clone().any(|value| names(text, value, self.lexicon))
        };
        if let Some((note, _)) =
            notes.flat_map(|note| sentences(&note.text).map(move |text| (note, text))).find(|(_, text)| says(text))
        {
            let because = Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely);
            collection.free = Some(Free { field: paid.field.clone(), to: to.value.clone(), because });
        }
    }

    /// `下单后30分钟没付款系统自动取消`
    pub(in crate::behavior::collection) fn tell_lapse(&self, group: &Group, collection: &mut Collection) {
        let files: BTreeSet<FileId> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let notes = self.said.on("lapses");
        let notes = notes.iter().map(|at| &self.prose[*at]).filter(|note| files.contains(&note.place.file));
        let said = notes.flat_map(|note| sentences(&note.text).map(|text| (text, note.place)));
        collection.lapse = said.filter(|(text, _)| self.lexicon.speaks_of("lapses", text)).find_map(|(text, place)| {
            let after = rule::time_span(text, &self.lexicon.rules().times)?;
            let (before, deed) = self.automatic(text)?;
            // A passcode and a token lapse as well, and are no records.
            let secret = self.lexicon.subjects_in(text).any(|(subject, _)| matches!(subject, "passcode" | "token"));
            let verb = self.lexicon.verbs().verb(deed, &[]).map(|(_, verb)| verb);
            collection.machines.iter().filter(|machine| machine.values.len() > 2 && !secret).find_map(|machine| {
                let led = |value: &&StatusValue| {
                    let head = label_head(&value.words).to_lowercase();
                    verb.is_some_and(|verb| verb.leads.contains(&head))
                };
                let told = said_status(deed, machine, self.lexicon);
                let to = told.or_else(|| machine.values.iter().find(led))?;
                let named = machine.values.iter().find(|value| *value != to && names(before, value, self.lexicon));
                let titled = || group.titles.iter().any(|title| before.contains(title.as_str()));
                // What is left is what was made: other statuses have begun at times that no record keeps.
                let left = self.lexicon.speaks_of("left-alone", before) || titled();
                let from = named.map_or(&machine.initial, |value| &value.value);
                // `下单后 7 天自动确认收货` speaks of what was paid and sent meanwhile.
                let ends = self.lexicon.is_nothing_but("undone-status", label_head(&to.words));
                let is_left = named.is_some() || (left && ends);
                (*from != to.value && *from == machine.initial && is_left).then(|| Lapse {
                    field: Arc::clone(&machine.field),
                    from: from.clone(),
                    to: to.value.clone(),
                    after,
                    gives_back: Vec::new(),
                    returns: None,
                    frees: Vec::new(),
                    because: Evidence::new(format!("`{text}`"), place, Confidence::Likely),
                })
            })
        });
    }
}
