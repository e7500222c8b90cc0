//! The listener and the life of a connection: accept, serve HTTP/1.1 within the limits, stop.
//!
//! In: a bound listener, a `Handler`, `Limits`, and a future that says when to stop. Knows nothing of what is served.

use super::limits::Limits;
use super::metrics::Traffic;
use super::outgoing::{Outgoing, Stream};
use super::problem::Problem;
use super::pulse::{Pulse, Seat, Watch};
use super::socket::Socket;
use crate::world::Abort;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::time::Duration;
use std::{fmt, io};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What goes out. An `Abort` among its extensions says that the connection is to end in its place, or in the middle of it.
pub type Reply = Response<Full<Bytes>>;

/// Who answers the requests of all connections.
pub trait Handler: Send + Sync + 'static {
    /// `pulse` is told when a body is awaited, so that a body has limits of its own.
    fn answer(&self, request: Request<Incoming>, pulse: &Pulse) -> impl Future<Output = Reply> + Send;

    /// Where connections are counted.
    fn traffic(&self) -> Arc<Traffic> {
        Arc::default()
    }

    /// Something went wrong outside of any request.
    fn trouble(&self, _trouble: &Trouble) {}
}

/// What a server outlives, but should tell.
#[derive(Debug)]
pub enum Trouble {
    /// The system gave no further connection (too many open files, mostly). Told once until it is over.
    CannotAccept(io::Error),
    /// It gives connections again.
    AcceptsAgain,
    /// There are as many connections as there may be. Told once until it is over.
    TooManyConnections(usize),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CannotAccept(error) => write!(f, "cannot accept connections for now: {error}"),
            Self::AcceptsAgain => write!(f, "connections are accepted again"),
            Self::TooManyConnections(limit) => write!(f, "{limit} connections are open; further ones are answered 503"),
        }
    }
}

/// The address could not be listened on.
#[derive(Debug)]
pub struct BindError {
    address: SocketAddr,
    cause: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, cause } = self;
        match cause.kind() {
            io::ErrorKind::AddrInUse => write!(
                f,
                "port {} on {} is in use by another program; stop that one, or take another port (0 takes a free one)",
                address.port(),
                address.ip()
            ),
            io::ErrorKind::AddrNotAvailable => {
                write!(f, "{} is not an address of this machine, so {address} cannot be listened on", address.ip())
            }
            io::ErrorKind::PermissionDenied => {
                write!(f, "not allowed to listen on {address}; ports below 1024 may need more rights")
            }
            _ => write!(f, "cannot listen on {address}"),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// Listens on an address; port 0 takes a free port, which the listener's `local_addr` tells.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|cause| BindError { address, cause })
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Connections that were still at work when the time to drain was over.
    pub cut: usize,
}

