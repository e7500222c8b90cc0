//! From trees to a document set: which heading names a block, and what around the block belongs to it.

use super::block::{BlockReader, Found, listed_in_tables, table_params};
use super::code_lines::Told;
use super::prose::{self, Reader};
use super::{CodeTable, DocSet, In, Param, Settings, body, envelope, route};
use crate::lexicon::Lexicon;
use crate::source::Place;
use crate::source::{FileId, Source};
use crate::syntax;
use crate::syntax::ast::{Block, Item, Row};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Reads every source. Never fails: what is odd becomes a diagnostic, what is damaged costs its own region.
pub fn lower(sources: Vec<Source>, settings: &Settings, lexicon: &Lexicon) -> DocSet {
    let mut set = DocSet::default();
    let mut found: Vec<Found> = Vec::new();
    // Request headers that a page lists for all of its endpoints, and so for the set.
    let mut headers: Vec<Param> = Vec::new();
    let mut bodies = body::Said::default();
    let mut scheme: Option<String> = None;
    for (at, source) in sources.iter().enumerate() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let document = syntax::scan(source.text());
        let reader = Reader { source, file, lexicon };
        let first = found.len();
        let page = Page {
            reader,
            settings,
            tables: &mut set.tables,
            headers: &mut headers,
            bodies: &mut bodies,
            scheme: &mut scheme,
            found: &mut found,
            first,
            parts: Vec::new(),
            last_heading: None,
            last_level: 0,
            only_block: false,
            by_lines: false,
            by_quotes: false,
        };
        page.read(&document.items);
    }
    let envelope = reply_keys(&found);
    drop_reply_table(&mut headers, &envelope);
    if headers.iter().all(|header| prose::scheme(&header.all_words()).is_empty()) {
        let unsaid = headers.iter_mut().filter(|header| header.description.is_empty());
        unsaid.for_each(|header| header.description = scheme.clone().unwrap_or_default());
    }
    set.sources = sources;
    settle_labels(&mut found, lexicon);
    for one in &mut found {
        listed_in_tables(&mut one.endpoint, &envelope, lexicon);
        super::requests::settle(&mut one.endpoint, std::mem::take(&mut one.sent));
        super::listed_values::tell_values(&mut one.endpoint, lexicon);
        bodies.settle(&mut one.endpoint, lexicon);
        for header in &headers {
            if one.endpoint.param(&header.name).is_none() {
                one.endpoint.params.push(header.clone());
            }
        }
    }
    let mut oddities = Vec::new();
    for (at, one) in found.into_iter().enumerate() {
        oddities.extend(one.diagnostics.into_iter().map(|diagnostic| (at, diagnostic)));
        set.endpoints.push(one.endpoint);
    }
    set.diagnostics = route::name_endpoints(&mut set.endpoints);
    set.diagnostics.extend(oddities.into_iter().map(|(at, found)| found.at_endpoint(&set.endpoints[at].id)));
    set.envelopes = envelope::learn(&mut set.endpoints, &set.tables, lexicon);
    set
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
    /// Whether its heading, or a line above the list, says that codes follow.
    pub(super) fn announces_codes(&self, reader: &Reader<'_>) -> bool {
        let heading = self.heading.into_iter().map(|(_, text)| text);
        let mut words = heading.chain(self.quotes.iter().copied()).chain(self.lines.iter().copied());
        words.any(|text| reader.lexicon.speaks_of("code-table", text))
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

struct Page<'d, 'a, 's> {
    reader: Reader<'a>,
    settings: &'s Settings,
    tables: &'s mut Vec<CodeTable>,
    headers: &'s mut Vec<Param>,
    bodies: &'s mut body::Said,
    /// The word before a token, from whatever line has it.
    scheme: &'s mut Option<String>,
    found: &'s mut Vec<Found>,
    /// Index in `found` of this page's first endpoint.
    first: usize,
    /// What has been read since the last block.
    parts: Vec<Part<'d, 'a>>,
    /// The nearest heading that named a block.
    last_heading: Option<(u8, &'a str)>,
    /// The level of the heading over the last block; 0 without one.
    last_level: u8,
    /// The page is read to its end and has one block, so that whatever follows belongs to it.
    only_block: bool,
    /// Its endpoints are named by the lines above them, without marks.
    by_lines: bool,
    /// The same in quotes: `>专栏列表`.
    by_quotes: bool,
}

impl<'d, 'a> Page<'d, 'a, '_> {
    fn read(mut self, items: &'d [Item<'a>]) {
        self.by_lines = is_named_by_lines(items);
        self.by_quotes = is_named_by_quotes(items, self.reader.lexicon);
        for item in items {
            match item {
                Item::Heading { level, text } => {
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
                Item::Table(rows) => self.part().tables.push(rows),
                Item::Code(body) => {
                    let part = self.part();
                    let heading = part.heading.map_or("", |(_, text)| text);
                    let said = part.lines.last().or(part.quotes.last()).copied().unwrap_or(heading);
                    part.samples.push((said, body));
                }
                Item::Block(block) => self.block(block),
            }
        }
        self.finish();
    }

    /// Wherever a line says how a token is carried, it says so of all endpoints.
    fn hear(&mut self, line: &str) {
        let scheme = prose::scheme(line);
        if !scheme.is_empty() {
            self.headers.extend(self.reader.headers(line, false).into_iter().filter(prose::carries_token));
            self.scheme.get_or_insert_with(|| scheme.to_owned());
        }
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
            // `### POST内容示例` can be of the level of the title above it.
            let lowest = level + u8::from(shows_request);
            let above = parts[..at].iter().rposition(|part| part.heading.is_some_and(|(higher, _)| higher < lowest));
            let introduces = !parts[at].tables.is_empty() || !parts[at].lines.is_empty();
            let introduces = introduces && self.reader.lexicon.speaks_of("sub-heading", text);
            match above {
                Some(above) if introduces || shows_request => at = above,
                _ => break,
            }
        }
        Some(at)
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
                    for line in part.quotes.iter().chain(&part.lines).copied().chain(cells) {
                        self.bodies.hear(self.reader.file, line, self.reader.lexicon);
                    }
                }
            }
        }
    }
}

