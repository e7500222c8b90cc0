//! docsim on a socket beside the least that its own stack can do: a hyper handler that answers a constant, and one that does
//! the least work with state (see `least`).
//!
//! All stand in this process, each on one thread of its own, and are driven in turns by one thread of clients over
//! loopback, so that whatever else the machine does falls on all. The constant is docsim's own reply, headers and all; the
//! ratio is what counts. CPU is that of the server's threads for each request, which no slow client can flatter.

mod client;
mod driver_app;
mod least;

use client::{Expected, Round, Script};
use docsim::http::{App, Limits, Options};
use docsim::world::{World, Worlds, WorldsConfig};
use driver_app::{fill, generation, phone};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use least::{Filled, Least};
use std::convert::Infallible;
use std::future::{Future, pending};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;

const ACCOUNTS: u64 = 100_000;
const ROUNDS: usize = 3;
const STARTS: usize = 10;

fn main() {
    // `cargo test --benches` only wants to see that it builds and starts.
    let length = if std::env::args().any(|arg| arg == "--bench") { 2_000 } else { 50 };
    let length = Duration::from_millis(length);
    let docsim = serve_docsim();
    let logins = client::logins(docsim.address, ACCOUNTS);
    let profiles = || client::profiles(docsim.address, &logins);
    let bare = serve_constants(constant(&logins[0].expected), constant(&profiles()[0].expected));
    let work = Arc::new(least(&logins[0].expected, &profiles()[0].expected));
    let least = serve_least(Arc::clone(&work));
    let servers = [("bare hyper", &bare), ("least work", &least), ("docsim", &docsim)];
    compare("login", &servers, length, || logins.clone());
    compare("profile", &servers, length, || {
        let profiles = profiles(); // each time anew: logins end the sessions before them
        work.know(&profiles);
        profiles
    });
    report_start();
}

/// Drives all in turns; the first answers a constant, the last is docsim.
fn compare(of: &str, servers: &[(&str, &Server)], length: Duration, scripts: impl Fn() -> Vec<Script>) {
    let mut rounds: Vec<Vec<Round>> = servers.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        let scripts = scripts();
        for (at, ((_, server), rounds)) in servers.iter().zip(&mut rounds).enumerate() {
            let before = server.cpu();
            let mut round = client::drive(server.address, &scripts, length, at > 0);
            round.cpu = server.cpu().zip(before).map(|(after, before)| after.saturating_sub(before));
            rounds.push(round);
        }
    }
    let names: Vec<&str> = servers.iter().map(|(name, _)| *name).collect();
    report(of, &names, &rounds);
}

/// A server in this process, and where its threads are to be found.
struct Server {
    address: SocketAddr,
    threads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Runs on a thread of its own until the process ends.
    fn start<F: Future<Output = ()>>(serve: impl FnOnce(TcpListener) -> F + Send + 'static) -> Self {
        let threads = Arc::<Mutex<Vec<String>>>::default();
        let (tell, told) = mpsc::channel();
        let known = Arc::clone(&threads);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .on_thread_start(move || {
                if let Ok(thread) = std::fs::read_link("/proc/thread-self") {
                    let schedstat = format!("/proc/{}/schedstat", thread.display());
                    known.lock().unwrap_or_else(PoisonError::into_inner).push(schedstat);
                }
            })
            .enable_all()
            .build()
            .expect("a runtime");
        std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                tell.send(listener.local_addr().expect("an address")).expect("who waits for it");
                serve(listener).await;
            });
        });
        Self { address: told.recv().expect("the address"), threads }
    }

    /// The CPU time that its threads have had, where the system tells.
    fn cpu(&self) -> Option<Duration> {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let nanoseconds = |path: &String| -> Option<u64> {
            std::fs::read_to_string(path).ok()?.split_whitespace().next()?.parse().ok()
        };
        let all: Option<Vec<u64>> = threads.iter().map(nanoseconds).collect();
        all.map(|all| Duration::from_nanos(all.iter().sum()))
    }
}

fn serve_docsim() -> Server {
    Server::start(|listener| async move {
        let (sender, generations) = watch::channel(Arc::new(generation()));
        let newest = generations.clone();
        let prepare = move |world: &mut World| fill(&newest.borrow().model, world, ACCOUNTS);
        let worlds = Worlds::new(WorldsConfig::default(), Box::new(prepare));
        // A connection is for the whole round, as it is on the other side.
        let limits = Limits { requests_per_connection: usize::MAX, ..Limits::default() };
        let app = App::new(generations, worlds, Options { limits: limits.clone(), ..Options::default() });
        docsim::http::serve(listener, Arc::new(app), limits, pending()).await;
        drop(sender);
    })
}

