//! Pages without any fence of the form: a title, an address with its method, tables of parameters, and replies in plain code
//! fences, as wikis and exporters of interface pages write them.
//!
//! In: the items of all documents of a set. Out: the same, each such endpoint as a block that stands where its address stood.
//! Where one document has a block, prose that names an address is prose, and nothing is done but to tell what is not read.

mod in_code;
mod listed;
mod mention;
#[cfg(test)]
mod tests;

use self::mention::{Call, Mark, bare, call, labelled_url, mark, only_method, text_of};
use crate::lexicon::Lexicon;
use crate::source::{Source, span_in};
use crate::syntax::ast::{Block, Document, Fence, Item, ParamLine, RequestLine, Row, Section};
use crate::syntax::{self, json, line};
use std::collections::{HashMap, HashSet};

/// An endpoint outside of any block, in a set that has blocks: it is not read.
pub(super) struct Unread<'a> {
    /// Index of its document.
    pub(super) document: usize,
    pub(super) url: &'a str,
}

pub(super) fn raise<'a>(documents: &mut [Document<'a>], sources: &'a [Source], lexicon: &Lexicon) -> Vec<Unread<'a>> {
    let has_block = |document: &Document<'_>| document.items.iter().any(|item| matches!(item, Item::Block(_)));
    let bare: Vec<bool> = documents.iter().map(|document| !has_block(document)).collect();
    let all = bare.iter().all(|bare| *bare);
    let mut headings: HashMap<&'a str, usize> = HashMap::new();
    for item in documents.iter().zip(&bare).filter(|(_, bare)| **bare).flat_map(|(document, _)| &document.items) {
        if let Item::Heading { text, .. } = item {
            *headings.entry(text).or_default() += 1;
        }
    }
    let mut unread = Vec::new();
    for (at, (document, source)) in documents.iter_mut().zip(sources).enumerate().filter(|(at, _)| bare[*at]) {
        let items = std::mem::take(&mut document.items);
        if all {
            document.items = Page::of(bare_replies(items, source.text()), &headings, lexicon).with_blocks();
        } else {
            let page = Page::of(items, &headings, lexicon);
            unread.extend(
                page.calls().filter(|call| call.method.is_some()).map(|call| Unread { document: at, url: call.url }),
            );
            document.items = page.items;
        }
    }
    unread
}

/// Replies that stand in no fence become pieces of code: from a line that begins with a brace to the one that closes it.
fn bare_replies<'a>(items: Vec<Item<'a>>, text: &'a str) -> Vec<Item<'a>> {
    let mut out: Vec<Item<'a>> = Vec::with_capacity(items.len());
    // Where the open reply begins, how deep it is, and from which item on it stands in `out`.
    let mut open: Option<(usize, i32, usize)> = None;
    for item in items {
        let Item::Line(line) = item else {
            // What is no line ends it: it stays as it was.
            open = None;
            out.push(item);
            continue;
        };
        let span = span_in(text, line);
        let (start, end) = (span.start as usize, span.end as usize);
        let (from, depth, first) = open.unwrap_or((start, 0, out.len()));
        if open.is_none() && !line.starts_with(['{', '[']) {
            out.push(item);
            continue;
        }
        let depth =
            depth + line.chars().map(|c| i32::from("{[".contains(c)) - i32::from("}]".contains(c))).sum::<i32>();
        out.push(item);
        open = Some((from, depth, first)).filter(|_| depth > 0);
        if depth <= 0 && !json::parse(&text[from..end]).values.is_empty() {
            out.truncate(first);
            out.push(Item::Code(&text[from..end]));
        }
    }
    out
}

struct Page<'a, 'l> {
    items: Vec<Item<'a>>,
    /// How often each heading stands in the set.
    headings: &'l HashMap<&'a str, usize>,
    /// Parallel to the items.
    marks: Vec<Mark<'a>>,
    lexicon: &'l Lexicon,
}

impl<'a, 'l> Page<'a, 'l> {
    fn of(items: Vec<Item<'a>>, headings: &'l HashMap<&'a str, usize>, lexicon: &'l Lexicon) -> Self {
        let mut marks: Vec<Mark<'a>> = items.iter().map(|item| mark(item, lexicon)).collect();
        for at in 1..marks.len() {
            if marks[at - 1] != Mark::Label || marks[at] != Mark::None {
                continue;
            }
            let (above, text) = (text_of(&items[at - 1]), text_of(&items[at]));
            marks[at] = if lexicon.is_nothing_but("request-method", above) {
                Mark::Method(only_method(text))
            } else {
                labelled_url(text).map_or(Mark::None, |url| Mark::Call(Call { title: "", ..call(text, url) }))
            };
        }
        calls_in_code(&items, &mut marks, lexicon);
        Self { items, headings, marks, lexicon }
    }

