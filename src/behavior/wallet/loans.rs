//! What is lent has to be back: how far that can be put off and how often, and what being late costs.
//!
//! In: deeds on records that go until a day. Out: demands and effects. `每笔借用仅可续借一次，应还日期顺延15天`, `每逾期一日计收2元`

use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, Initial, ItemField, OnRecords, RecordId};
use crate::behavior::inputs::{date, rule};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Confidence, Demand, Effect, Evidence, PutOff, wallet};
use crate::lexicon::{Class, Operation};
use crate::spec::Note;
use std::sync::Arc;

/// More often than that nobody is asked to count.
const MOST: u64 = 50;

fn due(records: &Collection) -> Option<&ItemField> {
    records.fields.iter().find(|field| matches!(field.initial, Initial::After(_)))
}

impl Records<'_> {
    /// What is said of the endpoint, then what is said in its file of its deed and of no other endpoint.
    fn said_of_deed(&self, topic: &'static str) -> Vec<&Note> {
        let gathering = self.gathering;
        let own = remarks(gathering.prose, self.endpoint());
        let title = &self.endpoint().title;
        let deeds = gathering.lexicon.verbs().words_in(&title.to_lowercase());
        let lines = gathering.said.on(topic);
        let lines: Vec<&Note> = lines.iter().map(|at| &gathering.prose[*at]).collect();
        let page = lines.into_iter().filter(|note| {
            note.place.file == self.endpoint().place.file
                && gathering.said.stands_at(gathering.set, note.place).is_none()
                && deeds.iter().any(|deed| note.text.contains(deed))
        });
        own.chain(page).collect()
    }

    /// Until when it goes is put off.
    pub(in crate::behavior) fn put_off(&self, on: &OnRecords, records: &Collection, id: &RecordId) -> Option<Effect> {
        let lexicon = self.gathering.lexicon;
        if let Some(longer) = self.prolonged(on, records, id) {
            return Some(longer);
        }
        let due = due(records)?;
        let Initial::After(term) = due.initial else { return None };
        let renews = lexicon
            .verbs()
            .verb(&self.endpoint().title, &self.gathering.nouns[self.at].words)
            .is_some_and(|(name, _)| name == "renew");
        if self.movement().is_some() && !renews {
            return None;
        }
        let notes = self.said_of_deed("puts-off");
        let told = notes.iter().find_map(|note| {
            let mut clauses = note.text.split([',', '，', '。', '；', ';', '|']);
            let by = clauses.find_map(|clause| {
                let says = lexicon.speaks_of("puts-off", clause) && !lexicon.speaks_of("late", clause);
                says.then(|| rule::time_span(clause, &lexicon.rules().times)).flatten()
            })?;
            Some((by, Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely)))
        });
        let shown = || {
            let example = self.endpoint().successes().next()?;
            let item =
                crate::behavior::collection::items::shape::item_shown(self.gathering.set, self.endpoint(), lexicon);
            let (_, value) = item.iter().find(|(key, _)| *key == due.key)?;
            let by = date::instant(value)? - date::instant(&due.example)?;
            let because = Evidence::new(format!("its success shows `{}`", due.key), example.place, Confidence::Likely);
            (by > 0).then_some((by, because))
        };
        let (by, because) =
            told.or_else(shown).or_else(|| renews.then(|| (term, self.because("the term once more"))))?;
        let (collection, field, by) = (on.collection, Arc::clone(&due.key), PutOff::For(by));
        Some(Effect { action: Action::PutOff { collection, id: id.clone(), field, by }, because })
    }

    /// How often a deed may be done to a record that counts it.
    pub(in crate::behavior) fn seldom(&self, wishes: &mut Vec<Wish>) {
        let lexicon = self.gathering.lexicon;
        let Some((on, id)) = self.on.and_then(|on| Some((on, on.id.clone()?))) else { return };
        if self.operation() != Operation::Transition {
            return;
        }
        let records = &self.collections[on.collection];
        // `10分钟内只能催办一次` bars nothing for good.
        let limits = |text: &str| {
            rule::time_span(text, &lexicon.rules().times).is_none()
                && !lexicon.speaks_of("per-day", text)
                && ["limit-reached", "only-once", "at-most", "times-limit"]
                    .iter()
                    .any(|topic| lexicon.speaks_of(topic, text))
        };
        let failure = self.failures().iter().find(|failure| {
            let counts =
                matches!(failure.classes.first(), Some(Class::TooFrequent | Class::WrongState | Class::Exists) | None);
            counts && limits(&failure.message)
        });
        let failure = failure.or_else(|| self.limits_of_deed().find(|failure| limits(&failure.message)));
        let (Some(failure), Some((field, _))) = (failure, self.counter(records)) else { return };
        let times = |text: &str| rule::count(text, &lexicon.rules().counts).filter(|times| (1..=MOST).contains(times));
        let notes = self.said_of_deed("times-limit");
        let told = notes.iter().flat_map(|note| sentences(&note.text)).flat_map(|text| text.split([',', '，', '|']));
        let most = told.filter(|text| limits(text)).find_map(times).or_else(|| times(&failure.message));
        let Some((most, example)) = most.zip(records.field(&field).map(|field| &field.example)) else { return };
        let from = (0..most).map(|number| example.in_form(&number.to_string())).collect();
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let demand = Demand::InState { collection: on.collection, id, field, from };
        wishes.push((demand, because, Some(failure.clone())));
    }

    /// What giving back too late costs.
    pub(in crate::behavior) fn late_charge(
        &self,
        on: &OnRecords,
        records: &Collection,
        id: &RecordId,
    ) -> Option<Effect> {
        let lexicon = self.gathering.lexicon;
        self.movement()?;
        let due = due(records)?;
        let fee = records.fields.iter().find(|field| self.gathering.is_called("late-fee", field))?;
        let notes = self.said_of_deed("late");
        let in_notes = |note: &Note| {
            let says = |text: &&str| lexicon.speaks_of("late", text) && lexicon.speaks_of("per-day", text);
            let priced = |text: &str| wallet::price_in(text, lexicon);
            sentences(&note.text).find_map(|text| {
                text.split(['，', ',', '|'])
                    .find_map(|clause| Some(clause).filter(says).and_then(priced))
                    .or_else(|| Some(text).filter(says).and_then(priced))
            })
        };
        let (each_day, place) = notes.iter().find_map(|note| Some((in_notes(note)?, note.place)))?;
        let because = Evidence::new("what each day too late costs", place, Confidence::Likely);
        let (collection, due, fee) = (on.collection, Arc::clone(&due.key), Arc::clone(&fee.key));
        let action = Action::ChargeLate { collection, id: id.clone(), due, fee, each_day };
        Some(Effect { action, because })
    }
}
