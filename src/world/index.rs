//! Texts to numbers, for a million of them: which records, tokens or passcodes *may* be known by a text.
//!
//! A persistent hash map costs 140 bytes an entry and keeps the texts a second time; a sorted map of hash to number costs
//! about 35, is as fast to search, and clones in one pointer. The price: whoever asks must look at the few numbers that come
//! out and see which one has the text, which it reads anyway.

use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hasher};

#[derive(Clone, Default)]
pub(super) struct TextIndex {
    /// For each hash its greatest number: mostly its only one, and found without a cursor, which would allocate.
    greatest: imbl::OrdMap<u64, u64>,
    /// The rest, with their hashes.
    others: imbl::OrdSet<(u64, u64)>,
}

impl TextIndex {
    /// False if it was there.
    pub(super) fn insert(&mut self, text: &[&str], number: u64) -> bool {
        let hash = hash(text);
        match self.greatest.get_mut(&hash) {
            None => self.greatest.insert(hash, number).is_none(),
            Some(greatest) if number > *greatest => {
                self.others.insert((hash, std::mem::replace(greatest, number)));
                true
            }
            Some(greatest) => number != *greatest && self.others.insert((hash, number)).is_none(),
        }
    }

    pub(super) fn remove(&mut self, text: &[&str], number: u64) {
        let hash = hash(text);
        if self.greatest.get(&hash) != Some(&number) {
            self.others.remove(&(hash, number));
        } else if let Some(next) = self.below(hash, number) {
            self.others.remove(&(hash, next));
            self.greatest.insert(hash, next);
        } else {
            self.greatest.remove(&hash);
        }
    }

    /// How many numbers it holds: lookups cannot tell a number that was left behind.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.greatest.len() + self.others.len()
    }

    /// The numbers that may belong to the text, greatest first.
    pub(super) fn candidates<'i>(&'i self, text: &[&str]) -> impl Iterator<Item = u64> + use<'i> {
        let hash = hash(text);
        std::iter::successors(self.greatest.get(&hash).copied(), move |number| self.below(hash, *number))
    }

    /// The next smaller number of a hash.
    fn below(&self, hash: u64, number: u64) -> Option<u64> {
        if self.others.is_empty() {
            return None;
        }
        let (found, number) = self.others.get_prev(&(hash, number.checked_sub(1)?))?;
        (*found == hash).then_some(*number)
    }
}

/// The same in one run of the program only, so it is never stored. The key is fixed: who could make 64-bit collisions would
/// only make himself wait.
fn hash(text: &[&str]) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    for part in text {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff); // in no UTF-8 text, so ["ab", "c"] is not ["a", "bc"]
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_numbers_of_a_text_and_no_others() {
        let mut index = TextIndex::default();
        for (text, number) in [("a", 3), ("b", 4), ("a", 0), ("a", u64::MAX), ("c", 7)] {
            index.insert(&[text], number);
        }
        assert_eq!(index.candidates(&["a"]).collect::<Vec<_>>(), [u64::MAX, 3, 0]);
        index.remove(&["a"], 3);
        index.remove(&["a"], 4);
        assert_eq!(index.candidates(&["a"]).collect::<Vec<_>>(), [u64::MAX, 0]);
        assert_eq!(index.candidates(&["d"]).count(), 0);
    }

    #[test]
    fn parts_do_not_run_together() {
        let mut index = TextIndex::default();
        index.insert(&["ab", "c"], 1);
        assert_eq!(index.candidates(&["a", "bc"]).count() + index.candidates(&["abc"]).count(), 0);
        assert_eq!(index.candidates(&["ab", "c"]).count(), 1);
    }
}
