//! Makes the lexicon of its data files, and of what `docsim.toml` adds.

use super::meaning::ClassRow;
use super::named::{Named, compiled};
use super::role_names::RoleNames;
use super::script::{Script, widened};
use super::terms::{Class, Operation, Role, StatusKind};
use super::topics::places;
use super::verbs::Verbs;
use super::words::Words;
use super::{Additions, Alike, EnvelopeKeys, Lexicon, OperationWords, Shows, WordLists, compact};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

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
struct RoleFile {
    #[serde(borrow)]
    roles: BTreeMap<&'static str, RoleData>,
}

#[derive(Deserialize)]
struct RoleData {
    #[serde(borrow)]
    words: Vec<&'static str>,
    #[serde(borrow)]
    names: Vec<&'static str>,
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
    #[serde(borrow)]
    words: Vec<&'static str>,
    #[serde(borrow)]
    path: Vec<&'static str>,
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
        let roles: RoleFile = data!("roles", script)?;
        let messages: MessageFile = data!("messages", script)?;
        let operations: OperationFile = data!("operations", script)?;
        let beside: TopicFile = data!("topics", script)?;
        let replies = data!("replies", script)?;
        let rules = data!("rules", script)?;

        let role_words = added(roles.roles.iter().map(|(name, data)| (*name, &*data.words)), &more.roles);
        let role_words = of_terms(&role_words, "role", Role::parse)?;
        let mut role_names = Vec::new();
        for (name, data) in &roles.roles {
            let role = Role::parse(name).ok_or_else(|| format!("no role {name}"))?;
            role_names.extend(data.names.iter().map(|name| (role, *name)));
        }

        let verbs = Verbs::new(data!("verbs", script)?);
        let listed = operations.operations.iter().map(|(name, data)| (*name, &*data.words));
        let listed = added(listed, &more.operations);
        let mut operation_words = of_terms(&listed, "operation", Operation::parse)?;
        operation_words.extend(verbs.title_words());
        let operation_words = Words::new(operation_words.iter().map(|(term, word)| (*term as usize, *word)));
        let operations = operations
            .operations
            .into_iter()
            .map(|(name, data)| {
                let operation = Operation::parse(name).ok_or_else(|| format!("no operation {name}"))?;
                debug_assert_eq!(data.record, operation.is_on_records(), "{operation}");
                let mut words = OperationWords::new(operation, data)?;
                words.path.extend(verbs.path_words(operation));
                Ok(words)
            })
            .collect::<Result<_, String>>()?;

        let Finders { topics, remarks, limits, parties, wallet, subjects, predicates, statuses } =
            Finders::with(more, script)?;
        let status_kind = |name: &str| StatusKind::parse(name).ok_or_else(|| format!("no status {name}"));
        let status_kinds = statuses.names().map(status_kind).collect::<Result<_, _>>()?;
        let fake = data!("fake", Script::Simplified)?;
        Ok(Self {
            places: places([&topics, &remarks, &limits, &parties, &wallet]),
            topics,
            remarks,
            limits,
            parties,
            wallet,
            roles: Words::new(role_words.iter().map(|(role, word)| (*role as usize, *word))),
            role_names: Arc::new(RoleNames::new(role_names)),
            subjects,
            predicates,
            classes: messages.classes,
            operations,
            operation_words,
            statuses,
            status_kinds,
            envelope: beside.envelope,
            implied: beside.implied,
            alike: beside.alike,
            template_paths: beside.template_paths.paths,
            type_names: beside.type_names.names,
            replies,
            rules,
            verbs,
            fake,
            learned: Vec::new(),
            owners: Vec::new(),
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
        }
    }

    fn with(more: &Additions, script: Script) -> Result<Self, String> {
        let Additions { topics, subjects, predicates, statuses, .. } = more;
        let adds = [topics, subjects, predicates, statuses].iter().any(|lists| !lists.is_empty());
        if !adds && script == Script::Simplified {
            return Ok(Self::compiled());
        }
        let lists: ListFile = data!("lists", script)?;
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
        })
    }
}

/// Topics with what is added to them.
fn of_topics<'w>(lists: &'w Lists<'w>, more: &'w WordLists) -> Lists<'w> {
    let more = more.iter().filter(|(name, _)| lists.contains_key(name.as_str()));
    joined(lists.iter().map(|(name, words)| (*name, &**words)), more)
}

fn merged<'w>(lists: &'w Lists<'w>, more: &'w WordLists) -> Lists<'w> {
    added(lists.iter().map(|(name, words)| (*name, &**words)), more)
}

fn added<'w>(lists: impl Iterator<Item = (&'w str, &'w [&'w str])>, more: &'w WordLists) -> Lists<'w> {
    joined(lists, more.iter())
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

/// Each word with the term that its list is named for.
fn of_terms<'w, T: Copy>(
    lists: &Lists<'w>,
    kind: &str,
    parse: fn(&str) -> Option<T>,
) -> Result<Vec<(T, &'w str)>, String> {
    let mut words = Vec::new();
    for (name, list) in lists {
        let term = parse(name).ok_or_else(|| format!("no {kind} {name}"))?;
        words.extend(list.iter().map(|word| (term, *word)));
    }
    Ok(words)
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
