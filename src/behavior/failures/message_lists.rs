//! What a failure can say, listed beside a block where all of an endpoint's failures carry one code: `info 可能是：` with a line for
//! each, or `失败提示：手机号格式错误、验证码不正确`.
//!
//! In: an endpoint's notes and its failures so far. Out: the failures that only the list has.

use crate::behavior::Failure;
use crate::behavior::failure::{Origin, from_row};
use crate::json::Step;
use crate::lexicon::Lexicon;
use crate::spec::{CodeRow, DocSet, Endpoint, Note};
use std::sync::Arc;

/// Longer lines are sentences about failures.
const LONGEST: usize = 30;

/// The failures that are listed and not among those known; `code` is what failures of the set carry, where that is one.
pub(in crate::behavior) fn listed(
    set: &DocSet,
    (at, endpoint): (usize, &Endpoint),
    known: &[Failure],
    code: Option<&Arc<str>>,
    lexicon: &Lexicon,
) -> Vec<Failure> {
    if endpoint.notes.is_empty() {
        return Vec::new();
    }
    let own = super::left_over::only_code(known.iter());
    let Some(code) = own.or_else(|| code.filter(|_| known.is_empty()).cloned()) else { return Vec::new() };
    let envelope = set.envelope(endpoint);
    let keys: Vec<&str> = envelope
        .message
        .iter()
        .filter_map(|path| match path.last() {
            Some(Step::Key(key)) => Some(&**key),
            _ => None,
        })
        .collect();
    let mut found: Vec<Failure> = Vec::new();
    for (place, messages) in lists(&endpoint.notes, &keys, lexicon) {
        let row = |text: &str| {
            let row = CodeRow {
                code: Arc::clone(&code),
                text: text.to_owned(),
                when: String::new(),
                http_status: None,
                place,
            };
            from_row(&row, text, Origin::Quote, Some(at), lexicon)
        };
        let failures: Vec<Failure> = messages.into_iter().map(row).collect();
        let understood = failures.iter().filter(|failure| !failure.classes.is_empty()).count();
        // What mostly says nothing of what can be wrong lists something else.
        if failures.len() > 1 && understood * 2 >= failures.len() {
            let is_new = |failure: &Failure| known.iter().all(|other| other.message != failure.message);
            found.extend(failures.into_iter().filter(is_new));
        }
    }
    found
}

/// The messages behind each line that leads to some.
fn lists<'n>(notes: &'n [Note], keys: &[&str], lexicon: &Lexicon) -> Vec<(crate::source::Place, Vec<&'n str>)> {
    let leads = |text: &str| {
        let named = keys.iter().any(|key| crate::behavior::collection::prose::words(text).any(|word| word == *key));
        let told = lexicon.speaks_of("failure-texts", text);
        (named && (told || lexicon.speaks_of("one-of-these", text)))
            || (told && lexicon.speaks_of("one-of-these", text))
    };
    let mut found = Vec::new();
    for (at, note) in notes.iter().enumerate() {
        let text = note.text.trim();
        let Some(colon) = text.find([':', '：']) else { continue };
        let (before, rest) = (&text[..colon], text[colon..].trim_start_matches([':', '：']).trim());
        if !leads(before) {
            continue;
        }
        let messages: Vec<&str> = if rest.is_empty() {
            notes[at + 1..].iter().map_while(|note| bullet(&note.text)).collect()
        } else {
            rest.split(['、', '/', '|', ';', '；', '，', ',']).map(bare).collect()
        };
        if messages.iter().all(|text| (2..=LONGEST).contains(&text.chars().count())) {
            found.push((note.place, messages));
        }
    }
    found
}

/// A line of a list, without its mark.
fn bullet(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let marked = text.strip_prefix(['-', '*', '•', '·', '–']);
    let numbered = || {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < text.len() { rest.strip_prefix(['.', '、', ')', '）']) } else { None }
    };
    marked.or_else(numbered).map(bare)
}

fn bare(text: &str) -> &str {
    text.trim().trim_matches(['`', '"', '\'', '“', '”', '「', '」', '。', '.']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place, Span};

    fn check(lines: &[&str], expected: &[&str]) {
        let place = Place { file: FileId::default(), span: Span::default() };
        let notes: Vec<Note> = lines.iter().map(|text| Note { text: (*text).to_owned(), place }).collect();
        let found = lists(&notes, &["info"], &Lexicon::standard());
        let found: Vec<&str> = found.into_iter().flat_map(|(_, messages)| messages).collect();
        assert_eq!(found, expected, "{lines:?}");
    }

    #[test]
    fn messages_stand_on_lines_of_their_own_or_behind_a_colon() {
        check(&["info 可能是：", "- 手机号不对", "- 验证码不对", "别的说明"], &["手机号不对", "验证码不对"]);
        check(&["失败提示有：手机号不对、验证码不对"], &["手机号不对", "验证码不对"]);
        check(&["可能的错误信息：", "1. 手机号不对", "2. `验证码不对`"], &["手机号不对", "验证码不对"]);
        check(&["state 可能是：", "- 已支付", "- 未支付"], &[]);
        check(&["注意：要先登录"], &[]);
    }
}
