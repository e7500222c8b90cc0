//! Faults: trouble that a tester has ordered for a world, each with what it meets, how likely it strikes and how often.
//!
//! Here they are data, kept, counted and drawn for. Which request a fault meets is the engine's affair, what becomes of the
//! reply that of the server. Knows no document: an endpoint is an id, a parameter a name, a code a text.

mod form;

pub use form::BadFault;

use super::clock::Millis;
use super::random::Stream;
use crate::json::Json;
use std::sync::Arc;

/// One order. At least one of `harm` and `delay` is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Order of coming into the world, from 1. The oldest that fits strikes first.
    pub id: u64,
    /// None holds for all.
    pub endpoint: Option<Arc<str>>,
    /// Each of these parameters has exactly this value; scalars only.
    pub when: Vec<(Arc<str>, Json)>,
    pub harm: Option<Harm>,
    pub delay: Option<Delay>,
    pub chance: Chance,
    /// After so many strikes it is gone.
    pub times: Option<u64>,
    /// How often it has struck.
    pub used: u64,
}

/// What is answered in place of the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The documented reply of that code.
    Code(Arc<str>),
    HttpStatus(u16),
    Abort(Abort),
}

/// How a connection ends in place of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    /// With a reset, as if the other side had crashed.
    Reset,
    /// Without a byte.
    Empty,
    /// In the middle of the body.
    Truncate,
}

/// How long a reply is kept back, in milliseconds; never longer than [`Delay::LONGEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    Fixed(Millis),
    /// Each length between the two as likely as the others.
    Uniform {
        from: Millis,
        to: Millis,
    },
    /// Two thirds within one deviation of the mean; none further off than six, and none below 0.
    Normal {
        mean: Millis,
        deviation: Millis,
    },
}

/// A probability in millionths: a whole number is drawn alike on every machine, and restored as it was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u32);

/// A world's faults. A clone is a few pointers.
#[derive(Clone, Debug)]
pub struct Faults {
    all: imbl::OrdMap<u64, Arc<Fault>>,
    next_id: u64,
}

impl Default for Faults {
    fn default() -> Self {
        Self { all: imbl::OrdMap::new(), next_id: 1 }
    }
}

impl Faults {
    /// Each is looked at for each request, so there is an end.
    pub const LIMIT: usize = 1_000;

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Fault>> {
        self.all.values()
    }

    pub fn get(&self, id: u64) -> Option<&Arc<Fault>> {
        self.all.get(&id)
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The number that the next one gets.
    pub fn next_id(&self) -> u64 {
        self.next_id
    }

    /// Refuses a number that was given, and one too many.
    pub(super) fn add(&mut self, fault: &Arc<Fault>) -> bool {
        if fault.id < self.next_id || self.all.len() >= Self::LIMIT {
            return false;
        }
        self.next_id = fault.id.saturating_add(1);
        self.all.insert(fault.id, Arc::clone(fault)).is_none()
    }

    pub(super) fn remove(&mut self, id: u64) -> bool {
        self.all.remove(&id).is_some()
    }

    /// Counts a strike; the last one takes the fault away.
    pub(super) fn count(&mut self, id: u64) -> bool {
        let Some(fault) = self.all.get_mut(&id) else { return false };
        let fault = Arc::make_mut(fault);
        fault.used = fault.used.saturating_add(1);
        if fault.times.is_some_and(|times| fault.used >= times) {
            self.all.remove(&id);
        }
        true
    }

    /// No fault gets a number below that.
    pub(super) fn reserve(&mut self, next_id: u64) {
        self.next_id = self.next_id.max(next_id);
    }
}

impl Chance {
    pub const CERTAIN: Self = Self(Self::WHOLE);
    const WHOLE: u32 = 1_000_000;

    pub fn is_certain(self) -> bool {
        self == Self::CERTAIN
    }

    /// Draws only where the outcome is open, so that a certain fault leaves the world's later tokens as they are.
    pub fn strikes(self, stream: impl FnOnce() -> Stream) -> bool {
        self.is_certain() || stream().below(Self::WHOLE.into()) < self.0.into()
    }
}

impl Delay {
    pub const LONGEST: Millis = 60_000;

