//! What endpoints have to lend each other: failures by what they say and of what, the fittest of each first.
//!
//! Every check of every endpoint may borrow, and every failure may be lent; so that the work grows with the documents and not
//! with their square, all failures are put in their places once. Which place a check asks is for `choose`.

use crate::behavior::failure::{Catalog, Failure, Origin};
use crate::lexicon::{Class, Role};
use crate::source::FileId;
use crate::spec::DocSet;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a failure speaks of, as far as a borrower's check can ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::behavior) enum About {
    /// Whatever it speaks of.
    Anything,
    /// Anything but an account.
    Else,
    /// An account.
    Account,
    /// That something could not be had, which an account may be.
    Getting,
    /// An input of that name.
    Input(Arc<str>),
    /// An input for that purpose.
    Role(Role),
    /// No input of its endpoint.
    NoInput,
    /// The records of a collection.
    Record { collection: usize, nothing_yet: bool },
    /// No account, and no records of any collection.
    NoRecord { nothing_yet: bool },
}

/// Where a failure stands in the catalog: endpoint, and position among its own.
pub(in crate::behavior) type Spot = (usize, usize);

/// Fitter is less: how early it says what is asked, how much else it says, where it stands.
type Rank = (usize, usize, Spot);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    envelope: usize,
    /// None is any file.
    file: Option<FileId>,
    class: Class,
    about: About,
    states_rule: bool,
}

/// The fittest of two endpoints, so that there is one for each of them too.
#[derive(Debug, Default)]
struct Fittest([Option<Rank>; 2]);

#[derive(Debug)]
pub(in crate::behavior) struct Lenders {
    fittest: HashMap<Key, Fittest>,
    /// All failures stand in one file, and what that has is all there is.
    one_file: bool,
}

/// What is looked for in one place.
pub(in crate::behavior) struct Search<'s> {
    /// The borrower and its envelope: codes of another are nothing to borrow.
    pub(in crate::behavior) at: usize,
    pub(in crate::behavior) envelope: usize,
    pub(in crate::behavior) file: Option<FileId>,
    pub(in crate::behavior) class: Class,
    pub(in crate::behavior) about: &'s [About],
    /// Whether a failure that only states a rule will do.
    pub(in crate::behavior) rules: bool,
}

impl Lenders {
    /// `speaks_of` tells what a failure speaks of, of which it need not list `Anything`.
    pub(in crate::behavior) fn new(
        set: &DocSet,
        catalog: &Catalog,
        speaks_of: impl Fn(&Failure) -> Vec<About>,
    ) -> Self {
        let mut files = catalog.own.iter().flatten().map(|failure| failure.place.file);
        let first = files.next();
        let one_file = files.all(|file| Some(file) == first);
        let mut lenders = Self { fittest: HashMap::new(), one_file };
        for (at, own) in catalog.own.iter().enumerate() {
            for (index, failure) in own.iter().enumerate() {
                let classes: Vec<(usize, Class)> = lent_classes(failure).collect();
                if !classes.is_empty() {
                    let mut about = speaks_of(failure);
                    about.push(About::Anything);
                    lenders.offer(set.endpoints[at].envelope, failure, (at, index), &classes, &about);
                }
            }
        }
        lenders
    }

    fn offer(&mut self, envelope: usize, failure: &Failure, spot: Spot, classes: &[(usize, Class)], about: &[About]) {
        let files = [Some(failure.place.file).filter(|_| !self.one_file), None];
        // Where there is one file, it is looked for in all.
        let files = if self.one_file { &files[1..] } else { &files[..] };
        for &(position, class) in classes {
            for (file, about) in files.iter().flat_map(|file| about.iter().map(move |about| (*file, about.clone()))) {
                let key = Key { envelope, file, class, about, states_rule: failure.states_rule };
                self.fittest.entry(key).or_default().offer((position, failure.classes.len(), spot));
            }
        }
    }

