//! T8: documents are saved in every way that editors and tools have, without end, while clients ask. No reply fails or mixes
//! two versions, nobody is logged out, and what was saved last is live in the end.

use crate::cli::Served;
use crate::many::{Dice, seed};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const DOCUMENT: &str = include_str!("../cases/documents/driver_app.md");

/// Of the login both the words of the success and the name of a field change, together.
fn version(number: usize) -> String {
    let words = format!("第{number}版");
    DOCUMENT.replace("登录成功", &words).replace("authenticationState", &format!("flag{number}"))
}

type Save = fn(&Path, &str);

/// The ways in which a file comes to have another content; the file is `docs/a.md`, and stays a file.
const WAYS: [(&str, Save); 12] = [
    ("in place", |docs, text| fs::write(docs.join("a.md"), text).expect("saved")),
    ("emptied first", |docs, text| {
        let mut file = fs::File::create(docs.join("a.md")).expect("emptied");
        file.write_all(text.as_bytes()).expect("saved");
    }),
    ("in two pieces", |docs, text| {
        let mut file = fs::File::create(docs.join("a.md")).expect("emptied");
        let half = text.floor_char_boundary(text.len() / 2);
        file.write_all(&text.as_bytes()[..half]).expect("half");
        file.flush().expect("half");
        file.write_all(&text.as_bytes()[half..]).expect("saved");
    }),
    ("renamed over", |docs, text| {
        fs::write(docs.join(".a.md.tmp"), text).expect("written");
        fs::rename(docs.join(".a.md.tmp"), docs.join("a.md")).expect("saved");
    }),
    ("vim", |docs, text| {
        fs::rename(docs.join("a.md"), docs.join("a.md~")).expect("a backup");
        fs::write(docs.join("a.md"), text).expect("saved");
        fs::remove_file(docs.join("a.md~")).expect("gone");
    }),
    ("safe write", |docs, text| {
        fs::write(docs.join("a.md___jb_tmp___"), text).expect("written");
        fs::rename(docs.join("a.md"), docs.join("a.md___jb_old___")).expect("put aside");
        fs::rename(docs.join("a.md___jb_tmp___"), docs.join("a.md")).expect("saved");
        fs::remove_file(docs.join("a.md___jb_old___")).expect("gone");
    }),
    ("removed and made", |docs, text| {
        fs::remove_file(docs.join("a.md")).expect("gone");
        fs::write(docs.join("a.md"), text).expect("saved");
    }),
    ("with the old time", |docs, text| {
        let time = fs::metadata(docs.join("a.md")).and_then(|known| known.modified()).expect("a time");
        fs::write(docs.join("a.md"), text).expect("saved");
        let file = fs::File::options().write(true).open(docs.join("a.md")).expect("a file");
        file.set_modified(time).expect("set");
    }),
    ("line by line", |docs, text| {
        let mut file = fs::File::create(docs.join("a.md")).expect("emptied");
        for line in text.split_inclusive('\n') {
            file.write_all(line.as_bytes()).expect("a line");
        }
    }),
    ("among many", |docs, text| {
        for at in 0..20 {
            fs::write(docs.join(format!("notes{at}.md")), format!("# {}\n", text.len())).expect("another");
        }
        fs::write(docs.join("a.md"), text).expect("saved");
        for at in 0..20 {
            fs::remove_file(docs.join(format!("notes{at}.md"))).expect("gone");
        }
    }),
    ("through a link", |docs, text| {
        let target = docs.join(format!("..v{}", text.len() % 7));
        let _ = fs::remove_file(&target);
        fs::write(&target, text).expect("written");
        let link = docs.join("..link");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        fs::rename(&link, docs.join("a.md")).expect("saved");
        // The next way writes a file, not through the link.
        fs::rename(&target, docs.join("..again")).expect("moved");
        fs::rename(docs.join("..again"), docs.join("a.md")).expect("a file again");
    }),
    ("the folder anew", |docs, text| {
        let (new, old) = (docs.with_extension("new"), docs.with_extension("old"));
        fs::create_dir(&new).expect("a folder");
        fs::write(new.join("a.md"), text).expect("written");
        fs::rename(docs, &old).expect("put aside");
        fs::rename(&new, docs).expect("saved");
        fs::remove_dir_all(&old).expect("gone");
    }),
];

/// What is broken in one save of five, and must not take down what worked.
fn broken(text: &str, dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => text.replace("post:Api/User/login\n", ""),
        1 => text.replace("+++", "++"),
        2 => text[..text.floor_char_boundary(dice.below(text.len()))].to_owned(),
        3 => String::new(),
        _ => "\0".repeat(200),
    }
}

/// A client that keeps its connection.
struct Client {
    stream: TcpStream,
}

