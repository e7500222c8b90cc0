//! Records that no endpoint makes and the system writes for somebody when another endpoint is called: messages and notices.
//!
//! In: the sentences that tell of them (`工单被受理、完工的时候，系统各给业主发一条消息`), the kinds that an example's comment lists, and
//! the deeds of all endpoints. Out: which endpoint writes what for whom.

pub(super) mod notice_words;
pub(super) mod reading;
pub(super) mod written;

use super::collection::items::example_forms::is_flag;
use super::collection::items::gather::Gathering;
use super::collection::prose::{remarks, sentences};
use super::collection::{Collection, Initial, OnRecords, TakerPart};
use super::operation::deeds::Deeds;
use super::{Action, Auth, Confidence, Effect, Evidence};
use crate::json::Json;
use crate::lexicon::{Operation, Role, label_head};
use crate::source::Place;
use notice_words::{in_words_of, unquoted};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What the system writes after a deed.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub collection: usize,
    pub to: To,
    /// Nobody is told of what they did themselves.
    pub of_others: bool,
    /// Values as they stand.
    pub fields: Vec<(Arc<str>, Json)>,
    /// Fields that name what the deed was done to, or what that names.
    pub about: Vec<(Arc<str>, About)>,
    /// Fields that show who did it.
    pub actor: Vec<(Arc<str>, TakerPart)>,
    /// What the example calls them, to be replaced in the words.
    pub called: Option<(String, TakerPart)>,
}

/// Whom it is for.
#[derive(Clone, Debug, PartialEq)]
pub enum To {
    /// Whoever the record belongs to, or is.
    Owner,
    /// Whoever the record of that collection belongs to that a field of this one names.
    OwnerOf(usize, Arc<str>),
    Caller,
}

#[derive(Clone, Debug, PartialEq)]
pub enum About {
    Itself,
    Field(Arc<str>),
}

/// What is said of notices: a sentence with its place, and the endpoint that it stands at.
struct Told<'a> {
    text: &'a str,
    place: Place,
    at: Option<usize>,
}

/// The effects of each endpoint that writes for another, and the collections that are written so.
pub(super) fn notices(
    gathering: &Gathering<'_>,
    collections: &mut [Collection],
    on_records: &[Option<OnRecords>],
) -> HashMap<usize, Vec<Effect>> {
    let mut all: HashMap<usize, Vec<Effect>> = HashMap::new();
    let written: Vec<usize> =
        (0..gathering.groups.len()).filter(|at| is_written(gathering, *at, &collections[*at])).collect();
    let counting =
        gathering.accounts.fields.iter().any(|field| gathering.lexicon.speaks_of("counts-deeds", &field.words));
    if !gathering.accounts.any || (written.is_empty() && !counting) {
        return all;
    }
    let deeds = Deeds::new(gathering);
    for (at, effect) in counters(gathering, &deeds, on_records) {
        all.entry(at).or_default().push(effect);
    }
    let writing = Writing { gathering, collections, on_records, deeds: &deeds };
    let mut found: Vec<(usize, usize, Effect)> = Vec::new();
    for told in writing.told() {
        let named = |at: &&usize| {
            let known = &collections[**at];
            known.titles.iter().any(|title| title.chars().count() > 1 && told.text.contains(title.as_str()))
        };
        let Some(&collection) = written.iter().find(named).or(written.first()) else { continue };
        found.extend(writing.of_sentence(&told, collection).into_iter().map(|(at, effect)| (collection, at, effect)));
    }
    let untold: Vec<usize> = written.iter().copied().filter(|at| found.iter().all(|(known, ..)| known != at)).collect();
    for collection in untold {
        let kinds = writing.of_kinds(collection);
        found.extend(kinds.into_iter().map(|(at, effect)| (collection, at, effect)));
    }
    let mut told: Vec<usize> = Vec::new();
    for (collection, at, effect) in found {
        let known = all.entry(at).or_default();
        let same = |other: &Effect| matches!(&other.action, Action::Notify(notice) if notice.collection == collection);
        if !known.iter().any(same) {
            known.push(effect);
            told.push(collection);
        }
    }
    for at in told {
        let collection = &mut collections[at];
        (collection.owned, collection.private, collection.written) = (true, true, true);
        collection.seeds.clear();
        collection.varied = 0;
    }
    all
}

