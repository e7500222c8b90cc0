//! What an endpoint whose own documentation says nothing borrows from another's.
//!
//! `lend` has all failures in their places; here stands which place a check asks, and which places a failure has.

use super::{Chooser, Fit, Subject, Wanted, is_about_account};
use crate::behavior::Input;
use crate::behavior::failure::{Failure, Origin};
use crate::behavior::failures::lend::{self, About, Lenders, Search, Systems};
use crate::behavior::failures::names_param::named_param;
use crate::lexicon::{Class, Role};
use crate::source::FileId;
use std::sync::Arc;

impl<'a> Chooser<'a> {
    pub(in crate::behavior) fn systems(&self) -> &Systems {
        self.systems.get_or_init(|| Systems::new(self.set, self.catalog))
    }

    /// The fittest failure of another endpoint in one envelope, and in one file if it is told.
    pub(in crate::behavior) fn borrow(&self, at: usize, wanted: &Wanted<'_>, file: Option<FileId>) -> Option<Failure> {
        let lenders =
            self.lenders.get_or_init(|| Lenders::new(self.set, self.catalog, |failure| self.speaks_of(failure)));
        let envelope = self.set.endpoints[at].envelope;
        let rules = wanted.classes.first() == Some(&Class::Malformed);
        let found = wanted.classes.iter().find_map(|class| {
            let mut fits = self.fits(at, wanted.subject, *class).into_iter();
            fits.find_map(|about| lenders.find(&Search { at, envelope, file, class: *class, about: &about, rules }))
        });
        found.map(|spot| Failure { origin: Origin::Set, ..self.failure_at(spot).clone() })
    }

    pub(super) fn failure_at(&self, (endpoint, index): lend::Spot) -> &'a Failure {
        &self.catalog.own[endpoint][index]
    }

    /// What a failure of another endpoint has to speak of: exactly, and in general.
    fn fits(&self, at: usize, subject: Subject, class: Class) -> [Vec<About>; 2] {
        match subject {
            Subject::Account if class == Class::NotFound => [vec![About::Account], vec![About::Getting]],
            Subject::None | Subject::Account => [Vec::new(), vec![About::Anything]],
            // `手机号已被使用` says nothing of how a record stands.
            Subject::Standing => [Vec::new(), vec![About::Else]],
            Subject::AccountAlone | Subject::Caller => [vec![About::Account], Vec::new()],
            Subject::Record(collection) => {
                let nothing_yet = false;
                [vec![About::Record { collection, nothing_yet }], vec![About::NoRecord { nothing_yet }]]
            }
            Subject::Listed(collection) => [
                [false, true].map(|nothing_yet| About::Record { collection, nothing_yet }).into(),
                [false, true].map(|nothing_yet| About::NoRecord { nothing_yet }).into(),
            ],
            Subject::Input(input) => [about_input(&self.inputs[at][input]).collect(), vec![About::NoInput]],
        }
    }

    /// All that another endpoint can ask of what a failure speaks of.
    fn speaks_of(&self, failure: &Failure) -> Vec<About> {
        let mut about = match self.fits_account(failure, Class::NotFound) {
            Fit::Exact => vec![About::Account],
            Fit::General => vec![About::Getting],
            Fit::Other => Vec::new(),
        };
        about.extend((!is_about_account(failure)).then_some(About::Else));
        let mut of_input = false;
        if let Some(lender) = failure.endpoint {
            let named = self.named(lender, failure.says());
            about.extend(named.iter().flat_map(|input| about_input(&self.inputs[lender][*input])));
            // `类型只能是0或1` is about what an input may be, and about no record.
            let is_id = |input: &usize| matches!(self.inputs[lender][*input].word, Role::RecordId | Role::UserId);
            of_input =
                failure.classes.first() == Some(&Class::Malformed) && !named.is_empty() && !named.iter().any(is_id);
            // `图最多3张` says of nothing else how much of it there may be.
            let is_limit = self.lexicon.speaks_of("at-most", failure.says());
            let is_named = || named_param(&failure.message, self.lexicon).is_some();
            about.extend((named.is_empty() && !is_limit && !is_named()).then_some(About::NoInput));
        }
        let nothing_yet = self.lexicon.speaks_of("nothing-yet", failure.says());
        let records = self.things.said_in(failure.says());
        about.extend(records.iter().map(|collection| About::Record { collection: *collection, nothing_yet }));
        about.extend(
            (records.is_empty() && !is_about_account(failure) && !of_input).then_some(About::NoRecord { nothing_yet }),
        );
        about
    }
}

/// An input by what another endpoint's message may name it: by its name, or by what it is for. What one endpoint says of its
/// password holds for another's new one.
fn about_input(input: &Input) -> impl Iterator<Item = About> {
    let role = match input.word {
        Role::Plain | Role::RecordId => None,
        Role::NewPassword => Some(Role::Password),
        word => Some(word),
    };
    [About::Input(Arc::clone(&input.name))].into_iter().chain(role.map(About::Role))
}
