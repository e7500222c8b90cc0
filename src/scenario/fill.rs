//! `${name}` in values: found, and replaced. `${name + 1}` and `${name - other}` are a number that a name stands for, and so
//! much more or less.

use crate::json::Json;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What stands for something in every scenario: `run` is another text in each run against a server.
pub const BUILT_IN: [&str; 1] = ["run"];

/// The names that a run knows so far.
pub type Names = BTreeMap<String, Json>;

/// Every name in the texts of a value, in their order.
pub fn names(value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    each_text(value, &mut |text| {
        for piece in pieces(text) {
            if let Piece::Name(name) = piece {
                match Sum::read(name) {
                    Some(sum) => found.extend(sum.names().map(str::to_owned)),
                    None => found.push(name.to_owned()),
                }
            }
        }
    });
    found
}

/// Why a value cannot be filled: the name that is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfilled {
    Unknown(String),
    /// With it the value would be larger than [`LARGEST`].
    TooLarge(String),
}

/// Names that stand for names ten times over would fill any memory.
const LARGEST: usize = 4 << 20;

impl fmt::Display for Unfilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "nothing is called {name}"),
            Self::TooLarge(name) => write!(f, "with ${{{name}}} the value is larger than {} MiB", LARGEST >> 20),
        }
    }
}

/// The value with all names replaced. A text that is nothing but a name becomes what it stands for, whatever its type.
pub fn fill(value: &Json, names: &Names) -> Result<Json, Unfilled> {
    fill_within(value, names, &mut LARGEST.clone())
}

/// `left` is what names may still bring into the value, in bytes.
fn fill_within(value: &Json, names: &Names, left: &mut usize) -> Result<Json, Unfilled> {
    match value {
        Json::String(text) => fill_text(text, names, left),
        Json::Array(items) => {
            items.iter().map(|item| fill_within(item, names, left)).collect::<Result<_, _>>().map(Json::Array)
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| Ok((Arc::clone(name), fill_within(value, names, left)?)));
            members.collect::<Result<_, Unfilled>>().map(Json::Object)
        }
        other => Ok(other.clone()),
    }
}

fn fill_text(text: &Arc<str>, names: &Names, left: &mut usize) -> Result<Json, Unfilled> {
    if !text.contains("${") {
        return Ok(Json::String(Arc::clone(text)));
    }
    let mut known = |name: &str| match (names.get(name), Sum::read(name)) {
        (Some(value), _) => {
            let too_large = || Unfilled::TooLarge(name.to_owned());
            *left = left.checked_sub(value.weight()).ok_or_else(too_large)?;
            Ok(value.clone())
        }
        (None, Some(sum)) => sum.value(names).map_err(Unfilled::Unknown),
        (None, None) => Err(Unfilled::Unknown(name.to_owned())),
    };
    let pieces: Vec<Piece<'_>> = pieces(text).collect();
    if let [Piece::Name(name)] = pieces.as_slice() {
        return known(name);
    }
    let mut filled = String::new();
    for piece in pieces {
        match piece {
            Piece::Plain(text) => filled.push_str(text),
            Piece::Name(name) => {
                let value = known(name)?;
                match value.scalar_text() {
                    Some(text) => filled.push_str(text),
                    None if value == Json::Null => {}
                    None => filled.push_str(&value.to_string()),
                }
            }
        }
    }
    Ok(Json::string(filled))
}

/// `stock - 1`: a name, a sign with spaces about it, a number or another name.
struct Sum<'t> {
    name: &'t str,
    is_less: bool,
    by: &'t str,
}

impl<'t> Sum<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let (name, is_less, by) = match (text.split_once(" + "), text.split_once(" - ")) {
            (Some((name, by)), None) => (name, false, by),
            (None, Some((name, by))) => (name, true, by),
            _ => return None,
        };
        Some(Self { name: name.trim(), is_less, by: by.trim() })
    }

    fn names(&self) -> impl Iterator<Item = &'t str> {
        [self.name, self.by].into_iter().filter(|name| Decimal::read(name).is_none())
    }

    /// In the form of what the name stands for: `"5.00"` and 1 more is `"6.00"`. What is no number has no sum.
    fn value(&self, names: &Names) -> Result<Json, String> {
        let of = |name: &str| match Decimal::read(name) {
            Some(number) => Ok(number),
            None => match names.get(name).ok_or_else(|| name.to_owned())? {
                Json::Null => Ok(Decimal::default()),
                value => value.scalar_text().and_then(Decimal::read).ok_or_else(|| name.to_owned()),
            },
        };
        let sum = of(self.name)?.and(of(self.by)?, self.is_less).ok_or_else(|| self.name.to_owned())?.to_string();
        Ok(match names.get(self.name) {
            Some(Json::Number(_)) => Json::Number(sum.into()),
            _ => Json::string(sum),
        })
    }
}

