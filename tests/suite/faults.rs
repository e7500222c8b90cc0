//! Faults from the outside: ordered through the admin interface, felt on a real socket.

use crate::server::{Answer, Server, start, start_with};
use docsim::http::Options;
use docsim::world::WorldsConfig;
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const LOGIN: &str = "phone=13800000001&password=s3cret1";

#[track_caller]
fn order(server: &Server, fault: &Value) -> u64 {
    let answer = server.admin("POST", "faults", fault);
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_u64().unwrap()
}

fn login(server: &Server) -> Answer {
    server.form("/Api/User/login", LOGIN)
}

fn code(answer: &Answer) -> Option<i64> {
    answer.json()["code"].as_i64()
}

/// All bytes that come back, and how it ended.
fn raw(server: &Server, request: &str) -> (String, Option<ErrorKind>) {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut all = Vec::new();
    let end = stream.read_to_end(&mut all).err().map(|error| error.kind());
    (String::from_utf8(all).unwrap(), end)
}

fn post(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn a_documented_code_is_answered_as_often_as_was_ordered_and_touches_nothing() {
    let server = start();
    server.register("", "13800000001");
    let id = order(&server, &json!({"endpoint": "用户登录", "code": 1006, "times": 2}));
    let before = server.get("tokens").json()["total"].clone();
    for _ in 0..2 {
        let struck = login(&server);
        assert_eq!(code(&struck), Some(1006));
        assert_eq!(struck.header("x-docsim-rule"), format!("1006 fault {id}"));
        assert!(struck.header("x-docsim-source").starts_with("api-docs/"), "{}", struck.header("x-docsim-source"));
        assert_eq!(struck.header("x-docsim-endpoint"), "POST /Api/User/login");
    }
    assert_eq!(server.get("tokens").json()["total"], before);
    assert_eq!(code(&login(&server)), Some(1000));
    assert_eq!(server.get("faults").json(), json!({"items": [], "total": 0, "next": null}));
    let told = server.get("journal?limit=2").json();
    assert_eq!(told["items"][1]["rule"]["reason"], format!("fault {id}"));
    assert_eq!(told["items"][1]["changes"], json!([{"change": "fault-used", "id": id, "from": 1, "to": 2}]));
}

#[test]
fn a_fault_meets_only_the_values_it_was_ordered_for() {
    let server = start();
    order(&server, &json!({"endpoint": "POST /Api/User/login", "when": {"phone": 13_800_000_001_u64}, "code": "1010"}));
    let asked = |body: &str| {
        let answer = server.form("/Api/User/login", body);
        answer.header("x-docsim-rule").contains("fault 1")
    };
    assert!(asked(LOGIN));
    assert!(!asked("phone=138000000011&password=s3cret1"));
    assert!(!asked("phone= 13800000001&password=s3cret1"), "exactly");
    assert!(!asked("password=s3cret1"));
    let by_json = |body: &str| {
        server.ask("POST", "/Api/User/login", &[("Content-Type", "application/json")], body).text.contains("1010")
    };
    assert!(by_json(r#"{"phone":13800000001,"password":"s3cret1"}"#));
    // For all endpoints: those that document no such reply go on as ever.
    assert_eq!(server.admin("DELETE", "faults", &Value::Null).status, 204);
    order(&server, &json!({"code": "999"}));
    let details = |token: &str| server.ask("GET", "/Api/User/get_user_details", &[("token", token)], "");
    assert!(details("x").header("x-docsim-rule").starts_with("999 fault 2"));
    assert!(!asked(LOGIN));
    order(&server, &json!({"when": {"token": "t1"}, "http_status": 503}));
    assert_eq!(server.admin("DELETE", "faults/2", &Value::Null).status, 204);
    let down = details("t1");
    assert_eq!((down.status, &down.json()["fault"]), (503, &json!(3)));
    assert_eq!(down.header("x-docsim-rule"), "503 fault 3");
    assert_eq!(down.header("content-type"), "application/problem+json");
    assert_eq!(details("t2").status, 200);
    let head = server.ask("HEAD", "/Api/User/get_user_details", &[("token", "t1")], "");
    assert_eq!(head.status, 503);
    assert_eq!(server.get("faults").json()["items"][0]["used"], 1, "HEAD uses nothing up");
}

#[test]
fn connections_end_as_ordered() {
    let server = start();
    let token = server.register("", "13800000001");
    let get = format!("GET /Api/User/get_user_details?token={token} HTTP/1.1\r\nHost: x\r\n\r\n");
    order(&server, &json!({"endpoint": "用户登录", "abort": "empty"}));
    assert_eq!(raw(&server, &post("/Api/User/login", LOGIN)), (String::new(), None));
    order(&server, &json!({"endpoint": "获取用户详细信息", "abort": "reset", "times": 1}));
    let (text, end) = raw(&server, &get);
    assert_eq!(text, "");
    if cfg!(unix) {
        assert_eq!(end, Some(ErrorKind::ConnectionReset));
    }
    let (whole, _) = raw(&server, &get.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    let (_, whole) = whole.split_once("\r\n\r\n").unwrap();
    order(&server, &json!({"endpoint": "获取用户详细信息", "abort": "truncate"}));
    let (cut, end) = raw(&server, &get);
    let (head, half) = cut.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{cut}"));
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!((half, end), (&whole[..whole.len() / 2], None));
    let told = server.get("journal").json();
    let replies: Vec<&Value> = told["items"].as_array().unwrap().iter().map(|event| &event["reply"]).collect();
    assert_eq!(replies[0]["body"], json!(half));
    assert_eq!(replies[2]["http_status"], 0);
    assert_eq!(replies[3]["http_status"], 0);
}

#[test]
fn a_call_that_never_arrived_changes_nothing_and_a_lost_reply_has_changed() {
    let server = start();
    server.register("", "13800000001");
    let tokens = || server.get("tokens").json()["total"].as_u64().unwrap();
    for (abort, more) in [("reset", 0), ("empty", 0), ("truncate", 1)] {
        let before = tokens();
        order(&server, &json!({"endpoint": "用户登录", "abort": abort, "times": 1}));
        raw(&server, &post("/Api/User/login", LOGIN));
        assert_eq!(tokens(), before + more, "{abort}");
    }
}

#[test]
fn of_many_at_once_exactly_so_many_are_struck() {
    let server = start();
    server.register("", "13800000001");
    order(&server, &json!({"code": "1006", "endpoint": "用户登录", "times": 17}));
    let struck = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    struck.fetch_add(usize::from(code(&login(&server)) == Some(1006)), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(struck.into_inner(), 17);
}

#[test]
fn the_same_seed_strikes_the_same_requests_for_the_same_time() {
    let pattern = |seed: u64| {
        let server = start_with(Options::default(), WorldsConfig { seed, ..WorldsConfig::default() });
        order(&server, &json!({"endpoint": "用户登录", "code": "1006", "probability": 0.5}));
        order(&server, &json!({"delay": {"uniform": ["0ms", "3ms"]}}));
        let rules = (0..40).map(|_| login(&server).header("x-docsim-rule").to_owned());
        rules.collect::<Vec<_>>()
    };
    let first = pattern(1);
    assert_eq!(pattern(1), first);
    assert_ne!(pattern(2), first);
    let struck = first.iter().filter(|rule| rule.starts_with("1006 fault 1")).count();
    assert!((8..32).contains(&struck), "{struck}");
    assert!(first.iter().all(|rule| rule.contains("kept back ") && rule.ends_with(" ms by fault 2")), "{first:?}");
}

#[test]
fn each_world_has_its_own() {
    let server = start();
    order(&server, &json!({"http_status": 500, "times": 3}));
    let status = |prefix: &str| server.form(&format!("{prefix}/Api/User/login"), LOGIN).status;
    assert_eq!((status(""), status("/@other")), (500, 200));
    assert_eq!(server.admin("POST", "worlds", &json!({"name": "fork", "from": "default"})).status, 201);
    let state = server.get("state").json();
    assert_eq!((status(""), status(""), status("")), (500, 500, 200));
    assert_eq!((status("/@fork"), status("/@fork"), status("/@fork")), (500, 500, 200), "a fork takes them along");
    assert_eq!(server.admin("PUT", "state", &state).status, 204);
    assert_eq!(server.get("faults").json()["items"][0]["used"], 1);
    assert_eq!(status(""), 500, "a snapshot restores them");
    assert_eq!(server.admin("DELETE", "state", &Value::Null).status, 204);
    assert_eq!(status(""), 200, "a world begins without");
}

#[test]
fn what_cannot_strike_is_refused_with_what_there_is() {
    let server = start();
    let check = |order: Value, member: &str, says: &str| {
        let answer = server.admin("POST", "faults", &order);
        let problem = answer.json();
        assert_eq!((answer.status, problem["member"].as_str()), (422, Some(member)), "{order}: {}", answer.text);
        assert!(problem["detail"].as_str().unwrap().contains(says), "{order}: {}", answer.text);
    };
    check(json!({"cod": "1006"}), "cod", "did you mean code?");
    check(json!({"code": "4711", "endpoint": "用户登录"}), "code", "1006");
    check(json!({"code": "1007", "endpoint": "用户登录"}), "code", "1010");
    check(json!({"code": "4711"}), "code", "1007");
    check(json!({"code": "1006", "endpoint": "nowhere"}), "endpoint", "POST /Api/User/login");
    check(json!({"code": "1006", "endpoint": "用户登录", "when": {"code": "1"}}), "when", "password, phone");
    check(json!({"code": "1006", "delay": "soon"}), "delay", "a length of time");
    check(json!({"delay": "200ms", "times": "2"}), "times", "a whole number from 1 on");
    check(json!({"abort": "explode"}), "abort", "reset, empty, truncate");
    assert_eq!(server.get("faults").json()["total"], 0);
    assert_eq!(server.admin("DELETE", "faults/1", &Value::Null).status, 404);
    assert_eq!(server.get("worlds").json()["total"], 1, "only the one in which a fault was looked for");
}
