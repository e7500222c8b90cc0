//! YAML as values that know where they stand.
//!
//! In: a source. Out: one `Node` for each document in it, or the place where it is no YAML. Aliases, depth and size are
//! bounded by the reader; nothing is included and nothing is filled in from outside.

use crate::json::Json;
use crate::source::{Source, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};
use std::fmt;

/// A value with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Numbers keep their lexeme where it is one of JSON's.
    Scalar(Json),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) span: Span,
}

/// The text is no YAML.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) span: Span,
    pub(super) message: String,
}

/// All documents of a file; those that are empty are left out.
pub(super) fn read(source: &Source) -> Result<Vec<Node>, Broken> {
    let options = serde_saphyr::options! { strict_booleans: true, leading_zero_numbers_as_strings: true, underscored_numbers_as_strings: true };
    let text = source.text();
    let documents: Vec<Spanned<Raw>> = serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let error = error.without_snippet();
        let span = error.location().map_or_else(Span::default, |location| at_error(location, text));
        // The message ends in a place of its own, which is drawn anyway.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Broken { span, message }
    })?;
    let nodes = documents.into_iter().map(|document| node(document, text));
    Ok(nodes.filter(|node| !matches!(node.value, Value::Scalar(Json::Null))).collect())
}

impl Node {
    /// As JSON; what is a map or a list, too.
    pub(super) fn json(&self) -> Json {
        match &self.value {
            Value::Scalar(json) => json.clone(),
            Value::List(items) => Json::Array(items.iter().map(Self::json).collect()),
            Value::Map(members) => {
                let mut object = Json::empty_object();
                for (key, value) in members {
                    object.set(&key.text, value.json());
                }
                object
            }
        }
    }

    /// The text of a scalar, `1006` and `"1006"` alike.
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(json) => json.scalar_text(),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
enum Raw {
    Scalar(Json),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let span = span(raw.referenced, text);
    let value = match raw.value {
        Raw::Scalar(json) => {
            let written = text.get(span.range()).unwrap_or_default();
            match json {
                Json::Number(_) if crate::json::is_number(written) => Value::Scalar(Json::Number(written.into())),
                other => Value::Scalar(other),
            }
        }
        Raw::List(items) => Value::List(items.into_iter().map(|item| node(item, text)).collect()),
        Raw::Map(members) => Value::Map(
            members
                .into_iter()
                .map(|(key, value)| {
                    (Key { span: self::span(key.referenced, text), text: key.value }, node(value, text))
                })
                .collect(),
        ),
    };
    // The reader knows where a map or a list begins; it ends with its last member.
    let last = match &value {
        Value::Map(members) => members.last().map(|(_, value)| value.span),
        Value::List(items) => items.last().map(|item| item.span),
        Value::Scalar(_) => None,
    };
    Node { span: last.map_or(span, |last| span.to(last)), value }
}

/// Errors know line and column only.
fn at_error(location: Location, text: &str) -> Span {
    let line = usize::try_from(location.line().saturating_sub(1)).unwrap_or_default();
    let column = usize::try_from(location.column().saturating_sub(1)).unwrap_or_default();
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>().min(text.len());
    let rest = text[start..].lines().next().unwrap_or_default();
    let (at, width) = rest.char_indices().nth(column).map_or((rest.len(), 0), |(at, c)| (at, c.len_utf8()));
    Span::new(start + at, start + at + width)
}

fn span(location: Location, text: &str) -> Span {
    let place = location.span();
    let start = place.byte_offset().and_then(|at| usize::try_from(at).ok()).unwrap_or_default().min(text.len());
    let length = place.byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    let start = text.floor_char_boundary(start);
    let end = text.floor_char_boundary((start + length).min(text.len()));
    Span::new(start, end.max(start))
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::Null))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::integer(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::Number(value.to_string().into())))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::Number(value.to_string().into())))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::Number(value.to_string().into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        // JSON has no infinity and no NaN: they stay words.
        let text = value.to_string();
        Ok(Raw::Scalar(if value.is_finite() { Json::Number(text.into()) } else { Json::string(text) }))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Json::string(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Raw::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand_and_numbers_stay_as_written() {
        let text = "a: 1.10\n用户: [x, \"00123\", 007]\n---\nb: true\nc: ~\n---\n";
        let source = Source::new("a.yaml", text);
        let documents = read(&source).unwrap();
        assert_eq!(documents.len(), 2);
        let Value::Map(members) = &documents[0].value else { panic!("no map") };
        let shown: Vec<(&str, &str, String)> = members
            .iter()
            .map(|(key, value)| (source.slice(key.span), source.slice(value.span), value.json().to_string()))
            .collect();
        assert_eq!(shown[0], ("a", "1.10", "1.10".to_owned()));
        assert_eq!((shown[1].0, shown[1].2.as_str()), ("用户", r#"["x","00123","007"]"#));
        assert_eq!(documents[1].json().to_string(), r#"{"b":true,"c":null}"#);
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        let source = Source::new("a.yaml", "name: x\nsteps: [a, b\nvars: {}\n");
        let broken = read(&source).unwrap_err();
        assert!(source.locate(broken.span.start).line >= 2 && !broken.message.is_empty(), "{broken:?}");
        let twice = read(&Source::new("a.yaml", "a: 1\na: 2\n")).unwrap_err();
        assert!(twice.message.contains("duplicate"), "{twice:?}");
        let line = |at: usize| match at {
            0 => "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned(),
            _ => format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 10].join(",")),
        };
        let bomb: String = (0..12).map(line).collect();
        assert!(read(&Source::new("a.yaml", bomb)).is_err());
    }
}
