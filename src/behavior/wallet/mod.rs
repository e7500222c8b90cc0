//! Deeds on what the caller's account has: paying a deposit, opening a membership, checking in, getting money out. What each
//! sets, adds or takes: by words (`押金30元，从余额里扣`, `签到+5积分`), by shape (the value that its success shows, the counter-deed's).
//!
//! In: the endpoints, the accounts' fields, the remarks. Out: effects and demands for endpoints, and with what accounts begin.

mod at_once;
mod demands;
mod exchange;
mod others;
mod stakes;
mod standing;
mod words;

use super::account::{self, Accounts, Field};
use super::collection::discount::flag_named;
use super::collection::prose::remarks;
use super::{Action, Amount, Auth, Confidence, Effect, Evidence, Input};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, In, Note};
use standing::Bar;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use words::Told;
pub(super) use words::price_in;

/// What the deeds of a set do to the caller's account, by endpoints.
#[derive(Default)]
pub(super) struct Wallet {
    deeds: BTreeMap<usize, Deed>,
    pub(super) flags: HashMap<Arc<str>, Vec<Json>>,
    bars: Vec<Bar>,
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
        let fields: Vec<&Field> = accounts.fields.iter().filter(|field| field.initial.is_scalar()).collect();
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
                let added = deeds().flat_map(|deed| &deed.moves).any(|moved| moved.field == field.key && !moved.takes);
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

impl Deed {
    /// What the deed changes, beside what the endpoint does otherwise.
    fn effects(
        &self,
        known: &[Effect],
        priced: &dyn Fn(&Moved) -> Option<Amount>,
        marks: Option<(Arc<str>, Evidence)>,
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
                || called.iter().any(|topic| self.is_called(topic, field)))
    }

    /// The values of a flag with their words; two of a kind where no words list them.
    fn values(&self, field: &Field) -> Vec<(Json, String)> {
        let listed = account::enumerated(&field.words, &field.initial, self.lexicon);
        if listed.len() > 1 {
            return listed.into_iter().map(|item| (field.initial.in_form(&item.value), item.words)).collect();
        }
        let pair = match (&field.initial, field.initial.scalar_text().unwrap_or_default()) {
            (Json::Bool(_), _) => return [false, true].map(|value| (Json::Bool(value), String::new())).to_vec(),
            (_, "0" | "1") => ["0", "1"],
            (_, "Y" | "N") => ["N", "Y"],
            (_, "yes" | "no") => ["no", "yes"],
            _ => return Vec::new(),
        };
        pair.map(|value| (field.initial.in_form(value), String::new())).to_vec()
    }

