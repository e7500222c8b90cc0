//! Deeds on what the caller's account has: paying a deposit, opening a membership, checking in, getting money out. What each
//! sets, adds or takes: by words (`押金30元，从余额里扣`, `签到+5积分`), by shape (the value that its success shows, the counter-deed's).
//!
//! In: the endpoints, the accounts' fields, the remarks. Out: effects and demands for endpoints, and with what accounts begin.

mod amounts;
mod at_once;
mod deed;
mod demands;
mod earned;
mod exchange;
pub mod fines;
mod flags;
mod frozen;
pub(super) mod funds;
pub(super) mod gifts;
mod in_kind;
pub mod ledgers;
pub(super) mod loans;
pub(super) mod metering;
mod others;
pub(super) mod prolonging;
mod stakes;
mod standing;
pub(super) mod stock;
mod streaks;
pub(super) mod taken_later;
pub(super) mod vouching;
mod words;

pub(super) use words::times_in;

use super::account::{self, Accounts, Field};
use super::collection::prose::remarks;
use super::conditions::streaks::Streak;
use super::failure::Catalog;
use super::{Action, Amount, Auth, Effect, Evidence, Input};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use crate::spec::{DocSet, Endpoint, In, Note};
pub(super) use amounts::{in_form, least_in};
use standing::Bar;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
pub(super) use words::{all_numbers, numeral_before, price_in};

/// What the deeds of a set do to the caller's account, by endpoints.
#[derive(Default)]
pub(super) struct Wallet {
    deeds: BTreeMap<usize, Deed>,
    pub(super) flags: HashMap<Arc<str>, Vec<Json>>,
    bars: Vec<Bar>,
    earned: BTreeMap<usize, earned::Earned>,
    streaks: BTreeMap<usize, Arc<Streak>>,
}

#[derive(Clone, Default)]
pub(super) struct Deed {
    sets: Vec<Set>,
    moves: Vec<Moved>,
}

#[derive(Clone)]
struct Set {
    field: Arc<str>,
    to: Json,
    because: Evidence,
}

#[derive(Clone)]
struct Moved {
    field: Arc<str>,
    takes: bool,
    /// None where only a record that is named can say.
    amount: Option<Amount>,
    because: Evidence,
}

/// What the deeds are read from.
pub(super) struct Reading<'a> {
    pub(super) set: &'a DocSet,
    pub(super) lexicon: &'a Lexicon,
    pub(super) operations: &'a [Operation],
    pub(super) inputs: &'a [Vec<Input>],
    pub(super) prose: &'a [Note],
    /// The words of the failures that say that there is too little of something.
    pub(super) short: Vec<&'a str>,
}

/// The words of all failures that say that there is too little of something.
pub(super) fn shortages(catalog: &Catalog) -> Vec<&str> {
    let all = catalog.shared.iter().chain(catalog.own.iter().flatten());
    let short = all.filter(|failure| failure.classes.first() == Some(&Class::Insufficient));
    let mut short: Vec<&str> = short.map(|failure| failure.message.as_str()).collect();
    short.sort_unstable();
    short.dedup();
    short
}

/// Whether a field is what a failure says there is too little of, whatever it is called: `绿豆` of `绿豆不足`.
pub(super) fn is_short_of(field: &Field, message: &str) -> bool {
    let label = label_head(&field.words);
    let number = field.initial.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
    number && label.chars().count() > 1 && message.contains(label)
}

/// Operations that can change an account beside what they do.
fn acts(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::AccountDeed
            | Operation::Answer
            | Operation::Create
            | Operation::Save
            | Operation::Transition
            | Operation::Toggle
    )
}

impl Wallet {
    /// Reads the deeds, and settles with what the accounts begin.
    pub(super) fn new(reading: &Reading<'_>, accounts: &mut Accounts) -> Self {
        accounts.tell_values(reading);
        let kept = accounts.fields.clone();
        let fields: Vec<&Field> = kept.iter().filter(|field| field.initial.is_scalar()).collect();
        let mut wallet = Self::default();
        for field in fields.iter().filter(|field| !reading.is_quantity(field)) {
            let values = reading.values(field);
            if values.len() > 1 {
                wallet.flags.insert(Arc::clone(&field.key), values.into_iter().map(|(value, _)| value).collect());
            }
        }
        if fields.is_empty() {
            return wallet;
        }
        for at in (0..reading.operations.len()).filter(|at| acts(reading.operations[*at])) {
            let deed = reading.deed(at, &fields, &wallet.flags);
            if !deed.sets.is_empty() || !deed.moves.is_empty() {
                wallet.deeds.insert(at, deed);
            }
        }
        wallet.settle_counters(reading);
        wallet.count_days(reading, accounts);
        wallet.earned = reading.all_earned(&fields);
        wallet.bars = reading.bars(&wallet, &fields);
        let begins = wallet.beginnings(reading, &fields);
        for (key, initial) in begins {
            if let Some(field) = accounts.fields.iter_mut().find(|field| field.key == key) {
                field.initial = initial;
            }
        }
        wallet
    }

