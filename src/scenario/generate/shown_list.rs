//! Where a reply has its list, and how an expectation says what stands in it: an item, its place, how many there are in all.

use super::lab::{Lab, Val, leaves};
use crate::json::{Json, Step as At, path_text};
use crate::scenario::ast::{Matcher, Path, Test, What};
use std::sync::Arc;

/// A list in a reply.
pub(super) struct Shown {
    pub(super) path: Vec<At>,
    /// The member by which its items are known.
    pub(super) key: Arc<str>,
}

impl Shown {
    /// The list of a reply in which a record of a collection stands.
    pub(super) fn find(lab: &Lab<'_>, collection: usize, body: &Json) -> Option<Self> {
        // What only ties somebody to something is known by what that is called.
        let shape = &lab.model().collections[collection];
        let relation = shape.relation.as_ref().map(|relation| (relation.target, &*relation.field));
        let mut names = lab.id_names(collection);
        names.extend(relation.map(|(_, field)| field));
        let shape = relation.map_or(shape, |(target, _)| &lab.model().collections[target]);
        names.extend(shape.id.key.as_deref());
        let name = &shape.name;
        leaves(body).into_iter().find_map(|(_, at, value)| match at.as_slice() {
            [path @ .., At::Index(_), At::Key(key)] if names.contains(&&**key) || lab.is_id_name(collection, key) => {
                let is_record = value.scalar_text().is_some_and(|id| lab.world().record_by_id(name, id).is_some());
                is_record.then(|| Self { path: path.to_vec(), key: Arc::clone(key) })
            }
            _ => None,
        })
    }

    /// The item of that id.
    pub(super) fn item<'j>(&self, body: &'j Json, id: &str) -> Option<&'j Json> {
        let is_it = |item: &&Json| item.get(&self.key).and_then(Json::scalar_text) == Some(id);
        body.at(&self.path)?.as_array()?.iter().find(is_it)
    }

    pub(super) fn whole(&self, matcher: Matcher) -> Option<What> {
        Some(What::At(Path::parse(&path_text(&self.path)).ok()?, Test::Matches(vec![matcher])))
    }

    /// The item with these members as well as its id.
    pub(super) fn with(&self, id: &Val, members: &[(Arc<str>, Json)]) -> Json {
        let mut item = Json::empty_object();
        item.set(&self.key, id.shown.clone());
        for (key, value) in members {
            item.set(key, value.clone());
        }
        item
    }

    pub(super) fn contains(&self, id: &Val) -> Option<What> {
        self.whole(Matcher::Contains(self.with(id, &[])))
    }

    pub(super) fn lacks(&self, id: &Val) -> Option<What> {
        self.whole(Matcher::Lacks(self.with(id, &[])))
    }

    /// The path of an item's id.
    pub(super) fn at(&self, index: &str) -> String {
        format!("{}[{index}].{}", path_text(&self.path), self.key)
    }

    pub(super) fn has_place(&self, index: usize, is_there: bool) -> Option<What> {
        let path = Path::parse(&format!("{}[{index}]", path_text(&self.path))).ok()?;
        Some(What::At(path, Test::Matches(vec![Matcher::Exists(is_there)])))
    }
}

/// Whether an id is shown as it was learnt, a number as a number.
pub(super) fn is_same(shown: Option<&Json>, id: &Val) -> bool {
    shown == Some(&id.actual)
}

/// What counts all of them counts at least two, however many stand on the page; just those where nobody else adds any.
pub(super) fn total(lab: &Lab<'_>, shown: &Shown, body: &Json, is_all: bool) -> Option<What> {
    let path = total_of(lab, shown, body)?;
    let two = || Json::integer(2);
    let mut matchers = vec![Matcher::AtLeast(two())];
    if is_all {
        matchers.push(Matcher::AtMost(two()));
    }
    Some(What::At(Path::parse(&path).ok()?, Test::Matches(matchers)))
}

/// Nothing says that there are any, be it that the reply is a failure which says that there are none.
pub(super) fn no_total(lab: &Lab<'_>, shown: &Shown, body: &Json) -> Option<What> {
    let path = total_of(lab, shown, body)?;
    let (_, member) = path.rsplit_once('.').filter(|(_, member)| member.bytes().all(|c| c.is_ascii_alphanumeric()))?;
    let path = Path::parse(&format!("$..[?@['{member}'] > 0]")).ok()?;
    Some(What::At(path, Test::Matches(vec![Matcher::Exists(false)])))
}

/// The path of the total beside a list.
pub(super) fn total_of(lab: &Lab<'_>, shown: &Shown, body: &Json) -> Option<String> {
    let lexicon = &lab.generation.lexicon;
    let beside = |at: &[At]| match at {
        [before @ .., At::Key(key)] => shown.path.starts_with(before) && lexicon.is_named("total", key),
        _ => false,
    };
    let (path, ..) = leaves(body)
        .into_iter()
        .find(|(_, at, value)| beside(at) && value.scalar_text().is_some_and(|text| text.parse::<u64>().is_ok()))?;
    Some(path)
}
