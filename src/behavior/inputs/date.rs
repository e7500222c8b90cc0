//! The form of a date, as a document writes it: `格式YYYY-MM-DD`, `yyyy/MM/dd HH:mm:ss`.
//!
//! In: the words beside a parameter, then values. Out: whether a value has the form and is a real date.

use crate::json::Json;
use std::fmt::Write as _;

/// Letters stand for digits (`Y`, `M`, `D`, and `h`, `m`, `s` in the time); all else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateForm(String);

/// From the longest to the shortest.
const TIMES: [&str; 3] = ["hh:mm:ss", "hh:mm", ""];

impl DateForm {
    /// The first form of a date in a text.
    pub fn read(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        lower.match_indices("yyyy").find_map(|(start, _)| {
            let rest = &lower[start + 4..];
            let mark = rest.chars().next().filter(|mark| matches!(mark, '-' | '/' | '.')).map(String::from);
            let mark = mark.unwrap_or_default();
            let day = format!("{mark}mm{mark}dd");
            let rest = rest.strip_prefix(day.as_str())?;
            let time = TIMES.iter().find(|time| rest.trim_start().starts_with(**time))?;
            let blank = if time.is_empty() { "" } else { &rest[..rest.len() - rest.trim_start().len()] };
            Some(Self(format!("YYYY{}{blank}{time}", day.to_ascii_uppercase())))
        })
    }

    /// The form of a day that stands as an example: `2024-06-01`.
    pub fn of_sample(text: &str) -> Option<Self> {
        let text = text.trim();
        let form = Self::read(
            ["yyyy-mm-dd", "yyyy/mm/dd", "yyyy.mm.dd"]
                .into_iter()
                .find(|form| form.len() == text.len() && form.as_bytes().get(4) == text.as_bytes().get(4))?,
        )?;
        form.holds(text).then_some(form)
    }

    /// The form of the first day in a text, with the time behind it, and where they stand. Two days are a span.
    pub fn shown_in(text: &str) -> Option<(Self, std::ops::Range<usize>)> {
        let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let starts = text.char_indices().map(|(at, _)| at).filter(|at| digit(*at) && !(*at > 0 && digit(*at - 1)));
        let mut shown = starts.filter_map(|start| {
            let forms =
                TIMES.iter().flat_map(|time| ['-', '/', '.'].map(|mark| format!("yyyy{mark}mm{mark}dd {time}")));
            { forms }.find_map(|form| {
                let form = Self::read(form.trim_end())?;
                let end = start + form.0.len();
                let whole = form.holds(text.get(start..end)?) && !digit(end);
                whole.then_some((form, start..end))
            })
        });
        shown.next().filter(|_| shown.next().is_none())
    }

    pub fn holds(&self, value: &str) -> bool {
        let alike = |(form, found): (u8, u8)| {
            if form.is_ascii_alphabetic() { found.is_ascii_digit() } else { form == found }
        };
        self.0.len() == value.len() && self.0.bytes().zip(value.bytes()).all(alike) && self.is_real(value)
    }

    /// The day of a value that has the form, as eight digits.
    pub fn day(&self, value: &str) -> Option<String> {
        self.holds(value).then(|| value.chars().filter(char::is_ascii_digit).take(8).collect())
    }

    fn is_real(&self, value: &str) -> bool {
        let number = |letters: &str| -> u32 {
            let at = self.0.find(letters);
            at.and_then(|at| value.get(at..at + letters.len())?.parse().ok()).unwrap_or(0)
        };
        let (year, month, day) = (number("YYYY"), number("MM"), number("DD"));
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        };
        (1..=days).contains(&day) && number("hh") < 24 && number("mm") < 60 && number("ss") < 60
    }
}

impl std::fmt::Display for DateForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The moment that a text names, in milliseconds, as if it were written at the meridian of Greenwich; seconds and milliseconds
/// since 1970 are what they are.
pub fn instant(value: &Json) -> Option<i64> {
    let text = value.scalar_text()?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 => Some(number.saturating_mul(1000)),
            13 => Some(number),
            _ => None,
        };
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize, to: usize| number(from, to).and_then(|number| i8::try_from(number).ok());
    let time = |from: usize, to: usize| small(from, to).unwrap_or(0);
    let day = jiff::civil::Date::new(number(0, 4)?, small(5, 7)?, small(8, 10)?).ok()?;
    let time = jiff::civil::Time::new(time(11, 13), time(14, 16), time(17, 19), 0).ok()?;
    let written = jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(time)).ok()?.as_millisecond();
    let ahead = |sign: i64, rest: &str| {
        let (hours, minutes) = rest.split_once(':')?;
        Some(sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?) * 60_000)
    };
    let zone = text.get(19..).and_then(|rest| rest.split_once('+')).and_then(|(_, rest)| ahead(1, rest));
    Some(written - zone.unwrap_or(0))
}

/// What spans of time are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    fn span(self, count: i64) -> Option<jiff::Span> {
        let none = jiff::Span::new();
        let span = match self {
            Self::Minute => none.try_minutes(count),
            Self::Hour => none.try_hours(count),
            Self::Day => none.try_days(count),
            Self::Week => none.try_weeks(count),
            Self::Month => none.try_months(count),
            Self::Year => none.try_years(count),
        };
        span.ok()
    }
}

