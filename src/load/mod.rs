//! Reads the files that are meant: documents, the configuration beside them, the settings of a site that publishes them.
//!
//! In: the paths that a user gave. Out: `Loaded`, texts with their names and contents' hashes, and what was odd about the
//! files. Does not know what a document says; `document_set` hands the texts to those who do.

pub mod decode;
mod error;
mod find;
mod site;

pub use error::LoadError;
pub use find::{Interest, Selection, Watched, is_document, is_searched};

use crate::diagnostic::Diagnostic;
use crate::lexicon::Lexicon;
use crate::source::{FileId, Place, Source};
use crate::spec::{self, DocSet, Settings};
use find::{Candidate, Found};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A larger file is no document.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// All documents together: several times what any team has written.
pub(super) const LARGEST_SET: usize = 64 << 20;

/// SHA-256 of a file's bytes, or of a whole set.
pub type Hash = [u8; 32];

/// One file as read.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// Its name is the path as the user gave it; its text is empty where there is a problem.
    pub source: Source,
    pub hash: Hash,
    /// Why it could not be read.
    pub problem: Option<LoadError>,
    /// The file has not a single byte.
    pub empty: bool,
    /// What was odd about its encoding; their `FileId`s are those of the set.
    findings: Vec<Diagnostic>,
}

impl LoadedFile {
    pub fn name(&self) -> &str {
        self.source.name()
    }
}

/// Everything that was read. The files' order is that of the `FileId`s: documents, then configuration, then site.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub documents: Vec<LoadedFile>,
    /// `docsim.toml`.
    pub config: Option<LoadedFile>,
    /// `book.json`.
    pub site: Option<LoadedFile>,
}

/// Reads files and folders; `config` is the configuration file where it is not the `docsim.toml` beside them.
///
/// # Errors
/// A path that the user gave leads to nothing that can be read. An unreadable file in a folder is a diagnostic instead.
pub fn load(paths: &[PathBuf], config: Option<&Path>) -> Result<Loaded, LoadError> {
    let selection = Selection { paths: paths.to_vec(), config: config.map(Path::to_owned) };
    let (found, _) = look(&selection, &Loaded::default());
    let named = |path: &Path| paths.iter().any(|given| given == path) || config == Some(path);
    let problem = found.files().find_map(|file| file.problem.as_ref().filter(|problem| named(problem.path()))).cloned();
    problem.map_or(Ok(found), Err)
}

/// Reads whatever is there now: every problem becomes a file with that problem. Texts that `known` has are not decoded
/// again. Tells, too, where to watch for changes.
pub fn look(selection: &Selection, known: &Loaded) -> (Loaded, Watched) {
    let found = find::find(selection);
    let known: HashMap<&str, &LoadedFile> = known.files().map(|file| (file.name(), file)).collect();
    let read = |one: &Candidate| read_file(one, &known);
    let Found { documents, config, site, problems, watched } = found;
    let mut documents = read_all(&documents, LARGEST_SET, read);
    documents.extend(problems.into_iter().map(LoadedFile::unreadable));
    (Loaded { documents, config: config.as_ref().and_then(read), site: site.as_ref().and_then(read) }, watched)
}

/// No more of them than `room` bytes; the next has the problem that it is too much.
fn read_all(all: &[Candidate], room: usize, read: impl Fn(&Candidate) -> Option<LoadedFile>) -> Vec<LoadedFile> {
    let mut documents: Vec<LoadedFile> = Vec::new();
    let mut size = 0;
    for one in all {
        let Some(document) = read(one) else { continue };
        size += document.source.text().len();
        if size > room {
            let path = one.path.clone();
            documents.push(LoadedFile::unreadable(LoadError::TooMany { path, of: error::Plenty::Bytes }));
            break;
        }
        documents.push(document);
    }
    documents
}

