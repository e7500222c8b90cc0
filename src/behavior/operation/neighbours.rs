//! What endpoints show of the things that they name, by thing: looked up once for all, so that no endpoint looks at all others.

use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::nouns::noun::Nouns;
use crate::lexicon::{Lexicon, Shows, compact};
use crate::spec::{DocSet, Endpoint, Segment};
use std::collections::HashMap;
use std::sync::Arc;

/// Who has something: one endpoint, or several.
#[derive(Clone, Copy, Debug)]
enum By {
    One(usize),
    Several,
}

impl By {
    fn is_other_than(self, at: usize) -> bool {
        match self {
            Self::One(only) => only != at,
            Self::Several => true,
        }
    }
}

/// All parallel to the endpoints, or by what they name.
pub(in crate::behavior) struct Neighbours<'a> {
    pub(in crate::behavior) shown: Vec<Shown>,
    pub(in crate::behavior) members: Vec<Vec<Arc<str>>>,
    /// Members, compact, by the things that the endpoints which show them name.
    names: HashMap<String, HashMap<String, By>>,
    /// Endpoints that list what stands at a path.
    lists: HashMap<&'a [Segment], Vec<usize>>,
    /// The same by the noun of the path.
    lists_of: HashMap<&'a str, Vec<usize>>,
    /// Endpoints by the noun of their path, and what those show.
    paths: HashMap<&'a str, By>,
    shown_of: HashMap<&'a str, HashMap<String, By>>,
    /// Endpoints by what they take.
    asked: HashMap<String, By>,
    /// Endpoints by the part of their path that ends with a record's id.
    records: HashMap<Vec<&'a str>, By>,
}

impl<'a> Neighbours<'a> {
    pub(in crate::behavior) fn new(set: &'a DocSet, nouns: &'a [Nouns], lexicon: &Lexicon) -> Self {
        let shown: Vec<Shown> = set.endpoints.iter().map(|known| shape::of_endpoint(set, known, lexicon)).collect();
        let members: Vec<Vec<Arc<str>>> =
            set.endpoints.iter().map(|known| shape::members_shown(set, known, lexicon)).collect();
        let mut found = Self {
            shown,
            members,
            names: HashMap::new(),
            lists: HashMap::new(),
            lists_of: HashMap::new(),
            paths: HashMap::new(),
            shown_of: HashMap::new(),
            asked: HashMap::new(),
            records: HashMap::new(),
        };
        for (at, known) in nouns.iter().enumerate() {
            for param in &set.endpoints[at].params {
                note(&mut found.asked, compact(&param.name), at);
            }
            if let Some(record) = record_of(&set.endpoints[at].segments) {
                note(&mut found.records, record, at);
            }
            let own: Vec<String> = found.members[at].iter().map(|name| compact(name)).collect();
            for thing in things(known) {
                note_all(found.names.entry(thing).or_default(), &own, at);
            }
            if !known.path.is_empty() {
                note(&mut found.paths, known.path.as_str(), at);
                note_all(found.shown_of.entry(&known.path).or_default(), &own, at);
            }
            if found.shown[at].is(Shows::List) {
                found.lists.entry(&set.endpoints[at].segments).or_default().push(at);
                found.lists_of.entry(&known.path).or_default().push(at);
            }
        }
        found
    }

    /// Whether another endpoint that speaks of the same records shows a member of this name.
    pub(in crate::behavior) fn knows(&self, at: usize, nouns: &Nouns, name: &str) -> bool {
        let name = compact(name);
        let shows = |thing: &str| self.names.get(thing).and_then(|names| names.get(&name)).copied();
        things(nouns).any(|thing| shows(&thing).is_some_and(|by| by.is_other_than(at)))
    }

    /// Whether another endpoint is about the thing that a noun names.
    pub(in crate::behavior) fn is_named_elsewhere(&self, at: usize, noun: &str) -> bool {
        self.paths.get(noun).is_some_and(|by| by.is_other_than(at))
    }

    /// Whether another endpoint that is about that thing shows a member of this name.
    pub(in crate::behavior) fn shows(&self, at: usize, noun: &str, name: &str) -> bool {
        let known = self.shown_of.get(noun).and_then(|names| names.get(&compact(name)));
        known.is_some_and(|by| by.is_other_than(at))
    }

    /// Whether another endpoint is about the record that the path names.
    pub(in crate::behavior) fn is_record(&self, at: usize, endpoint: &Endpoint) -> bool {
        let known = record_of(&endpoint.segments).and_then(|record| self.records.get(&record));
        known.is_some_and(|by| by.is_other_than(at))
    }

    /// Whether another endpoint takes something of this name.
    pub(in crate::behavior) fn is_asked_elsewhere(&self, at: usize, name: &str) -> bool {
        self.asked.get(&compact(name)).is_some_and(|by| by.is_other_than(at))
    }

    /// The endpoints that list what stands at a path.
    pub(in crate::behavior) fn lists_at(&self, segments: &[Segment]) -> &[usize] {
        self.lists.get(segments).map_or(&[], Vec::as_slice)
    }

    /// The endpoints that list what a noun names.
    pub(in crate::behavior) fn lists_of(&self, noun: &str) -> &[usize] {
        self.lists_of.get(noun).map_or(&[], Vec::as_slice)
    }
}

/// The path up to the last id in it, whatever ids are called.
fn record_of(segments: &[Segment]) -> Option<Vec<&str>> {
    let end = segments.iter().rposition(|segment| matches!(segment, Segment::Param(_)))?;
    let parts = segments[..=end].iter().map(|segment| match segment {
        Segment::Literal(word) => word.as_str(),
        Segment::Param(_) => "",
    });
    Some(parts.collect())
}

/// What an endpoint names: by its path, and by its title. What stands behind another thing is that one's: `place/check` and
/// `goods/check` have nothing in common.
fn things(nouns: &Nouns) -> impl Iterator<Item = String> {
    let own = match nouns.before.last() {
        Some(before) => format!("{before}/{}", nouns.path),
        None => nouns.path.clone(),
    };
    let all = nouns.before.iter().cloned().chain([own, nouns.title.clone()]);
    all.filter(|thing| !thing.is_empty())
}

fn note<K: std::hash::Hash + Eq>(known: &mut HashMap<K, By>, key: K, at: usize) {
    let by = known.entry(key).or_insert(By::One(at));
    if by.is_other_than(at) {
        *by = By::Several;
    }
}

fn note_all(known: &mut HashMap<String, By>, names: &[String], at: usize) {
    for name in names {
        note(known, name.clone(), at);
    }
}
