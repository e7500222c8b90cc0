//! Records that one account makes and another takes up, where all accounts are alike: whoever published an errand confirms
//! what whoever took it has delivered. `taker: null` until somebody does.
//!
//! In: a collection with its endpoints. Out: its taker, and for each endpoint which of the two it is for. What several kinds of
//! accounts do is found elsewhere.

use super::parties::{Sides, does};
use super::people;
use super::takers::{Naming, TAKEN_BY, Taker, TakerPart};
use crate::behavior::collection::items::gather::{Gathering, is_mine};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::lists::listing::Listing;
use crate::behavior::collection::machine::moves;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, Initial, ItemField, OnRecords, Party};
use crate::behavior::enumeration;
use crate::behavior::failure::Failure;
use crate::behavior::operation::{path_of, split_words};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Confidence, Demand, Effect, Evidence};
use crate::json::Json;
use crate::lexicon::{Class, Operation, compact, label_head};
use std::sync::Arc;

/// The deed by which somebody takes a record.
struct Take {
    endpoint: usize,
    field: Arc<str>,
    free: Vec<Json>,
    because: Evidence,
}

/// An input that asks for what one made, or for what one took: `role  1我发布的 2我接的`.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub input: usize,
    pub values: Vec<(String, Party)>,
    /// What is shown where nothing is sent.
    pub default: Party,
}

impl Listing<'_> {
    /// The input of a list of one's own that says of which of the two parties.
    pub(in crate::behavior::collection) fn side_asked(&self) -> Option<Asked> {
        let collection = &self.collections[self.on.collection];
        let apart = collection.taker.as_ref().is_some_and(|taker| taker.kind.is_some() || taker.appointed);
        if apart || self.on.party != Party::Maker {
            return None;
        }
        let (makers, others): (&[&str], &[&str]) = match (&collection.taker, &collection.counterpart) {
            (Some(_), _) => (&["made-by-me", "publisher-side"], &["taken-by-me", "taker-side"]),
            // `1我买的 2我卖的`
            (None, Some(_)) => (&["maker-party", "bought-word"], &["others-made", "other-party"]),
            (None, None) => return None,
        };
        let rules = &self.lexicon.rules().enumerations;
        self.endpoint.params.iter().enumerate().find_map(|(input, param)| {
            let words = param.all_words();
            let items = enumeration::read(&words, rules);
            let party = |item: &enumeration::Item| {
                let says = |topic: &str| self.lexicon.speaks_of(topic, &item.words);
                let named = |topic: &str| self.lexicon.is_named(topic, &item.value);
                let is_of = |topics: &[&str]| topics.iter().any(|topic| says(topic) || named(topic));
                let (made, took) = (is_of(makers), is_of(others));
                match (made, took) {
                    (true, false) => Some(Party::Maker),
                    (false, true) => Some(Party::Other),
                    _ => None,
                }
            };
            let known = items.iter().filter_map(|item| Some((item.value.clone(), party(item)?)));
            let mut values: Vec<(String, Party)> = known.collect();
            let has = |wanted: Party| values.iter().any(|(_, party)| *party == wanted);
            if !has(Party::Maker) && !has(Party::Other) {
                return None;
            }
            // Of two, the other is the other's.
            if let ([(_, party)], 2) = (&values[..], items.len()) {
                let other = if *party == Party::Maker { Party::Other } else { Party::Maker };
                let left = items.iter().find(|item| values.iter().all(|(value, _)| *value != item.value))?;
                values.push((left.value.clone(), other));
            }
            let default = enumeration::default(&words, &items, rules);
            let default = default.and_then(|text| values.iter().find(|(value, _)| *value == text).cloned());
            Some(Asked { input, values, default: default.map_or(Party::Both, |(_, party)| party) })
        })
    }
}

/// So many signs tell that a deed takes what another made, where no failure says that nobody takes their own.
const SIGNS: usize = 2;