/// `入馆次数，每核销一单+1`: numbers of an account that a deed on its records makes grow.
fn counters(gathering: &Gathering<'_>, deeds: &Deeds, on_records: &[Option<OnRecords>]) -> Vec<(usize, Effect)> {
    let lexicon = gathering.lexicon;
    let counts =
        |words: &str| lexicon.speaks_of("counts-deeds", words) && !lexicon.speaks_of("counts-otherwise", words);
    let number = |value: &Json| value.scalar_text().is_some_and(|text| text.parse::<u32>().is_ok());
    let fields = gathering.accounts.fields.iter().filter(|field| number(&field.initial) && counts(&field.words));
    let mut found = Vec::new();
    for field in fields {
        // What it grows by comes last: `入馆次数，每核销一单+1`.
        let named = field.words.split([',', '，', '(', '（', ';', '；']).rev().map(|clause| deeds.in_text(clause));
        for (_, at) in named.into_iter().find(|named| !named.is_empty()).unwrap_or_default() {
            let on_own = on_records[at].is_some()
                && matches!(gathering.operations[at], Operation::Transition | Operation::Create);
            if on_own {
                let because = Evidence::new(field.words.clone(), field.place, Confidence::Likely);
                found.push((at, Effect { action: Action::CountDeed { field: Arc::clone(&field.key) }, because }));
            }
        }
    }
    found
}

/// Whether nobody makes such records, and everybody lists those for them.
fn is_written(gathering: &Gathering<'_>, at: usize, known: &Collection) -> bool {
    let group = &gathering.groups[at];
    let lexicon = gathering.lexicon;
    let of = |wanted: &[Operation]| {
        group.endpoints.iter().copied().filter(|at| wanted.contains(&gathering.operations[*at])).collect::<Vec<_>>()
    };
    let lists = of(&[Operation::List]);
    let called = known.names.iter().chain(&known.titles).any(|name| lexicon.is_named("notice-name", name));
    let titled = lists.iter().any(|at| lexicon.speaks_of("notice-name", &gathering.set.endpoints[*at].title));
    let own = lists.iter().all(|at| matches!(gathering.auths[*at], Auth::Required | Auth::Named(_)));
    group.relation.is_none()
        && known.recipient.is_none()
        && known.taker.is_none()
        && !lists.is_empty()
        && own
        && (called || titled)
        && of(&[Operation::Create, Operation::Save, Operation::Toggle]).is_empty()
}

pub(super) struct Writing<'a> {
    pub(super) gathering: &'a Gathering<'a>,
    pub(super) collections: &'a [Collection],
    pub(super) on_records: &'a [Option<OnRecords>],
    pub(super) deeds: &'a Deeds,
}

