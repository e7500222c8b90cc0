//! What holds for any damage, any repetition and any number of clients at once, on the driver app's document.

use crate::conversation::{Conversation, Step};
use crate::engine::transcripts;
use crate::many::{Dice, on_all_processors, seed};
use crate::talk::{self, Answer, Ask, driver_app, generation, read};
use docsim::engine::office;
use docsim::generation::Generation;
use docsim::load::decode::decode;
use docsim::spec::Endpoint;
use docsim::world::{Clock, World, WorldName, Worlds, WorldsConfig};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, Barrier, Condvar, Mutex};

/// A heading with its block, up to the next heading, and what is read from it.
struct Part {
    bytes: Range<usize>,
    heading_end: usize,
    title: String,
    /// With the remarks around the block, and without.
    spec: [String; 2],
}

struct Whole {
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

impl Whole {
    fn new() -> Self {
        let text = driver_app();
        let generation = generation("api.md", &text);
        let starts: Vec<usize> = text.match_indices("## ").map(|(at, _)| at).chain([text.len()]).collect();
        let parts = starts.windows(2).zip(&generation.set.endpoints);
        let part = |(ends, endpoint): (&[usize], &Endpoint)| Part {
            bytes: ends[0]..ends[1],
            heading_end: text[ends[0]..].find('\n').map_or(ends[1], |at| ends[0] + at + 1),
            title: endpoint.title.clone(),
            spec: [spec(endpoint, true), spec(endpoint, false)],
        };
        let parts: Vec<Part> = parts.map(part).collect();
        assert_eq!(parts.len(), 9);
        Self { bytes: text.into_bytes(), parts }
    }

    /// Puts other bytes in the place of some, and reads the result: it must be read, all that points into it must lie
    /// inside, and every part that was not touched must say what it said.
    fn survives(&self, damage: Range<usize>, other: &[u8]) {
        let mut bytes = self.bytes.clone();
        bytes.splice(damage.clone(), other.iter().copied());
        let Ok(decoded) = decode(&bytes) else { panic!("{damage:?} {other:?} is no text any more") };
        let generation = generation("api.md", &decoded.text);
        sound(&generation, &decoded.text);
        for (at, part) in self.parts.iter().enumerate() {
            // The line break before a heading is a part of it.
            let untouched = damage.end < part.bytes.start || damage.start >= part.bytes.end;
            // What was the next heading may now be a remark under this block, and so is all that is left of the next block
            // where the document is cut off in it.
            let next = self.parts.get(at + 1).map_or(0..0, |next| next.bytes.start..next.heading_end);
            let cut = damage.end == self.bytes.len();
            let remarks = cut || (damage.start < next.end && damage.end > next.start);
            let says = |endpoint: &Endpoint| spec(endpoint, !remarks) == part.spec[usize::from(remarks)];
            let whole = !untouched || generation.set.endpoints.iter().any(says);
            let now = || generation.set.endpoints.iter().find(|endpoint| endpoint.title == part.title);
            assert!(whole, "{}\nreads {:?}\nnot   {:?}", part.title, now().map(|now| spec(now, true)), part.spec[0]);
        }
    }
}

/// What an endpoint says, places counted from its title; what only the whole set decides is left out.
fn spec(endpoint: &Endpoint, remarks: bool) -> String {
    let mut endpoint = endpoint.clone();
    if !remarks {
        endpoint.notes.clear();
    }
    endpoint.id.clear();
    endpoint.envelope = 0;
    endpoint.params.iter_mut().for_each(|param| param.discriminates = false);
    let base = endpoint.title_place.unwrap_or(endpoint.place).span.start;
    let shown = format!("{endpoint:?}");
    let mut pieces = shown.split("Span { ");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (start, end, rest) = ends(piece);
        let _ = write!(text, "{}..{}", i64::from(start) - i64::from(base), i64::from(end) - i64::from(base));
        text += rest;
    }
    text
}

