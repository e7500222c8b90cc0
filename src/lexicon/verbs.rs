//! What people do to records beside writing them, as `data/verbs.toml` lists it.

use super::memo::Memo;
use super::texts::Bytes;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A deed that moves a status.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verb {
    pub words: Vec<String>,
    /// Words of titles that name it only where the path does as well.
    pub titled: Vec<String>,
    pub path: Vec<String>,
    /// Words of the statuses that it leads to, best first.
    pub leads: Vec<String>,
    /// Words of the statuses that it may leave.
    pub leaves: Vec<String>,
    /// It leads out of the usual course, so its source is not the value before its target.
    pub aside: bool,
    /// Doing it once more is no mistake.
    pub again: bool,
    /// It can say how somebody's account stands.
    pub stands: bool,
}

/// What ties a record to the caller, and can be undone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Relation {
    pub words: Vec<String>,
    pub off: Vec<String>,
    pub path: Vec<String>,
    pub off_path: Vec<String>,
    /// What those who are tied are called, seen from what they are tied to.
    pub back: Vec<String>,
    pub back_path: Vec<String>,
    /// Names of members that say whether the caller is tied to it.
    pub flags: Vec<String>,
    /// Names of members that say how many are.
    pub counts: Vec<String>,
    /// Whoever is tied by it may not do some things to who tied them.
    pub shuts_out: bool,
    /// Many are tied to one record, which whoever made it does not keep to themselves.
    pub of_many: bool,
}

impl Relation {
    /// Whether a title or a path's noun calls those who are tied: `粉丝列表`, `user/fans`.
    pub fn is_seen_back(&self, title: &str, noun: &str) -> bool {
        let title = title.to_lowercase();
        self.back.iter().any(|word| stands_in(&title, word)) || self.back_path.iter().any(|word| word == noun)
    }

