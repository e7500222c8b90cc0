//! What the examples and inputs of a group's endpoints show of its records, member by member.

use super::gather::{Gathering, is_data, key_for};
use super::shape::{self, Shown};
use crate::behavior::account::{enumerated, role_of};
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::nested::Within;
use crate::behavior::collection::prose::words as names_in;
use crate::behavior::collection::{Collection, Initial, ItemField};
use crate::json::{Json, Step};
use crate::lexicon::{Operation, Role, compact};
use crate::spec::{Example, FieldNote};
use std::sync::Arc;

/// An object of an example that shows a record.
pub(in crate::behavior) struct Sight<'e> {
    pub(in crate::behavior) endpoint: usize,
    pub(in crate::behavior) example: &'e Example,
    pub(in crate::behavior) path: Vec<Step>,
    pub(in crate::behavior) item: &'e Json,
}

/// A word that says how something is to be shown is short.
const LONGEST_WORD: usize = 16;

impl<'a> Gathering<'a> {
    /// What is seen of a group's records, lists first.
    pub(in crate::behavior) fn sights(&self, group: &Group) -> Vec<Sight<'a>> {
        if let Some(within) = &group.within {
            return self.sights_within(within);
        }
        let rank = |at: usize| match self.operations[at] {
            Operation::List => 0,
            Operation::Detail => 1,
            Operation::Create | Operation::Save => 2,
            _ => 3,
        };
        let mut endpoints = group.endpoints.clone();
        endpoints.sort_by_key(|at| (rank(*at), *at));
        let mut sights = Vec::new();
        for at in endpoints {
            let endpoint = self.endpoint(at);
            let envelope = self.set.envelope(endpoint);
            for example in endpoint.successes() {
                match shape::of_example(envelope, example, self.lexicon) {
                    Shown::List { path, .. } if self.operations[at] == Operation::List => {
                        let items = shape::items(&example.value, &path);
                        sights.extend(items.into_iter().map(|(path, item)| Sight {
                            endpoint: at,
                            example,
                            path,
                            item,
                        }));
                    }
                    Shown::Item { path } if !matches!(self.operations[at], Operation::List | Operation::Count) => {
                        if let Some(item) = example.value.at(&path) {
                            let sight = Sight { endpoint: at, example, path, item };
                            sights.extend((!self.says_how_to_show(&sight, group)).then_some(sight));
                        }
                    }
                    _ => {}
                }
            }
        }
        sights
    }

    /// `{"code": 1, "msg": "ok", "toast": "alert"}` of a deed: words beside the code that nobody sends and that are no record's.
    fn says_how_to_show(&self, sight: &Sight<'_>, group: &Group) -> bool {
        let writes = !matches!(self.operations[sight.endpoint], Operation::Detail | Operation::Answer);
        if !sight.path.is_empty() || !writes {
            return false;
        }
        let is_word = |value: &Json| match value {
            Json::Bool(_) => true,
            value => value.as_str().is_some_and(|text| {
                (1..=LONGEST_WORD).contains(&text.len())
                    && text.bytes().all(|c| c.is_ascii_alphabetic() || b"_-".contains(&c))
            }),
        };
        let sent = |key: &str| {
            let inputs = group.endpoints.iter().flat_map(|at| &self.inputs[*at]);
            inputs.into_iter().any(|input| compact(&input.name) == compact(key))
        };
        let is_open = |key: &str| {
            let commented = sight.example.comments.iter().any(|note| note.path == [Step::Key(key.into())]);
            !commented && !shape::is_id(key) && self.lexicon.role(key, "").is_none() && !sent(key)
        };
        self.members(sight).all(|(key, value)| is_word(value) && is_open(key))
    }

    /// The items of a list that the records of another group have.
    fn sights_within(&self, within: &Within) -> Vec<Sight<'a>> {
        let Some(parent) = self.groups.get(within.parent) else { return Vec::new() };
        let all = self.sights(parent).into_iter().flat_map(|sight| {
            let list = sight.item.get(&within.key);
            let items = match list {
                Some(Json::Array(items)) => items.as_slice(),
                _ => &[],
            };
            items
                .iter()
                .enumerate()
                .map(move |(at, item)| {
                    let inside = [Step::Key(Arc::clone(&within.key)), Step::Index(at)];
                    let path = sight.path.iter().cloned().chain(inside).collect();
                    Sight { endpoint: sight.endpoint, example: sight.example, path, item }
                })
                .collect::<Vec<_>>()
        });
        all.filter(|sight| sight.item.as_object().is_some()).collect()
    }

    /// The members of an item without the envelope's own.
    pub(in crate::behavior::collection) fn members<'e>(
        &self,
        sight: &Sight<'e>,
    ) -> impl Iterator<Item = (&'e Arc<str>, &'e Json)> + use<'e> {
        let own = shape::envelope_members(
            self.set.envelope(self.endpoint(sight.endpoint)),
            &sight.example.value,
            &sight.path,
        );
        let members = sight.item.as_object().unwrap_or_default().iter();
        members.filter(move |(key, _)| !own.contains(key)).map(|(key, value)| (key, value))
    }

    /// `balance` in the reply of a payment is what is left to the account.
    fn is_accounts(&self, sight: &Sight<'_>, key: &str) -> bool {
        let own = || self.accounts.field(key).is_some() && self.lexicon.is_named("balance", key);
        self.operations[sight.endpoint] == Operation::Transition && own()
    }

    pub(in crate::behavior::collection) fn see(&self, sight: &Sight<'_>, collection: &mut Collection) {
        for (key, value) in self.members(sight).filter(|(key, _)| !self.is_accounts(sight, key)) {
            if collection.id.key.as_ref() == Some(key) {
                let known =
                    collection.id.example.as_ref().and_then(Json::scalar_text).is_some_and(|text| !text.is_empty());
                if !known {
                    collection.id.example = Some(value.clone());
                }
                continue;
            }
            let mut path = sight.path.clone();
            path.push(Step::Key(Arc::clone(key)));
            let comment =
                sight.example.comments.iter().find(|note| note.path == path || is_same_item(&note.path, &path));
            // `{"id": 73, "is_read": 1} //0未读 1已读`: what trails an object is about its last member.
            let last = sight.item.as_object().and_then(|members| members.last()).is_some_and(|(name, _)| name == key);
            let trailing = || {
                let note = sight.example.comments.iter().find(|note| note.path == sight.path)?;
                let items = enumerated(&note.text, value, self.lexicon);
                items.iter().any(|item| value.scalar_text() == Some(&item.value)).then_some(note)
            };
            // `}}} // status 0待付款 1已付款`: what trails all of it says of what it speaks.
            let named = || {
                let around =
                    |note: &&FieldNote| sight.path.starts_with(&note.path) && note.path.len() <= sight.path.len();
                let first = |text: &str| names_in(text).find(|word| !word.is_empty()).map(compact);
                let mut notes = sight.example.comments.iter().filter(around);
                notes.find(|note| first(&note.text).is_some_and(|word| word == compact(key)))
            };
            let comment = comment.or_else(|| trailing().filter(|_| last)).or_else(named);
            let siblings = || sight.item.as_object().unwrap_or_default().iter().map(|(key, _)| key);
            let told = comment.map(|note| (note, told_of(&note.text, key, siblings())));
            let words = match told {
                Some((_, Some(own))) => own.to_owned(),
                Some((note, None)) => note.text.clone(),
                // `{"discount": 5, "min": 30} // discount 减多少，min 满多少能用`: the first is found above, here the others are.
                None => {
                    let around = |note: &&FieldNote| {
                        let beside = sight.path.len() + 1 == note.path.len() && note.path.starts_with(&sight.path);
                        beside || (sight.path.starts_with(&note.path) && note.path.len() <= sight.path.len())
                    };
                    let mut notes = sight.example.comments.iter().filter(around);
                    let own = notes.find_map(|note| told_of(&note.text, key, siblings()));
                    own.map_or_else(String::new, ToOwned::to_owned)
                }
            };
            let place = sight.example.place_of(&path);
            let deed = self.operations[sight.endpoint] == Operation::Transition;
            if deed && collection.field(key).is_none() && self.is_balance(key, collection) {
                continue;
            }
            match collection.fields.iter_mut().find(|field| field.key == *key) {
                Some(field) => {
                    if field.words.is_empty() {
                        field.words = words;
                        field.place = if field.words.is_empty() { field.place } else { place };
                    }
                    if is_blank(&field.example) && !is_blank(value) {
                        field.example = value.clone();
                    }
                }
                None => {
                    let role = match role_of(key, &words, value, self.lexicon) {
                        Role::Plain => self.role_beside_account(key, sight.item).unwrap_or(Role::Plain),
                        role => role,
                    };
                    let initial = Initial::Value(value.emptied());
                    collection.fields.push(ItemField {
                        key: Arc::clone(key),
                        role,
                        example: value.clone(),
                        words,
                        initial,
                        blank: None,
                        is_updated: false,
                        place,
                    });
                }
            }
        }
    }

    /// `nc` beside a `uid` is what accounts call `nc`.
    fn role_beside_account(&self, key: &str, item: &Json) -> Option<Role> {
        let role = self.accounts.field(key).map(|field| field.role)?;
        let mut members = item.as_object().unwrap_or_default().iter();
        let named = members.any(|(key, _)| self.lexicon.is_named("account-id", key));
        (named && matches!(role, Role::Nickname | Role::Avatar)).then_some(role)
    }

    /// `money` in the reply to paying is what the caller has left, where the records have an amount of their own.
    fn is_balance(&self, key: &str, collection: &Collection) -> bool {
        let own = collection.fields.iter().any(|field| field.role == Role::Amount);
        own && self.lexicon.is_named("balance", key) && self.accounts.field(key).is_some()
    }

    /// What is sent and never shown is kept all the same; what the inputs say of fields is said of them.
    pub(in crate::behavior::collection) fn add_inputs(&self, group: &Group, collection: &mut Collection) {
        for &at in &group.endpoints {
            let operation = self.operations[at];
            let writes = matches!(operation, Operation::Create | Operation::Update | Operation::Save);
            for (input, param) in self.inputs[at].iter().zip(&self.endpoint(at).params) {
                if !is_data(input, param.is_told()) {
                    continue;
                }
                let words = param.all_words();
                if let Some(key) = key_for(collection, input)
                    && let Some(field) = collection.fields.iter_mut().find(|field| field.key == key)
                {
                    if enumerated(&field.words, &field.example, self.lexicon).is_empty() {
                        let says_more = enumerated(&words, &field.example, self.lexicon).len() > 1;
                        if !field.words.is_empty() && !says_more {
                            continue;
                        }
                        field.words = words;
                        field.place = input.place;
                    }
                    continue;
                }
                // `cart_ids` are several of what `cart_id` is.
                let named = compact(&input.name);
                let is_own = |key: &str| named == key || named.strip_suffix('s') == Some(key);
                let own_id = collection.id.key.as_deref().is_some_and(|key| is_own(&compact(key))) || named == "id";
                let filters = operation == Operation::List && input.word == Role::Status;
                if (!writes && !filters) || own_id {
                    continue;
                }
                let number = param.type_name.as_deref().is_some_and(|name| {
                    ["int", "number", "float", "double", "decimal", "long"]
                        .iter()
                        .any(|known| name.to_lowercase().starts_with(known))
                });
                let plain = if number { Json::Number("0".into()) } else { Json::string("") };
                let example = super::heads::listed(param).unwrap_or(plain);
                collection.fields.push(ItemField {
                    key: Arc::clone(&input.name),
                    role: input.word,
                    initial: Initial::Value(example.emptied()),
                    blank: None,
                    is_updated: false,
                    example,
                    words,
                    place: input.place,
                });
            }
        }
    }
}

