//! Where containers end: at their own bracket, at another's, at the next value, or with the text.

use super::form::{self, Bracket, Mark};
use super::quoted::{self, is_quote};
use super::reader::Follow;
use super::tree::Tree;
use super::{Kind, Value, repair};
use crate::source::Span;

impl Tree<'_, '_> {
    pub(super) fn close(&mut self, bracket: Bracket) {
        let span = self.take_mark(Mark::Close(bracket));
        let Some(place) = self.frames.iter().rposition(|frame| frame.bracket == bracket) else {
            return self.misplaced_closer(bracket, span);
        };
        let open_inside = self.frames.len() - 1 - place;
        if place == 0 && self.value_goes_on(span, open_inside > 0) {
            return self.misplaced_closer(bracket, span);
        }
        for _ in 0..open_inside {
            if let Some(frame) = self.frames.last() {
                let (opening, bracket) = (frame.opening, frame.bracket);
                self.reader.repair(repair::unclosed_inside(opening, bracket));
            }
            self.finish_frame(span.start as usize);
        }
        self.mark_solid();
        self.finish_frame(span.end as usize);
    }

    /// Whether the outermost bracket cannot be meant by the closing one at `span`, for named entries follow.
    fn value_goes_on(&mut self, span: Span, others_open: bool) -> bool {
        let is_object = self.frames.first().is_some_and(|frame| frame.is_object);
        match self.reader.follow_at(span.end as usize) {
            (Follow::Mark(Mark::Comma), at) => {
                let comma = self.reader.from(at).chars().next().map_or(0, char::len_utf8);
                is_object && matches!(self.reader.follow(at + comma), Follow::Other(c) if is_quote(c))
            }
            (Follow::Mark(Mark::Close(_)), _) => others_open,
            (Follow::Other(c), at) if is_object && is_quote(c) => quoted::is_quoted_key(self.reader.from(at)),
            _ => false,
        }
    }

    /// A closing bracket that closes nothing, or the innermost container in the place of another.
    fn misplaced_closer(&mut self, found: Bracket, span: Span) {
        match self.frames.last().map(|frame| frame.bracket) {
            Some(meant) if meant != found && self.frames.len() > 1 => {
                self.reader.repair(repair::wrong_bracket(span, found, meant));
                self.mark_solid();
                self.finish_frame(span.end as usize);
            }
            _ => self.reader.repair(repair::surplus_mark(span, Mark::Close(found))),
        }
    }

    /// Closes the innermost container.
    pub(super) fn finish_frame(&mut self, end: usize) {
        self.end_key();
        if let Some(frame) = self.frames.pop() {
            let (value, comment) = frame.finish(end, self.reader);
            self.put(value, comment);
        }
    }

    /// A key that still waits for its value has none.
    pub(super) fn end_key(&mut self) {
        let Some(key) = self.frames.last_mut().and_then(|frame| frame.key.as_mut()) else { return };
        let (span, comment) = (key.span, key.comment.take());
        self.reader.repair(repair::missing_value(span, &key.name));
        self.put(Value::new(Span::new(span.end as usize, span.end as usize), Kind::Null), comment);
    }

    /// Whether the opening bracket at the cursor begins the next value of the region: flush left on a line of its own,
    /// among named entries and without a comma before it.
    pub(super) fn value_begins(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.beside_entry() && !frame.members.is_empty())
            && self.reader.at_line_start(true)
    }

    /// Ends all containers before the value that begins at the cursor.
    pub(super) fn give_up(&mut self) {
        let leading = self.frames.last_mut().and_then(|frame| frame.leading.take());
        self.finish_all(self.reader.at());
        self.reader.captions.extend(leading);
    }

    /// Ends all containers at the end of the region. Lines behind the last solid piece are left to be read as prose.
    pub(super) fn end_of_text(&mut self) {
        let resume = self.reader.line_end(self.solid);
        let before = |span: Span| (span.start as usize) < resume;
        if let Some(frame) = self.frames.last_mut() {
            frame.cut(before, self.reader);
        }
        let mut place = 0;
        let solid_repairs = self.solid_repairs;
        self.reader.parsed.repairs.retain(|repair| {
            place += 1;
            place <= solid_repairs || before(repair.span)
        });
        self.reader.parsed.comments.retain(|comment| before(comment.span));
        self.reader.return_to(resume);
        self.reader.only_prose = true;
        self.finish_all(resume);
    }

    /// Ends all containers before `limit`.
    fn finish_all(&mut self, limit: usize) {
        let missing: Vec<Bracket> = self.frames.iter().map(|frame| frame.bracket).collect();
        if let Some(root) = self.frames.first() {
            let (start, opening) = (root.start, root.opening);
            self.reader.repair(repair::unclosed(opening, &missing));
            let end = start + self.reader.slice(start, limit).trim_end_matches(form::is_blank).len();
            while !self.frames.is_empty() {
                self.finish_frame(end);
            }
        }
    }
}
