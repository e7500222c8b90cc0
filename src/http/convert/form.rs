//! `application/x-www-form-urlencoded`, with the bytes looked at before they become text.

use super::{Fields, charset, too_many_fields};
use crate::engine::request::Value;
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use encoding_rs::UTF_8;
use percent_encoding::percent_decode;
use std::borrow::Cow;

pub(super) fn fields<'b>(body: &'b [u8], charset: Option<&str>, limits: &Limits) -> Result<Fields<'b>, Problem> {
    let encoding = charset::named(charset)?;
    let decode = |bytes: &'b [u8]| {
        let bytes = decoded(bytes);
        if encoding == UTF_8 {
            return charset::guessed(bytes);
        }
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
        Some(Cow::Owned(text.into_owned()))
    };
    let mut fields = Vec::new();
    let mut at = 0;
    for pair in body.split(|byte| *byte == b'&') {
        let start = at;
        at += pair.len() + 1;
        if pair.is_empty() {
            continue;
        }
        if fields.len() == limits.fields {
            return Err(too_many_fields(limits));
        }
        let equals = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = match equals {
            Some(equals) => (&pair[..equals], &pair[equals + 1..]),
            None => (pair, &pair[pair.len()..]),
        };
        let name = decode(name).ok_or_else(|| unreadable("a name", start))?;
        let value = decode(value).ok_or_else(|| unreadable(&format!("the value of {name}"), start))?;
        fields.push((name, Value::Text(value)));
    }
    Ok(fields)
}

/// Percent escapes and `+`; what only looks like an escape stays as it is.
fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'%') && !bytes.contains(&b'+') {
        return Cow::Borrowed(bytes);
    }
    if bytes.contains(&b'+') {
        let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        return Cow::Owned(percent_decode(&spaced).collect());
    }
    percent_decode(bytes).into()
}

fn unreadable(what: &str, at: usize) -> Problem {
    Problem::bad_request(format!("{what}, at byte {at} of the body, is neither UTF-8 nor GB18030")).member("offset", at)
}
