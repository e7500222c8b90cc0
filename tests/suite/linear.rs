//! T6: whatever many clients do at once to one account is what they could have done one after the other.
//!
//! Histories are recorded with the order in which calls began and ended, and searched for one order of single steps that
//! explains every reply (Wing and Gong's search, with Lowe's memory of what was tried). Accounts know nothing of each
//! other, so each has a history of its own.

use crate::many::{Dice, on_all_processors, seed};
use crate::server::{Server, start_with};
use crate::talk::{self, Answer, Ask, driver_app, generation, read};
use docsim::engine::office;
use docsim::engine::request::{Headers, Request, Value};
use docsim::generation::Generation;
use docsim::http::{Limits, Options};
use docsim::spec::route::Routed;
use docsim::world::{Clock, WorldName, Worlds, WorldsConfig};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[derive(Clone, Debug)]
enum Call {
    Send,
    Register { code: String, password: usize },
    Login { password: usize },
    Reset { code: String, password: usize },
    Details { token: String },
    Exit { token: String },
}

/// What a call came to; a passcode or a token where one was given.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Came {
    Refused,
    Done,
    Gave(String),
}

#[derive(Clone, Debug)]
struct Event {
    call: Call,
    came: Came,
    began: u64,
    ended: u64,
}

const PASSWORDS: [&str; 3] = ["abc12345", "xyz98765", "qwe13579"];
const NEWEST_TOKENS: usize = 10;

/// One account as the documents have it, too simple to be wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Account {
    password: Option<usize>,
    /// The last that was sent, while it is good.
    code: Option<String>,
    /// Oldest first.
    tokens: Vec<String>,
}

impl Account {
    /// The account after a call that came to this; none where it cannot have.
    fn after(&self, event: &Event) -> Option<Self> {
        let mut next = self.clone();
        let done = event.came != Came::Refused;
        let gave = || if let Came::Gave(text) = &event.came { Some(text.clone()) } else { None };
        let could = match &event.call {
            Call::Send => {
                next.code = gave();
                true
            }
            Call::Register { code, password } => {
                let could = self.password.is_none() && self.code.as_ref() == Some(code);
                if done {
                    (next.code, next.password) = (None, Some(*password));
                    next.give(gave()?);
                }
                could
            }
            Call::Login { password } => {
                if done {
                    next.give(gave()?);
                }
                self.password == Some(*password)
            }
            Call::Reset { code, password } => {
                if done {
                    next = Self { password: Some(*password), ..Self::default() };
                }
                self.password.is_some() && self.code.as_ref() == Some(code)
            }
            Call::Details { token } => self.tokens.contains(token),
            Call::Exit { token } => {
                next.tokens.retain(|known| known != token);
                self.tokens.contains(token)
            }
        };
        if !done {
            return (!could).then(|| self.clone());
        }
        could.then_some(next)
    }

    fn give(&mut self, token: String) {
        self.tokens.push(token);
        if self.tokens.len() > NEWEST_TOKENS {
            self.tokens.remove(0);
        }
    }
}

