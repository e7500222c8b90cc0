//! What a line says of all replies, or of all that carry one code: that every HTTP status is 200, that a message is not fixed.
//!
//! In: the set's prose, the rows of its tables, its examples. Out: what a reply may and may not differ in. Knows no reply.

use crate::behavior::collection::prose;
use crate::lexicon::Lexicon;
use crate::source::Place;
use crate::spec::{CodeRow, DocSet, Endpoint, Note};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Between what a message always says and the reason that follows it.
const JOINTS: [char; 10] = ['：', ':', '，', ',', '（', '(', '-', '—', '|', '['];
/// What is shorter is no message of its own.
const SHORTEST: usize = 2;

#[derive(Debug, Default)]
pub struct OfAll {
    /// `HTTP 状态码一律 200`
    pub http_status: Option<(u16, Place)>,
    /// No message of any endpoint is fixed, or none of these.
    all: bool,
    endpoints: HashSet<usize>,
    codes: HashSet<Arc<str>>,
    /// By code: what several different messages begin with, before the reason that each gives.
    heads: BTreeMap<Arc<str>, Vec<String>>,
}

impl OfAll {
    pub(in crate::behavior) fn read(set: &DocSet, notes: &[Note], lexicon: &Lexicon) -> Self {
        let mut found = Self { heads: heads(set), ..Self::default() };
        found.http_status = notes.iter().find_map(|note| Some((only_status(&note.text, lexicon)?, note.place)));
        let rows = |set: &DocSet| -> Vec<CodeRow> {
            let own = set.endpoints.iter().flat_map(|endpoint| endpoint.codes.rows.iter().chain(&endpoint.quoted));
            set.tables.iter().flat_map(|table| &table.rows).chain(own).cloned().collect()
        };
        let rows = rows(set);
        let varies = |text: &str| unfixed_from(text, lexicon).is_some();
        let open = rows.iter().filter(|row| varies(&row.text) || varies(&row.when));
        found.codes.extend(open.map(|row| Arc::clone(&row.code)));
        let known: HashSet<&str> = rows.iter().map(|row| &*row.code).collect();
        let keys = message_keys(set);
        let told = notes.iter().filter(|note| !note.text.starts_with('|'));
        for note in told.filter(|note| says_so(&note.text, &keys, lexicon)) {
            let named: Vec<&str> = prose::words(&note.text).filter(|word| known.contains(word)).collect();
            let owner = set.endpoints.iter().position(|endpoint| {
                endpoint.notes.iter().any(|own| own.place.file == note.place.file && note.place.covers(own.place))
            });
            match owner {
                _ if !named.is_empty() => found.codes.extend(named.into_iter().map(Arc::from)),
                Some(endpoint) => found.endpoints.extend([endpoint]),
                None => found.all = true,
            }
        }
        found
    }

    /// Whether the documents say of a message that it is not fixed.
    pub fn is_open(&self, endpoint: usize, code: Option<&str>) -> bool {
        self.all || self.endpoints.contains(&endpoint) || code.is_some_and(|code| self.codes.contains(code))
    }

    /// Whether a message begins as several of this code do, which differ in the reason that they give.
    pub fn has_head(&self, code: Option<&str>, message: &str) -> bool {
        let heads = code.and_then(|code| self.heads.get(code));
        heads.is_some_and(|heads| heads.iter().any(|head| message.starts_with(head)))
    }
}

/// The part of a message before the first clause that says of it that it is not fixed: `参数错误。msg 后面会跟具体原因，不固定`. None where
/// nothing says so.
pub(in crate::behavior) fn fixed_part<'t>(text: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let at = unfixed_from(text, lexicon)?;
    let sentence = text.find(['。', '；', ';']).filter(|end| *end < at);
    let head = text[..sentence.unwrap_or(at)].trim_end_matches(|c: char| !c.is_alphanumeric());
    (head.chars().count() >= SHORTEST).then_some(head)
}

/// Where the clause begins that says of the message that it is not fixed.
fn unfixed_from(text: &str, lexicon: &Lexicon) -> Option<usize> {
    let mut start = 0;
    let mut clauses = Vec::new();
    for (at, c) in text.char_indices() {
        if matches!(c, '，' | ',' | '。' | '；' | ';' | '：' | ':' | '（' | '(' | '、') {
            clauses.push((start, &text[start..at]));
            start = at + c.len_utf8();
        }
    }
    clauses.push((start, &text[start..]));
    let names_it = clauses.iter().position(|(_, clause)| lexicon.speaks_of("message-word", clause));
    let varies = |clause: &str| lexicon.speaks_of("message-varies", clause);
    let follows =
        |clause: &str| lexicon.speaks_of("reason-follows", clause) && !lexicon.speaks_of("asks-the-reader", clause);
    clauses.iter().enumerate().find_map(|(at, (start, clause))| {
        let named = names_it.filter(|named| *named <= at);
        let is_so = follows(clause) || named.is_some() && varies(clause);
        // `msg 说明，不固定`: it begins where the message is named.
        is_so.then(|| named.filter(|named| *named > 0).map_or(*start, |named| clauses[named].0))
    })
}

