//! For tests of many cases: numbers drawn from a seed, and all processors.

use std::sync::atomic::{AtomicUsize, Ordering};

/// `SplitMix64`: small, and the same everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// Where the cases of a test begin: the same ones each time, or those of `DOCSIM_TEST_SEED`, which a failure names.
pub(crate) fn seed() -> u64 {
    let given = std::env::var("DOCSIM_TEST_SEED").ok();
    given.map_or(1, |seed| seed.parse().unwrap_or_else(|_| panic!("DOCSIM_TEST_SEED={seed} is no number")))
}

/// Does the same with each of many, in no order.
pub(crate) fn on_all_processors<T: Sync>(cases: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let worker = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(case);
        }
    };
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(worker);
        }
    });
}
