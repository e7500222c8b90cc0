//! Tokens and passcodes: the changes by which they are handed out, used up and taken back.

use super::decide;
use super::plan::Planner;
use crate::behavior::{Model, account};
use crate::world::{Change, Millis, Passcode, PasscodeCheck, Seq, Token, World};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn spend(&mut self, identity: Option<usize>, passcode: usize, purpose: Option<&str>) {
        let Some(code) = self.call.text(passcode) else { return };
        if self.model.passcodes.universal.as_deref() == Some(code) {
            return;
        }
        let phone = identity.and_then(|input| self.call.text(input));
        let account = self.subject();
        let found = decide::check_passcode(self.world, phone, account.as_deref(), purpose, code, self.now);
        if let PasscodeCheck::Good(id) = found {
            self.planned.changes.push(Change::PasscodeSpent { id, at: self.now });
        }
    }

    /// Gives the account a token, and takes the oldest where it would have too many.
    pub(super) fn issue_token(&mut self) {
        let Some(account) = self.subject() else { return };
        let text = self.world.new_token(&self.model.tokens.example);
        // A token that was just given back makes room.
        let before = self.planned.changes.len();
        hand_out(self.model, self.world, account.seq, &text, self.now, &mut self.planned.changes);
        let ended: Vec<Arc<str>> = revoked(&self.planned.changes[..before]).collect();
        let mut at = 0;
        self.planned.changes.retain(|change| {
            at += 1;
            let again = |token: &Arc<Token>| ended.contains(&token.token);
            at <= before || !matches!(change, Change::TokenRevoked(token) if again(token))
        });
        self.planned.token = Some(text);
    }

    pub(super) fn revoke_tokens(&mut self) {
        let Some(account) = self.subject() else { return };
        let alive = self.world.tokens_of(&self.collection, account.seq).cloned();
        self.planned.changes.extend(alive.map(Change::TokenRevoked));
    }

    pub(super) fn send(&mut self, identity: usize, purpose: Option<usize>) {
        let Some(phone) = self.call.text(identity) else { return };
        let purpose = purpose.and_then(|purpose| self.call.text(purpose));
        let passcode = issue_passcode(self.world, self.model, phone, purpose, self.now);
        self.planned.changes.push(Change::PasscodeIssued(Arc::clone(&passcode)));
        self.planned.passcode = Some(passcode);
    }
}

fn revoked(changes: &[Change]) -> impl Iterator<Item = Arc<str>> {
    changes.iter().filter_map(|change| match change {
        Change::TokenRevoked(token) => Some(Arc::clone(&token.token)),
        _ => None,
    })
}

/// The changes by which an account gets a token: the oldest go where it would have too many.
pub(super) fn hand_out(
    model: &Model,
    world: &World,
    account: Seq,
    token: &Arc<str>,
    now: Millis,
    changes: &mut Vec<Change>,
) {
    let collection = account::collection();
    let alive = world.tokens_of(&collection, account);
    let surplus = (alive.len() + 1).saturating_sub(model.tokens.per_account.max(1));
    changes.reserve_exact(surplus + 1); // the journal keeps them
    changes.extend(alive.take(surplus).cloned().map(Change::TokenRevoked));
    changes.push(Change::TokenIssued(Arc::new(Token {
        token: Arc::clone(token),
        collection,
        account,
        issued_at: now,
        expires_at: now.saturating_add(model.tokens.lifetime_ms),
        number: world.tokens().next_number(),
    })));
}

/// A passcode as the set's rules make it; not yet in the world.
pub(super) fn issue_passcode(
    world: &mut World,
    model: &Model,
    phone: &str,
    purpose: Option<&str>,
    now: Millis,
) -> Arc<Passcode> {
    let code = world.stream().digits(model.passcodes.digits);
    Arc::new(Passcode {
        id: world.passcodes().next_id(),
        phone: decide::identity_key(phone).into(),
        code: code.into(),
        purpose: purpose.map(Into::into),
        issued_at: now,
        expires_at: now.saturating_add(model.passcodes.lifetime_ms),
        spent_at: None,
        wrong: 0,
        replaced: false,
    })
}