/// Serves until `shutdown` is done, then lets what has begun come to its end, for `limits.drain_time` at most.
pub async fn serve<H: Handler>(
    listener: TcpListener,
    handler: Arc<H>,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> Stopped {
    let drain_time = limits.drain_time;
    let watch = Watch::new(limits.clone(), handler.traffic());
    let keeper = tokio::spawn({
        let watch = Arc::clone(&watch);
        async move { watch.keep().await }
    });
    tokio::select! {
        () = shutdown => {}
        () = accept(&listener, &handler, &limits, &watch) => {}
    }
    drop(listener);
    watch.close_all();
    let cut = match tokio::time::timeout(drain_time, watch.all_gone()).await {
        Ok(()) => 0,
        Err(_) => watch.cut_all(),
    };
    keeper.abort();
    Stopped { cut }
}

/// Takes connections, for ever.
async fn accept<H: Handler>(listener: &TcpListener, handler: &Arc<H>, limits: &Limits, watch: &Arc<Watch>) {
    let http = protocol(limits);
    let turned_away = Arc::new(Semaphore::new(256));
    let full = full(limits.connections);
    let mut pause = FIRST_PAUSE;
    let mut is_full = false;
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // The connection went before it was taken: its own misfortune, not the listener's.
            Err(error) if is_of_connection(&error) => continue,
            Err(error) => {
                watch.traffic.starved.fetch_add(1, Relaxed);
                if pause == FIRST_PAUSE {
                    handler.trouble(&Trouble::CannotAccept(error));
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
        };
        if pause != FIRST_PAUSE {
            pause = FIRST_PAUSE;
            handler.trouble(&Trouble::AcceptsAgain);
        }
        let Some(seat) = watch.seat() else {
            watch.traffic.turned_away.fetch_add(1, Relaxed);
            if !std::mem::replace(&mut is_full, true) {
                handler.trouble(&Trouble::TooManyConnections(limits.connections));
            }
            if let Ok(permit) = Arc::clone(&turned_away).try_acquire_owned() {
                let full = full.clone();
                tokio::spawn(async move {
                    turn_away(stream, &full).await;
                    drop(permit);
                });
            }
            continue;
        };
        is_full = false;
        let _ = stream.set_nodelay(true); // without it a reply is late, not wrong
        tokio::spawn(serve_connection(http.clone(), stream, Arc::clone(handler), seat));
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

fn protocol(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(None) // ours tells a slow header from an idle connection (see `pulse`)
        .max_header_size(limits.header_size)
        .half_close(true) // a client that has sent all and closed its side still gets its reply
        // One write for header and body. Not `pipeline_flush`: with bytes left in its read buffer (half a further request, the
        // rest of a refused body) hyper would then keep finished replies back, and on closing lose them.
        .writev(false);
    if limits.headers != HYPERS_HEADERS {
        http.max_headers(limits.headers);
    }
    http
}

/// As many as hyper allows without being asked; to ask costs an allocation for each request.
const HYPERS_HEADERS: usize = 100;

struct Connection<H> {
    handler: Arc<H>,
    seat: Seat,
}

async fn serve_connection<H: Handler>(http: http1::Builder, stream: TcpStream, handler: Arc<H>, seat: Seat) {
    let pulse = Arc::clone(&seat.pulse);
    let io = TokioIo::new(Socket::new(stream, Arc::clone(&pulse)));
    // A request counts up this connection's own counter; the handler's would be fought for by all cores.
    let connection = Arc::new(Connection { handler, seat });
    let service = service_fn(move |request| {
        let connection = Arc::clone(&connection);
        async move {
            let pulse = &connection.seat.pulse;
            pulse.request_began();
            let mut reply = connection.handler.answer(request, pulse).await;
            if !pulse.reply_made() {
                reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            if let Some(stream) = reply.extensions_mut().remove::<Stream>() {
                return Ok::<_, Infallible>(Outgoing::stream(reply, &stream, pulse));
            }
            let outgoing = match reply.extensions_mut().remove::<Abort>() {
                None => Outgoing::whole(reply),
                Some(Abort::Truncate) => Outgoing::half(reply, pulse),
                Some(abort) => {
                    pulse.cut_now(abort == Abort::Reset);
                    pending().await
                }
            };
            Ok::<_, Infallible>(outgoing)
        }
    });
    let mut serving = pin!(http.serve_connection(io, service));
    let mut is_told = false;
    poll_fn(|context| {
        pulse.attend(context.waker());
        if pulse.is_cut() {
            return Poll::Ready(());
        }
        if pulse.is_closing() && !is_told {
            is_told = true;
            serving.as_mut().graceful_shutdown();
        }
        // What hyper calls an error here is the client's doing (gone, too slow, no HTTP), and is answered as far as can be.
        let served = serving.as_mut().poll(context).map(|_| ());
        if pulse.is_cut() { Poll::Ready(()) } else { served } // the reply may have been an order to cut
    })
    .await;
}

/// What a connection beyond the limit is answered, as it goes over the wire.
fn full(limit: usize) -> Bytes {
    Problem::over(StatusCode::SERVICE_UNAVAILABLE, "connections", limit, "connections at once").wire()
}

/// Answers 503 and closes, without a seat: reads what has been sent, for a second at most, so that the reply is not lost in a reset.
async fn turn_away(stream: TcpStream, full: &[u8]) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = stream;
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        let mut scrap = [0; 4096];
        let _ = stream.read(&mut scrap).await;
        let _ = stream.write_all(full).await;
        let _ = stream.shutdown().await;
        while stream.read(&mut scrap).await.is_ok_and(|read| read > 0) {}
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_named() {
        let first = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = bind(first.local_addr().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains("in use by another program"), "{error}");
        assert!(error.to_string().contains(&first.local_addr().unwrap().port().to_string()));
    }
}
