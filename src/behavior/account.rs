//! The accounts of a set: what the documents show of one, under which names, and how a new one begins.

use super::apart::parent;
use super::collection::noun::{Nouns, is_numbered};
use super::collection::shape;
use super::enumeration;
use super::lifecycle::{Machine, StatusValue};
use super::{Confidence, Evidence, Input};
use crate::json::{Json, Step};
use crate::lexicon::{Lexicon, Operation, Role, StatusKind, compact};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, Example};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

/// The name of the collection in which accounts are kept.
pub const COLLECTION: &str = "accounts";

/// That name for what keeps it, in one copy.
pub fn collection() -> Arc<str> {
    static NAME: LazyLock<Arc<str>> = LazyLock::new(|| COLLECTION.into());
    Arc::clone(&NAME)
}

#[derive(Clone, Debug, Default)]
pub struct Accounts {
    pub fields: Vec<Field>,
    /// An example's id, whose form new ones continue.
    pub id: Option<Json>,
    /// What the examples call it, where that is neither `id` nor a user's id: `seller_id`.
    pub id_name: Option<String>,
    /// How an account stands.
    pub machine: Option<Machine>,
    /// How its review stands, where a field of its own says so.
    pub review: Option<Machine>,
    pub verified: Option<Flag>,
    /// Roles under which accounts are known: phone, e-mail, …
    pub identities: Vec<Role>,
    /// The names of the parameters that name an account.
    pub identity_names: Vec<String>,
    /// Names of members that look like what an account is known by, and stand beside it: a second phone.
    pub beside: Vec<String>,
    /// Fields of which no two accounts have the same.
    pub unique: Vec<Arc<str>>,
    /// Ids that the examples show, of this account and of others.
    pub shown_ids: BTreeSet<String>,
    /// Fields that an endpoint puts before a reviewer: an account that has one has submitted something.
    pub submitted: Vec<Arc<str>>,
    /// Fields that show when an account was made.
    pub made_at: Vec<Arc<str>>,
    /// Of which kinds they are.
    pub kinds: Option<super::kinds::Kinds>,
    /// Whether any endpoint makes accounts or lets them in.
    pub any: bool,
}

/// One field of an account, as the examples show it.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: Arc<str>,
    /// Its key and the other names for the same, compact.
    pub names: Vec<String>,
    pub role: Role,
    /// What a new account has.
    pub initial: Json,
    /// From what that is made up instead, where words say so.
    pub made_of: Vec<super::made_up::Piece>,
    pub words: String,
    pub place: Place,
}

/// A field that says whether the account has proved who it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    pub field: Arc<str>,
    pub yes: Json,
    pub no: Json,
    pub because: String,
    pub place: Place,
}

impl Accounts {
    /// The field of this name, whatever its letter case and marks.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let wanted = compact(name);
        self.fields.iter().find(|field| field.names.contains(&wanted))
    }

    /// The key under which a parameter's value is kept.
    pub fn key_for(&self, input: &Input) -> Arc<str> {
        let same_role = || {
            let mut alike = self.fields.iter().filter(|field| field.role == input.word && is_single(input.word));
            // Of two such fields nothing tells which is meant.
            let first = alike.next();
            first.filter(|_| alike.next().is_none())
        };
        self.field(&input.name)
            .or_else(same_role)
            .map_or_else(|| Arc::clone(&input.name), |field| Arc::clone(&field.key))
    }

    /// The statuses through which a review leads.
    pub fn review_machine(&self) -> Option<&Machine> {
        self.review.as_ref().or(self.machine.as_ref())
    }

    pub fn key_of_role(&self, role: Role) -> Option<&Arc<str>> {
        self.fields.iter().find(|field| field.role == role).map(|field| &field.key)
    }
}

