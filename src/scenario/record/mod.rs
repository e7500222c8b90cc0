//! Calls that happened, as a scenario that can be run again.
//!
//! In: calls with their replies, in their order. Out: a scenario in which what was secret is a variable: a token is saved from
//! the reply that gave it, a passcode is asked for by an `sms` step, a password stands once among the `vars` as another of
//! the same form. Ids of records are saved from the reply that showed them. What no document describes is left out, and so are calls whose token came from somewhere else.

mod ids;

use super::ast::{Action, Expect, Path, Save, Scenario, Step, What};
use super::run;
use crate::behavior::{Action as Effect, Auth, Behavior, Demand};
use crate::client::Reply;
use crate::contract::handed;
use crate::engine::request::Value;
use crate::engine::{Call, follow};
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::Role;
use base64::Engine as _;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One call and what came of it.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The documents as they were then: endpoint and inputs are numbers in them.
    generation: Arc<Generation>,
    endpoint: usize,
    /// By input; a file as a scenario writes it.
    values: Vec<(usize, Json)>,
    token: Option<String>,
    reply: Reply,
    /// Why it was simulated and not the backend's.
    because: Option<String>,
}

/// What came of a recording.
#[derive(Debug)]
pub struct Recorded {
    pub scenario: Scenario,
    /// Calls whose token nobody in the recording was given.
    pub left_out: usize,
}

/// Stands for a token or a passcode that was wrong, too.
const WRONG_TOKEN: &str = "not-a-token";

impl Taken {
    pub fn new(
        generation: &Arc<Generation>,
        endpoint: usize,
        call: &Call<'_>,
        reply: Reply,
        because: Option<String>,
    ) -> Self {
        let values = call.values.iter().enumerate().filter_map(|(input, value)| Some((input, shown(value.as_ref()?))));
        let generation = Arc::clone(generation);
        Self {
            generation,
            endpoint,
            values: values.collect(),
            token: call.token.as_deref().map(str::to_owned),
            reply,
            because,
        }
    }
}

impl Taken {
    /// The token, where one is needed and this one was accepted.
    fn good_token(&self) -> Option<String> {
        let is_needed = matches!(self.generation.model.behaviors[self.endpoint].auth, Auth::Required);
        let is_success = || run::outcome(&self.generation, self.endpoint, &self.reply).is_success;
        self.token.clone().filter(|_| is_needed && is_success())
    }

    /// Bytes that it holds, roughly.
    pub fn size(&self) -> usize {
        let values: usize = self.values.iter().map(|(_, value)| 64 + value.scalar_text().map_or(1_024, str::len)).sum();
        512 + values + self.reply.body.len()
    }
}

fn shown(value: &Value<'_>) -> Json {
    match value {
        Value::Text(text) => Json::string(text.as_ref()),
        Value::Json(json) => json.clone(),
        Value::File(file) => {
            let mut object = Json::empty_object();
            object.set("file", Json::string(file.name.as_str()));
            object.set("type", Json::string(file.content_type.as_str()));
            object.set("base64", Json::string(base64::engine::general_purpose::STANDARD.encode(&file.bytes)));
            object
        }
    }
}

/// The scenario of these calls.
pub fn scenario(name: &str, calls: &[Taken]) -> Recorded {
    let mut recording = Recording::new(calls);
    let mut scenario = Scenario { name: name.to_owned(), tags: vec![run::RECORDED.to_owned()], ..Scenario::default() };
    let mut left_out = 0;
    for taken in calls {
        if !recording.add(taken, &mut scenario) {
            left_out += 1;
        }
    }
    scenario.vars =
        recording.passwords.values().map(|(name, text)| (name.clone(), Json::string(text.as_str()))).collect();
    scenario.vars.sort_by(|a, b| a.0.len().cmp(&b.0.len()).then_with(|| a.0.cmp(&b.0)));
    Recorded { scenario, left_out }
}

struct Recording {
    /// By the real one: its variable, and what stands there in its place.
    passwords: BTreeMap<String, (String, String)>,
    /// By the real one, its variable; those that a step has saved.
    tokens: BTreeMap<String, String>,
    /// Tokens that a call of the recording presents.
    used: BTreeSet<String>,
    /// Those that were good, whatever a call with them came to.
    good: BTreeSet<String>,
    passcodes: BTreeSet<String>,
    people: BTreeSet<String>,
    codes: usize,
    shown: ids::Shown,
}

