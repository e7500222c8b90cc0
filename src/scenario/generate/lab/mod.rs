//! A simulator to plan in: what is done there is written down as the steps of a scenario.
//!
//! In: calls with values. Out: what came of them, and the steps. A clone costs little, so a way can be tried and given up.
//! Knows nothing of what a step is for.

mod by_hand;

use super::Against;
use super::fresh::Fresh;
use super::others::{self, Shown};
use super::satisfy::inner;
use crate::behavior::{Behavior, Demand, Model, RecordId};
use crate::engine::request::{File, Value};
use crate::engine::{self, Call};
use crate::generation::Generation;
use crate::json::{Json, Step as At, path_text};
use crate::lexicon::Role;
use crate::scenario::ast::{Action, Basis, Expect, Path, Save, Step, What};
use crate::world::{Change, Clock, Millis, World, WorldName};
use bytes::Bytes;
use std::borrow::Cow;
use std::sync::Arc;

/// When it is in the lab: any time does, as long as it is always the same.
const NOW: Millis = 1_767_225_600_000;

/// A value as a scenario writes it, and what it is here.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Val {
    pub(super) shown: Json,
    pub(super) actual: Json,
}

impl Val {
    pub(super) fn constant(value: Json) -> Self {
        Self { shown: value.clone(), actual: value }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::constant(Json::string(text.into()))
    }

    pub(super) fn as_text(&self) -> &str {
        self.actual.scalar_text().unwrap_or_default()
    }
}

/// What is sent: by input, and the token where no input is for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    pub(super) inputs: Vec<Option<Val>>,
    pub(super) token: Option<Val>,
}

/// Somebody who uses the API.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) identities: Vec<(Role, Val)>,
    pub(super) password: Option<Val>,
    /// What they have said of themselves when they came, by field.
    pub(super) said: Vec<(Arc<str>, Val)>,
    pub(super) token: Option<Val>,
    pub(super) registered: bool,
    /// Of which kind the account is to be, where there are several.
    pub(super) kind: Option<usize>,
    /// The account is one that the documents say is there from the start.
    pub(super) given: bool,
    /// The account's number in the lab.
    pub(super) seq: u64,
    /// What others call the account by: as a scenario knows it, else where a reply has shown it.
    pub(super) id: Option<AccountId>,
}

/// An account's id, as others name it.
#[derive(Clone, Debug)]
pub(super) enum AccountId {
    /// The step whose reply shows it, where, and what it is.
    Shown {
        step: usize,
        path: String,
        id: Json,
    },
    Known(Val),
}

/// A record that a scenario knows by name.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) collection: usize,
    pub(super) owner: Option<usize>,
    pub(super) id: Val,
}

/// What came of a call.
#[derive(Debug)]
pub(super) struct Came {
    /// All checks that were not met; none where it was accepted.
    pub(super) unmet: Vec<usize>,
    pub(super) body: Json,
    pub(super) changes: Vec<Change>,
}

impl Came {
    pub(super) fn is_accepted(&self) -> bool {
        self.unmet.is_empty()
    }
}

#[derive(Clone)]
pub(super) struct Lab<'g> {
    pub(super) generation: &'g Generation,
    world: World,
    /// The world at the start as it may be on another server.
    pub(super) elsewhere: Option<Arc<World>>,
    now: Millis,
    pub(super) fresh: Fresh,
    /// How many days this run's are later than the documents'.
    pub(super) first_day: i64,
    pub(super) steps: Vec<Step>,
    pub(super) vars: Vec<(String, Json)>,
    pub(super) people: Vec<Person>,
    pub(super) made: Vec<Made>,
    /// Things that were chosen from what lists show.
    pub(super) shown: Vec<Shown>,
    pub(super) needs_sent_passcodes: bool,
    pub(super) against: Against,
    /// What is looked at others change, too.
    pub(super) is_shared: bool,
    /// Steps that test the endpoint which answers, whatever deed the scenario is about.
    pub(super) itself: Vec<usize>,
    /// Steps that name a record of the documents' examples: another server need not have it.
    pub(super) on_examples: Vec<usize>,
    /// Who runs the place has changed what was there before.
    pub(super) meddles: bool,
}

impl<'g> Lab<'g> {
    pub(super) fn new(generation: &'g Generation, seed: u64, against: Against) -> Self {
        let mut world = World::new(WorldName::default(), 0, Clock::starting_at(NOW, NOW));
        generation.found(&mut world, NOW);
        engine::seed(&generation.model, &mut world, NOW);
        let is_other = against != Against::Simulator;
        if is_other {
            others::enrich(&generation.model, &mut world, NOW);
        }
        let elsewhere = is_other.then(|| Arc::new(others::as_elsewhere(&generation.model, &world)));
        Self {
            generation,
            world,
            elsewhere,
            now: NOW,
            first_day: i64::try_from(Fresh::new(seed).below(2000)).unwrap_or_default(),
            fresh: Fresh::new(seed),
            steps: Vec::new(),
            vars: Vec::new(),
            people: vec![Person::default(), Person::default()],
            made: Vec::new(),
            shown: Vec::new(),
            needs_sent_passcodes: false,
            against,
            is_shared: false,
            itself: Vec::new(),
            on_examples: Vec::new(),
            meddles: false,
        }
    }

