//! Messages that name a parameter as the request has it: `loginIdentifier不能为空`, `missing user_id`.
//!
//! In: a message. Out: the name. What it says is said of that parameter and of no other, whatever it is for.

use crate::behavior::choose::Chooser;
use crate::behavior::failure::Failure;
use crate::lexicon::{Class, Lexicon, Role, compact};

/// The most that is said of a parameter that stands first: `不能为空`.
const MOST_SAID: usize = 8;

/// The name of a parameter in a message: one that no word of a sentence is written like, or one that stands before what is said
/// of it in another script.
pub(in crate::behavior) fn named_param<'t>(message: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let joined = |word: &&str| {
        let humped =
            word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
        word.len() > 3 && word.starts_with(|c: char| c.is_ascii_lowercase()) && (humped || word.contains('_'))
    };
    let words = message.split(|c: char| !is_sign(c)).filter(|word| !word.is_empty());
    let first = || {
        let end = message.find(|c: char| !is_sign(c)).unwrap_or(message.len());
        let (word, rest) = message.split_at(end);
        let rest = rest.trim();
        // `APP版本`: capitals alone are a word of the sentence.
        let lower = word.bytes().any(|byte| byte.is_ascii_lowercase());
        let said = lower && word.len() > 2 && !rest.is_ascii() && rest.chars().count() <= MOST_SAID;
        let classes = if said { lexicon.meaning(rest).classes } else { Vec::new() };
        matches!(classes.first(), Some(Class::Missing | Class::Malformed)).then_some(word)
    };
    words.clone().find(joined).or_else(first)
}

impl Chooser<'_> {
    /// Whether a failure names a parameter, and another than this input.
    pub(in crate::behavior) fn is_of_other_param(&self, at: usize, input: usize, failure: &Failure) -> bool {
        let named = named_param(&failure.message, self.lexicon);
        named.is_some_and(|name| compact(name) != compact(&self.inputs[at][input].name))
    }

    /// The token's own parameter where a failure of the endpoint's names it as missing, with that failure.
    pub(in crate::behavior) fn token_named(&self, at: usize) -> Option<(usize, &Failure)> {
        self.catalog.own[at].iter().find_map(|failure| {
            let name = compact(named_param(&failure.message, self.lexicon)?);
            let is_it = |input: &crate::behavior::Input| input.word == Role::Token && compact(&input.name) == name;
            let input = self.inputs[at].iter().position(is_it)?;
            (failure.classes.first() == Some(&Class::Missing)).then_some((input, failure))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_told_from_words() {
        let check = |message: &str, expected: Option<&str>| {
            assert_eq!(named_param(message, &Lexicon::standard()), expected, "{message}");
        };
        check("loginIdentifier不能为空", Some("loginIdentifier"));
        check("uid不能为空", Some("uid"));
        check("缺少参数 order_no", Some("order_no"));
        check("missing userId", Some("userId"));
        check("APP版本不能为空", None);
        check("username is required", None);
        check("QQ号格式不正确", None);
    }
}