/// Roles of which an account has one, so that two names for it are the same field.
fn is_single(role: Role) -> bool {
    matches!(
        role,
        Role::Avatar
            | Role::Account
            | Role::Nickname
            | Role::RealName
            | Role::IdCard
            | Role::Email
            | Role::Phone
            | Role::Status
            | Role::Verified
    )
}

/// Whether an endpoint's success shows an account.
pub(super) fn shows_account(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Register
            | Operation::Login
            | Operation::Profile
            | Operation::EditProfile
            | Operation::VerifyIdentity
            | Operation::VerificationStatus
            | Operation::SubmitReview
            | Operation::BindIdentity
            | Operation::TopUp
            | Operation::AccountDeed
    )
}

/// One member of an example that shows an account.
pub(super) struct Shown<'e> {
    pub(super) path: Vec<Step>,
    pub(super) name: &'e str,
    pub(super) value: &'e Json,
    pub(super) words: String,
    pub(super) role: Role,
    pub(super) place: Place,
}

/// The scalars of an example's data with what each is for; the envelope's own members are left out.
pub(super) fn shown<'e>(set: &DocSet, endpoint: &Endpoint, example: &'e Example, lexicon: &Lexicon) -> Vec<Shown<'e>> {
    let envelope = set.envelope(endpoint);
    let code = envelope.code_of(&example.value).map(|(path, _)| path);
    let message = envelope.message_of(&example.value).map(|(path, _)| path);
    // The first of several, as `place_of` has it.
    let places: HashMap<&[Step], Place> =
        example.members.iter().rev().map(|(path, at)| (path.as_slice(), *at)).collect();
    let comments: HashMap<&[Step], &str> =
        example.comments.iter().rev().map(|note| (note.path.as_slice(), note.text.as_str())).collect();
    let mut found = Vec::new();
    let mut open: Vec<(Vec<Step>, &Json)> = vec![(Vec::new(), &example.value)];
    while let Some((path, value)) = open.pop() {
        for (key, inner) in value.as_object().into_iter().flatten().rev() {
            let mut path = path.clone();
            path.push(Step::Key(key.clone()));
            // The envelope's own members, one level down too; a payload that stands in a member's place is no such member.
            if inner.is_scalar() && envelope.marker.iter().chain(code).chain(message).any(|known| *known == path) {
                continue;
            }
            if inner.as_object().is_some() {
                open.push((path, inner));
            } else if inner.is_scalar() {
                let comment = comments.get(path.as_slice()).copied();
                let words = comment.or_else(|| named_comment(example, key)).unwrap_or_default().to_owned();
                let role = role_of(key, &words, inner, lexicon);
                let place = places.get(path.as_slice()).copied().unwrap_or(example.place);
                found.push(Shown { name: key, value: inner, words, role, place, path });
            }
        }
    }
    found.sort_by_key(|shown| shown.place);
    // `{"jf": 10} // 退回后的总积分`: one comment behind one member is about it.
    if let ([only], [note]) = (&mut found[..], &example.comments[..])
        && only.words.is_empty()
    {
        only.words.clone_from(&note.text);
    }
    found
}

/// The scalars of the first item that an endpoint shows.
fn shown_as_item<'e>(set: &DocSet, endpoint: &'e Endpoint, lexicon: &Lexicon) -> Vec<Shown<'e>> {
    let Some((whole, path)) = shape::place_shown(set, endpoint, lexicon) else { return Vec::new() };
    let Some(example) = endpoint.successes().find(|example| std::ptr::eq(&raw const example.value, whole)) else {
        return Vec::new();
    };
    let members = whole.at(&path).and_then(Json::as_object).unwrap_or_default();
    let shown = members.iter().filter(|(_, value)| value.is_scalar()).map(|(key, value)| {
        let path: Vec<Step> = path.iter().cloned().chain([Step::Key(key.clone())]).collect();
        let comment = example.comments.iter().find(|note| note.path == path).map(|note| note.text.as_str());
        let words = comment.or_else(|| named_comment(example, key)).unwrap_or_default().to_owned();
        let role = role_of(key, &words, value, lexicon);
        Shown { place: example.place_of(&path), name: key, value, words, role, path }
    });
    shown.filter(|shown| !shown.role.is_secret()).collect()
}

