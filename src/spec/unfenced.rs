//! Pages without any fence of the form: a title, an address with its method, tables of parameters, and replies in plain code
//! fences, as wikis and exporters of interface pages write them.
//!
//! In: the items of all documents of a set. Out: the same, each such endpoint as a block that stands where its address stood.
//! Where one document has a block, prose that names an address is prose, and nothing is done.

use crate::lexicon::Lexicon;
use crate::source::{Source, span_in};
use crate::syntax::ast::{Block, Document, Fence, Item, Oddities, ParamLine, RequestLine, Row, Section};
use crate::syntax::{self, json, line};
use std::collections::HashMap;

pub(super) fn raise<'a>(documents: &mut [Document<'a>], sources: &'a [Source], lexicon: &Lexicon) {
    let has_block = |document: &Document<'_>| document.items.iter().any(|item| matches!(item, Item::Block(_)));
    if documents.iter().any(has_block) {
        return;
    }
    let mut headings: HashMap<&'a str, usize> = HashMap::new();
    for item in documents.iter().flat_map(|document| &document.items) {
        if let Item::Heading { text, .. } = item {
            *headings.entry(text).or_default() += 1;
        }
    }
    for (document, source) in documents.iter_mut().zip(sources) {
        let items = bare_replies(std::mem::take(&mut document.items), source.text());
        let page = Page::of(items, &headings, lexicon);
        document.items = page.with_blocks();
    }
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
        if depth <= 0 && json::parse(&text[from..end]).values.first().is_some() {
            out.truncate(first);
            out.push(Item::Code(&text[from..end]));
        }
    }
    out
}

/// An address that an item names.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Call<'a> {
    line: &'a str,
    url: &'a str,
    method: Option<&'a str>,
    /// What stands before it and is no label: `登录：POST /api/login`.
    title: &'a str,
    /// Nothing else stands there.
    alone: bool,
}

/// What an item has to do with a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark<'a> {
    Call(Call<'a>),
    /// `请求方式：POST`.
    Method(Option<&'a str>),
    /// `**请求URL：**`, above what it announces.
    Label,
    None,
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
                urls(text).first().map_or(Mark::None, |url| Mark::Call(Call { title: "", ..call(text, url) }))
            };
        }
        Self { items, headings, marks, lexicon }
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
            let (params, listed) = self.params(at, end, &items);
            taken.extend(listed);
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
                || self.lexicon.is_nothing_but("part-heading", text)
                || (self.headings.get(text).is_some_and(|count| *count > 1)
                    && self.lexicon.operations_in(text).is_empty())
                || (text.chars().count() <= LONGEST_LABEL
                    && self.lexicon.operations_in(text).is_empty()
                    && LABELS.iter().any(|topic| self.lexicon.speaks_of(topic, text)))
        };
        let labels: Vec<bool> = (0..self.items.len())
            .map(|at| matches!(&self.items[at], Item::Heading { text, .. } if is_label(at, text)))
            .collect();
        // The level of what is a title over an address.
        let mut titles: Vec<u8> = Vec::new();
        let mut above = None;
        for at in 0..self.items.len() {
            if let Item::Heading { level, .. } = self.items[at]
                && !labels[at]
            {
                above = Some(level);
            }
            titles.extend(above.filter(|_| matches!(self.marks[at], Mark::Call(_))));
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
        let nowhere = || !self.marks.iter().any(|mark| self.tells_method(mark));
        (told && (call.alone || shows)) || (shows && nowhere())
    }

    fn tells_method(&self, mark: &Mark<'_>) -> bool {
        matches!(mark, Mark::Method(_)) || matches!(mark, Mark::Call(call) if call.method.is_some())
    }

    /// The method that is told beside an address: right above it, or below.
    fn method_near(&self, at: usize, end: usize) -> Option<&'a str> {
        let told = |at: usize| match self.marks[at] {
            Mark::Method(method) => Some(method),
            _ => None,
        };
        let near = (at.saturating_sub(2)..at).rev().take_while(|above| !matches!(self.marks[*above], Mark::Call(_)));
        let above = near.filter_map(told).next();
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
        for at in at + 1..end {
            let Some(Item::Line(text)) = items[at] else {
                announced = false;
                continue;
            };
            match listed_param(text).filter(|_| announced) {
                Some(param) => {
                    params.push(param);
                    taken.push(at);
                }
                None => announced = self.announces_params(text),
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
            taken.extend(label.filter(|(_, text)| text.chars().count() <= LONGEST_LABEL).map(|(above, _)| above));
            sections.push(Section { mark: text.unwrap_or(body), label: text, http_status, body });
        }
        (sections, taken)
    }
}

