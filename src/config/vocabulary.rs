//! Lists of names that the file may use, each asked from where it is kept.

use super::keys::CHECK_KINDS;
use crate::lexicon::{Lexicon, Operation, Role, StatusKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    Languages,
    Levels,
    Operations,
    Roles,
    Statuses,
    Topics,
    Subjects,
    Predicates,
    CheckKinds,
    Owners,
    /// Named by the caller: this stage does not know the others' rules.
    Rules,
}

impl Vocabulary {
    /// What one of the names names.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Languages => "a language",
            Self::Levels => "a level",
            Self::Operations => "an operation",
            Self::Roles => "a role",
            Self::Statuses => "a status",
            Self::Topics => "a topic",
            Self::Subjects => "a subject",
            Self::Predicates => "a predicate",
            Self::CheckKinds => "a kind of check",
            Self::Owners => "an owner",
            Self::Rules => "a rule",
        }
    }

    /// The names, with what they mean where that is to be said.
    pub(super) fn words(self, rules: &[&str]) -> Vec<(String, &'static str)> {
        let bare = |names: Vec<&str>| names.into_iter().map(|name| (name.to_owned(), "")).collect();
        let told =
            |words: &[(&str, &'static str)]| words.iter().map(|(name, says)| ((*name).to_owned(), *says)).collect();
        match self {
            Self::Languages => told(&[("zh", "Chinese."), ("en", "English.")]),
            Self::Levels => told(&[
                ("allow", "Not reported."),
                ("info", "Reported as a remark."),
                ("warning", "Reported as a warning."),
                ("error", "Reported as an error: `docsim check` fails."),
            ]),
            Self::Operations => Operation::ALL.iter().map(|term| (term.name().to_owned(), "")).collect(),
            Self::Roles => Role::ALL.iter().map(|term| (term.name().to_owned(), "")).collect(),
            Self::Statuses => StatusKind::ALL.iter().map(|term| (term.name().to_owned(), "")).collect(),
            Self::Topics => bare(Lexicon::standard().topic_names().collect()),
            Self::Subjects => bare(Lexicon::standard().subject_names().collect()),
            Self::Predicates => bare(Lexicon::standard().predicate_names().collect()),
            Self::CheckKinds => told(CHECK_KINDS),
            Self::Owners => told(&[
                ("caller", "A record belongs to the account that makes it."),
                ("nobody", "A record is everyone's."),
            ]),
            Self::Rules => {
                let own = super::RULES.iter().map(|(name, _, says)| ((*name).to_owned(), *says));
                let others = rules.iter().filter(|rule| !super::RULES.iter().any(|(own, ..)| own == *rule));
                others.map(|rule| ((*rule).to_owned(), "")).chain(own).collect()
            }
        }
    }

    pub(super) fn has(self, word: &str, rules: &[&str]) -> bool {
        match self {
            // The longest list, asked most often.
            Self::Rules => rules.contains(&word) || super::RULES.iter().any(|(name, ..)| *name == word),
            _ => self.words(rules).iter().any(|(known, _)| known == word),
        }
    }
}
