//! The line on which a span begins, fit for a terminal: with nothing in it that a terminal would obey, and cut
//! where it is very long.
//!
//! In: a source and a span. Out: text and the marked range in it. Knows no finding.

use crate::source::{Source, Span};
use std::ops::Range;

/// Columns shown from the mark on. What stands before it is whole: the drawer cuts there by itself, and counts columns in it.
const LONGEST: usize = 90;
const CUT: char = '…';

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// 1-based number of the line.
    pub(super) line: usize,
    pub(super) text: String,
    /// Bytes of `text`; empty where the span is.
    pub(super) mark: Range<usize>,
}

impl Excerpt {
    /// Of a span over several lines, only what stands on its first line is marked.
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let text = source.text();
        let (start, end) = (floor(text, span.start as usize), floor(text, span.end as usize));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[line_start..line_end].trim_end_matches('\r');
        let inside = |at: usize| at.saturating_sub(line_start).min(line.len());
        let (text, mark) = cut(line, inside(start)..inside(end.max(start)));
        Self { line: source.line(span.start), text, mark }
    }
}

/// The text with everything that a terminal would obey made visible: `␛[31m`. It stays on one line.
pub fn harmless(text: &str) -> String {
    text.chars().map(visible).collect()
}

fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '␡',
        // What changes the direction of text, breaks lines or takes no room; a byte order mark; private C1 controls.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

/// Keeps the mark, unless that is very long itself, and what stands before it.
fn cut(line: &str, mark: Range<usize>) -> (String, Range<usize>) {
    let end = mark.start + fitting(&line[mark.start..]);
    let mark_end = mark.end.min(end);
    let mut text = harmless(&line[..mark.start]);
    let marked_from = text.len();
    text.push_str(&harmless(&line[mark.start..mark_end]));
    let marked = marked_from..text.len();
    text.push_str(&harmless(&line[mark_end..end]));
    if end < line.len() {
        text.push(CUT);
    }
    (text, marked)
}

/// The bytes of as many characters as fit. Most of what is not ASCII in these documents is two columns wide.
fn fitting(text: &str) -> usize {
    let mut width = 0;
    let fitting = text.chars().take_while(|c| {
        width += if c.is_ascii() { 1 } else { 2 };
        width <= LONGEST
    });
    fitting.map(char::len_utf8).sum()
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, piece: &str, shown: &str, marked: &str) {
        let start = text.find(piece).unwrap();
        let excerpt = Excerpt::new(&Source::new("a.md", text), Span::new(start, start + piece.len()));
        assert_eq!((excerpt.text.as_str(), &excerpt.text[excerpt.mark]), (shown, marked));
    }

    #[test]
    fn nothing_reaches_the_terminal_as_a_command() {
        check("a\u{1b}[31mb\r\nc", "[31mb", "a␛[31mb", "[31mb");
        check("x\u{9b}31m\u{202e}y", "31m", "x\u{fffd}31m\u{fffd}y", "31m");
    }

    #[test]
    fn long_lines_are_cut_after_the_mark() {
        let line = format!("{}x=1{}", "手".repeat(50), "机".repeat(500));
        check(&line, "x=1", &format!("{}x=1{}…", "手".repeat(50), "机".repeat(43)), "x=1");
    }

    #[test]
    fn a_long_mark_is_cut_itself() {
        let line = "y".repeat(1000);
        check(&line, &line, &format!("{}…", "y".repeat(LONGEST)), &"y".repeat(LONGEST));
    }

    #[test]
    fn only_the_first_line_of_a_span_is_marked() {
        check("{\n\"a\": 1\n}", "\"a\": 1\n}", "\"a\": 1", "\"a\": 1");
    }

    #[test]
    fn a_span_beyond_the_text_is_the_end() {
        let excerpt = Excerpt::new(&Source::new("a.md", "手"), Span { start: 1, end: 90 });
        assert_eq!(excerpt, Excerpt { line: 1, text: "手".to_owned(), mark: 0..3 });
        let empty = Excerpt::new(&Source::new("a.md", ""), Span { start: 7, end: 90 });
        assert_eq!(empty, Excerpt { line: 1, text: String::new(), mark: 0..0 });
    }
}
