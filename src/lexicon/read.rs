//! Makes the lexicon of its data files, and of what `docsim.toml` adds.

use super::terms::{Class, Operation, Role, StatusKind};
use super::verbs::Verbs;
use super::words::Words;
use super::{
    Additions, Alike, ClassRow, EnvelopeKeys, Lexicon, NameForm, Named, OperationWords, Shows, WordLists, compact,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct RemarkFile {
    topics: WordLists,
}

#[derive(Deserialize)]
struct Files {
    topics: WordLists,
    #[serde(rename = "template-paths")]
    template_paths: PathList,
    #[serde(rename = "type-names")]
    type_names: NameList,
    envelope: EnvelopeKeys,
    implied: WordLists,
    alike: Alike,
}

#[derive(Deserialize)]
struct PathList {
    paths: Vec<String>,
}

#[derive(Deserialize)]
struct NameList {
    names: Vec<String>,
}

#[derive(Deserialize)]
struct RoleFile {
    roles: BTreeMap<String, RoleData>,
}

#[derive(Deserialize)]
struct RoleData {
    words: Vec<String>,
    names: Vec<String>,
}

#[derive(Deserialize)]
struct MessageFile {
    subjects: WordLists,
    predicates: WordLists,
    classes: Vec<ClassRow>,
}

#[derive(Deserialize)]
struct OperationFile {
    operations: BTreeMap<String, OperationData>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct OperationData {
    words: Vec<String>,
    path: Vec<String>,
    takes: Vec<String>,
    never: Vec<Role>,
    likes: Vec<Role>,
    failures: Vec<Class>,
    needs: Option<String>,
    reads: bool,
    writes: bool,
    method: Vec<String>,
    shows: Option<Shows>,
    id: Option<bool>,
    /// For readers of the file: the program knows which operations are on records.
    record: bool,
}

#[derive(Deserialize)]
struct StatusFile {
    statuses: WordLists,
}

impl Lexicon {
    /// The compiled-in words and more. Errors name the entry that is wrong.
    pub fn with(more: &Additions) -> Result<Self, String> {
        let topics: Files = parse("topics", include_str!("data/topics.toml"))?;
        let remarks: RemarkFile = parse("remarks", include_str!("data/remarks.toml"))?;
        let roles: RoleFile = parse("roles", include_str!("data/roles.toml"))?;
        let messages: MessageFile = parse("messages", include_str!("data/messages.toml"))?;
        let operations: OperationFile = parse("operations", include_str!("data/operations.toml"))?;
        let statuses: StatusFile = parse("statuses", include_str!("data/statuses.toml"))?;
        let replies = parse("replies", include_str!("data/replies.toml"))?;
        let rules = parse("rules", include_str!("data/rules.toml"))?;

        let role_terms = terms(&roles.roles, "role", Role::parse)?;
        let role_words = added(&roles.roles, &more.roles, |data| &data.words, "role", Role::parse)?;
        let role_names = role_terms
            .iter()
            .zip(roles.roles.values())
            .flat_map(|(role, data)| data.names.iter().map(|name| (*role, NameForm::new(name))))
            .collect();

        let operation_terms = terms(&operations.operations, "operation", Operation::parse)?;
        let verbs = Verbs::new(parse("verbs", include_str!("data/verbs.toml"))?);
        let mut operation_words =
            added(&operations.operations, &more.operations, |data| &data.words, "operation", Operation::parse)?;
        operation_words.extend(verbs.title_words());
        let operations = operation_terms
            .into_iter()
            .zip(operations.operations.into_values())
            .map(|(operation, mut data)| {
                data.path.extend(verbs.path_words(operation));
                debug_assert_eq!(data.record, operation.is_on_records(), "{operation}");
                OperationWords::new(operation, data)
            })
            .collect::<Result<_, _>>()?;

        let status_words = merged(&statuses.statuses, &more.statuses);
        let status_kinds = terms(&status_words, "status", StatusKind::parse)?;
        Ok(Self {
            topics: Named::new(&of_topics(&topics.topics, &more.topics)),
            remarks: Named::new(&of_topics(&remarks.topics, &more.topics)),
            roles: Words::new(role_words.iter().map(|(role, word)| (*role as usize, word.as_str()))),
            role_names,
            subjects: Named::new(&merged(&messages.subjects, &more.subjects)),
            predicates: Named::new(&merged(&messages.predicates, &more.predicates)),
            classes: messages.classes,
            operations,
            operation_words: Words::new(operation_words.iter().map(|(term, word)| (*term as usize, word.as_str()))),
            statuses: Words::new(grouped(&status_words)),
            status_kinds,
            envelope: topics.envelope,
            implied: topics.implied,
            alike: topics.alike,
            template_paths: topics.template_paths.paths,
            type_names: topics.type_names.names,
            replies,
            rules,
            verbs,
            fake: parse("fake", include_str!("data/fake.toml"))?,
        })
    }
}

/// Topics with what is added to them.
fn of_topics(lists: &WordLists, more: &WordLists) -> WordLists {
    let more = more.iter().filter(|(name, _)| lists.contains_key(*name));
    merged(lists, &more.map(|(name, words)| (name.clone(), words.clone())).collect())
}

impl Named {
    fn new(lists: &WordLists) -> Self {
        Self { names: lists.keys().cloned().collect(), words: Words::new(grouped(lists)) }
    }
}

impl NameForm {
    fn new(name: &str) -> Self {
        match (name.strip_prefix('*'), name.strip_suffix('*')) {
            (Some(end), _) => Self::Ends(compact(end)),
            (None, Some(begin)) => Self::Begins(compact(begin)),
            (None, None) => Self::Whole(compact(name)),
        }
    }
}

impl OperationWords {
    fn new(operation: Operation, data: OperationData) -> Result<Self, String> {
        let takes = data
            .takes
            .iter()
            .map(|either| {
                let role =
                    |name: &str| Role::parse(name).ok_or_else(|| format!("operation {operation}: no role {name}"));
                either.split('|').map(role).collect()
            })
            .collect::<Result<_, String>>()?;
        // As the words of paths are compared.
        let path = data.path.iter().map(|word| compact(word)).collect();
        let OperationData { never, likes, failures, needs, reads, writes, method, shows, id, .. } = data;
        Ok(Self { operation, path, takes, never, likes, failures, needs, reads, writes, method, shows, id })
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| format!("{file}: {error}"))
}

fn terms<V, T>(lists: &BTreeMap<String, V>, kind: &str, parse: fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    lists.keys().map(|name| parse(name).ok_or_else(|| format!("no {kind} {name}"))).collect()
}

/// Pairs of term and word from a data file and what was added to it.
fn added<V, T>(
    file: &BTreeMap<String, V>,
    more: &WordLists,
    words: fn(&V) -> &Vec<String>,
    kind: &str,
    parse: fn(&str) -> Option<T>,
) -> Result<Vec<(T, String)>, String> {
    let listed = file.iter().flat_map(|(name, data)| words(data).iter().map(move |word| (name, word)));
    let more = more.iter().flat_map(|(name, words)| words.iter().map(move |word| (name, word)));
    listed
        .chain(more)
        .map(|(name, word)| Ok((parse(name).ok_or_else(|| format!("no {kind} {name}"))?, word.clone())))
        .collect()
}

fn merged(lists: &WordLists, more: &WordLists) -> WordLists {
    let mut merged = lists.clone();
    for (name, words) in more {
        merged.entry(name.clone()).or_default().extend(words.iter().cloned());
    }
    merged
}

fn grouped(lists: &WordLists) -> impl Iterator<Item = (usize, &str)> {
    lists.values().enumerate().flat_map(|(group, words)| words.iter().map(move |word| (group, word.as_str())))
}
