//! Lines that tell an endpoint's failures behind a word for failing: `失败：1003 手机号或密码错误`, ``Errors: 409 `EMAIL_TAKEN`, 404
//! `NO_SUCH_ROOM` when it is gone``.
//!
//! In: a line beside an endpoint. Out: each code with its HTTP status where both stand there, its message, and when it comes. A number
//! alone that only says when it comes (`404 if there is none`) may be a status, and is left to those who know the set's codes.

use super::prose::{Reader, is_capital, is_code, is_named_code, is_telling};
use super::{CodeRow, DocSet, sentence};
use crate::lexicon::Lexicon;

/// A code as it stands in such a line, and where what names it ends.
struct Named<'t> {
    code: &'t str,
    http_status: Option<u16>,
    end: usize,
}

impl Reader<'_> {
    pub(super) fn told_errors(&self, line: &str) -> Vec<CodeRow> {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "->*+•·_".contains(c));
        let Some(mut rest) = behind_head(bare, self.lexicon) else { return Vec::new() };
        let mut rows = Vec::new();
        while let Some(named) = named(rest, self.lexicon) {
            let behind = &rest[named.end..];
            let until = next(behind, self.lexicon);
            let words = behind[..until].trim_start_matches(['`', ')', '）', ']']);
            let is_sign = |c: char| c.is_whitespace() || MARKS.contains(c) || PARTING.contains(c);
            // A backtick at the end closes one within.
            let words = words.trim_start_matches(is_sign).trim_end_matches(|c: char| c != '`' && is_sign(c));
            rows.extend(self.error_row(&named, words, line));
            rest = &behind[until..];
        }
        // `错误码：1001,1002` is read as any line of codes.
        let announced = self.lexicon.speaks_of("code-table", bare) && rows.iter().all(|row| row.http_status.is_none());
        if announced { Vec::new() } else { rows }
    }

    fn error_row(&self, named: &Named<'_>, words: &str, line: &str) -> Option<CodeRow> {
        let is_number = named.code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let lower = words.to_ascii_lowercase();
        let tells_when = self.lexicon.begins_with("case-start", &lower);
        if (is_number && (words.is_empty() || tells_when)) || words.starts_with(['{', '[']) {
            return None;
        }
        let row = self.row(named.code, if tells_when { "" } else { words }, line);
        let when = if tells_when { words.to_owned() } else { row.when };
        Some(CodeRow { when, http_status: named.http_status, ..row })
    }
}

/// Where the set's codes are numbers, the status beside a word is the code, and the word says what went wrong: `Errors: 404
/// NOT_FOUND` beside `{"code": 404, "message": "NOT_FOUND"}`.
pub(super) fn settle(set: &mut DocSet) {
    let is_number = |code: &str| code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let examples = set.endpoints.iter().flat_map(|endpoint| {
        let envelope = &set.envelopes[endpoint.envelope];
        let examples = endpoint.sections.iter().flat_map(|section| &section.examples);
        examples.filter_map(|example| envelope.code_of(&example.value).map(|(_, code)| code))
    });
    let (numbers, words): (Vec<&str>, Vec<&str>) = examples.partition(|code| is_number(code));
    let worded = set.tables.iter().flat_map(|table| &table.rows).any(|row| !is_number(&row.code));
    if numbers.is_empty() || !words.is_empty() || worded {
        return;
    }
    for endpoint in &mut set.endpoints {
        for row in endpoint.codes.rows.iter_mut().chain(&mut endpoint.quoted).filter(|row| !is_number(&row.code)) {
            let source = set.sources.get(row.place.file.0 as usize);
            let in_table = source.is_some_and(|source| source.slice(row.place.span).trim_start().starts_with('|'));
            let Some(status) = row.http_status.filter(|_| !in_table) else { continue };
            if row.text.is_empty() {
                row.text = row.code.to_string();
            }
            row.code = status.to_string().into();
        }
    }
}

/// What stands behind the words that announce failures; none where a line does not begin with them.
fn behind_head<'t>(text: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let lower = text.to_ascii_lowercase();
    let left = lexicon.behind_start("fails-start", &lower);
    let left = lexicon.behind_start("fails-joint", left);
    let from = text.len() - left.len();
    let rest = text[from..].trim_start_matches(|c: char| c.is_whitespace() || MARKS.contains(c));
    let announces = lexicon.speaks_of("fails-start", &text[..from]);
    let parted = rest.len() < text.len() - from || !text[..from].is_ascii() || text[..from].ends_with(' ');
    (announces && parted).then_some(rest)
}

