//! The words of the trade: data files, and the one reader of them.
//!
//! In: a text (a label, a title, a message). Out: what the trade means by it. Knows no document, and no single document's
//! sentences; `docsim.toml` can add words.

mod fake;
mod named;
mod read;
mod role_names;
mod rules;
mod script;
mod terms;
mod texts;
mod verbs;
mod words;

pub use fake::{Fake, FakeKind, FakeText};
pub use rules::{CountWords, EnumerationWords, JointWords, LengthWords, RuleWords, SignWords, TimeWords};
pub use script::Script;
pub use terms::{Class, Operation, Role, StatusKind};
pub use texts::{compact, label_head};
pub use verbs::{Relation, Verb, Verbs};

use foldhash::fast::FixedState;
use named::Named;
use role_names::RoleNames;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use texts::{clauses, either};
use words::Words;

/// Words by name, as the data files and `docsim.toml` write them.
pub type WordLists = BTreeMap<String, Vec<String>>;

#[derive(Clone, Debug)]
pub struct Lexicon {
    topics: Named,
    /// Topics of sentences; apart, since a pattern of theirs would cover the words of all others.
    remarks: Named,
    /// Topics of what bounds a deed; each is read by itself.
    limits: Named,
    /// Topics of who has to do with a record; each is read by itself as well.
    parties: Named,
    /// Topics of what somebody has, and of what changes it; each is read by itself, too.
    wallet: Named,
    /// In which finder a topic is, and at which place among its names.
    places: Places,
    statuses: Named,
    roles: Words,
    role_names: Arc<RoleNames>,
    subjects: Named,
    predicates: Named,
    classes: Vec<ClassRow>,
    operations: Vec<OperationWords>,
    operation_words: Words,
    status_kinds: Vec<StatusKind>,
    envelope: EnvelopeKeys,
    template_paths: Vec<String>,
    type_names: Vec<String>,
    replies: BTreeMap<String, BTreeMap<String, String>>,
    rules: RuleWords,
    verbs: Verbs,
    /// Things by the deeds that imply them.
    implied: WordLists,
    fake: Fake,
    alike: Alike,
    /// Names, compact, of which a document set itself shows what they are for.
    learned: Vec<(String, Role)>,
    /// What a document set itself calls accounts, compact.
    owners: Vec<String>,
}

/// A topic is asked for by its name tens of thousands of times for each document set.
type Places = Arc<HashMap<Cow<'static, str>, (usize, usize), FixedState>>;

/// Of the finders so many are not read each by itself.
const WHOLE: usize = 2;

fn places(finders: [&Named; 5]) -> Places {
    let mut places = HashMap::with_capacity_and_hasher(1_024, FixedState::default());
    for (finder, named) in finders.into_iter().enumerate() {
        for (group, name) in named.names.iter().enumerate() {
            let before = places.insert(name.clone(), (finder, group));
            debug_assert!(before.is_none(), "two topics are called {name}");
        }
    }
    Arc::new(places)
}

/// What is written in several ways and means the same.
#[derive(Clone, Debug, Deserialize)]
struct Alike {
    names: Vec<Vec<String>>,
    /// A wording, and the plain one.
    plain: Vec<(String, String)>,
    /// The particle before which stands what a thing belongs to.
    of: String,
}

#[derive(Clone, Debug, Deserialize)]
struct ClassRow {
    class: Class,
    #[serde(default)]
    subjects: Vec<String>,
    /// One of these has to stand beside one of `subjects`.
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    predicates: Vec<String>,
}

/// What tells an operation; see `data/operations.toml`.
#[derive(Clone, Debug)]
pub struct OperationWords {
    pub operation: Operation,
    pub path: Vec<String>,
    pub takes: Vec<Vec<Role>>,
    pub never: Vec<Role>,
    pub likes: Vec<Role>,
    pub failures: Vec<Class>,
    /// A topic whose words must stand in its title, success message or remarks.
    pub needs: Option<String>,
    pub reads: bool,
    pub writes: bool,
    /// Methods that speak for it.
    pub method: Vec<String>,
    /// What its success shows, if it shows anything.
    pub shows: Option<Shows>,
    /// Whether it must take the id of a record, or must not.
    pub id: Option<bool>,
}

