//! Demands about accounts: who is named, how they stand, and whether their secrets are right.

use super::{CARD, IDENTITY, Scene};
use crate::behavior::Model;
use crate::behavior::account::kinds::Kinds;
use crate::behavior::account::{COLLECTION, is_identity};
use crate::engine::{id_card, records};
use crate::lexicon::{Operation, Role, StatusKind};
use crate::world::{Mark, Millis, Passcode, PasscodeCheck, Record, World};
use std::borrow::Cow;
use std::sync::Arc;

impl<'a> Scene<'a> {
    /// Whether the caller is of a kind. What nothing has set is as the account's own page shows it.
    pub(super) fn is_of_kind(&self, field: &str, value: &str, default: Option<&str>) -> bool {
        let begins = self.model.accounts.fields.iter().find(|known| &*known.key == field);
        let begins = begins.and_then(|known| known.initial.scalar_text());
        let account = self.caller.account.as_ref();
        account.is_none_or(|account| crate::engine::taking::is_of_kind(account, field, value, default.or(begins)))
    }

    /// The account that the input of that role names.
    pub(in crate::engine) fn identified(&self) -> Option<&'a Arc<Record>> {
        self.named(self.behavior.inputs.iter().position(|input| input.role == Role::Identity)?)
    }

    /// The account that an input names.
    pub(super) fn named(&self, input: usize) -> Option<&'a Arc<Record>> {
        if let Some((_, account)) = self.named.get().filter(|(known, _)| *known == input) {
            return account;
        }
        let account =
            self.call.text(input).and_then(|text| self.world.by_key(COLLECTION, self.names(), &identity_key(text)));
        self.named.set(Some((input, account)));
        account
    }

    /// The space of names in which the endpoint looks for accounts.
    fn names(&self) -> &'a str {
        self.behavior.names.as_deref().unwrap_or(IDENTITY)
    }

    /// The accounts whose ids an input has.
    pub(super) fn accounts(&self, input: usize) -> Vec<Option<&'a Arc<Record>>> {
        records::ids(self.call, input).iter().map(|id| self.world.record_by_id(COLLECTION, id)).collect()
    }

    /// The account that an input names, or the caller's where no input does.
    pub(in crate::engine) fn account(&self, identity: Option<usize>) -> Option<&'a Arc<Record>> {
        match identity {
            Some(input) => self.named(input),
            None => self.caller.account.as_ref(),
        }
    }

    pub(super) fn is_field_free(&self, input: usize, field: &str) -> bool {
        let Some(text) = self.call.text(input).filter(|_| self.call.is_present(input)) else { return true };
        let known = self.world.by_key(COLLECTION, &records::space(field), text);
        known.is_none_or(|account| self.is_caller(account))
    }

    /// Who adds an account for somebody else has one, and does not make it again.
    pub(super) fn is_identity_free(&self, input: usize) -> bool {
        let makes = self.behavior.operation == Operation::Register;
        self.named(input).is_none_or(|account| !makes && self.is_caller(account))
    }

    pub(super) fn is_caller(&self, account: &Record) -> bool {
        self.caller.account.as_ref().is_some_and(|caller| caller.seq == account.seq)
    }

    pub(super) fn status(&self, account: &Record) -> Option<StatusKind> {
        let machine = self.model.accounts.machine.as_ref()?;
        machine.kind(account.field(&machine.field).unwrap_or(&machine.initial))
    }

    pub(super) fn review(&self, account: &Record) -> Option<StatusKind> {
        let machine = self.model.accounts.review_machine()?;
        machine.kind(account.field(&machine.field).unwrap_or(&machine.initial))
    }

    pub(super) fn caller_review(&self) -> Option<StatusKind> {
        self.review(self.caller.account.as_deref()?)
    }

    pub(super) fn is_deleted(&self, account: &Record) -> bool {
        account.mark == Mark::Deleted || self.status(account) == Some(StatusKind::Deleted)
    }

    /// Whether the call's token was one until its time was over.
    pub(super) fn is_overdue(&self) -> bool {
        let known = self.call.token.as_deref().and_then(|text| self.world.tokens().get(text));
        known.is_some_and(|token| !token.is_alive(self.now))
    }

    pub(super) fn is_usable(&self, account: &Record) -> bool {
        let frozen = account.mark == Mark::Frozen || self.status(account) == Some(StatusKind::Frozen);
        !frozen && !self.is_deleted(account)
    }

    /// None where there is nothing to compare.
    pub(super) fn is_password(&self, identity: Option<usize>, password: usize) -> Option<bool> {
        let text = self.call.text(password)?;
        let account = self.account(identity)?;
        let hash = account.password.as_ref();
        Some(hash.is_some_and(|hash| self.world.password_key().verify(text, hash)))
    }

    pub(super) fn passcode(
        &self,
        identity: Option<usize>,
        passcode: usize,
        purpose: Option<&str>,
    ) -> Option<PasscodeCheck> {
        let code = self.call.text(passcode)?;
        if self.model.passcodes.universal.as_deref() == Some(code) {
            return None;
        }
        let phone = match identity {
            Some(input) => Some(self.call.text(input)?),
            None => None,
        };
        Some(check_passcode(self.world, phone, self.account(identity).map(AsRef::as_ref), purpose, code, self.now))
    }

    /// The newest passcode that was sent to what an input names, or else to any name of the caller's account.
    pub(in crate::engine) fn newest_passcode(
        &self,
        identity: Option<usize>,
        purpose: Option<&str>,
    ) -> Option<&'a Arc<Passcode>> {
        let passcodes = self.world.passcodes();
        if let Some(input) = identity {
            return passcodes.newest(&identity_key(self.call.text(input)?), purpose);
        }
        let names = self.caller.account.as_ref()?.keys.iter().filter(|key| is_identity(key));
        names.filter_map(|name| passcodes.newest(&name.value, purpose)).max_by_key(|passcode| passcode.id)
    }

    pub(super) fn is_card_free(&self, input: usize) -> bool {
        let Some(card) = self.call.text(input).and_then(id_card::normal) else { return true };
        let Some(caller) = &self.caller.account else { return true };
        let others = self.world.by_key(COLLECTION, CARD, &card).is_some_and(|account| account.seq != caller.seq);
        let own = caller.key(CARD);
        !others && own.is_none_or(|own| **own == *card)
    }

    pub(super) fn has_submitted(&self, account: &Record) -> bool {
        let uploaded = self.model.accounts.submitted.iter().any(|key| account.field(key).is_some());
        let reviewed = matches!(self.review(account), Some(StatusKind::Pending | StatusKind::Rejected));
        account.key(CARD).is_some() || uploaded || reviewed
    }

    pub(super) fn may_send(&self, identity: usize, purpose: Option<usize>) -> bool {
        let Some(phone) = self.call.text(identity) else { return true };
        let purpose = purpose.and_then(|purpose| self.call.text(purpose));
        let last = self.world.last_sent(&identity_key(phone), purpose);
        last.is_none_or(|last| self.now >= last.saturating_add(self.model.passcodes.interval_ms))
    }
}

