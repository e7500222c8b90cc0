//! Every limit: one too many is refused by a problem that names the limit, and the server goes on.

use crate::server::{Answer, Server, answer_of, start_all};
use docsim::http::{Limits, Options};
use docsim::world::WorldsConfig;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const DOCUMENT: &str = r#"# 商城

## 用户登录
+++
post:api/login
*phone=手机号 #
*password=密码 #
<<<
success
{"code": 1, "info": "登录成功", "data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0"}}
<<<
error
{"code": 2, "info": "账号密码错误", "data": ""}
+++
## 用户注册
+++
post:api/register
*phone=手机号 #
*password=密码 #
<<<
success
{"code": 1, "info": "注册成功", "data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0"}}
<<<
error
{"code": 3, "info": "该账号已存在", "data": ""}
+++
## 添加收货地址
+++
post:api/address/add
*token=用户token #
*city=城市 #
<<<
success
{"code": 1, "info": "添加成功", "data": {"id": 1, "city": "广州"}}
<<<
error
{"code": 999, "info": "用户未登录", "data": ""}
+++
## 收货地址列表
+++
get:api/address/list
*token=用户token #
<<<
success
{"code": 1, "info": "", "data": [{"id": 1, "city": "广州"}]}
<<<
error
{"code": 999, "info": "用户未登录", "data": ""}
+++
"#;

/// With one limit, as the command line would set it.
fn start(setting: &str) -> Server {
    let mut limits = Limits { drain_time: Duration::from_millis(100), ..Limits::default() };
    limits.set(setting).unwrap();
    let worlds = WorldsConfig { limit: limits.worlds, room: limits.room, ..WorldsConfig::default() };
    start_all(DOCUMENT, Options { limits, ..Options::default() }, worlds)
}

/// Sends the first part of a request, and reads what comes back until the server has closed.
fn part(server: &Server, head: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(format!("{head}Host: {}\r\n\r\n{body}", server.address).as_bytes()).unwrap();
    closed(stream)
}

fn closed(mut stream: TcpStream) -> Answer {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    answer_of(&String::from_utf8(all).unwrap())
}

fn form(server: &Server, body: &str) -> Answer {
    server.form("/api/login", body)
}

fn typed(server: &Server, content_type: &str, body: &str) -> Answer {
    server.ask("POST", "/api/login", &[("Content-Type", content_type)], body)
}

fn multipart(parts: usize) -> String {
    "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(parts) + "--X--\r\n"
}

const JSON: &str = "POST /api/login HTTP/1.1\r\nContent-Type: application/json\r\n";
const MULTIPART: &str = "multipart/form-data; boundary=X";

/// A request that is answered, and whose connection then stays open.
fn first(server: &Server, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let host = server.address;
    write!(stream, "GET /api/address/list HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n").unwrap();
    stream
}

struct Case {
    setting: &'static str,
    status: u16,
    /// One too many.
    over: fn(&Server) -> Answer,
}

const fn case(setting: &'static str, status: u16, over: fn(&Server) -> Answer) -> Case {
    Case { setting, status, over }
}

