//! What is not believed at once: a file that is suddenly empty, or not there, is one that an editor is writing.

use crate::load::{Loaded, LoadedFile};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Hold {
    unfinished: Duration,
    /// Since when each file, by its name, has been empty or gone.
    since: HashMap<String, Missing>,
}

/// When a file was first seen empty or gone, and the last time that it may have been there in between.
#[derive(Clone, Copy, Debug)]
struct Missing {
    first: Instant,
    last: Instant,
}

/// In a storm of changes that does not end, so many times as long is waited.
const STORM: u32 = 5;

impl Missing {
    fn due(self, unfinished: Duration) -> Instant {
        (self.last + unfinished).min(self.first + unfinished * STORM)
    }
}

impl Hold {
    pub(super) fn new(unfinished: Duration) -> Self {
        Self { unfinished, since: HashMap::new() }
    }

    /// When the next of them is to be believed.
    pub(super) fn due(&self) -> Option<Instant> {
        self.since.values().map(|missing| missing.due(self.unfinished)).min()
    }

    /// The set as seen, with those files of `before` that are not yet believed to be empty or gone. `touched` is whether
    /// anything changed since the last look: a file that is gone again may have been there in between.
    pub(super) fn believe(&mut self, mut seen: Loaded, before: &Loaded, now: Instant, touched: bool) -> Loaded {
        let since = std::mem::take(&mut self.since);
        let known: HashSet<&str> = before.files().map(LoadedFile::name).collect();
        let newcomers: HashSet<_> =
            seen.files().filter(|file| !known.contains(file.name())).map(|file| file.hash).collect();
        let finished: HashSet<String> =
            seen.files().filter(|file| has_text(file)).map(|file| file.name().to_owned()).collect();
        let mut waits = |file: &LoadedFile| {
            // A file that stands elsewhere now was moved, not lost.
            if !(has_text(file) || is_spoiled(file)) || finished.contains(file.name()) || newcomers.contains(&file.hash)
            {
                return false;
            }
            // Something that cannot be read is there for good, or it would be nothing.
            let mut missing = since.get(file.name()).copied().unwrap_or(Missing { first: now, last: now });
            if touched {
                missing.last = now;
            }
            let waits = now < missing.due(self.unfinished);
            if waits {
                self.since.insert(file.name().to_owned(), missing);
            }
            waits
        };
        let problems: HashSet<String> = unreadable(&seen);
        let mut place = 0;
        for file in before.documents.iter().filter(|file| !problems.contains(file.name())) {
            let here = seen.documents.iter().position(|now| now.name() == file.name());
            if waits(file) {
                match here {
                    Some(here) => seen.documents[here] = file.clone(),
                    None => seen.documents.insert(place, file.clone()),
                }
            }
            place = seen.documents.iter().position(|now| now.name() == file.name()).map_or(place, |at| at + 1);
        }
        for (now, before) in [(&mut seen.config, &before.config), (&mut seen.site, &before.site)] {
            if let Some(before) = before.as_ref().filter(|before| !problems.contains(before.name()) && waits(before)) {
                *now = Some(before.clone());
            }
        }
        if !self.since.is_empty() {
            // A folder without documents has some that are only on their way.
            let is_new = |file: &LoadedFile| !known.contains(file.name());
            seen.documents.retain(|file| !(is_absent(file) && is_new(file)));
        }
        seen
    }
}

fn has_text(file: &LoadedFile) -> bool {
    file.problem.is_none() && !file.empty
}

/// Whether it is there and cannot be read: its last good endpoints are served.
fn is_spoiled(file: &LoadedFile) -> bool {
    file.problem.is_some() && !is_absent(file)
}

fn is_absent(file: &LoadedFile) -> bool {
    file.problem.as_ref().is_some_and(crate::load::LoadError::is_absence)
}

