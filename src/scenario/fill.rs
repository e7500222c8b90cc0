//! `${name}` in values: found, and replaced.

use crate::json::Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for something in every scenario: `run` is another text in each run against a server.
pub const BUILT_IN: [&str; 1] = ["run"];

/// The names that a run knows so far.
pub type Names = BTreeMap<String, Json>;

/// Every name in the texts of a value, in their order.
pub fn names(value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    each_text(value, &mut |text| {
        for piece in pieces(text) {
            if let Piece::Name(name) = piece {
                found.push(name.to_owned());
            }
        }
    });
    found
}

/// The value with all names replaced; the first that stands for nothing otherwise. A text that is nothing but a name
/// becomes what it stands for, whatever its type.
pub fn fill(value: &Json, names: &Names) -> Result<Json, String> {
    match value {
        Json::String(text) => fill_text(text, names),
        Json::Array(items) => items.iter().map(|item| fill(item, names)).collect::<Result<_, _>>().map(Json::Array),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| Ok((Arc::clone(name), fill(value, names)?)));
            members.collect::<Result<_, String>>().map(Json::Object)
        }
        other => Ok(other.clone()),
    }
}

fn fill_text(text: &Arc<str>, names: &Names) -> Result<Json, String> {
    if !text.contains("${") {
        return Ok(Json::String(Arc::clone(text)));
    }
    let known = |name: &str| names.get(name).ok_or_else(|| name.to_owned());
    let pieces: Vec<Piece<'_>> = pieces(text).collect();
    if let [Piece::Name(name)] = pieces.as_slice() {
        return known(name).cloned();
    }
    let mut filled = String::new();
    for piece in pieces {
        match piece {
            Piece::Plain(text) => filled.push_str(text),
            Piece::Name(name) => {
                let value = known(name)?;
                match value.scalar_text() {
                    Some(text) => filled.push_str(text),
                    None if *value == Json::Null => {}
                    None => filled.push_str(&value.to_string()),
                }
            }
        }
    }
    Ok(Json::string(filled))
}

enum Piece<'t> {
    Plain(&'t str),
    Name(&'t str),
}

/// A text taken apart; `${` without an end is plain.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find("${").filter(|start| rest[*start..].contains('}'));
        match start {
            None => Some(Piece::Plain(std::mem::take(&mut rest))),
            Some(0) => {
                let end = rest.find('}').unwrap_or(rest.len() - 1);
                let name = rest[2..end].trim();
                rest = &rest[end + 1..];
                Some(Piece::Name(name))
            }
            Some(start) => {
                let (plain, more) = rest.split_at(start);
                rest = more;
                Some(Piece::Plain(plain))
            }
        }
    })
}

fn each_text(value: &Json, seen: &mut impl FnMut(&str)) {
    match value {
        Json::String(text) => seen(text),
        Json::Array(items) => items.iter().for_each(|item| each_text(item, seen)),
        Json::Object(members) => members.iter().for_each(|(_, value)| each_text(value, seen)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_a_name_alone_keeps_its_type() {
        let known: Names = [("n", Json::integer(7)), ("t", Json::string("验")), ("o", Json::empty_object())]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        let check = |given: &str, expected: Result<&str, &str>| {
            let filled = fill(&Json::string(given), &known).map(|value| value.to_string());
            assert_eq!(filled.as_deref().map_err(String::as_str), expected, "{given}");
        };
        check("${n}", Ok("7"));
        check("${ n }", Ok("7"));
        check("${o}", Ok("{}"));
        check("a${n}${t}b", Ok("\"a7验b\""));
        check("${n", Ok("\"${n\""));
        check("$n }{", Ok("\"$n }{\""));
        check("x${m}", Err("m"));
        check("}${n}", Ok("\"}7\""));
    }
}
