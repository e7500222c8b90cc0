//! Wrong servers made of a right one: docsim serves an application, and a small proxy before it changes the replies of one
//! endpoint. `verify` finds each kind of change, and nothing where nothing is changed.

use super::server;
use docsim::client::{Client, Options, Target};
use docsim::generation::Generation;
use docsim::scenario::load::Loaded;
use docsim::scenario::run::{Hooks, Settings, Stage};
use docsim::verify::{self, Finding, Verdict};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

/// Before a path: what is asked for is done twice.
const TWICE: &str = "twice ";

/// What is done to a reply that succeeds.
type Change = fn(&mut Value);

const KINDS: [(&str, &str, Change); 8] = [
    ("an item twice", "/snack/address/list", |body| {
        let items = body["data"].as_array_mut().unwrap();
        items.extend(items.last().cloned());
    }),
    ("an item without its id", "/snack/address/list", |body| {
        for item in body["data"].as_array_mut().unwrap() {
            item["address_id"] = Value::Null;
        }
    }),
    ("a member too few", "/snack/goods/info", |body| {
        body["data"].as_object_mut().unwrap().remove("name");
    }),
    ("a text for a number", "/snack/cart/count", |body| body["data"]["count"] = json!("2")),
    ("a price that the list of goods does not say", "/snack/cart/list", |body| {
        for item in body["data"]["list"].as_array_mut().unwrap() {
            item["goods_price"] = json!("99.00");
        }
    }),
    ("an amount that the detail does not say", "/snack/order/list", |body| {
        for item in body["data"].as_array_mut().unwrap() {
            item["pay_amount"] = json!("99.00");
        }
    }),
    ("other words", "/snack/cart/add", |body| body["msg"] = json!("好的")),
    ("a token of nobody", "/snack/member/register", |body| body["data"]["token"] = json!("0123456789abcdef")),
];

/// One request or reply, to its end.
fn message(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn pass(mut client: TcpStream, behind: SocketAddr, path: &str, change: Change) -> Option<()> {
    let mut asking = BufReader::new(client.try_clone().ok()?);
    while let Some((head, body)) = message(&mut asking) {
        let asked = head.split(' ').nth(1)?.split('?').next()?.to_owned();
        if asked.starts_with("/__docsim") || asked.starts_with("/@") {
            client.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").ok()?;
            continue;
        }
        let ask = || {
            // A connection that waited while plans were made would be given up by the server.
            let mut server = TcpStream::connect(behind).ok()?;
            let mut answering = BufReader::new(server.try_clone().ok()?);
            server.write_all(&[head.as_bytes(), &body].concat()).ok()?;
            message(&mut answering)
        };
        if path.strip_prefix(TWICE) == Some(&*asked) {
            ask()?;
        }
        let (head, mut body) = ask()?;
        let mut value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if asked == path && value["code"] == 0 {
            change(&mut value);
            body = value.to_string().into_bytes();
        }
        let own = |line: &&str| !line.starts_with("x-docsim") && !line.starts_with("content-length");
        let kept: Vec<&str> = head.lines().filter(own).filter(|line| !line.is_empty()).collect();
        let head = format!("{}\r\ncontent-length: {}\r\n\r\n", kept.join("\r\n"), body.len());
        client.write_all(&[head.as_bytes(), &body].concat()).ok()?;
    }
    Some(())
}

fn against(generation: &Arc<Generation>, text: &str, path: &'static str, change: Change) -> Verdict {
    let server = server::start_documents(text);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, behind) = (listener.local_addr().unwrap(), server.address);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || pass(client, behind, path, change));
        }
    });
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(async {
        let client = Client::new(Target::parse(&format!("http://{address}")).unwrap(), Options::default()).unwrap();
        let stage = Arc::new(Stage::target(client, Hooks::default()).await.unwrap());
        let settings = Settings { jobs: 1, fail_fast: false };
        verify::verify(generation, stage, Loaded::default(), &settings, 7, |_| {}).await
    })
}

/// The documents of an application, and their text.
fn application(name: &str) -> (Arc<Generation>, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/applications").join(name);
    let generation = Arc::new(crate::applications::served(&folder));
    let text: Vec<&str> = generation.set.sources.iter().map(docsim::source::Source::text).collect();
    let text = text.join("\n\n");
    (generation, text)
}

/// One world for all scenarios: what one has taken, the next ones do not find.
#[test]
fn nothing_is_found_where_a_right_server_is_used_up() {
    for name in ["star-deck", "pool-hall"] {
        let (generation, text) = application(name);
        let verdict = against(&generation, &text, "", |_| ());
        let shown = verify::human::draw(&verdict, &generation, "the backend", false);
        assert!(verdict.is_fine() && !verdict.is_empty(), "{name}\n{shown}");
    }
}

/// The same of a house with a list for everybody, notes that everybody writes, and orders that two states can be left from.
const OTHERS: [(&str, &str, Change); 4] = [
    ("a list of everybody's cut short", "/honey/jar/list", |body| {
        body["data"].as_array_mut().unwrap().pop();
    }),
    ("a note made twice", "twice /honey/note/add", |_| ()),
    ("an amount that the detail does not say", "/honey/order/list", |body| {
        for item in body["data"].as_array_mut().unwrap() {
            item["price"] = json!("99.00");
        }
    }),
    ("an id that is none", "/honey/order/add", |body| body["data"]["order_id"] = Value::Null),
];

#[test]
fn each_kind_of_change_is_found_at_its_endpoint() {
    each_is_found("snack-shop", &KINDS);
    each_is_found("honey-house", &OTHERS);
}

fn each_is_found(name: &str, kinds: &[(&str, &'static str, Change)]) {
    let (generation, text) = application(name);
    let shown = |verdict: &Verdict| verify::human::draw(verdict, &generation, "the backend", false);
    let right = against(&generation, &text, "", |_| ());
    assert!(right.is_fine() && !right.is_empty(), "{}", shown(&right));
    for (kind, path, change) in kinds {
        let verdict = against(&generation, &text, path, *change);
        let path = path.strip_prefix(TWICE).unwrap_or(path).trim_start_matches('/');
        let is_named = |at: usize| generation.set.endpoints[at].path.trim_start_matches('/') == path;
        let is_there = |finding: &Finding| is_named(finding.endpoint) || finding.seen_at.iter().any(|at| is_named(*at));
        assert!(verdict.findings.iter().any(is_there), "{kind}\n{}", shown(&verdict));
    }
}
