//! The members of a posted JSON object, asked for by name; a wrong one is named, with what would be right.

use super::super::convert;
use super::super::limits::Limits;
use super::super::problem::Problem;
use crate::engine::request::Value;
use crate::json::Json;
use hyper::body::Bytes;
use std::sync::Arc;

pub(super) struct Members(Vec<(Arc<str>, Json)>);

impl Members {
    /// An empty body has no members.
    pub(super) fn read(body: &Bytes, limits: &Limits) -> Result<Self, Problem> {
        if body.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let mut members: Vec<(Arc<str>, Json)> = Vec::new();
        for (name, value) in convert::json_object(body, limits)? {
            let value = match value {
                Value::Text(text) => Json::string(&*text),
                Value::Json(json) => json,
                Value::File(_) => continue, // not in JSON
            };
            match members.iter_mut().find(|(known, _)| **known == *name) {
                Some((_, old)) => *old = value,
                None => members.push((name.into(), value)),
            }
        }
        Ok(Self(members))
    }

    /// Refuses all other names.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        match self.0.iter().find(|(name, _)| !known.contains(&&**name)) {
            None => Ok(self),
            Some((name, _)) => Err(unknown(name, known)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }

    /// A string, or a number as its text; `None` if it is not there or null.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text) | Json::Number(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(name, "a string")),
        }
    }

    pub(super) fn required_text(&self, name: &str) -> Result<&str, Problem> {
        self.text(name)?.filter(|text| !text.is_empty()).ok_or_else(|| wrong(name, "a string that is not empty"))
    }

    /// The members of other names, in order.
    pub(super) fn except<'m>(&'m self, names: &'m [&str]) -> impl Iterator<Item = &'m (Arc<str>, Json)> {
        self.0.iter().filter(move |(name, _)| !names.contains(&&**name))
    }
}

/// A member that is missing or of the wrong form.
pub(super) fn wrong(name: &str, form: &str) -> Problem {
    Problem::unprocessable(format!("{name} has to be {form}")).member("member", name).member("expected", form)
}

pub(super) fn unknown(name: &str, known: &[&str]) -> Problem {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase());
    let nearest = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let hint = match nearest.filter(|nearest| likeness(nearest) > 0.7) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("known are {}", known.join(", ")),
    };
    let shown: String = name.chars().take(80).collect();
    Problem::unprocessable(format!("the member {shown} is not known here; {hint}"))
        .member("member", shown)
        .member("known", known.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(body: &'static str) -> Result<Members, Problem> {
        Members::read(&Bytes::from_static(body.as_bytes()), &Limits::default())
    }

    #[test]
    fn an_unknown_member_is_named_with_its_nearest() {
        let problem = members(r#"{"idenity":"1"}"#).unwrap().only(&["identity", "password"]).err().unwrap();
        assert_eq!(problem.status, 422);
        assert_eq!(problem.detail, "the member idenity is not known here; did you mean identity?");
        let problem = members(r#"{"x":"1"}"#).unwrap().only(&["identity", "password"]).err().unwrap();
        assert!(problem.detail.ends_with("known are identity, password"));
    }

    #[test]
    fn forms_are_checked() {
        let members = members(r#"{"a":"x","a":13800000000,"b":[],"c":null,"d":""}"#).unwrap();
        assert_eq!(members.text("a").unwrap(), Some("13800000000"));
        assert_eq!(members.text("c").unwrap(), None);
        assert_eq!(members.text("b").unwrap_err().detail, "b has to be a string");
        for bad in ["c", "d", "e"] {
            assert!(members.required_text(bad).is_err(), "{bad}");
        }
        assert_eq!(members.except(&["a", "b", "d"]).count(), 1);
    }
}
