//! The forms of a single line, each a nom parser that is as long as the form it reads.

use super::ast::{Oddities, ParamLine, RequestLine, Row};
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_till, take_till1, take_while, take_while1};
use nom::character::complete::{anychar, char, one_of, space0};
use nom::combinator::{fail, opt, recognize, rest, verify};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

/// `## 用户注册`: level and text.
pub fn heading(line: &str) -> Option<(u8, &str)> {
    let marks = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = line[marks..].trim().trim_end_matches('#').trim_end();
    // `#` needs its blank; `##标题` is common enough to be read without one.
    let spaced = line[marks..].starts_with([' ', '\t', '\u{3000}']);
    let level = u8::try_from(marks).ok().filter(|level| (1..=6).contains(level))?;
    ((spaced || marks >= 2) && !text.is_empty()).then_some((level, text))
}

/// `post:Api/User/login?x=1`, `POST:http://host/a`, or a path alone (`Api/User/verification/token/用户token`).
pub fn request(line: &str) -> Option<RequestLine<'_>> {
    let trimmed = line.trim();
    let (url, method) = opt(alt((method, spaced_method))).parse(trimmed).ok()?;
    let url = url.trim();
    let url = url.split_once(" HTTP/").map_or(url, |(url, _)| url.trim_end());
    let (after_origin, origin) = opt(origin).parse(url).ok()?;
    let (path, query) = match after_origin.split_once(['?', '？']) {
        Some((path, query)) => (path, Some(query)),
        None => (after_origin, None),
    };
    let path = path.trim_end();
    let looks_like_path = origin.is_some()
        || path.starts_with('/')
        || (path.contains('/') && !path.contains("//"))
        || (method.is_some() && is_name(path))
        || path.rsplit_once('.').is_some_and(|(name, end)| is_name(name) && matches!(end, "php" | "do"));
    let clean = !path.contains(|c: char| c.is_whitespace() || "*#=<>\"“”|，,;".contains(c));
    let whole = !path.is_empty() || origin.is_some() || query.is_some();
    (looks_like_path && clean && whole).then_some(RequestLine { line, method, origin, path, query })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Any word before a colon, as the converter of such documents takes it; `http://…` is no method.
fn method(line: &str) -> IResult<&str, &str> {
    let word = take_while1(|c: char| c.is_ascii_alphabetic());
    let (after, word) = terminated(word, (space0, one_of(":："))).parse(line)?;
    if after.starts_with("//") { fail().parse(after) } else { Ok((after, word)) }
}

/// `POST /x`, `[post] /x`, `【GET】/x`: what is known to be a method, and an address behind it.
fn spaced_method(line: &str) -> IResult<&str, &str> {
    let known = |word: &&str| METHODS.iter().any(|method| method.eq_ignore_ascii_case(word));
    let (after, open) = opt(one_of("[【(（`")).parse(line)?;
    let (after, word) =
        verify(take_while1(|c: char| c.is_ascii_alphabetic()), |word: &str| known(&word)).parse(after)?;
    let (after, close) = opt(one_of("]】)）`")).parse(after)?;
    let (after, _) = (space0, opt(one_of(":："))).parse(after)?;
    let url = after.trim_start();
    let parted =
        close.is_some() || url.len() < after.len() || line.contains('\t') || line[word.len()..].starts_with(' ');
    let is_url = url.starts_with(['/', '{']) || url.starts_with("http");
    if open.is_some() == close.is_some() && parted && is_url { Ok((url, word)) } else { fail().parse(after) }
}

pub(super) const METHODS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];

/// `http://host:port`, `{{host}}`, or a bare host name with a dot or port before the first slash.
fn origin(url: &str) -> IResult<&str, &str> {
    let scheme = alt((tag_no_case("http://"), tag_no_case("https://"), tag("//")));
    let host = take_till1(|c: char| c == '/' || c == '?' || c.is_whitespace());
    let variable = recognize((tag("{{"), take_till1(|c| c == '}'), tag("}}")));
    let bare = verify(take_till1(|c: char| c == '/' || c == '?'), |host: &str| is_bare_host(host));
    let bare = verify(recognize(bare), |host: &str| url.len() > host.len());
    alt((recognize((scheme, host)), variable, bare)).parse(url)
}

