//! Everything that changes when the API is used: accounts and other records, tokens, passcodes, uploads, faults, time,
//! randomness.
//!
//! Changes come in as data and answers to lookups go out. Knows no document: which change makes sense is decided
//! elsewhere; here only what must hold of any world is kept (one record to a key, one text to a token, time that does not
//! run back). Reads neither the system's clock nor its randomness: real time is an argument, and random bytes come from
//! the seed and the name, so the same history gives the same world.

mod change;
mod clock;
mod collection;
mod duration;
mod fault;
mod index;
#[cfg(test)]
mod model_tests;
mod name;
mod passcode;
mod password;
mod random;
mod record;
mod room;
pub mod snapshot;
mod token;
mod upload;
mod weight;
mod worlds;

pub use change::Change;
pub use clock::{Clock, Millis};
pub use collection::Collection;
pub use duration::{BadDuration, parse_duration};
pub use fault::{Abort, BadFault, Chance, Delay, Fault, Faults, Harm};
pub use name::{BadWorldName, WorldName};
pub use passcode::{Passcode, PasscodeCheck, Passcodes};
pub use password::{PasswordHash, PasswordKey};
pub use random::Stream;
pub use record::{Fields, Key, Mark, Owner, Record, Seq};
pub use room::Room;
pub use token::{Token, Tokens};
pub use upload::{Picture, Upload, Uploads};
pub use worlds::{Prepare, WorldLimit, Worlds, WorldsConfig};

use std::sync::Arc;

/// One world. It is the fold of its changes, but for what only tells (the last time told, the number of draws).
///
/// Everything that grows is a persistent map, so a clone costs the same with a million accounts as with none.
#[derive(Clone)]
pub struct World {
    name: WorldName,
    seed: u64,
    key: PasswordKey,
    source: random::Source,
    clock: Clock,
    sequence: u64,
    draws: u64,
    collections: imbl::OrdMap<Arc<str>, Collection>,
    tokens: Tokens,
    passcodes: Passcodes,
    faults: Faults,
    uploads: Uploads,
    /// Of the server, not of the world: a snapshot does not have it.
    room: Room,
    /// How large it may become for the other worlds' sake; see [`World::size`].
    ceiling: usize,
}

impl World {
    pub fn new(name: WorldName, seed: u64, clock: Clock) -> Self {
        Self {
            key: PasswordKey::derive(seed, &name),
            source: random::Source::new(seed, &name),
            name,
            seed,
            clock,
            sequence: 0,
            draws: 0,
            collections: imbl::OrdMap::new(),
            tokens: Tokens::default(),
            passcodes: Passcodes::default(),
            faults: Faults::default(),
            uploads: Uploads::default(),
            room: Room::default(),
            ceiling: usize::MAX,
        }
    }

    /// The same world under another name, and another seed if one is given: its passwords, tokens and passcodes go on
    /// working, those drawn from now on are its own.
    #[must_use]
    pub fn fork(&self, name: WorldName, seed: Option<u64>) -> Self {
        let seed = seed.unwrap_or(self.seed);
        Self { source: random::Source::new(seed, &name), name, seed, ..self.clone() }
    }

    pub fn name(&self) -> &WorldName {
        &self.name
    }

    pub fn room(&self) -> Room {
        self.room
    }

    #[must_use]
    pub fn with_room(self, room: Room) -> Self {
        Self { room, ..self }
    }

    /// Bytes of its records and files, by estimate.
    pub fn size(&self) -> usize {
        self.records_size().saturating_add(self.uploads.size())
    }

    /// Bytes of its records alone, accounts included.
    pub fn records_size(&self) -> usize {
        self.collections.values().map(Collection::weight).sum()
    }

    /// What its size may become in this step, for the other worlds' sake.
    pub fn ceiling(&self) -> usize {
        self.ceiling
    }

