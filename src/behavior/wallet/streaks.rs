//! Checking in: which deed is done day by day, where the account shows for how many days it was, and what each gives.

use super::{Moved, Reading, Wallet};
use crate::behavior::account::Accounts;
use crate::behavior::conditions::streaks::{Pay, Streak, said_of};
use crate::behavior::{Amount, Confidence, Evidence};
use crate::json::Json;
use crate::lexicon::{Operation, compact, label_head};
use std::sync::Arc;

impl Wallet {
    /// Settles the deeds of each day.
    pub(super) fn count_days(&mut self, reading: &Reading<'_>, accounts: &mut Accounts) {
        let deeds = (0..reading.operations.len()).filter(|at| reading.operations[*at] == Operation::AccountDeed);
        let deeds: Vec<usize> = deeds.filter(|at| reading.titled(*at, "checks-in")).collect();
        for at in deeds {
            let Some(streak) = reading.streak(at, accounts) else { continue };
            let zero = |field: &mut crate::behavior::Field| field.initial = field.initial.in_form("0");
            for key in std::iter::once(&streak.count).chain(&streak.today) {
                accounts.fields.iter_mut().filter(|field| field.key == *key).for_each(|field| {
                    if matches!(field.initial, Json::Bool(_)) { field.initial = Json::Bool(false) } else { zero(field) }
                });
            }
            let streak = Arc::new(streak);
            let deed = self.deeds.entry(at).or_default();
            deed.moves.retain(|moved| moved.field != streak.count && Some(&moved.field) != streak.today.as_ref());
            deed.sets.retain(|set| set.field != streak.count && Some(&set.field) != streak.today.as_ref());
            if streak.pay.is_some() {
                let funds: Vec<_> = accounts.fields.iter().filter(|field| field.initial.is_scalar()).collect();
                let named = |field: &&&crate::behavior::Field| {
                    reading.is_quantity(field)
                        && (reading.remarks(at).any(|note| reading.names_it(field, &note.text))
                            || reading.is_called("points-name", field))
                };
                if let Some(field) = funds.iter().find(named) {
                    let endpoint = reading.endpoint(at);
                    let place = endpoint.title_place.unwrap_or(endpoint.place);
                    let because = Evidence::new("what each day in a row gives", place, Confidence::Likely);
                    let amount = Some(Amount::Streak(Arc::clone(&streak)));
                    deed.moves.retain(|moved| moved.field != field.key);
                    deed.moves.push(Moved { field: Arc::clone(&field.key), takes: false, amount, because });
                }
            }
            for member in reading.shown(at) {
                let words = reading.said(at, member.name, &member.words);
                let gained = reading.lexicon.speaks_of("gained", label_head(&words))
                    || reading.lexicon.is_named("gained", member.name);
                let moved = deed.moves.iter().find(|moved| {
                    compact(&moved.field) == compact(member.name) || reading.lexicon.is_named("gained", member.name)
                });
                if let Some(moved) = moved.filter(|_| gained) {
                    accounts.gained.push((at, compact(member.name), Arc::clone(&moved.field)));
                }
            }
            self.streaks.insert(at, Arc::clone(&streak));
            accounts.streaks.push(streak);
        }
    }
}

impl Reading<'_> {
    fn streak(&self, at: usize, accounts: &Accounts) -> Option<Streak> {
        let around = || (0..self.operations.len()).filter(|other| self.titled(*other, "checks-in"));
        let words = |key: &str, words: &str| -> String {
            let told = around().find_map(|other| Some(self.said(other, key, words)).filter(|said| !said.is_empty()));
            told.unwrap_or_else(|| words.to_owned())
        };
        let told = around().any(|other| self.remarks(other).any(|note| self.lexicon.speaks_of("in-a-row", &note.text)));
        let numbers = || {
            accounts
                .fields
                .iter()
                .filter(|field| field.initial.scalar_text().is_some_and(|text| text.parse::<u32>().is_ok()))
        };
        let counts = |field: &&crate::behavior::Field| {
            self.lexicon.is_named("streak-days", &field.key)
                || self.lexicon.speaks_of("in-a-row", &words(&field.key, &field.words))
        };
        let count = numbers().find(counts).map(|field| Arc::clone(&field.key));
        if count.is_none() && !told {
            return None;
        }
        let today = accounts.fields.iter().find(|field| {
            let flag = matches!(field.initial, Json::Bool(_)) || matches!(field.initial.scalar_text(), Some("0" | "1"));
            let said = words(&field.key, &field.words);
            flag && Some(&field.key) != count.as_ref()
                && (self.lexicon.is_named("done-today", &field.key) || self.lexicon.speaks_of("today", &said))
        });
        let id = &self.endpoint(at).id;
        Some(Streak {
            mark: format!("done {id}").into(),
            count: count.unwrap_or_else(|| format!("days of {id}").into()),
            today: today.map(|field| Arc::clone(&field.key)),
            pay: Pay::read(self.remarks(at).map(|note| note.text.as_str()), self.lexicon),
        })
    }

    /// What stands beside a member, or what a line says behind its name.
    fn said(&self, at: usize, name: &str, words: &str) -> String {
        if !words.is_empty() {
            return words.to_owned();
        }
        self.remarks(at).find_map(|note| said_of(&note.text, name)).unwrap_or_default().to_owned()
    }
}
