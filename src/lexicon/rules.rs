//! Words in which rules are stated, as `data/rules.toml` lists them.

use super::memo::Memo;
use super::phrases::Phrases;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleWords {
    pub lengths: LengthWords,
    pub signs: SignWords,
    pub enumerations: EnumerationWords,
    pub times: TimeWords,
    pub counts: CountWords,
    pub deeds: DeedWords,
    pub products: ProductWords,
    pub made_up: MadeUpWords,
    pub joints: JointWords,
}

/// Between the words of a list, beside marks.
#[derive(Clone, Debug, Deserialize)]
pub struct JointWords {
    /// What means *or*.
    pub either: Vec<char>,
    /// What means *and*.
    pub both: Vec<char>,
    /// What means it, too, and stands inside other words besides.
    pub besides: Vec<char>,
}

impl JointWords {
    /// The pieces of a list whose words only stand for themselves: apart by marks, by blanks, by either joint.
    pub fn words_of<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        text.split(|c: char| "、，,/;； ".contains(c) || self.either.contains(&c) || self.both.contains(&c))
    }

    /// The pieces of what names several things, of whose words none has such a joint in it.
    pub fn things_of<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        text.split(|c: char| "、，,/|+()（）".contains(c) || self.both.contains(&c) || self.besides.contains(&c))
    }

    /// Whether a sign stands between what is listed, none of which is parted at its strokes: `sms/send、login`.
    pub fn parts(&self, c: char) -> bool {
        "、，,；;".contains(c) || self.both.contains(&c) || self.besides.contains(&c)
    }

    /// The pieces of a list of choices, each of which may have blanks in it.
    pub fn choices_of<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        text.split(|c: char| "、，,/|".contains(c) || self.either.contains(&c)).map(str::trim)
    }
}

/// In which it is stated from what a value is made up.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct MadeUpWords {
    pub defaults: Phrases,
    /// Between those and the value.
    pub leads: Vec<String>,
    /// Words that begin with one of those and are the value's own.
    pub whole: Vec<String>,
    pub joints: Vec<String>,
    /// The end of what an account is known by.
    pub tails: Vec<String>,
    /// What is drawn, and of which signs.
    pub random: Vec<String>,
    pub letters: Vec<String>,
    pub units: Vec<String>,
}

/// In which it is stated of which signs alone a value is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignWords {
    pub only: Vec<String>,
    pub either: Vec<String>,
    pub letter: Vec<String>,
    pub digit: Vec<String>,
    pub digits_alone: Vec<String>,
    pub underscore: Vec<String>,
    pub hyphen: Vec<String>,
    pub other: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LengthWords {
    pub units: Vec<String>,
    pub exact_unit: String,
    pub exact_followers: Vec<String>,
    /// The last words before a number that is exact.
    pub exact_leads: Vec<String>,
    pub below: Vec<String>,
    pub above: Vec<String>,
    pub at_least: Vec<String>,
    pub at_most: Vec<String>,
    pub not: Vec<String>,
    /// Units of money.
    pub sums: Vec<String>,
    /// Of what is weighed or measured.
    pub measures: Vec<String>,
    /// Of people and pieces.
    pub heads: Vec<String>,
    pub or_more: Vec<String>,
    pub or_less: Vec<String>,
    /// The same where nothing is written on.
    pub or_less_end: Vec<String>,
    pub range_joints: Vec<String>,
    /// `between 8 and 16`: what stands before a range whose ends these join.
    pub between: Vec<String>,
    pub between_joints: Vec<String>,
    /// Numbers in words, of signs; the longer first.
    pub numerals: Vec<(String, u32)>,
    pub length: Vec<String>,
    /// The same where no unit follows a number: `最长 10`; the first stands before the most.
    pub longest: Vec<String>,
    /// Of a range: that it is one of numbers.
    pub whole: Vec<String>,
    /// After the number of digits of something that is made of them.
    pub digits: Vec<String>,
    /// Before a number of signs that are only the end of something.
    pub parts: Vec<String>,
}

/// One value of an enumeration, and the words for it; for a bare list of values the words are the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub value: String,
    pub words: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EnumerationWords {
    pub quantities: Vec<String>,
    /// These make a number the least or the most: before it, and behind it and its unit.
    pub bounds_before: Vec<String>,
    pub bounds_behind: Vec<String>,
    pub joints: Vec<String>,
    pub introductions: Vec<String>,
    pub closings: Vec<String>,
    /// Before the value that counts where none is sent.
    pub defaults: Phrases,
    /// Words of a line that are about the parameter, and none of its values.
    pub asides: Vec<String>,
    /// Names of members: where one stands among words with their meanings, those are members, and no values.
    pub members: Vec<String>,
    /// Of a list of times: they only show a form, or there are others.
    pub samples: Vec<String>,
    /// Between the ends of a range in words.
    pub spans: Vec<String>,
    /// What texts have been found to list.
    #[serde(skip)]
    listed: Memo<Vec<Listed>>,
}

impl EnumerationWords {
    /// What a text lists: who has read it before need not read it again.
    pub fn listed(&self, text: &str, read: impl FnOnce() -> Vec<Listed>) -> Arc<Vec<Listed>> {
        self.listed.find(text, read)
    }

    pub(super) fn forget(&self) {
        self.listed.forget();
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct TimeWords {
    /// Unit and milliseconds.
    pub units: Vec<(String, i64)>,
    /// Spans whose number is a word.
    pub spans: Vec<(String, i64)>,
}

/// In which it is stated how often.
#[derive(Clone, Debug, Deserialize)]
pub struct CountWords {
    /// After a number.
    pub units: Vec<String>,
    /// Numbers in words.
    pub numerals: Vec<(String, u64)>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct DeedWords {
    /// Before a deed that a status allows, the longer before the shorter.
    pub permissions: Vec<String>,
    /// Before a deed that nobody has to do.
    pub automatic: Vec<String>,
    /// Before a deed that has come about.
    pub done: Vec<String>,
    /// After one.
    pub past: Vec<String>,
    /// After its first character alone.
    pub ended: Vec<String>,
    /// How statuses are called before a deed, and after it.
    pub due: Vec<String>,
    pub had: Vec<String>,
    /// Of writing about something.
    pub remarks: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProductWords {
    pub signs: Vec<String>,
    /// Between a product and what it makes.
    pub equals: Vec<String>,
    pub makes: Vec<String>,
    /// Before what a price is for one of.
    pub each: Vec<String>,
    /// In the names of numbers, beside what is counted.
    pub how_many: Vec<String>,
}
