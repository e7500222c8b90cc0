//! The console: a page for people, its files in a closed table, compiled in.
//!
//! In: the name of a file. Out: its bytes under a policy that lets the page load nothing and speak to nobody but this server.
//! All that it shows it asks the admin interface for.

mod bundle;

use super::problem::Problem;
use super::server::Reply;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY};
use std::net::SocketAddr;
use std::sync::OnceLock;

struct File {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const FILES: &[File] = &[
    File { name: "style.css", content_type: "text/css; charset=utf-8", text: include_str!("style.css") },
    File { name: "icon.svg", content_type: "image/svg+xml", text: include_str!("icon.svg") },
];

const PAGE: File =
    File { name: "index.html", content_type: "text/html; charset=utf-8", text: include_str!("index.html") };

macro_rules! modules {
    ($($name:literal),*) => { &[$(($name, include_str!($name))),*] };
}

/// None before those that it imports; served as one file, which has the last one's name.
const MODULES: &[(&str, &str)] = modules!(
    "words.js",
    "sentences.js",
    "reasons.js",
    "htm-preact.js",
    "api.js",
    "parts.js",
    "people.js",
    "records.js",
    "tryit.js",
    "faults.js",
    "documents.js",
    "traffic.js",
    "world.js",
    "problems.js",
    "app.js"
);

fn script() -> &'static File {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| File {
        name: "app.js",
        content_type: "text/javascript; charset=utf-8",
        text: SCRIPT.get_or_init(|| bundle::bundle(MODULES)),
    })
}

/// `api` is where the simulated API is, if not where the page is. The address that means every one of this machine's is
/// reached by a name that only the browser knows.
fn policy(api: Option<SocketAddr>) -> String {
    let api = match api {
        None => String::new(),
        Some(api) if api.ip().is_unspecified() => format!(" http://*:{}", api.port()),
        Some(api) => format!(" http://{api}"),
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'{api}; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The page.
pub(super) fn page(api: Option<SocketAddr>) -> Reply {
    reply(&PAGE, api)
}

/// A file of the page by its name.
pub(super) fn file(name: &str, api: Option<SocketAddr>) -> Result<Reply, Problem> {
    let found = FILES.iter().chain([script()]).find(|file| file.name == name);
    found.map(|file| reply(file, api)).ok_or_else(|| Problem::not_found("the console has no such file"))
}

fn reply(file: &File, api: Option<SocketAddr>) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from_static(file.text.as_bytes())));
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    if let Ok(policy) = HeaderValue::try_from(policy(api)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;

    /// What `VENDORED.txt` says of a library is what is served.
    #[test]
    fn vendored_files_are_those_that_were_published() {
        let told = include_str!("VENDORED.txt");
        for line in told.lines().filter(|line| line.starts_with("sha256 ")) {
            let mut words = line.split_whitespace().skip(1);
            let (hash, name) = (words.next().unwrap(), words.next().unwrap());
            let (_, text) = MODULES.iter().find(|(known, _)| *known == name).unwrap();
            let found = Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            assert_eq!(found, hash, "{name}");
        }
        assert!(told.contains("sha256 "));
    }

    #[test]
    fn each_module_comes_after_those_that_it_imports() {
        let mut known = Vec::new();
        for (name, text) in MODULES {
            for imported in text.lines().filter(|line| line.starts_with("import ")) {
                let from = imported.split("\"./").nth(1).unwrap().trim_end_matches("\";");
                assert!(known.contains(&from), "{name} imports {from}");
            }
            known.push(*name);
        }
        assert!(!script().text.lines().any(|line| line.starts_with("import ") || line.starts_with("export ")));
    }

    #[test]
    fn nothing_in_the_page_is_inline_or_from_elsewhere() {
        let page = PAGE.text;
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"));
        assert_eq!(page.matches("<script").count(), page.matches("<script type=\"module\" src=\"").count());
        let own = MODULES.iter().filter(|(name, _)| *name != "htm-preact.js").map(|(name, text)| (*name, *text));
        for (name, text) in own.chain([(PAGE.name, page), (FILES[0].name, FILES[0].text)]) {
            assert!(!["https://", "innerHTML", "dangerously"].iter().any(|part| text.contains(part)), "{name}");
        }
        assert!(file("../mod.rs", None).is_err() && file("", None).is_err());
    }
}
