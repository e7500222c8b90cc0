//! Turns the words of the trade from TOML, which people write, into JSON, which the program reads in a tenth of the time: it
//! does so at each start. Names get what teams call them in Latin letters.

mod romanize;

use romanize::{Readings, romanize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// How characters are read; no words.
const READINGS: &str = "readings";

fn main() -> Result<(), Box<dyn Error>> {
    let data = Path::new("src/lexicon/data");
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=src/lexicon/build.rs");
    println!("cargo::rerun-if-changed=src/lexicon/romanize.rs");
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
    let readings = files.remove(READINGS).ok_or("no readings of characters")?;
    let readings = Readings::new(readings.as_object().ok_or("readings are no table")?);
    for name in ["operations", "verbs", "roles", "topics"] {
        files.get_mut(name).into_iter().for_each(|file| romanize(file, &readings));
    }
    for (name, words) in files {
        fs::write(Path::new(&out).join(name).with_extension("json"), words.to_string())?;
    }
    Ok(())
}
