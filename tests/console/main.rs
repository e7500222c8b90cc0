//! The console in a real browser: headless Chromium, driven through `ChromeDriver` (Debian's chromium and chromium-driver).
//!
//! Where there is no browser these tests say so and are left out; with `CI=true` they are never left out.

mod browser;
mod forms;
mod hostile;
mod journey;
mod load;
mod looks;
mod pictures;
mod server;

use browser::Browser;
use server::{Page, Server};
use std::fmt::Write as _;

/// What every page of another origin tries: to read the admin interface, and to change something.
const ATTACK: &str = r#"
const done = arguments[arguments.length - 1];
const [base] = arguments;
(async () => {
  const outcomes = [];
  const attempts = [
    [`${base}/__docsim/accounts`, {}],
    [`${base}/__docsim/events`, {}],
    [`${base}/__docsim/state`, { credentials: "include" }],
    [`${base}/__docsim/codes`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"phone":"13900000001"}' }],
    [`${base}/__docsim/codes`, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: '{"phone":"13900000002"}' }],
    [`${base}/@evil/__docsim/clock`, { method: "POST", mode: "no-cors", body: '{"advance":"1d"}' }],
    [`${base}/__docsim/state`, { method: "DELETE" }],
  ];
  for (const [url, init] of attempts) {
    try {
      const reply = await fetch(url, init);
      outcomes.push(reply.type === "opaque" ? "opaque" : `${reply.status} ${(await reply.text()).slice(0, 40)}`);
    } catch (error) { outcomes.push("refused"); }
  }
  done(outcomes);
})();
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_reads_nothing_and_changes_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    server.admin("POST", "accounts", r#"{"identity":"13800000009","password":"abc12345"}"#);
    let before = (server.get("/__docsim/state"), server.get("/__docsim/worlds"));
    let page = Page::serve("<!doctype html><title>attacker</title>");
    browser.open(&page.address()).await;
    let outcomes = browser.run_async(ATTACK, vec![server.base().into()]).await;
    for outcome in outcomes.as_array().unwrap() {
        let outcome = outcome.as_str().unwrap();
        assert!(matches!(outcome, "refused" | "opaque"), "{outcomes}");
    }
    assert_eq!((server.get("/__docsim/state"), server.get("/__docsim/worlds")), before, "nothing was changed");

    // A name of the attacker's that leads to this machine.
    let rebound = format!("http://attacker.example:{}", server.port());
    browser.open(&format!("{rebound}/__docsim/accounts")).await;
    let text = browser.text("body").await;
    assert!(text.contains("403") && !text.contains("13800000009"), "{text}");
    browser.open(&format!("{rebound}/__docsim/")).await;
    assert!(!browser.text("body").await.contains("SMS"), "the page itself is not served to it");
    assert_eq!((server.get("/__docsim/state"), server.get("/__docsim/worlds")), before, "nothing was changed");
    browser.close().await;
}

/// Whatever a test comes to, no browser is left running.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_panics_leaves_no_browser_behind() {
    let (tell, told) = tokio::sync::oneshot::channel();
    let failing = tokio::spawn(async {
        let Some(browser) = Browser::start().await else { return };
        browser.open("about:blank").await;
        let _ = tell.send(browser.profile());
        std::panic::resume_unwind(Box::new("a check of a test that failed"));
    });
    let ended = failing.await;
    let Ok(profile) = told.await else { return };
    assert!(ended.is_err());
    let profile = profile.display().to_string();
    let left = || -> Vec<String> {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
        let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
        lines.filter(|line| line.contains(&profile)).collect()
    };
    // The helpers of a browser that was ended see it a moment later.
    let begun = std::time::Instant::now();
    while !left().is_empty() && begun.elapsed() < browser::PATIENCE {
        tokio::task::yield_now().await;
    }
    assert_eq!(left(), Vec::<String>::new());
}

/// A page of 200 rows stays one, and answers, while thousands of requests come in.
#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_requests_neither_grow_nor_freeze_the_page() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    browser.open(&server.console("traffic")).await;
    browser.until("document.querySelector('.link-state.on')").await;
    let sent = server.many(5_000).await;
    assert_eq!(sent, 5_000);
    let journal: serde_json::Value = serde_json::from_str(&server.get("/__docsim/journal?limit=1")).unwrap();
    let newest = journal["items"][0]["number"].as_u64().unwrap();
    assert!(newest >= 5_000);
    // The newest is shown in the end, whatever was lost on the way.
    server.get("/Api/User/last_of_all");
    browser
        .until("[...document.querySelectorAll('ol.rows .path')].some((one) => one.textContent.includes('last_of_all'))")
        .await;
    let rows = browser.number("document.querySelectorAll('ol.rows li').length").await;
    assert!((1..=200).contains(&rows), "{rows} rows");
    let elements = browser.number("document.querySelectorAll('*').length").await;
    assert!(elements < 4_000, "{elements} elements");
    browser.close().await;
}

/// A front end on another origin, as its developer would have it: nothing of it knows that its backend is a fake.
#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_on_another_origin_runs_against_the_fake() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    let page = Page::serve(include_str!("front_end.html"));
    browser.open(&format!("{}?api={}", page.address(), server.base())).await;
    let phone = "13700000001";
    let code = server.passcode(phone);
    for (name, value) in [("phone", phone), ("code", &code), ("password", "abc12345")] {
        browser.fill(&format!("[name={name}]"), value).await;
    }
    let mut told = String::new();
    for (button, shows) in [
        ("register", "注册成功"),
        ("login", "登录成功"),
        ("profile", phone),
        ("portrait", "添加成功"),
        ("profile", "/me.jpg"),
        ("logout", "退出成功"),
        ("profile", "用户未登录"),
    ] {
        browser.click(&format!("#{button}")).await;
        browser.until(&format!("document.querySelector('#said').textContent.includes('{shows}')")).await;
        let _ = writeln!(told, "{button}: {}", browser.text("#said").await);
    }
    assert!(told.contains("\"code\":999"), "{told}");
    browser.close().await;
}
