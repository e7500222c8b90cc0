//! Tells when the content of the documents changed, whatever way it was saved in.
//!
//! In: what to read, and what was read at start. Out: `Update`s, each a whole set read off to the side, on a channel that
//! holds the latest. Knows files and their contents; what they mean, and what is served meanwhile, is for others.
//!
//! A thread of its own waits for the system to speak of a folder (`notices`), waits until it is quiet (`settle`), reads, and
//! compares contents: no time stamp is believed. A file that is empty or gone is one that somebody is writing, for a
//! moment (`hold`). Where the system does not speak (`mounts`), it reads once a second instead.

mod hold;
mod mounts;
mod notices;
mod settle;

use crate::load::{self, Loaded, Selection};
use hold::Hold;
use notices::{Notices, Relevance};
use settle::Settle;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tracing::warn;

/// What was read last. Where only `watching` changed, `loaded` is the very same value.
#[derive(Clone, Debug)]
pub struct Update {
    pub loaded: Arc<Loaded>,
    pub watching: Watching,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watching {
    /// The system reports changes.
    Events,
    /// Everything is read again at intervals, for the reason given.
    Polling { because: Arc<str> },
}

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// This long without a change, and what stands there is read.
    pub quiet: Duration,
    /// What keeps changing is read all the same after this long.
    pub longest: Duration,
    /// An empty or vanished file is believed after this long: a disk that is busy can come between emptying and writing it.
    pub unfinished: Duration,
    /// Between two readings where the system does not report changes.
    pub poll: Duration,
    /// Whether to ask the system for reports at all.
    pub events: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(35),
            longest: Duration::from_millis(500),
            unfinished: Duration::from_secs(1),
            poll: Duration::from_secs(1),
            events: true,
        }
    }
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    updates: watch::Receiver<Update>,
    messages: Sender<Message>,
}

impl Watcher {
    /// Watches for all that differs from `first`; whatever changes after this returns is seen.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(selection: Selection, first: Arc<Loaded>, options: Options) -> std::io::Result<Self> {
        let (messages, inbox) = channel();
        let notices = if options.events {
            Notices::start(messages.clone())
        } else {
            Notices::none("asking the system is turned off")
        };
        let watching = notices.watching();
        let (sender, updates) = watch::channel(Update { loaded: Arc::clone(&first), watching });
        let mut watch = Watch {
            selection,
            options,
            inbox,
            notices,
            settle: Settle::new(options.quiet, options.longest),
            hold: Hold::new(options.unfinished),
            peeked: Arc::clone(&first),
            published: first,
            next_poll: None,
            retry: None,
            sender,
        };
        watch.look();
        std::thread::Builder::new().name("docsim-reload".to_owned()).spawn(move || watch.run())?;
        Ok(Self { updates, messages })
    }

    /// The latest set, and word of each later one.
    pub fn updates(&self) -> watch::Receiver<Update> {
        self.updates.clone()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Fails only where the thread has ended already. It is not waited for: it may be reading from a share that hangs.
        let _ = self.messages.send(Message::Stop);
    }
}

/// What the thread is told.
#[derive(Debug)]
enum Message {
    Event(notify::Result<notify::Event>),
    Stop,
}

struct Watch {
    selection: Selection,
    options: Options,
    inbox: Receiver<Message>,
    notices: Notices,
    settle: Settle,
    hold: Hold,
    /// What the last poll saw, so that a file that is still being written is not taken for its next version.
    peeked: Arc<Loaded>,
    published: Arc<Loaded>,
    /// None where the system reports changes.
    next_poll: Option<Instant>,
    /// When to read again what could not be read for want of descriptors.
    retry: Option<Instant>,
    sender: watch::Sender<Update>,
}

impl Watch {
    fn run(mut self) {
        loop {
            let wake = [self.settle.due(), self.hold.due(), self.next_poll, self.retry].into_iter().flatten().min();
            match self.wait(wake) {
                Ok(Message::Event(event)) => self.event(event),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => self.tick(Instant::now()),
            }
        }
    }

    fn wait(&self, until: Option<Instant>) -> Result<Message, RecvTimeoutError> {
        match until {
            Some(until) => self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn event(&mut self, event: notify::Result<notify::Event>) {
        if self.notices.relevance(event) != Relevance::None {
            self.settle.touched(Instant::now());
        }
        // A queue that never runs empty must not keep what is due from being done.
        let now = Instant::now();
        if self.settle.due().is_some_and(|due| due <= now) {
            self.tick(now);
        }
    }

    fn tick(&mut self, now: Instant) {
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if is_due(self.settle.due()) || is_due(self.hold.due()) || is_due(self.retry) {
            self.look();
        } else if is_due(self.next_poll) {
            let (seen, _) = load::look(&self.selection, &self.peeked);
            if !seen.is_same(&self.peeked) {
                self.settle.touched(now);
            }
            self.peeked = Arc::new(seen);
            self.next_poll = Some(Instant::now() + self.options.poll);
        }
    }

    /// Reads what is there, sees to it that changes of that will be seen, and tells of it if it is new.
    fn look(&mut self) {
        const MOST_READINGS: usize = 5;
        let touched = self.settle.due().is_some();
        let mut reading = 0;
        let seen = loop {
            let (seen, watched) = load::look(&self.selection, &self.published);
            reading += 1;
            // What came into a folder before it was watched was reported by nobody: read again.
            if !self.notices.cover(&watched) || reading == MOST_READINGS {
                break seen;
            }
        };
        let now = Instant::now();
        // Nothing was learned; what was known before still holds.
        let passing = seen.files().filter_map(|file| file.problem.as_ref()).find(|problem| problem.is_passing());
        if let Some(passing) = passing {
            if self.retry.is_none() {
                warn!("{passing}; what was read before is served until it can be read");
            }
            self.retry = Some(now + self.options.poll);
            self.settle.clear();
            return;
        }
        self.retry = None;
        // Where nobody reports the next write, quiet is known only by reading twice.
        let still_changing = self.next_poll.is_some() && self.settle.may_wait(now) && !seen.is_same(&self.peeked);
        if still_changing {
            self.settle.touched(now);
        } else {
            self.settle.clear();
        }
        self.peeked = Arc::new(seen.clone());
        let watching = self.notices.watching();
        self.next_poll = match (&watching, self.next_poll) {
            (Watching::Events, _) => None,
            (Watching::Polling { .. }, Some(next)) if next > now => Some(next),
            (Watching::Polling { .. }, _) => Some(now + self.options.poll),
        };
        if still_changing {
            return;
        }
        let believed = self.hold.believe(seen, &self.published, now, touched);
        let is_new = !believed.is_same(&self.published);
        if is_new {
            self.published = Arc::new(believed);
        }
        self.sender.send_if_modified(|update| {
            let is_newly_watched = update.watching != watching;
            update.loaded = Arc::clone(&self.published);
            update.watching = watching;
            is_new || is_newly_watched
        });
    }
}
