//! From an endpoint and values to a request as the document says to send it; and a request as a `curl` line.
//!
//! In: a generation, an endpoint, values by parameter. Out: an `Ask`. Used by all that send: scenarios, `verify`, what is
//! shown for pasting.

use crate::behavior::Auth;
use crate::client::Ask;
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::Role;
use crate::spec::{BodyForm, In, Param, Segment};
use base64::Engine as _;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;

const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "----docsim-7d2f1c90b6a4";

/// The request that sends these values where the document has them. Constants that tell the endpoint from others go along,
/// and so do public parameters and headers, unless the values have others. What no line documents goes with the rest.
pub fn request(generation: &Generation, endpoint: usize, values: &[(String, Json)]) -> Ask {
    request_by(generation, endpoint, values, None)
}

/// The same by another method, where the documents have none.
pub fn request_by(generation: &Generation, endpoint: usize, values: &[(String, Json)], method: Option<&str>) -> Ask {
    let (documented, behavior) = (&generation.set.endpoints[endpoint], &generation.model.behaviors[endpoint]);
    let mut parts = Parts::default();
    for (param, input) in documented.params.iter().zip(&behavior.inputs) {
        let given = values.iter().find(|(name, _)| *name == param.name).map(|(_, value)| value.clone());
        let constant = || {
            let goes_along = param.discriminates || input.routes || param.public;
            // The token of an example is nobody's: to send none is to send none.
            param.default.clone().filter(|_| goes_along && input.role != Role::Token).map(Json::string)
        };
        let Some(value) = given.or_else(constant) else { continue };
        let value = match param.location {
            In::Body if documented.body == BodyForm::Json => as_member(Some(param), value),
            In::Header if input.role == Role::Token => Json::string(bearer(&param.all_words(), &value)),
            _ => value,
        };
        parts.put(param.location, &param.name, value);
    }
    let undocumented = values.iter().filter(|(name, _)| documented.param(name).is_none());
    let method = documented.method.as_deref().or(method);
    let default_place = if method == Some("GET") { In::Query } else { In::Body };
    for (name, value) in undocumented {
        let place = if takes_token(generation, endpoint, name) { token_place(generation, name) } else { None };
        match place {
            Some((header, value_of)) => parts.put(In::Header, &header, Json::string(value_of(value))),
            None => parts.put(default_place, name, value.clone()),
        }
    }
    let method = method.unwrap_or(if parts.body.is_empty() { "GET" } else { "POST" }).to_owned();
    if matches!(method.as_str(), "GET" | "HEAD" | "DELETE") && !parts.body.is_empty() {
        parts.query.append(&mut parts.body);
    }
    let mut path = generation.base_path.clone();
    for segment in &documented.segments {
        match segment {
            Segment::Literal(text) => {
                let _ = write!(path, "/{text}");
            }
            Segment::Param(name) => {
                // Without a value the segment is left out: the path is then another, as it would be for a client.
                if let Some((_, value)) = parts.path.iter().find(|(known, _)| known == name) {
                    let _ = write!(path, "/{}", utf8_percent_encode(&text(value), IN_PATH));
                }
            }
        }
    }
    for (name, value) in &parts.pairs {
        let _ = write!(path, "/{name}/{}", utf8_percent_encode(&text(value), IN_PATH));
    }
    if documented.path.len() > 1 && documented.path.ends_with('/') && parts.pairs.is_empty() {
        path.push('/');
    }
    if path.is_empty() {
        path.push('/');
    }
    if !parts.query.is_empty() {
        let pairs = parts.query.iter().map(|(name, value)| (name.as_str(), text(value)));
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let _ = write!(path, "?{query}");
    }
    let (content_type, body) = encode(&parts, documented.body, &method);
    let mut headers = parts.headers;
    if let Some(content_type) = content_type {
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        headers.push(("Content-Type".to_owned(), content_type));
    }
    Ask { method, path, headers, body }
}

/// Where an endpoint needs a caller and no line of it says how the token is sent, servers look in different places: it goes
/// into each of them.
pub fn carry_token(generation: &Generation, endpoint: usize, values: &[(String, Json)], ask: &mut Ask) {
    let documented = &generation.set.endpoints[endpoint];
    let tokens = &generation.model.tokens;
    let undeclared =
        values.iter().find(|(name, _)| documented.param(name).is_none() && takes_token(generation, endpoint, name));
    let Some((name, value)) = undeclared.filter(|_| tokens.headers.is_empty()) else { return };
    let token = text(value);
    if token.is_empty() || ask.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return;
    }
    ask.headers.push((name.clone(), token.clone()));
    let is_in_query = ask
        .path
        .split_once('?')
        .is_some_and(|(_, query)| form_urlencoded::parse(query.as_bytes()).any(|(known, _)| *known == **name));
    if !is_in_query {
        let pair = form_urlencoded::Serializer::new(String::new()).append_pair(name, &token).finish();
        ask.path.push(if ask.path.contains('?') { '&' } else { '?' });
        ask.path.push_str(&pair);
    }
}