impl<'a> Writing<'a> {
    fn told(&self) -> Vec<Told<'a>> {
        let gathering = self.gathering;
        // `给邻居发消息` over an endpoint is what its caller does.
        let titles: HashSet<&str> = gathering.set.endpoints.iter().map(|endpoint| endpoint.title.trim()).collect();
        let tells = |text: &&str| {
            let says = |topic: &str, text: &str| gathering.lexicon.speaks_of(topic, text);
            // `（自己回自己的不通知）` says of whom nobody is told, and not that nobody is.
            let aside = |clause: &&str| says("tells-nobody", clause) && says("ones-own", clause);
            let left = text.split(['，', ',', '；', ';', '（', '）', '(', ')']).filter(|clause| !aside(clause));
            let otherwise = |text: &str| says("tells-otherwise", text) || says("tells-nobody", text);
            says("tells-somebody", text) && !titles.contains(text.trim()) && !left.into_iter().any(otherwise)
        };
        let mut told: Vec<Told<'a>> = Vec::new();
        let mut known: HashMap<Place, usize> = HashMap::new();
        for (at, endpoint) in gathering.set.endpoints.iter().enumerate() {
            for note in remarks(gathering.prose, endpoint) {
                for text in sentences(&note.text).filter(tells) {
                    known.insert(note.place, at);
                    told.push(Told { text, place: note.place, at: Some(at) });
                }
            }
        }
        let free = gathering.said.on("tells-somebody");
        for note in free.iter().map(|at| &gathering.prose[*at]).filter(|note| !known.contains_key(&note.place)) {
            let said = sentences(&note.text).filter(tells);
            told.extend(said.map(|text| Told { text, place: note.place, at: None }));
        }
        told
    }

    fn of_sentence(&self, told: &Told<'_>, collection: usize) -> Vec<(usize, Effect)> {
        let (plain, quotes) = unquoted(told.text);
        let mut named = self.deeds.in_text(&plain);
        named.retain(|(word, at)| {
            let about = self.on_records[*at].as_ref().map(|on| on.collection);
            about != Some(collection) && !self.gathering.lexicon.is_named("notice-name", word)
        });
        // `评论成功后给作者发一条通知` stands at the deed itself.
        if let Some(at) = told.at.filter(|at| named.is_empty() && self.deeds.is_deed(*at)) {
            let title = self.gathering.set.endpoints[at].title.clone();
            named.push((title, at));
        }
        let named = self.of_one_thing(&named, &plain);
        let words: Vec<&String> = {
            let mut words: Vec<&String> = Vec::new();
            for (word, _) in &named {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            words
        };
        let paired = quotes.len() == words.len() || quotes.len() == 1;
        let quote = |word: &String| {
            let place = words.iter().position(|known| *known == word)?;
            quotes.get(if quotes.len() == 1 { 0 } else { place }).filter(|_| paired).map(|text| (*text).to_owned())
        };
        let others = self.gathering.lexicon.speaks_of("other-side", told.text);
        let because =
            |word: &str| Evidence::new(format!("{}: {word}", told.text.trim()), told.place, Confidence::Likely);
        let notice = |(word, at): &(String, usize)| {
            let all: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
            let notice = self.notice(collection, *at, (word, &all), quote(word), others)?;
            Some((*at, Effect { action: Action::Notify(Box::new(notice)), because: because(word) }))
        };
        named.iter().filter_map(notice).collect()
    }

    /// What a kind's values name is what they tell of: `type: 1评论 2点赞 3关注`.
    fn of_kinds(&self, collection: usize) -> Vec<(usize, Effect)> {
        let known = &self.collections[collection];
        if reading::read_flag(known, self.gathering.lexicon).is_none() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for machine in known.machines.iter().filter(|machine| machine.values.len() > 1) {
            for value in &machine.values {
                for (word, at) in self.of_one_thing(&self.deeds.in_text(label_head(&value.words)), "") {
                    let about = self.on_records[at].as_ref().map(|on| on.collection);
                    if about == Some(collection) {
                        continue;
                    }
                    let because =
                        Evidence::new(format!("a kind of them is {}", value.words), machine.place, Confidence::Guess);
                    if let Some(notice) = self.notice(collection, at, (&word, &[&word]), None, true) {
                        found.push((at, Effect { action: Action::Notify(Box::new(notice)), because }));
                    }
                }
            }
        }
        found
    }

    /// Of endpoints that are called alike those whose things the sentence names.
    fn of_one_thing(&self, named: &[(String, usize)], text: &str) -> Vec<(String, usize)> {
        let says = |at: usize| {
            let known = self.on_records[at].as_ref().map(|on| &self.collections[on.collection]);
            known.is_some_and(|known| {
                let target = known.relation.as_ref().and_then(|relation| self.collections.get(relation.target));
                let titles = known.titles.iter().chain(target.into_iter().flat_map(|target| &target.titles));
                titles.into_iter().any(|title| title.chars().count() > 1 && text.contains(title.as_str()))
            })
        };
        let alike = |word: &String| named.iter().filter(|(known, _)| known == word).count() > 1;
        let fits = |word: &String| named.iter().any(|(known, at)| known == word && says(*at));
        let kept = named.iter().filter(|(word, at)| !alike(word) || !fits(word) || says(*at));
        kept.cloned().collect()
    }

    fn notice(
        &self,
        collection: usize,
        at: usize,
        (word, words): (&str, &[&str]),
        quote: Option<String>,
        others: bool,
    ) -> Option<Notice> {
        let lexicon = self.gathering.lexicon;
        let on = self.on_records[at].as_ref()?;
        let (known, deed) = (&self.collections[collection], &self.collections[on.collection]);
        let operation = self.gathering.operations[at];
        let target = deed.relation.as_ref().map_or(on.collection, |relation| relation.target);
        // What is made may belong to what somebody else made.
        let parent = deed.references.iter().find(|reference| {
            !reference.many && operation == Operation::Create && self.collections[reference.collection].owned
        });
        let to = match (operation, parent) {
            (Operation::Create, Some(parent)) if others || !self.collections[parent.collection].private => {
                To::OwnerOf(parent.collection, Arc::clone(&parent.field))
            }
            (Operation::Create, _) => To::Caller,
            _ => To::Owner,
        };
        let example = self.example(collection, word, words);
        let (mut fields, mut about, mut actor) = (Vec::new(), Vec::new(), Vec::new());
        let mut called = None;
        let mut quote = quote;
        for field in &known.fields {
            let shown = example.and_then(|item| item.get(&field.key)).unwrap_or(&field.example);
            if let Some(reference) = known.reference(&field.key) {
                let same = reference.collection == target || reference.collection == on.collection;
                let theirs = self.collections[on.collection].references.iter();
                let theirs = || theirs.clone().find(|theirs| theirs.collection == reference.collection);
                match (same, theirs()) {
                    (true, _) => about.push((Arc::clone(&field.key), About::Itself)),
                    (false, Some(theirs)) => {
                        about.push((Arc::clone(&field.key), About::Field(Arc::clone(&theirs.field))));
                    }
                    (false, None) => {}
                }
                continue;
            }
            if lexicon.is_named("about-any", &field.key) {
                let of = parent.map_or(About::Itself, |parent| About::Field(Arc::clone(&parent.field)));
                about.push((Arc::clone(&field.key), of));
                continue;
            }
            if let Some(part) = self.actor(field) {
                if let (TakerPart::Field(_) | TakerPart::Identity, Some(name)) = (&part, shown.as_str())
                    && !name.is_empty()
                    && !lexicon.is_named("account-id", &field.key)
                    && !matches!(field.role, Role::Avatar | Role::Picture | Role::UserId)
                {
                    called = Some((name.to_owned(), part.clone()));
                }
                if let (TakerPart::Parts(parts), Some(_)) = (&part, shown.as_object()) {
                    let name = parts.iter().find(|(key, ..)| {
                        matches!(lexicon.role(key, "").map(|(role, _)| role), Some(Role::Nickname | Role::RealName))
                    });
                    called = name.and_then(|(_, example, part)| Some((example.as_str()?.to_owned(), part.clone())));
                }
                actor.push((Arc::clone(&field.key), part));
                continue;
            }
            let is_read = lexicon.is_named("read-flag", &field.key) && is_flag(&field.example);
            if is_read
                || field.role == Role::Time
                || field.initial != Initial::Value(field.example.emptied())
                    && field.role != Role::Status
                    && known.machine(&field.key).is_none()
            {
                continue;
            }
            if let Some(machine) = known.machine(&field.key) {
                let value = machine.values.iter().find(|value| value.words.contains(word));
                let unread = lexicon.speaks_of(
                    "unread-first",
                    &machine.values.iter().map(|value| value.words.as_str()).collect::<String>(),
                );
                if !unread {
                    let value = value.map_or_else(|| shown.clone(), |value| value.value.clone());
                    fields.push((Arc::clone(&field.key), value));
                }
                continue;
            }
            let titled = ["notice-title", "notice-text"].iter().any(|topic| lexicon.is_named(topic, &field.key));
            let text = match (titled.then(|| quote.take()).flatten(), shown.as_str()) {
                (Some(quote), _) => Json::string(quote),
                (None, Some(text)) => {
                    let code = self.code(text, at);
                    Json::string(code.unwrap_or_else(|| in_words_of(text, word, words)))
                }
                (None, None) => shown.clone(),
            };
            fields.push((Arc::clone(&field.key), text));
        }
        let of_others = others || matches!(operation, Operation::Toggle) || matches!(to, To::OwnerOf(..));
        Some(Notice { collection, to, of_others, fields, about, actor, called })
    }
}
