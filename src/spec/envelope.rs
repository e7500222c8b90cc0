//! What the replies of a set have in common: which member tells success from failure, which names the failure, which
//! says it in words, which carries the data.
//!
//! Learnt from the examples, file by file: files whose examples agree share one envelope. A member's name is only a hint;
//! what differs between success and failure, and what stands in the tables of codes, outweighs it.

use super::{CodeTable, Endpoint, Section, SectionKind};
use crate::json::{Json, Step};
use crate::lexicon::{EnvelopeKey, Lexicon};
use crate::source::FileId;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

pub type Path = Vec<Step>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    /// Tells success from failure.
    pub marker: Option<Path>,
    /// The marker's values in successes.
    pub success: Vec<Json>,
    /// Where failures are named, most trusted first.
    pub code: Vec<Path>,
    /// Where failures are put in words, most trusted first.
    pub message: Vec<Path>,
    /// The member that carries the data.
    pub data: Option<Arc<str>>,
    /// Members that stand beside the data, or in failures: what else a reply has beside the code is its data.
    pub beside: BTreeSet<Arc<str>>,
    /// A failure that a line shows for all.
    pub told: Option<Json>,
}

impl Envelope {
    /// The path of what names this reply, and the name: `1006`.
    pub fn code_of<'j>(&self, value: &'j Json) -> Option<(&Path, &'j str)> {
        let found = |path: &'_ Path| value.at(path).and_then(Json::scalar_text);
        self.code.iter().find_map(|path| Some((path, found(path)?)))
    }

    /// The path of the reply's words, and the words.
    pub fn message_of<'j>(&self, value: &'j Json) -> Option<(&Path, &'j str)> {
        let found = |path: &'_ Path| value.at(path).and_then(Json::as_str);
        let filled = self.message.iter().find_map(|path| Some((path, found(path).filter(|text| !text.is_empty())?)));
        filled.or_else(|| self.message.iter().find_map(|path| Some((path, found(path)?))))
    }

    /// Whether the reply is a success; none where it has no marker.
    pub fn is_success(&self, value: &Json) -> Option<bool> {
        let marked = value.at(self.marker.as_ref()?)?;
        Some(self.success.iter().any(|success| success.scalar_text() == marked.scalar_text()))
    }
}

/// What lines say of the replies of all endpoints.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Failures that they show.
    pub(super) replies: Vec<(FileId, Json)>,
    /// Those of which they name members, and do not show the whole.
    pub(super) named: Vec<(FileId, Json)>,
    /// Members of which they say that these carry the words for what went wrong.
    pub(super) message_keys: Vec<String>,
}

/// One example, as far as learning goes.
#[derive(Clone, Copy)]
struct Sample<'e> {
    success: bool,
    value: &'e Json,
}

impl<'e> Sample<'e> {
    fn members(&self) -> impl Iterator<Item = &'e (Arc<str>, Json)> + Clone + use<'e> {
        self.value.as_object().into_iter().flatten()
    }
}

