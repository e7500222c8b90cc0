//! A load generator: connections that are kept, one request at a time on each, every reply looked at.
//!
//! In: an address, what to ask for, how long. Out: how long each reply took. It does as little as it can between two
//! requests, since on a small machine it takes part of the CPU that the server would have.

use crate::driver_app::{PASSWORD, phone};
use std::io::{ErrorKind, Read, Write};
use std::iter::Cycle;
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::{Duration, Instant};

const CONNECTIONS: u64 = 16;
/// Each connection logs in to so many accounts in turn, and reads the profile of the first.
const ACCOUNTS_EACH: u64 = 64;

/// Asks for a profile without a token.
pub(crate) const STRANGER: &str =
    "GET /Api/User/get_user_details HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// What one connection asks for, in turn, and what it is to be answered.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) requests: Vec<Vec<u8>>,
    pub(crate) expected: Expected,
}

#[derive(Clone)]
pub(crate) struct Expected {
    /// As it stood on the wire.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// Where a new token stands in each reply, so that it differs from the last; empty if all replies are alike.
    pub(crate) token: Range<usize>,
}

/// What came of one round.
#[derive(Default)]
pub(crate) struct Round {
    /// How long each reply took, sorted.
    took: Vec<Duration>,
    length: Duration,
    /// Of the server alone.
    pub(crate) cpu: Option<Duration>,
}

impl Round {
    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.length.as_secs_f64()
    }

    /// In microseconds.
    pub(crate) fn percentile(&self, hundredths: usize) -> f64 {
        let at = self.took.len() * hundredths / 100;
        self.took.get(at).map_or(f64::NAN, |took| took.as_secs_f64() * 1e6)
    }

    /// In microseconds.
    pub(crate) fn cpu_each(&self) -> f64 {
        self.cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64() * 1e6 / self.count())
    }

    fn count(&self) -> f64 {
        f64::from(u32::try_from(self.took.len()).unwrap_or(u32::MAX))
    }
}

/// A script of logins for each connection.
pub(crate) fn logins(docsim: SocketAddr, accounts: u64) -> Vec<Script> {
    let script = |connection: u64| {
        let request = |turn| {
            let form =
                format!("phone={}&password={PASSWORD}", phone((turn * CONNECTIONS + connection) * 97 % accounts));
            let head =
                "POST /Api/User/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded";
            format!("{head}\r\ncontent-length: {}\r\n\r\n{form}", form.len()).into_bytes()
        };
        let requests: Vec<Vec<u8>> = (0..ACCOUNTS_EACH).map(request).collect();
        let mut expected = Expected::of(docsim, &requests[0], "1000");
        let token = expected.token_text();
        let start = expected.text().find(&token).unwrap_or_default();
        expected.token = start..start + token.len();
        Script { requests, expected }
    };
    (0..CONNECTIONS).map(script).collect()
}

/// A script of profiles for each connection, of the account to which its first login logs in.
pub(crate) fn profiles(docsim: SocketAddr, logins: &[Script]) -> Vec<Script> {
    let script = |login: &Script| {
        let token = Expected::of(docsim, &login.requests[0], "1000").token_text();
        let request = format!("GET /Api/User/get_user_details?token={token} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let expected = Expected::of(docsim, request.as_bytes(), "1000");
        Script { requests: vec![request.into_bytes()], expected }
    };
    logins.iter().map(script).collect()
}

impl Expected {
    fn of(address: SocketAddr, request: &[u8], code: &str) -> Self {
        let reply = once(address, std::str::from_utf8(request).expect("a text"));
        assert!(reply.contains(&format!("\"code\":{code}")), "{reply}");
        let (head, body) = reply.split_once("\r\n\r\n").expect("an end of the head");
        Self { head: head.to_owned(), body: body.as_bytes().to_vec(), token: 0..0 }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn token_text(&self) -> String {
        let text = self.text();
        let (_, token) = text.split_once("\"token\":\"").expect("a token");
        token.split('"').next().unwrap_or_default().to_owned()
    }
}

/// One request on a connection of its own; the whole reply.
pub(crate) fn once(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(request.as_bytes()).expect("it is taken");
    let mut reply = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&reply);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && head.contains(&format!("content-length: {}", body.len()))
        {
            return text.into_owned();
        }
        let read = stream.read(&mut piece).expect("it answers");
        assert!(read > 0, "it closed after {text:?}");
        reply.extend_from_slice(&piece[..read]);
    }
}

