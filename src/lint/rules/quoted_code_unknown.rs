//! `quoted-code-unknown`: the quote above a block names a code, and nothing in the set says what it means.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::{Endpoint, envelope::Envelope};

pub(super) const RULE: Rule = Rule::warning(
    "quoted-code-unknown",
    "a quote names a code that no table and no example explains",
    Find::Endpoint(find),
);

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for quoted in endpoint.quoted.iter().filter(|quoted| quoted.text.is_empty()) {
        let told = look.codes.told.iter().any(|row| row.code == &*quoted.code && !row.text.is_empty());
        if !told && !shown(look, &quoted.code) {
            let message = format!("nothing says what {} means", quoted.code);
            let help = format!("list {} with its text in the endpoint's table", quoted.code);
            found.push(RULE.at(quoted.place, message).help(help));
        }
    }
}

fn shown(look: &Look<'_>, code: &str) -> bool {
    look.set.endpoints.iter().any(|endpoint| {
        let envelope: &Envelope = look.set.envelope(endpoint);
        endpoint.errors().any(|example| envelope.code_of(&example.value).is_some_and(|(_, known)| known == code))
    })
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
