//! What of a kept request nobody is to read: passwords and tokens, wherever and however they were sent.
//!
//! In: which names and which places of paths carry secrets in the document set, the values that the engine read as such
//! from this very request, and its texts as they came. Out: the texts with `***` in them. Rather masks too much than too
//! little: what only mentions a secret's name (`data={"password":…`) is masked as a whole. Asked only when somebody reads,
//! so that a request pays for none of it. Knows neither roles nor endpoints.

use encoding_rs::GB18030;
use percent_encoding::percent_decode;
use std::collections::HashSet;
use std::ops::Range;

pub(super) const MASK: &str = "***";

/// Where the requests of a document set carry passwords and tokens.
#[derive(Debug, Default)]
pub struct Secrets {
    /// Folded, as all texts here are that are compared with names.
    names: Vec<String>,
    /// Segments of documented paths: what stands after a name in a path and is one of these is no value.
    literals: HashSet<String>,
    /// Segments that lead to a parameter of a path which is a secret; none is any segment.
    places: Vec<Vec<Option<String>>>,
}

/// Secret whatever the documents say; clients send them out of habit.
const ALWAYS: [&str; 6] = ["password", "passwd", "token", "authorization", "proxy-authorization", "cookie"];

impl Secrets {
    pub fn new<'n>(
        names: impl IntoIterator<Item = &'n str>,
        literals: impl IntoIterator<Item = &'n str>,
        places: impl IntoIterator<Item = Vec<Option<&'n str>>>,
    ) -> Self {
        let mut names: Vec<String> = names.into_iter().chain(ALWAYS).map(folded).collect();
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        let places = places.into_iter().filter(|place| place.iter().any(Option::is_some));
        Self {
            names,
            literals: literals.into_iter().map(folded).collect(),
            places: places.map(|place| place.into_iter().map(|segment| segment.map(folded)).collect()).collect(),
        }
    }

    fn is_name(&self, text: &str) -> bool {
        self.names.binary_search(&folded(text)).is_ok()
    }

    /// Whether one of the names stands in a longer text: `user[password]`, `{"password":…`.
    fn mentions(&self, text: &str) -> bool {
        let text = folded(text);
        self.names.iter().any(|name| *name != text && find(&text, name, 0).is_some())
    }

    /// Whether a secret's place is behind these segments.
    fn is_place(&self, before: &[String]) -> bool {
        self.places.iter().any(|place| {
            let from = before.len().checked_sub(place.len());
            let last = from.and_then(|from| before.get(from..)).unwrap_or_default();
            from.is_some()
                && place.iter().zip(last).all(|(known, sent)| known.as_ref().is_none_or(|known| known == sent))
        })
    }
}

/// One request's secrets. It learns those that it meets under a secret's name, so that they are masked elsewhere, too.
pub(super) struct Mask<'s> {
    secrets: &'s Secrets,
    values: Vec<String>,
}

/// Shorter values are masked where they stand under their name, but not sought elsewhere: they are everywhere.
const SHORTEST_SOUGHT: usize = 3;

impl<'s> Mask<'s> {
    /// `read` holds the values that the engine took for secrets, a line each.
    pub(super) fn new(secrets: &'s Secrets, read: &str) -> Self {
        let mut mask = Self { secrets, values: Vec::new() };
        read.lines().for_each(|value| mask.learn(value));
        mask
    }

    /// How many values it knows.
    pub(super) fn known(&self) -> usize {
        self.values.len()
    }

    fn learn(&mut self, value: &str) {
        let value = value.trim();
        if value.chars().count() >= SHORTEST_SOUGHT && value != MASK && !self.values.iter().any(|known| known == value)
        {
            self.values.push(value.to_owned());
        }
    }

    fn holds_value(&self, text: &str) -> bool {
        self.values.iter().any(|value| find(text, value, 0).is_some())
    }

    fn conceals(&self, text: &str) -> bool {
        self.holds_value(text) || self.secrets.mentions(text)
    }

