//! Closed lists of words as values: `难度，只能是 简单/中等/困难`.
//!
//! In: the words beside a parameter, remarks that name it, and failures about it. Out: the values that it takes, where something says
//! that there are no others. Examples (`如微辣、中辣`) and lists that go on (`…等`) are none.

use crate::behavior::choose::Chooser;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::failure::Failure;
use crate::behavior::failures::code_words;
use crate::behavior::{Confidence, Evidence, Form, Input, InputRule};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use crate::spec::{Endpoint, Note};
use std::collections::HashMap;

const MOST_OF_WORD: usize = 8;

/// Adds the lists that are closed to the inputs that they bind.
pub(in crate::behavior) fn close(
    chooser: &Chooser<'_>,
    kinds: &[Operation],
    prose: &[Note],
) -> Vec<(usize, usize, InputRule)> {
    let lexicon = chooser.lexicon;
    let mut found = Vec::new();
    let mut lists: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, inputs) in chooser.inputs.iter().enumerate().filter(|(at, _)| kinds[*at] != Operation::List) {
        let closed = |input: &&Input| input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_)));
        inputs.iter().filter(closed).for_each(|input| lists.entry(compact(&input.name)).or_default().push(at));
    }
    for (at, inputs) in chooser.inputs.iter().enumerate() {
        // A list can have nothing that fits instead of refusing.
        let filters = kinds[at] == Operation::List;
        let endpoint = &chooser.set.endpoints[at];
        let refusals = || chooser.catalog.own[at].iter().filter(|failure| failure.classes.contains(&Class::Malformed));
        for (number, (input, param)) in inputs.iter().zip(&endpoint.params).enumerate() {
            if !may_choose(input) {
                continue;
            }
            let words = param.all_words();
            // `没有这个分类` refuses a value as `分类不正确` does.
            let refuses = |failure: &Failure| {
                let unknown = input.word == Role::Plain && failure.classes.first() == Some(&Class::NotFound);
                unknown || failure.classes.contains(&Class::Malformed)
            };
            let refused = || chooser.naming(at, number).any(refuses);
            if filters && !refused() {
                continue;
            }
            let shown = param.default.as_deref().unwrap_or_default();
            let own = list_in(&param.description, lexicon).or_else(|| list_in(&param.label, lexicon));
            let has = |list: &[String]| list.iter().any(|word| word == shown);
            // `male female unknown` where one of them is what records show.
            let bare = || bare_words(&param.description).or_else(|| bare_words(&param.label));
            // `GENDER_INVALID` names what it refuses.
            let coded = || {
                let named = |failure: &&Failure| code_words::names(&failure.code, &input.name);
                chooser.catalog.own[at].iter().find(named).is_some_and(refuses)
            };
            let is_refused = || refused() || coded();
            let own = own
                .or_else(|| bare().filter(|list| !filters && is_refused() && shown_in(chooser, at, &input.name, list)));
            let closed = own.filter(|list| {
                (shown.is_empty() || has(list)) && (lexicon.speaks_of("closed-list", &words) || is_refused())
            });
            let label = label_head(&input.label);
            let names = |text: &str| label.chars().count() > 1 && text.contains(label);
            let told = || {
                let notes = remarks(prose, endpoint).map(|note| (note.text.as_str(), note.place));
                let failures = refusals().map(|failure| (failure.message.as_str(), failure.place));
                notes.chain(failures).find_map(|(text, place)| {
                    let said = |text: &&str| names(text) && lexicon.speaks_of("closed-list", text);
                    let list = sentences(text).filter(said).find_map(|text| list_in(text, lexicon))?;
                    (shown.is_empty() || has(&list)).then(|| (list, Evidence::new(text, place, Confidence::Likely)))
                })
            };
            // `邀请码，目前固定是7788`, where a failure says that it is wrong.
            let fixed = constant(&words, lexicon).filter(|_| refused() || chooser.tells_wrong(at, number));
            let closed = fixed.map(|value| vec![value]).or(closed);
            let closed = closed.map(|list| (list, Evidence::new(words.clone(), param.place, Confidence::Likely)));
            // A list that is filtered by what is kept refuses what making it refuses, in the same words.
            let lent = || {
                let refusal = chooser.naming(at, number).find(|failure| failure.classes.contains(&Class::Malformed))?;
                let lenders = lists.get(&compact(&input.name))?.iter();
                let same = |lender: &usize| {
                    let own = &chooser.catalog.own[*lender];
                    own.iter().any(|known| known.code == refusal.code && known.message == refusal.message)
                };
                let lender = lenders.copied().find(same)?;
                let named = |other: &&Input| compact(&other.name) == compact(&input.name);
                chooser.inputs[lender].iter().find(named)?.rules.iter().find_map(|rule| match &rule.form {
                    Form::OneOf(list) if shown.is_empty() || has(list) => Some((list.clone(), rule.because.clone())),
                    _ => None,
                })
            };
            if let Some((list, because)) = closed.or_else(told).or_else(|| lent().filter(|_| filters)) {
                found.push((at, number, InputRule { form: Form::OneOf(list), because }));
            }
        }
    }
    found
}

