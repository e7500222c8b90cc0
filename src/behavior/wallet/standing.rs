//! How the caller's account stands, where callers change that themselves: `账户挂失`, `账户解挂`, and what is barred meanwhile.
//!
//! In: the deeds, the accounts' fields, what is said beside the deeds. Out: values for flags, and demands for other endpoints.

use super::{Reading, Set, Wallet};
use crate::behavior::account::lifecycle::{Machine, StatusValue};
use crate::behavior::account::{self, Accounts, Field};
use crate::behavior::collection::prose::{remarks, sentences, speaks_of_status, words};
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Note};
use std::sync::Arc;

/// A value of a field of the account that a deed of the caller's leads to, and what that bars.
#[derive(Clone)]
pub(super) struct Bar {
    deed: usize,
    field: Arc<str>,
    others: Vec<Json>,
    /// What the value is called: `挂失`.
    stem: String,
    /// Clauses that say that something cannot be done meanwhile.
    said: Vec<(String, Place)>,
}

impl Accounts {
    /// Values of statuses that stand beside the blocks: `acctStatus 取值：0 正常；1 挂失`, or as a table behind such words.
    pub(super) fn tell_values(&mut self, reading: &Reading<'_>) {
        let (set, prose, lexicon) = (reading.set, reading.prose, reading.lexicon);
        for field in &mut self.fields {
            // `kazt` is a status where the words that lead to its values say so.
            let plain = field.role == Role::Plain && field.words.is_empty() && field.initial.is_scalar();
            if (field.role != Role::Status && !plain)
                || account::enumerated(&field.words, &field.initial, lexicon).len() > 1
            {
                continue;
            }
            let names = |note: &&Note| {
                let named = words(&note.text).any(|word| field.names.contains(&compact(word)));
                named && (!plain || speaks_of_status(lexicon, &note.text))
            };
            let lists = |note: &&Note| {
                let items = account::enumerated(&note.text, &field.initial, lexicon);
                items.len() > 1 && crate::behavior::collection::fits(&items, &field.initial)
            };
            let notes = prose.iter().chain(set.endpoints.iter().flat_map(|endpoint| &endpoint.notes));
            let told = notes.filter(names).find(lists).map(|note| (note.text.clone(), note.place));
            let Some((text, place)) = told.or_else(|| tabled(set, field, lexicon)) else { continue };
            let items = account::enumerated(&text, &field.initial, lexicon);
            (field.words, field.place, field.role) = (text, place, Role::Status);
            let values = items.into_iter().map(|item| StatusValue {
                value: field.initial.in_form(&item.value),
                kind: account::machine_kinds(&item.words, lexicon).last().copied(),
                words: item.words,
            });
            let values: Vec<StatusValue> = values.collect();
            if self.machine.is_none() && values.iter().any(|value| value.kind.is_some()) {
                let (key, initial) = (Arc::clone(&field.key), field.initial.clone());
                self.machine = Some(Machine { field: key, values, initial, place });
            }
        }
    }
}

/// `| 0 | 正常 |`, `| 1 | 挂失 |` under a line or a heading that names the field, as a line would list them.
fn tabled(set: &DocSet, field: &Field, lexicon: &Lexicon) -> Option<(String, Place)> {
    let names = |text: &str| {
        let named = words(text).any(|word| field.names.contains(&compact(word)));
        named && (field.role == Role::Status || speaks_of_status(lexicon, text))
    };
    set.endpoints.iter().flat_map(|endpoint| endpoint.tables.iter().map(move |table| (endpoint, table))).find_map(
        |(endpoint, table)| {
            let before = |note: &&Note| note.place.file == table.place.file && note.place < table.place;
            let lead = || endpoint.notes.iter().filter(before).max_by_key(|note| note.place);
            let header = table.rows.first()?;
            let named = table.heading.as_deref().is_some_and(names)
                || header.iter().any(|cell| names(cell))
                || lead().is_some_and(|note| names(&note.text));
            let rows = || table.rows.iter().skip(1).filter_map(|row| Some((row.first()?.trim(), row.get(1)?.trim())));
            let short = |text: &str| (1..=LONGEST_VALUE).contains(&text.chars().count());
            if !named || rows().count() < 2 || !rows().all(|(value, said)| short(value) && short(said)) {
                return None;
            }
            let text = rows().map(|(value, said)| format!("{value} {said}")).collect::<Vec<_>>().join("，");
            let items = account::enumerated(&text, &field.initial, lexicon);
            crate::behavior::collection::fits(&items, &field.initial).then_some((text, table.place))
        },
    )
}

const LONGEST_VALUE: usize = 16;

