//! The last good endpoints: what no longer parses stays as it was, and the rest goes on.
//!
//! In: the document set just read, and the one before. Out: the new set, with endpoints of the old one where the new text
//! is broken. Pages are known again by their sources' names. Knows no files: a page that could not be read is one with a
//! finding that says so.
//!
//! `pairs` knows endpoints again, `damage` tells a broken text from a changed one, `splice` puts the kept in their places,
//! and `places` moves them into the new set's sources.

mod damage;
mod pairs;
mod places;
mod splice;
#[cfg(test)]
mod tests;

use super::{DocSet, Endpoint};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Source};
pub use damage::UNREADABLE;
use damage::{Damage, Judge};
use std::collections::{BTreeSet, HashMap, HashSet};

/// An endpoint that is served as it last parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Index into the new set's endpoints.
    pub endpoint: usize,
    /// Where the new text is broken.
    pub place: Place,
    pub because: Because,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Its block has no request line any more.
    NoRequestLine,
    /// An example in it does not parse any more.
    BrokenExample,
    /// Its heading stands there, or a part of its block, but no block.
    NoBlock,
    /// The text ends in the middle, as when it is still being written.
    CutOff,
    /// The file cannot be read or decoded any more.
    UnreadableFile,
}

/// Puts the endpoints of `old` that `new` has only broken into `new`, each with a finding `last-good-kept`. Their places
/// point into the texts that they were read from, which are added to the new set's sources.
pub fn keep_last_good(new: &mut DocSet, old: &DocSet) -> Vec<Kept> {
    let pages: Vec<Page> = Page::all(new, old);
    let pairs: Vec<Vec<Option<usize>>> = pages.iter().map(|page| page.pairs(new, old)).collect();
    let known: HashSet<usize> = pairs.iter().flatten().flatten().copied().collect();
    let unknown = new.endpoints.iter().enumerate().filter(|(at, _)| !known.contains(at));
    let moved: HashSet<_> = unknown.filter_map(|(_, endpoint)| pairs::target(endpoint)).collect();
    let is_moved = |endpoint: &Endpoint| pairs::target(endpoint).is_some_and(|target| moved.contains(&target));
    let mut plans: Vec<Vec<Slot>> = Vec::new();
    let mut lost_files = Vec::new();
    for (page, pairs) in pages.iter().zip(&pairs) {
        let mut damages = vec![None; page.old.len()];
        lost_files.extend(damage::is_unreadable(new, page.file).then_some(page.file));
        if page.differs(new, old) {
            let judge = Judge::new(new, old, page);
            for (at, damage) in damages.iter_mut().enumerate() {
                let endpoint = &old.endpoints[page.old[at]];
                *damage = match pairs[at] {
                    Some(now) => judge.changed(endpoint, &new.endpoints[now]),
                    None if is_moved(endpoint) => None,
                    None => judge.vanished(at, pairs),
                };
            }
        }
        plans.push(page.slots(pairs, &damages));
    }
    splice::splice(new, old, &plans.concat(), &lost_files)
}

/// One file, as it is now and as it was.
#[derive(Debug)]
struct Page {
    file: FileId,
    /// Indices into the sets' endpoints.
    new: Vec<usize>,
    old: Vec<usize>,
}

/// What stands at one place of a page.
#[derive(Clone, Copy, Debug)]
enum Slot {
    /// Index into the new set's endpoints.
    New(usize),
    /// Index into the old set's endpoints, and into the new set's of the one that it stands for.
    Kept { old: usize, instead_of: Option<usize>, damage: Damage },
}

