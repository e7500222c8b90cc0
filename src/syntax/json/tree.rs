//! One value and all that lies in it, whatever state it is in.
//!
//! The stack of open containers is kept here and not on the thread's, so depth costs nothing. Every turn of the loop takes
//! something from the text; what fits nowhere is dropped with a repair, and reading goes on behind it.

use super::form::{self, Bracket, Mark, Scalar};
use super::frame::{Filler, Frame, Key};
use super::quoted::{self, Quoted, is_quote};
use super::reader::{Follow, Reader};
use super::repair;
use super::words::{self, Until};
use super::{Comment, Kind, MAX_DEPTH, Value};
use crate::source::Span;
use std::sync::Arc;

/// Reads the value whose opening bracket is at the cursor, which then stands behind it. If the value is never closed, the
/// cursor stands behind the last line that surely belongs to it, and the reader knows that only prose can follow.
pub(super) fn value(reader: &mut Reader<'_>, caption: Option<Comment>) -> Option<Value> {
    let Some(Mark::Open(bracket)) = reader.peek().and_then(form::mark) else { return None };
    let mut tree = Tree { reader, frames: Vec::new(), last: Last::default(), root: None, solid: 0, solid_repairs: 0 };
    tree.open(bracket);
    if let Some(frame) = tree.frames.last_mut() {
        frame.comment = caption;
    }
    while tree.root.is_none() {
        tree.next();
    }
    tree.root
}

pub(super) struct Tree<'r, 't> {
    pub(super) reader: &'r mut Reader<'t>,
    pub(super) frames: Vec<Frame>,
    last: Last,
    root: Option<Value>,
    /// Behind the last piece that cannot be prose, and how many repairs there were then.
    pub(super) solid: usize,
    pub(super) solid_repairs: usize,
}

/// The piece before the cursor, for a comment on the same line.
#[derive(Clone, Copy, Default)]
struct Last {
    line: usize,
    what: Piece,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Piece {
    #[default]
    Nothing,
    Opening,
    Key,
    Entry,
}

/// What is due.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Key,
    Colon,
    Value,
    Item,
}

impl Tree<'_, '_> {
    fn due(&self) -> Due {
        match self.frames.last() {
            Some(Frame { is_object: false, .. }) | None => Due::Item,
            Some(Frame { key: None, .. }) => Due::Key,
            Some(Frame { key: Some(key), .. }) if key.colon => Due::Value,
            Some(_) => Due::Colon,
        }
    }

    fn next(&mut self) {
        self.reader.skip_blanks();
        let Some(c) = self.reader.peek() else { return self.end_of_text() };
        let due = self.due();
        let (line, after_comma) = (self.reader.line(), self.frames.last().is_some_and(Frame::after_comma));
        if let Some(comment) = self.reader.comment(due == Due::Value) {
            return self.comment(comment, line, after_comma);
        }
        let rest = self.reader.rest();
        match form::mark(c) {
            Some(Mark::Open(_)) if due == Due::Key && self.value_begins() => self.give_up(),
            Some(Mark::Open(bracket)) => self.open(bracket),
            Some(Mark::Close(bracket)) => self.close(bracket),
            Some(Mark::Comma) => self.comma(),
            Some(Mark::Colon) => self.colon(due),
            None if due == Due::Colon => match form::arrow(rest) {
                Ok((_, arrow)) => {
                    let start = self.reader.at();
                    self.reader.move_to(start + arrow.len());
                    self.reader.repair(repair::arrow(Span::new(start, start + arrow.len()), arrow));
                    self.colon_seen();
                }
                Err(_) => self.colon_seen(),
            },
            None if is_quote(c) => self.string(due),
            None => match form::ellipsis(rest) {
                Ok((_, dots)) => self.ellipsis(dots, due),
                Err(_) if due == Due::Key => self.bare_key(),
                Err(_) => self.bare_value(due),
            },
        }
    }

