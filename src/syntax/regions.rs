//! Cuts a text into regions, line by line. Cannot fail: whatever is damaged stays in the region where it stands.
//!
//! In: one file's text. Out: headings, quotes, tables, lines and blocks, all as slices; how a block is cut, see `blocks`. What a line says is not asked here
//! beyond its form; bodies of sections are left as text.

use super::ast::{Document, Fence, Item};
use super::line;
use crate::source::span_in;

pub fn scan(text: &str) -> Document<'_> {
    let text_from_bom = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text_from_bom.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let mut scanner = Scanner { text, next_fence: next_fences(&lines), lines, at: 0, items: Vec::new() };
    while scanner.at < scanner.lines.len() {
        scanner.outside();
    }
    Document { items: scanner.items }
}

pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) lines: Vec<&'a str>,
    /// For each line, the index of the first fence line at or after it.
    pub(super) next_fence: Vec<usize>,
    pub(super) at: usize,
    pub(super) items: Vec<Item<'a>>,
}

/// What a line is, as far as fences go.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mark<'a> {
    /// `+++`, with what stands after it on the line.
    Plus(&'a str),
    /// `~~~[api:group]`, or with backticks.
    Api(Fence, Option<&'a str>),
    /// `~~~` or ```` ``` ````, bare or with a language.
    Code(Fence, &'a str),
    None,
}

pub(super) fn mark(line: &str) -> Mark<'_> {
    let line = line.trim();
    let Some(first) = line.bytes().next() else { return Mark::None };
    let fence = match first {
        b'+' => Fence::Plus,
        b'~' => Fence::Tilde,
        b'`' => Fence::Backtick,
        _ => return Mark::None,
    };
    let rest = line.trim_start_matches(char::from(first));
    if line.len() - rest.len() < 3 {
        return Mark::None;
    }
    let rest = rest.trim();
    if fence == Fence::Plus {
        return Mark::Plus(rest);
    }
    let lower = rest.to_ascii_lowercase();
    if let Some(inside) = lower.strip_prefix("[api") {
        let group =
            inside.strip_prefix([':', ' ']).and_then(|_| rest.get(5..)).map(|group| group.trim_end_matches(']').trim());
        return Mark::Api(fence, group.filter(|group| !group.is_empty()));
    }
    Mark::Code(fence, rest)
}

fn next_fences(lines: &[&str]) -> Vec<usize> {
    let mut next = vec![lines.len(); lines.len() + 1];
    for (at, line) in lines.iter().enumerate().rev() {
        next[at] = if mark(line) == Mark::None { next[at + 1] } else { at };
    }
    next
}

impl<'a> Scanner<'a> {
    /// Empty past the last line, but still a slice that knows where it lies.
    pub(super) fn line(&self, at: usize) -> &'a str {
        self.lines.get(at).copied().unwrap_or_else(|| &self.text[self.text.len()..])
    }

    /// The first line at or after `at` that is not blank.
    pub(super) fn next_filled(&self, at: usize) -> usize {
        (at..self.lines.len()).find(|at| !self.line(*at).trim().is_empty()).unwrap_or(self.lines.len())
    }

    pub(super) fn is_request(&self, at: usize) -> bool {
        let line = self.line(at);
        line::request(line).is_some() && line::param(line).is_none_or(|param| !param.required && param.oddities.no_hash)
    }

    /// Whether the fence at this line opens a block. `+++` opens where a request line follows.
    pub(super) fn opens(&self, at: usize) -> bool {
        match mark(self.line(at)) {
            Mark::Api(..) => true,
            Mark::Plus("") => self.is_request(self.next_filled(at + 1)),
            Mark::Plus(rest) => line::request(rest).is_some(),
            _ => false,
        }
    }

    fn outside(&mut self) {
        let at = self.at;
        let line = self.line(at);
        match mark(line) {
            Mark::Api(fence, group) => return self.block(fence, group, at + 1, line),
            Mark::Plus("") if self.opens(at) => return self.block(Fence::Plus, None, at + 1, line),
            Mark::Plus(rest) if self.opens(at) => {
                // The line break after the fence is lost: the request stands beside it.
                self.lines[at] = rest;
                return self.block(Fence::Plus, None, at, line);
            }
            Mark::Code(fence, _) if self.code(fence) => return,
            _ => {}
        }
        self.at += 1;
        let trimmed = line.trim();
        if self.lost_fence(at) {
            self.at = at;
            return self.block(Fence::Lost, None, at, line);
        }
        if trimmed.is_empty() {
            return;
        }
        if let Some((level, text)) = line::heading(trimmed) {
            return self.items.push(Item::Heading { level, text });
        }
        if let Some(level) = self.underlined(at) {
            self.at = at + 2;
            return self.items.push(Item::Heading { level, text: trimmed });
        }
        if let Some(quote) = trimmed.strip_prefix(['>', '＞']) {
            return self.items.push(Item::Quote(quote.trim()));
        }
        if line::table_rule(self.line(at + 1)) && line::table_row(line).is_some() {
            return self.table(at);
        }
        self.items.push(Item::Line(trimmed));
    }

    /// `title` over a line of `===` or `---`.
    fn underlined(&self, at: usize) -> Option<u8> {
        let under = self.line(at + 1).trim();
        let all = |mark: char| under.len() >= 3 && under.chars().all(|c| c == mark);
        let plain =
            line::table_row(self.line(at)).is_none() && !self.line(at).trim_start().starts_with(['-', '*', '>']);
        match () {
            () if plain && all('=') => Some(1),
            () if plain && all('-') => Some(2),
            () => None,
        }
    }

    fn table(&mut self, header: usize) {
        let mut rows: Vec<_> = line::table_row(self.line(header)).into_iter().collect();
        self.at = header + 2;
        while let Some(row) = line::table_row(self.line(self.at)).filter(|_| !self.line(self.at).trim().is_empty()) {
            rows.push(row);
            self.at += 1;
        }
        self.items.push(Item::Table(rows));
    }

    /// A fenced piece of code, up to its closing fence. A fence that nothing closes before another block opens is no code.
    fn code(&mut self, fence: Fence) -> bool {
        let open = self.at;
        let lost = self.lost_fence(self.next_filled(open + 1));
        let mut at = self.next_fence[open + 1];
        while at < self.lines.len() {
            match mark(self.line(at)) {
                Mark::Code(kind, "") if kind == fence => {
                    // A bare fence over a request line and sections is an opening whose `[api]` was lost.
                    let sections = (open..at).any(|at| self.line(at).trim().starts_with("<<<"));
                    if lost && sections {
                        let line = self.line(open);
                        self.block(fence, None, open + 1, line);
                        return true;
                    }
                    let body = self.slice(open + 1, at);
                    self.items.push(Item::Code(body));
                    self.at = at + 1;
                    return true;
                }
                // A block pasted inside a piece of code is no endpoint, so `[api]` under backticks does not end it.
                Mark::Api(kind, _) if kind == fence => return false,
                _ => at = self.next_fence[at + 1],
            }
        }
        false
    }

    /// The text from line `from` up to, not including, line `to`.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        if from >= to {
            return self.line(from).get(..0).unwrap_or("");
        }
        let start = span_in(self.text, self.line(from)).start as usize;
        let end = span_in(self.text, self.line(to - 1)).end as usize;
        &self.text[start..end]
    }

    /// A request line outside of any block, with a section or a parameter soon after it: its fence is lost.
    pub(super) fn lost_fence(&self, at: usize) -> bool {
        let line = self.line(at);
        let Some(request) = line::request(line) else { return false };
        let known =
            request.method.is_some_and(|method| line::METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)));
        let damaged_fence = at > 0 && is_damaged_fence(self.line(at - 1));
        if !(known || damaged_fence) {
            return false;
        }
        let mut next = self.next_filled(at + 1);
        for _ in 0..40 {
            let line = self.line(next).trim();
            if line.starts_with("<<<") {
                return true;
            }
            if line.is_empty() || line::heading(line).is_some() || mark(line) != Mark::None {
                return false;
            }
            next = self.next_filled(next + 1);
        }
        false
    }
}

