//! What an endpoint's documents say can go wrong: pairs of code and message, each with what its words mean.

use super::failures::code_words;
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, label_head};
use crate::source::Place;
use crate::spec::{CodeRow, DocSet, Endpoint, Example};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// One documented failure.
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: Arc<str>,
    pub message: String,
    /// The message with what a caption above its example says of when it comes; none where nothing is said.
    pub captioned: Option<Arc<str>>,
    pub classes: Vec<Class>,
    /// What the message speaks of, as the lexicon names it.
    pub subjects: Vec<String>,
    pub origin: Origin,
    pub place: Place,
    /// The endpoint whose documents say it.
    pub endpoint: Option<usize>,
    /// It was put together: the message speaks of something else, or no document has it.
    pub approximated: bool,
    /// Nothing in it says what is wrong but the rule that it states: `密码为6-16位`. It answers for nothing else.
    pub states_rule: bool,
}

impl Failure {
    /// The words that tell what it is about.
    pub fn says(&self) -> &str {
        self.captioned.as_deref().unwrap_or(&self.message)
    }
}

/// Where a failure was found, in the order in which the sources are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The endpoint's own table; with the row's position.
    Table(usize),
    Example,
    Quote,
    /// Another endpoint of the set, or a table for all.
    Set,
    /// Nothing fits: docsim's own words.
    General,
    /// `docsim.toml` says so.
    Configured,
}

/// The failures of every endpoint, and those of tables for all.
#[derive(Debug)]
pub(super) struct Catalog {
    /// Parallel to the endpoints: table, examples, quote, in this order.
    pub(super) own: Vec<Vec<Failure>>,
    pub(super) shared: Vec<Failure>,
    /// Parallel to `shared`: the parameter's label that the message names, if it names one of any endpoint's.
    pub(super) shared_names: Vec<Option<String>>,
    /// The codes in words that the set has.
    pub(super) codes: HashSet<Arc<str>>,
    /// What a rule of the set's says answers whatever is missing.
    pub(super) missing: Option<Failure>,
}

impl Catalog {
    pub(super) fn new(set: &DocSet, lexicon: &Lexicon) -> Self {
        let mut shared: Vec<Failure> = set
            .tables
            .iter()
            .flat_map(|table| &table.rows)
            .map(|row| from_row(row, &row.text, Origin::Set, None, lexicon))
            .collect();
        let (texts, codes) = (texts(set), worded_codes(set));
        let of = |(at, endpoint)| Self::of(set, at, endpoint, (&texts, &codes), lexicon);
        let mut own: Vec<Vec<Failure>> = set.endpoints.iter().enumerate().map(of).collect();
        let code = super::failures::left_over::only_code(own.iter().flatten());
        for (at, endpoint) in set.endpoints.iter().enumerate() {
            let more = super::failures::message_lists::listed(set, (at, endpoint), &own[at], code.as_ref(), lexicon);
            own[at].extend(more);
        }
        for (at, failure) in super::failures::told_codes::named(set, lexicon) {
            let known = own[at].iter().any(|known| known.code == failure.code && known.message == failure.message);
            own[at].extend((!known).then_some(failure));
        }
        for (at, failure) in super::failures::told_codes::beside(set, &own, lexicon) {
            own[at].push(failure);
        }
        for failures in &mut own {
            fold_explanations(set, failures, &shared, lexicon);
        }
        super::failures::explained::bare(&mut own, &mut shared, lexicon);
        let told = super::failures::head_failures::read(set, &own, lexicon);
        let is_missing = |failure: &&Failure| failure.classes.first() == Some(&Class::Missing);
        // `1000 参数错误（必填参数没传）` of a table for all is about no parameter in particular.
        let of_any = |failure: &&Failure| {
            failure.classes.contains(&Class::Missing) && lexicon.speaks_of("any-parameter", failure.says())
        };
        let missing = missing_rule(set, &shared, lexicon)
            .or_else(|| told.iter().find(is_missing).cloned())
            .or_else(|| shared.iter().find(of_any).cloned());
        shared.extend(told);
        let of_state = super::failures::head_states::read(set, &own, &shared, lexicon);
        shared.extend(of_state);
        let labels: BTreeSet<&str> = set
            .endpoints
            .iter()
            .flat_map(|endpoint| &endpoint.params)
            .filter(|param| param.listed)
            .map(|param| label_head(&param.label))
            .filter(|label| label.chars().count() >= 2 && !label.is_ascii())
            .collect();
        let named = |failure: &Failure| {
            let longest =
                labels.iter().filter(|label| failure.message.contains(**label)).max_by_key(|label| label.len());
            longest.map(|label| (*label).to_owned())
        };
        let shared_names = shared.iter().map(named).collect();
        Self { own, shared, shared_names, codes, missing }
    }

