//! One document, read from top to bottom: which heading, line or quote names a block, and what around the block belongs to it.
//!
//! In: the items of its tree. Out: its endpoints, and what it says of all: headers, tables of codes, how bodies and tokens are sent.

use super::block::{BlockReader, Found};
use super::code_lines::Told;
use super::param_tables::table_params;
use super::prose::{self, Reader};
use super::{
    CodeTable, In, Param, Settings, bases, body, elimination, envelope, inline_replies, line_titles, told_pairs,
};
use crate::lexicon::Lexicon;
use crate::source::Place;
use crate::syntax::ast::{Block, Item, Row};
use std::collections::HashSet;

pub(super) struct Page<'d, 'a, 's> {
    pub(super) reader: Reader<'a>,
    pub(super) settings: &'s Settings,
    pub(super) tables: &'s mut Vec<CodeTable>,
    pub(super) headers: &'s mut Vec<Param>,
    pub(super) bodies: &'s mut body::Said,
    pub(super) bases: &'s mut bases::Said,
    /// The word before a token, from whatever line has it.
    pub(super) scheme: &'s mut Option<String>,
    /// What lines say of replies for no endpoint in particular.
    pub(super) said: &'s mut envelope::Said,
    pub(super) found: &'s mut Vec<Found>,
    /// Index in `found` of this page's first endpoint.
    pub(super) first: usize,
    /// What has been read since the last block.
    pub(super) parts: Vec<Part<'d, 'a>>,
    /// The nearest heading that named a block.
    pub(super) last_heading: Option<(u8, &'a str)>,
    /// The level of the heading over the last block; 0 without one.
    pub(super) last_level: u8,
    /// The page is read to its end and has one block, so that whatever follows belongs to it.
    pub(super) only_block: bool,
    /// Its endpoints are named by the lines above them, without marks.
    pub(super) by_lines: bool,
    /// The same in quotes: `>专栏列表`.
    pub(super) by_quotes: bool,
}

