//! What goes on from one time to another, of which no two may go on at once: `该时段已被占用`, `预约时间冲突`, `the room is booked then`.
//!
//! In: what a creation takes, and the failures that say that something is taken. Out: a demand on the two times and on what has to
//! be alike for two to be in each other's way: the thing and the day. Told by flow and shape: a time that begins and one that ends,
//! or one that begins and how long.

use crate::behavior::collection::ends::unit_of;
use crate::behavior::collection::items::gather::{Gathering, is_data, key_for};
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, RecordId};
use crate::behavior::failure::Failure;
use crate::behavior::inputs::date::{self, Unit};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence, Input};
use crate::lexicon::{Class, Operation, Role, compact, label_head};
use std::sync::Arc;

/// No other standing record that is alike goes on at the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart {
    pub collection: usize,
    /// Fields that two have alike that are in each other's way, with their inputs.
    pub alike: Vec<(Arc<str>, usize)>,
    /// Only the caller's own are.
    pub own: bool,
    pub from: (Arc<str>, usize),
    pub until: Until,
    /// The record that is being changed.
    pub id: Option<RecordId>,
}

/// When something is over.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// At the time that a field says; of a last day all of it counts.
    At { field: Arc<str>, input: usize, last_day: bool },
    /// So long after it began.
    For { field: Arc<str>, input: usize, unit: i64 },
}

/// The two inputs.
#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: End,
}

#[derive(Clone, Copy)]
enum End {
    At(usize),
    For(usize, i64),
}

impl Apart {
    /// The inputs that say of what, from when and until when.
    pub fn inputs(&self) -> impl Iterator<Item = usize> {
        let (Until::At { input, .. } | Until::For { input, .. }) = &self.until;
        self.alike.iter().map(|(_, input)| *input).chain([self.from.1, *input])
    }

    /// The inputs of which another value is another time: the day, else both ends.
    pub fn days(&self, named: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let day = self.alike.iter().map(|(_, input)| *input).find(|input| !named(*input));
        let end = match &self.until {
            Until::At { input, .. } => Some(*input),
            Until::For { .. } => None,
        };
        day.map_or_else(|| std::iter::once(self.from.1).chain(end).collect(), |day| vec![day])
    }
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A day, an hour of a day (`09:30`, `9`) or both, in milliseconds; of hours alone those since midnight.
pub fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(known) = date::instant(&crate::json::Json::string(text)) {
        return Some(known);
    }
    let mut parts = text.split(':');
    let mut number =
        || parts.next().map(|part| part.parse::<i64>().ok().filter(|number| (0..=10_000).contains(number)));
    let hours = number()??;
    let minutes = number().map_or(Some(0), |part| part)?;
    let seconds = number().map_or(Some(0), |part| part)?;
    parts.next().is_none().then_some(hours * HOUR + minutes * MINUTE + seconds * 1000)
}

/// Whether a text is a day without an hour.
pub fn is_day(text: &str) -> bool {
    text.trim().len() == 10
        && !text.contains(':')
        && date::instant(&crate::json::Json::string(text.trim())).is_some()
        && text.contains(|c: char| !c.is_ascii_digit())
}

/// When a last day is over.
pub fn day_after(at: i64) -> i64 {
    at.saturating_add(DAY)
}

