//! What an example's value tells by its form alone: a time and how it is written, a number, a flag, a number that is given out one
//! after the other.

use crate::json::Json;

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    Seconds,
    Milliseconds,
    /// Date and time, with this between them; to the second or to the minute.
    DateTime {
        mark: char,
        joint: char,
        seconds: bool,
    },
    Date {
        mark: char,
    },
    /// `2023-04-05T09:00:00Z`, with an offset or without.
    Iso {
        offset: bool,
        zulu: bool,
        fraction: bool,
    },
}

pub fn time_form(example: &Json) -> Option<TimeForm> {
    let text = example.scalar_text()?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 if number > 900_000_000 => Some(TimeForm::Seconds),
            13 => Some(TimeForm::Milliseconds),
            _ => None,
        };
    }
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let mark = char::from(*bytes.get(4)?);
    if !digits(0, 4)
        || !matches!(mark, '-' | '/' | '.')
        || !digits(5, 7)
        || bytes.get(7) != bytes.get(4)
        || !digits(8, 10)
    {
        return None;
    }
    match bytes.get(10).map(|joint| char::from(*joint)) {
        None => Some(TimeForm::Date { mark }),
        Some('T') => {
            let rest = text.get(19..).unwrap_or("");
            Some(TimeForm::Iso {
                offset: rest.contains('+'),
                zulu: rest.ends_with('Z'),
                fraction: rest.starts_with('.'),
            })
        }
        Some(joint) if digits(11, 13) && bytes.get(13) == Some(&b':') => {
            Some(TimeForm::DateTime { mark, joint, seconds: bytes.len() >= 19 })
        }
        _ => None,
    }
}

/// Whether an example is a number, be it written as text.
pub(in crate::behavior) fn is_number(example: &Json) -> bool {
    example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
}

/// Whether an example says yes or no.
pub(in crate::behavior) fn is_flag(example: &Json) -> bool {
    matches!(example, Json::Bool(_)) || matches!(example.scalar_text(), Some("0" | "1" | "Y" | "N" | "y" | "n"))
}

/// Whether an example is a number that is given out one after the other: `BD20230405000001`, `20230405123456`.
pub(in crate::behavior::collection) fn is_numbered(example: &Json) -> bool {
    example.scalar_text().is_some_and(|text| {
        text.bytes().filter(u8::is_ascii_digit).count() >= 4
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// A code of a few letters and digits in one case: `A7K2QX`, `4821`.
pub(in crate::behavior::collection) fn is_code(example: &Json) -> bool {
    example.scalar_text().is_some_and(|text| {
        (4..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_their_form() {
        let form = |text: &str| time_form(&Json::string(text));
        assert_eq!(form("1680656400"), Some(TimeForm::Seconds));
        assert_eq!(form("1680656400000"), Some(TimeForm::Milliseconds));
        assert_eq!(form("2023-04-05"), Some(TimeForm::Date { mark: '-' }));
        assert_eq!(form("2023/04/05 09:00"), Some(TimeForm::DateTime { mark: '/', joint: ' ', seconds: false }));
        assert_eq!(form("2023-04-05 09:00:00"), Some(TimeForm::DateTime { mark: '-', joint: ' ', seconds: true }));
        assert_eq!(form("2023-04-05T09:00:00Z"), Some(TimeForm::Iso { offset: false, zulu: true, fraction: false }));
        assert_eq!(form("13800000001"), None);
    }
}
