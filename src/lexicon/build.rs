//! Turns the words of the trade from TOML, which people write, into what the program reads in a tenth of the time or need not
//! read at all: JSON, and the finders of words as constants. Names get what teams call them in Latin letters.

#[allow(dead_code, reason = "so does it here")]
mod memo;
mod romanize;
#[allow(dead_code, reason = "the program finds with them")]
mod words;

use romanize::{Readings, romanize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};
use words::Words;

/// Lists of words by name, each of which is found by itself: the constant, and where they stand in which files.
const NAMED: [(&str, &[&str], &str); 8] = [
    ("TOPICS", &["topics"], "topics"),
    ("REMARKS", &["remarks"], "topics"),
    ("LIMITS", &["limits", "lists"], "topics"),
    ("PARTIES", &["parties"], "topics"),
    ("WALLET", &["wallet"], "topics"),
    ("SUBJECTS", &["messages"], "subjects"),
    ("PREDICATES", &["messages"], "predicates"),
    ("STATUSES", &["statuses"], "statuses"),
];

/// How characters are read; no words.
const READINGS: &str = "readings";

/// How they are written elsewhere; no words, either.
const TRADITIONAL: &str = "traditional";

/// How words are often misspelt; no words, either.
const SPELLING: &str = "spelling";

/// The characters that there are bits for.
const FIRST: usize = 0x4e00;
const WORDS: usize = 328;

fn main() -> Result<(), Box<dyn Error>> {
    let data = Path::new("src/lexicon/data");
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=src/lexicon/build.rs");
    println!("cargo::rerun-if-changed=src/lexicon/romanize.rs");
    println!("cargo::rerun-if-changed=src/lexicon/words.rs");
    println!("cargo::rerun-if-changed={}", data.display());
    let mut files: BTreeMap<String, Value> = BTreeMap::new();
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|extension| extension == "toml"))
        else {
            continue;
        };
        let words =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        files.insert(name.to_string_lossy().into_owned(), words);
    }
    files
        .get_mut("rules")
        .and_then(|rules| rules.pointer_mut("/enumerations/defaults"))
        .into_iter()
        .for_each(spell_out);
    let spelling = files.remove(SPELLING).ok_or("no misspellings")?;
    let spelling = spelling.get("often").and_then(Value::as_array).ok_or("no common misspellings")?;
    for pair in spelling.iter().filter_map(Value::as_str) {
        let (right, wrong) = pair.split_once(' ').ok_or_else(|| format!("{pair} is no pair"))?;
        for file in files.values_mut() {
            misspell(file, right, wrong);
        }
    }
    let readings = files.remove(READINGS).ok_or("no readings of characters")?;
    let readings = Readings::new(readings.as_object().ok_or("readings are no table")?);
    let traditional = files.remove(TRADITIONAL).ok_or("no traditional characters")?;
    fs::write(Path::new(&out).join("traditional.rs"), characters(&traditional)?)?;
    for name in ["operations", "verbs", "roles", "topics", "parties"] {
        files.get_mut(name).into_iter().for_each(|file| romanize(file, &readings));
    }
    let mut constants = String::new();
    let mut all_lists = Map::new();
    for (constant, names, key) in NAMED {
        let mut lists = Map::new();
        for name in names {
            let found = files.get_mut(*name).and_then(|file| file.as_object_mut()?.remove(key));
            let Some(Value::Object(found)) = found else { return Err(format!("{name}.toml: no {key}").into()) };
            lists.extend(found);
        }
        write_named(&mut constants, constant, &lists)?;
        all_lists.insert(constant.to_lowercase(), Value::Object(lists));
    }
    files.insert("lists".to_owned(), Value::Object(all_lists));
    for (name, words) in files {
        fs::write(Path::new(&out).join(name).with_extension("json"), words.to_string())?;
    }
    fs::write(Path::new(&out).join("named.rs"), constants)?;
    Ok(())
}