    fn set_left(&mut self, left: usize) {
        self.ceiling = self.size().saturating_add(left);
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How many changes were applied.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The world's time when the real time is `real`; no later answer is earlier, unless the clock is set back.
    pub fn now(&mut self, real: Millis) -> Millis {
        self.clock.now(real)
    }

    pub fn password_key(&self) -> &PasswordKey {
        &self.key
    }

    /// The next stream of random bytes. What is drawn depends on the seed, the name and the number of draws before.
    pub fn stream(&mut self) -> Stream {
        let stream = self.source.stream(self.draws);
        self.draws = self.draws.wrapping_add(1);
        stream
    }

    /// The stream of a purpose: the same whatever was drawn before.
    pub fn stream_named(&self, purpose: &str) -> Stream {
        self.source.named(purpose)
    }

    /// A new text in the form of `example` that no token of this world has; longer than the example if its form is used up.
    pub fn new_token(&mut self, example: &str) -> Arc<str> {
        let mut stream = self.stream();
        let mut text = stream.token_like(example);
        for tries in 0_u32.. {
            if self.tokens.get(&text).is_none() {
                break;
            }
            text = if tries < 100 { stream.token_like(example) } else { text + &stream.digits(8) };
        }
        text.into()
    }
}

/// Lookups.
impl World {
    pub fn collections(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Collection)> {
        self.collections.iter()
    }

    /// None for a collection in which there never was a record.
    pub fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.get(name)
    }

    /// The number that the collection's next record gets.
    pub fn next_seq(&self, collection: &str) -> Seq {
        self.collection(collection).map_or(1, Collection::next_seq)
    }

    pub fn record(&self, collection: &str, seq: Seq) -> Option<&Arc<Record>> {
        self.collection(collection)?.get(seq)
    }

    pub fn record_by_id(&self, collection: &str, id: &str) -> Option<&Arc<Record>> {
        self.collection(collection)?.by_id(id)
    }

    /// The one record of the collection that has this value in this space (`identity`, `card`, …).
    pub fn by_key(&self, collection: &str, space: &str, value: &str) -> Option<&Arc<Record>> {
        self.collection(collection)?.by_key(space, value)
    }

    /// The token if it is alive: issued, not revoked, not expired.
    pub fn token(&self, text: &str, now: Millis) -> Option<&Arc<Token>> {
        self.tokens.get(text).filter(|token| token.is_alive(now))
    }

    /// An account's tokens, expired ones included, oldest first.
    pub fn tokens_of(&self, collection: &str, account: Seq) -> std::slice::Iter<'_, Arc<Token>> {
        self.tokens.of(collection, account).iter()
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub fn passcodes(&self) -> &Passcodes {
        &self.passcodes
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    pub fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    /// What a passcode in a request is worth at `now`; see [`Passcodes::check`].
    pub fn check_passcode(&self, phone: &str, purpose: Option<&str>, code: &str, now: Millis) -> PasscodeCheck {
        self.passcodes.check(phone, purpose, code, now)
    }

    /// When a passcode was last sent to that phone for exactly that purpose.
    pub fn last_sent(&self, phone: &str, purpose: Option<&str>) -> Option<Millis> {
        self.passcodes.last_sent(phone, purpose)
    }
}

impl World {
    /// Does what the change says, and counts it. A change that does not fit (its record is gone, its key or number is
    /// taken) is counted too, so that all who apply one log agree on the numbers, but does nothing: then the answer is false.
    ///
    /// Each change is whole before the next is made: numbers (`next_seq`, `next_id`, `next_number`) go up with it.
    pub fn apply(&mut self, change: &Change) -> bool {
        self.sequence = self.sequence.saturating_add(1);
        match change {
            Change::RecordCreated { collection, record } => self.create(collection, record),
            Change::RecordRemoved { collection, record } => {
                self.in_collection(collection, |collection| collection.remove(record.seq))
            }
            Change::FieldSet { collection, seq, field, to, .. } => self.in_collection(collection, |collection| {
                collection.edit(*seq, |record| record.fields.set(field, to.clone()))
            }),
            Change::KeySet { collection, seq, space, from, to } => {
                self.in_collection(collection, |collection| collection.set_key(*seq, space, from.as_ref(), to.as_ref()))
            }
            Change::MarkSet { collection, seq, to, .. } => {
                self.in_collection(collection, |collection| collection.edit(*seq, |record| record.mark = *to))
            }
            Change::BeforeFreezeSet { collection, seq, to, .. } => self.in_collection(collection, |collection| {
                collection.edit(*seq, |record| record.before_freeze.clone_from(to))
            }),
            Change::PasswordSet { collection, seq, to, .. } => {
                self.in_collection(collection, |collection| collection.edit(*seq, |record| record.password = *to))
            }
            Change::PasscodeIssued(passcode) => self.passcodes.issue(passcode),
            Change::PasscodeSpent { id, at } => self.passcodes.spend(*id, *at),
            Change::PasscodeTried { id, .. } => self.passcodes.tried(*id),
            Change::TokenIssued(token) => self.tokens.issue(token),
            Change::TokenRevoked(token) => self.tokens.revoke(token),
            Change::FileKept(upload) => self.uploads.keep(upload),
            Change::FaultAdded(fault) => self.faults.add(fault),
            Change::FaultRemoved(fault) => self.faults.remove(fault.id),
            Change::FaultUsed { id, .. } => self.faults.count(*id),
            Change::ClockSet { to, .. } => {
                self.clock = *to;
                true
            }
        }
    }

