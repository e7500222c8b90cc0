//! What the caller's account has: how much a deed takes or adds, whether there is enough, what is open, what was done before.

use super::decide::Scene;
use super::plan::Planner;
use super::records::{self, Sight, number_in, owner_of, text_of, write_time};
use super::{Call, Caller};
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::items::example_forms::TimeForm;
use crate::behavior::collection::{Part, RecordId};
use crate::behavior::conditions::streaks::Streak;
use crate::behavior::{Action, Amount, Demand, Model, Off};
use crate::json::Json;
use crate::world::{Change, Record};
use std::sync::Arc;

/// What an amount comes to in a call; none where nothing says so.
pub(super) fn come_to(amount: &Amount, sight: &Sight<'_>, call: &Call<'_>) -> Option<f64> {
    let sent = |input: usize| call.text(input).and_then(|text| text.trim().parse::<f64>().ok());
    match amount {
        Amount::Fixed(amount) => Some(*amount),
        Amount::Input(input) => sent(*input),
        Amount::Choice { input, prices } => {
            let chosen = call.text(*input)?;
            prices.iter().find(|(value, _)| value == chosen).map(|(_, price)| *price)
        }
        Amount::Less(amount, off) => Some((come_to(amount, sight, call)? - taken_off(off, sight, call)).max(0.0)),
        Amount::Times(amount, input) => Some(come_to(amount, sight, call)? * sent(*input)?),
        Amount::Share { of, each, gives } => Some(((come_to(of, sight, call)? + 1e-9) / each).floor() * gives),
        // A deed of each day is not paid for.
        Amount::Streak(_) => None,
        Amount::Each { input, price } => Some(price * sent(*input).unwrap_or(1.0)),
        Amount::Of { collection, id, field } => {
            let ids = records::ids(call, id.input);
            let named = ids.iter().filter_map(|text| sight.find(*collection, id, text, false));
            named.map(|record| number_in(record.field(field))).reduce(|all, one| Some(all? + one?)).flatten()
        }
        Amount::Made { collection, fields } => {
            let sent = fields.iter().filter_map(|(key, input)| Some((Arc::clone(key), call.json(*input)?)));
            let (sent, owner) = (sent.collect::<Vec<_>>(), owner_of(sight.caller));
            super::sums::due(sight.model, *collection, &sent, (sight.world, owner.as_ref()))
        }
        Amount::Through { by: (own, id, reference), collection, field } => {
            let text = records::ids(call, id.input).into_iter().next()?;
            let record = sight.find(*own, id, &text, false)?;
            let named = records::named(sight.model, sight.world, *collection, text_of(record.field(reference))?)?;
            number_in(named.field(field))
        }
    }
}

/// What the voucher that is named takes off; nothing where none is.
fn taken_off(off: &Off, sight: &Sight<'_>, call: &Call<'_>) -> f64 {
    let part = Part { reference: "".into(), collection: off.collection, field: Arc::clone(&off.worth) };
    let owner = owner_of(sight.caller);
    let worth = |id| super::sums::worth(sight.model, &part, (sight.world, owner.as_ref()), id);
    call.text(off.input).and_then(worth).unwrap_or(0.0)
}

/// The number of a day.
pub(super) fn day_of(at: i64, utc_offset: i32) -> i64 {
    at.saturating_add(i64::from(utc_offset) * 1000).div_euclid(86_400_000)
}

/// On which day an account did last what is done day by day, and for how many days in a row by then.
pub(super) fn done(account: &Record, streak: &Streak, utc_offset: i32) -> (Option<i64>, u32) {
    let last = text_of(account.field(&streak.mark)).and_then(|text| text.parse::<i64>().ok());
    let days = text_of(account.field(&streak.count)).and_then(|text| text.parse().ok()).unwrap_or(0);
    (last.map(|at| day_of(at, utc_offset)), days)
}

/// What the account of a caller has in a field, or what a new one has.
fn held<'a>(model: &'a Model, caller: &'a Caller, field: &str) -> Option<&'a Json> {
    let initial = || model.accounts.fields.iter().find(|known| *known.key == *field).map(|known| &known.initial);
    caller.account.as_ref()?.field(field).or_else(initial)
}

impl Scene<'_> {
    /// Whether what is demanded of what the caller has is met.
    pub(super) fn can_afford(&self, demand: &Demand) -> bool {
        let Some(account) = &self.caller.account else { return true };
        match demand {
            Demand::Funds { amount, balance } => {
                let there = number_in(held(self.model, self.caller, balance)).unwrap_or(0.0);
                come_to(amount, &self.sight(), self.call).is_none_or(|wanted| there + 1e-9 >= wanted)
            }
            Demand::HasFlag { field, from } => {
                let value = text_of(held(self.model, self.caller, field));
                value.is_none() || from.iter().any(|known| known.scalar_text() == value)
            }
            Demand::NoneOpen { collection, field, open } => {
                let name = &self.model.collections[*collection].name;
                let known = self.world.collection(name).zip(owner_of(self.caller));
                known.is_none_or(|(known, owner)| {
                    !known.owned_by(&owner).any(|record| {
                        let status = text_of(record.field(field));
                        status.is_some() && open.iter().any(|value| value.scalar_text() == status)
                    })
                })
            }
            Demand::NotDone { field, daily } => {
                let last = text_of(account.field(field)).and_then(|text| text.parse::<i64>().ok());
                let day = |at: i64| write_time(TimeForm::Date { mark: '-' }, at, self.model.utc_offset);
                last.is_none_or(|last| *daily && day(last) != day(self.now))
            }
            _ => true,
        }
    }
}

