//! One JSON value of a section as an example: where its members stand, and what is said beside them.

use super::{Example, FieldNote, code_objects, remarks};
use crate::json::Step;
use crate::source::{Place, Span};
use crate::syntax::json::{self, Kind, Value};

/// `at` gives the place of a span of the section.
pub(super) fn read(value: &Value, http_status: Option<u16>, at: &impl Fn(Span) -> Place) -> Example {
    let json = value.to_json();
    let mut example = Example {
        http_status,
        comments: Vec::new(),
        members: Vec::new(),
        place: at(value.span),
        is_table: code_objects::by_form(&json),
        value: json,
    };
    walk(value, &mut Vec::new(), &mut example, at);
    remarks::deal_out(&mut example);
    example
}

/// Notes a value's members: where they stand, and the comments beside them.
fn walk(value: &Value, path: &mut Vec<Step>, example: &mut Example, at: &impl Fn(Span) -> Place) {
    let note = |path: &[Step], comment: &Option<json::Comment>, example: &mut Example| {
        if let Some(comment) = comment {
            example.comments.push(FieldNote {
                path: path.to_vec(),
                text: comment.text.clone(),
                place: at(comment.span),
            });
        }
    };
    note(path, &value.caption, example);
    match &value.kind {
        Kind::Object(members) => {
            for member in members {
                path.push(Step::Key(member.key.clone()));
                example.members.push((path.clone(), at(member.key_span.to(member.value.span))));
                note(path, &member.comment, example);
                if let Some(name) = variable(&member.value).filter(|_| member.comment.is_none()) {
                    let place = at(member.value.span);
                    example.comments.push(FieldNote { path: path.clone(), text: name.to_owned(), place });
                }
                walk(&member.value, path, example, at);
                path.pop();
            }
        }
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Step::Index(index));
                note(path, &item.comment, example);
                walk(&item.value, path, example, at);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The name of what is filled in where an example has `$token`, `${token}` or `{{token}}`: it says what the member is.
fn variable(value: &Value) -> Option<&str> {
    let Kind::String(text) = &value.kind else { return None };
    let braced = || text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim);
    let script = || {
        let name = text.strip_prefix('$')?;
        Some(name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(name))
    };
    let is_name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    braced().or_else(script).filter(is_name)
}
