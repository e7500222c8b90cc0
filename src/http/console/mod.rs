//! The console: a page for people, its files in a closed table, compiled in.
//!
//! In: the name of a file. Out: its bytes under a policy that lets the page load nothing and speak to nobody but this server.
//! All that it shows it asks the admin interface for.

use super::problem::Problem;
use super::server::Reply;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY};
use std::net::SocketAddr;

struct File {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! file {
    ($name:literal, $content_type:expr) => {
        File { name: $name, content_type: $content_type, bytes: include_bytes!($name) }
    };
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The first is the page itself.
const FILES: &[File] = &[
    file!("index.html", HTML),
    file!("style.css", CSS),
    file!("app.js", SCRIPT),
    file!("api.js", SCRIPT),
    file!("parts.js", SCRIPT),
    file!("words.js", SCRIPT),
    file!("traffic.js", SCRIPT),
    file!("documents.js", SCRIPT),
    file!("people.js", SCRIPT),
    file!("records.js", SCRIPT),
    file!("world.js", SCRIPT),
    file!("problems.js", SCRIPT),
    file!("htm-preact.js", SCRIPT),
    file!("icon.svg", "image/svg+xml"),
];

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
    reply(&FILES[0], api)
}

/// A file of the page by its name.
pub(super) fn file(name: &str, api: Option<SocketAddr>) -> Result<Reply, Problem> {
    let found = FILES.iter().find(|file| file.name == name);
    found.map(|file| reply(file, api)).ok_or_else(|| Problem::not_found("the console has no such file"))
}

fn reply(file: &File, api: Option<SocketAddr>) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from_static(file.bytes)));
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
            let file = FILES.iter().find(|file| file.name == name).unwrap();
            let found = Sha256::digest(file.bytes).iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            assert_eq!(found, hash, "{name}");
        }
        assert!(told.contains("sha256 "));
    }

    #[test]
    fn nothing_in_the_page_is_inline_or_from_elsewhere() {
        let page = std::str::from_utf8(FILES[0].bytes).unwrap();
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"));
        assert_eq!(page.matches("<script").count(), page.matches("<script type=\"module\" src=\"").count());
        // Asked for at once, not one after the other as their imports are read.
        for file in FILES.iter().filter(|file| file.content_type == SCRIPT && file.name != "app.js") {
            assert!(page.contains(&format!("<link rel=\"modulepreload\" href=\"/__docsim/console/{}\">", file.name)));
        }
        for file in FILES.iter().filter(|file| file.name != "htm-preact.js" && file.name != "icon.svg") {
            let text = std::str::from_utf8(file.bytes).unwrap();
            assert!(
                !text.contains("https://") && !text.contains("innerHTML") && !text.contains("dangerously"),
                "{}",
                file.name
            );
        }
        assert!(file("../mod.rs", None).is_err() && file("", None).is_err());
    }
}
