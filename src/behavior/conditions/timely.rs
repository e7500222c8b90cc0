//! Too early, too late, or full: `活动未开始`, `已截止报名`, `已超过可取消时间`, `名额已满`, `超过每人限领数量`.
//!
//! In: the failures of an endpoint's own that speak of time or of how many, and the fields of what the request names. Out: demands
//! on those fields. Where a record has no such time, its status tells.

use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::machine::moves;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, Initial, ItemField, RecordId};
use crate::behavior::failure::Failure;
use crate::behavior::inputs::rule;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence, Side};
use crate::json::Json;
use crate::lexicon::{Class, Operation, Role, label_head};
use std::sync::Arc;

/// What a failure says of time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    NotBegun,
    Ended,
    Begun,
    TooLate,
}

/// A record that a request names, and the field of it that names the one whose times count.
type Timed = (usize, RecordId, Option<(Arc<str>, usize)>);

impl Records<'_> {
    pub(in crate::behavior) fn timely(&self, wishes: &mut Vec<Wish>) {
        let reads =
            matches!(self.operation(), Operation::List | Operation::Count | Operation::Detail | Operation::Update);
        if reads {
            return;
        }
        let sources = self.timed();
        for failure in self.failures() {
            let Some(moment) = self.moment(failure).filter(|_| !self.gathering.is_of_voucher(self.at, failure)) else {
                continue;
            };
            let found = sources.iter().find_map(|(collection, id, through)| {
                let at = through.as_ref().map_or(*collection, |(_, named)| *named);
                let field = self.time_of(&self.collections[at], moment, &failure.message)?;
                let side = if moment == Moment::NotBegun { Side::From } else { Side::Until };
                let lead_ms = if moment == Moment::TooLate { self.lead() } else { 0 };
                let (collection, id, through) = (*collection, id.clone(), through.clone());
                Some(Demand::Timely { collection, id, through, field, side, lead_ms })
            });
            let demand = found.or_else(|| self.not_in_status(&sources, failure));
            if let Some(demand) = demand {
                let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
                wishes.push((demand, because, Some(failure.clone())));
            }
        }
    }

    fn moment(&self, failure: &Failure) -> Option<Moment> {
        let lexicon = self.gathering.lexicon;
        let says = |topic: &str| lexicon.speaks_of(topic, failure.says());
        let other = ["passcode", "token", "login-state", "password"];
        if failure.subjects.iter().any(|subject| other.contains(&subject.as_str()))
            || failure.classes.contains(&Class::NotLoggedIn)
        {
            return None;
        }
        match () {
            () if says("too-late") => Some(Moment::TooLate),
            () if says("not-begun") => Some(Moment::NotBegun),
            () if says("has-begun") => Some(Moment::Begun),
            () if says("has-ended") => Some(Moment::Ended),
            () => None,
        }
    }

    /// Whose times count: the record's own, or of what it is tied to or named by.
    fn timed(&self) -> Vec<Timed> {
        let mut sources: Vec<Timed> = Vec::new();
        let own = self.on.map(|on| on.collection);
        if let Some((on, id)) = self.on.and_then(|on| Some((on, on.id.clone()?))) {
            let records = &self.collections[on.collection];
            match &records.relation {
                Some(relation) => sources.push((relation.target, id, None)),
                None if self.operation() != Operation::Create => {
                    sources.push((on.collection, id.clone(), None));
                    let references = records.references.iter().filter(|reference| !reference.many);
                    sources.extend(references.map(|reference| {
                        (on.collection, id.clone(), Some((Arc::clone(&reference.field), reference.collection)))
                    }));
                }
                None => {}
            }
        }
        sources.extend(
            (0..self.inputs().len())
                .filter_map(|input| Some((self.referred(input, own)?, RecordId { input, via: None }, None))),
        );
        sources
    }

    fn time_of(&self, records: &Collection, moment: Moment, message: &str) -> Option<Arc<str>> {
        let lexicon = self.gathering.lexicon;
        let is_time = |field: &&ItemField| {
            field.initial != Initial::Now
                && !lexicon.is_named("created-at", &field.key)
                && !lexicon.is_named("updated-at", &field.key)
                && (records.time_form(field).is_some()
                    && (field.role == Role::Time || time_form(&field.example).is_some()))
        };
        let times: Vec<&ItemField> = records.fields.iter().filter(is_time).collect();
        let fits = |field: &ItemField, topic: &str| {
            lexicon.is_named(topic, &field.key)
                || (!field.words.is_empty() && lexicon.speaks_of(topic, label_head(&field.words)))
        };
        let of = |topic: &str| times.iter().copied().find(|field| fits(field, topic));
        let alone = || times.first().copied().filter(|_| times.len() == 1);
        let found = match moment {
            Moment::NotBegun | Moment::Begun => of("begins-at").or_else(alone),
            Moment::TooLate => of("closes-at").or_else(|| of("begins-at")).or_else(alone),
            Moment::Ended if lexicon.speaks_of("closing", message) => of("closes-at").or_else(|| of("ends-at")),
            Moment::Ended => {
                let ends = |field: &&ItemField| fits(field, "ends-at") && !fits(field, "closes-at");
                times.iter().copied().find(ends).or_else(|| of("ends-at")).or_else(|| of("closes-at"))
            }
        };
        found.map(|field| Arc::clone(&field.key))
    }

    /// `开始前2小时内不能取消`: how long before.
    fn lead(&self) -> i64 {
        let lexicon = self.gathering.lexicon;
        let notes = remarks(self.gathering.prose, self.endpoint()).map(|note| note.text.as_str());
        let said = notes.chain(self.failures().iter().map(|failure| failure.message.as_str()));
        let mut clauses = said.flat_map(|text| text.split(['，', ',', '。', ';', '；']));
        let stated = |clause: &str| {
            lexicon.speaks_of("ahead", clause).then(|| rule::time_span(clause, &lexicon.rules().times)).flatten()
        };
        clauses.find_map(stated).unwrap_or(0)
    }

    /// The status of what a request refers to, where a message names it.
    fn not_in_status(&self, sources: &[Timed], failure: &Failure) -> Option<Demand> {
        let own = self.on.map(|on| on.collection);
        let lexicon = self.gathering.lexicon;
        sources.iter().filter(|(collection, _, through)| Some(*collection) != own && through.is_none()).find_map(
            |(collection, id, _)| {
                self.collections[*collection].machines.iter().find_map(|machine| {
                    let (named, from): (Vec<_>, Vec<_>) =
                        machine.values.iter().partition(|value| moves::names(&failure.message, value, lexicon));
                    let from: Vec<Json> = from.into_iter().map(|value| value.value.clone()).collect();
                    (!named.is_empty() && !from.is_empty()).then(|| Demand::InState {
                        collection: *collection,
                        id: id.clone(),
                        field: Arc::clone(&machine.field),
                        from,
                    })
                })
            },
        )
    }

    /// How many may tie themselves to a record, and how often somebody may take of it, where fields say so.
    pub(in crate::behavior) fn places(&self, wishes: &mut Vec<Wish>) {
        let lexicon = self.gathering.lexicon;
        let Some(on) = self.on else { return };
        let records = &self.collections[on.collection];
        let ties = self.operation() == Operation::Toggle && records.relation.is_some();
        if !ties && self.operation() != Operation::Create {
            return;
        }
        // A row in which nothing stands shows no number either.
        let number = |field: &&ItemField| {
            field.example.scalar_text().is_some_and(|text| text.is_empty() || text.parse::<u32>().is_ok())
        };
        let called = |collection: usize, topic: &str| {
            let mut fields = self.collections[collection].fields.iter().filter(number);
            let found = fields.find(|field| {
                lexicon.is_named(topic, &field.key)
                    || (!field.words.is_empty() && lexicon.speaks_of(topic, label_head(&field.words)))
            });
            found.map(|field| Arc::clone(&field.key))
        };
        let because =
            |failure: &Failure| Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        if let (true, Some(relation), Some(id)) = (ties, &records.relation, &on.id) {
            let full = self.failures().iter().find(|failure| failure.classes.contains(&Class::Insufficient));
            if let (Some(failure), Some(most)) = (full, called(relation.target, "capacity")) {
                let words = lexicon.verbs().relations().find(|(name, _)| *name == relation.name);
                let taken = self.collections[relation.target].fields.iter().filter(|field| field.key != most);
                let mut taken = taken.filter(|field| {
                    let name = crate::lexicon::compact(&field.key);
                    words.is_some_and(|(_, words)| words.counts.contains(&name))
                });
                let taken = taken.next().map(|field| Arc::clone(&field.key));
                let demand = Demand::Places { relation: on.collection, id: id.clone(), most, taken };
                wishes.push((demand, because(failure), Some(failure.clone())));
            }
            return;
        }
        let each = self.failures().iter().find(|failure| lexicon.speaks_of("each-person", failure.says()));
        let Some(failure) = each else { return };
        let named = (0..self.inputs().len()).find_map(|input| {
            let target = self.referred(input, Some(on.collection))?;
            let reference = records.references.iter().find(|reference| reference.collection == target)?;
            Some((input, target, Arc::clone(&reference.field)))
        });
        let Some((input, target, field)) = named else { return };
        let most = called(target, "per-person");
        let demand = Demand::FewerThan { collection: on.collection, field, target, input, most };
        wishes.push((demand, because(failure), Some(failure.clone())));
    }
}
