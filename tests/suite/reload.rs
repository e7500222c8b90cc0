//! Every way in which editors and tools save a file, on real folders: what stands there in the end is what is told.
//!
//! Nothing here waits for time to pass: each case waits for an update, for far longer than one takes.

use docsim::lexicon::Lexicon;
use docsim::load::{Loaded, Selection, load};
use docsim::reload::{Options, Update, Watcher, Watching};
use docsim::spec::{DocSet, Settings, keep_last_good};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A folder with documents `docs`, watched.
struct Site {
    folder: tempfile::TempDir,
    watcher: Option<Watcher>,
    updates: tokio::sync::watch::Receiver<Update>,
    runtime: tokio::runtime::Runtime,
}

/// With the system's reports, and without them.
fn ways() -> [Options; 2] {
    [true, false].map(|events| Options { events, poll: Duration::from_millis(40), ..Options::default() })
}

/// Runs a case in both ways.
fn each_way(files: &[(&str, &str)], watched: &[&str], case: impl Fn(&mut Site)) {
    for options in ways() {
        case(&mut Site::new(files, watched, options));
    }
}

/// The same where empty files are not believed within the time that a test takes, however slow the machine.
fn each_patient_way(files: &[(&str, &str)], watched: &[&str], case: impl Fn(&mut Site)) {
    for options in ways() {
        case(&mut Site::new(files, watched, Options { unfinished: Duration::from_hours(1), ..options }));
    }
}

