//! What goes into an endpoint and what comes out of it: ids that it takes or hands out, data that it keeps.

use super::Clues;
use super::by_shape;
use super::path_words::path_words;
use crate::behavior::Input;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::noun::{id_stem, is_numbered};
use crate::lexicon::{Class, Lexicon, Operation, OperationWords, Role, Shows, compact, label_head};
use crate::spec::{Endpoint, In, Segment};

/// An input that carries something to be kept or looked for, and not who calls.
pub(in crate::behavior) fn is_data(input: &Input) -> bool {
    !matches!(input.word, Role::Token | Role::Openid | Role::UserId | Role::Device)
        && !input.discriminates
        && !input.routes
        && input.location != In::Header
}

/// Whether something goes in beside what names the record, and a word on the deed: `opinion`, `reason`.
pub(super) fn sends_more(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let is_note = |input: &Input| {
        lexicon.is_named("deed-note", &input.name) || lexicon.ends_with("deed-note", label_head(&input.label))
    };
    clues.inputs.iter().any(|input| is_data(input) && !by_shape::is_id(input, lexicon) && !is_note(input))
}

/// `rid` labelled 菜谱: an id of a letter or two, and no account's.
fn is_short_id(name: &str, lexicon: &Lexicon) -> bool {
    shape::is_id(name) && id_stem(name).is_none() && compact(name) != "id" && !lexicon.is_named("account-id", name)
}

/// Whether an endpoint takes the id of the very thing that it is about.
pub(in crate::behavior) fn takes_own_id(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let inputs = clues.inputs.iter().filter(|input| !input.discriminates && input.location != In::Header);
    let mut ids = inputs.filter(|input| input.word != Role::Token);
    ids.any(|input| {
        let name = compact(&input.name);
        let stem = id_stem(&input.name);
        let own = stem.as_ref().is_some_and(|stem| *stem == clues.nouns.path || clues.nouns.before.contains(stem));
        let titled = !clues.nouns.title.is_empty() && input.label.starts_with(clues.nouns.title.as_str());
        let id_like = stem.is_some() || input.word == Role::RecordId || is_short_id(&input.name, lexicon);
        // `no`, `order_sn`: a number is a name too.
        // `aidNo` of what hands out a `lendNo` is another thing's.
        let foreign =
            || stem.as_ref().is_some_and(|stem| *stem != clues.nouns.path) && hands_out_number(clues, lexicon);
        let numbered = is_numbered(&input.name, lexicon) && input.word != Role::Passcode && !foreign();
        name == "id" || name == "ids" || own || input.location == In::Path || (id_like && titled) || numbered
    })
}

/// An id that the path or the words do not tie to the thing can still be the thing's: `pay/submit` with an `order_id`; and
/// a child is created with the id of its parent.
pub(super) fn bends(words: &OperationWords, clues: &Clues<'_>) -> bool {
    let any_id = clues.inputs.iter().any(|input| input.word == Role::RecordId && !input.discriminates);
    match words.operation {
        Operation::Create => {
            let bare = clues.inputs.iter().any(|input| matches!(compact(&input.name).as_str(), "id" | "ids"));
            let in_path = clues.inputs.iter().any(|input| input.location == In::Path);
            let own =
                clues.inputs.iter().any(|input| id_stem(&input.name).is_some_and(|stem| stem == clues.nouns.path));
            !own && (!clues.nouns.before.is_empty() || (!bare && !in_path))
                || clues.inputs.iter().all(|input| {
                    input.discriminates
                        || input.routes
                        || !matches!(compact(&input.name).as_str(), "id" | "ids") && input.location != In::Path
                })
        }
        _ => any_id,
    }
}

/// Whether an input stands against an operation that never takes this role. What the settings add does not count.
pub(super) fn refuses(role: Role, input: &Input) -> bool {
    let counts = input.location != In::Header && !input.discriminates && !input.routes;
    // A record of another kind that is only referred to (`clinic_id`) makes no operation one on records.
    let own_id = role != Role::RecordId || compact(&input.name) == "id";
    counts && own_id && role.covers(input.word) && (role != Role::Plain || is_data(input))
}

/// Whether a success shows an id that no input gave.
pub(in crate::behavior) fn makes_id(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let given = |name: &str| clues.inputs.iter().any(|input| compact(&input.name) == compact(name));
    let members = clues.members(lexicon);
    members.iter().any(|name| shape::is_id(name) && !given(name)) || hands_out_number(clues, lexicon)
}

/// Whether a success shows the number of what the endpoint is about, and none was sent: `lendNo`.
fn hands_out_number(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let own = |name: &str| {
        !clues.nouns.path.is_empty()
            && id_stem(name).is_some_and(|stem| stem == clues.nouns.path)
            && is_numbered(name, lexicon)
    };
    !clues.shown.is(Shows::List)
        && !clues.inputs.iter().any(|input| own(&input.name))
        && clues.members(lexicon).iter().any(|name| own(name))
}

/// `order/start` takes the id of a plug and answers that of an order: that is no look at one.
pub(super) fn hands_out_own(clues: &Clues<'_>, takes_id: bool, lexicon: &Lexicon) -> bool {
    let own = |name: &str| id_stem(name).is_some_and(|stem| stem == clues.nouns.path);
    let takes_other = clues.inputs.iter().any(|input| input.word == Role::RecordId && !input.discriminates);
    !takes_id
        && takes_other
        && !lexicon.speaks_of("asks-for-data", &clues.endpoint.title)
        && clues.members(lexicon).iter().any(|name| own(name))
}

/// `兑换` takes the id of goods, hands out one that was not sent, and can fail because there is too little: that is no look.
pub(super) fn gives_for(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let short = clues.failures.iter().any(|failure| failure.classes.contains(&Class::Insufficient));
    short && !lexicon.speaks_of("asks-for-data", &clues.endpoint.title) && makes_id(clues, lexicon)
}

/// `还伞` answers `归还成功`: what a success says was done is what the title names, and no look.
pub(super) fn tells_of_deed(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let envelope = clues.set.envelope(clues.endpoint);
    let mut said = clues.endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
    said.any(|(_, text)| {
        let deed = lexicon.before_end("done", text.trim());
        let named = |c: char| c.is_alphabetic() && !c.is_ascii() && clues.endpoint.title.contains(c);
        deed.len() < text.trim().len() && !lexicon.speaks_of("only-looked", deed) && deed.contains(named)
    })
}

/// `POST works/{id}/issue`: what stands behind an id and is no look is done to what has it.
pub(super) fn is_deed_under_id(endpoint: &Endpoint) -> bool {
    matches!(endpoint.segments.as_slice(), [.., Segment::Param(_), Segment::Literal(_)])
}

/// Whether an endpoint of the same path but for its end lists: `refund/list` beside `refund/apply`.
pub(super) fn has_list_beside(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let literals = |endpoint: &Endpoint| path_words(endpoint, lexicon);
    let (_, before) = literals(clues.endpoint);
    let listing = lexicon.operation_words(Operation::List).map_or(&[] as &[String], |words| &words.path);
    !before.is_empty()
        && clues.set.endpoints.iter().any(|other| {
            let (last, others) = literals(other);
            others == before && last.iter().any(|word| listing.contains(word))
        })
}

/// Whether path or title name anything that there could be records of.
pub(super) fn names_thing(clues: &Clues<'_>) -> bool {
    !clues.nouns.path.is_empty() || !clues.nouns.title.is_empty()
}
