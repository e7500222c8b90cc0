//! Findings as a compiler draws them: what, where, the line with the mark under it, what belongs to it, what to do.
//!
//! In: findings in order and the sources that they point into. Out: text for a terminal, in which nothing from a
//! document is obeyed by it. Prints nothing.

use super::excerpt::{Excerpt, harmless};
use super::{Diagnostic, Severity};
use crate::source::{Place, Source};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

/// Of one rule in one file, so many findings are drawn before the rest is only counted.
const DRAWN: usize = 3;

/// Of the places that belong to one finding, so many are drawn.
const RELATED: usize = 3;

/// Draws every finding, with an empty line after each.
pub fn draw(diagnostics: &[Diagnostic], sources: &[Source], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let repeats = Repeats::of(diagnostics);
    let mut out = String::new();
    // What to do is said once of findings that are alike.
    let mut said: HashSet<(&str, &str)> = HashSet::new();
    for (at, found) in diagnostics.iter().enumerate() {
        let Some(rest) = repeats.after(at) else { continue };
        let more = (!rest.is_empty()).then(|| more_like_this(rest, diagnostics, sources));
        out.push_str(&renderer.render(&[group(
            found,
            sources,
            more.as_deref(),
            said.insert((found.rule, &found.help)),
        )]));
        out.push_str("\n\n");
    }
    out
}

/// `3 errors, 12 warnings, 20 notes in 9 endpoints`.
pub fn summary(diagnostics: &[Diagnostic], endpoints: usize) -> String {
    let counted = |severity: Severity, word: &str| {
        let number = diagnostics.iter().filter(|found| found.severity == severity).count();
        (number > 0).then(|| plural(number, word))
    };
    let parts: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")]
        .into_iter()
        .filter_map(|(severity, word)| counted(severity, word))
        .collect();
    let what = if parts.is_empty() { "nothing to report".to_owned() } else { parts.join(", ") };
    format!("{what} in {}", plural(endpoints, "endpoint"))
}

fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

fn group<'a>(found: &Diagnostic, sources: &'a [Source], more: Option<&str>, helps: bool) -> Group<'a> {
    let title = level(found.severity).primary_title(harmless(&found.message)).id(found.rule);
    let mut group = Group::with_title(title);
    if let Some(source) = source_of(found.place, sources) {
        group = marked(group, source, found.place, AnnotationKind::Primary, None);
    }
    for (place, words) in found.related.iter().take(RELATED) {
        if let Some(source) = source_of(*place, sources) {
            group = marked(group, source, *place, AnnotationKind::Context, Some(harmless(words)));
        }
    }
    if found.related.len() > RELATED {
        let rest = plural(found.related.len() - RELATED, "more place");
        group = group.element(Level::NOTE.message(format!("and {rest}")));
    }
    if helps && !found.help.is_empty() {
        group = group.element(Level::HELP.message(harmless(&found.help)));
    }
    if let Some(more) = more {
        group = group.element(Level::NOTE.message(more.to_owned()));
    }
    group
}

/// Adds `file:line:column` and the line. The line alone is handed on and not the file, so a drawing costs what it shows.
fn marked<'a>(
    group: Group<'a>,
    source: &Source,
    place: Place,
    kind: AnnotationKind,
    words: Option<String>,
) -> Group<'a> {
    let excerpt = Excerpt::new(source, place.span);
    let snippet = Snippet::source(excerpt.text).path(harmless(source.name())).line_start(excerpt.line);
    group.element(snippet.annotation(kind.span(excerpt.mark).label(words)))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    }
}

fn source_of(place: Place, sources: &[Source]) -> Option<&Source> {
    sources.get(place.file.0 as usize)
}

/// Which findings are only counted, and under which they are.
struct Repeats {
    /// By index of a finding that is drawn and followed by others like it; empty for one that is not drawn.
    rest: BTreeMap<usize, Vec<usize>>,
    hidden: Vec<bool>,
}

impl Repeats {
    fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, found) in diagnostics.iter().enumerate() {
            alike.entry((found.place.file, found.rule, found.severity)).or_default().push(at);
        }
        let mut repeats = Self { rest: BTreeMap::new(), hidden: vec![false; diagnostics.len()] };
        // One more would take no less room as a number than drawn.
        for all in alike.into_values().filter(|all| all.len() > DRAWN + 1) {
            let (drawn, rest) = all.split_at(DRAWN);
            for at in rest {
                repeats.hidden[*at] = true;
            }
            repeats.rest.extend(drawn.last().map(|last| (*last, rest.to_vec())));
        }
        repeats
    }

    /// The findings that are only counted after this one; none if this one is itself not drawn.
    fn after(&self, at: usize) -> Option<&[usize]> {
        (!self.hidden[at]).then(|| self.rest.get(&at).map_or(&[][..], Vec::as_slice))
    }
}