    /// What was just taken is no prose.
    pub(super) fn mark_solid(&mut self) {
        self.solid = self.reader.at();
        self.solid_repairs = self.reader.parsed.repairs.len();
    }

    fn saw(&mut self, what: Piece) {
        self.last = Last { line: self.reader.line(), what };
    }

    /// Takes the mark at the cursor, and says so if it is full-width.
    pub(super) fn take_mark(&mut self, mark: Mark) -> Span {
        let found = self.reader.peek().unwrap_or_default();
        let span = self.reader.step();
        if !found.is_ascii() {
            self.reader.repair(repair::full_width(span, found, mark.ascii()));
        }
        span
    }

    fn open(&mut self, bracket: Bracket) {
        let span = self.take_mark(Mark::Open(bracket));
        let comment = self.begin(span);
        if self.frames.len() >= MAX_DEPTH {
            return self.skip_deep(span, comment);
        }
        self.frames.push(Frame::new(bracket, span, comment));
        self.mark_solid();
        self.saw(Piece::Opening);
    }

    /// Passes over a container that lies too deep: brackets are counted, nothing is kept.
    fn skip_deep(&mut self, opening: Span, comment: Option<Comment>) {
        let repairs = self.reader.parsed.repairs.len();
        let mut depth = 1_usize;
        while depth > 0 {
            self.reader.skip_blanks();
            let Some(c) = self.reader.peek() else { break };
            match form::mark(c) {
                Some(Mark::Open(_)) => depth += 1,
                Some(Mark::Close(_)) => depth -= 1,
                _ => {
                    if self.reader.comment(true).is_some()
                        || (is_quote(c) && quoted::quoted(self.reader, false).is_some())
                    {
                        continue;
                    }
                }
            }
            self.reader.step();
        }
        let span = Span::new(opening.start as usize, self.reader.at());
        self.reader.parsed.repairs.truncate(repairs);
        self.reader.repair(repair::too_deep(opening));
        self.mark_solid();
        self.put(Value::new(span, Kind::Null), comment);
    }

    pub(super) fn put(&mut self, value: Value, comment: Option<Comment>) {
        match self.frames.last_mut() {
            Some(frame) => frame.put(value, comment, self.reader),
            None => self.root = Some(Value { caption: comment, ..value }),
        }
        self.saw(Piece::Entry);
    }

    /// A value begins at `span`, and with it an entry, if no key has begun it. Returns the comment that was made on it so far.
    fn begin(&mut self, span: Span) -> Option<Comment> {
        let frame = self.frames.last_mut()?;
        if let Some(key) = &mut frame.key {
            return key.comment.take();
        }
        frame.begin(span, self.reader);
        frame.leading.take()
    }

    /// Puts a scalar that was just taken.
    fn put_scalar(&mut self, span: Span, kind: Kind) {
        let comment = self.begin(span);
        self.put(Value::new(span, kind), comment);
    }

    fn comma(&mut self) {
        let span = self.take_mark(Mark::Comma);
        self.end_key();
        if let Some(frame) = self.frames.last_mut() {
            frame.comma(span, self.reader);
        }
    }

    fn colon(&mut self, due: Due) {
        let span = self.take_mark(Mark::Colon);
        if due == Due::Colon {
            self.colon_seen();
        } else {
            self.reader.repair(repair::surplus_mark(span, Mark::Colon));
        }
    }

    fn colon_seen(&mut self) {
        if let Some(key) = self.frames.last_mut().and_then(|frame| frame.key.as_mut()) {
            key.colon = true;
        }
        self.saw(Piece::Key);
    }

    /// A key begins an entry; `span` is where it was taken.
    fn start_key(&mut self, text: &str, span: Span) {
        let trimmed = text.trim_matches(form::is_blank);
        let name: Arc<str> = if trimmed.is_empty() { text.into() } else { trimmed.into() };
        if let Some(frame) = self.frames.last_mut() {
            frame.begin(span, self.reader);
            if name.len() < text.len() {
                self.reader.repair(repair::key_blank(span, &name));
            }
            frame.key = Some(Key { name, span, comment: frame.leading.take(), colon: false });
        }
        self.saw(Piece::Key);
    }

