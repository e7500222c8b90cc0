//! What a backend sends without end, or more than is held, passes through the proxy as it comes.

use crate::proxy::{Proxied, ask, canned, raw};
use docsim::client;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn little() -> client::Options {
    client::Options { reply_limit: 64, ..client::Options::default() }
}

#[test]
fn a_reply_larger_than_is_held_passes_whole_and_its_beginning_is_checked() {
    const REPLY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 211\r\n\
        Connection: close\r\n\r\n{\"data\":{\"token\":7,\"authenticationState\":0,\"more\":\"\
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
        \"},\"info\":\"\xe7\x99\xbb\xe5\xbd\x95\xe6\x88\x90\xe5\x8a\x9f\",\"code\":1000,\"state\":1}";
    let (head, body) = REPLY.split_at(REPLY.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4);
    let length = format!("Content-Length: {}", body.len());
    let head = String::from_utf8(head.to_vec()).unwrap().replace("Content-Length: 211", &length);
    let reply: &'static [u8] = Box::leak([head.as_bytes(), body].concat().into_boxed_slice());
    let (target, _told) = canned(reply);
    let proxied = Proxied::with(&target, &[], little());
    let answer = proxied.ask("POST", "/Api/User/login", &[], "");
    assert_eq!((answer.status, answer.header("x-docsim-answered-by")), (200, "backend"));
    assert_eq!(answer.text.as_bytes(), body);
    assert!(answer.header("x-docsim-drift").contains("$.data.token"), "{}", answer.header("x-docsim-drift"));
    let answer = proxied.ask("GET", "/no/such/endpoint", &[], "");
    assert_eq!(answer.text.as_bytes(), body);
}

#[test]
fn a_stream_is_passed_on_as_it_comes_and_ends_with_its_reader() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    let (leave, gone) = std::sync::mpsc::channel();
    let backend = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
        let mut out = &stream;
        out.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
        )
        .unwrap();
        // When the client has gone, the backend hears of it by what it sends.
        gone.recv().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        (0..400).any(|_| {
            let is_sent = out.write_all(b"9\r\ndata: 2\n\n\r\n").is_ok();
            !is_sent || reader.read(&mut [0]).is_ok_and(|read| read == 0)
        })
    });
    let proxied = Proxied::before(&target);
    let mut client = TcpStream::connect(proxied.front()).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(client, "GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", proxied.front()).unwrap();
    let mut all = String::new();
    let mut piece = [0; 1024];
    while !all.contains("data: 1") {
        let read = client.read(&mut piece).unwrap();
        assert!(read > 0, "{all}");
        all.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    assert!(all.contains("text/event-stream") && all.contains("x-docsim-answered-by: backend"), "{all}");
    drop(client);
    leave.send(()).unwrap();
    assert!(backend.join().unwrap(), "the backend is left with a stream that nobody reads");
    let journal: Value = ask(proxied.desk(), "GET", "/__docsim/journal", &[], "").json();
    assert_eq!(journal["items"][0]["answered_by"], "backend", "{journal}");
}

#[test]
fn a_stream_that_breaks_off_breaks_off_for_the_client() {
    let (target, _told) = canned(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nab",
    );
    let proxied = Proxied::before(&target);
    let text = raw(proxied.front(), &format!("GET /half HTTP/1.1\r\nHost: {}\r\n\r\n", proxied.front()));
    assert!(text.contains("abc") && !text.contains("\r\n0\r\n"), "{text}");
}

/// Who registered there is registered there: another run is about somebody else.
#[test]
fn a_recording_of_a_docsim_runs_again_where_it_was_made() {
    use docsim::http::proxy::Recorder;
    use docsim::scenario::{load, run};
    use std::sync::Arc;
    let text = std::fs::read_to_string("api-docs/user.md").unwrap();
    let server = crate::server::start_documents(&text);
    let target = format!("http://{}", server.address);
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new(folder.path(), "20260101-090000").unwrap());
    let proxied = Proxied::recording(&target, &[], client::Options::default(), Some(Arc::clone(&recorder)));
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let passcode = server.admin("POST", "/__docsim/codes", &serde_json::json!({ "phone": "13812345678" })).json();
    let code = passcode["code"].as_str().unwrap();
    let register = format!("phone=13812345678&code={code}&password=s3cret77&RegistrationID=100d855909");
    let token = proxied.ask("POST", "/Api/User/register", &form, &register).json()["data"]["token"].clone();
    let details = format!("/Api/User/get_user_details?token={}", token.as_str().unwrap());
    assert_eq!(proxied.ask("GET", &details, &[], "").json()["code"], 1000);
    assert_eq!(proxied.ask("POST", "/Api/User/register", &form, &register).json()["code"], 1007);
    recorder.write().unwrap();
    let loaded = load::load(&[recorder.file().to_owned()]).unwrap();
    let program = run::Program {
        generation: crate::proxy::documents(),
        scenarios: Arc::new(loaded.scenarios),
        sources: Arc::new(loaded.sources),
    };
    for _ in 0..2 {
        let ran = proxied.runtime().block_on(async {
            let options = client::Options::default();
            let client = client::Client::new(client::Target::parse(&target).unwrap(), options).unwrap();
            let stage = run::Stage::target(client, run::Hooks::default()).await.unwrap();
            run::run(&program, Arc::new(stage), &run::Settings { jobs: 1, fail_fast: false }, |_| {}).await
        });
        assert!(ran.len() == 1 && ran[0].end.name() == "passed", "{ran:#?}");
    }
}
