//! What was odd, in words: one function a rule. How severe a rule is, and whether it is shown, is decided elsewhere.

use super::form::{Bracket, Mark};
use crate::source::Span;
use std::fmt::Write as _;

/// One departure from JSON that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Kebab-case name; stable, users allow and deny by it.
    pub rule: &'static str,
    /// Relative to the region's start.
    pub span: Span,
    /// Says what is there.
    pub message: String,
    /// Says what to write instead.
    pub help: String,
}

fn repair(rule: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) -> Repair {
    Repair { rule, span, message: message.into(), help: help.into() }
}

/// Enough of a text to know it again, on one line.
fn brief(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.trim().lines().next().unwrap_or_default();
    let mut short: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if short.len() < line.len() || line.len() < text.trim().len() {
        short.push('…');
    }
    short
}

fn straight(text: &str) -> String {
    format!("write `\"{}\"`", brief(text).replace('"', "\\\""))
}

/// `$token`, `{{token}}` and `error_code` keep a place for what the backend gives.
fn real(text: &str) -> String {
    let text = text.trim();
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ' ');
    match text {
        _ if text.starts_with(['$', '{', '<']) => format!("a placeholder: give a real value, like {}", "`\"a1b2c3\"`"),
        _ if text.chars().all(is_name) => {
            format!("a placeholder: give a real value; or {} if that is the value", straight(text))
        }
        _ => straight(text),
    }
}

fn part(is_key: bool) -> &'static str {
    if is_key { "key" } else { "string" }
}

pub(super) fn bom(span: Span) -> Repair {
    repair(
        "json-bom",
        span,
        "an invisible byte order mark stands here",
        "save the text as UTF-8 without a byte order mark",
    )
}

pub(super) fn comment(span: Span, whole: &str) -> Repair {
    let half = whole.starts_with('/') && !whole.starts_with("//") && !whole.starts_with("/*");
    let what = if half { "half a comment, with a single slash" } else { "a comment" };
    let message = format!("{what}: `{}`", brief(whole));
    let help = "JSON knows no comments; this one is read as a note on the value beside it, a client would refuse it";
    repair("json-comment", span, message, help)
}

pub(super) fn open_comment(span: Span) -> Repair {
    repair("json-unclosed", span, "a comment opens here and is never closed", "write `*/` at its end")
}

pub(super) fn smart_quote(span: Span, found: char, text: &str, is_key: bool) -> Repair {
    let what = if matches!(found, '「' | '」' | '『' | '』') { "corner" } else { "curly" };
    let message = format!("a {what} quote {found} stands at this {}", part(is_key));
    repair("json-smart-quote", span, message, straight(text))
}

pub(super) fn single_quote(span: Span, text: &str, is_key: bool) -> Repair {
    repair("json-single-quote", span, format!("single quotes around this {}", part(is_key)), straight(text))
}

pub(super) fn full_width(span: Span, found: char, meant: char) -> Repair {
    repair("json-full-width", span, format!("a full-width {found}"), format!("write `{meant}`"))
}

pub(super) fn unclosed_string(span: Span, text: &str) -> Repair {
    let message = format!("the string `{}` has no closing quote", brief(text));
    repair("json-unclosed", span, message, straight(text))
}

pub(super) fn raw_newline(span: Span) -> Repair {
    repair("json-raw-newline", span, "a line break inside a string", "write `\\n`")
}

pub(super) fn control_character(span: Span, found: char) -> Repair {
    let code = u32::from(found);
    let help = if found == '\t' { "write `\\t`".to_owned() } else { format!("write `\\u{code:04x}`, or leave it out") };
    repair("json-control-character", span, format!("a bare control character (U+{code:04X}) inside a string"), help)
}

pub(super) fn bad_escape(span: Span, found: &str) -> Repair {
    let (message, help) = if found.starts_with("\\u") && found.len() > 2 {
        (format!("`{}` is half a character", brief(found)), "write the character itself".to_owned())
    } else {
        (format!("`{}` is no escape of JSON", brief(found)), "write `\\\\` for a backslash".to_owned())
    };
    repair("json-bad-escape", span, message, help)
}

pub(super) fn trailing_comma(span: Span) -> Repair {
    repair("json-trailing-comma", span, "a comma after the last entry", "leave the comma out")
}

pub(super) fn missing_comma(span: Span) -> Repair {
    repair("json-missing-comma", span, "no comma before this entry", "write `,` after the entry before")
}

pub(super) fn double_comma(span: Span) -> Repair {
    repair("json-double-comma", span, "a comma with nothing before it", "leave the comma out")
}

