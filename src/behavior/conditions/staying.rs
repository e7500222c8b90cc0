//! Deeds that leave a record's status as it is: in which statuses they are allowed, how often, what they count and keep.
//!
//! In: an endpoint that takes a record's id. Out: demands and effects. `待受理、维修中的单子可以催，每催一次 urgeCount 加 1。同一个工单 10
//! 分钟内只能催一次。`

use super::rating;
use crate::behavior::collection::Collection;
use crate::behavior::collection::machine::allowed::Standing;
use crate::behavior::collection::prose::{remarks, sentences, words};
use crate::behavior::collection::{Initial, ItemField, OnRecords, RecordId};
use crate::behavior::failure::Failure;
use crate::behavior::inputs::rule;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Adjust, Confidence, Demand, Effect, Evidence};
use crate::json::Json;
use crate::lexicon::{Class, Operation, Role, compact, label_head};
use std::sync::Arc;

/// When a deed may be done again.
struct Rest {
    /// Milliseconds; never where there are none.
    within: Option<i64>,
    failure: Failure,
}

impl Records<'_> {
    /// The statuses in which the deed is allowed. A rating has rules of its own.
    pub(in crate::behavior) fn standing(&self) -> Option<Standing> {
        let on = self.on?;
        let rates = rating::is_rating(&self.endpoint().title, self.gathering.lexicon);
        let refused = || self.failures().iter().any(|failure| failure.classes.first() == Some(&Class::WrongState));
        let acts = match self.operation() {
            Operation::Transition | Operation::Increment => true,
            Operation::Update | Operation::Save | Operation::Delete => refused() || self.altering_refused().is_some(),
            _ => false,
        };
        if !acts || rates {
            return None;
        }
        self.gathering.standing(self.at, &self.collections[on.collection])
    }

    /// Whether the endpoint does something to a record and moves no status of it.
    fn is_staying(&self) -> bool {
        self.operation() == Operation::Transition
            && self.movement().is_none()
            && !rating::is_rating(&self.endpoint().title, self.gathering.lexicon)
    }

    /// The record may be done the same to only once, or after a while.
    pub(in crate::behavior) fn rested(&self, wishes: &mut Vec<Wish>) {
        let Some((collection, id, rest)) = self.rest() else { return };
        let Rest { within, failure } = rest;
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let demand = Demand::Rested { collection, id, field: self.mark(), within };
        wishes.push((demand, because, Some(failure)));
    }

    fn rest(&self) -> Option<(usize, RecordId, Rest)> {
        let on = self.on.filter(|_| self.is_staying())?;
        let lexicon = self.gathering.lexicon;
        let id = on.id.clone()?;
        let times = &lexicon.rules().times;
        let notes = || remarks(self.gathering.prose, self.endpoint()).flat_map(|note| sentences(&note.text));
        let often = self.failures().iter().find(|failure| failure.classes.first() == Some(&Class::TooFrequent));
        if let Some(failure) = often {
            // `仅可续借一次，应还日期顺延15天` says how long something goes then.
            let limits = |text: &&str| {
                let says = ["interval", "only-once"].iter().any(|topic| lexicon.speaks_of(topic, text));
                says && !lexicon.speaks_of("puts-off", text)
            };
            let told = || notes().filter(limits).find_map(|text| rule::time_span(text, times));
            let within = rule::time_span(&failure.message, times).or_else(told);
            // How often a day is counted by days, and not from one time to the next.
            let within = within.filter(|_| !lexicon.speaks_of("each-day", failure.says()))?;
            return Some((on.collection, id, Rest { within: Some(within), failure: failure.clone() }));
        }
        let again = |failure: &&Failure| {
            failure.classes.first() == Some(&Class::Exists)
                || lexicon.speaks_of("once-more", failure.says())
                || self.gathering.is_done_before(self.at, failure)
        };
        let once = |failure: &&Failure| lexicon.speaks_of("only-once", failure.says());
        let failure = self.failures().iter().find(again).or_else(|| self.failures().iter().find(once))?;
        Some((on.collection, id, Rest { within: None, failure: failure.clone() }))
    }

    /// Under what a record keeps when it was done to it last: a name that no document has.
    fn mark(&self) -> Arc<str> {
        format!("@{}", self.endpoint().title).into()
    }

    /// What the deed counts, and that it was done.
    pub(in crate::behavior) fn counted_deed(&self, on: &OnRecords, records: &Collection, id: &RecordId) -> Vec<Effect> {
        let mut found = Vec::new();
        let collection = on.collection;
        if let Some((field, because)) = self.counter(records) {
            let (id, adjust) = (id.clone(), Adjust::More);
            let action = Action::AdjustRecord { collection, id, field, input: None, direction: None, adjust };
            found.push(Effect { action, because });
        }
        if let Some((.., rest)) = self.rest() {
            let because = Evidence::new(format!("`{}`", rest.failure.message), rest.failure.place, Confidence::Likely);
            let action = Action::MarkRecord { collection, id: id.clone(), field: self.mark() };
            found.push(Effect { action, because });
        }
        found
    }

    /// The field that counts how often it was done: one that a remark names (`每催一次 urgeCount 加 1`), or the number that the
    /// success shows.
    pub(in crate::behavior) fn counter(&self, records: &Collection) -> Option<(Arc<str>, Evidence)> {
        let lexicon = self.gathering.lexicon;
        let sent = |field: &ItemField| self.inputs().iter().any(|input| compact(&input.name) == compact(&field.key));
        let number = |field: &&ItemField| {
            let counts = field.example.scalar_text().is_some_and(|text| text.parse::<u32>().is_ok());
            counts
                && field.initial == Initial::Value(field.example.in_form("0"))
                && !sent(field)
                && field.role != Role::Status
        };
        let numbers = || records.fields.iter().filter(number);
        let own = remarks(self.gathering.prose, self.endpoint());
        // `每提醒一次 remind_num +1` above all endpoints says whose deed it is.
        let title: Vec<char> = self.endpoint().title.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).collect();
        let is_deed = |text: &str| title.windows(2).any(|pair| text.contains(&pair.iter().collect::<String>()));
        let file = self.endpoint().place.file;
        let said = self.gathering.said.on("adds-one");
        let page = said.iter().map(|at| &self.gathering.prose[*at]).filter(|note| note.place.file == file);
        let mut notes = own.map(|note| (note, true)).chain(page.map(|note| (note, false)));
        let told = notes.find_map(|(note, is_own)| {
            let adds = |text: &&str| lexicon.speaks_of("adds-one", text) && (is_own || is_deed(text));
            let text = sentences(&note.text).find(adds)?;
            let named = numbers().find(|field| words(text).any(|word| compact(word) == compact(&field.key)));
            let called = || {
                numbers().find(|field| {
                    let label = label_head(&field.words);
                    label.chars().count() > 1 && text.contains(label)
                })
            };
            let field = named.or_else(called)?;
            Some((Arc::clone(&field.key), Evidence::new(format!("`{text}`"), note.place, Confidence::Likely)))
        });
        // `renew_times` of `borrow/renew`, `续借次数` of 续借.
        let by_deed = || {
            let title = label_head(&self.endpoint().title);
            let deed = self.gathering.nouns[self.at].words.last()?;
            let called = |field: &&ItemField| {
                let name = compact(&field.key);
                let rest = name.strip_prefix(deed.as_str()).filter(|_| deed.len() > 2);
                let rest = rest.or_else(|| label_head(&field.words).strip_prefix(title).filter(|_| !title.is_empty()));
                rest.is_some_and(|rest| {
                    lexicon.is_named("counter-end", rest) || lexicon.is_nothing_but("count-of", rest)
                })
            };
            let field = numbers().find(called)?;
            Some((Arc::clone(&field.key), self.because(format!("`{}` is called by the deed", field.key))))
        };
        told.or_else(by_deed).or_else(|| {
            let shown = |field: &&ItemField| {
                let label = label_head(&field.words);
                let counts = lexicon.speaks_of("count-of", label)
                    || lexicon.is_named("counter-end", last_word(&field.key).as_str());
                counts && self.shows_alone(&field.key)
            };
            let field = numbers().find(shown).filter(|_| self.is_staying())?;
            Some((Arc::clone(&field.key), self.because(format!("it shows `{}`", field.key))))
        })
    }

    /// Whether a success shows a member beside little else.
    fn shows_alone(&self, key: &str) -> bool {
        let shown = crate::behavior::collection::items::shape::members_shown(
            self.gathering.set,
            self.endpoint(),
            self.gathering.lexicon,
        );
        shown.len() <= 3 && shown.iter().any(|name| **name == *key)
    }

    /// The field under which an input is kept where a remark says so, or where the field is called by the deed and the input:
    /// `reason` of `cancel` is `cancel_reason`.
    pub(in crate::behavior) fn told_key(&self, records: &Collection, input: usize) -> Option<Arc<str>> {
        let lexicon = self.gathering.lexicon;
        let known = self.inputs().get(input)?;
        let name = compact(&known.name);
        let param = self.endpoint().params.get(input).map(crate::spec::Param::all_words).unwrap_or_default();
        let free = |field: &&ItemField| {
            let own = |other: &crate::behavior::Input| compact(&other.name) == compact(&field.key);
            !self.inputs().iter().any(own) && field.role != Role::Status && field.initial != Initial::Now
        };
        let fields = || records.fields.iter().filter(free);
        let has = |text: &str, name: &str| words(text).any(|word| compact(word) == name);
        let keeps = |text: &str| lexicon.speaks_of("kept-in", text);
        let in_param =
            || fields().find(|field| field.key.len() > 2 && keeps(&param) && has(&param, &compact(&field.key)));
        let in_notes = || {
            let mut notes = remarks(self.gathering.prose, self.endpoint()).flat_map(|note| sentences(&note.text));
            notes.find_map(|text| {
                let called = label_head(&known.label);
                let named = has(text, &name) || (called.chars().count() > 1 && text.contains(called));
                let field = || fields().find(|field| field.key.len() > 2 && has(text, &compact(&field.key)));
                if named && keeps(text) { field() } else { None }
            })
        };
        let in_comment = || fields().find(|field| name.len() > 2 && has(&field.words, &name));
        let by_deed = || {
            let deeds = &self.gathering.nouns[self.at].words;
            let verb = lexicon.verbs().verb(&self.endpoint().title, deeds).map(|(_, verb)| verb);
            let is_deed = |word: &str| {
                deeds.last().is_some_and(|last| last == word)
                    || verb.is_some_and(|verb| verb.path.iter().any(|known| known == word))
            };
            fields().find(|field| compact(&field.key).strip_suffix(name.as_str()).is_some_and(is_deed))
        };
        let acts = self.operation() == Operation::Transition;
        let found = in_param().or_else(in_notes).or_else(in_comment).or_else(|| by_deed().filter(|_| acts))?;
        matches!(found.example, Json::String(_) | Json::Number(_) | Json::Null).then(|| Arc::clone(&found.key))
    }
}

fn last_word(key: &str) -> String {
    crate::behavior::operation::split_words(key).pop().unwrap_or_default()
}
