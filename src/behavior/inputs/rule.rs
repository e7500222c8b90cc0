//! Rules that stand in words: lengths, ranges, required or not.
//!
//! In: a description, a remark, a failure's text. Out: the bounds that it states. `密码长度不可小于6位,大于16位` means that
//! what lies outside of 6 to 16 is wrong. The words are the lexicon's.

use crate::lexicon::{Bytes, CountWords, LengthWords, RuleWords, TimeWords};
use std::borrow::Cow;

/// Bounds in characters, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Length {
    pub min: Option<u32>,
    pub max: Option<u32>,
}

impl Length {
    pub fn holds(self, characters: usize) -> bool {
        self.min.is_none_or(|min| characters >= min as usize) && self.max.is_none_or(|max| characters <= max as usize)
    }

    fn is_stated(self) -> bool {
        (self.min.is_some() || self.max.is_some()) && self.min.zip(self.max).is_none_or(|(min, max)| min <= max)
    }
}

/// What a number with a unit is compared by.
#[derive(Clone, Copy, PartialEq)]
enum Comparison {
    Below,
    Above,
    AtLeast,
    AtMost,
}

/// In bytes; what stands further before a number says nothing of it.
const LONGEST_CLAUSE: usize = 600;

/// The length that a text states, in characters.
pub fn length(text: &str, words: &LengthWords) -> Option<Length> {
    let mut found = Length::default();
    let text = &*in_digits(text, words);
    // A negation binds what follows in the same sentence: `不可小于6位,大于16位`.
    for sentence in text.split(['。', ';', '；', '!', '！', '\n']) {
        let mut negated = false;
        if let Some(sum) = summed(sentence, words) {
            found = Length { min: Some(sum), max: Some(sum) };
            continue;
        }
        for (start, end, number) in numbers(sentence) {
            let before = &sentence[sentence.floor_char_boundary(start.saturating_sub(LONGEST_CLAUSE))..start];
            let rest = sentence[end..].trim_start();
            let clause = before.rsplit([',', '，', '、']).next().unwrap_or(before);
            let range = range_end(rest, words).or_else(|| between_end(clause, rest, words));
            if let Some((second, after)) = range {
                if has_unit(after, words) || contains(sentence, &words.length) {
                    found = Length { min: Some(number), max: Some(second) };
                }
                continue;
            }
            // `长度不超过 10`: what is compared is a length, without a unit.
            let ends = !sentence[end..].starts_with(char::is_alphanumeric)
                && !rest.starts_with(|c: char| c.is_alphabetic() && !c.is_ascii());
            let measured = || {
                let says = contains(clause, &words.length) || contains(clause, &words.longest);
                says && comparison(clause, words).is_some() && ends
            };
            if !has_unit(rest, words) && !measured() {
                continue;
            }
            negated |= contains(clause, &words.not);
            match comparison(clause, words) {
                Some(Comparison::Below) if negated => found.min = Some(number),
                Some(Comparison::Above) if negated => found.max = Some(number),
                Some(Comparison::Below) => found.max = Some(number.saturating_sub(1)),
                Some(Comparison::Above) => found.min = Some(number.saturating_add(1)),
                Some(Comparison::AtLeast) => found.min = Some(number),
                Some(Comparison::AtMost) => found.max = Some(number),
                None if rest_says(rest, &words.or_more, words) => found.min = Some(number),
                None if rest_says(rest, &words.or_less, words) || rest_ends(rest, words) => found.max = Some(number),
                None if found == Length::default()
                    && (contains(clause, &words.length) || is_exact(clause, rest, words)) =>
                {
                    found = Length { min: Some(number), max: Some(number) };
                }
                // `7位，新能源8位`: either.
                None if found.min.is_some() && found.min == found.max && is_either(clause, rest, words) => {
                    found = Length { min: found.min.min(Some(number)), max: found.max.max(Some(number)) };
                }
                None => {}
            }
        }
    }
    found.is_stated().then_some(found)
}

/// Whether a length is one without doubt: its unit or the word for it stands there, and not just `最长 30`.
pub fn counts_signs(text: &str, words: &LengthWords) -> bool {
    contains(text, &words.length) || numbers(text).any(|(_, end, _)| has_unit(text[end..].trim_start(), words))
}

