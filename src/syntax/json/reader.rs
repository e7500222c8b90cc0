//! The cursor over one region: where it stands, on which line, and what was found odd on the way.
//!
//! Searches that run ahead of the cursor (for a quote, a parenthesis, the end of a comment) remember what they found, so
//! that no text, however broken, is searched again and again.

use super::form::{self, Mark};
use super::repair::{self, Repair};
use super::{Comment, Parsed};
use crate::source::Span;

pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Counts line breaks before the cursor.
    line: usize,
    pub(super) parsed: Parsed<'t>,
    /// Comments that wait for the value that they introduce.
    pub(super) captions: Vec<Comment>,
    /// Nothing from here on can be a value: the last one was open to the end of the region.
    pub(super) only_prose: bool,
    pub(super) quotes_ahead: [QuoteAhead; super::quoted::FAMILIES],
    pub(super) unpaired_until: usize,
    no_comment_end: bool,
}

/// What is known of a family's closing quotes: none stands in `from..at`, and one at `at` (nowhere, if that is the largest
/// number). Strings begin behind a quote, so never at 0, and the default says nothing about any of them.
#[derive(Clone, Copy, Default)]
pub(super) struct QuoteAhead {
    pub(super) from: usize,
    pub(super) at: usize,
}

/// What comes next behind blanks and comments, where that decides what the piece before it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    End,
    Mark(Mark),
    Arrow,
    Other(char),
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 0,
            parsed: Parsed::default(),
            captions: Vec::new(),
            only_prose: false,
            quotes_ahead: Default::default(),
            unpaired_until: 0,
            no_comment_end: false,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn rest(&self) -> &'t str {
        self.from(self.at)
    }

    pub(super) fn from(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn move_to(&mut self, at: usize) {
        self.line += self.slice(self.at, at).matches('\n').count();
        self.at = at;
    }

    /// Takes the character at the cursor.
    pub(super) fn step(&mut self) -> Span {
        let start = self.at;
        self.move_to(start + self.peek().map_or(0, char::len_utf8));
        Span::new(start, self.at)
    }

    /// Back to an earlier place, whose line break count is found by counting down.
    pub(super) fn return_to(&mut self, at: usize) {
        self.line -= self.slice(at, self.at).matches('\n').count().min(self.line);
        self.at = at;
        self.no_comment_end = false;
    }

    /// The end of the line on which the byte at `at` lies, without its break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.from(at).find('\n').map_or(self.text.len(), |length| at + length)
    }

    /// Whether only blanks stand between the start of the line and the cursor, and none of them if `flush`.
    pub(super) fn at_line_start(&self, flush: bool) -> bool {
        let mut before = self.slice(0, self.at).chars().rev();
        if flush {
            return before.next().is_none_or(|c| c == '\n');
        }
        before.take_while(|c| *c != '\n').all(form::is_blank)
    }

    pub(super) fn repair(&mut self, repair: Repair) {
        self.parsed.repairs.push(repair);
    }

    /// Where blanks end.
    fn after_blanks(&self, at: usize) -> usize {
        form::blanks(self.from(at)).map_or(at, |(_, blanks)| at + blanks.len())
    }

    pub(super) fn skip_blanks(&mut self) {
        let (start, end) = (self.at, self.after_blanks(self.at));
        for (offset, mark) in self.slice(start, end).match_indices(form::BOM) {
            self.repair(repair::bom(Span::new(start + offset, start + offset + mark.len())));
        }
        self.move_to(end);
    }

    /// The comment at the cursor. Where a value is due, `#fff` and `/path` are no comments.
    fn comment_ahead(&mut self, at: usize, value_due: bool) -> Option<(&'t str, bool)> {
        let text = self.from(at);
        if !text.starts_with(['/', '#', '／']) {
            return None;
        }
        if text.starts_with("/*") {
            let whole = if self.no_comment_end { None } else { form::block_comment(text).ok() };
            self.no_comment_end |= whole.is_none();
            return match whole {
                Some((_, whole)) => Some((whole, true)),
                None => Some((form::line_comment(text).ok()?.1, false)),
            };
        }
        if value_due && is_bare_value(text) {
            return None;
        }
        let (_, whole) = form::line_comment(text).ok()?;
        Some((whole.trim_end_matches(form::is_blank), true))
    }

    /// Takes the comment at the cursor, if there is one.
    pub(super) fn comment(&mut self, value_due: bool) -> Option<Comment> {
        let start = self.at;
        let (whole, closed) = self.comment_ahead(start, value_due)?;
        let span = Span::new(start, start + whole.len());
        self.repair(repair::comment(span, whole));
        if !closed {
            self.repair(repair::open_comment(span));
        }
        self.move_to(start + whole.len());
        Some(Comment { text: form::comment_text(whole), span })
    }

    /// What comes at `at` or, behind blanks and comments, after it.
    pub(super) fn follow(&mut self, at: usize) -> Follow {
        self.follow_at(at).0
    }

    pub(super) fn follow_at(&mut self, mut at: usize) -> (Follow, usize) {
        loop {
            at = self.after_blanks(at);
            match self.comment_ahead(at, true) {
                Some((whole, _)) => at += whole.len(),
                None => break,
            }
        }
        let text = self.from(at);
        let follow = match text.chars().next() {
            None => Follow::End,
            Some(_) if form::arrow(text).is_ok() => Follow::Arrow,
            Some(c) => form::mark(c).map_or(Follow::Other(c), Follow::Mark),
        };
        (follow, at)
    }
}

/// Whether `#fff` or `/path` stands here: what begins like a comment, but with no blank after the sign.
fn is_bare_value(text: &str) -> bool {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('#'), Some(c)) => c.is_ascii_alphanumeric(),
        (Some('/'), Some(c)) => c != '/' && !form::is_blank(c),
        _ => false,
    }
}
