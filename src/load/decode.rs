//! Bytes become text, in whichever encoding people saved them.
//!
//! In: a file's bytes. Out: its text with the places that could not be read, or the finding that it is no text at all.
//! Knows no file names and no documents.

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Place, Span};
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

/// A text, and how it was read.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    /// Without a byte order mark. What could not be read is U+FFFD.
    pub text: String,
    /// The encoding's usual name.
    pub encoding: &'static str,
    /// Where U+FFFD stands for what could not be read; neighbors are one.
    pub damaged: Vec<Span>,
}

/// More control characters than any text has: a picture, an archive, a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

const UTF_8: &str = "UTF-8";
const REPLACEMENT: char = '\u{fffd}';

pub fn decode(bytes: &[u8]) -> Result<Decoded, NotText> {
    let marked = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((UTF_16LE, rest)),
        [0xfe, 0xff, rest @ ..] => Some((UTF_16BE, rest)),
        _ => None,
    };
    if let Some((encoding, rest)) = marked {
        return with(encoding, rest);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if is_binary(bytes.iter().map(|byte| char::from(*byte)), bytes.len()) {
        return Err(NotText);
    }
    if Evidence::of(bytes).is_gb18030() { with(GB18030, bytes) } else { Ok(utf8(bytes)) }
}

/// What the reader of the file should know about how it was read.
pub fn findings(decoded: &Decoded, file: FileId) -> Vec<Diagnostic> {
    const SHOWN: usize = 10;
    let mut found = Vec::new();
    let name = decoded.encoding;
    let help = "save it as UTF-8";
    if name != UTF_8 {
        let place = Place { file, span: Span::default() };
        found.push(Diagnostic::info("not-utf8", place, format!("this file is {name}, read as such")).help(help));
    }
    let rule = if name == UTF_8 { "invalid-utf8" } else { "invalid-encoding" };
    for (at, span) in decoded.damaged.iter().take(SHOWN).enumerate() {
        let more = decoded.damaged.len().saturating_sub(SHOWN);
        let last = more > 0 && at + 1 == SHOWN;
        let rest = if last { format!(" (and at {more} more places)") } else { String::new() };
        let message = format!("what stands here is no {name}; read as �{rest}");
        let place = Place { file, span: *span };
        let help = "write what was meant, and save the file as UTF-8";
        found.push(Diagnostic::new(rule, Severity::Warning, place, message).help(help));
    }
    found
}

/// One character in fifty is a control character that no text has. A lone one in a long text is damage, not a binary file.
fn is_binary(chars: impl Iterator<Item = char>, count: usize) -> bool {
    let controls = chars.filter(|c| matches!(c, '\0'..='\x08' | '\x0e'..='\x1a' | '\x1c'..='\x1f' | '\x7f')).count();
    controls * 50 > count
}

/// How far the bytes look like either encoding.
#[derive(Debug, Default)]
struct Evidence {
    /// Valid sequences of three or four bytes. Those of two do not count: many pairs of GB18030 look like them.
    sequences: usize,
    /// Bytes that belong to no valid sequence.
    invalid: usize,
    /// Pairs of bytes above ASCII among the invalid, as GB18030 writes a Chinese character.
    pairs: usize,
}

impl Evidence {
    fn of(bytes: &[u8]) -> Self {
        let mut evidence = Self::default();
        for chunk in bytes.utf8_chunks() {
            evidence.sequences += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
            evidence.invalid += chunk.invalid().len();
        }
        if evidence.invalid > 0 {
            let runs = bytes.split(u8::is_ascii);
            evidence.pairs = runs.filter(|run| std::str::from_utf8(run).is_err()).map(|run| run.len() / 2).sum();
        }
        evidence
    }

    /// A flipped byte in UTF-8 leaves all other sequences valid; one in plain ASCII stands alone and is no pair.
    fn is_gb18030(&self) -> bool {
        self.invalid > self.sequences && self.pairs > 0 && self.pairs * 4 > self.invalid
    }
}

fn utf8(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut damaged = Vec::new();
    for chunk in bytes.utf8_chunks() {
        // NUL is valid UTF-8, but no one means it.
        for (at, piece) in chunk.valid().split('\0').enumerate() {
            if at > 0 {
                replace(&mut text, &mut damaged);
            }
            text.push_str(piece);
        }
        if !chunk.invalid().is_empty() {
            replace(&mut text, &mut damaged);
        }
    }
    Decoded { text, encoding: UTF_8, damaged }
}

