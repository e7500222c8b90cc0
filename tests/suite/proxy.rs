//! `proxy` over real sockets: what the backend has goes through as it is and is held against the documents, what it lacks is
//! simulated for the same callers, and no page gets further than it should.

use crate::backend;
use crate::server::{Answer, answer_of};
use docsim::client::{self, Client, Target};
use docsim::generation::Generation;
use docsim::http::guard::AdminPolicy;
use docsim::http::origin::{Host, Origin};
use docsim::http::proxy::{Desk, Front, Proxy, Recorder};
use docsim::http::{App, Options, bind, cors::CorsPolicy, serve};
use docsim::load;
use docsim::world::{Worlds, WorldsConfig};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::sync::watch;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const PHONE: &str = "13812345678";
const PASSWORD: &str = "s3cret77";

pub(crate) struct Proxied {
    front: SocketAddr,
    desk: SocketAddr,
    runtime: tokio::runtime::Runtime,
}

pub(crate) fn documents() -> Arc<Generation> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = [root.join("api-docs"), root.join("tests/cases/proxy/points.md")];
    Arc::new(Generation::of_loaded(&load::load(&paths, None).unwrap(), None))
}

impl Proxied {
    pub(crate) fn before(target: &str) -> Self {
        Self::with(target, &[], client::Options::default())
    }

    pub(crate) fn with(target: &str, mocked: &[&str], options: client::Options) -> Self {
        Self::recording(target, mocked, options, None)
    }

    pub(crate) fn recording(
        target: &str,
        mocked: &[&str],
        options: client::Options,
        recorder: Option<Arc<Recorder>>,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let client = Client::new(Target::parse(target).unwrap(), options).unwrap();
        let (front, desk) = runtime.block_on(async {
            let listen = async || bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
            let (front, desk) = (listen().await, listen().await);
            let at = |listener: &tokio::net::TcpListener| listener.local_addr().unwrap();
            let addresses = (at(&front), at(&desk));
            let mocked = mocked.iter().map(|name| (*name).to_owned()).collect();
            let proxy = Proxy::new(client, mocked, addresses.0, addresses.1);
            let proxy = match recorder {
                Some(recorder) => proxy.recording(recorder),
                None => proxy,
            };
            let options = Options {
                admin: AdminPolicy { allowed_hosts: vec![Host::parse("dev.box").unwrap()], token: None },
                cors: CorsPolicy { allowed_origins: vec![Origin::parse("https://app.example").unwrap()] },
                proxy: Some(Arc::new(proxy)),
                ..Options::default()
            };
            let limits = options.limits.clone();
            let (sender, newest) = watch::channel(documents());
            let app = Arc::new(App::new(newest, Worlds::new(WorldsConfig::default(), Box::new(|_| ())), options));
            tokio::spawn({
                let (app, limits) = (Arc::clone(&app), limits.clone());
                async move { serve(front, Arc::new(Front(app)), limits, std::future::pending()).await }
            });
            tokio::spawn(async move {
                let _sender = sender;
                serve(desk, Arc::new(Desk(app)), limits, std::future::pending()).await
            });
            addresses
        });
        Self { front, desk, runtime }
    }

    pub(crate) fn front(&self) -> SocketAddr {
        self.front
    }

    pub(crate) fn runtime(&self) -> &tokio::runtime::Runtime {
        &self.runtime
    }

    pub(crate) fn desk(&self) -> SocketAddr {
        self.desk
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        ask(self.front, method, path, headers, body)
    }

    fn form(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[FORM], body)
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ask(self.desk, method, &format!("/__docsim/{path}"), &[("Content-Type", "application/json")], &body)
    }

    /// Through the backend; its token.
    fn register(&self) -> String {
        let body = format!("phone={PHONE}&code={}&password={PASSWORD}&RegistrationID=100d855909", backend::PASSCODE);
        let answer = self.form("/Api/User/register", &body);
        assert_eq!(answer.header("x-docsim-answered-by"), "backend");
        answer.json()["data"]["token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    }
}

pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let host = address.to_string();
    let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
    let own = [("Host", host.as_str())];
    let headers = if has_host { &[][..] } else { &own[..] }.iter().chain(headers);
    let lines: Vec<String> = headers.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let lines = lines.concat();
    let length = body.len();
    answer_of(&raw(
        address,
        &format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{lines}\r\n{body}"),
    ))
}

pub(crate) fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    String::from_utf8_lossy(&all).into_owned()
}

