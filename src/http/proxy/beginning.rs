//! The beginning of a reply that streams on: as much of its JSON as is there whole.
//!
//! In: bytes that break off anywhere. Out: JSON that holds all that came to its end, with every bracket closed; nothing where it
//! begins as no JSON.

use crate::contract::Kind;

/// What follows from a beginning: what is not there yet may still come.
pub(super) fn shows(kind: &str) -> bool {
    ![Kind::Missing.name(), Kind::Body.name()].contains(&kind)
}

pub(super) fn completed(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut open: Vec<u8> = Vec::new();
    // Behind the last value that came to its end, and what was open there.
    let mut sure: Option<(usize, Vec<u8>)> = None;
    let (mut in_text, mut is_escaped) = (false, false);
    for (at, &byte) in bytes.iter().enumerate() {
        if in_text {
            (in_text, is_escaped) = (is_escaped || byte != b'"', !is_escaped && byte == b'\\');
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                open.push(if byte == b'{' { b'}' } else { b']' });
                sure = Some((at + 1, open.clone()));
            }
            b'}' | b']' if open.pop() == Some(byte) => sure = Some((at + 1, open.clone())),
            b'}' | b']' => return Vec::new(),
            b',' => sure = Some((at, open.clone())),
            _ => {}
        }
        if open.len() > 128 || (open.is_empty() && sure.is_some()) {
            break;
        }
    }
    let Some((end, open)) = sure else { return Vec::new() };
    let mut whole = bytes[..end].to_vec();
    whole.extend(open.iter().rev());
    if serde_json::from_slice::<serde::de::IgnoredAny>(&whole).is_ok() { whole } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_to_its_end_is_kept() {
        let check = |text: &str, expected: &str| {
            assert_eq!(String::from_utf8_lossy(&completed(text.as_bytes())), expected, "{text}");
        };
        check(r#"{"code":0,"list":[{"id":1,"na"#, r#"{"code":0,"list":[{"id":1}]}"#);
        check(r#"{"code":0,"list":[{"id":1},"#, r#"{"code":0,"list":[{"id":1}]}"#);
        check(r#"{"code":0,"list":[{"id":12"#, r#"{"code":0,"list":[{}]}"#);
        check(r#"{"a":"}]\"","b":tr"#, r#"{"a":"}]\""}"#);
        check("{\"a\"", "{}");
        check("<html>", "");
        check("", "");
        check("data: {\"a\":1}", "");
    }
}
