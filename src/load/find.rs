//! Which files are meant by the paths that a user gave.
//!
//! In: paths of files and folders. Out: the documents in their order, the configuration beside them, what is wrong with a
//! path, and the names in which folders decide about all this (for `reload`, which watches them). Opens no document.

use super::LoadError;
use super::error::Plenty;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What to read: files and folders, and the configuration file where it is not the one beside them.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub paths: Vec<PathBuf>,
    pub config: Option<PathBuf>,
}

/// More documents than any set has: somebody named a whole disk.
pub(super) const MOST_FILES: usize = 10_000;
pub(super) const MOST_FOLDERS: usize = 10_000;

/// The configuration that may stand beside the documents, and the settings of a site that publishes them.
const CONFIG: &str = "docsim.toml";
const SITE: &str = "book.json";

#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) documents: Vec<Candidate>,
    pub(super) config: Option<Candidate>,
    pub(super) site: Option<Candidate>,
    /// Paths that the user gave and that lead to no document.
    pub(super) problems: Vec<LoadError>,
    pub(super) watched: Watched,
}

/// A file to read; its path as the user gave it is its name.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// The user gave this very file, so it cannot be passed over.
    pub(super) named: bool,
}

/// Where changes would be seen: folders by their real paths, each with what counts in it.
pub type Watched = BTreeMap<PathBuf, Interest>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// Every document and folder in it counts.
    pub folder: bool,
    /// These names count: files and folders that were named, links on the way to one, the configuration.
    pub names: BTreeSet<OsString>,
}

pub(super) fn find(selection: &Selection) -> Found {
    let mut finder = Finder::default();
    for path in &selection.paths {
        finder.root(path);
    }
    finder.beside(selection);
    finder.found
}

