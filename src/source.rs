//! Texts and places in them.
//!
//! In: files as they lie on disk. Out: `Source`s (decoded text with a line index) and `Span`s (byte ranges in that text).
//! Knows nothing of documents. Line and column exist only here and only on demand: everything else speaks of spans.

use std::fmt;
use std::sync::Arc;

/// A byte range in one source's text; `start <= end`, both on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `offset` bytes later.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Sources are bounded far below 4 GiB by the loader, so this never cuts anything off.
fn clamp(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Which source of a document set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A span in one source of a document set: where something was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

impl Place {
    /// Whether `other` lies within.
    pub fn covers(self, other: Self) -> bool {
        self.file == other.file && self.span.start <= other.span.start && other.span.end <= self.span.end
    }
}

/// 1-based; the column counts characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One text with the name that messages show for it.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Arc<[u32]>,
    /// How many characters begin before each block of bytes, so that a place on a line of a megabyte is found at once.
    characters: Arc<[u32]>,
}

const BLOCK: usize = 256;

impl Source {
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| clamp(at + 1));
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        let mut before = 0;
        let counts = text.as_bytes().chunks(BLOCK).map(|block| {
            before += beginnings(block);
            clamp(before)
        });
        let characters = std::iter::once(0).chain(counts).collect();
        Self { name: name.into(), text, line_starts, characters }
    }

    /// The path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a slice of this source's own text lies.
    pub fn span_of(&self, piece: &str) -> Span {
        span_in(&self.text, piece)
    }

    /// The text of a span; empty if the span is not one of this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub fn locate(&self, offset: u32) -> LineColumn {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts[line - 1] as usize;
        let is_place = self.text.is_char_boundary(offset as usize) && start <= offset as usize;
        let before = |at: usize| {
            let block = at / BLOCK;
            self.characters[block] as usize + beginnings(&self.text.as_bytes()[block * BLOCK..at])
        };
        let column = if is_place { before(offset as usize) - before(start) } else { 0 };
        LineColumn { line, column: column + 1 }
    }

    /// 1-based number of the line on which the byte at `offset` lies.
    pub fn line(&self, offset: u32) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).max(1)
    }
}

/// How many characters begin in a piece of UTF-8.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Where `piece`, a slice of `text`, lies in it: the tree keeps slices, and a slice knows where it lies.
pub fn span_in(text: &str, piece: &str) -> Span {
    let start = (piece.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    debug_assert!(start <= text.len() && start + piece.len() <= text.len(), "not a slice of this text");
    if start > text.len() {
        return Span::default();
    }
    Span::new(start, (start + piece.len()).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let source = Source::new("a.md", "手机号\nx=验证码\n");
        let at = source.text().find("验").unwrap();
        assert_eq!(source.locate(clamp(at)).to_string(), "2:3");
        assert_eq!(source.locate(0).to_string(), "1:1");
        assert_eq!(source.locate(clamp(source.text().len())).to_string(), "3:1");
    }

    #[test]
    fn columns_are_counted_on_lines_of_any_length() {
        let text = format!("a\n{}x", "“é”".repeat(5_000));
        let source = Source::new("a.md", text.as_str());
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]).skip(2) {
            assert_eq!(source.locate(clamp(offset)).column, text[2..offset].chars().count() + 1);
        }
        assert_eq!(source.locate(3).to_string(), "2:1", "no place");
        assert_eq!(source.locate(clamp(text.len() + 1)).to_string(), "2:1");
    }

    #[test]
    fn a_slice_knows_where_it_lies() {
        let source = Source::new("a.md", "abc\ndef");
        let piece = &source.text()[4..6];
        assert_eq!(source.span_of(piece), Span::new(4, 6));
        assert_eq!(source.slice(Span::new(4, 6)), "de");
        assert_eq!(source.slice(Span::new(4, 600)), "");
    }
}
