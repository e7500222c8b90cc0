//! Clients that mean harm or know no better, against the binary: slow ones (T9), bad HTTP (T10), bombs (T11), paths (T13).
//! What it costs is read from the system, so all of this is for Linux.

use crate::cli::{Served, site};
use crate::many::{Dice, seed};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// KiB that a process has, or had at most (`VmRSS`, `VmHWM`).
fn memory(served: &Served, line: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.child.id())).expect("a process");
    let value = status.lines().find_map(|known| known.strip_prefix(line)).expect("a line");
    value.trim_start_matches(':').trim().trim_end_matches(" kB").parse().expect("a number")
}

fn descriptors(served: &Served) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", served.child.id())).expect("a process").count()
}

fn connect(served: &Served) -> TcpStream {
    let stream = TcpStream::connect(&served.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(90))).expect("a limit");
    stream.set_write_timeout(Some(Duration::from_secs(90))).expect("a limit");
    stream
}

/// A login by a client that behaves; how long it took.
fn good(served: &Served) -> Duration {
    let begun = Instant::now();
    assert_eq!(served.login()["code"], 1000);
    begun.elapsed()
}

/// Of a hundred, all but the slowest.
fn usual(served: &Served) -> Duration {
    let mut took: Vec<Duration> = (0..100).map(|_| good(served)).collect();
    took.sort();
    took[98]
}

/// What each sends before it is silent, reads nothing, and waits; and within which time it has to be let go.
fn slow(served: &mut Served, counts: [usize; 4], limits: [Duration; 3]) {
    let before = descriptors(served);
    let quiet = usual(served);
    let large = {
        let json = "Content-Type: application/json\r\n";
        let record = format!("{{\"identity\":\"13900000000\",\"account\":\"{}\"}}", "x".repeat(500_000));
        served.ask("POST", "/__docsim/accounts", json, &record)
    };
    assert!(large.contains("13900000000"), "{}", &large[..large.len().min(300)]);
    let half =
        "POST /Api/User/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    let greedy = "GET /__docsim/accounts HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);
    let kinds = [("", 0), ("GET / HTTP/1.1\r\nX: ", 0), (half, 1), (greedy.as_str(), 2)];
    let begun = Instant::now();
    let mut open: Vec<(TcpStream, usize, usize, Instant)> = Vec::new();
    for (kind, ((sent, limit), count)) in kinds.into_iter().zip(counts).enumerate() {
        for _ in 0..count {
            let (mut stream, since) = (connect(served), Instant::now());
            stream.write_all(sent.as_bytes()).expect("sent");
            stream.set_nonblocking(true).expect("a socket");
            open.push((stream, kind, limit, since));
        }
    }
    let all = open.len();
    let (mut busy, mut latest) = (Vec::new(), Duration::ZERO);
    while !open.is_empty() {
        busy.push(good(served));
        open.retain_mut(|(stream, kind, limit, since)| {
            if *kind == 3 {
                // It never reads, so the end shows when it writes.
                return match stream.write(b"G") {
                    Ok(_) => true,
                    Err(error) => error.kind() == ErrorKind::WouldBlock,
                };
            }
            let _ = if *kind == 1 || *kind == 2 { stream.write(b" ") } else { Ok(0) }; // drips
            let mut scrap = [0; 4096];
            loop {
                match stream.read(&mut scrap) {
                    Ok(0) => return false,
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(_) => return false,
                }
            }
            let late = since.elapsed().saturating_sub(limits[*limit]);
            latest = latest.max(late);
            // A machine that is busy with other things is no fault of the server's.
            assert!(late < Duration::from_secs(30), "kind {kind} is not let go");
            true
        });
        std::thread::yield_now();
    }
    busy.sort();
    let slowest = busy[busy.len() * 99 / 100];
    #[allow(clippy::print_stderr, reason = "a measurement, shown by --nocapture")]
    let () = eprintln!(
        "T9: {all} slow clients gone in {:?}, {latest:?} beyond their limit at most; good ones p99 {slowest:?}, quiet {quiet:?}",
        begun.elapsed()
    );
    while descriptors(served) > before {
        assert!(begun.elapsed() < Duration::from_secs(150), "{} descriptors, not {before}", descriptors(served));
        std::thread::yield_now();
    }
    assert_eq!(served.login()["code"], 1000);
}