/// What an example's data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    List,
    Item,
    /// Nothing but numbers.
    Numbers,
}

#[derive(Clone, Debug, Deserialize)]
struct EnvelopeKeys {
    code: Vec<String>,
    message: Vec<String>,
    data: Vec<String>,
}

/// What an envelope's key can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeKey {
    Code,
    Message,
    Data,
}

/// What a message says: the classes of its clauses in order, and what it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    pub classes: Vec<Class>,
    /// Names of the subjects found (`account`, `phone`, …).
    pub subjects: Vec<String>,
}

/// Words that `docsim.toml` adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additions {
    pub topics: WordLists,
    pub roles: WordLists,
    pub operations: WordLists,
    pub subjects: WordLists,
    pub predicates: WordLists,
    pub statuses: WordLists,
}

impl Additions {
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

impl Lexicon {
    /// The words that are compiled in.
    pub fn standard() -> Arc<Self> {
        Self::for_script(Script::Simplified)
    }

    /// The same for documents in this script.
    pub fn for_script(script: Script) -> Arc<Self> {
        static COMPILED: [OnceLock<Arc<Lexicon>>; 3] = [const { OnceLock::new() }; 3];
        let make = || {
            let lexicon = Self::with(&Additions::default(), script);
            Arc::new(lexicon.unwrap_or_else(|error| unreachable!("compiled-in lexicon: {error}")))
        };
        Arc::clone(COMPILED[script as usize].get_or_init(make))
    }

    /// The same words, and names that a document set shows to be for something, whatever the words say of them.
    #[must_use]
    pub fn with_names(&self, names: impl IntoIterator<Item = (String, Role)>) -> Self {
        let names = names.into_iter().map(|(name, role)| (compact(&name), role));
        Self { learned: self.learned.iter().cloned().chain(names).collect(), ..self.clone() }
    }

    /// The same words, and what a document set calls accounts.
    #[must_use]
    pub fn with_owners(&self, names: Vec<String>) -> Self {
        Self { owners: names.into_iter().map(|name| compact(&name)).collect(), ..self.clone() }
    }

    /// The names of the topics: what `Additions` may add words to. So, too, the next two.
    pub fn topic_names(&self) -> impl Iterator<Item = &str> {
        self.finders().into_iter().flat_map(Named::names)
    }

    pub fn subject_names(&self) -> impl Iterator<Item = &str> {
        self.subjects.names()
    }

    pub fn predicate_names(&self) -> impl Iterator<Item = &str> {
        self.predicates.names()
    }

    /// What made-up records hold.
    pub fn fake(&self) -> &Fake {
        &self.fake
    }

    /// Whether a word of the topic stands in the text.
    pub fn speaks_of(&self, topic: &str, text: &str) -> bool {
        let found = self.places.get(topic);
        debug_assert!(found.is_some(), "no topic {topic}");
        found.is_some_and(|&(finder, group)| {
            let words = &self.finders()[finder].words;
            if finder < WHOLE { words.contains(text, group) } else { words.holds(text, group) }
        })
    }

    fn topic(&self, topic: &str) -> Option<(&Words, usize)> {
        self.places.get(topic).map(|&(finder, group)| (&self.finders()[finder].words, group))
    }

    /// First those in which a longer word covers a shorter one of another topic.
    fn finders(&self) -> [&Named; 5] {
        [&self.topics, &self.remarks, &self.limits, &self.parties, &self.wallet]
    }

    /// Whether the text, leaving white space and marks aside, is nothing but a word of the topic.
    pub fn is_nothing_but(&self, topic: &str, text: &str) -> bool {
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        let Some((words, group)) = self.topic(topic) else { return false };
        words.hits(bare).iter().any(|hit| hit.group == group && hit.len() == bare.len())
    }