/// The members that nearly all examples have at the top: a reply's envelope.
fn reply_keys(found: &[Found]) -> HashSet<Arc<str>> {
    let examples = found.iter().flat_map(|one| &one.endpoint.sections).flat_map(|section| &section.examples);
    let mut counts: HashMap<Arc<str>, usize> = HashMap::new();
    let mut all = 0;
    for members in examples.filter_map(|example| example.value.as_object()) {
        all += 1;
        for (key, _) in members {
            *counts.entry(Arc::clone(key)).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| all > 1 && count * 10 >= all * 9).map(|(key, _)| key).collect()
}

/// Leaves out what one table lists where that is the envelope of the replies: `code`, `msg`, `data`.
pub(super) fn drop_reply_table(params: &mut Vec<Param>, envelope: &HashSet<Arc<str>>) {
    let mut tables: HashMap<Place, (usize, bool)> = HashMap::new();
    for param in params.iter() {
        let (count, all) = tables.entry(param.place).or_insert((0, true));
        *count += 1;
        *all &= envelope.contains(param.name.as_str());
    }
    params.retain(|param| tables.get(&param.place).is_none_or(|(count, all)| *count < 2 || !all));
}

/// Whether a page has one heading for all its endpoints at most, and above each of them a line that can be its title.
fn is_named_by_lines(items: &[Item<'_>]) -> bool {
    let is_title = |item: Option<&Item<'_>>| matches!(item, Some(Item::Line(text)) if can_title(text));
    let headings = items.iter().filter(|item| matches!(item, Item::Heading { .. })).count();
    let mut blocks = (0..items.len()).filter(|at| matches!(items[*at], Item::Block(_)));
    let several = blocks.clone().count() > 1;
    several && headings < 2 && blocks.all(|at| is_title(at.checked_sub(1).and_then(|above| items.get(above))))
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

fn can_title(text: &str) -> bool {
    let length = text.chars().count();
    (2..=LONGEST_TITLE).contains(&length) && !text.contains(['。', '，', '；', '：', ':', ',', ';', '=', '|', '！'])
}

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
    found.extend(tables.flat_map(|table| table_params(&table, In::Header, reader.lexicon)));
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

/// Where a page writes labels in the default's slot (`phone=手机号 #`), words there are the label even if a description
/// follows them (`event=用途 #bind绑定手机`).
fn settle_labels(found: &mut [Found], lexicon: &Lexicon) {
    let words = |param: &Param| {
        param
            .default
            .as_deref()
            .filter(|slot| !slot.is_ascii() && !lexicon.is_nothing_but("placeholder", slot))
            .map(str::to_owned)
    };
    let endpoints = found.iter().map(|found| &found.endpoint);
    let params = endpoints.flat_map(|endpoint| endpoint.params.iter().map(|param| (endpoint.place.file, param)));
    let all: Vec<(FileId, &Param)> = params.filter(|(_, param)| param.listed).collect();
    // `title=小番茄#标题` in one block and `title=大番茄#` in the next show values.
    let mut slots: HashMap<(FileId, &str), Option<String>> = HashMap::new();
    for (file, param) in &all {
        let slot = slots.entry((*file, param.name.as_str())).or_insert_with(|| words(param));
        *slot = slot.take().filter(|known| words(param).is_none_or(|other| other == *known));
    }
    let mut pages: HashMap<FileId, usize> = HashMap::new();
    for (file, param) in all.iter().filter(|(_, param)| param.description.is_empty()) {
        let is_label = slots.get(&(*file, param.name.as_str())).is_some_and(Option::is_some);
        *pages.entry(*file).or_default() += usize::from(is_label);
    }
    for endpoint in found.iter_mut().map(|found| &mut found.endpoint) {
        if pages.get(&endpoint.place.file).is_some_and(|labels| *labels >= 2) {
            for param in endpoint.params.iter_mut().filter(|param| param.listed) {
                if let Some(label) = words(param) {
                    param.label = label;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_above_blocks_name_them_where_no_headings_do() {
        let titles = |document: &str| {
            let set = lower(vec![Source::new("a.md", document.to_owned())], &Settings::default(), &Lexicon::standard());
            set.endpoints.iter().map(|endpoint| endpoint.title.clone()).collect::<Vec<_>>().join("|")
        };
        let blocks = |first: &str, second: &str| format!("{first}\n+++\nget:/a\n+++\n\n{second}\n\n+++\nget:/b\n+++\n");
        assert_eq!(titles(&blocks("# 小卖部\n\n商品列表", "商品详情")), "商品列表|商品详情");
        assert_eq!(titles(&blocks("商品列表", "商品详情")), "商品列表|商品详情");
        assert_eq!(titles(&blocks("# 商品列表", "价格单位是分，不是元。")), "商品列表|商品列表");
        assert_eq!(titles(&blocks(">商品列表", "> 商品详情")), "商品列表|商品详情");
        assert_eq!(titles(&blocks("# 小卖部\n\n>商品列表", "> 商品详情")), "商品列表|商品详情");
        assert_eq!(titles(&blocks("> 需要登录", "> 需要登录")), "a|a");
        assert_eq!(titles(&blocks("## 商品列表\n> 按价格", "## 商品详情\n> 看一件")), "商品列表|商品详情");
        assert_eq!(titles(&blocks("## 商品列表\n需要登录", "## 商品详情\n需要登录")), "商品列表|商品详情");
    }

    fn codes_after(around: &str) -> Vec<String> {
        let document = format!("## 订单详情\n+++\nget:/order\n+++\n\n{around}\n");
        let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
        set.endpoints[0].codes.rows.iter().map(|row| row.code.to_string()).collect()
    }

    #[test]
    fn headers_in_prose_and_in_plain_lines_are_every_endpoints() {
        let headers = |around: &str| -> Vec<String> {
            let document = format!("# 接口\n{around}\n## 订单\n+++\nget:/order\n+++\n");
            let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
            let params = set.endpoints[0].params.iter().filter(|param| param.location == In::Header);
            params.map(|param| param.name.clone()).collect()
        };
        assert_eq!(headers("> 其余接口都要在请求头里带 X-Auth-Token"), ["X-Auth-Token"]);
        assert_eq!(headers("请求头:token"), ["token"]);
        assert_eq!(headers("All requests need the header `Authorization: Bearer <token>`."), ["Authorization"]);
        assert_eq!(headers("### 请求头\nContent-Type: application/json\nsession: 登录后获得"), ["session"]);
        assert_eq!(headers("- 登录后每次都带 Authorization=Bearer {token}"), ["Authorization"]);
        assert!(headers("请求头里不用带参数, see the header of the page").is_empty());
        assert!(headers("编码 UTF-8, token 登录后获得").is_empty());
    }

    #[test]
    fn the_scheme_of_a_token_is_told_in_prose() {
        let scheme = |around: &str| {
            let document = format!("# 接口\n{around}\n## 订单\n+++\nget:/order\n+++\n");
            let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
            set.endpoints[0].param("Authorization").map(|header| header.all_words().trim().to_owned())
        };
        for line in [
            "* 请求头带上 `Authorization: Bearer 登录拿到的token`，没登录时 code 是 401",
            "> 放在 header 里：Authorization，值为 \"Bearer \" + token",
            "请求头 Authorization，token 前面加上 Bearer 前缀",
            "请求头带 Authorization\n\n格式：Bearer + 空格 + token",
        ] {
            assert_eq!(scheme(line).as_deref(), Some("Bearer"), "{line}");
        }
        assert_eq!(scheme("请求头带上 Authorization: 登录拿到的token").as_deref(), Some(""));
    }

    #[test]
    fn codes_in_one_line_have_their_words() {
        let quoted = |line: &str| -> Vec<String> {
            let document = format!("## 登录\n>{line}\n+++\npost:/login\n+++\n");
            let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
            set.endpoints[0].quoted.iter().map(|row| format!("{} {}", row.code, row.text)).collect()
        };
        assert_eq!(quoted("可能返回的错误码:1006,1010"), ["1006 ", "1010 "]);
        assert_eq!(quoted("错误码: 1001 请先登录、1002账号不存在"), ["1001 请先登录", "1002 账号不存在"]);
        assert_eq!(
            quoted("可能返回: 7 60秒内只能发送一次,请勿重复发送;8 参数错误"),
            ["7 60秒内只能发送一次,请勿重复发送", "8 参数错误"]
        );
        assert_eq!(quoted("可能返回的错误码:1006,1010 详见附录"), ["1006 ", "1010 "]);
    }

    #[test]
    fn values_of_an_enumeration_are_no_codes() {
        assert!(codes_after("- 0 未支付\n- 1 已支付").is_empty());
        assert!(codes_after("| 值 | 说明 |\n| --- | --- |\n| 0 | 未支付 |\n| 1 | 已支付 |").is_empty());
    }

    #[test]
    fn codes_are_announced_or_told_by_their_length() {
        assert_eq!(codes_after("错误码:\n- 1 参数错误\n- 2 未登录"), ["1", "2"]);
        assert_eq!(codes_after("### 错误码\n| 值 | 说明 |\n| --- | --- |\n| 1 | 参数错误 |"), ["1"]);
        assert_eq!(codes_after("| 错误码 | 说明 |\n| --- | --- |\n| 1 | 参数错误 |"), ["1"]);
        assert_eq!(codes_after("1001 参数错误"), ["1001"]);
        assert_eq!(codes_after("| 值 | 说明 |\n| --- | --- |\n| 1001 | 参数错误 |"), ["1001"]);
    }
}
