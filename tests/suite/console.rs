//! What mostly the console asks for: the stream of events, and lines of documents.

use crate::server::{Server, start_all};
use docsim::http::{Limits, Options};
use docsim::world::WorldsConfig;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const DOCUMENT: &str = r#"# 商城

## 商品列表
+++
get:api/goods/list
page=页码 #
<<<
success
{"code": 1, "info": "", "data": [{"id": 1, "title": "苹果"}]}
+++
"#;

fn start(setting: &str) -> Server {
    let mut limits = Limits { drain_time: Duration::from_millis(100), ..Limits::default() };
    limits.set(setting).unwrap();
    start_all(DOCUMENT, Options { limits, ..Options::default() }, WorldsConfig::default())
}

/// One who follows the events.
struct Follower(BufReader<TcpStream>);

impl Follower {
    /// Once it is greeted it has its place.
    fn start(server: &Server) -> Self {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET /__docsim/events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
        let mut follower = Self(BufReader::new(stream));
        assert_eq!(follower.next("hello")["endpoints"], 1);
        follower
    }

    /// What the next event of that name carries; others are passed over.
    fn next(&mut self, event: &str) -> Value {
        let mut lines = self.0.by_ref().lines().map(|line| line.expect("the stream goes on"));
        lines.find(|line| *line == format!("event: {event}")).expect("the stream goes on");
        let data = lines.next().expect("an event has data");
        serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap()
    }
}

#[test]
fn one_follower_too_many_is_refused_by_name_and_the_others_go_on() {
    let server = start("subscribers=2");
    let (mut first, mut second) = (Follower::start(&server), Follower::start(&server));
    let refused = server.get("events");
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let problem = refused.json();
    assert_eq!((&problem["limit_name"], &problem["limit"]), (&json!("subscribers"), &json!(2)), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("subscribers"), "{problem}");

    // Those who have a place hear what happens after that, both the same.
    assert_eq!(server.ask("GET", "/api/goods/list", &[], "").status, 200);
    for follower in [&mut first, &mut second] {
        assert_eq!(follower.next("request")["request"]["path"], "/api/goods/list");
    }
    // A place that is given back is taken by the next who asks; it may take a moment until it is free.
    drop(first);
    let free = || server.ask("GET", "/api/goods/list", &[], "").status == 200 && has_place(&server);
    assert!(std::iter::repeat_with(free).take(1_000).any(|free| free), "the place is never free");
    assert_eq!(second.next("request")["endpoint"], "GET /api/goods/list");
}

fn has_place(server: &Server) -> bool {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET /__docsim/events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.contains(" 200 ")
}

/// Many places of a document cost one request, and each line is told once.
#[test]
fn lines_of_a_document_are_told_together() {
    let server = start("subscribers=2");
    let file = server.get("endpoints").json()["endpoints"][0]["file"].as_str().unwrap().to_owned();
    let numbers = |lines: &str| {
        let answer = server.get(&format!("source?file={file}&line={lines}"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        let told = answer.json();
        let row = |row: &Value| (row["number"].as_u64().unwrap(), row["text"].as_str().unwrap().to_owned());
        told["lines"].as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    let shown = |rows: Vec<(u64, String)>| rows.into_iter().map(|(number, _)| number).collect::<Vec<_>>();
    assert_eq!(numbers("1")[0], (1, "# 商城".to_owned()));
    assert_eq!(shown(numbers("1")), [1, 2, 3, 4, 5]);
    assert_eq!(shown(numbers("9,1,2")), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(shown(numbers("0,18446744073709551615")), [1, 2, 3, 4]);
    for bad in ["", "x", "1,,2", "-1"] {
        assert_eq!(server.get(&format!("source?file={file}&line={bad}")).status, 400, "{bad:?}");
    }
    let many = vec!["1"; 501].join(",");
    assert_eq!(server.get(&format!("source?file={file}&line={many}")).status, 400);
    assert_eq!(server.get("source?file=/etc/passwd&line=1").status, 404);
}
