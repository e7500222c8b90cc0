//! The words of a line, and the request that they make. Knows no reply.

use crate::talk::Ask;
use docsim::engine::request::{File, Value};
use docsim::json::Json;

/// Words apart by blanks; what stands in double quotes after `=` is one of them: `name="Mira Holt"`.
pub(super) fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, more) = rest.split_at(length(rest));
        words.push(word);
        rest = more.trim_start();
    }
    words
}

fn length(text: &str) -> usize {
    let to_blank = |from: usize| text[from..].find(' ').map_or(text.len(), |at| from + at);
    let blank = to_blank(0);
    let Some(open) = text[..blank].find("=\"").map(|at| at + 2) else { return blank };
    let mut escaped = false;
    for (at, sign) in text[open..].char_indices() {
        match sign {
            '"' if !escaped => return to_blank(open + at),
            _ => escaped = sign == '\\' && !escaped,
        }
    }
    blank
}

/// A value without the quotes around it.
pub(super) fn plain(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// A value as JSON where it is that, as text where it is not.
pub(super) fn json_or_text(value: &str) -> Json {
    json(value).unwrap_or_else(|_| Json::string(value))
}

pub(super) fn json(text: &str) -> Result<Json, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))?;
    Ok(Json::from(&value))
}

/// One value of a request: `phone=1`, `json:list=[1,2]`, `header:token=x`.
#[derive(Clone)]
pub(super) struct Part {
    place: Place,
    name: String,
    value: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The form body, or the query of a request that has none.
    Plain,
    Query,
    Json,
    Header,
    Cookie,
    File,
}

impl Part {
    pub(super) fn read(word: &str) -> Result<Self, String> {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("no = in {word}"))?;
        let (place, name) = name.split_once(':').map_or((Place::Plain, name), |(place, name)| {
            let place = match place {
                "query" => Some(Place::Query),
                "json" => Some(Place::Json),
                "header" => Some(Place::Header),
                "cookie" => Some(Place::Cookie),
                "file" => Some(Place::File),
                _ => None,
            };
            place.map_or((Place::Plain, ""), |place| (place, name))
        });
        if name.is_empty() {
            return Err(format!("nothing is sent as {word}"));
        }
        Ok(Self { place, name: name.to_owned(), value: value.to_owned() })
    }

    /// Whether both stand for the same value of a request.
    pub(super) fn is_in_place_of(&self, other: &Self) -> bool {
        self.place == other.place && self.name.eq_ignore_ascii_case(&other.name)
    }

    fn put(&self, ask: &mut Ask) -> Result<(), String> {
        let (name, text) = (self.name.clone(), plain(&self.value).to_owned());
        match self.place {
            Place::Plain => ask.put(&name, &text),
            Place::Query => ask.query.push((name, text)),
            Place::Header => ask.headers.push((name, text)),
            Place::Cookie => {
                let known = ask.headers.iter_mut().find(|(known, _)| known == COOKIE);
                match known {
                    Some((_, cookies)) => cookies.extend(["; ", &name, "=", &text]),
                    None => ask.headers.push((COOKIE.to_owned(), format!("a=b; {name}={text}"))),
                }
            }
            Place::Json => ask.body.push((
                name,
                match json(&self.value)? {
                    Json::String(text) => Value::Text(text.to_string().into()),
                    other => Value::Json(other),
                },
            )),
            Place::File => ask.body.push((name, Value::File(file(text)))),
        }
        Ok(())
    }
}

const COOKIE: &str = "Cookie";

/// A target is a path with its query; of an address that a reply named, that part.
pub(super) fn ask(method: &str, target: &str, parts: &[Part]) -> Result<Ask, String> {
    let absolute = target.strip_prefix("http://").or_else(|| target.strip_prefix("https://"));
    let target = absolute.map_or(target, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut ask = Ask::new(method, path, &[]);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    ask.query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for part in parts {
        part.put(&mut ask)?;
    }
    Ok(ask)
}

/// A small file of the type that its name says: a picture of one pixel, or a line of text.
fn file(name: String) -> File {
    let (content_type, bytes): (&str, &'static [u8]) = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "png" => ("image/png", PNG),
        "jpg" => ("image/jpeg", JPEG),
        "gif" => ("image/gif", GIF),
        _ => ("text/plain", b"No picture.\n"),
    };
    File { name, content_type: content_type.to_owned(), bytes: bytes.into() }
}

const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\xdach\0\0\0\x82\0\
    \x81\xdaE\x08;\0\0\0\0IEND\xaeB`\x82";

const JPEG: &[u8] =
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0C\0\x01\x01\x01\x01\x01\x01\x01\x01\
    \x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\
    \x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\
    \x01\x01\x01\x01\x01\x01\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0\xff\xc4\0\x14\0\x01\0\0\0\0\0\0\
    \0\0\0\0\0\0\0\0\0\0\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xda\0\x08\x01\x01\0\0\
    ?\0?\xff\xd9";

const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

#[test]
fn a_quoted_value_is_one_word() {
    let line = r#"json:a="x \" y" name="Mira Holt" list=["a","b"] empty= cookie:b="1 2" "said""#;
    let found = words(line);
    assert_eq!(
        found,
        [r#"json:a="x \" y""#, r#"name="Mira Holt""#, r#"list=["a","b"]"#, "empty=", r#"cookie:b="1 2""#, r#""said""#]
    );
    let parts: Vec<Part> = found[..5].iter().map(|word| Part::read(word).expect("a value")).collect();
    let ask = ask("POST", "https://shop.test/a?b=c", &parts).expect("a request");
    assert_eq!(ask.path, "/a");
    assert_eq!(ask.headers, [("Cookie".to_owned(), "a=b; b=1 2".to_owned())]);
    let sent: Vec<_> = ask.body.iter().map(|(name, value)| format!("{name} {value:?}")).collect();
    assert_eq!(
        sent,
        [r#"a Text("x \" y")"#, r#"name Text("Mira Holt")"#, r#"list Text("[\"a\",\"b\"]")"#, r#"empty Text("")"#]
    );
}
