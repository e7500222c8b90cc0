//! Enumerations whose values are numbers: `0:正常使用,1冻结,2:未审核`, `1正常 0停用`, `(1表示全职,2表示兼职)`.
//!
//! Which numbers of a text can be values, and which are lengths, dates, ranges or amounts instead.

use super::{Item, words_of};
use crate::lexicon::EnumerationWords;

/// Numbers at this depth of brackets, each with the words up to the next.
pub(super) fn numbered(text: &str, depth: usize, words: &EnumerationWords) -> Vec<Item> {
    let starts = starts(text, depth, words);
    let mut items: Vec<Item> = Vec::new();
    // `5公斤起,最多50公斤`: the least and the most are no values.
    if !starts.is_empty() && starts.iter().all(|(start, end)| is_bound(&text[..*start], &text[*end..], words)) {
        return items;
    }
    for (at, (start, end)) in starts.iter().enumerate() {
        let said = match starts.get(at + 1) {
            Some(next) => &text[*end..next.0],
            // `3已结束，不传全部`: what comes after is about all of them.
            None => text[*end..]
                .split_inclusive(|c| ",，;；。".contains(c))
                .find(|part| part.chars().any(char::is_alphanumeric))
                .unwrap_or(""),
        };
        let said = words_of(said, depth, &words.joints);
        let value = text[*start..*end].to_owned();
        // `2023-04-05 09:00:00`: digits and marks say nothing of a value.
        let speaks = said.chars().any(|c| c.is_alphabetic() || !c.is_ascii());
        if speaks && !items.iter().any(|item| item.value == value) {
            items.push(Item { value, words: said });
        }
    }
    items
}

/// A unit is a word of so many characters.
const LONGEST_UNIT: usize = 3;

/// Whether what stands around a number makes it the least or the most: `最多50公斤`, `5公斤起`.
fn is_bound(before: &str, after: &str, words: &EnumerationWords) -> bool {
    let mut before = before.trim_end();
    while let Some(rest) = words.joints.iter().find_map(|joint| before.strip_suffix(joint.as_str())) {
        before = rest.trim_end();
    }
    let clause = after.split([',', '，', ';', '；', '。', '、', '(', '（', ')', '）', ' ']).next().unwrap_or_default();
    let behind = |word: &String| {
        let unit = clause.strip_suffix(word.as_str());
        unit.is_some_and(|unit| unit.chars().count() <= LONGEST_UNIT)
    };
    words.bounds_before.iter().any(|word| before.ends_with(word.as_str())) || words.bounds_behind.iter().any(behind)
}

/// Where numbers begin and end that can be values.
fn starts(text: &str, wanted: usize, words: &EnumerationWords) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    let mut before = ' ';
    while let Some(c) = text[at..].chars().next() {
        match c {
            '(' | '（' | '【' | '[' => depth += 1,
            ')' | '）' | '】' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let signed =
            c == '-' && text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) && !before.is_ascii_alphanumeric();
        if (c.is_ascii_digit() || signed) && !before.is_ascii_alphanumeric() && before != '.' && before != '+' {
            let digits = &text[at + usize::from(signed)..];
            let length = digits.bytes().take_while(u8::is_ascii_digit).count() + usize::from(signed);
            let rest = &text[at + length..];
            let after = rest.chars().next();
            // `12 号 3 幢`: a unit can stand apart.
            let unit = |rest: &str| words.quantities.iter().any(|unit| rest.trim_start().starts_with(unit.as_str()));
            let quantity = unit(rest) && !counts_on(&text[at..at + length], rest, &unit);
            // `1轿车 2SUV 3商务车`: what comes next in the count may be called in Latin letters.
            let number = |start: usize, end: usize| text[start..end].parse::<i64>().ok();
            let last = found.last().and_then(|(start, end)| number(*start, *end));
            let is_next = last.is_some_and(|last| number(at, at + length) == Some(last + 1))
                && (before.is_whitespace() || ",，、;；".contains(before));
            let value = after.is_some_and(|after| {
                let word = after.is_ascii_alphabetic() && !is_next;
                !quantity && !word && !matches!(after, '.' | '~' | '～' | '/')
            });
            // `6-20`, `11:30`: a range or a time.
            let range = after.is_some_and(|c| c == '-' || c == ':')
                && text[at + length + 1..].starts_with(|c: char| c.is_ascii_digit());
            // `1 到 5`, `1至10`: so is what stands behind the joint.
            if let Some(end) = after_range(&text[at..], length, words) {
                before = '0';
                at += end;
                continue;
            }
            if value && !range && depth == wanted && length <= 6 {
                found.push((at, at + length));
            }
            before = '0';
            at += length;
            continue;
        }
        before = c;
        at += c.len_utf8();
    }
    found
}

/// Where a range in words ends that begins with a number: `1 到 5`, `1至10`, and not `1到 2迟到`.
fn after_range(text: &str, length: usize, words: &EnumerationWords) -> Option<usize> {
    let rest = &text[length..];
    let joined = rest.trim_start();
    let after = words.spans.iter().find_map(|joint| joined.strip_prefix(joint.as_str()))?;
    let number = after.trim_start();
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let even = (joined.len() < rest.len()) == (number.len() < after.len());
    (digits > 0 && even).then(|| text.len() - number.len() + digits)
}

/// `1日常 2求助`: a number whose words begin like a unit is a value where the next in the count comes after them, and is none.
fn counts_on(number: &str, rest: &str, is_unit: &dyn Fn(&str) -> bool) -> bool {
    let Ok(next) = number.parse::<i64>().map(|number| (number + 1).to_string()) else { return false };
    let after = rest.match_indices(next.as_str()).find_map(|(at, _)| {
        let apart = rest[..at].ends_with(|c: char| c.is_whitespace() || ",，、;；".contains(c));
        let rest = rest[at + next.len()..].trim_start();
        (apart && !rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
    });
    after.is_some_and(|after| after.starts_with(char::is_alphabetic) && !is_unit(after))
}