    /// Whether a member's name counts those who are tied to something, and not what someone is tied to.
    pub fn counts_back(&self, name: &str) -> bool {
        self.back_path.iter().any(|word| name.starts_with(word.as_str()))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verbs {
    #[serde(rename = "verbs")]
    deeds: BTreeMap<String, Verb>,
    relations: BTreeMap<String, Relation>,
    /// The verbs that titles have been found to name.
    #[serde(skip)]
    titled: Memo<Option<String>>,
}

impl Verbs {
    pub(super) fn forget(&self) {
        self.titled.forget();
    }

    /// The verb that a title names with the longest word, else the one that a path's words name.
    pub fn verb(&self, title: &str, path: &[String]) -> Option<(&str, &Verb)> {
        let in_title = self.titled.find(title, || {
            let found = self.undoing(title).or_else(|| longest(&self.deeds, title, |verb| &verb.words));
            found.map(|(name, _)| name.clone())
        });
        let in_title = Option::as_ref(&in_title).and_then(|name| self.deeds.get_key_value(name));
        in_title
            .or_else(|| path.iter().rev().find_map(|word| self.deeds.iter().find(|(_, verb)| verb.path.contains(word))))
            .map(|(name, verb)| (name.as_str(), verb))
    }

    /// `取消兑换`: what a title begins with undoes what it names next, where neither word says more than the other.
    fn undoing(&self, title: &str) -> Option<(&String, &Verb)> {
        let title = title.trim().to_lowercase();
        let asides = self.deeds.iter().filter(|(_, verb)| verb.aside);
        let begun = asides.flat_map(|known| known.1.words.iter().map(move |word| (known, word)));
        let (known, word) =
            begun.filter(|(_, word)| title.starts_with(word.as_str())).max_by_key(|(_, word)| word.len())?;
        let most = longest(&self.deeds, &title, |verb| &verb.words)?;
        let said =
            most.1.words.iter().filter(|other| stands_in(&title, other)).map(|other| other.chars().count()).max()?;
        let next = title[word.len()..].trim_start();
        let follows = most.1.words.iter().any(|other| next.starts_with(other.as_str()));
        (follows && said <= word.chars().count()).then_some(known)
    }

    /// Whether a verb may leave what is called so: 待付款 is left by paying.
    pub fn leaves(&self, name: &str, status: &str) -> bool {
        self.deeds.get(name).is_some_and(|verb| verb.leaves.iter().any(|word| word == status))
    }

    /// The verb that a title and the last words of a path name together.
    pub fn agreed(&self, title: &str, last: &[String]) -> Option<(&str, &Verb)> {
        let title = title.to_lowercase();
        let fits = |(_, verb): &(&String, &Verb)| {
            let named = last.iter().any(|word| verb.path.contains(word));
            named && verb.words.iter().chain(&verb.titled).any(|word| stands_in(&title, word))
        };
        self.deeds.iter().find(fits).map(|(name, verb)| (name.as_str(), verb))
    }

    /// All words of verbs that a title holds.
    pub fn words_in(&self, title: &str) -> Vec<&str> {
        let bytes = Bytes::of(title);
        let words = self.deeds.values().flat_map(|verb| &verb.words).map(String::as_str);
        words.filter(|word| bytes.may_make(word) && stands_in(title, word)).collect()
    }

    /// The verb of that name.
    pub fn named(&self, name: &str) -> Option<&Verb> {
        self.deeds.get(name)
    }

    /// The relation that a title or a path names, and whether it is undone.
    pub fn relation(&self, title: &str, path: &[String]) -> Option<(&str, &Relation, bool)> {
        let off = longest(&self.relations, title, |relation| &relation.off).map(|found| (found, true));
        let on = || longest(&self.relations, title, |relation| &relation.words).map(|found| (found, false));
        let off_path = || {
            let mut words = path.iter().rev();
            let found = words.find_map(|word| self.relations.iter().find(|(_, known)| known.off_path.contains(word)));
            found.map(|found| (found, true))
        };
        let on_path = || {
            let mut words = path.iter().rev();
            let found = words.find_map(|word| self.relations.iter().find(|(_, known)| known.path.contains(word)));
            found.map(|found| (found, false))
        };
        let ((name, relation), undone) = off.or_else(off_path).or_else(on).or_else(on_path)?;
        Some((name.as_str(), relation, undone))
    }

    /// Whether a title names a deed and its undoing: `收藏/取消收藏`, and not `3.4 取消收藏`.
    pub fn is_both(&self, title: &str) -> bool {
        let title = title.to_lowercase();
        let Some((_, relation)) = longest(&self.relations, &title, |relation| &relation.off) else { return false };
        let spans = relation.off.iter().filter_map(|word| span_of(&title, word));
        let Some((start, end)) = spans.max_by_key(|(start, end)| end - start) else { return false };
        let rest = format!("{}\n{}", &title[..start], &title[end..]);
        relation.words.iter().any(|word| stands_in(&rest, word))
    }

    /// Words that stand with this one among those that a verb leaves: `unread` with `未读`.
    pub fn synonyms(&self, word: &str) -> Vec<&str> {
        let lists = self.deeds.values().flat_map(|verb| [&verb.leaves, &verb.leads]);
        let with = lists.filter(|list| list.iter().any(|known| known == word));
        with.flatten().map(String::as_str).filter(|known| known.is_ascii() != word.is_ascii()).collect()
    }

    /// The words of the statuses that are called by this one somewhere, in the same language.
    pub fn alike(&self, word: &str) -> Vec<&str> {
        let lists = self.deeds.values().filter(|verb| !verb.aside).flat_map(|verb| [&verb.leaves, &verb.leads]);
        let with = lists.filter(|list| list.iter().any(|known| known == word));
        with.flatten().map(String::as_str).filter(|known| known.is_ascii() == word.is_ascii()).collect()
    }

    pub fn relations(&self) -> impl Iterator<Item = (&str, &Relation)> {
        self.relations.iter().map(|(name, relation)| (name.as_str(), relation))
    }
}

fn longest<'v, V>(
    all: &'v BTreeMap<String, V>,
    text: &str,
    words: impl Fn(&V) -> &Vec<String>,
) -> Option<(&'v String, &'v V)> {
    let text = text.to_lowercase();
    let bytes = Bytes::of(&text);
    let length = |value: &V| {
        let found = words(value).iter().filter(|word| bytes.may_make(word) && stands_in(&text, word));
        found.map(|word| word.chars().count()).max().unwrap_or(0)
    };
    all.iter()
        .map(|found| (length(found.1), found))
        .filter(|(length, _)| *length > 0)
        .max_by_key(|(l, _)| *l)
        .map(|f| f.1)
}

/// Whether a word, or the parts of `a*b` in turn, stand in a text.
fn stands_in(text: &str, word: &str) -> bool {
    span_of(text, word).is_some()
}

/// Where a word, or the parts of `a*b` in turn, begins in a text, and where it ends.
fn span_of(text: &str, word: &str) -> Option<(usize, usize)> {
    let (mut start, mut end) = (None, 0);
    for part in word.split('*') {
        let at = end + text[end..].find(part)?;
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        let (before, after) = (text[end..at].chars().next_back(), text[at + part.len()..].chars().next());
        end = at + part.len();
        start.get_or_insert(at);
        if part.is_ascii() && !(edge(before) && edge(after)) {
            return None;
        }
    }
    Some((start?, end))
}
