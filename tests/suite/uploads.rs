//! Files from the outside: sent as a front end sends them, and asked for again under the address that the reply names.

use crate::server::{Answer, Server, start_documents};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0rest";

const DOCUMENT: &str = r#"# 社区

## 上传图片
+++
post:/api/upload
*file:file=#图片文件
<<<
success
{"code": 0, "msg": "ok", "data": {"url": "http://img.example.com/uploads/2023/04/7.jpg", "size": 100}}
<<<
error
{"code": 4, "msg": "请选择图片", "data": ""}
+++
## 上传base64图片
+++
post:/api/upload64
*image=#图片base64
<<<
success
{"code": 0, "msg": "ok", "data": {"path": "/files/3f9c2b7a1d5e48c6a0b1c2d3e4f50617.png"}}
<<<
error
{"code": 4, "msg": "参数错误", "data": ""}
+++
## 上传多张
+++
post:/api/many
*front=#正面照
*back=#反面照
<<<
success
{"code": 0, "msg": "ok", "data": ["a.jpg", "b.jpg"]}
<<<
error
{"code": 4, "msg": "参数错误", "data": ""}
+++
## 文章列表
+++
get:/api/articles
<<<
success
{"code": 0, "msg": "ok", "data": [{"id": 1, "title": "一", "cover": "/covers/一.jpg"}, {"id": 2, "title": "二", "cover": "https://cdn.example.com/c/2.png?v=1"}]}
<<<
error
{"code": 5, "msg": "暂无数据", "data": ""}
+++
"#;

fn start() -> Server {
    start_documents(DOCUMENT)
}

