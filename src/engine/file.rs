//! What there is to see under a path that no endpoint has: a file that was uploaded, or a picture that an example or a record
//! names and that never existed. A page that shows a demonstration record must not look broken for it.
//!
//! In: a world and a path. Out: what to show, or nothing. Draws nothing and changes nothing.

use crate::behavior::Model;
use crate::behavior::replies::address;
use crate::json::Json;
use crate::source::Place;
use crate::world::{Upload, World, WorldName};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Upload(Arc<Upload>),
    /// Only named: the file's name, and where the documents name it; nowhere if a record does.
    Named {
        name: String,
        place: Option<Place>,
    },
}

/// Looks a path up, percent-encoded as sent; `base_path` may stand before it, and a world's prefix once more, since clients put
/// an address together from a base and what a reply says.
pub fn find(model: &Model, base_path: &str, world: &World, path: &str) -> Option<Found> {
    let path = address::path_of(without_prefixes(path))?;
    if let Some(upload) = suffixes(&path).find_map(|path| world.uploads().get(path)) {
        return Some(Found::Upload(Arc::clone(upload)));
    }
    if !address::is_picture(&path) {
        return None;
    }
    let base = base_path.trim_matches('/');
    let bare = path.strip_prefix(base).filter(|_| !base.is_empty()).map(|rest| rest.trim_start_matches('/'));
    let known = |path: &str| model.pictures.get(path);
    let whole = known(&path).or_else(|| bare.and_then(known));
    let named = whole.or_else(|| suffixes(&path).find_map(|path| known(path).filter(|named| named.is_relative)));
    let name = || path.rsplit('/').next().unwrap_or_default().to_owned();
    match named {
        Some(named) => Some(Found::Named { name: name(), place: Some(named.place) }),
        None if is_in_records(world, &path) => Some(Found::Named { name: name(), place: None }),
        None => None,
    }
}

fn without_prefixes(mut path: &str) -> &str {
    while let Some((name, _)) = path.strip_prefix("/@").and_then(|rest| rest.split_once('/')) {
        if WorldName::parse(name).is_err() {
            break;
        }
        path = &path[2 + name.len()..];
    }
    path
}

/// The path, and what is left of it without its first folder, its second, …
fn suffixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.split_once('/').map(|(_, rest)| rest))
}

/// Looks through all records; only for what would be a 404 otherwise, and on a copy of the world.
fn is_in_records(world: &World, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut records = world.collections().flat_map(|(_, collection)| collection.iter());
    records.any(|record| record.fields.iter().any(|(_, value)| names(value, path, name)))
}

fn names(value: &Json, path: &str, name: &str) -> bool {
    match value {
        // Nearly no text has the name in it, and to take an address apart costs more than to look.
        Json::String(text) => {
            (text.contains(name) || text.contains('%'))
                && text.split(',').any(|part| address::path_of(part).is_some_and(|known| known == path))
        }
        Json::Array(items) => items.iter().any(|item| names(item, path, name)),
        Json::Object(members) => members.iter().any(|(_, member)| names(member, path, name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Change, Clock, Fields, Mark, Record};

    #[test]
    fn a_picture_that_a_record_names_is_found_by_its_path() {
        let mut world = World::new(WorldName::default(), 1, Clock::default());
        let fields: Fields = [
            ("portrait".into(), Json::string("http://h.example/u/%E5%9B%BE.png?x=1")),
            ("pictures".into(), Json::Array(vec![Json::string("/r/1.jpg"), Json::string("/r/2.jpg,/r/3.jpg")])),
            ("note".into(), Json::string("see /r/4.jpg")),
        ]
        .into_iter()
        .collect();
        let record = Record {
            seq: 1,
            id: "1".into(),
            owner: None,
            created_at: 0,
            fields,
            password: None,
            mark: Mark::Active,
            before_freeze: None,
            keys: Vec::new(),
        };
        world.apply(&Change::RecordCreated { collection: "accounts".into(), record: Arc::new(record) });
        let check = |path: &str, expected: bool| {
            let found = find(&Model::default(), "", &world, path);
            assert_eq!(matches!(found, Some(Found::Named { place: None, .. })), expected, "{path}: {found:?}");
        };
        check("/u/%E5%9B%BE.png", true);
        check("/r/1.jpg", true);
        check("/r/3.jpg", true);
        check("/r/4.jpg", false);
        check("/x/r/1.jpg", false);
        check("/1.jpg", false);
    }

    #[test]
    fn prefixes_of_worlds_are_dropped_and_nothing_else() {
        assert_eq!(without_prefixes("/@t1/@t2/a/7.png"), "/a/7.png");
        assert_eq!(without_prefixes("/@/7.png"), "/@/7.png");
        assert_eq!(without_prefixes("/a/@t1/7.png"), "/a/@t1/7.png");
        assert_eq!(suffixes("a/b/7.png").collect::<Vec<_>>(), ["a/b/7.png", "b/7.png", "7.png"]);
    }
}