/// A comment that stands elsewhere and begins with the member's name: `{…} //state 1正常 2冻结`.
fn named_comment<'e>(example: &'e Example, key: &str) -> Option<&'e str> {
    let after = |note: &'e crate::spec::FieldNote| {
        let text = note.text.trim_start();
        text.strip_prefix(key).filter(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    example.comments.iter().find_map(after).map(|words| words.trim_start_matches([' ', ':', '：', '=', '-']))
}

/// What a member is for, by its name and comment. A comment that is nothing but values has no label; then the values tell.
pub(super) fn role_of(name: &str, words: &str, example: &Json, lexicon: &Lexicon) -> Role {
    let items = enumerated(words, example, lexicon);
    let bare = items.first().is_some_and(|first| words.trim_start().starts_with(first.value.as_str()));
    // `"token": "f3b0…" //注册完直接就是登录状态`: what such a value is for, a known name says better than a remark.
    let named = || {
        let opaque = super::replies::is_opaque(example);
        opaque && lexicon.role(name, "").is_some_and(|(role, points)| role == Role::Token && points >= 8)
    };
    if named() {
        return Role::Token;
    }
    // `没改过就是用户名` says what it begins with, and not what it is.
    let told = super::made_up::default_word(words, lexicon).map_or(words, |(start, _)| &words[..start]);
    let label = if bare { "" } else { told };
    if let Some((role, _)) = lexicon.role(name, label).filter(|(_, points)| *points >= 4) {
        return role;
    }
    let mut kinds: Vec<StatusKind> = items.iter().flat_map(|item| machine_kinds(&item.words, lexicon)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() >= 3 { Role::Status } else { Role::Plain }
}

/// The enumeration in the words beside an example's value.
pub(super) fn enumerated(words: &str, example: &Json, lexicon: &Lexicon) -> Vec<enumeration::Item> {
    enumeration::read_beside(words, example.scalar_text().unwrap_or_default(), &lexicon.rules().enumerations)
}

/// Gathers what the set shows of its accounts.
pub(super) fn gather(
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
                let inside = shown.path.len() > 1 || set.envelope(endpoint).data.is_none();
                if inside {
                    machines.extend(accounts.add(shown, &all, lexicon));
                }
            }
        }
    }
    for at in super::back_office::shows(set, nouns, operations, lexicon) {
        let all = shown_as_item(set, &set.endpoints[at], lexicon);
        for shown in &all {
            machines.extend(accounts.add(shown, &all, lexicon));
        }
    }
    accounts.name_by_inputs(operations, inputs);
    accounts.settle_machines(machines);
    accounts.settle_initial_status(operations);
    accounts.settle_empty(lexicon);
    let made_at = accounts.fields.iter().filter(|field| {
        let label = crate::lexicon::label_head(&field.words);
        // What was changed last was made then.
        let told = lexicon.is_named("created-at", &field.key)
            || lexicon.is_named("updated-at", &field.key)
            || lexicon.is_named("registered-at", &field.key)
            || (!label.is_empty()
                && (lexicon.is_nothing_but("created-at", label) || lexicon.is_nothing_but("registered-at", label)));
        told && super::collection::item::time_form(&field.initial).is_some()
    });
    accounts.made_at = made_at.map(|field| Arc::clone(&field.key)).collect();
    accounts.shown_ids = super::others::shown_ids(set, &accounts, lexicon);
    accounts
}

