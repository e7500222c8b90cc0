//! Groups that people join by a code that was drawn for them: a class, a family, a team. Joining takes what founding one answers.
//!
//! In: what endpoints take and answer. Out: which of them join, leave, put out, let in, and list who is in; they are about the tie
//! between a person and the group, and not about the group.

use super::people::are_members;
use crate::behavior::account::others;
use crate::behavior::collection::items::gather::is_mine;
use crate::behavior::collection::items::shape::is_id;
use crate::behavior::collection::nouns::noun::{Nouns, id_stem};
use crate::behavior::operation::is_data;
use crate::behavior::{Confidence, Evidence, Input};
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::DocSet;
use std::collections::HashMap;
use std::sync::Arc;

/// What an endpoint does with the tie. Numbers are inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::behavior) enum Part {
    /// By the code.
    Join(usize),
    Leave,
    /// Puts out whom an input names.
    Out(usize),
    /// Lets in, or turns away, what an input names.
    Admit(usize),
    List,
}

#[derive(Default)]
pub(in crate::behavior) struct Invitations {
    pub(in crate::behavior) parts: HashMap<usize, Part>,
    /// The relation, as the lexicon calls it.
    pub(in crate::behavior) relation: String,
}

pub(in crate::behavior) struct Inviting<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
}

