//! When what somebody takes has to be back: the day on which a record was made, and the one until which it goes.
//!
//! In: the fields of a collection and what is said of them. Out: with what new records begin. `应还日期为借用日期加30天`

use super::items::example_forms::time_form;
use super::items::gather::Gathering;
use super::items::seeing::Sight;
use super::nouns::group::Group;
use super::nouns::noun::singular;
use super::prose::{remarks, sentences, words};
use super::{Collection, Initial, ItemField};
use crate::behavior::inputs::{date, rule};
use crate::behavior::operation::split_words;
use crate::json::Json;
use crate::lexicon::{Role, compact, label_head};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    /// Whether a field is called by a topic, in its name or its label.
    pub(in crate::behavior) fn is_called(&self, topic: &str, field: &ItemField) -> bool {
        let label = label_head(&field.words);
        self.lexicon.is_named(topic, &field.key) || (!label.is_empty() && self.lexicon.is_nothing_but(topic, label))
    }

    /// Settles when a new record was made, until when it goes, and that it is not late yet.
    pub(super) fn settle_terms(&self, group: &Group, creators: &[usize], collection: &mut Collection) {
        let sent: BTreeSet<String> =
            creators.iter().flat_map(|at| &self.inputs[*at]).map(|input| compact(&input.name)).collect();
        let open = |field: &ItemField| {
            !sent.contains(&compact(&field.key)) && matches!(field.initial, Initial::Value(_)) && !creators.is_empty()
        };
        let is_day = |field: &ItemField| open(field) && time_form(&field.example).is_some();
        let due = collection.fields.iter().position(|field| is_day(field) && self.is_called("due-at", field));
        let sights = self.sights(group);
        let made = collection.fields.iter().position(|field| field.initial == Initial::Now).or_else(|| {
            let own = |(at, field): (usize, &ItemField)| {
                let apart = Some(at) != due && is_day(field);
                (apart && self.is_called_by_deed(field, collection)).then_some(at)
            };
            collection.fields.iter().enumerate().find_map(own)
        });
        if let Some(made) = made {
            collection.fields[made].initial = Initial::Now;
        }
        let Some(due) = due else { return };
        let field = &collection.fields[due];
        let told = self.told_term(creators, field);
        let shown = || shown_term(&sights, &collection.fields[made?], field);
        let Some(after) = told.or_else(shown).filter(|after| *after > 0) else { return };
        collection.fields[due].initial = Initial::After(after);
        let fees = collection.fields.iter_mut();
        for fee in fields_of_fees(fees).filter(|fee| open(fee) && self.is_called("late-fee", fee)) {
            fee.initial = Initial::Value(crate::behavior::wallet::in_form(0.0, &fee.example));
        }
    }

    /// `lendDate` of a lend, `借用日期` of a 辅具借用.
    fn is_called_by_deed(&self, field: &ItemField, collection: &Collection) -> bool {
        let parts = split_words(&field.key);
        let by_name = parts.split_last().is_some_and(|(end, before)| {
            self.lexicon.is_named("time-end", end) && collection.names.contains(&singular(&before.concat()))
        });
        let label = label_head(&field.words);
        let deed = self.lexicon.before_end("time-word", label);
        let by_label = deed.len() < label.len()
            && deed.chars().count() > 1
            && collection.titles.iter().any(|title| title.ends_with(deed));
        by_name || by_label
    }

    /// How long it goes, as words say: those of the field, and of what makes the records.
    fn told_term(&self, creators: &[usize], field: &ItemField) -> Option<i64> {
        let lexicon = self.lexicon;
        let span = |text: &str| {
            let other = ["late", "puts-off"].iter().any(|topic| lexicon.speaks_of(topic, text));
            (!other).then(|| rule::time_span(text, &lexicon.rules().times)).flatten()
        };
        let label = label_head(&field.words);
        let names = |text: &str| {
            lexicon.speaks_of("due-term", text)
                || (label.chars().count() > 1 && text.contains(label))
                || words(text).any(|word| compact(word) == compact(&field.key))
        };
        let own = || span(&field.words);
        let said = || {
            let notes = creators.iter().flat_map(|at| remarks(self.prose, self.endpoint(*at)));
            let mut texts = notes.flat_map(|note| sentences(&note.text));
            texts.find_map(|text| {
                let mut clauses = text.split([',', '，', '|']).filter(|clause| names(clause));
                clauses.find_map(span)
            })
        };
        let page = || {
            let files: BTreeSet<_> = creators.iter().map(|at| self.endpoint(*at).place.file).collect();
            let lines = self.said.on("due-term");
            let lines = lines.iter().map(|at| &self.prose[*at]).filter(|note| files.contains(&note.place.file));
            let mut free = lines.filter(|note| self.said.stands_at(self.set, note.place).is_none());
            free.find_map(|note| {
                note.text.split([',', '，', '。', '；', '|']).filter(|text| names(text)).find_map(span)
            })
        };
        own().or_else(said).or_else(page)
    }
}

/// The same as an example shows it, that has both days.
fn shown_term(sights: &[Sight<'_>], made: &ItemField, due: &ItemField) -> Option<i64> {
    let time = |item: &Json, key: &Arc<str>| date::instant(item.get(key)?);
    sights.iter().find_map(|sight| {
        let apart = time(sight.item, &due.key)? - time(sight.item, &made.key)?;
        (apart > 0).then_some(apart)
    })
}

/// `30 days`
pub fn term(milliseconds: i64) -> String {
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond")];
    let (each, unit) = units.into_iter().find(|(each, _)| milliseconds % each == 0).unwrap_or((1, "millisecond"));
    let number = milliseconds / each;
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

fn fields_of_fees<'f>(fields: impl Iterator<Item = &'f mut ItemField>) -> impl Iterator<Item = &'f mut ItemField> {
    fields.filter(|field| {
        let number = field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
        number && matches!(field.role, Role::Amount | Role::Plain)
    })
}
