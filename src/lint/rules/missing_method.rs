//! `missing-method`: a request line is a path alone.
//!
//! Such an endpoint takes GET and POST, which no client can know. The help names the method that fits: POST where
//! something is sent or changed, else GET.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};

pub(super) const RULE: Rule =
    Rule::warning("missing-method", "a request line names no method, so GET and POST are both served", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    for (endpoint, behavior) in look.endpoints() {
        if endpoint.method.is_some() || endpoint.path.is_empty() {
            continue;
        }
        let line = look.set.text(endpoint.place);
        let sends = endpoint.params.iter().any(|param| param.listed && !param.discriminates);
        let method = if sends || look.changes(behavior) { "post" } else { "get" };
        let message = format!("no method stands before {line}, so GET and POST are both served");
        let help = if endpoint.fenced {
            format!("write {method}:{line}")
        } else {
            format!("write {} {line}", method.to_ascii_uppercase())
        };
        found.push(RULE.at(endpoint.place, message).help(help).at_endpoint(&endpoint.id));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    #[test]
    fn a_path_alone_has_no_method() {
        let document =
            "+++\nApi/a/token/用户token\n*name=姓名 #\n+++\n+++\nApi/b/token/用户token\n+++\n+++\nget:/c\n+++\n";
        assert_eq!(
            helped("missing-method", document),
            ["write post:Api/a/token/用户token", "write get:Api/b/token/用户token"]
        );
    }

    #[test]
    fn a_block_without_a_request_line_is_another_matter() {
        assert!(found("missing-method", "## A\n~~~[api]\n<<<\nsuccess\n{}\n~~~\n").is_empty());
    }
}