/// `1位大写字母+5位数字`: parts that each have their length make up the whole.
fn summed(text: &str, words: &LengthWords) -> Option<u32> {
    let mut parts = 0_u32;
    let mut sum = 0_u32;
    for part in text.split(['+', '＋', '加']) {
        let mut all = numbers(part);
        let (_, end, number) = all.next()?;
        if all.next().is_some() || !has_unit(part[end..].trim_start(), words) {
            return None;
        }
        (parts, sum) = (parts + 1, sum.saturating_add(number));
    }
    (parts > 1).then_some(sum)
}

/// The bounds that a text states for a number: `1-50`, `100到500000`. What has a unit of characters is a length.
pub fn range(text: &str, words: &LengthWords) -> Option<(i64, i64)> {
    let mut all = numbers(text);
    let (start, end, least) = all.find(|(_, end, _)| range_end(text[*end..].trim_start(), words).is_some())?;
    let (most, after) = range_end(text[end..].trim_start(), words)?;
    // `2023-04-05`, `11:30-12:00`, `-1-2` are no bounds.
    let dated = text[..start].ends_with(['-', ':', '/', '~']) || after.starts_with(['-', ':', '/', '.']);
    (least < most && !dated && !has_unit(after, words) && !contains(text, &words.length))
        .then(|| (i64::from(least), i64::from(most)))
}

/// What follows a number as its unit is a word: 小时, 星, 晚.
const MOST_OF_UNIT: usize = 2;

/// Whether a text is the bounds of a number and its unit: `1-24`, `1到5`, `1~24小时`.
pub fn is_nothing_but_range(text: &str, words: &LengthWords) -> bool {
    let text = text.trim().trim_matches(['(', ')', '（', '）']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let Some((_, after)) = range_end(text[digits..].trim_start(), words).filter(|_| digits > 0) else {
        return false;
    };
    after.chars().count() <= MOST_OF_UNIT && after.chars().all(char::is_alphabetic)
}

/// Whether the bounds of a number stand alone behind what it is called, and no other number does: `打分 1-5`, `年龄,0-12`. Years and
/// what begins with a nought (`0512-6000`) are none; what only shows one (`价格区间 100-500`) is the caller's to know.
pub fn states_range_alone(text: &str, words: &LengthWords) -> bool {
    let marks = [',', '，', ';', '；', '。', ':', '：', '(', '（', ')', '）', ' ', '\t'];
    let mut clauses = text.split(marks).filter(|clause| !clause.is_empty());
    let is_named = clauses.next().is_some_and(|first| !first.contains(|c: char| c.is_ascii_digit()));
    let alone = clauses.any(|clause| is_nothing_but_range(clause, words));
    let years = |number: u32| (1900..2100).contains(&number);
    let mut count = 0;
    let plain = numbers(text).all(|(start, end, number)| {
        count += 1;
        !years(number) && (end - start == 1 || !text[start..].starts_with('0'))
    });
    is_named && alone && plain && count == 2
}

/// Whether a text says of a range that it is one of numbers: `1至10的整数`.
pub fn is_of_numbers(text: &str, words: &LengthWords) -> bool {
    contains(text, &words.whole)
}

/// The least and the most that a text states for a number, one by one: `至少1`, `不能小于1`, `大于0，最多5个`. What is not stated
/// has no bound; the least of what has only a most is nothing.
pub fn bounds(text: &str, words: &LengthWords) -> Option<(i64, i64)> {
    let (mut least, mut most) = (None, None);
    // What was said before another number was said of that: an example value can follow.
    let mut from = 0;
    for (start, end, number) in numbers(text) {
        let clause = text[from..start].rsplit([',', '，', '、', '。', ';', '；']).next().unwrap_or_default();
        from = end;
        if has_unit(text[end..].trim_start(), words) || contains(text, &words.length) {
            continue;
        }
        let number = i64::from(number);
        let negated = contains(clause, &words.not);
        match comparison(clause, words) {
            Some(Comparison::AtLeast) => least = Some(number),
            Some(Comparison::Below) if negated => least = Some(number),
            Some(Comparison::Above) if !negated => least = Some(number + 1),
            Some(Comparison::AtMost | Comparison::Above) => most = Some(number),
            // `最低5元，低于5元提示…` tells of one bound.
            Some(Comparison::Below) if least.is_none_or(|least| least < number) => most = Some(number - 1),
            Some(Comparison::Below) => {}
            // `10元起`, `100以内`
            None => {
                let rest = text[end..].trim_start();
                let sum = words.sums.iter().find_map(|unit| rest.strip_prefix(unit.as_str())).unwrap_or(rest);
                if starts(sum, &words.or_more) {
                    least = Some(number);
                } else if starts(sum, &words.or_less) {
                    most = Some(number);
                }
            }
        }
    }
    (least.is_some() || most.is_some()).then(|| (least.unwrap_or(0), most.unwrap_or(i64::MAX)))
}

fn contains(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}

fn starts(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.starts_with(word.as_str()))
}

