//! What a deed on records changes, as data.

use super::Records;
use crate::behavior::account::others;
use crate::behavior::collection::items::gather::{is_data, key_for};
use crate::behavior::collection::lists::bins;
use crate::behavior::collection::machine::moves::Move;
use crate::behavior::collection::{Collection, prose};
use crate::behavior::{Action, Confidence, Effect, Evidence, Goes, Merge, Stock, Tying};
use crate::lexicon::{Class, Operation, Role, compact, label_head};
use crate::spec::Param;
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn effects(&self) -> Vec<Effect> {
        // What a deed does to others' records is found by what it is about, before that is gone.
        let mut effects = self.named_moved();
        effects.extend(self.own_effects());
        effects
    }

    fn own_effects(&self) -> Vec<Effect> {
        let Some(on) = self.on else { return Vec::new() };
        let (collection, records) = (on.collection, &self.collections[on.collection]);
        let mut effects = Vec::new();
        let act = |action: Action| Effect { action, because: self.because(self.operation().name()) };
        match (self.operation(), on.id.clone()) {
            (Operation::Create, _) => effects.extend(self.creating(collection, records)),
            (Operation::Save, id) => {
                let fields = self.kept(records);
                let made = Action::CreateRecord { collection, fields: fields.clone(), merge: None, lines: None };
                effects.push(act(id.map_or(made, |id| Action::SaveRecord { collection, id, fields })));
            }
            (Operation::Update, Some(id)) => {
                let back = self.put_back(collection, records, &id);
                effects.push(act(Action::UpdateRecord { collection, id, fields: self.kept(records) }));
                effects.extend(back);
            }
            (Operation::Delete, Some(id)) if records.relation.is_some() => {
                effects.push(act(Action::Tie { relation: collection, id, how: Tying::Untie, fields: Vec::new() }));
            }
            (Operation::Detail, Some(id)) => {
                if let Some((field, because)) = self.counted_view(records) {
                    effects.push(Effect { action: Action::CountView { collection, id, field }, because });
                }
                effects.extend(self.read_by_opening());
            }
            (Operation::Delete, id) => {
                let into = self.goes_into(records);
                if into.is_none() {
                    effects.extend(self.going_with(collection, id.as_ref()));
                }
                effects.push(act(Action::RemoveRecords { collection, id, into }));
            }
            (Operation::SetDefault, Some(id)) => {
                let flag = records.default_flag.clone().unwrap_or_else(|| "is_default".into());
                effects.push(act(Action::ChooseRecord { collection, id, flag }));
            }
            (Operation::Transition, id) => {
                effects.extend(self.listed_rating());
                effects.extend(self.taken_itself().map(act));
                if let Some((id, amount, balance)) = self.charge(on, records) {
                    let (off, paid) = self.taken_off(records, &amount);
                    effects.push(act(Action::Charge { collection, id, amount, balance, off, paid }));
                }
                effects.extend(self.takes_away(on, records).map(act));
                effects.extend(self.using().map(act));
                effects.extend(self.given_back(on, records).into_iter().map(act));
                // What says whose a record may be is about one: where nothing names it, nothing moves.
                let of_one = id.is_none()
                    && self.failures().iter().any(|failure| failure.classes.first() == Some(&Class::NotYours));
                if let Some(movement) = self.movement().filter(|_| !of_one) {
                    let Move { field, from, to, cases, again, because } = movement;
                    // Reading what is read already moves nothing.
                    let from = if again { Vec::new() } else { from };
                    let stamps = self.stamps(records);
                    let id = id.clone();
                    let action = Action::MoveRecords { collection, id, field, from, to, cases, stamps };
                    effects.push(Effect { action, because });
                } else if let Some(copying) = self.copying() {
                    effects.push(copying);
                } else {
                    effects.extend(self.marked_as_read());
                }
                if let Some(id) = id {
                    effects.extend(self.counted_deed(on, records, &id));
                    let timed = [self.late_charge(on, records, &id), self.metered(on, records, &id)];
                    effects.extend(self.put_off(on, records, &id).into_iter().chain(timed.into_iter().flatten()));
                    effects.extend(self.paid_once_more(on, records));
                    let longer = self.prolonged_by().map(|(input, _)| input);
                    let kept = self.kept(records).into_iter();
                    let fields: Vec<(Arc<str>, usize)> =
                        kept.filter(|(key, at)| records.field(key).is_some() && Some(*at) != longer).collect();
                    if !fields.is_empty() {
                        effects.push(act(Action::UpdateRecord { collection, id, fields }));
                    }
                }
            }
            (Operation::Toggle, Some(id)) => {
                if let Some(how) = self.tying(records) {
                    effects.push(act(Action::Tie { relation: collection, id, how, fields: self.kept(records) }));
                }
            }
            (Operation::Increment, Some(id)) => {
                effects.extend(self.adjusting(collection, records, Some(id)).map(act));
            }
            _ => {}
        }
        effects
    }

    /// What making a record changes, itself included.
    fn creating(&self, collection: usize, records: &Collection) -> Vec<Effect> {
        let act = |action: Action| Effect { action, because: self.because(self.operation().name()) };
        let mut effects = Vec::new();
        // What is put into a basket is not taken yet.
        let gathered = records.basket.is_some() && !self.says_taken(records);
        let stock = self.stock().filter(|stock| !gathered && self.taken_later(stock, records).is_none());
        match stock {
            Some(Stock { field, lines: Some(lines), .. }) => {
                effects.push(act(Action::TakeLines { lines, field }));
            }
            Some(Stock { collection, input: Some(input), field, quantity, line: None, .. }) => {
                effects.push(act(Action::TakeFrom { collection, input, field, quantity }));
            }
            _ => {}
        }
        effects.extend(self.moved_by_rating());
        effects.extend(self.using().map(act));
        let (merge, lines) = (self.merge(records), self.lines().map(Box::new));
        effects.push(act(Action::CreateRecord { collection, fields: self.kept(records), merge, lines }));
        effects
    }

    /// Into the bin, or back to where they were removed.
    fn goes_into(&self, records: &Collection) -> Option<Goes> {
        let words = &self.gathering.nouns[self.at].words;
        let back = || bins::brings_back(self.endpoint(), words, self.gathering.lexicon);
        let bin = records.bin.as_ref().map(|bin| Goes::Bin(bin.collection));
        bin.or_else(|| records.bin_of.filter(|_| back()).map(Goes::Back))
    }

    /// What exchanging a thing takes of the thing itself.
    fn taken_itself(&self) -> Option<Action> {
        let Stock { collection, input, field, quantity, .. } = self.stock()?;
        Some(Action::TakeFrom { collection, input: input?, field, quantity })
    }

    /// The inputs that are kept, each with its field.
    pub(in crate::behavior) fn kept(&self, records: &Collection) -> Vec<(Arc<str>, usize)> {
        let own_id = self.on.and_then(|on| on.id.as_ref()).map(|id| id.input);
        let params = &self.endpoint().params;
        let recipient = records.recipient.as_ref().filter(|_| self.operation() == Operation::Create);
        let recipient = recipient.and_then(|key| Some((self.recipient_input(records, key)?, key)));
        let inputs = self.inputs().iter().enumerate().filter(|(at, input)| {
            let sent_to = records.recipient.is_some() && others::is_recipient(input, self.gathering.lexicon);
            Some(*at) != own_id
                && (sent_to || is_data(input, params.get(*at).is_some_and(Param::is_told)))
                && input.word != Role::Passcode
        });
        inputs
            .map(|(at, input)| {
                if let Some((_, key)) = recipient.filter(|(sent_to, _)| *sent_to == at) {
                    return (Arc::clone(key), at);
                }
                let parent = records
                    .references
                    .first()
                    .filter(|_| compact(&input.name) == "id" && self.operation() == Operation::Create);
                let key = parent.map(|parent| Arc::clone(&parent.field)).or_else(|| key_for(records, input));
                let key = key.or_else(|| self.told_key(records, at));
                (key.unwrap_or_else(|| Arc::clone(&input.name)), at)
            })
            .collect()
    }

    /// The field that a remark says to count looks: `每调用一次浏览数 view_num 加1`.
    fn counted_view(&self, records: &Collection) -> Option<(Arc<str>, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let mut told = prose::remarks(self.gathering.prose, self.endpoint());
        let told = told.find(|note| lexicon.speaks_of("counts-views", &note.text))?;
        let fields = || records.fields.iter().filter(|field| field.example.is_scalar());
        let named = fields().find(|field| field.key.len() > 2 && told.text.contains(&*field.key));
        let field = named.or_else(|| fields().find(|field| lexicon.is_named("sort-views", &field.key)))?;
        Some((Arc::clone(&field.key), Evidence::new(told.text.clone(), told.place, Confidence::Likely)))
    }

    /// The fields that keep when the deed was done: `pay_time`, `支付时间`.
    fn stamps(&self, records: &Collection) -> Vec<Arc<str>> {
        let lexicon = self.gathering.lexicon;
        let nouns = &self.gathering.nouns[self.at];
        let Some((_, verb)) = lexicon.verbs().verb(&self.endpoint().title, &nouns.words) else { return Vec::new() };
        let fields = records.fields.iter().filter(|field| {
            let name = compact(&field.key);
            let label = label_head(&field.words);
            let rest = |words: &[String]| {
                words.iter().filter(|word| word.len() > 2).any(|word| {
                    let rest = name.strip_prefix(compact(word).as_str()).or_else(|| label.strip_prefix(word.as_str()));
                    rest.is_some_and(|rest| lexicon.is_named("time-end", rest))
                })
            };
            let is_sent = self.inputs().iter().any(|input| compact(&input.name) == name);
            !is_sent && records.time_form(field).is_some() && (rest(&verb.path) || rest(&verb.words))
        });
        fields.map(|field| Arc::clone(&field.key)).collect()
    }

    /// `cart/add` with the same goods again adds to their number.
    pub(in crate::behavior) fn merge(&self, records: &Collection) -> Option<Merge> {
        if self.operation() != Operation::Create || !records.private {
            return None;
        }
        let lexicon = self.gathering.lexicon;
        let quantity = self.quantity();
        let field = match quantity {
            Some(input) => key_for(records, &self.inputs()[input])?,
            None => Arc::clone(&records.fields.iter().find(|field| lexicon.is_named("quantity", &field.key))?.key),
        };
        // Only what is counted and nothing else than what is counted: an order of the same goods is another order.
        let adjusts = (0..self.gathering.operations.len()).any(|at| {
            self.gathering.nouns[at].path == self.gathering.nouns[self.at].path
                && (self.gathering.operations[at] == Operation::Increment
                    || (self.gathering.operations[at] == Operation::Update
                        && self.gathering.inputs[at].iter().any(|input| lexicon.is_named("quantity", &input.name))))
        });
        let basket = records.basket.is_some()
            || lexicon.speaks_of("basket", &self.endpoint().title)
            || records.names.iter().any(|name| lexicon.is_named("basket", name));
        let kept = self.kept(records);
        // A bill of the same kind is another bill: it has a day and a memo of its own.
        let is_sum = records.field(&field).is_some_and(|field| field.role == Role::Amount);
        let same: Vec<(Arc<str>, usize)> = kept
            .iter()
            .filter(|(key, input)| records.reference(key).is_some() || self.inputs()[*input].word == Role::RecordId)
            .cloned()
            .collect();
        let alone = !is_sum && kept.iter().all(|(key, _)| *key == field || same.iter().any(|(known, _)| known == key));
        ((basket || (adjusts && alone))
            && !same.is_empty()
            && records.machines.iter().all(|machine| machine.values.len() < 3))
        .then_some(Merge { same, field, quantity })
    }
}
