//! What may stand at a place of the file, as data. The reader holds a file against it; the JSON Schema is written from
//! it. So the two cannot disagree about keys, types or bounds.

use super::form::TextForm;
use super::vocabulary::Vocabulary;

/// What a value must be.
#[derive(Debug)]
pub(super) enum Shape {
    /// A text of a form. Other scalars that are allowed become texts.
    Text(&'static TextForm, Scalars),
    Flag,
    /// A whole number, bounds included.
    Whole {
        least: i64,
        most: i64,
    },
    /// A length of time, as text with units or as a number of seconds; at least so many milliseconds.
    Duration {
        least: i64,
    },
    /// One of the words.
    Word(Vocabulary),
    /// Any scalar, kept as JSON.
    Scalar,
    /// Anything, kept as JSON.
    Any,
    /// A list, or what else.
    Either {
        list: &'static Shape,
        other: &'static Shape,
    },
    List {
        items: &'static Shape,
        /// The key of which no two items may have the same text.
        unique: Option<&'static str>,
    },
    Table(TableShape),
}

/// Which scalars may be written where a text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalars {
    Texts,
    /// Codes are numbers for one team and texts for the next; a few are `false`.
    Codes,
    All,
}

#[derive(Debug)]
pub(super) struct TableShape {
    pub(super) keys: &'static [Key],
    /// What any other key is; none where there is no other.
    pub(super) other: Option<Other>,
}

/// One key and its value.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// What it means: shown by editors.
    pub(super) says: &'static str,
    pub(super) shape: Shape,
    /// The key with a value, as one would write it: shown in help.
    pub(super) sample: &'static str,
    pub(super) required: bool,
}

/// Keys that the user names, all with values of one shape.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) names: Names,
    pub(super) says: &'static str,
    pub(super) shape: &'static Shape,
    pub(super) sample: &'static str,
}

#[derive(Debug)]
pub(super) enum Names {
    Of(&'static TextForm),
    Known(Vocabulary),
}

impl Shape {
    /// A table of these keys and no others.
    pub(super) const fn keys(keys: &'static [Key]) -> Self {
        Self::Table(TableShape { keys, other: None })
    }

    pub(super) const fn map(other: Other) -> Self {
        Self::Table(TableShape { keys: &[], other: Some(other) })
    }

    pub(super) const fn list(items: &'static Shape) -> Self {
        Self::List { items, unique: None }
    }

    /// In words, to follow "write" or "is not".
    pub(super) fn wanted(&self) -> String {
        match self {
            Self::Text(form, _) => form.noun.to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Self::Duration { least: 0 } => "a length of time, at most 100 years".to_owned(),
            Self::Duration { .. } => "a length of time above 0, at most 100 years".to_owned(),
            Self::Word(words) => format!("the name of {}", words.noun()),
            Self::Scalar => "a text, a number, true or false".to_owned(),
            Self::Any => "a value".to_owned(),
            Self::Either { other, .. } => format!("a list, or {}", other.wanted()),
            Self::List { .. } => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}

impl Key {
    pub(super) const fn new(name: &'static str, says: &'static str, shape: Shape, sample: &'static str) -> Self {
        Self { name, says, shape, sample, required: false }
    }

    pub(super) const fn required(name: &'static str, says: &'static str, shape: Shape, sample: &'static str) -> Self {
        Self { name, says, shape, sample, required: true }
    }
}
