//! What people do with the console, from the first passcode to a document that is broken and mended.

use crate::browser::Browser;
use crate::server::Server;
use serde_json::Value;

const PHONE: &str = "13800000001";

#[tokio::test(flavor = "multi_thread")]
async fn a_passcode_a_login_a_frozen_account_and_a_clock() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();

    // A passcode for who registers: issued in the inbox, seen there.
    browser.open(&server.console("inbox")).await;
    browser.fill("section input", PHONE).await;
    browser.press("section", "Issue a passcode now").await;
    browser.until_shown(PHONE).await;
    browser.until("document.querySelector('td.big')").await;
    let code = browser.text("td.big").await;
    let reply =
        server.form("/Api/User/register", &format!("phone={PHONE}&code={code}&password=abc12345&RegistrationID=web"));
    assert!(reply.contains("\"code\":1000"), "{reply} with {code:?}, of {}", server.get("/__docsim/codes"));
    browser.until_shown("spent").await;

    // Login by the form, which knows who there is.
    browser.open(&server.console("documents/POST%20%2FApi%2FUser%2Flogin")).await;
    browser.until(&format!("document.querySelector('form.try [name=phone]').value === '{PHONE}'")).await;
    browser.press("form.try", "Send").await;
    browser.until("document.querySelector('form.try pre').textContent.includes('登录成功')").await;

    // The details, and then the same for a frozen account: refused, with the reason.
    let details = server.console("documents/GET%20%2FApi%2FUser%2Fget_user_details");
    browser.open(&details).await;
    browser.until("document.querySelector('form.try [name=token]').value.length > 10").await;
    browser.press("form.try", "Send").await;
    browser.until(&format!("document.querySelector('form.try pre').textContent.includes('{PHONE}')")).await;
    browser.open(&server.console("accounts")).await;
    browser.until_shown("未审核").await;
    browser.press("td.buttons", "Freeze").await;
    browser.until_shown("冻结").await;
    browser.press("td.buttons", "Unfreeze").await;
    browser.until_shown("未审核").await;
    browser.press("td.buttons", "Freeze").await;
    browser.until_shown("冻结").await;
    let login = server.console("documents/POST%20%2FApi%2FUser%2Flogin");
    browser.open(&login).await;
    browser.until(&format!("document.querySelector('form.try [name=phone]').value === '{PHONE}'")).await;
    browser.press("form.try", "Send").await;
    browser.until("document.querySelector('form.try pre').textContent.includes('1010')").await;
    browser.until("document.querySelector('form.try .answer').textContent.includes('frozen')").await;
    browser.open(&server.console("traffic")).await;
    browser.until("document.querySelector('ol.rows li:first-child').textContent.includes('1010')").await;
    browser.click("ol.rows li:first-child .row").await;
    browser.until("document.querySelector('.detail .line.marked').textContent.includes('1010')").await;

    // Time goes on, and a passcode is no longer good.
    browser.open(&server.console("inbox")).await;
    browser.press("section", "Issue a passcode now").await;
    browser.until("document.querySelector('tr:not(.dead) td.big')").await;
    browser.open(&server.console("world")).await;
    browser.press(".card", "+11 min").await;
    browser.open(&server.console("inbox")).await;
    browser.until_shown("expired").await;
    browser.close().await;
}

/// Behind a proxy the API has an address of its own: forms go there, and so do the lines that are copied.
#[tokio::test(flavor = "multi_thread")]
async fn the_console_of_a_proxy_speaks_to_the_api() {
    let Some(browser) = Browser::start().await else { return };
    let (server, api) = Server::behind_a_proxy();
    browser.open(&server.console("documents/POST%20%2FApi%2FUser%2Flogin")).await;
    browser.until("document.querySelector('.link-state.on')").await;
    browser.fill("form.try [name=phone]", PHONE).await;
    browser.fill("form.try [name=password]", "abc12345").await;
    browser.press("form.try", "Send").await;
    browser.until("document.querySelector('form.try pre').textContent.includes('1010')").await;
    browser.open(&server.console("traffic")).await;
    browser.until("document.querySelector('ol.rows li')").await;
    browser.click("ol.rows li:first-child .row").await;
    browser.until_shown("simulated").await;
    browser
        .until("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
        .await;
    browser.press(".detail", "Copy as curl").await;
    browser.until(&format!("window.copied.startsWith('curl http://127.0.0.1:{api}/Api/User/login ')")).await;
    browser.close().await;
}

/// A request is copied with the address that it came to, by whatever name that was.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_copied_with_the_address_it_came_to() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    server.get_at("localhost", "/Api/User/get_user_details?token=x");
    server.get_at("localhost", "/@other/Api/User/get_user_details?token=x");
    browser.open(&server.console("traffic")).await;
    browser.until("document.querySelectorAll('ol.rows li').length === 2").await;
    browser
        .until("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
        .await;
    for (row, path) in [(2, ""), (1, "/@other")] {
        browser.click(&format!("ol.rows li:nth-child({row}) .row")).await;
        browser.press(".detail", "Copy as curl").await;
        let address = format!("http://localhost:{}{path}/Api/User/get_user_details?", server.port());
        browser.until(&format!("window.copied.startsWith(\"curl '{address}\")")).await;
        // The keyboard leads back to where it was opened.
        browser.until("document.querySelector('.detail').contains(document.activeElement)").await;
        browser.escape().await;
        browser
            .until(&format!("document.activeElement === document.querySelector('ol.rows li:nth-child({row}) .row')"))
            .await;
        browser.until("!document.querySelector('.detail')").await;
    }
    assert_eq!(browser.errors(), [""; 0]);
    browser.close().await;
}

/// Opening the view of many problems asks for no line, and opening all of them asks for their lines together.
#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_many_problems_cost_few_requests() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of(include_str!("../cases/applications/fruit-shop/会员.md"));
    browser.open(&server.console("problems")).await;
    browser.until("document.querySelectorAll('.found details').length > 20").await;
    let problems = browser.number("document.querySelectorAll('.found details').length").await;
    let asked = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/source?')).length";
    assert_eq!(browser.number(asked).await, 0);
    browser.until("document.querySelectorAll('.found summary').forEach((one) => one.click()) || true").await;
    browser.until(&format!("document.querySelectorAll('.found .line.marked').length === {problems}")).await;
    let requests = browser.number(asked).await;
    assert!(requests <= problems / 4, "{requests} requests for the lines of {problems} problems");
    browser.close().await;
}

