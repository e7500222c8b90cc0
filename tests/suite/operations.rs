//! docsim as a service has to be: what it logs, how it ends, and what it does when the system gives it nothing.

use crate::cli::{Served, site};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn the_log_is_json_where_asked_and_shows_secrets_only_where_asked() {
    let folder = site();
    for (args, shows) in [(&[][..], false), (&["--log-secrets"][..], true)] {
        let args = [&["a.md", "--log", "json", "--log-level", "debug"], args].concat();
        let served = Served::start(folder.path(), &args);
        served.make_account();
        let token = served.login()["data"]["token"].as_str().expect("a token").to_owned();
        served.ask("GET", &format!("/Api/User/get_user_details?token={token}"), "", "");
        served.ask("GET", &format!("/Api/User/nothing/token/{token}/password/abc12345"), "", "");
        let json = "Content-Type: application/json\r\n";
        let sent = served.ask("POST", "/__docsim/codes", json, r#"{"phone":"13800000000"}"#);
        let sent: Value = serde_json::from_str(&sent).expect("JSON");
        let passcode = sent["code"].as_str().expect("a passcode").to_owned();
        let values = format!("account=13800000000&phone_code={passcode}&new_password=xyz98765");
        assert!(served.form("/Api/User/retrieve_password", &values).contains("1000"));
        served.ask("DELETE", &format!("/__docsim/tokens/{token}"), "", "");
        let log = served.terminate();
        for line in log.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(
                line["timestamp"].is_string() && line["level"].is_string() && line["message"].is_string(),
                "{line}"
            );
        }
        for endpoint in ["POST /Api/User/login", "GET /Api/User/get_user_details"] {
            assert!(log.contains(&format!("\"endpoint\":\"{endpoint}\"")), "{log}");
        }
        for secret in [&token, "abc12345", "xyz98765", &passcode] {
            assert_eq!(log.contains(secret), shows, "{secret} in {log}");
        }
    }
}

#[test]
fn what_has_begun_comes_to_its_end_and_a_second_order_cuts_it() {
    let folder = site();
    let slow = |served: &Served, delay: &str| {
        let mut stream = TcpStream::connect(&served.address).expect("a connection");
        let request = format!("GET /Api/User/get_user_details HTTP/1.1\r\nHost: x\r\nX-Docsim-Delay: {delay}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        while !served.ask("GET", "/__docsim/journal", "", "").contains("\"total\":1") {
            std::thread::yield_now(); // until it has been decided, and is kept back
        }
        stream
    };
    for signal in ["-TERM", "-INT"] {
        let mut served = Served::start(folder.path(), &["a.md"]);
        let mut stream = slow(&served, "700ms");
        served.signal(signal);
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("a reply");
        assert!(reply.starts_with("HTTP/1.1 200") && reply.ends_with('}'), "{reply}");
        assert_eq!(served.ended().0, Some(0));
    }
    let args = ["a.md", "--state", "world.json", "--limit", "drain-time=1h"];
    let mut served = Served::start(folder.path(), &args);
    served.make_account();
    let mut stream = slow(&served, "60s");
    served.signal("-TERM");
    served.wait_for("stopping");
    served.signal("-TERM");
    let (status, said) = served.ended();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("told to stop again") && said.contains("saved to world.json"), "{said}");
    assert_eq!(stream.read(&mut [0; 9]).unwrap_or(0), 0, "cut");
    let saved = std::fs::read_to_string(folder.path().join("world.json")).expect("a file");
    assert!(saved.contains("13800000000"), "{saved}");
}

