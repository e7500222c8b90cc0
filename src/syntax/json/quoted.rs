//! Quoted strings: where one ends, whatever quotes were typed, and what its text is.
//!
//! A string that is not closed must not swallow what follows it. A line break inside a string is content only if the next
//! quote of its kind closes it, that is, if a comma, a bracket or the end of the line comes after that quote. Otherwise the
//! string ends with its line.

use super::form::{self, Mark, at_line_end};
use super::reader::{Follow, QuoteAhead, Reader};
use super::repair;
use crate::source::Span;
use std::sync::Arc;

/// Families of quotes whose members close each other.
pub(super) const FAMILIES: usize = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quote {
    Straight,
    Curly,
    FullWidth,
    Single,
    SingleCurly,
    Corner,
    WhiteCorner,
}

fn quote(c: char) -> Option<Quote> {
    Some(match c {
        '"' => Quote::Straight,
        '“' | '”' | '„' | '‟' => Quote::Curly,
        '＂' => Quote::FullWidth,
        '\'' => Quote::Single,
        '‘' | '’' => Quote::SingleCurly,
        '「' | '」' => Quote::Corner,
        '『' | '』' => Quote::WhiteCorner,
        _ => return None,
    })
}

impl Quote {
    /// Inside a straight quote the curly ones are content; the other way round, either hand may have typed the end.
    fn closed_by(self, c: char) -> bool {
        match self {
            Self::Straight => c == '"',
            Self::Curly => matches!(c, '“' | '”' | '„' | '‟' | '"'),
            Self::FullWidth => matches!(c, '＂' | '"'),
            Self::Single => c == '\'',
            Self::SingleCurly => matches!(c, '‘' | '’' | '\''),
            Self::Corner => c == '」',
            Self::WhiteCorner => c == '』',
        }
    }
}

pub(super) fn is_quote(c: char) -> bool {
    quote(c).is_some()
}

/// A quote that words do not use as an apostrophe.
pub(super) fn is_double_quote(c: char) -> bool {
    matches!(quote(c), Some(Quote::Straight | Quote::Curly | Quote::FullWidth))
}

/// Whether a quoted key and its colon stand here, on one line.
pub(super) fn is_quoted_key(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(family) = chars.next().and_then(quote) else { return false };
    let Some(closing) = chars.find(|c| *c == '\n' || family.closed_by(*c)) else { return false };
    closing != '\n' && form::after_line_blanks(chars.as_str()).starts_with([':', '：', '='])
}

/// A string, with its quotes.
pub(super) struct Quoted {
    pub(super) text: Arc<str>,
    pub(super) span: Span,
}

/// Where the parts of a string lie.
struct Extent {
    content: (usize, usize),
    /// Behind the closing quote, or at the end of the content if there is none.
    end: usize,
    closed: bool,
    /// A quote of another family stands at the end.
    mixed: bool,
}

/// Takes the string whose opening quote is at the cursor. `as_key` says that a key is due here.
pub(super) fn quoted(reader: &mut Reader<'_>, as_key: bool) -> Option<Quoted> {
    let start = reader.at();
    let opening = reader.peek()?;
    let family = quote(opening)?;
    let extent = extent(reader, start + opening.len_utf8(), family);
    let extent = better_end(reader, extent, as_key);
    let span = Span::new(start, extent.end);
    let (from, to) = extent.content;
    let content = reader.slice(from, to);
    let closing = reader.slice(to, extent.end).chars().next();
    let curly = |quote: Quote| !matches!(quote, Quote::Straight | Quote::FullWidth | Quote::Single);
    if curly(family) || extent.mixed || closing.and_then(quote).is_some_and(curly) {
        let found = if curly(family) { opening } else { closing.unwrap_or(opening) };
        reader.repair(repair::smart_quote(span, found, content, as_key));
    } else if family == Quote::Single {
        reader.repair(repair::single_quote(span, content, as_key));
    } else if family == Quote::FullWidth {
        reader.repair(repair::full_width(span, opening, '"'));
    }
    if !extent.closed {
        reader.repair(repair::unclosed_string(span, content));
    }
    let text = decode(reader, from, content);
    reader.move_to(extent.end);
    Some(Quoted { text, span })
}

fn extent(reader: &mut Reader<'_>, from: usize, family: Quote) -> Extent {
    let mut goes_on = false;
    let mut chars = reader.from(from).char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let at = from + offset;
        if family.closed_by(c) {
            return Extent { content: (from, at), end: at + c.len_utf8(), closed: true, mixed: false };
        }
        match c {
            '\\' => drop(chars.next_if(|(_, next)| *next != '\n')),
            '\n' if !goes_on => {
                goes_on = closes_later(reader, at + 1, family);
                if !goes_on {
                    break;
                }
            }
            _ => {}
        }
    }
    let to = from + finished(reader.slice(from, reader.line_end(from)));
    let mixed = reader.slice(from, to).chars().next_back().filter(|c| *c != '"' && is_double_quote(*c));
    let content = (from, to - mixed.map_or(0, char::len_utf8));
    Extent { content, end: to, closed: mixed.is_some(), mixed: mixed.is_some() }
}

/// Whether the first quote of the family from here on closes something.
fn closes_later(reader: &mut Reader<'_>, from: usize, family: Quote) -> bool {
    let Some(at) = quote_ahead(reader, from, family) else { return false };
    let after = reader.from(at);
    let text = form::after_line_blanks(after.strip_prefix(|c| family.closed_by(c)).unwrap_or(after));
    at_line_end(text)
        || text.starts_with('/')
        || text.chars().next().and_then(form::mark).is_some_and(|mark| matches!(mark, Mark::Comma | Mark::Close(_)))
}

