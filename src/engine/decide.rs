//! Whether a demand is met. Reads only.
//!
//! A demand about a value holds where the value is missing: that it is missing is a demand of its own, and the order of
//! the checks is the document's affair.

use super::lines::{self, Ware};
use super::records::{self, Sight};
use super::{Call, Caller, id_card, list, standing, tries};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::item::TimeForm;
use crate::behavior::collection::{Lines, LinesFrom, Part, Unique};
use crate::behavior::date;
use crate::behavior::{Adjust, Auth, Behavior, Demand, Form, Model, RecordId, Stock};
use crate::json::Json;
use crate::lexicon::{Operation, Role, StatusKind};
use crate::world::{Mark, Millis, Passcode, PasscodeCheck, Record, World};
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

/// The key space of what names an account, and of ID cards.
pub(super) const IDENTITY: &str = "identity";
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

impl<'a> Scene<'a> {
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
            Demand::Present(input) => self.call.is_present(*input),
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
            Demand::Owned { .. } | Demand::NotOwn { .. } | Demand::Prior(_) => self.is_callers_to_do(demand),
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
            Demand::Referenced { collection, input } => {
                !self.call.is_present(*input) || list::are_there(self.sight(), *collection, self.call, *input)
            }
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
            Demand::Tied { relation, id, tied } => {
                records::ids(self.call, id.input).iter().all(|id| self.sight().tie(*relation, id).is_some() == *tied)
            }
            Demand::Room { collection, most, id } => self.has_room(*collection, *most, id.as_ref()),
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

