//! Files and stand-ins for pictures, as replies. Whatever a client uploaded is not to be trusted: only pictures of a closed
//! list are shown, by what they are and not by what they are called; all else is a download, and nothing of it runs.

use super::served::Why;
use crate::engine::file::Found;
use crate::generation::Generation;
use crate::world::Picture;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};

/// The reply, and why it is this one.
pub(super) fn reply(generation: &Generation, found: Found) -> (Response<Bytes>, Why) {
    let (bytes, content_type, reason, source) = match found {
        Found::Upload(upload) => {
            let picture = Picture::of(&upload.bytes);
            let content_type = picture.map_or("application/octet-stream", Picture::media_type);
            (upload.bytes.clone(), content_type, format!("upload {}", upload.number), String::new())
        }
        Found::Named { name, place } => {
            let (says, source) = match place {
                Some(place) => ("an example names this picture", generation.set.file_line(place)),
                None => ("a record names this picture", String::new()),
            };
            let reason = format!("placeholder: {says}, and nothing was uploaded under its name");
            (Bytes::from(placeholder(&name)), "image/svg+xml", reason, source)
        }
    };
    let mut reply = Response::new(bytes);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if content_type == "application/octet-stream" {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    (reply, Why::new("", &reason, &source))
}

/// A quiet square with the file's name on it; its color tells names apart.
fn placeholder(name: &str) -> String {
    const MOST: usize = 28;
    let hue = name.bytes().fold(0_u32, |sum, byte| sum * 31 % 360 + u32::from(byte)) % 360;
    let mut shown: String = name.chars().filter(|c| !c.is_control()).take(MOST).collect();
    if name.chars().count() > MOST {
        shown.push('…');
    }
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240">"#,
            r#"<rect width="240" height="240" fill="hsl({hue},35%,82%)"/>"#,
            r##"<path d="M60 150l40-50 30 35 20-20 30 35z" fill="hsl({hue},30%,65%)"/><circle cx="150" cy="85" r="14" fill="#fff"/>"##,
            r##"<text x="120" y="195" font-family="sans-serif" font-size="14" text-anchor="middle" fill="#444">{shown}</text></svg>"##
        ),
        hue = hue,
        shown = escaped(&shown)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_and_nothing_else() {
        let drawn = placeholder("<script>&\"\u{0}.png");
        assert!(drawn.contains("&lt;script&gt;&amp;&quot;.png</text>"), "{drawn}");
        assert!(placeholder(&"图".repeat(100)).contains(&format!(">{}…<", "图".repeat(28))));
    }
}