    /// What one deed takes and does not say how much of, the one that undoes it says: by its words, or by what either shows.
    fn settle_counters(&mut self, reading: &Reading<'_>) {
        let all: Vec<usize> = self.deeds.keys().copied().collect();
        let mut by_field: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (at, deed) in &self.deeds {
            deed.sets.iter().for_each(|set| by_field.entry(Arc::clone(&set.field)).or_default().push(*at));
        }
        for at in all {
            let deed = self.deeds[&at].clone();
            let counter = deed.sets.iter().find_map(|set| {
                let others = by_field.get(&set.field)?.iter().filter(|other| **other != at);
                let differs = |other: &&usize| {
                    let sets = self.deeds[*other].sets.iter().find(|known| known.field == set.field);
                    sets.is_some_and(|known| known.to.scalar_text() != set.to.scalar_text())
                };
                others.copied().find(|other| differs(&other))
            });
            let Some(counter) = counter else { continue };
            let other = self.deeds[&counter].clone();
            let mut deed = deed;
            for moved in deed.moves.iter_mut().filter(|moved| moved.amount.is_none()) {
                let told = other.moves.iter().find(|known| known.field == moved.field && known.takes != moved.takes);
                let told = told.and_then(|known| known.amount.clone());
                moved.amount = told.filter(|amount| matches!(amount, Amount::Fixed(_))).or_else(|| {
                    let shown = |at: usize| reading.shown_number(at, &moved.field);
                    let apart = (shown(at)? - shown(counter)?).abs();
                    (apart > 0.0).then_some(Amount::Fixed(apart))
                });
            }
            self.deeds.insert(at, deed);
        }
    }

    /// With what a new account begins: with nothing of what deeds add, without what deeds give.
    fn beginnings(&self, reading: &Reading<'_>, fields: &[&Field]) -> Vec<(Arc<str>, Json)> {
        let mut found = Vec::new();
        let tops_up = reading.operations.contains(&Operation::TopUp);
        let deeds = || self.deeds.values();
        for field in fields {
            if reading.is_quantity(field) {
                let added = deeds().flat_map(|deed| &deed.moves).any(|moved| moved.field == field.key && !moved.takes)
                    || self.earned.values().any(|earned| earned.field == field.key);
                let topped = tops_up && reading.is_called("balance", field);
                let frozen = deeds().flat_map(|deed| &deed.moves).any(|moved| moved.field == field.key)
                    && reading.is_called("frozen-funds", field);
                let gift = reading.gift(field);
                if added || topped || frozen || gift.is_some() {
                    found.push((Arc::clone(&field.key), in_form(gift.unwrap_or(0.0), &field.initial)));
                }
                continue;
            }
            let targets: Vec<&Json> =
                deeds().flat_map(|deed| &deed.sets).filter(|set| set.field == field.key).map(|set| &set.to).collect();
            if targets.is_empty() {
                continue;
            }
            if let Some(down) = reading.down(field, &targets) {
                found.push((Arc::clone(&field.key), down));
            }
        }
        found
    }

    pub(super) fn deed(&self, at: usize) -> Option<&Deed> {
        self.deeds.get(&at)
    }
}

/// A field that says when a deed was done.
type Marked = (Arc<str>, Evidence);

impl Deed {
    fn place(&self) -> crate::source::Place {
        let moved = self.moves.iter().map(|moved| moved.because.place);
        moved.chain(self.sets.iter().map(|set| set.because.place)).next().unwrap_or_default()
    }