impl<'d, 'a> Page<'d, 'a, '_> {
    pub(super) fn read(mut self, items: &'d [Item<'a>]) {
        self.by_lines = is_named_by_lines(items);
        self.by_quotes = is_named_by_quotes(items, self.reader.lexicon);
        for item in items {
            match item {
                Item::Heading { level, text } => {
                    self.hear_base_under("", text);
                    self.parts.push(Part { heading: Some((*level, text)), ..Part::default() });
                }
                Item::Quote(text) => {
                    self.hear(text);
                    self.part().quotes.push(text);
                }
                Item::Line(text) => {
                    self.hear(text);
                    self.part().lines.push(text);
                }
                Item::Table(rows) => {
                    for row in rows {
                        self.hear_base(row.line);
                    }
                    self.part().tables.push(rows);
                }
                Item::Code(body) => {
                    let reader = self.reader;
                    let part = self.part();
                    let heading = part.heading.map_or("", |(_, text)| text);
                    let said = part.lines.last().or(part.quotes.last()).copied().unwrap_or(heading);
                    part.samples.push((said, body));
                    // `附：错误码` over a fence with the list.
                    let listed = || body.lines().map(str::trim).filter(|line| !line.is_empty());
                    let all = listed().count() > 1 && listed().all(|line| reader.code_row(line).is_some());
                    if all && (part.announces_codes(&reader) || reader.lists_failures(listed())) {
                        part.lines.extend(listed());
                    }
                    self.headers.extend(self.reader.sent_headers(said, body));
                }
                Item::Block(block) => self.block(block),
            }
        }
        self.finish();
    }

    /// Wherever a line says how a token is carried, it says so of all endpoints.
    fn hear(&mut self, line: &str) {
        self.hear_base(line);
        let scheme = prose::scheme(line);
        if !scheme.is_empty() {
            self.headers.extend(self.reader.headers(line, false).into_iter().filter(prose::carries_token));
            self.scheme.get_or_insert_with(|| prose::scheme_words(scheme));
        }
    }

    /// Wherever a line tells a base address, it holds for all endpoints.
    fn hear_base(&mut self, line: &str) {
        let heading = self.parts.last().and_then(|part| part.heading).map_or("", |(_, text)| text);
        self.hear_base_under(heading, line);
    }

    fn hear_base_under(&mut self, heading: &str, text: &str) {
        let at_head = self.found.len() == self.first;
        let line = bases::Line { heading, text, at_head, place: self.reader.place(text) };
        self.bases.hear(&line, self.reader.lexicon);
    }

    fn part(&mut self) -> &mut Part<'d, 'a> {
        if self.parts.is_empty() {
            self.parts.push(Part::default());
        }
        let last = self.parts.len() - 1;
        &mut self.parts[last]
    }

    fn block(&mut self, block: &'d Block<'a>) {
        let mut parts = std::mem::take(&mut self.parts);
        let above = parts.last_mut().filter(|_| self.by_lines).and_then(|part| part.lines.pop());
        let quoted = parts.last_mut().filter(|_| self.by_quotes).and_then(|part| part.quotes.pop());
        let naming = self.naming_part(&parts);
        let mut own = parts.split_off(naming.unwrap_or(0));
        if naming.is_none() {
            // No heading since the last block: tables and lists of codes still belong to that one, quotes to this one.
            let previous = own.iter_mut().map(|part| Part {
                tables: std::mem::take(&mut part.tables),
                lines: std::mem::take(&mut part.lines),
                ..Part::default()
            });
            let previous: Vec<_> = previous.collect();
            if self.found.len() > self.first {
                self.give_back(previous);
            } else {
                own.extend(previous);
            }
        }
        self.give_back(parts);
        let shows_request = |part: &&Part<'_, '_>| {
            let heading = part.heading.map_or("", |(_, text)| text);
            !part.samples.is_empty() && self.reader.lexicon.speaks_of("request-label", heading)
        };
        let naming_part = naming.and_then(|_| own.first()).filter(|part| !shows_request(part));
        let heading = naming_part.and_then(|part| part.heading);
        // A second block of one endpoint's section: what names a part stands below the title.
        let below =
            |(level, text): &(u8, &str)| self.last_level > 0 && *level > self.last_level && self.names_part(text);
        let heading = heading.filter(|heading| !below(heading));
        self.last_heading = heading.or(self.last_heading);
        self.last_level = self.last_heading.map_or(0, |(level, _)| level);
        if let Some(line) = above.or(quoted) {
            self.last_heading = Some((u8::MAX, line));
        }
        let reader = BlockReader { reader: self.reader, settings: self.settings };
        self.found.push(reader.read(block, self.last_heading.map(|(_, text)| text), &own));
    }

    /// The part whose heading names the block that follows. A heading below it that only introduces a table is no title.
    fn naming_part(&self, parts: &[Part<'_, '_>]) -> Option<usize> {
        let mut at = parts.iter().rposition(|part| part.heading.is_some())?;
        while let Some((level, text)) = parts[at].heading {
            let shows_request = self.reader.lexicon.speaks_of("request-label", text) && !parts[at].samples.is_empty();
            // `### POST内容示例` can be of the level of the title above it; so can `## 返回示例`, which names a part of what is documented.
            let alone = self.names_part(text);
            let lowest = level + u8::from(shows_request || alone);
            let above = parts[..at].iter().rposition(|part| part.heading.is_some_and(|(higher, _)| higher < lowest));
            let introduces = !parts[at].tables.is_empty() || !parts[at].lines.is_empty();
            let introduces = introduces && self.reader.lexicon.speaks_of("sub-heading", text);
            match above {
                Some(above) if introduces || shows_request || alone => at = above,
                _ => break,
            }
        }
        Some(at)
    }

    /// Whether a heading says which part of an endpoint's documentation follows, and nothing of what the endpoint does:
    /// `返回示例`, `2.1 请求参数`, `### Response (200)`.
    fn names_part(&self, text: &str) -> bool {
        let words = text.split(['(', '（', '[', '【']).next().unwrap_or_default();
        let words = words.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = line_titles::numbered(words, self.reader.lexicon).unwrap_or(words);
        self.reader.lexicon.is_nothing_but("part-of-endpoint", bare)
    }

    /// What is left at the end of the page, or stood before the next block's heading.
    fn finish(mut self) {
        let parts = std::mem::take(&mut self.parts);
        self.only_block = self.found.len() == self.first + 1;
        self.give_back(parts);
    }

    /// Gives parts that follow a block to its endpoint if they stand under its heading, else to the page.
    fn give_back(&mut self, parts: Vec<Part<'d, 'a>>) {
        let mut under = true;
        for part in parts {
            if let Some((level, _)) = part.heading {
                under = level > self.last_level;
            }
            let belongs = self.found.len() > self.first && (under || self.only_block);
            match self.found.last_mut().filter(|_| belongs) {
                Some(found) => found.belongs(&self.reader, &part),
                None => {
                    self.tables.extend(page_tables(&self.reader, &part));
                    self.headers.extend(page_headers(&self.reader, &part));
                    let cells = part.tables.iter().flat_map(|rows| rows.iter()).map(|row| row.line);
                    let below = |(said, body): &(&str, &str)| inline_replies::below(said, body, self.reader.lexicon);
                    let below = part.samples.iter().filter_map(below);
                    self.said.replies.extend(below.map(|reply| (self.reader.file, reply)));
                    for line in part.quotes.iter().chain(&part.lines).copied().chain(cells) {
                        self.bodies.hear(self.reader.file, line, self.reader.lexicon);
                        let shown = inline_replies::in_line(line, self.reader.lexicon);
                        self.said.replies.extend(shown.into_iter().map(|reply| (self.reader.file, reply)));
                        let fails = |pairs: &told_pairs::Pairs<'_>| {
                            inline_replies::means_failure(&pairs.reply, pairs.when, self.reader.lexicon)
                        };
                        let paired = told_pairs::read(line, self.reader.lexicon).into_iter().filter(fails);
                        self.said.named.extend(paired.map(|pairs| (self.reader.file, pairs.reply)));
                        let key = elimination::message_key(line, self.reader.lexicon);
                        self.said.message_keys.extend(key.map(str::to_owned));
                    }
                }
            }
        }
    }
}