    /// The length for one strike; what is fixed draws nothing.
    pub fn draw(self, stream: impl FnOnce() -> Stream) -> Millis {
        match self {
            Self::Fixed(millis) => millis,
            Self::Uniform { from, to } => {
                let width = u64::try_from(to - from).unwrap_or(0);
                from + Millis::try_from(stream().below(width + 1)).unwrap_or(0)
            }
            Self::Normal { mean, deviation } => {
                // The sum of twelve draws from 0 to 1 has the deviation 1 and comes close to a normal one; in whole numbers,
                // since a logarithm is not the same to the last bit on every machine.
                let mut stream = stream();
                let drawn: u64 = (0..12).map(|_| stream.below(1_000_001)).sum();
                let millionths = Millis::try_from(drawn).unwrap_or(0) - 6_000_000;
                (mean + deviation * millionths / 1_000_000).clamp(0, Self::LONGEST)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Clock, World, WorldName};

    fn fault(id: u64, times: Option<u64>) -> Arc<Fault> {
        Arc::new(Fault {
            id,
            endpoint: None,
            when: Vec::new(),
            harm: Some(Harm::HttpStatus(503)),
            delay: None,
            chance: Chance::CERTAIN,
            times,
            used: 0,
        })
    }

    #[test]
    fn a_fault_is_gone_after_its_last_strike_and_its_number_with_it() {
        let mut faults = Faults::default();
        assert!(faults.add(&fault(1, Some(2))) && faults.add(&fault(2, None)));
        assert!(!faults.add(&fault(2, None)), "a number given twice");
        assert!(faults.count(1));
        assert_eq!(faults.get(1).map(|fault| fault.used), Some(1));
        assert!(faults.count(1) && !faults.count(1));
        assert!((0..100).all(|_| faults.count(2)));
        assert_eq!((faults.len(), faults.next_id()), (1, 3));
        assert!(faults.remove(2) && !faults.remove(2));
        assert!(!faults.add(&fault(1, None)));
    }

    #[test]
    fn there_are_no_more_than_the_limit() {
        let mut faults = Faults::default();
        for id in 1..=1_000 {
            assert!(faults.add(&fault(id, None)));
        }
        assert!(!faults.add(&fault(1_001, None)));
    }

    #[test]
    fn chances_and_delays_are_as_likely_as_they_say() {
        let mut world = World::new(WorldName::default(), 1, Clock::default());
        let struck = (0..10_000).filter(|_| Chance(250_000).strikes(|| world.stream())).count();
        assert!((2_300..2_700).contains(&struck), "{struck}");
        let mut draw = |delay: Delay| (0..10_000).map(|_| delay.draw(|| world.stream())).collect::<Vec<_>>();
        let within =
            |drawn: &[Millis], from: Millis, to: Millis| drawn.iter().filter(|it| (from..=to).contains(*it)).count();
        let drawn = draw(Delay::Uniform { from: 50, to: 400 });
        assert_eq!(within(&drawn, 50, 400), 10_000);
        let half = within(&drawn, 50, 225);
        assert!((4_700..5_300).contains(&half), "{half}");
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&50), Some(&400)));
        let drawn = draw(Delay::Normal { mean: 1_000, deviation: 100 });
        let (one, two) = (within(&drawn, 900, 1_100), within(&drawn, 800, 1_200));
        assert!((6_500..7_200).contains(&one) && (9_400..9_700).contains(&two), "{one} {two}");
        assert_eq!(within(&draw(Delay::Normal { mean: 0, deviation: 60_000 }), 0, Delay::LONGEST), 10_000);
    }

    #[test]
    fn what_is_certain_draws_nothing() {
        let stream = || -> Stream { panic!("nothing is to be drawn") };
        assert!(Chance::CERTAIN.strikes(stream));
        assert_eq!(Delay::Fixed(7).draw(stream), 7);
    }
}