impl Gathering<'_> {
    /// The times between which a new record goes on.
    fn span(&self, at: usize) -> Option<Span> {
        let lexicon = self.lexicon;
        let inputs = &self.inputs[at];
        let params = &self.endpoint(at).params;
        let sample = |number: usize| params.get(number).and_then(|param| param.default.as_deref()).unwrap_or_default();
        let is_time = |number: usize| {
            let input = &inputs[number];
            let shown = sample(number);
            let clock = shown.contains(':') || shown.len() >= 10;
            let hour = || lexicon.speaks_of("hour-of-day", label_head(&input.label));
            !input.discriminates
                && is_data(input, true)
                && (input.word == Role::Time
                    || (clock && moment(shown).is_some())
                    || (moment(shown).is_some() && hour()))
        };
        let side = |topic: &str, input: &Input| {
            lexicon.speaks_of(topic, label_head(&input.label)) || lexicon.speaks_of(topic, &compact(&input.name))
        };
        let of = |topic: &str, other: &str| {
            let fits =
                |number: &usize| is_time(*number) && side(topic, &inputs[*number]) && !side(other, &inputs[*number]);
            let named =
                |number: &usize| fits(number) || (is_time(*number) && lexicon.is_named(topic, &inputs[*number].name));
            let mut found = (0..inputs.len()).filter(|number| named(number));
            let first = found.next()?;
            found.next().is_none().then_some(first)
        };
        let from = of("span-begins", "span-ends");
        if let (Some(from), Some(to)) = (from, of("span-ends", "span-begins")) {
            return (from != to).then_some(Span { from, to: End::At(to) });
        }
        // `start=14:00`, `hours=2`
        let from = from.or_else(|| {
            let mut times = (0..inputs.len()).filter(|number| is_time(*number) && sample(*number).contains(':'));
            times.next().filter(|_| times.next().is_none())
        })?;
        let long = (0..inputs.len()).filter(|number| inputs[*number].required).find_map(|number| {
            let unit = match unit_of(&inputs[number], lexicon)? {
                Unit::Minute => MINUTE,
                Unit::Hour => HOUR,
                Unit::Day => DAY,
                _ => return None,
            };
            Some(End::For(number, unit))
        });
        Some(Span { from, to: long? })
    }

    /// What a failure says that two records cannot have at once, where they go on for a time.
    pub(in crate::behavior) fn goes_on(&self, at: usize, failure: &Failure, collection: &Collection) -> bool {
        self.speaks_of_span(failure, false) && self.is_of_span(at, failure, collection) && self.span(at).is_some()
    }

    /// `活动名称已被使用` is said of a name, whatever goes on from when to when.
    fn is_of_span(&self, at: usize, failure: &Failure, collection: &Collection) -> bool {
        let other = |number: &usize| {
            let input = &self.inputs[at][*number];
            let timed = input.word == Role::Time || collection.reference(&input.name).is_some();
            let side = |text: &str| {
                ["span-begins", "span-ends", "slot-of-day", "hour-of-day"]
                    .iter()
                    .any(|topic| self.lexicon.speaks_of(topic, text))
            };
            !timed
                && !side(label_head(&input.label))
                && !side(&compact(&input.name))
                && !crate::behavior::collection::has_day(input)
        };
        !self.chooser.named_inputs(at, failure.says()).iter().any(other)
    }

    /// Whether a failure says that something is taken, or that two are in each other's way; of all endpoints' failures only one
    /// that says so of a time.
    fn speaks_of_span(&self, failure: &Failure, shared: bool) -> bool {
        let says = |topic: &str| self.lexicon.speaks_of(topic, failure.says());
        let open = !matches!(
            failure.classes.first(),
            Some(Class::NotLoggedIn | Class::Missing | Class::NotFound | Class::BadCredentials | Class::IdentityExists)
        );
        open && says("slot-taken") && (!shared || says("slot-of-day") || says("spans-cross"))
    }
}

