//! What a sentence says is added to a sum: `运费6元，满59元包邮`, `满88包邮，不满收8`, `free over 88, else 8`.
//!
//! In: the remarks about an endpoint that makes records, and a field of these that is added. Out: a fixed amount, and from which sum
//! on it is nothing.

use super::numbers;
use crate::behavior::collection::ItemField;
use crate::behavior::collection::items::gather::Gathering;
use crate::lexicon::{Lexicon, compact, label_head};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stated {
    pub amount: f64,
    /// From this sum on it is nothing.
    pub free_from: Option<f64>,
}

/// What is added to sums under many names, each kind with its words.
const KINDS: [&str; 3] = ["freight-fee", "packing-fee", "service-fee"];

impl Gathering<'_> {
    pub(in crate::behavior::collection) fn stated(&self, maker: usize, field: &ItemField) -> Option<Stated> {
        let lexicon = self.lexicon;
        let label = label_head(&field.words);
        let kind = KINDS.into_iter().find(|kind| {
            lexicon.is_named(kind, &compact(&field.key)) || (!label.is_empty() && lexicon.speaks_of(kind, label))
        });
        let speaks = |text: &str| {
            (label.chars().count() > 1 && text.contains(label))
                || kind.is_some_and(|kind| lexicon.speaks_of(kind, text))
                || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| *word == *field.key)
        };
        let mut told = self.page(maker).filter(|text| speaks(text)).filter_map(|text| stated(text, kind, lexicon));
        let first = told.next()?;
        // `满88包邮。` and `运费8元。` are two sentences.
        let rest = || told.find_map(|other| other.free_from);
        Some(Stated { free_from: first.free_from.or_else(rest), ..first })
    }
}

/// The fixed amount in a text, and from where on it is nothing.
fn stated(text: &str, kind: Option<&str>, lexicon: &Lexicon) -> Option<Stated> {
    let (mut fixed, mut free_from) = (None, None);
    for (before, number, after) in numbers(text) {
        let before = before.trim_end().trim_end_matches(['￥', '¥', ':', '：', '=']).trim_end();
        let has_unit = lexicon.begins_with("money-unit", after);
        let ends = after.chars().next().is_none_or(|c| !c.is_alphanumeric());
        let is_free = ["free-of-charge", "is-charged"].iter().any(|topic| lexicon.begins_with(topic, after));
        if lexicon.ends_with("from-sum", before) {
            if has_unit || ends || is_free {
                free_from = free_from.or(Some(number));
            }
        } else if has_unit || (ends && is_charged(before, kind, lexicon)) {
            fixed = fixed.or(Some(number));
        }
    }
    Some(Stated { amount: fixed?, free_from })
}

/// Whether what stands before a bare number says that so much is asked for.
fn is_charged(before: &str, kind: Option<&str>, lexicon: &Lexicon) -> bool {
    lexicon.ends_with("is-charged", before) || kind.is_some_and(|kind| lexicon.ends_with(kind, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_amounts_and_where_they_end() {
        let read = |text: &str| {
            stated(text, Some("freight-fee"), &Lexicon::standard()).map(|told| (told.amount, told.free_from))
        };
        for text in [
            "运费：商品金额满88包邮，不满收8元（看商品金额，不看减券后的）",
            "运费8元，满88元包邮",
            "运费 8，满 88 免运费",
            "满88元免邮，否则收8",
            "不足88收8块运费",
            "shipping is free over 88, otherwise 8 yuan",
        ] {
            assert_eq!(read(text), Some((8.0, Some(88.0))), "{text}");
        }
        assert_eq!(read("运费统一6元"), Some((6.0, None)));
        for text in ["满3件包邮", "运费由卖家出", "发货后3天内到"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
