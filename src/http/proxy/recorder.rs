//! What passed, kept as a scenario file that grows with every call.
//!
//! In: calls with their replies. Out: one file, written anew after each of them and put in the place of the old one, so
//! that it is whole whenever somebody looks. Secrets never reach it: see `scenario::record`.

use crate::scenario::record::{self, Taken};
use crate::scenario::write;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// More nobody reads; and all of them are in memory.
const MOST_CALLS: usize = 1_000;
const MOST_BYTES: usize = 64 << 20;

pub struct Recorder {
    file: PathBuf,
    name: String,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    calls: Vec<Taken>,
    bytes: usize,
    is_full: bool,
}

impl Recorder {
    /// A new file in a folder, which is made if it is not there. `stamp` is a time, as file names have it.
    pub fn new(folder: &Path, stamp: &str) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let names = std::iter::once(String::new()).chain((2..1_000).map(|number| format!("-{number}")));
        for more in names {
            let name = format!("recorded {stamp}{more}");
            let file = folder.join(format!("recorded-{stamp}{more}.yaml"));
            match std::fs::OpenOptions::new().write(true).create_new(true).open(&file) {
                Ok(_) => {
                    std::fs::remove_file(&file)?;
                    return Ok(Self { file, name, state: Mutex::default(), changed: Notify::new() });
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(std::io::Error::other("there are a thousand recordings of this second"))
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a call, if there is room. True where it is the first for which there is none.
    pub(super) fn take(&self, taken: Taken) -> bool {
        let mut state = self.state();
        let size = taken.size();
        if state.calls.len() >= MOST_CALLS || state.bytes + size > MOST_BYTES {
            return !std::mem::replace(&mut state.is_full, true);
        }
        state.bytes += size;
        state.calls.push(taken);
        drop(state);
        self.changed.notify_one();
        false
    }

    /// Returns when there is something to write.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Writes what there is; how many calls stand in it, and how many had to be left out. Nothing is written for none.
    pub fn write(&self) -> std::io::Result<(usize, usize)> {
        let calls = self.state().calls.clone();
        let recorded = record::scenario(&self.name, &calls);
        let count = calls.len() - recorded.left_out;
        if count == 0 {
            return Ok((0, recorded.left_out));
        }
        let text = write::write(&[recorded.scenario]);
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&self.file).map_err(|error| error.error)?;
        Ok((count, recorded.left_out))
    }
}
