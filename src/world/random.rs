//! A world's randomness: numbered streams of bytes, and what is made from them (passcodes, tokens).
//!
//! The same (seed, name, number of the draw) gives the same bytes for ever: they are the `ChaCha8` key stream, and everything
//! above the bytes is written here, so no release of a library can change a recorded run. Reads no system randomness.

use super::name::WorldName;
use super::password::derive;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Where a world's streams come from. Two worlds with another seed or another name share no stream.
#[derive(Clone)]
pub(super) struct Source([u8; 32]);

impl Source {
    pub(super) fn new(seed: u64, name: &WorldName) -> Self {
        Self(derive(b"docsim stream 1\0", seed, name))
    }

    /// The stream of a purpose, apart from all numbered ones (of which there are never so many).
    pub(super) fn named(&self, purpose: &str) -> Stream {
        let digest: [u8; 32] = Sha256::digest(purpose.as_bytes()).into();
        let mut number = [0; 8];
        number.copy_from_slice(&digest[..8]);
        self.stream(u64::from_le_bytes(number) | 1 << 63)
    }

    /// The stream of that number; each is independent of all others.
    pub(super) fn stream(&self, draw: u64) -> Stream {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(draw);
        Stream { rng, block: [0; 64], used: 64 }
    }
}

/// Random bytes, taken one after the other.
pub struct Stream {
    rng: ChaCha8Rng,
    block: [u8; 64],
    used: usize,
}

/// A token of fewer variable places than the first could be guessed; it grows to the second.
const FEW_PLACES: usize = 8;
const ENOUGH_PLACES: usize = 16;

const DIGITS: &[u8] = b"0123456789";
const LOWER_HEX: &[u8] = b"0123456789abcdef";
const UPPER_HEX: &[u8] = b"0123456789ABCDEF";
const LOWER: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MIXED: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Stream {
    pub fn byte(&mut self) -> u8 {
        if let Some(byte) = self.block.get(self.used) {
            self.used += 1;
            return *byte;
        }
        self.rng.fill_bytes(&mut self.block);
        self.used = 1;
        self.block[0]
    }

    /// Any 64 bits.
    pub fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        bytes.fill_with(|| self.byte());
        u64::from_le_bytes(bytes)
    }

    /// A number below `bound`, each as likely as the others; 0 for a bound of 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let surplus = (u64::MAX % bound + 1) % bound; // how many numbers at the top would favor the small ones
        loop {
            let number = self.number();
            if number <= u64::MAX - surplus {
                return number % bound;
            }
        }
    }

    /// `count` decimal digits, leading zeros included.
    pub fn digits(&mut self, count: usize) -> String {
        let digits = Alphabet::of(DIGITS);
        (0..count).map(|_| char::from(self.letter(digits))).collect()
    }

    /// The same for what need not be secret: as long as the example, however short.
    pub fn id_like(&mut self, example: &str) -> String {
        let places = example.chars().count();
        self.token_like(example).chars().take(places).collect()
    }

    /// A text in the form of `example`: as long, letters and digits drawn anew from the smallest of these alphabets that has
    /// all of its own (digits; hexadecimal in lower or upper case; letters and digits in lower, upper or both cases),
    /// everything else where it was. A UUID keeps its version and variant, so it stays one.
    ///
    /// Where fewer than 8 places vary, letters or digits of the same alphabet are added until 16 do, since such an example
    /// (`abc`, `用户token`) shows no form and nobody must guess a token.
    pub fn token_like(&mut self, example: &str) -> String {
        let places = example.bytes().filter(u8::is_ascii_alphanumeric).count();
        let uuid = is_uuid(example);
        // `usr_4f9a2c`: what kind of thing it is stays before it.
        let prefix =
            example.find('_').filter(|at| *at <= 8 && example[..*at].bytes().all(|byte| byte.is_ascii_alphabetic()));
        let begins = prefix.unwrap_or_default();
        let alphabet = Alphabet::of(if places == 0 { LOWER_HEX } else { alphabet_of(&example[begins..]) });
        let mut token = Vec::with_capacity(example.len() + ENOUGH_PLACES);
        token.extend_from_slice(example.as_bytes());
        for (at, byte) in token.iter_mut().enumerate().skip(begins) {
            if byte.is_ascii_alphanumeric() && !(uuid && matches!(at, 14 | 19)) {
                *byte = self.letter(alphabet);
            }
        }
        if places < FEW_PLACES {
            token.extend((places..ENOUGH_PLACES).map(|_| self.letter(alphabet)));
        }
        String::from_utf8(token).unwrap_or_default() // letters in the place of letters, all of them ASCII
    }

    fn letter(&mut self, alphabet: Alphabet) -> u8 {
        loop {
            let byte = self.byte();
            if byte <= alphabet.greatest {
                return alphabet.letters[usize::from(byte % alphabet.count)];
            }
        }
    }
}