/// `50字内`: the word is part of no longer one, such as 内容.
fn rest_ends(rest: &str, words: &LengthWords) -> bool {
    let units = words.units.iter().filter(|unit| rest.starts_with(unit.as_str()));
    let behind = &rest[units.map(String::len).max().unwrap_or(0)..];
    let ended = words.or_less_end.iter().filter_map(|word| behind.strip_prefix(word.as_str()));
    ended.into_iter().any(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn rest_says(rest: &str, said: &[String], words: &LengthWords) -> bool {
    let units = words.units.iter().filter(|unit| rest.starts_with(unit.as_str()));
    starts(&rest[units.map(String::len).max().unwrap_or(0)..], said)
}

/// `11位手机号`, `6位数字`: a bare number with its unit says how long, if nothing else is compared.
fn is_exact(clause: &str, rest: &str, words: &LengthWords) -> bool {
    let after_unit = rest.strip_prefix(words.exact_unit.as_str()).unwrap_or("");
    // `车架号 17位`, `编号，必须8位`: nothing else is said of it.
    let said = clause.trim_end();
    let alone = said.len() < clause.len() || words.exact_leads.iter().any(|lead| said.ends_with(lead.as_str()));
    clause.trim().is_empty()
        || starts(after_unit, &words.exact_followers)
        || (alone && is_either(clause, rest, words) && comparison(clause, words).is_none())
}

/// Whether a number of characters stands for another case, with nothing behind it: `新能源8位`.
fn is_either(clause: &str, rest: &str, words: &LengthWords) -> bool {
    let ends = |text: &str| text.chars().next().is_none_or(|next| !next.is_alphanumeric());
    !contains(clause, &words.parts) && rest.strip_prefix(words.exact_unit.as_str()).is_some_and(ends)
}

fn comparison(clause: &str, words: &LengthWords) -> Option<Comparison> {
    // Where two begin at one place (`大于`, `大于等于`), the longer word counts.
    let last =
        |words: &[String]| words.iter().filter_map(|word| Some((clause.rfind(word.as_str())?, word.len()))).max();
    let all = [
        (last(&words.below), Comparison::Below),
        (last(&words.above), Comparison::Above),
        (last(&words.at_least), Comparison::AtLeast),
        (last(&words.at_most), Comparison::AtMost),
    ];
    all.into_iter().filter_map(|(at, comparison)| Some((at?, comparison))).max_by_key(|(at, _)| *at).map(|(_, c)| c)
}

/// `-20位`, `~20`, `到20位`, `至20`: the other end of a range, and what follows it.
fn range_end<'t>(rest: &'t str, words: &LengthWords) -> Option<(u32, &'t str)> {
    let rest = rest.strip_prefix(words.exact_unit.as_str()).unwrap_or(rest);
    let mut joints = words.range_joints.iter();
    let after = joints.find_map(|joint| rest.strip_prefix(joint.trim_start()))?.trim_start();
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let number = after[..digits].parse().ok()?;
    Some((number, after[digits..].trim_start()))
}

/// `and 16 characters` of `between 8 and 16 characters`.
fn between_end<'t>(clause: &str, rest: &'t str, words: &LengthWords) -> Option<(u32, &'t str)> {
    let rest = rest.strip_prefix(words.exact_unit.as_str()).unwrap_or(rest);
    let joint = words.between_joints.iter().find_map(|joint| rest.strip_prefix(joint.as_str()));
    let after = joint.filter(|_| contains(clause, &words.between))?.trim_start();
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    Some((after[..digits].parse().ok()?, after[digits..].trim_start()))
}