/// Whether a line of prose says of messages that they are not fixed.
fn says_so(text: &str, keys: &BTreeSet<String>, lexicon: &Lexicon) -> bool {
    let names_it = |text: &str| {
        lexicon.speaks_of("message-word", text)
            || prose::words(text).any(|word| keys.contains(&word.to_ascii_lowercase()))
    };
    prose::sentences(text).any(|sentence| names_it(sentence) && lexicon.speaks_of("message-varies", sentence))
}

/// What the envelopes call the message.
fn message_keys(set: &DocSet) -> BTreeSet<String> {
    let paths = set.envelopes.iter().flat_map(|envelope| &envelope.message);
    let keys = paths.filter_map(|path| match path.last()? {
        crate::json::Step::Key(key) => Some(key.to_ascii_lowercase()),
        crate::json::Step::Index(_) => None,
    });
    keys.collect()
}

/// `HTTP 状态码一律 200`, where nothing is said of another one beside it.
fn only_status(text: &str, lexicon: &Lexicon) -> Option<u16> {
    if text.starts_with('|') || !lexicon.speaks_of("always-so", text) {
        return None;
    }
    let number = |word: &str| word.parse::<u16>().ok().filter(|_| word.len() == 3);
    let of_clause = |clause: &str| {
        let is_of_http = prose::words(clause).any(|word| word.eq_ignore_ascii_case("http")) && !clause.contains("://");
        // A success alone may be meant.
        let is_of_one = lexicon.speaks_of("on-success", clause) && !lexicon.speaks_of("on-failure", clause);
        let always = is_of_http && !is_of_one && lexicon.speaks_of("always-so", clause);
        always.then(|| prose::words(clause).filter_map(number).find(|status| (200..300).contains(status))).flatten()
    };
    prose::sentences(text).find_map(|sentence| {
        let status = sentence.split(['，', ',']).find_map(of_clause)?;
        let others = prose::words(sentence).filter_map(number).any(|other| (400..600).contains(&other));
        let excepts = lexicon.speaks_of("except", sentence);
        (!others && !excepts).then_some(status)
    })
}

/// What at least two messages of one code begin with, and go on differently after a joint.
fn heads(set: &DocSet) -> BTreeMap<Arc<str>, Vec<String>> {
    let mut tails: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for endpoint in &set.endpoints {
        let envelope = set.envelope(endpoint);
        for example in Endpoint::errors(endpoint).filter(|example| !example.is_table) {
            let Some((_, code)) = envelope.code_of(&example.value) else { continue };
            let Some((_, message)) = envelope.message_of(&example.value) else { continue };
            if let Some((head, tail)) = message.split_once(JOINTS) {
                tails.entry((code, head)).or_default().insert(tail);
            }
        }
    }
    let mut heads: BTreeMap<Arc<str>, Vec<String>> = BTreeMap::new();
    let several = tails.into_iter().filter(|((_, head), tails)| tails.len() > 1 && head.chars().count() >= SHORTEST);
    for ((code, head), _) in several {
        heads.entry(code.into()).or_default().push(head.to_owned());
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fixed_of_a_message() {
        let lexicon = Lexicon::standard();
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(fixed_part(text, &lexicon), expected, "{text}");
        };
        let bad = Some("参数错误");
        check("参数错误。必填的没传或为空、格式不对都是它，msg 后面会跟具体原因，不固定", bad);
        check("参数错误，msg 里有具体原因", bad);
        check("参数错误，msg 会说明是哪个", bad);
        check("参数错误（具体原因见msg）", bad);
        check("参数错误：具体原因", bad);
        check("参数错误，msg不固定", bad);
        check("参数错误，提示语可能会变", bad);
        check("参数错误（提示文案以实际返回为准）", bad);
        check("invalid input (message varies)", Some("invalid input"));
        check("参数错误", None);
        check("价格不固定，不能下单", None);
        check("提交失败，具体原因请联系客服", None);
        check("密码错误，还剩几次以实际为准", None);
    }

    #[test]
    fn a_status_that_all_replies_have() {
        let lexicon = Lexicon::standard();
        let check = |text: &str, expected: Option<u16>| assert_eq!(only_status(text, &lexicon), expected, "{text}");
        check("返回一律是 JSON（`application/json`），HTTP 状态码一律 200", Some(200));
        check("HTTP状态码始终为200，成功失败看 code", Some(200));
        check("http status 固定 200，错误看 code", Some(200));
        check("不管成功还是失败，http 状态码都是 200", Some(200));
        check("The HTTP status is always 200.", Some(200));
        check("成功时 HTTP 状态码都是 200，失败看情况", None);
        check("HTTP 状态码都是 200，未登录是 401", None);
        check("除了登录失效，HTTP 状态码都是 200", None);
        check("HTTP 状态码 200", None);
        check("code 一律 200", None);
    }
}