    /// A name and its value may be two segments; a secret may be a segment of its own.
    pub(super) fn path(&mut self, path: &str) -> String {
        let mut before: Vec<String> = Vec::new();
        let mut shown: Vec<&str> = Vec::new();
        for segment in path.split('/') {
            if segment.is_empty() {
                shown.push(segment);
                continue;
            }
            let readings = readings(segment.as_bytes());
            let folded = readings.first().map(|text| folded(text)).unwrap_or_default();
            let follows_name = before.last().is_some_and(|last| self.secrets.is_name(last));
            let is_secret = follows_name && !self.secrets.literals.contains(&folded)
                || self.secrets.is_place(&before)
                || readings.iter().any(|text| self.holds_value(text) || !is_plain(text) && self.secrets.mentions(text));
            if is_secret {
                for text in &readings {
                    self.learn(text);
                }
                self.learn(segment);
            }
            shown.push(if is_secret { MASK } else { segment });
            before.push(folded);
        }
        shown.join("/")
    }

    /// A query.
    pub(super) fn query(&mut self, query: &str) -> String {
        self.pairs(query.as_bytes())
    }

    /// A form's body; one without a single `=` is no form, and may be anything.
    pub(super) fn form(&mut self, body: &[u8]) -> String {
        if body.contains(&b'=') { self.pairs(body) } else { MASK.to_owned() }
    }

    fn pairs(&mut self, pairs: &[u8]) -> String {
        pairs.split(|byte| *byte == b'&').map(|pair| self.pair(pair)).collect::<Vec<_>>().join("&")
    }