/// The kinds of names that accounts register or, where nothing registers, log in with, and how the parameters are called.
fn identities(operations: &[Operation], inputs: &[Vec<Input>]) -> (Vec<Role>, Vec<String>) {
    let of = |wanted: Operation| {
        let endpoints = operations.iter().zip(inputs).filter(move |(operation, _)| **operation == wanted);
        endpoints.flat_map(|(_, inputs)| inputs).filter(|input| input.role == Role::Identity)
    };
    let mut found: Vec<&Input> = of(Operation::Register).collect();
    if found.is_empty() {
        found = of(Operation::Login).collect();
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
        let machine = self.machine_of(shown, &key, values);
        let names = vec![compact(&key), compact(shown.name)];
        let second = self.beside.contains(&compact(shown.name));
        self.fields.push(Field {
            key,
            names,
            role: if second { Role::Plain } else { shown.role },
            initial: if second { shown.value.emptied() } else { shown.value.clone() },
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

    /// Whether a member shows what the account is known by.
    pub(super) fn is_identity(&self, shown: &Shown<'_>) -> bool {
        // Accounts with several names show each under its own.
        if self.identity_names.len() > 1 || self.beside.contains(&compact(shown.name)) {
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

    /// `_id`, `id`, `uid`: the account's own, and not another record's.
    pub(super) fn is_account_id(&self, shown: &Shown<'_>) -> bool {
        let name = compact(shown.name);
        shown.role == Role::UserId
            || (shown.role == Role::RecordId && name == "id")
            || (matches!(shown.role, Role::RecordId | Role::Account | Role::Plain)
                && self.id_name.as_ref() == Some(&name))
    }

    /// A flag has a value for *verified* and one for *not verified*.
    fn note_flag(&mut self, shown: &Shown<'_>, key: &Arc<str>, lexicon: &Lexicon) {
        if self.verified.is_some() {
            return;
        }
        let items = enumerated(&shown.words, shown.value, lexicon);
        // Of a field that shows whether someone is verified, `已通过` and `未通过` say as much.
        let of = |kinds: &[StatusKind]| {
            let wanted = if shown.role == Role::Verified { kinds } else { &kinds[..1] };
            let said =
                |item: &&enumeration::Item| lexicon.statuses(&item.words).iter().any(|kind| wanted.contains(kind));
            items.iter().find(said).map(|item| shown.value.in_form(&item.value))
        };
        // `是否实名 Y-是 N-否`.
        let plainly = |topic: &str| {
            let said = |item: &&enumeration::Item| lexicon.is_nothing_but(topic, &item.words);
            items
                .iter()
                .filter(|_| shown.role == Role::Verified)
                .find(said)
                .map(|item| shown.value.in_form(&item.value))
        };
        let yes = of(&[StatusKind::Verified, StatusKind::Normal]).or_else(|| plainly("yes"));
        let no = of(&[StatusKind::Unverified, StatusKind::Unreviewed, StatusKind::Rejected]).or_else(|| plainly("no"));
        let (yes, no) = match (yes, no) {
            (Some(yes), Some(no)) if items.len() == 2 => (yes, no),
            _ if shown.role == Role::Verified && items.is_empty() => {
                (shown.value.in_form("1"), shown.value.in_form("0"))
            }
            _ => return,
        };
        self.verified =
            Some(Flag { field: Arc::clone(key), yes, no, because: shown.words.clone(), place: shown.place });
    }

    /// A machine has at least two values of which one says how an account stands; where only whether someone is verified
    /// is asked, it has more than yes and no.
    fn machine_of(&self, shown: &Shown<'_>, key: &Arc<str>, values: Vec<StatusValue>) -> Option<Machine> {
        let is_flag = self.verified.as_ref().is_some_and(|flag| flag.field == *key);
        let known = values.iter().filter(|value| value.kind.is_some()).count();
        let is_machine = match shown.role {
            Role::Status => known >= 1 && values.len() >= 2,
            Role::Verified => known >= 3,
            _ => false,
        };
        (is_machine && !is_flag).then(|| Machine {
            field: Arc::clone(key),
            values,
            initial: shown.value.clone(),
            place: shown.place,
        })
    }

    /// Of several machines, the one that can put an account down says how it stands; another one how its review stands.
    fn settle_machines(&mut self, mut machines: Vec<Machine>) {
        if machines.is_empty() {
            return;
        }
        let has = |machine: &Machine, kinds: &[StatusKind]| !machine.of_kinds(kinds).is_empty();
        let stands = machines.iter().position(|machine| has(machine, &[StatusKind::Frozen, StatusKind::Deleted]));
        let machine = machines.remove(stands.unwrap_or(0));
        let reviews = [StatusKind::Pending, StatusKind::Rejected];
        self.review = machines.into_iter().find(|other| has(other, &reviews)).filter(|_| !has(&machine, &reviews));
        self.machine = Some(machine);
    }

    /// A new account has the state that an endpoint's verb leads out of, else the example's; the flag is down.
    /// `头像,没传过是空`, `昵称,新用户为空`: what a reply's comment says of who has set nothing yet.
    fn settle_empty(&mut self, lexicon: &Lexicon) {
        let of_system = |role: Role| matches!(role, Role::Status | Role::Verified | Role::Time);
        for field in self.fields.iter_mut().filter(|field| !of_system(field.role)) {
            if ["empty-if-not-sent", "empty-at-first"].iter().any(|topic| lexicon.speaks_of(topic, &field.words)) {
                field.initial = field.initial.emptied();
            }
        }
    }

    fn settle_initial_status(&mut self, operations: &[Operation]) {
        let leads_out = operations.contains(&Operation::SubmitReview)
            || (self.verified.is_none() && operations.contains(&Operation::VerifyIdentity));
        for machine in self.machine.iter_mut().chain(&mut self.review) {
            if let Some(unreviewed) = machine.value(StatusKind::Unreviewed).cloned().filter(|_| leads_out) {
                machine.initial = unreviewed;
            }
            let (field, initial) = (Arc::clone(&machine.field), machine.initial.clone());
            if let Some(known) = self.fields.iter_mut().find(|known| known.key == field) {
                known.initial = initial;
            }
        }
        if let Some(flag) = &self.verified
            && let Some(known) = self.fields.iter_mut().find(|known| known.key == flag.field)
        {
            known.initial = flag.no.clone();
        }
    }

    pub(super) fn flag_evidence(&self) -> Option<Evidence> {
        let flag = self.verified.as_ref()?;
        Some(Evidence::new(flag.because.clone(), flag.place, Confidence::Certain))
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

/// A word that can mean several kinds means one that no other value has.
fn values(shown: &Shown<'_>, lexicon: &Lexicon) -> Vec<StatusValue> {
    let items = enumerated(&shown.words, shown.value, lexicon);
    let kinds: Vec<Vec<StatusKind>> = items.iter().map(|item| machine_kinds(&item.words, lexicon)).collect();
    let certain: Vec<StatusKind> = kinds.iter().filter(|kinds| kinds.len() == 1).flatten().copied().collect();
    let value = |(item, kinds): (enumeration::Item, &Vec<StatusKind>)| StatusValue {
        value: shown.value.in_form(&item.value),
        kind: kinds.iter().find(|kind| kinds.len() == 1 || !certain.contains(kind)).or(kinds.last()).copied(),
        words: item.words,
    };
    items.into_iter().zip(&kinds).map(value).collect()
}

/// Among statuses, verified is what a review ends with and unverified what it begins with.
pub(super) fn machine_kinds(words: &str, lexicon: &Lexicon) -> Vec<StatusKind> {
    let as_status = |kind| match kind {
        StatusKind::Verified => StatusKind::Normal,
        StatusKind::Unverified => StatusKind::Unreviewed,
        other => other,
    };
    let mut kinds: Vec<StatusKind> = lexicon.status(words).into_iter().map(as_status).collect();
    kinds.dedup();
    kinds
}