/// A heading with all that stands between it and the next heading or block.
#[derive(Default)]
pub(super) struct Part<'d, 'a> {
    pub(super) heading: Option<(u8, &'a str)>,
    pub(super) quotes: Vec<&'a str>,
    pub(super) lines: Vec<&'a str>,
    pub(super) tables: Vec<&'d [Row<'a>]>,
    /// Pieces of code, each with the line that introduces it.
    pub(super) samples: Vec<(&'a str, &'a str)>,
}

impl Part<'_, '_> {
    /// The line right above a table, which introduces it.
    pub(super) fn caption(&self, reader: &Reader<'_>, table: Place) -> Option<String> {
        let before = |line: &&&str| reader.place(line).span.end <= table.span.start;
        // `不是自己的返回30002` introduces nothing.
        let refuses = |line: &str| {
            let told = super::sentence::codes(line, 0, reader.lexicon);
            let is_status = |code: &str| code.parse::<u16>().is_ok_and(|code| (100..600).contains(&code));
            told.iter().any(|told| !told.when.is_empty() && prose::is_telling(told.code) && !is_status(told.code))
        };
        let mut above: Vec<&str> = self.lines.iter().chain(&self.quotes).filter(before).copied().collect();
        above.sort_by_key(|line| std::cmp::Reverse(reader.place(line).span.end));
        let mut until = table.span.start;
        for line in above {
            let span = reader.place(line).span;
            let between = reader.source.text().get(span.end as usize..until as usize)?;
            let is_mark = |c: char| c.is_whitespace() || matches!(c, '|' | '>' | '-' | '*' | '+');
            if !between.trim_matches(is_mark).is_empty() {
                return None;
            }
            if can_title(line.trim_matches(|c: char| c.is_whitespace() || "*_`:：".contains(c))) && !refuses(line) {
                return Some(line.to_owned());
            }
            // `- X-Key: {key}` below `- 请求头：` shows what the table lists.
            if !shows_member(line) {
                return None;
            }
            until = span.start;
        }
        None
    }

    /// Whether its heading, or a line above the list, says that codes follow.
    pub(super) fn announces_codes(&self, reader: &Reader<'_>) -> bool {
        let heading = self.heading.into_iter().map(|(_, text)| text);
        let mut words = heading.chain(self.quotes.iter().copied()).chain(self.lines.iter().copied());
        words.any(|text| {
            let short = || text.trim_end().ends_with([':', '：']) && text.chars().count() <= SHORT;
            reader.lexicon.speaks_of("code-table", text) || (short() && reader.lexicon.speaks_of("error-label", text))
        })
    }

    /// By what its lines are known to list codes.
    pub(super) fn tells_codes(&self, reader: &Reader<'_>) -> Told {
        if self.announces_codes(reader) {
            return Told::Words;
        }
        let lines = self.quotes.iter().chain(&self.lines).copied();
        if reader.lists_failures(lines) { Told::Rows } else { Told::Nothing }
    }
}

