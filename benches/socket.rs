//! docsim on a socket beside the least that its own stack can do: a hyper handler that answers a constant.
//!
//! Both stand in this process, each on one thread of its own, and are driven in turns by one thread of clients over
//! loopback, so that whatever else the machine does falls on both. The constant is docsim's own reply, headers and all; the
//! ratio is what counts. CPU is that of the server's threads for each request, which no slow client can flatter.

mod client;
mod driver_app;

use client::{Expected, Round, Script};
use docsim::http::{App, Limits, Options};
use docsim::world::{World, Worlds, WorldsConfig};
use driver_app::{fill, generation};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
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
    compare("login", &bare, &docsim, length, || logins.clone());
    compare("profile", &bare, &docsim, length, profiles); // each time anew: logins end the sessions before them
    report_start();
}

/// Drives both in turns.
fn compare(of: &str, bare: &Server, docsim: &Server, length: Duration, scripts: impl Fn() -> Vec<Script>) {
    let mut rounds: [Vec<Round>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let scripts = scripts();
        for (server, rounds) in [bare, docsim].into_iter().zip(&mut rounds) {
            let before = server.cpu();
            let mut round = client::drive(server.address, &scripts, length, std::ptr::eq(server, docsim));
            round.cpu = server.cpu().zip(before).map(|(after, before)| after.saturating_sub(before));
            rounds.push(round);
        }
    }
    report(of, &rounds);
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
    Server::start(|listener| async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            let constants = Arc::clone(&constants);
            let service = service_fn(move |request: Request<Incoming>| {
                let constants = Arc::clone(&constants);
                async move {
                    let (post, get) = &*constants;
                    let constant = if request.method() == Method::POST { post } else { get };
                    let _ = request.into_body().collect().await;
                    Ok::<_, Infallible>(constant.reply())
                }
            });
            tokio::spawn(http1::Builder::new().pipeline_flush(true).serve_connection(TokioIo::new(stream), service));
        }
    })
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

fn report(of: &str, [bare, docsim]: &[Vec<Round>; 2]) {
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
    show(&format!("  {:<18}{:>12}{:>12}{:>12}", "", "bare hyper", "docsim", "ratio"));
    for (name, figure) in figures {
        let (bare, docsim) = (median(bare, figure), median(docsim, figure));
        show(&format!("  {name:<18}{bare:>12.1}{docsim:>12.1}{:>12.2}", docsim / bare));
    }
    // Of neighbors in time, since the machine's own speed wanders.
    let ratios: Vec<String> =
        bare.iter().zip(docsim).map(|(bare, docsim)| format!("{:.2}", docsim.rate() / bare.rate())).collect();
    show(&format!("  requests/s, ratio of each round: {}\n", ratios.join(" ")));
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
