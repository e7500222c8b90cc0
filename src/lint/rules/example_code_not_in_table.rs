//! `example-code-not-in-table`: a failure has a code that its endpoint's table does not list.
//!
//! Only where the endpoint has a table. A code of a table for the whole set is known, and so is one that the quote above
//! the block names.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule = Rule::warning(
    "example-code-not-in-table",
    "a failure has a code that the endpoint's table does not list",
    Find::Endpoint(find),
);

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    let Some(last) = endpoint.codes.rows.last() else { return };
    let envelope = look.set.envelope(endpoint);
    for example in endpoint.errors().filter(|example| !example.is_table) {
        let Some((path, code)) = envelope.code_of(&example.value) else { continue };
        let known = endpoint.codes.get(code).is_some()
            || endpoint.quoted.iter().any(|row| &*row.code == code)
            || look.set.tables.iter().any(|table| table.get(code).is_some());
        if !known {
            let words = envelope.message_of(&example.value).map_or("", |(_, text)| text);
            let help = format!("add {} to the table, or correct the example", format!("{code} {words}").trim());
            let message = format!("the code {code} is not in the endpoint's table");
            found.push(RULE.at(example.place_of(path), message).help(help).related(last.place, "the table ends here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    fn document(table: &str) -> String {
        format!(
            "## A\n+++\nget:/a\n<<<\nsuccess\n{{\"code\":0,\"msg\":\"ok\"}}\n<<<\nerror\n{{\"code\":1012,\"msg\":\"认证失败\"}}\n{table}+++\n"
        )
    }

    #[test]
    fn a_code_is_missing() {
        let odd = document("999 用户未登录\n996 获取失败\n");
        assert_eq!(found("example-code-not-in-table", &odd), ["9: the code 1012 is not in the endpoint's table"]);
    }

    #[test]
    fn a_code_is_listed_or_there_is_no_table() {
        let rule = "example-code-not-in-table";
        assert!(found(rule, &document("999 用户未登录\n1012 认证失败\n")).is_empty());
        assert!(found(rule, &document("")).is_empty());
        let quoted = document("999 用户未登录\n").replace("## A\n", "## A\n>错误码:1012\n");
        assert!(found(rule, &quoted).is_empty());
    }
}