/// Whether some order explains the history: each call takes effect at a moment between its beginning and its end.
fn is_linearizable(history: &[Event]) -> bool {
    // A list of beginnings and ends in time; entry 2n is the beginning of event n, 2n + 1 its end.
    let mut order: Vec<usize> = (0..history.len() * 2).collect();
    order.sort_by_key(|entry| {
        let event = &history[entry / 2];
        if entry % 2 == 0 { event.began } else { event.ended }
    });
    let head = history.len() * 2;
    let (mut next, mut last) = (vec![head; head + 1], vec![head; head + 1]);
    let mut at = head;
    for entry in order {
        (next[at], last[entry]) = (entry, at);
        at = entry;
    }
    (next[at], last[head]) = (head, at);
    let mut account = Account::default();
    let mut done = vec![0_u64; history.len().div_ceil(64)];
    let mut tried: HashSet<(Vec<u64>, Account)> = HashSet::new();
    let mut chosen: Vec<(usize, Account)> = Vec::new();
    let unlink = |next: &mut Vec<usize>, last: &mut Vec<usize>, entry: usize| {
        let (before, after) = (last[entry], next[entry]);
        (next[before], last[after]) = (after, before);
    };
    let link = |next: &mut Vec<usize>, last: &mut Vec<usize>, entry: usize| {
        let (before, after) = (last[entry], next[entry]);
        (next[before], last[after]) = (entry, entry);
    };
    let mut entry = next[head];
    while next[head] != head {
        let event = entry / 2;
        if entry != head && entry % 2 == 0 {
            if let Some(then) = account.after(&history[event]) {
                done[event / 64] |= 1 << (event % 64);
                if tried.insert((done.clone(), then.clone())) {
                    chosen.push((event, std::mem::replace(&mut account, then)));
                    unlink(&mut next, &mut last, event * 2);
                    unlink(&mut next, &mut last, event * 2 + 1);
                    entry = next[head];
                    continue;
                }
                done[event / 64] &= !(1 << (event % 64));
            }
            entry = next[entry];
        } else {
            // An end was reached whose beginning took no effect: the last choice was wrong.
            let Some((event, before)) = chosen.pop() else { return false };
            account = before;
            done[event / 64] &= !(1 << (event % 64));
            link(&mut next, &mut last, event * 2 + 1);
            link(&mut next, &mut last, event * 2);
            entry = next[event * 2];
        }
    }
    true
}

/// Whoever keeps the account.
trait System: Sync {
    fn call(&self, call: &Call) -> Came;
}

const PHONE: &str = "13800000001";

fn ask(call: &Call) -> Ask {
    match call {
        Call::Send => Ask::default(),
        Call::Register { code, password } => Ask::new(
            "POST",
            "/Api/User/register",
            &[("phone", PHONE), ("code", code), ("password", PASSWORDS[*password]), ("RegistrationID", "r")],
        ),
        Call::Login { password } => {
            Ask::new("POST", "/Api/User/login", &[("phone", PHONE), ("password", PASSWORDS[*password])])
        }
        Call::Reset { code, password } => Ask::new(
            "POST",
            "/Api/User/retrieve_password",
            &[("account", PHONE), ("phone_code", code), ("new_password", PASSWORDS[*password])],
        ),
        Call::Details { token } => Ask::new("GET", "/Api/User/get_user_details", &[("token", token)]),
        Call::Exit { token } => Ask::new("GET", "/Api/User/exit_login", &[("token", token)]),
    }
}

fn came(body: &str) -> Came {
    let body: serde_json::Value = serde_json::from_str(body).expect("a reply is JSON");
    match (&body["code"], body["data"]["token"].as_str()) {
        (code, _) if *code != 1000 => Came::Refused,
        (_, Some(token)) => Came::Gave(token.to_owned()),
        (_, None) => Came::Done,
    }
}

/// In memory, each step alone with its world.
struct InMemory<'g> {
    generation: &'g Generation,
    worlds: Worlds,
}

fn send(generation: &Generation, worlds: &Worlds) -> Came {
    let sent = worlds.with(&WorldName::default(), |world| {
        let now = world.now(0);
        office::issue_passcode(&generation.model, world, PHONE, now).0.code.to_string()
    });
    Came::Gave(sent.expect("a world"))
}

impl System for InMemory<'_> {
    fn call(&self, call: &Call) -> Came {
        if let Call::Send = call {
            return send(self.generation, &self.worlds);
        }
        let asked = ask(call);
        let answer = self.worlds.with(&WorldName::default(), |world| talk::ask(self.generation, world, &asked));
        let Answer::Reply { body, .. } = answer.expect("a world") else { panic!("{call:?} is documented") };
        came(&body)
    }
}

/// The planted fault: what is decided on the world as it was is done to the world as it has become.
struct Racy<'g>(InMemory<'g>);