    fn of(
        set: &DocSet,
        at: usize,
        endpoint: &Endpoint,
        (texts, codes): (&HashMap<&str, &str>, &HashSet<Arc<str>>),
        lexicon: &Lexicon,
    ) -> Vec<Failure> {
        let envelope = set.envelope(endpoint);
        let succeeds = |code: &str| {
            let success = envelope.success.iter().any(|value| value.scalar_text() == Some(code));
            // Where success and failure carry one code, the table's row for it is no failure either.
            success
                || endpoint.successes().any(|example| envelope.code_of(&example.value).is_some_and(|(_, c)| c == code))
        };
        let rows = endpoint.codes.rows.iter().enumerate().filter(|(_, row)| !succeeds(&row.code));
        let mut failures: Vec<Failure> =
            rows.map(|(position, row)| from_row(row, &row.text, Origin::Table(position), Some(at), lexicon)).collect();
        failures.extend(
            endpoint
                .errors()
                .filter(|example| !example.is_table)
                .filter_map(|example| from_example(set, endpoint, example, (at, codes), lexicon)),
        );
        for row in endpoint.quoted.iter().filter(|row| !succeeds(&row.code)) {
            let known = || texts.get(&*row.code).copied().unwrap_or_default();
            // Where no document has the message, what it comes of says the most.
            // ``409 `EMAIL_TAKEN` `` says it in the code.
            let coded = row.http_status.and_then(|_| code_words::in_words(&row.code)).unwrap_or_default();
            let text = [row.text.as_str(), known(), &coded, &row.when].into_iter().find(|text| !text.is_empty());
            let text = text.unwrap_or_default();
            failures.push(from_row(row, text, Origin::Quote, Some(at), lexicon));
        }
        failures
    }
}

/// `40902：楼栋、单元、房号三个都相同才算重复。` says when a failure comes, and is not its message, where an example or another row has
/// that. What it means is kept with the one that does.
fn fold_explanations(set: &DocSet, failures: &mut Vec<Failure>, shared: &[Failure], lexicon: &Lexicon) {
    let explains = |failure: &Failure| {
        let listed = matches!(failure.origin, Origin::Table(_) | Origin::Quote);
        let in_line = || !set.text(failure.place).trim_start().starts_with('|');
        let text = failure.message.trim_end();
        let is_sentence = || text.ends_with(['。', '.']) || lexicon.speaks_of("explains-code", text);
        let explained = || lexicon.speaks_of("same-again", text) && lexicon.speaks_of("one-owner", text);
        listed && in_line() && (is_sentence() || explained())
    };
    let mut at = 0;
    while at < failures.len() {
        let told = &failures[at];
        if !explains(told) {
            at += 1;
            continue;
        }
        let mut others =
            failures.iter().enumerate().filter(|(other, failure)| *other != at && failure.code == told.code);
        let known = others.next().map(|(other, _)| other);
        let alone = known.is_none_or(|known| others.all(|(_, failure)| failure.message == failures[known].message));
        let mut classes = told.classes.clone();
        if lexicon.speaks_of("same-again", &told.message) && !classes.contains(&Class::Exists) {
            classes.insert(0, Class::Exists);
        }
        match known.filter(|_| alone) {
            Some(known) => {
                let missing =
                    classes.into_iter().filter(|class| !failures[known].classes.contains(class)).collect::<Vec<_>>();
                failures[known].classes.extend(missing);
                failures.remove(at);
                continue;
            }
            None => {
                if let Some(known) = shared.iter().find(|known| known.code == told.code).filter(|_| alone) {
                    let told = &mut failures[at];
                    told.message.clone_from(&known.message);
                    told.subjects.clone_from(&known.subjects);
                    let more = known.classes.iter().filter(|class| !classes.contains(class));
                    told.classes.extend(more.copied());
                }
            }
        }
        at += 1;
    }
}

