//! The fuzzer's entries over its corpora and small damages to them.

use crate::many::{Dice, on_all_processors, seed};
use std::path::{Path, PathBuf};

#[path = "../../fuzz/entries.rs"]
mod entries;

type Entry = fn(&[u8]);

const TARGETS: [(&str, Entry); 5] = [
    ("document", entries::document),
    ("json", entries::json),
    ("request", entries::request),
    ("config", entries::config),
    ("scenario", entries::scenario),
];

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a corpus").flatten().map(|one| one.path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect()
}

#[test]
fn the_corpora_are_read() {
    for (target, entry) in TARGETS {
        let corpus = corpus(target);
        assert!(corpus.len() >= 8, "{target}");
        on_all_processors(&corpus, |(path, bytes)| {
            let _naming = Naming(format!("{}", path.display()));
            entry(bytes);
        });
    }
}

/// Pieces that forms are made of: what a damage puts in is more often one of these than a byte.
const PIECES: [&str; 28] = [
    "+++\n",
    "~~~[api]\n",
    "~~~\n",
    "<<<\n",
    "success\n",
    "error\n",
    "## ",
    "*",
    "=",
    "#",
    "//",
    "post:",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "“",
    "：",
    ",",
    "\n",
    "|",
    "1006 ",
    "&",
    "%",
    "\u{1b}[31m",
    "\r",
    "手机号",
];

fn damaged(corpus: &[(PathBuf, Vec<u8>)], dice: &mut Dice) -> Vec<u8> {
    let pick = |dice: &mut Dice| &corpus[dice.below(corpus.len())].1;
    let mut bytes = pick(dice).clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(12)).min(bytes.len());
        match dice.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            2 => {
                let other = pick(dice);
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(80)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            3 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).unwrap_or(0),
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..end, piece.bytes());
            }
        }
    }
    bytes
}

fn survives(cases: u64) {
    let first = seed();
    for (target, entry) in TARGETS {
        let corpus = corpus(target);
        let seeds: Vec<u64> = (0..cases).map(|at| first.wrapping_add(at)).collect();
        on_all_processors(&seeds, |seed| {
            let bytes = damaged(&corpus, &mut Dice(*seed));
            let _naming = Naming(format!("{target}: DOCSIM_TEST_SEED={seed}: {:?}", String::from_utf8_lossy(&bytes)));
            entry(&bytes);
        });
    }
}

#[test]
fn small_damages_are_survived() {
    survives(150);
}

/// T2, without a fuzzer's eye for what is new.
#[test]
#[ignore = "long: ten minutes"]
fn many_damages_are_survived() {
    survives(100_000);
}

/// Names the case if it panics.
struct Naming(String);

impl Drop for Naming {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[allow(clippy::print_stderr, reason = "a failed case has to be named, and panics are already under way")]
            let () = eprintln!("{}", self.0);
        }
    }
}