/// `- phone: 手机号，必填`, `* **phone** (string) 手机号`.
fn listed_param(text: &str) -> Option<ParamLine<'_>> {
    let starred = text.starts_with(['*', '＊']) && !text[1..].starts_with([' ', '\t', '*']);
    let bare = bare(text);
    let end = bare.find(|c: char| !(c.is_ascii_alphanumeric() || "_.[]".contains(c))).unwrap_or(bare.len());
    let (name, rest) = bare.split_at(end);
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !rest.starts_with('/');
    let description = rest.trim_start_matches(|c: char| c.is_whitespace() || "*`_:：-—=|,，".contains(c)).trim_end();
    let apart = description.len() < rest.len() || rest.starts_with(['(', '（']) || rest.is_empty();
    let told = !description.is_ascii() || rest.starts_with(['(', ':']);
    (fits && apart && told).then_some(ParamLine {
        line: text,
        required: starred,
        type_name: None,
        name,
        default: None,
        description,
        remark: false,
        more: Vec::new(),
        oddities: Oddities::default(),
    })
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

fn text_of<'a>(item: &Item<'a>) -> &'a str {
    match item {
        Item::Heading { text, .. } | Item::Quote(text) | Item::Line(text) => text,
        Item::Table(_) | Item::Code(_) | Item::Block(_) => "",
    }
}

fn mark<'a>(item: &Item<'a>, lexicon: &Lexicon) -> Mark<'a> {
    match item {
        Item::Table(rows) => table_mark(rows, lexicon),
        _ => text_mark(text_of(item), lexicon),
    }
}

/// `| 请求地址 | /api/login |` over `| 请求方式 | POST |`.
fn table_mark<'a>(rows: &[Row<'a>], lexicon: &Lexicon) -> Mark<'a> {
    let beside = |topic: &str| {
        let row = rows.iter().find(|row| row.cells.first().is_some_and(|cell| lexicon.is_nothing_but(topic, cell)));
        row.and_then(|row| row.cells.get(1)).copied()
    };
    let Some(value) = beside("request-address") else { return Mark::None };
    let Some(url) = urls(value).into_iter().next() else { return Mark::None };
    let found = call(value, url);
    let method = found.method.or_else(|| beside("request-method").and_then(only_method));
    Mark::Call(Call { title: "", method, ..found })
}

fn text_mark<'a>(text: &'a str, lexicon: &Lexicon) -> Mark<'a> {
    let found = urls(text);
    let [url] = found.as_slice() else {
        let told = text.split_once([':', '：']);
        let label = told.map_or(text, |(label, _)| label);
        let is_label = |topic: &str| lexicon.is_nothing_but(topic, label);
        let value = told.map_or("", |(_, value)| value);
        let empty = !value.contains(char::is_alphanumeric);
        return match () {
            () if !found.is_empty() => Mark::None,
            () if is_label("request-method") && !empty => Mark::Method(only_method(value)),
            () if empty && (is_label("request-method") || is_label("request-address")) => Mark::Label,
            () => Mark::None,
        };
    };
    let call = call(text, url);
    let label = call.title;
    let labelled = lexicon.is_nothing_but("request-address", label);
    let title = if labelled { "" } else { label };
    let fits = labelled || (call.method.is_some() && title.chars().count() <= LONGEST_TITLE);
    // What goes on behind the address is a sentence, unless it is short.
    let behind = behind(text, url).chars().count();
    if fits && behind <= LONGEST_TITLE {
        let title = if title.is_empty() && !labelled { behind_title(text, url) } else { title };
        Mark::Call(Call { title, alone: !labelled && title.is_empty(), ..call })
    } else {
        Mark::None
    }
}

