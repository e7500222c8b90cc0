//! Lines that tell codes, in the forms that a list outside of tables takes: `* **104** 发送太频繁 —— 60秒内只能发一次`.
//!
//! In: a line. Out: code, message, and what is said of when it comes. Which endpoint it is for is not known here.

use super::CodeRow;
use super::prose::{Reader, is_capital, is_code, is_telling};
use super::sentence;
use crate::lexicon::{Class, EnvelopeKey};
use crate::source::Place;
use crate::syntax::line;

impl Reader<'_> {
    /// `1006 输入的信息不符合`.
    pub(super) fn code_row(&self, text: &str) -> Option<CodeRow> {
        // A row of a table that stands in a quote: `| 40403 | Category not found |`.
        if let Some(row) = text.trim().strip_prefix('|') {
            let mut cells = row.split('|').map(str::trim);
            let (code, words) = (cells.next().map(line::unquoted).filter(|cell| is_code(cell))?, cells.next()?);
            return Some(CodeRow {
                code: code.into(),
                text: words.to_owned(),
                when: String::new(),
                http_status: None,
                place: self.place(text),
            });
        }
        // `* **1** 参数有误`: whatever is set in bold.
        let bare = text.replace("**", "");
        let (code, words) = line::code_row(&bare)?;
        Some(self.row(code, words, text))
    }

    /// A row with what its words say of when it comes taken off them.
    pub(super) fn row(&self, code: &str, words: &str, place: &str) -> CodeRow {
        let (words, when) = self.told_message(words).unwrap_or_else(|| self.told_when(words));
        let place = self.place(place);
        CodeRow { code: code.into(), text: words.to_owned(), when: when.to_owned(), http_status: None, place }
    }

    /// `没登录或者登录过期，msg 是 "请登录"`, `参数缺失，提示“参数不全”`: the message behind the name of what carries it, or in quotes
    /// behind a word for telling, and before it when it comes.
    fn told_message<'t>(&self, words: &'t str) -> Option<(&'t str, &'t str)> {
        let cuts = words.char_indices().filter(|(_, c)| c.is_whitespace() || CLAUSES.contains(c));
        cuts.map(|(at, c)| words.split_at(at + c.len_utf8())).find_map(|(head, rest)| {
            let rest = rest.trim_start();
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (name, value) = rest.split_at(end);
            let is_member = name.len() > 1
                && (self.lexicon.is_named("message-member", name)
                    || self.lexicon.envelope_rank(EnvelopeKey::Message, name).is_some());
            let value = if is_member { value } else { self.behind_word("told-failure", rest)? };
            let value = value.trim_start_matches(VALUE_MARKS);
            let value = self.behind_word("value-joint", value).unwrap_or(value).trim_start_matches(VALUE_MARKS);
            let close = sentence::PAIRS.iter().find(|(open, _)| value.starts_with(*open)).map(|(_, close)| *close);
            let message = match close {
                Some(close) => value.get(value.chars().next()?.len_utf8()..)?.split(close).next()?,
                None if is_member => value.split(CLAUSES).next()?,
                None => return None,
            };
            let head = head.trim_matches(|c: char| c.is_whitespace() || CLAUSES.contains(&c));
            let message = message.trim();
            let told = head.chars().count() > 1 && (2..=LONGEST).contains(&message.chars().count());
            told.then_some((message, head))
        })
    }

    /// What follows a word that a text begins with.
    fn behind_word<'t>(&self, topic: &str, text: &'t str) -> Option<&'t str> {
        self.lexicon.begins_with(topic, text).then(|| self.lexicon.behind_start(topic, text))
    }

    /// `发送太频繁 —— 同一手机号60秒内只能发一次`, `发送太频繁（60秒内只能发一次）`: the message, and when it comes.
    fn told_when<'t>(&self, words: &'t str) -> (&'t str, &'t str) {
        let cut = WHEN.iter().filter_map(|mark| words.find(mark).map(|at| (at, at + mark.len()))).min();
        let parts = cut.map(|(at, end)| (words[..at].trim(), words[end..].trim_start_matches(['—', '-', '>']).trim()));
        let parts = parts.filter(|(said, when)| !said.is_empty() && !when.is_empty());
        parts.or_else(|| self.in_brackets(words)).unwrap_or((words, ""))
    }

    /// `发送太频繁（60秒内只能发一次）`, where what stands in brackets tells when.
    fn in_brackets<'t>(&self, words: &'t str) -> Option<(&'t str, &'t str)> {
        let inner = words.strip_suffix(['）', ')'])?;
        let (said, when) = inner.rsplit_once(['（', '('])?;
        let tells = self.lexicon.speaks_of("explains-code", when) || self.lexicon.speaks_of("code-when", when);
        (tells && !said.trim().is_empty()).then(|| (said.trim(), when.trim()))
    }

    /// The same outside of a block, where `0 未支付` is as well a value of a status: where nothing announces codes, a code
    /// has three digits or a name.
    pub(super) fn code_row_around(&self, text: &str, told: Told) -> Option<CodeRow> {
        let quoted = |code: &str| is_capital(code) && text.contains(['"', '\'', '`', '“', '‘', '「']);
        self.code_row(text)
            .filter(|row| {
                let announced = match told {
                    Told::Words => !self.is_counted(row, text),
                    Told::Rows => self.is_listed(row, text),
                    Told::Nothing => false,
                };
                announced || is_telling(&row.code) || quoted(&row.code)
            })
            .or_else(|| self.told_row(text))
            .or_else(|| self.row_behind(text).filter(|row| told != Told::Nothing || is_telling(&row.code)))
    }

    /// `- 发送太频繁（104）`, `请先登录：2 —— 没带token`: the code behind what it says.
    fn row_behind(&self, text: &str) -> Option<CodeRow> {
        let bare = text.replace("**", "");
        let told = line::listed(&bare).unwrap_or(bare.trim());
        let (words, when) = self.told_when(told);
        let words = words.trim_end_matches(['）', ')', '`', '"']);
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let at = words.char_indices().rfind(|(_, c)| !is_sign(*c)).map(|(at, c)| at + c.len_utf8())?;
        let (said, code) = words.split_at(at);
        let parted = said.ends_with(|c: char| c.is_whitespace() || PARTING.contains(c));
        let said = said.trim_end_matches(|c: char| c.is_whitespace() || PARTING.contains(c) || c == '>');
        let short = said.chars().count() <= LONGEST && !said.contains(['，', ',', '。', '；', ';', '：', ':', '=']);
        let says = || !self.lexicon.meaning(said).classes.is_empty();
        if !is_code(code) || !parted || said.is_empty() || !short || !says() {
            return None;
        }
        let place = self.place(text);
        Some(CodeRow { code: code.into(), text: said.to_owned(), when: when.to_owned(), http_status: None, place })
    }

    /// Whether lines that begin with numbers can tell nothing but what goes wrong, though no word says that codes follow: some of
    /// them say what no record's state is called, and most are understood.
    pub(super) fn lists_failures<'t>(&self, lines: impl Iterator<Item = &'t str>) -> bool {
        let rows: Vec<CodeRow> = lines
            .filter_map(|text| {
                let row = self.code_row(text).filter(|row| self.is_listed(row, text));
                row.or_else(|| self.row_behind(text))
            })
            .collect();
        self.tells_failures(rows.iter().map(|row| row.text.as_str()))
    }

    /// Whether such texts are messages of failures.
    pub(super) fn tells_failures<'t>(&self, texts: impl Iterator<Item = &'t str>) -> bool {
        let (mut all, mut understood, mut plain) = (0, 0, 0);
        for text in texts {
            let classes = self.lexicon.meaning(text).classes;
            let short = text.chars().count() <= LONGEST;
            all += 1;
            understood += usize::from(!classes.is_empty() && short);
            plain += usize::from(short && classes.first().is_some_and(|class| PLAIN.contains(class)));
        }
        plain >= 2 && understood * 2 >= all
    }

    /// Whether one of such texts at least is plainly the message of a failure.
    pub(super) fn tells_one<'t>(&self, mut texts: impl Iterator<Item = &'t str>) -> bool {
        texts.any(|text| self.lexicon.meaning(text).classes.first().is_some_and(|class| PLAIN.contains(class)))
    }

    /// `2、密码太短时提示密码不合法`: the number counts what is told, and the words say what is answered when.
    fn is_counted(&self, row: &CodeRow, text: &str) -> bool {
        let after = text.split_once(&*row.code).map_or("", |(_, after)| after);
        let counts = row.code.len() < 3 && after.starts_with(['、', ')', '）', '.', '．']);
        counts && self.lexicon.speaks_of("told-failure", &row.text)
    }

    /// `1、` numbers remarks as well, and `4位` begins a sentence.
    pub(super) fn is_listed(&self, row: &CodeRow, text: &str) -> bool {
        let after = text.split_once(&*row.code).map_or("", |(_, after)| after);
        let counts = after.starts_with(['、', ')', '）', '.', '．']);
        let parted =
            after.starts_with(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || "：＝—”’」".contains(c));
        !counts && (parted || !self.lexicon.meaning(&row.text).classes.is_empty())
    }

    /// ``1. 没登录：code 是 `4010`，msg 是 `请先登录` ``: a line of a list that tells what goes wrong, and the code for it in
    /// marks.
    fn told_row(&self, text: &str) -> Option<CodeRow> {
        let told = line::listed(text)?;
        let pieces = line::quoted_pieces(told);
        let code = pieces.iter().find(|piece| is_telling(piece))?;
        let says = |words: &str| !self.lexicon.meaning(words).classes.is_empty();
        let before = told.split([':', '：', ',', '，', '→', '`', '"', '“', '「']).next().unwrap_or_default().trim();
        let words = pieces.iter().find(|piece| !piece.is_ascii() || says(piece)).copied();
        let words = words.or_else(|| says(before).then_some(before))?;
        Some(CodeRow {
            code: (*code).into(),
            text: words.to_owned(),
            when: String::new(),
            http_status: None,
            place: self.place(text),
        })
    }

    /// The codes that a line such as `可能返回的错误码:1006,1010` names, with their words where it has them: `41 手机号已注册、
    /// 42 格式不正确`. Where no word announces them, the messages have to be plain: `失败：1 参数有误，2 请先登录`.
    pub(super) fn quoted_codes(&self, text: &str) -> Vec<CodeRow> {
        if self.lexicon.speaks_of("code-table", text) {
            return self.codes_in(text);
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits < SEVERAL {
            return Vec::new();
        }
        let found = self.codes_in(text);
        let says = |text: &str| !self.lexicon.meaning(text).classes.is_empty();
        let all_telling = found.iter().all(|row| is_telling(&row.code) && row.code.len() == found[0].code.len());
        // `400 参数错误(没填或格式不对)，4001 手机号不对`
        let several = found.len() > 1 && found.iter().all(|row| is_telling(&row.code) && says(&row.text));
        if several || (all_telling && found.len() >= SEVERAL && found.iter().all(|row| says(&row.when))) {
            return found;
        }
        if line::code_row(text).is_some_and(|_| line::listed(text).is_some()) {
            return Vec::new();
        }
        let told = found.iter().filter(|row| !row.text.is_empty()).count();
        let several = told >= SEVERAL && told * 4 >= found.len() * 3;
        let tells = several && self.tells_failures(found.iter().map(|row| row.text.as_str()));
        if tells { found } else { Vec::new() }
    }

    /// The codes of a sentence that says of each when it comes, and of some that something was not sent or is not as it has to be:
    /// `缺参数返回 400，手机号格式不对返回 4001`.
    pub(super) fn told_codes(&self, text: &str) -> Vec<CodeRow> {
        if text.trim_start().starts_with(['|', '{']) {
            return Vec::new();
        }
        let said = self.said_codes(text);
        if !said.is_empty() {
            return said;
        }
        if text.bytes().filter(u8::is_ascii_digit).count() < SEVERAL {
            return Vec::new();
        }
        let found = self.codes_in(text);
        let classes = |row: &CodeRow| self.lexicon.meaning(&row.when).classes;
        let of_inputs = |row: &CodeRow| matches!(classes(row).first(), Some(Class::Missing | Class::Malformed));
        let tells = found.iter().all(|row| is_telling(&row.code) && !classes(row).is_empty());
        if tells && found.iter().any(of_inputs) { found } else { Vec::new() }
    }

    /// The codes of a sentence, be it one alone, that are told to be answered, each with its words behind it:
    /// `一分钟之内再点返回 1002"请稍后再试"`.
    fn said_codes(&self, text: &str) -> Vec<CodeRow> {
        let told = sentence::codes(text, 0, self.lexicon).into_iter();
        let rows = told.filter(|told| !told.when.is_empty() && sentence::is_answered(text, told, self.lexicon));
        rows.map(|told| CodeRow { when: told.when.to_owned(), ..self.row(told.code, told.said, told.code) }).collect()
    }

    /// The same of a text that is no slice of the source, but stands there.
    pub(super) fn codes_at(&self, text: &str, place: Place) -> Vec<CodeRow> {
        let row = |told: &sentence::Told<'_>| CodeRow {
            code: told.code.into(),
            text: told.said.to_owned(),
            when: told.when.to_owned(),
            http_status: None,
            place,
        };
        sentence::codes(text, 0, self.lexicon).iter().map(row).collect()
    }

    fn codes_in(&self, text: &str) -> Vec<CodeRow> {
        let from = text.find([':', '：']).filter(|at| !sentence::names_code(&text[..*at])).unwrap_or(0);
        let row = |told: &sentence::Told<'_>| {
            // What follows the last code can be a remark on all of them.
            let said = !self.lexicon.meaning(told.said).classes.is_empty();
            let row = self.row(told.code, if said { told.said } else { "" }, told.code);
            CodeRow { when: if row.when.is_empty() { told.when.to_owned() } else { row.when }, ..row }
        };
        sentence::codes(text, from, self.lexicon).iter().map(row).collect()
    }
}

