//! The last events of all worlds, in one ring that is bounded in bytes and in number.

use super::event::Event;
use crate::world::WorldName;
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub struct Journal {
    ring: Mutex<Ring>,
    most_bytes: usize,
    most_events: usize,
}

#[derive(Default)]
struct Ring {
    /// Oldest first, numbered without gaps up to `next`.
    events: VecDeque<Arc<Event>>,
    bytes: usize,
    /// The number of the next event; the first is 1.
    next: u64,
}

/// Which events are asked for; none of them asks for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub endpoint: Option<String>,
    pub world: Option<WorldName>,
    /// Only events older than the one of this number.
    pub before: Option<u64>,
}

/// Newest first.
#[derive(Debug)]
pub struct Page {
    pub items: Vec<Box<RawValue>>,
    /// How many of those kept pass the filter, whatever `before` says.
    pub total: usize,
    /// What to ask for as `before` to go on; none if this is all.
    pub next: Option<u64>,
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(16 << 20, 100_000)
    }
}

impl Journal {
    pub fn new(most_bytes: usize, most_events: usize) -> Self {
        Self { ring: Mutex::new(Ring { next: 1, ..Ring::default() }), most_bytes, most_events }
    }

    /// Keeps an event, and drops as many of the oldest as there is no room for. The number that it got.
    pub fn tell(&self, event: &Arc<Event>) -> u64 {
        let cost = event.cost();
        let mut ring = self.ring();
        let number = ring.next;
        ring.next += 1;
        ring.bytes += cost;
        ring.events.push_back(Arc::clone(event));
        let first = ring.drop_oldest(self.most_bytes, self.most_events);
        // Mostly one goes when one comes; it is freed after the lock is left.
        let mut others = Vec::new();
        while ring.is_over(self.most_bytes, self.most_events) {
            others.extend(ring.drop_oldest(self.most_bytes, self.most_events));
        }
        drop(ring);
        drop((first, others));
        number
    }

    /// The newest events that pass the filter, drawn.
    pub fn page(&self, filter: &Filter, limit: usize) -> Page {
        let (next, events) = {
            let ring = self.ring();
            (ring.next, ring.events.clone()) // pointers; the drawing does not hold up the requests
        };
        let passes = |event: &Event| {
            filter.endpoint.as_deref().is_none_or(|endpoint| event.endpoint.as_deref() == Some(endpoint))
                && filter.world.as_ref().is_none_or(|world| event.world == *world)
        };
        let numbers = (0..next).rev();
        let passing: Vec<(u64, &Arc<Event>)> =
            numbers.zip(events.iter().rev()).filter(|(_, event)| passes(event)).collect();
        let total = passing.len();
        let mut older = passing.into_iter().filter(|(number, _)| filter.before.is_none_or(|before| *number < before));
        let asked: Vec<(u64, &Arc<Event>)> = older.by_ref().take(limit).collect();
        let next = older.next().and(asked.last()).map(|(number, _)| *number);
        Page { items: asked.iter().filter_map(|(number, event)| event.draw(*number)).collect(), total, next }
    }

    /// The newest events of a world, the oldest first.
    pub fn last(&self, world: &WorldName, limit: usize) -> Vec<Arc<Event>> {
        let events = self.ring().events.clone();
        let mut last: Vec<_> = events.into_iter().rev().filter(|event| event.world == *world).take(limit).collect();
        last.reverse();
        last
    }

    /// In bytes, roughly.
    pub fn size(&self) -> usize {
        self.ring().bytes
    }

    /// Forgets all events; numbers go on.
    pub fn clear(&self) {
        let mut ring = self.ring();
        let events = std::mem::take(&mut ring.events);
        ring.bytes = 0;
        drop(ring);
        drop(events);
    }

    /// Nothing under this lock can panic half way.
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn is_over(&self, most_bytes: usize, most_events: usize) -> bool {
        !self.events.is_empty() && (self.bytes > most_bytes || self.events.len() > most_events)
    }

    fn drop_oldest(&mut self, most_bytes: usize, most_events: usize) -> Option<Arc<Event>> {
        if !self.is_over(most_bytes, most_events) {
            return None;
        }
        let oldest = self.events.pop_front()?;
        self.bytes = self.bytes.saturating_sub(oldest.cost());
        Some(oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::tests::event;
    use super::*;

    fn numbers(page: &Page) -> Vec<u64> {
        let number =
            |item: &RawValue| serde_json::from_str::<serde_json::Value>(item.get()).unwrap()["number"].as_u64();
        page.items.iter().filter_map(|item| number(item)).collect()
    }

    #[test]
    fn pages_go_from_the_newest_to_the_oldest() {
        let journal = Journal::default();
        for _ in 0..5 {
            journal.tell(&Arc::new(event("/a", "", "")));
        }
        let first = journal.page(&Filter::default(), 2);
        assert_eq!((numbers(&first), first.total, first.next), (vec![5, 4], 5, Some(4)));
        let second = journal.page(&Filter { before: first.next, ..Filter::default() }, 3);
        assert_eq!((numbers(&second), second.total, second.next), (vec![3, 2, 1], 5, None));
        journal.clear();
        journal.tell(&Arc::new(event("/a", "", "")));
        assert_eq!(numbers(&journal.page(&Filter::default(), 10)), [6]);
    }

    #[test]
    fn filters_count_only_what_passes() {
        let journal = Journal::default();
        let other = WorldName::parse("other").unwrap();
        for at in 0..6 {
            let world = if at % 3 == 0 { other.clone() } else { WorldName::default() };
            let endpoint = (at % 2 == 0).then(|| "GET /b".into());
            journal.tell(&Arc::new(Event { world, endpoint, ..event("/a", "", "") }));
        }
        let page = |filter| {
            let page = journal.page(&filter, 10);
            (numbers(&page), page.total)
        };
        assert_eq!(page(Filter { world: Some(other.clone()), ..Filter::default() }), (vec![4, 1], 2));
        assert_eq!(page(Filter { endpoint: Some("GET /b".into()), ..Filter::default() }), (vec![5, 3, 1], 3));
        assert_eq!(
            page(Filter { endpoint: Some("GET /b".into()), world: Some(other), ..Filter::default() }),
            (vec![1], 1)
        );
    }

    #[test]
    fn the_ring_is_bounded_in_number_and_in_bytes() {
        let journal = Journal::new(usize::MAX, 3);
        for _ in 0..5 {
            journal.tell(&Arc::new(event("/a", "", "")));
        }
        assert_eq!(numbers(&journal.page(&Filter::default(), 10)), [5, 4, 3]);

        let journal = Journal::new(100_000, usize::MAX);
        for _ in 0..100 {
            journal.tell(&Arc::new(event("/a", "text/plain", &"x".repeat(9_000))));
        }
        let kept = numbers(&journal.page(&Filter::default(), 100));
        assert!((5..=10).contains(&kept.len()) && kept[0] == 100, "{kept:?}");
        journal.tell(&Arc::new(event("/a", "text/plain", &"x".repeat(200_000))));
        assert_eq!(numbers(&journal.page(&Filter::default(), 100)), [0; 0], "what alone is too large is not kept");
    }
}