pub(super) fn ellipsis(span: Span, found: &str) -> Repair {
    let message = format!("`{}` for what was left out", brief(found));
    repair("json-ellipsis", span, message, "leave it out, or write `// …` if there may be more")
}

pub(super) fn bare_note(span: Span, found: &str) -> Repair {
    let message = format!("words between the values: `{}`", brief(found));
    repair(
        "json-bare-note",
        span,
        message,
        "write `// …` in front of them, or put them into the text around the example",
    )
}

pub(super) fn nameless(span: Span, fate: Nameless) -> Repair {
    let name_it = "give it a name, as in `\"data\": `, or leave its brackets out";
    let (message, help) = match fate {
        Nameless::Replaces => {
            ("a value without a name in an otherwise empty object", "write only one pair of brackets")
        }
        Nameless::List => ("values without names in an object; read as a list", "write `[` and `]` around them"),
        Nameless::Joins => ("an object without a name among named values; read as if it had no brackets", name_it),
        Nameless::Dropped => ("a list without a name among named values; left out", name_it),
    };
    repair("json-nameless-object", span, message, help)
}

/// What becomes of values without names in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nameless {
    Replaces,
    List,
    Joins,
    Dropped,
}

pub(super) fn arrow(span: Span, found: &str) -> Repair {
    repair("json-arrow", span, format!("`{found}` between key and value"), "write `:`")
}

pub(super) fn named_item(span: Span) -> Repair {
    repair("json-named-item", span, "a name inside square brackets", "write `{` and `}` around named entries")
}

pub(super) fn missing_value(span: Span, key: &str) -> Repair {
    let key = brief(key);
    repair(
        "json-missing-value",
        span,
        format!("`{key}` has no value; read as null"),
        format!("write `\"{key}\": null`"),
    )
}

pub(super) fn missing_colon(span: Span, key: &str) -> Repair {
    repair("json-missing-colon", span, format!("no colon after `{}`", brief(key)), "write `:` between key and value")
}

pub(super) fn bare_key(span: Span, key: &str) -> Repair {
    repair("json-bare-key", span, format!("the key `{}` has no quotes", brief(key)), straight(key))
}

pub(super) fn bare_scalar(span: Span, text: &str) -> Repair {
    repair("json-bare-scalar", span, format!("`{}` is no JSON value; read as its text", brief(text)), real(text))
}

pub(super) fn key_blank(span: Span, key: &str) -> Repair {
    repair("json-key-blank", span, "blanks at the edge of a key", straight(key))
}

pub(super) fn duplicate_key(span: Span, key: &str) -> Repair {
    let message = format!("the key `{}` comes twice; the later value counts", brief(key));
    repair("json-duplicate-key", span, message, "keep one of the two")
}

pub(super) fn too_deep(span: Span) -> Repair {
    let message = format!("more than {} brackets inside each other; read as null", super::MAX_DEPTH);
    repair("json-too-deep", span, message, "shorten the example")
}

/// `missing` holds the brackets that are open, the innermost last.
pub(super) fn unclosed(span: Span, missing: &[Bracket]) -> Repair {
    const SHOWN: usize = 8;
    let mut closers = String::new();
    for bracket in missing.iter().rev().take(SHOWN) {
        closers.push(bracket.closing());
    }
    if missing.len() > SHOWN {
        let _ = write!(closers, "…");
    }
    let message = match missing {
        [bracket] => format!("`{}` opens here and is never closed", bracket.opening()),
        _ => format!("{} brackets are never closed, the first opens here", missing.len()),
    };
    repair("json-unclosed", span, message, format!("write `{closers}` at the end"))
}

/// An inner bracket that was still open when an outer one closed.
pub(super) fn unclosed_inside(span: Span, bracket: Bracket) -> Repair {
    let message = format!("`{}` is not closed before the bracket around it", bracket.opening());
    repair("json-unclosed", span, message, format!("write `{}` at its end", bracket.closing()))
}

pub(super) fn wrong_bracket(span: Span, found: Bracket, meant: Bracket) -> Repair {
    let message = format!("`{}` closes what `{}` opened", found.closing(), meant.opening());
    repair("json-wrong-bracket", span, message, format!("write `{}`", meant.closing()))
}

pub(super) fn surplus(span: Span, found: &str) -> Repair {
    let help = format!("leave the `{found}` out, or see which bracket is missing before it");
    repair("json-surplus", span, format!("a surplus `{found}`"), help)
}

pub(super) fn surplus_mark(span: Span, mark: Mark) -> Repair {
    surplus(span, mark.ascii().encode_utf8(&mut [0; 4]))
}

pub(super) fn several_values(span: Span) -> Repair {
    let help = "give each its own `<<<` section";
    repair("json-several-values", span, "a second value in one section", help)
}
