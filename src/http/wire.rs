//! Tests of the server on a real socket, with raw bytes, in front of a handler that says what arrived.

use super::convert::{self, Kind};
use super::limits::Limits;
use super::problem::Problem;
use super::pulse::Pulse;
use super::server::{Handler, Reply, Stopped, bind, serve};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};

/// Answers `METHOD /path n fields`; `/wait` says that it was called and waits to be let go; `/large` is 8 MiB.
struct Echo {
    limits: Limits,
    called: Notify,
    let_go: Notify,
}

impl Handler for Echo {
    async fn answer(&self, request: Request<Incoming>, pulse: &Pulse) -> Reply {
        self.echo(request, pulse).await.unwrap_or_else(Problem::reply)
    }
}

impl Echo {
    async fn echo(&self, request: Request<Incoming>, pulse: &Pulse) -> Result<Reply, Problem> {
        let (head, body) = request.into_parts();
        let body = convert::read(body, Kind::of(&head.headers).size_limit(&self.limits), &self.limits, pulse).await?;
        let fields = convert::fields(&head.headers, &body, &self.limits).await?.len();
        let text = match head.uri.path() {
            "/wait" => {
                self.called.notify_one();
                self.let_go.notified().await;
                "waited".to_owned()
            }
            "/large" => "x".repeat(8 << 20),
            path => format!("{} {path} {fields}", head.method),
        };
        Ok(Response::new(Full::new(Bytes::from(text))))
    }
}

struct Running {
    address: SocketAddr,
    echo: Arc<Echo>,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<Stopped>,
}

async fn running(limits: Limits) -> Running {
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let echo = Arc::new(Echo { limits: limits.clone(), called: Notify::new(), let_go: Notify::new() });
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(serve(listener, Arc::clone(&echo), limits, async {
        let _ = stopped.await;
    }));
    Running { address, echo, stop, serving }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(30), test).await.expect("the test hangs") })
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes on a connection of their own and reads until the server closes; the last header says `close`, or the server does.
    async fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        rest(&mut stream).await
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all).await; // a reset after the reply is a close, too
    String::from_utf8_lossy(&all).into_owned()
}

/// Reads until what has come contains `wanted`.
async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all);
        if text.contains(wanted) {
            return text.into_owned();
        }
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "closed after: {text}");
        all.extend_from_slice(&piece[..read]);
    }
}

fn short() -> Limits {
    Limits {
        header_time: Duration::from_millis(60),
        body_gap: Duration::from_millis(60),
        idle_time: Duration::from_millis(60),
        ..Limits::default()
    }
}

#[test]
fn requests_are_answered_one_after_the_other() {
    run(async {
        let server = running(Limits::default()).await;
        let reply = server
            .exchange("GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}GET /c HTTP/1.0\r\n\r\n")
            .await;
        let at = |wanted: &str| reply.find(wanted).unwrap_or_else(|| panic!("no {wanted} in {reply}"));
        assert!(at("GET /a 0") < at("POST /b 1") && at("POST /b 1") < at("GET /c 0"));
    });
}

#[test]
fn a_reply_does_not_wait_for_the_rest_of_a_further_request() {
    run(async {
        let server = running(Limits::default()).await;
        let mut stream = server.connect().await;
        stream.write_all(b"GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /second HT").await.unwrap();
        until(&mut stream, "GET /first 0").await;
        stream.write_all(b"TP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        until(&mut stream, "GET /second 0").await;
    });
}

#[test]
fn a_client_that_closes_its_side_is_answered() {
    run(async {
        let server = running(Limits::default()).await;
        let mut stream = server.connect().await;
        stream.write_all(b"GET /half HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
        assert!(rest(&mut stream).await.contains("GET /half 0"));
    });
}

#[test]
fn bodies_over_a_limit_are_refused_and_the_refusal_arrives() {
    run(async {
        let server = running(Limits { body_size: 1 << 20, ..Limits::default() }).await;
        let json = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        let two = 2 << 20;
        let reply = server
            .exchange(format!("{json}Connection: close\r\nContent-Length: {two}\r\n\r\n{}", " ".repeat(two)))
            .await;
        assert!(reply.starts_with("HTTP/1.1 413 ") && reply.contains("1048576"), "{reply}");
        // Told before it is sent, and far too much: not read at all.
        let reply = server.exchange(format!("{json}Content-Length: {}\r\n\r\n{{}}", 10_u64 << 30)).await;
        assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
        let reply =
            server.exchange(format!("{json}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n", 10_u64 << 30)).await;
        assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
        // Never told: cut off on the way.
        let mut stream = server.connect().await;
        stream.write_all(format!("{json}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        let mut sent = 0;
        while sent < 1_000 && stream.write_all(chunk.as_bytes()).await.is_ok() {
            sent += 1;
        }
        assert!(sent < 1_000);
    });
}

#[test]
fn a_body_that_breaks_off_is_refused() {
    run(async {
        let server = running(Limits::default()).await;
        let mut stream = server.connect().await;
        stream.write_all(b"POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").await.unwrap();
        let reply = rest(&mut stream).await;
        assert!(reply.starts_with("HTTP/1.1 400 ") && reply.contains("not framed as HTTP/1.1 has it"), "{reply}");
    });
}

#[test]
fn what_is_no_http_1_is_refused() {
    run(async {
        let server = running(Limits::default()).await;
        for (odd, status) in [
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), ""),
            ("NONSENSE\r\n\r\n".to_owned(), "400"),
            ("GET / HTTP/1.1\r\nHost : x\r\n\r\n".to_owned(), "400"),
            ("GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n".to_owned(), "400"),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned(), "400"),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n".to_owned(), "400"),
            (format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(32 << 10)), "431"),
            (format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(100)), "431"),
        ] {
            let reply = server.exchange(&odd).await;
            assert!(
                if status.is_empty() { reply.is_empty() } else { reply.starts_with(&format!("HTTP/1.1 {status} ")) },
                "{odd:?}: {reply}"
            );
        }
        assert!(
            server.exchange("GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.contains("GET /good 0")
        );
    });
}

