//! The server from the outside: requests over a real socket to a document's API and to its admin interface.

use docsim::behavior::Overrides;
use docsim::generation::Generation;
use docsim::http::guard::AdminPolicy;
use docsim::http::{App, Limits, Options, Stopped, bind, serve};
use docsim::lexicon::Lexicon;
use docsim::source::Source;
use docsim::spec::Settings;
use docsim::world::{Worlds, WorldsConfig};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

const DOCUMENT: &str = r#"# 司机端

## 用户注册
+++
post:Api/User/register
*phone=手机号 #
*code=验证码 #
*password=密码 # //密码长度不可小于6位,大于16位
<<<
success
{"data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0ce2631"}, "info": "注册成功", "code": 1000, "state": 1}
<<<
error
{"data": "", "info": "该账号已存在", "code": 1007, "state": 2}
可能返回的错误:
代号 错误
1006 输入的信息不符合
1007 注册的账号已存在
1008 验证码有误
+++
## 用户登录
+++
post:Api/User/login
*phone=手机号 #
*password=密码 #
<<<
success
{"data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0ce2631"}, "info": "登录成功", "code": 1000, "state": 1}
<<<
error
{"data": "", "info": "账号或密码错误", "code": 1010, "state": 2}
可能返回的错误:
代号 错误
1006 账号密码格式不正确
1010 账号密码错误
+++
## 获取用户详细信息
+++
get:Api/User/get_user_details
*token=用户token #
<<<
success
{"data": {"_id": "261", "account": "15512345678", "integral": "1.10", "status": "0"//状态,0:正常使用,1冻结,2:未审核,3:审核未通过,4:审核中,5:假性删除
}, "info": "", "code": 1000, "state": 1}
<<<
error
{"data": "", "info": "用户未登录", "code": 999, "state": 2}
可能返回的错误:
代号 错误
999 用户未登录
+++
"#;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    generations: watch::Sender<Arc<Generation>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Stopped>>,
}

fn generation(number: u64, text: &str) -> Arc<Generation> {
    let sources = vec![Source::new("api-docs/司机.md", text)];
    let mut compiled = Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default());
    compiled.number = number;
    Arc::new(compiled)
}

pub(crate) fn start() -> Server {
    start_with(Options::default(), WorldsConfig::default())
}

pub(crate) fn start_documents(text: &str) -> Server {
    start_all(text, Options::default(), WorldsConfig::default())
}

pub(crate) fn start_with(options: Options, worlds: WorldsConfig) -> Server {
    start_all(DOCUMENT, options, worlds)
}

pub(crate) fn start_all(text: &str, options: Options, worlds: WorldsConfig) -> Server {
    let (generations, newest) = watch::channel(generation(1, text));
    let (stop, stopped) = oneshot::channel();
    let (tell, told) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let limits = options.limits.clone();
            let app = Arc::new(App::new(newest, Worlds::new(worlds, Box::new(|_| ())), options));
            serve(listener, app, limits, async {
                let _ = stopped.await;
            })
            .await
        })
    });
    Server { address: told.recv().unwrap(), generations, stop: Some(stop), thread: Some(thread) }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, wanted: &str) -> &str {
        self.headers.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }
}

impl Server {
    /// Takes another document into service.
    pub(crate) fn serve(&self, text: &str) {
        let number = self.generations.borrow().number + 1;
        self.generations.send(generation(number, text)).unwrap();
    }

