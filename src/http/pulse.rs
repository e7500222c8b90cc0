//! What a connection is waiting for, and since when: the limits in time, at no cost to a request.
//!
//! In: what the socket and the handler tell (bytes came, a request is being answered, …). Out: whether a limit has passed.
//! One task ticks for the whole server, moves a coarse clock and wakes the connections that have waited too long; so a
//! request needs no timer and asks no clock. Knows nothing of HTTP.

use super::limits::Limits;
use super::metrics::Traffic;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// What the next byte is awaited for. Only the connection's own task changes it, so it can trust what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// A header has begun, or the connection is new.
    Header,
    /// docsim itself is at work: no limit on the client.
    Answering,
    Body,
    /// The last reply is on its way or has gone; the next request has not begun.
    Idle,
}

/// One connection's state.
#[derive(Debug)]
pub struct Pulse {
    watch: Arc<Watch>,
    phase: AtomicU8,
    /// Coarse milliseconds of the watch; so is the next.
    since: AtomicU64,
    body_since: AtomicU64,
    requests: AtomicUsize,
    /// The task of a connection has one waker for life.
    waker: OnceLock<Waker>,
    closing: AtomicBool,
    cut: AtomicBool,
    /// How its end is to look on the wire.
    reset: AtomicBool,
    cut_when_sent: AtomicBool,
}

impl Pulse {
    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            0 => Phase::Header,
            1 => Phase::Answering,
            2 => Phase::Body,
            _ => Phase::Idle,
        }
    }

    fn enter(&self, phase: Phase) {
        self.since.store(self.watch.now.load(Relaxed), Relaxed);
        self.phase.store(phase as u8, Relaxed);
    }

    pub(super) fn bytes_came(&self) {
        match self.phase() {
            Phase::Idle => self.enter(Phase::Header),
            Phase::Body => self.enter(Phase::Body),
            Phase::Header | Phase::Answering => {}
        }
    }

    pub(super) fn bytes_went(&self) {
        if self.phase() == Phase::Idle {
            self.enter(Phase::Idle);
        }
    }

    /// Somebody else has to send more before anything can go out.
    pub(super) fn waits_for_others(&self) {
        self.phase.store(Phase::Answering as u8, Relaxed);
    }

    pub(super) fn waits_for_client(&self) {
        if self.phase() == Phase::Answering {
            self.enter(Phase::Idle);
        }
    }

    pub(super) fn request_began(&self) {
        self.phase.store(Phase::Answering as u8, Relaxed);
    }

    /// Returns whether the connection may serve another request.
    pub(super) fn reply_made(&self) -> bool {
        self.enter(Phase::Idle);
        self.requests.fetch_add(1, Relaxed) + 1 < self.watch.limits.requests_per_connection
    }

    pub(super) fn body_began(&self) {
        self.body_since.store(self.watch.now.load(Relaxed), Relaxed);
        self.enter(Phase::Body);
    }

    /// A place for a body in the memory that all of them share.
    pub(super) fn hold(&self) -> Held<'_> {
        Held { watch: &self.watch, bytes: 0 }
    }

    pub(super) fn body_ended(&self) {
        self.request_began();
    }

    /// Whether the client has kept docsim waiting beyond the limit of this phase. Never early; late by two ticks at most.
    pub(super) fn is_overdue(&self) -> bool {
        let limits = &self.watch.limits;
        let waited = |since| self.waited(since);
        match self.phase() {
            Phase::Header => waited(&self.since) >= limits.header_time,
            Phase::Body => waited(&self.since) >= limits.body_gap || self.is_whole_body_overdue(),
            Phase::Idle => waited(&self.since) >= limits.idle_time,
            Phase::Answering => false,
        }
    }

    pub(super) fn is_whole_body_overdue(&self) -> bool {
        self.waited(&self.body_since) >= self.watch.limits.body_time
    }

    fn waited(&self, since: &AtomicU64) -> Duration {
        let millis = self.watch.now.load(Relaxed).saturating_sub(since.load(Relaxed));
        Duration::from_millis(millis).saturating_sub(self.watch.tick)
    }

    pub(super) fn traffic(&self) -> &Traffic {
        &self.watch.traffic
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.watch.limits
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Relaxed)
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut.load(Relaxed)
    }

    /// Ends this connection as it stands; by the connection's own task, which looks after each step of its work.
    pub(super) fn cut_now(&self, with_reset: bool) {
        self.reset.store(with_reset, Relaxed);
        self.cut.store(true, Relaxed);
    }

    /// Ends this connection when all that was given to its socket is out.
    pub(super) fn cut_when_sent(&self) {
        self.cut_when_sent.store(true, Relaxed);
    }

    pub(super) fn all_sent(&self) {
        if self.cut_when_sent.load(Relaxed) {
            self.cut_now(false);
        }
    }

    pub(super) fn is_reset(&self) -> bool {
        self.reset.load(Relaxed)
    }

    /// To be called by the connection's task before it waits for the first time.
    pub(super) fn attend(&self, waker: &Waker) {
        if self.waker.get().is_none() {
            // Under the lock, so that an order to close comes either before (and is seen) or after (and wakes).
            let _order = self.watch.seats();
            let _ = self.waker.set(waker.clone());
        }
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }
}

