//! Recycle bins: what is removed leaves the lists and stands in the bin, from where it comes back or goes for good.
//!
//! In: titles and paths, what lists show, which operations there are. Out: the endpoints of each bin (its list, what brings back, what
//! empties it) as a group of their own, and the tie between the records and their bin. A list that is called so is one only where it
//! shows what another noun's endpoints show and remove: the stations of a scrap dealer are none.

use crate::behavior::collection::items::shape::is_id;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::noun::Nouns;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, Initial, ItemField};
use crate::behavior::operation::split_words;
use crate::behavior::{Confidence, Evidence, Input};
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, Note};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many endpoints before a bin's list are looked at for what fills it.
const NEAR: usize = 64;

/// Where the records that are removed go.
#[derive(Clone, Debug)]
pub struct Bin {
    /// The collection of what was removed.
    pub collection: usize,
    /// What is in it still stands in the way of another alike.
    pub counts: bool,
    pub because: Evidence,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    List,
    /// Puts what it names into the bin.
    Into,
    Back,
    /// Takes out of the bin for good.
    Empty,
}

/// The endpoints of one bin.
struct Found {
    list: usize,
    /// An endpoint that fills it.
    filler: usize,
    others: Vec<usize>,
}

pub(in crate::behavior) struct Bins<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) shown: &'a [Vec<Arc<str>>],
}

