//! Why a path could not be read: an error where the user named it, a finding where it stands among others.

use crate::diagnostic::{Diagnostic, Severity, harmless};
use crate::source::{FileId, Place, Span};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Cheap to clone, since a set of files keeps its problems.
#[derive(Clone, Debug)]
pub enum LoadError {
    /// `nearest` is the most similar name in the same folder.
    Missing {
        path: PathBuf,
        nearest: Option<String>,
    },
    NoDocuments {
        path: PathBuf,
    },
    TooMany {
        path: PathBuf,
        of: Plenty,
    },
    Unreadable {
        path: PathBuf,
        cause: Arc<io::Error>,
    },
    /// A pipe, a device, a socket.
    NotAFile {
        path: PathBuf,
    },
    Binary {
        path: PathBuf,
    },
    TooLarge {
        path: PathBuf,
    },
}

/// What there is more of than any set of documents has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plenty {
    Documents,
    Folders,
    Bytes,
}

impl LoadError {
    pub(super) fn from_io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { nearest: nearest(&path), path },
            _ => Self::Unreadable { path, cause: Arc::new(error) },
        }
    }

    pub fn path(&self) -> &Path {
        match self {
            Self::Missing { path, .. }
            | Self::NoDocuments { path }
            | Self::TooMany { path, .. }
            | Self::Unreadable { path, .. }
            | Self::NotAFile { path }
            | Self::Binary { path }
            | Self::TooLarge { path } => path,
        }
    }

    /// There is nothing at the path, rather than something that cannot be read.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::NoDocuments { .. })
    }

    /// The system has nothing to read it with (too many open files, mostly): it says nothing of what is there.
    pub fn is_passing(&self) -> bool {
        const TOO_MANY_OPEN: [i32; 2] = [23, 24]; // ENFILE and EMFILE wherever there are such
        let Self::Unreadable { cause, .. } = self else { return false };
        let is_listed = cfg!(unix) && cause.raw_os_error().is_some_and(|code| TOO_MANY_OPEN.contains(&code));
        is_listed || cause.kind() == io::ErrorKind::OutOfMemory
    }

    /// The name of the finding that this is where it does not end the program.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing-path",
            Self::NoDocuments { .. } => "no-documents",
            Self::TooMany { .. } => "too-many-files",
            Self::Unreadable { .. } | Self::NotAFile { .. } => "unreadable-file",
            Self::Binary { .. } => "binary-file",
            Self::TooLarge { .. } => "file-too-large",
        }
    }

    /// A document that cannot be read is one less; without the configuration nothing is judged as it was meant.
    pub(super) fn finding(&self, file: FileId, is_config: bool) -> Diagnostic {
        let (severity, help) = match self {
            Self::Missing { .. } | Self::NoDocuments { .. } => (Severity::Error, "put it back, or name another path"),
            Self::TooMany { .. } => (Severity::Error, "name the folder of the documents alone"),
            Self::Unreadable { .. } | Self::NotAFile { .. } => (Severity::Error, "see its permissions"),
            Self::Binary { .. } => (Severity::Warning, "save it as UTF-8 text, or give it another extension"),
            Self::TooLarge { .. } => (Severity::Warning, "split it, or give it another extension"),
        };
        let place = Place { file, span: Span::default() };
        if is_config && matches!(self, Self::Binary { .. } | Self::TooLarge { .. }) {
            let path = harmless(&self.path().display().to_string());
            let message = format!("{path} is no text of a configuration, so nothing that it sets holds");
            return Diagnostic::error(self.rule(), place, message).help("docsim schema config says what may be in it");
        }
        Diagnostic::new(self.rule(), severity, place, self.to_string()).help(help)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&harmless(&self.path().display().to_string()))?;
        match self {
            Self::Missing { nearest: Some(nearest), .. } => {
                write!(f, " does not exist; is {} meant?", harmless(nearest))
            }
            Self::Missing { nearest: None, .. } => write!(f, " does not exist"),
            Self::NoDocuments { .. } => write!(f, " holds no documents (.md, .markdown, .txt)"),
            Self::TooMany { of: Plenty::Documents, .. } => {
                write!(f, " holds more than {} documents", super::find::MOST_FILES)
            }
            Self::TooMany { of: Plenty::Folders, .. } => {
                write!(f, " holds more than {} folders", super::find::MOST_FOLDERS)
            }
            Self::TooMany { of: Plenty::Bytes, .. } => {
                write!(f, " and what comes before it are more than {} MiB of documents", super::LARGEST_SET >> 20)
            }
            Self::Unreadable { cause, .. } => write!(f, " cannot be read: {cause}"),
            Self::NotAFile { .. } => write!(f, " is not a file"),
            Self::Binary { .. } => write!(f, " is no text, so it is not read as a document"),
            Self::TooLarge { .. } => write!(f, " is larger than {} MiB", super::LARGEST_FILE >> 20),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

/// The name in the folder of `path` that is most like its own, if one is like it.
fn nearest(path: &Path) -> Option<String> {
    const LIKE: f64 = 0.8;
    let wanted = path.file_name()?.to_string_lossy().to_lowercase();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let scored = names.map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name));
    // Equal scores go by name, so that the answer does not depend on the folder's order.
    let best =
        scored.filter(|(score, _)| *score >= LIKE).max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::UNREADABLE;

    #[test]
    fn a_name_is_no_command_for_a_terminal() {
        let missing = |name: &str, nearest: &str| {
            LoadError::Missing { path: name.into(), nearest: Some(nearest.to_owned()) }.to_string()
        };
        assert_eq!(missing("a\u{1b}[2J.md", "\u{202e}b"), "a␛[2J.md does not exist; is \u{fffd}b meant?");
    }

    #[test]
    fn what_is_there_and_cannot_be_read_keeps_its_endpoints() {
        let path = || PathBuf::from("a.md");
        let denied = LoadError::from_io(&path(), io::ErrorKind::PermissionDenied.into());
        let there = [denied, LoadError::NotAFile { path: path() }, LoadError::Binary { path: path() }];
        for error in there.iter().chain([&LoadError::TooLarge { path: path() }]) {
            assert!(UNREADABLE.contains(&error.rule()) && !error.is_absence(), "{error}");
        }
        let missing = LoadError::from_io(&path(), io::ErrorKind::NotFound.into());
        for error in [missing, LoadError::NoDocuments { path: path() }] {
            assert!(!UNREADABLE.contains(&error.rule()) && error.is_absence(), "{error}");
        }
    }
}
