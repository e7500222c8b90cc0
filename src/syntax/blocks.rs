//! Cuts a block into its request line, parameters and sections. Cannot fail: what is none of them is kept as a stray.
//!
//! In: the lines from where a block opens. Out: the block, and where the text goes on after it.

use super::ast::{Block, Fence, Item, Section};
use super::line;
use super::regions::{Mark, Scanner, mark};

impl<'a> Scanner<'a> {
    /// A block, from its request line at or after `from` to whatever ends it.
    pub(super) fn block(&mut self, fence: Fence, group: Option<&'a str>, from: usize, open: &'a str) {
        let end = self.block_end(fence, from);
        let closed = match mark(self.line(end)) {
            Mark::Plus(_) => matches!(fence, Fence::Plus) && !self.opens(end),
            Mark::Code(kind, _) => kind == fence,
            _ => false,
        };
        let mut block = Block {
            open,
            fence,
            group,
            closed,
            request: None,
            params: Vec::new(),
            comments: Vec::new(),
            strays: Vec::new(),
            sections: Vec::new(),
        };
        let first_section = (from..end).find(|at| is_section(self.line(*at))).unwrap_or(end);
        self.head(&mut block, from, first_section);
        self.sections(&mut block, first_section, end);
        // A fence that closes, of whatever kind, is used up; one that opens, and a heading, are the next item.
        let used = end < self.lines.len() && mark(self.line(end)) != Mark::None && !self.opens(end);
        self.at = if used { end + 1 } else { end };
        self.items.push(Item::Block(block));
    }

    fn block_end(&self, fence: Fence, from: usize) -> usize {
        let mut request_seen = false;
        let mut at = from;
        while at < self.lines.len() {
            let line = self.line(at);
            if mark(line) != Mark::None {
                return at;
            }
            if !line.trim().is_empty() {
                if line::heading(line.trim()).is_some() && self.heading_ends(at) {
                    return at;
                }
                // A second request with its own sections, and no fence between: each is a block of its own.
                if request_seen && fence == Fence::Lost && self.lost_fence(at) {
                    return at;
                }
                request_seen = true;
            }
            at += 1;
        }
        at
    }

    /// Whether a line that looks like a heading ends the open block, or is a `#` comment in an example.
    fn heading_ends(&self, at: usize) -> bool {
        let line = self.line(at).trim_start();
        if line.starts_with("##") {
            return true;
        }
        let fence = self.next_fence[at];
        fence >= self.lines.len() || self.opens(fence)
    }

    fn head(&self, block: &mut Block<'a>, from: usize, to: usize) {
        // Where the last parameter begins, unless something else stands between.
        let mut above: Option<usize> = None;
        for at in from..to {
            let line = self.line(at);
            let trimmed = line.trim();
            if trimmed.is_empty() {
                continue;
            }
            let deeper = above.is_some_and(|above| line::indent(line) >= above + DEEPER);
            if let Some(param) = block.params.last_mut().filter(|_| deeper && line::goes_on(line)) {
                param.more.push(trimmed);
                continue;
            }
            above = None;
            if block.request.is_none() && block.params.is_empty() && self.is_request(at) {
                block.request = line::request(line);
            } else if trimmed.starts_with("//") || trimmed.starts_with('#') {
                block.comments.push(trimmed);
            } else if let Some(param) = line::param(line) {
                above = Some(line::indent(line));
                block.params.push(param);
            } else {
                block.strays.push(trimmed);
            }
        }
    }

    fn sections(&self, block: &mut Block<'a>, first: usize, end: usize) {
        let mut at = first;
        while at < end {
            let next = (at + 1..end).find(|at| is_section(self.line(*at))).unwrap_or(end);
            block.sections.push(self.section(at, next));
            at = next;
        }
    }

    fn section(&self, at: usize, end: usize) -> Section<'a> {
        let mark = self.line(at);
        let beside = mark.trim().trim_start_matches(['<', '＜', '《']).trim();
        let mut body = at + 1;
        let mut label = Some(beside).filter(|label| !label.is_empty());
        if label.is_none() {
            let first = self.next_filled(body);
            let text = self.line(first).trim();
            let value = text.starts_with(['{', '[', '"', '“', '｛']) || text.starts_with("//");
            if first < end && !value {
                label = Some(text);
                body = first + 1;
            }
        }
        let (words, beside) = label.map_or((None, None), with_http_status);
        label = words;
        let second = self.next_filled(body);
        let text = without_http(self.line(second).trim());
        let below = Some(text).filter(|text| second < end && label.is_some() && is_http_status(text));
        if below.is_some() {
            body = second + 1;
        }
        let http_status = below.or(beside);
        Section { mark, label, http_status, body: self.slice(body, end) }
    }
}

/// Columns by which a line stands deeper than the one that it goes on with.
const DEEPER: usize = 2;

/// `<<<`; one `<` more or less is still one.
fn is_section(line: &str) -> bool {
    let line = line.trim();
    let rest = line.trim_start_matches(['<', '＜']);
    let marks = line[..line.len() - rest.len()].chars().count();
    marks >= 3 || (marks == 2 && rest.is_empty())
}

/// `error 503`, `error HTTP 503`, `失败(503)`: the label's words, and the HTTP status beside them.
pub(crate) fn with_http_status(label: &str) -> (Option<&str>, Option<&str>) {
    let bare = label.trim_end_matches([')', '）', ']']);
    let digits = bare.len() - bare.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (words, status) = bare.split_at(digits);
    let apart = words.ends_with(|c: char| !c.is_alphanumeric());
    let words = words.trim_end_matches([' ', '\t', '(', '（', '[', ':', '：', ',', '，']);
    let head = words.get(words.len().saturating_sub(4)..).filter(|end| end.eq_ignore_ascii_case("http"));
    let words = head.map_or(words, |head| words[..words.len() - head.len()].trim_end_matches([' ', '(', '（']));
    if apart && is_http_status(status) && !words.is_empty() { (Some(words), Some(status)) } else { (Some(label), None) }
}

/// `HTTP 503`, `HTTP/1.1 503`.
fn without_http(line: &str) -> &str {
    let rest = line.get(..4).filter(|start| start.eq_ignore_ascii_case("http")).map_or(line, |_| &line[4..]);
    let rest = rest.strip_prefix("/1.1").or(rest.strip_prefix("/1.0")).unwrap_or(rest);
    if rest.len() == line.len() { line } else { rest.trim_start_matches([' ', ':', '：']) }
}

fn is_http_status(text: &str) -> bool {
    text.len() == 3 && text.parse::<u16>().is_ok_and(|status| (100..600).contains(&status))
}