impl Records<'_> {
    /// That nothing alike goes on at the same time, and that what ends does not end before it begins.
    pub(in crate::behavior) fn apart(&self, wishes: &mut Vec<Wish>) {
        let makes = matches!(self.operation(), Operation::Create | Operation::Save | Operation::Update);
        let Some(on) = self.on.filter(|_| makes) else { return };
        let gathering = self.gathering;
        let records = &self.collections[on.collection];
        let taken = |failure: &&Failure| {
            gathering.speaks_of_span(failure, false) && gathering.is_of_span(self.at, failure, records)
        };
        let shared = || {
            let mut all = gathering.chooser.catalog.shared.iter();
            all.find(|failure| gathering.speaks_of_span(failure, true))
        };
        let Some(failure) = self.failures().iter().find(taken).or_else(shared) else { return };
        let Some(span) = gathering.span(self.at) else { return };
        let key = |input: usize| {
            let input = &self.inputs()[input];
            key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name))
        };
        let until = match span.to {
            End::At(input) => Until::At { field: key(input), input, last_day: self.counts_last_day(input) },
            End::For(input, unit) => Until::For { field: key(input), input, unit },
        };
        if let Until::At { input, last_day, .. } = &until {
            let known = wishes.iter().any(|(demand, ..)| matches!(demand, Demand::InOrder { .. }));
            let told = |failure: &Failure| failure.classes.first() == Some(&Class::Malformed);
            let tells = self.failures().iter().chain(&gathering.chooser.catalog.shared).any(told);
            if !known && tells {
                let because = self.because("what goes on ends after it begins");
                wishes.push((Demand::InOrder { first: span.from, second: *input, strict: !last_day }, because, None));
            }
        }
        let own = gathering.lexicon.speaks_of("to-the-caller", &failure.message);
        let mut alike = if own { Vec::new() } else { self.things_taken(records, failure) };
        let others =
            |input: &usize| *input != span.from && !matches!(span.to, End::At(end) | End::For(end, _) if end == *input);
        let is_day = |input: &usize| {
            self.inputs()[*input].required && crate::behavior::collection::has_day(&self.inputs()[*input])
        };
        alike.extend((0..self.inputs().len()).filter(others).filter(is_day));
        let alike: Vec<(Arc<str>, usize)> = alike.into_iter().map(|input| (key(input), input)).collect();
        let refers = alike.iter().any(|(_, input)| records.reference(&self.inputs()[*input].name).is_some());
        let own = own || (records.private && !refers);
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let from = (key(span.from), span.from);
        let apart = Apart { collection: on.collection, alike, own, from, until, id: on.id.clone() };
        wishes.push((Demand::Apart(Box::new(apart)), because, Some(failure.clone())));
    }

    /// What is taken: what the failure names, else what all can have, else all that the record names and is nobody's own.
    fn things_taken(&self, records: &Collection, failure: &Failure) -> Vec<usize> {
        let named: Vec<(usize, usize)> = (0..self.inputs().len())
            .filter(|input| self.inputs()[*input].required)
            .filter_map(|input| Some((input, records.reference(&self.inputs()[input].name)?.collection)))
            .filter(|(_, collection)| !self.collections[*collection].private)
            .collect();
        let spoken = |collection: &usize| {
            let mut titles = self.collections[*collection].titles.iter().filter(|title| title.chars().count() > 1);
            titles.any(|title| failure.message.contains(title.as_str()))
        };
        let pick = |fits: &dyn Fn(&usize) -> bool| -> Vec<usize> {
            named.iter().filter(|(_, collection)| fits(collection)).map(|(input, _)| *input).collect()
        };
        let offered = |collection: &usize| !self.collections[*collection].owned;
        [pick(&spoken), pick(&offered), pick(&|_| true)].into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Of what ends on a day: nobody leaves a room and another is kept out of it on that day.
    fn counts_last_day(&self, input: usize) -> bool {
        let lexicon = self.gathering.lexicon;
        let input = &self.inputs()[input];
        let leaves =
            lexicon.speaks_of("span-leaves", label_head(&input.label)) || lexicon.is_named("span-leaves", &input.name);
        let mut notes = remarks(self.gathering.prose, self.endpoint());
        !leaves && !notes.any(|note| lexicon.speaks_of("span-leaves-open", &note.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_however_they_are_written() {
        assert_eq!(moment("09:30"), Some(9 * HOUR + 30 * MINUTE));
        assert_eq!(moment("9"), Some(9 * HOUR));
        assert_eq!(moment("24:00"), Some(DAY));
        assert_eq!(moment("2030-03-01").map(|at| at % DAY), Some(0));
        assert_eq!(
            moment("2030-03-01 08:00").zip(moment("2030-03-01")).map(|(one, other)| one - other),
            Some(8 * HOUR)
        );
        assert_eq!(moment("later"), None);
        assert_eq!(moment("1:2:3:4"), None);
        assert!(is_day("2030/03/01") && !is_day("1234567890") && !is_day("2030-03-01 08:00"));
    }
}
