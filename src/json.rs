//! JSON values as documents write them: members in order, numbers as their lexemes (`1.10` and 30-digit ids survive).
//!
//! A leaf: knows nobody. Cloning is cheap (texts are shared), because records and replies are made of these.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    /// A JSON number's lexeme (RFC 8259 §6), kept as written. Only valid lexemes are put here.
    Number(Arc<str>),
    String(Arc<str>),
    Array(Vec<Json>),
    /// In the order written; a key that comes twice has its last value at its first place.
    Object(Vec<(Arc<str>, Json)>),
}

impl Json {
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    pub fn integer(number: i64) -> Self {
        Self::Number(number.to_string().into())
    }

    pub fn empty_object() -> Self {
        Self::Object(Vec::new())
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&[(Arc<str>, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn is_scalar(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// The text of a scalar as a form field or a code table would write it: `1006` for both `1006` and `"1006"`.
    pub fn scalar_text(&self) -> Option<&str> {
        match self {
            Self::Null | Self::Array(_) | Self::Object(_) => None,
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Number(text) | Self::String(text) => Some(text),
        }
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.iter().find(|(name, _)| &**name == key).map(|(_, value)| value)
    }

    /// Sets a member, at its place if it is there, else at the end. Does nothing to what is no object.
    pub fn set(&mut self, key: &str, value: Self) {
        if let Self::Object(members) = self {
            match members.iter_mut().find(|(name, _)| &**name == key) {
                Some((_, old)) => *old = value,
                None => members.push((key.into(), value)),
            }
        }
    }

    pub fn remove(&mut self, key: &str) {
        if let Self::Object(members) = self {
            members.retain(|(name, _)| &**name != key);
        }
    }

    /// The value at a path of keys and indices.
    pub fn at<'j>(&'j self, path: &[Step]) -> Option<&'j Self> {
        path.iter().try_fold(self, |value, step| match (value, step) {
            (Self::Object(_), Step::Key(key)) => value.get(key),
            (Self::Array(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
    }

    /// Every value in it that is neither an object nor an array, with its path, in the order written.
    pub fn leaves(&self) -> Vec<(Vec<Step>, &Self)> {
        fn walk<'j>(value: &'j Json, path: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, &'j Json)>) {
            let mut below = |step: Step, value: &'j Json| {
                path.push(step);
                walk(value, path, found);
                path.pop();
            };
            match value {
                Json::Object(members) => members.iter().for_each(|(key, value)| below(Step::Key(key.clone()), value)),
                Json::Array(items) => items.iter().enumerate().for_each(|(at, item)| below(Step::Index(at), item)),
                scalar => found.push((path.clone(), scalar)),
            }
        }
        let mut found = Vec::new();
        walk(self, &mut Vec::new(), &mut found);
        found
    }

    /// Replaces the value at a path that is there; does nothing if it is not.
    pub fn set_at(&mut self, path: &[Step], value: Self) {
        let Some((step, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        let inner = match (self, step) {
            (Self::Object(members), Step::Key(key)) => {
                members.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            (Self::Array(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        };
        if let Some(inner) = inner {
            inner.set_at(rest, value);
        }
    }

    /// `text` in the form of `self`: a number where the example has a number and the text is one, a boolean likewise, else a string.
    #[must_use]
    pub fn in_form(&self, text: &str) -> Self {
        match self {
            Self::Number(_) if is_number(text) => Self::Number(text.into()),
            Self::Bool(_) => match text {
                "true" | "1" => Self::Bool(true),
                "false" | "0" | "" => Self::Bool(false),
                _ => Self::string(text),
            },
            _ => Self::string(text),
        }
    }

    /// Appends `text` in the form of `self`, as `in_form` has it.
    pub fn write_in_form(&self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Number(_) if is_number(text) => out.extend_from_slice(text.as_bytes()),
            Self::Bool(_) => self.in_form(text).write(out),
            _ => write_string(text, out),
        }
    }

    /// The empty value of the same type: `""`, `0`, `false`, `[]`, `{}`, null.
    #[must_use]
    pub fn emptied(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Bool(_) => Self::Bool(false),
            Self::Number(_) => Self::Number("0".into()),
            Self::String(_) => Self::string(""),
            Self::Array(_) => Self::Array(Vec::new()),
            Self::Object(_) => Self::empty_object(),
        }
    }

    /// Appends the compact text.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Number(lexeme) => out.extend_from_slice(lexeme.as_bytes()),
            Self::String(text) => write_string(text, out),
            Self::Array(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Object(members) => {
                out.push(b'{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_string(key, out);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
        }
    }
}

/// One step of a path into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    Key(Arc<str>),
    Index(usize),
}

/// `$.data.list[0].id`, as RFC 9535 has it; what is no plain ASCII name stands in brackets.
pub fn path_text(path: &[Step]) -> String {
    let is_plain = |key: &str| {
        let mut bytes = key.bytes();
        bytes.next().is_some_and(|byte| byte == b'_' || byte.is_ascii_alphabetic())
            && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
    };
    path.iter().fold("$".to_owned(), |text, step| match step {
        Step::Key(key) if is_plain(key) => format!("{text}.{key}"),
        Step::Key(key) => format!("{text}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
        Step::Index(at) => format!("{text}[{at}]"),
    })
}

/// Appends a JSON string with its quotes.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    // Nearly all texts have nothing to escape.
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
        return;
    }
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0x08 => b"\\b",
            0x0c => b"\\f",
            0..=0x1f => {
                out.extend_from_slice(&text.as_bytes()[from..at]);
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                from = at + 1;
                continue;
            }
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[from..at]);
        out.extend_from_slice(escape);
        from = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    out.push(b'"');
}

/// Whether `text` is a number by RFC 8259 §6.
pub fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::new();
        self.write(&mut out);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(lexeme) => match serde_json::value::RawValue::from_string(lexeme.to_string()) {
                Ok(raw) => raw.serialize(serializer),
                Err(_) => serializer.serialize_str(lexeme),
            },
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(item)?;
                }
                seq.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(&**key, value)?;
                }
                map.end()
            }
        }
    }
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::Number(number.to_string().into()),
            serde_json::Value::String(text) => Self::string(text.as_str()),
            serde_json::Value::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(members) => {
                Self::Object(members.iter().map(|(key, value)| (key.as_str().into(), Self::from(value))).collect())
            }
        }
    }
}