/// A backend that answers every request with these bytes, and hands on what it was sent.
pub(crate) fn canned(reply: &'static [u8]) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            let _ = tell.send(format!("{head}{}", String::from_utf8_lossy(&body)));
            let mut out = &stream;
            let _ = out.write_all(reply);
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    });
    (target, told)
}

fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn what_the_backend_says_goes_through_as_it_is() {
    let (target, told) = canned(
        b"HTTP/1.1 418 Teapot\r\nContent-Type: image/png\r\nSet-Cookie: a=1; HttpOnly\r\nSet-Cookie: b=2\r\nX-Total: 7\r\n\
          X-Odd: caf\xe9\r\nKeep-Alive: timeout=5\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nVary: Cookie\r\nContent-Length: 5\r\n\r\n\x89P\0\xffG",
    );
    let proxied = Proxied::before(&format!("{target}/base"));
    let request = "PUT /some/page.png?x=1%202&y HTTP/1.1\r\nHost: localhost:1\r\nCookie: sid=1\r\nX-Mine: 1\r\nConnection: close, X-Gone\r\n\
                   X-Gone: 1\r\nX-Docsim-World: w\r\nUpgrade: h2c\r\nTE: trailers\r\nContent-Type: application/x-odd\r\nContent-Length: 3\r\n\r\na\0b";
    let mut stream = TcpStream::connect(proxied.front).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&all[..end]).to_ascii_lowercase();
    assert_eq!(&all[end + 4..], b"\x89P\0\xffG");
    assert!(head.starts_with("http/1.1 418"), "{head}");
    for line in
        ["content-type: image/png", "set-cookie: a=1; httponly", "set-cookie: b=2", "x-total: 7", "vary: cookie"]
    {
        assert!(head.lines().any(|known| known == line), "{line} in {head}");
    }
    assert!(all.windows(4).any(|four| four == b"caf\xe9"), "bytes that are no text stay what they are");
    assert!(!head.contains("x-hop") && !head.contains("keep-alive"), "{head}");
    let sent = told.recv().unwrap();
    assert!(sent.starts_with("PUT /base/some/page.png?x=1%202&y HTTP/1.1\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\na\0b"), "{sent}");
    let authority = target.strip_prefix("http://").unwrap();
    assert!(
        sent.contains(&format!("host: {authority}\r\n"))
            && sent.contains("cookie: sid=1")
            && sent.contains("x-mine: 1"),
        "{sent}"
    );
    for gone in ["x-gone", "x-docsim", "upgrade", "te:", "connection: close, x"] {
        assert!(!sent.to_ascii_lowercase().contains(gone), "{gone} in {sent}");
    }
}