/// T18: in the middle of a load, with idle, silent and stuck clients, an order to stop cuts no reply short and is followed
/// within the time that there is for it.
fn drains(round: usize) {
    let folder = site();
    let mut served = Served::start(folder.path(), &["a.md", "--limit", "requests-per-connection=1000000000"]);
    served.make_account();
    let address = served.address.clone();
    let ask = |stream: &mut TcpStream| -> Option<bool> {
        let body = "phone=13800000000&password=abc12345";
        let head = "POST /Api/User/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        // What cannot be sent, since the connection was closed between two requests, has no reply to be cut.
        if stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).is_err() {
            return Some(false);
        }
        let (mut reply, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut piece).unwrap_or(0);
            reply.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&reply);
            let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                length.is_some_and(|length: usize| body.len() >= length)
            });
            if whole {
                return Some(true);
            }
            if read == 0 {
                // Closed before a reply began is an answer, too; in the middle of one it is not.
                return reply.is_empty().then_some(false);
            }
        }
    };
    let mut idle = TcpStream::connect(&address).expect("a connection");
    assert_eq!(ask(&mut idle), Some(true));
    let silent = TcpStream::connect(&address).expect("a connection");
    let mut stuck = TcpStream::connect(&address).expect("a connection");
    stuck.write_all(b"POST /Api/User/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{").expect("sent");
    let mut half = TcpStream::connect(&address).expect("a connection");
    half.write_all(b"GET /Api/User/get_user_details HTT").expect("sent");
    let answered = std::sync::atomic::AtomicUsize::new(0);
    let begun = std::thread::scope(|scope| {
        let (ask, answered) = (&ask, &answered);
        // All are there before the first is answered: on a busy machine the order may come before a thread has begun.
        let streams: Vec<_> = (0..4).map(|_| TcpStream::connect(&address).expect("a connection")).collect();
        let workers: Vec<_> = streams
            .into_iter()
            .map(|mut stream| {
                scope.spawn(move || {
                    while ask(&mut stream).unwrap_or_else(|| panic!("round {round}: a reply was cut short or refused"))
                    {
                        answered.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                })
            })
            .collect();
        while answered.load(std::sync::atomic::Ordering::Relaxed) < 50 + 10 * (round % 20) {
            std::thread::yield_now();
        }
        served.signal("-TERM");
        let begun = std::time::Instant::now();
        for worker in workers {
            worker.join().expect("a client");
        }
        begun
    });
    let (status, said) = served.ended();
    assert_eq!(status, Some(0), "round {round}: {said}");
    assert!(begun.elapsed().as_secs_f64() < 6.5, "round {round}: {:?}", begun.elapsed());
    drop((idle, silent, stuck, half));
}

#[test]
fn no_reply_is_cut_short_by_an_order_to_stop() {
    std::thread::scope(|scope| {
        for round in 0..2 {
            scope.spawn(move || drains(round));
        }
    });
}

#[test]
#[ignore = "long: two minutes"]
fn no_reply_is_cut_short_by_five_hundred_orders_to_stop() {
    // Stuck clients are waited for, so many rounds go on at once.
    std::thread::scope(|scope| {
        for thread in 0..20 {
            scope.spawn(move || (0..25).for_each(|round| drains(thread * 25 + round)));
        }
    });
}

/// A disk without room: the world as it was saved before stays.
#[test]
fn what_cannot_be_saved_leaves_what_was_saved_before() {
    let folder = site();
    let state = ["a.md", "--state", "world.json"];
    let served = Served::start(folder.path(), &state);
    served.make_account();
    served.terminate();
    let before = std::fs::read(folder.path().join("world.json")).expect("a file");
    // No file may grow, and it is an error, not a signal.
    let mut served = Served::start_under("trap '' XFSZ; ulimit -f 0", folder.path(), &state);
    served.form("/Api/User/login", "phone=13800000000&password=abc12345");
    served.signal("-TERM");
    let (status, said) = served.ended();
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("docsim: the default world could not be saved to world.json"), "{said}");
    assert!(said.contains("as it was before"), "{said}");
    assert_eq!(std::fs::read(folder.path().join("world.json")).expect("a file"), before);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|one| one.file_name()).collect();
    assert_eq!(left.len(), 2, "nothing half written is left: {left:?}");
}

#[test]
fn a_world_is_read_from_a_file_only() {
    let folder = site();
    for state in ["/dev/zero", "."] {
        let args = ["serve", "a.md", "--listen", "127.0.0.1:0", "--state", state];
        let output = crate::cli::docsim(folder.path(), &args);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(&format!("docsim: --state {state}: this is no file")), "{said}");
    }
}