/// `www.host.com`, `127.0.0.1:80`, `localhost`; not `api.php`, `index.html` or `v1.0`.
fn is_bare_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let numeric_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let dots = name.split('.').count() - 1;
    let all_numeric = name.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let domain = name.rsplit('.').next().is_some_and(|end| {
        matches!(
            end.to_ascii_lowercase().as_str(),
            "com" | "cn" | "net" | "org" | "io" | "test" | "top" | "cc" | "local"
        )
    });
    name.is_ascii()
        && (name.eq_ignore_ascii_case("localhost")
            || numeric_port
            || (all_numeric && dots == 3)
            || (domain && dots >= 1))
}

/// `*string:phone=手机号 # //note` and its relatives; see `Oddities` for what is read beyond the grammar.
pub fn param(line: &str) -> Option<ParamLine<'_>> {
    let trimmed = line.trim();
    if trimmed.is_empty() || trimmed.starts_with("//") || trimmed.starts_with('<') {
        return None;
    }
    let (_, parsed) = param_form(trimmed).ok()?;
    Some(ParamLine { line, ..parsed })
}

fn param_form(line: &str) -> IResult<&str, ParamLine<'_>> {
    let (after_star, star) = opt(terminated(one_of("*＊"), space0)).parse(line)?;
    let (after_type, type_name) = opt(type_prefix).parse(after_star)?;
    let (after_name, name) =
        verify(take_till1(|c: char| c.is_whitespace() || "=＝#＃".contains(c)), may_name).parse(after_type)?;
    let (tail, _) = space0(after_name)?;
    let (tail, default) = opt(preceded(one_of("=＝"), take_till(is_hash))).parse(tail)?;
    let (_, hash) = opt(preceded(verify(anychar, |c| is_hash(*c)), rest)).parse(tail)?;
    // Without `#` and `=`, a line is a parameter only if it is a name, or a name and its description.
    let told = default.is_some() || hash.is_some();
    verify(rest, |tail: &str| told || is_bare_param(star.is_some(), name, tail)).parse(tail)?;
    let (default, description) = match (default, hash) {
        (default, Some(description)) => (default, description),
        (Some(default), None) => split_remark(default),
        (None, None) => (None, tail),
    };
    let description = description.trim();
    let (remark, description) = match description.strip_prefix("//") {
        Some(remark) => (true, remark.trim()),
        None => (false, description),
    };
    let head = &line[..line.len() - tail.len()];
    let full_width = head.contains(['＊', '：', '＝']) || tail.starts_with('＃');
    Ok((
        "",
        ParamLine {
            line,
            required: star.is_some(),
            type_name: type_name.filter(|text| !text.is_empty()),
            name,
            default: default.map(str::trim).filter(|text| !text.is_empty()),
            description,
            remark,
            more: Vec::new(),
            oddities: Oddities { no_hash: hash.is_none(), full_width },
        },
    ))
}

fn is_hash(c: char) -> bool {
    c == '#' || c == '＃'
}

/// What can stand where a name stands: no JSON, no sentence.
fn may_name(name: &str) -> bool {
    !name.contains(|c: char| "{}\"“”<>|，。、；（".contains(c)) && !name.ends_with([':', '：'])
}

/// `手机号 //必填`, `0      页码, 0 是第一页` where the `#` was forgotten: a value ends where a remark begins, at a wide blank, and
/// a number at any blank before words. An address (`http://…`) is no remark.
fn split_remark(default: &str) -> (Option<&str>, &str) {
    let default = default.trim();
    if let Some(at) = default.find(" //") {
        return (Some(&default[..at]), &default[at + 1..]);
    }
    let wide = default.find("  ").or_else(|| default.find(['\t', '\u{3000}']));
    let number = default.find(' ').filter(|at| {
        let words = default[at + 1..].starts_with(|c: char| !c.is_ascii() && c.is_alphabetic());
        words && default[..*at].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    match wide.into_iter().chain(number).min() {
        Some(at) => (Some(&default[..at]), default[at..].trim_start()),
        None => (Some(default), ""),
    }
}

/// Whether a line that stands deeper than the parameter above it goes on with what that says, and is none of its own.
pub fn goes_on(line: &str) -> bool {
    let text = line.trim();
    let counts = text.starts_with(|c: char| c.is_ascii_digit());
    let marked = text.starts_with(['*', '＊', '/', '<', '{', '}', '[', ']', '"']);
    let is_param = text.contains(is_hash) || (!counts && text.contains(['=', '＝']));
    let says = !text.is_ascii() || text.contains(char::is_whitespace) || text.contains([':', '-']);
    !text.is_empty() && !marked && !is_param && says
}

/// Columns before the first character that is not blank.
pub fn indent(line: &str) -> usize {
    let blank = line.chars().take_while(|c| c.is_whitespace());
    blank.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

fn is_bare_param(star: bool, name: &str, description: &str) -> bool {
    let identifier = is_param_name(name);
    let numeric = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    identifier && !numeric && (star || description.is_empty() || !description.is_ascii())
}

fn is_param_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']'))
}

