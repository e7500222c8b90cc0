//! Text for a terminal: how wide it is, and nothing in it that a terminal would obey.

use crate::diagnostic::harmless;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes; a Chinese character takes two.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text with blanks after it up to a width.
pub fn pad(text: &str, to: usize) -> String {
    let blanks = to.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// Document text made harmless for a terminal, and one line: see `diagnostic::harmless`.
pub fn visible(text: &str) -> String {
    harmless(&text.replace('\n', " "))
}

/// The beginning of a text that fits into a width, with an ellipsis where it was cut.
pub(super) fn fit(text: &str, to: usize) -> String {
    if width(text) <= to {
        return text.to_owned();
    }
    let mut taken = 0;
    let cut: String = text
        .chars()
        .take_while(|c| {
            taken += c.width().unwrap_or(0);
            taken < to
        })
        .collect();
    cut + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_raw() {
        assert_eq!(visible("a\u{1b}[31mb\nc\td"), "a␛[31mb c d");
        assert_eq!(visible("a\u{200b}b\u{202e}c\u{feff}d\u{e0041}e"), "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e");
        assert_eq!(pad("手机", 6), "手机  ");
        assert_eq!(fit("手机号码", 5), "手机…");
    }
}
