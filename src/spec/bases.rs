//! Base addresses that the documents tell in words: ``接口地址 `http://api.test/v2/` + 下面写的路径``, `路径前缀 /v1`.
//!
//! In: the lines outside of blocks, and the documented paths. Out: path parts that may stand before them. An address without a
//! path tells nothing, nor does one that the documented paths begin with already; one that ends with a documented path is an
//! example of it, and its base is what stands before that.

use super::{Endpoint, Segment};
use crate::lexicon::Lexicon;
use std::collections::HashSet;

/// What has been heard, to be judged once all endpoints are known.
#[derive(Debug, Default)]
pub(super) struct Said {
    found: Vec<Candidate>,
}

#[derive(Debug)]
struct Candidate {
    segments: Vec<String>,
    /// A word says that it is a base.
    told: bool,
}

impl Said {
    /// A line, or the row of a table, under a heading.
    pub(super) fn hear(&mut self, heading: &str, line: &str, lexicon: &Lexicon) {
        if !line.contains('/') {
            return;
        }
        let told = lexicon.speaks_of("base-address", line) || lexicon.speaks_of("base-address", heading);
        let mut rest = line;
        while let Some(at) = rest.find("://") {
            let address = ascii_piece(&rest[at + "://".len()..]);
            rest = &rest[at + "://".len() + address.len()..];
            let path = address.find('/').map_or("", |slash| &address[slash..]);
            self.add(path, told);
        }
        // `路径前缀 /v1`: a path of its own has to follow the word for it.
        let Some(after) = lexicon.after("base-path", line).and_then(|end| line.get(end..)) else { return };
        let Some(at) = after.find('/').filter(|at| after[..*at].chars().count() <= NEAR) else { return };
        if !after[..at].ends_with(':') || !after[at..].starts_with("//") {
            self.add(ascii_piece(&after[at..]), true);
        }
    }

    fn add(&mut self, path: &str, told: bool) {
        let segments: Vec<String> = path
            .trim_end_matches(['.', '*'])
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        let is_file =
            segments.last().is_some_and(|last| last.contains('.') && !last.ends_with(".php") && !is_version(last));
        if !segments.is_empty() && segments.iter().all(plain) && !is_file {
            self.found.push(Candidate { segments, told });
        }
    }

    /// The bases, in the order told, each with a leading slash.
    pub(super) fn settle(self, endpoints: &[Endpoint]) -> Vec<String> {
        if self.found.is_empty() {
            return Vec::new();
        }
        let paths: Vec<Vec<String>> = endpoints.iter().filter(|endpoint| endpoint.is_served()).map(literals).collect();
        let known: HashSet<&[String]> = paths.iter().filter(|path| !path.is_empty()).map(Vec::as_slice).collect();
        let mut bases: Vec<String> = Vec::new();
        for candidate in &self.found {
            let segments = &candidate.segments[..];
            let ends = (0..segments.len()).find(|at| known.contains(&segments[*at..]));
            let base = match ends {
                // One word can be the end of any address.
                Some(at) if candidate.told || segments.len() - at > 1 => &segments[..at],
                None if candidate.told => segments,
                _ => continue,
            };
            let begin = paths.iter().filter(|path| path.starts_with(base)).count();
            let base = format!("/{}", base.join("/"));
            if begin * 2 < paths.len() && base.len() > 1 && bases.len() < MOST && !bases.contains(&base) {
                bases.push(base);
            }
        }
        bases
    }
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
    let end = text.find(|c: char| !c.is_ascii_graphic() || "`\"'<>()[]|,;\\".contains(c)).unwrap_or(text.len());
    &text[..end]
}

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
        let blocks: String = paths.iter().map(|path| format!("\n## 退出\n+++\npost:{path}\n+++\n")).collect();
        let source = Source::new("a.md", format!("# 说明\n\n{head}\n\n# 接口\n{blocks}"));
        let set = lower(vec![source], &Settings::default(), &Lexicon::standard());
        assert_eq!(set.bases, expected, "{head}");
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
        ] {
            check(head, &paths, &["/api"]);
        }
        check("测试环境 http://t.test/dev/api\n\n正式环境 http://a.test/api", &paths, &["/dev/api", "/api"]);
    }

    #[test]
    fn addresses_that_are_no_bases() {
        let paths = ["api/user/login", "api/user/logout"];
        for head in [
            "域名 http://a.test",
            "接口地址 http://a.test/api",
            "比如 http://a.test/api/user/login",
            "图片地址 http://a.test/up/1.jpg",
            "接口地址 http://a.test/index.php?s=路径",
            "文档见 http://wiki.test/space/api-docs",
            "日期用 2023/01/02 这样，前缀 86",
        ] {
            check(head, &paths, &[]);
        }
    }
}
