//! Failures that a sentence shows whole: `用户名被占用返回 {"ok":false,"why":"用户名已存在"}，密码少于6位返回 {…}`.
//!
//! In: a line outside of the sections. Out: each reply in it with the words for when it comes. A reply that is like a success in
//! all that is no sentence is none that fails: `没有数据返回 {"code":0,"list":[]}`.

use super::prose::Reader;
use super::{Endpoint, FieldNote, Section, SectionKind, example, sentence};
use crate::json::Json;
use crate::lexicon::Lexicon;
use crate::source::Place;
use crate::syntax::json;

/// A reply in a line, and when it comes.
struct Told<'t> {
    when: &'t str,
    reply: &'t str,
}

/// The replies of failures in a line, in turn.
fn told<'t>(text: &'t str, lexicon: &Lexicon) -> Vec<Told<'t>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let Some(close) = closing(&text[open..]).map(|length| open + length) else { break };
        let (before, reply) = (&text[from..open], &text[open..close]);
        from = close;
        // `{id}` is no reply.
        if !reply.contains(':') || !reply.contains(['"', '\'']) {
            continue;
        }
        let when = sentence::condition(before, lexicon);
        let when =
            when.filter(|when| !["on-success", "request-label"].iter().any(|topic| lexicon.speaks_of(topic, when)));
        found.extend(when.map(|when| Told { when, reply }));
    }
    found
}

/// The bytes up to and with the brace that closes the first.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at + 1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The replies of failures in a line that is no endpoint's own: they show what replies look like.
pub(super) fn in_line(text: &str, lexicon: &Lexicon) -> Vec<Json> {
    let fails = |told: &Told<'_>| {
        let value = json::parse(told.reply).values.first()?.to_json();
        means_failure(&value, told.when, lexicon).then_some(value)
    };
    let found: Vec<Json> = told(text, lexicon).iter().filter_map(fails).collect();
    if found.is_empty() { form(text, lexicon).into_iter().collect() } else { found }
}

/// `出错时 body 长这样 {…}`, `成功 {…}，失败 {"success":false,"code":"...","message":"..."}`: what a failure looks like, whatever
/// it says.
fn form(text: &str, lexicon: &Lexicon) -> Option<Json> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let close = closing(&text[open..]).map_or(text.len(), |length| open + length);
        let (before, reply) = (&text[from..open], &text[open..close]);
        from = close;
        let fails = ["error-label", "on-failure"].iter().any(|topic| lexicon.speaks_of(topic, before));
        if !fails || lexicon.speaks_of("on-success", before) {
            continue;
        }
        let value = json::parse(reply).values.first().map(json::Value::to_json);
        let is_form = |value: &Json| means_failure(value, "", lexicon) || has_words(value);
        if let Some(value) = value.filter(is_form) {
            return Some(value);
        }
    }
    None
}

/// A reply in a fence of its own, below the line that says when it comes or that it is of what fails.
pub(super) fn below(said: &str, body: &str, lexicon: &Lexicon) -> Option<Json> {
    let body = body.trim();
    let whole = body.starts_with('{') && closing(body) == Some(body.len());
    let clause = said.trim_end_matches(|c: char| !c.is_alphanumeric());
    let clause = clause.rsplit(['，', ',', '。', '；', ';']).next().unwrap_or_default();
    let is_other =
        ["on-success", "success-label", "request-label"].iter().any(|topic| lexicon.speaks_of(topic, clause));
    let value = json::parse(body).values.first().filter(|_| whole && !is_other)?.to_json();
    let is_form = ["error-label", "on-failure"].iter().any(|topic| lexicon.speaks_of(topic, clause));
    (means_failure(&value, clause, lexicon) || (is_form && has_words(&value))).then_some(value)
}

/// Whether a reply has two members, one of them words.
fn has_words(value: &Json) -> bool {
    let members = || value.as_object().into_iter().flatten();
    members().nth(1).is_some() && members().any(|(_, value)| value.as_str().is_some())
}