/// Whether a file of this name, in a folder, is a document: `.md`, `.markdown`, `.txt`, and none of editors' stray files.
pub fn is_document(name: &OsStr) -> bool {
    let path = Path::new(name);
    let known = |extension: &OsStr| ["md", "markdown", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    let text = name.to_string_lossy();
    let stray = text.starts_with(['.', '#', '~']) || text.contains("___jb_");
    !stray && path.extension().is_some_and(known)
}

/// Whether documents are looked for in a folder of this name, when it stands in another.
pub fn is_searched(name: &OsStr) -> bool {
    !name.as_encoded_bytes().starts_with(b".") && name != "node_modules" && name != "target"
}

#[derive(Default)]
struct Finder {
    found: Found,
    /// Real paths of what was met: no file is read twice, no link leads in a circle.
    met: HashSet<PathBuf>,
    folders: usize,
}

impl Finder {
    fn root(&mut self, path: &Path) {
        self.trail(path);
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.found.problems.push(LoadError::from_io(path, error)),
        };
        if !metadata.is_dir() {
            return self.file(path.to_owned(), true);
        }
        let before = self.found.documents.len();
        match self.folder(path) {
            Err(error) => self.found.problems.push(error),
            Ok(()) if self.found.documents.len() == before && !self.is_inside_another(path) => {
                self.found.problems.push(LoadError::NoDocuments { path: path.to_owned() });
            }
            Ok(()) => {}
        }
    }

    /// A folder given together with the one around it has its documents already.
    fn is_inside_another(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|real| self.met.iter().any(|met| met.is_file() && met.starts_with(&real)))
    }

    fn file(&mut self, path: PathBuf, named: bool) {
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if self.met.insert(real) {
            self.found.documents.push(Candidate { path, named });
        }
    }

    fn folder(&mut self, path: &Path) -> Result<(), LoadError> {
        let real = fs::canonicalize(path).map_err(|error| LoadError::from_io(path, error))?;
        if !self.met.insert(real.clone()) {
            return Ok(());
        }
        self.folders += 1;
        if self.folders > MOST_FOLDERS {
            return Err(LoadError::TooMany { path: path.to_owned(), of: Plenty::Folders });
        }
        self.found.watched.entry(real).or_default().folder = true;
        let entries = fs::read_dir(path).map_err(|error| LoadError::from_io(path, error))?;
        let mut names: Vec<OsString> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        names.sort_by(|a, b| natural(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b)));
        for name in names {
            if !is_searched(&name) {
                continue;
            }
            let below = path.join(&name);
            // What vanished meanwhile is not there, and a link that leads nowhere is no document.
            let Ok(metadata) = fs::metadata(&below) else {
                self.trail(&below);
                continue;
            };
            if fs::symlink_metadata(&below).is_ok_and(|metadata| metadata.is_symlink()) {
                self.trail(&below);
            }
            if metadata.is_dir() {
                match self.folder(&below) {
                    Ok(()) => {}
                    // Nobody wants to hear of a whole disk folder by folder.
                    Err(LoadError::TooMany { of, .. }) => return Err(LoadError::TooMany { path: path.to_owned(), of }),
                    Err(error) => self.found.problems.push(error),
                }
            } else if metadata.is_file() && is_document(&name) {
                if self.found.documents.len() >= MOST_FILES {
                    return Err(LoadError::TooMany { path: path.to_owned(), of: Plenty::Documents });
                }
                self.file(below, false);
            }
        }
        Ok(())
    }

    /// The configuration stands in the first folder given, or in the folder of the first file.
    fn beside(&mut self, selection: &Selection) {
        let folder = selection.paths.first().map(|first| if first.is_dir() { first.clone() } else { parent(first) });
        let mut look = |name: &str| {
            let path = folder.as_ref().map(|folder| folder.join(name))?;
            self.trail(&path);
            path.is_file().then_some(Candidate { path, named: false })
        };
        let config = if selection.config.is_none() { look(CONFIG) } else { None };
        self.found.site = look(SITE);
        self.found.config = match &selection.config {
            Some(path) => {
                self.trail(path);
                Some(Candidate { path: path.clone(), named: true })
            }
            None => config,
        };
    }

    /// Notes every folder entry that decides what stands at `path`: each link on the way, and its last part, or the first
    /// part that is not there.
    fn trail(&mut self, path: &Path) {
        const MOST_LINKS: usize = 40;
        let Ok(path) = std::path::absolute(path) else { return };
        let mut ahead: VecDeque<OsString> = path.components().map(|part| part.as_os_str().to_owned()).collect();
        let mut at = PathBuf::new();
        let mut links = 0;
        while let Some(part) = ahead.pop_front() {
            match Path::new(&part).components().next() {
                Some(Component::ParentDir) => {
                    at.pop();
                    continue;
                }
                Some(Component::Normal(_)) => {}
                _ => {
                    at.push(&part);
                    continue;
                }
            }
            let below = at.join(&part);
            let metadata = fs::symlink_metadata(&below);
            let is_link = metadata.as_ref().is_ok_and(fs::Metadata::is_symlink);
            if is_link || metadata.is_err() || ahead.is_empty() {
                self.found.watched.entry(at.clone()).or_default().names.insert(part);
            }
            if metadata.is_err() {
                return;
            }
            match fs::read_link(&below).ok().filter(|_| is_link) {
                Some(target) => {
                    links += 1;
                    if links > MOST_LINKS {
                        return;
                    }
                    for part in target.components().rev() {
                        ahead.push_front(part.as_os_str().to_owned());
                    }
                }
                None => at = below,
            }
        }
    }
}

