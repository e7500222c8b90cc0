//! Bounds of a number that stand with what it counts: `1~50元`, `最少2元`, `不超过5人`, `5元起`.
//!
//! In: the words beside a parameter, a failure's text, a remark. Out: the least and the most. Money and people are numbers whatever
//! a parameter's type says; of other units (`1~30天`) only what says nothing else is a rule.

use super::rule;
use crate::behavior::collection::items::heads::is_quantity;
use crate::behavior::collection::prose::remarks;
use crate::behavior::failure::Catalog;
use crate::behavior::{Confidence, Evidence, Form, Input, InputRule};
use crate::lexicon::{Class, LengthWords, Lexicon, Role, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Note};

/// The bounds that are told with one unit for all the numbers of a text: `5公斤起,最多50公斤`, `不少于2桶，不超过20桶`. Both ends have to be
/// told where the unit is none that the lexicon knows.
pub(in crate::behavior) fn of_one_unit(text: &str, words: &LengthWords) -> Option<(i64, i64)> {
    let text = without_decimals(text);
    let known = |rest: &str| {
        let units = words.measures.iter().chain(&words.sums).chain(&words.heads);
        units.filter(|unit| rest.starts_with(unit.as_str())).map(String::len).max()
    };
    let ends = [&words.or_more, &words.or_less, &words.or_less_end, &words.range_joints];
    let mut unit: Option<&str> = None;
    let (mut bare, mut from, mut is_known, mut count) = (String::new(), 0, false, 0);
    for (start, end, _) in rule::numbers(&text) {
        let rest = &text[end..];
        let alphabetic = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let stop = rest[..alphabetic]
            .char_indices()
            .map(|(at, _)| at)
            .find(|at| ends.iter().any(|said| said.iter().any(|word| rest[*at..].starts_with(word.trim()))));
        let length = known(rest).or(stop).unwrap_or(alphabetic);
        is_known |= known(rest).is_some();
        let said = &rest[..length];
        // The number before a joint goes without: `5-50公斤`.
        let joined =
            said.is_empty() && words.range_joints.iter().any(|joint| rest.trim_start().starts_with(joint.trim()));
        if !joined {
            let fits = said.chars().count() <= MOST_OF_UNIT
                && !said.is_empty()
                && !words.units.iter().any(|word| word == said);
            if !fits || unit.is_some_and(|unit| unit != said) {
                return None;
            }
            unit = Some(said);
        }
        count += 1;
        bare.push_str(&text[from..end]);
        _ = start;
        from = end + length;
    }
    bare.push_str(&text[from..]);
    let (least, most) = rule::range(&bare, words).or_else(|| rule::bounds(&bare, words))?;
    let closed = count == 2 && least > 0 && most < i64::MAX;
    (unit.is_some() && least <= most && (is_known || closed)).then_some((least, most))
}

/// In characters.
const MOST_OF_UNIT: usize = 3;

pub(in crate::behavior) fn unit_bounds(text: &str, words: &LengthWords) -> Option<(i64, i64)> {
    let units = || words.sums.iter().chain(&words.heads).chain(&words.measures);
    let clauses = text.split([',', '，', ';', '；', '。', '(', '（', ')', '）', ' ']);
    clauses.filter(|clause| clause.bytes().any(|byte| byte.is_ascii_digit())).find_map(|clause| {
        let mut clause = without_decimals(clause);
        if !units().any(|unit| stands_behind_number(&clause, unit)) {
            return None;
        }
        // `1元~50元`
        for (unit, joint) in units().flat_map(|unit| words.range_joints.iter().map(move |joint| (unit, joint.trim()))) {
            let between = format!("{unit}{joint}");
            if clause.contains(&between) {
                clause = clause.replace(&between, joint);
            }
        }
        rule::range(&clause, words).or_else(|| rule::bounds(&clause, words)).filter(|(least, most)| least <= most)
    })
}

/// `10.00` as `10`.
fn without_decimals(text: &str) -> String {
    let mut left = text.to_owned();
    for zeros in [".00", ".0"] {
        while let Some(at) = left.find(zeros) {
            let end = at + zeros.len();
            let counts = left[..at].ends_with(|c: char| c.is_ascii_digit())
                && !left[end..].starts_with(|c: char| c.is_ascii_digit());
            if !counts {
                break;
            }
            left.replace_range(at..end, "");
        }
    }
    left
}

fn stands_behind_number(text: &str, unit: &str) -> bool {
    text.match_indices(unit).any(|(at, _)| text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()))
}

/// What may be a number that is counted.
pub(in crate::behavior) fn may_count(input: &Input) -> bool {
    matches!(input.word, Role::Plain | Role::Amount) && !input.discriminates && !input.routes && is_free(input)
}

fn is_free(input: &Input) -> bool {
    !input.rules.iter().any(|rule| matches!(rule.form, Form::Range(..) | Form::OneOf(_) | Form::Length(_)))
}

