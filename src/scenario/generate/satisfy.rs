//! Ways to meet a demand: what has to be sent, and what has to be done before.
//!
//! In: a lab, an endpoint, values as far as they are known. Out: values that the endpoint accepts (or that one check alone
//! refuses), with the steps before them written down in the lab. Each demand has its own way, which follows from the
//! effects of the other endpoints; where none leads there, the simulator's hand does.

use super::Against;
use super::lab::{Lab, Person, Val, Values};
use crate::behavior::{Action, Auth, Demand, Form};
use crate::json::Json;
use crate::lexicon::Role;
use crate::scenario::ast::What;
use crate::spec::In;

/// How far calls that are made for the sake of another go.
pub(super) const DEPTH: usize = 6;
/// How many demands are met for one call.
const ROUNDS: usize = 40;

/// One call that is being put together.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) endpoint: usize,
    pub(super) person: usize,
    pub(super) values: Values,
    /// Inputs that stay as they are, and whether the token does.
    pub(super) fixed: Vec<usize>,
    pub(super) fixed_token: bool,
    pub(super) depth: usize,
    /// Inputs that name what is there and is the caller's, whoever is not known to be the caller.
    pub(super) alive: Vec<usize>,
}

impl Draft {
    pub(super) fn set(&mut self, input: usize, value: Option<Val>) {
        if let Some(place) = self.values.inputs.get_mut(input) {
            *place = value;
        }
    }

    /// Sets an input for good.
    pub(super) fn fix(&mut self, input: usize, value: Option<Val>) {
        self.set(input, value);
        self.fixed.push(input);
    }

    pub(super) fn get(&self, input: usize) -> Option<&Val> {
        self.values.inputs.get(input)?.as_ref()
    }
}

