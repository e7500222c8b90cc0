//! Lengths of time as people type them (`11m`, `1h30m`): a text in, milliseconds out. Does not know any clock.

use super::clock::Millis;
use std::fmt;

/// Longest first, so that `ms` is not read as `m`.
const UNITS: [(&str, Millis); 6] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

/// Reads `250ms`, `90s`, `11m`, `1h30m`, `1d`, `2w`; spaces may stand between the parts. A number without a unit, alone,
/// is seconds. The result is never negative.
pub fn parse_duration(text: &str) -> Result<Millis, BadDuration> {
    let bad = |reason| BadDuration { text: text.chars().take(80).collect(), reason };
    let mut rest = text.trim();
    // `parse` alone would take a sign.
    if rest.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(seconds) = rest.parse::<u64>()
    {
        let seconds = Millis::try_from(seconds).map_err(|_| bad(Reason::TooLong))?;
        return seconds.checked_mul(1_000).ok_or_else(|| bad(Reason::TooLong));
    }
    if rest.is_empty() {
        return Err(bad(Reason::NoNumber));
    }
    let mut total: Millis = 0;
    while !rest.is_empty() {
        let (digits, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        if digits.is_empty() {
            return Err(bad(Reason::NoNumber));
        }
        let number: Millis = digits.parse().map_err(|_| bad(Reason::TooLong))?;
        let (unit, after) = after.split_at(after.bytes().take_while(u8::is_ascii_alphabetic).count());
        let millis = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, millis)| *millis);
        let millis = millis.ok_or_else(|| bad(Reason::NoUnit))?;
        let part = number.checked_mul(millis).ok_or_else(|| bad(Reason::TooLong))?;
        total = total.checked_add(part).ok_or_else(|| bad(Reason::TooLong))?;
        rest = after.trim_start();
    }
    Ok(total)
}

/// A text that is no length of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDuration {
    /// At most the first 80 characters of what was given.
    text: String,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    NoNumber,
    NoUnit,
    TooLong,
}

impl fmt::Display for BadDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            Reason::NoNumber => "a whole number is missing",
            Reason::NoUnit => "after a number stands ms, s, m, h, d or w",
            Reason::TooLong => "that is longer than time goes",
        };
        write!(f, "{:?} is no duration: {reason}; write for instance 250ms, 90s, 11m, 1h30m or 1d", self.text)
    }
}

impl std::error::Error for BadDuration {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        for (text, expected) in [
            ("0", 0),
            ("90", 90_000),
            ("250ms", 250),
            ("11m", 660_000),
            ("1h30m", 5_400_000),
            (" 1h 30m 5s ", 5_405_000),
            ("1d", 86_400_000),
            ("2w", 1_209_600_000),
            ("9223372036854775807ms", i64::MAX),
        ] {
            assert_eq!(parse_duration(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let check = |text: &str, expected: Reason| {
            assert_eq!(parse_duration(text).map_err(|bad| bad.reason), Err(expected), "{text}");
        };
        for text in ["", " ", "m", "-1m", "m5", "时间", "+1", "+1s"] {
            check(text, Reason::NoNumber);
        }
        for text in ["1h30", "1.5h", "5x", "5 m", "5分钟", "1mss"] {
            check(text, Reason::NoUnit);
        }
        for text in
            ["9223372036854775808ms", "99999999999999999999d", "9223372036854775807", "9223372036854775807ms1ms"]
        {
            check(text, Reason::TooLong);
        }
        let message = parse_duration("1h30").unwrap_err().to_string();
        assert!(message.starts_with("\"1h30\" is no duration: after a number stands ms"), "{message}");
    }
}