/// The failure of a table for all that answers what is missing, though its message does not say so: `必填项没传返回 40001`, or a cell
/// beside its code tells when it comes.
fn missing_rule(set: &DocSet, shared: &[Failure], lexicon: &Lexicon) -> Option<Failure> {
    let says = |text: &str| lexicon.meaning(text).classes.contains(&Class::Missing);
    let fitting = || shared.iter().filter(|known| matches!(known.classes.first(), None | Some(Class::Malformed)));
    let in_row = |failure: &&Failure| {
        let line = set.text(failure.place).trim_start();
        let cells = line.strip_prefix('|').into_iter().flat_map(|row| row.split('|')).map(str::trim);
        cells.filter(|cell| *cell != failure.message && **cell != *failure.code).any(says)
    };
    let found = fitting().find(in_row).or_else(|| {
        let codes: HashMap<&str, &Failure> =
            fitting().rev().filter(|failure| failure.code.len() > 2).map(|f| (&*f.code, f)).collect();
        if codes.is_empty() {
            return None;
        }
        let notes = super::collection::prose::lines(set, lexicon);
        let told = notes.iter().filter(|note| says(&note.text));
        told.flat_map(|note| super::collection::prose::words(&note.text)).find_map(|word| codes.get(word).copied())
    });
    found.map(|failure| Failure { classes: vec![Class::Missing], ..failure.clone() })
}

/// The failures that each endpoint's own documents list, parallel to the endpoints: table, examples, quote, in this order. One
/// failure may stand in several of them.
pub fn documented(set: &DocSet, lexicon: &Lexicon) -> Vec<Vec<Failure>> {
    Catalog::new(set, lexicon).own
}

/// What a failure's words mean; such as state a rule (`密码为6-16位`) say that it was broken.
fn meaning_of(text: &str, lexicon: &Lexicon) -> (crate::lexicon::Meaning, bool) {
    let mut meaning = lexicon.meaning(text);
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    if meaning.classes.is_empty() && lexicon.ends_with("must-end", bare) {
        meaning.classes.push(Class::Missing);
    }
    let words = &lexicon.rules().lengths;
    let states_rule = || {
        super::inputs::rule::length(text, words).is_some()
            || super::inputs::rule::range(text, words).is_some()
            || super::inputs::unit_bounds::unit_bounds(text, words).is_some()
    };
    let only_rule = meaning.classes.is_empty() && states_rule();
    if only_rule {
        meaning.classes.push(Class::Malformed);
    }
    // `问题描述请填写5-200字` says how long it is first of all.
    if meaning.classes == [Class::Missing] && super::inputs::rule::length(text, words).is_some() {
        meaning.classes.insert(0, Class::Malformed);
    }
    if super::collection::sides::parties::says_whose(text, lexicon) {
        let state = |class: &Class| matches!(class, Class::WrongState | Class::ForbiddenStatus | Class::NotYours);
        meaning.classes.retain(|class| !state(class));
        meaning.classes.insert(0, Class::NotYours);
    }
    (meaning, only_rule)
}