    pub(in crate::behavior) fn find(&self, search: &Search<'_>) -> Option<Spot> {
        let Search { at, envelope, file, class, about, rules } = *search;
        if self.one_file && file.is_some() {
            return None;
        }
        let rules: &[bool] = if rules { &[false, true] } else { &[false] };
        let keys = about.iter().flat_map(|about| {
            rules.iter().map(|states_rule| Key {
                envelope,
                file,
                class,
                about: about.clone(),
                states_rule: *states_rule,
            })
        });
        let best = keys.filter_map(|key| self.fittest.get(&key)?.of_another(at)).min();
        best.map(|(.., spot)| spot)
    }
}

impl Fittest {
    fn offer(&mut self, rank: Rank) {
        let lender = |rank: &Rank| rank.2.0;
        let [first, second] = &mut self.0;
        match first {
            Some(known) if rank < *known => {
                if lender(known) != lender(&rank) {
                    *second = *first;
                }
                *first = Some(rank);
            }
            Some(known) => {
                let is_fitter = second.is_none_or(|second| rank < second);
                if lender(known) != lender(&rank) && is_fitter {
                    *second = Some(rank);
                }
            }
            None => *first = Some(rank),
        }
    }

    fn of_another(&self, at: usize) -> Option<Rank> {
        self.0.into_iter().flatten().find(|(.., (lender, _))| *lender != at)
    }
}

/// The classes by which a failure can be lent, each with its position. What is borrowed has to mean just that first of all:
/// `手机号已注册,请直接登录` tells nobody to log in. That something is missing or malformed is one thing to say.
fn lent_classes(failure: &Failure) -> impl Iterator<Item = (usize, Class)> {
    let about_input = |class: &Class| matches!(class, Class::Missing | Class::Malformed);
    let leads = move |at: usize| at == 0 || failure.classes[..=at].iter().all(about_input);
    failure.classes.iter().copied().enumerate().filter(move |(at, class)| *class != Class::Failed && leads(*at))
}

/// What the endpoints of one envelope have in common.
#[derive(Debug, Default)]
pub(in crate::behavior) struct System {
    /// The first failure about what is sent, the first that says nothing more than that it failed, the first example.
    pub(in crate::behavior) about_input: Option<Spot>,
    pub(in crate::behavior) vague: Option<Spot>,
    pub(in crate::behavior) example: Option<Spot>,
    /// An example shows a code that a table for the whole set lists.
    shows_listed: bool,
}

/// Those of all envelopes.
#[derive(Debug)]
pub(in crate::behavior) struct Systems {
    of: HashMap<usize, System>,
    any_shows_listed: bool,
}

impl Systems {
    pub(in crate::behavior) fn new(set: &DocSet, catalog: &Catalog) -> Self {
        let listed: HashSet<&str> = catalog.shared.iter().map(|failure| &*failure.code).collect();
        let mut of: HashMap<usize, System> = HashMap::new();
        for (at, own) in catalog.own.iter().enumerate() {
            let system = of.entry(set.endpoints[at].envelope).or_default();
            for (index, failure) in own.iter().enumerate() {
                let spot = (at, index);
                let example = failure.origin == Origin::Example;
                system.about_input = system.about_input.or_else(|| is_about_input(failure).then_some(spot));
                system.vague = system.vague.or_else(|| is_vague(failure).then_some(spot));
                system.example = system.example.or_else(|| example.then_some(spot));
                system.shows_listed |= example && listed.contains(&*failure.code);
            }
        }
        let any_shows_listed = of.values().any(|system| system.shows_listed);
        Self { of, any_shows_listed }
    }

    pub(in crate::behavior) fn get(&self, envelope: usize) -> Option<&System> {
        self.of.get(&envelope)
    }

    /// Whether tables for the whole set are this envelope's too: where its examples show other codes only, and those of
    /// another show the tables', the tables are the other's.
    pub(in crate::behavior) fn tables_apply(&self, envelope: usize) -> bool {
        let other = |system: &System| system.example.is_some() && !system.shows_listed;
        !(self.any_shows_listed && self.get(envelope).is_some_and(other))
    }
}

pub(in crate::behavior) fn is_vague(failure: &Failure) -> bool {
    failure.classes.is_empty() || failure.classes.contains(&Class::Failed)
}

pub(in crate::behavior) fn is_about_input(failure: &Failure) -> bool {
    failure.classes.iter().any(|known| matches!(known, Class::Missing | Class::Malformed))
}
