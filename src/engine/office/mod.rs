//! The back office: what customer service and a tester's own hand do to accounts and other records, as changes.

mod given;
mod record;

pub use given::give_accounts;

pub use record::{
    RecordEdit, RecordError, create_record, edit_record, find_record, no_collection, put_record, remove_record,
    shown_record,
};

use super::decide::{IDENTITY, identity_key};
use super::room::{self, TooLarge};
use super::{credentials, plan};
use crate::behavior::Model;
use crate::behavior::account::lifecycle::{Machine, OfficeAction};
use crate::behavior::account::{COLLECTION, is_identity};
use crate::json::Json;
use crate::lexicon::StatusKind;
use crate::world::{Change, Mark, Millis, Passcode, Record, World};
use std::sync::Arc;

/// Issues a passcode that serves any purpose.
pub fn issue_passcode(model: &Model, world: &mut World, phone: &str, now: Millis) -> (Arc<Passcode>, Vec<Change>) {
    let passcode = credentials::issue_passcode(world, model, phone, None, now);
    let changes = vec![Change::PasscodeIssued(Arc::clone(&passcode))];
    apply(world, &changes);
    (passcode, changes)
}

fn apply(world: &mut World, changes: &[Change]) {
    for change in changes {
        world.apply(change);
    }
}

/// What an account is: its status by the machine, and marks outside of it.
pub fn status(model: &Model, account: &Record) -> Option<Json> {
    let machine = model.accounts.machine.as_ref()?;
    Some(account.field(&machine.field).unwrap_or(&machine.initial).clone())
}

/// The kind of that status; a mark counts before it.
pub fn kind(model: &Model, account: &Record) -> Option<StatusKind> {
    match account.mark {
        Mark::Frozen => Some(StatusKind::Frozen),
        Mark::Deleted => Some(StatusKind::Deleted),
        Mark::Active => model.accounts.machine.as_ref()?.kind(&status(model, account)?),
    }
}

/// The actions that the machine has for an account as it is.
pub fn possible(model: &Model, account: &Arc<Record>) -> Vec<OfficeAction> {
    OfficeAction::ALL.into_iter().filter(|action| moved(model, account, *action).is_ok()).collect()
}

/// Carries an action out; the reason where the machine has no such transition.
pub fn act(
    model: &Model,
    world: &mut World,
    account: &Arc<Record>,
    action: OfficeAction,
) -> Result<Vec<Change>, String> {
    let changes = transition(model, world, account, action)?;
    apply(world, &changes);
    Ok(changes)
}

fn transition(
    model: &Model,
    world: &World,
    account: &Arc<Record>,
    action: OfficeAction,
) -> Result<Vec<Change>, String> {
    let mut changes = moved(model, account, action)?;
    if action == OfficeAction::Freeze {
        changes.extend(revoke(world, account));
    }
    Ok(changes)
}

/// What an action does to the account itself.
fn moved(model: &Model, account: &Arc<Record>, action: OfficeAction) -> Result<Vec<Change>, String> {
    let now = kind(model, account);
    let shown = status_words(model, account);
    let deleted = now == Some(StatusKind::Deleted);
    if deleted {
        return Err(format!("the account is deleted ({shown}); nothing leads out of that"));
    }
    match action {
        OfficeAction::Approve | OfficeAction::Reject => {
            let machine = model
                .accounts
                .review_machine()
                .ok_or("the documents describe no review: no status enumeration was found")?;
            let status = account.field(&machine.field).unwrap_or(&machine.initial);
            let (now, shown) = match &model.accounts.review {
                Some(machine) => (machine.kind(status), words(machine, status)),
                None => (now, shown),
            };
            let wanted = if action == OfficeAction::Approve { StatusKind::Normal } else { StatusKind::Rejected };
            let to = machine
                .value(wanted)
                .ok_or_else(|| format!("the documents' statuses have none that means {wanted}"))?;
            if machine.value(StatusKind::Pending).is_some() && now != Some(StatusKind::Pending) {
                return Err(format!("only an account under review can be {}; this one is {shown}", past(action)));
            }
            if machine.value(StatusKind::Pending).is_none() && now == Some(wanted) {
                return Err(format!("the account is {shown} already"));
            }
            Ok(vec![Change::field(&COLLECTION.into(), account, &machine.field, Some(to.clone()))])
        }
        OfficeAction::Freeze => {
            if now == Some(StatusKind::Frozen) {
                return Err(format!("the account is frozen already ({shown})"));
            }
            let mut changes = vec![Change::before_freeze(&COLLECTION.into(), account, status(model, account))];
            changes.extend(put_down(model, account, StatusKind::Frozen));
            Ok(changes)
        }
        OfficeAction::Unfreeze => {
            if now != Some(StatusKind::Frozen) {
                return Err(format!("only a frozen account can be unfrozen; this one is {shown}"));
            }
            let mut changes = Vec::new();
            if account.mark == Mark::Frozen {
                changes.push(Change::mark(&COLLECTION.into(), account, Mark::Active));
            }
            let machine = model.accounts.machine.as_ref();
            let frozen_by_value = machine.is_some_and(|machine| {
                status(model, account).and_then(|s| machine.kind(&s)) == Some(StatusKind::Frozen)
            });
            if frozen_by_value {
                // The status before; one that was frozen by hand goes back to what a new account has.
                let before = account.before_freeze.clone().or_else(|| machine.map(|machine| machine.initial.clone()));
                changes.extend(before.and_then(|before| set_status(model, account, before)));
            }
            changes.push(Change::before_freeze(&COLLECTION.into(), account, None));
            Ok(changes)
        }
        // Its tokens stay: they answer what the document says of a deleted account.
        OfficeAction::Delete => Ok(put_down(model, account, StatusKind::Deleted).into_iter().collect()),
    }
}