#[test]
fn slow_clients_are_let_go_and_hold_up_nobody() {
    let folder = site();
    let short = ["header-time=300ms", "body-gap=10s", "body-time=400ms", "idle-time=500ms"];
    let args: Vec<&str> = ["a.md"].into_iter().chain(short.iter().flat_map(|limit| ["--limit", limit])).collect();
    let mut served = Served::start(folder.path(), &args);
    served.make_account();
    slow(&mut served, [30, 10, 10, 4], [300, 400, 500].map(Duration::from_millis));
}

#[test]
#[ignore = "long: a minute"]
fn four_thousand_slow_clients_are_let_go() {
    let folder = site();
    let mut served = Served::start(folder.path(), &["a.md"]);
    served.make_account();
    slow(&mut served, [3_000, 500, 300, 200], [10, 60, 30].map(Duration::from_secs));
}

const MODELS: [&[u8]; 8] = [
    b"GET /Api/User/get_user_details?token=x HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
    b"POST /Api/User/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na=1&b\r\n0\r\nX: y\r\n\r\n",
    b"POST /Api/User/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"a\":[1,\"2\"]}",
    b"POST /Api/User/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /__docsim/state HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PUT /__docsim/state HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}DELETE /__docsim/state HTTP/1.1\r\n\r\n",
    b"POST /__docsim/codes HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{\"phone\":\"13800000000\"}",
    b"GET http://localhost/__docsim/health HTTP/1.1\nHost: localhost\n\nOPTIONS * HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\0\xff\xff\0\x05\0\0\x40\0",
];

const PIECES: [&[u8]; 20] = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b",",
    b";",
    b"%",
    b"\xff",
    b"0",
    b"-1",
    b"ffffffffffffffffff",
    b"chunked",
    b"Content-Length: 3\r\n",
    b"Transfer-Encoding: identity\r\n",
    b"Host: x\r\n",
    b"HTTP/1.0",
    b"{",
];

