//! What an operation on accounts changes.

use super::demands::{Beside, Plan};
use super::infer::SetWide;
use super::{Action, Amount, Confidence, Effect, Evidence, Input, Slot, collection};
use crate::lexicon::{Class, Operation, Role, StatusKind};
use crate::spec::{In, Note};
use std::sync::Arc;

impl SetWide<'_> {
    pub(super) fn effects(&self, plan: &Plan<'_>, success: &super::Reply) -> Vec<Effect> {
        let mut actions: Vec<(Action, Option<Evidence>)> = Vec::new();
        let identity = plan.identity();
        let spend = plan.input(Role::Passcode).map(|passcode| Action::SpendPasscode {
            identity: plan.addressee(),
            passcode,
            purpose: plan.purpose.clone(),
        });
        let gives_token = success.body.slots().any(|(slot, _)| *slot == Slot::Token);
        match plan.operation {
            Operation::Register => {
                let is_identity = |at: &usize| plan.inputs[*at].role == Role::Identity;
                let identities = (0..plan.inputs.len()).filter(is_identity).collect();
                let (password, fields) = (plan.input(Role::Password), self.fields(plan));
                actions.push((makes(plan.beside, identities, password, fields), None));
                actions.extend(spend.map(|spend| (spend, None)));
                if gives_token {
                    actions.push((Action::IssueToken, None));
                }
            }
            Operation::Login => {
                if plan.beside == Beside::MakesAccount {
                    let is_identity = |at: &usize| plan.inputs[*at].role == Role::Identity;
                    let identities = (0..plan.inputs.len()).filter(is_identity).collect();
                    let (password, fields) = (plan.input(Role::Password), self.fields(plan));
                    actions.push((Action::EnsureAccount { identities, password, fields }, None));
                }
                actions.extend(spend.map(|spend| (spend, None)));
                actions.push((Action::IssueToken, None));
            }
            Operation::Logout | Operation::RenewToken => actions.extend(self.left(plan)),
            Operation::DeleteAccount => {
                let spend = plan.input(Role::Passcode);
                actions.extend(spend.map(|passcode| {
                    (Action::SpendPasscode { identity: None, passcode, purpose: plan.purpose.clone() }, None)
                }));
                actions.push((Action::DeleteAccount, None));
            }
            Operation::ResetPassword => {
                actions.extend(plan.new_password().map(|password| (Action::SetPassword { identity, password }, None)));
                actions.extend(spend.map(|spend| (spend, None)));
                // `重置成功后所有 token 失效`; without a word of it, that is only what most do.
                let remarks = collection::prose::remarks(self.prose, &self.set.endpoints[plan.at]);
                let ends = |note: &&Note| self.ends_logins(note);
                let told = remarks.filter(ends).map(|note| Evidence::new(&*note.text, note.place, Confidence::Certain));
                let usual = || Evidence::new(plan.operation.name(), plan.place, Confidence::Likely);
                actions.push((Action::RevokeTokens, Some(told.last().unwrap_or_else(usual))));
            }
            Operation::ChangePassword => {
                actions.extend(plan.new_password().map(|password| (Action::SetPassword { identity, password }, None)));
                // `修改成功，请重新登录`
                let envelope = self.set.envelope(&self.set.endpoints[plan.at]);
                let mut said =
                    self.set.endpoints[plan.at].successes().filter_map(|example| envelope.message_of(&example.value));
                // `修改后需要重新登录`
                let ends = |note: &Note| self.ends_logins(note);
                let told = || collection::prose::remarks(self.prose, &self.set.endpoints[plan.at]).any(ends);
                if said.any(|(_, text)| self.lexicon.meaning(text).classes.contains(&Class::NotLoggedIn)) || told() {
                    actions.push((Action::RevokeTokens, None));
                }
            }
            Operation::BindIdentity => {
                actions.extend(identity.map(|identity| (Action::SetIdentity(identity), None)));
                actions.extend(spend.map(|spend| (spend, None)));
            }
            Operation::TopUp => {
                let input = plan.inputs.iter().position(|input| input.word == Role::Amount);
                actions.extend(input.zip(self.balance()).map(|(input, balance)| {
                    (Action::AddFunds { amount: Amount::Input(input), balance, takes: false }, None)
                }));
            }
            Operation::EditProfile => actions.push((Action::SetFields(self.fields(plan)), None)),
            Operation::VerifyIdentity => {
                if let Some(card) = plan.input(Role::IdCard) {
                    let action = Action::Verify { name: plan.input(Role::RealName), card };
                    actions.push((action, self.accounts.flag_evidence()));
                }
                if self.accounts.verified.is_none() && !self.kinds.contains(&Operation::SubmitReview) {
                    actions.extend(self.submission());
                }
            }
            Operation::SubmitReview => {
                actions.push((Action::SetFields(self.fields(plan)), None));
                actions.extend(self.submission());
            }
            Operation::SendPasscode => {
                let purpose = plan.input(Role::Purpose);
                actions.extend(identity.map(|identity| (Action::SendPasscode { identity, purpose }, None)));
                if gives_token {
                    actions.push((Action::IssueToken, None));
                }
            }
            _ => {}
        }
        let told = Evidence::new(plan.operation.name(), plan.place, Confidence::Certain);
        let effect = |(action, because): (Action, Option<Evidence>)| Effect {
            action,
            because: because.unwrap_or_else(|| told.clone()),
        };
        actions.into_iter().map(effect).collect()
    }

    /// `改完要重新登录`, `之前的 token 都作废`
    fn ends_logins(&self, note: &Note) -> bool {
        let says = |topic: &str| self.lexicon.speaks_of(topic, &note.text);
        says("login-anew") || (says("ends-tokens") && !says("logins-stay"))
    }

    /// What becomes of the token that is sent, and the one that takes its place.
    fn left(&self, plan: &Plan<'_>) -> Vec<(Action, Option<Evidence>)> {
        if plan.operation == Operation::Logout {
            return vec![self.logged_out(plan.at)];
        }
        // `老票换新票，老票马上失效`
        let mut remarks = collection::prose::remarks(self.prose, &self.set.endpoints[plan.at]);
        let ended = remarks.find(|note| {
            let says = |topic: &str| self.lexicon.speaks_of(topic, &note.text);
            says("old-token-ends") && !says("logins-stay")
        });
        let told = ended.map(|note| Evidence::new(&*note.text, note.place, Confidence::Certain));
        let ended = told.map(|told| (Action::RevokeToken, Some(told)));
        ended.into_iter().chain([(Action::IssueToken, None)]).collect()
    }

    /// `退出后这个账号之前的 token 全部失效`; else the token that is sent.
    fn logged_out(&self, at: usize) -> (Action, Option<Evidence>) {
        let says = |topic: &str, note: &Note| self.lexicon.speaks_of(topic, &note.text);
        let all = |note: &&Note| says("single-session", note) && !says("logins-stay", note);
        let told = collection::prose::remarks(self.prose, &self.set.endpoints[at]).find(all);
        let told = told.map(|note| Evidence::new(&*note.text, note.place, Confidence::Certain));
        (if told.is_some() { Action::RevokeTokens } else { Action::RevokeToken }, told)
    }

    /// From the statuses before a review, or after one that was refused, to the one in which it is under way.
    pub(super) fn submission(&self) -> Option<(Action, Option<Evidence>)> {
        let machine = self.accounts.review_machine()?;
        let to = machine.value(StatusKind::Pending)?;
        let from = machine.of_kinds(&[StatusKind::Unreviewed, StatusKind::Rejected]);
        let words = machine.known(to).map_or_else(String::new, |value| value.words.clone());
        let because = Evidence::new(words, machine.place, Confidence::Certain);
        Some((Action::Submit { from, to: to.clone() }, Some(because)))
    }

    /// The inputs that are kept as fields of the account, each with its key.
    pub(super) fn fields(&self, plan: &Plan<'_>) -> Vec<(Arc<str>, usize)> {
        let several = plan.inputs.iter().filter(|input| input.role == Role::Identity).count() > 1;
        let secret = [
            if several { Role::Password } else { Role::Identity },
            Role::Password,
            Role::NewPassword,
            Role::OldPassword,
            Role::ConfirmPassword,
            Role::Passcode,
            Role::Token,
            Role::Purpose,
            Role::PayPassword,
            Role::Openid,
            Role::UserId,
        ];
        let params = &self.set.endpoints[plan.at].params;
        let kept = |at: usize, input: &Input| {
            // A constant of the URL routes; it says nothing of the account.
            let routes = params.get(at).is_some_and(|param| !param.is_told() && param.location == In::Query);
            // A phone that was bound is shown, and so is the one that an account was made by.
            let bound = input.role == Role::Identity && self.accounts.bound == Some(input.word);
            !routes && (bound || !secret.contains(&input.role)) && !input.discriminates && input.location != In::Header
        };
        let inputs = plan.inputs.iter().enumerate().filter(|(at, input)| kept(*at, input));
        // `上传头像` with an `image`: the title says which picture it is.
        let title = &self.set.endpoints[plan.at].title;
        let of_title = self.lexicon.role("", title).map(|(role, _)| role).filter(|role| *role == Role::Avatar);
        let key = |input: &Input| {
            let picture = matches!(input.word, Role::Picture | Role::File);
            let titled = of_title.filter(|_| picture).and_then(|role| self.accounts.key_of_role(role).cloned());
            titled.unwrap_or_else(|| self.accounts.key_for(input))
        };
        let mut kept: Vec<(Arc<str>, usize)> = inputs.map(|(at, input)| (key(input), at)).collect();
        if plan.operation == Operation::Register {
            // What is not sent is what stands in for it: that comes before, and what is sent takes its place.
            let stand_ins =
                super::collection::items::defaults::stand_ins(&self.set.endpoints[plan.at], plan.inputs, self.lexicon);
            let own = |(at, other): &(usize, usize)| {
                kept.iter().find(|(_, known)| known == at).map(|(key, _)| (Arc::clone(key), *other))
            };
            let before: Vec<(Arc<str>, usize)> = stand_ins.iter().filter_map(own).collect();
            kept.splice(0..0, before);
        }
        kept
    }
}

/// Registering makes an account, or lets in who has one.
fn makes(beside: Beside, identities: Vec<usize>, password: Option<usize>, fields: Vec<(Arc<str>, usize)>) -> Action {
    if beside == Beside::MakesAccount {
        Action::EnsureAccount { identities, password, fields }
    } else {
        Action::CreateAccount { identities, password, fields }
    }
}
