//! The citizen identity number of GB 11643-1999: its form, birth date and check digit.

use jiff::civil::Date;

/// 17 digits and a digit or X (x counts as X), or 15 digits in the old form.
pub fn has_form(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        18 if text.is_ascii() => digits(&text[..17]) && matches!(text.as_bytes()[17], b'0'..=b'9' | b'X' | b'x'),
        15 => digits(text),
        _ => false,
    }
}

/// The 18-digit form, with a capital X; none for what has no form. An old number gets the century 19 and its check digit.
pub fn normal(text: &str) -> Option<String> {
    if !has_form(text) {
        return None;
    }
    if text.len() == 18 {
        return Some(text.to_ascii_uppercase());
    }
    let body = format!("{}19{}", &text[..6], &text[6..]);
    let check = check_digit(&body);
    Some(body + &check.to_string())
}

/// Whether the birth date is one of the calendar and the check digit is right.
pub fn is_valid(text: &str) -> bool {
    let Some(number) = normal(text) else { return false };
    let part = |range: std::ops::Range<usize>| number[range].parse::<i16>().unwrap_or(0);
    let (month, day) = (i8::try_from(part(10..12)), i8::try_from(part(12..14)));
    let (Ok(month), Ok(day)) = (month, day) else { return false };
    Date::new(part(6..10), month, day).is_ok() && number.ends_with(check_digit(&number[..17]))
}

/// ISO 7064 MOD 11-2 over the first 17 digits.
pub fn check_digit(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const DIGITS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte.saturating_sub(b'0')) * weight).sum();
    DIGITS[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_date_and_digit() {
        // The standard's own example.
        assert!(is_valid("11010519491231002X"));
        assert!(is_valid("11010519491231002x"));
        assert!(is_valid("440524188001010014"));
        assert!(!is_valid("110105194912310021"));
        assert!(!is_valid("11010519490231002X"));
        assert!(has_form("110105194912310021"));
        assert!(!has_form("11010519491231002"));
        assert!(!has_form("1101051949123100２X"));
        assert_eq!(normal("110105491231002").as_deref(), Some("11010519491231002X"));
        assert!(is_valid("110105491231002"));
        assert!(!is_valid("110105491331002"));
    }
}