/// The address with what stands before it: a method, and words.
fn call<'a>(text: &'a str, url: &'a str) -> Call<'a> {
    let before = &text[..offset(text, url)];
    let told = words(before).last().copied().filter(|word| is_method(word));
    let title = told.map_or(before, |method| &before[..offset(before, method)]);
    // `接口：/api/login 方式：POST`.
    let method = told.or_else(|| only_method(behind(text, url)));
    Call { line: text, url, method, title: bare(title), alone: true }
}

fn behind<'a>(text: &'a str, url: &str) -> &'a str {
    bare(&text[offset(text, url) + url.len()..])
}

/// `POST /api/login 登录`, `GET /goods （列表）`.
fn behind_title<'a>(text: &'a str, url: &str) -> &'a str {
    Some(behind(text, url)).filter(|text| super::page::can_title(text)).unwrap_or("")
}

/// Where a piece of a text begins in it.
fn offset(text: &str, piece: &str) -> usize {
    (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// Without bullets, emphasis and signs around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "*`_-+•·>#:：[]【】|".contains(c))
}

/// What stands between blanks and signs.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || "*`|（）()【】[]<>，。；、\"'“”".contains(c))
        .filter(|word| !word.is_empty())
        .collect()
}

/// The addresses in a text: `/api/login`, `http://host/api/login`, `{{host}}/api/login`.
fn urls(text: &str) -> Vec<&str> {
    let words = words(text).into_iter();
    let unlabelled = words.map(|word| {
        // `URL:/api/login`, `POST:/api/login`.
        let label = word.find([':', '：']).filter(|at| !word[*at..].starts_with("://"));
        label.map_or(word, |at| word[at..].trim_start_matches([':', '：']))
    });
    // `/goods{?page,size}` of URI templates.
    let bare = unlabelled.map(|word| word.split_once("{?").map_or(word, |(address, _)| address));
    bare.filter(|word| is_url(word)).collect()
}

fn is_url(word: &str) -> bool {
    let path = ["http://", "https://"].iter().find_map(|scheme| word.strip_prefix(scheme));
    let path = path.map_or(word, |rest| rest.find('/').map_or("", |at| &rest[at..]));
    let path = path.strip_prefix("{{").and_then(|rest| rest.split_once("}}")).map_or(path, |(_, path)| path);
    let named = path
        .strip_prefix('/')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "{:_".contains(c)));
    let is_file = || path.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end.to_ascii_lowercase().as_str()));
    named && line::request(word).is_some() && !is_file()
}

fn is_method(word: &str) -> bool {
    METHODS.iter().any(|known| known.eq_ignore_ascii_case(word.trim_end_matches([':', '：'])))
}

/// The one method that a text names.
fn only_method(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| is_method(word));
    let mut found = words;
    found.next().filter(|_| found.next().is_none())
}

/// Whether a piece of code is a reply, or what is sent, in JSON.
fn is_reply(body: &str) -> bool {
    body.trim_start().starts_with(['{', '[']) && json::parse(body).values.first().is_some()
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// The ends of names of files that documents mention.
const FILES: [&str; 9] = ["jpg", "jpeg", "png", "gif", "mp4", "mp3", "pdf", "md", "html"];

/// Topics of headings below a title.
const LABELS: [&str; 5] = ["sub-heading", "request-label", "reply-heading", "headers-heading", "param-table"];

/// In characters, of `**返回参数说明**`.
const LONGEST_LABEL: usize = 16;
/// In characters.
const LONGEST_TITLE: usize = 20;
