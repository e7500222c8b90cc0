//! The one HTTP/1.1 client: for scenarios against a server, for `verify`, for `proxy`.
//!
//! In: a target from the command line and requests as plain values. Out: replies as plain values, or a sentence that says
//! what kept the reply away. It follows no redirect, asks no proxy of the system's, holds no more than it was told to, and
//! goes to no link-local or metadata address, whatever name leads there. It knows no document.

mod passing;
mod reach;
mod target;
mod tls;

pub(crate) use passing::{Passing, Rest};
pub use target::{BadTarget, Target};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reach::Resolver;
use std::error::Error as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{fmt, io};

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Until a connection stands, its TLS included.
    pub connect_timeout: Duration,
    /// Until the reply is there whole; what is passed on goes on afterwards as it comes.
    pub timeout: Duration,
    /// Go with every request, in place of one of the same name.
    pub headers: Vec<(String, String)>,
    /// Takes any certificate.
    pub insecure: bool,
    /// Requests a second at most.
    pub rate: Option<f64>,
    /// The largest reply that is read, in bytes; of what is passed on, so much is held.
    pub reply_limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            headers: Vec::new(),
            insecure: false,
            rate: None,
            reply_limit: 16 << 20,
        }
    }
}

/// One request. `path` is behind the target's own path, percent-encoded, with its query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub http_status: u16,
    /// In their order; a value that is no text is shown as far as it is one.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    pub took: Duration,
}

