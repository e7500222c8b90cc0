//! A world's time: the real time comes in with every question, world time goes out. Reads no system clock.

use crate::json::Json;

/// Milliseconds since the Unix epoch, or a number of milliseconds.
pub type Millis = i64;

/// Real time plus an offset, or a time that stands. It never runs back unless it is set back.
///
/// For that it must remember the last time it told, so telling takes `&mut self` ([`Clock::now`]); who only looks,
/// under a shared borrow, uses [`Clock::peek`], which never says less than what was told, but does not remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Clock {
    pub(super) offset_ms: Millis,
    pub(super) frozen_at: Option<Millis>,
    /// The latest time told; none before the first.
    pub(super) last: Option<Millis>,
}

/// Requests read the real time before they wait for their world, so it may come out of order by as long as they wait:
/// then world time stands for that long. More than this is a system clock that was set back: then the step goes into
/// the offset, and world time goes on from where it was.
const SET_BACK: Millis = 10_000;

impl Clock {
    /// 9999-01-01: later moments have no form that documents and snapshots could write.
    pub const LATEST: Millis = 253_370_764_800_000;

    /// A clock that says `to` when the real time is `real`, and runs.
    pub fn starting_at(real: Millis, to: Millis) -> Self {
        Self { offset_ms: to.saturating_sub(real), frozen_at: None, last: Some(to) }
    }

    /// The world's time, remembered: no later answer is earlier.
    pub fn now(&mut self, real: Millis) -> Millis {
        if let (None, Some(last)) = (self.frozen_at, self.last) {
            let behind = last.saturating_sub(real.saturating_add(self.offset_ms));
            if behind > SET_BACK {
                self.offset_ms = self.offset_ms.saturating_add(behind);
            }
        }
        let now = self.peek(real);
        self.last = Some(now);
        now
    }

    /// The world's time without remembering that it was told.
    pub fn peek(&self, real: Millis) -> Millis {
        match (self.frozen_at, self.last) {
            (Some(frozen), _) => frozen,
            (None, Some(last)) => last.max(real.saturating_add(self.offset_ms)),
            (None, None) => real.saturating_add(self.offset_ms),
        }
    }

    /// Lets `by` milliseconds pass at once, also while time stands. A negative length is none: only `set` goes back.
    pub fn advance(&mut self, real: Millis, by: Millis) {
        let to = self.now(real).saturating_add(by.max(0));
        self.set(real, to);
    }

    /// Makes it `to` now, earlier or later; a standing clock goes on standing, there.
    pub fn set(&mut self, real: Millis, to: Millis) {
        self.offset_ms = to.saturating_sub(real);
        self.frozen_at = self.frozen_at.map(|_| to);
        self.last = Some(to);
    }

    /// Stops time, or lets it go on from where it stood.
    pub fn freeze(&mut self, real: Millis, frozen: bool) {
        let now = self.now(real);
        self.set(real, now);
        self.frozen_at = frozen.then_some(now);
    }

    pub fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// How far the world is ahead of the real time; while it stands, less and less.
    pub fn offset_ms(&self, real: Millis) -> Millis {
        self.peek(real).saturating_sub(real)
    }

    pub fn to_json(&self) -> Json {
        let mut members = vec![("offset_ms".into(), Json::integer(self.offset_ms))];
        members.extend(self.frozen_at.map(|at| ("frozen_at".into(), Json::integer(at))));
        members.extend(self.last.map(|at| ("last".into(), Json::integer(at))));
        Json::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_ahead_of_the_real_time() {
        let mut clock = Clock::default();
        assert_eq!(clock.now(1_000), 1_000);
        clock.advance(1_000, 660_000);
        assert_eq!((clock.now(1_000), clock.now(1_001)), (661_000, 661_001));
        assert_eq!(clock.offset_ms(2_000), 660_000);
        assert_eq!(Clock::starting_at(50, 7).peek(60), 17);
    }

    #[test]
    fn stands_and_goes_on_from_there() {
        let mut clock = Clock::default();
        clock.freeze(1_000, true);
        assert_eq!((clock.now(5_000), clock.is_frozen()), (1_000, true));
        clock.advance(5_000, 10);
        clock.freeze(6_000, true);
        assert_eq!((clock.now(9_000), clock.offset_ms(9_000)), (1_010, -7_990));
        clock.set(9_000, 500);
        assert_eq!((clock.now(9_500), clock.is_frozen()), (500, true));
        clock.freeze(10_000, false);
        assert_eq!((clock.now(10_000), clock.now(10_007)), (500, 507));
    }

    #[test]
    fn never_runs_back_unless_set() {
        let mut clock = Clock::default();
        assert_eq!(clock.now(100_000), 100_000);
        assert_eq!((clock.now(99_000), clock.peek(99_000)), (100_000, 100_000), "out of order: time stands");
        assert_eq!(clock.now(100_001), 100_001);
        assert_eq!(clock.now(40_000), 100_001, "set back by a minute");
        assert_eq!(clock.now(40_005), 100_006, "and goes on from there");
        clock.advance(40_005, -50_000);
        assert_eq!(clock.now(40_005), 100_006);
        clock.set(40_005, 7);
        assert_eq!((clock.now(40_005), clock.now(40_006)), (7, 8));
    }

    #[test]
    fn looking_does_not_remember() {
        let mut clock = Clock::default();
        assert_eq!(clock.peek(5_000), 5_000);
        assert_eq!(clock.now(4_000), 4_000);
    }

    #[test]
    fn ends_at_the_ends_of_time() {
        let mut clock = Clock::default();
        clock.set(i64::MIN, i64::MAX);
        clock.advance(i64::MAX, i64::MAX);
        assert_eq!(clock.now(i64::MAX), i64::MAX);
        clock.set(i64::MAX, i64::MIN);
        assert_eq!(clock.now(i64::MIN), i64::MIN);
        clock.freeze(0, true);
        assert_eq!(clock.offset_ms(i64::MAX), i64::MIN);
    }
}