impl Page {
    /// Every file of the new set in its order, so that a `FileId` is an index.
    fn all(new: &DocSet, old: &DocSet) -> Vec<Self> {
        let files = (0..u32::try_from(new.sources.len()).unwrap_or(u32::MAX)).map(FileId);
        let mut pages: Vec<Self> = files.map(|file| Self { file, new: Vec::new(), old: Vec::new() }).collect();
        let mut named: HashMap<&str, usize> = HashMap::new();
        for (at, source) in new.sources.iter().enumerate() {
            named.entry(source.name()).or_insert(at);
        }
        for (at, endpoint) in new.endpoints.iter().enumerate() {
            if let Some(page) = pages.get_mut(endpoint.place.file.0 as usize) {
                page.new.push(at);
            }
        }
        for (at, endpoint) in old.endpoints.iter().enumerate() {
            let name = old.source(endpoint.place.file).map(Source::name);
            if let Some(page) = name.and_then(|name| named.get(name)) {
                pages[*page].old.push(at);
            }
        }
        pages
    }

    /// For each old endpoint, the index in the new set of what it became.
    fn pairs(&self, new: &DocSet, old: &DocSet) -> Vec<Option<usize>> {
        let befores: Vec<&Endpoint> = self.old.iter().map(|at| &old.endpoints[*at]).collect();
        let nows: Vec<&Endpoint> = self.new.iter().map(|at| &new.endpoints[*at]).collect();
        let name = new.source(self.file).map(Source::name);
        // The first source of a name is the page itself; the texts that kept endpoints were read from come after it.
        let before = old.sources.iter().find(|source| Some(source.name()) == name).map(Source::text);
        let was_kept = |endpoint: &Endpoint| old.source(endpoint.place.file).map(Source::text) != before;
        pairs::pair(&befores, &nows, was_kept).into_iter().map(|now| now.map(|now| self.new[now])).collect()
    }

    /// A page with the very text that all its endpoints were read from has lost nothing.
    fn differs(&self, new: &DocSet, old: &DocSet) -> bool {
        let text = new.source(self.file).map(Source::text);
        let read_from: BTreeSet<FileId> = self.old.iter().map(|at| old.endpoints[*at].place.file).collect();
        !read_from.iter().all(|file| old.source(*file).map(Source::text) == text)
    }

    /// The page in order: what is new, and what is kept in the place of its broken self, else after what stood before it.
    fn slots(&self, pairs: &[Option<usize>], damages: &[Option<Damage>]) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.new.iter().map(|at| Slot::New(*at)).collect();
        let mut next = 0;
        for ((old, now), damage) in self.old.iter().zip(pairs).zip(damages) {
            match (now, *damage) {
                (None, Some(damage)) => {
                    slots.insert(next, Slot::Kept { old: *old, instead_of: None, damage });
                    next += 1;
                }
                (Some(now), damage) => {
                    // What follows what was found last, mostly.
                    let is = |slot: &Slot| matches!(slot, Slot::New(at) if at == now);
                    let after = slots[next..].iter().position(is).map(|at| next + at);
                    let here = after.or_else(|| slots[..next].iter().position(is));
                    let Some(here) = here else { continue };
                    if let Some(damage) = damage {
                        slots[here] = Slot::Kept { old: *old, instead_of: Some(*now), damage };
                    }
                    next = here + 1;
                }
                (None, None) => {}
            }
        }
        slots
    }
}

impl Because {
    fn finding(self, endpoint: &Endpoint, place: Place) -> Diagnostic {
        let (what, help) = match self {
            Self::NoRequestLine => ("has no request line any more", "write METHOD:PATH on the first line of its block"),
            Self::BrokenExample => ("has an example that does not parse any more", "mend the example"),
            Self::NoBlock => (
                "has no whole block any more",
                "write its block again, or delete what is left of it to delete the endpoint",
            ),
            Self::CutOff => ("is cut off here", "write the rest of the file again"),
            Self::UnreadableFile => ("cannot be read any more", "mend the file, or delete it to delete its endpoints"),
        };
        let message = format!("`{}` {what}; it is served as it stood before", endpoint.title);
        Diagnostic::warning("last-good-kept", place, message)
            .help(help)
            .at_endpoint(&endpoint.id)
            .related(endpoint.place, "served as it was read here")
    }
}