/// What remarks and failures say of inputs that say nothing of it themselves.
pub(in crate::behavior) fn stated(
    set: &DocSet,
    lexicon: &Lexicon,
    catalog: &Catalog,
    prose: &[Note],
    inputs: &mut [Vec<Input>],
) {
    let words = &lexicon.rules().lengths;
    for (at, inputs) in inputs.iter_mut().enumerate() {
        if !inputs.iter().any(may_count) {
            continue;
        }
        let refusals = catalog.own[at].iter().filter(|failure| failure.classes.first() == Some(&Class::Malformed));
        let refusals = refusals.map(|failure| (failure.message.as_str(), failure.place));
        let notes = remarks(prose, &set.endpoints[at]).map(|note| (note.text.as_str(), note.place));
        let told = notes
            .chain(refusals)
            .flat_map(|(text, place)| text.split([',', '，', ';', '；', '。']).map(move |clause| (clause, place)));
        // `超过3人的要审批` refuses nothing.
        let clauses: Vec<_> = told.filter(|(clause, _)| !lexicon.speaks_of("needs-review", clause)).collect();
        let told = clauses.iter().filter_map(|(clause, place)| Some((*clause, *place, unit_bounds(clause, words)?)));
        let told: Vec<_> = told.collect();
        for input in inputs.iter_mut().filter(|input| may_count(input)) {
            let label = label_head(&input.label);
            if is_quantity(&input.name, label, lexicon) {
                let bound = |(clause, place): &(&str, Place)| {
                    let end = behind(clause, &input.name, label)?;
                    Some((clause.trim().to_owned(), *place, bare_bounds(&clause[end..], words)?))
                };
                if let Some((clause, place, (least, most))) = clauses.iter().find_map(bound) {
                    let because = Evidence::new(clause, place, Confidence::Likely);
                    input.rules.push(InputRule { form: Form::Range(least, most), because });
                    continue;
                }
            }
            let names = |clause: &str| {
                label.chars().count() > 1 && !label.is_ascii() && clause.contains(label)
                    || crate::behavior::collection::prose::words(clause).any(|word| *word == *input.name)
            };
            if let Some((clause, place, (least, most))) = told.iter().find(|(clause, ..)| names(clause)) {
                let because = Evidence::new(*clause, *place, Confidence::Likely);
                input.rules.push(InputRule { form: Form::Range(*least, *most), because });
            }
        }
    }
}

/// Where a clause that begins with an input goes on: `num 最小 1`, `数量至少为1`.
fn behind(clause: &str, name: &str, label: &str) -> Option<usize> {
    let start =
        clause.len() - clause.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '-')).len();
    let goes_on = |end: usize| !clause[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    [name, label].into_iter().filter(|head| !head.is_empty() && clause[start..].starts_with(head)).find_map(|head| {
        let end = start + head.len();
        (goes_on(end) && (head == name || !label.is_ascii())).then_some(end)
    })
}

/// `最小 1`, `必须大于0`, `不能超过99`: a number that nothing stands behind. `大于5打九折` is none.
fn bare_bounds(said: &str, words: &LengthWords) -> Option<(i64, i64)> {
    let mut numbers = said.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let number = numbers.next().filter(|_| numbers.next().is_none())?;
    let rest = said[said.find(number)? + number.len()..].trim();
    (rest.chars().count() <= 1).then_some(())?;
    rule::bounds(said, words).filter(|(least, most)| least <= most && *most > 0)
}

/// The sums that can be sent where they are a few: `50/100/200`, `只能是30、50、100元`. What only shows some (`如 50/100`) says nothing.
pub(in crate::behavior) fn steps(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let lengths = &lexicon.rules().lengths;
    let clauses = text.split(['，', ',', '。', ';', '；', '(', '（', ')', '）']);
    let told = clauses.filter(|clause| !lexicon.speaks_of("open-list", clause)).find_map(|clause| {
        let start = clause.find(|c: char| c.is_ascii_digit())?;
        let closed = lexicon.speaks_of("closed-list", &clause[..start]);
        let pieces: Vec<&str> = lexicon.rules().joints.choices_of(&clause[start..]).collect();
        let number = |(at, piece): (usize, &&str)| {
            let piece = piece.trim();
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let rest = piece[digits..].trim();
            let unit = lengths.sums.iter().any(|unit| rest == unit.as_str());
            // Behind the last stands what else is to be said.
            let ends = at + 1 == pieces.len() && piece[digits..].starts_with(char::is_whitespace);
            (digits > 0 && (rest.is_empty() || unit || ends)).then(|| piece[..digits].to_owned())
        };
        let values = pieces.iter().enumerate().map(number).collect::<Option<Vec<String>>>()?;
        let rises = values.iter().zip(values.iter().skip(1)).all(|(one, next)| {
            one.parse::<u64>().ok().zip(next.parse::<u64>().ok()).is_some_and(|(one, next)| one < next)
        });
        (rises && values.len() >= if closed { 2 } else { 3 }).then_some(values)
    });
    told.unwrap_or_default()
}

