//! The fixed values of a request: `?m=order&a=cancel`, `?i=1&ac=order&op=create&do=api&m=shop_x7`. Any of them may name the
//! thing or the deed; those of the installation stand among them and name neither.

use crate::behavior::operation::path_words::split_words;
use crate::lexicon::{Lexicon, Operation};
use crate::spec::{DocSet, Endpoint, Param};
use std::collections::{HashMap, HashSet};

/// What tells endpoints of one path apart, and what only the query has, in the order written.
pub(in crate::behavior) fn params(endpoint: &Endpoint) -> impl Iterator<Item = &Param> {
    endpoint.params.iter().filter(|param| param.discriminates || param.constant().is_some())
}

/// Whether what is written says what is done to a record, or that somebody comes or goes.
pub(in crate::behavior) fn names_deed(value: &str, lexicon: &Lexicon) -> bool {
    let known = |operation: Operation| {
        operation.is_on_records() || matches!(operation, Operation::Login | Operation::Register | Operation::Logout)
    };
    let last = value.rsplit(['/', '.']).next().unwrap_or(value);
    let words = split_words(last);
    let whole = words.concat();
    let is_deed = |word: &str| {
        let in_path = lexicon.operations().iter().filter(|words| known(words.operation));
        !lexicon.is_named("thing", word) && in_path.flat_map(|words| &words.path).any(|deed| deed == word)
    };
    words.iter().any(|word| is_deed(word)) || is_deed(&whole)
}

/// The names and values that all endpoints with fixed values have: the installation's own.
#[derive(Default)]
pub(in crate::behavior) struct Shared<'a>(HashSet<(&'a str, &'a str)>);

impl<'a> Shared<'a> {
    pub(in crate::behavior) fn of(set: &'a DocSet) -> Self {
        let mut having = 0_usize;
        let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
        for endpoint in &set.endpoints {
            let pairs: HashSet<(&str, &str)> =
                params(endpoint).filter_map(|param| Some((param.name.as_str(), param.default.as_deref()?))).collect();
            having += usize::from(!pairs.is_empty());
            for pair in pairs {
                *counts.entry(pair).or_default() += 1;
            }
        }
        let shared = counts.into_iter().filter(|(_, count)| having > 1 && *count == having);
        Self(shared.map(|(pair, _)| pair).collect())
    }

    /// What is no endpoint's own is left out, where something is left that names a thing; so is what stands behind the deed.
    /// The deed comes last.
    pub(in crate::behavior) fn telling<'v>(
        &self,
        pairs: &[(&'v str, &'v str)],
        lexicon: &Lexicon,
        names_thing: &dyn Fn(&str) -> bool,
    ) -> Vec<&'v str> {
        let values: Vec<&str> = pairs.iter().map(|(_, value)| *value).collect();
        let is_thing = |value: &&&str| names_thing(value) && !names_deed(value, lexicon);
        let Some(deed) = values.iter().rposition(|value| names_deed(value, lexicon)) else { return values };
        let own = |at: &usize| !self.0.contains(&pairs[*at]);
        let before: Vec<&str> = (0..deed).filter(own).map(|at| values[at]).collect();
        let others: Vec<&str> = (0..values.len()).filter(|at| *at != deed && own(at)).map(|at| values[at]).collect();
        let all: Vec<&str> = (0..values.len()).filter(|at| *at != deed).map(|at| values[at]).collect();
        let choices = [before, values[..deed].to_vec(), others];
        let has_thing = |choice: &Vec<&str>| choice.iter().any(|value| is_thing(&value));
        let mut chosen = choices.into_iter().find(has_thing).unwrap_or(all);
        chosen.push(values[deed]);
        chosen
    }
}
