//! How soon the page can be used: from the beginning of its loading to the first view that shows what the server knows and
//! reacts.
//!
//! `cargo test --test console load -- --nocapture` prints the times of ten loads of the user's document, and what the
//! journal and those who follow it cost.

use crate::browser::Browser;
use crate::server::Server;
use std::fmt::Write as _;
use std::net::Shutdown;
use std::time::Instant;

/// Run before anything of the page: notes when the first row of traffic is in the page, and when a frame with it was drawn
/// and a task of the page has run after that, so that a click would be answered.
const WATCH: &str = r#"
  const look = () => {
    if (!document.querySelector("ol.rows li .row")) return false;
    requestAnimationFrame(() => setTimeout(() => { window.usableAt = performance.now(); }));
    return true;
  };
  const watch = new MutationObserver(() => { if (look()) watch.disconnect(); });
  watch.observe(document, { childList: true, subtree: true });
"#;

const LOADS: usize = 10;

/// The style, the script, what the first view shows, and the stream of what comes; the icon once.
const MOST_REQUESTS: u64 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_usable_soon() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    for _ in 0..50 {
        server.form("/Api/User/login", "phone=13800000001&password=abc12345");
    }
    browser.before_every_page(WATCH);
    let mut usable = Vec::new();
    let mut told = String::new();
    for load in 0..LOADS {
        browser.open("about:blank").await;
        browser.open(&server.console("traffic")).await;
        browser.until("window.usableAt > 0").await;
        let at = browser.number("Math.round(window.usableAt)").await;
        let parts = browser
            .value("(() => { const n = performance.getEntriesByType('navigation')[0]; const paint = performance.getEntriesByName('first-contentful-paint')[0]; return `reply ${Math.round(n.responseEnd)}, interactive ${Math.round(n.domInteractive)}, first paint ${Math.round(paint ? paint.startTime : -1)}, requests ${performance.getEntriesByType('resource').length}; ` + performance.getEntriesByType('resource').map((one) => `${one.name.split('/').pop()} ${Math.round(one.startTime)}-${Math.round(one.responseEnd)}`).join(', '); })()")
            .await;
        let _ = writeln!(told, "load {load}: usable after {at} ms ({})", parts.as_str().unwrap_or_default());
        usable.push(at);
    }
    usable.sort_unstable();
    let _ = writeln!(told, "least {} ms, median {} ms, most {} ms", usable[0], usable[LOADS / 2], usable[LOADS - 1]);
    let _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
    let requests = browser.number("performance.getEntriesByType('resource').length").await;
    assert!(requests <= MOST_REQUESTS, "the first view asks for little: {told}");
    browser.close().await;
}

/// As much as the journal may keep, and for what lies around it.
const JOURNAL_KIB: u64 = 16 << 10;

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_bounded_and_nobody_listening_costs_nothing() {
    let server = Server::of_api_docs();
    server.many(500).await;
    let before = server.memory();
    let mut told = String::new();
    let mut grown = Vec::new();
    for round in 1..=6 {
        let began = Instant::now();
        server.many(20_000).await;
        grown.push(server.memory().saturating_sub(before));
        let took = began.elapsed().as_micros() / 20_000;
        let _ = writeln!(told, "{} requests: {} KiB more, {took} µs a request", round * 20_000, grown[round - 1]);
    }
    let follower = server.follow();
    let began = Instant::now();
    server.many(20_000).await;
    let _ = writeln!(told, "while one follows: {} µs a request", began.elapsed().as_micros() / 20_000);
    follower.shutdown(Shutdown::Both).unwrap();
    let began = Instant::now();
    server.many(20_000).await;
    let _ = writeln!(told, "after it has gone: {} µs a request", began.elapsed().as_micros() / 20_000);
    let _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
    assert!(grown[5] < 3 * JOURNAL_KIB, "{told}");
    assert!(grown[5].saturating_sub(grown[3]) < JOURNAL_KIB / 4, "what is full grows no more: {told}");
}
