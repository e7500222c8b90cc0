//! What the whole set shows for endpoints that show nothing themselves: how a code is worded, its HTTP status, the form of a
//! reply.
//!
//! Every check of every endpoint may ask, so all is looked up once. Of several that would do, each look-up has the first.

use super::told_data::{self, ToldData};
use crate::behavior::failure::{Catalog, Failure, Origin};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon};
use crate::source::FileId;
use crate::spec::{DocSet, Endpoint, Example, Note};
use std::collections::{HashMap, HashSet};

pub(in crate::behavior) struct Elsewhere<'a> {
    /// Codes with what error examples say beside them.
    said: HashSet<(&'a str, &'a str)>,
    /// The same of replies that a line shows for all endpoints.
    shown_to_all: HashSet<(&'a str, &'a str)>,
    /// Codes under which examples show what are plainly several failures.
    many: HashSet<&'a str>,
    /// What error examples say for a code that means something, with their order.
    worded: HashMap<(&'a str, Class), (usize, &'a str)>,
    /// HTTP statuses by code, of error examples and of tables for the whole set.
    http_status: HashMap<&'a str, u16>,
    told_status: HashMap<&'a str, u16>,
    /// Error examples by envelope, and by file where one is given.
    errors: HashMap<(usize, Option<FileId>), &'a Example>,
    successes: HashMap<usize, &'a Example>,
    /// What is at the top of all successes of an envelope, with `true` where all say so.
    in_all: HashMap<usize, HashMap<&'a str, bool>>,
    /// What failures carry instead of data, by envelope, where no example shows any.
    told_data: HashMap<usize, ToldData>,
}

/// Between the word and the number of a status stands little: `HTTP 状态码是 401`.
const MOST_BETWEEN: usize = 8;
/// So many first meanings no one failure has, however it is worded.
const MANY: usize = 3;

impl<'a> Elsewhere<'a> {
    pub(in crate::behavior) fn new(set: &'a DocSet, catalog: &'a Catalog, prose: &[Note], lexicon: &Lexicon) -> Self {
        let (mut said, mut worded) = (HashSet::new(), HashMap::new());
        let examples = catalog.own.iter().flatten().filter(|failure| failure.origin == Origin::Example);
        let mut classes: HashMap<&str, HashSet<Class>> = HashMap::new();
        for (order, failure) in examples.enumerate() {
            classes.entry(&*failure.code).or_default().extend(failure.classes.first());
            let (code, message) = (&*failure.code, failure.message.as_str());
            said.insert((code, message));
            for class in &failure.classes {
                worded.entry((code, *class)).or_insert((order, message));
            }
        }
        let many = classes.into_iter().filter(|(_, classes)| classes.len() >= MANY).map(|(code, _)| code).collect();
        let (mut errors, mut successes) = (HashMap::new(), HashMap::new());
        let mut in_all: HashMap<usize, HashMap<&str, bool>> = HashMap::new();
        for endpoint in &set.endpoints {
            if let Some(example) = endpoint.errors().find(|example| !example.is_table) {
                errors.entry((endpoint.envelope, Some(endpoint.place.file))).or_insert(example);
                errors.entry((endpoint.envelope, None)).or_insert(example);
            }
            for example in endpoint.successes() {
                successes.entry(endpoint.envelope).or_insert(example);
                let members = || example.value.as_object().into_iter().flatten();
                let says = |value: &Json| matches!(value, Json::Bool(true));
                let all: &mut HashMap<&str, bool> = in_all
                    .entry(endpoint.envelope)
                    .or_insert_with(|| members().map(|(key, value)| (&**key, says(value))).collect());
                all.retain(|key, _| example.value.get(key).is_some());
                for (key, value) in members() {
                    if let Some(known) = all.get_mut(&**key) {
                        *known &= says(value);
                    }
                }
            }
        }
        let http_status = first_statuses(set.endpoints.iter().map(|endpoint| {
            let envelope = set.envelope(endpoint);
            endpoint
                .errors()
                .filter_map(|example| Some((envelope.code_of(&example.value)?.1, example.http_status)))
                .collect()
        }));
        let rows = set.tables.iter().map(|table| table.rows.iter().map(|row| (&*row.code, row.http_status)).collect());
        // `没登录 HTTP 401 {…}`
        let lines = catalog.shared.iter().filter(|failure| failure.endpoint.is_none() && !failure.code.is_empty());
        let in_line: Vec<_> =
            lines.filter_map(|failure| Some((&*failure.code, Some(status_in(set.text(failure.place))?)))).collect();
        let rows = rows.chain([in_line]);
        let unshown = set.envelopes.iter().enumerate().filter(|(at, _)| !errors.contains_key(&(*at, None)));
        let of_failures: Vec<&Note> = prose.iter().filter(|note| lexicon.speaks_of("on-failure", &note.text)).collect();
        let told = unshown
            .filter_map(|(at, envelope)| Some((at, told_data::read(envelope, of_failures.iter().copied(), lexicon)?)));
        let told_data = told.collect();
        let shown_to_all = catalog.shared.iter().filter(|failure| failure.origin == Origin::Example);
        let shown_to_all = shown_to_all.map(|failure| (&*failure.code, failure.message.as_str())).collect();
        Self {
            said,
            shown_to_all,
            many,
            worded,
            http_status,
            told_status: first_statuses(rows),
            errors,
            successes,
            in_all,
            told_data,
        }
    }