/// `string:`, the bare colon of a path parameter (`*:mobile=…`), or both (`*int::id=…`).
fn type_prefix(line: &str) -> IResult<&str, &str> {
    let type_name = take_while(|c: char| c.is_ascii_alphanumeric() || "_[]".contains(c));
    terminated(type_name, (one_of(":："), opt(one_of(":：")))).parse(line)
}

/// `1006 输入的信息不符合`, `- 1006：…`, `-1 失败`, `E1001 = …`: a code and what it says.
pub fn code_row(line: &str) -> Option<(&str, &str)> {
    let trimmed = line.trim();
    let bullet = trimmed.strip_prefix(['-', '*', '+', '•', '·', '>']).filter(|rest| rest.starts_with([' ', '\t']));
    let line = bullet.unwrap_or(trimmed).trim_start();
    let (text, known) = match quoted(line) {
        Some((quoted, after)) => (after, bare_code(unquoted(quoted))?),
        None => code(line).ok()?,
    };
    // `WAIT_PAY、WAIT_VISIT 可以取消` lists statuses.
    let is_name = |code: &str| !code.bytes().all(|byte| byte.is_ascii_digit());
    let lists = |rest: &str| code(rest.trim_start()).is_ok_and(|(_, other)| is_name(other));
    if is_name(known) && text.strip_prefix(['、', '，', ',', '/']).is_some_and(lists) {
        return None;
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(c) || c == '.').trim();
    (!text.is_empty() && !text.starts_with(['{', '[', '"'])).then_some((known, text))
}

/// `"1001" 缺少参数`, `` `E1001` ``, `“1001”`: what stands in a pair of marks at the start of a line, and what follows.
fn quoted(line: &str) -> Option<(&str, &str)> {
    let (_, close) = QUOTES.iter().find(|(open, _)| line.starts_with(*open))?;
    let inner = line.get(line.chars().next()?.len_utf8()..)?;
    let end = inner.find(*close)?;
    Some((&inner[..end], &inner[end + close.len_utf8()..]))
}

