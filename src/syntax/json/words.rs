//! All that stands bare, without quotes: scalars, keys, notes. Where a run of words ends, and what it may be.

use super::form::{self, Mark, Scalar, after_line_blanks, at_line_end, is_blank};
use super::quoted::{is_double_quote, is_quote};
use super::reader::Reader;

/// What ends a run of words besides commas, brackets, comments and the end of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// A colon, an arrow or a quote.
    KeyEnd,
    /// An arrow.
    Arrow,
    Nothing,
}

/// Where the run that begins at `from` ends, blanks at its end left out. It holds at least one character, if there is one.
pub(super) fn run(reader: &mut Reader<'_>, from: usize, until: Until) -> usize {
    let mut at = from;
    let mut previous = None;
    while let Some(c) = reader.from(at).chars().next() {
        if c == '\n' || (at > from && ends_run(reader.from(at), c, previous, until)) {
            break;
        }
        match opens_paren(c).then(|| paren_group(reader, at)).flatten() {
            Some(end) => at = end,
            None => at += c.len_utf8(),
        }
        previous = Some(c);
    }
    from + reader.slice(from, at).trim_end_matches(is_blank).len()
}

fn ends_run(text: &str, c: char, previous: Option<char>, until: Until) -> bool {
    let after = text.get(c.len_utf8()..).unwrap_or_default();
    let after_blank = previous.is_some_and(is_blank);
    match form::mark(c) {
        Some(Mark::Comma) => c == ',' || ends_words(after),
        Some(Mark::Colon) => until == Until::KeyEnd,
        Some(_) => true,
        None if c == '/' => {
            // The slashes of an address are no comment.
            (after.starts_with('/') && previous != Some(':'))
                || after.starts_with('*')
                || (after_blank && after.starts_with(is_blank))
        }
        None if c == '#' => after_blank,
        None if c == '=' => until == Until::KeyEnd || (until == Until::Arrow && after.starts_with('>')),
        None => is_quote(c) && (after_blank || (until == Until::KeyEnd && is_double_quote(c))),
    }
}

/// Whether a full-width comma before this is structure: words use it, too.
fn ends_words(after: &str) -> bool {
    let next = after_line_blanks(after).chars().next();
    next.is_none_or(|c| matches!(c, '\n' | '/') || is_quote(c) || matches!(form::mark(c), Some(Mark::Close(_))))
}

pub(super) fn opens_paren(c: char) -> bool {
    matches!(c, '(' | '（')
}

/// The end of `(…)` on one line; where the parentheses do not pair, the last closing one on the line.
pub(super) fn paren_group(reader: &mut Reader<'_>, at: usize) -> Option<usize> {
    if at < reader.unpaired_until {
        return None;
    }
    let (mut depth, mut last) = (0_usize, None);
    for (offset, c) in reader.from(at).char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => {
                depth = depth.saturating_sub(1);
                last = Some(at + offset + c.len_utf8());
                if depth == 0 {
                    return last;
                }
            }
            '\n' => {
                reader.unpaired_until = last.unwrap_or(at).max(at + offset);
                return last;
            }
            _ => {}
        }
    }
    reader.unpaired_until = usize::MAX;
    last
}

/// The valid scalar at the cursor and its length, if it ends there: `1` of `1,(note)` or `1 已认证`, not of `10 000` or `1个`;
/// `null` of `null会员标志`, for that counts nothing.
pub(super) fn scalar<'t>(reader: &Reader<'t>, in_array: bool) -> Option<(Scalar<'t>, usize)> {
    let text = reader.rest();
    let (after, scalar) = form::scalar(text).ok()?;
    let rest = after_line_blanks(after);
    let apart = rest.len() < after.len();
    let next = rest.chars().next();
    let ends = at_line_end(after)
        || next.is_some_and(|c| matches!(c, '/' | '#' | ';' | '=') || opens_paren(c) || is_quote(c))
        || next.and_then(form::mark).is_some_and(|mark| mark != Mark::Colon)
        || form::ellipsis(rest).is_ok()
        || (!apart && !matches!(scalar, Scalar::Number(_)) && next.is_some_and(|c| !c.is_ascii() && c.is_alphabetic()))
        || (apart && (in_array || next.is_some_and(|c| !c.is_ascii()) || starts_key(rest)));
    ends.then_some((scalar, text.len() - after.len()))
}

fn starts_key(text: &str) -> bool {
    form::identifier(text).is_ok_and(|(rest, _)| after_line_blanks(rest).starts_with([':', '：']))
}

/// Whether words before a colon are a key. One plain word is; others, such as `可能返回的错误:`, only before a value.
pub(super) fn is_key(words: &str, after_colon: &str) -> bool {
    if after_colon.starts_with("//") {
        return false; // the colon of an address
    }
    if is_identifier(words) {
        return true;
    }
    let value = after_line_blanks(after_colon);
    value.chars().next().is_some_and(|c| is_quote(c) || matches!(form::mark(c), Some(Mark::Open(_))))
        || form::scalar(value).is_ok()
}

pub(super) fn is_identifier(words: &str) -> bool {
    form::identifier(words).is_ok_and(|(rest, _)| rest.is_empty())
}
