//! Under which headings an endpoint stands, and what is written there for all that stand under them.
//!
//! In: the lines outside of the blocks. Out: for a place its headings, inmost first, each with the lines up to the next one.
//! `## 四、预约（需登录）` holds for every endpoint of its part.

use crate::source::{Place, Source};
use crate::spec::Note;
use std::ops::Range;

/// The headings of a set of documents, in the order of the lines.
#[derive(Debug, Default)]
pub(in crate::behavior) struct Sections {
    headings: Vec<Heading>,
}

#[derive(Debug)]
struct Heading {
    place: Place,
    /// The heading that it stands under.
    above: Option<usize>,
    /// Itself and the lines up to the next heading.
    lines: Range<usize>,
}

impl Sections {
    pub(in crate::behavior) fn of(prose: &[Note], sources: &[Source]) -> Self {
        let mut headings: Vec<Heading> = Vec::new();
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut file = None;
        for (at, note) in prose.iter().enumerate() {
            if file != Some(note.place.file) {
                open.clear();
                file = Some(note.place.file);
                headings.push(Heading { place: note.place, above: None, lines: at..at });
            }
            let level = sources.get(note.place.file.0 as usize).map_or(0, |source| level(source, note.place));
            if level > 0 {
                while open.last().is_some_and(|(known, _)| *known >= level) {
                    open.pop();
                }
                let above = open.last().map(|(_, heading)| *heading);
                open.push((level, headings.len()));
                headings.push(Heading { place: note.place, above, lines: at..at });
            }
            if let Some(heading) = headings.last_mut() {
                heading.lines.end = at + 1;
            }
        }
        Self { headings }
    }

    /// The heading under which a line stands, with the lines up to the next one.
    pub(in crate::behavior) fn over(&self, place: Place) -> Option<Range<usize>> {
        let key = |place: Place| (place.file, place.span.start);
        let after = self.headings.partition_point(|heading| key(heading.place) <= key(place));
        let own = after.checked_sub(1).and_then(|at| self.headings.get(at));
        own.filter(|heading| heading.place.file == place.file).map(|heading| heading.lines.clone())
    }

    /// The headings above the one that stands at a place, inmost first, each with its lines as places among the prose.
    pub(in crate::behavior) fn above(&self, place: Place) -> impl Iterator<Item = Range<usize>> {
        let key = |place: Place| (place.file, place.span.start);
        let after = self.headings.partition_point(|heading| key(heading.place) <= key(place));
        let own = after.checked_sub(1).and_then(|at| self.headings.get(at));
        // Where no heading stands, nothing is known of what it stands under.
        let own = own.filter(|heading| heading.place.file == place.file && heading.place.span.end >= place.span.end);
        let mut next = own.and_then(|heading| heading.above);
        std::iter::from_fn(move || {
            let heading = self.headings.get(next?)?;
            next = heading.above;
            Some(heading.lines.clone())
        })
    }
}

/// How many signs begin a heading; none where the line is none.
fn level(source: &Source, place: Place) -> usize {
    let line = source.text().get(place.span.start as usize..place.span.end as usize).unwrap_or_default().trim_start();
    let signs = line.bytes().take_while(|byte| *byte == b'#').count();
    if line.as_bytes().get(signs).is_some_and(u8::is_ascii_whitespace) { signs } else { 0 }
}