fn past(action: OfficeAction) -> &'static str {
    match action {
        OfficeAction::Approve => "approved",
        OfficeAction::Reject => "rejected",
        OfficeAction::Freeze => "frozen",
        OfficeAction::Unfreeze => "unfrozen",
        OfficeAction::Delete => "deleted",
    }
}

/// The status value of a kind if the documents have one, else a mark outside of the fields.
pub(super) fn put_down(model: &Model, account: &Arc<Record>, kind: StatusKind) -> Option<Change> {
    let value = model.accounts.machine.as_ref().and_then(|machine| machine.value(kind));
    match value {
        Some(value) => set_status(model, account, value.clone()),
        None => {
            let mark = if kind == StatusKind::Deleted { Mark::Deleted } else { Mark::Frozen };
            Some(Change::mark(&COLLECTION.into(), account, mark))
        }
    }
}

fn set_status(model: &Model, account: &Arc<Record>, to: Json) -> Option<Change> {
    let machine = model.accounts.machine.as_ref()?;
    Some(Change::field(&COLLECTION.into(), account, &machine.field, Some(to)))
}

fn revoke(world: &World, account: &Record) -> Vec<Change> {
    world.tokens_of(COLLECTION, account.seq).cloned().map(Change::TokenRevoked).collect()
}

/// The status as the document words it: `2 (未审核)`.
pub fn status_words(model: &Model, account: &Record) -> String {
    match (account.mark, status(model, account)) {
        (Mark::Frozen, _) => "frozen".to_owned(),
        (Mark::Deleted, _) => "deleted".to_owned(),
        (Mark::Active, None) => "active".to_owned(),
        (Mark::Active, Some(status)) => {
            let text = || status.scalar_text().unwrap_or_default().to_owned();
            model.accounts.machine.as_ref().map_or_else(text, |machine| words(machine, &status))
        }
    }
}

fn words(machine: &Machine, status: &Json) -> String {
    let value = status.scalar_text().unwrap_or_default();
    machine.known(status).map_or_else(|| value.to_owned(), |known| format!("{value} {}", known.words))
}

/// What an account is to be, as a tester writes it.
#[derive(Clone, Debug, Default)]
pub struct AccountEdit {
    /// Null or absent leaves it.
    pub status: Option<Json>,
    pub password: Option<String>,
    pub identity: Option<String>,
    /// By the documents' names or the program's; null takes a field away.
    pub fields: Vec<(String, Json)>,
}

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Another account is known by that.
    IdentityTaken(String),
    /// The documents' enumeration lacks it; those that it has.
    NoSuchStatus {
        status: String,
        known: Vec<String>,
    },
    NoRoom(TooLarge),
}

/// Makes an account by hand: any status, no passcode.
pub fn create(
    model: &Model,
    world: &mut World,
    edit: &AccountEdit,
    now: Millis,
) -> Result<(Arc<Record>, Vec<Change>), EditError> {
    let identity = &*identity_key(edit.identity.as_deref().unwrap_or_default());
    let space = names(model, edit);
    if world.by_key(COLLECTION, &space, identity).is_some() {
        return Err(EditError::IdentityTaken(identity.to_owned()));
    }
    let seq = world.next_seq(COLLECTION);
    let id = plan::next_id(&model.accounts, seq, world);
    let mut record = Record {
        seq,
        id,
        owner: None,
        created_at: now,
        fields: crate::world::Fields::default(),
        password: edit.password.as_deref().map(|password| world.password_key().hash(password)),
        mark: Mark::Active,
        before_freeze: None,
        keys: vec![crate::world::Key::new(space, identity)],
    };
    if let Some(machine) = &model.accounts.machine {
        let status = wanted_status(model, edit)?.unwrap_or_else(|| machine.initial.clone());
        record.fields.set(&machine.field, Some(status));
    }
    for (key, value) in plan::times_made(model, now) {
        record.fields.set(&key, Some(value));
    }
    if let Some((field, kind)) =
        model.accounts.kinds.as_ref().and_then(crate::behavior::account::kinds::Kinds::registered)
    {
        record.fields.set(field, Some(Json::string(kind)));
    }
    for (name, value) in &edit.fields {
        record.fields.set(&field_key(model, name), Some(value.clone()));
    }
    // By hand two may be made alike; the first stays known by it.
    let free = |key: &crate::world::Key| world.by_key(COLLECTION, &key.space, &key.value).is_none();
    record.keys.extend(super::records::account_keys(model, &record.fields).into_iter().filter(free));
    let record = Arc::new(record);
    let changes = vec![Change::RecordCreated { collection: COLLECTION.into(), record: Arc::clone(&record) }];
    room::check(world, &changes).map_err(EditError::NoRoom)?;
    apply(world, &changes);
    Ok((record, changes))
}