impl Inviting<'_> {
    /// What they do, where anything is joined so. `shown` is asked only then.
    pub(in crate::behavior) fn find(
        &self,
        operations: &[Operation],
        shown: &dyn Fn() -> Vec<Vec<Arc<str>>>,
    ) -> Option<Invitations> {
        let mut joins = (0..operations.len()).filter_map(|at| Some((at, self.code(at, operations[at])?))).peekable();
        joins.peek()?;
        let shown = shown();
        let mut makers: HashMap<String, usize> = HashMap::new();
        for at in (0..operations.len()).filter(|at| matches!(operations[*at], Operation::Create | Operation::Save)) {
            let drawn = shown[at].iter().filter(|key| self.lexicon.is_named("made-code", key) && !self.takes(at, key));
            drawn.for_each(|key| _ = makers.entry(compact(key)).or_insert(at));
        }
        let made = |at: usize, code: usize| makers.get(&compact(&self.inputs[at][code].name)).copied();
        let (first, code, maker) =
            joins.find_map(|(at, code)| Some((at, code, made(at, code).filter(|m| *m != at)?)))?;
        let noun = self.nouns[maker].path.as_str();
        let mut verbs = self.lexicon.verbs().relations();
        let relation = verbs.find(|(_, known)| known.of_many).map(|(name, _)| name.to_owned())?;
        // Where others things are joined by their ids, too, it is not told which tie is which.
        let is_other = |at: usize| {
            let ties = operations[at] == Operation::Toggle && self.relation_of(at) == Some(relation.as_str());
            ties && at != first && self.group_id(at, noun).is_none()
        };
        if noun.is_empty() || (0..operations.len()).any(is_other) {
            return None;
        }
        let answered = shown[first]
            .iter()
            .find(|key| is_id(key) && !self.takes(first, key) && id_stem(key).is_none_or(|stem| stem != noun));
        let mut parts = HashMap::from([(first, Part::Join(code))]);
        for at in (0..operations.len()).filter(|at| *at != first && *at != maker) {
            let part = match operations[at] {
                Operation::List => self.lists(at, noun, &shown[at], answered).then_some(Part::List),
                Operation::Detail | Operation::Count => None,
                operation if operation.is_on_records() || operation == Operation::Answer => {
                    self.deed(at, noun, answered)
                }
                _ => None,
            };
            parts.extend(part.map(|part| (at, part)));
        }
        Some(Invitations { parts, relation })
    }

    /// What joins and leaves ties and unties, what lets in changes the tie.
    pub(in crate::behavior) fn settle(
        &self,
        found: &Invitations,
        operations: &mut [(Operation, Evidence)],
        told: &dyn Fn(usize) -> bool,
    ) {
        for (at, part) in found.parts.iter().filter(|(at, _)| !told(**at)) {
            let (operation, because) = match part {
                Part::Join(_) => (Operation::Toggle, "it takes the code that was drawn for a group"),
                Part::Leave => (Operation::Toggle, "it leaves what is joined by a code"),
                Part::Out(_) => (Operation::Toggle, "it puts somebody out of what is joined by a code"),
                Part::Admit(_) => (Operation::Update, "it takes what joining answers"),
                Part::List => continue,
            };
            let endpoint = &self.set.endpoints[*at];
            let place = endpoint.title_place.unwrap_or(endpoint.place);
            operations[*at] = (operation, Evidence::new(because, place, Confidence::Likely));
        }
    }

    /// The one thing that is sent to join: `invite_code`.
    fn code(&self, at: usize, operation: Operation) -> Option<usize> {
        let fits = operation.is_on_records() || operation == Operation::Answer;
        if !fits || matches!(operation, Operation::List | Operation::Count) {
            return None;
        }
        let inputs = &self.inputs[at];
        let mut sent = (0..inputs.len()).filter(|input| inputs[*input].required && is_data(&inputs[*input]));
        let code = sent.next().filter(|_| sent.next().is_none())?;
        let is_code = self.lexicon.is_named("made-code", &inputs[code].name);
        let joins = || {
            let relation = self.lexicon.verbs().relation(&self.set.endpoints[at].title, &self.nouns[at].words);
            relation.is_some_and(|(_, known, undone)| known.of_many && !undone)
                || self.lexicon.speaks_of("joins-group", &self.set.endpoints[at].title)
        };
        (is_code && joins()).then_some(code)
    }

    fn takes(&self, at: usize, key: &str) -> bool {
        self.inputs[at].iter().any(|input| compact(&input.name) == compact(key))
    }

    fn relation_of(&self, at: usize) -> Option<&str> {
        let found = self.lexicon.verbs().relation(&self.set.endpoints[at].title, &self.nouns[at].words);
        found.map(|(name, ..)| name)
    }

    /// The input that names the group.
    fn group_id(&self, at: usize, noun: &str) -> Option<usize> {
        let bare = |input: &Input| compact(&input.name) == "id" && self.nouns[at].path == noun;
        let named = |input: &Input| id_stem(&input.name).is_some_and(|stem| stem == noun) || bare(input);
        self.inputs[at].iter().position(|input| is_data(input) && named(input))
    }

    fn deed(&self, at: usize, noun: &str, answered: Option<&Arc<str>>) -> Option<Part> {
        let (endpoint, lexicon) = (&self.set.endpoints[at], self.lexicon);
        let says = |topic: &str, path: &str| {
            let by_path = || self.nouns[at].words.iter().any(|word| lexicon.is_named(path, word));
            lexicon.speaks_of(topic, &endpoint.title) || by_path()
        };
        let inputs = &self.inputs[at];
        let admitted = answered.and_then(|key| inputs.iter().position(|input| compact(&input.name) == compact(key)));
        if let Some(input) = admitted {
            let decides = inputs.iter().any(|input| input.word == Role::Status);
            return decides.then_some(Part::Admit(input));
        }
        self.group_id(at, noun)?;
        let somebody = inputs.iter().position(|input| others::names_account(input, lexicon));
        match somebody {
            Some(input) if says("puts-out", "puts-out-path") => Some(Part::Out(input)),
            None if says("leaves-group", "leaves-group-path") => Some(Part::Leave),
            _ => None,
        }
    }

    /// Whether a list has ties: who wants in, who is in, what the caller is in.
    fn lists(&self, at: usize, noun: &str, shown: &[Arc<str>], answered: Option<&Arc<str>>) -> bool {
        let (endpoint, lexicon) = (&self.set.endpoints[at], self.lexicon);
        if is_mine(endpoint, lexicon) {
            return self.nouns[at].path == noun && !lexicon.speaks_of("made-by-me", &endpoint.title);
        }
        let is_answered = |key: &str| answered.is_some_and(|answered| compact(answered) == compact(key));
        let by_title = || {
            lexicon.speaks_of("roster", &endpoint.title)
                || self.nouns[at].words.iter().any(|word| lexicon.is_named("roster", word))
        };
        let rest = shown.iter().map(|key| &**key).filter(|key| !is_answered(key));
        let is_status = |key: &str| lexicon.role(key, "").is_some_and(|(role, _)| role == Role::Status);
        let wants_in = shown.iter().any(|key| is_answered(key));
        self.group_id(at, noun).is_some() && (wants_in || by_title()) && are_members(rest, &is_status, lexicon)
    }
}
