//! `get-with-body`: a GET changes what its parameters carry.
//!
//! Caches, prefetching browsers and logs treat a GET as a mere question. What an endpoint keeps is what it was understood
//! to do; what only names a record or the caller is not kept.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};

pub(super) const RULE: Rule = Rule::warning("get-with-body", "a GET writes what its parameters carry", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    for (endpoint, behavior) in look.endpoints().filter(|(endpoint, _)| endpoint.method.as_deref() == Some("GET")) {
        let Some(input) = look.kept(behavior).next() else { continue };
        let line = look.set.text(endpoint.place);
        let rest = line.split_once([':', '：']).map_or(line, |(_, rest)| rest);
        let message = format!("this GET keeps what `{}` carries", input.name);
        let help = if endpoint.fenced {
            format!("write post:{rest}, here and in the backend")
        } else {
            "write POST, here and in the backend".to_owned()
        };
        found.push(
            RULE.at(endpoint.place, message).help(help).related(input.place, "carried here").at_endpoint(&endpoint.id),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    #[test]
    fn a_get_writes() {
        let document =
            "## 修改昵称\n+++\nget:/nick?token=用户token\n*nickname=昵称 #\n<<<\nsuccess\n{\"code\":1}\n+++\n";
        assert_eq!(helped("get-with-body", document), ["write post:/nick?token=用户token, here and in the backend"]);
        assert!(found("get-with-body", &document.replace("get:", "post:")).is_empty());
    }

    #[test]
    fn a_get_asks_or_carries_nothing() {
        assert!(found("get-with-body", "## 资质列表\n+++\nget:/q\ntype=1#类型\n+++\n").is_empty());
        assert!(found("get-with-body", "## 退出登录\n+++\nget:/q?token=用户token\n+++\n").is_empty());
    }
}
