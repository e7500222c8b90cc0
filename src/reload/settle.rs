//! When to read: once it is quiet, and in a storm that does not end, now and then.

use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Settle {
    quiet: Duration,
    longest: Duration,
    /// The first and the last change since the last reading.
    storm: Option<(Instant, Instant)>,
}

impl Settle {
    pub(super) fn new(quiet: Duration, longest: Duration) -> Self {
        Self { quiet, longest, storm: None }
    }

    pub(super) fn touched(&mut self, now: Instant) {
        let first = self.storm.map_or(now, |(first, _)| first);
        self.storm = Some((first, now));
    }

    pub(super) fn clear(&mut self) {
        self.storm = None;
    }

    /// There was a change, and not so long ago that it must be read by now.
    pub(super) fn may_wait(&self, now: Instant) -> bool {
        self.storm.is_some_and(|(first, _)| now < first + self.longest)
    }

    /// None while nothing has changed.
    pub(super) fn due(&self) -> Option<Instant> {
        self.storm.map(|(first, last)| (last + self.quiet).min(first + self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_read_once_and_a_storm_now_and_then() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut settle = Settle::new(Duration::from_millis(35), Duration::from_millis(500));
        assert_eq!(settle.due(), None);
        settle.touched(at(0));
        settle.touched(at(20));
        assert_eq!(settle.due(), Some(at(55)));
        for ms in (20..490).step_by(10) {
            settle.touched(at(ms));
        }
        assert_eq!(settle.due(), Some(at(500)));
        assert!(settle.may_wait(at(499)) && !settle.may_wait(at(500)));
        settle.clear();
        assert_eq!(settle.due(), None);
        settle.touched(at(600));
        assert_eq!(settle.due(), Some(at(635)));
    }
}
