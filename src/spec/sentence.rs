//! Codes in sentences: `格式不对返回 code 400 msg 参数错误（手机号不对是 4001）`.
//!
//! In: a line. Out: each code with its message and the words for when it comes. What stands in brackets with a code of its own is
//! another failure; the names of members are no part of a message; a message ends where its sentence does.

use super::prose::{is_code, is_telling};
use crate::lexicon::Lexicon;

/// A code that a line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told<'t> {
    pub(crate) code: &'t str,
    /// The message; empty where the line has none.
    pub(crate) said: &'t str,
    /// When it comes; empty where the line does not say.
    pub(crate) when: &'t str,
}

pub(super) const PAIRS: [(char, char); 6] =
    [('「', '」'), ('『', '』'), ('“', '”'), ('"', '"'), ('\'', '\''), ('`', '`')];

/// The codes that a line names from an offset on, in turn.
pub(crate) fn codes<'t>(text: &'t str, from: usize, lexicon: &Lexicon) -> Vec<Told<'t>> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut at = from;
    while let Some(start) = text[at..].find(is_sign).map(|start| at + start) {
        let end = text[start..].find(|c| !is_sign(c)).map_or(text.len(), |length| start + length);
        at = end;
        if is_code(&text[start..end]) && !counts(&text[end..], lexicon) {
            found.push((start, end));
        }
    }
    let mut told = Vec::new();
    let mut begins = 0;
    for (at, (start, end)) in found.iter().enumerate() {
        let when = condition(&text[begins..*start], lexicon).unwrap_or_default();
        let until = found.get(at + 1).map_or(text.len(), |(next, _)| *next);
        let until = match condition(&text[*end..until], lexicon) {
            Some(next) => offset(text, next),
            None => until,
        };
        // The mark that closes around the code opens no message.
        let marked = text[..*start].ends_with('`') && text[*end..until].starts_with('`');
        let behind = &text[*end + usize::from(marked)..until];
        told.push(Told { code: &text[*start..*end], said: message(behind, lexicon), when });
        begins = *end;
    }
    told
}

/// Whether a code is answered with the message right behind it: `1002"请稍后再试"`, `返回 1002（请稍后再试）`, `返回 1002 请稍后再试`.
pub(crate) fn is_answered(text: &str, told: &Told<'_>, lexicon: &Lexicon) -> bool {
    let at = told.code.as_ptr() as usize - text.as_ptr() as usize + told.code.len();
    let rest = text[at..].trim_start_matches(|c: char| c.is_whitespace() || "`:：(（".contains(c));
    let length = told.said.chars().count();
    let marked = PAIRS.iter().any(|(open, _)| *open != '`' && rest.starts_with(*open));
    let understood = || length <= LONGEST && !lexicon.meaning(told.said).classes.is_empty();
    length > 1 && (if is_telling(told.code) { marked || understood() } else { marked && understood() })
}

/// In characters, of a message without marks.
const LONGEST: usize = 20;

/// The message that a text begins with, behind a code or the name of the member that carries it.
pub(crate) fn message<'t>(text: &'t str, lexicon: &Lexicon) -> &'t str {
    let mut rest = text;
    let mut named = false;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ":：=＝,，、-—/+".contains(c));
        // `400(参数错误)`: brackets around all of it.
        if let Some(inner) = rest.strip_prefix(['（', '(']).map(|inner| &inner[..closing(inner)]) {
            rest = inner;
            break;
        }
        if let Some(behind) = behind_name(rest, lexicon) {
            (rest, named) = (behind, true);
            continue;
        }
        let joint = lexicon.begins_with("value-joint", rest).then(|| lexicon.after("value-joint", rest)).flatten();
        let behind = joint.filter(|end| *end > 0).map(|end| &rest[end..]);
        match behind.filter(|behind| named || behind.trim_start().starts_with(PAIRS.map(|(open, _)| open))) {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    // `4001，data 是 null` says no message.
    if !named && text[..offset(text, rest)].contains([',', '，']) && is_member(rest, lexicon) {
        return "";
    }
    if let Some((open, close)) = PAIRS.iter().find(|(open, _)| rest.starts_with(*open)) {
        let inner = &rest[open.len_utf8()..];
        return inner.find(*close).map_or(inner, |end| &inner[..end]).trim();
    }
    rest[..ending(rest, lexicon)].trim_matches(|c: char| c.is_whitespace() || ",，、:：=＝-—.".contains(c))
}

/// Where a message ends: with its sentence, before brackets that name another code, before a bracket that closes what was opened
/// elsewhere or opens what is not closed, and before the next member.
fn ending(text: &str, lexicon: &Lexicon) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        match c {
            '。' | '；' | ';' | '|' | '」' | '』' | '”' | '`' | '"' | '）' | ')' | '}' => return at,
            '（' | '(' => {
                let inner = &text[next..];
                let end = closing(inner);
                let inside = &inner[..end];
                if end == inner.len() || names_code(inside) {
                    return at;
                }
                at = next + end + inner[end..].chars().next().map_or(0, char::len_utf8);
                continue;
            }
            ',' | '，' | '、' if is_member(text[next..].trim_start(), lexicon) && !text[..at].is_ascii() => {
                return at;
            }
            _ => {}
        }
        at = next;
    }
    at
}