#[test]
fn a_redirect_is_the_clients_to_follow() {
    let (target, told) =
        canned(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let proxied = Proxied::before(&target);
    let answer = proxied.ask("GET", "/page", &[], "");
    assert_eq!((answer.status, answer.header("location")), (302, "http://127.0.0.1:9/elsewhere"));
    assert!(told.recv().is_ok() && told.try_recv().is_err(), "asked once");
    let journal = proxied.admin("GET", "journal", &Value::Null).json();
    assert_eq!(journal["items"][0]["reply"], json!({ "http_status": 302, "body": "" }));
}

#[test]
fn a_right_backend_shows_no_drift_and_wrong_ones_are_named() {
    let walk = |twist: &str| -> Vec<(String, String)> {
        let proxied = Proxied::before(&format!("http://{}", backend::start(twist)));
        let token = proxied.register();
        let login = format!("phone={PHONE}&password={PASSWORD}");
        let answers = [
            proxied.form("/Api/User/register", "phone=13812345670&code=1&password=abc12345&RegistrationID=1a"),
            proxied.form("/Api/User/login", &login),
            proxied.form("/Api/User/login", "phone=13812345678&password=wrong777"),
            proxied.ask("GET", &format!("/Api/User/get_user_details?token={token}"), &[], ""),
            proxied.ask("GET", "/Api/User/get_user_details?token=nobodys", &[], ""),
            proxied.ask("GET", &format!("/Api/User/getVerification/token/{token}"), &[], ""),
            proxied.ask("GET", &format!("/Api/User/exit_login?token={token}"), &[], ""),
        ];
        let journal = proxied.admin("GET", "journal", &Value::Null).json();
        let drawn = journal["items"].to_string();
        assert!(journal["items"].as_array().unwrap().iter().all(|item| item["answered_by"] == "backend"), "{drawn}");
        let drifts: Vec<String> =
            journal["items"].as_array().unwrap().iter().map(|item| item["drift"].to_string()).collect();
        assert!(!drifts.concat().contains(PASSWORD), "{drifts:?}");
        let own = |answer: Answer| {
            (answer.header("x-docsim-endpoint").to_owned(), answer.header("x-docsim-drift").to_owned())
        };
        answers.into_iter().map(own).filter(|(_, drift)| !drift.is_empty()).collect()
    };
    for right in ["", "pretty", "headers", "errors-are-400", "hex-ids"] {
        assert_eq!(walk(right), [], "{right}");
    }
    for (bug, action, wanted) in [
        ("id-number", "get_user_details", "type at $.data._id: the documents have string, the backend number"),
        ("leaks-password", "get_user_details", "extra-member at $.data.password"),
        ("nulls", "get_user_details", "type at $.data.portrait: the documents have an empty string"),
        ("other-words", "register", "message at $.info: the documents have"),
        ("no-state", "getVerification", "missing-member at $.state"),
        ("html", "exit_login", "body at the body"),
        ("token-renamed", "login", "missing-member at $.data.token"),
    ] {
        let found = walk(bug);
        let named = |(endpoint, drift): &(String, String)| endpoint.contains(action) && drift.contains(wanted);
        assert!(found.iter().any(named), "{bug}: {found:?}");
        assert!(found.iter().all(|(endpoint, _)| endpoint.contains(action)), "{bug}: {found:?}");
    }
}

#[test]
fn what_the_backend_lacks_is_simulated_for_the_same_caller() {
    let proxied = Proxied::before(&format!("http://{}", backend::start("")));
    let token = proxied.register();
    let points = proxied.ask("GET", &format!("/Api/User/get_points?token={token}"), &[], "");
    assert_eq!(points.header("x-docsim-answered-by"), "simulated");
    assert_eq!((points.status, points.json()["code"].as_i64()), (200, Some(1000)), "{}", points.text);
    let journal = proxied.admin("GET", "journal?limit=1", &Value::Null).json();
    assert_eq!(journal["items"][0]["because"], "the backend answers 404");
    let unknown = proxied.ask("GET", "/nothing/here", &[], "");
    assert_eq!(
        (unknown.status, unknown.header("x-docsim-answered-by")),
        (200, "backend"),
        "its own word: {}",
        unknown.text
    );
}

#[test]
fn the_world_follows_who_logs_in_and_out_at_the_backend() {
    let target = format!("http://{}", backend::start(""));
    let proxied = Proxied::with(&target, &["获取用户积分"], client::Options::default());
    let points = |token: &str| {
        proxied.ask("GET", &format!("/Api/User/get_points?token={token}"), &[], "").json()["code"].clone()
    };
    let first = proxied.register();
    let login = proxied.form("/Api/User/login", &format!("phone={PHONE}&password={PASSWORD}"));
    let second = login.json()["data"]["token"].as_str().unwrap().to_owned();
    assert_eq!([points(&first), points(&second), points("nobodys")], [1000, 1000, 999]);
    let accounts = proxied.admin("GET", "accounts", &Value::Null).json();
    assert_eq!(
        (accounts["total"].as_i64(), accounts["items"][0]["identity"].as_str()),
        (Some(1), Some(PHONE)),
        "{accounts}"
    );
    proxied.ask("GET", &format!("/Api/User/exit_login?token={first}"), &[], "");
    assert_eq!([points(&first), points(&second)], [999, 1000]);
    let reset = format!("account={PHONE}&phone_code={}&new_password=other123", backend::PASSCODE);
    assert_eq!(proxied.form("/Api/User/retrieve_password", &reset).json()["code"], 1000);
    assert_eq!(points(&second), 999, "as the backend has it, a reset ends all sessions");
}

#[test]
fn who_logged_in_before_the_proxy_came_is_known_once_the_backend_accepts_the_token() {
    let target = format!("http://{}", backend::start(""));
    let token = Proxied::before(&target).register();
    let proxied = Proxied::with(&target, &["获取用户积分"], client::Options::default());
    let points = || {
        let path = format!("/Api/User/get_points?token={token}");
        proxied.ask("GET", &path, &[], "").json()["code"].clone()
    };
    assert_eq!(points(), 999, "nobody has heard of it yet");
    let details = proxied.ask("GET", &format!("/Api/User/get_user_details?token={token}"), &[], "");
    assert_eq!(details.json()["code"], 1000, "{}", details.text);
    assert_eq!(points(), 1000);
    proxied.ask("GET", "/Api/User/get_user_details?token=nobodys", &[], "");
    assert_eq!(proxied.admin("GET", "accounts", &Value::Null).json()["total"], 1);
}

#[test]
fn without_a_backend_all_is_simulated() {
    for target in
        [nobody(), { canned(b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").0 }]
    {
        let proxied = Proxied::before(&target);
        let code =
            proxied.admin("POST", "codes", &json!({ "phone": PHONE })).json()["code"].as_str().unwrap().to_owned();
        let body = format!("phone={PHONE}&code={code}&password={PASSWORD}&RegistrationID=1a");
        let answer = proxied.form("/Api/User/register", &body);
        assert_eq!((answer.json()["code"].as_i64(), answer.header("x-docsim-answered-by")), (Some(1000), "simulated"));
    }
    let away = Proxied::before(&nobody()).ask("GET", "/style.css", &[], "");
    assert_eq!((away.status, away.header("x-docsim-answered-by")), (502, "docsim"));
    assert!(away.json()["detail"].as_str().unwrap().contains("nothing answers there"), "{}", away.text);
}

#[test]
fn a_documented_404_is_the_endpoints_own_word() {
    let (target, _told) = canned(
        b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 52\r\nConnection: close\r\n\r\n\
          {\"data\":\"\",\"info\":\"a\",\"code\":1010,\"state\":2}         ",
    );
    let proxied = Proxied::before(&target);
    let answer = proxied.form("/Api/User/login", &format!("phone={PHONE}&password={PASSWORD}"));
    assert_eq!((answer.status, answer.header("x-docsim-answered-by")), (404, "backend"));
}

#[test]
fn endpoints_named_are_simulated_whatever_the_backend_has() {
    let target = format!("http://{}", backend::start(""));
    let proxied = Proxied::with(&target, &["POST /Api/User/login"], client::Options::default());
    proxied.register();
    let login = |password: &str| proxied.form("/Api/User/login", &format!("phone={PHONE}&password={password}"));
    let answer = login(PASSWORD);
    assert_eq!((answer.json()["code"].as_i64(), answer.header("x-docsim-answered-by")), (Some(1000), "simulated"));
    assert_eq!(login("wrong777").json()["code"], 1010, "the password that the backend took is known");
}

#[test]
fn a_reply_that_does_not_come_is_said_so() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", silent.local_addr().unwrap());
    let options = client::Options { timeout: Duration::from_millis(50), ..client::Options::default() };
    let answer = Proxied::with(&target, &[], options).ask("GET", "/slow", &[], "");
    assert_eq!((answer.status, answer.header("x-docsim-answered-by")), (504, "docsim"));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.contains(&target) && detail.contains("no reply within 0.05 s") && detail.contains("--timeout"),
        "{detail}"
    );

    let (target, _told) = canned(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n123");
    let answer = Proxied::before(&target).ask("GET", "/half", &[], "");
    assert_eq!(answer.status, 502);
    assert!(answer.text.contains("broke off"), "{}", answer.text);
    let answer = Proxied::before(&target).ask("POST", "/large", &[], &"x".repeat(3 << 20));
    assert_eq!(answer.status, 413, "{}", answer.text);
}

#[test]
fn the_guard_stands_before_every_path_and_the_admin_interface_elsewhere() {
    let (target, told) = canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    let proxied = Proxied::before(&target);
    for path in ["/page", "/Api/User/login", "/__docsim/health", "/@a/__docsim/state"] {
        let answer = proxied.ask("GET", path, &[("Host", "attacker.com"), ("Origin", "http://attacker.com")], "");
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, ""), "{path}");
    }
    let preflight =
        [("Host", "attacker.com"), ("Origin", "http://attacker.com"), ("Access-Control-Request-Method", "PUT")];
    assert_eq!(proxied.ask("OPTIONS", "/page", &preflight, "").status, 403);
    let absolute =
        raw(proxied.front, "GET http://attacker.com/page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(absolute.starts_with("HTTP/1.1 403"), "{absolute}");
    for path in ["/__docsim/health", "/__docsim/", "/__docsim", "/@a/__docsim/state", "/__docsim/accounts"] {
        let answer = proxied.ask("GET", path, &[], "");
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text.contains("an address of its own"), "{}", answer.text);
    }
    assert!(told.try_recv().is_err(), "none of it reached the backend");
    for host in ["localhost:3000", "127.0.0.1", "[::1]:1", "dev.box"] {
        assert_eq!(proxied.ask("GET", "/@vite/client", &[("Host", host)], "").status, 200, "{host}");
        assert!(told.recv().unwrap().starts_with("GET /@vite/client "), "a path of the backend's own");
    }
    assert_eq!(proxied.admin("GET", "health", &Value::Null).json()["status"], "ok");
    assert_eq!(ask(proxied.desk, "POST", "/Api/User/login", &[], "").status, 404);
    assert_eq!(ask(proxied.desk, "GET", "/__docsim/state", &[("Host", "attacker.com")], "").status, 403);
    drop(proxied.runtime);
}

#[test]
fn credentials_are_for_pages_of_this_machine_and_for_those_named() {
    let (target, _told) = canned(
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\n\
          Access-Control-Expose-Headers: X-Total\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    );
    let proxied = Proxied::before(&target);
    for (origin, credentials) in
        [("http://localhost:5173", "true"), ("https://app.example", "true"), ("https://attacker.com", ""), ("null", "")]
    {
        for (method, more) in [("GET", ("X-A", "1")), ("OPTIONS", ("Access-Control-Request-Method", "PUT"))] {
            let answer = proxied.ask(method, "/page", &[("Origin", origin), more], "");
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{method}");
            assert_eq!(answer.header("access-control-allow-credentials"), credentials, "{method} {origin}");
        }
    }
    let none = proxied.ask("GET", "/page", &[], "");
    assert_eq!((none.header("access-control-allow-origin"), none.header("access-control-allow-credentials")), ("", ""));
    let exposed = raw(
        proxied.front,
        "GET /page HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: close\r\n\r\n",
    );
    let exposed = exposed.to_ascii_lowercase();
    assert!(exposed.contains("expose-headers: x-total") && exposed.contains("x-docsim-drift"), "{exposed}");
}

#[test]
fn a_recording_has_no_secret_and_runs_again_at_the_backend_and_in_a_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new(&folder.path().join("new"), "20260101-090000").unwrap());
    let target = format!("http://{}", backend::start(""));
    let proxied = Proxied::recording(&target, &[], client::Options::default(), Some(Arc::clone(&recorder)));
    let first = proxied.register();
    let login = |password: &str| proxied.form("/Api/User/login", &format!("phone={PHONE}&password={password}"));
    let second = login(PASSWORD).json()["data"]["token"].as_str().unwrap().to_owned();
    login("wrong777");
    proxied.form("/Api/User/register", &format!("phone={PHONE}&code=13579&password={PASSWORD}&RegistrationID=1a"));
    proxied.ask("GET", &format!("/Api/User/get_user_details?token={second}"), &[], "");
    proxied.ask("GET", "/Api/User/get_user_details?token=0123456789abcdef", &[], "");
    let reset = format!("account={PHONE}&phone_code={}&new_password=other-888", backend::PASSCODE);
    proxied.form("/Api/User/retrieve_password", &reset);
    let third = login("other-888").json()["data"]["token"].as_str().unwrap().to_owned();
    proxied.ask("GET", &format!("/Api/User/exit_login?token={third}"), &[], "");
    proxied.ask("GET", &format!("/Api/User/get_user_details?token={third}"), &[], "");
    assert_eq!(recorder.write().unwrap(), (10, 0));
    let text = std::fs::read_to_string(recorder.file()).unwrap();
    for secret in
        [PASSWORD, "wrong777", "other-888", backend::PASSCODE, "13579", &*first, &*second, &*third, "0123456789abcdef"]
    {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    insta::assert_snapshot!("recording", text);
    let by_console = ask(proxied.desk, "GET", "/__docsim/scenario", &[], "");
    let steps = |text: &str| text.split_once("steps:").unwrap().1.to_owned();
    assert_eq!(steps(&by_console.text), steps(&text), "the console's button makes the same of the journal");
    let again = |stage: &dyn Fn() -> docsim::scenario::run::Stage| {
        let loaded = docsim::scenario::load::load(&[recorder.file().to_owned()]).unwrap();
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        let program = docsim::scenario::run::Program {
            generation: documents(),
            scenarios: Arc::new(loaded.scenarios),
            sources: Arc::new(loaded.sources),
        };
        let settings = docsim::scenario::run::Settings { jobs: 1, fail_fast: false };
        let ran = proxied.runtime.block_on(docsim::scenario::run::run(&program, Arc::new(stage()), &settings, |_| {}));
        assert!(ran.len() == 1 && ran[0].end.name() == "passed", "{ran:#?}");
    };
    again(&|| proxied.runtime.block_on(docsim::scenario::run::Stage::simulator(&documents(), 1)).unwrap());
    again(&|| {
        let client = Client::new(Target::parse(&target).unwrap(), client::Options::default()).unwrap();
        let hooks =
            docsim::scenario::run::Hooks { universal: Some(backend::PASSCODE.to_owned()), ..Default::default() };
        proxied.runtime.block_on(docsim::scenario::run::Stage::target(client, hooks)).unwrap()
    });
}
