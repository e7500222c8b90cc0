//! Where values begin and end in a region, and what stands around them.

use super::form::{self, Bracket, Mark, Scalar, at_line_end};
use super::quoted::is_quote;
use super::reader::Reader;
use super::{Comment, Kind, Parsed, Value, repair, tree};
use crate::source::{Span, span_in};
use std::collections::HashSet;

pub(super) fn read(text: &str) -> Parsed<'_> {
    let mut region = Region { reader: Reader::new(text), value_line: None, comma: None, headings: HashSet::new() };
    match lone_scalar(text) {
        Some(value) => {
            region.reader.skip_blanks();
            region.reader.parsed.values.push(value);
        }
        None => region.all(),
    }
    let (mut parsed, headings) = (region.reader.parsed, region.headings);
    // Where no JSON is, little about it can be wrong.
    let any = !parsed.values.is_empty();
    parsed.repairs.retain(|repair| (any || repair.rule == "json-surplus") && !headings.contains(&repair.span));
    parsed.repairs.sort_by_key(|repair| repair.span);
    parsed
}

/// A scalar of valid JSON that is all the region holds.
fn lone_scalar(text: &str) -> Option<Value> {
    let piece = text.trim_matches(form::is_blank);
    let kind = match form::scalar(piece) {
        Ok(("", Scalar::Null)) => Kind::Null,
        Ok(("", Scalar::Bool(value))) => Kind::Bool(value),
        Ok(("", Scalar::Number(lexeme))) => Kind::Number(lexeme.into()),
        _ if piece.starts_with('"') => Kind::String(serde_json::from_str::<String>(piece).ok()?.into()),
        _ => return None,
    };
    Some(Value::new(span_in(text, piece), kind))
}

struct Region<'t> {
    reader: Reader<'t>,
    /// The line on which the last value ended.
    value_line: Option<usize>,
    /// A comma behind the last value.
    comma: Option<Span>,
    /// Lines that begin with `#` and turned out to be prose.
    headings: HashSet<Span>,
}

impl Region<'_> {
    fn all(&mut self) {
        loop {
            self.reader.skip_blanks();
            let Some(c) = self.reader.peek() else { break };
            if !self.reader.only_prose && begins_value(self.reader.rest()) {
                self.value();
            } else if !self.comment() && !self.stray(c) {
                self.prose();
            }
        }
        self.drop_captions();
        self.end_comma();
    }

    fn value(&mut self) {
        let start = self.reader.at();
        let opening = self.reader.peek().map_or(0, char::len_utf8);
        let mut caption = None;
        for comment in self.reader.captions.drain(..) {
            Comment::add(&mut caption, comment);
        }
        let Some(value) = tree::value(&mut self.reader, caption) else { return self.prose() };
        if self.reader.parsed.values.len() == 1 {
            self.reader.repair(repair::several_values(Span::new(start, start + opening)));
        }
        self.reader.parsed.values.push(value);
        self.value_line = Some(self.reader.line());
        self.comma = None;
    }

    /// A comment: on a value's line it is that value's, else it introduces the next one.
    fn comment(&mut self) -> bool {
        // A single slash is a path here, and a number sign opens a comment only at the start of a line.
        let text = self.reader.rest();
        let sign = text.starts_with("//") || text.starts_with("/*") || text.starts_with('#') || text.starts_with('／');
        let line = self.reader.line();
        let Some(comment) = sign.then(|| self.reader.comment(false)).flatten() else { return false };
        match self.reader.parsed.values.last_mut() {
            Some(value) if self.value_line == Some(line) => Comment::add(&mut value.caption, comment),
            _ => self.reader.captions.push(comment),
        }
        true
    }

    /// Marks that are left over behind a value, or alone on a line.
    fn stray(&mut self, c: char) -> bool {
        let behind_value = self.value_line == Some(self.reader.line());
        let closer = matches!(form::mark(c), Some(Mark::Close(_)));
        let comma = form::mark(c) == Some(Mark::Comma);
        let rest = self.reader.rest();
        let only_marks = || {
            let line = rest.split('\n').next().unwrap_or_default();
            line.chars().all(|c| matches!(c, ';' | ')') || form::is_blank(c) || is_left_over(c))
        };
        if !(closer || comma || matches!(c, ';' | ')')) || !(behind_value || only_marks()) {
            return false;
        }
        let after_value = self.value_line.is_some();
        // The rest of the line need not be looked at again.
        self.value_line = Some(self.reader.line());
        let span = self.reader.step();
        if comma && after_value {
            self.end_comma();
            self.comma = Some(span);
        } else {
            self.reader.repair(repair::surplus(span, c.encode_utf8(&mut [0; 4])));
        }
        true
    }

    /// The rest of the line, or what stands on it before a value.
    fn prose(&mut self) {
        self.drop_captions();
        let start = self.reader.at();
        let end = self.reader.line_end(start);
        let line = self.reader.slice(start, end);
        let opening = line.char_indices().skip(1).find(|(at, c)| {
            matches!(form::mark(*c), Some(Mark::Open(_))) && begins_value_inside(self.reader.from(start + at))
        });
        let end = match opening {
            Some((at, _)) if !self.reader.only_prose => start + at,
            _ => end,
        };
        let piece = self.reader.slice(start, end).trim_matches(form::is_blank);
        if !piece.is_empty() {
            self.reader.parsed.prose.push(piece);
        }
        self.reader.move_to(end);
        self.value_line = None;
        self.end_comma();
    }

    /// No value follows the captions: those that begin with `#` are headings, and so prose.
    fn drop_captions(&mut self) {
        for comment in std::mem::take(&mut self.reader.captions) {
            let whole = self.reader.slice(comment.span.start as usize, comment.span.end as usize);
            if whole.starts_with('#') {
                self.headings.insert(comment.span);
                self.reader.parsed.prose.push(whole);
            } else {
                self.reader.parsed.comments.push(comment);
            }
        }
    }

    /// A comma behind a value is wrong unless another value follows, about which enough is said.
    fn end_comma(&mut self) {
        if let Some(span) = self.comma.take() {
            self.reader.repair(repair::trailing_comma(span));
        }
    }
}

fn is_left_over(c: char) -> bool {
    matches!(form::mark(c), Some(Mark::Close(_) | Mark::Comma))
}

/// Whether a value begins here. A square bracket may also begin prose: `[TOC]`, `[注] …`.
fn begins_value(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next().and_then(form::mark) {
        Some(Mark::Open(Bracket::Brace)) => true,
        Some(Mark::Open(Bracket::Square)) => {
            let inside = chars.as_str();
            let next = inside.trim_start_matches(form::is_blank);
            at_line_end(inside) || begins_item(next)
        }
        _ => false,
    }
}

fn begins_item(text: &str) -> bool {
    text.chars()
        .next()
        .is_none_or(|c| is_quote(c) || matches!(c, '-' | '+' | '.' | '…' | '/') || form::mark(c).is_some())
        || form::scalar(text).is_ok()
}

/// The same behind other words on the line, where `{id}` is part of a path.
fn begins_value_inside(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(Mark::Open(bracket)) = chars.next().and_then(form::mark) else { return false };
    let inside = chars.as_str();
    let next = form::after_line_blanks(inside).chars().next();
    at_line_end(inside)
        || next.is_some_and(|c| {
            let mark = form::mark(c);
            let holds_object = bracket == Bracket::Square && mark == Some(Mark::Open(Bracket::Brace));
            is_quote(c) || mark == Some(Mark::Close(bracket)) || holds_object
        })
}