    /// Whether the text is just a word or a sign of the topic: `√`.
    pub fn is_mark(&self, topic: &str, text: &str) -> bool {
        let Some((words, group)) = self.topic(topic) else { return false };
        words.words_of(group).any(|word| word.eq_ignore_ascii_case(text.trim()))
    }

    /// The longest word of the topic that stands in the text.
    pub fn word_of<'t>(&self, topic: &str, text: &'t str) -> Option<&'t str> {
        let (words, group) = self.topic(topic)?;
        let hits = if self.is_apart(topic) { words.hits_of(text, group) } else { words.hits(text) };
        let own = hits.iter().filter(|hit| hit.group == group).max_by_key(|hit| hit.len())?;
        text.get(own.start..own.end)
    }

    /// The byte offset just after the first word of the topic.
    pub fn after(&self, topic: &str, text: &str) -> Option<usize> {
        let (words, group) = self.topic(topic)?;
        let hits = if self.is_apart(topic) { words.hits_of(text, group) } else { words.hits(text) };
        hits.iter().find(|hit| hit.group == group).map(|hit| hit.end)
    }

    /// The byte offset of the first word of the topic.
    pub fn before(&self, topic: &str, text: &str) -> Option<usize> {
        let (words, group) = self.topic(topic)?;
        let hits = if self.is_apart(topic) { words.hits_of(text, group) } else { words.hits(text) };
        hits.iter().find(|hit| hit.group == group).map(|hit| hit.start)
    }

    /// Whether no word of another topic covers one of this.
    fn is_apart(&self, topic: &str) -> bool {
        self.places.get(topic).is_some_and(|(finder, _)| *finder >= WHOLE)
    }

    pub fn is_template_path(&self, path: &str) -> bool {
        self.template_paths.iter().any(|template| template == path)
    }

    /// The types that a parameter line may name, in lower case.
    pub fn type_names(&self) -> &[String] {
        &self.type_names
    }

    /// How well known a key of an envelope is for what it would be: 0 is the best known.
    pub fn envelope_rank(&self, kind: EnvelopeKey, key: &str) -> Option<usize> {
        let keys = match kind {
            EnvelopeKey::Code => &self.envelope.code,
            EnvelopeKey::Message => &self.envelope.message,
            EnvelopeKey::Data => &self.envelope.data,
        };
        keys.iter().position(|known| known.eq_ignore_ascii_case(key))
    }

    /// What a parameter or field is for, with a score: 4 is a known name alone, more is also said in words.
    /// Labels in Chinese have their head at the end, so the word that ends the label outweighs one before it.
    pub fn role(&self, name: &str, label: &str) -> Option<(Role, u32)> {
        if !self.learned.is_empty() {
            let name = compact(name);
            if let Some((_, role)) = self.learned.iter().find(|(known, _)| *known == name) {
                return Some((*role, LEARNED));
            }
        }
        let mut scores: Vec<(Role, u32)> = Vec::new();
        let mut add = |role: Role, points: u32| match scores.iter_mut().find(|(known, _)| *known == role) {
            Some((_, score)) => *score = (*score).max(points) + (*score).min(points) / 4,
            None => scores.push((role, points)),
        };
        let head = label_head(label);
        let hits = self.roles.hits(head);
        for hit in &hits {
            let Some(role) = Role::ALL.get(hit.group) else { continue };
            let characters = head[hit.start..hit.end].chars().count();
            let at_end = head[hit.end..].chars().all(|c| !c.is_alphanumeric());
            let points = if at_end { 12 } else { 4 } + u32::try_from(characters.min(8)).unwrap_or(8);
            add(*role, points);
        }
        let name = compact(name);
        let foreign = hits.is_empty() && !head.is_ascii();
        for (role, points) in self.role_names.of(&name) {
            // A label in words that says nothing known speaks against what the bare name suggests.
            add(role, if foreign { points / 2 } else { points });
        }
        let mut best = scores.first().copied()?;
        for score in scores {
            if score.1 > best.1 {
                best = score;
            }
        }
        Some(best)
    }

    /// The roles that words of a text name, each with where it does.
    pub fn roles_in(&self, text: &str) -> Vec<(Role, Range<usize>)> {
        let hits = self.roles.hits(text).into_iter();
        hits.filter_map(|hit| Some((*Role::ALL.get(hit.group)?, hit.start..hit.end))).collect()
    }

    /// A deed without the words that allow it: `可以付款` is `付款`.
    pub fn without_permission<'t>(&self, deed: &'t str) -> &'t str {
        let mut words = self.rules.deeds.permissions.iter();
        words.find_map(|word| deed.strip_prefix(word.as_str())).unwrap_or(deed).trim()
    }

    /// The deed that a sentence allows: `退款` of `待发货可以退款`.
    pub fn granted<'t>(&self, sentence: &'t str) -> Option<&'t str> {
        self.rules.deeds.permissions.iter().find_map(|word| {
            let (before, deed) = sentence.split_once(word.as_str())?;
            (!deed.is_empty() && !before.is_empty() && !self.ends_with("denial", before)).then_some(deed)
        })
    }

    /// Whether words allow a deed.
    pub fn allows(&self, words: &str) -> bool {
        self.rules.deeds.permissions.iter().any(|word| words.trim_start().starts_with(word.as_str()))
    }

    /// What a message says, clause by clause.
    pub fn meaning(&self, message: &str) -> Meaning {
        let meaning = self.meaning_of(clauses(message).flat_map(either));
        if meaning.classes.is_empty() && clauses(message).any(|clause| either(clause).nth(1).is_some()) {
            // `只有待处理或处理中的可以确认` says one thing, with an *or* inside.
            return self.meaning_of(clauses(message));
        }
        meaning
    }

    fn meaning_of<'t>(&self, clauses: impl Iterator<Item = &'t str>) -> Meaning {
        let mut meaning = Meaning::default();
        let mut carried: Vec<usize> = Vec::new();
        for clause in clauses.flat_map(|part| self.alternatives(part)) {
            let mut subjects: Vec<usize> = self.subjects.words.hits(clause).iter().map(|hit| hit.group).collect();
            if self.owners.iter().any(|owner| !owner.is_ascii() && clause.contains(owner.as_str())) {
                subjects.extend(self.subjects.names.iter().position(|name| name == "account"));
            }
            let predicates: Vec<usize> = self.predicates.words.hits(clause).iter().map(|hit| hit.group).collect();
            for subject in &subjects {
                let name = &*self.subjects.names[*subject];
                if !meaning.subjects.iter().any(|known| known == name) {
                    meaning.subjects.push(name.to_owned());
                }
            }
            if predicates.is_empty() {
                carried.extend(subjects);
                continue;
            }
            subjects.append(&mut carried);
            let named = |names: &Named, found: &[usize], wanted: &[String]| {
                wanted.is_empty() || found.iter().any(|at| wanted.iter().any(|name| *name == names.names[*at]))
            };
            let row = self.classes.iter().find(|row| {
                named(&self.predicates, &predicates, &row.predicates)
                    && named(&self.subjects, &subjects, &row.subjects)
                    && named(&self.subjects, &subjects, &row.with)
            });
            if let Some(row) = row.filter(|row| !meaning.classes.contains(&row.class)) {
                meaning.classes.push(row.class);
            }
            carried = subjects;
        }
        meaning
    }

    /// The subjects that a message speaks of, each with where it does.
    pub fn subjects_in<'l>(&'l self, message: &str) -> impl Iterator<Item = (&'l str, Range<usize>)> {
        let hits = self.subjects.words.hits(message).into_iter();
        hits.map(|hit| (&*self.subjects.names[hit.group], hit.start..hit.end))
    }

    /// `not found or expired` says two things; `Wrong email or password` one, as what is wrong stands before both.
    fn alternatives<'t>(&self, part: &'t str) -> Vec<&'t str> {
        match part.split_once(" or ") {
            Some((_, after)) if self.predicates.words.hits(after).is_empty() => vec![part],
            _ => part.split(" or ").map(str::trim).filter(|clause| !clause.is_empty()).collect(),
        }
    }

    pub fn rules(&self) -> &RuleWords {
        &self.rules
    }

    pub fn operations(&self) -> &[OperationWords] {
        &self.operations
    }

    pub fn verbs(&self) -> &Verbs {
        &self.verbs
    }

    /// The text without the words of operations: `添加收货地址` is `收货地址`. What is taken out leaves a blank. A word that is a
    /// deed and a thing alike (`报修`) stays where it is no deed: where no thing follows it (`报修列表`, `取消报修`).
    pub fn without_operations(&self, text: &str) -> String {
        let on_records = |group: usize| Operation::ALL.get(group).is_some_and(|operation| operation.is_on_records());
        let hits: Vec<_> = self.operation_words.hits(text).into_iter().filter(|hit| on_records(hit.group)).collect();
        let rest_after = |end: usize| {
            let covered = |at: usize| hits.iter().any(|hit| hit.start <= at && at < hit.end);
            let rest = text[end..].char_indices().filter(|(at, c)| c.is_alphanumeric() && !covered(end + at));
            rest.count()
        };
        let mut left = String::new();
        let mut from = 0;
        for hit in &hits {
            let word = &text[hit.start..hit.end];
            let begins = !text[..hit.start].chars().any(char::is_alphanumeric);
            let is_thing = self.is_nothing_but("deed-or-thing", word) && !(begins && rest_after(hit.end) >= 2);
            if hit.start >= from && !is_thing {
                left += &text[from..hit.start];
                left.push(' ');
                from = hit.end;
            }
        }
        left += &text[from..];
        left
    }

    /// The text without words of a topic.
    pub fn without(&self, topic: &str, text: &str) -> String {
        let Some((words, group)) = self.topic(topic) else { return text.to_owned() };
        let mut left = String::new();
        let mut from = 0;
        for hit in words.hits(text) {
            if hit.group == group && hit.start >= from {
                left += &text[from..hit.start];
                left.push(' ');
                from = hit.end;
            }
        }
        left += &text[from..];
        left
    }

    /// The thing that a deed of a title is done to where the title does not name it: `订单` for `下单`.
    pub fn implied_thing(&self, title: &str) -> Option<&str> {
        let found = self.implied.iter().find(|(_, deeds)| deeds.iter().any(|deed| title.contains(deed.as_str())));
        found.map(|(thing, _)| thing.as_str())
    }

    /// Whether two names, in lower case and without marks, mean the same: the `img` of goods is an order's `goods_image`.
    pub fn are_alike(&self, one: &str, other: &str) -> bool {
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
        one == other || self.alike.names.iter().any(|names| has(names, one) && has(names, other))
    }

    /// A name without a word of the topic at its beginning or end: `price` of `min_price`.
    pub fn unbounded(&self, topic: &str, name: &str) -> Option<String> {
        let (words, group) = self.topic(topic)?;
        words
            .words_of(group)
            .find_map(|word| name.strip_prefix(word).or_else(|| name.strip_suffix(word)))
            .map(str::to_owned)
    }

    /// The text in its plain wording: `已经签到` is `已签到`.
    pub fn plain(&self, text: &str) -> String {
        self.alike.plain.iter().fold(text.to_owned(), |text, (wording, plain)| text.replace(wording.as_str(), plain))
    }

    /// What stands after the last particle of belonging, if anything does: `评论` of `文章的评论`.
    pub fn head_of<'t>(&self, text: &'t str) -> &'t str {
        text.rsplit(self.alike.of.as_str()).find(|part| !part.trim().is_empty()).unwrap_or(text)
    }

    /// A text without what says that a deed has come about: `点赞` of `点过赞了`.
    pub fn without_past(&self, text: &str) -> String {
        self.rules.deeds.past.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), ""))
    }

    /// A status without what says that it has come about: `签到` of `已签到`.
    pub fn without_done<'t>(&self, status: &'t str) -> &'t str {
        let words = &self.rules.deeds.done;
        words.iter().find_map(|word| status.strip_prefix(word.as_str())).unwrap_or(status)
    }

    /// Whether a status waits for a deed: 待付款.
    pub fn is_due(&self, status: &str) -> bool {
        let forms = self.rules.deeds.due.iter();
        forms.filter_map(|form| form.split_once('*')).any(|(before, after)| {
            let rest = status.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            !(before.is_empty() && after.is_empty()) && rest.is_some_and(|rest| !rest.is_empty())
        })
    }

    /// Whether the text begins with a word of the topic.
    pub fn begins_with(&self, topic: &str, text: &str) -> bool {
        let Some((words, group)) = self.topic(topic) else { return false };
        words.words_of(group).any(|word| text.starts_with(word))
    }

    /// Whether the text ends with a word of the topic.
    pub fn ends_with(&self, topic: &str, text: &str) -> bool {
        self.word_at_end(topic, text).is_some()
    }

    /// The text before a word of the topic at its end, however often such a word stands there.
    pub fn before_end<'t>(&self, topic: &str, text: &'t str) -> &'t str {
        let mut left = text;
        while let Some(start) = self.word_at_end(topic, left).filter(|start| *start > 0) {
            left = &left[..start];
        }
        left
    }

    fn word_at_end(&self, topic: &str, text: &str) -> Option<usize> {
        let (words, group) = self.topic(topic)?;
        // Longer words of other topics do not cover it: `运单号` ends with `号` all the same.
        words.words_of(group).filter(|word| text.ends_with(word)).map(|word| text.len() - word.len()).min()
    }

    /// Whether a name, letter case and marks left aside, is just a word of the topic.
    pub fn is_named(&self, topic: &str, name: &str) -> bool {
        let name = compact(name);
        if topic == "account-noun" && self.owners.contains(&name) {
            return true;
        }
        !name.is_empty() && self.topic(topic).is_some_and(|(words, group)| words.has_whole(&name, group))
    }

    pub fn operation_words(&self, operation: Operation) -> Option<&OperationWords> {
        self.operations.iter().find(|words| words.operation == operation)
    }

    /// The operations that a title or message names, with the number of characters that say so.
    pub fn operations_in(&self, text: &str) -> Vec<(Operation, usize)> {
        let hits = self.operation_words.hits(text);
        hits.iter()
            .filter_map(|hit| Some((*Operation::ALL.get(hit.group)?, text[hit.start..hit.end].chars().count())))
            .collect()
    }

    /// What the words of a status value say; the longest word decides, and may say several things: `待审核` can wait for
    /// its papers or for the reviewer.
    pub fn status(&self, text: &str) -> Vec<StatusKind> {
        let outside = text.split(['(', '（', '[', '【']).next().unwrap_or(text);
        let hits = self.statuses.words.hits(if outside.trim().is_empty() { text } else { outside });
        let Some(best) = hits.iter().max_by_key(|hit| (hit.len(), std::cmp::Reverse(hit.start))) else {
            return Vec::new();
        };
        let alike = hits.iter().filter(|hit| hit.start == best.start && hit.end == best.end);
        alike.filter_map(|hit| self.status_kinds.get(hit.group).copied()).collect()
    }

    /// Every status word in the text: `未审核` can be unreviewed and pending alike.
    pub fn statuses(&self, text: &str) -> Vec<StatusKind> {
        let mut kinds: Vec<StatusKind> =
            self.statuses.words.hits(text).iter().filter_map(|hit| self.status_kinds.get(hit.group).copied()).collect();
        kinds.dedup();
        kinds
    }

    /// docsim's own words for a failure that no document words. `{label}` stands for what is concerned.
    pub fn reply(&self, chinese: bool, class: Class) -> &str {
        let of = |language: &str, class: Class| self.replies.get(language)?.get(class.name()).map(String::as_str);
        let language = if chinese { "zh" } else { "en" };
        of(language, class).or_else(|| of(language, Class::Failed)).unwrap_or_default()
    }
}

/// The score of what a set itself shows: more than any words give.
const LEARNED: u32 = 100;

#[cfg(test)]
mod tests;