impl Lab<'_> {
    /// A call by a person with all that it has to send.
    pub(super) fn draft(&mut self, endpoint: usize, person: usize, depth: usize) -> Draft {
        let person = self.cast(endpoint, person);
        let behavior = self.behavior(endpoint);
        let documented = &self.generation.set.endpoints[endpoint];
        let values = Values { inputs: vec![None; behavior.inputs.len()], token: None };
        let mut draft =
            Draft { endpoint, person, values, fixed: Vec::new(), fixed_token: false, depth, alive: Vec::new() };
        for at in 0..behavior.inputs.len() {
            let (input, param) = (&behavior.inputs[at], &documented.params[at]);
            let is_left = input.discriminates || input.routes || param.public || input.role == Role::Token;
            if is_left || self.names_record(endpoint, at) {
                continue;
            }
            if self.has_to_be_sent(endpoint, at) {
                let value = self.value(&mut draft, at);
                draft.set(at, value);
            }
        }
        self.say_kind(&mut draft);
        draft
    }

    /// What a person would send for an input.
    pub(super) fn value(&mut self, draft: &mut Draft, at: usize) -> Option<Val> {
        let input = &self.behavior(draft.endpoint).inputs[at];
        match input.role {
            Role::Identity | Role::Phone | Role::Email | Role::Account | Role::Openid
                if input.role == Role::Identity || self.names_somebody(draft.endpoint, at) =>
            {
                Some(self.identity(draft.person, input.word, &input.name, &input.rules))
            }
            Role::Password | Role::OldPassword => Some(self.password(draft.person, &input.rules)),
            Role::NewPassword | Role::ConfirmPassword | Role::PayPassword => {
                Some(Val::text(self.fresh.password(&input.rules)))
            }
            Role::Passcode | Role::Token => None,
            _ if self.behavior(draft.endpoint).is_unique(at) => {
                let usual = self.plain(draft.endpoint, at);
                let text = self.fresh.unlike_any(usual.scalar_text().unwrap_or_default(), &input.rules);
                Some(self.var(&input.name, &text))
            }
            _ => Some(Val::constant(self.plain(draft.endpoint, at))),
        }
    }

    fn plain(&mut self, endpoint: usize, at: usize) -> Json {
        let generation = self.generation;
        let (behavior, param) = (&generation.model.behaviors[endpoint], &generation.set.endpoints[endpoint].params[at]);
        let input = &behavior.inputs[at];
        self.fresh.plain(input, param, generation.model.shown(behavior, &input.name), &generation.lexicon)
    }

    /// Whether an input names a record that has to be there.
    pub(super) fn names_record(&self, endpoint: usize, at: usize) -> bool {
        self.behavior(endpoint).checks.iter().any(|check| match inner(&check.demand) {
            Demand::Found { id, .. } => id.input == at,
            Demand::Referenced { input, .. } | Demand::AccountFound(input) => *input == at,
            _ => false,
        }) || self.parent_of(endpoint, at).is_some()
    }

    /// The collection whose records a list is asked for by an input: the comments of an article.
    pub(super) fn parent_of(&self, endpoint: usize, at: usize) -> Option<usize> {
        let plan = self.behavior(endpoint).list.as_ref()?;
        let filter = plan.filters.iter().find(|filter| filter.input == at)?;
        let reference = self.model().collections[plan.collection].reference(&filter.field)?;
        Some(reference.collection)
    }

    /// What the documents demand, and what the address shows.
    fn has_to_be_sent(&self, endpoint: usize, at: usize) -> bool {
        let input = &self.behavior(endpoint).inputs[at];
        let param = &self.generation.set.endpoints[endpoint].params[at];
        let is_shown = param.location == In::Query && !param.listed && !input.routes;
        input.required || is_shown || matches!(input.location, In::Path | In::PathPair)
    }

    /// Names the records that a call has to name: those that were made or seen before.
    pub(super) fn name_records(&mut self, draft: &mut Draft) {
        let behavior = self.behavior(draft.endpoint);
        let is_open = |lab: &Self, draft: &Draft, at: usize| {
            draft.get(at).is_none()
                && !draft.fixed.contains(&at)
                && lab.has_to_be_sent(draft.endpoint, at)
                && lab.names_record(draft.endpoint, at)
        };
        if (0..behavior.inputs.len()).any(|at| is_open(self, draft, at)) {
            self.come_first(draft);
        }
        for at in 0..behavior.inputs.len() {
            if !is_open(self, draft, at) {
                continue;
            }
            let before = (self.clone(), draft.clone());
            let record = if draft.depth < DEPTH { self.record_for(draft, at) } else { None };
            if record.is_none() {
                (*self, *draft) = before;
                let value = self.value(draft, at);
                draft.set(at, value);
            }
        }
        self.fit_numbers(draft);
    }

    /// Whoever needs a token has one before they look for what a call names: from far down in what has to be done before, the way
    /// to a token is too long.
    fn come_first(&mut self, draft: &Draft) {
        let is_wanted =
            self.behavior(draft.endpoint).auth == Auth::Required && !draft.fixed_token && draft.depth < DEPTH;
        if is_wanted && self.people[draft.person].token.is_none() {
            let before = self.clone();
            if self.token(draft.person, draft.depth + 1).is_none() {
                *self = before;
            }
        }
    }

    /// Names a record where none has to be named.
    pub(super) fn name_one(&mut self, draft: &mut Draft, at: usize) {
        if draft.get(at).is_some() || draft.fixed.contains(&at) {
            return;
        }
        let before = (self.clone(), draft.clone());
        self.come_first(draft);
        if self.record_for(draft, at).is_none() {
            (*self, *draft) = before;
        }
    }

    fn names_somebody(&self, endpoint: usize, at: usize) -> bool {
        let behavior = self.behavior(endpoint);
        behavior.auth == Auth::Named(at)
            || behavior.checks.iter().any(|check| match inner(&check.demand) {
                Demand::IdentityFree(input) | Demand::IdentityKnown(input) | Demand::Known(input) => *input == at,
                _ => false,
            })
            || behavior.effects.iter().any(|effect| match &effect.action {
                Action::CreateAccount { identities, .. } | Action::EnsureAccount { identities, .. } => {
                    identities.contains(&at)
                }
                Action::SendPasscode { identity, .. } => *identity == at,
                _ => false,
            })
    }

    pub(super) fn identity(
        &mut self,
        person: usize,
        word: Role,
        name: &str,
        rules: &[crate::behavior::InputRule],
    ) -> Val {
        let known = &self.people[person];
        let own = known.identities.iter().find(|(role, _)| *role == word);
        let any = known.identities.first().filter(|_| known.registered);
        let mobile = known.identities.iter().find(|(_, value)| {
            crate::engine::is_mobile(value.as_text()) && matches!(word, Role::Phone | Role::Account | Role::Identity)
        });
        if let Some((_, value)) = own.or(mobile).or(any) {
            return value.clone();
        }
        let text = self.fresh.identity(word, name, rules);
        let value = self.var(name, &text);
        self.people[person].identities.push((word, value.clone()));
        value
    }

    pub(super) fn password(&mut self, person: usize, rules: &[crate::behavior::InputRule]) -> Val {
        if let Some(password) = &self.people[person].password {
            return password.clone();
        }
        let value = Val::text(self.fresh.password(rules));
        self.people[person].password = Some(value.clone());
        value
    }

    /// Somebody new.
    pub(super) fn somebody(&mut self) -> usize {
        self.people.push(Person::default());
        self.people.len() - 1
    }

    /// Values that the endpoint accepts, all that has to be before it done. None where no way was found.
    pub(super) fn prepared(&mut self, endpoint: usize, person: usize, depth: usize) -> Option<Draft> {
        let mut draft = self.draft(endpoint, person, depth);
        self.settle(&mut draft, None).then_some(draft)
    }

    /// A call that succeeds.
    pub(super) fn succeed(&mut self, endpoint: usize, person: usize, depth: usize) -> Option<Draft> {
        let draft = self.prepared(endpoint, person, depth)?;
        self.go(&draft, None);
        Some(draft)
    }

    /// Makes a call that is known to succeed, and learns from its reply.
    pub(super) fn go(&mut self, draft: &Draft, because: Option<String>) -> Json {
        let came = self.call(draft.endpoint, &draft.values, vec![What::Success], because);
        self.learn(draft, &came.body, &came.changes);
        came.body
    }

    /// Meets one demand after the other until all are met, or until only the one that is aimed at is not. Where others
    /// cannot be met either, the one aimed at has to be the first.
    pub(super) fn settle(&mut self, draft: &mut Draft, target: Option<usize>) -> bool {
        if !self.generation.set.endpoints[draft.endpoint].is_served() {
            return false;
        }
        let mut hopeless: Vec<usize> = Vec::new();
        self.name_records(draft);
        for _ in 0..ROUNDS {
            let unmet = self.unmet(draft.endpoint, &draft.values);
            let was_aimed_at = target.is_some_and(|target| unmet.contains(&target));
            let next = unmet.iter().copied().find(|at| Some(*at) != target && !hopeless.contains(at));
            let Some(next) = next else {
                return unmet.first().copied() == target;
            };
            let before = (self.clone(), draft.clone());
            let demand = self.behavior(draft.endpoint).checks[next].demand.clone();
            let met = self.meet(draft, &demand) && {
                let now = self.unmet(draft.endpoint, &draft.values);
                !now.contains(&next) && (!was_aimed_at || target.is_some_and(|target| now.contains(&target)))
            };
            // What is refused before it comes to paying needs nothing to pay with, where only the back office could give that.
            let is_later = target.is_some_and(|target| target < next) && matches!(inner(&demand), Demand::Funds { .. });
            let is_given = || self.steps[before.0.steps.len()..].iter().any(|step| step.action.needs_simulator());
            let met = met && !(is_later && self.against != Against::Simulator && is_given());
            if !met {
                if target.is_none() {
                    return false;
                }
                (*self, *draft) = before;
                hopeless.push(next);
            }
        }
        false
    }

    /// Another value than the one that would be sent again.
    pub(super) fn other_value(&mut self, draft: &mut Draft, input: usize) -> Option<Val> {
        let known = &self.behavior(draft.endpoint).inputs[input];
        let old = draft.get(input).cloned();
        for rule in &known.rules {
            if let Form::OneOf(values) = &rule.form {
                let other = values.iter().find(|value| old.as_ref().is_none_or(|old| old.as_text() != *value));
                return other.map(|value| Val::text(value.as_str())).or(old);
            }
        }
        let value = self.value(draft, input);
        if value != old || value.is_none() {
            return value;
        }
        let text = old.as_ref().map(Val::as_text).unwrap_or_default().to_owned();
        let other = match text.parse::<i64>() {
            Ok(number) if text.len() < 6 => number.saturating_add(1).to_string(),
            _ if text.is_empty() => "1".to_owned(),
            _ => {
                let longer = format!("{text}{}", self.fresh.digits(2));
                self.fresh.fitting(&known.rules, &longer, &known.name)
            }
        };
        Some(Val::text(other))
    }

    pub(super) fn endpoints_that(&self, does: impl Fn(&Action) -> bool) -> Vec<usize> {
        let behaviors = self.model().behaviors.iter().enumerate();
        behaviors
            .filter(|(_, behavior)| behavior.effects.iter().any(|effect| does(&effect.action)))
            .map(|(at, _)| at)
            .collect()
    }
}

/// What is demanded, wherever it is demanded only at times.
pub(super) fn inner(demand: &Demand) -> &Demand {
    match demand {
        Demand::When { demand, .. } => inner(demand),
        other => other,
    }
}
