//! The members of an envelope that no failure shows and no known name tells: what all successes have at the top is a code where it
//! says the same in each, and words where it holds a sentence or nothing.
//!
//! In: an envelope as it was learnt, and the successes. Out: the same with what was left open filled in, where only one member can
//! be meant.

use super::envelope::{Envelope, Path};
use crate::json::{Json, Step};
use crate::lexicon::{EnvelopeKey, Lexicon, compact};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A member that all successes have at the top, in the order of the first.
struct Shared<'e> {
    key: Arc<str>,
    first: &'e Json,
    values: BTreeSet<&'e str>,
    strings: bool,
}

pub(super) fn settle(envelope: &mut Envelope, successes: &[&Json], lexicon: &Lexicon) {
    let open = envelope.marker.is_none() || envelope.code.is_empty() || envelope.message.is_empty();
    if successes.len() < FEWEST || !open {
        return;
    }
    let shared = shared(successes);
    let path = |key: &Arc<str>| -> Path { vec![Step::Key(Arc::clone(key))] };
    if envelope.marker.is_none() && envelope.code.is_empty() {
        let points = |shared: &&Shared<'_>| {
            let text = shared.values.first().copied().unwrap_or_default();
            let plain =
                shared.values.len() == 1 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
            let taken =
                envelope.message.contains(&path(&shared.key)) || sounds(lexicon, EnvelopeKey::Message, &shared.key);
            let named = usize::from(sounds(lexicon, EnvelopeKey::Code, &shared.key));
            let says = lexicon.is_nothing_but("success-label", text) || SUCCEEDS.contains(&text) || is_zero(text);
            (plain && !taken).then_some(named * 2 + usize::from(says)).filter(|points| *points > 0)
        };
        let mut best: Option<(usize, &Shared<'_>)> = None;
        for one in &shared {
            if let Some(points) = points(&one)
                && best.is_none_or(|(most, _)| points > most)
            {
                best = Some((points, one));
            }
        }
        if let Some((_, found)) = best {
            envelope.marker = Some(path(&found.key));
            envelope.success = vec![found.first.clone()];
            envelope.code = vec![path(&found.key)];
        }
    }
    if let Some(marker) = envelope.marker.clone().filter(|_| envelope.code.is_empty()) {
        envelope.code = vec![marker];
    }
    if envelope.message.is_empty() {
        let taken = |key: &Arc<str>| {
            envelope.marker.as_ref() == Some(&path(key))
                || envelope.code.contains(&path(key))
                || envelope.data.as_ref() == Some(key)
        };
        let is_words = |text: &&str| {
            text.is_empty() || !text.is_ascii() || text.contains(' ') || lexicon.is_nothing_but("success-label", text)
        };
        let fits = |one: &&Shared<'_>| !taken(&one.key) && one.strings && one.values.iter().all(is_words);
        let candidates: Vec<&Shared<'_>> = shared.iter().filter(fits).collect();
        let named = candidates.iter().copied().find(|one| sounds(lexicon, EnvelopeKey::Message, &one.key));
        let only = if let [only] = candidates[..] { Some(only) } else { None };
        if let Some(found) = named.or(only) {
            envelope.message = vec![path(&found.key)];
        }
    }
}

/// `失败时多一个 why，是失败原因`: no success has the member, but a line says what it is for.
pub(super) fn add_told(envelope: &mut Envelope, keys: &[String]) {
    let path = |key: &str| -> Path { vec![Step::Key(key.into())] };
    let is_free = |key: &&String| {
        let path = path(key);
        envelope.marker.as_ref() != Some(&path)
            && !envelope.code.contains(&path)
            && envelope.data.as_deref() != Some(key.as_str())
    };
    if envelope.message.is_empty()
        && let Some(key) = keys.iter().find(is_free)
    {
        envelope.message = vec![path(key)];
    }
}

/// The member of which a line says that it carries the words: `why 是失败原因`, `| why | 失败原因 |`.
pub(super) fn message_key<'t>(line: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let is_name = |word: &&str| {
        word.len() > 1
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && (lexicon.envelope_rank(EnvelopeKey::Code, word).is_none()
                || lexicon.envelope_rank(EnvelopeKey::Message, word).is_some())
            && !lexicon.type_names().iter().any(|name| name == word)
    };
    let words = |text: &'t str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(is_name);
    if let Some(row) = line.trim().strip_prefix('|') {
        let (first, rest) = row.split_once('|')?;
        let name = first.trim_matches(|c: char| c.is_whitespace() || c == '`' || c == '*');
        let told = lexicon.speaks_of("told-message", rest);
        return words(first).next().filter(|word| *word == name && told);
    }
    if line.contains(['{', '/']) {
        return None;
    }
    line.split([',', '，', '。', ';', '；']).find_map(|clause| {
        let end = lexicon.before("told-message", clause)?;
        let mut named = words(&clause[..end]);
        named.next().filter(|_| named.next().is_none())
    })
}