impl Reading<'_> {
    /// The value that a title's verb leads to, of a field that lists such a one: 挂失 leads to `1 挂失`.
    pub(super) fn standing(&self, at: usize, fields: &[&Field]) -> Option<Set> {
        let endpoint = self.endpoint(at);
        let (_, verb) = self.lexicon.verbs().verb(&endpoint.title, &[]).filter(|(_, verb)| verb.stands)?;
        let leads = |words: &str| {
            let head = label_head(words);
            verb.leads.iter().chain(&verb.words).any(|word| word == head)
        };
        fields.iter().filter(|field| field.role == Role::Status).find_map(|field| {
            let values = self.values(field);
            let (to, _) = values.iter().find(|(_, words)| leads(words))?;
            let place = endpoint.title_place.unwrap_or(endpoint.place);
            let because = Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely);
            Some(Set { field: Arc::clone(&field.key), to: to.clone(), because })
        })
    }

    /// What is barred while the account stands as a deed leaves it.
    pub(super) fn bars(&self, wallet: &Wallet, fields: &[&Field]) -> Vec<Bar> {
        let mut bars = Vec::new();
        for (at, set) in wallet.deeds.iter().flat_map(|(at, deed)| deed.sets.iter().map(move |set| (*at, set))) {
            let own = self.operations[at] == Operation::AccountDeed;
            let Some(field) = fields.iter().find(|field| field.key == set.field && field.role == Role::Status) else {
                continue;
            };
            if !own || set.to.scalar_text() == field.initial.scalar_text() {
                continue;
            }
            let values = self.values(field);
            let same = |value: &Json| value.scalar_text() == set.to.scalar_text();
            let words =
                values.iter().find(|(value, _)| same(value)).map(|(_, words)| label_head(words)).unwrap_or_default();
            let stem = self.lexicon.without_done(words).to_owned();
            if stem.chars().count() < 2 {
                continue;
            }
            let others = values.iter().map(|(value, _)| value.clone()).filter(|value| !same(value)).collect();
            let naming = self.prose.iter().filter(|note| note.text.contains(stem.as_str()));
            let notes: Vec<&Note> = remarks(self.prose, self.endpoint(at)).chain(naming).collect();
            let mut said: Vec<(String, Place)> = Vec::new();
            for (text, place) in notes.iter().flat_map(|note| sentences(&note.text).map(|text| (text, note.place))) {
                for clause in text.split([',', '，', '|']).filter(|clause| self.lexicon.speaks_of("bars", clause)) {
                    if !said.iter().any(|(known, _)| known == clause) {
                        said.push((clause.to_owned(), place));
                    }
                }
            }
            bars.push(Bar { deed: at, field: Arc::clone(&set.field), others, stem, said });
        }
        bars
    }
}

impl Records<'_> {
    /// What cannot be done while the caller's account stands otherwise: a failure of the endpoint's own says so, or a sentence
    /// beside the deed names it.
    pub(super) fn barred(&self, wallet: &Wallet, wishes: &mut Vec<Wish>) {
        if wallet.bars.is_empty() || !super::has_caller(self.gathering.auths[self.at]) {
            return;
        }
        let looks = matches!(
            self.operation(),
            Operation::Login | Operation::Register | Operation::Logout | Operation::Profile | Operation::AccountDeed
        );
        for bar in wallet.bars.iter().filter(|bar| !looks && bar.deed != self.at) {
            let known = |failure: &Failure| {
                wishes.iter().any(|wish| wish.2.as_ref().is_some_and(|other| other.message == failure.message))
            };
            let own = self.failures().iter().find(|failure| {
                let refuses = !matches!(
                    failure.classes.first(),
                    Some(Class::NotLoggedIn | Class::Missing | Class::Malformed | Class::BadPasscode | Class::NotFound)
                );
                // What refuses the deed itself where the account stands otherwise refuses others for that, too.
                let of_deed = |known: &Failure| known.code == failure.code && known.message == failure.message;
                let shared = matches!(failure.classes.first(), Some(Class::ForbiddenStatus | Class::WrongState))
                    && self.gathering.chooser.catalog.own[bar.deed].iter().any(of_deed);
                refuses && (shared || failure.message.contains(bar.stem.as_str())) && !known(failure)
            });
            let said = || bar.said.iter().find(|(clause, _)| self.is_named_in(clause));
            let because = match own {
                Some(failure) => Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely),
                None => match said() {
                    Some((clause, place)) => Evidence::new(format!("`{clause}`"), *place, Confidence::Likely),
                    None => continue,
                },
            };
            let demand = Demand::HasFlag { field: Arc::clone(&bar.field), from: bar.others.clone() };
            wishes.push((demand, because, own.cloned()));
        }
    }

    /// Whether a clause names the endpoint by the end of its title: `不得办理借用及续借` names 辅具借用.
    fn is_named_in(&self, clause: &str) -> bool {
        if matches!(self.operation(), Operation::List | Operation::Detail | Operation::Count) {
            return false;
        }
        let title: Vec<char> = self.endpoint().title.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).collect();
        let end: String = title.iter().skip(title.len().saturating_sub(2)).collect();
        end.chars().count() == 2 && clause.contains(&end)
    }
}
