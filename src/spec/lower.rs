//! From texts to a document set: each is cut and read for itself, then what all of them say of headers, bodies and labels is settled.

use super::block::Found;
use super::page::Page;
use super::prose::{self, Reader};
use super::{DocSet, Endpoint, Param, Settings, bases, body, envelope, route, target};
use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::lexicon::Lexicon;
use crate::source::{FileId, Place, Source};
use crate::syntax;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Reads every source. Never fails: what is odd becomes a diagnostic, what is damaged costs its own region.
pub fn lower(sources: Vec<Source>, settings: &Settings, lexicon: &Lexicon) -> DocSet {
    let mut set = DocSet::default();
    let mut found: Vec<Found> = Vec::new();
    // Request headers that a page lists for all of its endpoints, and so for the set.
    let mut headers: Vec<Param> = Vec::new();
    let mut bodies = body::Said::default();
    let mut bases = bases::Said::default();
    let mut scheme: Option<String> = None;
    let mut said = envelope::Said::default();
    let mut documents: Vec<_> = sources.iter().map(|source| syntax::scan(source.text())).collect();
    let unread = super::unfenced::raise(&mut documents, &sources, lexicon);
    let unread: Vec<(String, Place)> = unread
        .iter()
        .map(|found| {
            let file = FileId(u32::try_from(found.document).unwrap_or(u32::MAX));
            (found.url.to_owned(), Place { file, span: sources[found.document].span_of(found.url) })
        })
        .collect();
    for ((at, source), mut document) in sources.iter().enumerate().zip(documents) {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        super::line_titles::raise(&mut document.items, lexicon);
        let reader = Reader { source, file, lexicon };
        let first = found.len();
        let page = Page {
            reader,
            settings,
            tables: &mut set.tables,
            headers: &mut headers,
            bodies: &mut bodies,
            bases: &mut bases,
            scheme: &mut scheme,
            said: &mut said,
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
    for header in super::sent_back::headers(&sources, &found) {
        match headers.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&header.name)) {
            Some(known) if known.default.is_none() => known.default = header.default,
            Some(_) => {}
            None => headers.push(header),
        }
    }
    let envelope = reply_keys(&found);
    drop_reply_table(&mut headers, &envelope);
    if headers.iter().all(|header| prose::scheme(&header.all_words()).is_empty()) {
        let unsaid = headers.iter_mut().filter(|header| header.description.is_empty());
        unsaid.for_each(|header| header.description = scheme.clone().unwrap_or_default());
    }
    set.sources = sources;
    name_by_files(&mut found);
    settle_labels(&mut found, lexicon);
    super::own_codes::settle(&mut found, lexicon);
    let mut above = super::listed_values::Above::default();
    for one in &mut found {
        super::param_tables::settle(&mut one.endpoint, &envelope, lexicon);
        super::requests::settle(&mut one.endpoint, std::mem::take(&mut one.sent));
        super::query_lines::settle(&mut one.endpoint, lexicon);
        super::listed_values::tell_values(&mut one.endpoint, lexicon);
        above.settle(&mut one.endpoint, lexicon);
        bodies.settle(&mut one.endpoint, lexicon);
        let lists_token = one
            .endpoint
            .params
            .iter()
            .any(|param| param.location == super::In::Header && prose::is_of_token(param, lexicon));
        for header in &headers {
            if lists_token && prose::is_bare_token(header, lexicon) {
                continue;
            }
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
    set.bases = bases.settle(&set.endpoints);
    set.diagnostics = route::name_endpoints(&mut set.endpoints);
    set.diagnostics.extend(oddities.into_iter().map(|(at, found)| found.at_endpoint(&set.endpoints[at].id)));
    set.diagnostics.extend(not_read(unread, &set.endpoints));
    set.envelopes = envelope::learn(&mut set.endpoints, &set.tables, &said, lexicon);
    super::told_errors::settle(&mut set);
    set
}

/// Endpoints outside of any block, where others have blocks. What a block documents may be spoken of elsewhere.
fn not_read(unread: Vec<(String, Place)>, endpoints: &[Endpoint]) -> Vec<Diagnostic> {
    fn ends(path: &str) -> impl Iterator<Item = &str> {
        path.match_indices('/').map(|(at, _)| &path[at..])
    }
    if unread.is_empty() {
        return Vec::new();
    }
    let whole: HashSet<&str> = endpoints.iter().map(|endpoint| endpoint.path.as_str()).collect();
    let known: HashSet<&str> = whole.iter().flat_map(|path| ends(path)).collect();
    let found = unread.into_iter().filter_map(|(url, place)| {
        let path = target::with_slash(syntax::line::request(&url)?.path);
        let is_known = known.contains(path.as_str()) || ends(&path).any(|end| whole.contains(end));
        let message = "an endpoint outside of any block is not read where others have blocks";
        let help = "write it as a block, between two lines +++ or between ~~~[api] and ~~~";
        (!is_known).then(|| Diagnostic::warning("unfenced-endpoint", place, message).help(help))
    });
    found.collect()
}

/// `03-登录.md` is as good a title as a heading where each endpoint has a file of its own.
fn name_by_files(found: &mut [Found]) {
    let mut files: HashMap<FileId, usize> = HashMap::new();
    for one in found.iter() {
        *files.entry(one.endpoint.place.file).or_default() += 1;
    }
    if found.len() < 2 || files.values().any(|count| *count > 1) {
        return;
    }
    let untitled = found.iter_mut().map(|one| &mut one.endpoint).filter(|endpoint| !endpoint.titled);
    untitled.for_each(|endpoint| endpoint.titled = !endpoint.title.is_ascii());
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

/// `nickname=阿绿#` beside a reply with `"nickname":"阿绿"`: what replies show under the same name is a value and no label, where
/// no word of the trade calls anything so.
fn shown_values(found: &[Found], lexicon: &Lexicon) -> HashSet<(String, String)> {
    fn walk(value: &Json, wanted: &HashSet<(&str, &str)>, shown: &mut HashSet<(String, String)>) {
        match value {
            Json::Object(members) => {
                for (key, value) in members {
                    match value.as_str() {
                        Some(text) if wanted.contains(&(&**key, text)) => {
                            shown.insert((key.to_string(), text.to_owned()));
                        }
                        Some(_) => {}
                        None => walk(value, wanted, shown),
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| walk(item, wanted, shown)),
            _ => {}
        }
    }
    let params = found.iter().flat_map(|one| &one.endpoint.params).filter(|param| param.listed);
    let slots = params.filter_map(|param| Some((param.name.as_str(), param.default.as_deref()?)));
    let wanted: HashSet<(&str, &str)> =
        slots.filter(|(_, slot)| !slot.is_ascii() && lexicon.role("", slot).is_none()).collect();
    let mut shown = HashSet::new();
    if !wanted.is_empty() {
        let examples = found.iter().flat_map(|one| one.endpoint.successes());
        examples.for_each(|example| walk(&example.value, &wanted, &mut shown));
    }
    shown
}

/// Where a page writes labels in the default's slot (`phone=手机号 #`), words there are the label even if a description
/// follows them (`event=用途 #bind绑定手机`).
fn settle_labels(found: &mut [Found], lexicon: &Lexicon) {
    let values = shown_values(found, lexicon);
    for param in found.iter_mut().flat_map(|one| &mut one.endpoint.params).filter(|param| param.listed) {
        if param.default.as_ref() == Some(&param.label) && values.contains(&(param.name.clone(), param.label.clone())) {
            param.label.clear();
        }
    }
    let words = |param: &Param| {
        param
            .default
            .as_deref()
            .filter(|slot| !slot.is_ascii() && !lexicon.is_nothing_but("placeholder", slot))
            .map(str::to_owned)
            .filter(|slot| !values.contains(&(param.name.clone(), slot.clone())))
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
    use crate::spec::In;

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
        for (line, expected) in [
            ("Header：`Authorization: Token <token>`（填表的人也要登录）", "Token"),
            ("请求头 Authorization: JWT {token}", "JWT"),
            ("请求头 Authorization: token <登录返回的token>", "token"),
            ("请求头 Authorization: Basic <base64>", ""),
            ("请求头 Authorization: <token>", ""),
        ] {
            let words = scheme(line).unwrap_or_default();
            assert_eq!(prose::scheme(&words), expected, "{line}");
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