/// ``409 `EMAIL_TAKEN` ``, `EMAIL_TAKEN (409)`, `1003`.
fn named<'t>(text: &'t str, lexicon: &Lexicon) -> Option<Named<'t>> {
    let (first, end, marked) = token(text, 0)?;
    let is_name = |word: &str, marked: bool| {
        !word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && ((is_code(word) || is_capital(word)) || (marked && is_named_code(word)))
    };
    let status = |word: &str| word.parse::<u16>().ok().filter(|status| (100..600).contains(status));
    let second = token(text, end).filter(|(_, end, _)| {
        // `404 NOT FOUND`: words in capitals are no code.
        !text[*end..].trim_start().starts_with(|c: char| c.is_ascii_uppercase())
    });
    let beside = second.filter(|(name, _, marked)| is_name(name, *marked));
    if let (Some(status), Some((name, end, _))) = (status(first), beside) {
        return Some(Named { code: name, http_status: Some(status), end });
    }
    if is_name(first, marked) {
        let behind = second.and_then(|(word, end, _)| Some((status(word)?, end)));
        let behind = behind.filter(|(_, end)| !sentence::counts(&text[*end..], lexicon));
        let (http_status, end) = behind.map_or((None, end), |(status, end)| (Some(status), end));
        return Some(Named { code: first, http_status, end });
    }
    let telling = is_telling(first) && !sentence::counts(&text[end..], lexicon);
    telling.then_some(Named { code: first, http_status: None, end })
}

/// The next word in Latin letters or digits that only marks stand before, where it ends, and whether it stands in backticks.
fn token(text: &str, from: usize) -> Option<(&str, usize, bool)> {
    let rest = text[from..].trim_start_matches(|c: char| c.is_whitespace() || MARKS.contains(c) || c == '/');
    let start = text.len() - rest.len();
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let end = rest.find(|c: char| !is_sign(c)).unwrap_or(rest.len());
    let word = rest[..end].trim_end_matches(['.', '-']);
    let marked = text[..start].ends_with('`') && rest[end..].starts_with('`');
    (!word.is_empty()).then_some((word, start + word.len(), marked))
}

/// Where the next failure of the line begins.
fn next(text: &str, lexicon: &Lexicon) -> usize {
    let mut from = 0;
    while let Some((at, sign)) =
        text[from..].char_indices().find(|(_, c)| PARTING.contains(*c)).map(|(at, c)| (from + at, c))
    {
        from = at + sign.len_utf8();
        let rest = lexicon.behind_start("list-joint", text[from..].trim_start());
        if named(rest, lexicon).is_some() {
            return text.len() - rest.len();
        }
    }
    text.len()
}

/// What parts a code from what stands beside it.
const MARKS: &str = ":：=＝—-→>`*(（[\"“「";
/// What parts one failure from the next.
const PARTING: &str = ",，、;；。/|";

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::{Settings, lower};

    fn check(line: &str, expected: &[&str]) {
        let document = format!("## 登录\n+++\npost:/login\n+++\n{line}\n");
        let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
        let endpoint = &set.endpoints[0];
        let rows = endpoint.codes.rows.iter().chain(&endpoint.quoted);
        let rows: Vec<String> = rows
            .map(|row| {
                let status = row.http_status.map(|status| format!("{status} ")).unwrap_or_default();
                format!("{status}{}|{}|{}", row.code, row.text, row.when)
            })
            .collect();
        assert_eq!(rows, expected, "{line}");
    }

    #[test]
    fn failures_behind_a_word_for_failing() {
        check("失败：1003 手机号或密码错误", &["1003|手机号或密码错误|"]);
        check("失败返回 1003 手机号或密码错误", &["1003|手机号或密码错误|"]);
        check("失败：1003：手机号或密码错误", &["1003|手机号或密码错误|"]);
        check("- 失败时返回1003，手机号或密码错误", &["1003|手机号或密码错误|"]);
        check("Errors: 409 `EMAIL_TAKEN`", &["409 EMAIL_TAKEN||"]);
        check("**Errors:** `EMAIL_TAKEN` (409)", &["409 EMAIL_TAKEN||"]);
        check("Errors: EMAIL_TAKEN (409) when it is known", &["409 EMAIL_TAKEN||when it is known"]);
        check("Errors: 409 EMAIL_TAKEN, the email is taken", &["409 EMAIL_TAKEN|the email is taken|"]);
        check("Fails with 409 `wrong_state` when it is not `open`", &["409 wrong_state||when it is not `open`"]);
        check(
            "Errors: 404 if there is none, 409 `NO_POINTS`; 403 `NOT_YOURS`",
            &["409 NO_POINTS||", "403 NOT_YOURS||"],
        );
    }

    #[test]
    fn other_lines_tell_no_failure() {
        check("失败 3 次后锁定", &[]);
        check("失败：100次以后不能再试", &[]);
        check("Errors: 404 if there is none", &[]);
        check("Errors are shown in English", &[]);
    }
}
