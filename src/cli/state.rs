//! `--state`: the file that holds the default world between two runs. What would lose the world at the end (no folder for the
//! file, no right to write there, another docsim that keeps its own world in it) is found at the start.

use super::shown;
use crate::world::{WorldName, Worlds, snapshot};
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// This process's alone until it is dropped.
pub(super) struct StateFile<'p> {
    /// As the user gave it.
    path: &'p Path,
    /// Behind all links, which stay as they are.
    real: PathBuf,
    _lock: Lock,
}

/// A file beside the other, since that one is replaced with each saving.
struct Lock {
    path: PathBuf,
    file: Option<File>,
}

impl<'p> StateFile<'p> {
    /// Also takes what would be needed to save: a place for the file, and the lock.
    pub(super) fn open(path: &'p Path) -> Result<Self, String> {
        let fail = |why: &dyn std::fmt::Display| format!("--state {}: {why}", shown(path));
        let real = behind_links(path).map_err(|error| fail(&error))?;
        // A device or a pipe has no end, and opening one may wait for ever.
        match std::fs::metadata(&real) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(fail(&"this is no file")),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(fail(&error)),
        }
        NamedTempFile::new_in(folder(&real)).map_err(|error| {
            fail(&format_args!(
                "the world could not be saved there: no file can be made in {}: {}",
                shown(folder(&real)),
                cause(&error)
            ))
        })?;
        let lock = Lock::take(&real).map_err(|why| fail(&why))?;
        Ok(Self { path, real, _lock: lock })
    }

    /// Loads the default world, if the file is there.
    pub(super) fn restore(&self, worlds: &Worlds) -> Result<Option<String>, String> {
        let path = shown(self.path);
        let text = match std::fs::read(&self.real) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("--state {path}: {error}")),
        };
        let document = serde_json::from_slice(&text).map_err(|error| format!("--state {path}: not JSON: {error}"))?;
        let world = snapshot::from_json(&document, WorldName::default())
            .map_err(|error| format!("--state {path}: {error}; the file is left as it is"))?;
        worlds.replace(world).map_err(|error| error.to_string())?;
        Ok(Some(format!("the default world was loaded from {path}")))
    }

    /// Saves the default world: a file of its own, then put in the place of the old one.
    pub(super) fn save(&self, worlds: &Worlds) -> Result<String, String> {
        let world = worlds.snapshot(&WorldName::default()).map_err(|error| error.to_string())?;
        let text = snapshot::to_json(&world).to_string();
        let path = shown(self.path);
        let write = || -> std::io::Result<()> {
            let mut file = NamedTempFile::new_in(folder(&self.real))?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&self.real).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| {
            format!("the default world could not be saved to {path}: {error}; that file is as it was before")
        })?;
        Ok(format!("the default world was saved to {path}"))
    }
}

impl Lock {
    fn take(real: &Path) -> Result<Self, String> {
        let mut name = OsString::from(real);
        name.push(".lock");
        let path = PathBuf::from(name);
        let file = File::options().create(true).write(true).truncate(false).open(&path);
        let file = file.map_err(|error| format!("{}: {error}", shown(&path)))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, file: Some(file) }),
            Err(TryLockError::WouldBlock) => {
                Err("another docsim keeps its world in it, and the one that ends last would undo the other's"
                    .to_owned())
            }
            // A file system without locks is no reason to refuse.
            Err(TryLockError::Error(_)) => Ok(Self { path, file: None }),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Where the last of the links at a path leads, whether something is there or not.
fn behind_links(path: &Path) -> std::io::Result<PathBuf> {
    const MOST_LINKS: usize = 40;
    let mut at = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = std::fs::read_link(&at) else { return Ok(at) };
        at = folder(&at).join(target);
    }
    Err(std::io::Error::other("too many links, one behind the other"))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Without the name of the file that was tried.
fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such folder".to_owned(),
        ErrorKind::PermissionDenied => "no right to write there".to_owned(),
        _ => error.to_string(),
    }
}
