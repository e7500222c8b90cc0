//! What stands in the way of a deed on the caller's account: `已经交过押金了`, `余额不足`, `还有未归还的雨伞`, `今天已经签到过了`.

use super::{Deed, Moved, Set, Wallet};
use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::prose::{remarks, words};
use crate::behavior::collection::sums::Part;
use crate::behavior::collection::sums::formula::Factor;
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Amount, Confidence, Demand, Effect, Evidence, Machine};
use crate::json::Json;
use crate::lexicon::{Class, Operation, Role, compact, label_head};
use std::sync::Arc;

impl Records<'_> {
    /// The demands of a deed, each with the failure of its own that says so.
    pub(in crate::behavior) fn afford(&self, wallet: &Wallet, wishes: &mut Vec<Wish>) {
        self.barred(wallet, wishes);
        self.quota_short(wishes);
        if let Some(paid) = self.in_kind(wallet) {
            let demand = Demand::Funds { amount: paid.amount, balance: paid.balance };
            wishes.push((demand, paid.because, Some(paid.short.clone())));
        }
        let deed = wallet.deed(self.at);
        let makes = matches!(self.operation(), Operation::Create | Operation::Save);
        if deed.is_none() && !makes {
            return;
        }
        let lexicon = self.gathering.lexicon;
        let begun = wishes.len();
        for failure in self.failures() {
            let known = wishes.iter().any(|wish| {
                wish.2.as_ref().is_some_and(|other| other.message == failure.message && other.code == failure.code)
            });
            let elsewhere = matches!(
                failure.classes.first(),
                Some(
                    Class::NotLoggedIn | Class::Missing | Class::Malformed | Class::BadPasscode | Class::BadCredentials
                )
            );
            if known || (elsewhere && !lexicon.speaks_of("open-matters", failure.says())) {
                continue;
            }
            let held = || self.least_held(failure);
            let by_deed = || deed.and_then(|deed| self.stands_against(deed, wallet, failure));
            let short = failure.classes.first() == Some(&Class::Insufficient);
            let at_once = || self.costs_too_much(wallet).filter(|_| short && self.is_of_purse(failure));
            if let Some(demand) = self.open_matter(failure).or_else(held).or_else(by_deed).or_else(at_once) {
                let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
                wishes.push((demand, because, Some(failure.clone())));
            }
        }
        // What was done already is refused whether or not there is enough for it.
        wishes[begun..].sort_by_key(|(demand, ..)| matches!(demand, Demand::Funds { .. }));
    }

    /// What a deed on the account names, a card say, has to be there, where a failure of its own says that it may not.
    pub(in crate::behavior) fn bought(&self, wishes: &mut Vec<Wish>) {
        let missing = |failure: &Failure| failure.classes.first() == Some(&Class::NotFound);
        if !self.failures().iter().any(missing) {
            return;
        }
        for input in (0..self.inputs().len()).filter(|input| self.inputs()[*input].required) {
            let Some(collection) = self.referred(input, None) else { continue };
            let only = self.only_missing(input).or_else(|| self.missing_by_label(input));
            let text = format!("`{}` names {}", self.inputs()[input].name, self.collections[collection].name);
            let because = Evidence::new(text, self.endpoint().place, Confidence::Likely);
            wishes.push((Demand::Referenced { collection, input }, because, only));
        }
    }

    /// What a deed changes of the caller's account, after what it does otherwise.
    pub(in crate::behavior) fn pay(&self, wallet: &Wallet, wishes: &[Wish], effects: &mut Vec<Effect>) {
        let known = self.gathering.accounts.any && super::has_caller(self.gathering.auths[self.at]);
        let decided = if known { self.decided(wallet) } else { Vec::new() };
        if !decided.is_empty() {
            return effects.extend(decided);
        }
        if known {
            effects.extend(self.paid_at_once(wallet, effects));
            effects.extend(self.stakes_back(wallet, effects));
            effects.extend(self.charged_back(effects));
            effects.extend(self.others_funds(wallet, effects));
        }
        if !known {
            return;
        }
        if let Some(deed) = wallet.deed(self.at) {
            let price = |moved: &Moved| self.gives_back(wallet, moved).or_else(|| self.price_named(moved));
            let more = deed.effects(effects, &price, (Self::marks_caller(wishes), wallet.streaks.get(&self.at)));
            effects.extend(more);
        }
        effects.extend(self.in_kind(wallet).map(|paid| Effect {
            action: Action::AddFunds { amount: paid.amount, balance: paid.balance, takes: true },
            because: paid.because,
        }));
        effects.extend(self.earning(wallet, effects));
    }

    fn stands_against(&self, deed: &Deed, wallet: &Wallet, failure: &Failure) -> Option<Demand> {
        let lexicon = self.gathering.lexicon;
        let class = failure.classes.first();
        if class == Some(&Class::Insufficient) {
            // `已兑完` is of the goods where `积分不足` stands beside it.
            let short = |other: &&Failure| other.classes.first() == Some(&Class::Insufficient);
            let named = self.failures().iter().filter(short).any(|other| self.names_what_caller_has(other));
            if named && !self.names_what_caller_has(failure) {
                return None;
            }
            let mut taken = deed.moves.iter().filter(|moved| moved.takes);
            let moved = taken.next()?;
            // `手慢了，已约满` beside `课次不足` speaks of something else.
            let mut others = self.failures().iter().filter(|other| other.classes.first() == class);
            if !self.names_field(failure, &moved.field) && others.any(|other| self.names_field(other, &moved.field)) {
                return None;
            }
            let amount = moved.amount.clone().or_else(|| self.price_named(moved))?;
            return Some(Demand::Funds { amount, balance: Arc::clone(&moved.field) });
        }
        if class == Some(&Class::NotFound) || !self.gathering.chooser.named_inputs(self.at, failure.says()).is_empty() {
            return None;
        }
        let done = matches!(
            class,
            None | Some(
                Class::Exists
                    | Class::WrongState
                    | Class::Unchanged
                    | Class::TooFrequent
                    | Class::NotSubmitted
                    | Class::ForbiddenStatus
            )
        );
        if self.is_daily(failure) {
            return done.then(|| Demand::NotDone { field: self.caller_mark(), daily: true });
        }
        let own = matches!(self.operation(), Operation::AccountDeed | Operation::Answer) || !deed.sets.is_empty();
        if let Some(Set { field, to, .. }) = deed.sets.first().filter(|_| own && done) {
            // What speaks of another field is demanded of that.
            let other = self.gathering.accounts.fields.iter().any(|known| {
                let label = label_head(&known.words);
                known.key != *field && label.chars().count() > 1 && failure.message.contains(label)
            });
            let from: Vec<Json> = wallet.flags.get(field)?.iter().filter(|value| *value != to).cloned().collect();
            return (!other && !from.is_empty()).then(|| Demand::HasFlag { field: Arc::clone(field), from });
        }
        let once = own && lexicon.speaks_of("done-once", failure.says());
        once.then(|| Demand::NotDone { field: self.caller_mark(), daily: false })
    }

    /// Whether a failure calls what a field of the account holds by its name.
    fn names_field(&self, failure: &Failure, key: &str) -> bool {
        let lexicon = self.gathering.lexicon;
        let Some(field) = self.gathering.accounts.field(key) else { return false };
        let label = label_head(&field.words);
        let is =
            |topic: &str| lexicon.is_named(topic, key) || (!label.is_empty() && lexicon.is_nothing_but(topic, label));
        (label.chars().count() > 1 && failure.message.contains(label))
            || ["balance", "points-name", "times-left"]
                .iter()
                .any(|topic| is(topic) && lexicon.speaks_of(topic, failure.says()))
    }

    /// Whether a failure speaks of the caller's money, points or flags, or of something of theirs that is open.
    pub(in crate::behavior) fn names_what_caller_has(&self, failure: &Failure) -> bool {
        let named = self.gathering.accounts.fields.iter().any(|field| {
            let label = label_head(&field.words);
            field.initial.is_scalar() && label.chars().count() > 1 && failure.message.contains(label)
        });
        named || self.gathering.lexicon.speaks_of("balance", failure.says()) || self.open_matter(failure).is_some()
    }

    /// `余额少于5元不能充`: what has to be there, though the deed does not take it.
    pub(in crate::behavior) fn least_held(&self, failure: &Failure) -> Option<Demand> {
        let lexicon = self.gathering.lexicon;
        if failure.classes.first() != Some(&Class::Insufficient) {
            return None;
        }
        let fields = || self.gathering.accounts.fields.iter().filter(|field| field.initial.is_scalar());
        let notes = remarks(self.gathering.prose, self.endpoint()).map(|note| note.text.as_str());
        let clauses = notes.chain([failure.message.as_str()]).flat_map(|text| text.split([',', '，', '。', ';', '；']));
        clauses.filter(|clause| lexicon.speaks_of("least-held", clause)).find_map(|clause| {
            let field = fields().find(|field| {
                let label = label_head(&field.words);
                label.chars().count() > 1 && clause.contains(label) && field.initial.scalar_text().is_some()
            })?;
            let least = super::words::only_number(clause, lexicon)?;
            Some(Demand::Funds { amount: Amount::Fixed(least), balance: Arc::clone(&field.key) })
        })
    }

    /// Whether a failure, or a remark beside it, says that something may be done again on another day.
    pub(in crate::behavior) fn is_daily(&self, failure: &Failure) -> bool {
        let lexicon = self.gathering.lexicon;
        let remarks = || remarks(self.gathering.prose, self.endpoint());
        let already = matches!(failure.classes.first(), Some(Class::Exists | Class::WrongState | Class::TooFrequent));
        lexicon.speaks_of("today", failure.says())
            || (already && remarks().any(|note| lexicon.speaks_of("today", &note.text)))
    }

    /// The field in which is kept when the caller did it.
    fn caller_mark(&self) -> Arc<str> {
        format!("done {}", self.endpoint().id).into()
    }

    /// Where a demand asks when the caller did it, the deed keeps that.
    fn marks_caller(wishes: &[Wish]) -> Option<(Arc<str>, Evidence)> {
        wishes.iter().find_map(|(demand, because, _)| match demand {
            Demand::NotDone { field, .. } => Some((Arc::clone(field), because.clone())),
            _ => None,
        })
    }

    /// What the record that an input names costs, or gives: what the words name, what is called as the account's field is, what
    /// counts the same.
    fn price_named(&self, moved: &Moved) -> Option<Amount> {
        let own = self.on.map(|on| on.collection);
        let lexicon = self.gathering.lexicon;
        let held = self.gathering.accounts.field(&moved.field);
        let label = held.map_or("", |field| label_head(&field.words));
        let is = |topic: &str, key: &str, label: &str| {
            lexicon.is_named(topic, key) || (!label.is_empty() && lexicon.is_nothing_but(topic, label))
        };
        let left = is("times-left", &moved.field, label);
        // What is taken itself, where no order is made of it.
        let itself = || {
            self.on
                .filter(|_| self.operation() == Operation::Transition)
                .and_then(|on| Some((on.id.as_ref()?.input, on.collection)))
        };
        let named = (0..self.inputs().len()).filter_map(|input| Some((input, self.referred(input, own)?)));
        let priced = named.chain(itself()).find_map(|(input, collection)| {
            let numbers = || {
                let known = &self.collections[collection];
                known.fields.iter().filter(|field| {
                    field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
                        && known.reference(&field.key).is_none()
                        && known.machine(&field.key).is_none()
                })
            };
            let named = || {
                let text = &moved.because.text;
                numbers().find(|field| {
                    let label = label_head(&field.words);
                    words(text).any(|word| *word == *field.key) || (label.chars().count() > 1 && text.contains(label))
                })
            };
            let same = || numbers().find(|field| compact(&field.key) == compact(&moved.field));
            let counts = || numbers().find(|field| is("times-left", &field.key, label_head(&field.words)));
            let costs = || numbers().find(|field| is("times-taken", &field.key, label_head(&field.words)));
            let price = if left {
                let found = if moved.takes { named().or_else(costs).or_else(same) } else { same().or_else(named) };
                let gives = || numbers().find(|field| is("times-given", &field.key, label_head(&field.words)));
                found.or_else(counts).or_else(|| gives().filter(|_| !moved.takes))?
            } else {
                let points = |key: &str| lexicon.is_named("points-name", key);
                let fields = self.collections[collection].fields.iter();
                let in_points = || {
                    let speaks = |words: &str| lexicon.speaks_of("points-name", label_head(words));
                    numbers().find(|field| points(&field.key) || speaks(&field.words)).or_else(same)
                };
                // What is paid in points costs points, whatever else it costs.
                let paid = if is("points-name", &moved.field, label) { in_points() } else { None };
                let called = || {
                    let of_it = |field: &&crate::behavior::collection::ItemField| {
                        label.chars().count() > 1 && field.words.contains(label)
                    };
                    let alike = same().or_else(|| numbers().find(of_it));
                    alike.filter(|_| {
                        self.failures()
                            .iter()
                            .any(|failure| held.is_some_and(|held| super::is_short_of(held, &failure.message)))
                    })
                };
                paid.or_else(called)
                    .or_else(|| fields.clone().find(|field| field.role == Role::Amount))
                    .or_else(|| fields.clone().find(|field| points(&field.key) && field.example.is_scalar()))?
            };
            if let Some(sum) = self.worked_out(|part| part.collection == collection && part.field == price.key) {
                return Some(sum);
            }
            let id = crate::behavior::RecordId { input, via: None };
            Some(self.as_many(Amount::Of { collection, id, field: Arc::clone(&price.key) }))
        });
        priced.or_else(|| self.worked_out(|_| true).filter(|_| moved.takes && !left))
    }

    /// What a new record comes to, where what the thing costs is only a part of that: `points_per_hour * hours`.
    pub(super) fn worked_out(&self, is_price: impl Fn(&Part) -> bool) -> Option<Amount> {
        let on = self.on.filter(|_| self.operation() == Operation::Create)?;
        let records = &self.collections[on.collection];
        let mut factors = records.sums.as_ref()?.written.iter().flat_map(|term| &term.factors);
        let is_it = |factor: &Factor| matches!(factor, Factor::Thing(part) if is_price(part));
        factors.any(is_it).then(|| Amount::Made { collection: on.collection, fields: self.kept(records) })
    }

    /// What undoing gives back is what making the record took.
    fn gives_back(&self, wallet: &Wallet, moved: &Moved) -> Option<Amount> {
        let on = self.on.filter(|_| self.operation() == Operation::Transition && !moved.takes)?;
        let id = on.id.clone()?;
        let records = &self.collections[on.collection];
        let group = self.gathering.groups.get(on.collection)?;
        let makers = group.endpoints.iter().filter(|at| self.gathering.operations[**at] == Operation::Create);
        let kept = |maker: usize, input: usize| {
            let input = self.gathering.inputs[maker].get(input)?;
            Some(key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name)))
        };
        makers.copied().find_map(|maker| {
            let making = Records { at: maker, balance: None, on: Some(on), ..*self };
            let mut moves = wallet.deed(maker).into_iter().flat_map(|deed| &deed.moves);
            let amount = match moves.find(|known| known.takes && known.field == moved.field) {
                Some(took) => took.amount.clone().or_else(|| making.price_named(took)),
                None => making.in_kind(wallet).filter(|paid| paid.balance == moved.field).map(|paid| paid.amount),
            };
            match amount? {
                Amount::Fixed(amount) => Some(Amount::Fixed(amount)),
                Amount::Input(input) => {
                    Some(Amount::Of { collection: on.collection, id: id.clone(), field: kept(maker, input)? })
                }
                Amount::Made { .. } => {
                    let field = Arc::clone(&records.sums.as_ref()?.due);
                    Some(Amount::Of { collection: on.collection, id: id.clone(), field })
                }
                Amount::Of { collection, id: named, field } => {
                    let reference = kept(maker, named.input)?;
                    let by = (on.collection, id.clone(), reference);
                    Some(Amount::Through { by, collection, field })
                }
                _ => None,
            }
        })
    }

    /// Something of the caller's that is not over: what a message names by its status or by its name.
    fn open_matter(&self, failure: &Failure) -> Option<Demand> {
        let lexicon = self.gathering.lexicon;
        let message = failure.message.as_str();
        if !lexicon.speaks_of("open-matters", message) || lexicon.speaks_of("of-no-record", message) {
            return None;
        }
        let long = |text: &str| text.chars().count() > 1;
        let mut best: Option<(usize, Demand)> = None;
        for (collection, known) in self.collections.iter().enumerate() {
            if !known.owned || known.relation.is_some() || known.written {
                continue;
            }
            let called = |titles: &[String]| titles.iter().any(|title| long(title) && message.contains(title.as_str()));
            let referred =
                known.references.iter().any(|reference| called(&self.collections[reference.collection].titles));
            for machine in &known.machines {
                let (denied, open) = self.open_values(message, machine);
                if open.is_empty() {
                    continue;
                }
                let points = usize::from(denied) * 4 + usize::from(called(&known.titles)) * 2 + usize::from(referred);
                let enough = self.operation() == Operation::AccountDeed || points > 1;
                if points > 0 && enough && best.as_ref().is_none_or(|(most, _)| points > *most) {
                    let field = Arc::clone(&machine.field);
                    best = Some((points, Demand::NoneOpen { collection, field, open }));
                }
            }
        }
        best.map(|(_, demand)| demand)
    }

    /// The statuses that a message means by what is open, and whether it names them.
    fn open_values(&self, message: &str, machine: &Machine) -> (bool, Vec<Json>) {
        let lexicon = self.gathering.lexicon;
        let named = machine.values.iter().filter(|value| names(message, value, lexicon));
        let named: Vec<Json> = named.map(|value| value.value.clone()).collect();
        if !named.is_empty() {
            return (true, named);
        }
        // `未归还` is all that is not 已归还.
        let stem = |words: &str| lexicon.without_done(label_head(words)).to_owned();
        let denied = |words: &str| {
            let stem = stem(words);
            let stands = stem.chars().count() > 1 && message.contains(stem.as_str());
            let before = message.split(stem.as_str()).next().unwrap_or_default();
            stands && lexicon.ends_with("denial", before.trim_end())
        };
        let over = |words: &str| {
            ["finished-status", "undone-status"].iter().any(|topic| lexicon.is_nothing_but(topic, label_head(words)))
        };
        let is_denied = machine.values.iter().any(|value| denied(&value.words));
        let rest = machine.values.iter().filter(|value| !denied(&value.words) && !over(&value.words));
        let rest: Vec<Json> = rest.map(|value| value.value.clone()).collect();
        if is_denied || rest.len() < machine.values.len() { (is_denied, rest) } else { (false, Vec::new()) }
    }
}
