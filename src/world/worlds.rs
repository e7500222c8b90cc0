//! All worlds of a server, by name. A step on a world is a closure; no guard and no lock gets out of here.
//!
//! Order of locks: the map's guard is gone before a world's lock is taken, so worlds never wait for each other, and whatever
//! takes long (preparing a world, dropping one) happens outside the map.

use super::room::Held;
use super::{Clock, Room, World, WorldName};
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a world holds from the start (accounts, the examples' records). It must not ask for any world: it
/// may run under the lock of the one that it prepares.
pub type Prepare = Box<dyn Fn(&mut World) + Send + Sync>;

pub struct WorldsConfig {
    /// For worlds that are made without a seed of their own.
    pub seed: u64,
    /// What a new world's clock says.
    pub clock: Clock,
    /// How many worlds there may be, `default` included.
    pub limit: usize,
    /// Only `default` and worlds that were created exist; else a world is made when it is first asked for.
    pub strict: bool,
    pub room: Room,
}

pub struct Worlds {
    slots: DashMap<WorldName, Arc<Slot>>,
    /// How many slots there are. The map could count too, but not without locking all its shards.
    count: AtomicUsize,
    held: Arc<Held>,
    config: WorldsConfig,
    prepare: Prepare,
}

/// One mutex a world is enough: a step takes microseconds, and with a single order of steps there is nothing to argue about.
/// Sharding inside a world would pay only if one world's steps, not HTTP, filled a core.
struct Slot {
    /// The seed that the world starts anew with, whatever was restored into it since.
    seed: u64,
    inside: Mutex<Inside>,
    held: Arc<Held>,
}

#[derive(Default)]
struct Inside {
    /// None until the first step on it.
    world: Option<World>,
    /// The size that it began with: of the examples, or shared with the world that it is a fork of.
    base: usize,
    /// Its part of what all worlds hold: what has come since.
    grown: usize,
}

/// Why there is no such world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldLimit {
    TooMany { limit: usize },
    Unknown { name: WorldName },
    Exists { name: WorldName },
}

impl Default for WorldsConfig {
    fn default() -> Self {
        Self { seed: 0, clock: Clock::default(), limit: 10_000, strict: false, room: Room::default() }
    }
}

impl Worlds {
    pub fn new(config: WorldsConfig, prepare: Prepare) -> Self {
        Self { slots: DashMap::new(), count: AtomicUsize::new(0), held: Arc::default(), config, prepare }
    }

    /// One step on a world, alone with it. The world is made if need be.
    pub fn with<R>(&self, name: &WorldName, step: impl FnOnce(&mut World) -> R) -> Result<R, WorldLimit> {
        let slot = self.find_or_make(name)?; // clones the Arc, leaves the map
        let mut inside = slot.lock();
        let world = inside.make(|| self.fresh(name, slot.seed));
        world.set_left(self.config.room.worlds_size.saturating_sub(self.held.bytes()));
        let done = step(world);
        inside.weigh(&self.held);
        Ok(done)
    }

    /// The world as it is now; costs the same whatever it holds.
    pub fn snapshot(&self, name: &WorldName) -> Result<World, WorldLimit> {
        self.with(name, |world| world.clone())
    }

    /// The world as it is now, for one who only looks: a world that does not exist yet is shown as it would be made, and
    /// is not made.
    pub fn look(&self, name: &WorldName) -> Result<World, WorldLimit> {
        let slot = self.slots.get(name).map(|slot| Arc::clone(&slot));
        let Some(slot) = slot else {
            if self.config.strict && *name != WorldName::default() {
                return Err(WorldLimit::Unknown { name: name.clone() });
            }
            return Ok(self.fresh(name, self.config.seed));
        };
        let world = slot.lock().world.clone();
        Ok(world.unwrap_or_else(|| self.fresh(name, slot.seed)))
    }

