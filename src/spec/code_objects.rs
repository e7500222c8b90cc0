//! Tables of codes in JSON form, which are no replies: `{"1001": "参数错误", "1002": "…"}`, `{"success": 0, "fail": 1}`.

use super::prose::is_code;
use super::{CodeRow, Endpoint, Example, SectionKind};
use crate::json::{Json, Step};
use crate::lexicon::{EnvelopeKey, Lexicon};
use std::collections::HashSet;
use std::sync::Arc;

/// `{"1001": "参数错误", "1002": "…"}`: every key a code, every value a text.
fn is_code_object(value: &Json) -> bool {
    value.as_object().is_some_and(|members| {
        !members.is_empty() && members.iter().all(|(key, value)| is_code(key) && value.as_str().is_some())
    })
}

/// Marks the failures that only give a number to each name, and gives their rows: what a comment says of each, else its name.
/// A reply can have nothing but numbers, too; but its members are called as replies call theirs.
pub(super) fn settle(endpoint: &mut Endpoint, lexicon: &Lexicon) {
    let shown: HashSet<Arc<str>> = endpoint
        .successes()
        .filter_map(|example| example.value.as_object())
        .flatten()
        .map(|(key, _)| Arc::clone(key))
        .collect();
    let mut rows = Vec::new();
    for section in endpoint.sections.iter_mut().filter(|section| section.kind == SectionKind::Error) {
        for example in section.examples.iter_mut().filter(|example| !example.is_table) {
            if names_numbers(example, &shown, lexicon) {
                example.is_table = true;
                rows.extend(numbered(example));
            }
        }
    }
    let known = |row: &CodeRow| endpoint.codes.get(&row.code).is_none();
    let more: Vec<CodeRow> = rows.into_iter().filter(known).collect();
    endpoint.codes.rows.extend(more);
}

fn names_numbers(example: &Example, shown: &HashSet<Arc<str>>, lexicon: &Lexicon) -> bool {
    let Some(members) = example.value.as_object() else { return false };
    let numbers: Vec<&str> = members.iter().filter_map(|(_, value)| number(value)).collect();
    let distinct: HashSet<&&str> = numbers.iter().collect();
    if members.len() < 2 || numbers.len() < members.len() || distinct.len() < members.len() {
        return false;
    }
    let is_outcome =
        |key: &str| ["success-label", "error-label"].iter().any(|topic| lexicon.is_nothing_but(topic, key));
    let of_reply = |key: &str| {
        let kinds = [EnvelopeKey::Code, EnvelopeKey::Message, EnvelopeKey::Data];
        !is_outcome(key) && kinds.iter().any(|kind| lexicon.envelope_rank(*kind, key).is_some())
    };
    if members.iter().any(|(key, _)| shown.contains(key) || of_reply(key)) {
        return false;
    }
    let said = members.iter().filter(|(key, _)| is_outcome(key) || !words(example, key).is_empty()).count();
    let small = numbers.iter().all(|number| number.trim_start_matches('-').len() == 1);
    said == members.len() && (members.len() > 2 || small)
}

fn number(value: &Json) -> Option<&str> {
    match value {
        Json::Number(lexeme) => Some(lexeme).filter(|lexeme| is_code(lexeme)).map(|lexeme| &**lexeme),
        _ => None,
    }
}

fn words(example: &Example, key: &Arc<str>) -> String {
    let path = [Step::Key(Arc::clone(key))];
    let said = example.comments.iter().filter(|note| note.path == path).map(|note| note.text.as_str());
    said.collect::<Vec<_>>().join(" ")
}

fn numbered(example: &Example) -> Vec<CodeRow> {
    let row = |(key, value): &(Arc<str>, Json)| {
        let code = number(value)?;
        let said = words(example, key);
        let text = if said.is_empty() { key.replace('_', " ") } else { said };
        let place = example.place_of(&[Step::Key(Arc::clone(key))]);
        Some(CodeRow { code: code.into(), text, when: String::new(), http_status: None, place })
    };
    example.value.as_object().into_iter().flatten().filter_map(row).collect()
}

/// Whether an example is one by its form alone.
pub(super) fn by_form(value: &Json) -> bool {
    is_code_object(value)
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, lower};
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    fn rows(failure: &str) -> String {
        let text = format!(
            "## 投稿\n+++\npost:/essay/send\n*text=1#\n<<<\nsuccess\n{{\"ret\":0,\"data\":{{}}}}\n<<<\nerror\n{failure}\n+++\n"
        );
        let set = lower(vec![Source::new("a.md", text)], &Settings::default(), &Lexicon::standard());
        let rows = set.endpoints[0].codes.rows.iter().map(|row| format!("{} {}", row.code, row.text));
        rows.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn numbers_by_names_are_codes() {
        assert_eq!(
            rows("{\"success\": 0, // 成功\n\"too_long\": 1, // 太长了\n\"no_right\": 2 // 没有权限\n}"),
            "0 成功|1 太长了|2 没有权限"
        );
        assert_eq!(rows("{\"success\": 0, \"fail\": 1}"), "0 success|1 fail");
        assert_eq!(rows("{\"1001\": \"太长了\", \"1002\": \"没有权限\"}"), "1001 太长了|1002 没有权限");
    }

    #[test]
    fn replies_with_numbers_are_none() {
        assert_eq!(rows("{\"ret\": 1, \"wait\": 30}"), "");
        assert_eq!(rows("{\"code\": 1003, \"total\": 0}"), "");
        assert_eq!(rows("{\"success\": 0, \"error\": 1003}"), "");
        assert_eq!(rows("{\"left\": 1, \"used\": 2, \"most\": 3}"), "");
    }
}