/// Where the accounts of each kind have names of their own, the space of those of the kind that an edit says.
fn names(model: &Model, edit: &AccountEdit) -> Arc<str> {
    let of_kind = model.accounts.kinds.as_ref().and_then(|kinds| {
        let said =
            edit.fields.iter().find(|(name, _)| *name == *kinds.field).and_then(|(_, value)| value.scalar_text());
        kinds.names_of(said)
    });
    of_kind.unwrap_or_else(|| IDENTITY.into())
}

/// Edits an account by hand: any status, whatever the machine says.
pub fn edit(
    model: &Model,
    world: &mut World,
    account: &Arc<Record>,
    edit: &AccountEdit,
) -> Result<Vec<Change>, EditError> {
    let collection: Arc<str> = COLLECTION.into();
    let mut changes = Vec::new();
    if let Some(identity) = edit.identity.as_deref().map(identity_key) {
        let identity = &*identity;
        let own = account.keys.iter().find(|key| is_identity(key));
        let space: Arc<str> = own.map_or_else(|| IDENTITY.into(), |key| Arc::clone(&key.space));
        if world.by_key(COLLECTION, &space, identity).is_some_and(|other| other.seq != account.seq) {
            return Err(EditError::IdentityTaken(identity.to_owned()));
        }
        let (seq, from) = (account.seq, own.map(|key| Arc::clone(&key.value)));
        changes.push(Change::KeySet { collection: collection.clone(), seq, space, from, to: Some(identity.into()) });
    }
    if let Some(status) = wanted_status(model, edit)? {
        let kind = model.accounts.machine.as_ref().and_then(|machine| machine.kind(&status));
        if kind == Some(StatusKind::Frozen) {
            changes.push(Change::before_freeze(&collection, account, self::status(model, account)));
            changes.extend(revoke(world, account));
        }
        changes.extend(set_status(model, account, status));
        if account.mark != Mark::Active {
            changes.push(Change::mark(&collection, account, Mark::Active));
        }
    }
    if let Some(password) = edit.password.as_deref() {
        changes.push(Change::password(&collection, account, Some(world.password_key().hash(password))));
    }
    for (name, value) in &edit.fields {
        let key = field_key(model, name);
        let known = super::records::account_key_change(model, account, &key, value);
        changes.extend(known.filter(|change| match change {
            Change::KeySet { space, to: Some(to), .. } => world.by_key(COLLECTION, space, to).is_none(),
            _ => true,
        }));
        let value = Some(value.clone()).filter(|value| *value != Json::Null);
        changes.push(Change::field(&collection, account, &key, value));
    }
    apply(world, &changes);
    Ok(changes)
}

/// The status that an edit asks for in the documents' form, if they have it.
fn wanted_status(model: &Model, edit: &AccountEdit) -> Result<Option<Json>, EditError> {
    let (Some(status), Some(machine)) = (&edit.status, &model.accounts.machine) else { return Ok(None) };
    let text = status.scalar_text().unwrap_or_default();
    let by_kind = || StatusKind::parse(text).and_then(|kind| machine.value(kind));
    match machine.known(status).map(|known| &known.value).or_else(by_kind) {
        Some(value) => Ok(Some(value.clone())),
        None => Err(EditError::NoSuchStatus {
            status: text.to_owned(),
            known: machine
                .values
                .iter()
                .map(|value| format!("{} {}", value.value.scalar_text().unwrap_or_default(), value.words))
                .collect(),
        }),
    }
}

fn field_key(model: &Model, name: &str) -> Arc<str> {
    model.accounts.field(name).map_or_else(|| name.into(), |field| Arc::clone(&field.key))
}

/// All that the documents show of an account, with what it has beside.
pub fn fields(model: &Model, account: &Record) -> Vec<(Arc<str>, Json)> {
    let status_key = model.accounts.machine.as_ref().map(|machine| &machine.field);
    let shape = model.accounts.fields.iter().filter(|field| Some(&field.key) != status_key);
    let mut shown: Vec<(Arc<str>, Json)> = shape
        .map(|field| (Arc::clone(&field.key), account.field(&field.key).unwrap_or(&field.initial).clone()))
        .collect();
    let of_documents = shown.len();
    for (key, value) in account.fields.iter() {
        if Some(key) != status_key && !shown[..of_documents].iter().any(|(known, _)| known == key) {
            shown.push((Arc::clone(key), value.clone()));
        }
    }
    shown
}
