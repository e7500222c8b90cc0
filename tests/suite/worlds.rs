//! Worlds under many hands (T20), and the moment at which things expire (T22).

use crate::many::{Dice, on_all_processors, seed};
use crate::talk::{Answer, Ask, Talk, driver_app, generation};
use docsim::engine::office;
use docsim::generation::Generation;
use docsim::world::{Clock, Millis, WorldName, Worlds, WorldsConfig};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const THREADS: usize = 16;

/// Does anything to any world, from many threads; each step has to end while a watch waits for it.
fn does_not_stall(goes_on: impl Fn(u64) -> bool + Sync) {
    let generation = generation("api.md", &driver_app());
    let worlds = Worlds::new(WorldsConfig { limit: 70, ..WorldsConfig::default() }, Box::new(|_| {}));
    let steps: Vec<AtomicU64> = (0..THREADS).map(|_| AtomicU64::new(0)).collect();
    let ended = AtomicBool::new(false);
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let (worlds, generation, goes_on, ended) = (&worlds, &generation, &goes_on, &ended);
        for (thread, step) in steps.iter().enumerate() {
            let tell = tell.clone();
            scope.spawn(move || {
                let mut dice = Dice(seed().wrapping_mul(100).wrapping_add(thread as u64));
                while goes_on(step.load(Ordering::Relaxed)) && !ended.load(Ordering::Relaxed) {
                    anything(generation, worlds, &mut dice);
                    step.fetch_add(1, Ordering::Relaxed);
                }
                let _ = tell.send(());
            });
        }
        drop(tell);
        let mut seen = vec![0; THREADS];
        let mut at_work = THREADS;
        while at_work > 0 {
            match told.recv_timeout(Duration::from_secs(5)) {
                Ok(()) => at_work -= 1,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let now: Vec<u64> = steps.iter().map(|step| step.load(Ordering::Relaxed)).collect();
                    // A stalled thread would never be joined, so the process has to go.
                    let all_moved = now.iter().zip(&seen).filter(|(now, seen)| now > seen).count() >= at_work;
                    if !all_moved {
                        #[allow(clippy::print_stderr, reason = "the process ends here")]
                        let () = eprintln!("a thread stands still: {seen:?} to {now:?}");
                        std::process::abort();
                    }
                    seen = now;
                }
            }
        }
    });
}

fn anything(generation: &Generation, worlds: &Worlds, dice: &mut Dice) {
    let name = |dice: &mut Dice| WorldName::parse(&format!("w{}", dice.below(64))).expect("a name");
    let (one, other) = (name(dice), name(dice));
    match dice.below(12) {
        0 => drop(worlds.create(&one, Some(1), None)),
        1 => drop(worlds.create(&one, None, Some(&other))),
        2 => drop(worlds.remove(&one)),
        3 => drop(worlds.reset(&one)),
        4 => drop(worlds.snapshot(&one)),
        5 => drop(worlds.names()),
        6 => worlds.each(|world| assert!(world.sequence() < u64::MAX)),
        7 => drop(worlds.snapshot(&one).map(|world| worlds.replace(world))),
        8 => drop(worlds.look(&one)),
        _ => drop(worlds.with(&one, |world| {
            let now = world.now(0);
            office::issue_passcode(&generation.model, world, "13800000001", now)
        })),
    }
}

/// A path that no document has is asked for by anybody, and costs nothing.
#[test]
fn what_is_not_found_makes_no_world() {
    let server = crate::server::start();
    for path in ["/@a?x", "/@b/nothing", "/@c/nothing.png", "/@d/__docsim/nothing", "/@e/__docsim/accounts/1"] {
        assert_eq!(server.ask("GET", path, &[], "").status, 404, "{path}");
    }
    assert_eq!(server.form("/@f/nothing", "a=b").status, 404);
    assert_eq!(server.get("worlds").json()["total"], 0);
}

#[test]
fn no_thread_waits_for_ever() {
    does_not_stall(|steps| steps < 2_000);
}

#[test]
#[ignore = "long: two minutes"]
fn no_thread_waits_for_ever_in_two_minutes() {
    let end = Instant::now() + Duration::from_mins(2);
    does_not_stall(|_| Instant::now() < end);
}

