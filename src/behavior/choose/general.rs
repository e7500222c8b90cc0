//! The general failure of a set, in docsim's own words, where nothing documented fits.

use super::{Chooser, Input, LABEL, Subject, Wanted};
use crate::behavior::failure::{Failure, Origin};
use crate::behavior::failures::lend::{self, System};
use crate::lexicon::{Class, Role};
use crate::source::Place;
use crate::spec::{Endpoint, In};
use std::sync::Arc;

impl Chooser<'_> {
    /// The set's general failure, worded by the lexicon.
    pub(in crate::behavior) fn general(&self, at: usize, wanted: &Wanted<'_>) -> Failure {
        let class = wanted.classes.first().copied().unwrap_or(Class::Failed);
        let label = match wanted.subject {
            Subject::Input(input) => Some(input),
            _ => {
                let find = |wanted: &[Role]| self.inputs[at].iter().position(|input| wanted.contains(&input.role));
                // `:order_no` names a record whatever role it has here.
                let names_record = || {
                    let names = |input: &Input| {
                        !input.discriminates && (input.word == Role::RecordId || input.location == In::Path)
                    };
                    self.inputs[at].iter().position(names)
                };
                find(&[Role::Identity]).or_else(|| find(&[Role::UserId, Role::RecordId])).or_else(names_record)
            }
        };
        let label = label.map_or("", |input| self.called(at, input));
        let message = self.lexicon.reply(self.chinese, class).replace(LABEL, label);
        let (code, place) = self.general_code(at, class);
        Failure {
            code,
            message,
            captioned: None,
            classes: vec![class],
            subjects: Vec::new(),
            origin: Origin::General,
            place,
            endpoint: None,
            approximated: true,
            states_rule: false,
        }
    }

    /// The endpoint's own vaguest code, else the set's, else one that is not the success value.
    fn general_code(&self, at: usize, class: Class) -> (Arc<str>, Place) {
        let own = &self.catalog.own[at];
        // That the database failed is no code for what a caller did wrong.
        let trouble = |failure: &Failure| {
            !failure.classes.is_empty() && self.lexicon.speaks_of("server-trouble", &failure.message)
        };
        // What is wrong with the input is said by whatever says that, before anything else is lent.
        let about_input = matches!(class, Class::Missing | Class::Malformed | Class::Unequal);
        let vague = |failure: &&Failure| lend::is_vague(failure) && !(about_input && trouble(failure));
        let input = |failure: &&Failure| about_input && lend::is_about_input(failure);
        let system = self.systems().get(self.set.endpoints[at].envelope);
        let lent = |first: fn(&System) -> Option<lend::Spot>| system.and_then(first).map(|spot| self.failure_at(spot));
        let same =
            one_code(own).map(|first| own.iter().find(input).or_else(|| own.iter().find(vague)).unwrap_or(first));
        let found = same
            .or_else(|| own.iter().find(input))
            .or_else(|| own.iter().find(vague))
            .or_else(|| lent(|system| system.about_input).filter(|_| about_input))
            .or_else(|| lent(|system| system.vague).filter(vague))
            .or_else(|| own.first())
            .or_else(|| lent(|system| system.example));
        match found {
            Some(failure) => (Arc::clone(&failure.code), failure.place),
            None => (self.not_success(&self.set.endpoints[at]).into(), self.set.endpoints[at].place),
        }
    }

    /// A code that no success carries, where no failure is documented at all.
    fn not_success(&self, endpoint: &Endpoint) -> &'static str {
        let envelope = self.set.envelope(endpoint);
        match envelope.success.first().and_then(|value| value.scalar_text()) {
            Some("1" | "0000" | "00000") => "0",
            Some("true") => "false",
            Some("200") => "400",
            Some(text) if text.parse::<i64>().is_err() => "error",
            _ => "1",
        }
    }
}

/// The failure whose code all of them carry.
fn one_code(failures: &[Failure]) -> Option<&Failure> {
    let (first, rest) = failures.split_first()?;
    rest.iter().all(|failure| failure.code == first.code).then_some(first)
}
