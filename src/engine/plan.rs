//! What an accepted call changes, as data. Reads the world and draws from its randomness; writes nothing else.

use super::decide::{self, CARD, IDENTITY};
use super::records;
use super::{Call, Caller, id_card, is_mobile};
use crate::behavior::account::{self, is_identity};
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::inputs::made_up::Piece;
use crate::behavior::{Accounts, Action, Adjust, Auth, Behavior, Model, RecordId};
use crate::json::Json;
use crate::lexicon::StatusKind;
use crate::world::{Change, Fields, Key, Mark, Millis, Passcode, Record, World};
use std::sync::Arc;

/// The changes, and what the reply shows of them.
#[derive(Debug, Default)]
pub(super) struct Planned {
    pub(super) changes: Vec<Change>,
    pub(super) token: Option<Arc<str>>,
    pub(super) passcode: Option<Arc<Passcode>>,
    /// The account that the call is about, if it is not the caller's: created, or logged in to.
    pub(super) account: Option<Arc<Record>>,
    /// The record that the call is about, by its collection.
    pub(super) record: Option<(usize, Arc<Record>)>,
    /// That account was made just now.
    pub(super) made_account: bool,
    /// A tie was undone.
    pub(super) undone: bool,
    /// So many records were removed by their ids, or all of them.
    pub(super) removed: usize,
}

/// `named` is the account that the call's identity names.
pub(super) fn plan(
    model: &Model,
    behavior: &Behavior,
    call: &Call<'_>,
    world: &mut World,
    now: Millis,
    caller: &Caller,
    named: Option<Arc<Record>>,
) -> Planned {
    let account = named.filter(|_| behavior.operation != crate::lexicon::Operation::BindIdentity);
    let mut planned = Planned { account, ..Planned::default() };
    let stranger = stranger(model, behavior, call, caller);
    let caller = match stranger {
        Some(input) => {
            let collection = account::collection();
            let mut planner = Planner { model, behavior, call, world, now, caller, collection, planned };
            planner.create(&[input], None, &[]);
            planned = planner.planned;
            &Caller { token: None, account: planned.account.clone() }
        }
        None => caller,
    };
    let collection = account::collection();
    let mut planner = Planner { model, behavior, call, world, now, caller, collection, planned };
    for effect in &behavior.effects {
        planner.act(&effect.action);
    }
    planner.planned
}

/// The input that names who calls, where nobody of that name has written anything yet and no endpoint makes accounts: whoever
/// sends an `openid` is somebody.
fn stranger(model: &Model, behavior: &Behavior, call: &Call<'_>, caller: &Caller) -> Option<usize> {
    let Auth::Named(input) = behavior.auth else { return None };
    let writes = !behavior.effects.is_empty() && caller.account.is_none() && !model.accounts.any;
    (writes && call.is_present(input)).then_some(input)
}

pub(super) struct Planner<'a> {
    pub(super) model: &'a Model,
    pub(super) behavior: &'a Behavior,
    pub(super) call: &'a Call<'a>,
    pub(super) world: &'a mut World,
    pub(super) now: Millis,
    pub(super) caller: &'a Caller,
    pub(super) collection: Arc<str>,
    pub(super) planned: Planned,
}

