//! A fault as a tester writes it, and as it is shown, kept in a snapshot and told in the journal: one form for all of them.

use super::{Abort, Chance, Delay, Fault, Harm};
use crate::json::Json;
use crate::world::clock::Millis;
use crate::world::parse_duration;
use crate::world::record::number;
use std::fmt;
use std::sync::Arc;

/// A member that is missing or of the wrong form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFault {
    pub member: &'static str,
    /// What it has to be.
    pub expected: String,
}

type Read<T> = Result<T, BadFault>;

const DELAY_FORMS: &str =
    "\"200ms\", {\"uniform\":[\"50ms\",\"400ms\"]} or {\"normal\":{\"mean\":\"200ms\",\"deviation\":\"50ms\"}}";

impl Fault {
    /// What may be ordered. `id` and `used` are shown beside it.
    pub const MEMBERS: [&str; 8] =
        ["endpoint", "when", "code", "http_status", "abort", "delay", "probability", "times"];

    /// Reads an order; other members are not looked at, and one that is null counts as missing.
    pub fn read(id: u64, member: &dyn Fn(&str) -> Option<Json>) -> Result<Self, BadFault> {
        let member = |name: &str| member(name).filter(|value| *value != Json::Null);
        let fault = Self {
            id,
            endpoint: member("endpoint").map(|value| text("endpoint", &value)).transpose()?,
            when: member("when").map_or(Ok(Vec::new()), |value| when(&value))?,
            harm: harm(&member)?,
            delay: member("delay").map(|value| delay(&value)).transpose()?,
            chance: member("probability").map_or(Ok(Chance::CERTAIN), |value| chance(&value))?,
            times: member("times").map(|value| count("times", 1, &value)).transpose()?,
            used: member("used").map_or(Ok(0), |value| count("used", 0, &value))?,
        };
        if fault.harm.is_none() && fault.delay.is_none() {
            return Err(bad("code", "there, or http_status, abort or delay: a fault says what is to go wrong"));
        }
        Ok(fault)
    }

    pub fn to_json(&self) -> Json {
        let mut members = vec![("id".into(), number(self.id))];
        let mut put = |name: &str, value: Option<Json>| members.extend(value.map(|value| (name.into(), value)));
        put("endpoint", self.endpoint.clone().map(Json::String));
        put("when", (!self.when.is_empty()).then(|| Json::Object(self.when.clone())));
        match &self.harm {
            Some(Harm::Code(code)) => put("code", Some(Json::String(Arc::clone(code)))),
            Some(Harm::HttpStatus(status)) => put("http_status", Some(Json::integer((*status).into()))),
            Some(Harm::Abort(abort)) => put("abort", Some(Json::string(abort.name()))),
            None => {}
        }
        put("delay", self.delay.map(Delay::to_json));
        put("probability", Some(self.chance.to_json()));
        put("times", self.times.map(number));
        put("used", Some(number(self.used)));
        Json::Object(members)
    }
}

impl Abort {
    pub const ALL: [Self; 3] = [Self::Reset, Self::Empty, Self::Truncate];

    pub fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Empty => "empty",
            Self::Truncate => "truncate",
        }
    }
}

impl Delay {
    fn to_json(self) -> Json {
        let shown = |millis: Millis| Json::string(format!("{millis}ms"));
        let one = |name: &str, value: Json| Json::Object(vec![(name.into(), value)]);
        match self {
            Self::Fixed(millis) => shown(millis),
            Self::Uniform { from, to } => one("uniform", Json::Array(vec![shown(from), shown(to)])),
            Self::Normal { mean, deviation } => {
                one("normal", Json::Object(vec![("mean".into(), shown(mean)), ("deviation".into(), shown(deviation))]))
            }
        }
    }
}

impl Chance {
    fn to_json(self) -> Json {
        Json::Number((f64::from(self.0) / f64::from(Self::WHOLE)).to_string().into())
    }
}

fn text(name: &'static str, value: &Json) -> Read<Arc<str>> {
    match value {
        Json::String(text) | Json::Number(text) if !text.is_empty() => Ok(Arc::clone(text)),
        _ => Err(bad(name, "a string that is not empty")),
    }
}

fn when(value: &Json) -> Read<Vec<(Arc<str>, Json)>> {
    let form = "an object of parameters and their values, each a string, a number, true or false";
    let members = value.as_object().ok_or_else(|| bad("when", form))?;
    let is_value = |value: &Json| value.scalar_text().is_some();
    if members.iter().all(|(_, value)| is_value(value)) { Ok(members.to_vec()) } else { Err(bad("when", form)) }
}

fn harm(member: &dyn Fn(&str) -> Option<Json>) -> Read<Option<Harm>> {
    let code = member("code").map(|value| text("code", &value).map(Harm::Code));
    let http_status = member("http_status").map(|value| {
        let status = count("http_status", 400, &value).ok().filter(|status| *status < 600);
        let status = status.and_then(|status| u16::try_from(status).ok()).map(Harm::HttpStatus);
        status.ok_or_else(|| bad("http_status", "a whole number from 400 to 599"))
    });
    let abort = member("abort").map(|value| {
        let known = Abort::ALL.into_iter().find(|abort| value.as_str() == Some(abort.name()));
        known.map(Harm::Abort).ok_or_else(|| bad("abort", "one of reset, empty, truncate"))
    });
    match [code, http_status, abort].into_iter().flatten().collect::<Read<Vec<Harm>>>()?.as_slice() {
        [] => Ok(None),
        [harm] => Ok(Some(harm.clone())),
        _ => Err(bad("code", "alone: a fault has one of code, http_status and abort")),
    }
}

