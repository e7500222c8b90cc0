//! From what the set shows of its accounts to their fields, names and ids.

use super::apart::parent;
use super::lifecycle::Machine;
use super::shown::{Shown, enumerated, is_inside, shown, shown_as_item, shows_account};
use super::statuses::values;
use super::{Accounts, Field, Issued, is_single};
use super::{back_office, others, registering};
use crate::behavior::Input;
use crate::behavior::collection::items::item::time_form;
use crate::behavior::collection::nouns::noun::{Nouns, is_numbered};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use crate::spec::DocSet;
use std::sync::Arc;

/// Gathers what the set shows of its accounts.
pub(in crate::behavior) fn gather(
    set: &DocSet,
    operations: &[Operation],
    inputs: &[Vec<Input>],
    nouns: &[Nouns],
    lexicon: &Lexicon,
) -> Accounts {
    let mut accounts = Accounts {
        any: operations.iter().any(|operation| matches!(operation, Operation::Register | Operation::Login)),
        ..Accounts::default()
    };
    (accounts.identities, accounts.identity_names) = identities(operations, inputs);
    accounts.bound = bound(operations, inputs);
    accounts.issued = issued(set, operations, inputs, lexicon);
    accounts.id_name = id_name(set, operations, inputs, &accounts, lexicon);
    // A profile shows the most, so its names are the fields' names.
    let order = [Operation::Profile, Operation::Login, Operation::Register];
    let rank = |operation: Operation| order.iter().position(|known| *known == operation).unwrap_or(order.len());
    let mut endpoints: Vec<usize> = (0..operations.len()).filter(|at| shows_account(operations[*at])).collect();
    endpoints.sort_by_key(|at| rank(operations[*at]));
    let mut machines: Vec<Machine> = Vec::new();
    for at in endpoints {
        let endpoint = &set.endpoints[at];
        for example in endpoint.successes() {
            let all = shown(set, endpoint, example, lexicon);
            accounts.tell_apart(&all);
            for shown in &all {
                // Beside the data stand the envelope's own members.
                let inside = is_inside(set.envelope(endpoint), &example.value, &shown.path);
                if inside {
                    machines.extend(accounts.add(shown, &all, lexicon));
                }
            }
        }
    }
    for at in back_office::shows(set, nouns, operations, lexicon) {
        let all = shown_as_item(set, &set.endpoints[at], lexicon);
        for shown in &all {
            machines.extend(accounts.add(shown, &all, lexicon));
        }
    }
    let key =
        accounts.issued.as_ref().and_then(|issued| accounts.field(&issued.name)).map(|field| Arc::clone(&field.key));
    accounts.issued.iter_mut().for_each(|issued| issued.key.clone_from(&key));
    accounts.name_by_inputs(operations, inputs);
    accounts.settle_machines(machines);
    accounts.settle_initial_status(operations);
    accounts.settle_empty(lexicon);
    let made_at = accounts.fields.iter().filter(|field| {
        let label = label_head(&field.words);
        // What was changed last was made then.
        let told = lexicon.is_named("created-at", &field.key)
            || lexicon.is_named("updated-at", &field.key)
            || lexicon.is_named("registered-at", &field.key)
            || (!label.is_empty()
                && (lexicon.is_nothing_but("created-at", label) || lexicon.is_nothing_but("registered-at", label)));
        told && time_form(&field.initial).is_some()
    });
    accounts.made_at = made_at.map(|field| Arc::clone(&field.key)).collect();
    accounts.shown_ids = others::shown_ids(set, &accounts, lexicon);
    accounts
}

/// The kind of name that an account gets by being bound to it, where whoever comes first is known by another platform's name
/// and nobody registers: `"mobile": "" // 空的就是还没绑手机`.
fn bound(operations: &[Operation], inputs: &[Vec<Input>]) -> Option<Role> {
    let of = |wanted: Operation| {
        let endpoints = operations.iter().zip(inputs).filter(move |(operation, _)| **operation == wanted);
        endpoints.map(|(_, inputs)| inputs)
    };
    let named = |inputs: &'_ [Input], word: Role| inputs.iter().any(|i| i.role == Role::Identity && i.word == word);
    let word = of(Operation::BindIdentity).flatten().find(|input| input.role == Role::Identity)?.word;
    let by_platform = of(Operation::Login).any(|inputs| {
        !named(inputs, word) && inputs.iter().any(|input| input.role == Role::Identity && input.required)
    });
    let registers = of(Operation::Register).next().is_some();
    (matches!(word, Role::Phone | Role::Email) && by_platform && !registers).then_some(word)
}