    /// Shows every world that a step has been made on, one after the other. `look` may not ask for a world.
    pub fn each(&self, mut look: impl FnMut(&World)) {
        let slots: Vec<Arc<Slot>> = self.slots.iter().map(|slot| Arc::clone(&slot)).collect();
        for slot in slots {
            slot.lock().world.iter().for_each(&mut look);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sorted.
    pub fn names(&self) -> Vec<WorldName> {
        let mut names: Vec<WorldName> = self.slots.iter().map(|slot| slot.key().clone()).collect();
        names.sort();
        names
    }

    /// Makes a world, empty or as a fork of another. That other must exist, the new one must not.
    pub fn create(&self, name: &WorldName, seed: Option<u64>, from: Option<&WorldName>) -> Result<(), WorldLimit> {
        let fork = from.map(|from| self.fork_of(from, name, seed)).transpose()?;
        let seed = seed.or(fork.as_ref().map(World::seed)).unwrap_or(self.config.seed);
        let mut inside = Inside::default();
        if let Some(fork) = fork {
            inside.make(|| fork);
        }
        let slot = Arc::new(Slot { seed, inside: Mutex::new(inside), held: Arc::clone(&self.held) });
        match self.slots.entry(name.clone()) {
            Entry::Occupied(_) => Err(WorldLimit::Exists { name: name.clone() }),
            Entry::Vacant(place) => {
                self.reserve()?;
                place.insert(slot);
                Ok(())
            }
        }
    }

    pub fn fork(&self, from: &WorldName, name: &WorldName) -> Result<(), WorldLimit> {
        self.create(name, None, Some(from))
    }

    /// False if there was none. A step that is under way ends on the world that is gone, as if it had come before.
    pub fn remove(&self, name: &WorldName) -> bool {
        // Counted under the map's lock, so that the place is free as soon as the name is; dropped after it.
        let removed = self.slots.remove_if(name, |_, _| self.count.fetch_sub(1, Ordering::Relaxed) > 0);
        removed.is_some()
    }

    /// Starts a world anew, with the seed, the clock and the contents that it began with.
    pub fn reset(&self, name: &WorldName) -> Result<(), WorldLimit> {
        let slot = self.find_or_make(name)?;
        let mut anew = Inside::default();
        anew.make(|| self.fresh(name, slot.seed));
        slot.replace(anew);
        Ok(())
    }

    /// Puts a world, restored from a snapshot, in the place of the one that has its name.
    pub fn replace(&self, world: World) -> Result<(), WorldLimit> {
        let slot = self.find_or_make(world.name())?;
        let world = Some(world.with_room(self.config.room));
        slot.replace(Inside { world, ..Inside::default() });
        Ok(())
    }

    fn fork_of(&self, from: &WorldName, name: &WorldName, seed: Option<u64>) -> Result<World, WorldLimit> {
        if !self.slots.contains_key(from) && *from != WorldName::default() {
            return Err(WorldLimit::Unknown { name: from.clone() });
        }
        Ok(self.snapshot(from)?.fork(name.clone(), seed))
    }

    fn find_or_make(&self, name: &WorldName) -> Result<Arc<Slot>, WorldLimit> {
        loop {
            if let Some(slot) = self.slots.get(name) {
                return Ok(Arc::clone(&slot));
            }
            if self.config.strict && *name != WorldName::default() {
                return Err(WorldLimit::Unknown { name: name.clone() });
            }
            match self.create(name, None, None) {
                Ok(()) | Err(WorldLimit::Exists { .. }) => {} // made here or by another: look again
                Err(limit) => return Err(limit),
            }
        }
    }

    fn reserve(&self) -> Result<(), WorldLimit> {
        let limit = self.config.limit;
        let more = |count| (count < limit).then_some(count + 1);
        match self.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(()),
            Err(_) => Err(WorldLimit::TooMany { limit }),
        }
    }

    fn fresh(&self, name: &WorldName, seed: u64) -> World {
        let mut world = World::new(name.clone(), seed, self.config.clock).with_room(self.config.room);
        (self.prepare)(&mut world);
        world
    }
}

impl Slot {
    /// A step that panicked is a fault of docsim's, and must not become one of this world for ever. The world is sound: each
    /// change is applied as a whole or not at all, and only the rest of that step's changes is missing.
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, mut inside: Inside) {
        let mut there = self.lock();
        inside.grown = there.grown;
        inside.weigh(&self.held);
        let old = std::mem::replace(&mut *there, inside);
        drop(there);
        drop(old); // after the lock
    }
}

/// Not when its name is taken from the map: a step may still be under way.
impl Drop for Slot {
    fn drop(&mut self) {
        self.held.change(self.lock().grown, 0);
    }
}

impl Inside {
    fn make(&mut self, make: impl FnOnce() -> World) -> &mut World {
        let Self { world, base, .. } = self;
        world.get_or_insert_with(|| {
            let world = make();
            *base = world.size();
            world
        })
    }

    /// Counts what has come or gone since the last time.
    fn weigh(&mut self, held: &Held) {
        let grown = self.world.as_ref().map_or(0, World::size).saturating_sub(self.base);
        held.change(self.grown, grown);
        self.grown = grown;
    }
}

impl fmt::Display for WorldLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { limit } => write!(f, "there are {limit} worlds already, and no more are allowed"),
            Self::Unknown { name } => write!(f, "there is no world `{name}`"),
            Self::Exists { name } => write!(f, "there is a world `{name}` already"),
        }
    }
}

