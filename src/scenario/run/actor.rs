//! One scenario at work: its world, its names, its steps one after the other.

use super::Program;
use super::fresh::{self, Fresh};
use super::judge::{self, Read};
use super::stage::{self, Kind, Stage};
use crate::behavior::{Action as Effect, Auth};
use crate::client::{Ask, Reply};
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::Role;
use crate::scenario::ast::{Action, ClockMove, Scenario, Step};
use crate::scenario::fill::{self, Names, Unfilled};
use crate::scenario::result::StepRan;
use crate::scenario::{names, request};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(super) struct Actor<'a> {
    program: &'a Program,
    stage: &'a Stage,
    names: Names,
    /// None where a simulator gives it a world of its own in which nobody is who the scenario speaks of.
    fresh: Option<Fresh>,
    /// Whether everybody is exchanged, or only who registers in a recording.
    exchanges_all: bool,
    /// `/@NAME`, or empty.
    prefix: String,
}

/// What a step did.
enum Did {
    /// An endpoint, or the admin interface, has answered.
    Answer { endpoint: Option<usize>, ask: Ask, reply: Reply },
    /// There is a value, and no reply to look at.
    Value(Json),
}

type Done = Result<Did, String>;

impl<'a> Actor<'a> {
    pub(super) async fn new(
        program: &'a Program,
        stage: &'a Stage,
        scenario: &Scenario,
        row: Option<usize>,
        world: &str,
    ) -> Result<Self, String> {
        let (prefix, fresh, run) = match stage.kind {
            Kind::Simulator { is_own: true } => (format!("/@{world}"), None, "1".to_owned()),
            Kind::Simulator { is_own: false } => {
                let name = format!("{world}-{}", fresh::digits(8));
                let body = json!({ "name": name, "from": "default" });
                let made = stage::admin(&stage.client, "", "POST", "worlds", Some(&body)).await;
                expect_fine(&made.map_err(|trouble| trouble.to_string())?.1)?;
                let prefix = format!("/@{name}");
                let frozen =
                    stage::admin(&stage.client, &prefix, "POST", "clock", Some(&json!({ "freeze": true }))).await;
                expect_fine(&frozen.map_err(|trouble| trouble.to_string())?.1)?;
                (prefix, newcomers(program, scenario), "1".to_owned())
            }
            Kind::Backend(_) => (String::new(), Some(Fresh::default()), fresh::digits(8)),
        };
        let mut names: Names = [("run".to_owned(), Json::string(run))].into();
        let exchanges_all = matches!(stage.kind, Kind::Backend(_));
        let mut actor = Self { program, stage, names: Names::new(), fresh, exchanges_all, prefix };
        let row = row.and_then(|row| scenario.rows.get(row)).into_iter().flatten();
        for (name, value) in scenario.vars.iter().chain(row) {
            let filled = fill::fill(value, &names).map_err(|unfilled| unfilled.to_string())?;
            names.insert(name.clone(), filled);
        }
        actor.names = names;
        Ok(actor)
    }

    /// Its world is no longer needed.
    pub(super) async fn leave(self) {
        if let Some(world) = self.prefix.strip_prefix("/@") {
            // If it cannot be taken away, nobody is harmed by its staying.
            let _ = stage::admin(&self.stage.client, "", "DELETE", &format!("worlds/{world}"), None).await;
        }
    }

    pub(super) async fn step(&mut self, step: &Step) -> StepRan {
        let began = Instant::now();
        let mut done = StepRan {
            source: self.program.file_line(step.place),
            place: step.place,
            because: step.because.clone(),
            basis: step.basis,
            what: told(&step.action),
            ..StepRan::default()
        };
        let times = step.retry.map_or(1, |retry| retry.times);
        for attempt in 1..=times {
            done.tries = attempt;
            done.trouble = self.once(step, &mut done).await.err();
            if done.trouble.is_some() || done.holds() || attempt == times {
                break;
            }
            if let Some(retry) = step.retry
                && let Err(why) = self.wait(retry.every).await
            {
                done.trouble = Some(why);
                break;
            }
        }
        done.took = began.elapsed();
        done
    }

