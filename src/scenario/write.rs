//! Scenarios as YAML that a person likes to read, and that reads back as the same scenarios.

use super::ast::{Action, Basis, ClockMove, Expect, Matcher, Save, Scenario, Step, Test, What};
use crate::json::Json;
use crate::world::Millis;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_saphyr::{FlowMap, FlowSeq};
use std::fmt::Write as _;

/// Members that together are wider than this stand below each other.
const WIDTH: usize = 96;

/// One file with all of them.
pub fn write(scenarios: &[Scenario]) -> String {
    let options = serde_saphyr::ser_options! { indent_step: 2, compact_list_indent: true };
    let texts = scenarios.iter().map(|scenario| {
        let mut text = String::new();
        // The values are plain: there is nothing in them that YAML has no form for.
        let _ = serde_saphyr::to_fmt_writer_with_options(&mut text, &laid_out(scenario), options.clone());
        text
    });
    texts.collect::<Vec<_>>().join("---\n")
}

/// `11m`, `1h30m`, `250ms`: as `clock` takes it.
pub fn length(time: Millis) -> String {
    let mut rest = time;
    let mut out = String::new();
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
        let count = rest / size;
        if count > 0 {
            let _ = write!(out, "{count}{unit}");
            rest %= size;
        }
    }
    if out.is_empty() { "0s".to_owned() } else { out }
}

/// Where each value stands: below its key, or beside it.
enum Out {
    Block(Vec<(String, Out)>),
    List(Vec<Out>),
    Inline(Json),
}

impl Serialize for Out {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Block(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Inline(json @ Json::Object(_)) => FlowMap(Plain(json)).serialize(serializer),
            Self::Inline(json @ Json::Array(_)) => FlowSeq(Plain(json)).serialize(serializer),
            Self::Inline(json) => Plain(json).serialize(serializer),
        }
    }
}

/// JSON with numbers as YAML writes them; one that is too long for a number of YAML's becomes a text.
struct Plain<'j>(&'j Json);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Number(lexeme) => match (lexeme.parse::<i64>(), lexeme.parse::<f64>()) {
                (Ok(whole), _) => serializer.serialize_i64(whole),
                (_, Ok(number)) => serializer.serialize_f64(number),
                _ => serializer.serialize_str(lexeme),
            },
            Json::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Plain(item))?;
                }
                list.end()
            }
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(&**name, &Plain(value))?;
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}

fn laid_out(scenario: &Scenario) -> Out {
    let mut members = vec![("name".to_owned(), text(&scenario.name))];
    if !scenario.tags.is_empty() {
        let tags = scenario.tags.iter().map(|tag| Json::string(tag.as_str())).collect();
        members.push(("tags".to_owned(), Out::Inline(Json::Array(tags))));
    }
    if !scenario.vars.is_empty() {
        members.push(("vars".to_owned(), map(&scenario.vars)));
    }
    if !scenario.rows.is_empty() {
        let rows = scenario.rows.iter().map(|row| Out::Inline(object(row))).collect();
        members.push(("rows".to_owned(), Out::List(rows)));
    }
    if !scenario.setup.is_empty() {
        members.push(("setup".to_owned(), Out::List(scenario.setup.iter().map(step).collect())));
    }
    members.push(("steps".to_owned(), Out::List(scenario.steps.iter().map(step).collect())));
    Out::Block(members)
}

fn step(step: &Step) -> Out {
    let mut members = vec![(step.action.name().to_owned(), action(&step.action))];
    if let Action::Call { with, .. } = &step.action
        && !with.is_empty()
    {
        members.push(("with".to_owned(), map(with)));
    }
    if !step.expect.is_empty() {
        members.push(("expect".to_owned(), expects(&step.expect)));
    }
    if !step.save.is_empty() {
        members.push(("save".to_owned(), saves(&step.save)));
    }
    if let Some(because) = &step.because {
        members.push(("because".to_owned(), text(because)));
    }
    if let Some(retry) = step.retry {
        let mut object = Json::empty_object();
        object.set("times", Json::integer(i64::from(retry.times)));
        object.set("every", Json::string(length(retry.every)));
        members.push(("retry".to_owned(), Out::Inline(object)));
    }
    if step.basis != Basis::default() {
        members.push(("basis".to_owned(), text(step.basis.name())));
    }
    Out::Block(members)
}

fn action(action: &Action) -> Out {
    let put = |object: &mut Json, name: &str, value: Option<&Json>| {
        if let Some(value) = value {
            object.set(name, value.clone());
        }
    };
    match action {
        Action::Call { endpoint, .. } => text(endpoint),
        Action::Sms { identity, purpose: None } => Out::Inline(identity.clone()),
        Action::Sms { identity, purpose } => {
            let mut object = Json::empty_object();
            put(&mut object, "identity", Some(identity));
            put(&mut object, "purpose", purpose.as_ref());
            Out::Inline(object)
        }
        Action::Clock(ClockMove::Advance(by)) => text(&format!("+{}", length(*by))),
        Action::Clock(ClockMove::Set(to)) => Out::Inline(one("set", to.clone())),
        Action::Clock(ClockMove::Freeze(frozen)) => Out::Inline(one("freeze", Json::Bool(*frozen))),
        Action::Account { identity, action, members } => {
            let mut object = Json::empty_object();
            put(&mut object, "identity", Some(identity));
            put(&mut object, "action", action.as_ref());
            for (name, value) in members {
                object.set(name, value.clone());
            }
            Out::Inline(object)
        }
        Action::Record { collection, id, delete, members } => {
            let mut object = Json::empty_object();
            object.set("collection", Json::string(collection.as_str()));
            put(&mut object, "id", id.as_ref());
            put(&mut object, "delete", delete.then_some(&Json::Bool(true)));
            for (name, value) in members {
                object.set(name, value.clone());
            }
            Out::Inline(object)
        }
        Action::Fault(Some(members)) => Out::Inline(object(members)),
        Action::Fault(None) => text("none"),
    }
}