/// What a comment tells of one of several members that it names: `总件数` of `goodsCount 总件数 goodsAmount 总金额`. None where it
/// does not name two or more, each before what it says of it.
pub(in crate::behavior) fn told_of<'t>(
    text: &'t str,
    key: &str,
    siblings: impl Iterator<Item = impl AsRef<str>>,
) -> Option<&'t str> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let place = |name: &str| {
        let found = text.match_indices(name).find(|(at, _)| {
            let before = text[..*at].chars().next_back();
            let after = text[at + name.len()..].chars().next();
            before.is_none_or(|c| !is_sign(c)) && after.is_none_or(|c| !is_sign(c))
        });
        found.map(|(at, _)| (at, name.len()))
    };
    if !text.contains(key) {
        return None;
    }
    let mut named: Vec<(usize, usize)> = siblings.filter_map(|name| place(name.as_ref())).collect();
    named.sort_unstable();
    named.dedup_by_key(|(at, _)| *at);
    let leads = named.first().is_some_and(|(at, _)| !text[..*at].contains(char::is_alphanumeric));
    let (start, length) = place(key).filter(|_| named.len() > 1 && leads)?;
    let end = named.iter().map(|(at, _)| *at).find(|at| *at > start).unwrap_or(text.len());
    let own = text[start + length..end].trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | ':' | '：' | '、' | '=' | '-')
    });
    (!own.is_empty()).then_some(own)
}

/// Paths that differ in the number of the item only: a comment at the first item speaks for all.
fn is_same_item(note: &[Step], path: &[Step]) -> bool {
    note.len() == path.len()
        && note.iter().zip(path).all(|(a, b)| a == b || matches!((a, b), (Step::Index(_), Step::Index(_))))
}

fn is_blank(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        scalar => scalar.scalar_text().is_some_and(str::is_empty),
    }
}