fn mutated(dice: &mut Dice) -> Vec<u8> {
    let mut bytes = MODELS[dice.below(MODELS.len())].to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(10)).min(bytes.len());
        match dice.below(5) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at.max(1)),
            2 => {
                let more = MODELS[dice.below(MODELS.len())];
                bytes.extend_from_slice(more);
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..end, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Any bytes: what comes back is HTTP or nothing, the connection ends, and nothing stays behind.
fn survives_bad_http(cases: u64) {
    let folder = site();
    let mut served = Served::start(folder.path(), &["a.md", "--limit", "header-time=2s", "--limit", "body-gap=2s"]);
    served.make_account();
    let warm = |from: u64, to: u64| {
        for at in from..to {
            let seed = seed().wrapping_add(at);
            let bytes = mutated(&mut Dice(seed));
            let mut stream = connect(&served);
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(Shutdown::Write);
            let mut reply = Vec::new();
            let _ = stream.read_to_end(&mut reply);
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let is_http = reply.is_empty() || reply.starts_with(b"HTTP/1.");
            assert!(is_http, "DOCSIM_TEST_SEED={seed}: {shown}: {}", String::from_utf8_lossy(&reply));
            let server_failed = reply.starts_with(b"HTTP/1.1 5");
            assert!(!server_failed, "DOCSIM_TEST_SEED={seed}: {shown}: {}", String::from_utf8_lossy(&reply));
        }
    };
    warm(0, cases / 10);
    let before = memory(&served, "VmRSS");
    warm(cases / 10, cases);
    assert!(good(&served) < Duration::from_secs(1));
    let grown = memory(&served, "VmRSS").saturating_sub(before);
    assert!(grown < 64 << 10, "{grown} KiB more");
    // What is framed in two ways is answered once, and nothing behind it is read.
    for framing in
        ["Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 400"]
    {
        let mut stream = connect(&served);
        let second = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let head = "POST /Api/User/login HTTP/1.1\r\nHost: localhost\r\n";
        stream.write_all(format!("{head}{framing}\r\n\r\n0\r\n\r\n{second}").as_bytes()).expect("sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("a reply, and the end");
        assert_eq!(reply.matches("HTTP/1.1 ").count(), 1, "{framing}: {reply}");
        assert!(!reply.contains("smuggled"), "{framing}: {reply}");
    }
    // No request that was smuggled in has touched the account.
    assert_eq!(served.login()["code"], 1000);
    served.signal("-TERM");
    let (status, said) = served.ended();
    assert_eq!(status, Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn bad_http_is_refused_and_leaves_nothing_behind() {
    survives_bad_http(1_500);
}

#[test]
#[ignore = "long: half a minute"]
fn much_bad_http_leaves_nothing_behind() {
    survives_bad_http(200_000);
}

/// A request whose body is far more than it says, or makes far more than it is.
struct Bomb {
    what: &'static str,
    content_type: &'static str,
    header: &'static str,
    body: fn() -> Vec<u8>,
    status: [u16; 2],
}

const fn bomb(what: &'static str, content_type: &'static str, body: fn() -> Vec<u8>, status: [u16; 2]) -> Bomb {
    Bomb { what, content_type, header: "", body, status }
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=X";

fn bombs() -> Vec<Bomb> {
    vec![
        bomb("depth", JSON, || format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into(), [413, 400]),
        bomb("depth of objects", JSON, || "{\"a\":".repeat(100_000).into(), [413, 400]),
        bomb(
            "keys",
            JSON,
            || many(|at| format!("{}\"{at:x}\":1", if at == 0 { "{" } else { "," }), 90_000),
            [413, 400],
        ),
        bomb(
            "a million keys",
            JSON,
            || many(|at| format!("{}\"k{at}\":1", if at == 0 { "{" } else { "," }), 1_000_000),
            [413, 413],
        ),
        bomb("values", JSON, || format!("{{\"a\":[{}0]}}", "0,".repeat(500_000)).into(), [413, 413]),
        bomb("a long number", JSON, || format!("{{\"phone\":{}}}", "9".repeat(1_000_000)).into(), [200, 200]),
        bomb("escapes", JSON, || format!("{{\"phone\":\"{}\"}}", "\\u0000".repeat(170_000)).into(), [200, 200]),
        bomb("fields", FORM, || "a=1&".repeat(100_000).into(), [413, 413]),
        bomb("one long field", FORM, || format!("phone={}", "%41".repeat(340_000)).into(), [200, 200]),
        bomb(
            "parts",
            MULTIPART,
            || many(|_| "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".to_owned(), 100_000),
            [413, 413],
        ),
        bomb(
            "part headers",
            MULTIPART,
            || format!("--X\r\n{}\r\n\r\n1\r\n--X--", "A: b\r\n".repeat(500_000)).into(),
            [400, 413],
        ),
        bomb("no boundary", MULTIPART, || vec![b'-'; 9 << 20], [400, 400]),
        bomb(
            "a name",
            MULTIPART,
            || {
                format!("--X\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n1\r\n--X--\r\n", "n".repeat(900_000))
                    .into()
            },
            [200, 400],
        ),
        Bomb {
            what: "gzip",
            content_type: JSON,
            header: "Content-Encoding: gzip\r\n",
            body: || vec![0x1f, 0x8b, 8, 0],
            status: [415, 415],
        },
    ]
}

fn many(piece: impl Fn(usize) -> String, count: usize) -> Vec<u8> {
    (0..count).flat_map(|at| piece(at).into_bytes()).collect()
}

/// T11: what is refused costs no memory, and the server goes on.
#[test]
fn bombs_are_refused_and_cost_little() {
    let folder = site();
    let served = Served::start(folder.path(), &["a.md"]);
    served.make_account();
    let send = |bomb: &Bomb| -> String {
        let body = (bomb.body)();
        let mut stream = connect(&served);
        let Bomb { content_type, header, .. } = bomb;
        let length = body.len();
        let head = format!(
            "POST /Api/User/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {content_type}\r\n{header}Content-Length: {length}\r\n\r\n"
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        let mut reply = String::new();
        let _ = stream.read_to_string(&mut reply);
        reply
    };
    for bomb in bombs() {
        let before = memory(&served, "VmRSS");
        std::fs::write(format!("/proc/{}/clear_refs", served.child.id()), "5").expect("the peak is forgotten");
        let reply = send(&bomb);
        let status = reply.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        assert!(bomb.status.contains(&status), "{}: {}", bomb.what, &reply[..reply.len().min(400)]);
        let grown = memory(&served, "VmHWM").saturating_sub(before) >> 10;
        assert!(grown < 16, "{}: {grown} MiB more", bomb.what);
        good(&served);
    }
    // A body without an end: it is cut off long before.
    let before = memory(&served, "VmRSS");
    let mut stream = connect(&served);
    let head = "POST /Api/User/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    let chunk = [b"100000\r\n".to_vec(), vec![b' '; 1 << 20], b"\r\n".to_vec()].concat();
    let sent = (0..10 << 10).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 64, "{sent} MiB were taken");
    let grown = memory(&served, "VmHWM").saturating_sub(before) >> 10;
    assert!(grown <= 16, "{grown} MiB more");
    good(&served);
}

/// T13: no spelling of a path leads out.
#[test]
fn no_path_leads_out_of_what_is_served() {
    const SECRET: &str = "what lies outside";
    let folder = site();
    let docs = folder.path().join("docs");
    std::fs::create_dir(&docs).expect("a folder");
    std::fs::rename(folder.path().join("a.md"), docs.join("a.md")).expect("moved");
    for name in ["secret.txt", "docs-secret.txt", "secret.png"] {
        std::fs::write(folder.path().join(name), SECRET).expect("a file");
    }
    std::fs::write(docs.join("secret.json"), SECRET).expect("a file");
    let served = Served::start(folder.path(), &["docs"]);
    let dots =
        ["..", "%2e%2e", ".%2e", "%252e%252e", "..;", "....", "%c0%ae%c0%ae", "..%00", "．．", ".. ", "%u002e%u002e"];
    let slashes = ["/", "%2f", "%5c", "\\", "//", "/./", "%252f", "%c0%af", "／"];
    let prefixes = ["/", "/__docsim/", "/@default/", "/@../", "/uploads/", "/Api/User/login/", "/__docsim/records/"];
    let files = ["secret.txt", "docs-secret.txt", "secret.png", "docs/secret.json", "etc/passwd", "secret.txt%00.png"];
    let mut stream = connect(&served);
    let mut asked = 0;
    let ask = |stream: &mut TcpStream, path: &str| -> (u16, String) {
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).expect("sent");
        let mut reply = Vec::new();
        let mut piece = [0; 16 << 10];
        loop {
            let read = stream.read(&mut piece).expect("a reply");
            reply.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&reply);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                if read == 0 {
                    return (0, text.into_owned());
                }
                continue;
            };
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if read == 0 || length.is_none_or(|length: usize| body.len() >= length) {
                let closes = read == 0 || head.contains("connection: close");
                let status = head[9..12].parse().expect("a status");
                let text = text.into_owned();
                if closes {
                    *stream = connect(&served);
                }
                return (status, text);
            }
        }
    };
    for prefix in prefixes {
        for dot in dots {
            for slash in slashes {
                for file in files {
                    for depth in [1, 3] {
                        let path = format!("{prefix}{}{file}", format!("{dot}{slash}").repeat(depth));
                        if !path.is_ascii() && path.contains(' ') {
                            continue;
                        }
                        let (status, text) = ask(&mut stream, &path.replace(' ', "%20"));
                        asked += 1;
                        assert!(!text.contains(SECRET) && !text.contains("root:"), "{path}: {text}");
                        assert!(matches!(status, 400 | 403 | 404 | 405), "{path}: {text}");
                    }
                }
            }
        }
    }
    assert!(asked > 5_000, "{asked}");
    for path in
        ["/secret.txt", "/secret.json", "/docs/a.md", "/a.md", "/@default/a.md", "/__docsim/a.md", "file:///etc/passwd"]
    {
        let (status, text) = ask(&mut stream, path);
        assert!(!text.contains(SECRET) && matches!(status, 400 | 404), "{path}: {text}");
    }
}
