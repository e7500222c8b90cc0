//! Fills a documented reply: what state decides, in the form of the example.

use super::plan::Planned;
use super::records::{self, Counts, Sight};
use super::{Call, Caller, item, list};
use crate::behavior::account::COLLECTION;
use crate::behavior::conditions::streaks::Streak;
use crate::behavior::{Behavior, KeyedBy, Model, Reply, Slot};
use crate::json::{Json, write_string};
use crate::world::{Millis, Record, World};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::sync::Arc;

pub(super) struct Filling<'a> {
    pub(super) model: &'a Model,
    pub(super) behavior: &'a Behavior,
    pub(super) call: &'a Call<'a>,
    pub(super) world: &'a World,
    pub(super) now: Millis,
    pub(super) caller: &'a Caller,
    pub(super) planned: &'a Planned,
    pub(super) counts: Counts,
}

/// A reply that no state decides.
pub(super) fn constant(reply: &Reply) -> Vec<u8> {
    let mut out = Vec::with_capacity(reply.body.size());
    reply.body.render(&mut out, |_, example, out| example.write(out));
    out
}

/// The reply that fits what was done.
pub(super) fn chosen<'b>(behavior: &'b Behavior, planned: &Planned, call: &Call<'_>) -> &'b Reply {
    let told = || behavior.outcomes.iter().find(|outcome| call.text(outcome.input) == Some(outcome.value.as_str()));
    let undone = behavior.undone.as_ref().filter(|_| planned.undone);
    undone.or_else(|| told().map(|outcome| &outcome.reply)).unwrap_or(&behavior.success)
}

pub(super) fn success(filling: &Filling<'_>) -> Vec<u8> {
    let template = &chosen(filling.behavior, filling.planned, filling.call).body;
    let mut out = Vec::with_capacity(template.size());
    let subject = filling.subject();
    // As it is now, after the changes; looked up for the replies that show it.
    let account =
        LazyCell::new(|| subject.map(|account| filling.world.record(COLLECTION, account.seq).unwrap_or(account)));
    let page = filling.behavior.list.as_ref().map(|plan| list::list(filling.sight(), plan, filling.call));
    template.render(&mut out, |slot, example, out| match slot {
        Slot::Items { .. }
        | Slot::Item(_)
        | Slot::RecordId
        | Slot::Listed(_)
        | Slot::Summed { .. }
        | Slot::Tied(_)
        | Slot::TieCount(_)
        | Slot::Counted { .. } => {
            filling.fill_record(slot, example, page.as_ref(), out);
        }
        _ => filling.fill(slot, example, &|| *account, out),
    });
    out
}

