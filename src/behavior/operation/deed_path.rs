//! Paths that name a deed behind a record's id, and what the failures say of such deeds.

use super::Clues;
use crate::behavior::failure::Failure;
use crate::lexicon::{Class, Lexicon};
use crate::spec::Segment;

/// Whether failures say how a record has to stand for a deed, or whose it has to be.
pub(in crate::behavior) fn refuses_deed(failures: &[Failure]) -> bool {
    use Class::{Exists, ForbiddenStatus, NotYours, Oneself, WrongState};
    let says = |class: &Class| matches!(class, WrongState | ForbiddenStatus | Exists | NotYours | Oneself);
    failures.iter().any(|failure| failure.classes.first().is_some_and(says))
}

/// `POST tasks/{id}/deliver`: what is written behind a record's id is done to that record.
pub(in crate::behavior) fn is_deed_by_path(clues: &Clues<'_>) -> bool {
    let writes = clues.endpoint.method.as_deref().is_some_and(|method| matches!(method, "POST" | "PUT" | "PATCH"));
    let ends = matches!(&clues.endpoint.segments[..], [.., Segment::Param(_), Segment::Literal(_)]);
    writes && ends
}

/// `这箱今天喂过了`, in words that no class finds.
pub(in crate::behavior) fn says_done_today(failure: &Failure, lexicon: &Lexicon) -> bool {
    let says = |topic: &str| lexicon.speaks_of(topic, failure.says());
    failure.classes.is_empty() && says("today") && says("done-before")
}