/// A multipart body of one file a name.
fn multipart(files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in files {
        let head = format!(
            "--X\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: text/html\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--X--\r\n");
    body
}

/// Status, header and body, which may be no text.
fn exchange(server: &Server, head: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let host = server.address;
    let length = body.len();
    let head = format!("{head}Host: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(all[..end].to_vec()).unwrap().to_lowercase();
    (head[9..12].parse().unwrap(), head, all[end + 4..].to_vec())
}

fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[track_caller]
fn send(server: &Server, path: &str, headers: &str, files: &[(&str, &str, &[u8])]) -> Value {
    let head = format!("POST {path} HTTP/1.1\r\n{headers}Content-Type: multipart/form-data; boundary=X\r\n");
    let (status, _, body) = exchange(server, &head, &multipart(files));
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, 200, "{body}");
    body
}

fn get(server: &Server, path: &str) -> (u16, String, Vec<u8>) {
    exchange(server, &format!("GET {path} HTTP/1.1\r\n"), b"")
}

#[track_caller]
fn shows(server: &Server, path: &str, content_type: &str, bytes: &[u8]) {
    let (status, head, body) = get(server, path);
    assert_eq!((status, body.as_slice()), (200, bytes), "{path}: {head}");
    assert!(head.contains(&format!("content-type: {content_type}\r\n")), "{head}");
    assert!(head.contains("x-content-type-options: nosniff") && head.contains("content-security-policy: sandbox"));
    assert_eq!(head.contains("content-disposition: attachment"), content_type == "application/octet-stream", "{head}");
}

#[test]
fn a_file_is_served_under_the_address_that_the_reply_names() {
    let server = start();
    let reply = send(&server, "/api/upload", "", &[("file", "me.html", PNG)]);
    // As the example writes it: absolute, the same folder, the number goes on; at this server, and of the file's own type.
    let host = server.address;
    assert_eq!(
        reply,
        json!({"code": 0, "msg": "ok", "data": {"url": format!("http://{host}/uploads/2023/04/8.png"), "size": 100}})
    );
    shows(&server, "/uploads/2023/04/8.png", "image/png", PNG);
    let (status, head, body) = exchange(&server, "HEAD /uploads/2023/04/8.png HTTP/1.1\r\n", b"");
    assert_eq!((status, body.len()), (200, 0));
    assert!(head.contains(&format!("content-length: {}", PNG.len())), "{head}");
    let again = send(&server, "/api/upload", "", &[("file", "me.jpeg", JPEG)]);
    assert_eq!(again["data"]["url"], format!("http://{host}/uploads/2023/04/9.jpg"));
    let missing = server.form("/api/upload", "x=1");
    assert_eq!(missing.json()["code"], 4);
    // An address that is sent as text is one.
    let text = server.form("/api/upload", "file=/a/b.png");
    assert_eq!(text.json()["data"]["url"], "/a/b.png");
    let told = server.get("journal").json();
    assert_eq!(told["items"][2]["changes"][0]["file"]["path"], "uploads/2023/04/9.jpg");
}

#[test]
fn what_is_no_picture_is_a_download() {
    let server = start();
    let html = b"<html><script>alert(1)</script>";
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    for (name, bytes, path) in [
        ("a.html", &html[..], "/uploads/2023/04/8.html"),
        ("a.svg", &svg[..], "/uploads/2023/04/9.svg"),
        ("a.png", &html[..], "/uploads/2023/04/10.png"),
        ("../../x", &html[..], "/uploads/2023/04/11.bin"),
    ] {
        let reply = send(&server, "/api/upload", "", &[("file", name, bytes)]);
        assert!(reply["data"]["url"].as_str().unwrap().ends_with(path), "{reply}");
        shows(&server, path, "application/octet-stream", bytes);
    }
}

#[test]
fn pictures_come_as_base64_too() {
    let server = start();
    let path = |answer: &Answer| answer.json()["data"]["path"].as_str().unwrap().to_owned();
    let typed = [("Content-Type", "application/json")];
    let by_uri = server.ask("POST", "/api/upload64", &typed, r#"{"image":"data:image/jpeg;base64,/9j/4HJlc3Q="}"#);
    let first = path(&by_uri);
    assert!(first.starts_with("/files/") && ending(&first) == "jpg" && first.len() == 43, "{first}");
    shows(&server, &first, "image/jpeg", JPEG);
    let second = path(&server.form("/api/upload64", "image=iVBORw0KGgpyZXN0"));
    assert!(ending(&second) == "png" && second != first, "{second}");
    shows(&server, &second, "image/png", PNG);
}

#[test]
fn several_files_are_listed_and_bare_names_are_found_behind_any_folder() {
    let server = start();
    let reply = send(&server, "/api/many", "", &[("front", "1.png", PNG), ("back", "2.gif", b"GIF89a")]);
    let names: Vec<&str> = reply["data"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names.len(), 2);
    assert!(ending(names[0]) == "png" && ending(names[1]) == "gif" && !names[0].contains('/'), "{names:?}");
    shows(&server, &format!("/upload/img/{}", names[0]), "image/png", PNG);
    shows(&server, &format!("/{}", names[1]), "image/gif", b"GIF89a");
}

#[test]
fn each_world_keeps_its_own_under_its_prefix() {
    let server = start();
    let host = server.address;
    let by_prefix = send(&server, "/@one/api/upload", "", &[("file", "a.png", PNG)]);
    assert_eq!(by_prefix["data"]["url"], format!("http://{host}/@one/uploads/2023/04/8.png"));
    let by_header = send(&server, "/api/upload", "X-Docsim-World: two\r\n", &[("file", "a.png", JPEG)]);
    assert_eq!(by_header["data"]["url"], format!("http://{host}/@two/uploads/2023/04/8.jpg"));
    shows(&server, "/@one/uploads/2023/04/8.png", "image/png", PNG);
    shows(&server, "/@two/uploads/2023/04/8.jpg", "image/jpeg", JPEG);
    shows(&server, "/@one/@one/uploads/2023/04/8.png", "image/png", PNG);
    assert_eq!(get(&server, "/uploads/2023/04/8.png").0, 404);
    // A fork and a snapshot take files along.
    assert_eq!(server.admin("POST", "worlds", &json!({"name": "fork", "from": "one"})).status, 201);
    shows(&server, "/@fork/uploads/2023/04/8.png", "image/png", PNG);
    let state = server.get("/@one/__docsim/state").json();
    assert_eq!(server.admin("PUT", "/@three/__docsim/state", &state).status, 204);
    shows(&server, "/@three/uploads/2023/04/8.png", "image/png", PNG);
    assert_eq!(server.admin("DELETE", "/@one/__docsim/state", &Value::Null).status, 204);
    assert_eq!(get(&server, "/@one/uploads/2023/04/8.png").0, 404);
}

#[test]
fn there_is_an_end_to_what_is_kept() {
    let server = start();
    let post = |size: usize| {
        let mut bytes = PNG.to_vec();
        bytes.resize(size, 0);
        let head = "POST /api/upload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=X\r\n";
        exchange(&server, head, &multipart(&[("file", "a.png", &bytes)]))
    };
    let (status, head, body) = post((8 << 20) + 1);
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &problem["limit"]), (413, &json!(8 << 20)), "{head}");
    assert!(head.contains("content-type: application/problem+json"), "{head}");
    for _ in 0..8 {
        assert_eq!(post(8 << 20).0, 200);
    }
    let (status, _, body) = post(1 << 10);
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &problem["limit"]), (413, &json!(64 << 20)));
    assert_eq!(server.admin("DELETE", "state", &Value::Null).status, 204);
    assert_eq!(post(1 << 10).0, 200);
}

#[test]
fn pictures_that_are_only_named_have_a_stand_in() {
    let server = start();
    for path in ["/covers/%E4%B8%80.jpg", "/c/2.png", "/c/2.png?v=1", "/@w/c/2.png"] {
        let (status, head, body) = get(&server, path);
        assert_eq!(status, 200, "{path}");
        assert!(head.contains("content-type: image/svg+xml") && head.contains("nosniff"), "{head}");
        assert!(head.contains("content-security-policy: sandbox"), "{head}");
        assert!(head.contains("x-docsim-source: api-docs/"), "{head}");
        assert!(body.starts_with(b"<svg "), "{path}");
    }
    let (_, _, body) = get(&server, "/covers/%E4%B8%80.jpg");
    assert!(String::from_utf8(body).unwrap().contains(">一.jpg</text>"));
    for path in ["/c/3.png", "/2.png", "/x/c/2.png", "/covers/", "/etc/passwd"] {
        let (status, _, body) = get(&server, path);
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, problem["near"].is_array()), (404, true), "{path}");
    }
    assert_eq!(server.form("/c/2.png", "").status, 404, "only to be looked at");
    assert_eq!(server.get("worlds").json()["total"], 0, "and looking makes no world");
}