    fn pair(&mut self, pair: &[u8]) -> String {
        let shown = String::from_utf8_lossy(pair).into_owned();
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(equals) => (&pair[..equals], Some(&pair[equals + 1..])),
            None => (pair, None),
        };
        let names = readings(name);
        let values = value.map(readings).unwrap_or_default();
        let is_secret = names.iter().any(|name| self.secrets.is_name(name));
        if is_secret {
            for value in &values {
                self.learn(value);
            }
        }
        if names.iter().any(|name| self.holds_value(name) || !is_plain(name) && self.secrets.mentions(name)) {
            return MASK.to_owned();
        }
        if is_secret || names.iter().chain(&values).any(|text| self.conceals(text)) {
            let name = String::from_utf8_lossy(name);
            return if value.is_some() { format!("{name}={MASK}") } else { name.into_owned() };
        }
        shown
    }

    /// The text of a part of a multipart body.
    pub(super) fn part(&mut self, name: &str, text: &str) -> String {
        if self.secrets.is_name(name) {
            self.learn(text);
            return MASK.to_owned();
        }
        if self.secrets.mentions(name) { MASK.to_owned() } else { self.text(text) }
    }

    /// The name of a part.
    pub(super) fn name(&self, name: &str) -> String {
        let is_secret = self.holds_value(name) || !is_plain(name) && self.secrets.mentions(name);
        if is_secret { MASK.to_owned() } else { name.to_owned() }
    }

    /// What has no name of its own.
    pub(super) fn text(&self, text: &str) -> String {
        if self.conceals(text) { MASK.to_owned() } else { text.to_owned() }
    }

    pub(super) fn header(&self, name: &str, value: &str) -> String {
        let is_secret = self.secrets.is_name(name) || self.secrets.mentions(name);
        let is_secret =
            is_secret || readings(value.as_bytes()).iter().chain([&value.to_owned()]).any(|text| self.conceals(text));
        if is_secret { MASK.to_owned() } else { value.to_owned() }
    }

    /// A request's JSON, letter for letter but for secrets. It has to be valid.
    pub(super) fn json(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut open = Vec::new();
        let mut at = 0;
        let mut copied = 0;
        let mut hide = |out: &mut String, range: Range<usize>| {
            out.push_str(&text[copied..range.start]);
            out.push_str("\"***\"");
            copied = range.end;
        };
        while let Some(byte) = text.as_bytes().get(at) {
            match byte {
                b'{' | b'[' => open.push(*byte),
                b'}' | b']' => drop(open.pop()),
                b'"' => {
                    let end = string_end(text, at);
                    let content = unquoted(&text[at..end]);
                    let sign = end + blanks(&text[end..]);
                    let next = text.as_bytes().get(sign);
                    // A name of an object's member; or a name and its value as two items of a list.
                    let is_name = next == Some(&b':');
                    let leads = is_name || next == Some(&b',') && open.last() == Some(&b'[');
                    let is_secret = self.secrets.is_name(&content);
                    if leads && (is_secret || is_name && self.secrets.mentions(&content)) {
                        let from = sign + 1 + blanks(&text[sign + 1..]);
                        let to = value_end(text, from);
                        if is_secret {
                            self.learn(&unquoted(&text[from..to]));
                        }
                        hide(&mut out, from..to);
                        at = to;
                        continue;
                    }
                    if if is_name { self.holds_value(&content) } else { self.conceals(&content) } {
                        hide(&mut out, at..end);
                    }
                    at = end;
                    continue;
                }
                b'-' | b'0'..=b'9' => {
                    let end = value_end(text, at);
                    if self.values.iter().any(|value| *value == text[at..end]) {
                        hide(&mut out, at..end);
                    }
                    at = end;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        out.push_str(&text[copied..]);
        out
    }

    /// What docsim answered, JSON or text, with none of the values that it repeats from the request. With `strict`, for
    /// requests that could not be read, nothing that mentions a secret's name either.
    pub(super) fn reply(&self, text: &str, strict: bool) -> String {
        let mut shown = text.to_owned();
        for value in &self.values {
            let quoted = serde_json::to_string(value).unwrap_or_default();
            for form in [value.as_str(), quoted.trim_matches('"')] {
                let mut from = 0;
                while let Some(found) = find(&shown, form, from) {
                    from = found.start + MASK.len();
                    shown.replace_range(found, MASK);
                }
            }
        }
        if strict && self.secrets.mentions(&shown) { format!("\"{MASK}\"") } else { shown }
    }
}

/// So that letters which are the same but for their case, `ſ` and `S` among them, are one letter.
fn folded(text: &str) -> String {
    text.trim().to_uppercase().to_lowercase()
}

/// It could be the name of something, as `forget_password` or `user[password]`.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || "-_.[]+ ".contains(c))
}

/// Where a text stands in another and is more than a piece of a longer word: `123456` is not in `13812345678`.
fn find(text: &str, wanted: &str, from: usize) -> Option<Range<usize>> {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (first, last) = (is_word(wanted.chars().next()), is_word(wanted.chars().next_back()));
    let ranges = text.get(from..)?.match_indices(wanted).map(|(at, _)| from + at..from + at + wanted.len());
    ranges.into_iter().find(|range| {
        let before = is_word(text[..range.start].chars().next_back());
        let after = is_word(text[range.end..].chars().next());
        !(first && before || last && after)
    })
}

/// What encoded bytes may be meant to say: escapes decoded, `+` as a blank and as itself, as UTF-8 and as GBK.
fn readings(raw: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    let mut add = |bytes: Vec<u8>| {
        all.push(String::from_utf8_lossy(&bytes).into_owned());
        if !bytes.is_ascii() {
            all.push(GB18030.decode_without_bom_handling(&bytes).0.into_owned());
        }
    };
    add(percent_decode(raw).collect());
    if raw.contains(&b'+') {
        let spaced: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        add(percent_decode(&spaced).collect());
    }
    all
}

/// A string's content; any other value as it is written.
fn unquoted(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_ascii_start().len()
}

/// The end of the string that begins there.
fn string_end(text: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The end of the value that begins there.
fn value_end(text: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return if depth == 1 { at + 1 } else { at },
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        let place = vec![Some("login2"), None];
        Secrets::new(["password", "密码"], ["Api", "token", "refresh"], [place])
    }

    #[track_caller]
    fn check(read: &str, shown: impl Fn(&mut Mask<'_>) -> String, expected: &str) {
        let secrets = secrets();
        assert_eq!(shown(&mut Mask::new(&secrets, read)), expected);
    }

    #[test]
    fn paths() {
        let check = |path: &str, expected: &str| check("known", |mask| mask.path(path), expected);
        check("/Api/login/password/s3cret/x", "/Api/login/password/***/x");
        check("/Api/login/PASSWORD///s3cret", "/Api/login/PASSWORD///***");
        check("/Api/login/%C3%DC%C2%EB/s3cret", "/Api/login/%C3%DC%C2%EB/s3cret"); // the router knows UTF-8 only
        check("/Api/login/password%2Fs3cret", "/Api/login/***");
        check("/Api/login2/13800000001/s3cret/", "/Api/login2/13800000001/***/");
        check("/base/api/Login2/1/s3cret", "/base/api/Login2/1/***");
        check("/Api/token/refresh", "/Api/token/refresh");
        check("/Api/token/abc", "/Api/token/***");
        check("/Api/forget_password/x", "/Api/forget_password/x");
        check("/Api/known/unknown", "/Api/***/unknown");
    }

    #[test]
    fn forms() {
        let check = |form: &str, expected: &str| check("known", |mask| mask.form(form.as_bytes()), expected);
        check("phone=1&password=s3cret", "phone=1&password=***");
        check(
            "pass%77ord=s3cret&%C3%DC%C2%EB=s3cret&%E5%AF%86%E7%A0%81=x",
            "pass%77ord=***&%C3%DC%C2%EB=***&%E5%AF%86%E7%A0%81=***",
        );
        check("+password=s3cret&paſſword=s3cret", "+password=***&paſſword=***");
        check("user[password]=s3cret&a=1;password=s3cret", "user[password]=***&a=***");
        check(r#"data={"password":"s3cret"}&b=2"#, "data=***&b=2");
        check(r#"{"password":"s3cret="}"#, "***");
        check(r#"{"password":"s3cret"}"#, "***");
        check(r#"["s3cret"]"#, "***");
        check("a=known&b=%6bnown%20&known=1&c=unknown", "a=***&b=***&***&c=unknown");
        check("phone=13812345678&password=123456&again=123456", "phone=13812345678&password=***&again=***");
    }

    #[test]
    fn json() {
        let check = |json: &str, expected: &str| {
            check("known", |mask| mask.json(json), expected);
            serde_json::from_str::<serde_json::Value>(expected).unwrap();
        };
        check(r#"{"n": 1.10, "s": "a\"b"}"#, r#"{"n": 1.10, "s": "a\"b"}"#);
        check(r#"{"password" : "s3\"cret","n":1.10}"#, r#"{"password" : "***","n":1.10}"#);
        check(
            r#"{"pass\u0077ord":["s3cret",{"a":"]"}],"password":123456,"x":123456}"#,
            r#"{"pass\u0077ord":"***","password":"***","x":"***"}"#,
        );
        check(r#"{"x":{"Password":"s3cret"},"x":"known"}"#, r#"{"x":{"Password":"***"},"x":"***"}"#);
        check(
            r#"{"x":[["password","s3cret"],["a","password"]],"type":"password","y":1}"#,
            r#"{"x":[["password","***"],["a","password"]],"type":"password","y":1}"#,
        );
        check(r#"{"x":"{\"password\":\"s3cret\"}","known":1}"#, r#"{"x":"***","***":1}"#);
        check("{\"password\":\ntrue\n}", "{\"password\":\n\"***\"\n}");
    }

    #[test]
    fn headers() {
        let check = |name: &str, value: &str, expected: &str| check("known", |mask| mask.header(name, value), expected);
        check("authorization", "Bearer abc", "***");
        check("cookie", "a=b", "***");
        check("x-auth-token", "abc", "***");
        check("referer", "http://x/?password=s3cret", "***");
        check("referer", "http://x/%6bnown", "***");
        check("user-agent", "curl/8", "curl/8");
    }

    #[test]
    fn replies_repeat_no_secret() {
        let check = |strict: bool, reply: &str, expected: &str| {
            check("known\na\"b", |mask| mask.reply(reply, strict), expected);
        };
        check(
            false,
            r#"{"detail":"no endpoint /known/a\"b, unknown","n":1.10}"#,
            r#"{"detail":"no endpoint /***/***, unknown","n":1.10}"#,
        );
        check(false, r#"{"password":"x"}"#, r#"{"password":"x"}"#);
        check(true, r#"{"detail":"the value of {password:x"}"#, r#""***""#);
    }

    #[test]
    fn what_comes_late_is_known() {
        let secrets = secrets();
        let mut mask = Mask::new(&secrets, "");
        assert_eq!(mask.query("a=s3cret"), "a=s3cret");
        mask.form(b"password=s3cret");
        assert_eq!((mask.known(), mask.query("a=s3cret").as_str()), (1, "a=***"));
    }
}
