//! Makes the lexicon of its data files, and of what `docsim.toml` adds.

use super::terms::{Class, Operation, Role, StatusKind};
use super::verbs::Verbs;
use super::words::Words;
use super::{
    Additions, Alike, ClassRow, EnvelopeKeys, Lexicon, NameForm, Named, OperationWords, Shows, WordLists, compact,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Words by name, of the files and of `docsim.toml`.
type Lists<'d> = BTreeMap<&'d str, Vec<&'d str>>;

#[derive(Deserialize)]
struct RemarkFile {
    #[serde(borrow)]
    topics: Lists<'static>,
}

#[derive(Deserialize)]
struct Files {
    #[serde(borrow)]
    topics: Lists<'static>,
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
    #[serde(borrow)]
    subjects: Lists<'static>,
    #[serde(borrow)]
    predicates: Lists<'static>,
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

#[derive(Deserialize)]
struct StatusFile {
    #[serde(borrow)]
    statuses: Lists<'static>,
}

/// A data file as the build script left it.
macro_rules! data {
    ($file:literal) => {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/", $file, ".json")))
            .map_err(|error| format!("{}: {error}", $file))
    };
}

impl Lexicon {
    /// The compiled-in words and more. Errors name the entry that is wrong.
    pub fn with(more: &Additions) -> Result<Self, String> {
        // The topics are half of the work, and the program waits for it at each start.
        std::thread::scope(|scope| {
            let topics = scope.spawn(|| Topics::with(more));
            Self::around(|| topics.join().map_err(|_| "the topics cannot be read".to_owned())?, more)
        })
    }

    /// All but the topics, which are asked for last.
    fn around(topics: impl FnOnce() -> Result<Topics, String>, more: &Additions) -> Result<Self, String> {
        let roles: RoleFile = data!("roles")?;
        let messages: MessageFile = data!("messages")?;
        let operations: OperationFile = data!("operations")?;
        let statuses: StatusFile = data!("statuses")?;
        let replies = data!("replies")?;
        let rules = data!("rules")?;

        let role_words = added(roles.roles.iter().map(|(name, data)| (*name, &*data.words)), &more.roles);
        let role_words = of_terms(&role_words, "role", Role::parse)?;
        let mut role_names = Vec::new();
        for (name, data) in &roles.roles {
            let role = Role::parse(name).ok_or_else(|| format!("no role {name}"))?;
            role_names.extend(data.names.iter().map(|name| (role, NameForm::new(name))));
        }

        let verbs = Verbs::new(data!("verbs")?);
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

        let status_words = merged(&statuses.statuses, &more.statuses);
        let status_kind = |name: &&str| StatusKind::parse(name).ok_or_else(|| format!("no status {name}"));
        let status_kinds = status_words.keys().map(status_kind).collect::<Result<_, _>>()?;
        let (subjects, predicates) =
            (merged(&messages.subjects, &more.subjects), merged(&messages.predicates, &more.predicates));
        let (subjects, predicates) = (Named::new(&subjects), Named::new(&predicates));
        let fake = data!("fake")?;
        let Topics { plain, remarks, limits, parties, wallet, others } = topics()?;
        Ok(Self {
            topics: plain,
            remarks,
            limits,
            parties,
            wallet,
            roles: Words::new(role_words.iter().map(|(role, word)| (*role as usize, *word))),
            role_names,
            subjects,
            predicates,
            classes: messages.classes,
            operations,
            operation_words,
            statuses: Words::new(grouped(&status_words)),
            status_kinds,
            envelope: others.envelope,
            implied: others.implied,
            alike: others.alike,
            template_paths: others.template_paths.paths,
            type_names: others.type_names.names,
            replies,
            rules,
            verbs,
            fake,
            learned: Vec::new(),
            owners: Vec::new(),
        })
    }
}

/// The words of topics, and what else their files have.
struct Topics {
    plain: Named,
    remarks: Named,
    limits: Named,
    parties: Named,
    wallet: Named,
    others: Files,
}

impl Topics {
    fn with(more: &Additions) -> Result<Self, String> {
        let others: Files = data!("topics")?;
        let remarks: RemarkFile = data!("remarks")?;
        let parties: RemarkFile = data!("parties")?;
        let wallet: RemarkFile = data!("wallet")?;
        let mut limits: RemarkFile = data!("limits")?;
        let lists: RemarkFile = data!("lists")?;
        limits.topics.extend(lists.topics);
        let named = |topics: &Lists<'static>| Named::new(&of_topics(topics, &more.topics));
        Ok(Self {
            plain: named(&others.topics),
            remarks: named(&remarks.topics),
            limits: named(&limits.topics),
            parties: named(&parties.topics),
            wallet: named(&wallet.topics),
            others,
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

fn grouped<'w>(lists: &Lists<'w>) -> impl Iterator<Item = (usize, &'w str)> {
    lists.values().enumerate().flat_map(|(group, words)| words.iter().map(move |word| (group, *word)))
}

impl Named {
    fn new(lists: &Lists) -> Self {
        Self { names: lists.keys().map(|name| (*name).to_owned()).collect(), words: Words::new(grouped(lists)) }
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