pub(super) fn from_row(
    row: &CodeRow,
    text: &str,
    origin: Origin,
    endpoint: Option<usize>,
    lexicon: &Lexicon,
) -> Failure {
    let (mut meaning, states_rule) = meaning_of(text, lexicon);
    code_words::add(&mut meaning.classes, &row.code, lexicon);
    super::failures::told_codes::add(&mut meaning.classes, &row.when, lexicon);
    Failure {
        code: Arc::clone(&row.code),
        message: text.to_owned(),
        captioned: None,
        classes: meaning.classes,
        subjects: meaning.subjects,
        origin,
        place: row.place,
        endpoint,
        approximated: false,
        states_rule,
    }
}

/// The failure that an error example shows; none where it has neither code nor words.
pub(super) fn from_example(
    set: &DocSet,
    endpoint: &Endpoint,
    example: &Example,
    (at, codes): (usize, &HashSet<Arc<str>>),
    lexicon: &Lexicon,
) -> Option<Failure> {
    let envelope = set.envelope(endpoint);
    let code = envelope.code_of(&example.value);
    let message = envelope.message_of(&example.value);
    let text = message.map_or("", |(_, text)| text);
    let (path, code) = match (code, message) {
        (Some((path, code)), _) => (path, code),
        (None, Some((path, _))) => (path, code_elsewhere(&example.value, codes).unwrap_or("")),
        (None, None) => return None,
    };
    let (mut meaning, states_rule) = meaning_of(text, lexicon);
    let captioned =
        super::failures::captions::read(example, text, &mut meaning, |caption| meaning_of(caption, lexicon).0);
    // What people wrote above it says more than the code that it shares with others.
    if captioned.is_none() {
        code_words::add(&mut meaning.classes, code, lexicon);
    }
    Some(Failure {
        code: code.into(),
        message: text.to_owned(),
        captioned,
        classes: meaning.classes,
        subjects: meaning.subjects,
        origin: Origin::Example,
        place: example.place_of(path),
        endpoint: Some(at),
        approximated: false,
        states_rule,
    })
}

/// `"exception": "Unauthorized"` in the one example that has no `status`: a member's value that is a code of the set's.
fn code_elsewhere<'e>(value: &'e Json, codes: &HashSet<Arc<str>>) -> Option<&'e str> {
    let members = value.as_object().into_iter().flatten();
    let mut found = members.filter_map(|(_, value)| value.as_str().filter(|text| codes.contains(*text)));
    found.next().filter(|_| found.next().is_none())
}

/// The codes in words of all error examples and tables.
fn worded_codes(set: &DocSet) -> HashSet<Arc<str>> {
    let rows = set.endpoints.iter().map(|endpoint| &endpoint.codes).chain(&set.tables).flat_map(|table| &table.rows);
    let shown = set.endpoints.iter().flat_map(|endpoint| {
        let envelope = set.envelope(endpoint);
        endpoint.errors().filter_map(|example| envelope.code_of(&example.value).map(|(_, code)| code))
    });
    let worded = |code: &&str| code.len() > 2 && code.bytes().any(|byte| byte.is_ascii_alphabetic());
    let rows = rows.map(|row| Arc::clone(&row.code)).filter(|code| worded(&&**code));
    rows.chain(shown.filter(worded).map(Arc::from)).collect()
}

/// What any table of the set says of a code, by code: the first that has it.
fn texts(set: &DocSet) -> HashMap<&str, &str> {
    let mut texts = HashMap::new();
    for row in set.endpoints.iter().map(|endpoint| &endpoint.codes).chain(&set.tables).flat_map(|table| &table.rows) {
        texts.entry(&*row.code).or_insert(row.text.as_str());
    }
    // What all examples of a code say.
    let mut shown: HashMap<&str, Option<&str>> = HashMap::new();
    for endpoint in &set.endpoints {
        let envelope = set.envelope(endpoint);
        for example in endpoint.errors().filter(|example| !example.is_table) {
            let (Some((_, code)), Some((_, text))) =
                (envelope.code_of(&example.value), envelope.message_of(&example.value))
            else {
                continue;
            };
            let known = shown.entry(code).or_insert(Some(text));
            *known = known.filter(|known| *known == text);
        }
    }
    for (code, text) in shown {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            texts.entry(code).or_insert(text);
        }
    }
    texts
}
