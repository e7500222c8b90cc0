//! Changing a record puts it into a status: into the one from which it is looked at anew.
//!
//! In: an endpoint that changes a record, and what is said of it. Out: a move of the status. `改完重新变成待审核`,
//! `已驳回的修改后回到待审核`, `编辑后需要重新审核`, `修改成功，请等待审核`.

use super::Records;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::machine::sayings::said_status;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, RecordId};
use crate::behavior::{Action, Confidence, Effect, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::label_head;
use crate::source::Place;

impl Records<'_> {
    /// The status that a record has after it was changed, where something is said of that.
    pub(in crate::behavior) fn put_back(
        &self,
        collection: usize,
        records: &Collection,
        id: &RecordId,
    ) -> Option<Effect> {
        let unsent = |machine: &&Machine| !self.gathering.is_sent(self.at, &machine.field) && !self.sends(machine);
        records.machines.iter().filter(unsent).find_map(|machine| {
            let (from, to, because) = self.told_back(machine).or_else(|| self.reviewed_anew(machine))?;
            let action = Action::MoveRecords {
                collection,
                id: Some(id.clone()),
                field: machine.field.clone(),
                from,
                to: to.value.clone(),
                cases: Vec::new(),
                stamps: Vec::new(),
            };
            Some(Effect { action, because })
        })
    }

    fn sends(&self, machine: &Machine) -> bool {
        self.inputs()
            .iter()
            .any(|input| crate::lexicon::compact(&input.name) == crate::lexicon::compact(&machine.field))
    }

    /// `改完重新变成待审核`: what a clause says that the change makes of it, and out of which statuses.
    fn told_back<'m>(&self, machine: &'m Machine) -> Option<(Vec<Json>, &'m StatusValue, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let mut notes = remarks(self.gathering.prose, self.endpoint());
        notes.find_map(|note| {
            let mut before = "";
            sentences(&note.text).find_map(|clause| {
                let (left, right) = clause.split_at(lexicon.after("becomes", clause)?);
                let last = std::mem::replace(&mut before, clause);
                let alters = |text: &str| lexicon.speaks_of("altering", text) && !lexicon.speaks_of("denied", text);
                // `改了标题，状态变为待审核`
                let deed = alters(left) || (alters(last) && lexicon.speaks_of("status-word", left));
                let to = said_status(right, machine, lexicon).filter(|_| deed && !self.is_denied(clause))?;
                let from = machine.values.iter().filter(|value| names(left, value, lexicon));
                let because = Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely);
                Some((from.map(|value| value.value.clone()).collect(), to, because))
            })
        })
    }

    /// `编辑后需要重新审核`, `修改成功，请等待审核` of what waits for a review when it is made.
    fn reviewed_anew<'m>(&self, machine: &'m Machine) -> Option<(Vec<Json>, &'m StatusValue, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let waits = |value: &&StatusValue| {
            let head = label_head(&value.words);
            value.value == machine.initial && lexicon.is_due(head) && lexicon.speaks_of("reviewing", head)
        };
        let to = machine.values.iter().find(waits)?;
        let told = |text: &str, place: Place| {
            Some((Vec::new(), to, Evidence::new(format!("`{text}`"), place, Confidence::Likely)))
        };
        let anew = |text: &str| lexicon.speaks_of("reviewed-anew", text) && !self.is_denied(text);
        let mut notes = remarks(self.gathering.prose, self.endpoint());
        if let Some(note) = notes.find(|note| sentences(&note.text).any(anew)) {
            return told(&note.text, note.place);
        }
        let envelope = self.gathering.set.envelope(self.endpoint());
        self.endpoint().successes().find_map(|example| {
            let (_, message) = envelope.message_of(&example.value)?;
            let waits = lexicon.speaks_of("review", message) && !self.is_denied(message);
            if waits { told(message, example.place) } else { None }
        })
    }

    fn is_denied(&self, text: &str) -> bool {
        self.gathering.lexicon.speaks_of("need-not", text)
    }
}