/// Names of files that are there and cannot be read: not on their way.
fn unreadable(seen: &Loaded) -> HashSet<String> {
    seen.files().filter(|file| is_spoiled(file)).map(|file| file.name().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Selection, look};
    use std::fs;

    const MOMENT: Duration = Duration::from_millis(300);

    struct Case {
        folder: tempfile::TempDir,
        hold: Hold,
        before: Loaded,
        start: Instant,
    }

    impl Case {
        fn new(files: &[&str]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                fs::write(folder.path().join(file), format!("text of {file}")).unwrap();
            }
            let mut case = Self { folder, hold: Hold::new(MOMENT), before: Loaded::default(), start: Instant::now() };
            case.before = case.seen();
            case
        }

        fn seen(&self) -> Loaded {
            let selection = Selection { paths: vec![self.folder.path().to_owned()], config: None };
            look(&selection, &self.before).0
        }

        /// The last word of each document's text that is believed after so many milliseconds.
        fn after(&mut self, ms: u64) -> String {
            self.look(ms, false)
        }

        fn look(&mut self, ms: u64, touched: bool) -> String {
            let now = self.start + Duration::from_millis(ms);
            let believed = self.hold.believe(self.seen(), &self.before, now, touched);
            let word = |file: &LoadedFile| file.source.text().rsplit(' ').next().unwrap_or_default().to_owned();
            let words: Vec<String> = believed.documents.iter().map(word).collect();
            self.before = believed;
            words.join(",")
        }

        fn write(&self, file: &str, text: &str) {
            fs::write(self.folder.path().join(file), text).unwrap();
        }

        fn remove(&self, file: &str) {
            fs::remove_file(self.folder.path().join(file)).unwrap();
        }
    }

    #[test]
    fn empty_and_vanished_files_are_believed_after_a_moment() {
        let mut case = Case::new(&["1.md", "2.md", "3.md"]);
        case.write("1.md", "");
        case.remove("2.md");
        assert_eq!(case.after(0), "1.md,2.md,3.md");
        case.write("3.md", "changed");
        assert_eq!(case.after(200), "1.md,2.md,changed");
        assert_eq!(case.hold.due(), Some(case.start + MOMENT));
        assert_eq!(case.after(300), ",changed");
        assert_eq!(case.hold.due(), None);
    }

    #[test]
    fn what_comes_back_was_never_gone() {
        let mut case = Case::new(&["1.md", "2.md"]);
        case.remove("1.md");
        assert_eq!(case.after(0), "1.md,2.md");
        case.write("1.md", "new");
        assert_eq!(case.after(250), "new,2.md");
        assert_eq!(case.hold.due(), None);
        case.write("1.md", "");
        assert_eq!(case.after(310), "new,2.md");
    }

    /// Two saves that each put the file aside for an instant, looked at in both instants.
    #[test]
    fn a_file_that_is_gone_twice_was_not_gone_all_the_time() {
        let mut case = Case::new(&["1.md", "2.md"]);
        case.remove("1.md");
        assert_eq!(case.look(0, true), "1.md,2.md");
        assert_eq!(case.look(400, true), "1.md,2.md");
        assert_eq!(case.hold.due(), Some(case.start + Duration::from_millis(700)));
        assert_eq!(case.look(700, false), "2.md");
    }

    #[test]
    fn a_deletion_is_believed_in_a_storm_too() {
        let mut case = Case::new(&["1.md", "2.md"]);
        case.remove("1.md");
        assert_eq!(case.look(0, true), "1.md,2.md");
        assert_eq!(case.look(1_400, true), "1.md,2.md");
        assert_eq!(case.look(1_500, true), "2.md");
    }

    /// What could not be read is served as it was; emptied before it is written anew, it still is.
    #[test]
    fn what_was_spoiled_is_not_believed_to_be_empty_at_once() {
        let mut case = Case::new(&["1.md", "2.md"]);
        case.write("1.md", &"\0".repeat(200));
        assert_eq!(case.look(0, true), ",2.md");
        for way in ["emptied", "gone"] {
            if way == "gone" {
                case.remove("1.md");
            } else {
                case.write("1.md", "");
            }
            case.look(10, true);
            assert!(case.before.documents[0].problem.is_some(), "{way}");
        }
        assert_eq!(case.look(400, false), "2.md");
        assert_eq!(case.hold.due(), None);
    }

    #[test]
    fn a_moved_file_is_in_one_place() {
        let mut case = Case::new(&["1.md", "2.md"]);
        fs::rename(case.folder.path().join("1.md"), case.folder.path().join("3.md")).unwrap();
        assert_eq!(case.after(0), "2.md,1.md");
    }

    #[test]
    fn a_folder_is_not_empty_at_once() {
        let mut case = Case::new(&["1.md"]);
        case.remove("1.md");
        assert_eq!(case.after(0), "1.md");
        let believed = case.hold.believe(case.seen(), &case.before, case.start + MOMENT, false);
        assert_eq!(believed.findings()[0].rule, "no-documents");
    }
}