/// Puts the misspelt form of each word of a list behind it; in a pattern, into its place.
fn misspell(value: &mut Value, right: &str, wrong: &str) {
    match value {
        Value::Object(members) => {
            for member in members.values_mut() {
                misspell(member, right, wrong);
            }
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let known: Vec<String> = items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            for word in known.iter().filter(|word| word.contains(right)).rev() {
                let Some(at) = items.iter().position(|item| item == word) else { continue };
                if word.contains(['*', '|']) {
                    items[at] = in_places(word, right, wrong).into();
                } else if !known.contains(&word.replace(right, wrong)) {
                    items.insert(at + 1, word.replace(right, wrong).into());
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                misspell(item, right, wrong);
            }
        }
        _ => {}
    }
}

/// `请*登录` with `登录|登陆` in the place of the word.
fn in_places(pattern: &str, right: &str, wrong: &str) -> String {
    let place = |place: &str| {
        let mut words: Vec<String> = place.split('|').map(str::to_owned).collect();
        let more = words.iter().filter(|word| word.contains(right)).map(|word| word.replace(right, wrong));
        let more: Vec<String> = more.filter(|word| !words.contains(word)).collect();
        words.extend(more);
        words.join("|")
    };
    pattern.split('*').map(place).collect::<Vec<_>>().join("*")
}

/// Of a list, what is told at once as one word each: `不传|不填 + 就是|则为`.
fn spell_out(list: &mut Value) {
    let mut spelled: Vec<String> = Vec::new();
    for text in list.as_array().into_iter().flatten().filter_map(Value::as_str) {
        spelled.extend(text.split(" + ").fold(vec![String::new()], |begun, part| {
            begun.iter().flat_map(|start| part.split('|').map(move |piece| format!("{start}{piece}"))).collect()
        }));
    }
    *list = spelled.into();
}

/// The forms of characters, and which characters stand in one script alone, as constants.
fn characters(file: &Value) -> Result<String, Box<dyn Error>> {
    let lines = file.get("characters").and_then(Value::as_array).ok_or("no characters")?;
    let mut forms = BTreeMap::new();
    for token in lines.iter().filter_map(Value::as_str).flat_map(str::split_whitespace) {
        let mut characters = token.chars();
        let simplified = characters.next().ok_or("no character")?;
        if forms.insert(simplified, characters.as_str()).is_some() {
            return Err(format!("{simplified} stands twice among the traditional characters").into());
        }
    }
    let (mut marks, mut plain) = ([0_u64; WORDS], [0_u64; WORDS]);
    let set = |bits: &mut [u64; WORDS], c: char| {
        let at =
            (c as usize).checked_sub(FIRST).filter(|at| *at < WORDS * 64).ok_or_else(|| format!("{c} is far off"))?;
        bits[at / 64] |= 1 << (at % 64);
        Ok::<_, String>(())
    };
    for (simplified, traditional) in &forms {
        for form in traditional.chars().filter(|form| !forms.contains_key(form)) {
            set(&mut marks, form)?;
        }
        if !traditional.contains(*simplified) && !forms.values().any(|forms| forms.contains(*simplified)) {
            set(&mut plain, *simplified)?;
        }
    }
    let mut out = String::new();
    writeln!(out, "pub(super) const FORMS: &[(char, &str)] = &{:?};", forms.iter().collect::<Vec<_>>())?;
    writeln!(out, "pub(super) const FIRST: usize = {FIRST};")?;
    writeln!(
        out,
        "pub(super) const MARKS: [u64; {WORDS}] = {marks:?};\npub(super) const PLAIN: [u64; {WORDS}] = {plain:?};"
    )?;
    Ok(out)
}

/// The finder of lists as a constant. A group is the place of its list, in the order of their names.
fn write_named(out: &mut String, constant: &str, lists: &Map<String, Value>) -> Result<(), Box<dyn Error>> {
    let lists: BTreeMap<&String, &Value> = lists.iter().collect();
    let mut grouped = Vec::new();
    for (group, (name, words)) in lists.iter().enumerate() {
        for word in words.as_array().ok_or_else(|| format!("{name} is no list"))? {
            grouped.push((group, word.as_str().ok_or_else(|| format!("{name}: {word} is no text"))?));
        }
    }
    let Words { texts, pieces, buckets, uses, patterns, whole, marked, .. } = Words::new(grouped);
    writeln!(out, "pub(in crate::lexicon) const {constant}: Named = Named {{ names: Cow::Borrowed(&[")?;
    for name in lists.keys() {
        writeln!(out, "Cow::Borrowed({name:?}),")?;
    }
    writeln!(
        out,
        "]), words: Words {{ texts: Cow::Borrowed({texts:?}), pieces: Cow::Borrowed(&{pieces:?}), \
         buckets: Cow::Borrowed(&{buckets:?}), uses: Cow::Borrowed(&{uses:?}), \
         patterns: Cow::Borrowed(&{patterns:?}), whole: Cow::Borrowed(&{whole:?}), marked: Cow::Borrowed(&{marked:?}), memo: Memo::NEW }} }};"
    )?;
    Ok(())
}
