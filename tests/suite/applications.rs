//! Applications as their teams documented them (`cases/applications`), each with the conversation that its front end has:
//! the documents are loaded as a user has them served, with no configuration but their own.

use crate::conversation::Conversation;
use crate::talk::{case, read};
use docsim::generation::Generation;
use docsim::load;
use docsim::source::Source;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TRANSCRIPT: &str = "transcript.txt";

fn applications() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(case("applications")).expect("the folder of applications");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    assert!(paths.len() >= 6, "{paths:?}");
    paths
}

/// A document, or all that lies in a folder but the transcript, which is ours and no document.
pub(crate) fn served(path: &Path) -> Generation {
    let mut loaded = load::load(&[path.to_owned()], None).expect("the documents");
    loaded.documents.retain(|file| Path::new(file.name()).file_name().is_none_or(|name| name != TRANSCRIPT));
    Generation::of_loaded(&loaded, None)
}

/// Each simplified character in its usual traditional form.
fn traditional_forms() -> HashMap<char, char> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicon/data/traditional.toml");
    let data: toml::Table = read(&path).parse().expect("it is TOML");
    let lines = data["characters"].as_array().expect("a list").iter().filter_map(toml::Value::as_str);
    lines.flat_map(str::split_whitespace).filter_map(|forms| forms.chars().next().zip(forms.chars().nth(1))).collect()
}

#[test]
fn applications_in_traditional_characters_answer_alike() {
    let forms = traditional_forms();
    let traditional = |text: &str| -> String { text.chars().map(|c| *forms.get(&c).unwrap_or(&c)).collect() };
    let mut failures = Vec::new();
    for folder in applications() {
        let mut loaded = load::load(std::slice::from_ref(&folder), None).expect("the documents");
        loaded.documents.retain(|file| !file.name().ends_with(TRANSCRIPT));
        for file in &mut loaded.documents {
            file.source = Source::new(file.source.name(), traditional(file.source.text()));
        }
        let mut conversation = Conversation::new(&Arc::new(Generation::of_loaded(&loaded, None)));
        let lines = traditional(&read(folder.join(TRANSCRIPT)));
        let shown = folder.file_name().unwrap_or_default().display();
        failures.extend(conversation.lines(&lines).into_iter().map(|failure| format!("{shown}:{failure}")));
    }
    assert!(failures.is_empty(), "{} lines went otherwise:\n{}", failures.len(), failures.join("\n"));
}

#[test]
#[allow(clippy::print_stdout, reason = "how far each application gets is wanted of a test that passes, too")]
fn applications_answer_as_their_documents_say() {
    let mut failures = Vec::new();
    for folder in applications() {
        let path = folder.join(TRANSCRIPT);
        let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display();
        let mut conversation = Conversation::new(&Arc::new(served(&folder)));
        failures.extend(conversation.lines(&read(&path)).into_iter().map(|failure| format!("{shown}:{failure}")));
        let (count, name) = (&conversation.count, folder.file_name().unwrap_or_default().to_string_lossy());
        let skipped =
            if count.skipped > 0 { format!(", {} skipped: needs the server", count.skipped) } else { String::new() };
        println!("{name:16} {}/{}{skipped}", count.passed, count.total);
    }
    assert!(failures.is_empty(), "{} lines went otherwise:\n{}", failures.len(), failures.join("\n"));
}