    /// The value of a flag of who has nothing, other than what is set.
    fn down(&self, field: &Field, targets: &[&Json]) -> Option<Json> {
        let values = self.values(field);
        let begins = |words: &str| {
            let word = self.lexicon.word_of("flag-down", words);
            word.is_some_and(|word| words.starts_with(word))
        };
        let is_target = |value: &Json| targets.iter().any(|known| known.scalar_text() == value.scalar_text());
        let denied = values.iter().find(|(_, words)| !words.is_empty() && begins(words));
        let zero = || {
            let text = |value: &Json| match value {
                Json::Bool(yes) => !yes,
                value => matches!(value.scalar_text(), Some("0" | "N" | "no" | "false")),
            };
            values.iter().find(|(value, _)| text(value))
        };
        let other = || values.iter().find(|(value, _)| !is_target(value));
        denied.or_else(zero).or_else(other).map(|(value, _)| value.clone())
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

    fn deed(&self, at: usize, fields: &[&Field], flags: &HashMap<Arc<str>, Vec<Json>>) -> Deed {
        let mut deed = Deed::default();
        let endpoint = self.endpoint(at);
        let own = self.operations[at] == Operation::AccountDeed;
        let place = endpoint.title_place.unwrap_or(endpoint.place);
        deed.moves = self.exchanged(at, fields);
        for Told { field, takes, amount, because } in self.told(at, fields) {
            if deed.moves.iter().all(|moved| moved.field != field.key) {
                let left = self.is_called("times-left", field);
                let sent = || if left { self.times_of_inputs(at) } else { self.amount_of_inputs(at) };
                let amount = amount.map(Amount::Fixed).or_else(sent);
                deed.moves.push(Moved { field: Arc::clone(&field.key), takes, amount, because });
            }
        }
        if let Some(moved) = self.staked(at, fields).filter(|_| deed.moves.is_empty()) {
            deed.moves.push(moved);
        }
        let shown = self.shown(at);
        if deed.moves.is_empty()
            && self.titled(at, "withdraws")
            && shown.iter().all(|member| fields.iter().all(|field| !field.names.contains(&compact(member.name))))
        {
            let balance = fields.iter().find(|field| self.is_called("balance", field) && self.is_quantity(field));
            if let Some((field, amount)) = balance.zip(self.amount_of_inputs(at)) {
                let because = Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely);
                deed.moves.push(Moved { field: Arc::clone(&field.key), takes: true, amount: Some(amount), because });
            }
        }
        let left = fields.iter().find(|field| self.is_called("times-left", field) && self.is_quantity(field));
        if own && shown.is_empty() && deed.moves.is_empty() && self.titled(at, "title-buys") {
            deed.moves.extend(left.filter(|_| self.titled(at, "times-left")).map(|field| Moved {
                field: Arc::clone(&field.key),
                takes: false,
                amount: self.times_of_inputs(at),
                because: Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely),
            }));
        }
        if !own || shown.is_empty() {
            if own || matches!(self.operations[at], Operation::Answer | Operation::Transition) {
                let standing = || self.standing(at, fields).filter(|_| own);
                deed.sets.extend(self.titled_flag(at, fields, flags, place).or_else(standing));
            }
            // How many times a thing takes may be said by that.
            let left = |key: &str| fields.iter().any(|field| *field.key == *key && self.is_called("times-left", field));
            let named = |moved: &Moved| moved.amount.is_some() || own || self.operations[at] == Operation::Answer;
            // `{"jf": "5"} // 剩余积分`: what there is then is shown, so it is taken now.
            let is_shown = |key: &str| shown.iter().any(|member| self.is_left_then(member, key));
            deed.moves.retain(|moved| named(moved) || left(&moved.field) || is_shown(&moved.field));
            return deed;
        }
        let said = deed.moves.len();
        let (takes, adds) = (self.titled(at, "title-takes"), self.titled(at, "title-adds"));
        for member in &shown {
            let Some(field) = fields.iter().find(|field| field.names.contains(&compact(member.name))) else { continue };
            let because =
                Evidence::new(format!("its success shows `{}`", member.name), member.place, Confidence::Likely);
            if flags.contains_key(&field.key) {
                let to = field.initial.in_form(member.value.scalar_text().unwrap_or_default());
                let to = if matches!(member.value, Json::Bool(_)) { member.value.clone() } else { to };
                deed.sets.push(Set { field: Arc::clone(&field.key), to, because });
            } else if self.is_quantity(field) && deed.moves.iter().all(|moved| moved.field != field.key) {
                let frozen = self.is_called("frozen-funds", field);
                let left = self.is_called("times-left", field);
                let counts = !left && self.lexicon.ends_with("counter-word", label_head(&field.words));
                let takes = match () {
                    () if frozen => self.titled(at, "unfreezes"),
                    () if left && self.titled(at, "title-buys") => false,
                    () if counts => false,
                    () if takes == adds => takes && self.titled(at, "title-undoes"),
                    () => takes,
                };
                let amount = match () {
                    () if counts => Some(Amount::Fixed(1.0)),
                    () if left => self.times_of_inputs(at),
                    () if said > 0 && !frozen => continue,
                    () => self.amount_of_inputs(at).or_else(|| self.gained(&shown, fields)),
                };
                deed.moves.push(Moved { field: Arc::clone(&field.key), takes, amount, because });
            }
        }
        // Freezing takes as much from what is free.
        let frozen = deed
            .moves
            .iter()
            .find(|moved| fields.iter().any(|field| field.key == moved.field && self.is_called("frozen-funds", field)));
        if let Some((amount, takes)) = frozen.map(|moved| (moved.amount.clone(), moved.takes)) {
            for moved in &mut deed.moves {
                let is_frozen =
                    fields.iter().any(|field| field.key == moved.field && self.is_called("frozen-funds", field));
                if is_frozen {
                    continue;
                }
                moved.takes = !takes;
                if moved.amount.is_none() {
                    moved.amount.clone_from(&amount);
                }
            }
            let other = deed.moves.iter().find_map(|moved| moved.amount.clone());
            deed.moves.iter_mut().filter(|moved| moved.amount.is_none()).for_each(|moved| {
                moved.amount.clone_from(&other);
            });
        }
        deed
    }

    /// Whether a member shows what the caller has of a field once the deed is done.
    fn is_left_then(&self, member: &account::Shown<'_>, key: &str) -> bool {
        compact(member.name) == compact(key) && self.lexicon.speaks_of("left-then", &member.words)
    }

    fn titled(&self, at: usize, topic: &str) -> bool {
        self.lexicon.speaks_of(topic, &self.endpoint(at).title)
    }

    /// A title that names a flag and shows nothing sets it, or takes it back: `交押金`, `取消免密支付`.
    fn titled_flag(
        &self,
        at: usize,
        fields: &[&Field],
        flags: &HashMap<Arc<str>, Vec<Json>>,
        place: Place,
    ) -> Option<Set> {
        let endpoint = self.endpoint(at);
        if endpoint.method.as_deref() == Some("GET") || !self.shown(at).is_empty() || self.data(at).next().is_some() {
            return None;
        }
        let named = |field: &&&Field| {
            let label = flag_named(&field.words, self.lexicon);
            flags.contains_key(&field.key) && label.chars().count() > 1 && endpoint.title.contains(label)
        };
        let field = fields.iter().find(named)?;
        let (undoes, does) = (self.titled(at, "title-undoes"), self.titled(at, "title-does"));
        if !undoes && !does {
            return None;
        }
        let values = self.values(field);
        let down = self.down(field, &[])?;
        let up = values.into_iter().map(|(value, _)| value).find(|value| *value != down)?;
        let because = Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely);
        Some(Set { field: Arc::clone(&field.key), to: if undoes { down } else { up }, because })
    }

    /// How much by what is sent: an amount, or what a value of an input costs.
    fn amount_of_inputs(&self, at: usize) -> Option<Amount> {
        let by_role = self.data(at).find(|(_, input)| input.word == Role::Amount).map(|(number, _)| number);
        let counted = || {
            let points = |input: &Input| {
                self.lexicon.is_named("points-name", &input.name)
                    || self.lexicon.is_nothing_but("points-name", label_head(&input.label))
            };
            self.data(at).find(|(_, input)| points(input)).map(|(number, _)| number)
        };
        let put_up = || self.put_up(at);
        by_role.or_else(counted).or_else(put_up).map(Amount::Input).or_else(|| self.choice(at))
    }

    /// How many times or lessons by what is sent: how many, or what a value of an input stands for.
    fn times_of_inputs(&self, at: usize) -> Option<Amount> {
        let endpoint = self.endpoint(at);
        let choice = || {
            self.data(at).find_map(|(input, _)| {
                let words = endpoint.params.get(input)?.all_words();
                let prices = words::counted_values(&words, self.lexicon);
                (prices.len() > 1).then_some(Amount::Choice { input, prices })
            })
        };
        let counted = || {
            let counts = |input: &Input| {
                let label = label_head(&input.label);
                let named =
                    self.lexicon.is_named("times-left", &input.name) || self.lexicon.is_named("quantity", &input.name);
                input.word != Role::RecordId
                    && (named
                        || self.lexicon.speaks_of("times-left", label)
                        || self.lexicon.ends_with("times-unit", label))
            };
            self.data(at).find(|(_, input)| counts(input)).map(|(number, _)| Amount::Input(number))
        };
        choice().or_else(counted)
    }

    /// `type=1 #1月卡15元 2年卡120元`
    fn choice(&self, at: usize) -> Option<Amount> {
        let endpoint = self.endpoint(at);
        self.data(at).find_map(|(input, _)| {
            let words = endpoint.params.get(input)?.all_words();
            let prices = words::priced_values(&words, self.lexicon);
            (prices.len() > 1).then_some(Amount::Choice { input, prices })
        })
    }

    /// What a success says was gained, beside what there is then: `{"get": 5, "points": 105}`.
    fn gained(&self, shown: &[account::Shown<'_>], fields: &[&Field]) -> Option<Amount> {
        let is_field = |name: &str| fields.iter().any(|field| field.names.contains(&compact(name)));
        let mut numbers = shown.iter().filter(|member| !is_field(member.name)).filter_map(|member| {
            let number = member.value.scalar_text()?.parse::<f64>().ok()?;
            (number > 0.0 && self.lexicon.is_named("gained", member.name)
                || self.lexicon.speaks_of("gained", label_head(&member.words)))
            .then_some(number)
        });
        let first = numbers.next()?;
        numbers.next().is_none().then_some(Amount::Fixed(first))
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

/// A number as an example has it: `0.00` beside `35.00`.
pub(super) fn in_form(number: f64, example: &Json) -> Json {
    let places = example.scalar_text().and_then(|text| text.split_once('.')).map_or(0, |(_, places)| places.len());
    example.in_form(&format!("{number:.places$}"))
}

/// Whether a caller can be told at all.
pub(super) fn has_caller(auth: Auth) -> bool {
    matches!(auth, Auth::Required | Auth::Named(_))
}

/// The whole number that a message says an amount may not be below.
pub(super) fn least_in(message: &str, lexicon: &Lexicon) -> Option<i64> {
    let least = words::only_number(message, lexicon)?;
    #[allow(clippy::cast_possible_truncation, reason = "amounts of documents have few digits")]
    (least.fract() == 0.0 && least.abs() < 1e12).then_some(least as i64)
}
