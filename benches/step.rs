//! How long one request takes inside: found by its path, taken apart, decided, applied, the reply written.

mod driver_app;

use criterion::{Criterion, criterion_group, criterion_main};
use docsim::engine::office;
use docsim::engine::request::{Headers, Request, Value};
use docsim::generation::Generation;
use docsim::spec::route::Routed;
use docsim::world::{Clock, World, WorldName};
use driver_app::{PASSWORD, fill, generation, phone};
use std::borrow::Cow;
use std::hint::black_box;
use std::time::{Duration, Instant};

const NOW: i64 = 1_000;

struct None;

impl Headers for None {
    fn get(&self, _: &str) -> Option<&str> {
        Option::None
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// One request to its end; the reply's body.
fn run(generation: &Generation, world: &mut World, method: &str, target: &str, form: &[(&str, &str)]) -> Vec<u8> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let text = |text| Cow::Borrowed(text);
    let body = form.iter().map(|(name, value)| (text(*name), Value::Text(text(*value)))).collect();
    let request = Request { method, path, query, headers: &None, body };
    let Routed::Found { endpoint, values } = generation.route(&request) else { panic!("{method} {target}") };
    let call = generation.call(endpoint, &request, &values);
    generation.step(endpoint, &call, world, NOW, true).body
}

fn has_code(reply: &[u8], code: &str) -> bool {
    String::from_utf8_lossy(reply).contains(&format!("\"code\":{code}"))
}

fn login(generation: &Generation, world: &mut World, phone: &str) -> Vec<u8> {
    run(generation, world, "POST", "/Api/User/login", &[("phone", phone), ("password", PASSWORD)])
}

/// The token in a reply; `Json` has no reader, and the form of the reply is known.
fn token(reply: &[u8]) -> String {
    let reply = String::from_utf8_lossy(reply);
    let (_, token) = reply.split_once("\"token\":\"").expect("a token");
    token.split('"').next().unwrap_or_default().to_owned()
}

/// Registers phones that no account has; only the registrations themselves are timed.
fn register(generation: &Generation, mut world: World, accounts: u64, times: u64) -> Duration {
    let mut spent = Duration::ZERO;
    let all: Vec<u64> = (accounts..accounts + times).collect();
    // A world keeps so many passcodes and no more.
    for some in all.chunks(500) {
        let sent: Vec<(String, String)> = some
            .iter()
            .map(|account| {
                let (passcode, _) = office::issue_passcode(&generation.model, &mut world, &phone(*account), NOW);
                (passcode.phone.to_string(), passcode.code.to_string())
            })
            .collect();
        let mut last = Vec::new();
        let begun = Instant::now();
        for (phone, passcode) in &sent {
            let form =
                [("phone", phone.as_str()), ("code", passcode), ("password", PASSWORD), ("RegistrationID", "1a")];
            last = black_box(run(generation, &mut world, "POST", "/Api/User/register", &form));
        }
        spent += begun.elapsed();
        assert!(has_code(&last, "1000"), "{}", String::from_utf8_lossy(&last));
    }
    spent
}

fn step(criterion: &mut Criterion) {
    let generation = generation();
    for accounts in [10, 100_000] {
        let mut group = criterion.benchmark_group(format!("step among {accounts} accounts"));
        let mut world = World::new(WorldName::default(), 1, Clock::default());
        fill(&generation.model, &mut world, accounts);
        // All over the world, so that no cache holds what a request touches only because the last one did.
        let phones: Vec<String> = (0..accounts.min(1_000)).map(|at| phone(at * 7_919 % accounts)).collect();

        assert!(has_code(&login(&generation, &mut world, &phones[0]), "1000"));
        let mut turn = phones.iter().cycle();
        group.bench_function("login", |bencher| {
            bencher.iter(|| black_box(login(&generation, &mut world, turn.next().map_or("", String::as_str))));
        });
        group.bench_function("login refused", |bencher| {
            let form = [("phone", phones[1].as_str()), ("password", "wrong-one")];
            bencher.iter(|| black_box(run(&generation, &mut world, "POST", "/Api/User/login", &form)));
        });

        let target = |token: &str| format!("/Api/User/get_user_details?token={token}");
        let targets: Vec<String> =
            phones.iter().map(|phone| target(&token(&login(&generation, &mut world, phone)))).collect();
        assert!(has_code(&run(&generation, &mut world, "GET", &targets[0], &[]), "1000"));
        let mut turn = targets.iter().cycle();
        group.bench_function("profile", |bencher| {
            bencher.iter(|| {
                let target = turn.next().map_or("", String::as_str);
                black_box(run(&generation, &mut world, "GET", target, &[]))
            });
        });

        group.bench_function("registration", |bencher| {
            bencher.iter_custom(|times| register(&generation, world.clone(), accounts, times));
        });
        group.finish();
    }
}

criterion_group!(benches, step);
criterion_main!(benches);