impl Recording {
    fn new(calls: &[Taken]) -> Self {
        let mut recording = Self {
            passwords: BTreeMap::new(),
            tokens: BTreeMap::new(),
            used: calls.iter().filter_map(|taken| taken.token.clone()).collect(),
            good: calls.iter().filter_map(Taken::good_token).collect(),
            passcodes: BTreeSet::new(),
            people: BTreeSet::new(),
            codes: 0,
            shown: ids::Shown::default(),
        };
        for taken in calls {
            let inputs = &taken.generation.model.behaviors[taken.endpoint].inputs;
            for (input, value) in &taken.values {
                let Some(text) = value.scalar_text().filter(|text| !text.is_empty()) else { continue };
                match inputs[*input].role {
                    Role::Passcode => drop(recording.passcodes.insert(text.to_owned())),
                    role if role.is_password() => recording.learn_password(text),
                    _ => {}
                }
            }
        }
        recording
    }

    fn learn_password(&mut self, text: &str) {
        if self.passwords.contains_key(text) {
            return;
        }
        let number = self.passwords.len() + 1;
        let name = if number == 1 { "password".to_owned() } else { format!("password{number}") };
        let taken: Vec<String> =
            self.passwords.iter().flat_map(|(real, (_, other))| [real.clone(), other.clone()]).collect();
        let other =
            (number..number + 64).map(|from| alike(text, from)).find(|other| other != text && !taken.contains(other));
        self.passwords.insert(text.to_owned(), (name, other.unwrap_or_else(|| format!("other{number}"))));
    }

    /// False where the call is left out.
    fn add(&mut self, taken: &Taken, scenario: &mut Scenario) -> bool {
        let behavior = &taken.generation.model.behaviors[taken.endpoint];
        let outcome = run::outcome(&taken.generation, taken.endpoint, &taken.reply);
        let token = match &taken.token {
            None => None,
            Some(token) => match self.tokens.get(token) {
                Some(name) => Some(format!("${{{name}}}")),
                None if self.good.contains(token) => return false,
                None => Some(WRONG_TOKEN.to_owned()),
            },
        };
        let passcode = self.passcode(taken, behavior, &outcome, scenario);
        let mut with = Vec::new();
        let mut has_token = false;
        for (at, value) in &taken.values {
            let input = &behavior.inputs[*at];
            let value = match input.role {
                Role::Token => {
                    has_token = true;
                    Json::string(token.clone().unwrap_or_default())
                }
                Role::Passcode => Json::string(passcode.clone()),
                _ => self
                    .shown
                    .named(&taken.generation.model, taken.endpoint, *at, value, &mut scenario.steps)
                    .unwrap_or_else(|| self.concealed(value)),
            };
            with.push((input.name.to_string(), value));
        }
        if let (Some(token), false) = (token, has_token || matches!(behavior.auth, Auth::Anyone | Auth::Named(_))) {
            with.push(("token".to_owned(), Json::string(token)));
        }
        self.somebody(taken, behavior, outcome.is_success, scenario);
        let mut step = Step {
            action: Action::Call { endpoint: taken.generation.set.endpoints[taken.endpoint].id.clone(), with },
            because: taken.because.as_ref().map(|because| format!("was simulated: {because}")),
            ..Step::default()
        };
        let what = match &outcome.code {
            Some(code) => What::Code(code.parse().map_or_else(|_| Json::string(code.as_str()), Json::integer)),
            None if outcome.is_success => What::Success,
            None => What::Failure,
        };
        step.expect.push(Expect { what, place: step.place });
        let body = Json::from(&serde_json::from_slice::<serde_json::Value>(&taken.reply.body).unwrap_or_default());
        if let Some((path, token)) = handed::token(&taken.generation, taken.endpoint, &body)
            && self.used.contains(&token)
            && let Ok(path) = Path::parse(&path)
        {
            let number = self.tokens.len() + 1;
            let name = if number == 1 { "token".to_owned() } else { format!("token{number}") };
            step.save.push(Save { name: name.clone(), path: Some(path), place: step.place });
            self.tokens.insert(token, name);
        }
        scenario.steps.push(step);
        if outcome.is_success {
            let envelope = taken.generation.set.envelope(&taken.generation.set.endpoints[taken.endpoint]);
            self.shown.learn(
                &taken.generation.model,
                taken.endpoint,
                envelope.data.as_deref(),
                &body,
                scenario.steps.len() - 1,
            );
        }
        true
    }

