//! How much a world has room for of what callers make. What it counts, and what is refused, others decide.

/// Numbers of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub accounts: usize,
    /// Of all other collections together.
    pub records: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { accounts: 2_000_000, records: 2_000_000 }
    }
}
