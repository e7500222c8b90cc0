//! Identities of one run alone, so that a shared backend is not tripped over by who registered there yesterday.
//!
//! In: what a scenario calls somebody. Out: somebody else of the same form, the same one for the same name throughout the
//! scenario. What has no form that is known (a phone that is too short on purpose) stays as it is.

use crate::engine::id_card;
use crate::json::Json;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Fresh {
    by_original: BTreeMap<String, String>,
}

impl Fresh {
    /// Takes a value for somebody's from now on.
    pub(super) fn learn(&mut self, original: &str) {
        if !self.by_original.contains_key(original)
            && let Some(fresh) = another(original)
        {
            self.by_original.insert(original.to_owned(), fresh);
        }
    }

    /// A value with everybody in it exchanged.
    pub(super) fn exchange(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => {
                self.by_original.get(&**text).map_or_else(|| value.clone(), |fresh| Json::string(fresh.as_str()))
            }
            Json::Number(text) => {
                self.by_original.get(&**text).map_or_else(|| value.clone(), |fresh| Json::Number(fresh.as_str().into()))
            }
            Json::Array(items) => Json::Array(items.iter().map(|item| self.exchange(item)).collect()),
            Json::Object(members) => {
                Json::Object(members.iter().map(|(name, value)| (name.clone(), self.exchange(value))).collect())
            }
            other => other.clone(),
        }
    }
}

/// One of the same form that nobody has; none where the form is none that an identity has.
fn another(original: &str) -> Option<String> {
    let is_digits = original.bytes().all(|byte| byte.is_ascii_digit());
    if original.len() == 11 && is_digits && original.starts_with('1') && original.as_bytes()[1] >= b'3' {
        return Some(format!("{}{}", &original[..3], digits(8)));
    }
    if id_card::is_valid(original) {
        return Some(card(original));
    }
    if let Some((name, host)) = original.split_once('@') {
        return (!name.is_empty() && host.contains('.')).then(|| format!("{name}{}@{host}", digits(8)));
    }
    // Names, open ids: long enough to be somebody's, of letters and digits.
    let is_name =
        original.chars().count() >= 4 && original.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    // Days and numbers in groups are nobody's name.
    if !is_name || !original.chars().any(char::is_alphabetic) {
        return None;
    }
    // As long as it was, with its first sign.
    let count = original.chars().count();
    let kept: String = original.chars().take(count.saturating_sub(6).max(1)).collect();
    Some(format!("{kept}{}", letters(count.min(7) - 1)))
}

/// Born another day, with the check digit of GB 11643.
fn card(original: &str) -> String {
    let year = 1950 + number() % 50;
    let (month, day) = (1 + number() % 12, 1 + number() % 28);
    let body = format!("{}{year}{month:02}{day:02}{}", &original[..6], digits(3));
    let check = id_card::check_digit(&body);
    format!("{body}{check}")
}

fn number() -> u64 {
    let mut bytes = [0_u8; 8];
    // Without randomness of the system's, the time tells runs apart.
    if getrandom::fill(&mut bytes).is_err() {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        bytes = since.as_nanos().to_le_bytes()[..8].try_into().unwrap_or_default();
    }
    u64::from_le_bytes(bytes)
}

pub(super) fn digits(count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + u8::try_from(number() % 10).unwrap_or_default())).collect()
}

fn letters(count: usize) -> String {
    (0..count).map(|_| char::from(b'a' + u8::try_from(number() % 26).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_else_has_the_same_form() {
        let check = |original: &str, has_form: fn(&str) -> bool| {
            let fresh = another(original).unwrap_or_default();
            assert!(has_form(&fresh) && fresh != original, "{original} {fresh}");
        };
        check("13800000001", |fresh| fresh.len() == 11 && fresh.starts_with("138"));
        check("11010519491231002X", id_card::is_valid);
        check("me@example.com", |fresh| fresh.starts_with("me") && fresh.ends_with("@example.com"));
        check("zhangsan", |fresh| fresh.len() == 8);
        check("张三丰来了", |fresh| fresh.starts_with('张') && fresh.chars().count() == 5);
        check("ab12", |fresh| fresh.starts_with('a') && fresh.len() == 4);
        for stays in ["123", "1", "1380000000", "a b", "13800000001x@", "2024-05-01", "12_34"] {
            assert_eq!(another(stays), None, "{stays}");
        }
    }
}
