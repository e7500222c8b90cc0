//! Text for a terminal: how wide it is, and nothing in it that a terminal would obey.

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

/// Document text made harmless: escape sequences and other control characters become visible.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            // Directional overrides reorder a line as surely as an escape sequence does.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => out.push('\u{fffd}'),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
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
        assert_eq!(visible("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb c");
        assert_eq!(pad("手机", 6), "手机  ");
        assert_eq!(fit("手机号码", 5), "手机…");
    }
}
