//! Makes the lexicon of its data files, and of what `docsim.toml` adds.

use super::meaning::ClassRow;
use super::memo::Memo;
use super::named::{Named, compiled};
use super::script::{Script, widened};
use super::terms::{Class, Operation, Role, StatusKind};
use super::topics::places;
use super::verbs::Verbs;
use super::words::Words;
use super::{Additions, Alike, EnvelopeKeys, Fake, Lexicon, OperationWords, RuleWords, Shows, WordLists};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Words by name, of the files and of `docsim.toml`.
type Lists<'d> = BTreeMap<&'d str, Vec<&'d str>>;

/// The lists that are found by constants; read only where something is added to them.
#[derive(Deserialize)]
struct ListFile {
    #[serde(borrow)]
    topics: Lists<'static>,
    #[serde(borrow)]
    remarks: Lists<'static>,
    #[serde(borrow)]
    limits: Lists<'static>,
    #[serde(borrow)]
    parties: Lists<'static>,
    #[serde(borrow)]
    wallet: Lists<'static>,
    #[serde(borrow)]
    subjects: Lists<'static>,
    #[serde(borrow)]
    predicates: Lists<'static>,
    #[serde(borrow)]
    statuses: Lists<'static>,
    #[serde(borrow)]
    roles: Lists<'static>,
    #[serde(borrow)]
    operations: Lists<'static>,
}

/// What stands beside the topics.
#[derive(Deserialize)]
struct TopicFile {
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
struct MessageFile {
    classes: Vec<ClassRow>,
}

#[derive(Deserialize)]
struct OperationFile {
    #[serde(borrow)]
    operations: BTreeMap<&'static str, OperationData>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct OperationData {
    /// As names are compared.
    path: Vec<String>,
    #[serde(borrow)]
    takes: Vec<&'static str>,
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

/// A data file as the build script left it, for documents in this script.
macro_rules! data {
    ($file:literal, $script:expr) => {{
        const FILE: &str = include_str!(concat!(env!("OUT_DIR"), "/", $file, ".json"));
        static MIXED: LazyLock<String> = LazyLock::new(|| widened(FILE, false));
        static TRADITIONAL: LazyLock<String> = LazyLock::new(|| widened(FILE, true));
        let file = match $script {
            Script::Simplified => FILE,
            Script::Mixed => MIXED.as_str(),
            Script::Traditional => TRADITIONAL.as_str(),
        };
        serde_json::from_str(file).map_err(|error| format!("{}: {error}", $file))
    }};
}

impl Lexicon {
    /// The compiled-in words and more, for documents in this script. Errors name the entry that is wrong.
    pub fn with(more: &Additions, script: Script) -> Result<Self, String> {
        let messages: MessageFile = data!("messages", script)?;
        let operations: OperationFile = data!("operations", script)?;
        let beside: TopicFile = data!("topics", script)?;
        let replies: BTreeMap<_, _> = data!("replies", script)?;
        let rules: RuleWords = data!("rules", script)?;

        let verbs: Verbs = data!("verbs", script)?;
        let operations = operations
            .operations
            .into_iter()
            .map(|(name, data)| {
                let operation = Operation::parse(name).ok_or_else(|| format!("no operation {name}"))?;
                debug_assert_eq!(data.record, operation.is_on_records(), "{operation}");
                OperationWords::new(operation, data)
            })
            .collect::<Result<Vec<_>, String>>()?;

        let Finders {
            topics,
            remarks,
            limits,
            parties,
            wallet,
            subjects,
            predicates,
            statuses,
            roles,
            operations: operation_words,
        } = Finders::with(more, script)?;
        let status_kind = |name: &str| StatusKind::parse(name).ok_or_else(|| format!("no status {name}"));
        let status_kinds = statuses.names().map(status_kind).collect::<Result<_, _>>()?;
        let fake: Fake = data!("fake", Script::Simplified)?;
        Ok(Self {
            places: places([&topics, &remarks, &limits, &parties, &wallet]),
            topics,
            remarks,
            limits,
            parties,
            wallet,
            roles,
            role_names: compiled::NAMES,
            subjects,
            predicates,
            classes: messages.classes.into(),
            operations: operations.into(),
            operation_words,
            statuses,
            status_kinds,
            envelope: beside.envelope,
            implied: beside.implied.into(),
            alike: beside.alike.into(),
            template_paths: beside.template_paths.paths,
            type_names: beside.type_names.names,
            replies: replies.into(),
            rules: rules.into(),
            verbs: verbs.into(),
            fake: fake.into(),
            learned: Vec::new(),
            owners: Vec::new(),
            meanings: Memo::NEW,
            plains: Memo::NEW,
        })
    }
}

struct Finders {
    topics: Named,
    remarks: Named,
    limits: Named,
    parties: Named,
    wallet: Named,
    subjects: Named,
    predicates: Named,
    statuses: Named,
    roles: Words,
    operations: Words,
}

impl Finders {
    fn compiled() -> Self {
        Self {
            topics: compiled::TOPICS,
            remarks: compiled::REMARKS,
            limits: compiled::LIMITS,
            parties: compiled::PARTIES,
            wallet: compiled::WALLET,
            subjects: compiled::SUBJECTS,
            predicates: compiled::PREDICATES,
            statuses: compiled::STATUSES,
            roles: compiled::ROLES,
            operations: compiled::OPERATIONS,
        }
    }

