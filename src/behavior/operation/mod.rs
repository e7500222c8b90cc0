//! What an endpoint does, told by its title, its path, what its success says, and the roles of what it takes.

mod against;
pub(super) mod by_shape;
pub(super) mod deed_path;
pub(super) mod deeds;
pub(super) mod handed_out;
mod in_and_out;
mod line_number;
pub(super) mod neighbours;
pub(super) mod overrides;
pub(super) mod path_words;
mod rates;
pub(super) mod said_moves;
mod score;
pub(super) mod titles;

pub(super) use in_and_out::{is_data, makes_id, takes_own_id};

use super::collection::items::shape::{self, Shown};
use super::collection::machine::sayings;
use super::collection::nouns::noun::Nouns;
use super::failure::Failure;
use super::{Confidence, Evidence, Input};
use crate::lexicon::{Class, Lexicon, Operation, Role, Shows};
use crate::spec::{DocSet, Endpoint};
pub(super) use path_words::{path_of, split_words};
use score::{Scored, Texts};
use std::sync::Arc;

/// What an endpoint offers to judge by.
pub(super) struct Clues<'a> {
    pub(super) set: &'a DocSet,
    pub(super) endpoint: &'a Endpoint,
    pub(super) inputs: &'a [Input],
    pub(super) failures: &'a [Failure],
    pub(super) nouns: &'a Nouns,
    pub(super) shown: &'a Shown,
}

impl Clues<'_> {
    /// The names that the endpoint shows of a record.
    fn members(&self, lexicon: &Lexicon) -> Vec<Arc<str>> {
        shape::members_shown(self.set, self.endpoint, lexicon)
    }
}

/// What speaks for looking at a record where no word does.
const BARE: [&str; 2] = ["what its success shows", "it takes a record's id"];

/// Points from which an operation is held to be likely.
const ENOUGH: usize = 6;

pub(super) fn operation(clues: &Clues<'_>, lexicon: &Lexicon) -> (Operation, Evidence) {
    let texts = Texts::of(clues, lexicon);
    let mut best: Option<(usize, Scored)> = None;
    for words in lexicon.operations() {
        let Some(scored) = texts.score(words, clues, lexicon) else { continue };
        // What could be done to an account or to a record is done to the account.
        let outweighs = |points: usize, known: Operation| {
            let (new, old) = (scored.operation.is_on_records(), known.is_on_records());
            scored.points > points || (scored.points == points && old && !new)
        };
        if best.as_ref().is_none_or(|(points, known)| outweighs(*points, known.operation)) {
            best = Some((scored.points, scored));
        }
    }
    // `下架` under `book/delete` leaves nothing of it: a title's verb for a status yields to a path that says so.
    if let Some((points, scored)) = &mut best
        && scored.operation == Operation::Transition
        && !texts.says_in_path(Operation::Transition, lexicon)
        && texts.says_in_path(Operation::Delete, lexicon)
    {
        scored.operation = Operation::Delete;
        scored.reasons.push("its path".to_owned());
        *points += 2;
    }
    // `POST beds/{id}/sprinkle` that shows some of the bed and can be done too often is no look, where no word says so.
    let looks = |scored: &Scored| {
        let bare =
            scored.operation == Operation::Detail && scored.reasons.iter().all(|reason| BARE.contains(&&**reason));
        let refuses = |failure: &Failure| deed_path::says_done_today(failure, lexicon);
        bare && deed_path::is_deed_by_path(clues)
            && (deed_path::refuses_deed(clues.failures) || clues.failures.iter().any(refuses))
    };
    let best = best.filter(|(_, scored)| !looks(scored));
    let place = clues.endpoint.title_place.unwrap_or(clues.endpoint.place);
    match best.filter(|(points, _)| *points >= ENOUGH) {
        Some((_, scored)) => {
            let by_file = !clues.endpoint.titled && scored.reasons.iter().any(|reason| *reason == texts.called());
            let confidence = match scored.reasons.len() {
                0 | 1 => Confidence::Guess,
                _ if by_file => Confidence::Likely,
                2 => Confidence::Likely,
                _ => Confidence::Certain,
            };
            (scored.operation, Evidence::new(scored.reasons.join(", "), place, confidence))
        }
        None if super::account::own::shows_caller(clues, lexicon) => {
            (Operation::Profile, Evidence::new("it shows an account's fields", place, Confidence::Likely))
        }
        None if super::inputs::upload::answers_address(clues.endpoint, clues.inputs, lexicon) => {
            let because = "it takes a file and answers an address";
            (Operation::Upload, Evidence::new(because, place, Confidence::Likely))
        }
        None => (Operation::Answer, Evidence::new("nothing tells what it does", place, Confidence::Guess)),
    }
}

/// Whether what is posted with a record's id answers with nothing but that and its status.
pub(super) fn shows_what_became(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let posted = clues.endpoint.method.as_deref() == Some("POST");
    let members = clues.members(lexicon);
    let is_status = |name: &Arc<str>| lexicon.role(name, "").is_some_and(|(role, _)| role == Role::Status);
    posted
        && members.len() <= 3
        && members.iter().any(is_status)
        && members.iter().all(|name| is_status(name) || shape::is_id(name))
}

/// 揽收 moves a record where statuses are called 待揽收 and 已揽收, and the endpoint takes a record's id.
pub(super) fn named_by_status(
    clues: &Clues<'_>,
    statuses: &[String],
    lexicon: &Lexicon,
) -> Option<(Operation, Evidence)> {
    let refused = clues.failures.iter().any(|failure| !failure.classes.contains(&Class::NotLoggedIn));
    let heads = || statuses.iter().map(String::as_str);
    // `送达` where a status is called 已送达: the title is nothing but the deed.
    let deed = clues.endpoint.title.rsplit(['-', '—', '·', '/', ' ']).next().unwrap_or_default();
    let whole = || sayings::stem_in(deed, heads(), lexicon).is_some_and(|stem| stem == deed);
    let writes = clues.endpoint.method.as_deref().is_none_or(|method| !matches!(method, "GET" | "DELETE"));
    let moves = takes_own_id(clues, lexicon) && (refused || (writes && whole())) && !clues.shown.is(Shows::List);
    let stem = sayings::stem_in(&clues.endpoint.title, heads(), lexicon).filter(|_| moves)?;
    let place = clues.endpoint.title_place.unwrap_or(clues.endpoint.place);
    let because = format!("statuses are called by {stem}");
    Some((Operation::Transition, Evidence::new(because, place, Confidence::Likely)))
}