/// A number as people write it, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal {
    digits: i128,
    /// How many of the digits stand behind the point.
    places: u32,
}

impl Decimal {
    pub fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = is_number(whole.strip_prefix('-').unwrap_or(whole)) && (part.is_empty() || is_number(part));
        if !fits || text.len() > 18 || text.ends_with('.') {
            return None;
        }
        let digits = format!("{whole}{part}").parse().ok()?;
        Some(Self { digits, places: u32::try_from(part.len()).ok()? })
    }

    /// The sum, or the difference.
    pub fn and(self, other: Self, is_less: bool) -> Option<Self> {
        let places = self.places.max(other.places);
        let scaled = |number: Self| number.digits.checked_mul(10_i128.checked_pow(places - number.places)?);
        let (one, two) = (scaled(self)?, scaled(other)?);
        let digits = if is_less { one.checked_sub(two)? } else { one.checked_add(two)? };
        Some(Self { digits, places })
    }

    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(other.digits)?, places: self.places.checked_add(other.places)? })
    }

    /// One in its last place.
    #[must_use]
    pub fn last_place(self) -> Self {
        Self { digits: 1, ..self }
    }

    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Without its sign.
    #[must_use]
    pub fn size(self) -> Self {
        Self { digits: self.digits.abs(), ..self }
    }

    /// Whether both are one number, however they are written.
    pub fn equals(self, other: Self) -> bool {
        self.and(other, true).is_some_and(Self::is_zero)
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.places as usize;
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        if part.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part}") }
    }
}

enum Piece<'t> {
    Plain(&'t str),
    Name(&'t str),
}

/// A text taken apart; `${` without an end is plain.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find("${").filter(|start| rest[*start..].contains('}'));
        match start {
            None => Some(Piece::Plain(std::mem::take(&mut rest))),
            Some(0) => {
                let end = rest.find('}').unwrap_or(rest.len() - 1);
                let name = rest[2..end].trim();
                rest = &rest[end + 1..];
                Some(Piece::Name(name))
            }
            Some(start) => {
                let (plain, more) = rest.split_at(start);
                rest = more;
                Some(Piece::Plain(plain))
            }
        }
    })
}

fn each_text(value: &Json, seen: &mut impl FnMut(&str)) {
    match value {
        Json::String(text) => seen(text),
        Json::Array(items) => items.iter().for_each(|item| each_text(item, seen)),
        Json::Object(members) => members.iter().for_each(|(_, value)| each_text(value, seen)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_a_name_alone_keeps_its_type() {
        let sums = [("m1", Json::string("5.00")), ("m2", Json::string("7"))];
        let known: Names = [("n", Json::integer(7)), ("t", Json::string("验")), ("o", Json::empty_object())]
            .into_iter()
            .chain(sums)
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let check = |given: &str, expected: Result<&str, &str>| {
            let filled = fill(&Json::string(given), &known).map(|value| value.to_string());
            let expected = expected.map(str::to_owned).map_err(|name| Unfilled::Unknown(name.to_owned()));
            assert_eq!(filled, expected, "{given}");
        };
        check("${n}", Ok("7"));
        check("${ n }", Ok("7"));
        check("${o}", Ok("{}"));
        check("a${n}${t}b", Ok("\"a7验b\""));
        check("${n", Ok("\"${n\""));
        check("$n }{", Ok("\"$n }{\""));
        check("x${m}", Err("m"));
        check("}${n}", Ok("\"}7\""));
        check("${n - 1}", Ok("6"));
        check("${n - 8}", Ok("-1"));
        check("${m1 + 0.5}", Ok("\"5.50\""));
        check("${m1 - m2}", Ok("\"-2.00\""));
        check("a${ m2 + 1 }b", Ok("\"a8b\""));
        check("${t + 1}", Err("t"));
        check("${x - 1}", Err("x"));
        check("${n-1}", Err("n-1"));
    }

    #[test]
    fn names_of_names_do_not_grow_without_end() {
        let ten = |name: &str| {
            let text = Json::string(format!("${{{name}}}"));
            [Json::string(format!("${{{name}}}").repeat(10)), Json::Array(vec![text; 10])]
        };
        for form in 0..2 {
            let mut names: Names = [("a0".to_owned(), Json::string("x".repeat(10)))].into();
            let refused = (1..20).find_map(|at| match fill(&ten(&format!("a{}", at - 1))[form], &names) {
                Ok(value) => {
                    assert!(value.weight() < 2 * LARGEST);
                    names.insert(format!("a{at}"), value);
                    None
                }
                Err(unfilled) => Some((at, unfilled)),
            });
            let (at, unfilled) = refused.unwrap();
            assert_eq!(unfilled, Unfilled::TooLarge(format!("a{}", at - 1)));
            assert!(unfilled.to_string().ends_with("the value is larger than 4 MiB"));
        }
    }
}