/// All open connections, and the coarse clock.
#[derive(Debug)]
pub(super) struct Watch {
    limits: Limits,
    tick: Duration,
    started: Instant,
    now: AtomicU64,
    pub(super) traffic: Arc<Traffic>,
    /// Bytes of bodies that have not come to their end.
    bodies: AtomicUsize,
    seats: Mutex<Seats>,
    /// Told when the first connection comes and when the last one goes.
    changed: Notify,
}

#[derive(Debug, Default)]
struct Seats {
    next: u64,
    taken: HashMap<u64, Arc<Pulse>>,
    closing: bool,
}

/// How much of the memory for bodies one takes; given back when this is dropped.
pub(super) struct Held<'w> {
    watch: &'w Watch,
    bytes: usize,
}

impl Held<'_> {
    /// Whether there is room for so many bytes of this body.
    pub(super) fn grow_to(&mut self, bytes: usize) -> bool {
        let others = match bytes.checked_sub(self.bytes) {
            Some(more) => self.watch.bodies.fetch_add(more, Relaxed) - self.bytes,
            None => self.watch.bodies.fetch_sub(self.bytes - bytes, Relaxed) - self.bytes,
        };
        self.bytes = bytes;
        others.saturating_add(bytes) <= self.watch.limits.bodies_size
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.grow_to(0);
    }
}

/// A connection's place among those that are watched; it leaves when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    number: u64,
    pub(super) pulse: Arc<Pulse>,
}