    /// What the deed changes, beside what the endpoint does otherwise.
    fn effects(
        &self,
        known: &[Effect],
        priced: &dyn Fn(&Moved) -> Option<Amount>,
        (marks, streak): (Option<Marked>, Option<&Arc<Streak>>),
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for moved in &self.moves {
            // What an order costs is taken when it is paid.
            let settled = known.iter().any(|effect| effect.action.moves_funds() == Some(&moved.field));
            let Some(amount) = moved.amount.clone().or_else(|| priced(moved)).filter(|_| !settled) else { continue };
            let action = Action::AddFunds { amount, balance: Arc::clone(&moved.field), takes: moved.takes };
            effects.push(Effect { action, because: moved.because.clone() });
        }
        for set in &self.sets {
            let action = Action::SetFlag { field: Arc::clone(&set.field), to: set.to.clone() };
            effects.push(Effect { action, because: set.because.clone() });
        }
        if let Some(streak) = streak {
            let because = Evidence::new("it is done day by day", self.place(), super::Confidence::Likely);
            effects.push(Effect { action: Action::CountDays(Arc::clone(streak)), because });
            return effects;
        }
        effects.extend(marks.map(|(field, because)| Effect { action: Action::MarkCaller { field }, because }));
        effects
    }
}

impl<'a> Reading<'a> {
    fn endpoint(&self, at: usize) -> &'a Endpoint {
        &self.set.endpoints[at]
    }

    fn is_called(&self, topic: &str, field: &Field) -> bool {
        let label = label_head(&field.words);
        self.lexicon.is_named(topic, &field.key) || (!label.is_empty() && self.lexicon.is_nothing_but(topic, label))
    }

    /// Whether a field counts money, points or days, and is no flag.
    pub(super) fn is_quantity(&self, field: &Field) -> bool {
        let text = field.initial.scalar_text().unwrap_or_default();
        let number = text.parse::<f64>().is_ok();
        let called = ["balance", "points-name", "frozen-funds", "counter-word"];
        let label = label_head(&field.words);
        let left = self.is_called("times-left", field);
        let counts = self.lexicon.ends_with("counter-word", label);
        number
            && account::enumerated(&field.words, &field.initial, self.lexicon).len() < 2
            && (field.role == Role::Amount
                || text.contains('.')
                || counts
                || left
                || self.is_currency(field)
                || called.iter().any(|topic| self.is_called(topic, field)))
    }

    fn is_currency(&self, field: &Field) -> bool {
        self.short.iter().any(|message| is_short_of(field, message))
    }

    /// The inputs of an endpoint that carry something.
    fn data(&self, at: usize) -> impl Iterator<Item = (usize, &'a Input)> {
        let inputs = self.inputs[at].iter().enumerate();
        inputs.filter(|(_, input)| {
            !matches!(input.word, Role::Token | Role::Openid | Role::UserId | Role::Device | Role::PayPassword)
                && !input.discriminates
                && !input.routes
                && input.location != In::Header
        })
    }

    fn shown(&self, at: usize) -> Vec<account::Shown<'a>> {
        let endpoint = self.endpoint(at);
        let example = endpoint.successes().next();
        let all = example.map_or_else(Vec::new, |example| account::shown(self.set, endpoint, example, self.lexicon));
        let bare = self.set.envelope(endpoint).data.is_none();
        all.into_iter().filter(|shown| shown.path.len() > 1 || bare).collect()
    }

    fn shown_number(&self, at: usize, key: &str) -> Option<f64> {
        let shown = self.shown(at);
        let member = shown.iter().find(|member| compact(member.name) == compact(key))?;
        member.value.scalar_text()?.parse().ok()
    }

    fn titled(&self, at: usize, topic: &str) -> bool {
        self.lexicon.speaks_of(topic, &self.endpoint(at).title)
    }

    fn remarks(&self, at: usize) -> impl Iterator<Item = &'a Note> {
        remarks(self.prose, self.endpoint(at))
    }
}

impl super::infer::SetWide<'_> {
    /// The account's field that holds money.
    pub(super) fn balance(&self) -> Option<Arc<str>> {
        let mut fields = self.accounts.fields.iter();
        let called = |field: &&Field| {
            let label = label_head(&field.words);
            self.lexicon.is_named("balance", &field.key) || self.lexicon.is_nothing_but("balance", label)
        };
        let found = fields.find(|field| field.initial.is_scalar() && called(field))?;
        Some(Arc::clone(&found.key))
    }
}

/// Whether a caller can be told at all.
pub(super) fn has_caller(auth: Auth) -> bool {
    matches!(auth, Auth::Required | Auth::Named(_))
}
