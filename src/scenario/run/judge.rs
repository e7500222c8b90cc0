//! Whether a reply is what a step expects.
//!
//! In: a reply, the endpoint that it is of, expectations with all names filled in. Out: one line a demand: what was wanted,
//! what there was.

use crate::client::Reply;
use crate::generation::Generation;
use crate::json::Json;
use crate::scenario::ast::{Expect, Matcher, Path, Test, What};
use crate::scenario::fill::{self, Names, Unfilled};
use crate::scenario::result::{CheckRan, Outcome};
use serde_json::Value;

/// The value that stands for something that is not there.
const ABSENT: &str = "nothing";
/// Longer values are cut where they are shown.
const SHOWN: usize = 300;

/// A reply with its body read once.
pub(super) struct Read<'r> {
    pub(super) reply: &'r Reply,
    pub(super) json: Option<Value>,
    pub(super) outcome: Outcome,
}

impl<'r> Read<'r> {
    /// `endpoint` is none for the admin interface: there a success is an HTTP status of 2xx.
    pub(super) fn new(generation: &Generation, endpoint: Option<usize>, reply: &'r Reply) -> Self {
        let json = serde_json::from_slice(&reply.body).ok();
        let is_fine = (200..300).contains(&reply.http_status);
        let outcome = match endpoint {
            Some(endpoint) => outcome(generation, endpoint, reply),
            None => Outcome { is_success: is_fine, code: Some(reply.http_status.to_string()), message: None },
        };
        Self { reply, json, outcome }
    }
}

/// What a reply is by the documents: a success or a failure, with its code and words.
pub fn outcome(generation: &Generation, endpoint: usize, reply: &Reply) -> Outcome {
    let documented = &generation.set.endpoints[endpoint];
    let envelope = generation.set.envelope(documented);
    let is_fine = (200..300).contains(&reply.http_status);
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else {
        return Outcome { is_success: is_fine && reply.body.is_empty(), code: None, message: None };
    };
    let body = Json::from(&body);
    let code = envelope.code_of(&body).map(|(_, code)| code.to_owned());
    let message = envelope.message_of(&body).map(|(_, message)| message.to_owned());
    let says = |example: &crate::spec::Example| envelope.message_of(&example.value).map(|(_, text)| text.to_owned());
    let is_error_message = || {
        message.is_some()
            && documented.errors().any(|example| says(example) == message)
            && !documented.successes().any(|example| says(example) == message)
    };
    let is_error_code = || code.as_deref().is_some_and(|code| documented.codes.get(code).is_some());
    let is_success = match envelope.is_success(&body) {
        Some(success) => success && !is_error_message(),
        None => is_fine && !is_error_code() && !is_error_message(),
    };
    Outcome { is_success, code, message }
}

/// All demands; without one a call has to succeed. Fails with a name that stands for nothing.
pub(super) fn judge(expects: &[Expect], read: &Read<'_>, names: &Names) -> Result<Vec<CheckRan>, Unfilled> {
    if expects.is_empty() {
        return Ok(vec![success(read, true)]);
    }
    expects.iter().map(|expect| demand(&expect.what, read, names)).collect()
}

fn demand(what: &What, read: &Read<'_>, names: &Names) -> Result<CheckRan, Unfilled> {
    Ok(match what {
        What::Success => success(read, true),
        What::Failure => success(read, false),
        What::Code(code) => {
            let wanted = fill::fill(code, names)?;
            let got = read.outcome.code.clone();
            let holds = got.as_deref() == wanted.scalar_text();
            CheckRan {
                what: "code".to_owned(),
                expected: plain(&wanted),
                got: told(got, read),
                holds,
                holds_as_text: holds,
            }
        }
        What::Message(test) => {
            let got = read.outcome.message.as_deref().map(|text| Value::String(text.to_owned()));
            tested("message", test, got.as_ref(), names)?
        }
        What::HttpStatus(test) => tested("http_status", test, Some(&Value::from(read.reply.http_status)), names)?,
        What::At(path, test) => at(path, test, read, names)?,
    })
}

fn success(read: &Read<'_>, wanted: bool) -> CheckRan {
    let name = |success: bool| if success { "success" } else { "failure" }.to_owned();
    let Outcome { is_success, code, message } = &read.outcome;
    let mut got = name(*is_success);
    if *is_success != wanted {
        let words: Vec<&str> = code.iter().chain(message).map(String::as_str).collect();
        got = format!("{got} {} (HTTP {})", words.join(" "), read.reply.http_status);
    }
    let holds = *is_success == wanted;
    CheckRan { what: "outcome".to_owned(), expected: name(wanted), got, holds, holds_as_text: holds }
}

