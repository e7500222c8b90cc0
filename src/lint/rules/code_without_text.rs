//! `code-without-text`: a table names a code and does not say what it means.
//!
//! Found in tables, and in lists where a bare code stands right below or above rows that have a text.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::source::Place;
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::warning("code-without-text", "a table names a code without saying what it means", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    let mut report = |place: Place, code: &str, endpoint: Option<&Endpoint>| {
        let help = "write what has gone wrong after it; that is what callers are told";
        let mut finding = RULE.at(place, format!("nothing says what {code} means")).help(help);
        finding.endpoint = endpoint.map(|endpoint| endpoint.id.clone());
        found.push(finding);
    };
    for row in look.codes.told.iter().filter(|row| row.text.is_empty()) {
        report(row.place, row.code, row.endpoint);
    }
    for endpoint in &look.set.endpoints {
        for note in endpoint.notes.iter().filter(|note| is_code(&note.text)) {
            let line = |place: Place| look.set.source(place.file).map_or(0, |source| source.line(place.span.start));
            let here = line(note.place);
            let beside = |row: Place| row.file == note.place.file && line(row).abs_diff(here) == 1;
            if endpoint.codes.rows.iter().any(|row| beside(row.place)) {
                report(note.place, note.text.trim(), Some(endpoint));
            }
        }
    }
}

/// Three digits or more: a single one may number a list.
fn is_code(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    (3..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_code_stands_alone() {
        let table = "## A\n+++\nget:/a\n+++\n\n| 错误码 | 说明 |\n| --- | --- |\n| 1001 | 参数错误 |\n| 1002 | |\n";
        assert_eq!(found("code-without-text", table), ["9: nothing says what 1002 means"]);
        let list = "## A\n+++\nget:/a\n<<<\nerror\n{\"code\":1001}\n1001 参数错误\n1002\n+++\n";
        assert_eq!(found("code-without-text", list), ["8: nothing says what 1002 means"]);
    }

    #[test]
    fn every_code_is_explained() {
        let list = "## A\n+++\nget:/a\n<<<\nerror\n{\"code\":1001}\n1001 参数错误\n1002 未登录\n+++\n";
        assert!(found("code-without-text", list).is_empty());
    }
}
