//! What some callers pay less: `会员8折`, `开通年卡后订场九折`, `members get 20% off`.
//!
//! In: sentences that speak of a discount, and the accounts' flags. Out: the flag with the values that have it, and by what a price is
//! multiplied then. A discount that names no flag (`满100打9折`, `首单8折`) is none of these.

use crate::behavior::account::others::is_flag;
use crate::behavior::account::{Field, enumerated};
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::{Confidence, Evidence};
use crate::json::Json;
use crate::lexicon::{Lexicon, label_head};
use crate::spec::Note;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Discount {
    /// The field of the caller's account that says whether there is one, and its values that say so.
    pub field: Arc<str>,
    pub values: Vec<Json>,
    pub factor: f64,
    pub because: Evidence,
}

impl Gathering<'_> {
    /// What a sentence beside an endpoint says, or one elsewhere that names what the endpoint does.
    pub(in crate::behavior::collection) fn discount(&self, at: usize) -> Option<Discount> {
        let told = self.said.on("discount-unit");
        if told.is_empty() {
            return None;
        }
        let own: Vec<&Note> = remarks(self.prose, self.endpoint(at)).collect();
        let deed = self.deed_named(at);
        let is_own = |note: &Note| own.iter().any(|known| known.place == note.place);
        let names_deed = |text: &str| deed.chars().count() > 1 && text.contains(deed.as_str());
        let all = told.iter().filter_map(|line| self.prose.get(*line));
        all.flat_map(|note| sentences(&note.text).map(move |text| (note, text)))
            .filter(|(note, text)| is_own(note) || names_deed(text))
            .find_map(|(note, text)| {
                let factor = factor(text, self.lexicon)?;
                let (field, values) = self.accounts.fields.iter().find_map(|field| {
                    let values = had_by(field, text, self.lexicon)?;
                    Some((Arc::clone(&field.key), values))
                })?;
                let because = Evidence::new(format!("`{}`", text.trim()), note.place, Confidence::Likely);
                Some(Discount { field, values, factor, because })
            })
    }

    /// What people call an endpoint's deed: `订场` of `8 订场`.
    fn deed_named(&self, at: usize) -> String {
        let title = self.endpoint(at).title.trim_start_matches(|c: char| !c.is_alphabetic());
        label_head(title).trim_end_matches(|c: char| !c.is_alphabetic()).to_owned()
    }
}

/// The values of a flag that a sentence names: by what they are called, or by what the flag asks (`是否会员`).
fn had_by(field: &Field, text: &str, lexicon: &Lexicon) -> Option<Vec<Json>> {
    let values = enumerated(&field.words, &field.initial, lexicon);
    let long = |word: &str| word.chars().count() > 1;
    let begins_down = |words: &str| lexicon.begins_with("flag-down", words);
    let called = |words: &str| long(words) && !begins_down(words) && text.contains(words);
    let named: Vec<Json> = values
        .iter()
        .filter(|item| called(label_head(&item.words)))
        .map(|item| field.initial.in_form(&item.value))
        .collect();
    if !named.is_empty() {
        return (named.len() < values.len()).then_some(named);
    }
    let asked = flag_named(&field.words, lexicon);
    // `余额,新用户0` is nought, and asks nothing.
    let is_asked = asked.len() < label_head(&field.words).len() || matches!(field.initial, Json::Bool(_));
    if (!is_asked && values.len() < 2) || !long(asked) || !text.contains(asked) || !is_flag(&field.initial) {
        return None;
    }
    let up = values.iter().find(|item| !begins_down(&item.words)).map(|item| field.initial.in_form(&item.value));
    let yes = || match field.initial {
        Json::Bool(_) => Json::Bool(true),
        _ => field.initial.in_form("1"),
    };
    Some(vec![up.unwrap_or_else(yes)])
}

/// What a flag asks: `会员` of `是否会员 0否 1是`.
pub(in crate::behavior) fn flag_named<'t>(words: &'t str, lexicon: &Lexicon) -> &'t str {
    let label = label_head(words);
    let end = lexicon.begins_with("whether-word", label).then(|| lexicon.after("whether-word", label)).flatten();
    end.and_then(|end| label.get(end..)).map_or(label, str::trim)
}

/// By what a price is multiplied: 0.8 for `8折`, 0.85 for `85折` and `八五折`, 0.8 for `20% off`.
fn factor(text: &str, lexicon: &Lexicon) -> Option<f64> {
    let start = lexicon.before("discount-unit", text)?;
    let before = text.get(..start)?.trim_end();
    if lexicon.begins_with("half-price", &text[start..]) {
        return Some(0.5);
    }
    let digits = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(before, |at| {
        let end = before[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        &before[end..]
    });
    let number = digits.parse::<f64>().ok().or_else(|| in_words(before, lexicon))?;
    let factor = match () {
        () if lexicon.begins_with("percent-off", &text[start..]) => 1.0 - number / 100.0,
        () if number < 10.0 => number / 10.0,
        () => number / 100.0,
    };
    (factor > 0.0 && factor < 1.0).then_some(factor)
}

/// `八` and `八五` at the end of a text.
fn in_words(text: &str, lexicon: &Lexicon) -> Option<f64> {
    let numerals = &lexicon.rules().counts.numerals;
    let one = |text: &str| {
        let found =
            numerals.iter().find(|(word, number)| *number < 10 && !word.is_ascii() && text.ends_with(word.as_str()));
        found.map(|(word, number)| (*number, text.len() - word.len()))
    };
    let (last, end) = one(text)?;
    let value = match text.get(..end).and_then(one) {
        Some((first, _)) => first * 10 + last,
        None => last,
    };
    u32::try_from(value).ok().map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_price() {
        let factor = |text: &str| factor(text, &Lexicon::standard());
        assert_eq!(factor("会员8折"), Some(0.8));
        assert_eq!(factor("会员打85折"), Some(0.85));
        assert_eq!(factor("会员享九折"), Some(0.9));
        assert_eq!(factor("会员八五折优惠"), Some(0.85));
        assert_eq!(factor("年卡会员9.5折"), Some(0.95));
        assert_eq!(factor("members get 20% off"), Some(0.8));
        assert_eq!(factor("会员半价"), Some(0.5));
        assert_eq!(factor("不打折"), None);
        assert_eq!(factor("会员优先"), None);
    }

    #[test]
    fn what_a_flag_asks() {
        let lexicon = Lexicon::standard();
        assert_eq!(flag_named("是否会员 0否 1是", &lexicon), "会员");
        assert_eq!(flag_named("会员", &lexicon), "会员");
    }
}
