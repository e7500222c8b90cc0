//! The forms beside the documents: files that are sent, things that go wrong on purpose, and reasons in the reader's language.

use crate::browser::Browser;
use crate::server::Server;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

const UPLOADS: &str = "## 上传图片\n+++\npost:api/upload\n*file:file=#图片\nkind=1#用途\n<<<\nsuccess\n\
    {\"code\":0,\"msg\":\"上传成功\",\"data\":{\"url\":\"/uploads/a1b2.png\"}}\n+++\n\n\
    ## 上传头像\n+++\npost:api/avatar\n*image=#图片的base64\n<<<\nsuccess\n\
    {\"code\":0,\"msg\":\"上传成功\",\"data\":{\"url\":\"/uploads/avatar/a1.png\"}}\n+++\n";

/// One pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_chosen_and_sent() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of(UPLOADS);
    let picture = STANDARD.decode(PICTURE).unwrap();
    let file = tempfile::NamedTempFile::with_suffix(".png").unwrap();
    std::fs::write(file.path(), &picture).unwrap();
    let address = |reply: &str| {
        let reply: Value = serde_json::from_str(reply).unwrap();
        reply["data"]["url"].as_str().unwrap().to_owned()
    };
    for (path, field) in [("%2Fapi%2Fupload", "file"), ("%2Fapi%2Favatar", "image")] {
        browser.open(&server.console(&format!("documents/POST%20{path}"))).await;
        let picker = format!("form.try [name={field}-file]");
        browser.until(&format!("document.querySelector('{picker}')")).await;
        // There is something to send before anything is chosen.
        browser.press("form.try", "Send").await;
        browser.until("document.querySelector('form.try pre').textContent.includes('上传成功')").await;
        let own = browser.text("form.try pre").await;

        browser.choose_file(&picker, &file.path().display().to_string()).await;
        if field == "image" {
            browser.until(&format!("document.querySelector('form.try [name=image]').value === '{PICTURE}'")).await;
        }
        browser.press("form.try", "Send").await;
        browser.until("document.querySelector('form.try pre').textContent.includes('上传成功')").await;
        let before = address(&own);
        browser.until(&format!("!document.querySelector('form.try pre').textContent.includes('{before}')")).await;
        let kept = browser
            .run_async(
                "const done = arguments[1]; fetch(arguments[0]).then((reply) => reply.arrayBuffer()).then((bytes) => done([...new Uint8Array(bytes)]))",
                vec![address(&browser.text("form.try pre").await).into()],
            )
            .await;
        assert_eq!(kept, Value::from(picture.clone()), "{field}");
    }
    let journal = server.get("/__docsim/journal?limit=5");
    assert!(journal.contains("multipart/form-data; boundary="), "{journal}");
    // Shown part by part, and copied as it was sent.
    browser.open(&server.console("traffic")).await;
    browser
        .until("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
        .await;
    let upload = "[...document.querySelectorAll('ol.rows .row')].find((one) => one.textContent.includes('api/upload'))";
    browser.until(&format!("({upload}.click(), true)")).await;
    let name = file.path().file_name().unwrap().display().to_string();
    let shown = browser.text(".detail dl.pairs").await;
    assert_eq!(shown.replace('\n', " "), format!("file {name} image/png, {} byte kind 1", picture.len()));
    browser.press(".detail", "Copy as curl").await;
    browser.until(&format!("window.copied.endsWith('/api/upload -F file=@{name} -F kind=1')")).await;
    browser.press("section", "Make a scenario").await;
    browser.until("document.querySelector('[role=region] pre').textContent.includes('steps:')").await;
    let scenario = browser.text("[role=region] pre").await;
    let sent = format!("file: {{file: {name}, type: image/png, base64: ");
    assert!(scenario.contains(&sent) && scenario.contains(PICTURE), "{sent} is not in\n{scenario}");
    server.runs(&scenario);
    assert_eq!(browser.errors(), [""; 0]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_switched_on_and_off() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of_api_docs();
    browser.open(&server.console("documents/POST%20%2FApi%2FUser%2Flogin")).await;
    browser.fill("form.try [name=phone]", "13800000001").await;
    browser.click("article details.add:not(form *) summary").await;
    let switch = "[...document.querySelectorAll('.switches label')].find((one) => one.textContent.trim() === 'HTTP 503')?.querySelector('input')";
    browser.until(&format!("{switch} && !{switch}.disabled && ({switch}.click(), true)")).await;
    browser.until(&format!("{switch}.checked && document.querySelector('article details.add:not(form *) summary').textContent.includes('(1)')")).await;
    browser.press("form.try", "Send").await;
    browser.until("document.querySelector('form.try .answer').textContent.includes('HTTP 503')").await;
    browser.until(&format!("({switch}.click(), true)")).await;
    browser.until(&format!("!{switch}.checked")).await;
    browser.press("form.try", "Send").await;
    browser.until("document.querySelector('form.try .answer').textContent.includes('HTTP 200')").await;
    assert!(server.get("/__docsim/faults").contains("\"total\":0"));
    browser.close().await;
}

/// Of whole applications: what was understood, and why a call was refused.
#[tokio::test(flavor = "multi_thread")]
async fn the_chinese_page_says_why_in_chinese() {
    let Some(browser) = Browser::start().await else { return };
    for document in [
        include_str!("../../api-docs/user.md"),
        include_str!("../cases/applications/fruit-shop/订单.md"),
        include_str!("../cases/applications/car-wash/洗车小程序接口.md"),
    ] {
        let server = Server::of(document);
        server.get("/nowhere");
        browser.open(&server.console("documents")).await;
        browser.value("localStorage.setItem('docsim-language', 'zh')").await;
        browser.open("about:blank").await;
        browser.open(&server.console("documents")).await;
        browser.until("document.querySelectorAll('.index .row').length > 0").await;
        let count = browser.number("document.querySelectorAll('.index .row').length").await;
        for at in 0..count {
            let row = format!("document.querySelectorAll('.index .row')[{at}]");
            browser.until(&format!("({row}.click(), true)")).await;
            browser.until(&format!("{row}.classList.contains('current')")).await;
            // What is said of checks, and what it does: no word that every English sentence has, but in names.
            let left = browser
                .value(
                    "[...document.querySelectorAll('.checks .soft, article li')].map((one) => one.innerText)\
                     .filter((text) => /\\b(the|is|are|has|says|takes)\\b/.test(text.replace(/`[^`]*`|\"[^\"]*\"/g, '')))",
                )
                .await;
            assert_eq!(left, Value::Array(Vec::new()));
        }
        browser.open(&server.console("problems")).await;
        browser.until("document.querySelector('.found li, main .empty')").await;
        let left = browser
            .value("[...document.querySelectorAll('.found b')].map((one) => one.innerText).filter((text) => !/[\\u4e00-\\u9fff]/.test(text.replace(/`[^`]*`/g, '')))")
            .await;
        assert_eq!(left, Value::Array(Vec::new()));
        browser.open(&server.console("traffic")).await;
        browser.until("document.querySelector('ol.rows .reason').textContent.startsWith('文档中没有接口')").await;
        assert_eq!(browser.errors(), [""; 0]);
        browser.open("about:blank").await;
    }
    browser.close().await;
}
