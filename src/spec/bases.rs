//! Base addresses that the documents tell in words: ``接口地址 `http://api.test/v2/` + 下面写的路径``, `路径前缀 /v1`.
//!
//! In: the lines outside of blocks, and the documented paths. Out: path parts that may stand before them. An address without a
//! path tells nothing, nor does one that the documented paths begin with already; one that ends with a documented path is an
//! example of it, and its base is what stands before that. Where no line says that it tells one, an address that begins a line
//! above all endpoints is the base: `http://a.test/m/ 开头，POST`.

use super::{Endpoint, Segment};
use crate::lexicon::Lexicon;
use crate::source::Place;
use std::collections::HashSet;

/// A path that may stand before the documented ones, with a leading slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    pub path: String,
    /// The line that tells it.
    pub place: Place,
}

/// What has been heard, to be judged once all endpoints are known.
#[derive(Debug, Default)]
pub(super) struct Said {
    found: Vec<Candidate>,
}

#[derive(Debug)]
struct Candidate {
    segments: Vec<String>,
    by: By,
    /// It is the address of a page, a picture or the like.
    is_other: bool,
    place: Place,
}

/// By what an address is known to be a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Words,
    /// It begins a line above all endpoints.
    Position,
    Nothing,
}

/// A line, or the row of a table.
pub(super) struct Line<'t> {
    pub(super) heading: &'t str,
    pub(super) text: &'t str,
    /// It stands above all endpoints of its page.
    pub(super) at_head: bool,
    pub(super) place: Place,
}

impl Said {
    pub(super) fn hear(&mut self, line: &Line<'_>, lexicon: &Lexicon) {
        let Line { heading, text, at_head, place } = *line;
        if !text.contains('/') {
            return;
        }
        let told = lexicon.speaks_of("base-address", text) || lexicon.speaks_of("base-address", heading);
        let is_other = lexicon.speaks_of("no-base", text);
        let mut rest = text;
        while let Some(at) = rest.find("://") {
            let label = rest[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let leads = rest.len() == text.len() && at_head && may_label_base(label, text, lexicon);
            let address = ascii_piece(&rest[at + "://".len()..]);
            rest = &rest[at + "://".len() + address.len()..];
            let path = address.find('/').map_or("", |slash| &address[slash..]);
            let has_query = path.contains('?');
            let path = of_script(path);
            let by = match () {
                // Of a whole request only the one script that all share tells a base.
                () if has_query => By::Nothing,
                () if told => By::Words,
                // What is a page or a record of its own has no sign behind it.
                () if leads => By::Position,
                () => By::Nothing,
            };
            self.add(path, (by, is_other), place);
        }
        // `路径前缀 /v1`: a path of its own has to follow the word for it.
        let Some(after) = lexicon.after("base-path", text).and_then(|end| text.get(end..)) else { return };
        let Some(at) = after.find('/').filter(|at| after[..*at].chars().count() <= NEAR) else { return };
        if !after[..at].ends_with(':') || !after[at..].starts_with("//") {
            // `前缀是 Api/User`: the path begins before its slash.
            let before = after[..at]
                .rfind(|c: char| !is_of_address(c) || matches!(c, ':' | '='))
                .map_or(0, |sign| sign + after[sign..].chars().next().map_or(1, char::len_utf8));
            self.add(ascii_piece(&after[before..]), (By::Words, false), place);
        }
    }

    fn add(&mut self, path: &str, (by, is_other): (By, bool), place: Place) {
        let segments: Vec<String> = path
            .trim_end_matches(['.', '*'])
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        let is_file = segments.last().is_some_and(|last| {
            let end = std::path::Path::new(last).extension();
            end.is_some() && !is_script(last) && !is_version(last)
        });
        if !segments.is_empty() && segments.iter().all(plain) && !is_file {
            self.found.push(Candidate { segments, by, is_other, place });
        }
    }

    /// The bases, in the order told.
    pub(super) fn settle(self, endpoints: &[Endpoint]) -> Vec<Base> {
        if self.found.is_empty() {
            return Vec::new();
        }
        let paths: Vec<Vec<String>> = endpoints.iter().filter(|endpoint| endpoint.is_served()).map(literals).collect();
        let known: HashSet<&[String]> = paths.iter().filter(|path| !path.is_empty()).map(Vec::as_slice).collect();
        let by_words = bases(&self.found, &paths, &known, By::Words);
        if by_words.is_empty() { bases(&self.found, &paths, &known, By::Position) } else { by_words }
    }
}

/// The bases that are known by one sign, and those that are shown with a documented path.
fn bases(found: &[Candidate], paths: &[Vec<String>], known: &HashSet<&[String]>, by: By) -> Vec<Base> {
    let mut bases: Vec<Base> = Vec::new();
    for candidate in found {
        let segments = &candidate.segments[..];
        let ends = (0..segments.len()).find(|at| known.contains(&segments[*at..]));
        let base = match ends {
            // One word can be the end of any address.
            Some(at) if candidate.by == By::Words || segments.len() - at > 1 => &segments[..at],
            // `统统发到 https://a.test/app/index.php`: the one script that everything is sent to.
            Some(at) if !candidate.is_other && serves_most(&segments[at..], paths) => &segments[..at],
            None if candidate.by == by => segments,
            _ => continue,
        };
        let begin = paths.iter().filter(|path| path.starts_with(base)).count();
        let path = format!("/{}", base.join("/"));
        let is_new = bases.iter().all(|base| base.path != path);
        if begin * 2 < paths.len() && path.len() > 1 && bases.len() < MOST && is_new {
            bases.push(Base { path, place: candidate.place });
        }
    }
    bases
}

/// Whether a path is a script at which most endpoints are, told apart by what is sent to it.
fn serves_most(path: &[String], paths: &[Vec<String>]) -> bool {
    let same = paths.iter().filter(|other| *other == path).count();
    path.last().is_some_and(|last| is_script(last)) && same > 1 && same * 2 > paths.len()
}

fn is_script(segment: &str) -> bool {
    segment.rsplit_once('.').is_some_and(|(_, end)| ["php", "do", "jsp", "aspx", "ashx", "cgi"].contains(&end))
}

/// `/app/index.php?c=..&a=..` without its query. One of another path is the whole of a request.
fn of_script(path: &str) -> &str {
    path.split_once('?').map_or(path, |(script, _)| if is_script(script) { script } else { path })
}

/// Whether what stands before the first address of a line leaves it to be that of the interface: nothing, or a short label that
/// is none of a page, a picture or a file.
fn may_label_base(label: &str, line: &str, lexicon: &Lexicon) -> bool {
    let signs = label.chars().filter(|c| c.is_alphanumeric()).count();
    signs <= LONGEST_LABEL && !label.contains(['，', ',', '。', '；']) && !lexicon.speaks_of("no-base", line)
}

fn literals(endpoint: &Endpoint) -> Vec<String> {
    let text = |segment: &Segment| match segment {
        Segment::Literal(text) => text.to_ascii_lowercase(),
        Segment::Param(_) => String::new(),
    };
    endpoint.segments.iter().map(text).collect()
}

/// `v1.2` is no file.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// What an address or path in a text goes up to. One with a query is the whole of a request, and no base.
fn ascii_piece(text: &str) -> &str {
    let end = text.find(|c: char| !is_of_address(c)).unwrap_or(text.len());
    &text[..end]
}

fn is_of_address(c: char) -> bool {
    c.is_ascii_graphic() && !"`\"'<>()[]|,;\\".contains(c)
}

/// Letters of a label before an address.
const LONGEST_LABEL: usize = 8;
/// Characters between the word for a base path and the path.
const NEAR: usize = 8;
/// Documents tell one base, or one for each environment.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::{Settings, lower};