fn delay(value: &Json) -> Read<Delay> {
    let wrong = || bad("delay", DELAY_FORMS);
    let length = |value: &Json| {
        let Json::String(text) = value else { return Err(wrong()) };
        let millis = parse_duration(text).map_err(|error| bad("delay", format!("a length of time: {error}")))?;
        if millis > Delay::LONGEST {
            return Err(bad("delay", format!("60s at most; {text} is longer")));
        }
        Ok(millis)
    };
    match value {
        Json::String(_) => Ok(Delay::Fixed(length(value)?)),
        Json::Object(members) => match members.as_slice() {
            [(name, Json::Array(bounds))] if &**name == "uniform" => {
                let [from, to] = bounds.as_slice() else { return Err(wrong()) };
                let (from, to) = (length(from)?, length(to)?);
                if from > to {
                    return Err(bad("delay", "uniform from the shorter to the longer length"));
                }
                Ok(Delay::Uniform { from, to })
            }
            [(name, normal @ Json::Object(members))] if &**name == "normal" && members.len() == 2 => {
                let part = |name: &str| normal.get(name).ok_or_else(wrong).and_then(length);
                Ok(Delay::Normal { mean: part("mean")?, deviation: part("deviation")? })
            }
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn chance(value: &Json) -> Read<Chance> {
    let wrong = || bad("probability", "a number from 0.000001 to 1");
    let Json::Number(lexeme) = value else { return Err(wrong()) };
    let share: f64 = lexeme.parse().map_err(|_| wrong())?;
    if !(0.000_001..=1.0).contains(&share) {
        return Err(wrong());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and a million")]
    let millionths = (share * f64::from(Chance::WHOLE)).round() as u32;
    Ok(Chance(millionths))
}

fn count(name: &'static str, least: u64, value: &Json) -> Read<u64> {
    let number = match value {
        Json::Number(lexeme) => lexeme.parse().ok().filter(|number| *number >= least),
        _ => None,
    };
    number.ok_or_else(|| bad(name, format!("a whole number from {least} on")))
}

fn bad(member: &'static str, expected: impl Into<String>) -> BadFault {
    BadFault { member, expected: expected.into() }
}

impl fmt::Display for BadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has to be {}", self.member, self.expected)
    }
}

impl std::error::Error for BadFault {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(order: &Value) -> Result<Fault, BadFault> {
        let order = Json::from(order);
        Fault::read(3, &|name| order.get(name).cloned())
    }

    #[test]
    fn an_order_is_shown_as_it_was_given() {
        let check = |order: Value| {
            let fault = read(&order).unwrap();
            let shown = Value::from(&fault.to_json());
            for (name, value) in order.as_object().unwrap() {
                assert_eq!(shown[name], *value, "{order}");
            }
            assert_eq!((&shown["id"], &shown["used"]), (&json!(3), &json!(0)));
            let again = fault.to_json();
            assert_eq!(Fault::read(3, &|name| again.get(name).cloned()), Ok(fault));
        };
        check(json!({"code": "1009", "endpoint": "POST /a", "when": {"phone": "138", "n": 7, "is": true}, "times": 2}));
        check(json!({"http_status": 503, "probability": 0.25}));
        check(json!({"abort": "truncate", "delay": "200ms"}));
        check(json!({"delay": {"uniform": ["50ms", "400ms"]}, "probability": 0.000_001}));
        check(json!({"delay": {"normal": {"mean": "200ms", "deviation": "50ms"}}}));
        assert_eq!(read(&json!({"code": 1009})).unwrap().harm, Some(Harm::Code("1009".into())));
        assert_eq!(read(&json!({"delay": "2s", "when": null})).unwrap().delay, Some(Delay::Fixed(2_000)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |order: Value, member: &str| {
            assert_eq!(read(&order).map_err(|bad| bad.member).unwrap_err(), member, "{order}");
        };
        for order in [json!({}), json!({"probability": 1}), json!({"code": ""}), json!({"code": [1]})] {
            check(order, "code");
        }
        check(json!({"code": "1", "http_status": 500}), "code");
        check(json!({"code": "1", "endpoint": true}), "endpoint");
        for when in [json!("a"), json!({"a": null}), json!({"a": [1]}), json!([])] {
            check(json!({"code": "1", "when": when}), "when");
        }
        for status in [json!(200), json!(600), json!("500"), json!(500.5), json!(-1)] {
            check(json!({ "http_status": status }), "http_status");
        }
        check(json!({"abort": "explode"}), "abort");
        for delay in [
            json!(200),
            json!("soon"),
            json!("61s"),
            json!({"uniform": ["1s"]}),
            json!({"uniform": ["2s", "1s"]}),
            json!({"uniform": ["1s", "2s"], "normal": {}}),
            json!({"normal": {"mean": "1s"}}),
            json!({"normal": {"mean": "1s", "deviation": 5}}),
            json!({"pareto": ["1s", "2s"]}),
        ] {
            check(json!({ "delay": delay }), "delay");
        }
        for share in [json!(0), json!(1.1), json!("1"), json!(-0.5), json!(1e-9)] {
            check(json!({"code": "1", "probability": share}), "probability");
        }
        for times in [json!(0), json!(1.5), json!("1"), json!(-1)] {
            check(json!({"code": "1", "times": times}), "times");
        }
    }
}
