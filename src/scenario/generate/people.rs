//! Who calls: registered, with a live token, a passcode that was sent, something before the reviewer, money.

use super::Against;
use super::lab::{AccountId, Lab, Val, leaves};
use super::satisfy::{DEPTH, Draft, inner};
use super::violate::{CALLER, OTHER};
use crate::behavior::account::COLLECTION;
use crate::behavior::{Action, Amount, Auth, Demand};
use crate::json::{Json, Step as At};
use crate::lexicon::Role;
use std::sync::Arc;

impl Lab<'_> {
    /// What was sent to another number serves no longer.
    pub(super) fn forget_passcodes(&mut self, draft: &mut Draft) {
        let inputs = &self.behavior(draft.endpoint).inputs;
        for (at, input) in inputs.iter().enumerate() {
            if input.role == Role::Passcode && !draft.fixed.contains(&at) {
                draft.set(at, None);
            }
        }
    }

    pub(super) fn set_token(&self, draft: &mut Draft, token: Option<Val>) {
        let inputs = &self.behavior(draft.endpoint).inputs;
        match inputs.iter().position(|input| input.role == Role::Token) {
            Some(at) => draft.set(at, token),
            None => draft.values.token = token,
        }
    }

    pub(super) fn meet_token(&mut self, draft: &mut Draft) -> bool {
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
            if self.is_for_others(endpoint, person) {
                continue;
            }
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

    /// Sees to it that a person has an account.
    pub(super) fn register(&mut self, person: usize, depth: usize) -> bool {
        if self.people[person].registered {
            return true;
        }
        if depth < DEPTH {
            let creating = self.endpoints_that(|action| matches!(action, Action::CreateAccount { .. }));
            let ensuring = self.endpoints_that(|action| matches!(action, Action::EnsureAccount { .. }));
            for endpoint in creating.into_iter().chain(ensuring) {
                if self.is_for_others(endpoint, person) {
                    continue;
                }
                let before = self.clone();
                if self.succeed(endpoint, person, depth + 1).is_some() && self.people[person].registered {
                    return true;
                }
                *self = before;
            }
        }
        if self.is_given_to(person) {
            return true;
        }
        let (word, name, rules) = self.usual_identity(person);
        let identity = self.identity(person, word, &name, &rules);
        let password = self.password(person, &[]);
        let said: Vec<(String, Json)> =
            self.said_kind(person).into_iter().map(|(field, value)| (field.to_string(), value)).collect();
        match self.make_account(&identity, &password, &said) {
            Some(seq) => {
                self.people[person].registered = true;
                self.people[person].seq = seq;
                true
            }
            None => false,
        }
    }

    /// Whether an input has the id of an account.
    pub(super) fn names_account(&self, endpoint: usize, input: usize) -> bool {
        let mut demands = self.behavior(endpoint).checks.iter().map(|check| inner(&check.demand));
        demands.any(|demand| *demand == Demand::AccountFound(input))
    }

    /// The id of somebody who is not the one who calls.
    pub(super) fn id_of_another(&mut self, draft: &Draft) -> Option<Val> {
        self.account_id(other_than(draft.person), draft.depth + 1)
    }

    /// Keeps in mind where a reply shows the account's id of who asked.
    pub(super) fn learn_account_id(&mut self, person: usize, body: &Json) {
        if !self.people[person].registered || self.people[person].id.is_some() || self.steps.is_empty() {
            return;
        }
        if let Some((path, id)) = self.account_id_in(person, body) {
            self.people[person].id = Some(AccountId::Shown { step: self.steps.len() - 1, path, id });
        }
    }

    /// Where a reply that is about one account shows its id.
    pub(super) fn account_id_in(&self, person: usize, body: &Json) -> Option<(String, Json)> {
        let account = self.world().record(COLLECTION, self.people[person].seq)?;
        let found = leaves(body).into_iter().find(|(_, at, value)| {
            let is_alone = at.iter().all(|step| matches!(step, At::Key(_)));
            let key = match at.last() {
                Some(At::Key(key)) if is_alone => key,
                _ => return false,
            };
            let role = self.generation.lexicon.role(key, "").map(|(role, _)| role);
            value.scalar_text() == Some(&*account.id) && matches!(role, Some(Role::UserId | Role::RecordId))
        });
        found.map(|(path, _, value)| (path, value.clone()))
    }

    /// The id by which others name a person's account: from a reply that has shown it, else from one that does.
    pub(super) fn account_id(&mut self, person: usize, depth: usize) -> Option<Val> {
        if !self.register(person, depth) {
            return None;
        }
        if self.people[person].id.is_none() && depth < DEPTH {
            let behaviors = self.model().behaviors.iter().enumerate();
            let own = behaviors.filter(|(_, known)| {
                known.auth == Auth::Required
                    && known.effects.is_empty()
                    && known.list.is_none()
                    && known.record.is_none()
            });
            let logins = self.endpoints_that(|action| matches!(action, Action::IssueToken));
            let askable: Vec<usize> = own.map(|(at, _)| at).chain(logins).collect();
            for endpoint in askable {
                let before = self.clone();
                if self.succeed(endpoint, person, depth + 1).is_some() && self.people[person].id.is_some() {
                    break;
                }
                *self = before;
            }
        }
        let known = match self.people[person].id.clone()? {
            AccountId::Known(id) => id,
            AccountId::Shown { step, path, id } => self.save_of(step, "user_id", Some(&path), id)?,
        };
        self.people[person].id = Some(AccountId::Known(known.clone()));
        Some(known)
    }

    /// By what most accounts are known, those of a person's kind before others.
    pub(super) fn usual_identity(&self, person: usize) -> (Role, String, Vec<crate::behavior::InputRule>) {
        let kind = self.kind_of(person);
        let of_kind = self.model().behaviors.iter().filter(|behavior| kind.is_some() && behavior.entry == kind);
        let behaviors = of_kind.chain(&self.model().behaviors);
        let named = behaviors.flat_map(|behavior| &behavior.inputs).find(|input| input.role == Role::Identity);
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
    pub(super) fn meet_passcode(&mut self, draft: &mut Draft, passcode: usize) -> bool {
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
    pub(super) fn can_be_sent_to(&mut self, draft: &Draft, identity: Val, passcode: usize) -> Val {
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
        if depth < DEPTH && self.against != (Against::Backend { passcode_is_universal: true }) {
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

    pub(super) fn send(&mut self, endpoint: usize, identity: &Val, purpose: Option<&str>, depth: usize) -> bool {
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

    pub(super) fn fund(&mut self, person: usize, balance: &str, depth: usize) -> bool {
        if !self.register(person, depth) {
            return false;
        }
        let adds = |action: &Action| match action {
            Action::AddFunds { amount: Amount::Input(_), takes: false, balance: known } => **known == *balance,
            _ => false,
        };
        // What is only moved from elsewhere is there by the back office's hand.
        let mut tops = self.endpoints_that(adds);
        tops.retain(|at| self.behavior(*at).operation == crate::lexicon::Operation::TopUp);
        for endpoint in tops {
            let input = self.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
                Action::AddFunds { amount: Amount::Input(input), takes: false, .. } => Some(*input),
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
}

pub(super) fn other_than(person: usize) -> usize {
    if person == CALLER { OTHER } else { CALLER }
}