impl System for Racy<'_> {
    fn call(&self, call: &Call) -> Came {
        let InMemory { generation, worlds } = &self.0;
        if let Call::Send = call {
            return send(generation, worlds);
        }
        let asked = ask(call);
        let query = asked.query.first().map_or_else(String::new, |(name, value)| format!("{name}={value}"));
        let body = asked.body.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect();
        let request: Request<'_> =
            Request { method: &asked.method, path: &asked.path, query: &query, headers: &Nothing, body };
        let Routed::Found { endpoint, values } = generation.route(&request) else { panic!("{call:?} is documented") };
        let called = generation.call(endpoint, &request, &values);
        let mut copy = worlds.snapshot(&WorldName::default()).expect("a world");
        let now = copy.now(0);
        let outcome = generation.step(endpoint, &called, &mut copy, now, true);
        std::thread::yield_now();
        let apply = |world: &mut docsim::world::World| outcome.changes.iter().map(|change| world.apply(change)).count();
        worlds.with(&WorldName::default(), apply).expect("a world");
        came(std::str::from_utf8(&outcome.body).expect("text"))
    }
}

struct Nothing;

impl Headers for Nothing {
    fn get(&self, _: &str) -> Option<&str> {
        None
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

fn fresh(generation: &Generation, seed: u64) -> InMemory<'_> {
    let config = WorldsConfig { seed, clock: Clock::starting_at(0, talk::START), ..WorldsConfig::default() };
    InMemory { generation, worlds: Worlds::new(config, Box::new(|_| {})) }
}

/// Over the socket, each account in a world of its own.
struct Served<'s> {
    server: &'s Server,
    agent: ureq::Agent,
    world: String,
}

impl System for Served<'_> {
    fn call(&self, call: &Call) -> Came {
        let base = format!("http://{}/@{}", self.server.address, self.world);
        let text = |reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>| {
            reply.expect("a reply").body_mut().read_to_string().expect("text")
        };
        if let Call::Send = call {
            let body = format!("{{\"phone\":\"{PHONE}\"}}");
            let url = format!("{base}/__docsim/codes");
            let sent = text(self.agent.post(url).content_type("application/json").send(&body));
            let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
            return Came::Gave(sent["code"].as_str().unwrap_or_else(|| panic!("{sent}")).to_owned());
        }
        let asked = ask(call);
        let url = format!("{base}{}", asked.path);
        if asked.method == "GET" {
            let token = &asked.query[0].1;
            return came(&text(self.agent.get(format!("{url}?token={token}")).call()));
        }
        let fields = asked.body.iter().filter_map(|(name, value)| match value {
            Value::Text(value) => Some((name.as_str(), value.as_ref())),
            _ => None,
        });
        came(&text(self.agent.post(url).send_form(fields)))
    }
}

/// What clients do at once, and how it came.
fn history(system: &dyn System, clients: usize, calls: usize, seed: u64) -> Vec<Event> {
    let time = AtomicU64::new(0);
    let known: Mutex<(Vec<String>, Vec<String>)> = Mutex::default();
    let events = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for client in 0..clients {
            let (time, known, events) = (&time, &known, &events);
            scope.spawn(move || {
                let mut dice = Dice(seed.wrapping_mul(1_000).wrapping_add(client as u64));
                for _ in 0..calls {
                    let call = {
                        let known = known.lock().expect("nobody panicked");
                        // Mostly what came last, so that clients meet.
                        let mut pick = |all: &[String]| {
                            let back = dice.below(3).min(dice.below(12)) + 1;
                            all.get(all.len().wrapping_sub(back)).or(all.first()).cloned().unwrap_or_else(|| "0".into())
                        };
                        let (code, token) = (pick(&known.0), pick(&known.1));
                        let password = dice.below(PASSWORDS.len());
                        match dice.below(20) {
                            0..3 => Call::Send,
                            3..7 => Call::Register { code, password },
                            7..10 => Call::Login { password },
                            10..13 => Call::Reset { code, password },
                            13..17 => Call::Details { token },
                            _ => Call::Exit { token },
                        }
                    };
                    let began = time.fetch_add(1, Ordering::SeqCst);
                    let came = system.call(&call);
                    let ended = time.fetch_add(1, Ordering::SeqCst);
                    if let Came::Gave(text) = &came {
                        let mut known = known.lock().expect("nobody panicked");
                        if matches!(call, Call::Send) { &mut known.0 } else { &mut known.1 }.push(text.clone());
                    }
                    events.lock().expect("nobody panicked").push(Event { call, came, began, ended });
                }
            });
        }
    });
    events.into_inner().expect("nobody panicked")
}

