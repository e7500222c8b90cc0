//! Days that only one may have: each plan asks for another, for whoever was there before keeps theirs.
//!
//! In: the names of a plan and its steps, and the number of days by which it is to differ. Out: whether it has such days; then
//! they are all moved alike, so that what comes first still does. Where a day stands in a step itself, all stay.

use crate::json::Json;
use crate::scenario::ast::{Action, Step};
use jiff::ToSpan;
use jiff::civil::Date;

pub(super) fn moved(vars: &mut [(String, Json)], steps: &[Step], by: i64) -> bool {
    let is_day = |value: &Json| value.as_str().and_then(day).is_some();
    let sent = steps.iter().flat_map(|step| match &step.action {
        Action::Call { with, .. } => with.as_slice(),
        _ => &[],
    });
    let has_days = vars.iter().any(|(_, value)| is_day(value));
    if !has_days || sent.into_iter().any(|(_, value)| is_day(value)) {
        return false;
    }
    for (_, value) in vars {
        let later = value.as_str().and_then(|text| later(text, by));
        if let Some(later) = later {
            *value = Json::string(later);
        }
    }
    true
}

/// `2024-05-01`, `2024/05/01 09:30`
fn day(text: &str) -> Option<Date> {
    let mark = text.get(4..5).filter(|mark| ["-", "/", "."].contains(mark) && text.get(7..8) == Some(mark))?;
    let mut parts = text.get(..10)?.split(mark);
    let day = Date::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?).ok()?;
    let is_alone = text[10..].bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b':' | b'T'));
    is_alone.then_some(day)
}

fn later(text: &str, by: i64) -> Option<String> {
    let moved = day(text)?.checked_add(by.days()).ok()?;
    let mark = &text[4..5];
    Some(format!("{:04}{mark}{:02}{mark}{:02}{}", moved.year(), moved.month(), moved.day(), &text[10..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_moved_in_its_own_form() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(later(text, 30).as_deref(), expected, "{text}");
        check("2024-05-12", Some("2024-06-11"));
        check("2024/12/12 09:30", Some("2025/01/11 09:30"));
        check("2024-13-12", None);
        check("2024-05-12x", None);
        check("13800000000", None);
    }
}
