//! What a section's label says of it where no word for success or error stands there: a number, a code's name.

use super::prose::is_code;
use super::{CodeRow, Endpoint, Example, FieldNote, Section, SectionKind, inline_replies};
use crate::json::{Json, Step};
use crate::lexicon::Lexicon;
use crate::syntax::line;
use std::sync::Arc;

/// `<<< 603` beside a success is a failure, whatever its reply looks like. `<<< 404` is an HTTP status where the reply
/// does not have that number itself.
pub(super) fn settle(endpoint: &mut Endpoint, lexicon: &Lexicon) {
    told_failures(endpoint, lexicon);
    let labels: Vec<Option<String>> = endpoint.sections.iter().map(|section| code_of(section, lexicon)).collect();
    if labels.iter().all(Option::is_none) {
        return;
    }
    let is_fine = |at: usize, section: &Section| match &labels[at] {
        Some(code) => fine(code),
        None => section.kind == SectionKind::Success,
    };
    let fine_at = endpoint.sections.iter().enumerate().position(|(at, section)| is_fine(at, section));
    // Where nothing says success, the first section is one.
    let success = fine_at.unwrap_or(0);
    let mut rows: Vec<CodeRow> = Vec::new();
    for (at, section) in endpoint.sections.iter_mut().enumerate().filter(|(at, _)| *at != success) {
        let Some(code) = labels[at].as_deref().filter(|code| !fine(code)) else { continue };
        section.kind = SectionKind::Error;
        if let Some((_, words)) = section.label.as_deref().and_then(line::code_row) {
            rows.push(CodeRow {
                code: code.into(),
                text: words.to_owned(),
                when: String::new(),
                http_status: None,
                place: section.place,
            });
        }
        let shown = section.examples.iter().any(|example| holds(&example.value, code));
        if let Some(status) = http_failure(code).filter(|_| !shown && section.http_status.is_none()) {
            section.http_status = Some(status);
            section.examples.iter_mut().for_each(|example| example.http_status = Some(status));
        }
    }
    let known = |row: &CodeRow| endpoint.codes.get(&row.code).is_none();
    let more: Vec<CodeRow> = rows.into_iter().filter(known).collect();
    endpoint.codes.rows.extend(more);
}

/// `<<< 用户名被占用` over a reply that is no success: the label says when it comes.
fn told_failures(endpoint: &mut Endpoint, lexicon: &Lexicon) {
    let Some((first, others)) = endpoint.sections.split_first_mut() else { return };
    let Some(success) = first.examples.first().filter(|_| first.kind == SectionKind::Success) else { return };
    for section in others.iter_mut().filter(|section| section.kind == SectionKind::Success) {
        let Some(label) = section.label.clone().filter(|label| !lexicon.speaks_of("success-label", label)) else {
            continue;
        };
        let fails = |example: &Example| {
            inline_replies::differs(&success.value, &example.value)
                && inline_replies::means_failure(&example.value, &label, lexicon)
        };
        if !section.examples.is_empty() && section.examples.iter().all(fails) {
            section.kind = SectionKind::Error;
            let place = section.place;
            for example in &mut section.examples {
                example.comments.push(FieldNote { path: Vec::new(), text: label.clone(), place });
            }
        }
    }
}

/// The code that a label is, or begins with: `603`, `USER_NOT_FOUND`, `1002 余额不足`.
fn code_of(section: &Section, lexicon: &Lexicon) -> Option<String> {
    let label = section.label.as_deref()?;
    let says = |topic: &str| lexicon.speaks_of(topic, label);
    if says("success-label") || says("error-label") {
        return None;
    }
    let label = line::unquoted(label.trim_end_matches([':', '：']));
    let code = if is_code(label) { label } else { line::code_row(label).map(|(code, _)| code)? };
    Some(code.to_owned())
}

/// A code of success that needs no words: `0`, `200`, `201`.
fn fine(code: &str) -> bool {
    let number = code.parse::<u32>().ok();
    number.is_some_and(|number| number == 0 || (200..300).contains(&number))
}

fn http_failure(code: &str) -> Option<u16> {
    code.parse().ok().filter(|status| (400..600).contains(status))
}

/// Whether a reply has the code at its top or one level below.
fn holds(value: &Json, code: &str) -> bool {
    let members = |value: &Json| -> Vec<Arc<str>> {
        value.as_object().into_iter().flatten().map(|(key, _)| Arc::clone(key)).collect()
    };
    let is_it = |value: &Json| value.scalar_text() == Some(code);
    members(value).into_iter().any(|key| {
        value
            .at(&[Step::Key(key)])
            .is_some_and(|inner| is_it(inner) || inner.as_object().into_iter().flatten().any(|(_, value)| is_it(value)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, lower};
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    /// For each section, `s` or `e`, and its HTTP status.
    fn kinds(sections: &[(&str, &str)]) -> String {
        let body: Vec<String> = sections.iter().map(|(label, body)| format!("<<<\n{label}\n{body}\n")).collect();
        let body = body.concat();
        let text = format!("## 挂号\n+++\npost:/visit/book\n*day=1#\n{body}+++\n");
        let set = lower(vec![Source::new("a.md", text)], &Settings::default(), &Lexicon::standard());
        let shown = set.endpoints[0].sections.iter().map(|section| {
            let kind = if section.kind == super::SectionKind::Success { "s" } else { "e" };
            format!("{kind}{}", section.http_status.map(|status| status.to_string()).unwrap_or_default())
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_beside_a_success_are_failures() {
        let ok = ("success", r#"{"visit":{"no":7}}"#);
        assert_eq!(kinds(&[ok, ("703", r#"{"code":703,"error":"号源已满"}"#)]), "s e");
        assert_eq!(kinds(&[ok, ("FULL_DAY", r#"{"error":"号源已满"}"#)]), "s e");
        assert_eq!(kinds(&[ok, ("703 号源已满", r#"{"code":703,"error":"号源已满"}"#)]), "s e");
        assert_eq!(kinds(&[ok, ("404", r#"{"error":"没有这一天"}"#)]), "s e404");
        assert_eq!(kinds(&[("200", r#"{"no":7}"#), ("422", r#"{"error":"没有这一天"}"#)]), "s e422");
        assert_eq!(kinds(&[("401", r#"{"error":"请先登录"}"#), ("200", r#"{"no":7}"#)]), "e401 s");
    }

    #[test]
    fn numbers_that_fit_a_success_and_lone_sections_stay() {
        assert_eq!(kinds(&[("200", r#"{"no":7}"#), ("201", r#"{"no":8}"#)]), "s s");
        assert_eq!(kinds(&[("703", r#"{"no":7}"#)]), "s");
        assert_eq!(kinds(&[("success", r#"{"no":7}"#), ("没有号", r#"{"no":7}"#)]), "s s");
    }
}