    /// One request with headers of its own, and a body of that type; `Host` is there already.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = self.address.to_string();
        let is_host = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case("host");
        let own = [("Host", host.as_str())];
        let own = if headers.iter().any(|header| is_host(&header)) { &[] } else { &own[..] };
        let lines: Vec<String> =
            own.iter().chain(headers).map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        let lines = lines.concat();
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{lines}\r\n{body}"
        ))
    }

    pub(crate) fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        answer_of(&String::from_utf8(all).unwrap())
    }

    pub(crate) fn form(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], body)
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask(method, &admin_path(path), &[("Content-Type", "application/json")], &body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", &admin_path(path), &[], "")
    }

    /// Registers through the simulated API and returns the token.
    pub(crate) fn register(&self, prefix: &str, phone: &str) -> String {
        let code = self.ask(
            "POST",
            &format!("{prefix}/__docsim/codes"),
            &[("Content-Type", "application/json")],
            &json!({ "phone": phone }).to_string(),
        );
        assert_eq!(code.status, 201, "{}", code.text);
        let code = code.json()["code"].as_str().unwrap().to_owned();
        let path = format!("{prefix}/Api/User/register");
        let answer = self.form(&path, &format!("phone={phone}&code={code}&password=s3cret1"));
        answer.json()["data"]["token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    }
}

/// A reply as it came over the wire.
#[track_caller]
pub(crate) fn answer_of(all: &str) -> Answer {
    let (head, text) = all.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no reply: {all}"));
    let status = head[9..12].parse().unwrap();
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Answer { status, headers, text: text.to_owned() }
}

fn admin_path(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/__docsim/{path}") }
}

#[test]
fn an_account_is_registered_and_the_replies_say_why() {
    let server = start();
    let refused = server.form("/Api/User/register", "phone=13800000001&code=1&password=s3cret1");
    assert_eq!((refused.status, refused.json()["code"].as_i64()), (200, Some(1008)));
    assert_eq!(refused.header("x-docsim-endpoint"), "POST /Api/User/register");
    assert!(refused.header("x-docsim-rule").starts_with("1008 `code` "), "{}", refused.header("x-docsim-rule"));
    assert!(refused.header("x-docsim-source").starts_with("api-docs/%E5%8F%B8%E6%9C%BA.md:"));
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
    assert_eq!(refused.header("content-type"), "application/json; charset=utf-8");

    let token = server.register("", "13800000001");
    let details = server.ask("GET", &format!("/Api/User/get_user_details?token={token}"), &[], "");
    assert_eq!(details.json()["data"]["account"], "13800000001");
    assert!(details.header("x-docsim-rule").starts_with("1000 accepted"));
    let by_json = server.ask(
        "POST",
        "/Api/User/login",
        &[("Content-Type", "text/plain")],
        r#"{"phone":13800000001,"password":"s3cret1"}"#,
    );
    assert_eq!(by_json.json()["code"], 1000);
}

#[test]
fn worlds_are_named_by_prefix_or_header_and_know_nothing_of_each_other() {
    let server = start();
    let token = server.register("/@one", "13800000001");
    let details = |prefix: &str, world: &str| {
        let headers: &[(&str, &str)] = &[("X-Docsim-World", world)];
        let path = format!("{prefix}/Api/User/get_user_details?token={token}");
        server.ask("GET", &path, if world.is_empty() { &[] } else { headers }, "").json()["code"].as_i64()
    };
    assert_eq!(details("/@one", ""), Some(1000));
    assert_eq!(details("", "one"), Some(1000));
    assert_eq!(details("/@two", "one"), Some(999), "the prefix wins");
    assert_eq!(details("", ""), Some(999));
    let bad = server.ask("GET", "/@a%20b/Api/User/login", &[], "");
    assert_eq!(bad.status, 400);
    assert!(bad.json()["detail"].as_str().unwrap().contains("1 to 64"), "{}", bad.text);
    assert_eq!(server.get("/@one/__docsim/accounts").json()["total"], 1);
    assert_eq!(server.get("accounts").json()["total"], 0);
}

#[test]
fn looking_makes_no_world_and_head_changes_nothing() {
    let server = start();
    for path in ["accounts", "codes", "tokens", "clock", "state"] {
        assert_eq!(server.get(&format!("/@seen/__docsim/{path}")).status, 200, "{path}");
    }
    let head = server.ask("HEAD", "/@seen/Api/User/get_user_details", &[], "");
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert!(head.header("x-docsim-rule").starts_with("999 "));
    assert_eq!(server.get("worlds").json()["items"], json!([]));
    server.register("", "13800000001");
    let before = server.get("state").json();
    server.ask("HEAD", "/Api/User/get_user_details?token=x", &[], "");
    let after = server.get("state").json();
    assert_eq!(before["sequence"], after["sequence"]);
}

#[test]
fn strict_worlds_must_be_made_first() {
    let server = start_with(Options::default(), WorldsConfig { strict: true, ..WorldsConfig::default() });
    for path in ["/@new/__docsim/accounts", "/@new/Api/User/get_user_details"] {
        assert_eq!(server.ask("GET", path, &[], "").status, 404, "{path}");
    }
    assert_eq!(server.admin("POST", "worlds", &json!({ "name": "new" })).status, 201);
    assert_eq!(server.get("/@new/__docsim/accounts").status, 200);
}

#[test]
fn what_is_not_documented_is_told_with_the_nearest() {
    let server = start();
    let unknown = server.form("/Api/User/regster", "a=1");
    assert_eq!((unknown.status, unknown.header("content-type")), (404, "application/problem+json"));
    assert_eq!(unknown.json()["near"][0], json!({ "id": "POST /Api/User/register", "title": "用户注册" }));
    let wrong = server.ask("GET", "/Api/User/register", &[], "");
    assert_eq!((wrong.status, wrong.header("allow")), (405, "POST"));
    assert_eq!(wrong.json()["allowed"], json!(["POST"]));
    let options = server.ask("OPTIONS", "/Api/User/register", &[], "");
    assert_eq!((options.status, options.header("allow")), (204, "POST"));
    let traversal = server.ask("GET", "/../../../../etc/passwd", &[], "");
    assert_eq!(traversal.status, 404);
    let body = server.ask("POST", "/Api/User/login", &[("Content-Type", "application/json")], "{\"phone\":");
    assert_eq!(body.status, 400);
    assert_eq!((body.json()["line"].as_i64(), body.json()["column"].as_i64()), (Some(1), Some(9)));
}

#[test]
fn a_documented_reply_can_be_forced() {
    let server = start();
    let force = |name: &str| server.ask("POST", "/Api/User/register", &[("X-Docsim-Force", name)], "");
    assert_eq!(force("1007").json()["info"], "该账号已存在");
    assert_eq!(force("success").json()["data"]["token"], "90a7575397a7b2cd74901e0c5c3e72d0ce2631");
    assert_eq!(force("error#1").json()["code"], 1007);
    let unknown = force("4711");
    assert_eq!(unknown.status, 400);
    assert!(unknown.json()["replies"].as_array().unwrap().contains(&json!("1007")), "{}", unknown.text);
    assert_eq!(server.get("worlds").json()["total"], 0, "no state is touched");
    let late = server.ask("POST", "/Api/User/register", &[("X-Docsim-Delay", "61s")], "");
    assert_eq!(late.status, 400);
    let late = server.ask("POST", "/Api/User/register", &[("X-Docsim-Delay", "5ms")], "");
    assert_eq!(late.json()["code"], 1006);
}

#[test]
fn any_page_may_call_the_api_and_none_the_admin_interface() {
    let server = start();
    let origin = ("Origin", "https://shop.example");
    for (path, status) in [("/Api/User/get_user_details", 200), ("/nothing", 404), ("/@a%20b/x", 400)] {
        let answer = server.ask("GET", path, &[origin], "");
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, "https://shop.example"));
        assert!(answer.header("access-control-expose-headers").contains("X-Docsim-Rule"));
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
    for (path, world) in [("/@a%20b/__docsim/accounts", "x"), ("/@/__docsim/health", "x"), ("/__docsim/health", "a b")]
    {
        let answer = server.ask("GET", path, &[origin, ("X-Docsim-World", world)], "");
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, ""), "{path}");
    }
    let preflight = [origin, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "token")];
    let answer = server.ask("OPTIONS", "/Api/User/login", &preflight, "");
    assert_eq!((answer.status, answer.header("access-control-allow-headers")), (204, "token"));

    // Every route of the admin interface, as the interface itself lists them.
    let listed = server.get("nothing").json();
    let routes: Vec<&str> = listed["routes"].as_array().unwrap().iter().map(|route| route.as_str().unwrap()).collect();
    assert!(routes.len() >= 14, "{routes:?}");
    let state = server.get("state").text;
    let names = server.get("worlds").text;
    for route in routes {
        let (methods, path) = route.split_once(' ').unwrap();
        for prefix in ["", "/@other"] {
            let path = format!("{prefix}{}", path.replace("{id}", "1"));
            for method in methods.split('|').chain(["OPTIONS", "HEAD"]) {
                for foreign in [
                    ("Origin", "https://attacker.example"),
                    ("Origin", "null"),
                    ("Host", "attacker.example"),
                    ("Host", "localhost.attacker.example"),
                    ("Sec-Fetch-Site", "cross-site"),
                    ("Sec-Fetch-Site", "same-site"),
                ] {
                    let headers = [foreign, ("Content-Type", "application/json")];
                    let answer = server.ask(method, &path, &headers, r#"{"name":"x"}"#);
                    assert_eq!(answer.status, 403, "{method} {path} {foreign:?}");
                    assert_eq!(answer.header("access-control-allow-origin"), "");
                }
                let typed = server.ask(method, &path, &[("Content-Type", "text/plain")], r#"{"name":"x"}"#);
                assert_eq!(typed.status, 415, "{method} {path}");
            }
        }
    }
    assert_eq!((server.get("state").text, server.get("worlds").text), (state, names), "nothing was changed");
    let twice =
        format!("GET /__docsim/health HTTP/1.1\r\nHost: {0}\r\nHost: {0}\r\nConnection: close\r\n\r\n", server.address);
    assert_eq!(server.send(&twice).status, 403);
    let absolute = format!(
        "GET http://attacker.example/__docsim/health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.address
    );
    assert_eq!(server.send(&absolute).status, 403);
}

#[test]
fn beyond_loopback_the_admin_interface_asks_for_its_token() {
    let admin = AdminPolicy { token: Some("t0ken".into()), ..AdminPolicy::default() };
    let server = start_with(Options { admin, ..Options::default() }, WorldsConfig::default());
    assert_eq!(server.get("health").status, 200);
    assert_eq!(server.get("accounts").status, 403);
    assert_eq!(server.ask("GET", "/__docsim/accounts", &[("Authorization", "Bearer t0ken")], "").status, 200);
}

/// Every route, as the interface itself lists them: what is no GET is refused, and nothing has changed.
#[test]
fn a_read_only_server_is_only_read() {
    let server = start_with(Options { is_read_only: true, ..Options::default() }, WorldsConfig::default());
    server.form("/Api/User/login", "phone=13800000001&password=s3cret1");
    let state = server.get("state").text;
    let listed = server.get("nothing").json();
    for route in listed["routes"].as_array().unwrap() {
        let (methods, path) = route.as_str().unwrap().split_once(' ').unwrap();
        let path = path.replace("{id}", "default");
        for method in methods.split('|').filter(|method| *method != "GET") {
            let body = if method == "DELETE" { Value::Null } else { json!({ "phone": "13800000001" }) };
            let refused = server.admin(method, &path, &body);
            assert_eq!(refused.status, 403, "{method} {path}: {}", refused.text);
            assert!(refused.json()["detail"].as_str().unwrap().contains("--read-only"), "{}", refused.text);
        }
        // The stream of events has no end to wait for.
        if methods.contains("GET") && !path.ends_with("/events") {
            assert_ne!(server.get(&path).status, 403, "{path}");
        }
    }
    assert_eq!((server.get("state").text, server.get("worlds").json()["total"].as_u64()), (state, Some(1)));
}

#[test]
fn metrics_count_what_happens() {
    let server = start();
    let token = server.register("", "13800000001");
    for _ in 0..3 {
        server.form("/Api/User/login", "phone=13800000001&password=wrong12");
    }
    server.ask("POST", "/Api/User/login", &[("X-Docsim-Force", "success")], "");
    server.form("/nothing", "");
    server.form("/Api/User/login", &"a=1&".repeat(2_000));
    server.ask("GET", "/__docsim/accounts", &[("Origin", "https://attacker.example")], "");
    server.send("nonsense\r\n\r\n");
    server.ask("GET", &format!("/@other/Api/User/get_user_details?token={token}"), &[], "");
    let text = DOCUMENT.replace("post:Api/User/login", "post:Api/User/log_in");
    let says = |line: &str| {
        let scraped = server.get("metrics");
        assert_eq!(scraped.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        assert!(scraped.text.lines().any(|known| known == line), "{line} is not in\n{}", scraped.text);
    };
    says("docsim_requests_total{endpoint=\"POST /Api/User/register\",outcome=\"accepted\"} 1");
    says("docsim_requests_total{endpoint=\"POST /Api/User/login\",outcome=\"refused\"} 3");
    says("docsim_requests_total{endpoint=\"POST /Api/User/login\",outcome=\"forced\"} 1");
    says("docsim_requests_total{endpoint=\"\",outcome=\"problem\"} 2");
    says("docsim_request_duration_seconds_count 8");
    says("docsim_refused_total{by=\"guard\",what=\"origin\"} 1");
    says("docsim_refused_total{by=\"limit\",what=\"fields\"} 1");
    says("docsim_admin_requests_total{status=\"403\"} 1");
    says("docsim_headers_malformed_total 1");
    // The last of those before may still be on its way out.
    while !server.get("metrics").text.lines().any(|known| known == "docsim_connections 1") {
        std::thread::yield_now();
    }
    says("docsim_worlds 2");
    says("docsim_accounts 1");
    says("docsim_generation 1");
    says("docsim_reloads_total 0");
    server.generations.send(generation(2, &text)).unwrap();
    server.form("/Api/User/log_in", "phone=1");
    says("docsim_requests_total{endpoint=\"POST /Api/User/log_in\",outcome=\"refused\"} 1");
    says("docsim_requests_total{endpoint=\"POST /Api/User/register\",outcome=\"accepted\"} 1");
    says("docsim_reloads_total 1");
    assert!(!server.get("metrics").text.contains("/Api/User/login"), "what is gone is not told");
}

#[test]
fn accounts_are_made_shown_changed_and_reviewed() {
    let server = start();
    let made =
        server.admin("POST", "accounts", &json!({ "identity": "13800000001", "password": "s3cret1", "integral": "7" }));
    assert_eq!(made.status, 201, "{}", made.text);
    let account = made.json();
    assert_eq!((&account["identity"], &account["integral"]), (&json!("13800000001"), &json!("7")));
    let id = account["id"].as_str().unwrap();
    let again = server.admin("POST", "accounts", &json!({ "identity": "13800000001" }));
    assert_eq!(again.status, 409, "{}", again.text);
    let login = || server.form("/Api/User/login", "phone=13800000001&password=s3cret1").json()["code"].as_i64();
    assert_eq!(login(), Some(1000));

    let act = |action: &str| server.admin("POST", &format!("accounts/{id}/actions"), &json!({ "action": action }));
    assert_eq!(act("approve").status, 409);
    let frozen = act("freeze");
    assert_eq!((frozen.status, &frozen.json()["status"]), (200, &json!("1")));
    assert_eq!(login(), Some(1010));
    assert_eq!(act("unfreeze").status, 200);
    assert_eq!(login(), Some(1000));
    let unknown = act("melt");
    assert_eq!((unknown.status, &unknown.json()["member"]), (422, &json!("action")));

    let one = format!("accounts/{id}");
    let patched = server.admin("PATCH", &one, &json!({ "status": 4, "integral": "8" })).json();
    assert_eq!((&patched["status"], &patched["integral"]), (&json!("4"), &json!("8")));
    assert_eq!(act("approve").json()["status"], "0");
    let typo = server.admin("PATCH", &one, &json!({ "integrl": "8" }));
    assert_eq!(typo.status, 422);
    assert!(typo.json()["detail"].as_str().unwrap().contains("did you mean integral?"), "{}", typo.text);
    assert_eq!(server.admin("PATCH", &one, &json!({ "status": "77" })).status, 422);
    for blank in ["", " "] {
        let refused = server.admin("PATCH", &one, &json!({ "identity": blank }));
        assert_eq!((refused.status, &refused.json()["member"]), (422, &json!("identity")));
    }
    assert_eq!(server.get("accounts?identity=13800000001").json()["items"][0]["id"], id);
    assert_eq!(server.get("accounts?identity=1").json()["total"], 0);
    assert_eq!(server.admin("DELETE", &one, &Value::Null).status, 204);
    assert_eq!(server.get(&one).status, 404);
    assert_eq!(server.get("tokens").json()["total"], 0);
}

#[test]
fn those_who_asked_to_wait_leave_room_for_the_others() {
    let limits = Limits { delayed: 1, drain_time: Duration::from_millis(10), ..Limits::default() };
    let server = start_with(Options { limits, ..Options::default() }, WorldsConfig::default());
    let waiting =
        format!("GET /Api/User/get_user_details HTTP/1.1\r\nHost: {}\r\nX-Docsim-Delay: 60s\r\n\r\n", server.address);
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(waiting.as_bytes()).unwrap();
    while server.get("journal").json()["total"] != 1 {
        std::thread::yield_now();
    }
    let late = |delay: &str| server.ask("GET", "/Api/User/get_user_details", &[("X-Docsim-Delay", delay)], "");
    let refused = late("1ms");
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert_eq!(server.ask("GET", "/Api/User/get_user_details", &[], "").status, 200);
}

#[test]
fn what_the_documents_call_a_password_is_never_kept_as_text() {
    let server = start();
    let fields = "*pwd=密码 #\n*pay_password=支付密码 #\n<<<";
    let text = DOCUMENT.replacen("*password=密码 # //密码长度不可小于6位,大于16位\n<<<", fields, 1);
    let text = text.replace(
        r#""integral": "1.10""#,
        r#""integral": "1.10", "pay_pwd": "111111" //支付密码
    "#,
    );
    server.generations.send(generation(2, &text)).unwrap();
    let made = server.admin("POST", "accounts", &json!({ "identity": "13800000001", "pwd": "s3cret1" }));
    assert_eq!(made.status, 201, "{}", made.text);
    let login = server.form("/Api/User/login", "phone=13800000001&password=s3cret1");
    assert_eq!(login.json()["code"], 1000, "{}", login.text);
    for name in ["pay_password", "pay_pwd"] {
        let refused = server.admin("POST", "accounts", &json!({ "identity": "13800000002", name: "s3cret1" }));
        assert_eq!((refused.status, &refused.json()["member"]), (422, &json!(name)), "{}", refused.text);
    }
    for path in ["state", "accounts"] {
        assert!(!server.get(path).text.contains("s3cret1"), "{path}");
    }
}

#[test]
fn lists_come_in_pages_newest_first() {
    let server = start();
    for at in 1..=5 {
        server.admin("POST", "accounts", &json!({ "identity": format!("1380000000{at}") }));
    }
    let mut seen = Vec::new();
    let mut path = "accounts?limit=2".to_owned();
    loop {
        let page = server.get(&path).json();
        assert_eq!(page["total"], 5);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["identity"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("accounts?limit=2&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["13800000005", "13800000004", "13800000003", "13800000002", "13800000001"]);
    assert_eq!(server.get("accounts?limit=x").status, 400);
    assert_eq!(server.get("accounts?ident=1").status, 400);
}

#[test]
fn time_is_pushed_on_and_codes_expire() {
    let server = start();
    let code = server.admin("POST", "codes", &json!({ "phone": "13800000001" })).json();
    let frozen = server.admin("POST", "clock", &json!({ "freeze": true })).json();
    assert_eq!(frozen["frozen"], true);
    let moved = server.admin("POST", "clock", &json!({ "advance": "11m" })).json();
    assert!(moved["now"].as_str() > frozen["now"].as_str());
    let code = code["code"].as_str().unwrap();
    let late = server.form("/Api/User/register", &format!("phone=13800000001&code={code}&password=s3cret1"));
    assert_eq!(late.json()["code"], 1008);
    let set = server.admin("POST", "clock", &json!({ "set": "2030-01-02T03:04:05Z" })).json();
    assert_eq!((&set["now"], &set["frozen"]), (&json!("2030-01-02T03:04:05Z"), &json!(true)));
    assert_eq!(server.get("clock").json()["now"], "2030-01-02T03:04:05Z");
    for bad in [
        json!({ "advance": "soon" }),
        json!({ "advance": 5 }),
        json!({ "advance": "99999999d" }),
        json!({ "set": "9999-12-01T00:00:00Z" }),
        json!({}),
        json!({ "set": "today" }),
        json!({ "freeze": 1 }),
    ] {
        assert_eq!(server.admin("POST", "clock", &bad).status, 422, "{bad}");
    }
    assert_eq!(server.get("codes?phone=13800000001").json()["total"], 1);
    assert_eq!(server.get("codes?phone=1").json()["total"], 0);
}

#[test]
fn a_world_is_saved_restored_forked_and_begun_anew() {
    let server = start();
    let token = server.register("", "13800000001");
    let details = |prefix: &str| {
        let path = format!("{prefix}/Api/User/get_user_details?token={token}");
        server.ask("GET", &path, &[], "").json()["code"].as_i64()
    };
    let state = server.get("state").json();
    assert!(!state.to_string().contains("s3cret1"));
    let forked = server.admin("POST", "worlds", &json!({ "name": "fork", "from": "default" }));
    assert_eq!(forked.status, 201, "{}", forked.text);
    assert_eq!(details("/@fork"), Some(1000));
    assert_eq!(server.admin("DELETE", "state", &Value::Null).status, 204);
    assert_eq!((details(""), details("/@fork")), (Some(999), Some(1000)));
    assert_eq!(server.admin("PUT", "state", &state).status, 204);
    assert_eq!(details(""), Some(1000));
    let mut broken = state.clone();
    broken["clock"] = json!("noon");
    let refused = server.admin("PUT", "state", &broken);
    assert_eq!((refused.status, &refused.json()["pointer"]), (422, &json!("/clock")));
    assert_eq!(details(""), Some(1000), "nothing was changed");
    assert_eq!(server.admin("POST", "worlds", &json!({ "name": "fork" })).status, 409);
    assert_eq!(server.admin("POST", "worlds", &json!({ "name": "x", "from": "nowhere" })).status, 404);
    assert_eq!(server.admin("POST", "worlds", &json!({ "name": "a b" })).status, 422);
    assert_eq!(server.get("worlds").json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(server.admin("DELETE", "worlds/fork", &Value::Null).status, 204);
    assert_eq!(server.admin("DELETE", "worlds/fork", &Value::Null).status, 404);
    assert_eq!(server.admin("DELETE", &format!("tokens/{token}"), &Value::Null).status, 204);
    assert_eq!(details(""), Some(999));
}

#[test]
fn the_journal_tells_what_happened_and_keeps_passwords_to_itself() {
    let server = start();
    server.register("/@one", "13800000001");
    server.ask(
        "POST",
        "/Api/User/login",
        &[("Content-Type", "application/json")],
        r#"{"phone":"1","password":"s3cret1"}"#,
    );
    server.ask("GET", "/nothing?password=s3cret1", &[], "");
    let journal = server.get("journal");
    assert!(!journal.text.contains("s3cret1"), "{}", journal.text);
    let journal = journal.json();
    assert_eq!(journal["total"], 3);
    let items = journal["items"].as_array().unwrap();
    assert_eq!((&items[0]["reply"]["http_status"], &items[0]["endpoint"]), (&json!(404), &Value::Null));
    assert_eq!(items[1]["rule"]["code"], "1006");
    assert_eq!(items[1]["request"]["body"], json!({ "phone": "1", "password": "***" }));
    assert_eq!((&items[2]["world"], &items[2]["endpoint"]), (&json!("one"), &json!("POST /Api/User/register")));
    let changes: Vec<&str> =
        items[2]["changes"].as_array().unwrap().iter().filter_map(|change| change["change"].as_str()).collect();
    assert_eq!(changes, ["record-created", "passcode-spent", "token-issued"]);
    assert_eq!(server.get("journal?world=one").json()["total"], 1);
    assert_eq!(server.get("journal?endpoint=POST%20/Api/User/login").json()["total"], 1);
    assert_eq!(server.admin("DELETE", "journal", &Value::Null).status, 204);
    assert_eq!(server.get("journal").json()["total"], 0);
}

type Headers<'h> = &'h [(&'h str, &'h str)];

#[test]
fn no_way_of_sending_a_secret_shows_it_in_the_journal() {
    let server = start();
    let by_path = DOCUMENT.replace("post:Api/User/login", "post:Api/User/login/{phone}/{password}");
    server.generations.send(generation(2, &(by_path + &DOCUMENT.replace("*password", "*密码")))).unwrap();
    let form = "application/x-www-form-urlencoded";
    let json = "application/json";
    let login = "/Api/User/login";
    let cases: &[(&str, &str, Headers, &str)] = &[
        ("POST", login, &[("Content-Type", form)], "phone=1&%C3%DC%C2%EB=s3cret1"),
        ("POST", login, &[("Content-Type", json)], r#"{"phone":"1","密码":"s3cret1"}"#),
        ("POST", login, &[("Content-Type", form)], r#"{"password":"s3cret1"}"#),
        ("POST", login, &[("Content-Type", form)], r#"{"password":"s3cret1"}=%FF%FF"#),
        ("POST", login, &[("Content-Type", json)], r#""s3cret1""#),
        ("POST", login, &[("Content-Type", json)], r#"["password","s3cret1"]"#),
        ("POST", login, &[("Content-Type", form)], "user[password]=s3cret1&a=1;password=s3cret1"),
        ("POST", "/Api/User/login/password///s3cret1", &[], ""),
        ("POST", "/Api/User/login/13800000001/s3cret1", &[], ""),
        ("PUT", "/Api/User/login/13800000001/s3cret1", &[], ""),
        ("POST", "/Api/User/nologin/password/s3cret1", &[], ""),
        ("POST", login, &[("Referer", "http://x/?password=s3cret1")], ""),
        ("GET", "/Api/User/get_user_details", &[("Authorization", "Bearer s3cret1")], ""),
        ("GET", "/Api/User/get_user_details", &[("Token", "s3cret1"), ("X-Copy", "of s3cret1")], ""),
        ("GET", "/Api/User/get_user_details", &[("Cookie", "token=s3cret1")], ""),
        ("GET", "/Api/User/get_user_details?token=s3cret1&copy=s3cret%31", &[], ""),
    ];
    for (method, path, headers, body) in cases {
        let answer = server.ask(method, path, headers, body);
        let journal = server.get("journal?limit=1");
        assert_eq!(journal.json()["items"][0]["reply"]["http_status"], answer.status);
        assert!(!journal.text.contains("s3cret"), "{method} {path} {body}: {}", journal.text);
    }
    let path: String = "/Api/User/x".to_owned() + &"/a".repeat(86) + "/password/s3cret1";
    assert_eq!(server.ask("GET", &path, &[], "").status, 404);
    let journal = server.get("journal?limit=1");
    assert!(!journal.text.contains("s3"), "a piece of it neither: {}", journal.text);
}

#[test]
fn documents_are_shown_as_they_were_understood_and_swapped_whole() {
    let server = start();
    let health = server.get("health").json();
    assert_eq!((&health["status"], &health["endpoints"], &health["generation"]), (&json!("ok"), &json!(3), &json!(1)));
    let endpoints = server.get("endpoints").json();
    let register = &endpoints["endpoints"][0];
    assert_eq!((&register["operation"], &register["path"]), (&json!("register"), &json!("/Api/User/register")));
    assert_eq!(register["params"][2]["role"], "password");
    assert_eq!(register["codes"]["1008"], "验证码有误");
    assert!(register["checks"].as_array().unwrap().iter().all(|check| check["line"].is_number()), "{register}");
    assert_eq!(server.get("diagnostics").json()["endpoints"], 3);
    let token = server.register("", "13800000001");

    let path = format!("/Api/User/get_user_details?token={token}");
    server.generations.send(generation(2, &DOCUMENT.replace("1000", "2000"))).unwrap();
    assert_eq!(server.ask("GET", &path, &[], "").json()["code"], 2000, "the account lives on");
    assert_eq!(server.get("health").json()["generation"], 2);
}

#[test]
fn admin_routes_say_what_there_is() {
    let server = start();
    let unknown = server.get("acounts");
    assert_eq!(unknown.status, 404);
    assert!(
        unknown.json()["routes"].as_array().unwrap().contains(&json!("GET|POST /__docsim/accounts")),
        "{}",
        unknown.text
    );
    let wrong = server.admin("PUT", "accounts", &json!({}));
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, POST"));
    assert_eq!(server.ask("HEAD", "/__docsim/health", &[], "").status, 200);
    assert_eq!(server.admin("POST", "codes", &json!({ "phon": "1" })).status, 422);
    assert_eq!(server.admin("POST", "codes", &json!({})).status, 422);
    let array = server.admin("POST", "codes", &json!([1]));
    assert_eq!(array.status, 400, "{}", array.text);
}

#[test]
fn a_thousand_registrations_of_one_phone_make_one_account() {
    let server = start();
    let code = server.admin("POST", "codes", &json!({ "phone": "13800000001" })).json();
    let body = format!("phone=13800000001&code={}&password=s3cret1", code["code"].as_str().unwrap());
    let agent = || ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
    let url = format!("http://{}/Api/User/register", server.address);
    let successes: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let agent = agent();
                    let register = || {
                        let mut answer =
                            agent.post(&url).content_type("application/x-www-form-urlencoded").send(&body).unwrap();
                        let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
                        usize::from(answer["code"] == 1000)
                    };
                    (0..50).map(|_| register()).sum::<usize>()
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    });
    assert_eq!(successes, 1);
    assert_eq!(server.get("accounts").json()["total"], 1);
}