    fn check(head: &str, paths: &[&str], expected: &[&str]) {
        let blocks: String = paths.iter().flat_map(|path| ["\n## 退出\n+++\npost:", path, "\n+++\n"]).collect();
        let source = Source::new("a.md", format!("# 说明\n\n{head}\n\n# 接口\n{blocks}"));
        let set = lower(vec![source], &Settings::default(), &Lexicon::standard());
        let bases: Vec<&str> = set.bases.iter().map(|base| base.path.as_str()).collect();
        assert_eq!(bases, expected, "{head}");
    }

    #[test]
    fn bases_in_words() {
        let paths = ["user/login", "user/logout", "pay"];
        for head in [
            "* 接口地址 `http://a.test/api/` + 下面写的路径",
            "BaseURL: http://a.test/api",
            "| 域名 | https://a.test/api |\n| --- | --- |",
            "请求地址：http://a.test/api，后面拼接口路径",
            "域名 `https://a.test`，路径前缀 `/api`",
            "所有接口统一前缀：/api/",
            "## 服务器地址\n\nhttp://a.test:8080/api/",
            "下面的路径前面都要加 http://a.test/api",
            "完整地址举例：http://a.test/api/user/login",
            "Base path: `/api`",
            "接口根：http://a.test/api/",
            "http://a.test/api/ 开头，POST，表单。之后每个接口都传 key",
            "接口以 http://a.test/api/ 开头",
            "地址：http://a.test/api/ ，POST，表单。",
            "**BASE** https://a.test/api/",
            "BASE：https://a.test/api",
            "`https://a.test/api`",
            "统一走 http://a.test/api/ 下面",
        ] {
            check(head, &paths, &["/api"]);
        }
        check("地址前缀是 `v1/h5`,返回都是 JSON", &paths, &["/v1/h5"]);
        check("测试环境 http://t.test/dev/api\n\n正式环境 http://a.test/api", &paths, &["/dev/api", "/api"]);
    }

    #[test]
    fn the_path_before_the_one_script() {
        let paths = ["index.php?c=user&a=login", "index.php?c=user&a=out", "index.php?c=pay&a=add"];
        for head in [
            "入口文件只有一个：`https://a.test/app/index.php`，用 c 和 a 区分接口。",
            "所有请求都发到 https://a.test/app/index.php",
            "统一入口 https://a.test/app/index.php?c=控制器&a=方法",
            "http://a.test/app/index.php?c=xx&a=xx 这种形式",
        ] {
            check(head, &paths, &["/app"]);
        }
        for head in ["后台在 https://a.test/admin/index.php", "首页 https://a.test/h5/index.php"] {
            check(head, &paths, &[]);
        }
    }

    #[test]
    fn addresses_that_are_no_bases() {
        let paths = ["api/user/login", "api/user/logout"];
        for head in [
            "域名 http://a.test",
            "地址前缀是 `api/user`,返回都是 JSON",
            "路径前缀:api/user",
            "接口地址 http://a.test/api",
            "比如 http://a.test/api/user/login",
            "图片地址 http://a.test/up/1.jpg",
            "接口地址 http://a.test/index.php?s=路径",
            "文档见 http://wiki.test/space/api-docs",
            "日期用 2023/01/02 这样，前缀 86",
            "图片都在 http://img.test/up/ 下面",
            "官网 https://a.test/home/",
            "有问题看 https://a.test/wiki/faq",
            "头像以 https://cdn.test/avatar/ 开头",
            "Figma: https://figma.test/file/abc",
            "返回的 url 都带域，如 http://img.test/pic/9",
        ] {
            check(head, &paths, &[]);
        }
    }
}