    pub(super) fn model(&self) -> &'g Model {
        &self.generation.model
    }

    pub(super) fn behavior(&self, endpoint: usize) -> &'g Behavior {
        &self.generation.model.behaviors[endpoint]
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    pub(super) fn in_world(&self, world: World) -> Self {
        Self { world, ..self.clone() }
    }

    /// Whether a text is what a record is called, and hardly anything else.
    pub(super) fn is_record(&self, text: &str) -> bool {
        text.contains(|c: char| c.is_ascii_digit())
            && self.world.collections().any(|(name, _)| self.world.record_by_id(name, text).is_some())
    }

    /// A name that nothing has yet: `token`, `token2`, …
    pub(super) fn name(&self, base: &str) -> String {
        let known = |name: &str| {
            self.vars.iter().any(|(known, _)| known == name)
                || self.steps.iter().flat_map(|step| &step.save).any(|save| save.name == name)
        };
        let base: String = base.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let base = if base.is_empty() { "value".to_owned() } else { base };
        if !known(&base) {
            return base;
        }
        let mut numbered = (2..u32::MAX).map(|number| format!("{base}{number}"));
        numbered.find(|name| !known(name)).unwrap_or(base)
    }

    /// Keeps a value under a name.
    pub(super) fn var(&mut self, base: &str, value: &str) -> Val {
        let name = self.name(base);
        self.vars.push((name.clone(), Json::string(value)));
        Val { shown: Json::string(format!("${{{name}}}")), actual: Json::string(value) }
    }

    fn call_of(&self, endpoint: usize, values: &Values) -> Call<'static> {
        let behavior = self.behavior(endpoint);
        let documented = &self.generation.set.endpoints[endpoint];
        let value = |at: usize| {
            let (input, param) = (&behavior.inputs[at], &documented.params[at]);
            let goes_along = param.discriminates || input.routes || param.public;
            let constant = || param.default.clone().filter(|_| goes_along).map(Json::string);
            values.inputs.get(at).cloned().flatten().map(|value| value.actual).or_else(constant)
        };
        let inputs: Vec<Option<Json>> = (0..behavior.inputs.len()).map(value).collect();
        let declared = behavior.inputs.iter().zip(&inputs).find(|(input, _)| input.role == Role::Token);
        let token =
            declared.and_then(|(_, value)| value.clone()).or_else(|| values.token.as_ref().map(|t| t.actual.clone()));
        Call {
            values: inputs.into_iter().map(|value| value.map(sent)).collect(),
            token: token.and_then(|token| {
                token.scalar_text().filter(|text| !text.is_empty()).map(|text| Cow::Owned(text.to_owned()))
            }),
            maybe: Vec::new(),
            host: None,
        }
    }

    /// The checks that these values would not meet, in their order.
    pub(super) fn unmet(&mut self, endpoint: usize, values: &Values) -> Vec<usize> {
        let call = self.call_of(endpoint, values);
        engine::unmet(self.model(), endpoint, &call, &mut self.world, self.now)
    }

    /// What would come of a call; nothing is changed or written down.
    pub(super) fn tried(&self, endpoint: usize, values: &Values) -> Came {
        self.clone().done(endpoint, values)
    }

    fn done(&mut self, endpoint: usize, values: &Values) -> Came {
        let unmet = self.unmet(endpoint, values);
        let call = self.call_of(endpoint, values);
        let outcome = engine::step(self.model(), endpoint, &call, &mut self.world, self.now, true);
        let body: Option<serde_json::Value> = serde_json::from_slice(&outcome.body).ok();
        Came { unmet, body: body.as_ref().map_or(Json::Null, Json::from), changes: outcome.changes }
    }

    /// Calls, and writes the step down.
    pub(super) fn call(
        &mut self,
        endpoint: usize,
        values: &Values,
        expect: Vec<What>,
        because: Option<String>,
    ) -> Came {
        let came = self.done(endpoint, values);
        self.meddles |= self.is_meddling(endpoint, values, &came.changes);
        let with = self.with(endpoint, values);
        let expect = expect.into_iter().map(|what| Expect { what, place: crate::source::Place::default() }).collect();
        if self.is_on_example(endpoint, values) {
            self.on_examples.push(self.steps.len());
        }
        let action = Action::Call { endpoint: self.endpoint_name(endpoint), with };
        self.steps.push(Step { action, expect, because, ..Step::default() });
        came
    }

    /// Whether an input names a record that nobody made and no reply has shown.
    fn is_on_example(&self, endpoint: usize, values: &Values) -> bool {
        let checks = &self.behavior(endpoint).checks;
        checks.iter().any(|check| match inner(&check.demand) {
            Demand::Found { collection, id: RecordId { input, .. }, .. } | Demand::Referenced { collection, input } => {
                values.inputs.get(*input).and_then(Option::as_ref).is_some_and(|value| {
                    let name = &self.model().collections[*collection].name;
                    value.shown == value.actual && self.world.record_by_id(name, value.as_text()).is_some()
                })
            }
            _ => false,
        }) || (0..self.behavior(endpoint).inputs.len()).any(|at| {
            let parent = self.parent_of(endpoint, at).map(|parent| &self.model().collections[parent].name);
            let value = values.inputs.get(at).and_then(Option::as_ref).filter(|value| value.shown == value.actual);
            parent.zip(value).is_some_and(|(name, value)| self.world.record_by_id(name, value.as_text()).is_some())
        })
    }

    /// The last step is about the endpoint that answered it.
    pub(super) fn about_itself(&mut self) {
        self.itself.push(self.steps.len().saturating_sub(1));
    }

    fn with(&self, endpoint: usize, values: &Values) -> Vec<(String, Json)> {
        let behavior = self.behavior(endpoint);
        let mut with: Vec<(String, Json)> = Vec::new();
        for (input, value) in behavior.inputs.iter().zip(&values.inputs) {
            if let Some(value) = value
                && !with.iter().any(|(known, _)| **known == *input.name)
            {
                with.push((input.name.to_string(), value.shown.clone()));
            }
        }
        if let Some(token) = &values.token {
            with.push((self.token_name(), token.shown.clone()));
        }
        with
    }

    /// Under which name an endpoint that declares no token is sent one.
    fn token_name(&self) -> String {
        let tokens = &self.model().tokens;
        let named = tokens.params.iter().find(|name| *name == "token").or_else(|| tokens.params.first());
        named.cloned().unwrap_or_else(|| "token".to_owned())
    }

    /// The title where only one endpoint has it, else the id.
    pub(super) fn endpoint_name(&self, endpoint: usize) -> String {
        let documented = &self.generation.set.endpoints[endpoint];
        let by_title = crate::scenario::names::endpoint(self.generation, &documented.title);
        if documented.titled && by_title == Ok(endpoint) { documented.title.clone() } else { documented.id.clone() }
    }

    /// Keeps what the last reply has at a path.
    pub(super) fn save(&mut self, base: &str, path: Option<&str>, actual: Json) -> Option<Val> {
        self.save_of(self.steps.len().checked_sub(1)?, base, path, actual)
    }

    /// The same of an earlier reply.
    pub(super) fn save_of(&mut self, step: usize, base: &str, path: Option<&str>, actual: Json) -> Option<Val> {
        let name = self.name(base);
        let path = match path {
            Some(path) => Some(Path::parse(path).ok()?),
            None => None,
        };
        let step = self.steps.get_mut(step)?;
        step.save.push(Save { name: name.clone(), path, place: crate::source::Place::default() });
        Some(Val { shown: Json::string(format!("${{{name}}}")), actual })
    }

    pub(super) fn basis(&mut self, basis: Basis) {
        if let Some(step) = self.steps.last_mut() {
            step.basis = basis;
        }
    }
}

