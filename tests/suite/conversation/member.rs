//! What a line says of a member of a reply. Knows no request.

use super::line::json;
use super::same;
use docsim::json::Json;

/// One thing said of a member.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Claim {
    /// Compared as JSON: `1` is not `"1"`.
    Is(Json),
    IsNot(Json),
    Like(Json),
    Has(usize),
    Absent,
    Present,
}

impl Claim {
    /// The words behind the path, and the same as text; none where they claim nothing.
    pub(super) fn read(words: &[&str], text: &str) -> Option<Result<Self, String>> {
        let value = || json(text.trim_start().split_once(' ').map_or("", |(_, value)| value.trim()));
        Some(match words {
            ["=", ..] => value().map(Self::Is),
            ["!=", ..] => value().map(Self::IsNot),
            ["like", ..] => value().map(Self::Like),
            ["has", count] => count.parse().map(Self::Has).map_err(|error| format!("{count}: {error}")),
            ["absent"] => Ok(Self::Absent),
            ["present"] => Ok(Self::Present),
            _ => return None,
        })
    }

    /// What is otherwise in the reply.
    pub(super) fn holds(&self, reply: &Json, path: &str) -> Result<(), String> {
        self.walk(reply, &keys(path)).map_err(|what| format!("{what}\n    in {}", beginning(&reply.to_string())))
    }

    fn walk(&self, value: &Json, keys: &[&str]) -> Result<(), String> {
        match keys.split_first() {
            None => self.holds_of(Some(value)),
            Some((&"*", rest)) => match items(value).as_slice() {
                [] => Err("expected items\n    found    none".to_owned()),
                items => items.iter().try_for_each(|item| self.walk(item, rest)),
            },
            Some((&"?", rest)) => {
                let found = items(value).into_iter().any(|item| self.walk(item, rest).is_ok());
                if found { Ok(()) } else { Err("expected such an item\n    found    none".to_owned()) }
            }
            Some((key, rest)) => match child(value, key) {
                Some(inner) => self.walk(inner, rest),
                None => self.holds_of(None),
            },
        }
    }

    fn holds_of(&self, member: Option<&Json>) -> Result<(), String> {
        let found = member.map_or_else(|| "no such member".to_owned(), Json::to_string);
        let (holds, wanted) = match self {
            Self::Is(wanted) => (member == Some(wanted), wanted.to_string()),
            Self::IsNot(other) => (member.is_some_and(|member| member != other), format!("another than {other}")),
            Self::Like(example) => {
                (member.is_some_and(|member| is_like(member, example)), format!("one like {example}"))
            }
            Self::Has(count) => {
                let size = member.and_then(size);
                return same(&size.map_or(found, |size| format!("{size} items")), &format!("{count} items"));
            }
            Self::Absent => (member.is_none(), "no such member".to_owned()),
            Self::Present => (member.is_some(), "a member".to_owned()),
        };
        if holds { Ok(()) } else { Err(format!("expected {wanted}\n    found    {found}")) }
    }
}

/// The value at a path without `*` and `?`.
pub(super) fn at<'j>(reply: &'j Json, path: &str) -> Option<&'j Json> {
    keys(path).into_iter().try_fold(reply, child)
}

/// The beginning of what is too long to be read.
pub(super) fn beginning(text: &str) -> String {
    const ROOM: usize = 400;
    if text.chars().count() <= ROOM {
        return text.to_owned();
    }
    text.chars().take(ROOM).chain(['…']).collect()
}

fn keys(path: &str) -> Vec<&str> {
    path.split('.').filter(|key| !key.is_empty()).collect()
}

fn child<'j>(value: &'j Json, key: &str) -> Option<&'j Json> {
    match value {
        Json::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => value.get(key),
    }
}

fn items(value: &Json) -> Vec<&Json> {
    match value {
        Json::Array(items) => items.iter().collect(),
        Json::Object(members) => members.iter().map(|(_, member)| member).collect(),
        _ => Vec::new(),
    }
}

fn size(value: &Json) -> Option<usize> {
    matches!(value, Json::Array(_) | Json::Object(_)).then(|| items(value).len())
}

fn is_like(found: &Json, example: &Json) -> bool {
    match (found, example) {
        (Json::Number(found), Json::Number(example)) => {
            let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            // Seconds are no milliseconds: of what is as long as a moment, the length counts.
            whole(found) == whole(example) && (example.len() < 10 || found.len() == example.len())
        }
        (Json::String(found), Json::String(example)) => is_text_like(found, example),
        _ => false,
    }
}

