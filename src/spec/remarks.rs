//! Comments that speak of several members of one line: `{"lx": 1, "yd": 0} // lx 1like 2reply  yd 0unread 1read`, or of the only
//! one: `"data": {"ttl": 120} // how long it is good`.
//!
//! In: an example with its comments where they stand. Out: each piece as a comment of the member that it begins with.

use super::{Example, FieldNote};
use crate::json::{Json, Step};
use std::sync::Arc;

pub(super) fn deal_out(example: &mut Example) {
    let comments = std::mem::take(&mut example.comments);
    for note in comments {
        match pieces(&note, &example.value) {
            Some(pieces) => example.comments.extend(pieces),
            None => {
                let only = only_member(&note, example);
                example.comments.push(note);
                example.comments.extend(only);
            }
        }
    }
}

/// What is said behind an object of one member is said of that, where nothing else is.
fn only_member(note: &FieldNote, example: &Example) -> Option<FieldNote> {
    let members = example.value.at(&note.path)?.as_object()?;
    let [(key, value)] = members else { return None };
    let path: Vec<Step> = note.path.iter().cloned().chain([Step::Key(Arc::clone(key))]).collect();
    let stands = example.members.iter().find(|(known, _)| *known == path).map(|(_, place)| *place);
    // Before the member stands what is said of the whole.
    let is_behind = stands.is_some_and(|place| place < note.place);
    (is_behind && value.is_scalar() && !note.path.is_empty()).then(|| FieldNote { path, ..note.clone() })
}

/// None where the comment is about what it trails.
fn pieces(note: &FieldNote, value: &Json) -> Option<Vec<FieldNote>> {
    let scalar = value.at(&note.path).is_some_and(Json::is_scalar);
    let around = if scalar { &note.path[..note.path.len().checked_sub(1)?] } else { &note.path[..] };
    let mut keys: Vec<(Arc<str>, Vec<Step>)> = Vec::new();
    members(value.at(around)?, &mut around.to_vec(), scalar, &mut keys);
    let starts = starts(&note.text, &keys);
    let (first, _) = starts.first()?;
    let is_own = |key: usize| scalar && keys[key].1 == note.path;
    // `"id": 1 // name of the thing` begins with a word that is a member as well.
    if !note.text[..*first].trim().is_empty() || (starts.len() == 1 && (scalar || is_own(starts[0].1))) {
        return None;
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([note.text.len()]);
    let piece = |((start, key), end): (&(usize, usize), usize)| {
        let (name, path) = &keys[*key];
        let joint = |c: char| c.is_whitespace() || ":：=＝-,，;；".contains(c);
        let text = note.text[start + name.len()..end].trim_matches(joint);
        FieldNote { path: path.clone(), text: text.to_owned(), place: note.place }
    };
    Some(starts.iter().zip(ends).map(piece).filter(|piece| !piece.text.is_empty()).collect())
}

/// The members of an object, or of all objects in a container; the first of each name.
fn members(value: &Json, path: &mut Vec<Step>, flat: bool, found: &mut Vec<(Arc<str>, Vec<Step>)>) {
    for (key, inner) in value.as_object().unwrap_or_default() {
        path.push(Step::Key(Arc::clone(key)));
        if !found.iter().any(|(known, _)| known == key) {
            found.push((Arc::clone(key), path.clone()));
        }
        if !flat {
            members(inner, path, flat, found);
        }
        path.pop();
    }
    if let Some(first) = value.as_array().and_then(<[Json]>::first).filter(|_| !flat) {
        path.push(Step::Index(0));
        members(first, path, flat, found);
        path.pop();
    }
}

/// Where members' names stand as words of their own, each followed by what is said of it.
fn starts(text: &str, keys: &[(Arc<str>, Vec<Step>)]) -> Vec<(usize, usize)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        if is_word(c) && !is_word(before) && (start == 0 || before.is_whitespace() || ",，;；、。".contains(before))
        {
            let end = text[start..].find(|c: char| !is_word(c)).map_or(text.len(), |length| start + length);
            let said = text[end..].trim_start();
            let is_told = said.starts_with(|c: char| !c.is_ascii() || c.is_ascii_digit() || matches!(c, ':' | '='));
            let key = keys.iter().position(|(key, _)| **key == text[start..end]);
            found.extend(key.filter(|_| is_told).map(|key| (start, key)));
        }
        before = c;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    fn check(json: &str, path: &[&str], text: &str, expected: &[(&str, &str)]) {
        let step = |step: &&str| step.parse().map_or_else(|_| Step::Key((*step).into()), Step::Index);
        let value = crate::syntax::json::parse(json).values[0].to_json();
        let note = FieldNote { path: path.iter().map(step).collect(), text: text.to_owned(), place: Place::default() };
        let found = pieces(&note, &value).unwrap_or_default();
        let found: Vec<(String, &str)> =
            found.iter().map(|piece| (crate::json::path_text(&piece.path), piece.text.as_str())).collect();
        let expected: Vec<(String, &str)> = expected.iter().map(|(path, text)| ((*path).to_owned(), *text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_comment_on_a_line_is_dealt_out_to_its_members() {
        let item = r#"{"list":[{"uid":"3","lx":"1","yd":"0"}]}"#;
        check(item, &["list", "0"], "yd 是否已读", &[("$.list[0].yd", "是否已读")]);
        check(
            item,
            &["list", "0", "yd"],
            "lx 1点赞 2评论  yd 0未读 1已读",
            &[("$.list[0].lx", "1点赞 2评论"), ("$.list[0].yd", "0未读 1已读")],
        );
        check(item, &[], "yd: 0 unread 1 read", &[("$.list[0].yd", "0 unread 1 read")]);
        check(item, &["list", "0", "lx"], "uid of whoever it was", &[]);
        check(item, &["list", "0", "lx"], "1点赞 2评论", &[]);
        check(item, &["list", "0", "lx"], "yd 以后再说", &[]);
    }
}