/// `<<< 没注册`: what a section whose label is no word for either shows is a failure where its reply is marked as those are, since
/// all that are called successes are marked otherwise.
fn judge_sections(endpoints: &mut [Endpoint], learner: &Learner<'_>) {
    let is_open = |section: &Section| {
        let says = |topic: &str| section.label.as_deref().is_some_and(|label| learner.lexicon.speaks_of(topic, label));
        section.label.is_some() && section.kind == SectionKind::Success && !says("success-label")
    };
    let opens = |endpoint: &Endpoint| endpoint.sections.iter().skip(1).any(is_open);
    if !endpoints.iter().any(opens) {
        return;
    }
    let mut by_file: BTreeMap<FileId, Vec<Sample<'_>>> = BTreeMap::new();
    for endpoint in endpoints.iter() {
        let sure = endpoint.sections.iter().enumerate().filter(|(at, section)| *at == 0 || !is_open(section));
        by_file.entry(endpoint.place.file).or_default().extend(sure.flat_map(|(_, section)| samples_of(section)));
    }
    let all: Vec<Sample<'_>> = by_file.values().flatten().copied().collect();
    // A file without failures of its own is as the others are.
    let of_all = learner.learn(&all);
    let has_both = |samples: &[Sample<'_>]| samples.iter().any(|sample| !sample.success);
    let known: BTreeMap<FileId, Envelope> =
        by_file.iter().filter(|(_, own)| has_both(own)).map(|(file, own)| (*file, learner.learn(own))).collect();
    let mut fails: Vec<(usize, usize)> = Vec::new();
    for (at, endpoint) in endpoints.iter().enumerate().filter(|(_, endpoint)| opens(endpoint)) {
        let envelope = known.get(&endpoint.place.file).unwrap_or(&of_all);
        for (number, section) in endpoint.sections.iter().enumerate().skip(1).filter(|(_, section)| is_open(section)) {
            let mut shown = samples_of(section).peekable();
            let marked = |sample: Sample<'_>| envelope.is_success(sample.value) == Some(false);
            if envelope.success.len() == 1 && shown.peek().is_some() && shown.all(marked) {
                fails.push((at, number));
            }
        }
    }
    for (at, number) in fails {
        endpoints[at].sections[number].kind = SectionKind::Error;
    }
}

/// Points every endpoint at an envelope, and settles which sections show failures. There is always at least one envelope.
pub(super) fn learn(endpoints: &mut [Endpoint], tables: &[CodeTable], said: &Said, lexicon: &Lexicon) -> Vec<Envelope> {
    let rows = endpoints.iter().map(|endpoint| &endpoint.codes).chain(tables).flat_map(|table| &table.rows);
    let codes: BTreeMap<String, String> = rows.map(|row| (row.code.to_string(), row.text.clone())).collect();
    let codes: BTreeMap<&str, &str> = codes.iter().map(|(code, text)| (code.as_str(), text.as_str())).collect();
    let texts: HashSet<&str> = codes.values().copied().collect();
    let learner = Learner { codes: &codes, texts: &texts, lexicon };
    judge_sections(endpoints, &learner);
    let mut files: BTreeMap<FileId, Vec<Sample<'_>>> = BTreeMap::new();
    for endpoint in endpoints.iter() {
        files.entry(endpoint.place.file).or_default().extend(samples(endpoint));
    }
    // A failure that a line shows for all is a sample where it is unlike what succeeds; one on a page without endpoints is so for
    // every page whose replies have a member like it.
    let mut forms: BTreeMap<FileId, &Json> = BTreeMap::new();
    let whole = said.replies.iter().map(|told| (told, true));
    for ((file, value), whole) in whole.chain(said.named.iter().map(|told| (told, false))) {
        let own = files.get(file).is_some_and(|samples| !samples.is_empty());
        for (of, samples) in files.iter_mut().filter(|(of, _)| !own || *of == file) {
            let successes = || samples.iter().filter(|sample| sample.success).take(MANY);
            let alike = |sample: Sample<'_>| {
                let mut keys = sample.members().filter(|(_, value)| value.is_scalar()).map(|(key, _)| key);
                keys.any(|key| value.get(key).is_some())
            };
            let differs = successes().all(|sample| super::inline_replies::differs(sample.value, value));
            let shared = successes().any(|sample| alike(*sample));
            if successes().next().is_some() && differs && (own || shared) {
                if shared && whole {
                    forms.entry(*of).or_insert(value);
                }
                samples.push(Sample { success: false, value });
            }
        }
    }
    let mut families: Vec<(Envelope, Vec<Sample<'_>>)> = Vec::new();
    let mut of_file: BTreeMap<FileId, usize> = BTreeMap::new();
    for (file, samples) in files.iter().filter(|(_, samples)| !samples.is_empty()) {
        let fits = families.iter().position(|(envelope, _)| samples.iter().all(|sample| fits(envelope, sample)));
        let family = fits.unwrap_or_else(|| {
            families.push((learner.learn(samples), Vec::new()));
            families.len() - 1
        });
        of_file.insert(*file, family);
        let (envelope, all) = &mut families[family];
        all.extend(samples);
        // What the next files are held against knows all that came before, up to a bound that keeps this linear.
        if all.len() <= 400 {
            *envelope = learner.learn(all);
        }
    }
    // An endpoint none of whose replies has what tells success in its file answers as another system does.
    let mut of_endpoint: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, endpoint) in endpoints.iter().enumerate() {
        let own = samples(endpoint);
        let known = of_file.get(&endpoint.place.file).map(|family| &families[*family].0);
        let foreign = known.is_some_and(|known| own.iter().all(|sample| known.is_success(sample.value).is_none()));
        if !foreign || !own.iter().any(|sample| !sample.success) {
            continue;
        }
        let fits = families.iter().position(|(envelope, _)| own.iter().all(|sample| fits(envelope, sample)));
        let family = fits.unwrap_or_else(|| {
            families.push((learner.learn(&own), own));
            families.len() - 1
        });
        of_endpoint.insert(at, family);
    }
    if families.is_empty() {
        families.push((Envelope::default(), Vec::new()));
    }
    let largest = (0..families.len()).max_by_key(|at| (families[*at].1.len(), std::cmp::Reverse(*at))).unwrap_or(0);
    let of_lines: HashSet<*const Json> =
        said.replies.iter().chain(&said.named).map(|(_, reply)| std::ptr::from_ref(reply)).collect();
    for (envelope, samples) in &mut families {
        // Whether a block shows one, and not only a line.
        let shown = |sample: &Sample<'_>| !sample.success && !of_lines.contains(&std::ptr::from_ref(sample.value));
        if !samples.iter().any(shown) {
            let successes: Vec<&Json> =
                samples.iter().filter(|sample| sample.success).map(|sample| sample.value).collect();
            super::elimination::settle(envelope, &successes, lexicon);
            super::elimination::add_told(envelope, &said.message_keys);
            let taken = [envelope.marker.as_ref(), envelope.code.first(), envelope.message.first()];
            envelope.data = learner.data(samples, taken);
            envelope.beside = envelope.data.as_ref().map(|data| beside(samples, data)).unwrap_or_default();
        }
    }
    let mut envelopes: Vec<Envelope> = families.into_iter().map(|(envelope, _)| envelope).collect();
    for (file, form) in forms {
        let Some(envelope) = of_file.get(&file).and_then(|family| envelopes.get_mut(*family)) else { continue };
        let whole = envelope.code_of(form).is_some() && envelope.message_of(form).is_some();
        if envelope.told.is_none() && whole {
            envelope.told = Some(form.clone());
        }
    }
    let envelope_of: Vec<usize> = endpoints
        .iter()
        .enumerate()
        .map(|(at, endpoint)| {
            of_endpoint.get(&at).or_else(|| of_file.get(&endpoint.place.file)).copied().unwrap_or(largest)
        })
        .collect();
    for (endpoint, envelope) in endpoints.iter_mut().zip(envelope_of) {
        endpoint.envelope = envelope;
    }
    envelopes
}