impl Watch {
    pub(super) fn new(limits: Limits, traffic: Arc<Traffic>) -> Arc<Self> {
        let tick = limits.tick();
        Arc::new(Self {
            limits,
            tick,
            started: Instant::now(),
            now: AtomicU64::new(0),
            traffic,
            bodies: AtomicUsize::new(0),
            seats: Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// `None` if there are as many connections as there may be.
    pub(super) fn seat(self: &Arc<Self>) -> Option<Seat> {
        self.move_clock();
        let mut seats = self.seats();
        if seats.taken.len() >= self.limits.connections {
            return None;
        }
        let number = seats.next;
        seats.next += 1;
        let pulse = Arc::new(Pulse {
            watch: Arc::clone(self),
            phase: AtomicU8::new(Phase::Header as u8),
            since: AtomicU64::new(self.now.load(Relaxed)),
            body_since: AtomicU64::new(0),
            requests: AtomicUsize::new(0),
            waker: OnceLock::new(),
            closing: AtomicBool::new(seats.closing),
            cut: AtomicBool::new(false),
            reset: AtomicBool::new(false),
            cut_when_sent: AtomicBool::new(false),
        });
        seats.taken.insert(number, Arc::clone(&pulse));
        self.traffic.accepted.fetch_add(1, Relaxed);
        self.traffic.open.store(seats.taken.len(), Relaxed);
        if seats.taken.len() == 1 {
            self.changed.notify_waiters();
        }
        Some(Seat { number, pulse })
    }

    /// Ticks as long as there is a connection, and sleeps while there is none. Never returns.
    pub(super) async fn keep(&self) {
        loop {
            let changed = self.changed.notified();
            if self.seats().taken.is_empty() {
                changed.await;
            }
            tokio::time::sleep(self.tick).await;
            self.move_clock();
            for pulse in self.seats().taken.values() {
                if pulse.is_overdue() {
                    pulse.wake();
                }
            }
        }
    }

    /// Asks every connection to end after the reply it is at.
    pub(super) fn close_all(&self) {
        let mut seats = self.seats();
        seats.closing = true;
        for pulse in seats.taken.values() {
            pulse.closing.store(true, Relaxed);
            pulse.wake();
        }
    }

    /// Ends every connection as it stands. Returns how many there were.
    pub(super) fn cut_all(&self) -> usize {
        let seats = self.seats();
        for pulse in seats.taken.values() {
            pulse.cut.store(true, Relaxed);
            pulse.wake();
        }
        seats.taken.len()
    }

    pub(super) async fn all_gone(&self) {
        loop {
            let changed = self.changed.notified();
            if self.seats().taken.is_empty() {
                return;
            }
            changed.await;
        }
    }

    fn move_clock(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.now.fetch_max(now, Relaxed);
    }

    /// Nothing is done under this lock that could panic half way, so a poisoned one is as good as any.
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let watch = &self.pulse.watch;
        let mut seats = watch.seats();
        seats.taken.remove(&self.number);
        watch.traffic.open.store(seats.taken.len(), Relaxed);
        if seats.taken.is_empty() {
            watch.changed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched() -> (Arc<Watch>, Seat) {
        let watch = Watch::new(Limits { connections: 1, ..Limits::default() }, Arc::default());
        let seat = watch.seat().unwrap();
        (watch, seat)
    }

    #[track_caller]
    fn overdue_after(watch: &Watch, pulse: &Pulse, limit: Duration) {
        let start = watch.now.load(Relaxed);
        let limit = u64::try_from((limit + watch.tick).as_millis()).unwrap();
        watch.now.store(start + limit - 1, Relaxed);
        assert!(!pulse.is_overdue(), "one millisecond early");
        watch.now.store(start + limit, Relaxed);
        assert!(pulse.is_overdue());
    }

    #[test]
    fn each_phase_has_its_limit() {
        let (watch, seat) = watched();
        let limits = Limits::default();
        overdue_after(&watch, &seat.pulse, limits.header_time);
        seat.pulse.request_began();
        assert!(!seat.pulse.is_overdue());
        seat.pulse.body_began();
        overdue_after(&watch, &seat.pulse, limits.body_gap);
        seat.pulse.body_ended();
        assert!(seat.pulse.reply_made());
        overdue_after(&watch, &seat.pulse, limits.idle_time);
        seat.pulse.bytes_came();
        overdue_after(&watch, &seat.pulse, limits.header_time);
    }

    #[test]
    fn dripping_does_not_stretch_a_header_nor_a_body_beyond_its_whole_time() {
        let (watch, seat) = watched();
        watch.now.store(10_000, Relaxed);
        seat.pulse.bytes_came();
        watch.now.store(10_250, Relaxed);
        assert!(seat.pulse.is_overdue());
        seat.pulse.body_began();
        for second in 0..=60 {
            assert!(!seat.pulse.is_overdue());
            watch.now.store(10_250 + second * 1_000, Relaxed);
            seat.pulse.bytes_came();
        }
        watch.now.store(10_250 + 60_250, Relaxed);
        assert!(seat.pulse.is_overdue());
    }

    #[test]
    fn a_seat_is_free_again_when_its_connection_is_gone() {
        let (watch, seat) = watched();
        assert!(watch.seat().is_none());
        drop(seat);
        assert!(watch.seat().is_some());
    }

    #[test]
    fn bodies_share_their_memory_and_give_it_back() {
        let watch = Watch::new(Limits { bodies_size: 100, ..Limits::default() }, Arc::default());
        let (one, two) = (watch.seat().unwrap(), watch.seat().unwrap());
        let (mut first, mut second) = (one.pulse.hold(), two.pulse.hold());
        assert!(first.grow_to(60) && second.grow_to(40));
        assert!(!second.grow_to(41));
        assert!(first.grow_to(59));
        drop((first, second));
        assert_eq!(watch.bodies.load(Relaxed), 0);
    }

    #[test]
    fn the_last_request_of_a_connection_is_told() {
        let watch = Watch::new(Limits { requests_per_connection: 2, ..Limits::default() }, Arc::default());
        let seat = watch.seat().unwrap();
        assert!(seat.pulse.reply_made());
        assert!(!seat.pulse.reply_made());
    }
}
