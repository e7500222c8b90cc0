//! What somebody has taken is not there for others: `预订成功场次就占住了，取消了放出来`, said above the blocks of all deeds.
//!
//! In: lines that name the thing and say which deed takes it or sets it free. Out: the status that the thing has after the deed.

use super::parties::{is_called, turned_in};
use crate::behavior::collection::Collection;
use crate::behavior::collection::prose::sentences;
use crate::behavior::operation::titles::bare;
use crate::behavior::records::Records;
use crate::behavior::{Confidence, Evidence, Machine};
use crate::json::Json;
use crate::lexicon::Operation;

/// So many signs of a title name its deed: 取消 of 取消预订.
const DEED: usize = 2;

impl Records<'_> {
    pub(in crate::behavior) fn held_on_page(&self, known: &Collection, machine: &Machine) -> Option<(Json, Evidence)> {
        let gathering = self.gathering;
        let lexicon = gathering.lexicon;
        let title = bare(&self.endpoint().title);
        let deed: String = title.chars().take(DEED).collect();
        let takes = match self.operation() {
            Operation::Create | Operation::Save => true,
            Operation::Transition | Operation::Delete => false,
            _ => return None,
        };
        let topic = if takes { "takes-hold" } else { "sets-free" };
        let lines = gathering.said.on(topic);
        let page = lines.iter().map(|at| &gathering.prose[*at]).filter(|note| {
            note.place.file == self.endpoint().place.file
                && gathering.said.stands_at(gathering.set, note.place).is_none()
                && is_called(known, &note.text)
        });
        let ready = || self.ready(machine);
        let mut clauses = page.flat_map(|note| {
            let parts = sentences(&note.text).flat_map(|text| text.split([',', '，']));
            parts.map(move |clause| (clause.trim(), note.place))
        });
        clauses.find_map(|(clause, place)| {
            let says = deed.chars().count() == DEED
                && clause.to_lowercase().contains(&deed.to_lowercase())
                && lexicon.speaks_of(topic, clause)
                && !lexicon.speaks_of("denied", clause);
            let named = || Some(turned_in(clause, machine, known, lexicon)?.value.clone());
            // Of two statuses the one in which it can be had, and the other.
            let other = || {
                let ready = ready().filter(|_| machine.values.len() == 2)?;
                machine.values.iter().map(|value| &value.value).find(|value| **value != ready).cloned()
            };
            let to = if !says {
                None
            } else if takes {
                named().filter(|to| Some(to) != ready().as_ref()).or_else(other)
            } else {
                ready()
            };
            Some((to?, Evidence::new(format!("`{clause}`"), place, Confidence::Likely)))
        })
    }
}