/// Adds what a line around an endpoint's block shows of its failures.
pub(super) fn add(endpoint: &mut Endpoint, reader: &Reader<'_>, text: &str) {
    for told in told(text, reader.lexicon) {
        let parsed = json::parse(told.reply);
        let Some(value) = parsed.values.first() else { continue };
        let offset = reader.source.span_of(told.reply).start as usize;
        let at = |span: crate::source::Span| Place { file: reader.file, span: span.shifted(offset) };
        let mut example = example::read(value, None, &at);
        let fails = means_failure(&example.value, told.when, reader.lexicon);
        if !fails || !endpoint.successes().all(|success| differs(&success.value, &example.value)) {
            continue;
        }
        let place = reader.place(told.when);
        example.comments.push(FieldNote { path: Vec::new(), text: told.when.to_owned(), place });
        endpoint.sections.push(Section {
            label: Some(told.when.to_owned()),
            kind: SectionKind::Error,
            place,
            examples: vec![example],
            http_status: None,
            words_only: false,
        });
    }
}

/// Whether a short reply says itself what goes wrong, or the words before it do.
pub(super) fn means_failure(value: &Json, when: &str, lexicon: &Lexicon) -> bool {
    let says = |text: &str| !lexicon.meaning(text).classes.is_empty();
    let members = || value.as_object().into_iter().flatten().map(|(_, value)| value);
    let sentences = members().filter_map(Json::as_str).filter(|text| is_sentence(text)).collect::<Vec<_>>();
    !sentences.is_empty() && (says(when) || sentences.iter().any(|text| says(text)))
}

/// Whether a reply has another value than a success in a member that is no sentence, or no scalar in common with it.
pub(super) fn differs(success: &Json, reply: &Json) -> bool {
    let scalars =
        || success.as_object().into_iter().flatten().filter_map(|(key, value)| Some((key, value.scalar_text()?)));
    let of_reply = |key: &str| reply.get(key).and_then(Json::scalar_text);
    let both: Vec<(&str, &str)> = scalars().filter_map(|(key, text)| Some((text, of_reply(key)?))).collect();
    both.is_empty() || both.iter().any(|(one, other)| one != other && !is_sentence(one) && !is_sentence(other))
}

fn is_sentence(text: &str) -> bool {
    !text.is_ascii() || text.trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, lower};
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    /// What the failures of the first endpoint show.
    fn failures(line: &str) -> Vec<String> {
        let text = format!(
            "## 注册\n{line}\n\n~~~[api]\npost:/join\n*name#用户名\n*pass#密码\n<<<\nsuccess\n{{\"ok\":true,\"id\":5}}\n~~~\n"
        );
        let set = lower(vec![Source::new("a.md", text)], &Settings::default(), &Lexicon::standard());
        let shown = set.endpoints[0].errors().map(|example| example.value.to_string());
        shown.collect()
    }

    #[test]
    fn sentences_show_replies() {
        let taken = r#"{"ok":false,"why":"用户名已存在"}"#;
        let short = r#"{"ok":false,"why":"密码太短"}"#;
        assert_eq!(failures(&format!("用户名被占用返回 `{taken}`，密码少于6位返回 `{short}`")), [taken, short]);
        assert_eq!(failures(&format!("用户名被占用：{taken}；密码少于6位：{short}")), [taken, short]);
        assert_eq!(failures(&format!("> 用户名重复 → {taken}")), [taken]);
        assert_eq!(failures(&format!("用户名已经有人用了，返回{taken}。")), [taken]);
        assert_eq!(failures(r#"没有数据返回 {"ok":true,"list":[]}"#), Vec::<String>::new());
        assert_eq!(failures(r#"注册成功返回 {"ok":true,"why":"已注册"}"#), Vec::<String>::new());
        assert_eq!(failures("不存在返回到 /join/{id}"), Vec::<String>::new());
    }
}