#[test]
fn silent_and_slow_clients_are_let_go() {
    run(async {
        let server = running(short()).await;
        assert!(rest(&mut server.connect().await).await.starts_with("HTTP/1.1 408 "), "silent from the start");
        assert!(server.exchange("GET / HTTP/1.1\r\nHos").await.starts_with("HTTP/1.1 408 "), "half a header");
        let idle = server.exchange("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(idle.ends_with("GET /idle 0"), "idle after a reply: {idle}");
        let half = server
            .exchange(
                "POST /b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\"",
            )
            .await;
        assert!(
            half.starts_with("HTTP/1.1 408 ") && half.contains("\"limit_name\":\"body-gap\""),
            "half a body: {half}"
        );
    });
}

#[test]
fn a_client_that_does_not_read_is_let_go_and_one_that_reads_slowly_is_not() {
    run(async {
        let server = running(short()).await;
        let mut stream = server.connect().await;
        for _ in 0..4 {
            let _ = stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
        }
        stop(server).await; // comes to an end only if the connection does
        let server = running(Limits { idle_time: Duration::from_millis(500), ..Limits::default() }).await;
        let mut stream = server.connect().await;
        stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        assert!(rest(&mut stream).await.len() > 8 << 20);
    });
}

/// Orders a server to stop, and expects that it has nothing to cut.
async fn stop(server: Running) {
    server.stop.send(()).unwrap();
    assert_eq!(server.serving.await.unwrap(), Stopped { cut: 0 });
}

#[test]
fn one_connection_too_many_is_told_so() {
    run(async {
        let server = running(Limits { connections: 1, ..Limits::default() }).await;
        let mut first = server.connect().await;
        first.write_all(b"GET /first HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        until(&mut first, "GET /first 0").await;
        let reply = server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(
            reply.starts_with("HTTP/1.1 503 ") && reply.ends_with("\"limit\":1,\"limit_name\":\"connections\"}"),
            "{reply}"
        );
        first.write_all(b"GET /again HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        until(&mut first, "GET /again 0").await;
    });
}

#[test]
fn a_connection_ends_after_its_last_request() {
    run(async {
        let server = running(Limits { requests_per_connection: 2, ..Limits::default() }).await;
        let reply = server.exchange("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3)).await;
        assert_eq!(reply.matches("GET /1 0").count(), 2, "{reply}");
        assert_eq!(reply.matches("connection: close").count(), 1);
    });
}

#[test]
fn stopping_lets_a_reply_finish_and_closes_what_is_idle() {
    run(async {
        let server = running(Limits::default()).await;
        let mut idle = server.connect().await;
        idle.write_all(b"GET /idle HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        until(&mut idle, "GET /idle 0").await;
        let mut at_work = server.connect().await;
        at_work.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        server.echo.called.notified().await;
        server.stop.send(()).unwrap();
        assert_eq!(rest(&mut idle).await, "");
        server.echo.let_go.notify_one();
        assert!(rest(&mut at_work).await.ends_with("waited"));
        assert_eq!(server.serving.await.unwrap(), Stopped { cut: 0 });
        assert!(TcpStream::connect(server.address).await.is_err());
    });
}

#[test]
fn stopping_cuts_what_does_not_finish() {
    run(async {
        let server = running(Limits { drain_time: Duration::from_millis(30), ..Limits::default() }).await;
        let mut stuck = server.connect().await;
        stuck.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        server.echo.called.notified().await;
        server.stop.send(()).unwrap();
        assert_eq!(server.serving.await.unwrap(), Stopped { cut: 1 });
        assert_eq!(rest(&mut stuck).await, "");
    });
}

/// Changes a few bytes here and there, the same ones each time.
fn mutated(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or_default() % below
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=next(3) {
        let at = next(bytes.len());
        match next(4) {
            0 => bytes[at] = b"\r\n\0 :,;%\xff0{"[next(11)],
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, b"\r\n\0 :,;%\xff0{"[next(11)]),
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes
}

#[test]
fn mutated_requests_end_and_leave_the_server_well() {
    run(async {
        let server = running(Limits::default()).await;
        let models: [&[u8]; 3] = [
            b"POST /b?x=%E5 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=gbk\r\nContent-Length: 13\r\n\r\n{\"a\":[1,\"2\"]}",
            b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na=1&b\r\n0\r\n\r\n",
            b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=X\r\nContent-Length: 62\r\n\r\n--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n    ",
        ];
        for (at, seed) in (0..600).enumerate() {
            let mut stream = server.connect().await;
            let _ = stream.write_all(&mutated(models[at % 3], seed)).await;
            let _ = stream.shutdown().await;
            let reply = rest(&mut stream).await;
            assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 "), "seed {seed}: {reply}");
        }
        assert!(
            server.exchange("GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.contains("GET /good 0")
        );
        stop(server).await;
    });
}
