//! Conversations with the driver app's API, one situation a file (`cases/engine/*.txt`), in the words of whoever tests it;
//! and with documents in other manners, each beside its own (`cases/talks/*.md`, `*.txt`).

use crate::conversation::{Conversation, Reached};
use crate::talk::{Answer, Ask, Talk, case, driver_app, generation, read};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) fn transcripts() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(case("engine")).expect("the folder of transcripts");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 15, "{paths:?}");
    paths
}

/// Has every conversation with a document; what was reached, and by force.
fn converse(document: &str) -> (Reached, Reached) {
    let (mut reached, mut forced, mut failures) = (Reached::new(), Reached::new(), Vec::new());
    let generation = Arc::new(generation("api.md", document));
    for path in transcripts() {
        let mut conversation = Conversation::new(&generation);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        failures.extend(conversation.lines(&read(&path)).into_iter().map(|failure| format!("{name}:{failure}")));
        reached.extend(conversation.reached);
        forced.extend(conversation.forced);
    }
    assert!(failures.is_empty(), "{} lines went otherwise:\n{}", failures.len(), failures.join("\n"));
    (reached, forced)
}

/// Only what the documents call a failure without a reason is out of reach; all else comes about by what is done.
fn reaches_every_documented_code(document: &str) {
    let (reached, forced) = converse(document);
    let generation = generation("api.md", document);
    let codes: BTreeSet<&str> = forced.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!((forced.len(), codes), (3, BTreeSet::from(["1009", "998"])));
    assert_eq!(forced.intersection(&reached).next(), None);
    let mut documented = Reached::new();
    for (endpoint, behavior) in generation.set.endpoints.iter().zip(&generation.model.behaviors) {
        let rows = endpoint.codes.rows.iter().chain(&endpoint.quoted).map(|row| row.code.to_string());
        let envelope = generation.set.envelope(endpoint);
        let examples = endpoint.successes().chain(endpoint.errors());
        let examples = examples.filter_map(|example| Some(envelope.code_of(&example.value)?.1.to_owned()));
        documented.extend(rows.chain(examples).map(|code| (endpoint.title.clone(), code)));
        for check in &behavior.checks {
            assert!(
                !forced.contains(&(endpoint.title.clone(), check.failure.code.to_string())),
                "{} {}",
                endpoint.title,
                check.failure.code
            );
        }
    }
    assert!(documented.len() > 30, "{documented:?}");
    let missed: Vec<_> = documented.iter().filter(|one| !reached.contains(one) && !forced.contains(one)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn the_first_document_answers_as_its_author_means() {
    reaches_every_documented_code(&driver_app());
}

#[test]
fn the_documents_that_a_user_sees_first_answer_as_they_say() {
    reaches_every_documented_code(&read(concat!(env!("CARGO_MANIFEST_DIR"), "/api-docs/user.md")));
}

#[test]
fn documents_in_other_manners_answer_as_their_authors_mean() {
    let folder = std::fs::read_dir(case("talks")).expect("the folder of talks");
    let paths = folder.map(|entry| entry.expect("an entry").path());
    let talks: BTreeSet<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    assert!(talks.len() >= 3, "{talks:?}");
    let mut failures = Vec::new();
    for path in talks {
        let generation = Arc::new(generation("api.md", &read(path.with_extension("md"))));
        let own = Conversation::new(&generation).lines(&read(&path)).into_iter();
        failures.extend(own.map(|failure| format!("{}:{failure}", path.display())));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Where no star says what is required, who someone is and what proves it are required all the same.
#[test]
fn nobody_gets_in_with_half_of_it_where_no_star_says_what_is_required() {
    let document = driver_app().replace("\n*", "\n");
    let generation = Arc::new(generation("api.md", &document));
    let mut talk = Talk::new(&generation);
    let mut say = |path: &str, values: &[(&str, &str)]| match talk.ask(&Ask::new("POST", path, values)) {
        Answer::Reply { refused, .. } => refused,
        other => panic!("{other:?}"),
    };
    let doors: [(&str, &[(&str, &str)]); 3] = [
        ("/Api/User/register", &[("phone", "13800000001"), ("code", "123456"), ("password", "abc12345")]),
        ("/Api/User/login", &[("phone", "13800000001"), ("password", "abc12345")]),
        (
            "/Api/User/retrieve_password",
            &[("account", "13800000001"), ("phone_code", "123456"), ("new_password", "abc12345")],
        ),
    ];
    for (path, values) in doors {
        for left_out in 0..values.len() {
            let mut values = values.to_vec();
            let (name, _) = values.remove(left_out);
            assert!(say(path, &values).is_some(), "{path} without {name}");
        }
    }
}

/// What comes with time alone is told with the call that finds it, once; and what is put back by hand stays.
#[test]
fn what_lapses_is_told_once_and_what_is_put_back_stays() {
    let generation = Arc::new(generation("a.md", &read(case("talks/deeds_by_status.md"))));
    let mut talk = Talk::new(&generation);
    let account = [("mobile", "13600000001"), ("pwd", "abc12345")];
    let Answer::Reply { body, .. } = talk.ask(&Ask::new("POST", "/member/reg", &account)) else { panic!("no reply") };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let token = body["data"]["token"].as_str().unwrap();
    let add = Ask::new("POST", &format!("/booking/add/token/{token}"), &[("date", "2099-01-01"), ("num", "1")]);
    let made = talk.ask(&add);
    assert!(matches!(made, Answer::Reply { refused: None, changes: 1, .. }), "{made:?}");
    let list = Ask::new("GET", &format!("/booking/list/token/{token}"), &[]);
    let listed = |talk: &mut Talk| match talk.ask(&list) {
        Answer::Reply { changes, body, .. } => {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            let shown = |member: &str| body["data"][0][member].to_string().replace('"', "");
            (changes, shown("status"), shown("id"))
        }
        other => panic!("{other:?}"),
    };
    let (_, _, id) = listed(&mut talk);
    talk.advance(31 * 60_000);
    assert_eq!(listed(&mut talk), (1, "3".to_owned(), id.clone()));
    assert_eq!(listed(&mut talk), (0, "3".to_owned(), id.clone()));
    talk.edit_record("booking", &id, &[("status".to_owned(), docsim::json::Json::string("0"))]).unwrap();
    assert_eq!(listed(&mut talk), (0, "0".to_owned(), id));
}
