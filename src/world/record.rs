//! One record: what it is, who owns it, by which keys it is known. An account is a record whose collection has an
//! identity. Does not know its collection, nor what any field means.

use super::clock::Millis;
use super::password::PasswordHash;
use crate::json::Json;
use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Internal number of a record inside its collection, in the order of creation, from 1; never used twice.
pub type Seq = u64;

/// Kept small: with a million accounts every byte here is a megabyte.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub seq: Seq,
    /// What the documented interface calls it, in the form of its examples.
    pub id: Arc<str>,
    pub owner: Option<Owner>,
    pub created_at: Millis,
    pub fields: Fields,
    pub password: Option<PasswordHash>,
    /// Outside the fields: a document without a value for a frozen account can still freeze one.
    pub mark: Mark,
    /// The status to go back to when a freeze ends.
    pub before_freeze: Option<Json>,
    /// Each is this record's alone in its collection. An account has one `identity` for each name it can log in with.
    pub keys: Vec<Key>,
}

/// The record, in the collection of accounts, that another belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub collection: Arc<str>,
    pub seq: Seq,
}

/// A value that only one record of a collection can have in that space: `identity`, `card`, a field's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub space: Arc<str>,
    pub value: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mark {
    #[default]
    Active,
    Frozen,
    Deleted,
}

/// A record's fields in their order; each name once.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Fields(Vec<(Arc<str>, Json)>);

impl Record {
    pub fn field(&self, name: &str) -> Option<&Json> {
        self.fields.get(name)
    }

    /// The first value that it has in a space.
    pub fn key(&self, space: &str) -> Option<&Arc<str>> {
        self.keys.iter().find(|key| &*key.space == space).map(|key| &key.value)
    }

    pub fn has_key(&self, space: &str, value: &str) -> bool {
        self.keys.iter().any(|key| &*key.space == space && &*key.value == value)
    }

    pub fn is_owned_by(&self, owner: &Owner) -> bool {
        self.owner.as_ref() == Some(owner)
    }

    /// Everything but the password, of which it only says that there is one.
    pub fn to_json(&self) -> Json {
        let mut members: Vec<(Arc<str>, Json)> =
            vec![("seq".into(), number(self.seq)), ("id".into(), Json::String(Arc::clone(&self.id)))];
        if let Some(owner) = &self.owner {
            members.push(("owner".into(), owner.to_json()));
        }
        members.push(("created_at".into(), Json::integer(self.created_at)));
        members.push(("mark".into(), Json::string(self.mark.name())));
        members.push(("password".into(), Json::Bool(self.password.is_some())));
        members.push(("keys".into(), Json::Array(self.keys.iter().map(Key::to_json).collect())));
        members.push(("fields".into(), self.fields.to_json()));
        members.extend(self.before_freeze.clone().map(|status| ("before_freeze".into(), status)));
        Json::Object(members)
    }
}

impl Owner {
    pub fn to_json(&self) -> Json {
        Json::Object(vec![
            ("collection".into(), Json::String(Arc::clone(&self.collection))),
            ("seq".into(), number(self.seq)),
        ])
    }
}

impl Key {
    pub fn new(space: impl Into<Arc<str>>, value: impl Into<Arc<str>>) -> Self {
        Self { space: space.into(), value: value.into() }
    }

    fn to_json(&self) -> Json {
        Json::Object(vec![
            ("space".into(), Json::String(Arc::clone(&self.space))),
            ("value".into(), Json::String(Arc::clone(&self.value))),
        ])
    }
}

impl Mark {
    pub const ALL: [Self; 3] = [Self::Active, Self::Frozen, Self::Deleted];

    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Deleted => "deleted",
        }
    }
}

impl Fields {
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(field, _)| &**field == name).map(|(_, value)| value)
    }

    /// The same for one of many records with the same fields: it is looked for where the last one had it.
    pub fn get_near(&self, name: &str, place: &Cell<usize>) -> Option<&Json> {
        if let Some((_, value)) = self.0.get(place.get()).filter(|(field, _)| &**field == name) {
            return Some(value);
        }
        let at = self.0.iter().position(|(field, _)| &**field == name)?;
        place.set(at);
        self.0.get(at).map(|(_, value)| value)
    }

    /// Sets a field at its place if it is there, else at the end; `None` takes it away.
    pub fn set(&mut self, name: &Arc<str>, value: Option<Json>) {
        let at = self.0.iter().position(|(field, _)| field == name);
        match (at.and_then(|at| self.0.get_mut(at)), value) {
            (Some((_, old)), Some(value)) => *old = value,
            (None, Some(value)) => self.0.push((Arc::clone(name), value)),
            (_, None) => self.0.retain(|(field, _)| field != name),
        }
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, &Json)> + ExactSizeIterator {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub fn to_json(&self) -> Json {
        Json::Object(self.0.clone())
    }
}

/// A name that comes twice has its last value at its first place.
impl FromIterator<(Arc<str>, Json)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Json)>>(fields: I) -> Self {
        let fields = fields.into_iter();
        let mut all: Vec<(Arc<str>, Json)> = Vec::with_capacity(fields.size_hint().0);
        let mut places: HashMap<Arc<str>, usize> = HashMap::new();
        for (name, value) in fields {
            match places.entry(Arc::clone(&name)) {
                Entry::Occupied(place) => all[*place.get()].1 = value,
                Entry::Vacant(place) => {
                    place.insert(all.len());
                    all.push((name, value));
                }
            }
        }
        all.shrink_to_fit();
        Self(all)
    }
}

pub(super) fn number(number: u64) -> Json {
    Json::Number(number.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_places() {
        let names: [Arc<str>; 3] = ["a".into(), "b".into(), "c".into()];
        let mut fields: Fields = [(0, 1), (1, 2), (0, 3)]
            .map(|(at, value)| (Arc::clone(&names[at]), Json::integer(value)))
            .into_iter()
            .collect();
        fields.set(&names[2], Some(Json::Null));
        assert_eq!(fields.to_json().to_string(), r#"{"a":3,"b":2,"c":null}"#);
        let many: Fields = (0..100_000).map(|at| (at.to_string().into(), Json::integer(at))).collect();
        assert_eq!(many.iter().len(), 100_000, "and not after minutes");
        fields.set(&names[1], Some(Json::Bool(true)));
        fields.set(&names[0], None);
        fields.set(&names[0], None);
        assert_eq!(fields.to_json().to_string(), r#"{"b":true,"c":null}"#);
        assert_eq!((fields.get("c"), fields.get("a")), (Some(&Json::Null), None));
    }
}
