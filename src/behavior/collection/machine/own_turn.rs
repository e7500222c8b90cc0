//! Where an endpoint leads whose title no status is called by, as its own remarks say: `寄养中才能接，接走后变待评价`, `归档之后 archived 变 1`.

use super::may_leave::sources;
use super::moves::{Move, names};
use super::sayings::said_status;
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose;
use crate::behavior::operation::said_moves::{clauses, turning};
use crate::behavior::{Confidence, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Verb, compact, label_head};

impl Gathering<'_> {
    /// The move that the endpoint's own remarks tell of in the words of the statuses.
    pub(in crate::behavior::collection) fn own_turn(&self, at: usize, collection: &Collection) -> Option<Move> {
        let endpoint = self.endpoint(at);
        let verb = self.lexicon.verbs().verb(&endpoint.title, &self.nouns[at].words).map(|(name, _)| name);
        let sent = |machine: &&Machine| !self.is_sent(at, &machine.field);
        if let Some(told) = self.own_setting(at, collection) {
            return Some(told);
        }
        prose::remarks(self.prose, endpoint).find_map(|note| {
            collection.machines.iter().filter(sent).find_map(|machine| {
                let named = |text: &str| -> Vec<&StatusValue> {
                    machine.values.iter().filter(|value| names(text, value, self.lexicon)).collect()
                };
                let (before, to) = clauses(&note.text).find_map(|clause| {
                    let (before, after) = turning(clause, verb, self.lexicon)?;
                    Some((before, said_status(after, machine, self.lexicon)?))
                })?;
                let mut from = named(before);
                if from.is_empty() {
                    // `寄养中才能接` in another clause.
                    let mut allowed = clauses(&note.text).filter(|clause| {
                        self.lexicon.allows(clause) && !self.lexicon.speaks_of("denial-of-deed", clause)
                    });
                    from = allowed
                        .find_map(|clause| Some(named(clause)).filter(|found| !found.is_empty()))
                        .unwrap_or_default();
                }
                from.retain(|value| value.value != to.value);
                let mut from: Vec<Json> = from.into_iter().map(|value| value.value.clone()).collect();
                if from.is_empty() {
                    from = sources(&Verb::default(), machine, to, &self.chooser.catalog.own[at], self.lexicon).0;
                }
                Some(Move {
                    field: machine.field.clone(),
                    to: to.value.clone(),
                    from,
                    cases: Vec::new(),
                    again: false,
                    because: Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely),
                })
            })
        })
    }

    /// `归档之后 archived 变 1`, `操作成功后是否归档置为已归档`: a status that a remark calls by its name, and the value that it gets.
    fn own_setting(&self, at: usize, collection: &Collection) -> Option<Move> {
        let endpoint = self.endpoint(at);
        let sent = |machine: &&Machine| !self.is_sent(at, &machine.field);
        prose::remarks(self.prose, endpoint).find_map(|note| {
            clauses(&note.text).find_map(|clause| {
                let (before, after) = setting(clause, self.lexicon)?;
                let machine = collection.machines.iter().filter(sent).find(|machine| {
                    let label = collection.field(&machine.field).map_or("", |field| label_head(&field.words));
                    let called = label.chars().count() > 1 && before.ends_with(label);
                    called || compact(last_word(before)) == compact(&machine.field)
                })?;
                let is_it = |value: &&StatusValue| value.value.scalar_text() == Some(first_word(after));
                let to = machine.values.iter().find(is_it).or_else(|| said_status(after, machine, self.lexicon))?;
                let (from, _) = sources(&Verb::default(), machine, to, &self.chooser.catalog.own[at], self.lexicon);
                Some(Move {
                    field: machine.field.clone(),
                    to: to.value.clone(),
                    from,
                    cases: Vec::new(),
                    // Where no failure speaks of it, it stays set.
                    again: true,
                    because: Evidence::new(format!("`{}`", clause.trim()), note.place, Confidence::Likely),
                })
            })
        })
    }
}

/// What a clause says is set, and to what: `archived 变 1`, `把 archived 改成 1`, `archived=1`.
pub(in crate::behavior) fn setting<'t>(clause: &'t str, lexicon: &Lexicon) -> Option<(&'t str, &'t str)> {
    let denied = ["lapses", "denied", "denial-of-deed"].iter().any(|topic| lexicon.speaks_of(topic, clause));
    let word = || {
        let (start, end) = (lexicon.before("turns", clause)?, lexicon.after("turns", clause)?);
        Some((clause.get(..start)?, clause.get(end..)?))
    };
    let sign = || clause.split_once("==").or_else(|| clause.split_once(['=', '＝']));
    let (before, after) = word().or_else(sign).filter(|_| !denied)?;
    let blank = |c: char| c.is_whitespace() || matches!(c, '`' | '=' | '＝' | '"' | '“' | '”');
    Some((before.trim_end_matches(blank), after.trim_start_matches(blank)))
}

/// The name in Latin letters with which a text ends.
pub(in crate::behavior) fn last_word(text: &str) -> &str {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
    &text[text.rfind(|c| !is_sign(c)).map_or(0, |at| text.ceil_char_boundary(at + 1))..]
}

/// The value with which a text begins.
pub(in crate::behavior) fn first_word(text: &str) -> &str {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    &text[..text.find(|c| !is_sign(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_clause_sets() {
        let lexicon = Lexicon::standard();
        let set = |text: &str| {
            setting(text, &lexicon).map(|(before, after)| format!("{}:{}", last_word(before), first_word(after)))
        };
        assert_eq!(set("归档之后 archived 变 1").as_deref(), Some("archived:1"));
        assert_eq!(set("把 is_hidden 置为 1").as_deref(), Some("is_hidden:1"));
        assert_eq!(set("操作后 state=1").as_deref(), Some("state:1"));
        assert_eq!(set("state 不能改成 1"), None);
    }
}