/// What lives for a time, and what it says before and after.
fn expires_exactly(cases: u64) {
    let generation = Arc::new(generation("api.md", &driver_app()));
    let lifetimes = [generation.model.passcodes.lifetime_ms, generation.model.tokens.lifetime_ms];
    assert!(lifetimes.iter().all(|lifetime| *lifetime > 1_000));
    let seeds: Vec<u64> = (0..cases).map(|at| seed().wrapping_add(at)).collect();
    on_all_processors(&seeds, |seed| {
        let mut dice = Dice(*seed);
        let mut talk = Talk::of_seed(&generation, *seed);
        let phone = "13800000001";
        let of_token = dice.below(2) == 1;
        let lifetime = lifetimes[usize::from(of_token)];
        let mut passcode = talk.sms(phone);
        let mut token = String::new();
        if of_token {
            let values = [("phone", phone), ("code", &passcode), ("password", "abc12345"), ("RegistrationID", "r")];
            let Answer::Reply { body, .. } = talk.ask(&Ask::new("POST", "/Api/User/register", &values)) else {
                panic!("register is documented")
            };
            let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            body["data"]["token"].as_str().expect("a token").clone_into(&mut token);
            passcode.clear();
        }
        // In some leaps, to just before the end, the end, or just after it.
        let beyond = [-1, 0, 1][dice.below(3)];
        let mut left = lifetime + beyond;
        while left > 0 {
            let most = usize::try_from(left).expect("small");
            let leap = if dice.below(3) == 0 { left } else { Millis::try_from(dice.below(most) + 1).expect("small") };
            talk.advance(leap);
            left -= leap;
        }
        let request = if of_token {
            Ask::new("GET", "/Api/User/get_user_details", &[("token", &token)])
        } else {
            let values = [("phone", phone), ("code", &passcode), ("password", "abc12345"), ("RegistrationID", "r")];
            Ask::new("POST", "/Api/User/register", &values)
        };
        let Answer::Reply { refused, .. } = talk.ask(&request) else { panic!("it is documented") };
        assert_eq!(
            refused.is_none(),
            beyond < 0,
            "DOCSIM_TEST_SEED={seed}: {beyond} ms beyond {lifetime}: {refused:?}"
        );
    });
}

/// Whatever the system's clock does and a tester does to the world's, no answer is earlier than the one before, unless it
/// was set back.
fn never_runs_back(cases: u64) {
    let seeds: Vec<u64> = (0..cases).map(|at| seed().wrapping_add(at)).collect();
    on_all_processors(&seeds, |seed| {
        let mut dice = Dice(*seed);
        let mut clock = Clock::starting_at(0, 1_700_000_000_000);
        let (mut real, mut before): (Millis, Millis) = (0, 0);
        for _ in 0..60 {
            let some = |dice: &mut Dice, bound: usize| Millis::try_from(dice.below(bound)).expect("small");
            // Mostly on, at times back: a little (requests overtake each other) or much (the system's clock was set).
            real += match dice.below(8) {
                0 => -some(&mut dice, 5),
                1 => -some(&mut dice, 100_000_000),
                2 => some(&mut dice, 100_000_000),
                _ => some(&mut dice, 1_000),
            };
            let now = clock.now(real);
            assert!(now >= before, "DOCSIM_TEST_SEED={seed}: {now} after {before}");
            before = now;
            match dice.below(10) {
                0 => {
                    let by = some(&mut dice, 100_000);
                    clock.advance(real, by);
                    assert_eq!(clock.now(real), before + by, "DOCSIM_TEST_SEED={seed}");
                    before += by;
                }
                1 => clock.freeze(real, dice.below(2) == 0),
                2 => {
                    before = some(&mut dice, 1_000_000_000) + 1_600_000_000_000;
                    clock.set(real, before);
                }
                _ => {}
            }
        }
    });
}

#[test]
fn what_expires_does_so_to_the_millisecond() {
    expires_exactly(300);
    never_runs_back(2_000);
}

#[test]
#[ignore = "long: two minutes"]
fn a_hundred_thousand_expire_to_the_millisecond() {
    expires_exactly(100_000);
    never_runs_back(100_000);
}
