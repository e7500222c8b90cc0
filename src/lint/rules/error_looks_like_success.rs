//! `error-looks-like-success`: a failure carries what, in the set's other examples, tells success.
//!
//! Which members tell is learnt: one that has the same value in nearly all successes, and nearly no failure has it. The
//! failures that do are the findings. They are served as they stand.

use crate::json::{Json, Step};
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::source::Place;
use crate::spec::envelope::Path;
use crate::spec::{Endpoint, Example, SectionKind};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULE: Rule = Rule::warning(
    "error-looks-like-success",
    "a failure carries the value by which the other examples show success",
    Find::Set(find),
);

fn find(look: &Look<'_>, found: &mut Findings) {
    let mut reported = BTreeSet::new();
    for member in told_members(look) {
        for (endpoint, example) in member.failures.iter().filter(|(_, example)| member.is_success(example)) {
            let place = example.place_of(&member.path);
            if !reported.insert(place) {
                continue;
            }
            let key = shown(&member.path);
            let message = format!("this failure has the `{key}` of a success, {}", member.value);
            let mut finding = RULE.at(place, message).at_endpoint(&endpoint.id);
            if let Some((other, value)) = member.proper {
                finding = finding.related(other, format!("other failures have {value}")).help(format!("write {value}"));
            }
            found.push(finding);
        }
    }
}

/// A member that tells success from failure.
pub(super) struct Told<'a> {
    path: Path,
    /// What it is in a success.
    value: &'a str,
    /// All failures that have it, right or wrong.
    failures: Vec<(&'a Endpoint, &'a Example)>,
    /// Where a failure has it right, and what it is there.
    proper: Option<(Place, &'a str)>,
}

impl Told<'_> {
    /// Whether this failure is a finding on account of this member.
    pub(super) fn tells_against(&self, failure: &Example) -> bool {
        self.is_success(failure) && self.failures.iter().any(|(_, known)| std::ptr::eq(*known, failure))
    }

    fn is_success(&self, example: &Example) -> bool {
        example.value.at(&self.path).and_then(Json::scalar_text) == Some(self.value)
    }
}

/// The members that tell, for the whole set and for each family of replies in it.
pub(super) fn told_members<'a>(look: &Look<'a>) -> Vec<Told<'a>> {
    let all = look.set.endpoints.iter();
    let mut told = learn(all.clone());
    if look.set.envelopes.len() > 1 {
        for family in 0..look.set.envelopes.len() {
            told.extend(learn(all.clone().filter(|endpoint| endpoint.envelope == family)));
        }
    }
    told
}

#[derive(Default)]
struct Member<'a> {
    successes: BTreeMap<&'a str, usize>,
    failures: Vec<(&'a Endpoint, &'a Example)>,
}

fn learn<'a>(endpoints: impl Iterator<Item = &'a Endpoint>) -> Vec<Told<'a>> {
    let mut members: BTreeMap<Path, Member<'a>> = BTreeMap::new();
    for endpoint in endpoints {
        for section in &endpoint.sections {
            for example in section.examples.iter().filter(|example| !example.is_table) {
                for (path, text) in scalars(&example.value) {
                    let member = members.entry(path).or_default();
                    match section.kind {
                        SectionKind::Success => *member.successes.entry(text).or_default() += 1,
                        SectionKind::Error => member.failures.push((endpoint, example)),
                    }
                }
            }
        }
    }
    members.into_iter().filter_map(|(path, member)| told(path, member)).collect()
}

/// Nine successes in ten have one value; at most one failure in five has it, and two at least have another.
fn told<'a>(path: Path, member: Member<'a>) -> Option<Told<'a>> {
    let (value, alike) = member.successes.iter().max_by_key(|(_, number)| **number)?;
    let successes: usize = member.successes.values().sum();
    let of = |example: &'a Example| example.value.at(&path).and_then(Json::scalar_text);
    let proper: Vec<_> = member.failures.iter().filter(|(_, example)| of(example) != Some(value)).collect();
    let wrong = member.failures.len() - proper.len();
    let sure = successes > 1 && alike * 10 >= successes * 9 && proper.len() > 1 && wrong * 5 <= member.failures.len();
    let right = proper.first().and_then(|(_, example)| Some((example.place_of(&path), of(example)?)));
    sure.then_some(Told { value, proper: right, failures: member.failures, path })
}

/// The scalars of a reply and of the objects in it.
fn scalars(reply: &Json) -> impl Iterator<Item = (Path, &str)> {
    let outer = reply.as_object().into_iter().flatten();
    outer
        .flat_map(|(key, value)| {
            let inner = value.as_object().into_iter().flatten();
            let inner =
                inner.map(move |(below, value)| (vec![Step::Key(key.clone()), Step::Key(below.clone())], value));
            std::iter::once((vec![Step::Key(key.clone())], value)).chain(inner)
        })
        .filter_map(|(path, value)| Some((path, value.scalar_text()?)))
}

fn shown(path: &Path) -> String {
    let keys = path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(&**key),
        Step::Index(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    fn document(states: &[u8]) -> String {
        let block = |(at, state): (usize, &u8)| {
            format!(
                "+++\nget:/a{at}\n<<<\nsuccess\n{{\"code\":0,\"state\":1,\"data\":\"\"}}\n<<<\nerror\n{{\"code\":4{at},\"state\":{state},\"data\":\"\"}}\n+++\n"
            )
        };
        states.iter().enumerate().map(block).collect()
    }

    #[test]
    fn one_failure_says_success() {
        let odd = document(&[2, 2, 2, 2, 1]);
        assert_eq!(found("error-looks-like-success", &odd), ["44: this failure has the `state` of a success, 1"]);
        assert_eq!(helped("error-looks-like-success", &odd), ["write 2"]);
    }

    #[test]
    fn a_member_that_never_tells_is_left_alone() {
        assert!(found("error-looks-like-success", &document(&[1, 1, 1, 1])).is_empty());
        assert!(found("error-looks-like-success", &document(&[2, 2, 1, 1])).is_empty());
        assert!(found("error-looks-like-success", &document(&[1])).is_empty());
    }
}