impl Gathering<'_> {
    /// Finds who takes the records of a collection, and whose each of its endpoints is.
    pub(in crate::behavior::collection) fn settle_peers(
        &self,
        group: &Group,
        collection: &mut Collection,
        on_records: &mut [Option<OnRecords>],
        told_private: bool,
    ) {
        let Some(take) = self.take(group, collection) else { return };
        let sides = self.sides(group, take.endpoint);
        let mut hall = false;
        for &at in &group.endpoints {
            let party = if at == take.endpoint { Party::Anybody } else { self.peer(at, &sides, collection, &take) };
            hall |= self.operations[at] == Operation::List
                && party == Party::Maker
                && !is_mine(self.endpoint(at), self.lexicon)
                && !self.is_said("made-by-me", at);
            if let Some(on) = &mut on_records[at] {
                on.party = party;
            }
        }
        if hall && !told_private {
            collection.private = false;
        }
        let (field, shown) = self.taker_fields(group, &sides, collection);
        // Of a driver and a passenger, one is who made it where the other is who took it.
        let is_side = |first: &String| self.lexicon.is_named("either-side", first);
        let firsts = |key: &str| split_words(key).into_iter().next().filter(is_side);
        let taker = firsts(&field).or_else(|| shown.iter().find_map(|(key, _)| firsts(key)));
        let maker = collection.fields.iter().filter_map(|field| firsts(&field.key));
        let maker = taker.and_then(|taker| maker.into_iter().find(|first| *first != taker));
        let lists = group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::List);
        let pools = lists.filter_map(|at| Some((at, self.peers_pool(at, collection, &take)?))).collect();
        collection.taker = Some(Taker {
            kind: None,
            appointed: false,
            field,
            free: Some((take.field, take.free)),
            shown,
            maker,
            takes: vec![take.endpoint],
            pools,
            because: take.because,
        });
    }

    fn take(&self, group: &Group, collection: &Collection) -> Option<Take> {
        let other = collection.relation.is_some() || collection.recipient.is_some() || collection.taker.is_some();
        if !collection.owned || other || !self.accounts.any || collection.machines.is_empty() {
            return None;
        }
        let kinds = self.accounts.kinds.as_ref();
        let alike = |at: &usize| kinds.is_none_or(|kinds| kinds.caller(*at).is_none());
        let deeds = || group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Transition);
        if !deeds().any(|at| alike(&at) && self.may_take(at)) {
            return None;
        }
        let made = |at: &usize| matches!(self.operations[*at], Operation::Create | Operation::Save);
        let creators: Vec<usize> = group.endpoints.iter().copied().filter(made).collect();
        let mut begun = collection.clone();
        moves::settle_initials(self, group, &mut begun, &creators);
        let collection = &begun;
        let is_oneself = |failure: &Failure| failure.classes.first() == Some(&Class::Oneself);
        let mut taking: Vec<usize> = deeds().filter(alike).collect();
        // What nobody may do to their own takes it before anything else does.
        taking.sort_by_key(|at| !self.chooser.catalog.own[*at].iter().any(is_oneself));
        taking.into_iter().find_map(|at| {
            let made = self.movement(at, collection)?;
            let machine = collection.machine(&made.field)?;
            if !made.from.contains(&machine.initial) {
                return None;
            }
            let failures = &self.chooser.catalog.own[at];
            let oneself = failures.iter().find(|failure| failure.classes.first() == Some(&Class::Oneself));
            let another = failures.iter().any(|failure| self.lexicon.speaks_of("taken-by-another", failure.says()));
            let called = |field: &ItemField| {
                let first = split_words(&field.key).into_iter().next().unwrap_or_default();
                self.lexicon.is_named("taker-side", &field.key)
                    || self.lexicon.is_named("taker-side", &first)
                    || self.lexicon.begins_with("taker-side", label_head(&field.words))
            };
            let shown = collection.fields.iter().any(called);
            let sides = Sides::peers(self.lexicon);
            let others = deeds().any(|other| other != at && self.told_peer(other, &sides) == Some(Party::Other));
            let titled = self.is_said("takes-up", at);
            // `预订`, `拍下`: nobody buys what is their own, and all see what is on sale.
            let bought = !collection.private && self.is_said("buys-up", at);
            let signs = [another, shown, others, titled, self.says_not_own(at), bought, bought];
            let signs = signs.into_iter().filter(|sign| *sign).count();
            if oneself.is_none() && signs < SIGNS {
                return None;
            }
            let because = match oneself {
                Some(failure) => Evidence::new(
                    format!("`{}`: others take what one has made", failure.message),
                    failure.place,
                    Confidence::Certain,
                ),
                None => Evidence::new(
                    "others take what one has made",
                    self.endpoint(at).title_place.unwrap_or(self.endpoint(at).place),
                    Confidence::Likely,
                ),
            };
            Some(Take { endpoint: at, field: made.field, free: made.from, because })
        })
    }

    /// Whether anything about a deed speaks of taking, before more is looked at.
    fn may_take(&self, at: usize) -> bool {
        let speaks = |failure: &Failure| {
            failure.classes.first() == Some(&Class::Oneself)
                || self.lexicon.speaks_of("taken-by-another", failure.says())
        };
        self.chooser.catalog.own[at].iter().any(speaks) || self.is_said("takes-up", at) || self.is_said("buys-up", at)
    }

    /// Whether a remark says that nobody takes their own.
    fn says_not_own(&self, at: usize) -> bool {
        let mut notes = remarks(self.prose, self.endpoint(at));
        notes.any(|note| self.lexicon.meaning(&note.text).classes.first() == Some(&Class::Oneself))
    }

    /// Whether the title, or the path, has a word of the topic.
    pub(in crate::behavior::collection) fn is_said(&self, topic: &str, at: usize) -> bool {
        let endpoint = self.endpoint(at);
        self.lexicon.speaks_of(topic, &endpoint.title)
            || path_of(endpoint).iter().any(|word| self.lexicon.is_named(topic, word))
    }

    /// What the two are called: a driver offers a seat in one document, and is looked for in another.
    fn sides(&self, group: &Group, take: usize) -> Sides<'_> {
        let word = |at: usize| {
            let endpoint = self.endpoint(at);
            let notes = remarks(self.prose, endpoint).map(|note| note.text.as_str());
            let mut texts = std::iter::once(endpoint.title.as_str()).chain(notes);
            texts.find_map(|text| self.lexicon.word_of("either-side", text))
        };
        let makes = |at: &&usize| matches!(self.operations[**at], Operation::Create | Operation::Save);
        let others: Vec<&str> = word(take).into_iter().collect();
        let makers = group.endpoints.iter().filter(makes).filter_map(|at| word(*at));
        let makers = makers.filter(|word| !others.contains(word)).collect();
        Sides { others, makers, ..Sides::peers(self.lexicon) }
    }

    /// `我揽的活` beside 揽活: a list of one's own that is called after the deed, and not after what is taken.
    fn is_taken_list(&self, at: usize, take: usize) -> bool {
        let (own, deed) = (self.endpoint(at), self.endpoint(take));
        let thing = |c: char| self.nouns[at].title.contains(c);
        let is_of_deed = |c: char| !c.is_ascii() && c.is_alphabetic() && deed.title.contains(c) && !thing(c);
        is_mine(own, self.lexicon) && bare(&own.title).chars().any(|c| is_of_deed(c) && bare(&deed.title).contains(c))
    }

    /// Whose an endpoint is.
    fn peer(&self, at: usize, sides: &Sides<'_>, collection: &Collection, take: &Take) -> Party {
        match self.operations[at] {
            Operation::List if self.is_said("made-by-me", at) => Party::Maker,
            Operation::List if self.is_said("taken-by-me", at) || self.is_taken_list(at, take.endpoint) => Party::Other,
            Operation::Update | Operation::Delete => self.told_peer(at, sides).unwrap_or_default(),
            Operation::Transition => self.told_peer(at, sides).unwrap_or_else(|| self.usual_peer(at, collection, take)),
            _ => Party::Maker,
        }
    }

    /// As remarks and refusals say.
    pub(in crate::behavior::collection) fn told_peer(&self, at: usize, sides: &Sides<'_>) -> Option<Party> {
        let lexicon = self.lexicon;
        let clauses = remarks(self.prose, self.endpoint(at)).flat_map(|note| super::parties::clauses(&note.text));
        let mut found = None;
        for clause in clauses {
            let other = sides.other_in(clause).is_some_and(|word| does(clause, word, lexicon));
            let maker = sides.maker_in(clause).is_some_and(|word| does(clause, word, lexicon));
            let named = sides.other_in(clause).is_some() && sides.maker_in(clause).is_some();
            let says = |topic: &str| lexicon.speaks_of(topic, clause);
            let may = says("party-both") && says("party-may") && !says("party-refused");
            if says("both-parties") || (named && (other || maker || may)) {
                return Some(Party::Both);
            }
            found = found.or(other.then_some(Party::Other)).or(maker.then_some(Party::Maker));
        }
        let refusals = self.chooser.catalog.own[at].iter();
        let mut refusals = refusals.filter(|failure| failure.classes.first() == Some(&Class::NotYours)).peekable();
        if found.is_some() || refusals.peek().is_none() {
            return found;
        }
        let (mut other, mut maker) = (false, false);
        for failure in refusals {
            let said = |topic: &str| lexicon.speaks_of(topic, failure.says());
            other |= sides.other_in(&failure.message).is_some() || said("taken-by-me");
            maker |= sides.maker_in(&failure.message).is_some() || said("made-by-me");
            if said("both-parties") {
                return Some(Party::Both);
            }
        }
        match (other, maker) {
            (true, true) => Some(Party::Both),
            (true, false) => Some(Party::Other),
            (false, true) => Some(Party::Maker),
            (false, false) => None,
        }
    }

    /// Where nothing says whose a deed is: what can be done before anybody has taken it, and what accepts the work, is its
    /// maker's; the work is the taker's. Where nobody is refused, it is either's.
    fn usual_peer(&self, at: usize, collection: &Collection, take: &Take) -> Party {
        let Some(made) = self.movement(at, collection) else { return Party::Maker };
        if made.from.iter().any(|value| take.free.contains(value)) {
            return Party::Maker;
        }
        let refuses = |failure: &Failure| failure.classes.contains(&Class::NotYours);
        if !self.chooser.catalog.own[at].iter().any(refuses) {
            return Party::Both;
        }
        if self.is_said("maker-deed", at) {
            Party::Maker
        } else if self.is_said("taker-deed", at) {
            Party::Other
        } else {
            Party::Both
        }
    }

    /// The field that keeps who took a record, and those that show it.
    fn taker_fields(
        &self,
        group: &Group,
        sides: &Sides<'_>,
        collection: &mut Collection,
    ) -> (Arc<str>, Vec<(Arc<str>, TakerPart)>) {
        let of = |wanted: &[Operation]| -> Vec<usize> {
            group.endpoints.iter().copied().filter(|at| wanted.contains(&self.operations[*at])).collect()
        };
        let makers = of(&[Operation::Create, Operation::Save]);
        let is_sent = |key: &str| {
            makers.iter().any(|at| self.inputs[*at].iter().any(|input| compact(&input.name) == compact(key)))
        };
        let sights = self.sights(group);
        let is_null = |key: &str| sights.iter().any(|sight| sight.item.get(key) == Some(&Json::Null));
        // `"passenger_id": "0"` while there is none.
        let is_nobody = |key: &str| {
            let shown = || sights.iter().filter_map(|sight| sight.item.get(key));
            shown().any(|value| *value == Json::Null || matches!(value.scalar_text(), Some("" | "0")))
        };
        // Whoever takes is what an example shows as nobody yet, where it is somebody in another or there is an id of it: `mender`
        // beside `mender_id`.
        let first = |key: &str| split_words(key).into_iter().next().unwrap_or_default();
        let called = |topic: &str, field: &ItemField| self.lexicon.is_named(topic, &first(&field.key));
        let nobody = || collection.fields.iter().filter(|field| is_nobody(&field.key) && !is_sent(&field.key));
        let by_name = nobody().find(|field| called("either-side", field));
        let told = collection.fields.iter().any(|field| called("taker-side", field) && !is_sent(&field.key));
        let by_shape = || {
            let mut found = nobody().filter(|field| is_null(&field.key) && collection.reference(&field.key).is_none());
            found.find(|field| {
                let beside = |other: &ItemField| first(&other.key) == first(&field.key) && shape::is_id(&other.key);
                field.key.as_ref() == first(&field.key)
                    && (people::is_somebody(&field.example, self.lexicon) || nobody().any(beside))
            })
        };
        let value = by_name.or_else(|| by_shape().filter(|_| !told)).map(|field| first(&field.key));
        let registers = (0..self.operations.len()).filter(|at| self.operations[*at] == Operation::Register);
        let asked: Vec<_> = registers.flat_map(|at| &self.inputs[at]).collect();
        let words = Naming {
            called: Some("taker-side"),
            value: value.as_deref().unwrap_or_default(),
            own: sides.others.first().copied().unwrap_or_default(),
            lexicon: self.lexicon,
            accounts: self.accounts,
            asked: &asked,
        };
        // What nobody has taken yet is shown as null; whoever took it is shown as whoever made it is.
        let author = collection.fields.iter().find(|field| {
            people::is_of_author(&field.key, self.lexicon) || people::is_somebody(&field.example, self.lexicon)
        });
        let author = author.map(|field| field.example.clone());
        let id_form = self.accounts.id.clone().unwrap_or_else(|| Json::string(""));
        let (mut kept, mut shown): (Option<Arc<str>>, Vec<_>) = (None, Vec::new());
        for field in collection.fields.iter_mut().filter(|field| !is_sent(&field.key)) {
            let names = split_words(&field.key);
            let is_id = shape::is_id(&field.key);
            let stem = crate::behavior::collection::nouns::noun::id_stem(&field.key).filter(|_| is_id);
            let whole = names.len() == 1 && words.is_kind(&names[0]);
            if is_id && stem.is_some_and(|stem| words.is_kind(&stem)) && kept.is_none() {
                if field.example == Json::Null {
                    field.example = id_form.clone();
                }
                kept = Some(Arc::clone(&field.key));
            } else if let (true, Json::Null, Some(example)) = (whole, &field.example, &author) {
                field.example = example.clone();
            }
            if kept.as_ref() != Some(&field.key)
                && let Some(part) = words.part(field)
            {
                shown.push((Arc::clone(&field.key), part));
            } else if kept.as_ref() != Some(&field.key) {
                continue;
            }
            let shown = || sights.iter().filter_map(|sight| sight.item.get(&field.key));
            let before = shown().find(|value| matches!(value.scalar_text(), Some("" | "0"))).cloned();
            if is_null(&field.key) {
                field.initial = Initial::Value(Json::Null);
            } else if let Some(before) = before {
                field.initial = Initial::Value(before);
            } else {
                field.initial = Initial::Value(field.example.emptied());
            }
        }
        (kept.unwrap_or_else(|| TAKEN_BY.into()), shown)
    }

    /// The statuses of which words say that a list has only these.
    fn peers_pool(&self, at: usize, collection: &Collection, take: &Take) -> Option<Vec<Json>> {
        let endpoint = self.endpoint(at);
        let machine = collection.machine(&take.field)?;
        let filters = self.inputs[at].iter().any(|input| compact(&input.name) == compact(&take.field));
        if filters || is_mine(endpoint, self.lexicon) || self.is_said("taken-by-me", at) {
            return None;
        }
        let said: Vec<&str> = std::iter::once(endpoint.title.as_str())
            .chain(remarks(self.prose, endpoint).map(|note| note.text.as_str()))
            .collect();
        let named =
            machine.values.iter().filter(|value| said.iter().any(|text| moves::names(text, value, self.lexicon)));
        let named: Vec<Json> = named.map(|value| value.value.clone()).collect();
        let open = said.iter().any(|text| self.lexicon.speaks_of("not-taken-yet", text))
            || path_of(endpoint).iter().any(|word| self.lexicon.is_named("not-taken-yet", word));
        match (named.is_empty(), open) {
            (false, _) if named.len() < machine.values.len() => Some(named),
            (true, true) => Some(take.free.clone()),
            _ => None,
        }
    }
}