    fn string(&mut self, due: Due) {
        let (start, line) = (self.reader.at(), self.reader.line());
        let Some(string) = quoted::quoted(self.reader, due == Due::Key) else { return };
        let Quoted { text, span } = string;
        let (follow, next) = self.reader.follow_at(self.reader.at());
        let named = matches!(follow, Follow::Mark(Mark::Colon) | Follow::Arrow);
        match due {
            Due::Key if named => self.start_key(&text, span),
            Due::Key if self.frames.last().is_some_and(Frame::beside_entry) => {
                return self.note(start, span.end as usize);
            }
            Due::Key => {
                self.start_key(&text, span);
                let same_line = !self.reader.slice(span.end as usize, next).contains('\n');
                if same_line && begins_value(follow) {
                    self.reader.repair(repair::missing_colon(span, &text));
                    self.colon_seen();
                } else {
                    self.end_key();
                }
            }
            // `"a":` at the end of a line, `"b": 1` on the next
            Due::Value | Due::Colon if named && line > self.last.line => {
                self.end_key();
                self.start_key(&text, span);
            }
            Due::Item if named => self.named_item(&text, span, follow),
            Due::Value | Due::Colon | Due::Item => self.put_scalar(span, Kind::String(text)),
        }
        self.mark_solid();
    }

    /// A name inside square brackets: they hold an object, or they were left open.
    fn named_item(&mut self, name: &str, span: Span, follow: Follow) {
        let around = self.frames.len().checked_sub(2).and_then(|place| self.frames.get(place));
        let in_object = around.is_some_and(|frame| frame.is_object);
        if let Some(frame) = self.frames.last_mut() {
            if follow != Follow::Arrow && in_object && !frame.items.is_empty() {
                let (opening, bracket) = (frame.opening, frame.bracket);
                self.reader.repair(repair::unclosed_inside(opening, bracket));
                self.finish_frame(span.start as usize);
                // The comma before the name stands between the list and this entry.
                if let Some(frame) = self.frames.last_mut() {
                    frame.fill(Filler::Ellipsis);
                }
            } else {
                if follow != Follow::Arrow {
                    self.reader.repair(repair::named_item(span));
                }
                frame.name_items();
            }
        }
        self.start_key(name, span);
    }

    fn ellipsis(&mut self, dots: &str, due: Due) {
        let start = self.reader.at();
        let span = Span::new(start, start + dots.len());
        self.reader.move_to(start + dots.len());
        self.reader.repair(repair::ellipsis(span, dots));
        if due == Due::Value {
            return self.put_scalar(span, Kind::Null);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.fill(Filler::Ellipsis);
        }
        self.saw(Piece::Nothing);
    }

    /// Words where a key is due: a key without quotes, or a note.
    fn bare_key(&mut self) {
        let start = self.reader.at();
        if self.reader.peek().is_some_and(words::opens_paren)
            && let Some(end) = words::paren_group(self.reader, start)
        {
            return self.note(start, end);
        }
        let end = words::run(self.reader, start, Until::KeyEnd);
        let word = self.reader.slice(start, end);
        let after = form::after_line_blanks(self.reader.from(end));
        let separator = form::arrow(after).map_or_else(
            |_| after.chars().next().filter(|c| form::mark(*c) == Some(Mark::Colon)).map(char::len_utf8),
            |(_, arrow)| Some(arrow.len()),
        );
        let span = Span::new(start, end);
        let opens = after.chars().next().and_then(form::mark).is_some_and(|mark| matches!(mark, Mark::Open(_)));
        match separator {
            Some(length) if words::is_key(word, after.get(length..).unwrap_or_default()) => {}
            Some(_) => {
                let end = words::run(self.reader, end, Until::Nothing);
                return self.note(start, end);
            }
            None if opens && words::is_identifier(word) => {
                self.reader.repair(repair::missing_colon(span, word));
            }
            None => return self.note(start, end),
        }
        self.reader.move_to(end);
        self.start_key(word, span);
        self.reader.repair(repair::bare_key(span, word));
        if separator.is_none() {
            self.colon_seen();
        }
    }