impl Bins<'_> {
    /// Whether any list is called a bin.
    pub(in crate::behavior) fn are_any(set: &DocSet, nouns: &[Nouns], lexicon: &Lexicon) -> bool {
        let by_path = |nouns: &Nouns| nouns.words.iter().any(|word| lexicon.is_named("bin-path", word));
        let by_title = |endpoint: &Endpoint| lexicon.speaks_of("recycle-bin", &endpoint.title);
        nouns.iter().any(by_path) || set.endpoints.iter().any(by_title)
    }

    /// What brings back and what empties takes records out of the bin: both remove there.
    pub(in crate::behavior) fn settle(&self, operations: &mut [(Operation, Evidence)], told: &dyn Fn(usize) -> bool) {
        let kinds: Vec<Operation> = operations.iter().map(|(operation, _)| *operation).collect();
        for found in self.find(&kinds) {
            for at in found.others.into_iter().filter(|at| !told(*at)) {
                let endpoint = &self.set.endpoints[at];
                let place = endpoint.title_place.unwrap_or(endpoint.place);
                operations[at] =
                    (Operation::Delete, Evidence::new("it takes out of the bin", place, Confidence::Likely));
            }
        }
    }

    /// The same groups, the endpoints of each bin in one of its own.
    pub(in crate::behavior) fn part(&self, operations: &[Operation], groups: &mut Vec<Group>) {
        let all = self.find(operations);
        if all.is_empty() {
            return;
        }
        for found in all {
            let own: HashSet<usize> = found.others.iter().chain([&found.list]).copied().collect();
            for group in groups.iter_mut() {
                group.endpoints.retain(|at| !own.contains(at));
            }
            let Some(home) = groups.iter().find(|group| group.endpoints.contains(&found.filler)) else { continue };
            let nouns = &self.nouns[found.list];
            let taken = |name: &String| groups.iter().any(|group| group.names.contains(name));
            let named = Some(nouns.path.clone()).filter(|name| !name.is_empty() && !taken(name));
            let name = named.unwrap_or_else(|| format!("{}-bin", home.names.first().map_or("record", String::as_str)));
            let title = Some(nouns.title.clone()).filter(|title| !title.is_empty() && !home.titles.contains(title));
            let mut endpoints: Vec<usize> = own.into_iter().collect();
            endpoints.sort_unstable();
            groups.push(Group {
                names: vec![name],
                titles: title.into_iter().collect(),
                endpoints,
                relation: None,
                within: None,
                bin_of: Some(found.filler),
            });
        }
        groups.retain(|group| !group.endpoints.is_empty());
        groups.sort_by_key(|group| group.endpoints.first().copied());
    }

    fn find(&self, operations: &[Operation]) -> Vec<Found> {
        let parts: Vec<Option<Part>> = (0..operations.len()).map(|at| self.part_of(at, operations[at])).collect();
        let lists: Vec<usize> = (0..parts.len()).filter(|at| parts[*at] == Some(Part::List)).collect();
        if lists.is_empty() {
            return Vec::new();
        }
        let mut shown_of: HashMap<&str, HashSet<String>> = HashMap::new();
        let mut fillers: HashMap<&str, usize> = HashMap::new();
        for (at, nouns) in self.nouns.iter().enumerate() {
            match operations[at] {
                Operation::List | Operation::Detail if parts[at].is_none() => {
                    let known = shown_of.entry(&nouns.path).or_default();
                    known.extend(self.shown[at].iter().map(|key| compact(key)));
                }
                _ if self.fills(at, operations, &parts) => _ = fillers.entry(&nouns.path).or_insert(at),
                _ => {}
            }
        }
        let fits = |list: usize, filler: usize| {
            let known = shown_of.get(self.nouns[filler].path.as_str());
            let shown = &self.shown[list];
            let alike = shown.iter().filter(|key| known.is_some_and(|known| known.contains(&compact(key)))).count();
            let named = shown.iter().any(|key| is_id(key) && known.is_some_and(|known| known.contains(&compact(key))));
            named && alike * 2 >= shown.len()
        };
        let mut found: Vec<Found> = Vec::new();
        for &list in &lists {
            let nouns = &self.nouns[list];
            let by_noun = std::iter::once(&nouns.path).chain(nouns.before.iter().rev());
            let by_noun = by_noun.filter_map(|name| fillers.get(name.as_str()).copied());
            let before = (list.saturating_sub(NEAR)..list).rev().chain(list + 1..(list + NEAR).min(parts.len()));
            let near: Vec<usize> = before.filter(|at| self.fills(*at, operations, &parts)).collect();
            let into = near.iter().copied().filter(|at| parts[*at] == Some(Part::Into));
            let mut candidates = by_noun.chain(into).chain(near.iter().copied());
            if let Some(filler) = candidates.find(|filler| fits(list, *filler)) {
                found.push(Found { list, filler, others: Vec::new() });
            }
        }
        for (at, part) in parts.iter().enumerate() {
            if !matches!(part, Some(Part::Back | Part::Empty)) {
                continue;
            }
            let of = |bin: &&mut Found| self.belongs(at, bin);
            if let Some(bin) = found.iter_mut().filter(of).min_by_key(|bin| bin.list.abs_diff(at)) {
                bin.others.push(at);
            }
        }
        // A list of what was removed, from which nothing comes back and into which nothing is said to go, is told of nowhere else.
        found.retain(|bin| !bin.others.is_empty() || parts[bin.filler] == Some(Part::Into));
        found
    }

    fn fills(&self, at: usize, operations: &[Operation], parts: &[Option<Part>]) -> bool {
        let takes = self.inputs[at].iter().any(names_one);
        takes && operations[at] == Operation::Delete && matches!(parts[at], None | Some(Part::Into))
    }

    /// Whether what takes out of a bin takes out of this one: by its words, by what it names, by its path.
    fn belongs(&self, at: usize, bin: &Found) -> bool {
        let ids = |at: usize| self.inputs[at].iter().filter(|input| names_one(input)).map(|input| compact(&input.name));
        let stem = |name: String| name.trim_end_matches('s').to_owned();
        let taken: HashSet<String> = ids(bin.filler).map(stem).collect();
        let shown: HashSet<String> = self.shown[bin.list].iter().map(|key| compact(key)).collect();
        let mut own = ids(at).map(stem).peekable();
        let none = own.peek().is_none();
        let named = own.any(|name| taken.contains(&name) || shown.contains(&name));
        let near = |other: usize| {
            let (own, other) = (&self.nouns[at], &self.nouns[other]);
            (!own.path.is_empty() && own.path == other.path)
                || own.words.first().is_some_and(|word| other.words.first() == Some(word))
        };
        let says = self.lexicon.speaks_of("recycle-bin", &self.set.endpoints[at].title);
        (near(bin.list) || near(bin.filler) || says) && (named || none)
    }

    fn part_of(&self, at: usize, operation: Operation) -> Option<Part> {
        let (endpoint, lexicon) = (&self.set.endpoints[at], self.lexicon);
        let says = |topic: &str| lexicon.speaks_of(topic, &endpoint.title);
        let path = |topic: &str| self.nouns[at].words.iter().any(|word| lexicon.is_named(topic, word));
        let of_bin = || says("recycle-bin") || path("bin-path");
        match operation {
            Operation::List if !says("brings-back") && of_bin() => Some(Part::List),
            Operation::Delete if says("into-bin") => Some(Part::Into),
            Operation::Delete | Operation::Update | Operation::Transition | Operation::Answer | Operation::Create
                if brings_back(endpoint, &self.nouns[at].words, lexicon) =>
            {
                Some(Part::Back)
            }
            Operation::Delete | Operation::Answer
                if says("recycle-bin") || says("for-good") || path("for-good-path") =>
            {
                Some(Part::Empty)
            }
            Operation::Delete if remarks(&[], endpoint).any(|note| lexicon.speaks_of("into-bin", &note.text)) => {
                Some(Part::Into)
            }
            _ => None,
        }
    }
}