/// A log that has no room is no reason to stop.
#[test]
fn a_log_that_is_full_stops_nothing() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return; // only Linux has one
    }
    let folder = site();
    // Where it listens cannot be read, so it has to be told.
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let address = format!("127.0.0.1:{port}");
    let log = std::fs::OpenOptions::new().write(true).open(full).expect("a device");
    let mut child = Command::new(env!("CARGO_BIN_EXE_docsim"))
        .args(["serve", "a.md", "--listen", &address, "--log-level", "debug"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the binary runs");
    let mut stream = loop {
        assert!(child.try_wait().expect("a child").is_none(), "it ended");
        match TcpStream::connect(&address) {
            Ok(stream) => break stream,
            Err(_) => std::thread::yield_now(),
        }
    };
    for _ in 0..3 {
        stream.write_all(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        let mut reply = [0; 12];
        stream.read_exact(&mut reply).expect("a reply");
        assert_eq!(&reply, b"HTTP/1.1 404");
        let mut rest = [0; 4096];
        let _ = stream.read(&mut rest).expect("the rest");
    }
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

/// T19: no descriptor is left. What is open goes on, it is said why, and when there are some again all is as before; a
/// document that was saved meanwhile is live.
#[test]
fn without_descriptors_it_says_so_and_recovers() {
    let folder = site();
    let mut served = Served::start_under("ulimit -n 48", folder.path(), &["a.md"]);
    served.make_account();
    let ask = |stream: &mut TcpStream| {
        let body = "phone=13800000000&password=abc12345";
        let head = "POST /Api/User/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        let length = body.len();
        stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes()).expect("sent");
        let mut reply = [0; 4096];
        let read = stream.read(&mut reply).expect("a reply");
        String::from_utf8_lossy(&reply[..read]).into_owned()
    };
    let mut first = TcpStream::connect(&served.address).expect("a connection");
    assert!(ask(&mut first).contains("登录成功"));
    let many: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(&served.address).expect("a connection")).collect();
    served.wait_for("cannot accept connections for now");
    assert!(ask(&mut first).contains("登录成功"), "what is open is served");
    let text = std::fs::read_to_string(folder.path().join("a.md")).expect("a document");
    std::fs::write(folder.path().join("a.md"), text.replace("登录成功", "欢迎回来")).expect("saved");
    let told = served.wait_for("what was read before is served");
    assert!(told.contains("a.md") && told.contains("Too many open files"), "{told}");
    assert!(ask(&mut first).contains("登录成功"), "as it was read before");
    drop(many);
    let reloaded = served.wait_for("reloaded");
    assert!(reloaded.contains("reloaded  9 endpoints"), "{reloaded}");
    let begun = std::time::Instant::now();
    while served.login()["info"] != "欢迎回来" {
        assert!(begun.elapsed().as_secs() < 30, "what was saved meanwhile is not live");
    }
    served.terminate();
}

/// The folder of `--state` is looked at when there is still something to mend, not when the world is at its end.
#[test]
fn a_world_that_could_not_be_saved_is_no_start() {
    let folder = site();
    let refused = |state: &str, wanted: &str| {
        let args = ["serve", "a.md", "--listen", "127.0.0.1:0", "--state", state];
        let output = crate::cli::docsim(folder.path(), &args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("docsim: --state {state}: ")) && said.contains(wanted), "{said}");
    };
    refused("nowhere/world.json", "there is no such folder");
    refused("a.md/world.json", "a.md");
    std::os::unix::fs::symlink("b", folder.path().join("a")).expect("a link");
    std::os::unix::fs::symlink("a", folder.path().join("b")).expect("a link");
    refused("a", "links");
    let served = Served::start(folder.path(), &["a.md", "--state", "world.json"]);
    refused("world.json", "another docsim keeps its world in it");
    refused("./world.json", "another docsim keeps its world in it");
    served.terminate();
    Served::start(folder.path(), &["a.md", "--state", "world.json"]).terminate();
    assert!(!folder.path().join("world.json.lock").exists());
}

#[test]
fn a_link_to_a_world_stays_one() {
    let folder = site();
    std::fs::create_dir(folder.path().join("kept")).expect("a folder");
    std::os::unix::fs::symlink("kept/world.json", folder.path().join("link.json")).expect("a link");
    for _ in 0..2 {
        let served = Served::start(folder.path(), &["a.md", "--state", "link.json"]);
        served.make_account();
        served.terminate();
        assert!(folder.path().join("link.json").is_symlink());
        let kept = std::fs::read_to_string(folder.path().join("kept/world.json")).expect("a world");
        assert!(kept.contains("13800000000"), "{kept}");
    }
}

/// The terminal has gone: an order to stop like any other, but for who asked not to be told.
#[test]
#[allow(clippy::print_stdout, reason = "what is left out is said")]
fn a_terminal_that_goes_takes_no_world_with_it() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default().trim();
    if u64::from_str_radix(ignored, 16).is_ok_and(|signals| signals & 1 != 0) {
        println!(
            "left out: these tests were started so that a terminal's end is ignored (nohup), and so would the program be"
        );
        return;
    }
    let folder = site();
    let mut served = Served::start(folder.path(), &["a.md", "--state", "world.json"]);
    served.make_account();
    served.signal("-HUP");
    let (status, said) = served.ended();
    assert!(status == Some(0) && said.contains("saved to world.json"), "{status:?} {said}");
    if Path::new("/proc/self/status").exists() {
        let served = Served::start_under("trap '' HUP", folder.path(), &["a.md"]);
        served.signal("-HUP");
        served.make_account();
        served.terminate();
    }
}
