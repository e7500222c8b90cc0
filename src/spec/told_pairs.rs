//! Failures that a sentence tells by the members of their reply: `没登录统一 err=9，tip="请登录"；参数有问题统一 err=8，tip="参数不对"`,
//! `返回 errno 1001，errmsg 是"未登录"`.
//!
//! In: a line outside of the blocks. Out: each as a reply of those members, with the words for when it comes.

use super::sentence;
use crate::json::Json;
use crate::lexicon::Lexicon;
use std::sync::Arc;

/// The members that a sentence names one after the other, and when they are answered.
pub(super) struct Pairs<'t> {
    pub(super) when: &'t str,
    pub(super) reply: Json,
}

/// Those in a line, in turn: each a code and words for it.
pub(super) fn read<'t>(text: &'t str, lexicon: &Lexicon) -> Vec<Pairs<'t>> {
    let sentences = text.split(['。', '；', ';']).filter(|sentence| !sentence.contains(['{', '|']));
    sentences.filter_map(|sentence| in_sentence(sentence, lexicon)).collect()
}

fn in_sentence<'t>(text: &'t str, lexicon: &Lexicon) -> Option<Pairs<'t>> {
    let mut members: Vec<(Arc<str>, Json)> = Vec::new();
    let mut from = None;
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_alphabetic()).map(|start| at + start) {
        let Some((name, value, end)) = pair(&text[start..], lexicon) else {
            at = start + word_end(&text[start..]);
            continue;
        };
        // What stands further off is told of something else.
        if from.is_some()
            && text[at..start].chars().any(char::is_alphanumeric)
            && text[at..start].chars().count() > NEAR
        {
            break;
        }
        from.get_or_insert(start);
        members.push((name.into(), value));
        at = start + end;
    }
    let says = |value: &Json| value.as_str().is_some_and(|text| !text.is_ascii() || text.contains(' '));
    let told = members.iter().filter(|(_, value)| says(value)).count();
    if members.len() < 2 || told != 1 {
        return None;
    }
    let before = &text[..from?];
    let when = sentence::condition(before, lexicon).unwrap_or_else(|| last_clause(before));
    Some(Pairs { when, reply: Json::Object(members) })
}

/// `err=9`, `errno 1001`, `tip 为 "请登录"`: a name, its value, and where the pair ends.
fn pair<'t>(text: &'t str, lexicon: &Lexicon) -> Option<(&'t str, Json, usize)> {
    let (name, rest) = text.split_at(word_end(text));
    let mut value = rest.trim_start_matches(|c: char| c.is_whitespace() || "`:：=＝".contains(c));
    let signed = rest[..rest.len() - value.len()].contains([':', '：', '=', '＝']);
    let joint = lexicon.begins_with("value-joint", value).then(|| lexicon.after("value-joint", value)).flatten();
    if let Some(end) = joint.filter(|end| *end > 0) {
        value = value[end..].trim_start_matches(|c: char| c.is_whitespace() || c == '`');
    }
    if let Some((_, close)) = sentence::PAIRS.iter().find(|(open, _)| value.starts_with(*open)) {
        let inner = &value[value.chars().next()?.len_utf8()..];
        let end = inner.find(*close)?;
        let told = &inner[..end];
        let number = !told.is_empty() && told.bytes().all(|byte| byte.is_ascii_digit());
        let end = text.len() - inner.len() + end + close.len_utf8();
        return (signed || joint.is_some() || !number).then(|| (name, Json::string(told), end));
    }
    let digits = value.strip_prefix('-').unwrap_or(value);
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let end = value.len() - digits.len() + length;
    let ends = !value[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    if length > 0 && ends && rest.len() > value.len() {
        return Some((name, Json::Number(value[..end].into()), text.len() - value.len() + end));
    }
    let word = &value[..word_end(value)];
    let truth = match word {
        "true" => Some(Json::Bool(true)),
        "false" => Some(Json::Bool(false)),
        _ => None,
    };
    truth.filter(|_| signed || joint.is_some()).map(|truth| (name, truth, text.len() - value.len() + word.len()))
}

fn word_end(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn last_clause(text: &str) -> &str {
    text.trim_end_matches([' ', ',', '，']).rsplit(['，', ',']).next().unwrap_or_default().trim()
}

/// In characters, between two members of one reply.
const NEAR: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let lexicon = Lexicon::standard();
        let found: Vec<String> =
            read(text, &lexicon).iter().map(|pairs| format!("{} {}", pairs.when, pairs.reply)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn members_in_sentences() {
        check(
            r#"err 是 0 就成功。没登录统一 err=9，tip="请登录"；参数有问题统一 err=8，tip="参数不对"。"#,
            &[r#"没登录 {"err":9,"tip":"请登录"}"#, r#"参数有问题 {"err":8,"tip":"参数不对"}"#],
        );
        check("没带返回 errno 1001，errmsg 是\"未登录\"。", &[r#"没带 {"errno":1001,"errmsg":"未登录"}"#]);
        check("缺参数时 ok 为 false、why 为「参数不全」", &[r#"缺参数 {"ok":false,"why":"参数不全"}"#]);
        check("page=1，size=20", &[]);
        check("err 为 0 是成功，tip 是提示", &[]);
    }
}
