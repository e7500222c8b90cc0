//! How much there is room for of what callers make, in a world and in all of them. What it counts, and what is refused, others
//! decide.

use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// A number.
    pub accounts: usize,
    /// A number: of all other collections together.
    pub records: usize,
    /// Bytes of a world's records, accounts included.
    pub records_size: usize,
    /// Bytes of records and files of all worlds together. What a fork shares is not counted again.
    pub worlds_size: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { accounts: 2_000_000, records: 2_000_000, records_size: 1 << 30, worlds_size: 2 << 30 }
    }
}

/// What all worlds together hold, in bytes.
#[derive(Debug, Default)]
pub(super) struct Held(AtomicUsize);

impl Held {
    pub(super) fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// One world's part has changed.
    pub(super) fn change(&self, from: usize, to: usize) {
        if to > from {
            self.0.fetch_add(to - from, Ordering::Relaxed);
        } else {
            self.0.fetch_sub(from - to, Ordering::Relaxed);
        }
    }
}
