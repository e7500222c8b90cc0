//! Scenario files and folders as scenarios.
//!
//! In: paths. Out: scenarios in the order of the files, their sources, and what is wrong with them. A file may include
//! others, relative to itself and below the folder that it was asked for in; each is read once.

use super::ast::Scenario;
use super::parse::{self, VALUE};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Source};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// What there is to run.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub scenarios: Vec<Scenario>,
    pub sources: Vec<Source>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
pub struct LoadError {
    path: PathBuf,
    cause: io::Error,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.cause.kind() {
            io::ErrorKind::NotFound => write!(f, "there is no file or folder {path}"),
            io::ErrorKind::InvalidData => write!(f, "{path} is no text in UTF-8"),
            _ => write!(f, "{path} cannot be read: {}", self.cause),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

impl Loaded {
    /// Both, one after the other.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        let by = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let moved = |place: &mut Place| place.file = FileId(place.file.0.saturating_add(by));
        for mut scenario in more.scenarios {
            moved(&mut scenario.place);
            for step in scenario.setup.iter_mut().chain(&mut scenario.steps) {
                moved(&mut step.place);
                step.expect.iter_mut().for_each(|expect| moved(&mut expect.place));
                step.save.iter_mut().for_each(|save| moved(&mut save.place));
            }
            self.scenarios.push(scenario);
        }
        for mut diagnostic in more.diagnostics {
            moved(&mut diagnostic.place);
            self.diagnostics.push(diagnostic);
        }
        self.sources.extend(more.sources);
        self
    }
}

/// Folders are searched for `.yaml` and `.yml`, at any depth, in the order of their names.
pub fn load(paths: &[PathBuf]) -> Result<Loaded, LoadError> {
    let mut loader = Loader { loaded: Loaded::default(), known: Vec::new() };
    for path in paths {
        let kind = fs::metadata(path).map_err(|cause| LoadError { path: path.clone(), cause })?;
        if kind.is_dir() {
            let mut files = Vec::new();
            find(path, 0, &mut files)?;
            for file in files {
                loader.file(&file, path)?;
            }
        } else {
            let root = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
            loader.file(path, &root)?;
        }
    }
    Ok(loader.loaded)
}

struct Loader {
    loaded: Loaded,
    /// Read already, by their real paths.
    known: Vec<PathBuf>,
}

impl Loader {
    fn file(&mut self, path: &Path, root: &Path) -> Result<(), LoadError> {
        let failed = |cause| LoadError { path: path.to_path_buf(), cause };
        let real = fs::canonicalize(path).map_err(failed)?;
        if self.known.contains(&real) {
            return Ok(());
        }
        self.known.push(real);
        let text = fs::read_to_string(path).map_err(failed)?;
        let file = FileId(u32::try_from(self.loaded.sources.len()).unwrap_or(u32::MAX));
        let source = Source::new(path.display().to_string(), text.trim_start_matches('\u{feff}'));
        let parsed = parse::parse(&source, file);
        self.loaded.sources.push(source);
        self.loaded.diagnostics.extend(parsed.diagnostics);
        self.loaded.scenarios.extend(parsed.scenarios);
        for (written, place) in parsed.includes {
            self.include(path, root, &written, place);
        }
        Ok(())
    }

    fn include(&mut self, from: &Path, root: &Path, written: &str, place: Place) {
        let path = from.parent().unwrap_or(Path::new("")).join(written);
        let root_path = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let is_below = match (fs::canonicalize(&path), fs::canonicalize(root_path)) {
            (Ok(path), Ok(root)) => path.starts_with(root),
            _ => true, // it is reported as unreadable
        };
        let error = if is_below {
            self.file(&path, root).err().map(|error| error.to_string())
        } else {
            Some(format!("{written} lies outside of {}", root_path.display()))
        };
        if let Some(error) = error {
            self.loaded.diagnostics.push(Diagnostic::error(VALUE, place, error));
        }
    }
}

/// Deeper folders are not looked into: nobody keeps scenarios there, but a link may lead in a circle.
const DEPTH: usize = 16;

fn find(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let failed = |cause| LoadError { path: folder.to_path_buf(), cause };
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).map_err(failed)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    entries.sort();
    for path in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_yaml = path.extension().is_some_and(|ext| ext == "yaml" || ext == "yml");
        if is_hidden {
            continue;
        }
        if path.is_dir() && depth < DEPTH {
            find(&path, depth + 1, files)?;
        } else if is_yaml && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
