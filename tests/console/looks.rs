//! What can be told of looks by a program: enough contrast to read by in every view (WCAG 2.2, 1.4.3), and a report that a
//! browser shows as it is meant.

use crate::browser::Browser;
use crate::server::{Page, Server};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Every text that is shown with less contrast to what lies behind it than 4.5 to 1, or 3 to 1 where it is large: its element, the
/// text, both colors and the ratio.
const TOO_FAINT: &str = r#"(() => {
  const rgba = (text) => {
    const numbers = (text.match(/[\d.]+/g) || []).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [numbers[0] * scale, numbers[1] * scale, numbers[2] * scale, numbers.length > 3 ? numbers[3] : 1];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const faint = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    if (!node.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest(":disabled, script, style, option")) continue;
    seen += 1;
    const below = behind(element);
    const color = rgba(element.closest("svg") ? style.fill : style.color);
    for (let at = element; at; at = at.parentElement) color[3] *= Number(getComputedStyle(at).opacity);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(over(color, below), below);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${element.tagName.toLowerCase()}.${element.getAttribute("class") || ""} ${JSON.stringify(node.data.trim().slice(0, 30))} ${color} on ${below}: ${ratio.toFixed(2)}`);
  }
  return { seen, faint: [...new Set(faint)] };
})()"#;

/// Every cell, button and label whose one word stands on more lines than one: a number, a phone, a passcode, a code.
const BROKEN: &str = r#"(() => {
  const broken = [];
  for (const element of document.querySelectorAll("td, th, td *, button, dt, .chip, .tag, .status, nav a")) {
    if (!element.checkVisibility() || element.matches("small, .prose, .prose *, wbr")) continue;
    for (const node of element.childNodes) {
      const word = node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
      // A phrase may wrap, and so may an address.
      if (word.length < 2 || word.length > (/[\u2e80-\uffff]/.test(word) ? 6 : 20) || /\s/.test(word)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) broken.push(word);
    }
  }
  return broken;
})()"#;

/// What makes the page itself scroll sideways.
const TOO_WIDE: &str = r#"document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"#;

async fn assert_readable(browser: &Browser, what: &str) {
    for theme in ["light", "dark"] {
        browser.until(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        let found = browser.value(TOO_FAINT).await;
        assert!(found["seen"].as_u64().unwrap() > 10, "{what} shows nothing: {found}");
        assert_eq!(found["faint"].as_array().map(Vec::len), Some(0), "{what}, {theme}: {found:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_can_be_read_in_light_and_dark_narrow_and_wide() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::of(concat!(
        include_str!("../cases/applications/fruit-shop/会员.md"),
        "\n",
        include_str!("../cases/applications/fruit-shop/商品.md"),
        "\n",
        include_str!("../cases/applications/fruit-shop/订单.md")
    ));
    server.admin("POST", "accounts", r#"{"identity":"13800000009","password":"abc12345"}"#);
    server.admin("POST", "records/address", r#"{"owner":"13800000009","mobile":"13800000009","city":"昆明市"}"#);
    server.passcode("13800000009");
    server.get("/nowhere");
    browser.open(&server.console("traffic")).await;
    browser.until("document.querySelector('ol.rows li')").await;
    for width in [390, 1440] {
        browser.set_width(width);
        for language in ["en", "zh"] {
            browser.value(&format!("localStorage.setItem('docsim-language', '{language}')")).await;
            look_at_every_view(&browser, &server, &format!("{width} pixels, {language}")).await;
        }
    }
    browser.close().await;
}

async fn look_at_every_view(browser: &Browser, server: &Server, how: &str) {
    for (view, open) in [
        ("traffic", ""),
        ("traffic", "ol.rows li:first-child .row"),
        ("documents", ""),
        ("documents", ".index li:nth-child(2) .row"),
        ("inbox", ""),
        ("accounts", ""),
        ("accounts", "td button.link"),
        ("records", ""),
        ("records", "td button.link"),
        ("world", ""),
        ("problems", ""),
        ("problems", ".found summary"),
    ] {
        let what = format!("{view} {open}, {how}");
        // A fragment alone would not load the page, nor take the language.
        browser.open("about:blank").await;
        browser.open(&server.console(view)).await;
        browser.until("document.querySelector('main')?.innerText.length > 20").await;
        if !open.is_empty() {
            browser.click(open).await;
            browser.until("document.querySelector('.detail, tr.current .edit, .found .line')").await;
        }
        assert_readable(browser, &what).await;
        assert_eq!(browser.value(BROKEN).await, json!([]), "{what}: words that are broken");
        assert_eq!(browser.value(TOO_WIDE).await, json!([]), "{what}: wider than the page");
        assert_eq!(browser.errors(), [""; 0], "{what}");
    }
}

/// The report of a run with a failure, as a browser shows it: nothing folded away that matters, nothing loaded, no error.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_shows_what_failed_and_what_was_reached() {
    let Some(browser) = Browser::start().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let (failing, report) = (folder.path().join("failing.yaml"), folder.path().join("report.html"));
    let text = "name: 会失败 <script>document.title = 'ran'</script>\nsteps:\n  - call: 用户登录\n    with: { phone: \
                \"13800000001\", password: abc12345 }\n    expect: { code: 1000 }\n    because: 为了看看\n";
    std::fs::write(&failing, text).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_docsim"))
        .args(["run", "scenarios", &failing.display().to_string(), "--report", &format!("html={}", report.display())])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    let page = Page::serve(std::fs::read_to_string(&report).unwrap().leak());
    for width in [390, 1440] {
        browser.set_width(width);
        browser.open(&page.address()).await;
        assert_report(&browser).await;
        assert_eq!(browser.value(BROKEN).await, json!([]), "{width} pixels");
        assert_eq!(browser.errors(), [""; 0], "{width} pixels");
    }
    browser.close().await;
}

async fn assert_report(browser: &Browser) {
    let shown = browser.text("body").await;
    for part in
        ["30\npassed", "1\nfailed", "code", "found 1010", "phone=13800000001", "HTTP 200", "为了看看", "user.md:120"]
    {
        assert!(shown.contains(part), "{part} is not shown in\n{shown}");
    }
    assert_ne!(browser.value("document.title").await, "ran", "what a scenario is called runs as a script");
    assert_eq!(
        browser
            .number(
                "performance.getEntriesByType('resource').filter((one) => !one.name.endsWith('/favicon.ico')).length"
            )
            .await,
        0
    );
    assert_eq!(browser.number("document.querySelectorAll('details.scenario').length").await, 31);
    assert_eq!(
        browser.number("document.querySelectorAll('details.scenario[open]').length").await,
        1,
        "only what failed is open"
    );
    // Endpoints by codes, each outcome with the scenarios that reached it.
    let matrix = browser.value("[...document.querySelectorAll('table')].at(-1).innerText").await;
    let matrix = matrix.as_str().unwrap();
    assert!(["用户注册", "1007", "退出登录"].iter().all(|part| matrix.contains(part)), "{matrix}");
    assert!(browser.value("document.documentElement.scrollWidth <= innerWidth").await.as_bool().unwrap());
    let column =
        browser.number("Math.floor(document.querySelector('.matrix tbody th').getBoundingClientRect().width)").await;
    assert!(column >= 132, "the names of endpoints have {column} pixels");
    let faint = browser.value(TOO_FAINT).await;
    assert_eq!(faint["faint"].as_array().map(Vec::len), Some(0), "{faint:#}");
}