impl Planner<'_> {
    /// What an action changes of what somebody has.
    pub(super) fn on_wallet(&mut self, action: &Action) {
        match action {
            Action::AddFunds { amount, balance, takes } => self.move_funds(amount, balance, *takes),
            Action::Charge { collection, id, amount, balance, off, paid } => {
                let of = (*collection, id, amount);
                self.charge(of, off.as_ref(), balance, paid.as_ref());
            }
            Action::Settle { .. } => self.settle(action),
            Action::SetFlag { field, to } => self.set_flag(field, to),
            Action::Give { collection, fields, count } => self.give(*collection, fields, *count),
            _ => {}
        }
    }

    fn move_funds(&mut self, amount: &Amount, balance: &Arc<str>, takes: bool) {
        let wanted = match amount {
            Amount::Streak(streak) => streak.pay.as_ref().map(|pay| pay.of(self.days_then(streak))),
            amount => come_to(amount, &self.sight(), self.call),
        };
        let wanted = wanted.unwrap_or(0.0);
        self.add_funds(balance, if takes { -wanted } else { wanted });
    }

    /// What the records come to, less what a voucher takes off, is taken and kept as what was paid.
    fn charge(
        &mut self,
        (collection, id, amount): (usize, &RecordId, &Arc<str>),
        off: Option<&Off>,
        balance: &Arc<str>,
        paid: Option<&Arc<str>>,
    ) {
        let records = self.targets(collection, Some(id));
        let shape = &self.model.collections[collection];
        let mut less = off.map_or(0.0, |off| taken_off(off, &self.sight(), self.call));
        let mut all = 0.0;
        for record in records {
            let Some(due) = number_in(record.field(amount)) else { continue };
            let left = (due - less).max(0.0);
            less -= due - left;
            all += left;
            let known = paid.and_then(|paid| Some((paid, &shape.field(paid)?.example)));
            if let Some((paid, example)) = known {
                let value = example.in_form(&super::item::product(left, example));
                self.planned.changes.push(Change::field(&shape.name, &record, paid, Some(value)));
            }
        }
        self.add_funds(balance, -all);
    }

    /// What somebody else has than who calls.
    fn settle(&mut self, action: &Action) {
        let Action::Settle { collection, id, taker, amount, balance, takes, only, sent } = action else { return };
        let is_sent = |(input, values): &(usize, Vec<String>)| {
            self.call.text(*input).is_some_and(|text| values.iter().any(|value| value == text))
        };
        if !sent.as_ref().is_none_or(is_sent) {
            return;
        }
        for record in self.targets(*collection, Some(id)) {
            let fits = only.as_ref().is_none_or(|(field, values)| {
                text_of(record.field(field)).is_some_and(|text| values.iter().any(|value| value == text))
            });
            let by = || record.owner.as_ref().and_then(|owner| self.world.record(COLLECTION, owner.seq));
            let took = || {
                let taker = self.model.collections[*collection].taker.as_ref()?;
                self.world.record_by_id(COLLECTION, text_of(record.field(&taker.field))?)
            };
            let account = if *taker { took() } else { by() };
            let Some(account) = account.cloned().filter(|_| fits) else { continue };
            let moved = records::number_in(record.field(amount)).unwrap_or(0.0);
            self.add_funds_of(&account, balance, if *takes { -moved } else { moved });
        }
    }

    pub(super) fn set_flag(&mut self, field: &Arc<str>, to: &Json) {
        let Some(account) = self.caller.account.clone() else { return };
        self.planned.changes.push(Change::field(&self.collection, &account, field, Some(to.clone())));
    }

    /// What a new account begins with.
    fn give(&mut self, collection: usize, fields: &[(Arc<str>, Json)], count: usize) {
        let Some(account) = self.planned.account.clone().filter(|_| self.planned.made_account) else { return };
        let name = Arc::clone(&self.model.collections[collection].name);
        for _ in 0..count {
            let owner = Some(records::owner(&account));
            let sent = fields.to_vec();
            let record = records::new_record(self.model, collection, sent, owner, &[], self.world, self.now);
            self.planned.changes.push(Change::RecordCreated { collection: Arc::clone(&name), record });
        }
    }

    /// For how many days in a row the caller has done it then.
    fn days_then(&self, streak: &Streak) -> u32 {
        let account = self.caller.account.as_ref();
        let (last, days) = account.map_or((None, 0), |account| done(account, streak, self.model.utc_offset));
        Streak::with_today(last, day_of(self.now, self.model.utc_offset), days)
    }

    pub(super) fn count_days(&mut self, streak: &Streak) {
        let days = self.days_then(streak).to_string();
        let form = held(self.model, self.caller, &streak.count).cloned().unwrap_or_else(|| Json::integer(0));
        self.set_flag(&streak.count, &form.in_form(&days));
        self.mark_caller(&streak.mark);
    }

    /// When the caller did it.
    pub(super) fn mark_caller(&mut self, field: &Arc<str>) {
        let now = Json::Number(self.now.to_string().into());
        self.set_flag(field, &now);
    }
}
