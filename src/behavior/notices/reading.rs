//! Messages that are read by opening them: `打开详情即标记为已读`, or an example that shows one unread in the list and read in
//! its detail.

use crate::behavior::choose::Subject;
use crate::behavior::collection::items::example_forms::is_flag;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::failure::Failure;
use crate::behavior::records::Records;
use crate::behavior::{Action, Effect};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation};
use std::sync::Arc;

/// The field of a record that says whether it has been read.
pub(in crate::behavior) fn read_flag<'c>(records: &'c Collection, lexicon: &Lexicon) -> Option<&'c ItemField> {
    let flags = || records.fields.iter().filter(|field| is_flag(&field.example));
    let named = flags().find(|field| lexicon.is_named("read-flag", &field.key));
    // `yd 0未读 1已读`
    named.or_else(|| {
        flags().find(|field| {
            let machine = records.machine(&field.key).filter(|machine| machine.values.len() == 2);
            machine.is_some_and(|machine| {
                machine.values.iter().any(|value| lexicon.speaks_of("unread-first", &value.words))
            })
        })
    })
}

impl Collection {
    /// Of what is everybody's each reader has read something else: the flag, and its value then.
    pub fn marked_by_readers(&self) -> Option<(&Arc<str>, &Json)> {
        let shared = !self.owned && !self.private && self.relation.is_none() && self.recipient.is_none();
        self.read_flag.as_ref().filter(|_| shared).map(|(flag, read)| (flag, read))
    }

    /// Finds what says that a record has been read.
    pub(in crate::behavior) fn find_read_flag(&mut self, lexicon: &Lexicon) {
        let Some(flag) = read_flag(self, lexicon) else { return };
        let unread = |words: &str| lexicon.speaks_of("unread-first", words);
        let told = self.machine(&flag.key).and_then(|machine| {
            let told = machine.values.iter().any(|value| unread(&value.words));
            machine.values.iter().find(|value| told && !unread(&value.words)).map(|value| value.value.clone())
        });
        let read = told.unwrap_or_else(|| flag.example.in_form("1"));
        self.read_flag = Some((Arc::clone(&flag.key), read));
    }
}

impl Records<'_> {
    /// Whether a relation ties once and for good: a remark says so, or a failure that it is tied already, where one success is
    /// all that is shown.
    pub(in crate::behavior) fn is_once(&self, relation: &str) -> bool {
        let lexicon = self.gathering.lexicon;
        let told =
            || remarks(self.gathering.prose, self.endpoint()).any(|note| lexicon.speaks_of("tied-once", &note.text));
        told() || (self.endpoint().successes().count() < 2 && self.tied_already(relation).is_some())
    }

    /// The failure of a table for all that says that nobody is tied to themselves: `不能关注自己`; none where the endpoint has its own.
    pub(in crate::behavior) fn oneself_shared(&self, relation: &str) -> Option<Failure> {
        let verbs = self.gathering.lexicon.verbs();
        let oneself = |failure: &&Failure| failure.classes.first() == Some(&Class::Oneself);
        let named = |failure: &&Failure| {
            verbs.relation(&failure.message, &[]).is_some_and(|(name, _, off)| name == relation && !off)
        };
        let records = self.on.map(|on| &self.collections[on.collection]);
        let undone = records.and_then(|records| self.tying(records)) == Some(crate::behavior::Tying::Untie);
        if undone || self.operation() == Operation::Delete || self.failures().iter().any(|failure| oneself(&failure)) {
            return None;
        }
        let mut shared = self.gathering.chooser.shared(self.at, Subject::None);
        shared.find(|failure| oneself(failure) && named(failure)).cloned()
    }

    /// The failure, the endpoint's own or of a table for all, that says that the caller is tied already: `您已经点过赞了`.
    pub(in crate::behavior) fn tied_already(&self, relation: &str) -> Option<Failure> {
        let verbs = self.gathering.lexicon.verbs();
        let refuses = |failure: &&Failure| {
            let bare = self.gathering.lexicon.without_past(&failure.message);
            let named = verbs.relation(&bare, &[]).is_some_and(|(name, _, off)| name == relation && !off);
            failure.classes.first() == Some(&Class::Exists) && named
        };
        // `您已报名` says so in the words of a status; `报名已结束` speaks of another thing.
        let says_already = |failure: &&Failure| {
            let lexicon = self.gathering.lexicon;
            let rest = lexicon.after("already-word", failure.says()).and_then(|end| failure.says().get(end..));
            let named = rest.and_then(|rest| verbs.relation(&lexicon.without_past(rest), &[]));
            let state = matches!(failure.classes.first(), None | Some(Class::WrongState | Class::TooFrequent));
            state && named.is_some_and(|(name, _, off)| name == relation && !off)
        };
        let own = self.failures().iter().find(refuses).or_else(|| self.failures().iter().find(says_already));
        let shared = || self.gathering.chooser.shared(self.at, Subject::None);
        own.or_else(|| shared().find(refuses)).or_else(|| shared().find(says_already)).cloned()
    }

    /// What marking a record as read makes of it where nothing explains the values of its flag.
    pub(in crate::behavior) fn marked_as_read(&self) -> Option<Effect> {
        let lexicon = self.gathering.lexicon;
        let on = self.on?;
        let nouns = &self.gathering.nouns[self.at];
        let (verb, _) = lexicon.verbs().verb(&self.endpoint().title, &nouns.words)?;
        let flag = read_flag(&self.collections[on.collection], lexicon).filter(|_| verb == "read")?;
        let action = Action::MoveRecords {
            collection: on.collection,
            id: on.id.clone(),
            field: Arc::clone(&flag.key),
            from: Vec::new(),
            to: flag.example.in_form("1"),
            cases: Vec::new(),
            stamps: Vec::new(),
        };
        Some(Effect { action, because: self.because("it is marked as read") })
    }

    /// What looking at a record makes of it.
    pub(in crate::behavior) fn read_by_opening(&self) -> Option<Effect> {
        let lexicon = self.gathering.lexicon;
        let on = self.on.filter(|_| self.operation() == Operation::Detail)?;
        let flag = read_flag(&self.collections[on.collection], lexicon)?;
        let yes = flag.example.in_form("1");
        let told = remarks(self.gathering.prose, self.endpoint())
            .find(|note| lexicon.speaks_of("read-by-opening", &note.text));
        let shown = || {
            let seeds = &self.collections[on.collection].seeds;
            let unread = seeds.iter().any(|seed| seed.fields.get(&flag.key).is_some_and(|value| *value != yes));
            let envelope = self.gathering.set.envelope(self.endpoint());
            let mut items =
                self.endpoint().successes().filter_map(|example| match shape::of_example(envelope, example, lexicon) {
                    Shown::Item { path } => example.value.at(&path)?.get(&flag.key),
                    _ => None,
                });
            unread && items.any(|shown| *shown == yes)
        };
        if told.is_none() && !shown() {
            return None;
        }
        let because =
            told.map_or_else(|| "it shows as read what the list shows as unread".to_owned(), |note| note.text.clone());
        let action = Action::MoveRecords {
            collection: on.collection,
            id: Some(on.id.clone()?),
            field: Arc::clone(&flag.key),
            from: Vec::new(),
            to: yes,
            cases: Vec::new(),
            stamps: Vec::new(),
        };
        Some(Effect { action, because: self.because(because) })
    }
}
