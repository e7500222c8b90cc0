//! The records of one name: found by number, id, key and owner. Keeps what must be one of its kind so, whatever change
//! comes. Does not know which changes make sense.

use super::index::TextIndex;
use super::record::{Key, Owner, Record, Seq};
use std::collections::HashSet;
use std::sync::Arc;

/// Persistent: a clone is a few pointers.
#[derive(Clone)]
pub struct Collection {
    /// By number, so that pages and newest-first need no sorting.
    records: imbl::OrdMap<Seq, Arc<Record>>,
    ids: TextIndex,
    keys: TextIndex,
    owned: imbl::OrdSet<(Owner, Seq)>,
    next_seq: Seq,
    /// Of all records together, in bytes.
    weight: usize,
    /// The first that nobody has looked at for what comes with time alone. No part of a snapshot: to look again does no harm.
    unsettled: Seq,
}

impl Default for Collection {
    fn default() -> Self {
        Self {
            records: imbl::OrdMap::new(),
            ids: TextIndex::default(),
            keys: TextIndex::default(),
            owned: imbl::OrdSet::new(),
            next_seq: 1,
            weight: 0,
            unsettled: 0,
        }
    }
}

impl Collection {
    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Of all records together, in bytes by estimate.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// The number that the next record gets.
    pub fn next_seq(&self) -> Seq {
        self.next_seq
    }

    pub fn get(&self, seq: Seq) -> Option<&Arc<Record>> {
        self.records.get(&seq)
    }

    pub fn by_id(&self, id: &str) -> Option<&Arc<Record>> {
        self.ids.candidates(&[id]).filter_map(|seq| self.records.get(&seq)).find(|record| &*record.id == id)
    }

    /// The one record that has this value in this space.
    pub fn by_key(&self, space: &str, value: &str) -> Option<&Arc<Record>> {
        let candidates = self.keys.candidates(&[space, value]);
        candidates.filter_map(|seq| self.records.get(&seq)).find(|record| record.has_key(space, value))
    }

    /// In the order of creation; `.rev()` gives the newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Record>> + ExactSizeIterator {
        self.records.values()
    }

    /// Those created before that one, newest first: the rest of a list after a page's last item.
    pub fn before(&self, seq: Seq) -> impl Iterator<Item = &Arc<Record>> {
        self.records.range(..seq).rev().map(|(_, record)| record)
    }

    /// Those that nobody has looked at for what comes with time alone, in the order of creation.
    pub fn unsettled(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.range(self.unsettled..).map(|(_, record)| record)
    }

    /// Those before that one have been looked at.
    pub(super) fn settle(&mut self, before: Seq) {
        self.unsettled = self.unsettled.max(before);
    }

    /// An account's own, in the order of creation.
    pub fn owned_by(&self, owner: &Owner) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        let range = (owner.clone(), 0)..=(owner.clone(), Seq::MAX);
        self.owned.range(range).filter_map(|(_, seq)| self.records.get(seq))
    }

    /// Refuses a record whose number, id or one of whose keys another has, and one that has a key twice.
    pub(super) fn insert(&mut self, record: &Arc<Record>) -> bool {
        let Record { seq, id, keys, owner, .. } = &**record;
        let taken = |key: &Key| self.by_key(&key.space, &key.value).is_some();
        if self.records.contains_key(seq) || self.by_id(id).is_some() || keys.iter().any(taken) || !are_different(keys)
        {
            return false;
        }
        for key in keys {
            self.keys.insert(&[&key.space, &key.value], *seq);
        }
        if let Some(owner) = owner {
            self.owned.insert((owner.clone(), *seq));
        }
        self.ids.insert(&[id], *seq);
        self.weight = self.weight.saturating_add(record.weight());
        self.records.insert(*seq, Arc::clone(record));
        self.reserve(seq.saturating_add(1));
        true
    }

    pub(super) fn remove(&mut self, seq: Seq) -> bool {
        let Some(record) = self.records.remove(&seq) else {
            return false;
        };
        self.weight = self.weight.saturating_sub(record.weight());
        for key in &record.keys {
            self.keys.remove(&[&key.space, &key.value], seq);
        }
        if let Some(owner) = &record.owner {
            self.owned.remove(&(owner.clone(), seq));
        }
        self.ids.remove(&[&record.id], seq);
        true
    }

    /// Changes what no index knows: never the number, the id, the owner or the keys.
    pub(super) fn edit(&mut self, seq: Seq, change: impl FnOnce(&mut Record)) -> bool {
        let Some(record) = self.records.get_mut(&seq) else {
            return false;
        };
        let before = record.weight();
        change(Arc::make_mut(record));
        self.weight = self.weight.saturating_sub(before).saturating_add(record.weight());
        true
    }

    /// Gives a record a key, takes one away, or does both as one. Refuses a value that a record has, and to take what this
    /// one does not have.
    pub(super) fn set_key(
        &mut self,
        seq: Seq,
        space: &Arc<str>,
        from: Option<&Arc<str>>,
        to: Option<&Arc<str>>,
    ) -> bool {
        let Some(record) = self.records.get(&seq) else {
            return false;
        };
        if from.is_some_and(|from| !record.has_key(space, from))
            || to.is_some_and(|to| self.by_key(space, to).is_some())
        {
            return false;
        }
        if let Some(from) = from {
            self.keys.remove(&[space, from], seq);
        }
        if let Some(to) = to {
            self.keys.insert(&[space, to], seq);
        }
        self.edit(seq, |record| {
            let at = from.and_then(|from| record.keys.iter().position(|key| key.space == *space && key.value == *from));
            match (at.and_then(|at| record.keys.get_mut(at)), to) {
                (Some(key), Some(to)) => key.value = Arc::clone(to),
                (None, Some(to)) => record.keys.push(Key { space: Arc::clone(space), value: Arc::clone(to) }),
                (_, None) => {}
            }
            record.keys.retain(|key| key.space != *space || from != Some(&key.value));
        })
    }

    /// No record gets a number below that.
    pub(super) fn reserve(&mut self, next_seq: Seq) {
        self.next_seq = self.next_seq.max(next_seq);
    }
}