/// The bytes before the bracket that closes what stands before the text, or all of it.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' if depth == 0 => return at,
            '）' | ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether words name a code and say something beside it: `手机号不对是 4001`.
pub(super) fn names_code(text: &str) -> bool {
    text.split(|c| !is_sign(c)).any(is_telling)
}

/// `data 是 null`, `msg 参数错误`.
fn is_member(text: &str, lexicon: &Lexicon) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let rest = text[end..].trim_start();
    let word = &text[..end];
    let lower = word.len() > 1 && word.starts_with(|c: char| c.is_ascii_lowercase());
    let valued = rest.starts_with([':', '：', '=', '＝']) || lexicon.begins_with("value-joint", rest);
    lower && (valued || behind_name(text, lexicon).is_some())
}

/// What follows the name of a member that carries a message.
fn behind_name<'t>(text: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    // `with message`, `and msg`
    let joined = lexicon.is_named("message-joint", word).then(|| behind_name(rest.trim_start(), lexicon)).flatten();
    joined.or_else(|| (!rest.is_empty() && lexicon.is_named("message-member", word)).then_some(rest))
}

/// The words for when a code comes at the end of the text before it, where what joins them to it stands between: `手机号不对返回`.
pub(super) fn condition<'t>(before: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let mut left = before;
    let mut joined = false;
    loop {
        left = left.trim_end_matches(|c: char| c.is_whitespace() || "`\"'“「{=＝".contains(c));
        let bare = left.trim_end_matches([':', '：', '→', '>', '-']);
        joined |= bare.len() < left.len();
        left = bare.trim_end();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let start = left.char_indices().rfind(|(_, c)| !is_word(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        // The name of the member that carries the code.
        if start < left.len() && lexicon.is_named("code-table", &left[start..]) {
            (left, joined) = (&left[..start], true);
            continue;
        }
        let shorter = ["told-failure", "value-joint", "code-joint"].iter().find_map(|topic| {
            let shorter = lexicon.before_end(topic, left);
            (shorter.len() < left.len()).then_some(shorter)
        });
        match shorter {
            Some(shorter) => (left, joined) = (shorter, true),
            None => break,
        }
    }
    // `已经有人用了，返回`
    if joined {
        left = left.trim_end_matches([',', '，', ' ']);
    }
    let starts = |c: char| ",，;；。（(）)|」”".contains(c);
    let start = left.char_indices().rfind(|(_, c)| starts(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let when = left[start..].trim();
    let announces = lexicon.speaks_of("code-table", when) || lexicon.is_nothing_but("error-label", when);
    let announces = announces || lexicon.is_nothing_but("code-joint", when);
    (joined && when.chars().count() > 1 && !announces).then_some(when)
}

pub(super) fn counts(rest: &str, lexicon: &Lexicon) -> bool {
    let units = &lexicon.rules().enumerations.quantities;
    units.iter().any(|unit| rest.trim_start().starts_with(unit.as_str()))
}

fn is_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn offset(text: &str, piece: &str) -> usize {
    piece.as_ptr() as usize - text.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, &str)]) {
        let lexicon = Lexicon::standard();
        let found: Vec<_> = codes(text, 0, &lexicon).iter().map(|told| (told.code, told.said, told.when)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn codes_in_sentences() {
        let both = [("400", "参数错误", "没传或者格式不对"), ("4001", "", "手机号不对")];
        check("没传或者格式不对返回 code 400 msg 参数错误（手机号不对是 4001）。", &both);
        check("没传或者格式不对返回 code=400, msg=\"参数错误\"；手机号不对返回 4001", &both);
        check("没传或者格式不对：400「参数错误」，手机号不对：4001", &both);
        check("没传或者格式不对 code 为 400，message 为 参数错误 (手机号不对的是 4001)", &both);
        check("没传或者格式不对都是 400 参数错误，手机号不对单独返回 4001，data 是 null", &both);
        check("没传或者格式不对返回 {code:400,msg:'参数错误'}，手机号不对返回 4001", &both);
        check(
            "错误码：400 参数错误（手机号不对是 4001 手机号不正确）、4003 验证码错误",
            &[("400", "参数错误", ""), ("4001", "手机号不正确", "手机号不对"), ("4003", "验证码错误", "")],
        );
        check(
            "缺参数返回400，手机号格式错返回4001，验证码错返回4003。",
            &[("400", "", "缺参数"), ("4001", "", "手机号格式错"), ("4003", "", "验证码错")],
        );
        check("可能返回 400(参数错误)、4001(手机号不正确)", &[("400", "参数错误", ""), ("4001", "手机号不正确", "")]);
        check(
            "可能返回的错误:1006 手机号已注册,请直接登录 1010 格式不正确",
            &[("1006", "手机号已注册,请直接登录", ""), ("1010", "格式不正确", "")],
        );
        check(
            "anything missing returns code 400 with message Bad parameter (a bad phone number: 4001)",
            &[("400", "Bad parameter", "anything missing"), ("4001", "", "a bad phone number")],
        );
        check(
            "格式不对统一 `PARAM_INVALID`（参数校验失败），结构同上",
            &[("PARAM_INVALID", "参数校验失败", "格式不对")],
        );
        check("31 操作太频繁（60秒内只能发一次）", &[("31", "操作太频繁（60秒内只能发一次）", "")]);
    }
}