/// The replies that an endpoint shows.
fn samples(endpoint: &Endpoint) -> Vec<Sample<'_>> {
    endpoint.sections.iter().flat_map(samples_of).collect()
}

fn samples_of(section: &Section) -> impl Iterator<Item = Sample<'_>> {
    let success = section.kind == SectionKind::Success;
    let shown = section.examples.iter().filter(|example| !example.is_table && example.value.as_object().is_some());
    shown.map(move |example| Sample { success, value: &example.value })
}

/// Whether a sample is what the envelope says of its kind. A single file may still write one reply differently.
fn fits(envelope: &Envelope, sample: &Sample<'_>) -> bool {
    match envelope.is_success(sample.value) {
        Some(success) => success == sample.success,
        None => false,
    }
}

struct Learner<'l> {
    codes: &'l BTreeMap<&'l str, &'l str>,
    /// What they say.
    texts: &'l HashSet<&'l str>,
    lexicon: &'l Lexicon,
}

/// What is known of the scalars at one path.
#[derive(Default)]
struct Scalars<'e> {
    successes: BTreeSet<&'e str>,
    errors: BTreeSet<&'e str>,
    in_successes: usize,
    in_errors: usize,
    /// Error values that a table of codes lists, and those that are its texts.
    listed: usize,
    told: usize,
    /// Error values that are sentences rather than names.
    sentences: usize,
    strings: usize,
    success_strings: usize,
    success_values: Vec<Json>,
    order: usize,
}