/// The number that registering hands out and logging in asks for.
fn issued(set: &DocSet, operations: &[Operation], inputs: &[Vec<Input>], lexicon: &Lexicon) -> Option<Issued> {
    let logins = registering::login_names(operations, inputs);
    let mut makers = (0..operations.len()).filter(|at| operations[*at] == Operation::Register);
    makers.find_map(|at| {
        let endpoint = &set.endpoints[at];
        let name = registering::handed_out(set, endpoint, &inputs[at], &logins, lexicon)?;
        let mut all = endpoint.successes().flat_map(|example| shown(set, endpoint, example, lexicon));
        let example = all.find(|shown| compact(shown.name) == name).map(|shown| shown.value.clone())?;
        Some(Issued { name, key: None, example })
    })
}

/// The kinds of names that accounts register or, where nothing registers, log in with, and how the parameters are called.
fn identities(operations: &[Operation], inputs: &[Vec<Input>]) -> (Vec<Role>, Vec<String>) {
    let of = |wanted: Operation| {
        let endpoints = operations.iter().zip(inputs).filter(move |(operation, _)| **operation == wanted);
        endpoints.flat_map(|(_, inputs)| inputs).filter(|input| input.role == Role::Identity)
    };
    let mut found: Vec<&Input> = of(Operation::Register).collect();
    if found.is_empty() {
        // Whoever comes with a code of another platform is known by it, and shown by what is proved here.
        let proves = |inputs: &[Input]| inputs.iter().any(|input| input.word.is_secret());
        let logins = || operations.iter().zip(inputs).filter(|(operation, _)| **operation == Operation::Login);
        let named = |inputs: &'_ [Input]| inputs.iter().any(|input| input.role == Role::Identity);
        let proved = logins().any(|(_, inputs)| proves(inputs) && named(inputs));
        let logins = logins().filter(|(_, inputs)| !proved || proves(inputs));
        found = logins.flat_map(|(_, inputs)| inputs).filter(|input| input.role == Role::Identity).collect();
    }
    let mut words: Vec<Role> = found.iter().map(|input| input.word).filter(|word| word.identifies()).collect();
    words.sort_unstable();
    words.dedup();
    let mut names: Vec<String> = Vec::new();
    for name in found.iter().map(|input| compact(&input.name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (words, names)
}

impl Accounts {
    /// Adds what a member shows; the statuses that it has, if that is what it is. `all` is what stands beside it.
    fn add(&mut self, shown: &Shown<'_>, all: &[Shown<'_>], lexicon: &Lexicon) -> Option<Machine> {
        if matches!(shown.role, Role::Token | Role::Passcode) || self.is_identity(shown) {
            return None;
        }
        if self.is_account_id(shown) {
            self.id.get_or_insert_with(|| shown.value.clone());
            return None;
        }
        if self.field(shown.name).is_some() {
            return None;
        }
        let values = values(shown, lexicon);
        // `status` and `audit_status` are two fields if each lists values of its own.
        // So are two members that stand side by side, whatever their roles.
        let apart = |field: &Field| {
            let beside = |other: &&Shown<'_>| parent(other) == parent(shown) && other.name != shown.name;
            all.iter().filter(beside).any(|other| field.names.contains(&compact(other.name)))
                || self.beside.contains(&compact(shown.name))
                || field.names.iter().any(|name| self.beside.contains(name))
        };
        let is_same = |field: &Field| {
            let known = || enumerated(&field.words, &field.initial, lexicon).into_iter().map(|item| item.value);
            let other = field.role == Role::Status && !values.is_empty() && known().next().is_some();
            let alike = || known().eq(values.iter().filter_map(|value| value.value.scalar_text().map(str::to_owned)));
            is_single(shown.role) && field.role == shown.role && (!other || alike()) && !apart(field)
        };
        if let Some(at) = self.fields.iter().position(is_same) {
            self.fields[at].names.push(compact(shown.name));
            return None;
        }
        let first_status = shown.role == Role::Status && self.key_of_role(Role::Status).is_none();
        let key: Arc<str> = if first_status { "status".into() } else { shown.name.into() };
        self.note_flag(shown, &key, lexicon);
        let is_flag = self.verified.as_ref().is_some_and(|flag| flag.field == key);
        let machine = self.machine_of(shown, &key, values);
        let names = vec![compact(&key), compact(shown.name)];
        let second = self.beside.contains(&compact(shown.name));
        let plain = second || self.is_issued(shown);
        self.fields.push(Field {
            key,
            names,
            role: match () {
                () if plain => Role::Plain,
                // `"is_real": "0" // 实名 0未认证 1已认证` is no name.
                () if shown.role == Role::RealName && is_flag => Role::Verified,
                () => shown.role,
            },
            initial: if plain || self.bound == Some(shown.role) { shown.value.emptied() } else { shown.value.clone() },
            made_of: Vec::new(),
            words: shown.words.clone(),
            place: shown.place,
        });
        machine
    }

    /// `nc=老钓客#昵称` says what the `nc` of a profile is that nothing explains.
    fn name_by_inputs(&mut self, operations: &[Operation], inputs: &[Vec<Input>]) {
        let sets = |operation: &Operation| matches!(operation, Operation::Register | Operation::EditProfile);
        let sent =
            operations.iter().zip(inputs).filter(|(operation, _)| sets(operation)).flat_map(|(_, inputs)| inputs);
        for input in sent.filter(|input| matches!(input.word, Role::Nickname | Role::Avatar)) {
            let known = self.fields.iter().any(|field| field.role == input.word);
            let named = compact(&input.name);
            let own = self.fields.iter_mut().find(|field| field.names.contains(&named) && field.role == Role::Plain);
            if let Some(field) = own.filter(|_| !known) {
                field.role = input.word;
            }
        }
    }

    /// `头像,没传过是空`, `昵称,新用户为空`: what a reply's comment says of who has set nothing yet.
    fn settle_empty(&mut self, lexicon: &Lexicon) {
        let of_system = |role: Role| matches!(role, Role::Status | Role::Verified | Role::Time);
        for field in self.fields.iter_mut().filter(|field| !of_system(field.role)) {
            if ["empty-if-not-sent", "empty-at-first"].iter().any(|topic| lexicon.speaks_of(topic, &field.words)) {
                field.initial = field.initial.emptied();
            }
        }
    }

    /// Whether a member shows what the account is known by.
    pub(in crate::behavior) fn is_identity(&self, shown: &Shown<'_>) -> bool {
        // Accounts with several names show each under its own.
        let beside = self.beside.contains(&compact(shown.name)) || self.bound == Some(shown.role);
        if self.identity_names.len() > 1 || beside || self.is_issued(shown) {
            return false;
        }
        // `account` is what the account is known by if it looks like it: `userNo: U0001` is no phone.
        let looks_alike = || {
            let text = shown.value.scalar_text().unwrap_or_default();
            let alike = |role: &Role| match role {
                Role::Phone => text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'*')),
                Role::Email => text.contains('@'),
                _ => true,
            };
            text.is_empty() || self.identities.is_empty() || self.identities.iter().any(alike)
        };
        let by_role = self.identities.contains(&shown.role) || (shown.role == Role::Account && looks_alike());
        (by_role && !self.identity_names.is_empty()) || self.identity_names.contains(&compact(shown.name))
    }

    fn is_issued(&self, shown: &Shown<'_>) -> bool {
        self.issued.as_ref().is_some_and(|issued| issued.name == compact(shown.name))
    }

    /// `_id`, `id`, `uid`: the account's own, and not another record's.
    pub(in crate::behavior) fn is_account_id(&self, shown: &Shown<'_>) -> bool {
        let name = compact(shown.name);
        shown.role == Role::UserId
            || (shown.role == Role::RecordId && name == "id")
            || (matches!(shown.role, Role::RecordId | Role::Account | Role::Plain)
                && self.id_name.as_ref() == Some(&name))
    }
}