/// Runs every script again and again, each on a connection of its own. `is_docsim` tells whether each is answered as it
/// expects, or all alike as the first.
///
/// One thread looks after all connections and never sleeps: else a server that is slow enough to let it sleep would be charged
/// for waking it with every reply, and a fast one for none.
pub(crate) fn drive(address: SocketAddr, scripts: &[Script], length: Duration, is_docsim: bool) -> Round {
    let begun = Instant::now();
    let until = begun + length;
    let mut all: Vec<Asking<'_>> = scripts
        .iter()
        .map(|script| {
            let constant = Expected { token: 0..0, ..scripts[0].expected.clone() };
            let expected = if is_docsim { script.expected.clone() } else { constant };
            Asking::new(address, &script.requests, expected)
        })
        .collect();
    let mut took = Vec::with_capacity(1 << 18);
    while !all.is_empty() {
        let answered_before = took.len();
        all.retain_mut(|asking| match asking.look() {
            None => true,
            Some(after) => {
                took.push(after);
                let goes_on = Instant::now() < until;
                if goes_on {
                    asking.ask();
                }
                goes_on
            }
        });
        if took.len() == answered_before {
            std::thread::yield_now();
        }
    }
    let length = begun.elapsed();
    took.sort_unstable();
    Round { took, length, cpu: None }
}

/// A connection, with one request under way.
struct Asking<'s> {
    stream: TcpStream,
    requests: Cycle<std::slice::Iter<'s, Vec<u8>>>,
    expected: Expected,
    begun: Instant,
    /// As long as every reply is, since a date keeps its length; so much of it has come.
    reply: Vec<u8>,
    came: usize,
    last_token: Vec<u8>,
}

impl<'s> Asking<'s> {
    fn new(address: SocketAddr, requests: &'s [Vec<u8>], expected: Expected) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        stream.set_nonblocking(true).expect("a socket");
        let reply = vec![0; expected.head.len() + 4 + expected.body.len()];
        let requests = requests.iter().cycle();
        let mut asking =
            Self { stream, requests, expected, begun: Instant::now(), reply, came: 0, last_token: Vec::new() };
        asking.ask();
        asking
    }

    fn ask(&mut self) {
        self.begun = Instant::now();
        self.came = 0;
        let request = self.requests.next().expect("a script has requests");
        self.stream.write_all(request).expect("it has room for a request");
    }

    /// How long the reply took, once it is whole.
    fn look(&mut self) -> Option<Duration> {
        let read = match self.stream.read(&mut self.reply[self.came..]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
            read => read.expect("a reply"),
        };
        assert!(read > 0, "it closed");
        self.came += read;
        if self.came < self.reply.len() {
            return None;
        }
        let took = self.begun.elapsed();
        let (head, body) = self.reply.split_at(self.expected.head.len() + 4);
        let token = &self.expected.token;
        let is_whole = head.starts_with(b"HTTP/1.1 200 OK\r\n") && head.ends_with(b"\r\n\r\n");
        let is_new = token.is_empty() || body[token.clone()] != *self.last_token;
        let is_as_expected =
            body.starts_with(&self.expected.body[..token.start]) && body.ends_with(&self.expected.body[token.end..]);
        assert!(is_whole && is_new && is_as_expected, "{}", String::from_utf8_lossy(&self.reply));
        self.last_token.clear();
        self.last_token.extend_from_slice(&body[token.clone()]);
        Some(took)
    }
}
