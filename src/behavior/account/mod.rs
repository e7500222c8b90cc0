//! The accounts of a set: what the documents show of one, under which names, and how a new one begins.

pub(super) mod apart;
pub(super) mod back_office;
pub(super) mod by_code;
pub(super) mod cards;
pub(super) mod entries;
mod gather;
pub mod kinds;
pub(super) mod known_as;
pub mod lifecycle;
pub(super) mod member_rights;
pub mod office_side;
pub(super) mod one_secret;
pub(super) mod others;
pub(super) mod own;
pub(super) mod registering;
pub(super) mod reviewed;
pub(super) mod same_name;
mod seeded_side;
mod shown;
mod statuses;

pub(super) use gather::gather;
pub(super) use shown::{Shown, enumerated, is_inside, role_of, shown, shows_account};
pub(super) use statuses::machine_kinds;

use super::Input;
use crate::json::Json;
use crate::lexicon::{Role, compact};
use crate::source::Place;
use crate::world::{Key, Record};
use lifecycle::Machine;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// The space of the names by which accounts are known; those of another kind can have one of their own: `identity:serving`.
pub const IDENTITY: &str = "identity";

/// Whether a key is one that an account is known by.
pub fn is_identity(key: &Key) -> bool {
    key.space.strip_prefix(IDENTITY).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// What an account is known by.
pub fn identity(account: &Record) -> Option<&Arc<str>> {
    account.keys.iter().find(|key| is_identity(key)).map(|key| &key.value)
}

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
    /// What is handed out to who has lost a password, and takes the place of the name where it is set.
    pub tickets: BTreeSet<String>,
    /// Roles under which accounts are known: phone, e-mail, …
    pub identities: Vec<Role>,
    /// The names of the parameters that name an account.
    pub identity_names: Vec<String>,
    /// The name under which accounts log in where registering hands it out.
    pub issued: Option<Issued>,
    /// A kind of name that accounts have only once it is bound to them.
    pub bound: Option<Role>,
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
    pub kinds: Option<kinds::Kinds>,
    /// Those that are there from the start.
    pub given: Vec<office_side::Given>,
    /// Deeds of each day that they do.
    pub streaks: Vec<Arc<super::conditions::streaks::Streak>>,
    /// What endpoints show that a deed gave just now: the endpoint, the member and the field that was added to.
    pub gained: Vec<(usize, String, Arc<str>)>,
    /// Whether any endpoint makes accounts or lets them in.
    pub any: bool,
}

/// A name that a new account is given.
#[derive(Clone, Debug)]
pub struct Issued {
    /// What it is called, compact.
    pub name: String,
    /// The field that shows it; none where it is the account's id.
    pub key: Option<Arc<str>>,
    /// Whose form new ones continue.
    pub example: Json,
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
    pub made_of: Vec<super::inputs::made_up::Piece>,
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

impl Field {
    /// Whether it shows by which name an account that is no phone's is known.
    pub fn is_name(&self) -> bool {
        self.role == Role::Account
    }
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