impl std::error::Error for WorldLimit {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Change, Collection, Fields, Key, Mark, Passcode, PasscodeCheck, Record};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn name(text: &str) -> WorldName {
        WorldName::parse(text).unwrap()
    }

    /// Each world has one account from the start.
    fn worlds(config: WorldsConfig) -> Worlds {
        Worlds::new(
            config,
            Box::new(|world| {
                assert!(add_account(world, "first"));
            }),
        )
    }

    fn add_account(world: &mut World, identity: &str) -> bool {
        let seq = world.next_seq("accounts");
        let record = Arc::new(Record {
            seq,
            id: seq.to_string().into(),
            owner: None,
            created_at: 0,
            fields: Fields::default(),
            password: None,
            mark: Mark::Active,
            before_freeze: None,
            keys: vec![Key::new("identity", identity)],
        });
        world.apply(&Change::RecordCreated { collection: "accounts".into(), record })
    }

    fn accounts(worlds: &Worlds, world: &WorldName) -> usize {
        worlds.with(world, |world| world.collection("accounts").map_or(0, Collection::len)).unwrap()
    }

    #[test]
    fn a_look_makes_no_world() {
        let open = worlds(WorldsConfig::default());
        let seen = open.look(&name("a")).unwrap();
        assert_eq!(seen.collection("accounts").map(Collection::len), Some(1), "prepared as it would be");
        assert!(open.names().is_empty());
        open.with(&name("a"), |world| add_account(world, "second")).unwrap();
        assert_eq!(open.look(&name("a")).unwrap().collection("accounts").map(Collection::len), Some(2));
        let strict = worlds(WorldsConfig { strict: true, ..WorldsConfig::default() });
        assert!(strict.look(&name("a")).is_err() && strict.look(&WorldName::default()).is_ok());
    }

    #[test]
    fn a_world_is_made_prepared_and_started_anew() {
        let worlds = worlds(WorldsConfig { seed: 3, ..WorldsConfig::default() });
        let a = name("a");
        assert_eq!((accounts(&worlds, &a), worlds.names()), (1, vec![a.clone()]));
        assert!(worlds.with(&a, |world| add_account(world, "second")).unwrap());
        let token = worlds.with(&a, |world| world.new_token("0000000000000000")).unwrap();
        assert_eq!((accounts(&worlds, &a), accounts(&worlds, &name("b"))), (2, 1));
        worlds.replace(World::new(a.clone(), 99, Clock::starting_at(0, 5))).unwrap();
        assert_eq!(worlds.with(&a, |world| (world.seed(), world.collections().len())), Ok((99, 0)));
        worlds.reset(&a).unwrap();
        assert_eq!(accounts(&worlds, &a), 1);
        worlds
            .with(&a, |world| {
                assert_eq!((world.seed(), *world.clock()), (3, Clock::default()), "not what was restored in between");
                assert_eq!(world.new_token("0000000000000000"), token, "the same history again");
            })
            .unwrap();
    }

    #[test]
    fn a_fork_goes_its_own_way() {
        let worlds = worlds(WorldsConfig::default());
        let (a, b) = (name("a"), name("b"));
        assert_eq!(worlds.fork(&a, &b), Err(WorldLimit::Unknown { name: a.clone() }));
        assert!(worlds.with(&a, |world| add_account(world, "second")).unwrap());
        worlds.fork(&a, &b).unwrap();
        assert!(worlds.with(&b, |world| add_account(world, "third")).unwrap());
        assert_eq!((accounts(&worlds, &a), accounts(&worlds, &b)), (2, 3));
        let tokens = [&a, &b].map(|each| worlds.with(each, |world| world.new_token("0000000000000000")).unwrap());
        assert_ne!(tokens[0], tokens[1]);
        assert_eq!(worlds.fork(&a, &b), Err(WorldLimit::Exists { name: b.clone() }));
        worlds.create(&name("c"), Some(8), Some(&a)).unwrap();
        assert_eq!(worlds.with(&name("c"), |world| (world.seed(), world.name().clone())), Ok((8, name("c"))));
    }

    #[test]
    fn what_worlds_hold_together_is_counted_and_given_back() {
        let room = Room { worlds_size: 1_000_000, ..Room::default() };
        let worlds = worlds(WorldsConfig { room, ..WorldsConfig::default() });
        let (a, b) = (name("a"), name("b"));
        let left = |world: &WorldName| worlds.with(world, |world| world.ceiling() - world.size()).unwrap();
        assert_eq!(left(&a), 1_000_000, "the examples are nobody's");
        worlds.with(&a, |world| add_account(world, "second")).unwrap();
        let grown = 1_000_000 - left(&b);
        assert!((100..1_000).contains(&grown), "{grown}");
        worlds.fork(&a, &name("c")).unwrap();
        assert_eq!(left(&name("c")), 1_000_000 - grown, "a fork shares what it began with");
        worlds.with(&name("c"), |world| add_account(world, "fourth")).unwrap();
        assert_eq!(left(&b), 1_000_000 - 2 * grown);
        assert!(worlds.remove(&name("c")));
        assert_eq!(left(&b), 1_000_000 - grown);
        let restored = worlds.snapshot(&a).unwrap().fork(b.clone(), None);
        worlds.replace(restored).unwrap();
        assert!(left(&a) < 1_000_000 - 2 * grown, "what is restored counts as a whole");
        worlds.reset(&a).unwrap();
        worlds.reset(&b).unwrap();
        assert_eq!(left(&b), 1_000_000);
    }

    #[test]
    fn there_are_no_more_than_the_limit() {
        let worlds = worlds(WorldsConfig { limit: 2, ..WorldsConfig::default() });
        let (a, b, c) = (name("a"), name("b"), name("c"));
        worlds.create(&a, None, None).unwrap();
        assert_eq!(worlds.create(&a, None, None), Err(WorldLimit::Exists { name: a.clone() }));
        worlds.with(&b, |_| ()).unwrap();
        let full = WorldLimit::TooMany { limit: 2 };
        assert_eq!(worlds.with(&c, |_| ()), Err(full.clone()));
        assert_eq!(worlds.fork(&a, &c), Err(full));
        assert!(worlds.remove(&a));
        assert!(!worlds.remove(&a));
        worlds.with(&c, |_| ()).unwrap();
        assert_eq!(worlds.names(), [b, c]);
    }

    #[test]
    fn strict_worlds_must_be_created() {
        let worlds = worlds(WorldsConfig { strict: true, ..WorldsConfig::default() });
        let a = name("a");
        assert_eq!(worlds.with(&a, |_| ()), Err(WorldLimit::Unknown { name: a.clone() }));
        assert_eq!(worlds.reset(&a), Err(WorldLimit::Unknown { name: a.clone() }));
        worlds.create(&a, Some(4), None).unwrap();
        assert_eq!(worlds.with(&a, |world| world.seed()), Ok(4));
        assert_eq!(accounts(&worlds, &WorldName::default()), 1);
    }

    #[test]
    fn a_panic_in_a_step_does_not_close_the_world() {
        let worlds = worlds(WorldsConfig::default());
        let a = name("a");
        let fault = catch_unwind(AssertUnwindSafe(|| {
            worlds.with(&a, |world| {
                add_account(world, "second");
                panic!("a fault of docsim");
            })
        }));
        assert!(fault.is_err());
        assert_eq!(accounts(&worlds, &a), 2);
    }

    #[test]
    fn a_thousand_spend_one_passcode_and_register_one_identity() {
        let worlds = worlds(WorldsConfig::default());
        let a = name("a");
        let passcode = Passcode {
            id: 1,
            phone: "138".into(),
            code: "1".into(),
            purpose: None,
            issued_at: 0,
            expires_at: 100,
            spent_at: None,
            wrong: 0,
            replaced: false,
        };
        worlds.with(&a, |world| world.apply(&Change::PasscodeIssued(Arc::new(passcode)))).unwrap();
        let (spent, registered) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let step = |world: &mut World| match world.check_passcode("138", None, "1", 50) {
                            PasscodeCheck::Good(id) => world.apply(&Change::PasscodeSpent { id, at: 50 }),
                            _ => false,
                        };
                        spent.fetch_add(usize::from(worlds.with(&a, step).unwrap()), Ordering::Relaxed);
                        let new = worlds.with(&a, |world| add_account(world, "138")).unwrap();
                        registered.fetch_add(usize::from(new), Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!((spent.into_inner(), registered.into_inner()), (1, 1));
    }

    #[test]
    fn worlds_are_counted_right_when_many_make_and_remove_them() {
        let worlds = worlds(WorldsConfig { limit: 3, ..WorldsConfig::default() });
        std::thread::scope(|scope| {
            for at in 0..8 {
                let worlds = &worlds;
                scope.spawn(move || {
                    let mine = name(&format!("w{}", at % 3));
                    for _ in 0..200 {
                        assert!(worlds.with(&mine, |_| ()).is_ok(), "three names never are too many");
                        worlds.remove(&mine);
                    }
                });
            }
        });
        assert_eq!((worlds.names().len(), worlds.count.load(Ordering::Relaxed)), (0, 0));
    }
}