#[derive(Default)]
struct Parts {
    path: Vec<(String, Json)>,
    pairs: Vec<(String, Json)>,
    query: Vec<(String, Json)>,
    body: Vec<(String, Json)>,
    headers: Vec<(String, String)>,
}

impl Parts {
    fn put(&mut self, place: In, name: &str, value: Json) {
        let list = match place {
            In::Path => &mut self.path,
            In::PathPair => &mut self.pairs,
            In::Query => &mut self.query,
            In::Body => &mut self.body,
            In::Header => return self.headers.push((name.to_owned(), text(&value))),
        };
        list.push((name.to_owned(), value));
    }
}

/// Whether a name that no line of the endpoint has is its caller's token.
fn takes_token(generation: &Generation, endpoint: usize, name: &str) -> bool {
    let tokens = &generation.model.tokens;
    let is_named =
        name == "token" || tokens.params.iter().chain(&tokens.headers).any(|known| known.eq_ignore_ascii_case(name));
    is_named && !matches!(generation.model.behaviors[endpoint].auth, Auth::Named(_))
}

type HeaderValue = fn(&Json) -> String;

/// The header that carries it, where the documents have one and no parameter of that name.
fn token_place(generation: &Generation, name: &str) -> Option<(String, HeaderValue)> {
    let tokens = &generation.model.tokens;
    let header = tokens.headers.iter().find(|known| known.eq_ignore_ascii_case(name));
    let header = header.or_else(|| {
        tokens.headers.first().filter(|_| name == "token" && !tokens.params.iter().any(|known| known == name))
    })?;
    let value_of: HeaderValue =
        if header.eq_ignore_ascii_case("authorization") { |value| bearer("bearer", value) } else { text };
    Some((header.clone(), value_of))
}

/// `Bearer abc`, or another scheme, where the words ask for it.
fn bearer(words: &str, value: &Json) -> String {
    let token = text(value);
    let scheme = match crate::spec::scheme(words) {
        usual if usual.eq_ignore_ascii_case("bearer") => "Bearer",
        other => other,
    };
    if scheme.is_empty() || token.contains(' ') { token } else { format!("{scheme} {token}") }
}

/// A file: `{ file: NAME, type: …, text: … }`, or `base64` in place of `text`.
fn file(value: &Json) -> Option<(String, String, Vec<u8>)> {
    let name = value.get("file")?.as_str()?;
    let kind = value.get("type").and_then(Json::as_str).unwrap_or("application/octet-stream");
    let bytes = match (value.get("base64").and_then(Json::as_str), value.get("text").and_then(Json::as_str)) {
        (Some(encoded), _) => base64::engine::general_purpose::STANDARD.decode(encoded).unwrap_or_default(),
        (None, Some(text)) => text.as_bytes().to_vec(),
        (None, None) => b"docsim".to_vec(),
    };
    Some((name.to_owned(), kind.to_owned(), bytes))
}