/// `start: 12, end: 34 }`, and what follows.
fn ends(piece: &str) -> (u32, u32, &str) {
    let (span, rest) = piece.split_once(" }").expect("a span ends");
    let (start, end) = span.split_once(", ").expect("a span has two ends");
    let number = |text: &str| text.split(": ").nth(1).and_then(|digits| digits.parse().ok()).expect("a number");
    (number(start), number(end), rest)
}

/// Every place that anything names lies inside the text, on the edges of characters.
fn sound(generation: &Generation, text: &str) {
    let set = &generation.set;
    let all: [&dyn Debug; 4] = [&set.endpoints, &set.tables, &set.diagnostics, &generation.model];
    for shown in all.map(|value| format!("{value:?}")) {
        for piece in shown.split("Span { ").skip(1) {
            let (start, end, _) = ends(piece);
            assert!(text.get(start as usize..end as usize).is_some(), "{start}..{end} in {text}");
        }
    }
}

/// Names the damage if reading it panics: the panic alone does not say what was read.
struct Naming<'d>(&'d Range<usize>, &'d [u8]);

impl Drop for Naming<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[allow(clippy::print_stderr, reason = "a failed case has to be named, and panics are already under way")]
            let () = eprintln!("bytes {:?} of the document were replaced by {:?}", self.0, self.1);
        }
    }
}

/// Damages of single bytes: cut off there, left out, doubled, changed. Every `step`th byte, another one for each kind.
fn damages(bytes: &[u8], step: usize) -> Vec<(Range<usize>, Vec<u8>)> {
    let length = bytes.len();
    let every = |kind: usize| (kind % step..length).step_by(step);
    let mut all: Vec<(Range<usize>, Vec<u8>)> = every(0).map(|at| (at..length, Vec::new())).collect();
    all.extend(every(1).map(|at| (at..at + 1, Vec::new())));
    all.extend(every(2).map(|at| (at..at + 1, vec![bytes[at], bytes[at]])));
    // The last bit, the letter's case, the mark of more bytes to come, and all of them.
    for (kind, mask) in [0x01, 0x20, 0x80, 0xff].into_iter().enumerate() {
        all.extend(every(kind + 3).map(|at| (at..at + 1, vec![bytes[at] ^ mask])));
    }
    all
}

fn survives_damage(step: usize) {
    let whole = Whole::new();
    let damages = damages(&whole.bytes, step);
    assert!(damages.len() >= 7 * (whole.bytes.len() / step), "{}", damages.len());
    on_all_processors(&damages, |(damage, other)| {
        let _naming = Naming(damage, other);
        whole.survives(damage.clone(), other);
    });
}

#[test]
fn a_damaged_byte_costs_its_own_block_at_most() {
    survives_damage(29);
}

#[test]
#[ignore = "long: ten minutes"]
fn any_damaged_byte_costs_its_own_block_at_most() {
    survives_damage(1);
}

fn survives_shuffling(seeds: Range<u64>) {
    let text = driver_app();
    let seeds: Vec<u64> = seeds.collect();
    on_all_processors(&seeds, |seed| {
        let mut lines: Vec<&str> = text.lines().collect();
        Dice(*seed).shuffle(&mut lines);
        let shuffled = lines.join("\n");
        sound(&generation("api.md", &shuffled), &shuffled);
    });
}

#[test]
fn shuffled_lines_are_read() {
    survives_shuffling(0..600);
}

#[test]
#[ignore = "long: three minutes"]
fn lines_shuffled_in_any_way_are_read() {
    survives_shuffling(600..10_600);
}

/// Every answer of every conversation, with all passcodes, on documents read anew.
fn answers(seed: u64) -> Vec<String> {
    let generation = Arc::new(generation("api.md", &driver_app()));
    let mut all = Vec::new();
    for path in transcripts() {
        let mut conversation = Conversation::of_seed(&generation, seed);
        assert_eq!(conversation.lines(&read(path)), [""; 0]);
        all.extend(conversation.steps.into_iter().filter_map(|(_, step)| match step {
            Step::Sms { passcode, .. } => Some(passcode),
            Step::Ask { answer: Answer::Reply { body, .. }, .. } => Some(body),
            _ => None,
        }));
    }
    all
}