/// By what a list is known to be one of codes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A heading or a line says so.
    Words,
    /// What its rows say.
    Rows,
    Nothing,
}

/// In characters, of a message.
const LONGEST: usize = 24;
/// So many codes with their words make a list of a line that does not announce them.
const SEVERAL: usize = 3;
/// What parts a message from when it comes.
const WHEN: [&str; 9] = ["——", " — ", " – ", " - ", "--", "→", "->", "=>", " //"];
/// What parts a message from what else a row says.
const CLAUSES: [char; 7] = ['，', ',', '；', ';', '（', '(', '。'];
/// What stands between the name of a member and its value.
const VALUE_MARKS: [char; 5] = [' ', ':', '：', '=', '＝'];
/// What parts a message from a code behind it.
const PARTING: &str = ":：=＝-—（(`>→";
/// What no state of a record is called.
pub(super) const PLAIN: [Class; 6] = [
    Class::NotLoggedIn,
    Class::Missing,
    Class::Malformed,
    Class::BadCredentials,
    Class::BadPasscode,
    Class::TooFrequent,
];

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::{Settings, lower::lower};

    /// Code, message and when, of the rows that a page's head has.
    fn rows(head: &str) -> Vec<String> {
        let document =
            format!("# 说明\n\n{head}\n\n# 一\n\n## 登录\n+++\npost:/login\n+++\n## 退出\n+++\npost:/logout\n+++\n");
        let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
        let rows = set.tables.iter().flat_map(|table| &table.rows);
        rows.map(|row| format!("{}|{}|{}", row.code, row.text, row.when).trim_end_matches('|').to_owned()).collect()
    }

    #[test]
    fn failures_at_the_head_in_many_forms() {
        let expected = ["1|参数有误", "2|请先登录", "31|操作太频繁"];
        for head in [
            "失败看这里：\n\n* **1** 参数有误\n* **2** 请先登录\n* **31** 操作太频繁",
            "* 1：参数有误\n* 2：请先登录\n* 31：操作太频繁",
            "- `1` 参数有误\n- `2` 请先登录\n- `31` 操作太频繁",
            "1 参数有误\n2 请先登录\n31 操作太频繁",
            "- 参数有误：1\n- 请先登录：2\n- 操作太频繁：31",
            "- 参数有误（1）\n- 请先登录（2）\n- 操作太频繁（31）",
            "- **参数有误** `1`\n- **请先登录** `2`\n- **操作太频繁** `31`",
            "失败：1 参数有误，2 请先登录，31 操作太频繁",
            "> 1=参数有误；2=请先登录；31=操作太频繁",
            "| 1 | 参数有误 |\n| --- | --- |\n| 2 | 请先登录 |\n| 31 | 操作太频繁 |",
            "| | |\n| --- | --- |\n| 1 | 参数有误 |\n| 2 | 请先登录 |\n| 31 | 操作太频繁 |",
        ] {
            assert_eq!(rows(head), expected, "{head}");
        }
        assert_eq!(
            rows("- 1 Invalid parameter - anything required is left out\n- 2 Please log in - no token"),
            ["1|Invalid parameter|anything required is left out", "2|Please log in|no token"]
        );
        assert_eq!(
            rows("* 1 参数有误 —— 带*的没传\n* 2 请先登录（没带 token 的时候）\n* 9 密码格式错误（6-20位）"),
            ["1|参数有误|带*的没传", "2|请先登录|没带 token 的时候", "9|密码格式错误（6-20位）"]
        );
    }

    #[test]
    fn rows_name_the_message_behind_when_it_comes() {
        let expected = ["1|参数有误|少传参数", "2|请先登录|没登录或者登录过期", "31|操作太频繁|点太快了"];
        for head in [
            "错误码\n- 1 少传参数，retMsg 是 \"参数有误\"\n- 2 没登录或者登录过期，retMsg 是 \"请先登录\"\n- 31 点太快了，retMsg 是 \"操作太频繁\"",
            "错误码\n- 1 少传参数，msg=参数有误\n- 2 没登录或者登录过期，msg=请先登录\n- 31 点太快了，msg=操作太频繁",
            "错误码\n- 1 少传参数，提示“参数有误”\n- 2 没登录或者登录过期，提示“请先登录”\n- 31 点太快了，提示“操作太频繁”",
            "错误码\n- 1：少传参数（返回「参数有误」）\n- 2：没登录或者登录过期（返回「请先登录」）\n- 31：点太快了（返回「操作太频繁」）",
        ] {
            assert_eq!(rows(head), expected, "{head}");
        }
        assert_eq!(
            rows("错误码\n- 1 参数有误，看 msg\n- 2 登录过期，返回登录页"),
            ["1|参数有误，看 msg", "2|登录过期，返回登录页"]
        );
    }

    #[test]
    fn lists_of_other_things_are_no_failures() {
        for head in [
            "- 0 待支付\n- 1 已支付\n- 2 已取消",
            "state：1 待审核，2 未通过，3 已通过",
            "1、没登录的时候跳到登录页\n2、参数错误直接弹提示\n3、上传不要太频繁",
            "- 20 条一页\n- 4位验证码，5分钟内有效",
            "- 密码 6 到 20 位，输错 5 次锁定，验证码错误 3 次重新获取",
        ] {
            assert!(rows(head).is_empty(), "{head} {:?}", rows(head));
        }
    }
}