    /// What stands for the passcode of a call: the variable of an `sms` step before it, or a wrong one if it was wrong.
    fn passcode(
        &mut self,
        taken: &Taken,
        behavior: &Behavior,
        outcome: &super::result::Outcome,
        scenario: &mut Scenario,
    ) -> String {
        let sent = taken.values.iter().find(|(input, _)| behavior.inputs[*input].role == Role::Passcode);
        let Some(text) = sent.and_then(|(_, value)| value.scalar_text()).filter(|text| !text.is_empty()) else {
            return String::new();
        };
        let identity = behavior.checks.iter().find_map(|check| match &check.demand {
            Demand::Passcode { identity, .. } => *identity,
            _ => None,
        });
        let phone = identity.and_then(|input| taken.values.iter().find(|(at, _)| *at == input)).map(|(_, value)| value);
        if let Some(phone) = phone.filter(|_| outcome.is_success) {
            self.codes += 1;
            let name = if self.codes == 1 { "code".to_owned() } else { format!("code{}", self.codes) };
            let mut sms =
                Step { action: Action::Sms { identity: self.concealed(phone), purpose: None }, ..Step::default() };
            sms.save.push(Save { name: name.clone(), path: None, place: sms.place });
            scenario.steps.push(sms);
            return format!("${{{name}}}");
        }
        (0..10).map(|from| alike(text, from)).find(|other| !self.passcodes.contains(other)).unwrap_or_default()
    }

    /// Who logs in without having registered in the recording has to be there first.
    fn somebody(&mut self, taken: &Taken, behavior: &Behavior, is_success: bool, scenario: &mut Scenario) {
        let text =
            |input: usize| taken.values.iter().find(|(at, _)| *at == input).and_then(|(_, value)| value.scalar_text());
        let Some(name) = follow::identity(behavior).and_then(text).filter(|_| is_success) else { return };
        let makes = |effect: &crate::behavior::Effect| {
            matches!(effect.action, Effect::CreateAccount { .. } | Effect::EnsureAccount { .. })
        };
        let needs = follow::password(behavior).and_then(text);
        let is_new = self.people.insert(name.to_owned());
        if !is_new || behavior.effects.iter().any(makes) || behavior.effects.is_empty() {
            return;
        }
        let sets = behavior.effects.iter().any(|effect| matches!(effect.action, Effect::SetPassword { .. }));
        let password = needs.filter(|_| !sets).map(|text| ("password".to_owned(), self.concealed(&Json::string(text))));
        let action = Action::Account {
            identity: self.concealed(&Json::string(name)),
            action: None,
            members: password.into_iter().collect(),
        };
        scenario.setup.push(Step { action, ..Step::default() });
    }

    /// A value with every secret of the recording replaced by its variable.
    fn concealed(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => Json::string(self.text(text)),
            Json::Number(text) if self.text(text) != **text => Json::string(self.text(text)),
            Json::Array(items) => Json::Array(items.iter().map(|item| self.concealed(item)).collect()),
            Json::Object(members) => {
                Json::Object(members.iter().map(|(name, value)| (name.clone(), self.concealed(value))).collect())
            }
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        if let Some((name, _)) = self.passwords.get(text) {
            return format!("${{{name}}}");
        }
        let mut text = text.to_owned();
        let long = |secret: &&String| secret.chars().count() >= 4;
        for secret in self.passwords.keys().filter(long) {
            text = text.replace(secret.as_str(), &format!("${{{}}}", self.passwords[secret].0));
        }
        for secret in self.used.iter().filter(long) {
            let other = self.tokens.get(secret).map_or_else(|| WRONG_TOKEN.to_owned(), |name| format!("${{{name}}}"));
            text = text.replace(secret.as_str(), &other);
        }
        if self.passcodes.contains(&text) { "***".to_owned() } else { text }
    }
}

/// A text of the same form: letters for letters, digits for digits, as long.
fn alike(text: &str, from: usize) -> String {
    let letters = text.chars().enumerate().map(|(at, c)| {
        let at = u32::try_from((at + from) % 10).unwrap_or_default();
        match c {
            'A'..='Z' => char::from_u32(u32::from('A') + at).unwrap_or('A'),
            '0'..='9' => char::from_digit((at + 1) % 10, 10).unwrap_or('1'),
            c if c.is_alphabetic() => char::from_u32(u32::from('a') + at).unwrap_or('a'),
            _ => '_',
        }
    });
    letters.collect()
}