fn may_choose(input: &Input) -> bool {
    let free = matches!(input.word, Role::Plain | Role::Status | Role::Purpose);
    free && !input.discriminates && !input.routes && !input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_)))
}

/// The one value that a line says there is: `固定传7788`, `目前固定为 SHOP01`.
fn constant(words: &str, lexicon: &Lexicon) -> Option<String> {
    let rest = words[lexicon.after("fixed-value", words)?..].trim_start_matches(|c: char| {
        c.is_whitespace()
            || lexicon.rules().enumerations.joints.iter().any(|joint| joint.starts_with(c))
            || "`'\"“”‘’「」『』".contains(c)
    });
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let (value, after) = rest.split_at(rest.find(|c| !is_sign(c)).unwrap_or(rest.len()));
    // `固定4位`, `固定30元/次` say of it how it looks.
    let counts = after.trim_start().starts_with(|c: char| c.is_alphabetic());
    (value.len() > 1 && !counts).then(|| value.to_owned())
}

/// A text that is nothing but words of one alphabet with blanks between them.
fn bare_words(text: &str) -> Option<Vec<String>> {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let is_word = |word: &String| {
        word.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
            && word.len() <= MOST_OF_WORD * 2
    };
    let cased = |word: &String| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let several = (2..=8).contains(&words.len());
    (several && (words.iter().all(is_word) || words.iter().all(cased))).then_some(words)
}

/// Whether an example of the same file shows one of these under a parameter's name.
fn shown_in(chooser: &Chooser<'_>, at: usize, name: &str, list: &[String]) -> bool {
    let file = chooser.set.endpoints[at].place.file;
    let endpoints = chooser.set.endpoints.iter().filter(|endpoint| endpoint.place.file == file);
    let mut open: Vec<&Json> = endpoints.flat_map(Endpoint::successes).map(|example| &example.value).collect();
    while let Some(value) = open.pop() {
        for (key, inner) in value.as_object().into_iter().flatten() {
            let own = compact(key) == compact(name);
            if own && inner.scalar_text().is_some_and(|text| list.iter().any(|word| word == text)) {
                return true;
            }
            open.push(inner);
        }
        if let Json::Array(items) = value {
            open.extend(items);
        }
    }
    false
}

