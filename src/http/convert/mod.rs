//! hyper's request to the engine's fields: reads the body within the limits and takes it apart by its type.
//!
//! In: head and body of a request. Out: its fields in the order sent, or a problem that says what is wrong, and where.
//! Request data is only ever a value: nothing here is evaluated, opened or looked up.

mod body;
mod charset;
mod form;
mod json;
mod multipart;

pub(super) use body::read;

use super::limits::Limits;
use super::problem::Problem;
use crate::engine::request::Value;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use std::borrow::Cow;

/// Names and values in the order sent; a name may come more than once.
pub type Fields<'b> = Vec<(Cow<'b, str>, Value<'b>)>;

/// What a body is, by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'h> {
    Json {
        charset: Option<&'h str>,
    },
    Form {
        charset: Option<&'h str>,
    },
    Multipart {
        content_type: &'h str,
    },
    /// No type, or plain text: JSON if it starts like it.
    Unsaid {
        charset: Option<&'h str>,
    },
    Unknown {
        content_type: &'h str,
    },
}

/// How large a body may be, and what that limit is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct SizeLimit {
    pub(super) name: &'static str,
    pub(super) bytes: usize,
}

impl<'h> Kind<'h> {
    pub(super) fn of(headers: &'h HeaderMap) -> Self {
        let content_type = match headers.get(CONTENT_TYPE).map(|value| value.to_str()) {
            None => return Self::Unsaid { charset: None },
            Some(Err(_)) => return Self::Unknown { content_type: "no text" },
            // As nearly all clients write them.
            Some(Ok("application/x-www-form-urlencoded")) => return Self::Form { charset: None },
            Some(Ok("application/json")) => return Self::Json { charset: None },
            Some(Ok(content_type)) => content_type,
        };
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let charset = parameter(content_type, "charset");
        let is = |name: &str| essence.eq_ignore_ascii_case(name);
        let ends_with_json =
            essence.len() > 5 && essence.get(essence.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case("+json"));
        if is("application/x-www-form-urlencoded") {
            Self::Form { charset }
        } else if is("application/json") || is("text/json") || ends_with_json {
            Self::Json { charset }
        } else if is("multipart/form-data") {
            Self::Multipart { content_type }
        } else if is("text/plain") || essence.is_empty() {
            Self::Unsaid { charset }
        } else {
            Self::Unknown { content_type: essence }
        }
    }

    pub(super) fn size_limit(self, limits: &Limits) -> SizeLimit {
        match self {
            Self::Multipart { .. } => SizeLimit { name: "multipart-size", bytes: limits.multipart_size },
            _ => SizeLimit { name: "body-size", bytes: limits.body_size },
        }
    }
}

/// A parameter of a media type, without its quotes.
fn parameter<'h>(content_type: &'h str, wanted: &str) -> Option<&'h str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"'))
    })
}

/// The members of a JSON object, whatever its type is said to be.
pub(super) fn json_object<'b>(body: &'b Bytes, limits: &Limits) -> Result<Fields<'b>, Problem> {
    json::fields(body, None, limits)
}

/// Takes a body apart. An empty body is fine under any type, and has no fields.
pub async fn fields<'b>(headers: &HeaderMap, body: &'b Bytes, limits: &Limits) -> Result<Fields<'b>, Problem> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(encoding) =
        headers.get(CONTENT_ENCODING).filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        let encoding = String::from_utf8_lossy(encoding.as_bytes());
        let detail = format!("a body with Content-Encoding: {encoding} is not taken; send it uncompressed");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    match Kind::of(headers) {
        Kind::Form { charset } => form::fields(body, charset, limits),
        Kind::Json { charset } => json::fields(body, charset, limits),
        Kind::Unsaid { charset } if starts_like_json(body) => json::fields(body, charset, limits),
        Kind::Multipart { content_type } => multipart::fields(body, content_type, limits).await,
        Kind::Unsaid { .. } => Err(unsupported("the body has no Content-Type that says what it is")),
        Kind::Unknown { content_type } => Err(unsupported(&format!("a body of type {content_type} is not taken"))),
    }
}

const TAKEN: [&str; 3] = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];

fn unsupported(what: &str) -> Problem {
    let detail = format!("{what}; taken are {}, and text/plain if it is JSON", TAKEN.join(", "));
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).member("accepted", TAKEN.to_vec())
}