    /// Does it once, judges what came of it, and keeps what is to be kept.
    async fn once(&mut self, step: &Step, done: &mut StepRan) -> Result<(), String> {
        let unfilled = |unfilled: Unfilled| unfilled.to_string();
        match self.act(&step.action).await? {
            Did::Answer { endpoint, ask, reply } => {
                let read = Read::new(&self.program.generation, endpoint, &reply);
                let names = self.exchanged_names();
                done.checks = judge::judge(&step.expect, &read, &names).map_err(unfilled)?;
                let json = read.json;
                let is_json = json.is_some();
                done.outcome = Some(read.outcome);
                done.endpoint = endpoint;
                done.ask = Some((self.stage.url(&ask.path), ask));
                let holds = done.holds();
                if holds {
                    self.keep(step, json.as_ref())?;
                }
                done.answered(&self.program.generation, is_json, reply);
            }
            Did::Value(value) => {
                for save in &step.save {
                    self.names.insert(save.name.clone(), value.clone());
                }
            }
        }
        Ok(())
    }

    /// A name stands for the same in an expectation as in a request.
    fn exchanged_names(&self) -> Names {
        match &self.fresh {
            Some(fresh) => self.names.iter().map(|(name, value)| (name.clone(), fresh.exchange(value))).collect(),
            None => self.names.clone(),
        }
    }

    fn keep(&mut self, step: &Step, json: Option<&Value>) -> Result<(), String> {
        for save in &step.save {
            let found = match (&save.path, json) {
                (_, None) => None,
                (Some(path), Some(json)) => path.find(json).into_iter().next().cloned(),
                (None, Some(json)) => match step.action {
                    Action::Account { .. } | Action::Record { .. } => json.get("id").cloned(),
                    _ => Some(json.clone()),
                },
            };
            let Some(found) = found else {
                let path = save.path.as_ref().map_or("id", |path| path.text());
                return Err(format!("the reply has no {path} to be saved as {}", save.name));
            };
            self.names.insert(save.name.clone(), Json::from(&found));
        }
        Ok(())
    }

    async fn act(&mut self, action: &Action) -> Done {
        match action {
            Action::Call { endpoint, with } => self.call(endpoint, with).await,
            Action::Sms { identity, purpose } => self.sms(identity, purpose.as_ref()).await,
            Action::Clock(to) => self.clock(to).await,
            Action::Account { identity, action, members } => self.account(identity, action.as_ref(), members).await,
            Action::Record { collection, id, delete, members } => {
                self.record(collection, id.as_ref(), *delete, members).await
            }
            Action::Fault(members) => match members {
                Some(members) => {
                    let body = self.object(members)?;
                    self.admin("POST", "faults", Some(&body)).await
                }
                None => self.admin("DELETE", "faults", None).await,
            },
        }
    }

    async fn call(&mut self, name: &str, with: &[(String, Json)]) -> Done {
        let generation = &self.program.generation;
        let endpoint =
            names::endpoint(generation, name).map_err(|_| format!("the documents have no endpoint {name}"))?;
        let behavior = &generation.model.behaviors[endpoint];
        let mut values = Vec::new();
        for (name, value) in with {
            let value = self.filled(value)?;
            let input = behavior.inputs.iter().position(|input| *input.name == **name);
            let role = input.map(|input| behavior.inputs[input].role);
            let is_somebody =
                matches!(role, Some(Role::Identity | Role::IdCard | Role::Email | Role::Phone | Role::Openid));
            // What a list is searched for is nobody, though it may be a phone that is looked for.
            let is_sought = behavior.list.as_ref().is_some_and(|plan| {
                input.is_some_and(|input| behavior.auth != Auth::Named(input))
                    && (plan.keyword == input || plan.filters.iter().any(|filter| Some(filter.input) == input))
            });
            // What only one may have is exchanged where it stays as long as it was.
            let is_long = value.scalar_text().is_some_and(|text| text.chars().count() > 6);
            let is_unique = is_long && input.is_some_and(|input| behavior.is_unique(input));
            if self.exchanges_all
                && !is_sought
                && (is_somebody || is_unique)
                && let (Some(fresh), Some(text)) = (&mut self.fresh, value.scalar_text())
                && !is_given(generation, text)
            {
                fresh.learn(text);
            }
            values.push((name.clone(), value));
        }
        if let Some(fresh) = &self.fresh {
            for (_, value) in &mut values {
                *value = fresh.exchange(value);
            }
        }
        let known = self.stage.method(endpoint);
        let (mut ask, mut reply) = self.sent(endpoint, &values, known.as_deref()).await?;
        let is_open = generation.set.endpoints[endpoint].method.is_none() && known.is_none();
        if is_open && !self.stage.is_simulator() && is_no_such(&reply) {
            // No line says the method: before that is held against the server, the other one is tried.
            let other = if ask.method == "GET" { "POST" } else { "GET" };
            let (second, answer) = self.sent(endpoint, &values, Some(other)).await?;
            if !is_no_such(&answer) {
                self.stage.set_method(endpoint, Some(other));
                (ask, reply) = (second, answer);
            }
        }
        Ok(Did::Answer { endpoint: Some(endpoint), ask, reply })
    }

