//! `quoted-code-unknown`: the quote above a block names a code, and nothing in the set says what it means.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule = Rule::warning(
    "quoted-code-unknown",
    "a quote names a code that no table and no example explains",
    Find::Endpoint(find),
);

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for quoted in endpoint.quoted.iter().filter(|quoted| quoted.text.is_empty()) {
        if !look.is_explained(&quoted.code) {
            let message = format!("nothing says what {} means", quoted.code);
            let help = format!("list {} with its text in the endpoint's table", quoted.code);
            found.push(RULE.at(quoted.place, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_quoted_code_is_explained_nowhere() {
        let document = "## A\n>可能返回的错误码:1006,1010,1011\n+++\nget:/a\n<<<\nsuccess\n{\"code\":0,\"msg\":\"ok\"}\n<<<\nerror\n{\"code\":1006,\"msg\":\"x\"}\n1010 账号密码错误\n+++\n";
        assert_eq!(found("quoted-code-unknown", document), ["2: nothing says what 1011 means"]);
        let told = document.replace("1006,1010,1011", "1011 账号不存在、1012");
        assert_eq!(found("quoted-code-unknown", &told), ["2: nothing says what 1012 means"]);
    }
}