/// Whether a deed brings back what was removed: `还原`, `note/restore`.
pub(in crate::behavior) fn brings_back(endpoint: &Endpoint, words: &[String], lexicon: &Lexicon) -> bool {
    lexicon.speaks_of("brings-back", &endpoint.title)
        || words.iter().any(|word| lexicon.is_named("brings-back-path", word))
}

fn names_one(input: &Input) -> bool {
    !input.routes && (input.word == Role::RecordId || is_id(&input.name) || is_ids(&input.name))
}

fn is_ids(name: &str) -> bool {
    split_words(name).last().is_some_and(|word| word == "ids")
}

/// The group from which what stands in a bin was removed.
pub(in crate::behavior::collection) fn home(groups: &[Group], bin: usize) -> Option<usize> {
    let filler = groups[bin].bin_of?;
    groups.iter().position(|group| group.bin_of.is_none() && group.endpoints.contains(&filler))
}

/// What stands in a bin is what was removed, as it was then.
pub(in crate::behavior::collection) fn settle(
    (set, lexicon, prose): (&DocSet, &Lexicon, &[Note]),
    groups: &[Group],
    collections: &mut [Collection],
) {
    for at in 0..groups.len().min(collections.len()) {
        let Some(home) = home(groups, at) else { continue };
        let endpoints = groups[home].endpoints.iter().chain(&groups[at].endpoints).map(|at| &set.endpoints[*at]);
        let told = |endpoint: &Endpoint| {
            let words = endpoint.params.iter().map(crate::spec::Param::all_words);
            let noted = remarks(prose, endpoint).map(|note| note.text.clone());
            words.chain(noted).any(|text| lexicon.speaks_of("in-bin-too", &text))
        };
        let counts = endpoints.into_iter().any(told);
        let main = collections[home].clone();
        let bin = &mut collections[at];
        let because = bin.because.clone();
        let mut fields = main.fields.clone();
        let own = bin.fields.iter().filter(|field| main.field(&field.key).is_none()).cloned();
        fields.extend(own.map(|field| removed_then(field, lexicon)));
        *bin = Collection {
            name: Arc::clone(&bin.name),
            title: bin.title.clone(),
            names: bin.names.clone(),
            titles: bin.titles.clone(),
            fields,
            id: main.id.clone(),
            machines: main.machines.clone(),
            owned: main.owned,
            private: main.private,
            references: main.references.clone(),
            unique: if counts { main.unique.clone() } else { Vec::new() },
            over: main.over.clone(),
            written: true,
            bin_of: Some(home),
            ..Collection::new("", because.clone())
        };
        collections[home].bin = Some(Bin { collection: at, counts, because });
    }
}

/// A time that only the bin shows is when it was put there.
fn removed_then(mut field: ItemField, lexicon: &Lexicon) -> ItemField {
    if crate::behavior::collection::items::example_forms::time_form(&field.example).is_some()
        && !lexicon.is_named("due-at", &field.key)
    {
        field.initial = Initial::Now;
    }
    field
}