/// The numbers of which one can be sent, with a word between them: `借几天,7或14或30`.
pub(in crate::behavior) fn either_of(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let joints = &lexicon.rules().joints;
    let clauses = text.split(['，', ',', '。', ';', '；', '(', '（', ')', '）', ' ', ':', '：']);
    let numbers = |clause: &str| {
        let listed = &clause[clause.find(|c: char| c.is_ascii_digit())?..];
        listed.contains(&joints.either[..]).then_some(())?;
        let pieces: Vec<&str> = joints.choices_of(listed).collect();
        let number = |(at, piece): (usize, &&str)| {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            // Behind the last stands what they count.
            let counts = at + 1 == pieces.len() && piece[digits..].chars().count() <= 1;
            (digits > 0 && (digits == piece.len() || counts)).then(|| piece[..digits].to_owned())
        };
        pieces.iter().enumerate().map(number).collect::<Option<Vec<String>>>()
    };
    clauses.filter_map(numbers).find(|values| values.len() > 2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_some_numbers() {
        let lexicon = Lexicon::standard();
        let either = |text: &str| either_of(text, &lexicon).join(" ");
        assert_eq!(either("借几天,7或14或30"), "7 14 30");
        assert_eq!(either("天数 7、14或30天"), "7 14 30");
        assert_eq!(either("类型 0或不传全部"), "");
        assert_eq!(either("状态 0待付款或1已付款或2已取消"), "");
    }

    #[test]
    fn bounds_with_their_units() {
        let bounds = |text: &str| unit_bounds(text, &Lexicon::standard().rules().lengths);
        assert_eq!(bounds("赏金，1~50元"), Some((1, 50)));
        assert_eq!(bounds("金额 1.00-50.00元"), Some((1, 50)));
        assert_eq!(bounds("金额在1元到50元之间"), Some((1, 50)));
        assert_eq!(bounds("最少2元"), Some((2, i64::MAX)));
        assert_eq!(bounds("提现金额不能少于10元"), Some((10, i64::MAX)));
        assert_eq!(bounds("2元起"), Some((2, i64::MAX)));
        assert_eq!(bounds("人数，不超过5人"), Some((0, 5)));
        assert_eq!(bounds("一次最多约4人"), Some((0, 4)));
        assert_eq!(bounds("标题，2-20个字"), None);
        assert_eq!(bounds("每人20元"), None);
        assert_eq!(bounds("1元钱一次"), None);
    }

    #[test]
    fn bounds_of_one_unit() {
        let bounds = |text: &str| of_one_unit(text, &Lexicon::standard().rules().lengths);
        for text in [
            "公斤,整数,5公斤起,最多50公斤",
            "最少5公斤,最多50公斤",
            "不少于5桶,不超过50桶",
            "预估重量 5kg以上，50kg以内",
            "5-50公斤",
            "5公斤到50公斤",
        ] {
            assert_eq!(bounds(text), Some((5, 50)), "{text}");
        }
        assert_eq!(bounds("最多50公斤"), Some((0, 50)));
        for text in ["10公斤以内20元，每超1公斤加2元", "6位以上，20位以下", "最多3罐", "口味 1甜 2咸", "2023年5月"]
        {
            assert_eq!(bounds(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_behind_what_they_are_of() {
        let bounds = |clause: &str| {
            let end = behind(clause, "num", "数量")?;
            bare_bounds(&clause[end..], &Lexicon::standard().rules().lengths)
        };
        assert_eq!(bounds(" num 最小 1"), Some((1, i64::MAX)));
        assert_eq!(bounds("`num` 必须大于0"), Some((1, i64::MAX)));
        assert_eq!(bounds("数量至少为1件"), Some((1, i64::MAX)));
        assert_eq!(bounds("数量不能超过99"), Some((0, 99)));
        assert_eq!(bounds("数量大于5打九折"), None);
        assert_eq!(bounds("number 最小 1"), None);
        assert_eq!(bounds("数量累加"), None);
        assert_eq!(bounds("加完以后的数量不超过99"), None);
    }

    #[test]
    fn sums_of_a_few_steps() {
        let lexicon = Lexicon::standard();
        let steps = |text: &str| super::steps(text, &lexicon).join(" ");
        assert_eq!(steps("充值金额 50/100/200"), "50 100 200");
        assert_eq!(steps("面额，30元/50元/100元"), "30 50 100");
        assert_eq!(steps("金额，只能是50或100"), "50 100");
        assert_eq!(steps("金额 20、50、100、200 单位元"), "20 50 100 200");
        assert_eq!(steps("金额，如 50/100/200"), "");
        assert_eq!(steps("金额 50/100"), "");
        assert_eq!(steps("满100减20"), "");
        assert_eq!(steps("时间 2023/04/05"), "");
    }
}
