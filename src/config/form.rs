//! Forms that texts in the file must have: a test, and how the JSON Schema says the same.

use jiff::tz::Offset;

#[derive(Debug)]
pub(super) struct TextForm {
    /// In words, with its article.
    pub(super) noun: &'static str,
    pub(super) holds: fn(&str) -> bool,
    /// A regular expression (ECMA 262) for editors; the test decides.
    pub(super) pattern: Option<&'static str>,
}

/// Any text, the empty one too.
pub(super) static ANY: TextForm = TextForm { noun: "a text", holds: |_| true, pattern: None };

pub(super) static SOMETHING: TextForm =
    TextForm { noun: "a text with something in it", holds: |text| !text.trim().is_empty(), pattern: Some(r"\S") };

/// `/v1`, `https://api.example.com/v1`.
pub(super) static BASE_ADDRESS: TextForm = TextForm {
    noun: "a path that begins with a slash, or an address with http:// or https://",
    holds: |text| {
        let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        rest.map_or(text.starts_with('/'), |rest| !rest.is_empty() && !rest.starts_with('/'))
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#'))
    },
    pattern: Some(r"^(/|https?://[^/])[^\s?#]*$"),
};

/// `+08:00`, `-03:30`, `Z`.
pub(super) static UTC_OFFSET: TextForm = TextForm {
    noun: "an offset from UTC from -14:00 to +14:00 (zones have no names here)",
    holds: |text| utc_offset(text).is_some(),
    pattern: Some(r"^(Z|UTC|[+-][0-9]{1,2}(:?[0-9]{2})?)$"),
};

/// A field name of RFC 9110 §5.1.
pub(super) static HEADER_NAME: TextForm = TextForm {
    noun: "a header's name (letters, digits and !#$%&'*+-.^_`|~)",
    holds: |text| {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        !text.is_empty() && text.chars().all(token)
    },
    pattern: Some(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"),
};

pub(super) static HEADER_VALUE: TextForm = TextForm {
    noun: "a text on one line, without control characters",
    holds: |text| !text.contains(|c: char| c.is_control() && c != '\t'),
    pattern: Some(r"^[^\u0000-\u0008\u000a-\u001f\u007f]*$"),
};

/// What the lexicon looks for: a star stands for what comes between two parts.
pub(super) static LEXICON_WORD: TextForm = TextForm {
    noun: "a word of at most 100 characters (`*` between two parts stands for anything)",
    holds: |text| text.chars().any(char::is_alphanumeric) && text.chars().count() <= 100,
    pattern: Some(r"^.{1,100}$"),
};

/// Reads an offset from UTC. None for a zone's name, and for what no zone on earth has.
pub(super) fn utc_offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "UTC") {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    let number = |text: &str, places: std::ops::RangeInclusive<usize>| -> Option<i32> {
        let digits = places.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
    let seconds = hours * 3_600 + minutes * 60;
    if minutes > 59 || seconds > 14 * 3_600 {
        return None;
    }
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_as_people_write_them() {
        let seconds = |text: &str| utc_offset(text).map(Offset::seconds);
        for (text, expected) in [
            ("+08:00", 28_800),
            ("+8", 28_800),
            ("+0530", 19_800),
            ("-03:30", -12_600),
            ("+14:00", 50_400),
            ("Z", 0),
            ("UTC", 0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in
            ["", "+", "8", "08:00", "+14:01", "+08:60", "+8:0", "+080", "+08:00:00", "Asia/Shanghai", "＋8", "+八"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn base_addresses() {
        for good in ["/", "/v1", "/v1/", "http://h.test", "https://h.test:8443/v1"] {
            assert!((BASE_ADDRESS.holds)(good), "{good}");
        }
        for bad in ["", "v1", "ftp://h.test", "http://", "http:///v1", "/v1?a=1", "/a b"] {
            assert!(!(BASE_ADDRESS.holds)(bad), "{bad}");
        }
    }

    #[test]
    fn header_names_and_values() {
        assert!((HEADER_NAME.holds)("X-App") && (HEADER_VALUE.holds)("七 7"));
        assert!(!(HEADER_NAME.holds)("X App") && !(HEADER_NAME.holds)("") && !(HEADER_NAME.holds)("令牌"));
        assert!(!(HEADER_VALUE.holds)("7\r\nX-Other: 8"));
    }
}
