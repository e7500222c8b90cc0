//! Turns the words of the trade from TOML, which people write, into JSON, which the program reads in a tenth of the time: it
//! does so at each start.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let data = Path::new("src/lexicon/data");
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed={}", data.display());
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|extension| extension == "toml"))
        else {
            continue;
        };
        let words: serde_json::Value =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        fs::write(Path::new(&out).join(name).with_extension("json"), words.to_string())?;
    }
    Ok(())
}
