//! T14: whatever address a request, a document or a backend's reply names, nobody but the backend is ever connected to.

use super::proxy::Proxied;
use super::server;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

const SCHEMES: [&str; 6] = ["http://", "https://", "//", "ftp://", "http:\\\\", "gopher://"];

/// One address, as it can be written to get past who looks for it.
const HOSTS: [&str; 12] = [
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "127.0.0.1.",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
    "LOCALHOST.",
    "who:secret@127.0.0.1",
    "%31%32%37.0.0.1",
];

/// Everywhere that an address can stand in a request.
fn requests(address: &str) -> [String; 9] {
    let get = |target: &str, headers: &str| {
        format!("GET {target} HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: 0\r\n\r\n")
    };
    let post = |content_type: &str, body: &str| {
        let length = body.len();
        format!(
            "POST /shot/save HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    let behind = |name: &str| get("/shot/list", &format!("Host: localhost\r\n{name}: {address}\r\n"));
    [
        get(&format!("{address}/shot/list"), "Host: localhost\r\n"),
        get("/shot/list", &format!("Host: {address}\r\n")),
        get(&format!("/shot/list?picture={address}"), "Host: localhost\r\n"),
        behind("X-Forwarded-Host"),
        behind("Forwarded"),
        behind("Origin"),
        behind("Referer"),
        post("application/x-www-form-urlencoded", &format!("title=a&picture={address}")),
        post("application/json", &serde_json::json!({ "title": "a", "picture": address }).to_string()),
    ]
}

fn send(to: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(to).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}

/// How many have come there since.
fn connections(canary: &TcpListener) -> usize {
    std::iter::from_fn(|| match canary.accept() {
        Ok(_) => Some(()),
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        Err(error) => panic!("{error}"),
    })
    .count()
}

/// A backend that has everything somewhere else.
fn elsewhere(location: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let location = location.clone();
            std::thread::spawn(move || {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok);
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let head = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n");
                let _ = (&stream).write_all(format!("{head}Content-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
            });
        }
    });
    address
}

#[test]
fn no_address_that_is_named_is_connected_to() {
    let canary = TcpListener::bind("127.0.0.1:0").expect("a port");
    canary.set_nonblocking(true).expect("asked without waiting");
    let port = canary.local_addr().expect("an address").port();
    let document = format!(
        "# 相册 http://127.0.0.1:{port}/\n\n![](http://127.0.0.1:{port}/a.png)\n\n## 图片列表\n\n+++\nget:/shot/list\n\
         picture=http://127.0.0.1:{port}/a.png#图片\n<<<\nsuccess\n\
         {{\"code\":0,\"data\":[{{\"id\":1,\"title\":\"a\",\"picture\":\"http://127.0.0.1:{port}/a.png\"}}]}}\n+++\n\n\
         ## 保存图片\n\n+++\npost:http://127.0.0.1:{port}/shot/save\n*title=a#标题\npicture=#图片地址\n<<<\nsuccess\n\
         {{\"code\":0,\"msg\":\"保存成功\",\"data\":{{\"id\":1}}}}\n+++\n"
    );
    let served = server::start_documents(&document);
    let backend = elsewhere(format!("http://127.0.0.1:{port}/shot/list"));
    let proxied = Proxied::before(&format!("http://{backend}"));
    let answers = send(served.address, &requests("x")[8]);
    assert!(answers.contains("保存成功"), "{answers}");
    let answers = send(proxied.front(), &requests("x")[8]);
    assert!(answers.starts_with("HTTP/1.1 302"), "what the backend answers goes through: {answers}");
    let mut asked = 0;
    for scheme in SCHEMES {
        for host in HOSTS {
            let address = format!("{scheme}{host}:{port}");
            for request in requests(&address) {
                for to in [served.address, proxied.front()] {
                    let reply = send(to, &request);
                    assert!(reply.starts_with("HTTP/1.1 "), "{request}\n{reply}");
                    asked += 1;
                    let come = connections(&canary);
                    assert_eq!(come, 0, "{request}\n{reply}");
                }
            }
        }
    }
    assert!(asked > 1_000, "{asked}");
    // It would have been seen.
    let _one = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    assert_eq!(connections(&canary), 1);
}
