//! What the system reports about folders, and what of it matters.
//!
//! Folders are watched, never files: an editor that renames leaves a watch on a file behind with the old one. They are
//! watched by their real paths, so that links and their targets are not confused.

use super::{Message, Watching, mounts};
use crate::load::{Watched, is_document, is_searched};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relevance {
    None,
    /// A document may have changed.
    Content,
    /// Folders or links may have changed, and with them what is to be watched.
    Structure,
}

pub(super) struct Notices {
    watcher: Option<RecommendedWatcher>,
    watched: Watched,
    /// Folders under watch.
    covered: BTreeSet<PathBuf>,
    /// Folders may be other ones than those under watch, though their paths are the same.
    stale: bool,
    /// Why the system's reports are not enough.
    silent: Option<Arc<str>>,
}

impl Notices {
    pub(super) fn start(messages: Sender<Message>) -> Self {
        let tell = move |event: notify::Result<notify::Event>| {
            // Reading is reported, too, our own first of all.
            let is_reading = |kind: EventKind| match kind {
                EventKind::Access(kind) => !matches!(kind, AccessKind::Close(AccessMode::Write)),
                _ => false,
            };
            if !event.as_ref().is_ok_and(|event| is_reading(event.kind) && !event.need_rescan()) {
                // Fails only where the watch has ended.
                let _ = messages.send(Message::Event(event));
            }
        };
        match notify::recommended_watcher(tell) {
            Ok(watcher) => Self { watcher: Some(watcher), ..Self::none("") },
            Err(error) => Self::none(&format!("the system reports no changes ({error})")),
        }
    }

    /// No reports at all, for the reason given.
    pub(super) fn none(because: &str) -> Self {
        let silent = Some(because).filter(|because| !because.is_empty()).map(Arc::from);
        Self { watcher: None, watched: Watched::new(), covered: BTreeSet::new(), stale: false, silent }
    }

    pub(super) fn watching(&self) -> Watching {
        match &self.silent {
            Some(because) => Watching::Polling { because: Arc::clone(because) },
            None => Watching::Events,
        }
    }

    /// What an event says about the documents.
    pub(super) fn relevance(&mut self, event: notify::Result<notify::Event>) -> Relevance {
        let relevance = match event {
            Ok(event) if event.need_rescan() => Relevance::Structure,
            Ok(event) => event.paths.iter().map(|path| self.of_path(path)).max().unwrap_or(Relevance::None),
            Err(error) => {
                self.failed(&error);
                Relevance::Structure
            }
        };
        self.stale |= relevance == Relevance::Structure;
        relevance
    }

    fn of_path(&self, path: &Path) -> Relevance {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Relevance::None };
        let interest = self.watched.get(folder);
        let named = interest.is_some_and(|interest| interest.names.contains(name));
        let in_folder = interest.is_some_and(|interest| interest.folder);
        match () {
            () if named || self.watched.contains_key(path) => Relevance::Structure,
            // A document's own link or folder would be named; a folder can have the name of a document, too.
            () if in_folder && is_document(name) && !path.is_dir() => Relevance::Content,
            () if in_folder && is_searched(name) && path.is_dir() => Relevance::Structure,
            () => Relevance::None,
        }
    }

    /// Watches these folders and no others. True where there is one that was not under watch until now.
    pub(super) fn cover(&mut self, watched: &Watched) -> bool {
        let changed = self.watched != *watched;
        if changed {
            self.watched.clone_from(watched);
        }
        let Some(mut system) = self.watcher.take() else { return false };
        let wanted: BTreeSet<PathBuf> = watched.keys().cloned().collect();
        let kept = if std::mem::take(&mut self.stale) { BTreeSet::new() } else { &self.covered & &wanted };
        for path in &self.covered - &kept {
            // What is gone cannot be left.
            let _ = system.unwatch(&path);
        }
        self.covered = kept;
        let mut is_new = false;
        for path in wanted {
            if self.covered.contains(&path) {
                continue;
            }
            match system.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    is_new = true;
                    self.covered.insert(path);
                }
                Err(error) => self.failed(&error),
            }
        }
        if changed && self.silent.is_none() {
            let files = |(folder, interest): (&PathBuf, &crate::load::Interest)| {
                interest.names.iter().map(|name| folder.join(name)).chain([folder.clone()]).collect::<Vec<_>>()
            };
            let paths: Vec<PathBuf> = self.watched.iter().flat_map(files).collect();
            self.silent = mounts::silent(paths.iter().map(PathBuf::as_path)).map(Arc::from);
        }
        self.watcher = Some(system);
        is_new
    }

    fn failed(&mut self, error: &notify::Error) {
        let because = match &error.kind {
            // Gone since it was listed: its folder will tell of its return.
            ErrorKind::PathNotFound | ErrorKind::WatchNotFound => return,
            ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
            _ => format!("the system cannot watch the documents ({error})"),
        };
        self.silent.get_or_insert_with(|| because.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Interest;
    use notify::event::{Flag, ModifyKind};
    use notify::{Error, Event};

    fn notices() -> Notices {
        let mut notices = Notices::none("");
        let docs = Interest { folder: true, names: std::iter::once("..data".into()).collect() };
        let around = Interest { folder: false, names: std::iter::once("docs".into()).collect() };
        notices.cover(&Watched::from([("/none/docs".into(), docs), ("/none".into(), around)]));
        notices
    }

    #[test]
    fn only_what_documents_are_made_of_matters() {
        let changed =
            |path: &str| notices().relevance(Ok(Event::new(EventKind::Modify(ModifyKind::Any)).add_path(path.into())));
        assert_eq!(changed("/none/docs/a.md"), Relevance::Content);
        assert_eq!(changed("/none/docs/..data"), Relevance::Structure);
        assert_eq!(changed("/none/docs"), Relevance::Structure);
        for stray in
            ["/none/docs/.a.md.swp", "/none/docs/4913", "/none/docs/a.md~", "/none/log.txt", "/none/docs/x/a.md"]
        {
            assert_eq!(changed(stray), Relevance::None, "{stray}");
        }
    }

    #[test]
    fn a_lost_report_and_a_full_table_are_not_silence() {
        let mut notices = notices();
        assert_eq!(notices.watching(), Watching::Events);
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(notices.relevance(Ok(overflow)), Relevance::Structure);
        assert_eq!(notices.watching(), Watching::Events);
        notices.relevance(Err(Error::new(ErrorKind::MaxFilesWatch)));
        let because = "the system's limit of watched folders is reached".into();
        assert_eq!(notices.watching(), Watching::Polling { because });
    }
}