/// `and 7 more like this on lines 12, 15-18`.
fn more_like_this(rest: &[usize], diagnostics: &[Diagnostic], sources: &[Source]) -> String {
    let found = rest.iter().filter_map(|at| diagnostics.get(*at));
    let mut lines: Vec<usize> =
        found.filter_map(|found| Some(source_of(found.place, sources)?.line(found.place.span.start))).collect();
    lines.dedup();
    let mut text = format!("and {} more like this on line{} ", rest.len(), if lines.len() == 1 { "" } else { "s" });
    for (at, run) in lines.chunk_by(|a, b| a + 1 == *b).enumerate() {
        let separator = if at > 0 { ", " } else { "" };
        // A text that is written to does not refuse.
        let _ = match run {
            [first, .., last] => write!(text, "{separator}{first}-{last}"),
            [only] => write!(text, "{separator}{only}"),
            [] => Ok(()),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn place(source: &Source, piece: &str) -> Place {
        let start = source.text().find(piece).unwrap();
        Place { file: FileId(0), span: Span::new(start, start + piece.len()) }
    }

    #[test]
    fn a_finding_shows_its_line_its_mark_and_what_belongs_to_it() {
        let source = Source::new("user.md", "*phone=手机号 #\n\n*phone=号码 # //手机号\n");
        let found = Diagnostic::warning("duplicate-param", place(&source, "*phone=号码"), "`phone` is listed twice")
            .related(place(&source, "*phone=手机号"), "listed first here")
            .help("leave one of them out");
        insta::assert_snapshot!(draw(&[found], &[source], false), @r"
        warning[duplicate-param]: `phone` is listed twice
         --> user.md:3:1
          |
        3 | *phone=号码 # //手机号
          | ^^^^^^^^^^^
          |
         ::: user.md:1:1
          |
        1 | *phone=手机号 #
          | ------------- listed first here
          |
          = help: leave one of them out
        ");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_of_the_mark() {
        let source = Source::new("a.md", format!("{}x=1{}", "手".repeat(300), "机".repeat(300)));
        let found = Diagnostic::info("odd", place(&source, "x=1"), "here");
        let drawn = draw(&[found], &[source], false);
        assert!(drawn.contains(" a.md:1:301\n") && drawn.lines().all(|line| line.chars().count() < 100), "{drawn}");
    }

    #[test]
    fn marks_line_up_under_wide_characters() {
        let source = Source::new("user.md", "手机号验证码code=1\n");
        let found = Diagnostic::info("odd", place(&source, "验证码"), "here");
        insta::assert_snapshot!(draw(&[found], &[source], false), @r"
        note[odd]: here
         --> user.md:1:4
          |
        1 | 手机号验证码code=1
          |       ^^^^^^
        ");
    }

    #[test]
    fn nothing_from_a_document_is_obeyed_by_the_terminal() {
        let source = Source::new("a\u{1b}]0;x\u{7}.md", "\u{1b}[2J手\u{9b}1m\n");
        let found = Diagnostic::error("odd", place(&source, "手"), "a\u{1b}[31m\nb")
            .help("c\u{1b}[0m\r")
            .related(place(&source, "手"), "\u{1b}[5m");
        let drawn = draw(&[found], &[source], false);
        assert!(drawn.chars().all(|c| c == '\n' || !c.is_control()), "{drawn:?}");
    }

    #[test]
    fn what_repeats_is_counted() {
        let source = Source::new("a.md", "a\nb\nc\nd\ne\nf\n\nh\n");
        let all: Vec<Diagnostic> = "abcdefh"
            .split("")
            .filter(|piece| !piece.is_empty())
            .map(|piece| Diagnostic::info("odd", place(&source, piece), format!("here is {piece}")))
            .collect();
        let drawn = draw(&all, &[source], false);
        assert!(drawn.contains("here is c") && !drawn.contains("here is d"), "{drawn}");
        assert!(drawn.contains("and 4 more like this on lines 4-6, 8\n"), "{drawn}");
        assert_eq!(summary(&all, 1), "7 notes in 1 endpoint");
        assert_eq!(summary(&[], 2), "nothing to report in 2 endpoints");
    }

    #[test]
    fn of_many_places_a_few_are_drawn() {
        let source = Source::new("a.md", "a\nb\nc\nd\ne\nf\n");
        let found = Diagnostic::info("odd", place(&source, "a"), "here");
        let found =
            ["b", "c", "d", "e", "f"].into_iter().fold(found, |found, at| found.related(place(&source, at), at));
        let drawn = draw(&[found], &[source], false);
        assert!(drawn.contains("a.md:4:1") && !drawn.contains("a.md:5:1"), "{drawn}");
        assert!(drawn.contains("note: and 2 more places\n"), "{drawn}");
    }

    proptest::proptest! {
        /// Whatever stands in a document, wherever a span points.
        #[test]
        fn drawing_never_fails(text in "(?s).{0,80}", start in 0_u32..200, length in 0_u32..200, color in proptest::bool::ANY) {
            let place = Place { file: FileId(0), span: Span { start, end: start + length } };
            let found = Diagnostic::info("odd", place, text.clone()).related(place, text.clone()).help(text.clone());
            let drawn = draw(&[found], &[Source::new(text.clone(), text)], color);
            proptest::prop_assert!(color || drawn.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }

    #[test]
    fn color_only_when_asked() {
        let source = Source::new("a.md", "a\n");
        let found = [Diagnostic::info("odd", place(&source, "a"), "here")];
        assert!(!draw(&found, std::slice::from_ref(&source), false).contains('\u{1b}'));
        assert!(draw(&found, &[source], true).contains('\u{1b}'));
    }
}