/// Calls that were seen become a scenario that says what was done and none of its secrets, and that runs.
#[tokio::test(flavor = "multi_thread")]
async fn calls_become_a_scenario_without_secrets() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    let code = server.passcode(PHONE);
    server.form("/Api/User/register", &format!("phone={PHONE}&code={code}&password=abc12345&RegistrationID=web"));
    let login = server.form("/Api/User/login", &format!("phone={PHONE}&password=abc12345"));
    let login: Value = serde_json::from_str(&login).unwrap();
    let token = login["data"]["token"].as_str().unwrap();
    server.get(&format!("/Api/User/get_user_details?token={token}"));
    browser.open(&server.console("traffic")).await;
    browser.until("document.querySelectorAll('ol.rows li').length >= 3").await;
    browser.press("section", "Make a scenario").await;
    browser.until("document.querySelector('[role=region] pre').textContent.includes('steps:')").await;
    let scenario = browser.value("document.querySelector('[role=region] pre').textContent").await;
    let scenario = scenario.as_str().unwrap();
    for part in ["POST /Api/User/register", "POST /Api/User/login", "save: {token: $.data.token}"] {
        assert!(scenario.contains(part), "{part} is not in\n{scenario}");
    }
    for secret in [token, "abc12345", &code] {
        assert!(!scenario.contains(secret), "{secret} is in\n{scenario}");
    }
    server.runs(scenario);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_is_forked_reset_and_restored() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    server.admin("POST", "accounts", &format!(r#"{{"identity":"{PHONE}","password":"abc12345"}}"#));
    let snapshot = server.get("/__docsim/state");
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(file.path(), &snapshot).unwrap();

    browser.open(&server.console("world")).await;
    browser.press(".card", "Create").await;
    browser.until("document.querySelector('h1').textContent.includes('@copy')").await;
    let accounts = |path: &str| {
        let all: Value = serde_json::from_str(&server.get(path)).unwrap();
        all["total"].as_u64().unwrap()
    };
    assert_eq!(accounts("/@copy/__docsim/accounts"), 1, "the fork has what the world had");

    // Reset the fork; the world it came from is as it was.
    browser.value("(window.confirm = () => true) && true").await;
    browser.press(".card", "Reset this world").await;
    browser.until_asked(|| accounts("/@copy/__docsim/accounts") == 0).await;
    assert_eq!(accounts("/__docsim/accounts"), 1);

    // And put the snapshot into it.
    browser.choose_file("input[type=file]", &file.path().display().to_string()).await;
    browser.press(".card p", "Restore a snapshot").await;
    browser.until_asked(|| accounts("/@copy/__docsim/accounts") == 1).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_broken_and_mended_while_the_page_is_open() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    let good = std::fs::read_to_string(server.document()).unwrap();
    browser.open(&server.console("problems")).await;
    browser.until("document.querySelector('.link-state.on')").await;
    browser.until_shown("9 endpoints").await;
    let broken = good.replacen("post:Api/User/login", "post:Api/User/lo gin ??? {{{", 1);
    assert_ne!(broken, good);
    std::fs::write(server.document(), &broken).unwrap();
    // It names what broke, and says that it is served as it was; so it is.
    browser.until("/用户登录.*served as it stood before/.test(document.querySelector('.toast').textContent)").await;
    browser.until("document.querySelector('.found .line.marked')").await;
    assert!(server.form("/Api/User/login", "phone=13800000001&password=abc12345").contains("1010"));
    std::fs::write(server.document(), &good).unwrap();
    browser
        .until("document.querySelector('.toast') && document.querySelector('.toast').textContent.includes('9')")
        .await;
    browser.until("!document.querySelector('.note.error')").await;
    browser.close().await;
}
