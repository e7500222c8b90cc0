//! `get-with-body`: a GET changes what its parameters carry.
//!
//! Caches, prefetching browsers and logs treat a GET as a mere question. What only names a record or the caller carries
//! nothing.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};

pub(super) const RULE: Rule = Rule::warning("get-with-body", "a GET writes what its parameters carry", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    for (endpoint, writes) in look.endpoints() {
        if !writes || endpoint.method.as_deref() != Some("GET") {
            continue;
        }
        let mut carried = look.carried(endpoint);
        if let Some(param) = carried.next() {
            let line = look.set.text(endpoint.place);
            let rest = line.split_once([':', '：']).map_or(line, |(_, rest)| rest);
            let message = format!("this GET keeps what `{}` carries", param.name);
            let help = format!("write post:{rest}, here and in the backend");
            found.push(
                RULE.at(endpoint.place, message)
                    .help(help)
                    .related(param.place, "carried here")
                    .at_endpoint(&endpoint.id),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    #[test]
    fn a_get_writes() {
        let document = "## 资质认证\n+++\nget:Api/q/token/用户token\n*picture=从业资格证 #\n+++\n";
        assert_eq!(helped("get-with-body", document), ["write post:Api/q/token/用户token, here and in the backend"]);
        assert!(found("get-with-body", &document.replace("get:", "post:")).is_empty());
    }

    #[test]
    fn a_get_asks_or_carries_nothing() {
        assert!(found("get-with-body", "## 资质列表\n+++\nget:/q\ntype=1#类型\n+++\n").is_empty());
        assert!(found("get-with-body", "## 资质认证\n+++\nget:/q?token=用户token\n*id=1#\n+++\n").is_empty());
    }
}
