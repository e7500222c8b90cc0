//! Turns the words of the trade from TOML, which people write, into what the program reads in a tenth of the time or need not
//! read at all: JSON, and the finders of words as constants. Names get what teams call them in Latin letters.

#[allow(dead_code, reason = "so does it here")]
mod memo;
mod romanize;
#[allow(dead_code, unreachable_pub, reason = "the program asks them more")]
mod terms;
#[allow(dead_code, reason = "the program finds with them")]
mod words;

use romanize::{Readings, romanize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};
use terms::{Operation, Role};
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

/// The characters that there are bits for.
const FIRST: usize = 0x4e00;
const WORDS: usize = 328;

fn main() -> Result<(), Box<dyn Error>> {
    let data = Path::new("src/lexicon/data");
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=src/lexicon/build.rs");
    println!("cargo::rerun-if-changed=src/lexicon/romanize.rs");
    println!("cargo::rerun-if-changed=src/lexicon/terms.rs");
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
    let readings = files.remove(READINGS).ok_or("no readings of characters")?;
    let readings = Readings::new(readings.as_object().ok_or("readings are no table")?);
    let traditional = files.remove(TRADITIONAL).ok_or("no traditional characters")?;
    fs::write(Path::new(&out).join("traditional.rs"), characters(&traditional)?)?;
    for name in ["operations", "verbs", "roles", "topics", "parties"] {
        files.get_mut(name).into_iter().for_each(|file| romanize(file, &readings));
    }
    let mut constants = String::new();
    let mut all_lists = Map::new();
    settle_paths(&mut files);
    write_deeds(&mut constants, files.get("operations"))?;
    let operations = words_of_operations(&mut files)?;
    write_terms(&mut constants, "OPERATIONS", &operations, |name| place(Operation::ALL, Operation::parse(name)))?;
    all_lists.insert("operations".to_owned(), Value::Object(operations));
    let roles = files.remove("roles").ok_or("no roles")?;
    let roles = roles.get("roles").and_then(Value::as_object).ok_or("roles.toml: no roles")?;
    write_names(&mut constants, roles)?;
    let words = |(name, role): (&String, &Value)| Some((name.clone(), role.get("words")?.clone()));
    let roles: Map<String, Value> = roles.iter().filter_map(words).collect();
    write_terms(&mut constants, "ROLES", &roles, |name| place(Role::ALL, Role::parse(name)))?;
    all_lists.insert("roles".to_owned(), Value::Object(roles));
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

fn place<T: PartialEq>(all: &[T], term: Option<T>) -> Option<usize> {
    term.and_then(|term| all.iter().position(|known| *known == term))
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The names of operations, verbs and relations as names are compared. What moves a status is named by its verbs too, what ties by
/// its relations.
fn settle_paths(files: &mut BTreeMap<String, Value>) {
    let mut settle = |file: &str, section: &str, lists: &[&str]| {
        let entries = files.get_mut(file).and_then(|file| file.get_mut(section)).and_then(Value::as_object_mut);
        let mut named = Vec::new();
        for entry in entries.into_iter().flat_map(Map::values_mut) {
            for list in lists {
                let Some(list) = entry.get_mut(*list).and_then(Value::as_array_mut) else { continue };
                for name in list.iter_mut() {
                    *name = compact(name.as_str().unwrap_or_default()).into();
                }
            }
            named.extend(["path", "off-path"].into_iter().flat_map(|list| texts(entry.get(list))).map(Value::from));
        }
        named
    };
    settle("operations", "operations", &["path"]);
    let moves = settle("verbs", "verbs", &["path"]);
    let ties = settle("verbs", "relations", &["path", "off-path", "back-path", "flags", "counts"]);
    let operations = files.get_mut("operations").and_then(|file| file.get_mut("operations"));
    let Some(operations) = operations.and_then(Value::as_object_mut) else { return };
    for (operation, names) in [(Operation::Transition, moves), (Operation::Toggle, ties)] {
        let path = operations.get_mut(operation.name()).and_then(Value::as_object_mut);
        let path = path.map(|words| words.entry("path").or_insert_with(|| Value::Array(Vec::new())));
        path.and_then(Value::as_array_mut).into_iter().for_each(|path| path.extend(names.iter().cloned()));
    }
}

/// By operation, taken out of its file; what moves a status is worded by its verbs too, what ties by its relations.
fn words_of_operations(files: &mut BTreeMap<String, Value>) -> Result<Map<String, Value>, Box<dyn Error>> {
    let worded = |section: &str, lists: &[&str]| -> Vec<Value> {
        let entries = files.get("verbs").and_then(|file| file.get(section)).and_then(Value::as_object);
        let entries = entries.into_iter().flat_map(Map::values);
        entries.flat_map(|entry| lists.iter().flat_map(|list| texts(entry.get(*list)))).map(Value::from).collect()
    };
    let more = [
        (Operation::Transition, worded("verbs", &["words"])),
        (Operation::Toggle, worded("relations", &["words", "off"])),
    ];
    let operations = files.get_mut("operations").and_then(|file| file.get_mut("operations"));
    let operations = operations.and_then(Value::as_object_mut).ok_or("operations.toml: no operations")?;
    let mut words = Map::new();
    for (name, operation) in operations.iter_mut() {
        let own = operation.as_object_mut().and_then(|operation| operation.remove("words"));
        words.insert(name.clone(), own.unwrap_or_else(|| Value::Array(Vec::new())));
    }
    for (operation, more) in more {
        let words = words.get_mut(operation.name()).and_then(Value::as_array_mut);
        words.ok_or_else(|| format!("operations.toml: no {operation}"))?.extend(more);
    }
    Ok(words)
}

/// The names in paths of what is done to records, and of what ties them, as sorted constants. `house/bind` is about houses.
fn write_deeds(out: &mut String, operations: Option<&Value>) -> Result<(), Box<dyn Error>> {
    let operations = operations.and_then(|file| file.get("operations")).and_then(Value::as_object);
    let (mut deeds, mut ties) = (BTreeSet::new(), BTreeSet::new());
    for (name, data) in operations.ok_or("operations.toml: no operations")? {
        let names = texts(data.get("path"));
        match Operation::parse(name).ok_or_else(|| format!("no operation {name}"))? {
            Operation::Toggle => ties.extend(names),
            operation if operation.is_on_records() || operation == Operation::BindIdentity => deeds.extend(names),
            _ => {}
        }
    }
    for (constant, names) in [("DEEDS", deeds), ("TIES", ties)] {
        writeln!(out, "pub(in crate::lexicon) const {constant}: &[&str] = &{:?};", names.iter().collect::<Vec<_>>())?;
    }
    Ok(())
}

/// As the program does it.
fn compact(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The names that tell roles, in the order of the roles' own names: `*` stands before the end or behind the beginning of one.
fn write_names(out: &mut String, roles: &Map<String, Value>) -> Result<(), Box<dyn Error>> {
    let mut whole: BTreeMap<String, Vec<(usize, Role)>> = BTreeMap::new();
    let mut parts = String::new();
    let roles: BTreeMap<&String, &Value> = roles.iter().collect();
    let mut at = 0;
    for (role, data) in roles {
        let role = Role::parse(role).ok_or_else(|| format!("no role {role}"))?;
        for name in texts(data.get("names")) {
            match (name.strip_prefix('*'), name.strip_suffix('*')) {
                (Some(end), _) => write!(parts, "({at}, Role::{role:?}, Part::Ends({:?})),", compact(end))?,
                (None, Some(begin)) => write!(parts, "({at}, Role::{role:?}, Part::Begins({:?})),", compact(begin))?,
                (None, None) => whole.entry(compact(name)).or_default().push((at, role)),
            }
            at += 1;
        }
    }
    writeln!(out, "pub(in crate::lexicon) const NAMES: RoleNames = RoleNames {{ whole: &[")?;
    for (name, roles) in whole {
        let roles: Vec<String> = roles.iter().map(|(at, role)| format!("({at}, Role::{role:?})")).collect();
        writeln!(out, "({name:?}, &[{}]),", roles.join(", "))?;
    }
    writeln!(out, "], parts: &[{parts}] }};")?;
    Ok(())
}

/// The finder of terms' words as a constant. A group is the place of its term.
fn write_terms(
    out: &mut String,
    constant: &str,
    lists: &Map<String, Value>,
    place: impl Fn(&str) -> Option<usize>,
) -> Result<(), Box<dyn Error>> {
    let mut grouped = Vec::new();
    for (name, words) in lists {
        let place = place(name).ok_or_else(|| format!("no term {name}"))?;
        grouped.extend(texts(Some(words)).map(|word| (place, word)));
    }
    writeln!(out, "pub(in crate::lexicon) const {constant}: Words = {};", written(Words::new(grouped)))?;
    Ok(())
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
    writeln!(out, "pub(in crate::lexicon) const {constant}: Named = Named {{ names: Cow::Borrowed(&[")?;
    for name in lists.keys() {
        writeln!(out, "Cow::Borrowed({name:?}),")?;
    }
    writeln!(out, "]), words: {} }};", written(Words::new(grouped)))?;
    Ok(())
}

fn written(words: Words) -> String {
    let Words { texts, pieces, buckets, uses, patterns, whole, marked, .. } = words;
    format!(
        "Words {{ texts: Cow::Borrowed({texts:?}), pieces: Cow::Borrowed(&{pieces:?}), \
         buckets: Cow::Borrowed(&{buckets:?}), uses: Cow::Borrowed(&{uses:?}), \
         patterns: Cow::Borrowed(&{patterns:?}), whole: Cow::Borrowed(&{whole:?}), marked: Cow::Borrowed(&{marked:?}), memo: Memo::NEW }}"
    )
}