fn shared<'e>(successes: &[&'e Json]) -> Vec<Shared<'e>> {
    let Some((first, others)) = successes.split_first() else { return Vec::new() };
    let members = first.as_object().into_iter().flatten();
    let found = members.filter_map(|(key, first)| {
        let mut values: BTreeSet<&str> = BTreeSet::new();
        let mut strings = first.as_str().is_some();
        values.insert(first.scalar_text()?);
        for other in others {
            let value = other.get(key)?;
            strings &= value.as_str().is_some();
            values.insert(value.scalar_text()?);
        }
        Some(Shared { key: Arc::clone(key), first, values, strings })
    });
    found.collect()
}

/// Whether a key is one that is known for it with more before or behind: `resultMsg`, `apiCode`.
fn sounds(lexicon: &Lexicon, kind: EnvelopeKey, key: &str) -> bool {
    if lexicon.envelope_rank(kind, key).is_some() {
        return true;
    }
    let name = compact(key);
    lexicon.envelope_keys(kind).iter().map(|known| compact(known)).any(|known| {
        known.len() > 2 && name.len() > known.len() && (name.ends_with(&known) || name.starts_with(&known))
    })
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'0')
}

/// Of fewer successes what they have in common says little.
const FEWEST: usize = 2;
const SUCCEEDS: [&str; 4] = ["1", "200", "true", "yes"];

#[cfg(test)]
mod tests {
    use super::super::{Settings, lower};
    use crate::json::Step;
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::envelope::Path;

    fn check(replies: [&str; 3], code: &str, message: &str) {
        let blocks: String = replies.iter().enumerate().fold(String::new(), |text, (at, reply)| {
            text + &format!("## 接口{at}\n+++\npost:/x/{at}\n<<<\nsuccess\n{reply}\n+++\n\n")
        });
        let set = lower(vec![Source::new("a.md", blocks)], &Settings::default(), &Lexicon::standard());
        let envelope = &set.envelopes[0];
        let name = |path: Option<&Path>| match path.and_then(|path| path.first()) {
            Some(Step::Key(key)) => key.to_string(),
            _ => "-".to_owned(),
        };
        assert_eq!(
            (name(envelope.code.first()), name(envelope.message.first())),
            (code.to_owned(), message.to_owned())
        );
    }

    #[test]
    fn lines_say_which_member_has_the_words() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(super::message_key(line, &Lexicon::standard()), expected, "{line}");
        };
        check("失败时 why 是失败原因", Some("why"));
        check("| why | string | 错误提示 |", Some("why"));
        check("ok 不为 1 时，多一个 `why` 字段，里面是出错原因", None);
        check("出错时 cuowu 里是给用户看的提示", Some("cuowu"));
        check("参数错误的原因见下", None);
    }

    #[test]
    fn members_that_only_successes_show() {
        check(
            [
                r#"{"err":0,"zi":"","data":{"a":1}}"#,
                r#"{"err":0,"zi":"","data":null}"#,
                r#"{"err":0,"zi":"","data":[1]}"#,
            ],
            "err",
            "zi",
        );
        check(
            [
                r#"{"retCode":"0000","retInfo":"成功"}"#,
                r#"{"retCode":"0000","retInfo":"成功","x":2}"#,
                r#"{"retCode":"0000","retInfo":"好"}"#,
            ],
            "retCode",
            "retInfo",
        );
        check(
            [
                r#"{"jg":200,"shuoming":"操作成功"}"#,
                r#"{"jg":200,"shuoming":"ok"}"#,
                r#"{"jg":200,"shuoming":"已登录"}"#,
            ],
            "jg",
            "shuoming",
        );
        check([r#"{"id":1,"name":"甲"}"#, r#"{"total":3}"#, r#"{"id":2,"name":"乙"}"#], "-", "-");
        check([r#"{"version":"v2","a":"甲"}"#, r#"{"version":"v2"}"#, r#"{"version":"v2"}"#], "-", "-");
    }
}
