//! What a deed does to what somebody else has than who calls: the reward that goes to whoever did the work, the days of leave that an
//! approval takes from who asked for them.
//!
//! In: sentences about deeds, and the records' fields that say how much. Out: effects on the account of a party of the record, and
//! the demand on who makes one that there is enough.

use super::Wallet;
use crate::behavior::account::Field;
use crate::behavior::collection::Party;
use crate::behavior::collection::gather::key_for;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Amount, Confidence, Demand, Effect, Evidence, Input, RecordId, enumeration};
use crate::lexicon::{Class, Operation, Role, label_head};
use crate::source::Place;
use std::sync::Arc;

/// What an account has so much of, and what making a record asks for of it.
struct Quota<'a> {
    field: &'a Field,
    /// The maker's input that says how much.
    amount: usize,
    /// The maker's input that says what is asked for, with the values that are taken from this.
    only: Option<(usize, Vec<String>)>,
}

/// Places apart in a sentence.
const MARKS: [char; 6] = [',', '，', ';', '；', '。', '、'];

impl Records<'_> {
    pub(super) fn others_funds(&self, wallet: &Wallet, known: &[Effect]) -> Vec<Effect> {
        let on = self.on.filter(|_| self.operation() == Operation::Transition);
        let Some((on, id)) = on.and_then(|on| Some((on, on.id.clone()?))) else { return Vec::new() };
        if known.iter().any(|effect| effect.action.moves_funds().is_some()) {
            return Vec::new();
        }
        let records = &self.collections[on.collection];
        let Some(maker) = self.gathering.makers(self.at, records).first().copied() else { return Vec::new() };
        let paid = self.paid_to_taker(wallet, maker, on.collection, &id);
        if paid.is_some() {
            return paid.into_iter().collect();
        }
        self.quota_moved(maker, on.collection, &id)
    }

    /// `赏金到接单人余额` beside what finishes the work, or `确认完成后打给接单的人` beside what puts it up.
    fn paid_to_taker(&self, wallet: &Wallet, maker: usize, collection: usize, id: &RecordId) -> Option<Effect> {
        let gathering = self.gathering;
        let lexicon = gathering.lexicon;
        let records = &self.collections[collection];
        records.taker.as_ref().filter(|taker| !taker.appointed && !taker.takes.contains(&self.at))?;
        self.on.filter(|on| on.party != Party::Anybody)?;
        let staked = wallet.deed(maker)?.moves.iter().find(|moved| moved.takes)?;
        let Some(Amount::Input(input)) = staked.amount else { return None };
        let input = gathering.inputs[maker].get(input)?;
        let pays = |text: &str| {
            lexicon.speaks_of("pays-out", text)
                && (lexicon.speaks_of("taker-side", text) || lexicon.speaks_of("who-took", text))
                && !lexicon.speaks_of("no-funds", text)
        };
        let own = remarks(gathering.prose, self.endpoint()).map(|note| (note, false));
        let of_maker = remarks(gathering.prose, &gathering.set.endpoints[maker]).map(|note| (note, true));
        let (text, place) = own.chain(of_maker).find_map(|(note, named)| {
            let mut clauses = note.text.split(MARKS).map(str::trim);
            // What stands before it says when: `确认完成后打给接单的人` is said of 确认完成 and not of 接单.
            let when = |text: &str| {
                let start = lexicon.before("pays-out", text).unwrap_or(0);
                text.get(..start).is_some_and(|before| self.is_deed_in(before))
            };
            let told = clauses.find(|text| pays(text) && (!named || when(text)))?;
            Some((told, note.place))
        })?;
        let action = Action::Settle {
            collection,
            id: id.clone(),
            taker: true,
            amount: key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name)),
            balance: Arc::clone(&staked.field),
            takes: false,
            only: None,
            sent: None,
        };
        Some(Effect { action, because: Evidence::new(format!("`{text}`"), place, Confidence::Likely) })
    }

    /// Whether a clause names this deed by the beginning of its title.
    fn is_deed_in(&self, clause: &str) -> bool {
        let title = self.endpoint().title.trim_start_matches(|c: char| !c.is_alphabetic());
        let word: String = if title.is_ascii() {
            title.split_whitespace().next().unwrap_or_default().to_lowercase()
        } else {
            title.chars().take(2).collect()
        };
        word.chars().count() > 1 && clause.to_lowercase().contains(&word)
    }

    /// `年假余额于审批同意时扣减，作废时退还`: what was asked for is taken from who made the record, or given back, by this deed.
    fn quota_moved(&self, maker: usize, collection: usize, id: &RecordId) -> Vec<Effect> {
        let records = &self.collections[collection];
        let lexicon = self.gathering.lexicon;
        self.quotas(maker)
            .into_iter()
            .filter_map(|quota| {
                let label = label_head(&quota.field.words).to_owned();
                let mut told = self.sentences_naming(&label).into_iter();
                let (clause, takes, sent, place) = told.find_map(|(sentence, place)| {
                    sentence.split(MARKS).map(str::trim).find_map(|clause| {
                        let takes = lexicon.speaks_of("takes-funds", clause);
                        let moves = takes || lexicon.speaks_of("adds-funds", clause);
                        let fits = moves && !lexicon.speaks_of("no-funds", clause) && self.is_deed_in(clause);
                        fits.then(|| (clause.to_owned(), takes, self.outcome_named(clause), place))
                    })
                })?;
                let key = |input: usize| {
                    let input = self.gathering.inputs[maker].get(input)?;
                    Some(key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name)))
                };
                let only = match &quota.only {
                    Some((input, values)) => Some((key(*input)?, values.clone())),
                    None => None,
                };
                let action = Action::Settle {
                    collection,
                    id: id.clone(),
                    taker: false,
                    amount: key(quota.amount)?,
                    balance: Arc::clone(&quota.field.key),
                    takes,
                    only,
                    sent,
                };
                Some(Effect { action, because: Evidence::new(format!("`{clause}`"), place, Confidence::Likely) })
            })
            .collect()
    }

    /// `年假余额不足`: who makes the record has too little of what it asks for.
    pub(super) fn quota_short(&self, wishes: &mut Vec<Wish>) {
        if self.operation() != Operation::Create {
            return;
        }
        let short = self.failures().iter().filter(|failure| failure.classes.first() == Some(&Class::Insufficient));
        for failure in short {
            let known = wishes.iter().any(|wish| wish.2.as_ref().is_some_and(|other| other.message == failure.message));
            let quotas = self.quotas(self.at);
            let named = quotas.iter().find(|quota| failure.message.contains(label_head(&quota.field.words)));
            let Some(quota) = named.filter(|_| !known) else { continue };
            let funds = Demand::Funds { amount: Amount::Input(quota.amount), balance: Arc::clone(&quota.field.key) };
            let demand = match &quota.only {
                Some((input, values)) => {
                    Demand::When { input: *input, values: values.clone(), absent: false, demand: Box::new(funds) }
                }
                None => funds,
            };
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            wishes.push((demand, because, Some(failure.clone())));
        }
    }

    /// The numbers of an account that sentences or failures speak of by their labels, with what a maker's inputs ask for of them.
    fn quotas(&self, maker: usize) -> Vec<Quota<'_>> {
        let accounts = self.gathering.accounts;
        let lexicon = self.gathering.lexicon;
        let inputs = &self.gathering.inputs[maker];
        let params = &self.gathering.set.endpoints[maker].params;
        let numbers: Vec<usize> = inputs
            .iter()
            .enumerate()
            .filter(|(at, input)| is_count(input, params.get(*at).and_then(|param| param.default.as_deref())))
            .map(|(at, _)| at)
            .collect();
        let [amount] = numbers[..] else { return Vec::new() };
        let held = accounts.fields.iter().filter(|field| {
            let label = label_head(&field.words);
            let number = field.initial.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
            number && label.chars().count() > 2 && !label.is_ascii()
        });
        held.filter_map(|field| {
            let label = label_head(&field.words);
            // What is asked for is one of several, and only one of them is held: 年假 of 年假余额.
            let only = params.iter().enumerate().find_map(|(at, param)| {
                let items = enumeration::read(&param.all_words(), &lexicon.rules().enumerations);
                let named = items.iter().filter(|item| {
                    let head = label_head(&item.words);
                    head.chars().count() > 1 && label.starts_with(head)
                });
                let values: Vec<String> = named.map(|item| item.value.clone()).collect();
                (!values.is_empty()).then_some((at, values))
            });
            let counted = || {
                let own = label_head(&inputs[amount].label);
                own.chars().count() > 1 && (label.contains(own) || own.contains(label))
            };
            (only.is_some() || counted()).then_some(Quota { field, amount, only })
        })
        .collect()
    }

    /// The sentences of the page that name something.
    fn sentences_naming(&self, label: &str) -> Vec<(&str, Place)> {
        let file = self.endpoint().place.file;
        let notes = self.gathering.prose.iter().filter(|note| note.place.file == file && note.text.contains(label));
        notes
            .flat_map(|note| sentences(&note.text).map(move |text| (text, note.place)))
            .filter(|(text, _)| text.contains(label))
            .collect()
    }

    /// The value of an input whose words a clause has: 同意 of `审批同意时扣减`.
    fn outcome_named(&self, clause: &str) -> Option<(usize, Vec<String>)> {
        let lexicon = self.gathering.lexicon;
        self.inputs().iter().zip(&self.endpoint().params).enumerate().find_map(|(at, (input, param))| {
            let items = enumeration::read(&param.all_words(), &lexicon.rules().enumerations);
            let named = items.iter().filter(|item| {
                let head = label_head(&item.words);
                head.chars().count() > 1 && clause.contains(head)
            });
            let value = named.max_by_key(|item| item.words.len()).filter(|_| input.required)?;
            Some((at, vec![value.value.clone()]))
        })
    }
}

/// Whether an input says how many of something are asked for.
fn is_count(input: &Input, example: Option<&str>) -> bool {
    let number = example.is_some_and(|text| text.trim().parse::<f64>().is_ok_and(|number| number < 1e5));
    number && matches!(input.word, Role::Plain | Role::Amount) && !input.discriminates && !input.routes
}