fn starts_like_json(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn too_large(name: &'static str, limit: usize, of: &str) -> Problem {
    Problem::over(StatusCode::PAYLOAD_TOO_LARGE, name, limit, of)
}

fn too_many_fields(limits: &Limits) -> Problem {
    too_large("fields", limits.fields, "fields in a body")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use hyper::header::HeaderValue;

    /// Draws what a body of a type comes to, in a line.
    fn drawn(content_type: &str, body: impl Into<Vec<u8>>) -> String {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        }
        let body = Bytes::from(body.into());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let limits = Limits { fields: 5, parts: 5, json_values: 200, ..Limits::default() };
        match runtime.block_on(fields(&headers, &body, &limits)) {
            Err(problem) => format!("{}: {}", problem.status.as_u16(), problem.detail),
            Ok(fields) => {
                fields.iter().map(|(name, value)| format!("{name}={}", draw(value))).collect::<Vec<_>>().join("&")
            }
        }
    }

    fn draw(value: &Value<'_>) -> String {
        match value {
            Value::Text(text) => Json::string(&**text).to_string(),
            Value::Json(json) => json.to_string(),
            Value::File(file) => format!("<{} {} {}>", file.name, file.content_type, file.bytes.len()),
        }
    }

    #[track_caller]
    fn check(content_type: &str, body: impl Into<Vec<u8>>, expected: &str) {
        let found = drawn(content_type, body);
        assert!(
            found == expected || (expected.ends_with('…') && found.starts_with(expected.trim_end_matches('…'))),
            "{found}"
        );
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn forms_keep_order_and_repetition() {
        check(FORM, "a=1&b=&a=2&&c", r#"a="1"&b=""&a="2"&c="""#);
        check(FORM, "name=%E5%BC%A0%E4%B8%89+x&p=a%2Bb%3D", r#"name="张三 x"&p="a+b=""#);
        check(FORM, "password=a%zz100%", r#"password="a%zz100%""#);
        check(FORM, "name=%D5%C5%C8%FD", r#"name="张三""#);
        check("application/x-www-form-urlencoded; charset=GBK", "name=%D5%C5", r#"name="张""#);
        check(FORM, "ok=1&name=%FF%FF", "400: the value of name, at byte 5 of the body, is neither UTF-8 nor GB18030");
        check(FORM, "a=1&b=2&c=3&d=4&e=5&f=6", "413: the limit is 5 fields in a body…");
        check(FORM, "", "");
    }

    #[test]
    fn json_objects_keep_lexemes() {
        check(
            "application/json",
            r#" {"a": 1.10, "id":123456789012345678901234567890, "s":"\u5f20\"", "n":null, "o":{"x":[1e400,{}]}}"#,
            r#"a=1.10&id=123456789012345678901234567890&s="张\""&n=null&o={"x":[1e400,{}]}"#,
        );
        check("text/plain;charset=UTF-8", "{\"a\":\"1\"}", r#"a="1""#);
        check("", "\u{feff}{\"a\":true,\"a\":false}", "a=true&a=false");
        check("application/vnd.api+json", "{}", "");
        check("application/json; charset=gbk", b"{\"name\":\"\xd5\xc5\"}".to_vec(), r#"name="张""#);
    }

    #[test]
    fn broken_json_says_where() {
        check(
            "application/json",
            "{\"a\": 1,\n \"b\": }",
            "400: the body is not valid JSON: expected value at line 2 column 7",
        );
        check("application/json", "{\"a\": \"\\ud800\"}", "400: the body is not valid JSON: …");
        check(
            "application/json",
            "{\"a\": 1} x",
            "400: the body is not valid JSON: trailing characters at line 1 column 10",
        );
        check("application/json", "[1,2]", "400: a JSON body has to be an object; this is an array");
        check("application/json", "\"a=1\"", "400: a JSON body has to be an object; this is a string");
        check(
            "application/json",
            b"{\"a\":\"\xd5\xc5\"}".to_vec(),
            "400: the body is not UTF-8 at byte 6; name another charset in its Content-Type",
        );
        check("application/json;charset=ebcdic", "{}", "415: charset ebcdic is not known; UTF-8, GBK and GB18030 are");
        check(
            "application/json",
            format!("{{\"a\":{}}}", "[".repeat(100_000)),
            "400: the body is not valid JSON: expected value at…",
        );
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        check("application/json", deep, "413: the limit is 128 levels of arrays and objects in a JSON body…");
        check(
            "application/json",
            format!("{{\"a\":[{}0]}}", "0,".repeat(200)),
            "413: the limit is 200 values in a JSON body…",
        );
        check("application/json", r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}"#, "413: the limit is 5 fields in a body…");
    }

    #[test]
    fn multipart_bodies_have_texts_and_files() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n张\r\n\
            --X\r\nContent-Disposition: form-data; name=\"pic\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG!\r\n\
            --X\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n\
            --X--\r\n";
        check("multipart/form-data; boundary=X", body, r#"token="张"&pic=<a.png image/png 4>&none="""#);
        check("multipart/form-data", body, "400: the Content-Type of a multipart body has to name its boundary");
        check("multipart/form-data; boundary=Y", body, "400: the multipart body does not begin with its boundary --Y");
        check("multipart/form-data; boundary=X", &body[..150], "400: the multipart body is broken: …");
        let many = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(6) + "--X--\r\n";
        check("multipart/form-data; boundary=X", many, "413: the limit is 5 parts in a multipart body…");
        let nameless = "--X\r\nContent-Disposition: form-data\r\n\r\n1\r\n--X--\r\n";
        check("multipart/form-data; boundary=X", nameless, "400: part 1 of the multipart body has no name");
    }

    #[test]
    fn other_types_are_named() {
        check(
            "application/xml",
            "<a/>",
            "415: a body of type application/xml is not taken; taken are application/json, …",
        );
        check("text/plain", "a=1", "415: the body has no Content-Type that says what it is; taken are …");
        check("application/xml", "", "");
    }
}