/// Most records have one key.
fn are_different(keys: &[Key]) -> bool {
    let mut seen = HashSet::new();
    keys.len() < 2 || keys.iter().all(|key| seen.insert(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Fields, Mark};

    fn record(seq: Seq, id: &str, keys: &[(&str, &str)], owner: Option<Seq>) -> Arc<Record> {
        Arc::new(Record {
            seq,
            id: id.into(),
            owner: owner.map(|seq| Owner { collection: "accounts".into(), seq }),
            created_at: 0,
            fields: Fields::default(),
            password: None,
            mark: Mark::Active,
            before_freeze: None,
            keys: keys.iter().map(|(space, value)| Key::new(*space, *value)).collect(),
        })
    }

    fn seqs<'r>(records: impl Iterator<Item = &'r Arc<Record>>) -> Vec<Seq> {
        records.map(|record| record.seq).collect()
    }

    #[test]
    fn a_number_an_id_and_a_key_belong_to_one_record() {
        let mut all = Collection::default();
        assert!(all.insert(&record(1, "261", &[("identity", "a"), ("identity", "b"), ("card", "a")], None)));
        for refused in [
            record(1, "262", &[], None),
            record(2, "261", &[], None),
            record(2, "262", &[("identity", "b")], None),
            record(2, "262", &[("card", "c"), ("card", "a")], None),
            record(2, "262", &[("card", "c"), ("card", "c")], None),
        ] {
            assert!(!all.insert(&refused), "{refused:?}");
        }
        assert!(all.insert(&record(7, "262", &[("card", "b")], None)));
        assert_eq!((all.len(), all.next_seq()), (2, 8));
        assert_eq!(all.by_id("262").map(|record| record.seq), Some(7));
        assert_eq!(all.by_key("identity", "b").map(|record| record.seq), Some(1));
        assert_eq!(all.by_key("identity", "c"), None);
    }

    #[test]
    fn what_is_removed_is_free_again_but_its_number() {
        let mut all = Collection::default();
        assert!(all.insert(&record(1, "261", &[("identity", "a")], Some(3))));
        assert!(all.remove(1));
        assert!(!all.remove(1));
        assert!(all.by_id("261").is_none() && all.by_key("identity", "a").is_none() && all.is_empty());
        assert_eq!((all.ids.len(), all.keys.len(), all.owned.len()), (0, 0, 0));
        assert_eq!(all.next_seq(), 2);
    }

    #[test]
    fn keys_move_only_where_they_are_free() {
        let mut all = Collection::default();
        assert!(all.insert(&record(1, "1", &[("identity", "a")], None)));
        assert!(all.insert(&record(2, "2", &[("identity", "b")], None)));
        let [space, a, b, c]: [Arc<str>; 4] = ["identity", "a", "b", "c"].map(Arc::from);
        assert!(!all.set_key(1, &space, Some(&a), Some(&b)), "b is another's");
        assert!(!all.set_key(1, &space, Some(&b), Some(&c)), "b is not this one's");
        assert!(!all.set_key(9, &space, None, Some(&c)));
        assert!(all.set_key(1, &space, Some(&a), Some(&c)));
        assert!(all.set_key(2, &space, None, Some(&a)));
        assert_eq!(all.by_key("identity", "a").map(|record| record.keys.len()), Some(2));
        assert_eq!(all.by_key("identity", "c").map(|record| record.seq), Some(1));
        assert!(all.set_key(2, &space, Some(&b), None));
        assert!(all.by_key("identity", "b").is_none());
        assert!(all.by_key("identity", "a").is_some_and(|record| record.keys == [Key::new("identity", "a")]));
    }

    #[test]
    fn lists_by_age_and_by_owner() {
        let mut all = Collection::default();
        for seq in 1..=5 {
            assert!(all.insert(&record(seq, &seq.to_string(), &[], Some(seq % 2))));
        }
        assert_eq!(seqs(all.iter().rev()), [5, 4, 3, 2, 1]);
        assert_eq!(seqs(all.before(4)), [3, 2, 1]);
        let owner = |seq| Owner { collection: "accounts".into(), seq };
        assert_eq!(seqs(all.owned_by(&owner(1))), [1, 3, 5]);
        assert_eq!(seqs(all.owned_by(&owner(0)).rev()), [4, 2]);
        assert_eq!(seqs(all.owned_by(&Owner { collection: "others".into(), seq: 1 })), [0; 0]);
    }
}