/// None where an unnamed file vanished since it was found.
fn read_file(file: &Candidate, known: &HashMap<&str, &LoadedFile>) -> Option<LoadedFile> {
    match read_bytes(&file.path) {
        Ok(bytes) => {
            let hash: Hash = Sha256::digest(&bytes).into();
            let name = file.path.to_string_lossy();
            match known.get(&*name).filter(|known| known.hash == hash && known.problem.is_none()) {
                Some(known) => Some((*known).clone()),
                None => Some(LoadedFile::decoded(&file.path, &bytes, hash)),
            }
        }
        Err(LoadError::Missing { .. }) if !file.named => None,
        Err(problem) => Some(LoadedFile::unreadable(problem)),
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, LoadError> {
    let io = |error| LoadError::from_io(path, error);
    // Asked before opening: opening a pipe waits for somebody to write.
    let there = std::fs::metadata(path).map_err(io)?;
    if !there.is_file() {
        return Err(LoadError::NotAFile { path: path.to_owned() });
    }
    // What the system makes up while it is read (`/proc`) has no size, and may have no end.
    if there.len() == 0 {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(LoadError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

impl LoadedFile {
    fn decoded(path: &Path, bytes: &[u8], hash: Hash) -> Self {
        match decode::decode(bytes) {
            Ok(decoded) => {
                let findings = decode::findings(&decoded, FileId::default());
                let source = Source::new(path.to_string_lossy(), decoded.text);
                Self { source, hash, problem: None, empty: bytes.is_empty(), findings }
            }
            Err(decode::NotText) => Self { hash, ..Self::unreadable(LoadError::Binary { path: path.to_owned() }) },
        }
    }

    fn unreadable(problem: LoadError) -> Self {
        let source = Source::new(problem.path().to_string_lossy(), "");
        Self { source, hash: Hash::default(), problem: Some(problem), empty: true, findings: Vec::new() }
    }

    /// What tells this state of the file from another.
    fn state(&self) -> (&str, Hash, Option<&'static str>) {
        (self.name(), self.hash, self.problem.as_ref().map(LoadError::rule))
    }
}

impl Loaded {
    pub fn files(&self) -> impl Iterator<Item = &LoadedFile> {
        self.documents.iter().chain(&self.config).chain(&self.site)
    }

    pub fn config_id(&self) -> FileId {
        file_id(self.documents.len())
    }

    pub fn site_id(&self) -> FileId {
        file_id(self.documents.len() + usize::from(self.config.is_some()))
    }

    /// Whether nothing differs that a reader could see: the same files in the same order with the same contents.
    pub fn is_same(&self, other: &Self) -> bool {
        let roles = |set: &Self| (set.documents.len(), set.config.is_some(), set.site.is_some());
        roles(self) == roles(other) && self.files().map(LoadedFile::state).eq(other.files().map(LoadedFile::state))
    }

    /// Names the contents of the whole set.
    pub fn hash(&self) -> Hash {
        let mut all = Sha256::new();
        for file in self.files() {
            all.update(Sha256::digest(file.name()));
            all.update(file.hash);
        }
        all.finalize().into()
    }

    /// What was odd about the files themselves, in their order.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (at, file) in self.files().enumerate() {
            let id = file_id(at);
            let own =
                file.findings.iter().cloned().map(|finding| Diagnostic { place: in_file(id, &finding), ..finding });
            let is_config = self.config.is_some() && id == self.config_id();
            found.extend(file.problem.iter().map(|problem| problem.finding(id, is_config)).chain(own));
        }
        found.extend(self.site_settings().1);
        found
    }

    /// What stands for all endpoints: `own` over what the site's configuration says.
    pub fn settings(&self, own: Settings) -> Settings {
        let mut settings = self.site_settings().0;
        settings.merge(own);
        settings
    }

    /// Of the documents.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|file| file.source.text())
    }

    /// What all documents say together. The set's sources are in the order of the `FileId`s here, and its findings begin
    /// with those about the files themselves.
    pub fn document_set(&self, settings: &Settings, lexicon: &Lexicon) -> DocSet {
        let sources = self.documents.iter().map(|file| file.source.clone()).collect();
        let mut set = spec::lower(sources, settings, lexicon);
        set.sources.extend(self.config.iter().chain(&self.site).map(|file| file.source.clone()));
        set.diagnostics.splice(0..0, self.findings());
        set
    }

    fn site_settings(&self) -> (Settings, Vec<Diagnostic>) {
        match self.site.as_ref().filter(|site| site.problem.is_none()) {
            Some(site) => site::settings(&site.source, self.site_id()),
            None => (Settings::default(), Vec::new()),
        }
    }
}

fn in_file(file: FileId, finding: &Diagnostic) -> Place {
    Place { file, span: finding.place.span }
}

/// The loader's bound on files keeps this far below 4 billion.
fn file_id(at: usize) -> FileId {
    FileId(u32::try_from(at).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "## A\n+++\npost:a/b\n*x=手机号 #\n<<<\nsuccess\n{\"code\":1}\n+++\n";

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    fn load_one(path: &Path) -> Result<Loaded, String> {
        load(&[path.to_owned()], None).map_err(|error| error.to_string().replace('\\', "/"))
    }

    #[test]
    fn a_folder_is_a_document_set_with_its_settings() {
        let site = br#"{"pluginsConfig": {"api": {"url": "/v1", "params": [{"name": "ver", "default": "2"}]}}}"#;
        let folder =
            folder(&[("2.md", PAGE.as_bytes()), ("10.md", b""), ("docsim.toml", b"x = 1"), ("book.json", site)]);
        let loaded = load_one(folder.path()).unwrap();
        let set = loaded.document_set(&loaded.settings(Settings::default()), &Lexicon::standard());
        let names: Vec<&str> =
            set.sources.iter().map(|source| source.name().rsplit(['/', '\\']).next().unwrap()).collect();
        assert_eq!(names, ["2.md", "10.md", "docsim.toml", "book.json"]);
        assert_eq!(set.source(loaded.config_id()).unwrap().text(), "x = 1");
        assert_eq!(set.source(loaded.site_id()).unwrap().text().as_bytes(), site);
        let public = set.endpoints[0].param("ver").unwrap();
        assert_eq!(set.text(public.place).get(..15), Some("\"pluginsConfig\""));
    }

    #[test]
    fn what_cannot_be_read_in_a_folder_is_a_finding() {
        let folder =
            folder(&[("a.md", PAGE.as_bytes()), ("b.txt", &[0; 100]), ("c.md", &vec![b' '; 16 * 1024 * 1024 + 1])]);
        let loaded = load_one(folder.path()).unwrap();
        let found: Vec<_> = loaded.findings().iter().map(|found| (found.rule, found.place.file.0)).collect();
        assert_eq!(found, [("binary-file", 1), ("file-too-large", 2)]);
        for (name, says) in [("b.txt", "is no text"), ("c.md", "is larger than 16 MiB")] {
            let error = load_one(&folder.path().join(name)).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_set_has_an_end() {
        let folder = folder(&[("a.md", b"1234"), ("b.md", b"1234"), ("c.md", b"1"), ("d.md", b"1")]);
        let all: Vec<Candidate> = ["a.md", "b.md", "c.md", "d.md"]
            .map(|name| Candidate { path: folder.path().join(name), named: false })
            .into();
        let read = read_all(&all, 8, |one| read_file(one, &HashMap::new()));
        let told: Vec<Option<String>> =
            read.iter().map(|file| file.problem.as_ref().map(ToString::to_string)).collect();
        assert_eq!(told[..2], [None, None]);
        let told = told[2..].iter().flatten().collect::<Vec<_>>();
        assert!(
            told.len() == 1 && told[0].ends_with("c.md and what comes before it are more than 64 MiB of documents")
        );
    }

    /// A file that is made up while it is read may keep its reader waiting for ever.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_has_no_size_is_empty() {
        let folder = folder(&[("a.md", PAGE.as_bytes())]);
        std::os::unix::fs::symlink("/proc/self/status", folder.path().join("b.md")).unwrap();
        let loaded = load_one(folder.path()).unwrap();
        assert_eq!(loaded.documents.iter().map(|file| file.empty).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn errors_say_what_is_there_instead() {
        let folder = folder(&[("register.md", PAGE.as_bytes())]);
        let error = load_one(&folder.path().join("registre.md")).unwrap_err();
        assert!(error.ends_with("registre.md does not exist; is register.md meant?"), "{error}");
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        let error = load_one(&folder.path().join("empty")).unwrap_err();
        assert!(error.ends_with("empty holds no documents (.md, .markdown, .txt)"), "{error}");
        let missing = folder.path().join("my.toml");
        let error = load(&[folder.path().to_owned()], Some(&missing)).unwrap_err().to_string();
        assert!(error.ends_with("my.toml does not exist"), "{error}");
    }

    #[test]
    fn encodings_are_told_and_contents_named() {
        let page = encoding_rs::GB18030.encode(PAGE).0;
        let folder = folder(&[("a.md", PAGE.as_bytes()), ("b.md", &page)]);
        let loaded = load_one(folder.path()).unwrap();
        assert_eq!(loaded.documents[0].source.text(), loaded.documents[1].source.text());
        assert_eq!(loaded.findings()[0].rule, "not-utf8");
        assert_eq!(loaded.findings()[0].place.file, FileId(1));
        let selection = Selection { paths: vec![folder.path().to_owned()], config: None };
        assert!(look(&selection, &loaded).0.is_same(&loaded));
        std::fs::write(folder.path().join("a.md"), &page).unwrap();
        let again = look(&selection, &loaded).0;
        assert!(!again.is_same(&loaded));
        assert_ne!(again.hash(), loaded.hash());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = folder(&[("a.md", PAGE.as_bytes())]);
        let pipe = folder.path().join("pipe.md");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert!(load_one(&pipe).unwrap_err().ends_with("pipe.md is not a file"));
            assert_eq!(load_one(folder.path()).unwrap().documents.len(), 1);
        }
    }
}