fn told(code: Option<String>, read: &Read<'_>) -> String {
    let words = read.outcome.message.as_deref().unwrap_or_default();
    match code {
        Some(code) => format!("{code} {words}").trim_end().to_owned(),
        None => format!("no code (HTTP {})", read.reply.http_status),
    }
}

fn at(path: &Path, test: &Test, read: &Read<'_>, names: &Names) -> Result<CheckRan, Unfilled> {
    let found = read.json.as_ref().map(|json| path.find(json)).unwrap_or_default();
    match found.as_slice() {
        [] => tested(path.text(), test, None, names),
        [only] => tested(path.text(), test, Some(only), names),
        // A path with a wildcard is about all that it finds.
        several => tested(path.text(), test, Some(&Value::Array(several.iter().copied().cloned().collect())), names),
    }
}

fn tested(what: &str, test: &Test, got: Option<&Value>, names: &Names) -> Result<CheckRan, Unfilled> {
    let (expected, holds, holds_as_text) = match test {
        Test::Equals(wanted) => {
            let wanted = fill::fill(wanted, names)?;
            let holds = |types: Types| got.is_some_and(|got| equal(&wanted, got, types));
            (wanted.to_string(), holds(Types::Count), holds(Types::Differ))
        }
        Test::Matches(matchers) => {
            let mut shown = Vec::new();
            let (mut holds, mut holds_as_text) = (true, true);
            for matcher in matchers {
                let value = fill::fill(&matcher.value(), names)?;
                holds &= matches(matcher, &value, got, Types::Count);
                holds_as_text &= matches(matcher, &value, got, Types::Differ);
                shown.push(format!("{} {value}", matcher.name()));
            }
            (shown.join(", "), holds, holds_as_text)
        }
    };
    let got = got.map_or_else(|| ABSENT.to_owned(), |got| cut(&got.to_string()));
    Ok(CheckRan { what: what.to_owned(), expected: cut(&expected), got, holds, holds_as_text })
}

/// `value` is the matcher's own, filled in.
fn matches(matcher: &Matcher, value: &Json, got: Option<&Value>, types: Types) -> bool {
    if let Matcher::Exists(exists) = matcher {
        return got.is_some() == *exists;
    }
    let Some(got) = got else { return matches!(matcher, Matcher::Not(_) | Matcher::Lacks(_)) };
    match matcher {
        Matcher::Exists(_) => false,
        Matcher::Type(name) => is_type(name, got),
        Matcher::Equals(_) => equal(value, got, types),
        Matcher::Not(_) => !equal(value, got, types),
        Matcher::OneOf(_) => value.as_array().is_some_and(|values| values.iter().any(|value| equal(value, got, types))),
        Matcher::Contains(_) => contains(value, got, types),
        Matcher::ContainsOnce(_) => {
            got.as_array().is_some_and(|items| items.iter().filter(|item| is_like(value, item, types)).count() == 1)
        }
        Matcher::Lacks(_) => !contains(value, got, Types::Differ),
        Matcher::MoreThan(_) => compare(value, got).is_some_and(|(wanted, got)| got > wanted),
        Matcher::LessThan(_) => compare(value, got).is_some_and(|(wanted, got)| got < wanted),
        Matcher::AtLeast(_) => compare(value, got).is_some_and(|(wanted, got)| got >= wanted),
        Matcher::AtMost(_) => compare(value, got).is_some_and(|(wanted, got)| got <= wanted),
        Matcher::Length(_) => length(got).is_some_and(|got| value.scalar_text() == Some(got.to_string().as_str())),
    }
}

/// Whether `7` and `"7"` are two things or one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Types {
    Count,
    Differ,
}

/// Equal as JSON: numbers by their value, members in any order.
fn equal(wanted: &Json, got: &Value, types: Types) -> bool {
    match (wanted, got) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(wanted), Value::Bool(got)) => wanted == got,
        (Json::Number(wanted), Value::Number(got)) => {
            let got = got.to_string();
            // Ids of 19 digits that differ in the last one are one number as floating points.
            match (wanted.parse::<i128>(), got.parse::<i128>()) {
                (Ok(wanted), Ok(got)) => wanted == got,
                _ => {
                    matches!((wanted.parse::<f64>(), got.parse::<f64>()), (Ok(wanted), Ok(got)) if wanted.total_cmp(&got).is_eq())
                }
            }
        }
        (Json::String(wanted), Value::String(got)) => **wanted == **got,
        (Json::Array(wanted), Value::Array(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| equal(wanted, got, types))
        }
        (Json::Object(wanted), Value::Object(got)) => {
            wanted.len() == got.len()
                && wanted.iter().all(|(name, wanted)| got.get(&**name).is_some_and(|got| equal(wanted, got, types)))
        }
        (wanted, Value::String(got)) if types == Types::Differ => wanted.scalar_text() == Some(got.as_str()),
        (wanted, got @ (Value::Number(_) | Value::Bool(_))) if types == Types::Differ => {
            wanted.scalar_text() == Some(got.to_string().as_str())
        }
        _ => false,
    }
}