/// The accounts that are known by a name: one, or one of each kind where each has names of its own.
pub fn accounts_named<'w>(model: &Model, world: &'w World, name: &str) -> Vec<&'w Arc<Record>> {
    let name = identity_key(name);
    let others = model.accounts.kinds.iter().flat_map(Kinds::spaces);
    let spaces = std::iter::once(IDENTITY.into()).chain(others);
    spaces.filter_map(|space: Arc<str>| world.by_key(COLLECTION, &space, &name)).collect()
}

/// What names an account, in the form in which it is looked for: the letters of an e-mail address have no case.
pub fn identity_key(name: &str) -> Cow<'_, str> {
    let folded = name.contains('@') && name.contains(|c: char| c.is_ascii_uppercase());
    if folded { name.to_ascii_lowercase().into() } else { name.into() }
}

/// A passcode is sent to what the request names, or to any other name of the account.
pub(in crate::engine) fn check_passcode(
    world: &World,
    phone: Option<&str>,
    account: Option<&Record>,
    purpose: Option<&str>,
    code: &str,
    now: Millis,
) -> PasscodeCheck {
    let phone = phone.map(identity_key);
    let phone = phone.as_deref();
    let others = account.into_iter().flat_map(|account| &account.keys).filter(|key| is_identity(key));
    let mut best = PasscodeCheck::NoneIssued;
    for phone in phone.into_iter().chain(others.map(|key| &*key.value).filter(|name| Some(*name) != phone)) {
        let found = world.check_passcode(phone, purpose, code, now);
        if matches!(found, PasscodeCheck::Good(_)) {
            return found;
        }
        if !matches!(found, PasscodeCheck::NoneIssued) {
            best = found;
        }
    }
    best
}
