//! What happens, told at once to those who follow; bounded, so that one who reads slowly loses some and is told how many.
//!
//! In: notices. Out: the same, to each follower. Where nobody follows, nothing is kept and nothing is drawn.

use super::event::Event;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

/// How many notices a follower may be behind.
const KEPT: usize = 1_024;

#[derive(Clone, Debug)]
pub enum Notice {
    /// A request was answered: its number in the journal, and what happened.
    Request(u64, Arc<Event>),
    /// A hand has changed a world, or the list of worlds: which resource, and whose.
    State { world: Arc<str>, resource: Arc<str> },
}

#[derive(Debug)]
pub struct Feed {
    sender: Sender<Notice>,
    followers: Arc<AtomicUsize>,
}

/// One who follows; gone when it is dropped.
#[derive(Debug)]
pub struct Follower {
    receiver: Receiver<Notice>,
    followers: Arc<AtomicUsize>,
}

/// What a follower hears next.
#[derive(Clone, Debug)]
pub enum Heard {
    Notice(Notice),
    /// So many were lost, since it was too slow.
    Lost(u64),
}

impl Default for Feed {
    fn default() -> Self {
        Self { sender: broadcast::channel(KEPT).0, followers: Arc::default() }
    }
}

impl Feed {
    /// Costs a look at a counter where nobody follows.
    pub fn tell(&self, notice: impl FnOnce() -> Notice) {
        if self.sender.receiver_count() > 0 {
            // It fails where the last follower has just gone.
            let _ = self.sender.send(notice());
        }
    }

    /// Follows, unless there are so many already.
    pub fn follow(&self, limit: usize) -> Option<Follower> {
        let room = |count: usize| (count < limit).then_some(count + 1);
        self.followers.fetch_update(Ordering::AcqRel, Ordering::Acquire, room).ok()?;
        Some(Follower { receiver: self.sender.subscribe(), followers: Arc::clone(&self.followers) })
    }
}

impl Follower {
    /// Waits for the next; none when there will be no more.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.receiver.recv().await {
            Ok(notice) => Some(Heard::Notice(notice)),
            Err(RecvError::Lagged(lost)) => Some(Heard::Lost(lost)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.followers.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(at: usize) -> Notice {
        Notice::State { world: "default".into(), resource: at.to_string().into() }
    }

    #[tokio::test]
    async fn one_who_is_slow_is_told_what_it_lost() {
        let feed = Feed::default();
        feed.tell(|| unreachable!("nobody follows"));
        let mut follower = feed.follow(1).unwrap();
        assert!(feed.follow(1).is_none(), "there is room for one");
        for at in 0..KEPT + 5 {
            feed.tell(|| state(at));
        }
        assert!(matches!(follower.next().await, Some(Heard::Lost(5))));
        assert!(
            matches!(follower.next().await, Some(Heard::Notice(Notice::State { resource, .. })) if &*resource == "5")
        );
        drop(follower);
        assert!(feed.follow(1).is_some());
    }
}