/// A text whose counts of signs in words are written in digits: `不少于六位`, `六到十六位`, `at least eight characters`.
fn in_digits<'t>(text: &'t str, words: &LengthWords) -> Cow<'t, str> {
    let lower = || text.to_ascii_lowercase();
    // What is short begins other words, too: `四个字段`.
    let counted = |rest: &str| {
        let long = |unit: &&String| **unit == words.exact_unit || unit.chars().count() > 2;
        words.units.iter().filter(long).any(|unit| rest.starts_with(unit.as_str()))
    };
    let is_numeral = |text: &str| words.numerals.iter().find(|(word, _)| text.starts_with(word.as_str()));
    if !words.units.iter().any(|unit| text.contains(unit.as_str()))
        || !words.numerals.iter().any(|(word, _)| lower().contains(word.as_str()))
    {
        return text.into();
    }
    let (folded, mut out, mut at) = (lower(), String::with_capacity(text.len()), 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let inside = out.ends_with(|c: char| c.is_ascii_alphabetic()) && next.is_ascii_alphabetic();
        let found = is_numeral(&folded[at..]).filter(|(word, _)| {
            let rest = folded[at + word.len()..].trim_start();
            let joined = || {
                let joints = words.range_joints.iter().chain(&words.between_joints);
                let mut ends = joints.filter_map(|joint| rest.strip_prefix(joint.trim_start()));
                ends.any(|end| is_numeral(end.trim_start()).is_some())
            };
            !inside && (counted(rest) || joined())
        });
        let (length, number) = found.map_or((next.len_utf8(), None), |(word, number)| (word.len(), Some(number)));
        match number {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push(next),
        }
        at += length;
    }
    out.into()
}

fn has_unit(rest: &str, words: &LengthWords) -> bool {
    starts(rest, &words.units)
}

pub(super) fn numbers(text: &str) -> impl Iterator<Item = (usize, usize, u32)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(|c: char| c.is_ascii_digit())?;
            let end = start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
            at = end;
            let inside = text[..start].ends_with(|c: char| c.is_ascii_alphabetic() || c == '.');
            if let (false, Ok(number)) = (inside, text[start..end].parse()) {
                return Some((start, end, number));
            }
        }
    })
}

/// A span of time near words of a topic: `验证码 1800秒 内有效`, `expire: 300`, `半小时内有效`. In milliseconds.
pub fn time_span(text: &str, words: &TimeWords) -> Option<i64> {
    let counted = numbers(text).find_map(|(_, end, number)| {
        let rest = text[end..].trim_start();
        let (_, milliseconds) = words.units.iter().find(|(unit, _)| rest.starts_with(unit.as_str()))?;
        Some(i64::from(number).saturating_mul(*milliseconds))
    });
    counted.or_else(|| {
        let bytes = Bytes::of(text);
        let spans = words.spans.iter().filter(|(span, _)| bytes.may_make(span) && text.contains(span.as_str()));
        spans.max_by_key(|(span, _)| span.len()).map(|(_, milliseconds)| *milliseconds)
    })
}

/// How many digits something has that is known to be made of digits: `4位数字`, `六位`, `a 4-digit code`. What is a part of
/// something else (`手机号后4位`) or a range says nothing.
pub fn digits(text: &str, words: &RuleWords) -> Option<usize> {
    let lower = text.to_lowercase();
    let is_whole = |start: usize, end: usize| {
        let rest = lower[end..].trim_start();
        let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
        let before = lower[..start].trim_end();
        let joint = |text: &str| words.lengths.range_joints.iter().any(|joint| text.ends_with(joint.trim()));
        starts(rest, &words.lengths.digits)
            && !joint(before)
            && !words.lengths.parts.iter().any(|part| before.ends_with(part.as_str()))
    };
    let number = numbers(&lower).find(|(start, end, _)| is_whole(*start, *end)).map(|(.., number)| u64::from(number));
    let told = number.or_else(|| {
        let bytes = Bytes::of(&lower);
        words.counts.numerals.iter().filter(|(word, _)| bytes.may_make(word)).find_map(|(word, number)| {
            lower.match_indices(word.as_str()).any(|(at, _)| is_whole(at, at + word.len())).then_some(*number)
        })
    });
    told.and_then(|number| usize::try_from(number).ok()).filter(|number| (4..=8).contains(number))
}

