//! The binary as its users run it: exit status, what it says, and a save that goes live.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const DOCUMENT: &str = include_str!("../cases/documents/driver_app.md");

pub(crate) fn docsim(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docsim")).args(args).current_dir(folder).output().expect("the binary runs")
}

/// Runs in a folder with these files; gives the exit status and all that was said.
fn said(files: &[(&str, &[u8])], args: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    }
    let output = docsim(folder.path(), args);
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("what is said is UTF-8")).concat();
    (output.status.code().unwrap_or(-1), text)
}

#[track_caller]
fn check(files: &[(&str, &[u8])], args: &[&str], status: i32, wanted: &[&str]) {
    let (found, text) = said(files, args);
    assert_eq!(found, status, "{args:?}: {text}");
    for wanted in wanted {
        assert!(text.contains(wanted), "{args:?}: no {wanted:?} in: {text}");
    }
}

#[test]
fn wrong_usage_and_unreadable_input_are_2() {
    check(&[], &["serve", "nowhere"], 2, &["nowhere does not exist"]);
    check(&[("docs/readme.rst", b"x")], &["serve", "docs"], 2, &["holds no documents", ".md"]);
    check(&[("docs/a.md", b"# only prose\n")], &["serve", "docs"], 2, &["no endpoint is documented in docs", "+++"]);
    let binary: Vec<u8> = (0..4000_u32).flat_map(u32::to_le_bytes).collect();
    check(&[("a.md", &binary)], &["check", "a.md"], 2, &["a.md is no text"]);
    check(&[("a.md", DOCUMENT.as_bytes())], &["check", "--denny", "a.md"], 2, &["--denny", "--deny"]);
    check(
        &[("a.md", DOCUMENT.as_bytes())],
        &["explain", "a.md", "用户登陆"],
        2,
        &["no endpoint is called", "用户登录"],
    );
    check(&[], &["serve", "--clock", "noon"], 2, &["--clock noon", "2026-01-31"]);
    check(&[], &["serve", "--listen", "nonsense"], 2, &["--listen", "127.0.0.1:3000, or the port alone"]);
    check(&[], &["serve", "-p", "70000"], 2, &["127.0.0.1:3000, or the port alone"]);
}

#[test]
fn what_is_checked_and_found_wanting_is_1() {
    check(&[("a.md", DOCUMENT.as_bytes())], &["check", "a.md"], 0, &["13 warnings", "a.md:35:1"]);
    check(&[("a.md", DOCUMENT.as_bytes())], &["check", "--deny", "warnings", "a.md"], 1, &["13 warnings"]);
    let twice =
        "## A\n+++\npost:/a\n<<<\nsuccess\n{\"code\":0}\n+++\n## B\n+++\npost:/a\n<<<\nsuccess\n{\"code\":0}\n+++\n";
    check(
        &[("a.md", twice.as_bytes())],
        &["check", "a.md"],
        1,
        &["duplicate-endpoint", "first documented here", "a.md:10:1"],
    );
    let config: (&str, &[u8]) = ("docs/docsim.toml", b"[rules]\njson-coment = \"allow\"\n");
    check(
        &[("docs/a.md", DOCUMENT.as_bytes()), config],
        &["check", "docs"],
        1,
        &["docs/docsim.toml:2:1", "json-comment"],
    );
    let config: (&str, &[u8]) = ("docs/docsim.toml", &[0; 4_000]);
    check(
        &[("docs/a.md", DOCUMENT.as_bytes()), config],
        &["check", "docs"],
        1,
        &["docs/docsim.toml is no text of a configuration", "docs/docsim.toml:1:1"],
    );
}

#[test]
fn results_are_json_where_asked() {
    let (status, text) = said(&[("a.md", DOCUMENT.as_bytes())], &["check", "--format", "json", "a.md"]);
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON alone");
    assert_eq!((status, found["endpoints"].as_u64()), (0, Some(9)));
    let first = &found["diagnostics"][0];
    for member in ["rule", "severity", "message", "help", "file", "line", "column", "endpoint"] {
        assert!(first.get(member).is_some(), "no {member} in {first}");
    }
    let (_, text) = said(&[("a.md", DOCUMENT.as_bytes())], &["explain", "--format", "json", "a.md"]);
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON alone");
    let login = &found["endpoints"][3];
    assert_eq!((login["id"].as_str(), login["operation"].as_str()), (Some("POST /Api/User/login"), Some("login")));
    assert_eq!(login["codes"]["1010"], "账号密码错误");
    assert_eq!(login["checks"][0]["line"], 112);
}

/// A running server, ended when it is dropped.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) address: String,
    said: BufReader<std::process::ChildStderr>,
}