/// The same reply for every request of a method, once its body has been read.
fn serve_constants(post: Constant, get: Constant) -> Server {
    let constants = Arc::new((post, get));
    serve_bare(move |request: Request<Incoming>| {
        let constants = Arc::clone(&constants);
        async move {
            let (post, get) = &*constants;
            let constant = if request.method() == Method::POST { post } else { get };
            let _ = request.into_body().collect().await;
            constant.reply()
        }
    })
}

fn serve_least(work: Arc<Least>) -> Server {
    serve_bare(move |request: Request<Incoming>| {
        let work = Arc::clone(&work);
        async move { work.answer(request).await }
    })
}

/// With nothing but hyper around the handler.
fn serve_bare<F: Future<Output = Response<Full<Bytes>>> + Send + 'static>(
    answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
) -> Server {
    Server::start(|listener| async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let reply = answer(request);
                async move { Ok::<_, Infallible>(reply.await) }
            });
            tokio::spawn(http1::Builder::new().pipeline_flush(true).serve_connection(TokioIo::new(stream), service));
        }
    })
}

fn least(login: &Expected, profile: &Expected) -> Least {
    let text = String::from_utf8_lossy(&profile.body);
    let place = |of: String| text.find(&of).map(|at| at..at + of.len()).expect("it is the first account's");
    let (id, phone) = (place(least::FIRST_ID.to_string()), place(phone(0)));
    Least::new(
        ACCOUNTS,
        Filled::new(constant(login).headers, &login.body, vec![login.token.clone()]),
        Filled::new(constant(profile).headers, &profile.body, vec![id, phone]),
    )
}

/// A reply made beforehand.
struct Constant {
    headers: HeaderMap,
    body: Bytes,
}

/// A reply of docsim's, without what hyper adds by itself.
fn constant(reply: &Expected) -> Constant {
    let headers = reply.head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let header = |(name, value): (&str, &str)| {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        (name, HeaderValue::from_str(value).expect("a value"))
    };
    let headers = headers.filter(|(name, _)| !["date", "content-length"].contains(name)).map(header).collect();
    Constant { headers, body: Bytes::from(reply.body.clone()) }
}

impl Constant {
    fn reply(&self) -> Response<Full<Bytes>> {
        let mut reply = Response::new(Full::new(self.body.clone()));
        *reply.headers_mut() = self.headers.clone();
        reply
    }
}

type Figure = fn(&Round) -> f64;

fn report(of: &str, names: &[&str], rounds: &[Vec<Round>]) {
    let (Some(docsim), others) = (rounds.last(), rounds.len() - 1) else { return };
    show(&format!("{of}: {ROUNDS} rounds in turns, medians; every reply was checked"));
    let median = |rounds: &[Round], of: Figure| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let figures: [(&str, Figure); 4] = [
        ("requests/s", Round::rate),
        ("p50 µs", |round| round.percentile(50)),
        ("p99 µs", |round| round.percentile(99)),
        ("CPU µs a request", Round::cpu_each),
    ];
    let line = |name: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| format!("{cell:>14}")).collect();
        show(&format!("  {name:<18}{}", cells.concat()));
    };
    let ratios = names[..others].iter().map(|name| format!("of {name}"));
    line("", &mut names.iter().map(|name| (*name).to_owned()).chain(ratios));
    for (name, figure) in figures {
        let all: Vec<f64> = rounds.iter().map(|rounds| median(rounds, figure)).collect();
        let ratios = all[..others].iter().map(|other| format!("{:.2}", all[others] / other));
        line(name, &mut all.iter().map(|value| format!("{value:.1}")).chain(ratios));
    }
    // Of neighbors in time, since the machine's own speed wanders.
    for (name, other) in names.iter().zip(&rounds[..others]) {
        let ratios: Vec<String> =
            other.iter().zip(docsim).map(|(other, docsim)| format!("{:.2}", docsim.rate() / other.rate())).collect();
        show(&format!("  requests/s of {name}, each round: {}", ratios.join(" ")));
    }
    show("");
}

/// From the start of the program to the end of its first reply.
fn report_start() {
    let mut all: Vec<Duration> = (0..STARTS).map(|_| start_once()).collect();
    all.sort();
    let (least, median) = (all[0], all[all.len() / 2]);
    show(&format!("start to first answer, of {STARTS}: least {least:.1?}, median {median:.1?}"));
}

fn start_once() -> Duration {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/documents/driver_app.md");
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_docsim"))
        .args(["serve", document, "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("docsim starts");
    let mut said = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let address = said.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("http://")?;
        rest.split_whitespace().next()?.parse::<SocketAddr>().ok()
    });
    let reply = client::once(address.expect("an address"), client::STRANGER);
    let took = begun.elapsed();
    let _ = child.kill();
    let _ = child.wait();
    assert!(reply.contains("\"code\":999"), "{reply}");
    took
}

#[allow(clippy::print_stdout, reason = "what a bench finds out is its result")]
fn show(text: &str) {
    println!("{text}");
}
