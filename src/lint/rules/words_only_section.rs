//! `words-only-section`: a section holds words and no reply in JSON.
//!
//! A list of codes in place of a failure is something to answer from, and no finding. What the template left is
//! `template-text`.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::source::Span;
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::warning("words-only-section", "a section holds words and no reply", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for (at, section) in endpoint.sections.iter().enumerate().filter(|(_, section)| section.words_only) {
        let next = endpoint.sections.get(at + 1).map_or(endpoint.block.span.end, |next| next.place.span.start);
        let extent = Span { start: section.place.span.start, end: next };
        let within = |span: Span| extent.start <= span.start && span.end <= extent.end;
        if endpoint.codes.rows.iter().any(|row| within(row.place.span)) {
            continue;
        }
        let name = section.label.as_deref().unwrap_or("this section");
        let help = "write the JSON of a reply; words may stand in its comments, or outside of the block";
        found.push(RULE.at(section.place, format!("{name} shows no reply in JSON")).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn words_are_no_reply() {
        let document = |body: &str| format!("+++\nget:/a\n<<<\nsuccess\n{{}}\n<<<\nerror\n{body}\n+++\n");
        let words = ["7: error shows no reply in JSON"];
        assert_eq!(found("words-only-section", &document("失败时看 msg")), words);
        assert!(found("words-only-section", &document("1001 参数错误\n1002 未登录")).is_empty());
        assert!(found("words-only-section", &document("{\"a\": 1}\n说明")).is_empty());
    }
}
