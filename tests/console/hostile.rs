//! What is in documents and requests is shown, and never obeyed.

use crate::browser::Browser;
use crate::server::Server;
use serde_json::json;
use std::fmt::Write as _;

/// Three hundred ways to have a script run, each of which would leave a mark.
fn payloads() -> Vec<String> {
    let act = "window.marked=1";
    let forms = [
        format!("<script>{act}</script>"),
        format!("<img src=x onerror={act}>"),
        format!("<svg onload={act}>"),
        format!("\"><script>{act}</script>"),
        format!("'><img src=x onerror='{act}'>"),
        "<iframe srcdoc=\"<script>parent.marked=1</script>\"></iframe>".to_owned(),
        format!("<a href=\"javascript:{act}\">x</a>"),
        format!("javascript:{act}"),
        format!("\" onmouseover=\"{act}\" autofocus onfocus=\"{act}\" x=\""),
        format!("<details open ontoggle={act}>"),
        format!("<body onload={act}>"),
        format!("<style>@import 'javascript:{act}'</style>"),
        format!("<math><mtext></form><form><mglyph><style></math><img src onerror={act}>"),
        format!("<object data=\"data:text/html,<script>{act}</script>\"></object>"),
        format!("<base href=\"javascript:{act}//\">"),
        format!("{{{{constructor.constructor('{act}')()}}}}"),
        format!("${{{act}}}"),
        format!("<input onfocus={act} autofocus>"),
        format!("<link rel=stylesheet href=\"data:text/css,*{{background:url(javascript:{act})}}\">"),
        format!("<meta http-equiv=refresh content=\"0;url=javascript:{act}\">"),
    ];
    let dresses: [fn(&str) -> String; 15] = [
        str::to_owned,
        str::to_uppercase,
        |text| text.replace('<', "&lt;"),
        |text| text.replace('<', "\\u003c"),
        |text| text.replace('<', "%3C"),
        |text| format!("<!--{text}"),
        |text| format!("]]>{text}"),
        |text| format!("</pre>{text}"),
        |text| format!("</textarea></title>{text}"),
        |text| text.replace(' ', "/"),
        |text| text.replace(' ', "\u{3000}"),
        |text| format!("验证码{text}"),
        |text| format!("{text}{text}"),
        |text| text.replace('=', " = "),
        |text| format!("`{text}`"),
    ];
    dresses.iter().flat_map(|dress| forms.iter().map(|form| dress(form))).collect()
}

/// A document with a payload in every place that is shown.
fn document(payloads: &[String]) -> String {
    let mut text = String::from("# hostile\n");
    for (at, payload) in payloads.iter().enumerate() {
        let line = payload.replace('\n', " ");
        let value = json!(line);
        let _ = writeln!(
            text,
            "\n## {line}\n> {line}\n+++\npost:Api/h{at}/{}\n*phone=手机号 # {line}\nname{at}={line}#{line}\n<<<\nsuccess\n{{\"code\":0,\"msg\":{value},\"data\":{{\"status\":1,//0 {line} 1 {line}\n\"x\":{value}}}}}\n<<<\nerror\n{{\"code\":{at}1,\"msg\":{value}}}\n{at}1 {line}\n+++",
            if at % 7 == 0 { "register" } else { "info" }
        );
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn no_script_of_a_document_or_a_request_runs() {
    let Some(browser) = Browser::start().await else { return };
    let payloads = payloads();
    assert_eq!(payloads.len(), 300);
    let server = Server::of(&document(&payloads));
    for payload in payloads.iter().take(60) {
        let encoded: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("phone", payload)
            .append_pair("name", payload)
            .finish();
        server.form("/Api/h1/info", &encoded);
        server.admin("POST", "accounts", &json!({ "identity": payload, "password": "abc12345" }).to_string());
        server.admin("POST", "codes", &json!({ "phone": payload }).to_string());
    }
    for view in ["traffic", "documents", "inbox", "accounts", "records", "world", "problems"] {
        browser.open("about:blank").await;
        browser.open(&server.console(view)).await;
        browser.until("document.querySelector('h1')").await;
        let open_all = "[...document.querySelectorAll('main .row, main summary, main button.link, main input[type=checkbox]')].slice(0, 40).forEach((one) => one.click()) || true";
        browser.until(open_all).await;
        browser.until("document.querySelector('main').innerText.length > 20").await;
        let marked = browser.value("window.marked === undefined && document.querySelectorAll('main script, main iframe, main object, main img, main style').length").await;
        assert_eq!(marked, json!(0), "{view}");
    }
    browser.close().await;
}
