//! Files that callers have uploaded: bytes under a path, and what kind of picture they are by their own first bytes.
//! Does not know how an address is written, nor how much there may be of it all.

use super::clock::Millis;
use crate::json::Json;
use crate::world::record::number;
use bytes::Bytes;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Order of coming into the world, from 1.
    pub number: u64,
    /// Without host, world's prefix and leading slash, not percent-encoded; each path once.
    pub path: Arc<str>,
    pub bytes: Bytes,
    pub at: Millis,
}

/// A picture that a browser shows and that cannot carry scripts. What is none of these is handed out as a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Png,
    Jpeg,
    Gif,
    Webp,
    Bmp,
}

/// A world's files. A clone is a few pointers.
#[derive(Clone, Debug)]
pub struct Uploads {
    by_path: imbl::OrdMap<Arc<str>, Arc<Upload>>,
    /// Of all files together.
    size: usize,
    next_number: u64,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { by_path: imbl::OrdMap::new(), size: 0, next_number: 1 }
    }
}

impl Picture {
    /// By the first bytes; what a name or a client's header says counts for nothing.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            // Two letters alone would take any text that begins with them; the four reserved bytes are 0.
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(Self::Bmp),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Bmp => "image/bmp",
        }
    }

    /// The usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Bmp => &["bmp"],
        }
    }
}

impl Upload {
    /// All but the bytes.
    pub fn to_json(&self) -> Json {
        Json::Object(vec![
            ("number".into(), number(self.number)),
            ("path".into(), Json::String(Arc::clone(&self.path))),
            ("size".into(), number(self.bytes.len() as u64)),
            ("at".into(), Json::integer(self.at)),
        ])
    }
}

impl Uploads {
    pub fn get(&self, path: &str) -> Option<&Arc<Upload>> {
        self.by_path.get(path)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Upload>> {
        self.by_path.values()
    }

    /// The number that the next one gets.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// Bytes of all files together.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Refuses a number that was given, and a path that is taken.
    pub(super) fn keep(&mut self, upload: &Arc<Upload>) -> bool {
        upload.number >= self.next_number && self.put(upload)
    }

    /// In any order of numbers, for a snapshot.
    pub(super) fn put(&mut self, upload: &Arc<Upload>) -> bool {
        if self.by_path.contains_key(&upload.path) {
            return false;
        }
        self.reserve(upload.number.saturating_add(1));
        self.size = self.size.saturating_add(upload.bytes.len());
        self.by_path.insert(Arc::clone(&upload.path), Arc::clone(upload)).is_none()
    }

    /// No upload gets a number below that.
    pub(super) fn reserve(&mut self, next_number: u64) {
        self.next_number = self.next_number.max(next_number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(number: u64, path: &str, bytes: &'static [u8]) -> Arc<Upload> {
        Arc::new(Upload { number, path: path.into(), bytes: Bytes::from_static(bytes), at: 0 })
    }

    #[test]
    fn a_path_and_a_number_are_taken_once_and_bytes_are_counted() {
        let mut uploads = Uploads::default();
        assert!(uploads.keep(&upload(1, "a/1.png", b"abc")));
        assert!(!uploads.keep(&upload(2, "a/1.png", b"d")), "the path is taken");
        assert!(!uploads.keep(&upload(1, "a/2.png", b"d")), "the number is taken");
        assert!(uploads.keep(&upload(5, "a/2.png", b"d")));
        assert_eq!((uploads.size(), uploads.next_number(), uploads.iter().count()), (4, 6, 2));
    }

    #[test]
    fn pictures_are_told_by_their_first_bytes() {
        let check = |bytes: &[u8], expected: Option<Picture>| assert_eq!(Picture::of(bytes), expected, "{bytes:?}");
        check(b"\x89PNG\r\n\x1a\n\0\0", Some(Picture::Png));
        check(b"\xff\xd8\xff\xe0", Some(Picture::Jpeg));
        check(b"GIF89a..", Some(Picture::Gif));
        check(b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some(Picture::Webp));
        check(b"BM\x46\0\0\0\0\0\0\0\x36", Some(Picture::Bmp));
        check(b"BMW drives", None);
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", None);
        check(b"\x89PNG", None);
        check(b"", None);
    }
}