fn is_type(name: &str, got: &Value) -> bool {
    match name {
        "string" => got.is_string(),
        "number" => got.is_number(),
        "integer" => got.is_i64() || got.is_u64(),
        "boolean" => got.is_boolean(),
        "array" => got.is_array(),
        "object" => got.is_object(),
        _ => got.is_null(),
    }
}

fn contains(wanted: &Json, got: &Value, types: Types) -> bool {
    match got {
        Value::String(got) => wanted.scalar_text().is_some_and(|wanted| got.contains(wanted)),
        Value::Array(items) => items.iter().any(|item| is_like(wanted, item, types)),
        Value::Object(members) => {
            wanted.scalar_text().is_some_and(|name| members.contains_key(name)) || has_members(wanted, got, types)
        }
        _ => false,
    }
}

/// Whether an item of a list is what is looked for.
fn is_like(wanted: &Json, item: &Value, types: Types) -> bool {
    equal(wanted, item, types) || has_members(wanted, item, types)
}

/// Every member of `wanted` is there with its value.
fn has_members(wanted: &Json, got: &Value, types: Types) -> bool {
    let (Json::Object(wanted), Value::Object(got)) = (wanted, got) else { return false };
    wanted.iter().all(|(name, wanted)| got.get(&**name).is_some_and(|got| equal(wanted, got, types)))
}

/// Both as numbers; a text that is a number counts as one.
fn compare(wanted: &Json, got: &Value) -> Option<(f64, f64)> {
    let got = match got {
        Value::Number(got) => got.as_f64()?,
        Value::String(got) => got.trim().parse().ok()?,
        _ => return None,
    };
    Some((wanted.scalar_text()?.trim().parse().ok()?, got))
}

fn length(got: &Value) -> Option<usize> {
    match got {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        _ => None,
    }
}

fn plain(value: &Json) -> String {
    value.scalar_text().map_or_else(|| value.to_string(), str::to_owned)
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHOWN).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers() {
        let check = |matcher: Matcher, got: &str, expected: bool| {
            let got: Option<Value> = serde_json::from_str(got).ok();
            assert_eq!(
                matches(&matcher, &matcher.value(), got.as_ref(), Types::Count),
                expected,
                "{matcher:?} {got:?}"
            );
        };
        let (text, number) = (Json::string, Json::integer);
        check(Matcher::Exists(false), "", true);
        check(Matcher::Exists(true), "null", true);
        check(Matcher::Not(text("a")), "", true);
        check(Matcher::Type("integer".into()), "1", true);
        check(Matcher::Type("integer".into()), "1.5", false);
        check(Matcher::Type("string".into()), "\"1\"", true);
        check(Matcher::Equals(number(1)), "1.0", true);
        check(Matcher::Equals(number(1)), "\"1\"", false);
        check(Matcher::OneOf(vec![number(1), text("a")]), "\"a\"", true);
        check(Matcher::Contains(text("验")), "\"验证码\"", true);
        check(Matcher::Contains(number(2)), "[1,2]", true);
        check(Matcher::AtLeast(number(2)), "\"2\"", true);
        check(Matcher::MoreThan(number(2)), "2", false);
        check(Matcher::LessThan(number(2)), "1", true);
        check(Matcher::AtMost(text("x")), "1", false);
        check(Matcher::Length(number(3)), "\"验证码\"", true);
        let mut member = Json::empty_object();
        member.set("id", number(7));
        check(Matcher::Contains(member.clone()), r#"[{"id":7,"a":1}]"#, true);
        check(Matcher::Contains(member.clone()), r#"[{"id":"7"}]"#, false);
        check(Matcher::ContainsOnce(member.clone()), r#"[{"id":7,"a":1},{"id":8}]"#, true);
        check(Matcher::ContainsOnce(member.clone()), r#"[{"id":7,"a":1},{"id":7}]"#, false);
        check(Matcher::ContainsOnce(member.clone()), "[]", false);
        check(Matcher::Lacks(member.clone()), r#"[{"id":"7"}]"#, false);
        check(Matcher::Lacks(member), r#"[{"id":8}]"#, true);
        check(Matcher::Lacks(number(2)), "", true);
    }
}