impl Filling<'_> {
    /// The account that the reply is about: the one that an input names, the one that was made or let in, else the caller's.
    fn subject(&self) -> Option<&Arc<Record>> {
        let input = self.behavior.subject.filter(|input| self.call.is_present(*input));
        match input.and_then(|input| self.call.text(input)) {
            Some(id) => self.world.record_by_id(COLLECTION, id),
            None => self.planned.account.as_ref().or(self.caller.account.as_ref()),
        }
    }

    fn sight(&self) -> Sight<'_> {
        let counts = Some(&self.counts);
        Sight { counts, ..Sight::of(self.model, self.world, self.caller, self.behavior) }
    }

    /// The record that the call is about, as it is now; one that was removed as it was.
    fn record(&self) -> Option<Arc<Record>> {
        if let Some((collection, record)) = &self.planned.record {
            let name = &self.model.collections[*collection].name;
            return Some(self.world.record(name, record.seq).unwrap_or(record).clone());
        }
        let on = self.behavior.record.as_ref()?;
        let sight = self.sight();
        match &on.id {
            Some(id) if self.call.is_present(id.input) => {
                let target =
                    sight.collection(on.collection).relation.as_ref().map_or(on.collection, |known| known.target);
                sight.find(target, id, self.call.text(id.input)?, false).cloned()
            }
            // Without an id the one that is chosen, else the newest of the caller's.
            _ => {
                let shape = sight.collection(on.collection);
                let owner = records::owner_of(self.caller);
                let known = self.world.collection(&shape.name)?;
                let own = || {
                    known
                        .iter()
                        .rev()
                        .filter(|record| !shape.private || record.owner == owner || record.owner.is_none())
                };
                let chosen = |record: &&Arc<Record>| {
                    shape.default_flag.as_ref().is_some_and(|flag| {
                        record.field(flag).is_some_and(|value| *value == super::item::flag(value, true))
                    })
                };
                own().find(chosen).or_else(|| own().next()).cloned()
            }
        }
    }

    fn fill_record(&self, slot: &Slot, example: &Json, page: Option<&list::Page<'_>>, out: &mut Vec<u8>) {
        match (slot, page) {
            (Slot::Items { template, keyed }, Some(page)) => {
                out.push(if keyed.is_some() { b'{' } else { b'[' });
                for (at, record) in page.items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    if let Some(keyed) = keyed {
                        let key = match keyed {
                            KeyedBy::Id => &*record.id,
                            KeyedBy::Field(field) => records::text_of(record.field(field)).unwrap_or_default(),
                        };
                        write_string(key, out);
                        out.push(b':');
                    }
                    item::write(self.sight(), template, record, out);
                }
                out.push(if keyed.is_some() { b'}' } else { b']' });
            }
            (Slot::Item(template), _) => match self.record() {
                Some(record) => item::write(self.sight(), template, &record, out),
                None => example.write(out),
            },
            (Slot::RecordId, _) => match self.record() {
                Some(record) => example.write_in_form(&record.id, out),
                None => example.write(out),
            },
            (Slot::Listed(numbered), Some(page)) => example.write_in_form(&page.says(*numbered).to_string(), out),
            (Slot::Summed { collection, fields, only }, Some(page)) => {
                let counts =
                    |record: &&Arc<Record>| only.as_ref().is_none_or(|flag| records::is_yes(record.field(flag)));
                let of = |record: &Arc<Record>| -> f64 {
                    let numbers = fields.iter().map(|field| item::shown(self.sight(), field, *collection, record));
                    numbers.map(|text| text.and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0)).product()
                };
                // An empty sum of floats is minus nothing.
                let sum = page.items.iter().copied().filter(counts).map(of).sum::<f64>() + 0.0;
                example.write_in_form(&item::product(sum, example), out);
            }
            (Slot::Counted { collection, mine, only }, _) => {
                let sight = self.sight();
                let shape = sight.collection(*collection);
                let account = self.subject();
                let counts = |record: &&Arc<Record>| {
                    let own = (!mine && (!shape.private || record.owner.is_none() || sight.office))
                        || sight.is_of(*collection, record, account);
                    let fits = only.as_ref().is_none_or(|(field, values)| {
                        let status = records::text_of(sight.seen(*collection, record, field));
                        values.iter().any(|value| value.scalar_text() == status)
                    });
                    own && fits && !shape.leaves_out(record)
                };
                let count = self.world.collection(&shape.name).map_or(0, |known| known.iter().filter(counts).count());
                example.write_in_form(&count.to_string(), out);
            }
            (Slot::Tied(relation), _) => {
                let sight = self.sight();
                let tied = self.subject().and_then(|account| sight.tie(*relation, &account.id)).is_some();
                item::flag(example, tied && self.caller.account.is_some()).write(out);
            }
            (Slot::TieCount(relation), _) => {
                let sight = self.sight();
                let field = sight.collection(*relation).relation.as_ref().map(|relation| &relation.field);
                let count = field.zip(self.subject()).map(|(field, of)| sight.count(*relation, field, &of.id));
                example.write_in_form(&count.unwrap_or(0).to_string(), out);
            }
            _ => example.write(out),
        }
    }

    fn fill<'r>(&self, slot: &Slot, example: &Json, account: &dyn Fn() -> Option<&'r Arc<Record>>, out: &mut Vec<u8>) {
        match slot {
            Slot::Token => {
                let caller = || self.caller.token.as_ref().map(|token| Arc::clone(&token.token));
                match self.planned.token.clone().or_else(caller) {
                    Some(token) => write_string(&token, out),
                    None => example.emptied().write(out),
                }
            }
            Slot::AccountId => text(account().map(|account| &*account.id), example, out),
            Slot::Identity => {
                let name = account().and_then(|account| super::decide::identity(account));
                text(name.map(|name| masked(name, example)).as_deref(), example, out);
            }
            Slot::Field(key) => match self.by_day(key, example, account()) {
                Some(value) => value.write(out),
                None => self.field(key, example, account(), out),
            },
            Slot::Gained(key) => {
                let number = |account: Option<&Arc<Record>>| {
                    let fields = &self.model.accounts.fields;
                    let initial = || fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
                    records::number_in(account.and_then(|account| account.field(key)).or_else(initial)).unwrap_or(0.0)
                };
                let more = number(account()) - number(self.caller.account.as_ref());
                example.write_in_form(&item::product(more, example), out);
            }
            Slot::Passcode => text(self.planned.passcode.as_ref().map(|passcode| &*passcode.code), example, out),
            Slot::PasscodeSeconds => {
                let seconds = self.planned.passcode.as_ref().map(|passcode| (passcode.expires_at - self.now) / 1000);
                text(seconds.map(|seconds| seconds.to_string()).as_deref(), example, out);
            }
            Slot::Now => {
                let milliseconds = example.scalar_text().is_some_and(|text| text.len() > 11);
                let now = if milliseconds { self.now } else { self.now.div_euclid(1000) };
                example.write_in_form(&now.to_string(), out);
            }
            Slot::Moved(amount) => match super::wallet::come_to(amount, &self.sight(), self.call) {
                Some(amount) => example.in_form(&super::item::product(amount, example)).write(out),
                None => example.write(out),
            },
            Slot::Affected => example.write_in_form(&self.planned.removed.to_string(), out),
            Slot::IsNew { yes, no } => if self.planned.made_account { yes } else { no }.write(out),
            Slot::Inputs(inputs) => {
                let sent = inputs.iter().filter_map(|input| self.call.text(*input));
                Json::Array(sent.map(Json::string).collect()).write(out);
            }
            Slot::Input(input) => match self.call.text(*input) {
                Some(text) => example.write_in_form(text, out),
                None => example.emptied().write(out),
            },
            Slot::Items { .. }
            | Slot::Item(_)
            | Slot::RecordId
            | Slot::Listed(_)
            | Slot::Summed { .. }
            | Slot::Tied(_)
            | Slot::TieCount(_)
            | Slot::Counted { .. } => {
                self.fill_record(slot, example, None, out);
            }
        }
    }

    /// For how many days in a row something was done by now, and whether it was today.
    fn by_day(&self, key: &Arc<str>, example: &Json, account: Option<&Arc<Record>>) -> Option<Json> {
        let streaks = &self.model.accounts.streaks;
        let streak = streaks.iter().find(|streak| streak.count == *key || streak.today.as_ref() == Some(key))?;
        let offset = self.model.utc_offset;
        let (last, days) = super::wallet::done(account?, streak, offset);
        let today = super::wallet::day_of(self.now, offset);
        if streak.count == *key {
            return Some(example.in_form(&Streak::stands(last, today, days).to_string()));
        }
        Some(item::flag(example, last == Some(today)))
    }

    fn field(&self, key: &Arc<str>, example: &Json, account: Option<&Arc<Record>>, out: &mut Vec<u8>) {
        let initial = || self.model.accounts.fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
        let value = account.and_then(|account| account.field(key)).or_else(initial).unwrap_or(example);
        match value.scalar_text() {
            // A form field comes as text; the example says whether it is a number.
            Some(text) if !matches!(example, Json::Null | Json::Array(_) | Json::Object(_)) => {
                example.write_in_form(&masked(text, example), out);
            }
            _ => value.write(out),
        }
    }
}

