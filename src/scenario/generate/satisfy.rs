//! Ways to meet a demand: what has to be sent, and what has to be done before.
//!
//! In: a lab, an endpoint, values as far as they are known. Out: values that the endpoint accepts (or that one check alone
//! refuses), with the steps before them written down in the lab. Each demand has its own way, which follows from the
//! effects of the other endpoints; where none leads there, the simulator's hand does.

use super::lab::{Lab, Made, Person, Val, Values, leaves, shows};
use crate::behavior::collection::LinesFrom;
use crate::behavior::lifecycle::OfficeAction;
use crate::behavior::{Action, Auth, Demand, Form, RecordId};
use crate::json::Json;
use crate::lexicon::Role;
use crate::scenario::ast::What;
use crate::spec::In;
use crate::world::Change;
use std::sync::Arc;

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
            let is_left = input.discriminates || input.routes || param.public || input.role == Role::Token;
            if is_left || self.names_record(endpoint, at) {
                continue;
            }
            if self.has_to_be_sent(endpoint, at) {
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

    /// Whether an input names a record that has to be there.
    pub(super) fn names_record(&self, endpoint: usize, at: usize) -> bool {
        self.behavior(endpoint).checks.iter().any(|check| match inner(&check.demand) {
            Demand::Found { id, .. } => id.input == at,
            Demand::Referenced { input, .. } => *input == at,
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
        for at in 0..behavior.inputs.len() {
            let is_open = draft.get(at).is_none() && !draft.fixed.contains(&at);
            if !is_open || !self.has_to_be_sent(draft.endpoint, at) || !self.names_record(draft.endpoint, at) {
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
            Demand::FieldFree { input, .. } => {
                if is_fixed(draft, *input) {
                    return false;
                }
                let value = self.other_value(draft, *input);
                draft.set(*input, value);
                true
            }
            Demand::NotOneself(_) | Demand::Owned { .. } => false,
            Demand::AccountFound(input) => {
                // Ids of accounts are not known to a scenario.
                let leaves_out = !behavior.inputs[*input].required && !is_fixed(draft, *input);
                leaves_out && {
                    draft.set(*input, None);
                    true
                }
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
            Demand::NotRejected
            | Demand::Unverified
            | Demand::Usable { .. }
            | Demand::AccountKept
            | Demand::TokenFresh => {
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
            Demand::Room { .. } => {
                !self.unmet(draft.endpoint, &draft.values).iter().any(|at| behavior.checks[*at].demand == *demand)
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
            Demand::SomeLines(lines) => {
                let LinesFrom::Basket { collection, .. } = &lines.from else { return false };
                let person = Some(draft.person);
                self.make(*collection, person, draft.depth + 1).is_some()
            }
            Demand::LinesNamed(lines) => self.name_lines(draft, lines),
            Demand::Worth { input, .. } => {
                // Without the voucher.
                let free = !is_fixed(draft, *input);
                if free {
                    draft.set(*input, None);
                }
                free
            }
            Demand::Funds { balance, .. } => {
                let balance = balance.to_string();
                self.fund(draft.person, &balance, draft.depth + 1)
            }
            Demand::When { input, demand, .. } => {
                let is_needed = is_fixed(draft, *input) || behavior.inputs[*input].required;
                if !is_needed {
                    draft.set(*input, None);
                    return true;
                }
                let demand = (**demand).clone();
                self.meet(draft, &demand)
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

    pub(super) fn endpoints_that(&self, does: impl Fn(&Action) -> bool) -> Vec<usize> {
        let behaviors = self.model().behaviors.iter().enumerate();
        behaviors
            .filter(|(_, behavior)| behavior.effects.iter().any(|effect| does(&effect.action)))
            .map(|(at, _)| at)
            .collect()
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