    /// A scalar without quotes, or (in an array) a note.
    fn bare_value(&mut self, due: Due) {
        let start = self.reader.at();
        if let Some((scalar, length)) = words::scalar(self.reader, due == Due::Item) {
            let text = self.reader.slice(start, start + length);
            let span = Span::new(start, start + length);
            self.reader.move_to(start + length);
            if due == Due::Item && self.reader.follow(self.reader.at()) == Follow::Arrow {
                return self.named_item(text, span, Follow::Arrow);
            }
            self.put_scalar(span, kind(scalar));
            return self.mark_solid();
        }
        if due == Due::Item
            && self.reader.peek().is_some_and(words::opens_paren)
            && let Some(end) = words::paren_group(self.reader, start)
        {
            return self.note(start, end);
        }
        let end = words::run(self.reader, start, if due == Due::Item { Until::Arrow } else { Until::Nothing });
        let text = self.reader.slice(start, end);
        let span = Span::new(start, end);
        if due == Due::Item {
            if self.reader.follow(end) == Follow::Arrow {
                self.reader.move_to(end);
                self.reader.repair(repair::bare_key(span, text));
                return self.named_item(text, span, Follow::Arrow);
            }
            if !text.chars().all(|c| c.is_ascii_graphic()) {
                return self.note(start, end);
            }
        }
        self.reader.move_to(end);
        self.reader.repair(repair::bare_scalar(span, text));
        self.put_scalar(span, Kind::String(text.into()));
    }

    /// Words that are no part of the value. On an entry's line they are kept as its comment.
    fn note(&mut self, start: usize, end: usize) {
        let span = Span::new(start, end);
        let whole = self.reader.slice(start, end);
        let line = self.reader.line();
        self.reader.repair(repair::bare_note(span, whole));
        self.reader.move_to(end);
        let trailing = line == self.last.line && self.last.what == Piece::Entry;
        let Some(frame) = self.frames.last_mut() else { return };
        frame.fill(Filler::Note);
        if trailing && let Some(slot) = frame.trailing() {
            let text = whole.trim_matches(|c| matches!(c, '(' | ')' | '（' | '）') || form::is_blank(c)).to_owned();
            Comment::add(slot, Comment { text, span });
        }
    }

    /// Gives a comment to the entry on whose line it stands, else to the one that follows.
    fn comment(&mut self, comment: Comment, line: usize, after_comma: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        let rest = form::after_line_blanks(self.reader.rest());
        let next = rest.chars().next();
        let entry_follows =
            next.is_some_and(|c| c != '\n' && c != '/' && matches!(form::mark(c), None | Some(Mark::Open(_))));
        let slot = match self.last.what {
            _ if line != self.last.line => Some(&mut frame.leading),
            Piece::Opening if entry_follows => Some(&mut frame.leading),
            Piece::Entry if after_comma && entry_follows => Some(&mut frame.leading),
            Piece::Opening => Some(&mut frame.comment),
            Piece::Key => frame.key.as_mut().map(|key| &mut key.comment),
            Piece::Entry => frame.trailing(),
            Piece::Nothing => None,
        };
        match slot {
            Some(slot) => Comment::add(slot, comment),
            None => self.reader.parsed.comments.push(comment),
        }
    }
}

fn kind(scalar: Scalar<'_>) -> Kind {
    match scalar {
        Scalar::Null => Kind::Null,
        Scalar::Bool(value) => Kind::Bool(value),
        Scalar::Number(lexeme) => Kind::Number(lexeme.into()),
    }
}

fn begins_value(follow: Follow) -> bool {
    match follow {
        Follow::Mark(Mark::Open(_)) => true,
        Follow::Other(c) => is_quote(c) || c.is_ascii_alphanumeric() || c == '-',
        _ => false,
    }
}