/// The first member of a registration's, login's or profile's data that is called an id, where none is called just that:
/// what the request did not bring is the account's own.
fn id_name(
    set: &DocSet,
    operations: &[Operation],
    inputs: &[Vec<Input>],
    names: &Accounts,
    lexicon: &Lexicon,
) -> Option<String> {
    let mut candidate = None;
    for wanted in [Operation::Register, Operation::Login, Operation::Profile] {
        for at in (0..operations.len()).filter(|at| operations[*at] == wanted) {
            let endpoint = &set.endpoints[at];
            let sent = |name: &str| inputs[at].iter().any(|input| compact(&input.name) == name);
            for shown in endpoint.successes().flat_map(|example| shown(set, endpoint, example, lexicon)) {
                let name = compact(shown.name);
                if shown.role == Role::UserId || (shown.role == Role::RecordId && name == "id") {
                    return None;
                }
                // What has the role of an account's name and is no name under which accounts are known is an id too.
                // A word (`username`) numbers nobody.
                let counted =
                    || shown.value.scalar_text().is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()));
                let number = shown.role == Role::Account && !names.is_identity(&shown) && counted();
                // `custNo` that registering hands out numbers the customer.
                let numbered = wanted != Operation::Profile
                    && shown.role == Role::Plain
                    && is_numbered(shown.name, lexicon)
                    && !names.is_identity(&shown);
                let id = shown.role == Role::RecordId || number || numbered;
                if id && candidate.is_none() && !sent(&name) && !is_empty(shown.value) {
                    candidate = Some(name);
                }
            }
        }
    }
    candidate
}

fn is_empty(value: &Json) -> bool {
    value.scalar_text().is_none_or(str::is_empty)
}