#[test]
fn the_same_requests_get_the_same_replies_byte_for_byte() {
    let first = answers(1);
    assert!(first.len() > 250, "{}", first.len());
    assert_eq!(first, answers(1));
    let other = answers(2);
    let differ = first.iter().zip(&other).filter(|(first, other)| first != other).count();
    assert!(differ > 50, "tokens and passcodes of another seed are others, not {differ}");
}

/// What a run of requests is answered, from so many threads that take turns; of all of it, a hash.
fn replayed(generation: &Generation, requests: usize, threads: usize) -> u64 {
    let worlds =
        Worlds::new(WorldsConfig { seed: 7, clock: talk::clock(), ..WorldsConfig::default() }, Box::new(|_| {}));
    // Whose turn it is, the state of the dice, what was given last, and the hash of what was answered.
    let turn = Mutex::new((0, Dice(seed()), String::new(), String::new(), DefaultHasher::new()));
    let (moved, name) = (Condvar::new(), WorldName::default());
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (turn, moved, worlds, name) = (&turn, &moved, &worlds, &name);
            scope.spawn(move || {
                loop {
                    let mut at = turn.lock().expect("nobody panicked");
                    while at.0 < requests && at.0 % threads != thread {
                        at = moved.wait(at).expect("nobody panicked");
                    }
                    if at.0 >= requests {
                        moved.notify_all();
                        return;
                    }
                    let (_, dice, passcode, token, hash) = &mut *at;
                    let phone = format!("138000000{:02}", dice.below(40));
                    let request = match dice.below(6) {
                        0 => {
                            *passcode = sms(generation, worlds, &phone);
                            let values = [
                                ("phone", &*phone),
                                ("code", passcode),
                                ("password", "abc12345"),
                                ("RegistrationID", "r"),
                            ];
                            Ask::new("POST", "/Api/User/register", &values)
                        }
                        1 => Ask::new("POST", "/Api/User/login", &[("phone", &phone), ("password", "abc12345")]),
                        2 => Ask::new("POST", "/Api/User/login", &[("phone", &phone), ("password", "xyz98765")]),
                        3 => Ask::new("GET", "/Api/User/exit_login", &[("token", token)]),
                        _ => Ask::new("GET", "/Api/User/get_user_details", &[("token", token)]),
                    };
                    let ask = |world: &mut World| talk::ask(generation, world, &request);
                    let Answer::Reply { body, .. } = worlds.with(name, ask).expect("a world") else {
                        panic!("no reply")
                    };
                    (&passcode, &body).hash(hash);
                    if let Some((_, rest)) = body.split_once("\"token\":\"") {
                        rest.split('"').next().unwrap_or_default().clone_into(token);
                    }
                    at.0 += 1;
                    moved.notify_all();
                }
            });
        }
    });
    turn.into_inner().expect("nobody panicked").4.finish()
}

fn replays_alike(requests: usize, times: usize) {
    let generation = generation("api.md", &driver_app());
    let first = replayed(&generation, requests, 1);
    for time in 1..times {
        assert_eq!(replayed(&generation, requests, if time % 2 == 0 { 1 } else { 8 }), first, "time {time}");
    }
    assert_ne!(replayed(&generation, requests - 1, 1), first);
}

#[test]
fn the_same_requests_by_one_or_by_eight_get_the_same_replies() {
    replays_alike(400, 4);
}

/// T7.
#[test]
#[ignore = "long: three minutes"]
fn a_hundred_thousand_requests_replay_alike_a_hundred_times() {
    replays_alike(100_000, 100);
}

