//! Which statuses a verb may leave: as remarks beside its endpoint say, as lists of what a status allows say, as its failures say,
//! else as the trade knows of the verb.

use super::moves::{names, says, sentences};
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose;
use crate::behavior::failure::Failure;
use crate::behavior::{Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Verb, compact, label_head};

impl Gathering<'_> {
    /// `进行中变成待确认` beside an endpoint: the statuses that it says turn into the one that the deed leads to.
    pub(in crate::behavior::collection) fn sources_turned(
        &self,
        at: usize,
        machine: &Machine,
        to: &StatusValue,
    ) -> Vec<Json> {
        let notes = prose::remarks(self.prose, &self.set.endpoints[at]);
        let mut turned = notes.flat_map(|note| sentences(&note.text)).filter_map(|clause| {
            let (end, start) = (self.lexicon.after("turns", clause)?, self.lexicon.before("turns", clause)?);
            let (before, after) = (clause.get(..start)?, clause.get(end..)?);
            let named = |text: &str| -> Vec<&StatusValue> {
                machine.values.iter().filter(|value| names(text, value, self.lexicon)).collect()
            };
            let (from, into) = (named(before), named(after));
            let fits = matches!(into[..], [only] if only.value == to.value);
            (fits && !from.is_empty()).then(|| from.into_iter().map(|value| value.value.clone()).collect())
        });
        turned.next().unwrap_or_default()
    }

    /// `state==0 付款、取消`, `* 30 可以确认收货`, `| 1 | 待就诊 | 签到、取消 |`: which deeds a status allows.
    pub(in crate::behavior::collection) fn sources_told(&self, at: usize, verb: &str, machine: &Machine) -> Vec<Json> {
        let endpoint = &self.set.endpoints[at];
        let notes = endpoint.notes.iter().chain(self.lines_around(endpoint));
        let mut from = Vec::new();
        for note in notes {
            let rest = match note.text.split_once("==") {
                Some((name, rest)) if compact(name) == compact(&machine.field) => rest.trim_start_matches('='),
                Some(_) => continue,
                None => note.text.trim_start_matches(['|', '*', '-', '"', ' ']),
            };
            let rest = rest.trim_start();
            let value: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
            let known = machine.values.iter().find(|known| known.value.scalar_text() == Some(value.as_str()));
            let Some(known) = known else { continue };
            let mut rest = &rest[value.len()..];
            // Before the deeds a row has what the value is called; a bare line says that they are allowed.
            if let Some((called, deeds)) = rest.trim().trim_matches('|').rsplit_once('|') {
                if !names(called, known, self.lexicon) {
                    continue;
                }
                rest = deeds;
            } else if !note.text.contains("==") && !self.lexicon.allows(rest) {
                continue;
            }
            let deeds = rest.split(['、', '，', ',', '/', ' ', ':', '：', ';', '；', '(', '（']);
            let allows = deeds.map(str::trim).any(|deed| self.is_deed(at, verb, deed));
            if allows && !from.contains(&known.value) {
                from.push(known.value.clone());
            }
        }
        from
    }

    /// `只有待发货的订单可以退款` beside an endpoint, `已签收后可以评价` anywhere: statuses in words, and a deed that they allow.
    pub(in crate::behavior::collection) fn sources_remarked(
        &self,
        at: usize,
        verb: &str,
        machine: &Machine,
        to: &StatusValue,
    ) -> Vec<Json> {
        let endpoint = &self.set.endpoints[at];
        let lexicon = self.lexicon;
        let others = || machine.values.iter().filter(|value| value.value != to.value);
        let named = |sentence: &str| -> Vec<Json> {
            others().filter(|value| names(sentence, value, lexicon)).map(|value| value.value.clone()).collect()
        };
        let own = prose::remarks(self.prose, endpoint).flat_map(|note| sentences(&note.text));
        let mut only = own.filter(|text| lexicon.speaks_of("only-from", text));
        if let Some(from) = only.find_map(|text| Some(named(text)).filter(|from| !from.is_empty())) {
            return from;
        }
        let notes = self.lines_around(endpoint);
        let allowed = |text: &&str| {
            let deed = lexicon.granted(text).filter(|_| !lexicon.speaks_of("denial-of-deed", text));
            deed.is_some_and(|deed| {
                // A verb that no list knows is called as the title calls it.
                let named = |known: &str| known == verb || verb.contains(deed.trim());
                lexicon.verbs().verb(deed, &[]).map_or_else(|| named(""), |(known, _)| named(known))
            })
        };
        let mut from = Vec::new();
        for value in notes.flat_map(|note| sentences(&note.text)).filter(allowed).flat_map(named) {
            if !from.contains(&value) {
                from.push(value);
            }
        }
        from
    }
}