impl From<&Json> for serde_json::Value {
    /// Numbers that 64 bits cannot hold become `f64`, as `serde_json` itself reads them.
    fn from(value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(lexeme) => serde_json::from_str(lexeme).unwrap_or_else(|_| Self::String(lexeme.to_string())),
            Json::String(text) => Self::String(text.to_string()),
            Json::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Json::Object(members) => {
                Self::Object(members.iter().map(|(key, value)| (key.to_string(), Self::from(value))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard() {
        for good in ["0", "-0", "10", "1.10", "1e400", "-2.5E-3", "123456789012345678901234567890"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "+1", "1e", "0x1F", "NaN", "1 "] {
            assert!(!is_number(bad), "{bad}");
        }
    }

    #[test]
    fn text_round_trips_through_serde_json() {
        let value = Json::Object(vec![
            ("a\"\\\n\u{1}".into(), Json::string("汉字\t\u{7f}")),
            ("n".into(), Json::Array(vec![Json::Number("1.10".into()), Json::Null, Json::Bool(true)])),
        ]);
        let parsed: serde_json::Value = serde_json::from_str(&value.to_string()).unwrap();
        assert_eq!(parsed["a\"\\\n\u{1}"], "汉字\t\u{7f}");
        assert_eq!(serde_json::to_string(&value).unwrap(), value.to_string());
    }
}