const PHONE: &str = "13800000001";
/// Asks the same of one world from many threads at once; how many got each code.
fn at_once(generation: &Generation, worlds: &Worlds, request: &Ask, clients: usize) -> BTreeMap<String, usize> {
    let ready = Barrier::new(THREADS);
    let client = || {
        ready.wait();
        let ask = |world: &mut World| talk::ask(generation, world, request);
        let answers = (0..clients / THREADS).map(|_| worlds.with(&WorldName::default(), ask).expect("a world"));
        answers.map(|answer| code(&answer)).collect::<Vec<_>>()
    };
    let mut counted = BTreeMap::new();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..THREADS).map(|_| scope.spawn(client)).collect();
        for code in clients.into_iter().flat_map(|client| client.join().expect("a client")) {
            *counted.entry(code).or_default() += 1;
        }
    });
    counted
}

const THREADS: usize = 20;

fn code(answer: &Answer) -> String {
    match answer {
        Answer::Reply { refused: Some(code), .. } => code.clone(),
        Answer::Reply { .. } => "success".to_owned(),
        other => format!("{other:?}"),
    }
}

fn sms(generation: &Generation, worlds: &Worlds, phone: &str) -> String {
    let issued = worlds.with(&WorldName::default(), |world| {
        let now = world.now(0);
        office::issue_passcode(&generation.model, world, phone, now).0.code.to_string()
    });
    issued.expect("a world")
}

#[test]
fn of_a_thousand_at_once_one_registers_and_one_spends_the_passcode() {
    exactly_once(3, 1_000);
}

/// T5.
#[test]
#[ignore = "long: a minute"]
fn of_ten_thousand_at_once_one_registers_a_thousand_times() {
    exactly_once(1_000, 10_000);
}

fn exactly_once(rounds: u64, clients: usize) {
    let generation = generation("api.md", &driver_app());
    for round in 0..rounds {
        let config = WorldsConfig { seed: round, clock: Clock::starting_at(0, talk::START), ..WorldsConfig::default() };
        let worlds = Worlds::new(config, Box::new(|_| {}));
        let passcode = sms(&generation, &worlds, PHONE);
        let values = [("phone", PHONE), ("code", &passcode), ("password", "abc12345"), ("RegistrationID", "r")];
        let register = Ask::new("POST", "/Api/User/register", &values);
        let one = |failure: &str| BTreeMap::from([("success".to_owned(), 1), (failure.to_owned(), clients - 1)]);
        assert_eq!(at_once(&generation, &worlds, &register, clients), one("1007"));

        let passcode = sms(&generation, &worlds, PHONE);
        let values = [("account", PHONE), ("phone_code", &passcode), ("new_password", "xyz98765")];
        let reset = Ask::new("POST", "/Api/User/retrieve_password", &values);
        assert_eq!(at_once(&generation, &worlds, &reset, clients), one("1013"));
    }
}

/// What grows with the square of a block's length takes minutes here, and not seconds.
#[test]
fn a_block_as_long_as_a_book_is_read() {
    const MANY: usize = 2_000;
    let lines = |many: usize, line: &dyn Fn(usize) -> String| (0..many).map(line).collect::<String>();
    let read = |params: usize, members: usize, errors: usize| {
        let text = format!(
            "## 用户登录\n+++\npost:a\n*phone=手机号 #\n*password=密码 #\n{}<<<\nsuccess\n{{\"code\":1,\"data\":{{\"token\":\"90a7\"{}}}}}\n{}+++\n",
            lines(params, &|at| format!("*p{at}=手机号 #\n")),
            lines(members, &|at| format!(",\"k{at}\":\"1\"")),
            lines(errors, &|at| format!("<<<\nerror\n{{\"code\":{},\"info\":\"手机号错误{at}\"}}\n", at + 2)),
        );
        generation("long.md", &text)
    };
    assert_eq!(read(MANY, 0, 1).model.behaviors[0].inputs.len(), MANY + 2);
    assert_eq!(read(0, MANY, 1).model.accounts.fields.len(), MANY);
    let forced = &read(0, 0, MANY).model.behaviors[0].forced;
    assert!(forced.iter().any(|(name, _)| *name == format!("error#{MANY}")));
}
