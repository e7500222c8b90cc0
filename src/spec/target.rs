//! What a request line asks for: path segments, name–value pairs in the path, and the query.

use super::{In, Segment};
use crate::lexicon::{Lexicon, Role};

/// A path taken apart, with the parameters that the URL itself declares.
#[derive(Debug, Default)]
pub(super) struct Target<'a> {
    /// With a leading slash, else as written.
    pub(super) path: String,
    pub(super) segments: Vec<Segment>,
    pub(super) params: Vec<UrlParam<'a>>,
}

#[derive(Debug)]
pub(super) struct UrlParam<'a> {
    pub(super) name: &'a str,
    /// As written; none where empty.
    pub(super) value: Option<&'a str>,
    pub(super) location: In,
    /// The slice of the request line that declares it.
    pub(super) piece: &'a str,
}

pub(super) fn read<'a>(path: &'a str, query: Option<&'a str>, lexicon: &Lexicon) -> Target<'a> {
    let path = behind_server(path, lexicon);
    let mut target = Target { path: with_slash(path), ..Target::default() };
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut at = 0;
    while at < segments.len() {
        let segment = segments[at];
        if let Some(name) = placeholder_name(segment) {
            target.segments.push(Segment::Param(name.to_owned()));
            target.params.push(UrlParam { name, value: None, location: In::Path, piece: segment });
        } else if let Some(value) = segments.get(at + 1).filter(|value| is_pair(at, segment, value, lexicon)) {
            target.params.push(UrlParam { name: segment, value: Some(value), location: In::PathPair, piece: value });
            at += 1;
        } else if segment.is_ascii() {
            target.segments.push(Segment::Literal(segment.to_owned()));
        } else {
            // A value in words with no name before it: `/user/用户id`.
            target.segments.push(Segment::Param(segment.to_owned()));
            target.params.push(UrlParam { name: segment, value: None, location: In::Path, piece: segment });
        }
        at += 1;
    }
    for pair in query.unwrap_or("").split('&').filter(|pair| !pair.trim().is_empty()) {
        let (name, value) = pair.split_once(['=', '＝']).unwrap_or((pair, ""));
        let value = Some(value.trim()).filter(|value| !value.is_empty());
        target.params.push(UrlParam { name: name.trim(), value, location: In::Query, piece: pair });
    }
    target
}

/// `{host}/rest/codes`, `域名/rest/codes`: a name for the server's address is no part of the path. Behind a slash it is one.
fn behind_server<'a>(path: &'a str, lexicon: &Lexicon) -> &'a str {
    let (first, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let name = first.strip_prefix('$').unwrap_or(first);
    let inner = name.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    let name = inner.unwrap_or(name).trim_matches(['{', '}', ' ']);
    let told = inner.is_some() || !first.is_ascii();
    if told && !rest.is_empty() && lexicon.is_named("server-name", name) { rest } else { path }
}

/// The method that a heading names: `[GET] 我的植物`, `登录 POST`, `## GET /plants`. None where it names several.
pub(super) fn method_in(heading: &str) -> Option<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut rest = heading;
    let mut found: Option<&str> = None;
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        let in_brackets = rest[..start].trim_end().ends_with(['[', '【', '(', '（', '`', '「'])
            && rest[end..].trim_start().starts_with([']', '】', ')', '）', '`', '」']);
        let is_method =
            METHODS.contains(&word) || (in_brackets && METHODS.iter().any(|method| method.eq_ignore_ascii_case(word)));
        // A segment of a path is none.
        let is_segment = rest[..start].ends_with('/') && !in_brackets && found.is_none();
        if is_method && !is_segment {
            if found.is_some_and(|known| !known.eq_ignore_ascii_case(word)) {
                return None;
            }
            found = Some(word);
        }
        rest = &rest[end..];
    }
    found
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

pub(super) fn with_slash(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// `:id`, `{id}`, `<id>`, `[id]`.
fn placeholder_name(segment: &str) -> Option<&str> {
    let bare = segment.strip_prefix(':').or_else(|| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')));
    bare.map(|name| name.trim_matches(['{', '}'])).filter(|name| !name.is_empty())
}

/// `/token/用户token`: a name and, in words, what to put there; at the third segment or later, as module, controller and
/// action come first, or where the name is one of a token.
fn is_pair(at: usize, name: &str, value: &str, lexicon: &Lexicon) -> bool {
    if !name.is_ascii() || placeholder_name(value).is_some() {
        return false;
    }
    let in_words = !value.is_ascii();
    let names_token = at >= 1 && lexicon.role(name, "").is_some_and(|(role, _)| role == Role::Token);
    // `/token/TOKEN`, `/token/xxx`.
    let stands_for_token =
        names_token && (in_words || value.eq_ignore_ascii_case(name) || value.chars().all(|c| c == 'x'));
    stands_for_token || (in_words && at >= 3)
}

/// Whether a value written in a URL is words or a mark to be replaced, and not a constant.
pub(super) fn is_placeholder(value: &str) -> bool {
    !value.is_ascii()
        || value.starts_with([':', '{', '<', '['])
        || value.chars().all(|c| matches!(c, 'x' | 'X' | '*' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, query: Option<&str>, expected: &str) {
        let target = read(path, query, &Lexicon::standard());
        let mut shown: Vec<String> = target
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => format!("/{text}"),
                Segment::Param(name) => format!("/<{name}>"),
            })
            .collect();
        shown.extend(target.params.iter().map(|p| format!(" {}:{}={}", p.location, p.name, p.value.unwrap_or("-"))));
        assert_eq!(shown.concat(), expected, "{path}");
    }

    #[test]
    fn headings_name_methods() {
        let check = |heading: &str, method: Option<&str>| assert_eq!(method_in(heading), method, "{heading}");
        check("[GET] 我的植物", Some("GET"));
        check("【delete】删除植物", Some("delete"));
        check("登录 POST", Some("POST"));
        check("3.1 `PUT` 改名", Some("PUT"));
        check("GET /v1/plants", Some("GET"));
        check("上传 (POST)", Some("POST"));
        check("GET/POST 都行", None);
        check("post a note", None);
        check("My POSTS", None);
        check("/forum/POST/new", None);
        check("删除植物", None);
    }

    #[test]
    fn urls_declare_parameters() {
        check("Api/User/verification/token/用户token", None, "/Api/User/verification pathinfo:token=用户token");
        check("/captcha/push/:mobile", None, "/captcha/push/<mobile> path:mobile=-");
        check("/a/{id}/b", None, "/a/<id>/b path:id=-");
        check("/user/用户id", None, "/user/<用户id> path:用户id=-");
        check("index.php", Some("c=order&a=list&x="), "/index.php query:c=order query:a=list query:x=-");
        check("a", Some("token=用户token"), "/a query:token=用户token");
        check("/v1/order/list/status/状态", None, "/v1/order/list pathinfo:status=状态");
        check("/auth/token/refresh", None, "/auth/token/refresh");
        check("{host}/rest/codes", None, "/rest/codes");
        check("${host}/rest/codes", None, "/rest/codes");
        check("{{base_url}}/rest/codes", None, "/rest/codes");
        check("{域名}/rest/codes", None, "/rest/codes");
        check("域名/rest/codes", None, "/rest/codes");
        check("{version}/codes", None, "/<version>/codes path:version=-");
        check("/{host}/ports", None, "/<host>/ports path:host=-");
        check("/", None, "");
    }
}