/// Whether a page has one heading for all its endpoints at most, and above each of them a line that can be its title and is not
/// the same over all: `请求示例`.
pub(super) fn is_named_by_lines(items: &[Item<'_>]) -> bool {
    let title = |at: usize| match at.checked_sub(1).and_then(|above| items.get(above)) {
        Some(Item::Line(text)) if can_title(text) => Some(*text),
        _ => None,
    };
    let headings = items.iter().filter(|item| matches!(item, Item::Heading { .. })).count();
    let blocks = (0..items.len()).filter(|at| matches!(items[*at], Item::Block(_)));
    let titles: Option<Vec<&str>> = blocks.map(title).collect();
    headings < 2 && titles.is_some_and(|titles| titles.iter().any(|text| *text != titles[0]))
}

/// Whether a page has no heading of its own for any endpoint, and above each of them a quote that can be its title and is no
/// remark: another for each, or one that says what is done.
fn is_named_by_quotes(items: &[Item<'_>], lexicon: &Lexicon) -> bool {
    let title = |at: usize| match at.checked_sub(1).and_then(|above| items.get(above)) {
        Some(Item::Quote(text)) if can_title(text) && !text.starts_with('[') => Some(*text),
        _ => None,
    };
    let headings = items.iter().filter(|item| matches!(item, Item::Heading { .. })).count();
    let blocks: Vec<usize> = (0..items.len()).filter(|at| matches!(items[*at], Item::Block(_))).collect();
    let titles: Vec<&str> = blocks.iter().filter_map(|at| title(*at)).collect();
    let distinct: HashSet<&str> = titles.iter().copied().collect();
    let remarks = ["login-needed", "request-label", "code-table"];
    !blocks.is_empty()
        && headings <= usize::from(blocks.len() > 1)
        && titles.len() == blocks.len()
        && distinct.len() == titles.len()
        && titles.iter().all(|text| remarks.iter().all(|topic| !lexicon.speaks_of(topic, text)))
        && titles.iter().any(|text| !lexicon.operations_in(text).is_empty())
}

/// Whether a line is a name with a value, `- X-Key: {key}`.
fn shows_member(line: &str) -> bool {
    let line = crate::syntax::line::listed(line).unwrap_or(line.trim());
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '`' | '*');
    line.split_once([':', '：']).is_some_and(|(name, _)| !name.is_empty() && name.trim().chars().all(is_sign))
}

pub(super) fn can_title(text: &str) -> bool {
    let length = text.chars().count();
    (2..=LONGEST_TITLE).contains(&length) && !text.contains(['。', '，', '；', '：', ':', ',', ';', '=', '|', '！'])
}

/// In characters, of `失败时：`.
const SHORT: usize = 8;
/// In characters.
const LONGEST_TITLE: usize = 20;

/// The request headers that a part lists for no endpoint in particular.
fn page_headers(reader: &Reader<'_>, part: &Part<'_, '_>) -> Vec<Param> {
    let heading = part.heading.map_or("", |(_, text)| text);
    let under_heading = reader.lexicon.speaks_of("headers-heading", heading);
    // A table of conventions says in a cell what others say in a line: ``| 登录态 | 请求头 `Access-Key` |``.
    let cells = part.tables.iter().flat_map(|rows| rows.iter()).flat_map(|row| row.cells.iter());
    let cells = cells.filter(|cell| !reader.lexicon.is_nothing_but("headers-heading", cell));
    let in_header =
        |row: &&Row<'_>| row.cells.iter().skip(1).any(|cell| reader.lexicon.is_nothing_but("headers-heading", cell));
    let rows = part.tables.iter().flat_map(|rows| rows.iter().skip(1)).filter(in_header).map(|row| row.line);
    let lines = part.quotes.iter().chain(&part.lines).map(|line| (*line, under_heading));
    let lines = lines.chain(cells.map(|cell| (*cell, false))).chain(rows.map(|row| (row, false)));
    let mut found: Vec<Param> = lines.flat_map(|(line, under)| reader.headers(line, under)).collect();
    let introduced = |line: &&&str| reader.lexicon.speaks_of("headers-heading", line);
    let all = under_heading || part.lines.iter().any(|line| introduced(&line));
    // `| Header | Value |` says itself what it lists.
    let says = |table: &super::Table| {
        let first = table.rows.first().and_then(|header| header.first());
        first.is_some_and(|cell| reader.lexicon.is_nothing_but("headers-heading", cell))
    };
    let tables = part.tables.iter().map(|rows| reader.table(None, rows)).filter(|table| all || says(table));
    let listed: Vec<Param> = tables.flat_map(|table| table_params(&table, In::Header, reader.lexicon)).collect();
    if listed.iter().any(|header| prose::is_of_token(header, reader.lexicon)) {
        found.retain(|header| !prose::is_bare_token(header, reader.lexicon));
    }
    found.extend(listed);
    found
}

/// The tables and lists of codes of a part that belongs to no endpoint.
fn page_tables(reader: &Reader<'_>, part: &Part<'_, '_>) -> Vec<CodeTable> {
    let told = part.tells_codes(reader);
    let announced = told == Told::Words;
    let mut tables: Vec<CodeTable> = part.tables.iter().filter_map(|rows| reader.code_table(rows, announced)).collect();
    let mut rows = Vec::new();
    for line in part.lines.iter().chain(&part.quotes) {
        let several = reader.quoted_codes(line).into_iter().filter(|row| !row.text.is_empty()).collect::<Vec<_>>();
        if several.len() > 1 {
            rows.extend(several);
        } else {
            rows.extend(reader.code_row_around(line, told));
        }
    }
    if rows.len() >= 2 {
        tables.push(CodeTable::new(rows));
    }
    tables
}