impl Planner<'_> {
    pub(super) fn delete_account(&mut self, account: &Arc<Record>) {
        let down = super::office::put_down(self.model, account, StatusKind::Deleted);
        self.planned.changes.extend(down);
        let alive = self.world.tokens_of(&self.collection, account.seq).cloned();
        self.planned.changes.extend(alive.map(Change::TokenRevoked));
    }

    #[allow(clippy::too_many_lines, reason = "one short arm for each action")]
    fn act(&mut self, action: &Action) {
        match action {
            Action::EnsureAccount { .. } if self.planned.account.is_some() => {}
            Action::CreateAccount { identities, password, fields }
            | Action::EnsureAccount { identities, password, fields } => self.create(identities, *password, fields),
            Action::SpendPasscode { identity, passcode, purpose } => {
                self.spend(*identity, *passcode, purpose.as_deref());
            }
            Action::IssueToken => self.issue_token(),
            Action::RevokeToken => {
                self.planned.changes.extend(self.caller.token.clone().map(Change::TokenRevoked));
            }
            Action::RevokeTokens => self.revoke_tokens(),
            Action::DeleteAccount => {
                if let Some(account) = self.caller.account.clone() {
                    self.delete_account(&account);
                }
            }
            Action::SetPassword { identity, password } => self.set_password(*identity, *password),
            Action::SetFields(fields) => self.set_fields(fields),
            Action::SetIdentity(input) => self.set_identity(*input),
            Action::Verify { name, card } => self.verify(*name, *card),
            Action::Submit { from, to } => self.submit(from, to),
            Action::SendPasscode { identity, purpose } => self.send(*identity, *purpose),
            Action::CreateRecord { collection, fields, merge, lines } => {
                self.create_record(*collection, fields, merge.as_ref(), lines.as_deref());
            }
            Action::UpdateRecord { collection, id, fields } => self.update_records(*collection, id, fields),
            Action::SaveRecord { collection, id, fields } => {
                if self.call.is_present(id.input) {
                    self.update_records(*collection, id, fields);
                } else {
                    self.create_record(*collection, fields, None, None);
                }
            }
            Action::CopyRecord(copying) => self.copy_record(copying),
            Action::RemoveChildren { collection, id, child, field, emptied } => {
                self.remove_children((*collection, id), *child, field, *emptied);
            }
            Action::RemoveRecords { collection, id, into } => self.remove_records(*collection, id.as_ref(), *into),
            Action::ChooseRecord { collection, id, flag } => {
                if let Some(record) = self.targets(*collection, Some(id)).into_iter().next() {
                    self.choose(*collection, &record, flag);
                }
            }
            Action::MoveRecords { collection, id, field, from, to, cases, stamps } => {
                self.move_records(*collection, id.as_ref(), field, (from, to, cases), stamps);
            }
            Action::MoveNamed { collection, by, field, to } => self.move_named(*collection, by, field, to),
            Action::TakeRecord { collection, id } => self.take(*collection, id),
            Action::LeaveRecord { collection, id } => self.leave(*collection, id),
            Action::Tie { relation, id, how, fields } => self.tie(*relation, id, how, fields),
            Action::AdjustRecord { collection, id, field, input, direction, adjust } => {
                let less = direction.as_ref().is_some_and(|(input, less)| {
                    self.call.text(*input).is_some_and(|text| less.iter().any(|value| value == text))
                });
                self.adjust(*collection, id, field, *input, if less { Adjust::Less } else { *adjust });
            }
            Action::PutOff { collection, id, field, by } => self.put_off(*collection, id, field, by),
            Action::ChargeLate { collection, id, due, fee, each_day } => {
                self.charge_late(*collection, id, due, fee, *each_day);
            }
            Action::Meter { .. } => self.meter(action),
            Action::MarkRecord { collection, id, field, each } => self.mark_record(*collection, id, field, *each),
            Action::CountView { collection, id, field } => self.count_view(*collection, id, field),
            Action::Notify(_) | Action::Enter(_) | Action::Fine(_) | Action::CountDeed { .. } => {
                self.write_besides(action);
            }
            Action::GiveBack { sent: Some((input, values)), .. }
                if !self.call.text(*input).is_some_and(|text| values.iter().any(|value| value == text)) => {}
            Action::GiveBack { collection, id, taken, .. } | Action::TakeAway { collection, id, taken } => {
                let give = matches!(action, Action::GiveBack { .. });
                let moved = if give { super::lines::given_back } else { super::lines::taken_away };
                for record in self.targets(*collection, Some(id)) {
                    self.planned.changes.extend(moved(self.model, self.world, &record, taken));
                }
            }
            Action::ReturnVoucher { collection, id, used } => {
                for record in self.targets(*collection, Some(id)) {
                    self.planned.changes.extend(super::vouchers::returned(self.model, self.world, &record, used));
                }
            }
            Action::TakeLines { lines, field } => {
                let wares = super::lines::wares(self.sight(), self.call, lines);
                for (thing, count) in super::lines::wanted(&wares) {
                    self.add_to(lines.things, thing, field, -count);
                }
            }
            Action::Charge { .. }
            | Action::AddFunds { .. }
            | Action::Settle { .. }
            | Action::SetFlag { .. }
            | Action::Give { .. } => {
                self.on_wallet(action);
            }
            Action::MarkCaller { field } => self.mark_caller(field),
            Action::CountDays(streak) => self.count_days(streak),
            Action::TakeFrom { collection, input, field, quantity } => {
                let wanted = quantity.and_then(|quantity| records::how_many(self.call, quantity)).unwrap_or(1.0);
                let id = RecordId { input: *input, via: None };
                for record in self.referred(*collection, &id) {
                    self.add_to(*collection, &record, field, -wanted);
                }
            }
            Action::UseVoucher { collection, input, status, used } => {
                let shape = &self.model.collections[*collection];
                for record in self.referred(*collection, &RecordId { input: *input, via: None }) {
                    let moved = vec![(Arc::clone(status), used.clone())];
                    self.planned.changes.extend(records::changes(shape, &record, moved));
                }
            }
            Action::KeepFiles { .. } => {} // done before, so that all others find the addresses
        }
    }

    /// The account that the call is about.
    pub(super) fn subject(&self) -> Option<Arc<Record>> {
        self.planned.account.clone().or_else(|| self.caller.account.clone())
    }

    fn create(&mut self, identities: &[usize], password: Option<usize>, fields: &[(Arc<str>, usize)]) {
        let seq = self.world.next_seq(&self.collection);
        let id = next_id(&self.model.accounts, seq, self.world);
        let names = identities.iter().filter_map(|input| self.call.text(*input));
        // Phone and account may be the same number: one key.
        let mut keys: Vec<Key> = Vec::new();
        let space = self.behavior.names.as_deref().unwrap_or(IDENTITY);
        for key in names.map(|name| Key::new(space, decide::identity_key(name))) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut kept = Fields::default();
        let accounts = &self.model.accounts;
        for machine in accounts.machine.iter().chain(&accounts.review) {
            kept.set(&machine.field, Some(machine.initial.clone()));
        }
        let accounts = &self.model.accounts;
        for (key, value) in times_made(self.model, self.now) {
            kept.set(&key, Some(value));
        }
        if let (Some(kinds), Some(kind)) = (&accounts.kinds, self.behavior.entry) {
            kept.set(&kinds.field, kinds.kinds.get(kind).map(|kind| Json::string(kind.value.as_str())));
        }
        for (key, input) in fields.iter().filter(|(_, input)| self.call.is_present(*input)) {
            kept.set(key, self.call.json(*input));
        }
        for field in accounts.fields.iter().filter(|field| !field.made_of.is_empty()) {
            if kept.get(&field.key).is_none() {
                let name = identities.iter().find_map(|input| self.call.text(*input));
                let sent = |name: &str| {
                    let input = self.behavior.inputs.iter().position(|input| *input.name == *name)?;
                    self.call.text(input)
                };
                let value = made_up(&field.made_of, name, &sent, self.world);
                if !value.is_empty() {
                    kept.set(&field.key, Some(field.initial.in_form(&value)));
                }
            }
        }
        if let Some(name) = self.number(&id, seq, &mut kept) {
            keys.push(Key::new(space, decide::identity_key(&name)));
        }
        keys.extend(records::account_keys(self.model, &kept));
        let password =
            password.and_then(|input| self.call.text(input)).map(|text| self.world.password_key().hash(text));
        let record = Arc::new(Record {
            seq,
            id,
            owner: None,
            created_at: self.now,
            fields: kept,
            password,
            mark: Mark::Active,
            before_freeze: None,
            keys,
        });
        self.planned
            .changes
            .push(Change::RecordCreated { collection: Arc::clone(&self.collection), record: Arc::clone(&record) });
        self.planned.account = Some(record);
        self.planned.made_account = true;
    }

    /// The name that a new account is given to log in with, and keeps in its field.
    fn number(&mut self, id: &Arc<str>, seq: u64, kept: &mut Fields) -> Option<Arc<str>> {
        let issued = self.model.accounts.issued.as_ref()?;
        if self.behavior.operation != crate::lexicon::Operation::Register {
            return None;
        }
        let Some(key) = &issued.key else { return Some(Arc::clone(id)) };
        let space = self.behavior.names.as_deref().unwrap_or(IDENTITY);
        let mut seq = seq;
        loop {
            let number = id_at(Some(&issued.example), seq, self.world);
            let taken = self.world.by_key(&self.collection, space, &decide::identity_key(&number)).is_some();
            if taken && seq < u64::MAX {
                seq += 1;
                continue;
            }
            kept.set(key, Some(issued.example.in_form(&number)));
            return Some(number);
        }
    }

    fn set_password(&mut self, identity: Option<usize>, password: usize) {
        let account = match identity {
            Some(_) => self.planned.account.clone(),
            None => self.caller.account.clone(),
        };
        let (Some(account), Some(text)) = (account, self.call.text(password)) else { return };
        let hash = self.world.password_key().hash(text);
        self.planned.changes.push(Change::password(&self.collection, &account, Some(hash)));
    }

    fn set_fields(&mut self, fields: &[(Arc<str>, usize)]) {
        let Some(account) = self.caller.account.clone() else { return };
        for (key, input) in fields.iter().filter(|(_, input)| self.call.is_present(*input)) {
            let value = self.call.json(*input);
            let known = value.as_ref().and_then(|value| records::account_key_change(self.model, &account, key, value));
            self.planned.changes.extend(known);
            self.planned.changes.push(Change::field(&self.collection, &account, key, value));
        }
    }

    /// A phone takes the place of the phone that the account was known by, an e-mail that of the e-mail.
    fn set_identity(&mut self, input: usize) {
        let (Some(account), Some(text)) = (self.caller.account.clone(), self.call.text(input)) else { return };
        let alike = |known: &str| is_mobile(known) == is_mobile(text) && known.contains('@') == text.contains('@');
        let known = account.keys.iter().filter(|key| is_identity(key)).find(|key| alike(&key.value));
        self.planned.changes.push(Change::KeySet {
            collection: Arc::clone(&self.collection),
            seq: account.seq,
            space: self.behavior.names.clone().unwrap_or_else(|| IDENTITY.into()),
            from: known.map(|key| Arc::clone(&key.value)),
            to: Some(decide::identity_key(text).into()),
        });
        let shown = self.model.accounts.key_of_role(self.behavior.inputs[input].word).cloned();
        if let Some(key) = shown {
            self.planned.changes.push(Change::field(&self.collection, &account, &key, Some(Json::string(text))));
        }
    }

    fn verify(&mut self, name: Option<usize>, card: usize) {
        let (Some(account), Some(normal)) =
            (self.caller.account.clone(), self.call.text(card).and_then(id_card::normal))
        else {
            return;
        };
        let accounts = &self.model.accounts;
        if account.key(CARD).is_none() {
            self.planned.changes.push(Change::KeySet {
                collection: Arc::clone(&self.collection),
                seq: account.seq,
                space: CARD.into(),
                from: None,
                to: Some(normal.into()),
            });
        }
        if let Some(flag) = &accounts.verified {
            self.planned.changes.push(Change::field(&self.collection, &account, &flag.field, Some(flag.yes.clone())));
        }
        for input in name.into_iter().chain([card]) {
            let key = accounts.key_for(&self.behavior.inputs[input]);
            self.planned.changes.push(Change::field(&self.collection, &account, &key, self.call.json(input)));
        }
    }

    fn submit(&mut self, from: &[Json], to: &Json) {
        let (Some(account), Some(machine)) = (self.caller.account.clone(), self.model.accounts.review_machine()) else {
            return;
        };
        let status = account.field(&machine.field).unwrap_or(&machine.initial);
        if from.iter().any(|known| known.scalar_text() == status.scalar_text()) {
            self.planned.changes.push(Change::field(&self.collection, &account, &machine.field, Some(to.clone())));
        }
    }
}