/// The words of the first list in a text; none of one that says that there are more.
pub(in crate::behavior) fn list_in(text: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    let clauses = text.split(['，', ',', '。', ';', '；', '(', '（', ')', '）']);
    clauses.filter(|clause| !lexicon.speaks_of("open-list", clause)).find_map(|clause| {
        let after = lexicon.after("list-lead", clause).map_or(clause, |end| &clause[end..]);
        let after = after.rsplit([':', '：']).next().unwrap_or(after).trim();
        let after = lexicon.after("list-lead", after).map_or(after, |end| &after[end..]);
        let mut pieces: Vec<&str> = lexicon.rules().joints.choices_of(after).collect();
        // `分类：家常菜 烘焙 汤羹`: behind a mark, blanks part what is listed.
        let blank: Vec<&str> = after.split_whitespace().collect();
        let spaced = |word: &&str| !word.is_ascii() && word.chars().all(char::is_alphabetic);
        if pieces.len() < 2 && after.len() < clause.trim().len() && blank.len() > 2 && blank.iter().all(spaced) {
            pieces = blank;
        }
        if pieces.len() < 2 {
            return None;
        }
        // `烘焙、家常菜等`, and not `低、中等`.
        let goes_on = |last: &&str| last.chars().count() > 2 && lexicon.ends_with("open-end", last);
        if pieces.last().is_some_and(goes_on) {
            return None;
        }
        // `easy 简单 / hard 困难`: each value with what it is called.
        let coded = |piece: &&str| {
            let (code, words) = piece.split_once(char::is_whitespace)?;
            let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            (is_code && words.chars().all(|c| c.is_alphabetic() && !c.is_ascii())).then(|| code.to_owned())
        };
        if let Some(codes) = pieces.iter().map(coded).collect::<Option<Vec<String>>>() {
            return Some(codes);
        }
        // Behind a blank stands another remark.
        if let Some(last) = pieces.last_mut() {
            *last = last.split_whitespace().next().unwrap_or_default();
        }
        if let Some(first) = pieces.first_mut() {
            *first = first.split_whitespace().last().unwrap_or_default();
        }
        let strip = |piece: &&str| piece.trim_matches(|c: char| "`'\"“”‘’「」".contains(c)).to_owned();
        let words: Vec<String> = pieces.iter().map(strip).collect();
        let is_word = |word: &String| {
            let signs = |c: char| c.is_alphabetic() || c.is_ascii_digit() || matches!(c, '_' | '-');
            let worded = word.chars().any(char::is_alphabetic) && word.chars().all(signs);
            worded && word.chars().count() <= MOST_OF_WORD.max(if word.is_ascii() { 20 } else { 0 })
        };
        words.iter().all(is_word).then_some(words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_there_is() {
        let fixed = |text: &str| constant(text, &Lexicon::standard());
        assert_eq!(fixed("邀请码，目前固定是7788").as_deref(), Some("7788"));
        assert_eq!(fixed("门店口令 固定传「SHOP01」").as_deref(), Some("SHOP01"));
        assert_eq!(fixed("员工码，暂时固定为 A-17，以后会换").as_deref(), Some("A-17"));
        assert_eq!(fixed("always ABC12").as_deref(), Some("ABC12"));
        assert_eq!(fixed("验证码固定4位"), None);
        assert_eq!(fixed("固定电话 0571-88888888"), None);
        assert_eq!(fixed("邀请码"), None);
    }

    #[test]
    fn lists_of_words() {
        let list = |text: &str| list_in(text, &Lexicon::standard()).map(|words| words.join("|"));
        for (text, expected) in [
            ("难度，只能是 简单/中等/困难", Some("简单|中等|困难")),
            ("类型：吐槽、建议、其他，三选一", Some("吐槽|建议|其他")),
            ("难度：简单/普通/困难 必填", Some("简单|普通|困难")),
            ("难度：easy 简单 / normal 一般 / hard 困难，其他值报错", Some("easy|normal|hard")),
            ("口味，如微辣、中辣、特辣", None),
            ("标签，烘焙、家常菜等", None),
            ("分类：家常菜 烘焙 汤羹", Some("家常菜|烘焙|汤羹")),
            ("地址：幸福路 12号 三单元", None),
            ("手机号/邮箱地址用来登录，不能为空而且要是本人的", Some("手机号|邮箱地址用来登录")),
            ("标题，最多30字", None),
        ] {
            assert_eq!(list(text).as_deref(), expected, "{text}");
        }
    }
}