/// A written day or time so much later, in the same form; a day less where the last day that counts is meant.
pub fn later(text: &str, count: i64, unit: Unit, last_day: bool) -> Option<String> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize, to: usize| number(from, to).and_then(|number| i8::try_from(number).ok());
    let time = |from: usize, to: usize| small(from, to).unwrap_or(0);
    let day = jiff::civil::Date::new(number(0, 4)?, small(5, 7)?, small(8, 10)?).ok()?;
    let time = jiff::civil::Time::new(time(11, 13), time(14, 16), time(17, 19), 0).ok()?;
    let moment = day.to_datetime(time).checked_add(unit.span(count)?).ok()?;
    let moment = if last_day { moment.checked_sub(Unit::Day.span(1)?).ok()? } else { moment };
    let mark = |at: usize| text.get(at..=at).unwrap_or_default();
    let mut written = format!("{:04}{}{:02}{}{:02}", moment.year(), mark(4), moment.month(), mark(7), moment.day());
    for (at, part) in [(10, moment.hour()), (13, moment.minute()), (16, moment.second())] {
        let digits = text.get(at + 1..at + 3).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if !digits {
            written.push_str(text.get(at..).unwrap_or_default());
            return Some(written);
        }
        let _ = write!(written, "{}{part:02}", mark(at));
    }
    written.push_str(text.get(19..).unwrap_or_default());
    Some(written)
}

/// The same of what went on until then: of a last day the day after it counts.
pub fn prolonged(text: &str, count: i64, unit: Unit, last_day: bool) -> Option<String> {
    if last_day {
        later(&later(text, 1, Unit::Day, false)?, count, unit, true)
    } else {
        later(text, count, unit, false)
    }
}

/// Whether of two numbers, dates or times the second does not come first; what is neither is in any order.
pub fn in_order(first: &str, second: &str, strict: bool) -> bool {
    let parts = |text: &str| -> Vec<f64> {
        if let Ok(number) = text.trim().parse() {
            return vec![number];
        }
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
    };
    let (first, second) = (parts(first), parts(second));
    first.is_empty() || second.is_empty() || if strict { first < second } else { first <= second }
}

/// Any number of so many digits is one of 64 bits.
const MOST_DIGITS: usize = 18;

/// The same number, date or time, its first part changed by so much: the year of a date.
pub fn moved(text: &str, by: i64) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
    let (number, rest) = text[start..].split_at_checked(length).filter(|_| length <= MOST_DIGITS)?;
    let moved = number.parse::<i64>().ok()?.checked_add(by).filter(|moved| *moved >= 0)?;
    Some(format!("{}{moved:0length$}{rest}", &text[..start]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, value: &str, expected: Option<bool>) {
        assert_eq!(DateForm::read(text).map(|form| form.holds(value)), expected, "{text}: {value}");
    }

    #[test]
    fn first_parts_are_moved() {
        assert_eq!(moved("2024-03-05", 1).as_deref(), Some("2025-03-05"));
        assert_eq!(moved("09:30", 1).as_deref(), Some("10:30"));
        assert_eq!(moved(&"0".repeat(70_000), 1), None);
    }

    #[test]
    fn days_that_come_later() {
        let months = |text: &str, count: i64, last: bool| later(text, count, Unit::Month, last);
        assert_eq!(months("2022-05-01", 3, true).as_deref(), Some("2022-07-31"));
        assert_eq!(months("2027/01/31", 1, false).as_deref(), Some("2027/02/28"));
        assert_eq!(later("2024-02-28 23:30", 45, Unit::Minute, false).as_deref(), Some("2024-02-29 00:15"));
        assert_eq!(
            later("2024-02-28T23:30:00+08:00", 1, Unit::Week, false).as_deref(),
            Some("2024-03-06T23:30:00+08:00")
        );
        assert_eq!(later("soon", 1, Unit::Day, false), None);
        assert_eq!(later("2024-02-28", i64::MAX, Unit::Year, false), None);
        assert_eq!(prolonged("2027-02-28", 1, Unit::Month, true).as_deref(), Some("2027-03-31"));
        assert_eq!(prolonged("2027-02-28", 1, Unit::Month, false).as_deref(), Some("2027-03-28"));
    }

    #[test]
    fn dates_in_the_form_that_is_asked_for() {
        check("生日 格式YYYY-MM-DD", "1995-01-31", Some(true));
        check("生日 格式YYYY-MM-DD", "1995-02-30", Some(false));
        check("生日 格式YYYY-MM-DD", "1995-1-31", Some(false));
        check("生日 格式YYYY-MM-DD", "yesterday", Some(false));
        check("生日 格式YYYY-MM-DD", "1996-02-29", Some(true));
        check("yyyy/MM/dd HH:mm:ss", "2020/12/31 23:59:59", Some(true));
        check("yyyy/MM/dd HH:mm:ss", "2020/12/31 24:00:00", Some(false));
        check("yyyyMMdd", "20200229", Some(true));
        check("yyyy-MM-dd HH:mm", "2020-02-29 08:30", Some(true));
        check("生日", "x", None);
        check("yyyy年", "x", None);
    }
}