impl Client {
    fn new(served: &Served) -> Self {
        let stream = TcpStream::connect(&served.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        Self { stream }
    }

    /// A reply's status and body; a reply that ends early, or none at all, fails.
    fn ask(&mut self, request: &str) -> (u16, String) {
        self.stream.write_all(request.as_bytes()).expect("sent");
        let mut reply = Vec::new();
        let mut piece = [0; 8 << 10];
        loop {
            let read = self.stream.read(&mut piece).expect("a reply");
            assert!(read > 0, "the connection was closed: {}", String::from_utf8_lossy(&reply));
            reply.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&reply);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.expect("a length") {
                return (head[9..12].parse().expect("a status"), body.to_owned());
            }
        }
    }

    fn login(&mut self) -> serde_json::Value {
        let body = "phone=13800000000&password=abc12345";
        let head = "POST /Api/User/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        let (status, body) = self.ask(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }

    fn details(&mut self, token: &str) -> serde_json::Value {
        let (status, body) =
            self.ask(&format!("GET /Api/User/get_user_details?token={token} HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }
}

struct Stopping<'s>(&'s AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took.get(took.len() * 99 / 100).copied().unwrap_or_default()
}

/// A folder that no disk comes between: one that is busy can keep a file empty for seconds between emptying and writing it, and
/// what is empty for so long is believed to be.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// Saves until it has been saved so many times; `pace` is how long clients wait between two requests.
fn storm(saves: usize, clients: usize, pace: Duration) {
    let folder = in_memory();
    let docs = folder.path().join("docs");
    fs::create_dir(&docs).expect("a folder");
    fs::write(docs.join("a.md"), DOCUMENT).expect("a document");
    let mut served = Served::start(folder.path(), &["docs", "--limit", "requests-per-connection=1000000000"]);
    served.drain();
    served.make_account();
    // An account of its own: of the one that the load uses, only the newest tokens live.
    let account = r#"{"identity":"13900000000","password":"abc12345"}"#;
    served.ask("POST", "/__docsim/accounts", "Content-Type: application/json\r\n", account);
    let login: serde_json::Value =
        serde_json::from_str(&served.form("/Api/User/login", "phone=13900000000&password=abc12345")).expect("JSON");
    let token = login["data"]["token"].as_str().expect("a token").to_owned();
    let (stop, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let load = |client: &mut Client| -> Duration {
        let begun = Instant::now();
        let reply = client.login();
        let took = begun.elapsed();
        let info = reply["info"].as_str().unwrap_or_default();
        let number = info.strip_prefix('第').and_then(|rest| rest.strip_suffix('版'));
        let member = number.map_or_else(|| "authenticationState".to_owned(), |number| format!("flag{number}"));
        assert!(reply["data"].get(&member).is_some(), "two versions in one reply: {reply}");
        asked.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(pace.saturating_sub(took)); // the load's own pace, waited for by nobody
        took
    };
    let mut quiet = Client::new(&served);
    let quiet: Vec<Duration> = (0..300).map(|_| load(&mut quiet)).collect();
    let (mut slowest, mut busy) = (Duration::ZERO, Vec::new());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..clients)
            .map(|_| {
                let mut client = Client::new(&served);
                let (stop, load) = (&stop, &load);
                scope.spawn(move || {
                    let mut took = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        took.push(load(&mut client));
                    }
                    took
                })
            })
            .collect();
        let stopping = Stopping(&stop); // also where something fails
        let mut dice = Dice(seed());
        let mut client = Client::new(&served);
        for at in 1..=saves {
            let (way, save) = WAYS[at % WAYS.len()];
            let text = version(at);
            if dice.below(5) == 0 {
                save(&docs, &broken(&text, &mut dice));
            }
            save(&docs, &text);
            // Often the next save comes before this one is live; every tenth is waited for.
            if at % 10 != 0 && at != saves {
                continue;
            }
            let begun = Instant::now();
            while client.login()["info"] != format!("第{at}版") {
                let message = format!("DOCSIM_TEST_SEED={}: version {at}, saved {way}, is not live", seed());
                assert!(begun.elapsed() < Duration::from_secs(20), "{message}");
            }
            slowest = slowest.max(begun.elapsed());
            assert_eq!(client.details(&token)["data"]["account"], "13900000000", "logged out at {at}");
        }
        drop(stopping);
        busy = workers.into_iter().flat_map(|worker| worker.join().expect("a client")).collect();
    });
    let (replies, quiet, busy) = (asked.into_inner(), p99(quiet), p99(busy));
    #[allow(clippy::print_stderr, reason = "a measurement, shown by --nocapture")]
    let () = eprintln!(
        "T8: {saves} saves, {replies} replies; live after {slowest:?} at most; p99 {busy:?}, quiet {quiet:?}"
    );
    let status = served.ask("GET", "/__docsim/health", "", "");
    assert!(status.contains("\"endpoints\":9"), "{status}");
}

#[test]
fn a_storm_of_saves_harms_nobody() {
    storm(36, 2, Duration::from_millis(1));
}

#[test]
#[ignore = "long: ten minutes"]
fn ten_thousand_saves_harm_nobody() {
    storm(10_000, 6, Duration::from_millis(2));
}