fn sent(value: Json) -> Value<'static> {
    match value {
        Json::String(text) => Value::Text(Cow::Owned(text.to_string())),
        object @ Json::Object(_) if object.get("file").is_some() => {
            let name = object.get("file").and_then(Json::as_str).unwrap_or_default().to_owned();
            let content_type = object.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
            let bytes = object.get("text").and_then(Json::as_str).unwrap_or("docsim").to_owned();
            Value::File(File { name, content_type, bytes: Bytes::from(bytes) })
        }
        other => Value::Json(other),
    }
}

/// Every scalar of a reply with its path.
pub(super) fn leaves(body: &Json) -> Vec<(String, Vec<At>, &Json)> {
    body.leaves().into_iter().map(|(at, value)| (path_text(&at), at, value)).collect()
}

/// The first place of a reply that shows this text; one whose member has one of these names before others.
pub(super) fn shows(body: &Json, text: &str, names: &[&str]) -> Option<(String, Json)> {
    let all = leaves(body);
    let mut fitting = all.iter().filter(|(_, _, value)| value.scalar_text() == Some(text)).collect::<Vec<_>>();
    fitting.sort_by_key(|(_, at, _)| {
        let key = at.iter().rev().find_map(|step| match step {
            At::Key(key) => Some(&**key),
            At::Index(_) => None,
        });
        key.is_none_or(|key| !names.contains(&key))
    });
    fitting.first().map(|(path, _, value)| (path.clone(), (*value).clone()))
}
