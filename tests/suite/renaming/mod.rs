//! No word of one document is in the program: the driver app's document under other names is the same API under other
//! names. Every conversation of `cases/engine` is had with both, and each reply is the other one's, renamed.
//!
//! `DOCSIM_RENAMING=17 cargo test renaming` (or `"Label 手机号 → 手机"`) has the conversations of one choice of names alone,
//! and leaves the document, with what was understood of it, in the target folder.

mod names;
mod rewrite;
mod words;

use crate::conversation::{Conversation, Step};
use crate::engine::transcripts;
use crate::many::on_all_processors;
use crate::talk::{Answer, Talk, driver_app, generation, read};
use names::Names;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// The original's side of every conversation.
struct Stage {
    document: String,
    conversations: Vec<(String, Vec<(usize, Step)>)>,
}

impl Stage {
    fn new() -> Self {
        let document = driver_app();
        let original = Arc::new(generation("api.md", &document));
        let mut conversations = Vec::new();
        for path in transcripts() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // The conversations about slashes and letter case are about spelling, not about names.
            if name != "methods_and_paths" {
                let mut conversation = Conversation::new(&original);
                assert_eq!(conversation.lines(&read(&path)), [""; 0]);
                conversations.push((name, conversation.steps));
            }
        }
        Self { document, conversations }
    }

    /// Leaves the renamed document where it can be looked at.
    fn leave(&self, names: &Names) {
        let document = rewrite::rewrite(&self.document, names);
        let explained = docsim::explain::draw(&generation("renamed.md", &document), None);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(folder.join("renamed.md"), document).expect("the target folder");
        std::fs::write(folder.join("renamed.explained.txt"), explained).expect("the target folder");
    }

    /// What went otherwise under these names.
    fn differences(&self, names: &Names) -> Vec<String> {
        let document = rewrite::rewrite(&self.document, names);
        let renamed = Arc::new(generation("other.md", &document));
        let mut found = Vec::new();
        for (name, steps) in &self.conversations {
            let mut talk = Talk::new(&renamed);
            let differs = |(at, step): &(usize, Step)| Some(format!("{name}:{at}: {}", same(step, &mut talk, names)?));
            found.extend(steps.iter().find_map(differs));
        }
        found
    }
}

/// Does the same with the renamed document; what came of it, if that is another thing.
fn same(step: &Step, talk: &mut Talk, names: &Names) -> Option<String> {
    match step {
        Step::Sms { phone, passcode } => {
            let found = talk.sms(phone);
            (found != *passcode).then(|| format!("sms {phone}: {found} and not {passcode}"))
        }
        Step::Clock(by) => {
            talk.advance(*by);
            None
        }
        Step::Act { identity, action, done } => {
            let found = talk.act(identity, *action);
            (found.is_ok() != *done).then(|| format!("{}: {found:?}", action.name()))
        }
        Step::Ask { ask, answer } => {
            let asked = names.ask(ask);
            let found = talk.ask(&asked);
            let wanted = match answer {
                Answer::Reply { changes, body, .. } => (names.reply(body), *changes),
                other => return (found != *other).then(|| format!("{asked:?}\n    {found:?}\n    wanted {other:?}")),
            };
            match found {
                Answer::Reply { body, changes, .. } if (&body, changes) == (&wanted.0, wanted.1) => None,
                Answer::Reply { body, changes, endpoint, .. } => {
                    let title = &talk.generation.set.endpoints[endpoint].title;
                    let (path, (reply, wanted)) = (&asked.path, wanted);
                    Some(format!("{title} {path}\n    {body}, {changes} changes\n    wanted {reply}, {wanted} changes"))
                }
                other => Some(format!("{asked:?}\n    {other:?}")),
            }
        }
    }
}

/// Holds many choices of names to the original, on all processors.
fn hold(mut choices: Vec<(String, Names)>) {
    let stage = Stage::new();
    if let Ok(only) = std::env::var("DOCSIM_RENAMING") {
        choices.retain(|(what, _)| *what == only);
        for (_, names) in &choices {
            stage.leave(names);
        }
    }
    let failed = Mutex::new(BTreeMap::new());
    on_all_processors(&choices, |(what, names)| {
        let found = stage.differences(names);
        if !found.is_empty() {
            failed.lock().expect("the failures").insert(what.clone(), found.join("\n"));
        }
    });
    let failed = failed.into_inner().expect("the failures");
    let shown: Vec<String> =
        failed.iter().map(|(what, found)| format!("== DOCSIM_RENAMING=\"{what}\"\n{found}")).collect();
    assert!(failed.is_empty(), "{} of {} differ\n{}", failed.len(), choices.len(), shown.join("\n"));
}

#[test]
fn the_document_rewritten_under_its_own_names_is_itself() {
    let document = driver_app();
    assert_eq!(rewrite::rewrite(&document, &Names::same()).trim_end(), document.replace("ID#", "ID #").trim_end());
}

#[test]
fn each_word_of_the_trade_does_as_well_as_the_documents_own() {
    hold(Names::one_by_one());
}

#[test]
fn a_renamed_document_is_the_same_api_under_other_names() {
    hold((1..=240).map(|seed| (seed.to_string(), Names::of_seed(seed))).collect());
}

#[test]
#[ignore = "long: six minutes"]
fn thousands_of_renamed_documents_are_the_same_api() {
    hold((241..=4_000).map(|seed| (seed.to_string(), Names::of_seed(seed))).collect());
}
