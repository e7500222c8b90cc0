//! The words of the trade: data files, and the one reader of them.
//!
//! In: a text (a label, a title, a message). Out: what the trade means by it. Knows no document, and no single document's
//! sentences; `docsim.toml` can add words.

mod fake;
mod meaning;
mod memo;
mod named;
mod phrases;
mod read;
mod role_names;
mod roles;
mod rules;
mod script;
mod statuses;
mod terms;
mod texts;
mod topics;
mod verbs;
mod words;

pub use fake::{Fake, FakeKind, FakeText};
pub use meaning::Meaning;
pub use rules::{CountWords, EnumerationWords, JointWords, LengthWords, Listed, RuleWords, SignWords, TimeWords};
pub use script::Script;
pub use terms::{Class, Operation, Role, StatusKind};
pub use texts::{Bytes, compact, label_head};
pub use verbs::{Relation, Verb, Verbs};

use meaning::ClassRow;
use memo::Memo;
use named::{Named, compiled};
use role_names::RoleNames;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use topics::Places;
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
    role_names: RoleNames,
    subjects: Named,
    predicates: Named,
    classes: Arc<[ClassRow]>,
    operations: Arc<[OperationWords]>,
    operation_words: Words,
    status_kinds: Vec<StatusKind>,
    envelope: EnvelopeKeys,
    template_paths: Vec<String>,
    type_names: Vec<String>,
    replies: Arc<BTreeMap<String, BTreeMap<String, String>>>,
    rules: Arc<RuleWords>,
    verbs: Arc<Verbs>,
    /// Things by the deeds that imply them.
    implied: Arc<WordLists>,
    fake: Arc<Fake>,
    alike: Arc<Alike>,
    /// Names, compact, of which a document set itself shows what they are for.
    learned: Vec<(String, Role)>,
    /// What a document set itself calls accounts, compact.
    owners: Vec<String>,
    /// What messages have been found to say, in the light of those.
    meanings: Memo<Meaning>,
    /// How texts read in plain words.
    plains: Memo<String>,
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
        let owners = names.into_iter().map(|name| compact(&name)).collect();
        Self { owners, meanings: Memo::NEW, ..self.clone() }
    }

    /// Gives back the memory of what was found in texts: a document set is worked out.
    pub fn forget(&self) {
        let named = [&self.statuses, &self.subjects, &self.predicates].into_iter().chain(self.finders());
        named.map(|named| &named.words).chain([&self.roles, &self.operation_words]).for_each(Words::forget);
        self.meanings.forget();
        self.plains.forget();
        self.verbs.forget();
        self.rules.enumerations.forget();
    }

    /// What `Additions` may add words to besides topics. So, too, the next.
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

    pub fn is_template_path(&self, path: &str) -> bool {
        self.template_paths.iter().any(|template| template == path)
    }

    /// The types that a parameter line may name, in lower case.
    pub fn type_names(&self) -> &[String] {
        &self.type_names
    }

    /// How well known a key of an envelope is for what it would be: 0 is the best known.
    pub fn envelope_rank(&self, kind: EnvelopeKey, key: &str) -> Option<usize> {
        self.envelope_keys(kind).iter().position(|known| known.eq_ignore_ascii_case(key))
    }

    pub fn envelope_keys(&self, kind: EnvelopeKey) -> &[String] {
        match kind {
            EnvelopeKey::Code => &self.envelope.code,
            EnvelopeKey::Message => &self.envelope.message,
            EnvelopeKey::Data => &self.envelope.data,
        }
    }

    /// A deed without the words that allow it: `可以付款` is `付款`.
    pub fn without_permission<'t>(&self, deed: &'t str) -> &'t str {
        let mut words = self.rules.deeds.permissions.iter();
        // `cancel` begins with no `can`.
        let apart = |word: &str, rest: &str| !word.is_ascii() || !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        words.find_map(|word| deed.strip_prefix(word.as_str()).filter(|rest| apart(word, rest))).unwrap_or(deed).trim()
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

    /// The text in its plain wording: `已经签到` is `已签到`.
    pub fn plain(&self, text: &str) -> String {
        let plain = |text: String, (wording, plain): &(String, String)| text.replace(wording.as_str(), plain);
        String::clone(&self.plains.find(text, || self.alike.plain.iter().fold(text.to_owned(), plain)))
    }

    /// What stands after the last particle of belonging, if anything does: `评论` of `文章的评论`.
    pub fn head_of<'t>(&self, text: &'t str) -> &'t str {
        text.rsplit(self.alike.of.as_str()).find(|part| !part.trim().is_empty()).unwrap_or(text)
    }

    /// A text without what says that a deed has come about: `点赞` of `点过赞了`.
    pub fn without_past(&self, text: &str) -> String {
        self.rules.deeds.past.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), ""))
    }

    /// The names in paths of what is done to records, in order; so, too, of what ties them to somebody.
    pub fn deed_names() -> [&'static [&'static str]; 2] {
        [compiled::DEEDS, compiled::TIES]
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

    /// docsim's own words for a failure that no document words. `{label}` stands for what is concerned.
    pub fn reply(&self, chinese: bool, class: Class) -> &str {
        let of = |language: &str, class: Class| self.replies.get(language)?.get(class.name()).map(String::as_str);
        let language = if chinese { "zh" } else { "en" };
        of(language, class).or_else(|| of(language, Class::Failed)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
