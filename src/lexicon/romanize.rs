//! Names that teams write in Latin letters as they say them: `guanjianci` for 关键词.
//!
//! In: the data files as they were read, and how characters are read. Out: the same, each list of names with what its words
//! are called in Latin letters. Runs when the program is built; what `docsim.toml` adds stays as it is written.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How each character is read, one or two ways.
pub(crate) struct Readings(BTreeMap<char, Vec<String>>);

impl Readings {
    /// From the characters under each reading.
    pub(crate) fn new(readings: &Map<String, Value>) -> Self {
        let mut of: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for (reading, characters) in readings {
            for character in characters.as_str().unwrap_or_default().chars() {
                of.entry(character).or_default().push(reading.clone());
            }
        }
        Self(of)
    }

    /// All ways to write a word; none for what is not all Chinese, and for a single character, which says too little.
    fn names_of(&self, word: &str) -> Vec<String> {
        if word.chars().nth(1).is_none() {
            return Vec::new();
        }
        word.chars().fold(vec![String::new()], |begun, character| {
            let readings = self.0.get(&character).map_or(&[][..], Vec::as_slice);
            begun.iter().flat_map(|name| readings.iter().map(move |reading| format!("{name}{reading}"))).collect()
        })
    }
}

/// The lists whose words also name something, and those that hold the names.
const NAMED_BY: [(&str, &[&str], Option<&str>); 4] = [
    ("operations", &["words"], Some("path")),
    ("verbs", &["words", "titled"], Some("path")),
    ("roles", &["words"], Some("names")),
    ("topics", &[], None),
];

/// Adds the names to the lists of a file.
pub(crate) fn romanize(file: &mut Value, readings: &Readings) {
    for (section, words, names) in NAMED_BY {
        let Some(entries) = file.get_mut(section).and_then(Value::as_object_mut) else { continue };
        for entry in entries.values_mut() {
            match names {
                Some(names) => {
                    let found = words.iter().flat_map(|list| texts(entry.get(*list))).collect::<Vec<_>>();
                    add(entry.get_mut(names), &found, readings);
                }
                None => {
                    let found = texts(Some(entry));
                    add(Some(entry), &found, readings);
                }
            }
        }
    }
    // What ties and what takes the tie back.
    for entry in file.get_mut("relations").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        for (words, names) in [("words", "path"), ("off", "off-path"), ("back", "back-path")] {
            let found = texts(entry.get(words));
            add(entry.get_mut(names), &found, readings);
        }
    }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn add(list: Option<&mut Value>, words: &[String], readings: &Readings) {
    let Some(list) = list.and_then(Value::as_array_mut) else { return };
    let names: BTreeSet<String> = words.iter().flat_map(|word| readings.names_of(word)).collect();
    let new: Vec<Value> = names.into_iter().map(Value::String).filter(|name| !list.contains(name)).collect();
    list.extend(new);
}
