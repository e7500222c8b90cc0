//! Ways to meet a demand: what has to be sent, and what has to be done before.
//!
//! In: a lab, an endpoint, values as far as they are known. Out: values that the endpoint accepts (or that one check alone
//! refuses), with the steps before them written down in the lab. Each demand has its own way, which follows from the
//! effects of the other endpoints; where none leads there, the simulator's hand does.

use super::lab::{Lab, Made, Person, Val, Values, leaves, shows};
use crate::behavior::lifecycle::OfficeAction;
use crate::behavior::{Action, Auth, Demand, Form, RecordId};
use crate::json::Json;
use crate::lexicon::Role;
use crate::scenario::ast::What;
use crate::world::Change;
use std::sync::Arc;

/// How far calls that are made for the sake of another go.
const DEPTH: usize = 6;
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
        let behavior = self.behavior(endpoint);
        let documented = &self.generation.set.endpoints[endpoint];
        let values = Values { inputs: vec![None; behavior.inputs.len()], token: None };
        let mut draft = Draft { endpoint, person, values, fixed: Vec::new(), fixed_token: false, depth };
        for at in 0..behavior.inputs.len() {
            let (input, param) = (&behavior.inputs[at], &documented.params[at]);
            if input.discriminates || input.routes || param.public || input.role == Role::Token {
                continue;
            }
            let is_path = matches!(input.location, crate::spec::In::Path | crate::spec::In::PathPair);
            if input.required || is_path {
                let value = self.value(&mut draft, at);
                draft.set(at, value);
            }
        }
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
            _ => {
                let param = &self.generation.set.endpoints[draft.endpoint].params[at];
                let lexicon = Arc::clone(&self.generation.lexicon);
                Some(Val::constant(self.fresh.plain(input, param, &lexicon)))
            }
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
            super::fresh::is_mobile(value.as_text()) && matches!(word, Role::Phone | Role::Account | Role::Identity)
        });
        if let Some((_, value)) = own.or(mobile).or(any) {
            return value.clone();
        }
        let text = self.fresh.identity(word, name, rules);
        let value = self.var(name, &text);
        self.people[person].identities.push((word, value.clone()));
        value
    }

    fn password(&mut self, person: usize, rules: &[crate::behavior::InputRule]) -> Val {
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
        let mut hopeless: Vec<usize> = Vec::new();
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

    /// Changes what is sent, or does something before, so that a demand is met. False where it cannot.
    #[allow(clippy::too_many_lines, reason = "one short arm for each demand")]
    fn meet(&mut self, draft: &mut Draft, demand: &Demand) -> bool {
        if draft.depth >= DEPTH {
            return false;
        }
        let is_fixed = |draft: &Draft, input: usize| draft.fixed.contains(&input);
        let behavior = self.behavior(draft.endpoint);
        match demand {
            Demand::Token => self.meet_token(draft),
            Demand::Present(input) | Demand::WellFormed(input) => {
                let input = *input;
                if is_fixed(draft, input) {
                    return false;
                }
                if behavior.inputs[input].role == Role::Passcode {
                    return self.meet_passcode(draft, input);
                }
                let value = match self.record_for(draft, input) {
                    Some(record) => Some(record),
                    None => self.value(draft, input),
                };
                draft.set(input, value);
                true
            }
            Demand::PresentEither(first, second) => {
                let input = if is_fixed(draft, *first) { *second } else { *first };
                if is_fixed(draft, input) {
                    return false;
                }
                if behavior.inputs[input].role == Role::Passcode {
                    return self.meet_passcode(draft, input);
                }
                let value = self.value(draft, input);
                draft.set(input, value);
                true
            }
            Demand::Equal(first, second) => {
                let (from, to) = if is_fixed(draft, *second) { (*second, *first) } else { (*first, *second) };
                let value = draft.get(from).cloned();
                !is_fixed(draft, to) && {
                    draft.set(to, value);
                    true
                }
            }
            Demand::IdentityFree(input) => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let known = &behavior.inputs[*input];
                let text = self.fresh.identity(known.word, &known.name, &known.rules);
                let value = self.var(&known.name, &text);
                draft.set(*input, Some(value));
                self.forget_passcodes(draft);
                true
            }
            Demand::IdentityKnown(input) | Demand::Known(input) => {
                if is_fixed(draft, *input) || !self.register(draft.person, draft.depth + 1) {
                    return false;
                }
                let known = &behavior.inputs[*input];
                let value = self.identity(draft.person, known.word, &known.name, &known.rules);
                draft.set(*input, Some(value));
                self.forget_passcodes(draft);
                true
            }
            Demand::Passcode { passcode, .. } | Demand::PasscodeFresh { passcode, .. } => {
                !is_fixed(draft, *passcode) && self.meet_passcode(draft, *passcode)
            }
            Demand::Password { password, .. } => {
                if is_fixed(draft, *password) || !self.register(draft.person, draft.depth + 1) {
                    return false;
                }
                let Some(value) = self.people[draft.person].password.clone() else { return false };
                draft.set(*password, Some(value));
                true
            }
            Demand::PasswordNew { password, .. } => {
                if is_fixed(draft, *password) {
                    return false;
                }
                let value = Val::text(self.fresh.password(&behavior.inputs[*password].rules));
                draft.set(*password, Some(value));
                true
            }
            Demand::CardValid(input) | Demand::CardFree(input) => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let card = self.fresh.card();
                draft.set(*input, Some(Val::text(card)));
                true
            }
            Demand::Submitted => self.submit(draft.person, draft.depth + 1),
            Demand::NotPending => self.office(draft.person, OfficeAction::Approve),
            Demand::NotRejected | Demand::Unverified | Demand::Usable { .. } | Demand::AccountKept => {
                // Whoever is somebody else is not.
                let is_own = draft.fixed.is_empty() && !draft.fixed_token;
                if !is_own {
                    return false;
                }
                draft.person = self.somebody();
                let mut other = self.draft(draft.endpoint, draft.person, draft.depth + 1);
                other.depth = draft.depth + 1;
                *draft = other;
                self.settle(draft, None)
            }
            Demand::SendInterval { .. } => {
                let interval = self.model().passcodes.interval_ms;
                self.wait(interval);
                true
            }
            Demand::Changed => self.meet_changed(draft),
            Demand::Found { collection, id, .. } => {
                if is_fixed(draft, id.input) {
                    return false;
                }
                let (collection, id) = (*collection, id.clone());
                self.meet_found(draft, collection, &id)
            }
            Demand::Referenced { collection, input } => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let (collection, id) = (*collection, RecordId { input: *input, via: None });
                self.meet_found(draft, collection, &id)
            }
            Demand::Unlike { fields, id, .. } => {
                if fields.iter().any(|(_, input)| is_fixed(draft, *input)) {
                    return false;
                }
                let kept = id.as_ref().map(|id| id.input);
                for (_, input) in fields.clone() {
                    if kept != Some(input) {
                        let value = self.other_value(draft, input);
                        draft.set(input, value);
                    }
                }
                true
            }
            Demand::InState { collection, id, field, from } => {
                let (collection, id, field, from) = (*collection, id.clone(), Arc::clone(field), from.clone());
                self.meet_state(draft, collection, &id, &field, &from)
            }
            Demand::Tied { id, tied, .. } => {
                let (id, tied) = (id.clone(), *tied);
                self.meet_tied(draft, &id, tied)
            }
            Demand::SomeListed { collection } => {
                let collection = *collection;
                let filters: Vec<usize> = behavior
                    .list
                    .iter()
                    .flat_map(|plan| plan.filters.iter().map(|filter| filter.input).chain(plan.keyword))
                    .collect();
                for input in filters {
                    if !is_fixed(draft, input) && !behavior.inputs[input].required {
                        draft.set(input, None);
                    }
                }
                if !self.unmet(draft.endpoint, &draft.values).iter().any(|at| behavior.checks[*at].demand == *demand) {
                    return true;
                }
                let person = Some(draft.person);
                self.make(collection, person, draft.depth + 1).is_some()
            }
            Demand::Enough(stock) => {
                if let Some(quantity) = stock.quantity.filter(|quantity| !is_fixed(draft, *quantity)) {
                    draft.set(quantity, Some(Val::text("1")));
                }
                let unmet = self.unmet(draft.endpoint, &draft.values);
                if !unmet.iter().any(|at| behavior.checks[*at].demand == *demand) {
                    return true;
                }
                let Some(id) = stock.input.and_then(|input| draft.get(input).cloned()) else { return false };
                self.edit_record(stock.collection, &id, Some(vec![(stock.field.to_string(), Json::integer(1_000))]))
            }
            Demand::Funds { balance, .. } => {
                let balance = balance.to_string();
                self.fund(draft.person, &balance, draft.depth + 1)
            }
            Demand::When { input, values, demand, .. } => {
                let is_needed = is_fixed(draft, *input) || behavior.inputs[*input].required;
                if !is_needed {
                    draft.set(*input, None);
                    return true;
                }
                let _ = values;
                let demand = (**demand).clone();
                self.meet(draft, &demand)
            }
        }
    }

    /// What was sent to another number serves no longer.
    fn forget_passcodes(&mut self, draft: &mut Draft) {
        let inputs = &self.behavior(draft.endpoint).inputs;
        for (at, input) in inputs.iter().enumerate() {
            if input.role == Role::Passcode && !draft.fixed.contains(&at) {
                draft.set(at, None);
            }
        }
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

    pub(super) fn set_token(&self, draft: &mut Draft, token: Option<Val>) {
        let inputs = &self.behavior(draft.endpoint).inputs;
        match inputs.iter().position(|input| input.role == Role::Token) {
            Some(at) => draft.set(at, token),
            None => draft.values.token = token,
        }
    }

    fn meet_token(&mut self, draft: &mut Draft) -> bool {
        if draft.fixed_token {
            return false;
        }
        if let Auth::Named(input) = self.behavior(draft.endpoint).auth {
            if draft.fixed.contains(&input) || !self.register(draft.person, draft.depth + 1) {
                return false;
            }
            let known = &self.behavior(draft.endpoint).inputs[input];
            let value = self.identity(draft.person, known.word, &known.name, &known.rules);
            draft.set(input, Some(value));
            return true;
        }
        let Some(token) = self.token(draft.person, draft.depth + 1) else { return false };
        self.set_token(draft, Some(token));
        true
    }

    /// A live token of a person: from registering, else from logging in.
    pub(super) fn token(&mut self, person: usize, depth: usize) -> Option<Val> {
        if let Some(token) = &self.people[person].token {
            return Some(token.clone());
        }
        if !self.model().tokens.issued {
            let example = Arc::clone(&self.model().tokens.example);
            let token = Val::text(self.fresh.token(&example));
            self.people[person].token = Some(token.clone());
            return Some(token);
        }
        if depth >= DEPTH {
            return None;
        }
        if !self.people[person].registered
            && self.register(person, depth + 1)
            && let Some(token) = &self.people[person].token
        {
            return Some(token.clone());
        }
        for endpoint in self.endpoints_that(|action| matches!(action, Action::IssueToken)) {
            let before = self.clone();
            if self.succeed(endpoint, person, depth + 1).is_some()
                && let Some(token) = &self.people[person].token
            {
                return Some(token.clone());
            }
            *self = before;
        }
        None
    }

    pub(super) fn endpoints_that(&self, does: impl Fn(&Action) -> bool) -> Vec<usize> {
        let behaviors = self.model().behaviors.iter().enumerate();
        behaviors
            .filter(|(_, behavior)| behavior.effects.iter().any(|effect| does(&effect.action)))
            .map(|(at, _)| at)
            .collect()
    }

    /// Sees to it that a person has an account.
    pub(super) fn register(&mut self, person: usize, depth: usize) -> bool {
        if self.people[person].registered {
            return true;
        }
        if depth < DEPTH {
            let creating = self.endpoints_that(|action| matches!(action, Action::CreateAccount { .. }));
            let ensuring = self.endpoints_that(|action| matches!(action, Action::EnsureAccount { .. }));
            for endpoint in creating.into_iter().chain(ensuring) {
                let before = self.clone();
                if self.succeed(endpoint, person, depth + 1).is_some() && self.people[person].registered {
                    return true;
                }
                *self = before;
            }
        }
        let (word, name, rules) = self.usual_identity();
        let identity = self.identity(person, word, &name, &rules);
        let password = self.password(person, &[]);
        match self.make_account(&identity, &password, &[]) {
            Some(seq) => {
                self.people[person].registered = true;
                self.people[person].seq = seq;
                true
            }
            None => false,
        }
    }

    /// By what most accounts are known.
    fn usual_identity(&self) -> (Role, String, Vec<crate::behavior::InputRule>) {
        let inputs = self.model().behaviors.iter().flat_map(|behavior| &behavior.inputs);
        let named = inputs.clone().find(|input| input.role == Role::Identity);
        let by_auth = || {
            self.model().behaviors.iter().find_map(|behavior| match behavior.auth {
                Auth::Named(input) => behavior.inputs.get(input),
                _ => None,
            })
        };
        named.or_else(by_auth).map_or((Role::Phone, "phone".to_owned(), Vec::new()), |input| {
            (input.word, input.name.to_string(), input.rules.clone())
        })
    }

    /// A passcode for the identity of this call, sent by the endpoint that sends them if there is one.
    fn meet_passcode(&mut self, draft: &mut Draft, passcode: usize) -> bool {
        let demands = self.behavior(draft.endpoint).checks.iter().map(|check| inner(&check.demand));
        let found = demands.filter_map(|demand| match demand {
            Demand::Passcode { identity, passcode: input, purpose }
            | Demand::PasscodeFresh { identity, passcode: input, purpose }
                if *input == passcode =>
            {
                Some((*identity, purpose.clone()))
            }
            _ => None,
        });
        let Some((identity, purpose)) = found.into_iter().next() else {
            draft.set(passcode, Some(Val::text("246813")));
            return true;
        };
        let identity = match identity {
            Some(input) => {
                if draft.get(input).is_none() && !draft.fixed.contains(&input) {
                    let value = self.value(draft, input);
                    draft.set(input, value);
                }
                match draft.get(input).filter(|value| !value.as_text().is_empty()) {
                    Some(value) => value.clone(),
                    None => {
                        // Nothing is compared where there is no identity: any will do.
                        draft.set(passcode, Some(Val::text("246813")));
                        return true;
                    }
                }
            }
            None => {
                if !self.meet_token(draft) && !draft.fixed_token {
                    return false;
                }
                match self.people[draft.person].identities.first() {
                    Some((_, identity)) => identity.clone(),
                    None => return false,
                }
            }
        };
        let identity = self.can_be_sent_to(draft, identity, passcode);
        match self.passcode(&identity, purpose.as_deref(), draft.depth + 1) {
            Some(code) => {
                draft.set(passcode, Some(code));
                true
            }
            None => false,
        }
    }

    /// To what is no phone nothing can be sent: then a passcode is somebody else's.
    fn can_be_sent_to(&mut self, draft: &Draft, identity: Val, passcode: usize) -> Val {
        let behavior = self.behavior(draft.endpoint);
        let named = behavior.checks.iter().find_map(|check| match inner(&check.demand) {
            Demand::Passcode { identity: Some(input), passcode: known, .. } if *known == passcode => Some(*input),
            _ => None,
        });
        let Some(input) = named else { return identity };
        let unmet = self.unmet(draft.endpoint, &draft.values);
        let is_malformed = unmet.iter().any(|at| *inner(&behavior.checks[*at].demand) == Demand::WellFormed(input));
        if !is_malformed {
            return identity;
        }
        let known = &behavior.inputs[input];
        let other = self.somebody();
        self.identity(other, known.word, &known.name, &known.rules)
    }

    pub(super) fn passcode(&mut self, identity: &Val, purpose: Option<&str>, depth: usize) -> Option<Val> {
        if depth < DEPTH {
            for endpoint in self.endpoints_that(|action| matches!(action, Action::SendPasscode { .. })) {
                let before = self.clone();
                if self.send(endpoint, identity, purpose, depth + 1) {
                    break;
                }
                *self = before;
            }
        }
        self.sms(identity, purpose)
    }

    fn send(&mut self, endpoint: usize, identity: &Val, purpose: Option<&str>, depth: usize) -> bool {
        let somebody = self.somebody();
        let mut draft = self.draft(endpoint, somebody, depth);
        let sends = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
            Action::SendPasscode { identity, purpose } => Some((*identity, *purpose)),
            _ => None,
        });
        let Some((to, what_for)) = sends else { return false };
        draft.fix(to, Some(identity.clone()));
        if let (Some(input), Some(purpose)) = (what_for, purpose) {
            draft.fix(input, Some(Val::text(purpose)));
        }
        // Its own demands may be about who it is sent to: known, or not known.
        if !self.settle(&mut draft, None) {
            return false;
        }
        self.go(&draft, None);
        true
    }

    /// Something of a person's is verified or before the reviewer.
    pub(super) fn submit(&mut self, person: usize, depth: usize) -> bool {
        let submitted = self.model().accounts.submitted.clone();
        let submits = self.endpoints_that(|action| match action {
            Action::Submit { .. } | Action::Verify { .. } => true,
            Action::SetFields(fields) => fields.iter().any(|(key, _)| submitted.contains(key)),
            _ => false,
        });
        for endpoint in submits {
            let before = self.clone();
            if self.succeed(endpoint, person, depth).is_some() {
                return true;
            }
            *self = before;
        }
        false
    }

    fn meet_changed(&mut self, draft: &mut Draft) -> bool {
        let fields: Vec<usize> = self
            .behavior(draft.endpoint)
            .effects
            .iter()
            .flat_map(|effect| match &effect.action {
                Action::SetFields(fields) | Action::UpdateRecord { fields, .. } | Action::SaveRecord { fields, .. } => {
                    fields.iter().map(|(_, input)| *input).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let free = fields.into_iter().find(|input| !draft.fixed.contains(input));
        let Some(input) = free else { return false };
        let value = self.other_value(draft, input);
        draft.set(input, value);
        true
    }

    fn record_for(&mut self, draft: &mut Draft, input: usize) -> Option<Val> {
        let behavior = self.behavior(draft.endpoint);
        let named = behavior.checks.iter().find_map(|check| match inner(&check.demand) {
            Demand::Found { collection, id, .. } if id.input == input => Some((*collection, id.clone())),
            Demand::Referenced { collection, input: named } if *named == input => {
                Some((*collection, RecordId { input, via: None }))
            }
            _ => None,
        });
        let (collection, id) = named?;
        self.meet_found(draft, collection, &id).then(|| draft.get(input).cloned()).flatten()
    }

    fn meet_found(&mut self, draft: &mut Draft, collection: usize, id: &RecordId) -> bool {
        if self.model().collections[collection].private && !draft.fixed_token && !self.meet_token(draft) {
            return false;
        }
        let there: Vec<Val> = self
            .made
            .iter()
            .rev()
            .filter(|made| made.collection == collection && made.owner.is_none_or(|owner| owner == draft.person))
            .map(|made| made.id.clone())
            .collect();
        for record in there {
            if self.points_to(draft, collection, id, &record) {
                return true;
            }
        }
        let Some(record) = self.make(collection, Some(draft.person), draft.depth + 1) else { return false };
        // Making it may have brought a token.
        if !draft.fixed_token && self.behavior(draft.endpoint).auth != Auth::Anyone {
            let _ = self.meet_token(draft);
        }
        self.points_to(draft, collection, id, &record)
    }

    /// Makes the draft speak of that record; false where it is not found so.
    fn points_to(&mut self, draft: &mut Draft, collection: usize, id: &RecordId, record: &Val) -> bool {
        let value = match &id.via {
            None => record.clone(),
            Some(via) => {
                let name = Arc::clone(&self.model().collections[collection].name);
                let known = self.world().record_by_id(&name, record.as_text()).cloned();
                let Some(text) =
                    known.and_then(|known| known.field(via).and_then(Json::scalar_text).map(str::to_owned))
                else {
                    return false;
                };
                match self.shown_before(&text, via) {
                    Some(value) => value,
                    None => Val::text(text),
                }
            }
        };
        let old = draft.get(id.input).cloned();
        draft.set(id.input, Some(value));
        let behavior = self.behavior(draft.endpoint);
        let unmet = self.unmet(draft.endpoint, &draft.values);
        let misses = unmet.iter().any(|at| match inner(&behavior.checks[*at].demand) {
            Demand::Found { id: named, .. } => named.input == id.input,
            Demand::Referenced { input, .. } => *input == id.input,
            _ => false,
        });
        if misses {
            draft.set(id.input, old);
        }
        !misses
    }

    /// A value that the steps so far have sent or saved.
    fn shown_before(&self, text: &str, _field: &str) -> Option<Val> {
        let sent = self.steps.iter().filter_map(|step| match &step.action {
            crate::scenario::ast::Action::Call { with, .. } => Some(with),
            _ => None,
        });
        let constant = sent.flatten().any(|(_, value)| value.scalar_text() == Some(text));
        constant.then(|| Val::text(text))
    }

    /// A record of a collection: made by the endpoint that makes them, else one that is listed, else by hand.
    pub(super) fn make(&mut self, collection: usize, person: Option<usize>, depth: usize) -> Option<Val> {
        if depth < DEPTH {
            let person = person.unwrap_or(0);
            for endpoint in self.endpoints_that(|action| match action {
                Action::CreateRecord { collection: made, .. } | Action::SaveRecord { collection: made, .. } => {
                    *made == collection
                }
                _ => false,
            }) {
                let before = self.clone();
                let count = self.made.len();
                if let Some(draft) = self.succeed(endpoint, person, depth + 1) {
                    if self.made.len() == count {
                        self.look_up(collection, person, depth + 1);
                    }
                    if let Some(made) =
                        self.made.get(count..).into_iter().flatten().rev().find(|made| made.collection == collection)
                    {
                        return Some(made.id.clone());
                    }
                    let _ = draft;
                }
                *self = before;
            }
            if let Some(id) = self.listed(collection, person, depth + 1) {
                return Some(id);
            }
        }
        let needs_owner = self.model().collections[collection].private || self.model().collections[collection].owned;
        let owner = person.filter(|_| needs_owner);
        if let Some(owner) = owner
            && !self.register(owner, depth)
        {
            return None;
        }
        let id = self.make_record(collection, owner, Vec::new())?;
        self.made.push(Made { collection, owner, id: id.clone() });
        Some(id)
    }

    /// The id of a record that was just made, where its reply did not tell: a list or a detail does.
    fn look_up(&mut self, collection: usize, person: usize, depth: usize) {
        let name = Arc::clone(&self.model().collections[collection].name);
        let newest = self
            .world()
            .collection(&name)
            .and_then(|all| all.iter().max_by_key(|record| record.seq).map(|record| Arc::clone(&record.id)));
        let Some(id) = newest else { return };
        for endpoint in self.readers_of(collection) {
            let before = self.clone();
            if let Some(draft) = self.prepared(endpoint, person, depth + 1) {
                let came = self.tried(endpoint, &draft.values);
                if let Some((path, value)) = shows(&came.body, &id, &self.id_names(collection)) {
                    self.go(&draft, None);
                    if let Some(id) = self.save("id", Some(&path), value) {
                        self.made.push(Made { collection, owner: Some(person), id });
                        return;
                    }
                }
            }
            *self = before;
        }
    }

    /// A record that is there from the start, taken from a list.
    fn listed(&mut self, collection: usize, person: usize, depth: usize) -> Option<Val> {
        let name = Arc::clone(&self.model().collections[collection].name);
        let ids: Vec<Arc<str>> =
            self.world().collection(&name)?.iter().map(|record| Arc::clone(&record.id)).take(200).collect();
        if ids.is_empty() {
            return None;
        }
        for endpoint in self.readers_of(collection) {
            if self.behavior(endpoint).list.is_none() {
                continue;
            }
            let before = self.clone();
            if let Some(draft) = self.prepared(endpoint, person, depth + 1) {
                let came = self.tried(endpoint, &draft.values);
                let names = self.id_names(collection);
                let found = ids.iter().find_map(|id| {
                    shows(&came.body, id, &names)
                        .filter(|(path, _)| names.iter().any(|name| path.ends_with(&format!(".{name}"))))
                });
                if let Some((path, value)) = found {
                    self.go(&draft, None);
                    if let Some(id) = self.save("id", Some(&path), value) {
                        self.made.push(Made { collection, owner: None, id: id.clone() });
                        return Some(id);
                    }
                }
            }
            *self = before;
        }
        None
    }

    pub(super) fn id_names(&self, collection: usize) -> Vec<&str> {
        let key = self.model().collections[collection].id.key.as_deref();
        key.into_iter().chain(["id", "_id"]).collect()
    }

    /// Endpoints that show records of a collection and change nothing.
    pub(super) fn readers_of(&self, collection: usize) -> Vec<usize> {
        let behaviors = self.model().behaviors.iter().enumerate();
        let reads = behaviors.filter(|(_, behavior)| {
            let is_list = behavior.list.as_ref().is_some_and(|plan| plan.collection == collection);
            let is_detail = behavior.record.as_ref().is_some_and(|on| on.collection == collection);
            behavior.effects.is_empty() && (is_list || is_detail)
        });
        let mut found: Vec<usize> = reads.map(|(at, _)| at).collect();
        found.sort_by_key(|at| self.behavior(*at).list.is_none());
        found
    }

    fn meet_state(
        &mut self,
        draft: &mut Draft,
        collection: usize,
        id: &RecordId,
        field: &Arc<str>,
        from: &[Json],
    ) -> bool {
        let Some(value) = draft.get(id.input).cloned() else { return false };
        let Some(record) = self.record_of(collection, id, &value) else { return false };
        self.lead(collection, &record, draft.person, field, from, draft.depth + 1)
    }

    /// The id by which a record that a request names is known.
    pub(super) fn record_of(&self, collection: usize, id: &RecordId, value: &Val) -> Option<Val> {
        if id.via.is_none() {
            return Some(value.clone());
        }
        let name = &self.model().collections[collection].name;
        let via = id.via.as_ref()?;
        let made = self.made.iter().filter(|made| made.collection == collection);
        let of = |made: &&Made| {
            let record = self.world().record_by_id(name, made.id.as_text());
            record.and_then(|record| record.field(via)).and_then(Json::scalar_text) == Some(value.as_text())
        };
        made.clone().find(of).map(|made| made.id.clone())
    }

    pub(super) fn status_of(&self, collection: usize, record: &Val, field: &str) -> Option<String> {
        let name = &self.model().collections[collection].name;
        let known = self.world().record_by_id(name, record.as_text())?;
        known.field(field)?.scalar_text().map(str::to_owned)
    }

    /// Leads a record to one of these statuses: the shortest way over the endpoints that move it, else by hand.
    pub(super) fn lead(
        &mut self,
        collection: usize,
        record: &Val,
        person: usize,
        field: &str,
        to: &[Json],
        depth: usize,
    ) -> bool {
        let is_there = |status: &str| to.iter().any(|known| known.scalar_text() == Some(status));
        let Some(now) = self.status_of(collection, record, field) else { return false };
        if is_there(&now) {
            return true;
        }
        let edges: Vec<(usize, Vec<String>, String)> = self
            .model()
            .behaviors
            .iter()
            .enumerate()
            .flat_map(|(at, behavior)| {
                behavior.effects.iter().filter_map(move |effect| match &effect.action {
                    Action::MoveRecords { collection: moved, id: Some(_), field: moving, from, to }
                        if *moved == collection && **moving == *field =>
                    {
                        let text = |value: &Json| value.scalar_text().map(str::to_owned);
                        Some((at, from.iter().filter_map(text).collect(), text(to)?))
                    }
                    _ => None,
                })
            })
            .collect();
        let mut ways: Vec<(String, Vec<usize>)> = vec![(now, Vec::new())];
        let mut at = 0;
        while at < ways.len() && ways.len() < 64 {
            let (status, way) = ways[at].clone();
            for (endpoint, from, to) in &edges {
                if from.contains(&status) && !ways.iter().any(|(known, _)| known == to) {
                    let mut longer = way.clone();
                    longer.push(*endpoint);
                    ways.push((to.clone(), longer));
                }
            }
            at += 1;
        }
        if depth < DEPTH {
            for (_, way) in ways.iter().filter(|(status, _)| is_there(status)) {
                let before = self.clone();
                if way.iter().all(|endpoint| self.move_by(*endpoint, collection, record, person, depth + 1)) {
                    return true;
                }
                *self = before;
            }
        }
        let Some(wanted) = to.first() else { return false };
        self.edit_record(collection, record, Some(vec![(field.to_owned(), wanted.clone())]))
    }

    fn move_by(&mut self, endpoint: usize, collection: usize, record: &Val, person: usize, depth: usize) -> bool {
        let mut draft = self.draft(endpoint, person, depth);
        let moved = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
            Action::MoveRecords { id: Some(id), .. } => Some(id.clone()),
            _ => None,
        });
        let Some(id) = moved else { return false };
        let _ = self.meet_token(&mut draft);
        if !self.points_to(&mut draft, collection, &id, record) {
            return false;
        }
        draft.fixed.push(id.input);
        if !self.settle(&mut draft, None) {
            return false;
        }
        self.go(&draft, None);
        true
    }

    fn meet_tied(&mut self, draft: &mut Draft, id: &RecordId, tied: bool) -> bool {
        let Some(value) = draft.get(id.input).cloned() else { return false };
        let ties = self.endpoints_that(|action| matches!(action, Action::Tie { .. }));
        for endpoint in ties.into_iter().filter(|endpoint| *endpoint != draft.endpoint || !tied) {
            let before = self.clone();
            let mut other = self.draft(endpoint, draft.person, draft.depth + 1);
            let of = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
                Action::Tie { id, .. } => Some(id.input),
                _ => None,
            });
            if let Some(input) = of {
                other.fix(input, Some(value.clone()));
                if self.settle(&mut other, None) {
                    self.go(&other, None);
                    let behavior = self.behavior(draft.endpoint);
                    let unmet = self.unmet(draft.endpoint, &draft.values);
                    if !unmet.iter().any(|at| matches!(inner(&behavior.checks[*at].demand), Demand::Tied { .. })) {
                        return true;
                    }
                }
            }
            *self = before;
        }
        false
    }

    fn fund(&mut self, person: usize, balance: &str, depth: usize) -> bool {
        if !self.register(person, depth) {
            return false;
        }
        for endpoint in self.endpoints_that(|action| matches!(action, Action::AddFunds { .. })) {
            let input = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
                Action::AddFunds { input, .. } => Some(*input),
                _ => None,
            });
            let before = self.clone();
            let mut draft = self.draft(endpoint, person, depth + 1);
            if let Some(input) = input {
                draft.fix(input, Some(Val::text("1000")));
            }
            if self.settle(&mut draft, None) {
                self.go(&draft, None);
                return true;
            }
            *self = before;
        }
        self.edit_account(person, vec![(balance.to_owned(), Json::string("100000"))])
    }

    /// Takes from a reply, and from what was changed, what later steps need: tokens, ids, who is registered.
    fn learn(&mut self, draft: &Draft, body: &Json, changes: &[Change]) {
        let behavior = self.behavior(draft.endpoint);
        for change in changes {
            match change {
                Change::RecordCreated { collection, record }
                    if **collection == *crate::behavior::account::COLLECTION =>
                {
                    self.people[draft.person].registered = true;
                    self.people[draft.person].seq = record.seq;
                    self.people[draft.person].identities.clear();
                    for effect in &behavior.effects {
                        if let Action::CreateAccount { identities, password, .. } = &effect.action {
                            for at in identities {
                                if let Some(value) = draft.get(*at) {
                                    self.people[draft.person]
                                        .identities
                                        .push((behavior.inputs[*at].word, value.clone()));
                                }
                            }
                            self.people[draft.person].password = password.and_then(|at| draft.get(at).cloned());
                        }
                        if let Action::EnsureAccount { identities, .. } = &effect.action {
                            for at in identities {
                                if let Some(value) = draft.get(*at) {
                                    self.people[draft.person]
                                        .identities
                                        .push((behavior.inputs[*at].word, value.clone()));
                                }
                            }
                        }
                    }
                    if self.people[draft.person].identities.is_empty()
                        && let Some(key) = record.key("identity")
                    {
                        self.people[draft.person].identities.push((Role::Identity, Val::text(key.as_ref())));
                    }
                }
                Change::TokenIssued(token) => {
                    if let Some((path, value)) = shows(body, &token.token, &[]) {
                        let saved = self.save("token", Some(&path), value);
                        self.people[draft.person].token = saved;
                    }
                }
                Change::TokenRevoked(token) => {
                    for person in &mut self.people {
                        if person.token.as_ref().is_some_and(|known| known.as_text() == &*token.token) {
                            person.token = None;
                        }
                    }
                }
                Change::RecordCreated { collection, record } => {
                    let at = self.model().collections.iter().position(|known| known.name == *collection);
                    let Some(at) = at else { continue };
                    let owner = record.owner.as_ref().and_then(|owner| {
                        self.people.iter().position(|person| person.registered && person.seq == owner.seq)
                    });
                    let data = leaves(body).len();
                    if data > 0
                        && let Some((path, value)) = shows(body, &record.id, &self.id_names(at)).filter(|(path, _)| {
                            path.contains("id") || path.contains("Id") || path.contains("ID") || record.id.len() > 4
                        })
                        && let Some(id) = self.save("id", Some(&path), value)
                    {
                        self.made.push(Made { collection: at, owner, id });
                    }
                }
                Change::RecordRemoved { collection, record } => {
                    let model = self.model();
                    self.made.retain(|made| {
                        *model.collections[made.collection].name != **collection || made.id.as_text() != &*record.id
                    });
                }
                Change::PasswordSet { seq, .. } => {
                    let set = behavior.effects.iter().find_map(|effect| match &effect.action {
                        Action::SetPassword { password, .. } => Some(*password),
                        _ => None,
                    });
                    let value = set.and_then(|at| draft.get(at).cloned());
                    for person in self.people.iter_mut().filter(|person| person.registered && person.seq == *seq) {
                        person.password.clone_from(&value);
                    }
                }
                _ => {}
            }
        }
        let is_login = behavior.effects.iter().any(|effect| effect.action == Action::IssueToken);
        if is_login && !self.people[draft.person].registered {
            self.people[draft.person].registered = true;
        }
    }
}

/// What is demanded, wherever it is demanded only at times.
pub(super) fn inner(demand: &Demand) -> &Demand {
    match demand {
        Demand::When { demand, .. } => inner(demand),
        other => other,
    }
}
