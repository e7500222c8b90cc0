//! The least that a login and a profile with state can do on the same stack: take the form apart, look the account up, compare
//! the password, put a new token in the old one's place, write it between two constants. It knows two endpoints and no
//! document, keeps no journal, has no limits, no worlds and no clock.

use crate::client::Script;
use crate::driver_app::{PASSWORD, phone};
use dashmap::DashMap;
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::{Method, Request, Response, StatusCode};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) struct Least {
    accounts: DashMap<Box<str>, Account>,
    /// Whose each token is.
    tokens: DashMap<Box<str>, Box<str>>,
    random: RandomState,
    drawn: AtomicU64,
    login: Filled,
    profile: Filled,
}

/// The id after the example's, as the documents count on.
pub(crate) const FIRST_ID: u64 = 262;

struct Account {
    /// As the documents show it.
    id: Box<str>,
    password: Box<str>,
    token: Option<Box<str>>,
}

/// A reply with places in its body that differ, in their order.
pub(crate) struct Filled {
    headers: HeaderMap,
    body: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Filled {
    pub(crate) fn new(headers: HeaderMap, body: &[u8], places: Vec<Range<usize>>) -> Self {
        Self { headers, body: body.to_vec(), places }
    }

    fn reply(&self, texts: &[&str]) -> Response<Full<Bytes>> {
        let mut body = Vec::with_capacity(self.body.len() + 16);
        let mut from = 0;
        for (place, text) in self.places.iter().zip(texts) {
            body.extend_from_slice(&self.body[from..place.start]);
            body.extend_from_slice(text.as_bytes());
            from = place.end;
        }
        body.extend_from_slice(&self.body[from..]);
        let mut reply = Response::new(Full::new(Bytes::from(body)));
        *reply.headers_mut() = self.headers.clone();
        reply
    }
}

impl Least {
    pub(crate) fn new(accounts: u64, login: Filled, profile: Filled) -> Self {
        let account = |account: u64| -> (Box<str>, Account) {
            let id = (FIRST_ID + account).to_string().into_boxed_str();
            (phone(account).into(), Account { id, password: PASSWORD.into(), token: None })
        };
        Self {
            accounts: (0..accounts).map(account).collect(),
            tokens: DashMap::new(),
            random: RandomState::new(),
            drawn: AtomicU64::new(0),
            login,
            profile,
        }
    }

    /// Takes the tokens that these ask with for the accounts' whose profiles they expect.
    pub(crate) fn know(&self, profiles: &[Script]) {
        for script in profiles {
            let request = String::from_utf8_lossy(&script.requests[0]);
            let token = request.split(['=', ' ']).nth(2).expect("a token");
            let body = String::from_utf8_lossy(&script.expected.body);
            let phone = body.split("\"account\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a phone");
            self.tokens.insert(token.into(), phone.into());
        }
    }

    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
        let reply = match (&head.method, head.uri.path()) {
            (&Method::POST, "/Api/User/login") => self.login(&body),
            (&Method::GET, "/Api/User/get_user_details") => self.details(head.uri.query().unwrap_or_default()),
            _ => None,
        };
        reply.unwrap_or_else(|| {
            let mut reply = Response::new(Full::default());
            *reply.status_mut() = StatusCode::NOT_FOUND;
            reply
        })
    }

    fn login(&self, body: &[u8]) -> Option<Response<Full<Bytes>>> {
        let (mut phone, mut password) = Default::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "phone" => phone = value,
                "password" => password = value,
                _ => {}
            }
        }
        let mut account = self.accounts.get_mut(&*phone).filter(|account| *account.password == password)?;
        let draw = || self.random.hash_one(self.drawn.fetch_add(1, Ordering::Relaxed));
        let token = format!("{:016x}{:016x}{:06x}", draw(), draw(), draw() & 0x00ff_ffff);
        if let Some(old) = account.token.replace(token.as_str().into()) {
            self.tokens.remove(&old);
        }
        let reply = self.login.reply(&[&token]);
        self.tokens.insert(token.into(), phone.into());
        Some(reply)
    }

    fn details(&self, query: &str) -> Option<Response<Full<Bytes>>> {
        let (_, token) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token")?;
        let phone = self.tokens.get(&*token)?;
        let account = self.accounts.get(&*phone)?;
        Some(self.profile.reply(&[&account.id, &phone]))
    }
}