/// With stars where the example has them: after `138****0001`, 13912345678 is `139****5678`.
fn masked<'t>(text: &'t str, example: &Json) -> Cow<'t, str> {
    let example = example.as_str().unwrap_or_default();
    let Some(start) = example.find("**").filter(|_| !text.contains("**") && !text.is_empty()) else {
        return text.into();
    };
    let after = example[start..].trim_start_matches('*');
    let stars = &example[start..example.len() - after.len()];
    // The host of an e-mail address is its own.
    let last = if after.starts_with('@') {
        text.find('@').map_or(0, |at| text[at..].chars().count())
    } else {
        after.chars().count()
    };
    let signs: Vec<char> = text.chars().collect();
    let first = example[..start].chars().count().min(signs.len());
    let last = last.min(signs.len() - first);
    let (head, tail): (String, String) =
        (signs[..first].iter().collect(), signs[signs.len() - last..].iter().collect());
    format!("{head}{stars}{tail}").into()
}

/// In the example's form; the example itself where there is nothing to show.
fn text(text: Option<&str>, example: &Json, out: &mut Vec<u8>) {
    match text {
        Some(text) => example.write_in_form(text, out),
        None => example.write(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_where_the_example_has_them() {
        let check = |text: &str, example: &str, expected: &str| {
            assert_eq!(masked(text, &Json::string(example)), expected, "{text} like {example}");
        };
        check("13912345678", "138****0001", "139****5678");
        check("13912345678", "13800000001", "13912345678");
        check("bob@mail.test", "j***@example.com", "b***@mail.test");
        check("11010519491231002X", "4405**********0014", "1101**********002X");
        check("ab", "138****0001", "ab****");
        check("139****5678", "138****0001", "139****5678");
        check("", "138****0001", "");
    }
}