impl Reply {
    /// The first value of that name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody listens there.
    Refused(String),
    TimedOut(Duration),
    /// The certificate is not one that this machine trusts.
    Certificate(String),
    TooLarge(usize),
    /// The address is one that no request goes to.
    Forbidden(String),
    /// The connection ended before the reply did, and the like.
    Other(String),
    /// What was asked cannot be put into a request.
    Request(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(what) => write!(f, "nothing answers there: {what}"),
            Self::TimedOut(after) => write!(f, "no reply within {} s", after.as_secs_f64()),
            Self::Certificate(what) => {
                write!(f, "its certificate is not trusted: {what} (--insecure takes any certificate)")
            }
            Self::TooLarge(limit) => write!(f, "the reply has more than {limit} bytes"),
            Self::Forbidden(what) | Self::Other(what) | Self::Request(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Trouble {}

type Connector = HttpsConnector<HttpConnector<Resolver>>;

pub struct Client {
    target: Target,
    options: Options,
    headers: HeaderMap,
    inner: legacy::Client<Connector, Full<Bytes>>,
    /// When the next request may go.
    next: Mutex<Option<Instant>>,
}

impl Client {
    /// A client for one target. Fails where a header of the options is none, or no certificates can be read.
    pub fn new(target: Target, options: Options) -> Result<Self, Trouble> {
        let mut headers = HeaderMap::new();
        for (name, value) in &options.headers {
            let (name, value) = header(name, value)?;
            headers.append(name, value);
        }
        let mut http = HttpConnector::new_with_resolver(Resolver);
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(options.connect_timeout));
        let tls = tls::config(target.is_https(), options.insecure).map_err(Trouble::Other)?;
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(20))
            .http1_title_case_headers(false)
            .build(connector);
        Ok(Self { target, options, headers, inner, next: Mutex::new(None) })
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Sends one request and reads its reply whole.
    pub async fn send(&self, ask: &Ask) -> Result<Reply, Trouble> {
        let request = self.request(ask)?;
        let began = Instant::now();
        let reply = self.exchange(request).await?;
        let (head, body) = reply.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Ok(Reply { http_status: head.status.as_u16(), headers, body, took: began.elapsed() })
    }

    /// Sends a request that came from elsewhere, byte for byte; only the headers of the options take the place of its own.
    /// `path` is behind the target's own, with its query.
    pub(crate) async fn pass(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Passing, Trouble> {
        // What a path holds may be a secret, and what is said here is kept.
        let no_url = |_| Trouble::Request("its path makes no URL that can be asked for".to_owned());
        let uri: Uri = self.target.url(path).parse().map_err(no_url)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        self.put_own_headers(request.headers_mut());
        self.wait_for_turn().await;
        let (timeout, until) = (self.options.timeout, Instant::now() + self.options.timeout);
        let reply = tokio::time::timeout_at(until.into(), self.inner.request(request)).await;
        let reply = reply.map_err(|_| Trouble::TimedOut(timeout))?.map_err(|error| self.trouble(&error))?;
        passing::read(reply, self.options.reply_limit, until).await
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Trouble> {
        self.wait_for_turn().await;
        let limit = self.options.reply_limit;
        let exchange = async {
            let reply = self.inner.request(request).await.map_err(|error| self.trouble(&error))?;
            let (head, body) = reply.into_parts();
            let body = Limited::new(body, limit).collect().await.map_err(|error| {
                if error.is::<LengthLimitError>() {
                    Trouble::TooLarge(limit)
                } else {
                    Trouble::Other(format!("the reply broke off: {error}"))
                }
            })?;
            Ok((head, body.to_bytes()))
        };
        let timeout = self.options.timeout;
        let (head, body) = tokio::time::timeout(timeout, exchange).await.map_err(|_| Trouble::TimedOut(timeout))??;
        Ok(Response::from_parts(head, body))
    }

    fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, Trouble> {
        let url = self.target.url(&ask.path);
        let uri: Uri = url.parse().map_err(|_| Trouble::Request(format!("{url:?} is no URL that can be asked for")))?;
        let method = Method::from_bytes(ask.method.as_bytes())
            .map_err(|_| Trouble::Request(format!("{:?} is no HTTP method", ask.method)))?;
        let mut request = Request::new(Full::new(ask.body.clone()));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        for (name, value) in &ask.headers {
            let (name, value) = header(name, value)?;
            request.headers_mut().append(name, value);
        }
        self.put_own_headers(request.headers_mut());
        Ok(request)
    }

    fn put_own_headers(&self, headers: &mut HeaderMap) {
        for name in self.headers.keys() {
            headers.remove(name);
        }
        headers.extend(self.headers.clone());
        if let Some(host) = headers.remove(HOST) {
            headers.insert(HOST, host);
        }
    }

    /// Requests go one after the other, no faster than they may.
    async fn wait_for_turn(&self) {
        let Some(rate) = self.options.rate.filter(|rate| *rate > 0.0) else { return };
        let gap = Duration::from_secs_f64((1.0 / rate).min(3600.0));
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let turn = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(turn + gap);
            turn
        };
        tokio::time::sleep_until(turn.into()).await;
    }

    fn trouble(&self, error: &legacy::Error) -> Trouble {
        let mut cause = error.source();
        let mut deepest = error.to_string();
        while let Some(inner) = cause {
            if let Some(forbidden) = inner.downcast_ref::<reach::Forbidden>() {
                return Trouble::Forbidden(forbidden.to_string());
            }
            // The errors of a resolver and of TLS hide inside those of a socket.
            if let Some(io) = inner.downcast_ref::<io::Error>() {
                if let Some(forbidden) = io.get_ref().and_then(|inner| inner.downcast_ref::<reach::Forbidden>()) {
                    return Trouble::Forbidden(forbidden.to_string());
                }
                if let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    return Trouble::Certificate(tls.to_string());
                }
                match io.kind() {
                    io::ErrorKind::ConnectionRefused => {
                        return Trouble::Refused(format!("{} refuses the connection", self.target.authority()));
                    }
                    io::ErrorKind::TimedOut => return Trouble::TimedOut(self.options.connect_timeout),
                    _ => {}
                }
            }
            deepest = inner.to_string();
            cause = inner.source();
        }
        if error.is_connect() { Trouble::Refused(deepest) } else { Trouble::Other(format!("no reply: {deepest}")) }
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Trouble> {
    let bad = || Trouble::Request(format!("{name:?}: {value:?} is no header"));
    let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| bad())?;
    let value = HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| bad())?;
    Ok((name, value))
}