    /// The account that the input of that role names.
    pub(super) fn identified(&self) -> Option<&'a Arc<Record>> {
        self.named(self.behavior.inputs.iter().position(|input| input.role == Role::Identity)?)
    }

    /// The account that an input names.
    fn named(&self, input: usize) -> Option<&'a Arc<Record>> {
        if let Some((_, account)) = self.named.get().filter(|(known, _)| *known == input) {
            return account;
        }
        let account =
            self.call.text(input).and_then(|text| self.world.by_key(COLLECTION, IDENTITY, &identity_key(text)));
        self.named.set(Some((input, account)));
        account
    }

    /// The accounts whose ids an input has.
    fn accounts(&self, input: usize) -> Vec<Option<&'a Arc<Record>>> {
        records::ids(self.call, input).iter().map(|id| self.world.record_by_id(COLLECTION, id)).collect()
    }

    fn is_field_free(&self, input: usize, field: &str) -> bool {
        let Some(text) = self.call.text(input).filter(|_| self.call.is_present(input)) else { return true };
        let known = self.world.by_key(COLLECTION, &records::space(field), text);
        known.is_none_or(|account| self.is_caller(account))
    }

    /// The account that an input names, or the caller's where no input does.
    pub(super) fn account(&self, identity: Option<usize>) -> Option<&'a Arc<Record>> {
        match identity {
            Some(input) => self.named(input),
            None => self.caller.account.as_ref(),
        }
    }

    fn is_caller(&self, account: &Record) -> bool {
        self.caller.account.as_ref().is_some_and(|caller| caller.seq == account.seq)
    }

    fn status(&self, account: &Record) -> Option<StatusKind> {
        let machine = self.model.accounts.machine.as_ref()?;
        machine.kind(account.field(&machine.field).unwrap_or(&machine.initial))
    }

    fn review(&self, account: &Record) -> Option<StatusKind> {
        let machine = self.model.accounts.review_machine()?;
        machine.kind(account.field(&machine.field).unwrap_or(&machine.initial))
    }

    fn caller_review(&self) -> Option<StatusKind> {
        self.review(self.caller.account.as_deref()?)
    }

    fn is_deleted(&self, account: &Record) -> bool {
        account.mark == Mark::Deleted || self.status(account) == Some(StatusKind::Deleted)
    }

    /// Whether the call's token was one until its time was over.
    fn is_overdue(&self) -> bool {
        let known = self.call.token.as_deref().and_then(|text| self.world.tokens().get(text));
        known.is_some_and(|token| !token.is_alive(self.now))
    }

    /// Who adds an account for somebody else has one, and does not make it again.
    fn is_identity_free(&self, input: usize) -> bool {
        let makes = self.behavior.operation == Operation::Register;
        self.named(input).is_none_or(|account| !makes && self.is_caller(account))
    }

    fn is_usable(&self, account: &Record) -> bool {
        let frozen = account.mark == Mark::Frozen || self.status(account) == Some(StatusKind::Frozen);
        !frozen && !self.is_deleted(account)
    }

    fn is_well_formed(&self, input: usize) -> bool {
        let Some(text) = self.call.text(input) else { return true };
        self.behavior.inputs[input].rules.iter().all(|rule| match &rule.form {
            Form::Mobile => is_mobile(text),
            Form::Email => is_email(text),
            Form::IdCard => id_card::has_form(text),
            Form::Length(length) => length.holds(text.chars().count()),
            Form::LettersAndDigits => {
                text.contains(|c: char| c.is_alphabetic()) && text.contains(|c: char| c.is_ascii_digit())
            }
            Form::MadeOf(signs) => signs.hold(text),
            Form::Date(form) => form.holds(text),
            Form::NotPast(form) => form.day(text).is_none_or(|day| {
                let today = TimeForm::Date { mark: '-' };
                day >= records::write_time(today, self.now, self.model.utc_offset).replace('-', "")
            }),
            Form::Range(least, most) => text.trim().parse::<f64>().is_ok_and(|number| {
                #[allow(clippy::cast_precision_loss, reason = "bounds of documents have few digits")]
                let (least, most) = (*least as f64, *most as f64);
                (least..=most).contains(&number)
            }),
            Form::OneOf(values) => values.iter().any(|value| value == text),
        })
    }

    /// None where there is nothing to compare.
    fn is_password(&self, identity: Option<usize>, password: usize) -> Option<bool> {
        let text = self.call.text(password)?;
        let account = self.account(identity)?;
        let hash = account.password.as_ref();
        Some(hash.is_some_and(|hash| self.world.password_key().verify(text, hash)))
    }

    fn passcode(&self, identity: Option<usize>, passcode: usize, purpose: Option<&str>) -> Option<PasscodeCheck> {
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
    pub(super) fn newest_passcode(&self, identity: Option<usize>, purpose: Option<&str>) -> Option<&'a Arc<Passcode>> {
        let passcodes = self.world.passcodes();
        if let Some(input) = identity {
            return passcodes.newest(&identity_key(self.call.text(input)?), purpose);
        }
        let names = self.caller.account.as_ref()?.keys.iter().filter(|key| &*key.space == IDENTITY);
        names.filter_map(|name| passcodes.newest(&name.value, purpose)).max_by_key(|passcode| passcode.id)
    }

    fn is_card_free(&self, input: usize) -> bool {
        let Some(card) = self.call.text(input).and_then(id_card::normal) else { return true };
        let Some(caller) = &self.caller.account else { return true };
        let others = self.world.by_key(COLLECTION, CARD, &card).is_some_and(|account| account.seq != caller.seq);
        let own = caller.key(CARD);
        !others && own.is_none_or(|own| **own == *card)
    }

    fn has_submitted(&self, account: &Record) -> bool {
        let uploaded = self.model.accounts.submitted.iter().any(|key| account.field(key).is_some());
        let reviewed = matches!(self.review(account), Some(StatusKind::Pending | StatusKind::Rejected));
        account.key(CARD).is_some() || uploaded || reviewed
    }

    fn may_send(&self, identity: usize, purpose: Option<usize>) -> bool {
        let Some(phone) = self.call.text(identity) else { return true };
        let purpose = purpose.and_then(|purpose| self.call.text(purpose));
        let last = self.world.last_sent(&identity_key(phone), purpose);
        last.is_none_or(|last| self.now >= last.saturating_add(self.model.passcodes.interval_ms))
    }

    pub(super) fn sight(&self) -> Sight<'a> {
        Sight::of(self.model, self.world, self.caller, self.behavior)
    }

    fn are_found(&self, collection: usize, id: &RecordId, write: bool) -> bool {
        let mut ids = records::ids(self.call, id.input).into_iter();
        ids.all(|text| self.sight().find(collection, id, &text, write).is_some())
            || self.is_told_taken(collection)
            || self.is_told_another(collection, id)
    }

    /// The records that the request is about.
    pub(super) fn targets(&self, collection: usize, id: &RecordId) -> Vec<&'a Arc<Record>> {
        let ids = records::ids(self.call, id.input);
        ids.iter().filter_map(|text| self.sight().find(collection, id, text, true)).collect()
    }

    /// The records that the request names, whoever may change them.
    pub(super) fn seen(&self, collection: usize, id: &RecordId) -> Vec<&'a Arc<Record>> {
        let ids = records::ids(self.call, id.input);
        ids.iter().filter_map(|text| self.sight().find(collection, id, text, false)).collect()
    }

    /// The same, whoever may see them.
    fn all_named(&self, collection: usize, id: &RecordId) -> Vec<&'a Arc<Record>> {
        let ids = records::ids(self.call, id.input);
        ids.iter().filter_map(|text| self.sight().named(collection, text)).collect()
    }

    fn is_unlike(&self, collection: usize, fields: &[(Arc<str>, usize)], own: bool, id: Option<&RecordId>) -> bool {
        let shape = &self.model.collections[collection];
        let target = id.map(|id| self.targets(collection, id)).and_then(|targets| targets.first().copied());
        let values: Vec<Option<String>> = fields
            .iter()
            .map(|(field, input)| {
                let sent = self.call.text(*input).map(str::to_owned);
                sent.or_else(|| target.and_then(|record| records::text_of(record.field(field)).map(str::to_owned)))
            })
            .collect();
        let fields: Vec<Arc<str>> = fields.iter().map(|(field, _)| Arc::clone(field)).collect();
        let known = shape.unique.iter().find(|unique| unique.own == own && unique.fields == fields);
        let unique = known.cloned().unwrap_or(Unique { fields, own, day: None });
        let owner = match target {
            Some(target) => target.owner.clone(),
            None => records::owner_of(self.caller),
        };
        let Some(key) = records::key_of(&unique, &values, owner.as_ref()) else { return true };
        let known = self.world.by_key(&shape.name, &key.space, &key.value);
        known.is_none_or(|known| target.is_some_and(|target| target.seq == known.seq))
    }

    fn is_in_state(&self, collection: usize, id: &RecordId, field: &Arc<str>, from: &[Json]) -> bool {
        // What a request only refers to need not be the caller's.
        let own = self.behavior.record.as_ref().is_some_and(|on| on.collection == collection);
        let targets = match () {
            // What somebody would take is nobody's yet.
            () if own && self.is_told_taken(collection) => self.all_named(collection, id),
            () if own => self.targets(collection, id),
            () => self.seen(collection, id),
        };
        targets.iter().all(|record| {
            let status = records::text_of(record.field(field));
            status.is_none() || from.iter().any(|known| known.scalar_text() == status)
        })
    }

    fn has_room(&self, collection: usize, most: usize, id: Option<&RecordId>) -> bool {
        let shape = &self.model.collections[collection];
        let known = self.world.collection(&shape.name).zip(records::owner_of(self.caller));
        let Some((known, owner)) = known.filter(|_| id.is_none_or(|id| !self.call.is_present(id.input))) else {
            return true;
        };
        let standing = known.owned_by(&owner).filter(|record| !shape.is_over(&record.fields));
        standing.take(most).count() < most
    }

    /// Whether what is ordered comes to what the voucher asks for.
    fn is_worth(
        &self,
        at: usize,
        fields: &[(Arc<str>, usize)],
        (collection, input): (usize, usize),
        least: &Arc<str>,
        wares: &[Ware],
    ) -> bool {
        let Some(sums) = &self.model.collections[at].sums else { return true };
        let sent: Vec<(&Arc<str>, Json)> =
            fields.iter().filter_map(|(key, input)| Some((key, self.call.json(*input)?))).collect();
        let given = |key: &str| sent.iter().find(|(known, _)| ***known == *key).map(|(_, value)| value);
        let part = Part { reference: "".into(), collection, field: Arc::clone(least) };
        let owner = records::owner_of(self.caller);
        let named = (self.world, owner.as_ref());
        let asked = self.call.text(input).and_then(|id| super::sums::worth(self.model, &part, named, id));
        let sum = super::sums::gross(self.model, sums, wares, self.world, given);
        asked.zip(sum).is_none_or(|(asked, (sum, _))| sum >= asked)
    }

    /// Whether the call says itself which lines it is about.
    fn names_lines(&self, lines: &Lines) -> bool {
        match lines.from {
            LinesFrom::Basket { input: Some(input), .. } => self.call.is_present(input),
            _ => false,
        }
    }

    fn wares(&self, lines: &Lines) -> Vec<Ware> {
        lines::wares(self.sight(), self.call, lines)
    }

    fn is_enough(&self, stock: &Stock) -> bool {
        if let Some(lines) = &stock.lines {
            let wares = self.wares(lines);
            let there = |thing: &Record| records::number_in(thing.field(&stock.field));
            let mut wanted = lines::wanted(&wares).into_iter();
            return wanted.all(|(thing, count)| there(thing).is_none_or(|there| there >= count));
        }
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
        let wanted = stock.quantity.and_then(|quantity| records::how_many(self.call, quantity)).unwrap_or(1.0);
        let line = stock.line.as_ref().and_then(|line| {
            let found = match &line.id {
                Some(id) => self.targets(line.collection, id).first().copied(),
                None => {
                    let named = self.call.text(stock.input?)?;
                    let owner = records::owner_of(self.caller)?;
                    let mut own =
                        self.world.collection(&self.model.collections[line.collection].name)?.owned_by(&owner);
                    own.find(|record| records::text_of(record.field(&line.reference)) == Some(named))
                }
            };
            Some((line, found?))
        });
        let wanted = match line {
            Some((line, held)) => {
                let less = line.direction.as_ref().is_some_and(|(input, less)| {
                    self.call.text(*input).is_some_and(|text| less.iter().any(|value| value == text))
                });
                match line.adjust {
                    _ if less => return true,
                    Adjust::Less => return true,
                    Adjust::Set => wanted,
                    Adjust::More => number(records::text_of(held.field(&line.count))).unwrap_or(0.0) + wanted,
                }
            }
            None => wanted,
        };
        let name = &self.model.collections[stock.collection].name;
        let ids = match (stock.input, line) {
            (Some(input), _) => records::ids(self.call, input),
            (None, Some((line, held))) => {
                records::text_of(held.field(&line.reference)).map(str::to_owned).into_iter().collect()
            }
            (None, None) => Vec::new(),
        };
        ids.iter().all(|id| {
            let record = self.world.record_by_id(name, id);
            number(record.and_then(|record| records::text_of(record.field(&stock.field))))
                .is_none_or(|there| there >= wanted)
        })
    }

    /// Whether anything that is sent differs from what a record has.
    fn would_change_record(&self, collection: usize, id: &RecordId, fields: &[(Arc<str>, usize)]) -> bool {
        let targets = self.targets(collection, id);
        let shape = &self.model.collections[collection];
        let mut sent = fields.iter().filter(|(_, input)| self.call.is_present(*input)).peekable();
        targets.is_empty()
            || sent.peek().is_none()
            || sent.any(|(key, input)| {
                let example = shape.field(key).map(|field| &field.example);
                let value = self.call.json(*input).map(|value| records::in_form(example, value));
                targets.iter().any(|record| match (record.field(key), &value) {
                    (Some(known), Some(value)) => known != value && known.scalar_text() != value.scalar_text(),
                    _ => true,
                })
            })
    }

    /// Whether any field that is sent differs from what the caller's account has.
    fn would_change(&self) -> bool {
        let on_record = self.behavior.effects.iter().find_map(|effect| match &effect.action {
            crate::behavior::Action::UpdateRecord { collection, id, fields }
            | crate::behavior::Action::SaveRecord { collection, id, fields } => Some((*collection, id, fields)),
            _ => None,
        });
        if let Some((collection, id, fields)) = on_record {
            return self.would_change_record(collection, id, fields);
        }
        let Some(account) = &self.caller.account else { return true };
        let fields = self.behavior.effects.iter().filter_map(|effect| match &effect.action {
            crate::behavior::Action::SetFields(fields) => Some(fields),
            _ => None,
        });
        let mut sent = fields.flatten().filter(|(_, input)| self.call.is_present(*input)).peekable();
        let shape = &self.model.accounts;
        sent.peek().is_none()
            || sent.any(|(key, input)| {
                let initial = shape.fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
                let known = account.field(key).or(initial).and_then(|value| value.scalar_text());
                self.call.text(*input).is_none() || known != self.call.text(*input)
            })
    }
}

/// What names an account, in the form in which it is looked for: the letters of an e-mail address have no case.
pub fn identity_key(name: &str) -> Cow<'_, str> {
    let folded = name.contains('@') && name.contains(|c: char| c.is_ascii_uppercase());
    if folded { name.to_ascii_lowercase().into() } else { name.into() }
}

/// A passcode is sent to what the request names, or to any other name of the account.
pub(super) fn check_passcode(
    world: &World,
    phone: Option<&str>,
    account: Option<&Record>,
    purpose: Option<&str>,
    code: &str,
    now: Millis,
) -> PasscodeCheck {
    let phone = phone.map(identity_key);
    let phone = phone.as_deref();
    let others = account.into_iter().flat_map(|account| &account.keys).filter(|key| &*key.space == IDENTITY);
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

/// A mainland mobile number: `1[3-9]` and nine digits.
pub(super) fn is_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit)
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(char::is_whitespace)
    })
}