impl Learner<'_> {
    fn learn(&self, samples: &[Sample<'_>]) -> Envelope {
        let mut paths: BTreeMap<Path, Scalars<'_>> = BTreeMap::new();
        for sample in samples {
            self.note(sample, &mut paths);
        }
        let marker = self.marker(&paths, samples);
        let success =
            marker.as_ref().and_then(|path| paths.get(path)).map(|at| at.success_values.clone()).unwrap_or_default();
        let mut code = self.codes(&paths, marker.as_ref());
        let message = self.messages(&paths, marker.as_ref(), code.first());
        code.extend(self.elsewhere(samples, &paths, &code, &message));
        let data = self.data(samples, [marker.as_ref(), code.first(), message.first()]);
        let beside = data.as_ref().map(|data| beside(samples, data)).unwrap_or_default();
        Envelope { marker, success, code, message, data, beside, told: None }
    }

    fn note<'e>(&self, sample: &Sample<'e>, paths: &mut BTreeMap<Path, Scalars<'e>>) {
        let members = sample.value.as_object().into_iter().flatten();
        let inner = members.clone().flat_map(|(key, value)| {
            let below = value.as_object().into_iter().flatten();
            below.map(move |(inner, value)| (vec![Step::Key(key.clone()), Step::Key(inner.clone())], value))
        });
        // `"reasons": ["User not exist."]`: words can stand in a list.
        let listed = members.clone().filter_map(|(key, value)| match value {
            Json::Array(items) if !sample.success => {
                let first = items.first().filter(|first| first.as_str().is_some())?;
                Some((vec![Step::Key(key.clone()), Step::Index(0)], first))
            }
            _ => None,
        });
        let outer = members.clone().map(|(key, value)| (vec![Step::Key(key.clone())], value));
        for (path, value) in outer.chain(inner).chain(listed) {
            let Some(text) = value.scalar_text() else { continue };
            let order = paths.len();
            let at = paths.entry(path).or_insert_with(|| Scalars { order, ..Scalars::default() });
            if sample.success {
                at.in_successes += 1;
                at.success_strings += usize::from(value.as_str().is_some());
                if at.successes.insert(text) {
                    at.success_values.push(value.clone());
                }
            } else {
                at.in_errors += 1;
                at.errors.insert(text);
                at.listed += usize::from(self.codes.contains_key(text));
                at.told += usize::from(!text.is_empty() && self.texts.contains(text));
                at.sentences += usize::from(!text.is_ascii() || text.contains(' '));
                at.strings += usize::from(value.as_str().is_some());
            }
        }
    }

    fn marker(&self, paths: &BTreeMap<Path, Scalars<'_>>, samples: &[Sample<'_>]) -> Option<Path> {
        let successes = samples.iter().filter(|sample| sample.success).count();
        let errors = samples.len() - successes;
        let both = successes > 0 && errors > 0;
        let score = |path: &Path, at: &Scalars<'_>| -> Option<i64> {
            let told_apart = at.in_successes > 0 && at.in_errors > 0 && at.successes.is_disjoint(&at.errors);
            if both && !told_apart {
                return None;
            }
            let rank = key(path).and_then(|key| self.lexicon.envelope_rank(EnvelopeKey::Code, key));
            let known = rank.map_or(0, |rank| 60 - count(rank));
            if !both && rank.is_none() {
                return None;
            }
            let coverage = 40 * count(at.in_successes + at.in_errors) / count(samples.len()).max(1);
            let single = if at.successes.len() <= 1 { 20 } else { 0 };
            let listed = if at.listed > 0 { 60 } else { 0 };
            let words = if at.sentences * 2 > at.in_errors.max(1) { -60 } else { 0 };
            Some(known + coverage + single + listed + words - 10 * count(path.len()))
        };
        best(paths, score).filter(|(_, score)| *score > 20 || both).map(|(path, _)| path)
    }

    /// Whether a value says that something failed, and not what: `fail`.
    fn is_fail(&self, text: &str) -> bool {
        !self.codes.contains_key(text) && self.lexicon.is_nothing_but("error-label", text)
    }

    fn codes(&self, paths: &BTreeMap<Path, Scalars<'_>>, marker: Option<&Path>) -> Vec<Path> {
        // `{"status": "fail", "error": {"code": "E1001"}}`: what only failures have, by a name for it.
        let named_elsewhere = paths.iter().any(|(path, at)| {
            let known = key(path).is_some_and(|key| self.lexicon.envelope_rank(EnvelopeKey::Code, key).is_some());
            let is_code = |text: &&str| super::prose::is_code(text) || super::prose::is_capital(text);
            let names = !at.errors.is_empty() && at.errors.iter().all(is_code);
            known && names && at.successes.is_empty() && marker != Some(path)
        });
        ranked(paths, |path, at| {
            let key = key(path)?;
            let known = self.lexicon.envelope_rank(EnvelopeKey::Code, key).map_or(0, |rank| 50 - count(rank));
            let listed = 100 * count(at.listed) / count(at.in_errors).max(1);
            let marks = if marker == Some(path) { 30 } else { 0 };
            let words = if at.sentences * 2 > at.in_errors.max(1) { -100 } else { 0 };
            // Yes or no tells that something failed, not what.
            let says_no_more =
                |text: &&str| matches!(*text, "true" | "false") || (named_elsewhere && self.is_fail(text));
            let truth = if at.errors.iter().all(says_no_more) { 60 } else { 0 };
            let score = known + listed + marks + words - 10 * count(path.len());
            // `NAME_USED`, `AUTH` beside a constant `FAIL`: names that differ from failure to failure.
            let is_name = |text: &&str| super::prose::is_capital(text);
            let named = at.successes.is_empty() && at.errors.len() > 1 && at.errors.iter().all(is_name);
            let score = score + if named { 90 } else { 0 };
            // What is empty wherever it is a scalar holds data elsewhere, and names nothing.
            let names = at.errors.iter().chain(&at.successes).any(|text| !text.is_empty());
            (names && score > 15).then_some(score - truth)
        })
    }

    /// `"exception": "Unauthorized"` of a failure that has no member where the others are named: the only name in it.
    fn elsewhere(
        &self,
        samples: &[Sample<'_>],
        paths: &BTreeMap<Path, Scalars<'_>>,
        codes: &[Path],
        messages: &[Path],
    ) -> Vec<Path> {
        let names: HashSet<&str> =
            codes.iter().filter_map(|path| paths.get(path)).flat_map(|at| &at.errors).copied().collect();
        let is_name = |text: &str| {
            let sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
            let capital =
                text.len() > 3 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(sign);
            capital || names.contains(text) || self.codes.contains_key(text)
        };
        let unnamed = |sample: &&Sample<'_>| {
            let mut known = codes.iter().filter_map(|path| sample.value.at(path)).filter_map(Json::scalar_text);
            !sample.success && !codes.is_empty() && known.next().is_none()
        };
        let mut found: Vec<Path> = Vec::new();
        for sample in samples.iter().filter(unnamed) {
            let scalars = sample.members().filter_map(|(key, value)| {
                let path = vec![Step::Key(Arc::clone(key))];
                let text = value.scalar_text().filter(|text| !text.is_empty())?;
                (!messages.contains(&path)).then_some((path, text))
            });
            let named: Vec<(Path, &str)> = scalars.filter(|(_, text)| is_name(text)).collect();
            if let [(path, _)] = &named[..]
                && paths.get(path).is_some_and(|at| at.in_successes == 0)
                && !found.contains(path)
            {
                found.push(path.clone());
            }
        }
        found
    }

    fn messages(&self, paths: &BTreeMap<Path, Scalars<'_>>, marker: Option<&Path>, code: Option<&Path>) -> Vec<Path> {
        ranked(paths, |path, at| {
            // Where no failure is shown at all, a success that has a member of a known name has it for words.
            let shown_only = at.in_errors == 0 && at.success_strings > 0 && path.len() == 1;
            if marker == Some(path) || code == Some(path) || (at.strings == 0 && !shown_only) {
                return None;
            }
            let rank = key(path).and_then(|key| self.lexicon.envelope_rank(EnvelopeKey::Message, key));
            let known = rank.map_or(0, |rank| 50 - count(rank));
            let share = |part: usize, points: i64| points * count(part) / count(at.in_errors).max(1);
            // What is the same in every failure (`"retMsg": "失败"`) says nothing of any.
            let constant = if at.errors.len() == 1 && at.in_errors >= 3 { 60 } else { 0 };
            let score = known + share(at.sentences, 40) + share(at.told, 40) - 5 * count(path.len()) - constant;
            (score > 15).then_some(score)
        })
    }

    fn data(&self, samples: &[Sample<'_>], taken: [Option<&Path>; 3]) -> Option<Arc<str>> {
        let is_taken = |key: &Arc<str>| {
            taken.iter().flatten().any(|path| path.len() == 1 && path.first() == Some(&Step::Key(Arc::clone(key))))
        };
        let in_failures: BTreeSet<&Arc<str>> = samples
            .iter()
            .filter(|sample| !sample.success)
            .flat_map(|sample| sample.members().map(|(key, _)| key))
            .collect();
        // Successes that show more than an envelope, and what of that each shows.
        let mut showing = 0_usize;
        let mut shown_by: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        for sample in samples.iter().filter(|sample| sample.success) {
            let mut more = sample.members().map(|(key, _)| key).filter(|key| !is_taken(key)).peekable();
            showing += usize::from(more.clone().any(|key| !in_failures.contains(key)));
            more.by_ref().for_each(|key| *shown_by.entry(key).or_default() += 1);
        }
        let mut scores: BTreeMap<&Arc<str>, i64> = BTreeMap::new();
        for (key, value) in samples.iter().flat_map(Sample::members) {
            // `personList` of one reply of ten, where the others have theirs beside the code, carries no other's data.
            let is_rare = shown_by.get(key).copied().unwrap_or(0) * RARE < showing && !in_failures.contains(key);
            if is_taken(key) || is_rare {
                continue;
            }
            let known = self.lexicon.envelope_rank(EnvelopeKey::Data, key).map_or(0, |rank| 10 - count(rank).min(9));
            let full = if value.is_scalar() { 0 } else { 10 };
            *scores.entry(key).or_default() += known + full;
        }
        let best = scores.into_iter().filter(|(_, score)| *score > 0).max_by_key(|(_, score)| *score)?;
        Some(best.0.clone())
    }
}