/// Failures that say in which statuses something cannot be done.
fn refusals(failures: &[Failure]) -> impl Iterator<Item = &Failure> {
    let refuses =
        |class: &Class| matches!(class, Class::WrongState | Class::ForbiddenStatus | Class::Failed | Class::Malformed);
    failures.iter().filter(move |failure| failure.classes.iter().any(refuses))
}

/// The statuses that a failure says are the only ones to leave, and that it says so.
pub(in crate::behavior::collection) fn only_from(
    machine: &Machine,
    to: &StatusValue,
    failures: &[Failure],
    lexicon: &Lexicon,
) -> (Vec<Json>, String) {
    let mut told = refusals(failures).filter(|failure| lexicon.speaks_of("only-from", failure.says()));
    let found = told.find_map(|failure| {
        let named = machine.values.iter().filter(|value| value.value != to.value);
        let named = named.filter(|value| names(&failure.message, value, lexicon));
        let named: Vec<Json> = named.map(|value| value.value.clone()).collect();
        (!named.is_empty()).then(|| (named, format!(", from where `{}` says", failure.message)))
    });
    found.unwrap_or_default()
}

/// The statuses that a verb may leave, and what tells.
pub(in crate::behavior::collection) fn sources(
    verb: &Verb,
    machine: &Machine,
    to: &StatusValue,
    failures: &[Failure],
    lexicon: &Lexicon,
) -> (Vec<Json>, String) {
    let others: Vec<&StatusValue> = machine.values.iter().filter(|value| value.value != to.value).collect();
    let refusals: Vec<&Failure> = refusals(failures).collect();
    let (named, why) = only_from(machine, to, failures, lexicon);
    if !named.is_empty() {
        return (named, why);
    }
    // `对方还没有送达` asks for 已送达.
    for failure in failures.iter().filter(|failure| lexicon.speaks_of("not-come-about", failure.says())) {
        let named = others.iter().find(|value| {
            let head = label_head(&value.words);
            let stem = lexicon.without_done(head);
            stem != head && stem.chars().count() > 1 && failure.message.ends_with(stem)
        });
        if let Some(value) = named {
            return (vec![value.value.clone()], format!(", from where `{}` says", failure.message));
        }
    }
    let listed = |value: &StatusValue| {
        let head = label_head(&value.words).to_lowercase();
        verb.leaves.contains(&head)
    };
    let listed_in = |value: &StatusValue| {
        let head = label_head(&value.words).to_lowercase();
        verb.leaves.iter().any(|word| says(&head, word, lexicon))
    };
    let mut from: Vec<&StatusValue> = others.iter().filter(|value| listed(value)).copied().collect();
    if from.is_empty() {
        from = others.iter().filter(|value| listed_in(value)).copied().collect();
    }
    let blocked = |value: &StatusValue| refusals.iter().any(|failure| names(&failure.message, value, lexicon));
    if from.is_empty() {
        let position = machine.values.iter().position(|value| value.value == to.value).unwrap_or(0);
        let before = if verb.aside || position == 0 {
            machine.values.iter().find(|value| value.value == machine.initial)
        } else {
            machine.values.get(position - 1)
        };
        from = before.into_iter().filter(|value| value.value != to.value).collect();
        // Of two the other is left.
        if let ([other], true) = (&others[..], from.is_empty()) {
            from = vec![other];
        }
    }
    if from.iter().any(|value| !blocked(value)) {
        from.retain(|value| !blocked(value));
    }
    (from.into_iter().map(|value| value.value.clone()).collect(), String::new())
}
