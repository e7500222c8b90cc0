//! One value of the file, held against its shape. Lists and tables are not for here.

use super::clean::Value;
use super::hint::shown;
use super::keys::LONGEST_DURATION;
use super::shape::{Scalars, Shape};
use crate::json::{Json, is_number};
use crate::world::parse_duration;
use std::sync::Arc;
use toml::de::{DeFloat, DeInteger, DeValue};

/// Why a value is not kept.
pub(super) enum Misfit {
    Type,
    /// Of the right type, but not what the shape wants.
    Unwanted,
    /// The same, with what is wrong and what to write instead.
    Value(String, String),
}

pub(super) fn read(shape: &Shape, value: &DeValue<'_>) -> Result<Value, Misfit> {
    match (shape, value) {
        (Shape::Text(form, scalars), value) => {
            let text = text(value, *scalars)?;
            if (form.holds)(&text) { Ok(Value::Text(text)) } else { Err(Misfit::Unwanted) }
        }
        (Shape::Word(_), DeValue::String(word)) => Ok(Value::Text(word.to_string())),
        (Shape::Flag, DeValue::Boolean(flag)) => Ok(Value::Flag(*flag)),
        (Shape::Whole { least, most }, DeValue::Integer(number)) => {
            let number = whole(number).and_then(|number| i64::try_from(number).ok());
            let fits = number.filter(|number| (least..=most).contains(&number));
            fits.map(Value::Whole).ok_or(Misfit::Unwanted)
        }
        (Shape::Duration { least }, value) => duration(value, *least).map(Value::Whole),
        (Shape::Scalar, DeValue::Array(_) | DeValue::Table(_)) => Err(Misfit::Type),
        (Shape::Scalar | Shape::Any, value) => json(value).map(Value::Json),
        _ => Err(Misfit::Type),
    }
}

/// What a value is, to follow "is".
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(true) => "`true`",
        DeValue::Boolean(false) => "`false`",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn text(value: &DeValue<'_>, scalars: Scalars) -> Result<String, Misfit> {
    match (value, scalars) {
        (DeValue::String(text), _) => Ok(text.to_string()),
        (DeValue::Integer(number), Scalars::Codes | Scalars::All) => {
            whole(number).map(|number| number.to_string()).ok_or(Misfit::Unwanted)
        }
        (DeValue::Boolean(flag), Scalars::Codes | Scalars::All) => Ok(flag.to_string()),
        (DeValue::Float(number), Scalars::All) => Ok(number.as_str().to_owned()),
        (DeValue::Datetime(time), Scalars::All) => Ok(time.to_string()),
        _ => Err(Misfit::Type),
    }
}

/// Milliseconds.
fn duration(value: &DeValue<'_>, least: i64) -> Result<i64, Misfit> {
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(seconds) => whole(seconds).map(|seconds| seconds.to_string()).ok_or(Misfit::Unwanted)?,
        _ => return Err(Misfit::Type),
    };
    let millis = parse_duration(&text).map_err(|bad| {
        let said = bad.to_string();
        let (what, instead) = said.rsplit_once("; ").unwrap_or((&said, ""));
        Misfit::Value(what.to_owned(), instead.to_owned())
    })?;
    if (least..=LONGEST_DURATION).contains(&millis) { Ok(millis) } else { Err(Misfit::Unwanted) }
}

/// None if it is out of all bounds.
fn whole(number: &DeInteger<'_>) -> Option<i128> {
    i128::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Dates become texts; depth is bounded by the parser.
fn json(value: &DeValue<'_>) -> Result<Json, Misfit> {
    Ok(match value {
        DeValue::String(text) => Json::string(text.as_ref()),
        DeValue::Integer(number) => Json::Number(whole(number).ok_or(Misfit::Unwanted)?.to_string().into()),
        DeValue::Float(number) => Json::Number(float(number)?),
        DeValue::Boolean(flag) => Json::Bool(*flag),
        DeValue::Datetime(time) => Json::string(time.to_string()),
        DeValue::Array(items) => {
            Json::Array(items.iter().map(|item| json(item.get_ref())).collect::<Result<_, Misfit>>()?)
        }
        DeValue::Table(table) => {
            let mut members: Vec<_> = table.iter().collect();
            members.sort_by_key(|(name, _)| name.span().start);
            let member = |(name, value): &(&toml::Spanned<toml::de::DeString<'_>>, &toml::Spanned<DeValue<'_>>)| {
                Ok((Arc::from(name.get_ref().as_ref()), json(value.get_ref())?))
            };
            Json::Object(members.iter().map(member).collect::<Result<_, Misfit>>()?)
        }
    })
}

/// The lexeme as JSON has it; JSON has no plus and no infinity.
fn float(number: &DeFloat<'_>) -> Result<Arc<str>, Misfit> {
    let lexeme = number.as_str().trim_start_matches('+');
    let misfit = || Misfit::Value(format!("{} is no number in JSON", shown(lexeme)), "write it as a text".to_owned());
    is_number(lexeme).then(|| lexeme.into()).ok_or_else(misfit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(text: &str) -> Option<String> {
        let value = DeValue::parse(text).unwrap();
        json(value.get_ref()).ok().map(|json| serde_json::to_string(&json).unwrap())
    }

    #[test]
    fn fields_become_json_as_they_are_written() {
        let check = |toml: &str, expected: &str| assert_eq!(json_of(toml).as_deref(), Some(expected), "{toml}");
        check("{ b = [1.50, +2, 0x1F], a = { c = true } }", r#"{"b":[1.50,2,31],"a":{"c":true}}"#);
        check("1979-05-27", r#""1979-05-27""#);
        check("1_000", "1000");
        check("+1.5e3", "1.5e3");
        assert_eq!(json_of("inf"), None);
        assert_eq!(json_of("[nan]"), None);
        assert_eq!(json_of("999999999999999999999999999999999999999999"), None);
    }

    #[test]
    fn codes_are_texts_numbers_or_flags() {
        let check = |toml: &str, expected: Option<&str>| {
            let value = DeValue::parse(toml).unwrap();
            assert_eq!(text(value.get_ref(), Scalars::Codes).ok().as_deref(), expected, "{toml}");
        };
        check("1010", Some("1010"));
        check("\"0010\"", Some("0010"));
        check("false", Some("false"));
        check("-1", Some("-1"));
        check("10.5", None);
        check("[1010]", None);
    }

    #[test]
    fn lengths_of_time_have_bounds() {
        let check = |toml: &str, least: i64, expected: Option<i64>| {
            let value = DeValue::parse(toml).unwrap();
            assert_eq!(duration(value.get_ref(), least).ok(), expected, "{toml}");
        };
        check("\"1h30m\"", 1, Some(5_400_000));
        check("90", 1, Some(90_000));
        check("0", 0, Some(0));
        check("0", 1, None);
        check("-1", 0, None);
        check("\"36525d\"", 1, Some(LONGEST_DURATION));
        check("\"36526d\"", 1, None);
        check("1.5", 1, None);
    }
}
