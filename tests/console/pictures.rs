//! Pictures of every view, to be looked at by a person: what no program can tell of looks.
//!
//! `cargo test --test console pictures -- --ignored` writes them to `target/views/`.

use crate::browser::Browser;
use crate::server::Server;
use std::path::Path;

const PHONE: &str = "13800000009";

/// The user's document with what happens in a first hour; a shop for records with a status.
fn served() -> (Server, Server) {
    let user = Server::of_api_docs();
    let code = user.passcode(PHONE);
    user.form("/Api/User/register", &format!("phone={PHONE}&code={code}&password=abc12345&RegistrationID=web"));
    user.form("/Api/User/login", &format!("phone={PHONE}&password=wrong123"));
    let login = user.form("/Api/User/login", &format!("phone={PHONE}&password=abc12345"));
    let login: serde_json::Value = serde_json::from_str(&login).unwrap_or_default();
    let token = login["data"]["token"].as_str().unwrap_or_default();
    user.get(&format!("/Api/User/get_user_details?token={token}"));
    user.get("/Api/User/getUserDetails");
    user.get("/@other/Api/User/get_user_details?token=x");
    user.admin("POST", "accounts", r#"{"identity":"13912345678","password":"abc12345"}"#);
    user.admin("POST", "faults", r#"{"endpoint":"POST /Api/User/login","delay":"500ms","times":3}"#);
    user.admin("POST", "faults", r#"{"http_status":503}"#);
    user.passcode("13912345678");
    let shop = Server::of(concat!(
        include_str!("../cases/applications/fruit-shop/会员.md"),
        "\n",
        include_str!("../cases/applications/fruit-shop/商品.md"),
        "\n",
        include_str!("../cases/applications/fruit-shop/订单.md")
    ));
    shop.admin("POST", "accounts", &format!(r#"{{"identity":"{PHONE}","password":"abc12345"}}"#));
    shop.admin("POST", "records/address", &format!(r#"{{"owner":"{PHONE}","mobile":"{PHONE}","city":"昆明市"}}"#));
    (user, shop)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "pictures: written to target/views to be looked at"]
async fn pictures_of_every_view() {
    let Some(browser) = Browser::start().await else { return };
    let (user, shop) = served();
    let empty = Server::of("## 版本\n+++\nget:api/version\n<<<\nsuccess\n{\"code\":0,\"msg\":\"ok\"}\n+++\n");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/views");
    std::fs::create_dir_all(&folder).unwrap();
    let login = "documents/POST%20%2FApi%2FUser%2Flogin";
    let views = [
        ("traffic", &user, "traffic", ""),
        ("opened", &user, "traffic/3", ""),
        ("unknown", &user, "traffic/5", ""),
        ("document", &user, login, ""),
        ("inbox", &user, "inbox", ""),
        ("accounts", &user, "accounts", ""),
        ("account", &user, "accounts", "td button.link"),
        ("records", &shop, "records", ".tabs button:last-child"),
        ("record", &shop, "records", "td button.link"),
        ("world", &user, "world", ""),
        ("problems", &user, "problems", ""),
        ("empty-traffic", &empty, "traffic", ""),
        ("empty-inbox", &empty, "inbox", ""),
        ("empty-accounts", &empty, "accounts", ""),
        ("empty-records", &empty, "records", ""),
        ("empty-problems", &empty, "problems", ""),
    ];
    for width in [390, 1440] {
        browser.set_width(width);
        for (theme, language) in [("light", "en"), ("light", "zh"), ("dark", "en"), ("dark", "zh")] {
            for (name, server, view, click) in &views {
                browser.open("about:blank").await;
                browser.open(&server.console(view)).await;
                browser.value(&format!("(localStorage.setItem('docsim-language', '{language}'), localStorage.setItem('docsim-theme', '{theme}'))")).await;
                browser.open("about:blank").await;
                browser.open(&server.console(view)).await;
                browser.until("document.querySelector('main h1')").await;
                browser.until("document.querySelector('.link-state.on')").await;
                if !click.is_empty() {
                    browser.until(&format!("document.querySelector('{click}')")).await;
                    browser.until(&format!("(document.querySelector('{click}').click(), true)")).await;
                }
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
                std::fs::write(folder.join(format!("{name}-{width}-{theme}-{language}.png")), browser.picture())
                    .unwrap();
            }
        }
    }
    browser.close().await;
}