fn expects(expects: &[Expect]) -> Out {
    match expects {
        [Expect { what: What::Success, .. }] => return text("success"),
        [Expect { what: What::Failure, .. }] => return text("failure"),
        _ => {}
    }
    let members = expects.iter().filter_map(|expect| {
        Some(match &expect.what {
            // Beside other demands a code says as much.
            What::Success | What::Failure => return None,
            What::Code(code) => ("code".to_owned(), code.clone()),
            What::Message(test) => ("message".to_owned(), tested(test)),
            What::HttpStatus(test) => ("http_status".to_owned(), tested(test)),
            What::At(path, test) => (path.text().to_owned(), tested(test)),
        })
    });
    map(&members.collect::<Vec<_>>())
}

fn tested(test: &Test) -> Json {
    match test {
        // An object that looks like matchers must not be taken for them.
        Test::Equals(Json::Object(members)) if members.iter().any(|(name, _)| Matcher::NAMES.contains(&&**name)) => {
            one("equals", Json::Object(members.clone()))
        }
        Test::Equals(value) => value.clone(),
        Test::Matches(matchers) => {
            let mut object = Json::empty_object();
            for matcher in matchers {
                object.set(matcher.name(), matcher.value());
            }
            object
        }
    }
}

fn saves(saves: &[Save]) -> Out {
    if let [Save { name, path: None, .. }] = saves {
        return text(name);
    }
    let members = saves
        .iter()
        .map(|save| (save.name.clone(), Json::string(save.path.as_ref().map_or("$.id", |path| path.text()))));
    map(&members.collect::<Vec<_>>())
}

/// Beside its key if there is room, else each member on a line of its own.
fn map(members: &[(String, Json)]) -> Out {
    let object = object(members);
    if object.to_string().chars().count() <= WIDTH {
        return Out::Inline(object);
    }
    Out::Block(members.iter().map(|(name, value)| (name.clone(), Out::Inline(value.clone()))).collect())
}

fn object(members: &[(String, Json)]) -> Json {
    let mut object = Json::empty_object();
    for (name, value) in members {
        object.set(name, value.clone());
    }
    object
}

fn one(name: &str, value: Json) -> Json {
    let mut object = Json::empty_object();
    object.set(name, value);
    object
}

fn text(text: &str) -> Out {
    Out::Inline(Json::string(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse::parse;
    use crate::source::{FileId, Place, Source};

    const TEXT: &str = "\
name: 登录 \"a\" # b
tags: [smoke, 账号]
vars: { phone: \"15507898841\", n: 1.5, none: null, long: '- x: y' }
rows:
  - { code: 1006 }
setup:
  - account: { identity: \"${phone}\", password: abc12345 }
  - account: { identity: \"${phone}\", action: freeze }
steps:
  - call: POST /Api/User/login
    with: { phone: \"${phone}\", tags: [a, b], o: { x: \"1\" } }
    expect: { code: 1000, $.data.n: { at_least: 1, type: integer }, $.a: { equals: { type: x } }, message: 好 }
    save: { old: $.data.token }
    because: 'yes: no'
    retry: { times: 3, every: 1m30s }
    basis: inferred
  - sms: { identity: \"${phone}\", purpose: login }
    save: code
  - clock: +11m
  - clock: { set: \"2026-01-01T00:00:00Z\" }
  - record: { collection: orders, id: 7, delete: true }
  - fault: { code: 1009, times: 1 }
  - fault: none
    expect: success
";

    fn without_places(mut scenarios: Vec<Scenario>) -> Vec<Scenario> {
        for scenario in &mut scenarios {
            scenario.place = Place::default();
            for step in scenario.setup.iter_mut().chain(&mut scenario.steps) {
                step.place = Place::default();
                step.expect.iter_mut().for_each(|expect| expect.place = Place::default());
                step.save.iter_mut().for_each(|save| save.place = Place::default());
            }
        }
        scenarios
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let read = |text: &str| {
            let file = parse(&Source::new("a.yaml", text), FileId(0));
            assert!(file.diagnostics.is_empty(), "{:?}\n{text}", file.diagnostics);
            without_places(file.scenarios)
        };
        let scenarios = read(TEXT);
        let both: Vec<Scenario> = scenarios.iter().cloned().chain(scenarios.iter().cloned()).collect();
        let written = write(&both);
        assert_eq!(read(&written), both, "{written}");
        insta::assert_snapshot!(write(&scenarios));
    }
}
