//! Whether a demand is met. Reads only.
//!
//! A demand about a value holds where the value is missing: that it is missing is a demand of its own, and the order of
//! the checks is the document's affair.

mod change;
mod form;
mod on_accounts;
mod on_records;
mod stock;

pub(crate) use form::is_mobile;
pub(super) use on_accounts::check_passcode;
pub use on_accounts::{accounts_named, identity_key};

use super::{Call, Caller, id_card, list, records, standing, tries};
use crate::behavior::account::COLLECTION;
use crate::behavior::inputs::date;
use crate::behavior::{Auth, Behavior, Demand, Model};
use crate::lexicon::StatusKind;
use crate::world::{Millis, PasscodeCheck, Record, World};
use std::cell::Cell;
use std::sync::Arc;

/// The key space of what names an account, and of ID cards.
pub(super) use crate::behavior::account::{IDENTITY, identity};
pub(super) const CARD: &str = "card";

pub(super) struct Scene<'a> {
    pub(super) model: &'a Model,
    pub(super) behavior: &'a Behavior,
    pub(super) call: &'a Call<'a>,
    pub(super) world: &'a World,
    pub(super) now: Millis,
    pub(super) caller: &'a Caller,
    /// The last input that was looked up, with the account that it names: several checks in turn ask for the same.
    pub(super) named: Cell<Option<Named<'a>>>,
}

/// An input, and the account that it names.
type Named<'a> = (usize, Option<&'a Arc<Record>>);

/// The account that the call's token names; where the documents know no token, the one that an input names.
pub(super) fn caller(behavior: &Behavior, call: &Call<'_>, world: &World, now: Millis) -> Caller {
    if let Auth::Named(input) = behavior.auth {
        let name = call.text(input);
        let account = name.and_then(|name| {
            world
                .by_key(COLLECTION, IDENTITY, &identity_key(name))
                .or_else(|| world.record_by_id(COLLECTION, name))
                .cloned()
        });
        return Caller { token: None, account };
    }
    let mut told = call.token.as_deref().into_iter().chain(call.maybe.iter().map(AsRef::as_ref));
    let token = told.find_map(|text| world.token(text, now)).cloned();
    let account = token.as_ref().and_then(|token| world.record(&token.collection, token.account)).cloned();
    Caller { token, account }
}