fn in_memory(histories: u64, clients: usize, calls: usize) {
    let generation = generation("api.md", &driver_app());
    let seeds: Vec<u64> = (0..histories).map(|at| seed().wrapping_add(at)).collect();
    on_all_processors(&seeds, |seed| {
        let history = history(&fresh(&generation, *seed), clients, calls, *seed);
        assert_eq!(history.len(), clients * calls);
        let done = history.iter().filter(|event| event.came != Came::Refused).count();
        assert!(done * 10 > history.len(), "too little is done: {done}");
        assert!(is_linearizable(&history), "DOCSIM_TEST_SEED={seed}: {history:?}");
    });
}

fn over_the_socket(histories: u64, clients: usize, calls: usize) {
    let limits = Limits { requests_per_connection: usize::MAX, ..Limits::default() };
    let server = start_with(Options { limits, ..Options::default() }, WorldsConfig::default());
    // The document of the server's tests has no such endpoints.
    server.serve(&read(talk::case("documents/driver_app.md")));
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_mins(1)));
    let agent = ureq::Agent::new_with_config(config.build());
    for at in 0..histories {
        let seed = seed().wrapping_add(at);
        let system = Served { server: &server, agent: agent.clone(), world: format!("h{at}") };
        let history = history(&system, clients, calls, seed);
        assert!(is_linearizable(&history), "DOCSIM_TEST_SEED={seed}: {history:?}");
        server.admin("DELETE", &format!("worlds/h{at}"), &serde_json::Value::Null);
    }
}

#[test]
fn what_many_do_at_once_could_have_been_done_one_after_the_other() {
    in_memory(30, 10, 20);
    over_the_socket(4, 10, 12);
}

#[test]
#[ignore = "long: half a minute"]
fn two_thousand_histories_could_have_been_done_one_after_the_other() {
    in_memory(2_000, 10, 100);
    over_the_socket(200, 10, 100);
}

/// The checker finds what is to be found: decisions on a world that has changed meanwhile.
#[test]
fn a_planted_race_is_caught() {
    let generation = generation("api.md", &driver_app());
    let caught = (0..1_000).position(|at| {
        let system = Racy(fresh(&generation, at));
        !is_linearizable(&history(&system, 10, 20, at))
    });
    assert!(caught.is_some(), "in a thousand histories");
}

#[test]
fn the_checker_knows_good_and_bad_histories() {
    let event = |call: Call, came: Came, began, ended| Event { call, came, began, ended };
    let (send, code) = (|began, ended| event(Call::Send, Came::Gave("1".into()), began, ended), || "1".to_owned());
    let register = |gave: Option<&str>, began, ended| {
        let came = gave.map_or(Came::Refused, |token| Came::Gave(token.to_owned()));
        event(Call::Register { code: code(), password: 0 }, came, began, ended)
    };
    let details = |came, began, ended| event(Call::Details { token: "t".into() }, came, began, ended);
    assert!(is_linearizable(&[send(0, 1), register(Some("t"), 2, 3), details(Came::Done, 4, 5)]));
    assert!(is_linearizable(&[send(0, 9), register(Some("t"), 1, 8)]), "at once, so in either order");
    assert!(!is_linearizable(&[register(Some("t"), 0, 1), send(2, 3)]), "before it was sent");
    assert!(!is_linearizable(&[send(0, 1), register(Some("t"), 2, 9), register(Some("u"), 3, 8)]), "spent twice");
    assert!(is_linearizable(&[send(0, 1), register(Some("t"), 2, 9), register(None, 3, 8)]));
    assert!(!is_linearizable(&[send(0, 1), register(Some("t"), 2, 3), details(Came::Refused, 4, 5)]), "a lost token");
    assert!(is_linearizable(&[send(0, 1), register(Some("t"), 2, 5), details(Came::Refused, 3, 4)]));
}
