//! The steps of a scenario: one action each, and what goes with it.

use super::{Members, Reader};
use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::scenario::ast::{Action, Basis, ClockMove, Retry, Step};
use crate::scenario::yaml::{Node, Value};
use crate::world::{Millis, parse_duration};

/// The keys that say what a step does.
pub(in crate::scenario) const ACTIONS: [&str; 6] = ["call", "sms", "clock", "account", "record", "fault"];
/// The keys that a step may have beside one of those.
pub(in crate::scenario) const BESIDE: [&str; 6] = ["with", "expect", "save", "because", "retry", "basis"];

impl Reader {
    pub(super) fn steps(&mut self, node: &Node) -> Vec<Step> {
        let items = self.list(node, "steps are a list, such as - call: …");
        items.iter().filter_map(|item| self.step(item)).collect()
    }

    fn step(&mut self, node: &Node) -> Option<Step> {
        let members = self.map(node, "a step has an action: call, sms, clock, account, record or fault")?;
        let known: Vec<&str> = ACTIONS.into_iter().chain(BESIDE).collect();
        self.known(members, &known, "a step");
        let mut actions = members.iter().filter(|(key, _)| ACTIONS.contains(&key.text.as_str()));
        let Some((key, value)) = actions.next() else {
            let place = self.place(members.first().map_or(node.span, |(key, _)| key.span));
            let missing = Diagnostic::error(super::VALUE, place, "this step does nothing");
            self.report(missing.help(format!("a step has one of {}", ACTIONS.join(", "))));
            return None;
        };
        if let Some((other, _)) = actions.next() {
            let message = format!("a step does one thing; this one has {} and {}", key.text, other.text);
            let place = self.place(other.span);
            self.report(Diagnostic::error(super::VALUE, place, message).help("make it two steps"));
        }
        let with = members.iter().find(|(key, _)| key.text == "with");
        let action = match key.text.as_str() {
            "call" => {
                let endpoint = self.text(value, "an endpoint is named by its title, METHOD /path or id")?;
                let with =
                    with.map_or_else(Vec::new, |(_, with)| self.values(with, "with holds parameters and values"));
                Action::Call { endpoint, with }
            }
            "sms" => self.sms(value)?,
            "clock" => Action::Clock(self.clock(value)?),
            "account" => self.account(value)?,
            "record" => self.record(value)?,
            _ => self.fault(value)?,
        };
        if let (Some((key, _)), false) = (with, matches!(action, Action::Call { .. })) {
            let place = self.place(key.span);
            let message = format!("with goes with call; what {} needs stands right behind it", action.name());
            self.report(Diagnostic::error(super::VALUE, place, message));
        }
        let mut step = Step { action, place: self.place(node.span), ..Step::default() };
        for (key, value) in members {
            match key.text.as_str() {
                "expect" => step.expect = self.expect(value),
                "save" => step.save = self.save(value),
                "because" => step.because = self.text(value, "because is a text"),
                "retry" => step.retry = self.retry(value),
                "basis" => {
                    let basis = value.scalar().and_then(Basis::parse);
                    if basis.is_none() {
                        self.wrong(value, format!("a basis is one of {}", Basis::ALL.map(Basis::name).join(", ")));
                    }
                    step.basis = basis.unwrap_or_default();
                }
                _ => {}
            }
        }
        Some(step)
    }

    fn sms(&mut self, node: &Node) -> Option<Action> {
        let Value::Map(members) = &node.value else {
            return match &node.value {
                Value::Scalar(identity) if !matches!(identity, Json::Null) => {
                    Some(Action::Sms { identity: identity.clone(), purpose: None })
                }
                _ => {
                    self.wrong(node, "sms names the phone or address that the passcode is sent to");
                    None
                }
            };
        };
        self.known(members, &["identity", "purpose"], "sms");
        let identity = self.required(node, members, "identity")?;
        Some(Action::Sms { identity, purpose: member(members, "purpose") })
    }