/// How often, in digits or in words: `5次`, `三次`, `after 3 wrong passwords`.
pub fn count(text: &str, words: &CountWords) -> Option<u64> {
    let lower = text.to_lowercase();
    let is_unit = |rest: &str| words.units.iter().any(|unit| rest.trim_start().starts_with(unit.as_str()));
    let digits = numbers(&lower).find(|(_, end, _)| is_unit(&lower[*end..])).map(|(_, _, number)| u64::from(number));
    digits.or_else(|| {
        words.numerals.iter().find_map(|(word, number)| {
            let mut places = lower.match_indices(word.as_str());
            places.any(|(at, _)| is_unit(&lower[at + word.len()..])).then_some(*number)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn check(text: &str, min: Option<u32>, max: Option<u32>) {
        assert_eq!(
            length(text, &Lexicon::standard().rules().lengths),
            (min.is_some() || max.is_some()).then_some(Length { min, max }),
            "{text}"
        );
    }

    #[test]
    fn lengths_in_words_and_between_two_numbers() {
        check("密码最少是八位", Some(8), None);
        check("密码不少于六位", Some(6), None);
        check("六到十六位", Some(6), Some(16));
        check("The password must be between 8 and 16 characters", Some(8), Some(16));
        check("长度在8和16位之间", Some(8), Some(16));
        check("at least eight characters", Some(8), None);
        check("一位老师", None, None);
        check("地址id，四个字段没传的保持原样", None, None);
        check("十分重要", None, None);
    }

    #[test]
    fn lengths_in_words() {
        check("密码长度不可小于6位,大于16位", Some(6), Some(16));
        check("密码不能少于6位,多于16位", Some(6), Some(16));
        check("密码(6-20位)", Some(6), Some(20));
        check("6到20个字符", Some(6), Some(20));
        check("长度6~12", Some(6), Some(12));
        check("至少6位", Some(6), None);
        check("不超过50字", None, Some(50));
        check("备注，50字内", None, Some(50));
        check("备注（50字内）", None, Some(50));
        check("最多50个字", None, Some(50));
        check("密码必须大于等于6位", Some(6), None);
        check("6位以上", Some(6), None);
        check("6位及以上", Some(6), None);
        check("6位或更多", Some(6), None);
        check("20字及以下", None, Some(20));
        check("长度不超过 10", None, Some(10));
        check("长度至少 6", Some(6), None);
        check("昵称，最长10", None, Some(10));
        check("最长10天", None, None);
        check("密码，长度至少 8 tide2020", Some(8), None);
        check("at least 8 characters", Some(8), None);
        check("11位手机号", Some(11), Some(11));
        check("每页10条", None, None);
        check("1正常 0停用", None, None);
        check("2019-3-8", None, None);
    }

    #[test]
    fn bounds_behind_a_label() {
        let lexicon = Lexicon::standard();
        let check = |text: &str, expected| {
            assert_eq!(states_range_alone(text, &lexicon.rules().lengths), expected, "{text}");
        };
        for bounds in ["打分 1-5", "宝宝年龄,0-12", "分数，1～5", "评分（1—5）", "星级:1-5星", "score 1-100"]
        {
            check(bounds, true);
        }
        for other in [
            "状态 0-待付款 1-已付款",
            "1-男 2-女",
            "学年 2019-2020",
            "电话 0512-6000",
            "日期 2023-04-05",
            "大写字母数字 A-Z0-9",
            "打分 1-5，默认 3",
            "房号 3-1-201",
        ] {
            check(other, false);
        }
    }

    #[test]
    fn spans_of_time() {
        let lexicon = Lexicon::standard();
        let time_span = |text: &str| time_span(text, &lexicon.rules().times);
        assert_eq!(time_span("验证码 1800秒 内有效"), Some(1_800_000));
        assert_eq!(time_span("有效期10分钟"), Some(600_000));
        assert_eq!(time_span("60秒内最多发两次"), Some(60_000));
        assert_eq!(time_span("一个手机号"), None);
        assert_eq!(time_span("半小时内有效"), Some(1_800_000));
        assert_eq!(time_span("十五分钟内有效"), Some(900_000));
    }

    #[test]
    fn digits_of_a_passcode() {
        let lexicon = Lexicon::standard();
        let digits = |text: &str| digits(text, lexicon.rules());
        assert_eq!(digits("验证码4位数字"), Some(4));
        assert_eq!(digits("验证码是 6 位的"), Some(6));
        assert_eq!(digits("六位验证码"), Some(6));
        assert_eq!(digits("a 4-digit code by SMS"), Some(4));
        assert_eq!(digits("the code has 5 digits"), Some(5));
        assert_eq!(digits("手机号后4位"), None);
        assert_eq!(digits("4-6位数字"), None);
        assert_eq!(digits("11位手机号"), None);
    }
}