impl Scene<'_> {
    pub(super) fn holds(&self, demand: &Demand) -> bool {
        match demand {
            Demand::Token => {
                let presented = !self.model.tokens.issued && self.call.token.is_some();
                let told_apart =
                    || self.behavior.checks.iter().any(|check| check.demand == Demand::TokenFresh) && self.is_overdue();
                self.caller.account.is_some() || presented || told_apart()
            }
            Demand::TokenFresh => self.caller.account.is_some() || !self.is_overdue(),
            Demand::AccountKept => self.caller.account.as_deref().is_none_or(|account| !self.is_deleted(account)),
            Demand::Present(input) => self.call.is_filled(*input),
            Demand::PresentSome(inputs) => inputs.iter().any(|input| self.call.is_present(*input)),
            Demand::WellFormed(input) => self.is_well_formed(*input),
            Demand::Equal(first, second) => self.both(*first, *second).is_none_or(|(first, second)| first == second),
            Demand::InOrder { first, second, strict } => {
                self.both(*first, *second).is_none_or(|(first, second)| date::in_order(first, second, *strict))
            }
            Demand::IdentityFree(input) => self.is_identity_free(*input),
            Demand::IdentityKnown(input) | Demand::Known(input) => {
                let known = |account: &Record| !self.is_deleted(account) && self.may_enter(account);
                self.call.text(*input).is_none() || self.named(*input).is_some_and(|account| known(account))
            }
            Demand::FieldFree { input, field } => self.is_field_free(*input, field),
            Demand::AccountFound(input) => {
                !self.call.is_present(*input)
                    || self.accounts(*input).iter().all(|known| known.is_some_and(|account| !self.is_deleted(account)))
            }
            Demand::NotOneself(input) => {
                !self.accounts(*input).into_iter().flatten().any(|account| self.is_caller(account))
            }
            Demand::Owned { .. } | Demand::NotOwn { .. } | Demand::Welcome { .. } | Demand::Prior(_) => {
                self.is_callers_to_do(demand)
            }
            Demand::Passcode { identity, passcode, purpose } => !matches!(
                self.passcode(*identity, *passcode, purpose.as_deref()),
                Some(PasscodeCheck::NoneIssued | PasscodeCheck::Wrong | PasscodeCheck::Spent)
            ),
            Demand::PasscodeFresh { identity, passcode, purpose } => {
                !matches!(self.passcode(*identity, *passcode, purpose.as_deref()), Some(PasscodeCheck::Expired))
            }
            Demand::Password { identity, password } => self.is_password(*identity, *password) != Some(false),
            Demand::PasswordNew { identity, password } => self.is_password(*identity, *password) != Some(true),
            Demand::Usable { identity } => self.account(*identity).is_none_or(|account| self.is_usable(account)),
            Demand::CardValid(input) => self.call.text(*input).is_none_or(id_card::is_valid),
            Demand::CardFree(input) => self.is_card_free(*input),
            Demand::Submitted => self.caller.account.as_deref().is_none_or(|account| self.has_submitted(account)),
            Demand::NotRejected => self.caller_review() != Some(StatusKind::Rejected),
            Demand::NotPending => self.caller_review() != Some(StatusKind::Pending),
            Demand::Unverified => self.caller.account.as_deref().is_none_or(|account| account.key(CARD).is_none()),
            Demand::SendInterval { identity, purpose } => self.may_send(*identity, *purpose),
            Demand::SendCap { identity, most } => tries::has_sent_fewer(self, *identity, *most),
            Demand::Unlocked { identity } => {
                self.account(*identity).is_none_or(|account| !tries::is_locked(account, self.now))
            }
            Demand::PasscodeTries { identity, purpose, most } => {
                self.newest_passcode(*identity, purpose.as_deref()).is_none_or(|newest| newest.wrong < *most)
            }
            Demand::Changed => self.would_change(),
            Demand::Found { collection, id, write } => self.are_found(*collection, id, *write),
            Demand::Referenced { collection, input } => self.are_referenced(*collection, *input),
            Demand::Unlike { collection, fields, own, id } => self.is_unlike(*collection, fields, *own, id.as_ref()),
            Demand::InState { collection, id, field, from } => self.is_in_state(*collection, id, field, from),
            Demand::Unused { collection, id, users, only } => standing::is_unused(self, *collection, id, users, only),
            Demand::NotChosen { collection, id, flag } => {
                !self.targets(*collection, id).iter().any(|record| records::is_yes(record.field(flag)))
            }
            Demand::Timely { .. } | Demand::Rested { .. } => standing::is_its_time(self, demand),
            Demand::Places { relation, id, most, taken } => {
                standing::has_places(self, *relation, id, most, taken.as_deref())
            }
            Demand::FewerThan { collection, field, target, input, most } => {
                standing::has_fewer(self, (*collection, field), (*target, *input), most.as_deref())
            }
            Demand::Within(bounded) => super::holding::is_within(self, bounded),
            Demand::OfKind { field, value, default } => {
                let account = self.caller.account.as_ref();
                account.is_none_or(|account| super::taking::is_of_kind(account, field, value, default.as_deref()))
            }
            Demand::Untaken { collection, id } => self.is_untaken(*collection, id),
            Demand::Tied { relation, id, tied } => self.are_tied(*relation, id, *tied),
            Demand::Apart(apart) => super::spans::is_apart(self, apart),
            Demand::NotWaiting { relation, id } => self.is_not_waiting(*relation, id),
            Demand::Room { collection, most, id, day } => self.has_room(*collection, *most, id.as_ref(), day.as_ref()),
            Demand::NoMoreListed { input, most } => records::ids(self.call, *input).len() <= *most,
            Demand::SomeListed { .. } => {
                self.behavior.list.as_ref().is_none_or(|plan| list::list(self.sight(), plan, self.call).total > 0)
            }
            Demand::Enough(stock) => self.is_enough(stock),
            // Whether there are those that are named is another demand's affair.
            Demand::SomeLines(lines) => self.names_lines(lines) || !self.wares(lines).is_empty(),
            Demand::LinesNamed(lines) => self.wares(lines).iter().all(|ware| ware.thing.is_some()),
            Demand::Worth { collection, fields, voucher, input, least, lines } => {
                let wares = lines.as_ref().map_or_else(Vec::new, |lines| self.wares(lines));
                self.is_worth(*collection, fields, (*voucher, *input), least, &wares)
            }
            Demand::When { input, values, absent, demand } => {
                let sent = self.call.text(*input).filter(|_| self.call.is_present(*input));
                let applies = sent.map_or(*absent, |text| values.iter().any(|value| value == text));
                !applies || self.holds(demand)
            }
            _ => self.can_afford(demand),
        }
    }

    /// What was sent, where both were.
    fn both(&self, first: usize, second: usize) -> Option<(&str, &str)> {
        Some((self.call.text(first)?, self.call.text(second)?))
    }
}
