//! Headers that samples of requests show: `curl http://…/self -H "X-Key: k-20b7f4ae91"`, where a reply shows that very value.
//!
//! In: the texts outside of the blocks, and what replies show. Out: the headers, each with the value as its sample. No word has
//! to say that a header carries it: the value does.

use super::block::Found;
use super::{In, Param};
use crate::json::Json;
use crate::source::{FileId, Place, Source};
use std::collections::HashSet;

/// Shorter ones are values of other things.
const SHORTEST: usize = 8;

/// The headers outside of blocks whose values replies show.
pub(super) fn headers(sources: &[Source], found: &[Found]) -> Vec<Param> {
    let mut values: HashSet<&str> = HashSet::new();
    for one in found {
        for example in one.endpoint.successes() {
            keys(&example.value, &mut values);
        }
    }
    if values.is_empty() {
        return Vec::new();
    }
    let mut headers: Vec<Param> = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let mut blocks = found.iter().map(|one| one.endpoint.block).filter(|block| block.file == file).peekable();
        for line in source.text().lines() {
            let start = source.span_of(line).start;
            while blocks.peek().is_some_and(|block| block.span.end < start) {
                blocks.next();
            }
            if blocks.peek().is_some_and(|block| block.span.start <= start) {
                continue;
            }
            for (name, scheme, value) in carried(line).filter(|(_, _, value)| values.contains(value)) {
                if headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)) {
                    continue;
                }
                headers.push(header(name, scheme, value, Place { file, span: source.span_of(name) }));
            }
        }
    }
    headers
}

/// Texts that can be nothing but keys: of letters and digits, without a blank, a slash or a colon.
fn keys<'j>(value: &'j Json, found: &mut HashSet<&'j str>) {
    match value {
        Json::Object(members) => members.iter().for_each(|(_, value)| keys(value, found)),
        Json::Array(_) => {}
        _ => found.extend(value.as_str().filter(|text| is_key(text))),
    }
}

/// Whether a text is long enough and has letters and digits.
pub(crate) fn is_key(text: &str) -> bool {
    text.len() >= SHORTEST
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"/:,\"'".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// What a line has before a colon, with the word and the value behind it: `Authorization: Bearer eyJ…`.
fn carried(line: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    line.match_indices([':', '：']).filter_map(|(at, colon)| {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let before = &line[..at];
        let start = before.char_indices().rfind(|(_, c)| !is_sign(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let name = &before[start..];
        // In `-H 'X-Key: k-1'` the mark stands around both; in `key: "k-1"` around the value.
        let rest = line[at + colon.len()..].trim_start();
        let word = |text: &'_ str| {
            text.find(|c: char| c.is_whitespace() || "\"'`，。；;,）)|\\".contains(c)).unwrap_or(text.len())
        };
        let (mut scheme, mut value) = ("", &rest[..word(rest)]);
        let behind = rest[value.len()..].trim_start();
        if value.bytes().all(|byte| byte.is_ascii_alphabetic()) && !value.is_empty() {
            (scheme, value) = (value, &behind[..word(behind)]);
        }
        let is_name = name.len() > 1 && name.starts_with(|c: char| c.is_ascii_alphabetic());
        (is_name && !value.is_empty()).then_some((name, scheme, value))
    })
}

fn header(name: &str, scheme: &str, value: &str, place: Place) -> Param {
    Param {
        values: String::new(),
        name: name.to_owned(),
        location: In::Header,
        type_name: None,
        starred: false,
        default: Some(value.to_owned()),
        description: scheme.to_owned(),
        label: String::new(),
        discriminates: false,
        listed: false,
        public: false,
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{In, Settings, lower};
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    fn headers(line: &str) -> Vec<String> {
        let reply = r#"{"ok":true,"pass_key":"k-20b7f4ae91","day":"2024-01-03","phone":"13800138000"}"#;
        let text = format!(
            "## 登录\n~~~[api]\npost:/enter\n*name#用户名\n*pass#密码\n<<<\nsuccess\n{reply}\n~~~\n\n## 看\n{line}\n\n~~~[api]\nget:/self\n~~~\n"
        );
        let set = lower(vec![Source::new("a.md", text)], &Settings::default(), &Lexicon::standard());
        let params = set.endpoints[1].params.iter().filter(|param| param.location == In::Header);
        params.map(|param| format!("{}={}", param.name, param.default.as_deref().unwrap_or_default())).collect()
    }

    #[test]
    fn samples_show_headers() {
        let expected = ["X-User-Key=k-20b7f4ae91"];
        for line in [
            "```\ncurl http://a.test/self -H \"X-User-Key: k-20b7f4ae91\"\n```",
            "例：curl -XGET http://a.test/self --header 'X-User-Key:k-20b7f4ae91'",
            "这样带：`X-User-Key: k-20b7f4ae91`",
            "要登录的都带 X-User-Key：k-20b7f4ae91，没带就是未登录",
            "```\nGET /self HTTP/1.1\nHost: a.test\nX-User-Key: k-20b7f4ae91\n```",
            "例子 X-User-Key: Bearer k-20b7f4ae91",
        ] {
            assert_eq!(headers(line), expected, "{line}");
        }
        for line in
            ["day: 2024-01-03", "phone: 13800138000", "`{\"pass_key\": \"k-20b7f4ae91\"}`", "k-20b7f4ae91 是钥匙"]
        {
            assert_eq!(headers(line), Vec::<String>::new(), "{line}");
        }
    }
}