/// A value as a member of a JSON body: a number or a flag where the line's type says so and the text is one.
pub fn as_member(param: Option<&Param>, value: Json) -> Json {
    let (Some(text), Some(name)) = (value.as_str(), param.and_then(|param| param.type_name.as_deref())) else {
        return value;
    };
    let name = name.to_ascii_lowercase();
    let is = |kinds: &[&str]| kinds.iter().any(|kind| name.contains(kind));
    let plain = match text {
        "true" | "false" if is(&["bool", "布尔"]) => true,
        _ => {
            is(&["int", "long", "num", "float", "double", "decimal", "short", "整", "数字", "数值", "浮点"])
                && text.len() <= 15
        }
    };
    let read: Option<serde_json::Value> = if plain { serde_json::from_str(text).ok() } else { None };
    match read {
        Some(read @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => Json::from(&read),
        _ => value,
    }
}

/// A form; multipart where there is a file; JSON where a value is no scalar, or the documents say so.
fn encode(parts: &Parts, form: BodyForm, method: &str) -> (Option<String>, Bytes) {
    if parts.body.is_empty() {
        return (None, Bytes::new());
    }
    debug_assert!(!matches!(method, "GET" | "HEAD"), "moved to the query");
    if parts.body.iter().any(|(_, value)| file(value).is_some()) {
        return (Some(format!("multipart/form-data; boundary={BOUNDARY}")), multipart(&parts.body));
    }
    let said = parts.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_json = said.map_or(form == BodyForm::Json, |(_, value)| value.contains("json"))
        || parts.body.iter().any(|(_, value)| !value.is_scalar());
    if is_json {
        let mut object = Json::empty_object();
        for (name, value) in &parts.body {
            object.set(name, value.clone());
        }
        return (Some("application/json".to_owned()), Bytes::from(object.to_string()));
    }
    let pairs = parts.body.iter().map(|(name, value)| (name.as_str(), text(value)));
    let form: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    (Some(FORM.to_owned()), Bytes::from(form))
}

fn multipart(values: &[(String, Json)]) -> Bytes {
    let mut body = Vec::new();
    let quoted = |text: &str| text.replace('"', "%22").replace(['\r', '\n'], " ");
    for (name, value) in values {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(name));
        body.extend_from_slice(head.as_bytes());
        match file(value) {
            Some((file, kind, bytes)) => {
                let head = format!("; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n", quoted(&file), quoted(&kind));
                body.extend_from_slice(head.as_bytes());
                body.extend_from_slice(&bytes);
            }
            None => {
                body.extend_from_slice(b"\r\n\r\n");
                body.extend_from_slice(text(value).as_bytes());
            }
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Bytes::from(body)
}

fn text(value: &Json) -> String {
    match value.scalar_text() {
        Some(text) => text.to_owned(),
        None if *value == Json::Null => String::new(),
        None => value.to_string(),
    }
}

/// A line that can be pasted into a shell. A body that is no text is only named.
pub fn curl(url: &str, ask: &Ask) -> String {
    let mut line = format!("curl {}", quoted(url));
    let has_body = !ask.body.is_empty();
    if ask.method != if has_body { "POST" } else { "GET" } {
        let _ = write!(line, " -X {}", quoted(&ask.method));
    }
    for (name, value) in &ask.headers {
        let is_form = name.eq_ignore_ascii_case("content-type") && value == FORM;
        if !is_form {
            let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
        }
    }
    match std::str::from_utf8(&ask.body) {
        Ok("") => {}
        Ok(text) => {
            let _ = write!(line, " --data-raw {}", quoted(text));
        }
        Err(_) => {
            let _ = write!(line, " --data-binary @FILE   # {} bytes", ask.body.len());
        }
    }
    line
}

/// A word that a shell takes as it is; control characters, which a terminal might obey, are shown as `?`.
pub fn quoted(word: &str) -> String {
    let word: String = word.chars().map(|c| if c.is_control() && c != '\n' && c != '\r' { '?' } else { c }).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-=@%,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::Overrides;
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::Settings;

    fn sent(document: &str, values: &[(&str, Json)]) -> String {
        let source = Source::new("a.md", document);
        let generation =
            Generation::compile(vec![source], &Settings::default(), Lexicon::standard(), &Overrides::default());
        let values: Vec<(String, Json)> =
            values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let ask = request(&generation, 0, &values);
        curl(&ask.path, &ask)
    }

    #[test]
    fn values_go_where_the_document_has_them() {
        let check = |document: &str, values: &[(&str, Json)], expected: &str| {
            assert_eq!(sent(&format!("## A\n+++\n{document}\n+++\n"), values), expected, "{document}");
        };
        let text = Json::string;
        check("post:Api/login\n*phone=手机号 #", &[("phone", text("1 3"))], "curl /Api/login --data-raw phone=1+3");
        check("get:Api/list?token=用户token", &[("token", text("t"))], "curl '/Api/list?token=t'");
        check("Api/User/get/token/用户token", &[("token", text("t"))], "curl /Api/User/get/token/t");
        check("Api/User/get/token/用户token", &[], "curl /Api/User/get");
        check("get:/user/:id\n*:id=1#编号", &[("id", text("7/8"))], "curl /user/7%2F8");
        check(
            "post:/save\n*ids=[]#编号",
            &[("ids", Json::Array(vec![Json::integer(1)]))],
            "curl /save -H 'Content-Type: application/json' --data-raw '{\"ids\":[1]}'",
        );
        check("post:/out/", &[], "curl /out/ -X POST");
    }

    #[test]
    fn bodies_and_tokens_are_written_as_prose_says() {
        let check = |document: &str, values: &[(&str, Json)], expected: &str| {
            let head =
                "# 接口\n* POST 参数放 body 里用 json 提交\n* 请求头带 `Authorization: Bearer 登录拿到的token`\n";
            assert_eq!(sent(&format!("{head}## A\n+++\n{document}\n+++\n"), values), expected, "{document}");
        };
        let text = Json::string;
        let json = "-H 'Content-Type: application/json' --data-raw";
        check(
            "post:/save\n*string:id=15#编号",
            &[("id", text("15"))],
            &format!("curl /save {json} '{{\"id\":\"15\"}}'"),
        );
        check("post:/save\n*int:id=15#编号", &[("id", text("15"))], &format!("curl /save {json} '{{\"id\":15}}'"));
        check("post:/save\n*int:id=15#编号", &[("id", text("x"))], &format!("curl /save {json} '{{\"id\":\"x\"}}'"));
        check("get:/list\n*int:id=15#编号", &[("id", text("15"))], "curl '/list?id=15'");
        check("post:/out", &[("Authorization", text("t"))], "curl /out -X POST -H 'Authorization: Bearer t'");
    }
}
