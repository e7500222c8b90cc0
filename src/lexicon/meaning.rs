//! What a message says, clause by clause: its class by the subjects and predicates that stand together in it.

use super::named::Named;
use super::texts::{clauses, either};
use super::{Class, Lexicon};
use serde::Deserialize;
use std::ops::Range;

/// What a message says: the classes of its clauses in order, and what it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    pub classes: Vec<Class>,
    /// Names of the subjects found (`account`, `phone`, …).
    pub subjects: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct ClassRow {
    class: Class,
    #[serde(default)]
    subjects: Vec<String>,
    /// One of these has to stand beside one of `subjects`.
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    predicates: Vec<String>,
}

impl Lexicon {
    /// What a message says, clause by clause.
    pub fn meaning(&self, message: &str) -> Meaning {
        Meaning::clone(&self.meanings.find(message, || self.new_meaning(message)))
    }

    fn new_meaning(&self, message: &str) -> Meaning {
        let mut meaning = self.meaning_of(clauses(message).flat_map(either));
        // `对方已将你拉黑`, `已经在黑名单里了` say nothing of how the caller's account stands.
        let shut = [
            ("shut-out-by", None),
            ("is-not-shut-out", Some(Class::NotSubmitted)),
            ("is-shut-out", Some(Class::Exists)),
        ];
        if let Some((_, class)) = shut.into_iter().find(|(topic, _)| self.speaks_of(topic, message)) {
            meaning.classes.retain(|class| *class != Class::ForbiddenStatus);
            if let Some(class) = class.filter(|class| !meaning.classes.contains(class)) {
                meaning.classes.insert(0, class);
            }
        }
        if meaning.classes.is_empty() && clauses(message).any(|clause| either(clause).nth(1).is_some()) {
            // `只有待处理或处理中的可以确认` says one thing, with an *or* inside.
            return self.meaning_of(clauses(message));
        }
        meaning
    }

    fn meaning_of<'t>(&self, clauses: impl Iterator<Item = &'t str>) -> Meaning {
        let mut meaning = Meaning::default();
        let mut carried: Vec<usize> = Vec::new();
        for clause in clauses.flat_map(|part| self.alternatives(part)) {
            let mut subjects: Vec<usize> = self.subjects.words.hits(clause).iter().map(|hit| hit.group).collect();
            if self.owners.iter().any(|owner| !owner.is_ascii() && clause.contains(owner.as_str())) {
                subjects.extend(self.subjects.names.iter().position(|name| name == "account"));
            }
            let predicates: Vec<usize> = self.predicates.words.hits(clause).iter().map(|hit| hit.group).collect();
            for subject in &subjects {
                let name = &*self.subjects.names[*subject];
                if !meaning.subjects.iter().any(|known| known == name) {
                    meaning.subjects.push(name.to_owned());
                }
            }
            if predicates.is_empty() {
                carried.extend(subjects);
                continue;
            }
            subjects.append(&mut carried);
            let named = |names: &Named, found: &[usize], wanted: &[String]| {
                wanted.is_empty() || found.iter().any(|at| wanted.iter().any(|name| *name == names.names[*at]))
            };
            let row = self.classes.iter().find(|row| {
                named(&self.predicates, &predicates, &row.predicates)
                    && named(&self.subjects, &subjects, &row.subjects)
                    && named(&self.subjects, &subjects, &row.with)
            });
            // `验证码还在有效期内，请输入`: what to do about it is not what is wrong.
            let advises = |class: Class| {
                class == Class::Missing && !meaning.classes.is_empty() && self.is_nothing_but("asks-for", clause)
            };
            let row = row.filter(|row| !advises(row.class));
            if let Some(row) = row.filter(|row| !meaning.classes.contains(&row.class)) {
                meaning.classes.push(row.class);
            }
            carried = subjects;
        }
        meaning
    }

    /// The subjects that a message speaks of, each with where it does.
    pub fn subjects_in<'l>(&'l self, message: &str) -> impl Iterator<Item = (&'l str, Range<usize>)> {
        let hits = self.subjects.words.hits(message).into_iter();
        hits.map(|hit| (&*self.subjects.names[hit.group], hit.start..hit.end))
    }

    /// `not found or expired` says two things; `Wrong email or password` one, as what is wrong stands before both.
    fn alternatives<'t>(&self, part: &'t str) -> Vec<&'t str> {
        match part.split_once(" or ") {
            Some((_, after)) if self.predicates.words.hits(after).is_empty() => vec![part],
            _ => part.split(" or ").map(str::trim).filter(|clause| !clause.is_empty()).collect(),
        }
    }
}