    /// How an error example words a failure; none where one has its very words: where one code serves many failures, what is
    /// said in an example stands as it is.
    pub(in crate::behavior) fn words_of(&self, failure: &Failure) -> Option<&'a str> {
        let said = self.said.contains(&(&*failure.code, failure.message.as_str()));
        if said || self.is_shown_to_all(failure) || self.serves_many(&failure.code) {
            return None;
        }
        let same = failure.classes.iter().filter_map(|class| self.worded.get(&(&*failure.code, *class)));
        same.min().map(|(_, message)| *message)
    }

    /// Whether a line shows this very reply for all endpoints: its words are as they are to be.
    pub(in crate::behavior) fn is_shown_to_all(&self, failure: &Failure) -> bool {
        self.shown_to_all.contains(&(&*failure.code, failure.message.as_str()))
    }

    /// Whether examples show under a code what are plainly several failures.
    pub(in crate::behavior) fn serves_many(&self, code: &str) -> bool {
        self.many.contains(code)
    }

    /// The HTTP status of the first endpoint that has one for a code.
    pub(in crate::behavior) fn http_status(&self, code: &str) -> Option<u16> {
        self.http_status.get(code).copied()
    }

    /// What a table for the whole set says in a column of its own.
    pub(in crate::behavior) fn told_status(&self, code: &str) -> Option<u16> {
        self.told_status.get(code).copied()
    }

    /// An error example in an endpoint's envelope, from its file before others.
    pub(in crate::behavior) fn error_like(&self, endpoint: &Endpoint) -> Option<&'a Example> {
        let here = self.errors.get(&(endpoint.envelope, Some(endpoint.place.file)));
        here.or_else(|| self.errors.get(&(endpoint.envelope, None))).copied()
    }

    /// What the conventions say that failures of an envelope carry instead of data.
    pub(in crate::behavior) fn told_data(&self, endpoint: &Endpoint) -> Option<&ToldData> {
        self.told_data.get(&endpoint.envelope)
    }

    /// Takes from a success what only some of them show, and what says that it is one.
    pub(in crate::behavior) fn make_fail(&self, value: &mut Json, endpoint: &Endpoint) {
        let Some(all) = self.in_all.get(&endpoint.envelope) else { return };
        let keys: Vec<_> = value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
        for key in keys {
            match all.get(&*key) {
                None => value.remove(&key),
                Some(true) => value.set(&key, Json::Bool(false)),
                Some(false) => {}
            }
        }
    }

    pub(in crate::behavior) fn success_like(&self, endpoint: &Endpoint) -> Option<&'a Example> {
        self.successes.get(&endpoint.envelope).copied()
    }
}

/// The HTTP status that a line names beside a reply: `HTTP 401`, `http状态码 403`.
pub(in crate::behavior) fn status_in(line: &str) -> Option<u16> {
    let lower = line.to_ascii_lowercase();
    let rest = &lower[lower.find("http")? + 4..];
    let start =
        rest.find(|c: char| c.is_ascii_digit()).filter(|start| rest[..*start].chars().count() <= MOST_BETWEEN)?;
    let digits = &rest[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().filter(|status| (400..600).contains(status))
}

/// By code the first status that any group has; a group's first word on a code is its only one.
fn first_statuses<'a>(groups: impl Iterator<Item = Vec<(&'a str, Option<u16>)>>) -> HashMap<&'a str, u16> {
    let mut statuses = HashMap::new();
    for group in groups {
        let mut heard = HashSet::new();
        for (code, status) in group {
            if let Some(status) = status.filter(|_| !heard.contains(code)) {
                statuses.entry(code).or_insert(status);
            }
            heard.insert(code);
        }
    }
    statuses
}