fn made_up<'c>(
    pieces: &[Piece],
    name: Option<&str>,
    sent: &dyn Fn(&str) -> Option<&'c str>,
    world: &mut World,
) -> String {
    let name: Vec<char> = name.unwrap_or_default().chars().collect();
    let of = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Sent(name) => sent(name).unwrap_or_default().to_owned(),
        Piece::Tail(count) => name[name.len().saturating_sub(*count)..].iter().collect(),
        Piece::Digits(count) => world.stream().digits(*count),
        Piece::Signs(count) => {
            world.stream().token_like(&"a1".repeat(count.div_ceil(2))).chars().take(*count).collect()
        }
    };
    pieces.iter().map(of).collect()
}

/// What a new account shows of when it was made.
pub(super) fn times_made(model: &Model, now: Millis) -> Vec<(Arc<str>, Json)> {
    let accounts = &model.accounts;
    let made = accounts.made_at.iter().filter_map(|key| {
        let example = accounts.fields.iter().find(|field| field.key == *key).map(|field| &field.initial)?;
        let now = records::write_time(time_form(example)?, now, model.utc_offset);
        Some((Arc::clone(key), example.in_form(&now)))
    });
    made.collect()
}

/// Ids continue the form of the examples: after `"261"` comes `262`, after `U0000001` `U0000002`; what is opaque stays of
/// its alphabet.
pub(super) fn next_id(accounts: &Accounts, seq: u64, world: &mut World) -> Arc<str> {
    let mut seq = seq;
    loop {
        let id = id_at(accounts.id.as_ref(), seq, world);
        // An id that the examples show is somebody's there, and may have been passed over for another account before.
        if !accounts.shown_ids.contains(&*id) && world.record_by_id(account::COLLECTION, &id).is_none() {
            return id;
        }
        seq = seq.saturating_add(1);
        if seq == u64::MAX {
            return id;
        }
    }
}

fn id_at(example: Option<&Json>, seq: u64, world: &mut World) -> Arc<str> {
    match example.and_then(Json::scalar_text) {
        Some(text) if !text.is_empty() => {
            let counted = numbered(text).and_then(|(prefix, number, width)| {
                // Leading zeros are part of the form. Where there is no greater number, the id is drawn.
                Some(format!("{prefix}{:0>width$}", number.checked_add(seq)?).into())
            });
            counted.unwrap_or_else(|| world.stream().token_like(text).into())
        }
        _ => seq.to_string().into(),
    }
}

/// Letters, then a number: the letters, the number, and how many digits it has.
pub(super) fn numbered(text: &str) -> Option<(&str, u64, usize)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (prefix, number) = text.split_at(digits);
    let lettered = prefix.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    lettered.then_some(())?;
    Some((prefix, number.parse().ok()?, number.len()))
}