    fn clock(&mut self, node: &Node) -> Option<ClockMove> {
        if let Some(text) = node.scalar() {
            return self.length(node, text).map(ClockMove::Advance);
        }
        let members = self.map(node, "clock is a length of time, such as +11m")?;
        self.known(members, &["advance", "set", "freeze"], "clock");
        match members {
            [(key, value)] => match (key.text.as_str(), value.scalar(), value.json()) {
                ("advance", Some(text), _) => self.length(value, text).map(ClockMove::Advance),
                ("set", Some(_), time) => Some(ClockMove::Set(time)),
                ("freeze", _, Json::Bool(frozen)) => Some(ClockMove::Freeze(frozen)),
                _ => {
                    self.wrong(value, "clock takes advance: 11m, set: a time, or freeze: true or false");
                    None
                }
            },
            _ => {
                self.wrong(node, "clock takes one of advance, set and freeze");
                None
            }
        }
    }

    /// `+11m`, `11m`.
    fn length(&mut self, node: &Node, text: &str) -> Option<Millis> {
        let text = text.trim();
        match parse_duration(text.strip_prefix('+').unwrap_or(text)) {
            Ok(length) => Some(length),
            Err(_) => {
                self.wrong(node, "a length of time is like 90s, 11m or 1h30m; a clock only goes on");
                None
            }
        }
    }

    fn account(&mut self, node: &Node) -> Option<Action> {
        let members = self.map(node, "account takes identity, and password, action, status or fields")?;
        let identity = self.required(node, members, "identity")?;
        let action = member(members, "action");
        let rest = rest(members, &["identity", "action"]);
        if action.is_some() && !rest.is_empty() {
            self.wrong(node, "an action goes alone with identity; what else is to change is another step");
        }
        Some(Action::Account { identity, action, members: rest })
    }

    fn record(&mut self, node: &Node) -> Option<Action> {
        let members = self.map(node, "record takes collection, id and fields")?;
        let collection = self.required(node, members, "collection")?;
        let id = member(members, "id");
        let delete = member(members, "delete");
        if !matches!(delete, None | Some(Json::Bool(_))) {
            self.wrong(node, "delete is true or false");
        }
        let delete = delete == Some(Json::Bool(true));
        if delete && id.is_none() {
            self.wrong(node, "what is to be deleted is named by its id");
        }
        let collection = collection.scalar_text().unwrap_or_default().to_owned();
        Some(Action::Record { collection, id, delete, members: rest(members, &["collection", "id", "delete"]) })
    }

    fn fault(&mut self, node: &Node) -> Option<Action> {
        match &node.value {
            Value::Map(members) => Some(Action::Fault(Some(rest(members, &[])))),
            Value::Scalar(Json::Null) => Some(Action::Fault(None)),
            Value::Scalar(text) if text.scalar_text() == Some("none") => Some(Action::Fault(None)),
            _ => {
                self.wrong(
                    node,
                    "fault takes endpoint, code, http_status, abort, delay, when, …; none ends all of them",
                );
                None
            }
        }
    }

    fn retry(&mut self, node: &Node) -> Option<Retry> {
        let members = self.map(node, "retry takes times and every, such as { times: 10, every: 1s }")?;
        self.known(members, &["times", "every"], "retry");
        let times = member(members, "times");
        let times = times.as_ref().and_then(Json::scalar_text).and_then(|text| text.parse().ok());
        let Some(times) = times.filter(|times| (1..=1000).contains(times)) else {
            self.wrong(node, "times is a number from 1 to 1000: how often it is tried at most");
            return None;
        };
        let every = match members.iter().find(|(key, _)| key.text == "every") {
            Some((_, value)) => self.length(value, value.scalar().unwrap_or_default())?,
            None => 1_000,
        };
        Some(Retry { times, every })
    }

    fn required(&mut self, node: &Node, members: Members<'_>, name: &str) -> Option<Json> {
        let value = member(members, name).filter(|value| value.scalar_text().is_some());
        if value.is_none() {
            self.wrong(node, format!("{name} is missing here"));
        }
        value
    }
}

fn member(members: Members<'_>, name: &str) -> Option<Json> {
    members.iter().find(|(key, _)| key.text == name).map(|(_, value)| value.json())
}

fn rest(members: Members<'_>, known: &[&str]) -> Vec<(String, Json)> {
    let rest = members.iter().filter(|(key, _)| !known.contains(&key.text.as_str()));
    rest.map(|(key, value)| (key.text.clone(), value.json())).collect()
}