    async fn sent(
        &self,
        endpoint: usize,
        values: &[(String, Json)],
        method: Option<&str>,
    ) -> Result<(Ask, Reply), String> {
        let generation = &self.program.generation;
        let mut ask = request::request_by(generation, endpoint, values, method);
        if !self.stage.is_simulator() {
            request::carry_token(generation, endpoint, values, &mut ask);
        }
        ask.path = format!("{}{}", self.prefix, ask.path);
        let reply = self.stage.client.send(&ask).await.map_err(|trouble| trouble.to_string())?;
        Ok((ask, reply))
    }

    /// The newest passcode that is alive, else one that is issued now.
    async fn sms(&mut self, identity: &Json, purpose: Option<&Json>) -> Done {
        let identity = self.person(identity)?;
        if let Kind::Backend(hooks) = &self.stage.kind {
            return hooks.passcode(&identity).await.map(|passcode| Did::Value(Json::string(passcode)));
        }
        let purpose = purpose.map(|purpose| self.filled(purpose)).transpose()?;
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("phone", &identity).finish();
        let inbox = self.looked(&format!("codes?limit=50&{query}")).await?;
        let clock = self.looked("clock").await?;
        let now = clock["now"].as_str().unwrap_or_default();
        let is_alive = |code: &&Value| {
            let fits = purpose.as_ref().is_none_or(|purpose| code["purpose"].as_str() == purpose.scalar_text());
            let until = code["expires_at"].as_str().unwrap_or_default();
            fits && code["spent_at"].is_null() && code["replaced"] != json!(true) && later(until, now)
        };
        let alive = inbox["items"].as_array().and_then(|items| items.iter().find(is_alive)).cloned();
        let code = match alive {
            Some(code) => code,
            None => {
                let issued = self.admin("POST", "codes", Some(&json!({ "phone": identity }))).await?;
                let Did::Answer { reply, .. } = issued else { return Err("no passcode was issued".to_owned()) };
                expect_fine(&reply)?
            }
        };
        let text = code["code"].as_str().unwrap_or_default();
        Ok(Did::Value(Json::string(text)))
    }

    async fn clock(&mut self, to: &ClockMove) -> Done {
        if let (ClockMove::Advance(by), false) = (to, self.stage.is_simulator()) {
            self.wait(*by).await?;
            return Ok(Did::Value(Json::Null));
        }
        let body = match to {
            ClockMove::Advance(by) => json!({ "advance": format!("{by}ms") }),
            ClockMove::Set(to) => json!({ "set": Value::from(&self.filled(to)?) }),
            ClockMove::Freeze(frozen) => json!({ "freeze": frozen }),
        };
        self.admin("POST", "clock", Some(&body)).await
    }

    /// Makes it, or changes what is there; with an action, what the back office does.
    async fn account(&mut self, identity: &Json, action: Option<&Json>, members: &[(String, Json)]) -> Done {
        let identity = self.person(identity)?;
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("identity", &identity).finish();
        let found = self.looked(&format!("accounts?{query}")).await?;
        let id = found["items"][0]["id"].clone();
        let id = id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()));
        if let Some(action) = action {
            let id = id.ok_or_else(|| format!("there is no account {identity}"))?;
            let body = json!({ "action": Value::from(&self.filled(action)?) });
            return self.admin("POST", &format!("accounts/{}/actions", segment(&id)), Some(&body)).await;
        }
        let mut body = self.object(members)?;
        match id {
            Some(id) => self.admin("PATCH", &format!("accounts/{}", segment(&id)), Some(&body)).await,
            None => {
                body["identity"] = json!(identity);
                self.admin("POST", "accounts", Some(&body)).await
            }
        }
    }

    async fn record(&mut self, collection: &str, id: Option<&Json>, delete: bool, members: &[(String, Json)]) -> Done {
        let body = self.object(members)?;
        let path = format!("records/{}", segment(collection));
        match id {
            None => self.admin("POST", &path, Some(&body)).await,
            Some(id) => {
                let id = self.filled(id)?;
                let path = format!("{path}/{}", segment(id.scalar_text().unwrap_or_default()));
                if delete {
                    self.admin("DELETE", &path, None).await
                } else {
                    self.admin("PATCH", &path, Some(&body)).await
                }
            }
        }
    }

    async fn wait(&self, time: i64) -> Result<(), String> {
        if self.stage.is_simulator() {
            return self.admin("POST", "clock", Some(&json!({ "advance": format!("{time}ms") }))).await.map(|_| ());
        }
        tokio::time::sleep(Duration::from_millis(u64::try_from(time).unwrap_or_default())).await;
        Ok(())
    }

    async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Done {
        let asked = stage::admin(&self.stage.client, &self.prefix, method, path, body).await;
        let (ask, reply) = asked.map_err(|trouble| trouble.to_string())?;
        Ok(Did::Answer { endpoint: None, ask, reply })
    }

    async fn looked(&self, path: &str) -> Result<Value, String> {
        let asked = stage::admin(&self.stage.client, &self.prefix, "GET", path, None).await;
        expect_fine(&asked.map_err(|trouble| trouble.to_string())?.1)
    }

    fn filled(&self, value: &Json) -> Result<Json, String> {
        fill::fill(value, &self.names).map_err(|unfilled| unfilled.to_string())
    }

    fn object(&self, members: &[(String, Json)]) -> Result<Value, String> {
        let mut object = serde_json::Map::new();
        for (name, value) in members {
            object.insert(name.clone(), Value::from(&self.filled(value)?));
        }
        Ok(Value::Object(object))
    }

    fn person(&mut self, identity: &Json) -> Result<String, String> {
        let identity = self.filled(identity)?;
        let text = identity.scalar_text().ok_or("an identity is a text")?;
        let Some(fresh) = &mut self.fresh else { return Ok(text.to_owned()) };
        if self.exchanges_all && !is_given(&self.program.generation, text) {
            fresh.learn(text);
        }
        Ok(fresh.exchange(&Json::string(text)).scalar_text().unwrap_or_default().to_owned())
    }
}