fn replace(text: &mut String, damaged: &mut Vec<Span>) {
    let start = text.len();
    text.push(REPLACEMENT);
    note(damaged, Span::new(start, text.len()));
}

fn note(damaged: &mut Vec<Span>, span: Span) {
    match damaged.last_mut() {
        Some(last) if last.end == span.start => *last = last.to(span),
        _ => damaged.push(span),
    }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Result<Decoded, NotText> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    if is_binary(text.chars(), text.chars().count()) {
        return Err(NotText);
    }
    let text = text.replace('\0', "\u{fffd}");
    let mut damaged = Vec::new();
    for (start, found) in text.match_indices(REPLACEMENT) {
        note(&mut damaged, Span::new(start, start + found.len()));
    }
    // The standard's own name, where encoding_rs writes `gb18030`.
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    Ok(Decoded { text, encoding: name, damaged })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "## 用户注册\n+++\npost:Api/User/register\n*phone=手机号 #\n+++\n";

    fn read(bytes: &[u8]) -> (String, &'static str, usize) {
        let decoded = decode(bytes).unwrap();
        for span in &decoded.damaged {
            assert!(decoded.text[span.range()].chars().all(|c| c == REPLACEMENT));
        }
        (decoded.text, decoded.encoding, decoded.damaged.len())
    }

    fn whole(encoding: &'static str) -> (String, &'static str, usize) {
        (TEXT.to_owned(), encoding, 0)
    }

    #[test]
    fn the_same_text_in_every_encoding() {
        assert_eq!(read(TEXT.as_bytes()), whole("UTF-8"));
        assert_eq!(read(format!("\u{feff}{TEXT}").as_bytes()), whole("UTF-8"));
        assert_eq!(read(&GB18030.encode(TEXT).0), whole("GB18030"));
        let little: Vec<u8> = std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little), whole("UTF-16LE"));
        assert_eq!(read(&big), whole("UTF-16BE"));
        assert_eq!(read(b""), (String::new(), "UTF-8", 0));
    }

    #[test]
    fn one_flipped_byte_stays_one_damaged_place() {
        for at in 0..TEXT.len() {
            for flip in [0x80, 0x40, 0xff] {
                let mut bytes = TEXT.as_bytes().to_vec();
                bytes[at] ^= flip;
                let (text, encoding, damaged) = read(&bytes);
                assert_eq!(encoding, "UTF-8", "byte {at} ^ {flip:#x}");
                assert!(damaged <= 2, "byte {at} ^ {flip:#x}: {text}");
                let same = text.chars().filter(|c| TEXT.contains(*c)).count();
                assert!(same + 4 >= TEXT.chars().count(), "byte {at} ^ {flip:#x}: {text}");
            }
        }
        assert_eq!(read(b"get:/a\n*n\xe5me=1 #\n").1, "UTF-8");
    }

    #[test]
    fn one_flipped_byte_does_not_hide_gb18030() {
        let whole = GB18030.encode(TEXT).0;
        for at in 0..whole.len() {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 0x80;
            assert_eq!(read(&bytes).1, "GB18030", "byte {at}");
        }
    }

    #[test]
    fn a_picture_is_no_text() {
        let picture: Vec<u8> = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10".iter().copied().cycle().take(4000).collect();
        assert_eq!(decode(&picture), Err(NotText));
        assert_eq!(decode(&[0; 64]), Err(NotText));
        let unmarked: Vec<u8> = "get:/a/b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&unmarked), Err(NotText));
    }

    #[test]
    fn findings_say_which_encoding_and_where() {
        let decoded =
            decode("## 用户注册\n手\u{0}机号, 手机号, 手机号, 手机号".as_bytes().repeat(20).as_slice()).unwrap();
        let found = findings(&decoded, FileId(3));
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|one| one.rule == "invalid-utf8" && one.place.file == FileId(3)));
        assert!(found[9].message.ends_with("(and at 10 more places)"), "{}", found[9].message);
        let found = findings(&decode(&GB18030.encode(TEXT).0).unwrap(), FileId(0));
        assert_eq!(found[0].message, "this file is GB18030, read as such");
    }
}
