//! What there is no room for in a world or in all of them: files, accounts, records. No document says so; it is docsim that refuses.

use crate::behavior::account::COLLECTION;
use crate::json::Json;
use crate::world::{Change, Collection, World};
use std::fmt;

/// A call that would make more than there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// A number for accounts and records, else in bytes.
    pub limit: usize,
    pub of: Scarce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scarce {
    /// One file.
    File,
    /// All files of a world together.
    Files,
    Accounts,
    /// Of all other collections together.
    Records,
    /// Bytes of all records of a world, accounts included.
    RecordsSize,
    /// Bytes of what all worlds hold.
    WorldsSize,
}

impl TooLarge {
    /// What it goes by: an option of the command line, or a key of `docsim.toml`.
    pub fn name(&self) -> &'static str {
        match self.of {
            Scarce::File => "uploads.file_mb",
            Scarce::Files => "uploads.world_mb",
            Scarce::Accounts => "accounts",
            Scarce::Records => "records",
            Scarce::RecordsSize => "records-size",
            Scarce::WorldsSize => "worlds-size",
        }
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, of } = self;
        match of {
            Scarce::File => write!(f, "the limit is {limit} bytes for one file"),
            Scarce::Files => write!(f, "the limit is {limit} bytes for all files of a world together"),
            Scarce::Accounts => write!(f, "the limit is {limit} accounts in a world"),
            Scarce::Records => write!(f, "the limit is {limit} records in a world, accounts not counted"),
            Scarce::RecordsSize => write!(f, "the limit is {limit} bytes for all records of a world together"),
            Scarce::WorldsSize => write!(f, "the limit is {limit} bytes for what all worlds hold together"),
        }?;
        match of {
            Scarce::File | Scarce::Files => write!(f, "; `uploads` in docsim.toml sets it"),
            Scarce::Accounts | Scarce::Records | Scarce::RecordsSize | Scarce::WorldsSize => {
                write!(f, "; `--limit {}=…` sets it", self.name())
            }
        }
    }
}

/// Whether there is room for what the changes make.
pub(super) fn check(world: &World, changes: &[Change]) -> Result<(), TooLarge> {
    let grown: isize = changes.iter().map(growth).sum();
    if grown > 0 {
        let grown = grown.unsigned_abs();
        let room = world.room();
        if world.records_size().saturating_add(grown) > room.records_size {
            return Err(TooLarge { limit: room.records_size, of: Scarce::RecordsSize });
        }
        together(world, grown)?;
    }
    count(world, changes)
}

/// Whether all worlds together have room for so many bytes more.
pub(super) fn together(world: &World, more: usize) -> Result<(), TooLarge> {
    if world.size().saturating_add(more) > world.ceiling() {
        return Err(TooLarge { limit: world.room().worlds_size, of: Scarce::WorldsSize });
    }
    Ok(())
}

/// How many bytes more a change takes.
fn growth(change: &Change) -> isize {
    let weight = |value: &Option<Json>| value.as_ref().map_or(0, Json::weight);
    let (more, less) = match change {
        Change::RecordCreated { record, .. } => (record.weight(), 0),
        Change::RecordRemoved { record, .. } => (0, record.weight()),
        Change::FieldSet { from, to, .. } => (weight(to), weight(from)),
        _ => (0, 0),
    };
    more.cast_signed() - less.cast_signed()
}

fn count(world: &World, changes: &[Change]) -> Result<(), TooLarge> {
    let is_made = |change: &Change| matches!(change, Change::RecordCreated { .. });
    if !changes.iter().any(is_made) {
        return Ok(());
    }
    let (mut accounts, mut records) = (0, 0);
    for change in changes {
        match change {
            Change::RecordCreated { collection, .. } if **collection == *COLLECTION => accounts += 1,
            Change::RecordCreated { .. } => records += 1,
            Change::RecordRemoved { collection, .. } if **collection == *COLLECTION => accounts -= 1,
            Change::RecordRemoved { .. } => records -= 1,
            _ => {}
        }
    }
    let room = world.room();
    let there = world.collection(COLLECTION).map_or(0, Collection::len);
    let others = || world.collections().map(|(_, all)| all.len()).sum::<usize>() - there;
    let is_over = |there: usize, more: isize, limit: usize| more > 0 && there.saturating_add_signed(more) > limit;
    if is_over(there, accounts, room.accounts) {
        return Err(TooLarge { limit: room.accounts, of: Scarce::Accounts });
    }
    if records > 0 && is_over(others(), records, room.records) {
        return Err(TooLarge { limit: room.records, of: Scarce::Records });
    }
    Ok(())
}
