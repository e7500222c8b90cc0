//! The collections of a set: which endpoints share one, what its records look like, and what ties them together.
//!
//! In: endpoints with their operations, and the lexicon. Out: `Collection`s as data, and for each endpoint the one that it
//! is about. Knows no world: which records there are is the engine's affair.

mod consequences;
pub mod ends;
pub mod items;
pub mod lists;
pub(super) mod machine;
pub(super) mod nouns;
pub(super) mod prose;
mod settle;
pub mod sides;
pub(super) mod sums;
mod terms;
mod tied;
pub(super) mod ties;
mod told;

pub use consequences::{Copied, CopiedMembers, Free, Freed, Heir, Inherited, Lapse, Over, Taken, Used};
pub use ends::Ending;
pub use items::fields::{IdForm, Initial, ItemField, Reference, Seed, Unique};
pub(super) use items::gather::gather;
pub use items::heads::Count;
pub use items::item::{ItemMember, ItemTemplate, Source};
pub(super) use items::unique::has_day;
pub use lists::bins::Bin;
pub use lists::list_plan::{Filter, FilterKind, ListPlan, Numbered, Order};
pub use machine::first_status::Begin;
pub(super) use machine::statuses::fits;
pub(super) use nouns::group::group;
pub use sides::admission::{Admission, Founder};
pub use sides::crews::Full;
pub use sides::holding::Holding;
pub use sides::parties::{Counterpart, Party};
pub use sides::takers::{Taker, TakerPart};
pub use sums::baskets::Basket;
pub use sums::discount::Discount;
pub use sums::formula::{Factor, Term};
pub use sums::lines::{LineMember, LineShows, Lines, LinesFrom};
pub use sums::{Extra, Part, Sums};
pub use terms::term;

use super::{Confidence, Evidence, Machine};
use crate::json::Json;
use crate::lexicon::{Role, compact};
use crate::world::Fields;
use std::sync::Arc;

/// Records of one kind.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is asked for alone, and any of them go together")]
pub struct Collection {
    /// Under which the world keeps them.
    pub name: Arc<str>,
    /// What the titles call one.
    pub title: String,
    /// Names by which paths and ids call it, in the singular; titles by which labels do.
    pub names: Vec<String>,
    pub titles: Vec<String>,
    pub fields: Vec<ItemField>,
    pub id: IdForm,
    /// Of accounts it has those alone that have this value in a field.
    pub of_kind: Option<(Arc<str>, String)>,
    /// One for each field with an enumeration.
    pub machines: Vec<Machine>,
    /// A record belongs to the account that made it.
    pub owned: bool,
    /// And nobody else sees it.
    pub private: bool,
    /// Records that are there from the start.
    pub seeds: Vec<Seed>,
    /// So many more are made up from their form.
    pub varied: usize,
    /// Fields that name a record of another collection.
    pub references: Vec<Reference>,
    /// What no two records have alike.
    pub unique: Vec<Unique>,
    /// The field that marks one of an owner's records as the chosen one.
    pub default_flag: Option<Arc<str>>,
    /// An owner's first record is the chosen one.
    pub first_is_default: bool,
    /// Which of an owner's records is the chosen one after that is removed.
    pub heir: Option<Heir>,
    /// What becomes of those that are left as they are for too long.
    pub lapse: Option<Lapse>,
    /// The status of a new record that costs nothing.
    pub free: Option<Free>,
    /// With which status a new record begins by a number of its own, the first that holds.
    pub begins: Vec<Begin>,
    /// The statuses in which a record is over: it stands in the way of no other like it, and is not counted any more.
    pub over: Option<Over>,
    /// The statuses in which whoever made a record has what it names: it is paid for.
    pub had: Option<Over>,
    /// Fields that a new record has from one that it names.
    pub inherited: Vec<Inherited>,
    /// A record whose number comes to nothing is removed.
    pub gone_at: Option<Arc<str>>,
    /// What a new one comes to.
    pub sums: Option<Sums>,
    /// What a new one keeps of another's as it is then.
    pub copies: Vec<Copied>,
    /// It gathers what is to be ordered.
    pub basket: Option<Basket>,
    /// It only ties callers to records of another collection.
    pub relation: Option<Relation>,
    /// The field that has the id of the account to which a record was sent: that account sees it, and whoever sent it.
    pub recipient: Option<Arc<str>>,
    /// Some answer others of the same, and stand below those.
    pub answers: Option<Answers>,
    /// Whoever makes one is tied to it by that relation's collection at once.
    pub founded: Option<(usize, Evidence)>,
    /// The kind of account that makes them, where only one may.
    pub made_by: Option<usize>,
    /// Another kind of account than the one that makes them works on them.
    pub taker: Option<Taker>,
    /// Whoever has what its records refer to has to do with them, too.
    pub counterpart: Option<Counterpart>,
    /// Records that are not in one of these statuses are seen by nobody but their owners.
    pub public: Option<Standing>,
    /// Lists that are not somebody's own have only these.
    pub listed: Option<Standing>,
    /// Others name one of an owner's by what it was made of, not by an id of its own.
    pub held: Option<Held>,
    /// The flag that says whether somebody has read one, and its value then.
    pub read_flag: Option<(Arc<str>, Json)>,
    /// The system writes them for somebody; no endpoint makes one.
    pub written: bool,
    /// Where the records go that are removed.
    pub bin: Option<Bin>,
    /// The collection from which its records were removed.
    pub bin_of: Option<usize>,
    pub because: Evidence,
}

