//! Addresses of files as documents write them: `/uploads/2023/04/a.jpg`, `http://img.example.com/7.png`, a bare name.
//!
//! In: a text of an example. Out: its form, in which new addresses are written, and the path under which a file is found.

use percent_encoding::percent_decode_str;

/// How an address is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressForm {
    /// What stands before the path: `http://` or `//` and a host, of which only the form is kept.
    pub host: HostForm,
    /// Up to the last slash, as written; empty for a bare name.
    pub folder: String,
    /// The name without its extension.
    pub stem: String,
    /// Without the dot; empty where there is none.
    pub extension: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostForm {
    None,
    /// `http://host` or `https://host`: written with the scheme that docsim speaks.
    Absolute,
    /// `//host`.
    SchemeRelative,
}

/// What a name must end in to be a file's, whatever its member is called.
const EXTENSIONS: [&str; 32] = [
    "jpg", "jpeg", "png", "gif", "webp", "bmp", "svg", "ico", "heic", "pdf", "doc", "docx", "xls", "xlsx", "ppt",
    "pptx", "txt", "csv", "zip", "rar", "7z", "apk", "mp3", "mp4", "m4a", "wav", "amr", "aac", "avi", "mov", "m3u8",
    "flv",
];
const PICTURES: [&str; 9] = ["jpg", "jpeg", "png", "gif", "webp", "bmp", "svg", "ico", "heic"];

impl AddressForm {
    /// The form of a text that is an address by itself: one word, with a path. `named` is whether its member is called so
    /// that it must be one; otherwise it has to end as files do.
    pub fn read(text: &str, named: bool) -> Option<Self> {
        let (host, path) = split_host(text)?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let (folder, name) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if is_extension(extension) => (stem, extension),
            _ => (name, ""),
        };
        let known = EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str());
        let is_address = !stem.is_empty() && (known || (named && !folder.is_empty()));
        is_address.then(|| Self {
            host,
            folder: folder.to_owned(),
            stem: stem.to_owned(),
            extension: extension.to_owned(),
        })
    }

    /// The path of another file in the same folder, as an address writes it.
    pub fn path(&self, stem: &str, extension: &str) -> String {
        let dot = if extension.is_empty() { "" } else { "." };
        let slash = if self.host == HostForm::None || self.folder.starts_with('/') { "" } else { "/" };
        format!("{slash}{}{stem}{dot}{extension}", self.folder)
    }

    /// An address of that path. `host` is the server's own and the prefix of a world; without a host it begins with the path.
    pub fn write(&self, path: &str, host: Option<&str>, prefix: &str) -> String {
        // A path that does not begin at the root is put behind an address that has the prefix already.
        let prefix = if path.starts_with('/') { prefix } else { "" };
        match (self.host, host) {
            (HostForm::Absolute, Some(host)) => format!("http://{host}{prefix}{path}"),
            (HostForm::SchemeRelative, Some(host)) => format!("//{host}{prefix}{path}"),
            _ => format!("{prefix}{path}"),
        }
    }
}

/// The path of an address as files are found by it: without host, query and leading slash, percent-decoded. None for what is
/// no address, and for an empty one.
pub fn path_of(text: &str) -> Option<String> {
    let (_, path) = split_host(text)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok()?;
    (!path.is_empty()).then(|| path.into_owned())
}

/// Whether a path is a picture's by its ending.
pub fn is_picture(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| PICTURES.contains(&extension.as_str()))
}

fn is_extension(text: &str) -> bool {
    (2..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What stands before the path, and the path. None for what has blanks, and for other schemes (`data:`, `ftp:`).
fn split_host(text: &str) -> Option<(HostForm, &str)> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2_048 || text.chars().any(|c| c.is_whitespace() || c.is_control() || c == ',') {
        return None;
    }
    let behind_host = |rest: &'_ str| rest.find('/').map_or(rest.len(), |slash| slash);
    if let Some((scheme, rest)) = text.split_once("://") {
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        return Some((HostForm::Absolute, &rest[behind_host(rest)..]));
    }
    if let Some(rest) = text.strip_prefix("//") {
        return Some((HostForm::SchemeRelative, &rest[behind_host(rest)..]));
    }
    let scheme = text.split('/').next().unwrap_or_default();
    (!scheme.contains(':')).then_some((HostForm::None, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_form() {
        let check = |text: &str, expected: Option<(HostForm, &str, &str, &str)>| {
            let found = AddressForm::read(text, false);
            let found = found.as_ref().map(|f| (f.host, &*f.folder, &*f.stem, &*f.extension));
            assert_eq!(found, expected, "{text}");
        };
        check("/uploads/2023/04/a.jpg", Some((HostForm::None, "/uploads/2023/04/", "a", "jpg")));
        check("http://h.example:81/upload/7.PNG?x=1", Some((HostForm::Absolute, "/upload/", "7", "PNG")));
        check("//cdn.example/7.gif", Some((HostForm::SchemeRelative, "/", "7", "gif")));
        check("uploads/7.pdf", Some((HostForm::None, "uploads/", "7", "pdf")));
        check("7.png", Some((HostForm::None, "", "7", "png")));
        for text in [
            "",
            "上传成功",
            "1.0.2",
            "http://h.example",
            "http://h.example/",
            "/a b.png",
            "data:image/png;base64,AAAA",
            "/.jpg",
            "a.jpg,b.jpg",
        ] {
            check(text, None);
        }
        assert!(AddressForm::read("/file/38ab", true).is_some() && AddressForm::read("38ab", true).is_none());
    }

    #[test]
    fn a_new_address_has_the_form_of_the_old() {
        let check = |example: &str, expected: &str| {
            let form = AddressForm::read(example, false).unwrap();
            assert_eq!(form.write(&form.path("8", "gif"), Some("127.0.0.1:3000"), "/@t1"), expected);
        };
        check("/uploads/7.jpg", "/@t1/uploads/8.gif");
        check("https://h.example/uploads/7.jpg?v=2", "http://127.0.0.1:3000/@t1/uploads/8.gif");
        check("//h.example/7.jpg", "//127.0.0.1:3000/@t1/8.gif");
        check("uploads/7.jpg", "uploads/8.gif");
        check("7.jpg", "8.gif");
        let form = AddressForm::read("http://h.example/a/7.jpg", false).unwrap();
        assert_eq!(form.write(&form.path("8", ""), None, ""), "/a/8", "without a Host");
    }

    #[test]
    fn files_are_found_by_their_path() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(path_of(text).as_deref(), expected, "{text}");
        check("http://h.example/a/%E5%9B%BE.png?x#y", Some("a/图.png"));
        check("/a/7.png", Some("a/7.png"));
        check("7.png", Some("7.png"));
        check("http://h.example", None);
        check("两 字", None);
        assert!(is_picture("a/7.JPG") && !is_picture("a/7.html") && !is_picture("a.png/7"));
    }
}