/// The first quote at or after `from` that would close the family, escaped ones passed over.
fn quote_ahead(reader: &mut Reader<'_>, from: usize, family: Quote) -> Option<usize> {
    let known = reader.quotes_ahead.get(family as usize).copied().unwrap_or_default();
    if known.from <= from && from <= known.at {
        return (known.at < usize::MAX).then_some(known.at);
    }
    let mut escaped = false;
    let found = reader.from(from).char_indices().find(|(_, c)| {
        let closes = family.closed_by(*c) && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    let found = found.map(|(offset, _)| from + offset);
    if let Some(slot) = reader.quotes_ahead.get_mut(family as usize) {
        *slot = QuoteAhead { from, at: found.unwrap_or(usize::MAX) };
    }
    found
}

/// Where the text of an unclosed string ends on its line: before a comma with a comment, and before what closes the line.
fn finished(line: &str) -> usize {
    let comment = line.match_indices("//").find_map(|(at, _)| {
        let before = line.get(..at)?.trim_end_matches(form::is_blank);
        before.ends_with([',', '，']).then_some(before)
    });
    let mut text = comment.unwrap_or(line);
    let holds = |c| text.contains(c);
    let (brace, square) = (holds('{'), holds('['));
    while let Some(last) = text.chars().next_back() {
        let closes = match last {
            ',' | '，' => true,
            '}' | '｝' => !brace,
            ']' | '］' => !square,
            other => form::is_blank(other),
        };
        if !closes {
            break;
        }
        text = text.get(..text.len() - last.len_utf8()).unwrap_or_default();
    }
    text.len()
}

/// Looks again where the quote that was found does not close anything: another hand may have typed the right one, or a key
/// may have lost its own. Valid JSON never comes so far, for there a mark follows every string.
fn better_end(reader: &mut Reader<'_>, extent: Extent, as_key: bool) -> Extent {
    let (from, to) = extent.content;
    let content = reader.slice(from, to);
    if as_key && !extent.closed {
        // `"key: 1,`
        return match content.find([':', '：']) {
            Some(0) | None => extent,
            Some(length) => key_without_end(from, content, length),
        };
    }
    let follow = reader.follow(extent.end);
    let fits = match follow {
        Follow::Mark(Mark::Colon) | Follow::Arrow | Follow::End => true,
        Follow::Mark(Mark::Comma | Mark::Close(_)) => !as_key,
        Follow::Mark(Mark::Open(_)) | Follow::Other(_) => false,
    };
    if fits || extent.mixed {
        return extent;
    }
    // `"key”: "value"`
    let curly = content.char_indices().filter(|(_, c)| quote(*c) == Some(Quote::Curly)).find(|(at, c)| {
        let after = form::after_line_blanks(content.get(at + c.len_utf8()..).unwrap_or_default());
        match after.chars().next().and_then(form::mark) {
            Some(Mark::Colon) => as_key,
            Some(Mark::Comma | Mark::Close(_)) => !as_key,
            _ => false,
        }
    });
    if let Some((at, c)) = curly {
        return Extent { content: (from, from + at), end: from + at + c.len_utf8(), closed: true, mixed: true };
    }
    // `"key: "value"`
    let bare = content.trim_end_matches(form::is_blank);
    if as_key && bare.len() > 1 && bare.ends_with([':', '：']) {
        let length = bare.find([':', '：']).unwrap_or(bare.len());
        return key_without_end(from, content, length);
    }
    extent
}

/// A key whose end is only told by the colon after it, `length` bytes into the content; perhaps a curly quote stands there.
fn key_without_end(from: usize, content: &str, length: usize) -> Extent {
    let key = content.get(..length).unwrap_or_default().trim_end_matches(form::is_blank);
    let bare = key.trim_end_matches(|c| quote(c) == Some(Quote::Curly));
    let mixed = bare.len() < key.len();
    Extent { content: (from, from + bare.len()), end: from + key.len(), closed: mixed, mixed }
}

/// The text that the content of a string stands for.
fn decode(reader: &mut Reader<'_>, from: usize, content: &str) -> Arc<str> {
    if !content.contains(|c: char| c == '\\' || c < ' ') {
        return content.into();
    }
    let mut text = String::with_capacity(content.len());
    let (mut broken, mut control) = (None, None);
    let mut rest = content;
    while let Some(c) = rest.chars().next() {
        let at = from + content.len() - rest.len();
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = after;
        match c {
            '\\' => match form::escape(after) {
                Ok((behind, Some(meant))) => {
                    text.push(meant);
                    rest = behind;
                }
                Ok((behind, None)) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    let span = Span::new(at, from + content.len() - behind.len());
                    reader.repair(repair::bad_escape(span, reader.slice(at, span.end as usize)));
                    rest = behind;
                }
                Err(_) => {
                    let next = after.chars().next();
                    // A quote needs no backslash between quotes of another kind, and does not want to be shown with one.
                    if !next.is_some_and(is_quote) {
                        text.push('\\');
                    }
                    let span = Span::new(at, at + 1 + next.map_or(0, char::len_utf8));
                    reader.repair(repair::bad_escape(span, reader.slice(at, span.end as usize)));
                }
            },
            '\r' if after.starts_with('\n') => {}
            '\n' => {
                broken.get_or_insert(at);
                text.push(c);
            }
            c => {
                if c < ' ' {
                    control.get_or_insert((at, c));
                }
                text.push(c);
            }
        }
    }
    if let Some(at) = broken {
        reader.repair(repair::raw_newline(Span::new(at, at + 1)));
    }
    if let Some((at, c)) = control {
        reader.repair(repair::control_character(Span::new(at, at + 1), c));
    }
    text.into()
}