    /// The addresses at which endpoints are documented.
    fn calls(&self) -> impl Iterator<Item = &Call<'a>> {
        (0..self.items.len()).filter(|at| self.is_request(*at)).filter_map(|at| match &self.marks[at] {
            Mark::Call(call) => Some(call),
            _ => None,
        })
    }

    fn with_blocks(mut self) -> Vec<Item<'a>> {
        self.demote();
        let calls: Vec<usize> = (0..self.items.len()).filter(|at| self.is_request(*at)).collect();
        let mut out = Vec::with_capacity(self.items.len());
        let mut items: Vec<Option<Item<'a>>> = std::mem::take(&mut self.items).into_iter().map(Some).collect();
        let mut next = 0;
        for (nth, at) in calls.iter().copied().enumerate() {
            out.extend((next..at).filter_map(|before| self.kept(before, &mut items)));
            let end = self.end(at, calls.get(nth + 1).copied(), &items);
            let Mark::Call(call) = self.marks[at] else { continue };
            if let Some(Item::Heading { level, .. }) = &items[at] {
                // `### POST /api/login 登录`: the address is no part of the title, and a heading right above is the title.
                let titled = matches!(out.last(), Some(Item::Heading { .. }));
                let text = if call.title.is_empty() && !titled { call.line } else { call.title };
                out.extend((!text.is_empty()).then_some(Item::Heading { level: *level, text }));
            } else if !call.title.is_empty() && !matches!(out.last(), Some(Item::Heading { .. })) {
                out.push(Item::Line(call.title));
            }
            let method = call.method.or_else(|| self.method_near(at, end));
            let (sections, mut taken) = self.sections(at, end, &items);
            let (mut params, listed) = self.params(at, end, &items);
            taken.extend(listed);
            if let Some(Item::Code(code)) = &items[at] {
                params.extend(in_code::params(code));
            }
            out.extend(block(call, method, params, sections).map(Item::Block));
            out.extend((at + 1..end).filter(|at| !taken.contains(at)).filter_map(|at| self.kept(at, &mut items)));
            next = end;
        }
        out.extend((next..items.len()).filter_map(|at| self.kept(at, &mut items)));
        out
    }

    /// An item that goes on to be read as it is. What only introduces an address or a method has said all that it says.
    fn kept(&self, at: usize, items: &mut [Option<Item<'a>>]) -> Option<Item<'a>> {
        let is_told = matches!(self.marks[at], Mark::Label | Mark::Method(_))
            && !matches!(items[at], Some(Item::Heading { .. } | Item::Table(_)));
        items[at].take().filter(|_| !is_told)
    }

    /// Headings that only introduce a part of an endpoint, such as `##### 请求参数`, become lines.
    fn demote(&mut self) {
        let is_label = |at: usize, text: &str| {
            matches!(self.marks[at], Mark::Label | Mark::Method(_))
                || ["part-of-endpoint", "request-alone"].iter().any(|topic| self.lexicon.is_nothing_but(topic, text))
                || (self.headings.get(text).is_some_and(|count| *count > 1)
                    && self.lexicon.operations_in(text).is_empty())
                || (text.chars().count() <= LONGEST_LABEL
                    && self.lexicon.operations_in(text).is_empty()
                    && LABELS.iter().any(|topic| self.lexicon.speaks_of(topic, text)))
        };
        let mut labels: Vec<bool> = (0..self.items.len())
            .map(|at| matches!(&self.items[at], Item::Heading { text, .. } if is_label(at, text)))
            .collect();
        self.label_alike(&mut labels);
        // The level of what is a title over an address.
        let mut titles: Vec<u8> = Vec::new();
        let mut above = None;
        for ((item, mark), is_label) in self.items.iter().zip(&self.marks).zip(&labels) {
            if let Item::Heading { level, .. } = item
                && !is_label
            {
                above = Some(*level);
            }
            titles.extend(above.filter(|_| matches!(mark, Mark::Call(_))));
        }
        let lowest = titles.iter().min().copied();
        for (item, is_label) in self.items.iter_mut().zip(labels) {
            if let Item::Heading { level, text } = item
                && is_label
                && lowest.is_none_or(|lowest| *level > lowest)
            {
                *item = Item::Line(text);
            }
        }
    }

    /// Headings among labels of their level, below another heading, are labels, too, where they name no deed: `#### 接口版本`.
    fn label_alike(&self, labels: &mut [bool]) {
        // Of each level, how many headings are known labels, and how many there are.
        let mut levels: HashMap<u8, (usize, usize)> = HashMap::new();
        for (item, is_label) in self.items.iter().zip(labels.iter()) {
            if let Item::Heading { level, .. } = item {
                let (known, all) = levels.entry(*level).or_default();
                *known += usize::from(*is_label);
                *all += 1;
            }
        }
        let mut highest = u8::MAX;
        for (at, item) in self.items.iter().enumerate() {
            let Item::Heading { level, text } = item else { continue };
            let (known, all) = levels.get(level).copied().unwrap_or_default();
            let names_deed = || !self.lexicon.operations_in(text).is_empty();
            labels[at] |= highest < *level && known * 2 > all && !names_deed();
            highest = highest.min(*level);
        }
    }

    /// Whether an item that names an address is where an endpoint is documented.
    fn is_request(&self, at: usize) -> bool {
        let Mark::Call(call) = self.marks[at] else { return false };
        let end = self.items[at + 1..].iter().position(|item| matches!(item, Item::Heading { .. }));
        let end = end.map_or(self.items.len(), |after| at + 1 + after);
        let end = (at + 1..end).find(|at| matches!(self.marks[*at], Mark::Call(_))).unwrap_or(end);
        let shows = self.items[at + 1..end].iter().any(|item| match item {
            Item::Code(body) => is_reply(body),
            Item::Table(_) => true,
            _ => false,
        });
        let told = call.method.is_some() || self.method_near(at, end).is_some();
        let nowhere = || !self.marks.iter().any(tells_method);
        (told && (call.alone || shows)) || (shows && nowhere())
    }

    /// The method that is told beside an address: right above it, or below.
    fn method_near(&self, at: usize, end: usize) -> Option<&'a str> {
        let told = |at: usize| match self.marks[at] {
            Mark::Method(method) => Some(method),
            _ => None,
        };
        let mut near =
            (at.saturating_sub(2)..at).rev().take_while(|above| !matches!(self.marks[*above], Mark::Call(_)));
        let above = near.find_map(told);
        let below = || (at..end).find_map(told);
        above.or_else(below).flatten()
    }

    /// Up to where what stands below an address belongs to it.
    fn end(&self, at: usize, next: Option<usize>, items: &[Option<Item<'a>>]) -> usize {
        let limit = next.unwrap_or(items.len());
        let heading = (at + 1..limit).find(|at| matches!(items[*at], Some(Item::Heading { .. })));
        let mut end = heading.unwrap_or(limit);
        // What introduces the next address stands above it: its method, its label, its title.
        if heading.is_none() && next.is_some() {
            while end > at + 1 && matches!(self.marks[end - 1], Mark::Label | Mark::Method(_)) {
                end -= 1;
            }
            let is_title = |at: usize| match &items[at] {
                Some(Item::Line(text)) => super::page::can_title(text),
                _ => false,
            };
            if end > at + 1 && is_title(end - 1) {
                end -= 1;
            }
        }
        end
    }

    /// Parameters in lines below one that announces them, and the items that they were made of.
    fn params(&self, at: usize, end: usize, items: &[Option<Item<'a>>]) -> (Vec<ParamLine<'a>>, Vec<usize>) {
        let (mut params, mut taken) = (Vec::new(), Vec::new());
        let mut announced = false;
        for (at, item) in items.iter().enumerate().take(end).skip(at + 1) {
            let Some(Item::Line(text)) = item else {
                announced = false;
                continue;
            };
            if let Some(param) = listed::in_line(text, self.lexicon).filter(|_| announced) {
                params.push(param);
                taken.push(at);
                continue;
            }
            announced = self.announces_params(text);
            let told = text.split_once([':', '：']).filter(|(label, _)| self.announces_params(label));
            let beside = told.map_or(Vec::new(), |(_, value)| listed::behind_label(value, self.lexicon));
            if !beside.is_empty() {
                params.extend(beside);
                taken.push(at);
            }
        }
        (params, taken)
    }

    /// `参数：`, `**请求参数**`, `Body`, and not `返回参数`.
    fn announces_params(&self, text: &str) -> bool {
        let text = bare(text);
        let says = |topic: &str| self.lexicon.speaks_of(topic, text);
        text.chars().count() <= LONGEST_LABEL
            && !says("reply-heading")
            && (says("request-label") || self.lexicon.is_nothing_but("request-alone", text))
    }

    /// The line over a table right above a sample: of a reply, or of what is sent, where the sample has nothing but what it lists.
    fn over_table(&self, at: usize, body: &str, items: &[Option<Item<'a>>]) -> Option<(usize, &'a str)> {
        let Some(Item::Table(rows)) = items.get(at.checked_sub(1)?)?.as_ref() else { return None };
        let above = at.checked_sub(2)?;
        let Some(Item::Line(text)) = items.get(above)?.as_ref() else { return None };
        let short = text.chars().count() <= LONGEST_LABEL;
        let answers = short && self.lexicon.speaks_of("reply-heading", text);
        (answers || (self.announces_params(text) && lists_all(rows, body))).then_some((above, *text))
    }

    /// The replies below an address, each with the line that introduces it, and the items that they were made of.
    fn sections(&self, at: usize, end: usize, items: &[Option<Item<'a>>]) -> (Vec<Section<'a>>, Vec<usize>) {
        let mut sections = Vec::new();
        let mut taken = Vec::new();
        for at in at + 1..end {
            let Some(Item::Code(body)) = items[at] else { continue };
            let above = at.checked_sub(1).filter(|above| !taken.contains(above));
            let label = above.and_then(|above| match &items[above] {
                Some(Item::Line(text) | Item::Quote(text)) if self.marks[above] == Mark::None => Some((above, *text)),
                _ => None,
            });
            let label = label.or_else(|| self.over_table(at, body, items));
            // `+ Response 200 (application/json)`.
            let text = label.map(|(_, text)| {
                bare(text.rsplit_once('(').filter(|(_, kind)| kind.contains('/')).map_or(text, |(text, _)| text))
            });
            let (text, http_status) = text.map_or((None, None), syntax::with_http_status);
            let is_request = text.is_some_and(|text| super::requests::announced(text, self.lexicon));
            if !(is_reply(body) || (is_request && !body.contains(char::is_whitespace))) {
                continue;
            }
            taken.push(at);
            // A sentence says more than a label.
            let label_alone = |(above, text): &(usize, &str)| {
                let orders = *above + 1 < at || ORDERS.iter().any(|topic| self.lexicon.speaks_of(topic, text));
                text.chars().count() <= LONGEST_LABEL && !orders
            };
            taken.extend(label.filter(label_alone).map(|(above, _)| above));
            sections.push(Section { mark: text.unwrap_or(body), label: text, http_status, body });
        }
        (sections, taken)
    }
}

/// Whether a table lists all members of a sample, by its first column or the second.
fn lists_all(rows: &[Row<'_>], body: &str) -> bool {
    let parsed = json::parse(body);
    let Some(json::Kind::Object(members)) = parsed.values.first().map(|value| &value.kind) else { return false };
    let listed =
        |name: &str| rows.iter().skip(1).any(|row| row.cells.iter().take(2).any(|cell| cell_name(cell) == name));
    !members.is_empty() && members.iter().all(|member| listed(&member.key))
}

fn cell_name(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || "*`".contains(c))
}

/// Pieces of code that call an address which no text names: the first that calls it documents it.
fn calls_in_code<'a>(items: &[Item<'a>], marks: &mut [Mark<'a>], lexicon: &Lexicon) {
    let path = |url: &'a str| line::request(url).map_or(url, |request| request.path).trim_end_matches('/');
    let told: Vec<&str> = marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Call(call) => Some(path(call.url)),
            _ => None,
        })
        .collect();
    // `curl https://host/api/login` under the address `/login`.
    let ends: HashSet<&str> = told.iter().copied().collect();
    let mut known: HashSet<(String, &str)> = HashSet::new();
    for (item, mark) in items.iter().zip(marks) {
        let Item::Code(code) = item else { continue };
        let Some(call) = in_code::call(code, lexicon) else { continue };
        let own = path(call.url);
        let is_told = own.char_indices().filter(|(_, c)| *c == '/').any(|(at, _)| ends.contains(&own[at..]));
        if !is_told && known.insert((call.method.unwrap_or_default().to_ascii_uppercase(), own)) {
            *mark = Mark::Call(call);
        }
    }
}

fn tells_method(mark: &Mark<'_>) -> bool {
    matches!(mark, Mark::Method(_)) || matches!(mark, Mark::Call(call) if call.method.is_some())
}

fn block<'a>(
    call: Call<'a>,
    method: Option<&'a str>,
    params: Vec<ParamLine<'a>>,
    sections: Vec<Section<'a>>,
) -> Option<Block<'a>> {
    let request = line::request(call.url)?;
    Some(Block {
        open: call.url,
        fence: Fence::None,
        group: None,
        closed: true,
        request: Some(RequestLine { line: call.url, method, ..request }),
        params,
        comments: Vec::new(),
        strays: Vec::new(),
        sections,
    })
}

/// Whether a piece of code is a reply, or what is sent, in JSON.
fn is_reply(body: &str) -> bool {
    body.trim_start().starts_with(['{', '[']) && !json::parse(body).values.is_empty()
}

/// Topics of headings below a title.
const LABELS: [&str; 5] = ["sub-heading", "request-label", "reply-heading", "headers-heading", "param-table"];

/// Topics of lines that say in which order a list is: `按取号时间从新到旧返回`.
const ORDERS: [&str; 5] = ["latest-in-front", "newest-in-front", "oldest-in-front", "more-to-fewer", "fewer-to-more"];

/// In characters, of `**返回参数说明**`.
const LONGEST_LABEL: usize = 16;