impl Served {
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docsim"));
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::run(command, folder, args)
    }

    /// Under limits that the shell sets first.
    #[cfg(unix)]
    pub(crate) fn start_under(limits: &str, folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("{limits}; exec \"$0\" serve --listen 127.0.0.1:0 \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_docsim")]);
        Self::run(command, folder, args)
    }

    fn run(mut command: Command, folder: &Path, args: &[&str]) -> Self {
        let mut child = command
            .args(args)
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut said = BufReader::new(child.stderr.take().expect("stderr"));
        let address = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).expect("stderr") > 0, "it ended without saying where it is");
            if let Some((_, after)) = line.split_once("http://") {
                break after.split([' ', '"', '\n']).next().expect("an address").to_owned();
            }
        };
        Self { child, address, said }
    }

    /// One request on a connection of its own; the reply's body.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("a reply");
        reply.split_once("\r\n\r\n").map_or(reply.clone(), |(_, body)| body.to_owned())
    }

    pub(crate) fn form(&self, target: &str, body: &str) -> String {
        self.ask("POST", target, "Content-Type: application/x-www-form-urlencoded\r\n", body)
    }

    pub(crate) fn login(&self) -> serde_json::Value {
        let reply = self.form("/Api/User/login", "phone=13800000000&password=abc12345");
        serde_json::from_str(&reply).expect("JSON")
    }

    pub(crate) fn make_account(&self) {
        let account = r#"{"identity":"13800000000","password":"abc12345"}"#;
        self.ask("POST", "/__docsim/accounts", "Content-Type: application/json\r\n", account);
    }

    /// Reads what is said until a line has this in it.
    pub(crate) fn wait_for(&mut self, wanted: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.said.read_line(&mut line).expect("stderr") > 0, "it ended without saying {wanted}");
            if line.contains(wanted) {
                return line;
            }
        }
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().expect("kill").success());
    }

    /// Reads on what is said and forgets it, so that whoever says it need not wait.
    #[cfg(unix)]
    pub(crate) fn drain(&mut self) {
        let said = self.said.get_mut().as_fd().try_clone_to_owned().expect("a descriptor");
        std::thread::spawn(move || std::io::copy(&mut std::fs::File::from(said), &mut std::io::sink()));
    }

    /// Waits for the end; the exit status, and what was said until then.
    pub(crate) fn ended(&mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).expect("stderr");
        (self.child.wait().expect("an end").code(), rest)
    }

    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> String {
        self.signal("-TERM");
        let (status, rest) = self.ended();
        assert_eq!(status, Some(0), "{rest}");
        rest
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.md"), DOCUMENT).expect("a file");
    folder
}

#[test]
fn a_save_is_live_and_nobody_is_logged_out() {
    let folder = site();
    let mut served = Served::start(folder.path(), &["a.md"]);
    served.make_account();
    let token = served.login()["data"]["token"].as_str().expect("a token").to_owned();
    std::fs::write(folder.path().join("a.md"), DOCUMENT.replace("登录成功", "欢迎回来")).expect("saved");
    served.wait_for("reloaded");
    assert_eq!(served.login()["info"], "欢迎回来");
    let details = served.ask("GET", &format!("/Api/User/get_user_details?token={token}"), "", "");
    assert!(details.contains("\"code\":1000"), "{details}");
    let health = |served: &Served| served.ask("GET", "/__docsim/health", "", "");
    assert!(health(&served).contains("\"problems\":[]"), "{}", health(&served));
    // A bad save: the block of the login loses its request line. What worked goes on.
    std::fs::write(folder.path().join("a.md"), DOCUMENT.replace("post:Api/User/login\n", "")).expect("saved");
    served.wait_for("served as it stood before");
    assert!(health(&served).contains(r#""problems":[{"rule":"last-good-kept","count":1}]"#), "{}", health(&served));
    assert_eq!(served.login()["info"], "欢迎回来");
}

#[cfg(unix)]
#[test]
fn a_port_in_use_is_said_and_a_world_outlives_its_server() {
    let folder = site();
    let served = Served::start(folder.path(), &["a.md", "--state", "world.json"]);
    let port = served.address.rsplit_once(':').expect("a port").1;
    let taken = docsim(folder.path(), &["serve", "a.md", "--port", port]);
    let text = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert_eq!(taken.status.code(), Some(2), "{text}");
    assert!(text.contains("in use by another program"), "{text}");
    served.make_account();
    let token = served.login()["data"]["token"].as_str().expect("a token").to_owned();
    assert!(served.terminate().contains("saved to world.json"));
    let again = Served::start(folder.path(), &["a.md", "--state", "world.json"]);
    let details = again.ask("GET", &format!("/Api/User/get_user_details?token={token}"), "", "");
    assert!(details.contains("\"account\":\"13800000000\""), "{details}");
    drop(again);
    std::fs::write(folder.path().join("world.json"), "{\"format\":\"docsim-world\"}").expect("a file");
    let refused = docsim(folder.path(), &["serve", "a.md", "--state", "world.json", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("left as it is"));
}

/// Where the start says to look, what it counted is found.
#[test]
fn the_start_names_the_configuration_that_it_was_given() {
    let folder = site();
    std::fs::write(folder.path().join("other.toml"), "[rules]\nnothing = \"allow\"\n").expect("a file");
    let args = ["serve", "a.md", "--config", "other.toml", "--listen", "127.0.0.1:0"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_docsim"))
        .args(args)
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let said = BufReader::new(child.stderr.take().expect("stderr"));
    let line = said.lines().map_while(Result::ok).find(|line| line.contains("docsim check"));
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.is_some_and(|line| line.ends_with("docsim check --config other.toml a.md")));
}

#[test]
fn no_reply_fails_or_mixes_versions_while_documents_are_saved() {
    let folder = site();
    let served = Served::start(folder.path(), &["a.md"]);
    served.make_account();
    let versions: Vec<String> = (0..6).map(|at| format!("第{at}版")).collect();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let replies = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    let reply = served.login();
                    // Both the success's words and the field's name change with each version, together.
                    let info = reply["info"].as_str().unwrap_or_default();
                    let member =
                        if info == "登录成功" { "authenticationState".to_owned() } else { format!("flag{info}") };
                    assert!(reply["data"].get(&member).is_some(), "{reply}");
                    replies.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
        for version in &versions {
            let text = DOCUMENT.replace("登录成功", version).replace("authenticationState", &format!("flag{version}"));
            std::fs::write(folder.path().join("a.md"), text).expect("saved");
            let begun = Instant::now();
            while served.login()["info"] != **version {
                assert!(begun.elapsed() < Duration::from_secs(30), "{version} is not live");
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(replies.into_inner() > versions.len());
}