/// What an answer names what it answers by, and the member in which that shows its answers.
#[derive(Clone, Debug)]
pub struct Answers {
    pub field: Arc<str>,
    pub shown: Arc<str>,
}

/// Records that have one of these values in the field.
#[derive(Clone, Debug)]
pub struct Standing {
    pub field: Arc<str>,
    pub values: Vec<Json>,
    pub because: Evidence,
}

impl Standing {
    pub fn holds(&self, fields: &Fields) -> bool {
        let value = fields.get(&self.field).and_then(Json::scalar_text);
        self.values.iter().any(|known| known.scalar_text() == value)
    }
}

/// `coupon_id` of an order is that of the coupon that was received: the caller's record with that value.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub field: Arc<str>,
    /// Of several alike, one that can be used goes first.
    pub status: Arc<str>,
    pub unused: Vec<Json>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// As the lexicon calls it.
    pub name: String,
    /// The collection whose records are tied (that of the accounts, where people follow people), and the field that names one.
    pub target: usize,
    pub field: Arc<str>,
    /// What the paths that tie call it: a member of that name says whether the caller is tied.
    pub deeds: Vec<String>,
    /// The status by which what callers are tied to says that it is full, and that it is not.
    pub full: Option<Full>,
    /// Who is tied is not in at once.
    pub admission: Option<Admission>,
    /// What lists show of whoever made it.
    pub founder: Option<Founder>,
}

impl Relation {
    /// Whether a name, in lower case and without marks, is the deed's: `fond`, `is_fond` for `piano/fond`.
    pub fn is_flag(&self, name: &str) -> bool {
        self.deeds.iter().any(|deed| name == deed || name.strip_prefix("is") == Some(deed))
    }
}

/// What an endpoint has to do with a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct OnRecords {
    pub collection: usize,
    /// The input that names the record.
    pub id: Option<RecordId>,
    /// Whose records it is for, where they have two parties.
    pub party: Party,
    pub confidence: Confidence,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RecordId {
    pub input: usize,
    /// A field that names it instead of its id: `order_no`.
    pub via: Option<Arc<str>>,
}

impl Collection {
    pub(in crate::behavior) fn new(name: &str, because: Evidence) -> Self {
        Self {
            name: name.into(),
            title: String::new(),
            names: Vec::new(),
            titles: Vec::new(),
            fields: Vec::new(),
            id: IdForm::default(),
            machines: Vec::new(),
            owned: false,
            private: false,
            seeds: Vec::new(),
            varied: 0,
            references: Vec::new(),
            unique: Vec::new(),
            default_flag: None,
            first_is_default: false,
            heir: None,
            lapse: None,
            of_kind: None,
            free: None,
            begins: Vec::new(),
            over: None,
            had: None,
            inherited: Vec::new(),
            gone_at: None,
            sums: None,
            copies: Vec::new(),
            basket: None,
            relation: None,
            recipient: None,
            answers: None,
            founded: None,
            made_by: None,
            taker: None,
            read_flag: None,
            counterpart: None,
            public: None,
            listed: None,
            held: None,
            written: false,
            bin: None,
            bin_of: None,
            because,
        }
    }

    pub fn field(&self, name: &str) -> Option<&ItemField> {
        let wanted = compact(name);
        self.fields.iter().find(|field| compact(&field.key) == wanted)
    }

    /// How a field writes times: as its example does, or where that is empty as another field's.
    pub fn time_form<'f>(&'f self, field: &'f ItemField) -> Option<(items::example_forms::TimeForm, &'f Json)> {
        let form = |field: &'f ItemField| Some((items::example_forms::time_form(&field.example)?, &field.example));
        let blank = field.role == Role::Time && matches!(field.example.scalar_text(), None | Some("" | "0"));
        let made = || self.fields.iter().find(|known| known.initial == Initial::Now).and_then(form);
        let other = || made().or_else(|| self.fields.iter().find_map(form));
        form(field).or_else(|| other().filter(|_| blank))
    }

    /// Whether a record with these fields is over and done with.
    pub fn is_over(&self, fields: &Fields) -> bool {
        self.over.as_ref().is_some_and(|over| {
            let status = fields.get(&over.field).and_then(Json::scalar_text);
            status.is_some() && over.values.iter().any(|value| value.scalar_text() == status)
        })
    }

    pub fn machine(&self, field: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| &*machine.field == field)
    }

    pub fn reference(&self, field: &str) -> Option<&Reference> {
        self.references.iter().find(|reference| &*reference.field == field)
    }

    /// Whether people or paths call it so, be it one record or many.
    pub fn goes_by(&self, name: &str) -> bool {
        let stem = nouns::noun::singular(name);
        self.is_called(&stem) || self.titles.iter().any(|title| title == name)
    }

    /// Whether a name in the singular is one of its names.
    pub(in crate::behavior) fn is_called(&self, stem: &str) -> bool {
        !stem.is_empty() && self.names.iter().any(|name| name == stem)
    }
}