/// Who registers in a recording has done so where it was made: each run is about somebody new.
fn newcomers(program: &Program, scenario: &Scenario) -> Option<Fresh> {
    if !scenario.tags.iter().any(|tag| tag == super::RECORDED) {
        return None;
    }
    let mut fresh = Fresh::default();
    for step in scenario.setup.iter().chain(&scenario.steps) {
        let Action::Call { endpoint, with } = &step.action else { continue };
        let Ok(endpoint) = names::endpoint(&program.generation, endpoint) else { continue };
        let behavior = &program.generation.model.behaviors[endpoint];
        for effect in &behavior.effects {
            let Effect::CreateAccount { identities, .. } = &effect.action else { continue };
            for input in identities {
                let sent = with.iter().find(|(name, _)| **name == *behavior.inputs[*input].name);
                if let Some(text) = sent.and_then(|(_, value)| value.scalar_text()) {
                    fresh.learn(text);
                }
            }
        }
    }
    Some(fresh)
}

/// Whether the documents say that somebody of that name is there.
fn is_given(generation: &Generation, text: &str) -> bool {
    generation.model.accounts.given.iter().any(|given| given.name == text)
}

fn is_no_such(reply: &Reply) -> bool {
    matches!(reply.http_status, 404 | 405 | 501)
}

/// Whether one time of the admin interface is after another.
fn later(time: &str, than: &str) -> bool {
    match (time.parse::<jiff::Timestamp>(), than.parse::<jiff::Timestamp>()) {
        (Ok(time), Ok(than)) => time > than,
        _ => false,
    }
}

fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The body of a reply of the admin interface; what it says where it refuses.
fn expect_fine(reply: &Reply) -> Result<Value, String> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if (200..300).contains(&reply.http_status) {
        return Ok(body);
    }
    Err(body["detail"].as_str().map_or_else(|| format!("HTTP {}", reply.http_status), str::to_owned))
}

fn told(action: &Action) -> String {
    let plain = |value: &Json| value.scalar_text().unwrap_or_default().to_owned();
    match action {
        Action::Call { endpoint, .. } => format!("call {endpoint}"),
        Action::Sms { identity, .. } => format!("sms {}", plain(identity)),
        Action::Clock(ClockMove::Advance(by)) => format!("clock +{}", super::super::write::length(*by)),
        Action::Clock(ClockMove::Set(to)) => format!("clock set {}", plain(to)),
        Action::Clock(ClockMove::Freeze(frozen)) => format!("clock freeze {frozen}"),
        Action::Account { identity, action, .. } => {
            let action = action.as_ref().map(|action| format!(" {}", plain(action))).unwrap_or_default();
            format!("account {}{action}", plain(identity))
        }
        Action::Record { collection, id, .. } => {
            let id = id.as_ref().map(|id| format!(" {}", plain(id))).unwrap_or_default();
            format!("record {collection}{id}")
        }
        Action::Fault(Some(_)) => "fault".to_owned(),
        Action::Fault(None) => "fault none".to_owned(),
    }
}