/// `++`, `~~[api]`, `+=+`: what is left of a fence.
fn is_damaged_fence(line: &str) -> bool {
    let line = line.trim();
    let marks = line.bytes().filter(|byte| matches!(byte, b'+' | b'~' | b'`')).count();
    marks >= 2 && line.len() <= 12
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `title[closed?] method path (params; labels)` for each block, the rest by its first letter.
    fn shape(text: &str) -> String {
        let shown = |item: Item<'_>| match item {
            Item::Heading { level, text } => format!("H{level}:{text}"),
            Item::Quote(text) => format!("Q:{text}"),
            Item::Table(rows) => format!("T:{}", rows.len()),
            Item::Line(text) => format!("L:{text}"),
            Item::Code(_) => "C".to_owned(),
            Item::Block(block) => {
                let names: Vec<&str> = block.params.iter().map(|param| param.name).collect();
                let labels: Vec<&str> = block.sections.iter().map(|section| section.label.unwrap_or("-")).collect();
                let path = block.request.as_ref().map_or("?", |request| request.path);
                let closed = if block.closed { "" } else { " open" };
                format!("B({path}{closed};{};{})", names.join(","), labels.join(","))
            }
        };
        scan(text).items.into_iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn blocks_in_both_fences() {
        assert_eq!(
            shape("## A\n+++\npost:a/b\n*x=1 #\n<<<\nsuccess\n{}\n<<<\nerror\n{}\n+++\n"),
            "H2:A B(a/b;x;success,error)"
        );
        assert_eq!(shape("~~~[api:g]\nget:/a\n\nx#\n<<<\nsuccess\n~~~\ntext"), "B(/a;x;success) L:text");
        assert_eq!(shape("~~~\ntree\n~~~\n\n```\n~~~[api]\nget:/a\n~~~\n```\n"), "C C");
    }

    #[test]
    fn a_lost_fence_costs_no_neighbor() {
        let lost_close = "## A\n+++\npost:a/b\n<<<\nsuccess\n{}\n\n## B\n+++\nget:c/d\n<<<\nsuccess\n{}\n+++\n";
        assert_eq!(shape(lost_close), "H2:A B(a/b open;;success) H2:B B(c/d;;success)");
        let lost_open = "## A\npost:a/b\n*x=1 #\n<<<\nsuccess\n{}\n+++\n## B\n+++\nget:c/d\n<<<\nsuccess\n{}\n+++\n";
        assert_eq!(shape(lost_open), "H2:A B(a/b open;x;success) H2:B B(c/d;;success)");
        let no_heading = "+++\npost:a/b\n<<<\nsuccess\n{}\n+++\nget:c/d\n<<<\nsuccess\n{}\n+++\n";
        assert_eq!(shape(no_heading), "B(a/b open;;success) B(c/d;;success)");
        assert_eq!(shape("~~~[api]\npost:/a\n<<<\nsuccess\n{}\n"), "B(/a open;;success)");
        assert_eq!(shape("+++post:a/b\n<<<\nsuccess\n{}\n+++\n"), "B(a/b;;success)");
    }

    #[test]
    fn a_hash_comment_in_an_example_is_no_heading() {
        assert_eq!(shape("+++\nget:/a\n<<<\nsuccess\n{\n# note\n\"a\": 1\n}\n+++\n"), "B(/a;;success)");
    }

    #[test]
    fn sections_with_status_without_label_and_beside_the_mark() {
        let scanned = scan("+++\nget:/a\n<<<\nerror \n500\n{\"a\":1}\n<<<\n{\"b\":2}\n<<< success\n{}\n+++");
        let Some(Item::Block(block)) = scanned.items.first() else { panic!("no block") };
        let found: Vec<_> = block.sections.iter().map(|s| (s.label, s.http_status, s.body)).collect();
        assert_eq!(
            found,
            [(Some("error"), Some("500"), "{\"a\":1}"), (None, None, "{\"b\":2}"), (Some("success"), None, "{}")]
        );
    }

    #[test]
    fn an_http_status_stands_below_or_beside_the_label() {
        let of = |label: &str| {
            let text = format!("+++\nget:/a\n<<<\n{label}\n{{}}\n+++");
            let scanned = scan(&text);
            let Some(Item::Block(block)) = scanned.items.first() else { panic!("no block") };
            let section = &block.sections[0];
            (section.label.unwrap_or_default().to_owned(), section.http_status.unwrap_or_default().to_owned())
        };
        let check = |text: &str, label: &str, status: &str| {
            assert_eq!(of(text), (label.to_owned(), status.to_owned()), "{text}");
        };
        check("error 503", "error", "503");
        check("error HTTP 503", "error", "503");
        check("失败(503)", "失败", "503");
        check("error\nHTTP 503", "error", "503");
        check("error\nHTTP/1.1 503", "error", "503");
        check("error 1006", "error 1006", "");
        check("error2", "error2", "");
        check("503", "503", "");
    }

    #[test]
    fn headings_quotes_and_tables_around() {
        assert_eq!(
            shape("Title\n=====\n> note\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\ntext\n* * * * *\n"),
            "H1:Title Q:note T:2 L:text L:* * * * *"
        );
    }

    #[test]
    fn carriage_returns_and_a_byte_order_mark_do_not_matter() {
        assert_eq!(shape("\u{feff}## A\r\n+++\r\nget:/a\r\n<<<\r\nsuccess\r\n{}\r\n+++\r\n"), "H2:A B(/a;;success)");
    }
}