/// A title without what stands in brackets: `我接的单【需登录】`.
fn bare(title: &str) -> &str {
    title.split(['(', '（', '【', '[']).next().unwrap_or(title)
}

impl Records<'_> {
    /// Nobody takes their own.
    pub(in crate::behavior) fn not_own_taken(&self, wishes: &mut Vec<Wish>) {
        let Some((collection, id)) = self.taken_by_anybody() else { return };
        let oneself = |failure: &&Failure| failure.classes.first() == Some(&Class::Oneself);
        let failure = self.failures().iter().find(oneself);
        let (because, failure) = match failure {
            Some(failure) => {
                let text = format!("`{}`", failure.message);
                (Evidence::new(text, failure.place, Confidence::Certain), Some(failure.clone()))
            }
            None if self.gathering.says_not_own(self.at) => {
                (self.because("a remark says that nobody takes their own"), self.any_permission())
            }
            None => return,
        };
        wishes.push((Demand::NotOwn { collection, id: id.clone() }, because, failure));
    }

    /// The record that anybody may take, where the endpoint does that.
    fn taken_by_anybody(&self) -> Option<(usize, &crate::behavior::collection::RecordId)> {
        let on = self.on.filter(|on| on.party == Party::Anybody)?;
        Some((on.collection, on.id.as_ref()?))
    }

    /// Whoever calls takes a record, or gives it back.
    pub(in crate::behavior::collection) fn passing(&self) -> Option<Effect> {
        let on = self.on?;
        let known =
            self.collections[on.collection].taker.as_ref().filter(|taker| taker.kind.is_none() && !taker.appointed)?;
        let (collection, id) = (on.collection, on.id.clone()?);
        if let Some((collection, id)) = self.taken_by_anybody() {
            let action = Action::TakeRecord { collection, id: id.clone() };
            return Some(Effect { action, because: known.because.clone() });
        }
        let made = self.movement().filter(|_| self.operation() == Operation::Transition)?;
        let (field, free) = known.free.as_ref()?;
        let gives_back = made.field == *field && free.contains(&made.to);
        let because = self.because("what nobody has taken any more is free");
        gives_back.then_some(Effect { action: Action::LeaveRecord { collection, id }, because })
    }
}