impl Site {
    fn new(files: &[(&str, &str)], watched: &[&str], options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            write(&folder.path().join(file), text);
        }
        let paths: Vec<PathBuf> = watched.iter().map(|path| folder.path().join(path)).collect();
        Self::watch(folder, Selection { paths, config: None }, options)
    }

    fn watch(folder: tempfile::TempDir, selection: Selection, options: Options) -> Self {
        let first = Arc::new(load(&selection.paths, selection.config.as_deref()).unwrap());
        let watcher = Watcher::start(selection, first, options).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Self { folder, updates: watcher.updates(), watcher: Some(watcher), runtime }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// The next update of what was read, and not only of how it is watched.
    fn next(&mut self) -> Arc<Loaded> {
        let before = Arc::clone(&self.updates.borrow().loaded);
        loop {
            let next = async { tokio::time::timeout(Duration::from_secs(30), self.updates.changed()).await };
            self.runtime.block_on(next).expect("no update came").unwrap();
            let loaded = Arc::clone(&self.updates.borrow_and_update().loaded);
            if !Arc::ptr_eq(&before, &loaded) {
                return loaded;
            }
        }
    }

    /// Waits until the set is as shown: `name:text` of each file, in order.
    fn becomes(&mut self, expected: &str) -> Arc<Loaded> {
        loop {
            let loaded = Arc::clone(&self.updates.borrow_and_update().loaded);
            let shown = self.shown(&loaded);
            if shown == expected {
                return loaded;
            }
            let next = async { tokio::time::timeout(Duration::from_secs(30), self.updates.changed()).await };
            assert!(self.runtime.block_on(next).is_ok(), "it stays {shown:?}, and does not become {expected:?}");
        }
    }

    fn shown(&self, loaded: &Loaded) -> String {
        let one = |file: &docsim::load::LoadedFile| {
            let name = Path::new(file.name()).strip_prefix(self.folder.path()).unwrap().display().to_string();
            let what = file.problem.as_ref().map_or(file.source.text(), |problem| problem.rule());
            format!("{}:{what}", name.replace('\\', "/"))
        };
        loaded.files().map(one).collect::<Vec<_>>().join(" ")
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const TWO: [(&str, &str); 2] = [("docs/a.md", "a1"), ("docs/b.md", "b1")];

#[test]
fn a_write_in_place() {
    each_way(&TWO, &["docs"], |site| {
        for version in ["a2", "a3", "a4"] {
            site.write("docs/a.md", version);
            site.becomes(&format!("docs/a.md:{version} docs/b.md:b1"));
        }
        let mut file = fs::OpenOptions::new().append(true).open(site.path("docs/b.md")).unwrap();
        file.write_all(b" more").unwrap();
        site.becomes("docs/a.md:a4 docs/b.md:b1 more");
    });
}

#[test]
fn vim_renames_to_a_backup_and_creates_anew() {
    each_way(&TWO, &["docs"], |site| {
        for version in ["a2", "a3"] {
            site.write("docs/4913", "");
            site.remove("docs/4913");
            site.rename("docs/a.md", "docs/a.md~");
            site.write("docs/a.md", version);
            site.remove("docs/a.md~");
            site.becomes(&format!("docs/a.md:{version} docs/b.md:b1"));
        }
    });
}

#[test]
fn jetbrains_writes_beside_and_swaps() {
    each_way(&TWO, &["docs"], |site| {
        for version in ["a2", "a3"] {
            site.write("docs/a.md___jb_tmp___", version);
            site.rename("docs/a.md", "docs/a.md___jb_old___");
            site.rename("docs/a.md___jb_tmp___", "docs/a.md");
            site.remove("docs/a.md___jb_old___");
            site.becomes(&format!("docs/a.md:{version} docs/b.md:b1"));
        }
    });
}

#[test]
fn vs_code_truncates_and_then_writes() {
    each_patient_way(&TWO, &["docs"], |site| {
        let mut file = fs::File::create(site.path("docs/a.md")).unwrap();
        site.write("docs/b.md", "b2");
        // Told for b's sake, while a is empty on disk.
        let between = site.next();
        assert_eq!(site.shown(&between), "docs/a.md:a1 docs/b.md:b2");
        file.write_all(b"a2").unwrap();
        drop(file);
        site.becomes("docs/a.md:a2 docs/b.md:b2");
    });
}

#[test]
fn a_temporary_file_is_renamed_over_a_single_named_file() {
    each_way(&TWO, &["docs/b.md", "docs/a.md"], |site| {
        for version in ["a2", "a3", "a4"] {
            site.write("docs/a.md.tmp", version);
            site.rename("docs/a.md.tmp", "docs/a.md");
            site.becomes(&format!("docs/b.md:b1 docs/a.md:{version}"));
        }
        // Neighbors of a named file are not documents.
        site.write("docs/c.md", "c1");
        site.write("docs/b.md", "b2");
        site.becomes("docs/b.md:b2 docs/a.md:a4");
    });
}

#[cfg(unix)]
#[test]
fn kubernetes_swaps_a_link_to_a_folder() {
    use std::os::unix::fs::symlink;
    for options in ways() {
        let folder = tempfile::tempdir().unwrap();
        let docs = folder.path().join("docs");
        write(&docs.join("..v1/a.md"), "a1");
        symlink("..v1", docs.join("..data")).unwrap();
        symlink("..data/a.md", docs.join("a.md")).unwrap();
        let mut site = Site::watch(folder, Selection { paths: vec![docs.clone()], config: None }, options);
        for version in 2..5 {
            write(&docs.join(format!("..v{version}/a.md")), &format!("a{version}"));
            symlink(format!("..v{version}"), docs.join("..data_tmp")).unwrap();
            fs::rename(docs.join("..data_tmp"), docs.join("..data")).unwrap();
            site.becomes(&format!("docs/a.md:a{version}"));
            fs::remove_dir_all(docs.join(format!("..v{}", version - 1))).unwrap();
        }
        // What the link leads to is watched as well.
        write(&docs.join("..v4/a.md"), "a5");
        site.becomes("docs/a.md:a5");
    }
}

#[test]
fn a_checkout_changes_many_files() {
    let names: Vec<String> = (0..150).map(|at| format!("docs/{}/{at}.md", at % 7)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "old")).collect();
    each_way(&files, &["docs"], |site| {
        for name in &names {
            site.remove(name);
            site.write(name, "new");
        }
        let all_new = site.shown(&site.updates.borrow().loaded).replace(":old", ":new");
        site.becomes(&all_new);
    });
}

#[test]
fn folders_come_and_go() {
    each_way(&TWO, &["docs"], |site| {
        site.write("docs/c/d/1.md", "d1");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/c/d/1.md:d1");
        site.write("docs/c/d/1.md", "d2");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/c/d/1.md:d2");
        site.rename("docs/c", "docs/e");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/e/d/1.md:d2");
        site.write("docs/e/d/1.md", "d3");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/e/d/1.md:d3");
        fs::remove_dir_all(site.path("docs/e")).unwrap();
        site.becomes("docs/a.md:a1 docs/b.md:b1");
        site.rename("docs/a.md", "docs/z.md");
        site.becomes("docs/b.md:b1 docs/z.md:a1");
    });
}

#[test]
fn the_whole_folder_is_replaced() {
    each_way(&TWO, &["docs"], |site| {
        fs::remove_dir_all(site.path("docs")).unwrap();
        site.write("docs/a.md", "a2");
        site.becomes("docs/a.md:a2");
        site.write("docs/a.md", "a3");
        site.becomes("docs/a.md:a3");
        site.write("new/a.md", "a4");
        site.rename("docs", "old");
        site.rename("new", "docs");
        site.becomes("docs/a.md:a4");
        site.write("docs/a.md", "a5");
        site.becomes("docs/a.md:a5");
        fs::remove_dir_all(site.path("docs")).unwrap();
        site.becomes("docs:missing-path");
        site.write("docs/a.md", "a6");
        site.becomes("docs/a.md:a6");
    });
}

#[test]
fn an_emptied_and_a_deleted_file_are_believed_in_the_end() {
    each_way(&TWO, &["docs"], |site| {
        site.write("docs/a.md", "");
        site.becomes("docs/a.md: docs/b.md:b1");
        site.remove("docs/b.md");
        site.becomes("docs/a.md:");
    });
}

#[test]
fn what_is_no_content_is_no_update() {
    each_patient_way(&TWO, &["docs"], |site| {
        site.write("docs/.a.md.swp", "x");
        site.write("docs/4913", "x");
        site.write("docs/a.md~", "x");
        site.write("docs/.git/index.md", "x");
        site.write("docs/picture.png", "x");
        site.write("other.md", "x");
        // The same text again, with another time.
        site.write("docs/a.md", "a1");
        site.write("docs/b.md", "b2");
        let first = site.next();
        assert_eq!(site.shown(&first), "docs/a.md:a1 docs/b.md:b2");
        assert!(!site.updates.has_changed().unwrap());
    });
}

#[test]
fn the_configuration_is_watched_like_a_document() {
    each_way(&TWO, &["docs"], |site| {
        site.write("docs/docsim.toml", "x = 1");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/docsim.toml:x = 1");
        site.write("docs/book.json", "{}");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/docsim.toml:x = 1 docs/book.json:{}");
        site.remove("docs/docsim.toml");
        site.becomes("docs/a.md:a1 docs/b.md:b1 docs/book.json:{}");
    });
    for options in ways() {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in TWO.into_iter().chain([("etc/my.toml", "x = 1")]) {
            write(&folder.path().join(file), text);
        }
        let paths = vec![folder.path().join("docs")];
        let config = Some(folder.path().join("etc/my.toml"));
        let mut site = Site::watch(folder, Selection { paths, config }, options);
        site.write("etc/my.toml", "x = 2");
        site.becomes("docs/a.md:a1 docs/b.md:b1 etc/my.toml:x = 2");
    }
}

#[test]
fn a_change_before_the_watch_is_not_lost() {
    for options in ways() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("a.md"), "a1");
        let selection = Selection { paths: vec![folder.path().to_owned()], config: None };
        let first = Arc::new(load(&selection.paths, None).unwrap());
        write(&folder.path().join("a.md"), "a2");
        let watcher = Watcher::start(selection, first, options).unwrap();
        assert_eq!(watcher.updates().borrow().loaded.documents[0].source.text(), "a2");
    }
}