/// Successes that a told failure is held against.
const MANY: usize = 50;
/// What fewer than one of so many replies show is no member that carries the data of all.
const RARE: usize = 4;

fn beside(samples: &[Sample<'_>], data: &str) -> BTreeSet<Arc<str>> {
    let whole = samples.iter().filter(|sample| !sample.success || sample.value.get(data).is_some());
    whole.flat_map(Sample::members).map(|(key, _)| Arc::clone(key)).collect()
}

fn key(path: &Path) -> Option<&str> {
    match path.last() {
        Some(Step::Key(key)) => Some(key),
        _ => None,
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn ranked(paths: &BTreeMap<Path, Scalars<'_>>, score: impl Fn(&Path, &Scalars<'_>) -> Option<i64>) -> Vec<Path> {
    let mut scored: Vec<(i64, usize, &Path)> =
        paths.iter().filter_map(|(path, at)| Some((score(path, at)?, at.order, path))).collect();
    scored.sort_by_key(|(score, order, _)| (-score, *order));
    scored.into_iter().map(|(_, _, path)| path.clone()).collect()
}

fn best(
    paths: &BTreeMap<Path, Scalars<'_>>,
    score: impl Fn(&Path, &Scalars<'_>) -> Option<i64>,
) -> Option<(Path, i64)> {
    let scored = paths.iter().filter_map(|(path, at)| Some((path, score(path, at)?, at.order)));
    let best = scored.max_by_key(|(_, score, order)| (*score, std::cmp::Reverse(*order)))?;
    Some((best.0.clone(), best.1))
}
