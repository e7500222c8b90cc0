//! Accounts of two kinds that register and log in each by endpoints of their own: `业主注册` beside `师傅注册`.
//!
//! In: the titles, headings and paths of the endpoints that make accounts or let them in. Out: the kinds, and which of them
//! each of those endpoints is for.

use super::kinds::{Kind, Kinds};
use crate::behavior::collection::prose::section::Sections;
use crate::behavior::collection::prose::sentences;
use crate::lexicon::{Lexicon, Operation};
use crate::spec::{DocSet, Endpoint, Note};

/// The field of an account that keeps by which way it came; no example shows it.
pub(in crate::behavior) const FIELD: &str = "account_kind";

/// Whose an entry is by its own words.
#[derive(Clone, Debug)]
struct Side {
    /// The word for it in the lexicon; none where it has none.
    word: Option<String>,
    serves: bool,
    /// What is said before a word for a side: `机手` of `帮耕 机手端`.
    named: Option<String>,
}

fn side(endpoint: &Endpoint, prose: &[Note], sections: &Sections, lexicon: &Lexicon) -> Side {
    let place = endpoint.title_place.unwrap_or(endpoint.place);
    let headings = sections.above(place).filter_map(|lines| Some(prose.get(lines)?.first()?.text.as_str()));
    let texts: Vec<&str> = std::iter::once(endpoint.title.as_str()).chain(headings).collect();
    let named = texts.iter().find_map(|text| before_side(text, lexicon)).map(str::to_owned);
    let path = crate::behavior::operation::path_of(endpoint);
    let texts = texts.into_iter().chain(path.iter().map(String::as_str));
    let found = texts.into_iter().find_map(|text| {
        let serving = lexicon.word_of("serving-side", text).map(|word| (word.to_owned(), true));
        serving.or_else(|| lexicon.word_of("served-side", text).map(|word| (word.to_owned(), false)))
    });
    let (word, serves) = found.map_or((None, false), |(word, serves)| (Some(word), serves));
    Side { word, serves, named }
}

/// What those are called for whom an endpoint is, if a word for a side follows or they are known to be served.
pub(in crate::behavior) fn called(
    endpoint: &Endpoint,
    prose: &[Note],
    sections: &Sections,
    lexicon: &Lexicon,
) -> String {
    let Side { word, named, .. } = side(endpoint, prose, sections, lexicon);
    named.or(word).unwrap_or_default()
}

/// `机手` of `帮耕 机手端`.
fn before_side<'t>(text: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = lexicon.word_of("end-side", bare).filter(|end| bare.ends_with(end))?;
    let before = bare.strip_suffix(end)?.trim_end();
    let start = before.char_indices().rev().find(|(_, c)| !c.is_alphanumeric()).map_or(0, |(at, c)| at + c.len_utf8());
    let name = &before[start..];
    ((2..=LONGEST).contains(&name.chars().count()) && !name.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

/// In characters, of the name of a side.
const LONGEST: usize = 10;

/// The kinds, if there is a way to register for each of two: for who serves and who does not, or under headings for two sides.
pub(in crate::behavior) fn kinds(
    set: &DocSet,
    operations: &[Operation],
    prose: &[Note],
    sections: &Sections,
    lexicon: &Lexicon,
) -> Option<Kinds> {
    let of = |at: usize| side(&set.endpoints[at], prose, sections, lexicon);
    let registers = (0..operations.len()).filter(|at| operations[*at] == Operation::Register);
    let registers: Vec<Side> = registers.map(of).collect();
    let serving = registers.iter().find(|side| side.serves);
    let served = registers.iter().find(|side| !side.serves);
    let (first, second, serves) = match (served, serving) {
        (Some(served), Some(serving)) => (served, serving, true),
        // `农户端` and `合作社端`: two names are two sides, whoever serves.
        _ => {
            let first = registers.iter().find(|side| side.named.is_some())?;
            let second = registers.iter().find(|side| side.named.is_some() && side.named != first.named)?;
            let others = registers
                .iter()
                .any(|side| side.named.is_none() || (side.named != first.named && side.named != second.named));
            if others {
                return None;
            }
            (first, second, false)
        }
    };
    let is_second = |side: &Side| if serves { side.serves } else { side.named == second.named };
    let sides = (0..operations.len()).map(|at| {
        let own = [Operation::Register, Operation::Login, Operation::ResetPassword].contains(&operations[at]);
        own.then(|| usize::from(is_second(&of(at))))
    });
    let sides: Vec<Option<usize>> = sides.collect();
    // A single way to log in lets in both.
    let logins = operations.iter().filter(|operation| **operation == Operation::Login).count();
    let entries = sides.iter().zip(operations).map(|(side, operation)| {
        side.filter(|_| *operation == Operation::Register || (*operation == Operation::Login && logins > 1))
    });
    let words = |side: &Side| side.named.clone().or_else(|| side.word.clone()).unwrap_or_default();
    let kind = |words: String, value: &str, serves: bool| Kind { value: value.to_owned(), words, serves };
    let value = |plain: &str, side: &Side| if serves { plain.to_owned() } else { words(side) };
    let apart = |note: &&Note| {
        sentences(&note.text)
            .any(|text| lexicon.speaks_of("accounts-apart", text) && !lexicon.speaks_of("denied", text))
    };
    Some(Kinds {
        field: FIELD.into(),
        kinds: vec![
            kind(words(first), &value("served", first), false),
            kind(words(second), &value("serving", second), serves),
        ],
        entries: entries.collect(),
        separate: logins > 1 && prose.iter().any(|note| apart(&note)),
        sides,
        ..Kinds::default()
    })
}