    /// The records of a collection before that number have been looked at for what comes with time alone; see
    /// [`Collection::unsettled`].
    pub fn settle(&mut self, collection: &Arc<str>, before: Seq) {
        if let Some(collection) = self.collections.get_mut(collection) {
            collection.settle(before);
        }
    }

    fn create(&mut self, name: &Arc<str>, record: &Arc<Record>) -> bool {
        if let Some(collection) = self.collections.get_mut(name) {
            return collection.insert(record);
        }
        let mut collection = Collection::default();
        collection.insert(record) && self.collections.insert(Arc::clone(name), collection).is_none()
    }

    fn in_collection(&mut self, name: &Arc<str>, step: impl FnOnce(&mut Collection) -> bool) -> bool {
        self.collections.get_mut(name).is_some_and(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(seed: u64, name: &str) -> World {
        World::new(WorldName::parse(name).unwrap(), seed, Clock::default())
    }

    #[test]
    fn the_same_history_gives_the_same_tokens_and_another_world_gives_others() {
        let history = |mut world: World| {
            let first = world.new_token("c01d7a9e55b24c7f8a3310de98b1f7c2");
            (first, world.stream().digits(6), world.new_token("c01d7a9e55b24c7f8a3310de98b1f7c2"))
        };
        let reference = history(world(1, "default"));
        assert_eq!(history(world(1, "default")), reference);
        assert_ne!(reference.0, reference.2);
        for other in [history(world(2, "default")), history(world(1, "other"))] {
            assert!(other.0 != reference.0 && other.2 != reference.2);
        }
    }

    #[test]
    fn a_token_is_never_given_twice_even_when_its_form_is_used_up() {
        let mut world = world(1, "default");
        let text = world.clone().new_token("00000000");
        let issue = |world: &mut World, token| {
            let number = world.tokens().next_number();
            let token = Token { token, collection: "a".into(), account: 1, issued_at: 0, expires_at: 1, number };
            assert!(world.apply(&Change::TokenIssued(Arc::new(token))));
        };
        issue(&mut world, Arc::clone(&text));
        let next = world.new_token("00000000");
        assert!(next != text && next.len() == 8);
    }

    #[test]
    fn a_change_that_does_not_fit_is_counted_and_does_nothing() {
        let mut world = world(1, "default");
        let change = Change::FieldSet {
            collection: "accounts".into(),
            seq: 1,
            field: "status".into(),
            from: None,
            to: Some(crate::json::Json::Null),
        };
        assert!(!world.apply(&change));
        assert_eq!((world.sequence(), world.collections().len()), (1, 0));
    }

    #[test]
    fn time_is_set_by_a_change() {
        let mut world = world(1, "default");
        let (from, mut to) = (*world.clock(), *world.clock());
        to.advance(1_000, 660_000);
        world.apply(&Change::ClockSet { from, to });
        assert_eq!(world.now(1_000), 661_000);
    }
}
