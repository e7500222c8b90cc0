//! Tells what is broken in a page from what was changed or deleted on purpose.

use super::{Because, Page};
use crate::source::{FileId, Place, Source, Span};
use crate::spec::block::clean_title;
use crate::spec::{DocSet, Endpoint};
use crate::syntax;
use crate::syntax::ast::Item;

/// Findings about an example that leave open what was meant: its end is lost, or a bracket is.
const BROKEN_EXAMPLE: [&str; 3] = ["json-unclosed", "json-wrong-bracket", "json-surplus"];

/// Findings about a file, made by who reads files, that leave none of its text.
pub const UNREADABLE: [&str; 3] = ["unreadable-file", "binary-file", "file-too-large"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) because: Because,
    pub(super) place: Place,
}

/// Judges one page whose text differs from what its endpoints were read from.
pub(super) struct Judge<'s> {
    new: &'s DocSet,
    old: &'s DocSet,
    page: &'s Page,
    /// What became of the whole page, or of its end.
    lost: Option<Damage>,
    left: Left,
    /// The page as it was: its text, and how many pieces of lost blocks it had already.
    before: Option<(&'s Source, usize)>,
}

impl<'s> Judge<'s> {
    pub(super) fn new(new: &'s DocSet, old: &'s DocSet, page: &'s Page) -> Self {
        let mut judge = Self { new, old, page, lost: None, left: Left::default(), before: None };
        let Some(source) = new.source(page.file) else { return judge };
        let known: Vec<&Source> = old.sources.iter().filter(|known| known.name() == source.name()).collect();
        judge.left = Left::of(source);
        // The first of this name is the page's own text, the others are texts that kept endpoints were read from.
        judge.before = known.first().map(|before| (*before, Left::of(before).pieces.len()));
        judge.lost = if is_unreadable(new, page.file) {
            Some(judge.damage(Because::UnreadableFile, Span::default()))
        } else if known.iter().any(|before| judge.left.is_cut(source.text(), before.text())) {
            let end = source.text().trim_end().len();
            Some(judge.damage(Because::CutOff, Span::new(end, end)))
        } else {
            None
        };
        judge
    }

    /// What is broken in an endpoint that was sound.
    pub(super) fn changed(&self, before: &Endpoint, now: &Endpoint) -> Option<Damage> {
        if now.path.is_empty() {
            return (!before.path.is_empty()).then(|| self.damage(Because::NoRequestLine, now.place.span));
        }
        if before.path.is_empty() {
            return None;
        }
        if let Some(broken) = broken_example(self.new, now) {
            return broken_example(self.old, before).is_none().then(|| self.damage(Because::BrokenExample, broken));
        }
        let words = now.sections.iter().find(|section| section.words_only);
        let has_examples = |endpoint: &Endpoint| endpoint.successes().next().is_some();
        if let Some(words) = words.filter(|_| has_examples(before) && !has_examples(now)) {
            return Some(self.damage(Because::BrokenExample, words.place.span));
        }
        // The block in which the text ends has lost its own end.
        let is_last = self.page.new.last().is_some_and(|last| std::ptr::eq(&raw const self.new.endpoints[*last], now));
        self.lost.filter(|lost| lost.because == Because::CutOff && is_last && self.left.ends_in_block)
    }

    /// What is left of an endpoint of the page, given by its position, that is paired with none; nothing is left of one that
    /// was deleted. `pairs` has indices into the new set.
    pub(super) fn vanished(&self, at: usize, pairs: &[Option<usize>]) -> Option<Damage> {
        if self.lost.is_some() {
            return self.lost;
        }
        let endpoint = &self.old.endpoints[self.page.old[at]];
        let named = |span: Span| {
            let names = |endpoint: &Endpoint| endpoint.title_place.is_some_and(|place| place.span == span);
            self.page.new.iter().any(|at| names(&self.new.endpoints[*at]))
        };
        let heading = |(title, span): &&(String, Span)| endpoint.titled && *title == endpoint.title && !named(*span);
        let span = self.left.headings.iter().find(heading).map(|(_, span)| *span);
        let span = span.or_else(|| self.piece_between(endpoint, at, pairs));
        span.map(|span| self.damage(Because::NoBlock, span))
    }

    /// A piece of a lost block where the endpoint would stand, if there was not one there all along.
    fn piece_between(&self, endpoint: &Endpoint, at: usize, pairs: &[Option<usize>]) -> Option<Span> {
        let (before, pieces_before) = self.before?;
        let kept_already = self.old.source(endpoint.place.file).is_some_and(|from| from.text() != before.text());
        if !kept_already && self.left.pieces.len() <= pieces_before {
            return None;
        }
        let block = |now: &usize| self.new.endpoints[*now].block.span;
        let start = pairs[..at].iter().rev().flatten().next().map_or(0, |now| block(now).end);
        let end = pairs[at..].iter().flatten().next().map_or(u32::MAX, |now| block(now).start);
        self.left.pieces.iter().copied().find(|piece| (start..end).contains(&piece.start))
    }

    fn damage(&self, because: Because, span: Span) -> Damage {
        Damage { because, place: Place { file: self.page.file, span } }
    }
}

pub(super) fn is_unreadable(set: &DocSet, file: FileId) -> bool {
    set.diagnostics.iter().any(|found| found.place.file == file && UNREADABLE.contains(&found.rule))
}

/// Where an example in the endpoint's block does not parse.
fn broken_example(set: &DocSet, endpoint: &Endpoint) -> Option<Span> {
    let block = endpoint.block;
    let inside = |place: Place| place.file == block.file && block.span.range().contains(&(place.span.start as usize));
    let mut broken = set.diagnostics.iter().filter(|found| BROKEN_EXAMPLE.contains(&found.rule));
    broken.find(|found| inside(found.place)).map(|found| found.place.span)
}

/// What stands in a page outside of its blocks, as far as it tells of lost ones.
#[derive(Debug, Default)]
struct Left {
    headings: Vec<(String, Span)>,
    /// `<<<` lines outside of any block.
    pieces: Vec<Span>,
    /// The last thing in the page is a block that nothing closes.
    ends_in_block: bool,
    /// The last thing in the page asks for something after it: an open block, a heading, the beginning of a block.
    ends_open: bool,
}

impl Left {
    fn of(source: &Source) -> Self {
        let mut left = Self::default();
        for item in syntax::scan(source.text()).items {
            left.ends_in_block = matches!(&item, Item::Block(block) if !block.closed);
            left.ends_open = left.ends_in_block;
            match item {
                Item::Heading { text, .. } => {
                    left.headings.push((clean_title(text), source.span_of(text)));
                    left.ends_open = true;
                }
                Item::Line(line) => {
                    if line.starts_with("<<<") {
                        left.pieces.push(source.span_of(line));
                    }
                    left.ends_open = line.starts_with(['+', '~', '`', '<']);
                }
                _ => {}
            }
        }
        left
    }

    /// Whether `now` is only the beginning of `before`, ended where nobody would end a page.
    fn is_cut(&self, now: &str, before: &str) -> bool {
        // The last character may be cut as well, and stands as U+FFFD then.
        let whole = now.trim_end_matches('\u{fffd}');
        let Some(rest) = before.strip_prefix(whole.trim_end()) else { return false };
        let in_line = !whole.ends_with('\n') && !rest.trim_start_matches('\r').starts_with('\n');
        !whole.trim().is_empty() && !rest.trim().is_empty() && (in_line || self.ends_open)
    }
}