/// Letters, each as likely as the others.
#[derive(Clone, Copy)]
struct Alphabet {
    /// 10 to 62.
    letters: &'static [u8],
    count: u8,
    /// Bytes above it would favor the first letters.
    greatest: u8,
}

impl Alphabet {
    fn of(letters: &'static [u8]) -> Self {
        let count = u8::try_from(letters.len()).unwrap_or(u8::MAX);
        let surplus = (u8::MAX % count + 1) % count;
        Self { letters, count, greatest: u8::MAX - surplus }
    }
}

fn alphabet_of(example: &str) -> &'static [u8] {
    let (mut lower, mut upper, mut beyond_hex) = (false, false, false);
    for byte in example.bytes().filter(u8::is_ascii_alphabetic) {
        lower |= byte.is_ascii_lowercase();
        upper |= byte.is_ascii_uppercase();
        beyond_hex |= !byte.is_ascii_hexdigit();
    }
    match (lower, upper, beyond_hex) {
        (false, false, _) => DIGITS,
        (true, false, false) => LOWER_HEX,
        (false, true, false) => UPPER_HEX,
        (true, false, true) => LOWER,
        (false, true, true) => UPPER,
        (true, true, _) => MIXED,
    }
}

/// `8-4-4-4-12` hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(seed: u64, name: &str, draw: u64) -> Stream {
        Source::new(seed, &WorldName::parse(name).unwrap()).stream(draw)
    }

    #[test]
    fn tokens_take_the_form_of_the_example() {
        let check = |example: &str, form: &str| {
            let token = stream(1, "default", 0).token_like(example);
            assert_eq!(token.chars().count(), form.chars().count(), "{example} → {token}");
            for (c, kind) in token.chars().zip(form.chars()) {
                let fits = match kind {
                    'd' => c.is_ascii_digit(),
                    'h' => c.is_ascii_digit() || ('a'..='f').contains(&c),
                    'H' => c.is_ascii_digit() || ('A'..='F').contains(&c),
                    'l' => c.is_ascii_digit() || c.is_ascii_lowercase(),
                    'U' => c.is_ascii_digit() || c.is_ascii_uppercase(),
                    'm' => c.is_ascii_alphanumeric(),
                    other => c == other,
                };
                assert!(fits, "{example} → {token}, not of the form {form}");
            }
        };
        check("12345678", "dddddddd");
        check("77b1d7e20f4c4f6c9f0a3a2c3f51c0de", &"h".repeat(32));
        check("77B1D7E20F", &"H".repeat(10));
        check("rk.88.6f1d0ac2b7", "ll.ll.llllllllll");
        check("SESSION99", "UUUUUUUUU");
        check("oAbC-9_xyzW=", "mmmm-m_mmmm=");
        check("123e4567-e89b-42d3-a456-426614174000", "hhhhhhhh-hhhh-4hhh-ahhh-hhhhhhhhhhhh");
        check("123", &"d".repeat(16));
        check("用户token", &("用户".to_owned() + &"l".repeat(16)));
        check("***", &("***".to_owned() + &"h".repeat(16)));
        check("", &"h".repeat(16));
    }

    #[test]
    fn all_letters_are_equally_likely() {
        let mut stream = stream(1, "default", 0);
        let mut seen = [0; 256];
        for c in stream.token_like(&"aZ".repeat(31_000)).bytes() {
            seen[usize::from(c)] += 1;
        }
        for letter in MIXED {
            assert!((800..1_200).contains(&seen[usize::from(*letter)]), "{} of 1000", seen[usize::from(*letter)]);
        }
        let mut seen = [0; 3];
        for _ in 0..3_000 {
            seen[usize::try_from(stream.below(3)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|times| (900..1_100).contains(times)), "{seen:?}");
        assert_eq!((stream.below(0), stream.below(1)), (0, 0));
    }

    #[test]
    fn seed_name_and_draw_tell_streams_apart() {
        let first = |seed, name, draw| stream(seed, name, draw).number();
        let reference = first(1, "default", 0);
        assert_eq!(first(1, "default", 0), reference);
        for other in [first(2, "default", 0), first(1, "other", 0), first(1, "default", 1)] {
            assert_ne!(other, reference);
        }
    }

    /// Checked against a `ChaCha8` written in another language. If this fails, every recorded run and every saved scenario
    /// gets other tokens: find out why instead of changing the values.
    #[test]
    fn the_bytes_never_change() {
        assert_eq!(
            stream(42, "default", 7).token_like("00000000000000000000000000000000"),
            "53361734242006829405418167775508"
        );
        assert_eq!(stream(42, "default", 7).digits(6), "533617");
    }

    #[test]
    fn a_long_draw_goes_on_through_the_blocks() {
        let mut one_by_one = stream(1, "default", 0);
        let mut whole = [0; 300];
        ChaCha8Rng::from_seed(Source::new(1, &WorldName::default()).0).fill_bytes(&mut whole);
        assert!(whole.iter().all(|byte| *byte == one_by_one.byte()));
    }
}
