//! Accounts of two kinds that register and log in each by endpoints of their own: `业主注册` beside `师傅注册`.
//!
//! In: the titles, headings and paths of the endpoints that make accounts or let them in. Out: the kinds, and which of them
//! each of those endpoints is for.

use super::collection::section::Sections;
use super::kinds::{Kind, Kinds};
use crate::lexicon::{Lexicon, Operation};
use crate::spec::{DocSet, Endpoint, Note};

/// The field of an account that keeps by which way it came; no example shows it.
const FIELD: &str = "account_kind";

/// Whose an entry is by its own words: the word, and whether it is for who serves.
fn side(endpoint: &Endpoint, prose: &[Note], sections: &Sections, lexicon: &Lexicon) -> Option<(String, bool)> {
    let place = endpoint.title_place.unwrap_or(endpoint.place);
    let headings = sections.above(place).filter_map(|lines| Some(prose.get(lines)?.first()?.text.as_str()));
    let texts: Vec<&str> = std::iter::once(endpoint.title.as_str()).chain(headings).collect();
    let path = super::operation::path_of(endpoint);
    let texts = texts.into_iter().chain(path.iter().map(String::as_str));
    texts.into_iter().find_map(|text| {
        let serving = lexicon.word_of("serving-side", text).map(|word| (word.to_owned(), true));
        serving.or_else(|| lexicon.word_of("served-side", text).map(|word| (word.to_owned(), false)))
    })
}

/// The kinds, if there is a way to register for who serves, and another for who does not.
pub(super) fn kinds(
    set: &DocSet,
    operations: &[Operation],
    prose: &[Note],
    sections: &Sections,
    lexicon: &Lexicon,
) -> Option<Kinds> {
    let of = |at: usize| side(&set.endpoints[at], prose, sections, lexicon);
    let registers: Vec<Option<(String, bool)>> =
        (0..operations.len()).filter(|at| operations[*at] == Operation::Register).map(of).collect();
    let serving = registers.iter().flatten().find(|(_, serves)| *serves)?.0.clone();
    let served = registers.iter().find(|side| !side.as_ref().is_some_and(|(_, serves)| *serves))?.clone();
    let served = served.map_or_else(String::new, |(word, _)| word);
    let entries = (0..operations.len()).map(|at| {
        let enters = matches!(operations[at], Operation::Register | Operation::Login);
        enters.then(|| usize::from(of(at).is_some_and(|(_, serves)| serves)))
    });
    // A single way to log in lets in both.
    let logins = (0..operations.len()).filter(|at| operations[*at] == Operation::Login).count();
    let entries = entries
        .zip(operations)
        .map(|(entry, operation)| entry.filter(|_| *operation == Operation::Register || logins > 1));
    let kind = |words: String, value: &str, serves: bool| Kind { value: value.to_owned(), words, serves };
    Some(Kinds {
        field: FIELD.into(),
        kinds: vec![kind(served, "served", false), kind(serving, "serving", true)],
        default: None,
        entries: entries.collect(),
        bound: Vec::new(),
        apart: None,
    })
}