#[test]
fn polling_says_so_and_dropping_ends_the_watch() {
    let mut site = Site::new(&TWO, &["docs"], ways()[1]);
    assert!(matches!(site.updates.borrow().watching, Watching::Polling { .. }));
    drop(site.watcher.take());
    let ended = async { tokio::time::timeout(Duration::from_secs(30), site.updates.changed()).await };
    assert!(site.runtime.block_on(ended).expect("the watch goes on").is_err());
}

#[test]
fn a_broken_save_keeps_what_was_good_until_it_is_mended() {
    let page = |path: &str| format!("## 登录\n+++\npost:{path}\n<<<\nsuccess\n{{\"code\": 1}}\n+++\n");
    let files = [("docs/a.md", page("u/login")), ("docs/b.md", page("u/exit"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    each_way(&files, &["docs"], |site| {
        let lexicon = Lexicon::standard();
        let read = |loaded: &Loaded| loaded.document_set(&loaded.settings(Settings::default()), &lexicon);
        let ids = |set: &DocSet| set.endpoints.iter().map(|one| one.id.clone()).collect::<Vec<_>>().join(" ");
        let first = read(&site.updates.borrow().loaded);
        // Two files, one of them no text any more, one changed.
        fs::write(site.path("docs/a.md"), [0; 99]).unwrap();
        site.write("docs/b.md", &page("u/leave"));
        let shown = site.shown(&site.updates.borrow().loaded);
        assert!(shown.contains("u/login"), "{shown}");
        let broken = site.becomes(&format!("docs/a.md:binary-file docs/b.md:{}", page("u/leave")));
        let mut set = read(&broken);
        assert_eq!(keep_last_good(&mut set, &first).len(), 1);
        assert_eq!(ids(&set), "POST /u/login POST /u/leave");
        site.write("docs/a.md", &page("v2/login"));
        let mended = site.becomes(&format!("docs/a.md:{} docs/b.md:{}", page("v2/login"), page("u/leave")));
        let mut last = read(&mended);
        assert_eq!(keep_last_good(&mut last, &set), []);
        assert_eq!(ids(&last), "POST /v2/login POST /u/leave");
    });
}