/// What stands in pairs of marks, in turn: `4010` and `请先登录` of ``没登录：code 是 `4010`，msg 是 `请先登录` ``.
pub fn quoted_pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c| QUOTES.iter().any(|(open, _)| *open == c)) {
        let Some((piece, after)) = quoted(&rest[at..]) else {
            rest = rest[at..].char_indices().nth(1).map_or("", |(next, _)| &rest[at + next..]);
            continue;
        };
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// A line of a list without what marks it as one: `1.`, `2、`, `-`.
pub fn listed(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix(['-', '*', '+', '•', '·']) {
        return rest.starts_with([' ', '\t']).then(|| rest.trim_start());
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = rest.len() < line.len() && line.len() - rest.len() <= 2;
    rest.strip_prefix(['.', '、', ')', '）', '．']).filter(|_| marked).map(str::trim_start)
}

/// The text without the quotation marks and backticks that it stands in.
pub fn unquoted(text: &str) -> &str {
    let mut bare = text;
    while let Some((inner, "")) = quoted(bare).filter(|(inner, _)| !inner.is_empty()) {
        bare = inner;
    }
    bare
}

/// A code that is all of a text.
fn bare_code(text: &str) -> Option<&str> {
    let number = text.strip_prefix('-').unwrap_or(text);
    let number = !number.is_empty() && number.len() <= 10 && number.bytes().all(|byte| byte.is_ascii_digit());
    let name = (3..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (number || name).then_some(text)
}

const QUOTES: [(char, char); 6] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('「', '」')];

const SEPARATORS: &str = ":：=＝-—、|,，)）>";

/// A number, or a name in capitals with an underscore or digits (`E1001`, `USER_NOT_FOUND`), and then a separator.
fn code(line: &str) -> IResult<&str, &str> {
    let number = recognize((opt(char('-')), take_while1(|c: char| c.is_ascii_digit())));
    let name = verify(take_while1(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'), |name: &str| {
        name.len() >= 3
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.contains(|c: char| c == '_' || c.is_ascii_digit())
    });
    let (after, code) = verify(alt((number, name)), |code: &str| code.len() <= 40).parse(line)?;
    let separated = after.starts_with(|c: char| c.is_whitespace() || SEPARATORS.contains(c) || !c.is_ascii());
    if separated { Ok((after, code)) } else { fail().parse(after) }
}

/// `| a | b |`, or none.
pub fn table_row(line: &str) -> Option<Row<'_>> {
    let trimmed = line.trim();
    if !trimmed.contains('|') || trimmed.starts_with(['{', '"', '*']) {
        return None;
    }
    let inner = trimmed.strip_prefix('|').unwrap_or(trimmed);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    Some(Row { line, cells: inner.split('|').map(str::trim).collect() })
}

/// `| --- | :---: |`.
pub fn table_rule(line: &str) -> bool {
    let trimmed = line.trim();
    trimmed.contains('-') && trimmed.contains('|') && trimmed.chars().all(|c| "|-: \t".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_request(line: &str, method: Option<&str>, origin: Option<&str>, path: &str, query: Option<&str>) {
        let found = request(line).unwrap_or_else(|| panic!("{line} is no request line"));
        assert_eq!((found.method, found.origin, found.path, found.query), (method, origin, path, query), "{line}");
    }

    #[test]
    fn request_lines() {
        check_request("post:Api/User/login", Some("post"), None, "Api/User/login", None);
        check_request(
            "Api/User/verification/token/用户token",
            None,
            None,
            "Api/User/verification/token/用户token",
            None,
        );
        check_request("get:/a?c=1&a=b", Some("get"), None, "/a", Some("c=1&a=b"));
        check_request(
            "POST:https://127.0.0.1/app/index.php?i=7",
            Some("POST"),
            Some("https://127.0.0.1"),
            "/app/index.php",
            Some("i=7"),
        );
        check_request("post:http://10.20.30.40:80/x", Some("post"), Some("http://10.20.30.40:80"), "/x", None);
        check_request("get:www.host.com/a/b", Some("get"), Some("www.host.com"), "/a/b", None);
        check_request("get: {{host}}/a/b", Some("get"), Some("{{host}}"), "/a/b", None);
        check_request(
            "post:api.php?s=recharge/bill/create",
            Some("post"),
            None,
            "api.php",
            Some("s=recharge/bill/create"),
        );
        check_request("get:/a/:name", Some("get"), None, "/a/:name", None);
        check_request("get:/", Some("get"), None, "/", None);
        check_request("post：/full/width", Some("post"), None, "/full/width", None);
        check_request("get:login", Some("get"), None, "login", None);
        check_request("POST /a/b", Some("POST"), None, "/a/b", None);
        check_request("Get  /a?x=1 HTTP/1.1", Some("Get"), None, "/a", Some("x=1"));
        check_request("[post] /a", Some("post"), None, "/a", None);
        check_request("【DELETE】/a/{id}", Some("DELETE"), None, "/a/{id}", None);
        check_request("PUT https://a.cn/b", Some("PUT"), Some("https://a.cn"), "/b", None);
        for no in [
            "success",
            "{",
            "*phone=a#b",
            "可能返回的错误:",
            "代号 错误",
            "a b/c",
            "post the form",
            "get it /a",
            "[post /a",
            "note: see below",
            "\"a\": \"b/c\",",
        ] {
            assert_eq!(request(no), None, "{no}");
        }
    }

    fn check_param(line: &str, expected: (bool, Option<&str>, &str, Option<&str>, &str)) {
        let found = param(line).unwrap_or_else(|| panic!("{line} is no parameter"));
        assert_eq!((found.required, found.type_name, found.name, found.default, found.description), expected, "{line}");
    }

    #[test]
    fn parameter_lines() {
        check_param("*phone=手机号 #", (true, None, "phone", Some("手机号"), ""));
        check_param("*password=密码 # //密码长度", (true, None, "password", Some("密码"), "密码长度"));
        check_param(
            "RegistrationID=极光推送RegistrationID#",
            (false, None, "RegistrationID", Some("极光推送RegistrationID"), ""),
        );
        check_param(
            "*string:mobile=13900001234#手机号",
            (true, Some("string"), "mobile", Some("13900001234"), "手机号"),
        );
        check_param("*:mobile=13500002222#接收", (true, None, "mobile", Some("13500002222"), "接收"));
        check_param("*scene=d2VsY29tZQ==#业务", (true, None, "scene", Some("d2VsY29tZQ=="), "业务"));
        check_param("name#description", (false, None, "name", None, "description"));
        check_param("detail# 商品明细可以不传", (false, None, "detail", None, "商品明细可以不传"));
        check_param("*user_token        用户token", (true, None, "user_token", None, "用户token"));
        check_param("int：team_id＝1＃队伍id", (false, Some("int"), "team_id", Some("1"), "队伍id"));
        check_param("book_time=11:30-12:00#时段", (false, None, "book_time", Some("11:30-12:00"), "时段"));
        check_param("url=http://a/b#地址", (false, None, "url", Some("http://a/b"), "地址"));
        check_param("name=手机号 //必填", (false, None, "name", Some("手机号"), "必填"));
        check_param("*arrival#类似{\"12\":{\"a\":1}}", (true, None, "arrival", None, "类似{\"12\":{\"a\":1}}"));
        check_param(
            "*num=0             分页页码  默认=0 第二页为 1",
            (true, None, "num", Some("0"), "分页页码  默认=0 第二页为 1"),
        );
        check_param("size=20\t每页条数", (false, None, "size", Some("20"), "每页条数"));
        check_param("size=20 每页条数", (false, None, "size", Some("20"), "每页条数"));
        check_param("day=2024-01-02 08:00", (false, None, "day", Some("2024-01-02 08:00"), ""));
        check_param("say=hello world", (false, None, "say", Some("hello world"), ""));
        check_param("ids[]=1#多个", (false, None, "ids[]", Some("1"), "多个"));
        check_param("page", (false, None, "page", None, ""));
        for no in ["1006 输入的信息不符合", "代号 错误", "可能返回的错误:", "\"a\": 1, #x", "// comment", "<<<", ""]
        {
            assert_eq!(param(no), None, "{no}");
        }
    }

    #[test]
    fn lines_that_go_on() {
        for line in ["  all 全部", "\tson: 下级的", "   1=男 2=女", "  push推给下级"] {
            assert!(goes_on(line), "{line}");
        }
        for line in ["  *all 全部", "  num#数量", "  name=张三", "  // 注意", "  page", ""] {
            assert!(!goes_on(line), "{line}");
        }
    }

    #[test]
    fn code_rows() {
        assert_eq!(code_row("1006 输入的信息不符合"), Some(("1006", "输入的信息不符合")));
        assert_eq!(code_row("- 1006：不符合"), Some(("1006", "不符合")));
        assert_eq!(code_row("-1 失败"), Some(("-1", "失败")));
        assert_eq!(code_row("1.系统错误"), None);
        assert_eq!(code_row("1006、不符合"), Some(("1006", "不符合")));
        assert_eq!(code_row("E1001 = no such user"), Some(("E1001", "no such user")));
        assert_eq!(code_row("USER_NOT_FOUND: no such user"), Some(("USER_NOT_FOUND", "no such user")));
        assert_eq!(code_row("- `E1001` no such user"), Some(("E1001", "no such user")));
        assert_eq!(code_row("\"1001\" 缺少参数"), Some(("1001", "缺少参数")));
        assert_eq!(code_row("“DENIED”：没有权限"), Some(("DENIED", "没有权限")));
        assert_eq!(code_row("`'DENIED'` 没有权限"), Some(("DENIED", "没有权限")));
        assert_eq!(code_row("`phone` 手机号"), None);
        assert_eq!(code_row("\"1001\": \"缺少参数\","), None);
        assert_eq!(code_row("代号 错误"), None);
        assert_eq!(code_row("2019-3-8"), Some(("2019", "3-8")));
    }

    #[test]
    fn headings_and_tables() {
        assert_eq!(heading("## 用户注册"), Some((2, "用户注册")));
        assert_eq!(heading("###登录 ###"), Some((3, "登录")));
        assert_eq!(heading("#注释"), None);
        assert_eq!(heading("##"), None);
        assert_eq!(table_row("| a | b |").map(|row| row.cells), Some(vec!["a", "b"]));
        assert!(table_rule("| --- | :---: |"));
        assert!(!table_rule("---"));
    }
}
