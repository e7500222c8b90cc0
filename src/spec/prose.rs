//! What stands around blocks and after examples: tables of codes, codes named in a quote, enumerations.

use super::{CodeRow, CodeTable, Table};
use crate::json::Json;
use crate::lexicon::Lexicon;
use crate::source::{FileId, Place, Source};
use crate::syntax::ast::Row;
use crate::syntax::line;

/// Turns slices of one source into values with places.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) file: FileId,
    pub(super) lexicon: &'a Lexicon,
}

impl Reader<'_> {
    pub(super) fn place(&self, piece: &str) -> Place {
        Place { file: self.file, span: self.source.span_of(piece) }
    }

    /// `1006 输入的信息不符合`.
    pub(super) fn code_row(&self, text: &str) -> Option<CodeRow> {
        let (code, words) = line::code_row(text)?;
        Some(CodeRow { code: code.into(), text: words.to_owned(), place: self.place(text) })
    }

    /// The same outside of a block, where `0 未支付` is as well a value of a status: where nothing announces codes, a code
    /// has three digits or a name.
    pub(super) fn code_row_around(&self, text: &str, announced: bool) -> Option<CodeRow> {
        self.code_row(text).filter(|row| announced || is_telling(&row.code))
    }

    /// The rows of a Markdown table that lists codes: its header says so, or every first cell is a code and something
    /// announces them, or every first cell can be nothing else.
    pub(super) fn code_table(&self, rows: &[Row<'_>], announced: bool) -> Option<CodeTable> {
        let (header, body) = rows.split_first()?;
        let titled = header.cells.iter().position(|cell| self.lexicon.is_nothing_but("code-table", cell));
        let column = titled.unwrap_or(0);
        let codes = body.iter().filter(|row| row.cells.get(column).is_some_and(|cell| is_code(cell))).count();
        let telling = || body.iter().all(|row| row.cells.get(column).is_some_and(|cell| is_telling(cell)));
        let untold = titled.is_none() && (codes < body.len() || !(announced || telling()));
        if codes == 0 || codes * 2 < body.len() || untold {
            return None;
        }
        let rows = body.iter().filter_map(|row| {
            let code = row.cells.get(column).filter(|cell| is_code(cell))?;
            let text = row.cells.iter().enumerate().find(|(at, cell)| *at != column && !cell.is_empty());
            let text = text.map_or("", |(_, text)| text);
            Some(CodeRow { code: (*code).into(), text: text.to_owned(), place: self.place(row.line) })
        });
        Some(CodeTable { rows: rows.collect() })
    }

    /// The codes that a line such as `可能返回的错误码:1006,1010` names.
    pub(super) fn quoted_codes(&self, text: &str) -> Vec<CodeRow> {
        if !self.lexicon.speaks_of("code-table", text) {
            return Vec::new();
        }
        let after = text.find([':', '：']).map_or(text, |at| &text[at..]);
        let codes = after.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        codes
            .filter(|code| is_code(code))
            .map(|code| CodeRow { code: code.into(), text: String::new(), place: self.place(code) })
            .collect()
    }

    pub(super) fn table(&self, heading: Option<&str>, rows: &[Row<'_>]) -> Table {
        let place = match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => {
                let span = self.source.span_of(first.line).to(self.source.span_of(last.line));
                Place { file: self.file, span }
            }
            _ => Place { file: self.file, ..Place::default() },
        };
        let cells = |row: &Row<'_>| row.cells.iter().map(|cell| (*cell).to_owned()).collect();
        Table { heading: heading.map(str::to_owned), rows: rows.iter().map(cells).collect(), place }
    }
}

/// `1006`, `-1`, `E1001`, `USER_NOT_FOUND`.
pub(super) fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = !digits.is_empty() && digits.len() <= 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let name = text.len() >= 3
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && text.contains(|c: char| c == '_' || c.is_ascii_digit());
    number || name
}

/// A code that is unlikely to be a value of an enumeration.
fn is_telling(code: &str) -> bool {
    code.len() > 2 && is_code(code)
}

/// `{"1001": "参数错误", "1002": "…"}`: every key a code, every value a text.
pub(super) fn is_code_object(value: &Json) -> bool {
    value.as_object().is_some_and(|members| {
        !members.is_empty() && members.iter().all(|(key, value)| is_code(key) && value.as_str().is_some())
    })
}
