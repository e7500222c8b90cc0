//! `<!-- docsim: allow missing-method, absolute-url -->` on a line before a heading or a block: the endpoint documented
//! next is not reported for these rules. A name that is no rule's is a finding itself, `unknown-rule`.

use super::Rule;
use super::rules::elsewhere::UNKNOWN_RULE;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Source};
use crate::spec::DocSet;

/// One name in one comment.
struct Allowed<'a> {
    rule: &'a str,
    place: Place,
}

/// The findings that no comment allows, and one for each name in a comment that is no rule's.
pub(super) fn without_allowed(set: &DocSet, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for (at, source) in set.sources.iter().enumerate() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        for allowed in comments(source, file) {
            if Rule::named(allowed.rule).is_none() {
                findings.push(unknown(&allowed));
                continue;
            }
            let mut own = set.endpoints.iter().filter(|endpoint| endpoint.block.file == file);
            if let Some(endpoint) = own.find(|endpoint| endpoint.block.span.start >= allowed.place.span.start) {
                findings.retain(|found| {
                    found.rule != allowed.rule || found.endpoint.as_deref() != Some(endpoint.id.as_str())
                });
            }
        }
    }
    findings
}

fn comments(source: &Source, file: FileId) -> impl Iterator<Item = Allowed<'_>> {
    let allowed = source.text().lines().filter_map(rules_allowed);
    let rules = allowed.flat_map(|names| names.split([',', ' '])).filter(|name| !name.is_empty());
    rules.map(move |rule| Allowed { rule, place: Place { file, span: source.span_of(rule) } })
}

/// What stands between `<!-- docsim: allow` and `-->`.
fn rules_allowed(line: &str) -> Option<&str> {
    let inside = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let names = inside.strip_prefix("docsim:")?.trim_start().strip_prefix("allow")?;
    names.starts_with(char::is_whitespace).then_some(names)
}

fn unknown(allowed: &Allowed<'_>) -> Diagnostic {
    let help = match Rule::nearest(allowed.rule) {
        Some(near) => format!("write {}", near.name),
        None => "write the name that a finding shows in brackets".to_owned(),
    };
    UNKNOWN_RULE.at(allowed.place, format!("there is no rule `{}` to allow", allowed.rule)).help(help)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    fn block(path: &str) -> String {
        format!("## A\n+++\n{path}\n<<<\nsuccess\n{{}}\n<<<\nerror\n{{}}\n+++\n")
    }

    #[test]
    fn a_comment_allows_rules_for_the_endpoint_that_follows() {
        let document =
            format!("{}<!-- docsim: allow no-such, missing-method -->\n{}{}", block("/a"), block("/b"), block("/c"));
        let lines = |rule| {
            found(rule, &document).iter().map(|found| found.split(':').next().map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(lines("missing-method"), [Some("3".to_owned()), Some("24".to_owned())]);
        assert_eq!(lines("unknown-rule"), [Some("11".to_owned())]);
    }

    #[test]
    fn a_name_that_is_no_rules_is_reported() {
        let document = format!("<!-- docsim: allow mising-method -->\n{}", block("/a"));
        assert_eq!(found("unknown-rule", &document), ["1: there is no rule `mising-method` to allow"]);
        assert_eq!(found("missing-method", &document).len(), 1);
    }
}