fn parent(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

/// Runs of digits compare as numbers, letters without their case: `2.md` before `10.md`.
pub(super) fn natural(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left, right);
    loop {
        let (Some(first), Some(second)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        let order = if first.is_ascii_digit() && second.is_ascii_digit() {
            let (one, rest_a) = digits(a);
            let (other, rest_b) = digits(b);
            (a, b) = (rest_a, rest_b);
            one.len().cmp(&other.len()).then_with(|| one.cmp(other))
        } else {
            a = &a[first.len_utf8()..];
            b = &b[second.len_utf8()..];
            first.to_lowercase().cmp(second.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The digits at the start without their leading zeros, and what follows.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    (number.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        folder
    }

    fn names(folder: &Path, found: &Found) -> Vec<String> {
        let shown = |one: &Candidate| one.path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        found.documents.iter().map(shown).collect()
    }

    fn select(paths: &[&Path]) -> Selection {
        Selection { paths: paths.iter().map(|path| (*path).to_owned()).collect(), config: None }
    }

    #[test]
    fn pages_come_as_people_number_them() {
        let folder = folder(&[
            "10.md",
            "2.md",
            "b/2.1.md",
            "b/2.10.TXT",
            "b/2.9.markdown",
            "A.md",
            "a.rs",
            "第2章.md",
            "第10章.md",
        ]);
        let found = find(&select(&[folder.path()]));
        let expected = ["2.md", "10.md", "A.md", "b/2.1.md", "b/2.9.markdown", "b/2.10.TXT", "第2章.md", "第10章.md"];
        assert_eq!(names(folder.path(), &found), expected);
        assert_eq!(natural("07", "7"), Ordering::Equal);
    }

    #[test]
    fn stray_and_hidden_files_are_no_documents() {
        let folder = folder(&[
            "a.md",
            ".b.md",
            "c.md~",
            ".#d.md",
            "#e.md#",
            ".f.md.swp",
            "4913",
            "g.md___jb_tmp___",
            "h___jb_old___.md",
            ".git/i.md",
            "node_modules/j.md",
            "target/k.md",
            "~$l.md",
        ]);
        let found = find(&select(&[folder.path()]));
        assert_eq!(names(folder.path(), &found), ["a.md"]);
        // What the user names is meant, whatever its name.
        let named = find(&select(&[&folder.path().join("4913"), &folder.path().join(".git")]));
        assert_eq!(names(folder.path(), &named), ["4913", ".git/i.md"]);
    }

    #[test]
    fn the_configuration_stands_beside_the_first_path() {
        let folder = folder(&["docs/a.md", "docs/docsim.toml", "docs/book.json", "other/b.md", "other/docsim.toml"]);
        let [docs, other] = ["docs", "other"].map(|name| folder.path().join(name));
        let found = find(&select(&[&docs.join("a.md"), &other]));
        assert_eq!(found.config.unwrap().path, docs.join("docsim.toml"));
        assert_eq!(found.site.unwrap().path, docs.join("book.json"));
        let chosen = Selection { config: Some(other.join("docsim.toml")), ..select(&[&docs]) };
        assert_eq!(find(&chosen).config.unwrap().path, other.join("docsim.toml"));
    }

    #[test]
    fn a_file_given_twice_is_read_once() {
        let folder = folder(&["a/b.md", "c.md"]);
        let found = find(&select(&[folder.path(), &folder.path().join("a"), &folder.path().join("a/b.md")]));
        assert_eq!(names(folder.path(), &found), ["a/b.md", "c.md"]);
        assert!(found.problems.is_empty(), "{:?}", found.problems);
    }

    #[test]
    fn a_whole_disk_is_told_of_once() {
        let deep: Vec<String> = (0..MOST_FOLDERS).map(|at| format!("{}/{at}", at % 100)).collect();
        let folder = folder(&["z.md"]);
        for path in &deep {
            fs::create_dir_all(folder.path().join("a").join(path)).unwrap();
        }
        let found = find(&select(&[folder.path()]));
        let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [format!("{} holds more than 10000 folders", folder.path().display())]);
        assert!(found.watched.len() < MOST_FOLDERS + 100);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_circles_are_not() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["real/a.md", "docs/b.md"]);
        let docs = folder.path().join("docs");
        symlink(folder.path().join("real"), docs.join("linked")).unwrap();
        symlink(&docs, docs.join("circle")).unwrap();
        symlink("nowhere.md", docs.join("broken.md")).unwrap();
        symlink("self.md", docs.join("self.md")).unwrap();
        let found = find(&select(&[&docs]));
        assert_eq!(names(&docs, &found), ["b.md", "linked/a.md"]);
        let real = |path: &Path| fs::canonicalize(path).unwrap();
        let watched = |path: &Path| found.watched.get(&real(path)).cloned().unwrap_or_default();
        assert!(watched(&docs).folder && watched(&folder.path().join("real")).folder);
        assert!(watched(&docs).names.contains(OsStr::new("linked")));
        assert!(watched(&docs).names.contains(OsStr::new("nowhere.md")));
        assert!(watched(folder.path()).names.contains(OsStr::new("docs")));
    }
}