    fn with(more: &Additions, script: Script) -> Result<Self, String> {
        let Additions { topics, roles, operations, subjects, predicates, statuses } = more;
        if more.is_empty() && script == Script::Simplified {
            return Ok(Self::compiled());
        }
        let lists: ListFile = data!("lists", script)?;
        let roles = of_terms(&merged(&lists.roles, roles), "role", |name| Some(Role::parse(name)? as usize))?;
        let operations = merged(&lists.operations, operations);
        let operations = of_terms(&operations, "operation", |name| Some(Operation::parse(name)? as usize))?;
        let on_topics = |known: &Lists<'static>| Named::new(&of_topics(known, topics));
        Ok(Self {
            topics: on_topics(&lists.topics),
            remarks: on_topics(&lists.remarks),
            limits: on_topics(&lists.limits),
            parties: on_topics(&lists.parties),
            wallet: on_topics(&lists.wallet),
            subjects: Named::new(&merged(&lists.subjects, subjects)),
            predicates: Named::new(&merged(&lists.predicates, predicates)),
            statuses: Named::new(&merged(&lists.statuses, statuses)),
            roles,
            operations,
        })
    }
}

/// Topics with what is added to them.
fn of_topics<'w>(lists: &'w Lists<'w>, more: &'w WordLists) -> Lists<'w> {
    let more = more.iter().filter(|(name, _)| lists.contains_key(name.as_str()));
    joined(lists.iter().map(|(name, words)| (*name, &**words)), more)
}

fn merged<'w>(lists: &'w Lists<'w>, more: &'w WordLists) -> Lists<'w> {
    joined(lists.iter().map(|(name, words)| (*name, &**words)), more.iter())
}

fn joined<'w>(
    lists: impl Iterator<Item = (&'w str, &'w [&'w str])>,
    more: impl Iterator<Item = (&'w String, &'w Vec<String>)>,
) -> Lists<'w> {
    let mut joined: Lists = lists.map(|(name, words)| (name, words.to_vec())).collect();
    for (name, words) in more {
        joined.entry(name).or_default().extend(words.iter().map(String::as_str));
    }
    joined
}

/// A group is the place of the term that its list is named for.
fn of_terms(lists: &Lists<'_>, kind: &str, place: impl Fn(&str) -> Option<usize>) -> Result<Words, String> {
    let mut words = Vec::new();
    for (name, list) in lists {
        let place = place(name).ok_or_else(|| format!("no {kind} {name}"))?;
        words.extend(list.iter().map(|word| (place, *word)));
    }
    Ok(Words::new(words))
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
        let OperationData { path, never, likes, failures, needs, reads, writes, method, shows, id, .. } = data;
        Ok(Self { operation, path, takes, never, likes, failures, needs, reads, writes, method, shows, id })
    }
}
