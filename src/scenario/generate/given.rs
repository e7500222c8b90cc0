//! Accounts that the documents say are there: nobody registers for them, and another server may have the very same.
//!
//! In: who is to call. Out: that they are the one whom the documents name, and whether a call of theirs changes what is not the
//! run's own. On a server where others work, such an account is left as it is, and so is all that was there before.

use super::Against;
use super::lab::{Lab, Val, Values};
use crate::engine::accounts_named;
use crate::json::Json;
use crate::lexicon::Role;
use crate::world::Change;

impl Lab<'_> {
    /// Whether a person is one whose account is there already, of the kind that they are to be.
    pub(super) fn is_given_to(&mut self, person: usize) -> bool {
        let accounts = &self.model().accounts;
        let wanted = self.kind_of(person);
        let fits = |account: &crate::world::Record| {
            let Some(kinds) = &accounts.kinds else { return true };
            let value = account.field(&kinds.field).and_then(Json::scalar_text);
            wanted.is_none_or(|wanted| kinds.is(wanted, value))
        };
        let is_free = |seq: u64| !self.people.iter().any(|known| known.registered && known.seq == seq);
        let found = accounts.given.iter().find_map(|given| {
            let mut named = accounts_named(self.model(), self.world(), &given.name).into_iter();
            let account = named.find(|account| fits(account) && is_free(account.seq))?;
            Some((given, account.seq))
        });
        let Some((given, seq)) = found else { return false };
        let known = &mut self.people[person];
        known.identities = vec![(Role::Account, Val::text(given.name.as_str()))];
        known.password = Some(Val::text(given.password.as_str()));
        (known.registered, known.seq, known.given) = (true, seq, true);
        true
    }

    /// Whether a person's account is one to be left as it is: too many wrong passwords may shut it.
    pub(super) fn is_spared(&self, person: usize) -> bool {
        self.against != Against::Simulator && self.people[person].given
    }

    /// Whether a call is by somebody whose account was there, and changes what was there as well.
    pub(super) fn is_meddling(&self, endpoint: usize, values: &Values, changes: &[Change]) -> bool {
        let Some(before) = self.elsewhere.as_deref().filter(|_| self.people.iter().any(|known| known.given)) else {
            return false;
        };
        let sent = || values.inputs.iter().flatten().chain(&values.token);
        let is_theirs = self.people.iter().filter(|known| known.given).any(|known| {
            let own = known.token.iter().chain(known.identities.iter().map(|(_, value)| value));
            own.into_iter().any(|own| sent().any(|value| value.as_text() == own.as_text()))
        });
        is_theirs
            && !self.only_looks(endpoint)
            && changes.iter().any(|change| match change {
                Change::FieldSet { collection, seq, .. }
                | Change::KeySet { collection, seq, .. }
                | Change::MarkSet { collection, seq, .. }
                | Change::BeforeFreezeSet { collection, seq, .. }
                | Change::PasswordSet { collection, seq, .. } => before.record(collection, *seq).is_some(),
                Change::RecordRemoved { collection, record } => before.record(collection, record.seq).is_some(),
                _ => false,
            })
    }
}