fn cases() -> Vec<Case> {
    vec![
        case("connections=1", 503, |server| {
            let mut stream = first(server, "");
            stream.read_exact(&mut [0; 9]).unwrap(); // it has its seat
            let answer = part(server, "GET /api/login HTTP/1.1\r\n", "");
            drop(stream);
            answer
        }),
        case("header-time=50ms", 408, |server| closed(TcpStream::connect(server.address).unwrap())),
        case("header-size=1KiB", 431, |server| {
            part(server, &format!("GET /api/login HTTP/1.1\r\nX: {}\r\n", "x".repeat(1 << 10)), "")
        }),
        case("header-count=10", 431, |server| {
            part(server, &format!("GET /api/login HTTP/1.1\r\n{}", "X: x\r\n".repeat(10)), "")
        }),
        case("body-gap=50ms", 408, |server| part(server, &format!("{JSON}Content-Length: 9\r\n"), "{")),
        case("body-time=50ms", 408, |server| part(server, &format!("{JSON}Content-Length: 9\r\n"), "{")),
        case("body-size=9", 413, |server| form(server, "phone=1300")),
        case("multipart-size=50", 413, |server| typed(server, MULTIPART, &multipart(1))),
        case("state-size=9", 413, |server| server.admin("PUT", "state", &json!({ "a": "123456789" }))),
        case("bodies-size=1000", 503, |server| {
            let chunk = format!("400\r\n{}\r\n", " ".repeat(0x400));
            part(server, &format!("{JSON}Transfer-Encoding: chunked\r\n"), &chunk)
        }),
        case("fields=2", 413, |server| form(server, "a=1&b=2&c=3")),
        case("fields=2", 413, |server| typed(server, "application/json", r#"{"a":1,"b":2,"c":3}"#)),
        case("parts=2", 413, |server| typed(server, MULTIPART, &multipart(3))),
        case("json-depth=2", 413, |server| typed(server, "application/json", r#"{"a":[[1]]}"#)),
        case("json-depth=2", 413, |server| typed(server, "application/json", r#"{"a":{"b":{}}}"#)),
        case("json-values=2", 413, |server| typed(server, "application/json", r#"{"a":[1,2]}"#)),
        case("delayed=1", 503, |server| {
            let stream = first(server, "X-Docsim-Delay: 60s\r\n");
            while server.get("journal").json()["total"] != 1 {
                std::thread::yield_now();
            }
            let answer = server.ask("GET", "/api/address/list", &[("X-Docsim-Delay", "1ms")], "");
            drop(stream);
            answer
        }),
        case("worlds=1", 503, |server| {
            form(server, "");
            server.form("/@other/api/login", "")
        }),
        case("worlds=1", 503, |server| {
            form(server, "");
            server.admin("POST", "worlds", &json!({ "name": "other" }))
        }),
        case("accounts=1", 507, |server| {
            register(server, "13800000001");
            server.form("/api/register", "phone=13800000002&password=abc12345")
        }),
        case("accounts=1", 507, |server| {
            register(server, "13800000001");
            server.admin("POST", "accounts", &json!({ "identity": "13800000002" }))
        }),
        case("records=2", 507, |server| {
            let body = format!("token={}&city=1", register(server, "13800000001"));
            let add = || server.form("/api/address/add", &body);
            assert_eq!([add().json()["code"].as_i64(), add().json()["code"].as_i64()], [Some(1), Some(1)]);
            add()
        }),
        case("records=1", 507, |server| {
            let made = server.admin("POST", "records/address", &json!({ "city": "1" }));
            assert_eq!(made.status, 201, "{}", made.text);
            server.admin("POST", "records/address", &json!({ "city": "2" }))
        }),
        case("records-size=4KiB", 507, |server| {
            let body = format!("token={}&city={}", register(server, "13800000001"), "x".repeat(4_000));
            server.form("/api/address/add", &body)
        }),
        case("records-size=4KiB", 507, |server| {
            let made = server.admin("POST", "records/address", &json!({ "city": "1" }));
            let id = made.json()["id"].as_str().unwrap().to_owned();
            server.admin("PATCH", &format!("records/address/{id}"), &json!({ "city": "x".repeat(4_000) }))
        }),
        case("worlds-size=8KiB", 507, |server| {
            let add = |world: &str| {
                let token = register_in(server, world, "13800000001");
                server.form(&format!("{world}/api/address/add"), &format!("token={token}&city={}", "x".repeat(4_000)))
            };
            assert_eq!([add("").status, add("/@b").status], [200, 507]);
            assert_eq!(server.admin("DELETE", "state", &json!({})).status, 204);
            assert_eq!(add("/@c").status, 200);
            add("/@d")
        }),
    ]
}

fn register_in(server: &Server, world: &str, phone: &str) -> String {
    let answer = server.form(&format!("{world}/api/register"), &format!("phone={phone}&password=abc12345"));
    answer.json()["data"]["token"].as_str().unwrap_or_default().to_owned()
}

fn register(server: &Server, phone: &str) -> String {
    let answer = server.form("/api/register", &format!("phone={phone}&password=abc12345"));
    answer.json()["data"]["token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[test]
fn one_too_many_is_refused_by_name_and_the_server_goes_on() {
    for Case { setting, status, over } in cases() {
        let server = start(setting);
        let answer = over(&server);
        assert_eq!(answer.status, status, "{setting}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{setting}");
        let (problem, name) = (answer.json(), setting.split_once('=').unwrap().0);
        let named = problem["limit_name"] == name || problem["limits"].get(name).is_some();
        assert!(named && problem["detail"].as_str().unwrap().contains(name), "{setting}: {problem}");
        assert!(problem["limits"].is_object() || problem["limit"].is_number(), "{problem}");
        // A connection that has ended may take a moment to free its seat.
        let again = std::iter::repeat_with(|| server.ask("GET", "/api/address/list", &[], ""));
        let after = again.take(1_000).find(|answer| answer.status != 503).unwrap();
        assert_eq!((after.status, &after.json()["code"]), (200, &json!(999)), "{setting}: {}", after.text);
    }
}

#[test]
fn what_has_an_end_without_a_refusal_ends() {
    let server = start("requests-per-connection=1");
    let answer = closed(first(&server, ""));
    assert_eq!((answer.status, answer.header("connection")), (200, "close"));
    let server = start("idle-time=50ms");
    let answer = closed(first(&server, ""));
    assert_eq!((answer.status, answer.header("connection")), (200, ""));
    let server = start("journal-size=4KiB");
    for _ in 0..50 {
        form(&server, "phone=1");
    }
    let kept = server.get("journal").json()["total"].as_u64().unwrap();
    assert!((1..20).contains(&kept), "{kept}");
}

/// What was refused for want of room has left nothing behind, its files included.
#[test]
fn a_refused_call_leaves_nothing_behind() {
    let document = r#"## 发布动态
+++
post:api/post/add
*title=标题 #
*file:cover=#封面图片
<<<
success
{"code": 1, "info": "", "data": {"id": 1, "title": "一", "cover": "/uploads/1.png"}}
<<<
error
{"code": 2, "info": "参数错误", "data": ""}
+++
## 动态列表
+++
get:api/post/list
<<<
success
{"code": 1, "info": "", "data": [{"id": 1, "title": "一", "cover": "/uploads/1.png"}]}
+++
"#;
    let limits = Limits { drain_time: Duration::from_millis(100), ..Limits::default() };
    let room = docsim::world::Room { records: 2, ..Default::default() };
    let worlds = WorldsConfig { room, ..WorldsConfig::default() };
    let server = start_all(document, Options { limits, ..Options::default() }, worlds);
    let body = "--X\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n1\r\n--X\r\nContent-Disposition: form-data; \
                name=\"cover\"; filename=\"a.png\"\r\n\r\n\x01PNG\r\n--X--\r\n";
    let add = || server.ask("POST", "/api/post/add", &[("Content-Type", MULTIPART)], body);
    let mut answers = std::iter::repeat_with(add).take(5).skip_while(|answer| answer.status == 200);
    let refused = answers.next().unwrap_or_else(|| panic!("{}", server.get("records").text));
    assert_eq!((refused.status, refused.json()["limit_name"].as_str()), (507, Some("records")), "{}", refused.text);
    let contents = || {
        let mut state = server.get("state").json();
        let parts = ["collections", "uploads", "sequence"].map(|part| state[part].take());
        assert!(parts.iter().all(|part| *part != Value::Null), "{state}");
        parts
    };
    let before = contents();
    assert_eq!(add().status, 507);
    assert_eq!(contents(), before);
}

/// Files count for all worlds together, and a long list of large records is answered in parts.
#[test]
fn files_of_all_worlds_have_one_room_and_lists_end_in_time() {
    let document = DOCUMENT.replace("*city=城市 #", "*city=城市 #\n*file:cover=#封面图片");
    let document = document.replace(r#""city": "广州""#, r#""city": "广州", "cover": "/uploads/1.png""#);
    let mut limits = Limits { drain_time: Duration::from_millis(100), ..Limits::default() };
    limits.set("worlds-size=100KiB").unwrap();
    let worlds = WorldsConfig { room: limits.room, ..WorldsConfig::default() };
    let server = start_all(&document, Options { limits, ..Options::default() }, worlds);
    let add = |world: &str| {
        let token = register_in(&server, world, "13800000001");
        let field = |name: &str, value: &str| {
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = "--X\r\nContent-Disposition: form-data; name=\"cover\"; filename=\"a.png\"\r\n\r\n";
        let body = format!("{}{}{file}{}\r\n--X--\r\n", field("token", &token), field("city", "x"), "y".repeat(40_000));
        server.ask("POST", &format!("{world}/api/address/add"), &[("Content-Type", MULTIPART)], &body)
    };
    assert_eq!([add("/@a").status, add("/@b").status], [200, 200]);
    let refused = add("/@c");
    assert_eq!((refused.status, refused.json()["limit_name"].as_str()), (507, Some("worlds-size")), "{}", refused.text);
    assert_eq!(server.admin("DELETE", "worlds/a", &json!({})).status, 204);
    assert_eq!(add("/@c").status, 200);

    let server = start("records-size=1GiB");
    let large = json!({ "city": "x".repeat(900_000) });
    for _ in 0..20 {
        assert_eq!(server.admin("POST", "records/address", &large).status, 201);
    }
    let answer = server.get("records/address?limit=1000");
    let page = answer.json();
    let items = page["items"].as_array().unwrap();
    assert!(answer.text.len() < 17 << 20 && items.len() < 20, "{}", items.len());
    let rest = server.get(&format!("records/address?limit=1000&after={}", page["next"].as_str().unwrap())).json();
    assert_eq!(
        items.len() + rest["items"].as_array().unwrap().len(),
        page["total"].as_u64().map_or(0, |total| usize::try_from(total).unwrap_or_default())
    );
}

/// The table above has them all.
#[test]
fn no_limit_is_without_a_test() {
    let elsewhere = ["requests-per-connection", "idle-time", "journal-size", "drain-time", "subscribers"];
    let cases = cases();
    let tested: Vec<&str> = cases.iter().filter_map(|case| Some(case.setting.split_once('=')?.0)).collect();
    for line in Limits::table().lines() {
        let name = line.trim().split('=').next().unwrap();
        assert!(tested.contains(&name) || elsewhere.contains(&name), "{name}");
    }
}