fn is_text_like(found: &str, example: &str) -> bool {
    let (found, example): (Vec<char>, Vec<char>) = (found.chars().collect(), example.chars().collect());
    if found.len() != example.len() {
        return false;
    }
    let (mut at, mut drawn, mut like) = (0, Vec::new(), Vec::new());
    // A run of letters and digits at a time, with the mark behind it.
    let holds = example.split_inclusive(|sign| !sign.is_ascii_alphanumeric()).all(|piece| {
        let there = &found[at..at + piece.len()];
        at += piece.len();
        let run = piece.iter().take_while(|sign| sign.is_ascii_alphanumeric()).count();
        if is_form(&piece[..run]) {
            return there.iter().zip(piece).all(|(found, example)| is_same_kind(*found, *example));
        }
        drawn.extend_from_slice(&there[..run]);
        like.extend_from_slice(&piece[..run]);
        there[run..] == piece[run..]
    });
    holds && is_of_alphabet(&drawn, &like)
}

/// Letters and then digits are a form (`BX20230405`), digits before letters an opaque text of some alphabet (`4f9a2c`).
fn is_form(run: &[char]) -> bool {
    run.iter().skip_while(|sign| sign.is_ascii_alphabetic()).all(char::is_ascii_digit)
}

fn is_of_alphabet(found: &[char], example: &[char]) -> bool {
    let is_hexadecimal = |sign: &char| matches!(sign, '0'..='9' | 'a'..='f');
    if example.iter().all(is_hexadecimal) {
        return found.iter().all(is_hexadecimal);
    }
    let has_such = |found: &char| example.iter().any(|example| class(*example) == class(*found));
    found.iter().all(|found| found.is_ascii_alphanumeric() && has_such(found))
}

fn is_same_kind(found: char, example: char) -> bool {
    if example.is_ascii_alphanumeric() { class(found) == class(example) } else { found == example }
}

fn class(sign: char) -> Option<u8> {
    match sign {
        '0'..='9' => Some(0),
        'a'..='z' => Some(1),
        'A'..='Z' => Some(2),
        _ => None,
    }
}

#[test]
fn claims_hold_of_what_they_say_and_of_nothing_else() {
    let reply = json(
        r#"{"code": 0, "none": null, "list": [{"id": 7, "status": "1"}, {"id": 8, "status": "1"}], "by": {"a": {"n": 2}}, "empty": []}"#,
    )
    .expect("JSON");
    let check = |line: &str, holds: bool| {
        let words: Vec<&str> = line.split(' ').collect();
        let claim = Claim::read(&words[1..], &line[words[0].len()..]).expect("a claim").expect("a value");
        assert_eq!(claim.holds(&reply, words[0]).is_ok(), holds, "{line}");
    };
    for line in [
        "code = 0",
        "code != \"0\"",
        "list has 2",
        "empty has 0",
        ". has 5",
        "list.*.status = \"1\"",
        "list.?.id = 8",
        "list.1.id = 8",
        "list.?.id like 9",
        "list.*.id like 123",
        "by.*.n = 2",
        "by.a has 1",
        "no absent",
        "no.such absent",
        "none present",
        "none = null",
        "list.*.gone absent",
    ] {
        check(line, true);
    }
    for line in [
        "code = \"0\"",
        "code != 0",
        "no != 0",
        "list has 1",
        "code has 0",
        "no has 0",
        "list.*.id = 7",
        "list.?.id = 9",
        "empty.*.id = 7",
        "empty.?.id = 7",
        "empty.*.id absent",
        "list.2.id = 8",
        "code like \"0\"",
        "no like 1",
        "none absent",
        "no present",
        "no = null",
    ] {
        check(line, false);
    }
}

#[test]
fn likeness_is_of_form() {
    let check = |found: &str, example: &str| is_like(&json(found).expect("JSON"), &json(example).expect("JSON"));
    for (found, example) in [
        (r#""2026-01-02 03:04:05""#, r#""2023-04-05 09:00:00""#),
        (r#""TCK-7""#, r#""ABC-1""#),
        (r#""usr_00ff00""#, r#""usr_4f9a2c""#),
        (r#""aaaaaaaa""#, r#""d5Jx0aQ7""#),
        (r#""Ab3Ab3Ab.Zz9""#, r#""eyJ0eXAi.3b7""#),
        ("12345", "7"),
        ("1680656401", "1680656400"),
    ] {
        assert!(check(found, example), "{found} like {example}");
    }
    for (found, example) in [
        (r#""2026-01-02T03:04:05""#, r#""2023-04-05 09:00:00""#),
        (r#""2026-1-2 03:04:05""#, r#""2023-04-05 09:00:00""#),
        (r#""7""#, r#""18""#),
        (r#""tck-7""#, r#""ABC-1""#),
        (r#""usr_00fg00""#, r#""usr_4f9a2c""#),
        (r#""aaaa-aaa""#, r#""d5Jx0aQ7""#),
        (r#""0sr_4f9a2c""#, r#""usr_4f9a2c""#),
        (r#""7""#, "7"),
        ("7.5", "7"),
        ("1680656400000", "1680656400"),
        ("null", "7"),
    ] {
        assert!(!check(found, example), "{found} like {example}");
    }
}
