//! `operation-unknown`: nothing tells what an endpoint does, so that it checks what is sent and answers its example.
//!
//! One finding for the set.

use crate::behavior::Confidence;
use crate::lexicon::Operation;
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};

pub(super) const RULE: Rule =
    Rule::info("operation-unknown", "nothing tells what an endpoint does; it answers its example", Find::Set(find));

/// Endpoints that are shown beside the first.
const SHOWN: usize = 3;

fn find(look: &Look<'_>, found: &mut Findings) {
    let unknown = look.endpoints().filter(|(endpoint, behavior)| {
        behavior.operation == Operation::Answer
            && behavior.operation_because.confidence == Confidence::Guess
            && endpoint.method.as_deref() != Some("GET")
            && !endpoint.path.is_empty()
    });
    let unknown: Vec<_> = unknown.map(|(endpoint, _)| endpoint).collect();
    let Some((first, others)) = unknown.split_first() else { return };
    let also = match others.len() {
        0 => String::new(),
        more => format!(", nor {more} more"),
    };
    let message = format!("nothing tells what `{}` does{also}: it answers its example and changes nothing", first.id);
    let help = "name the deed in its title (`Add an address`), or give `operation` in docsim.toml";
    let mut finding = RULE.at(first.place, message).help(help);
    for other in others.iter().take(SHOWN) {
        finding = finding.related(other.place, format!("nor `{}`", other.id));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn what_has_no_words_for_what_it_does() {
        let document = |title: &str| format!("## {title}\n+++\npost:/a/b\n*x=一#\n<<<\nsuccess\n{{\"code\":0}}\n+++\n");
        assert_eq!(found("operation-unknown", &document("接口一")).len(), 1);
        let sender = "## 发送短信验证码\n+++\npost:/a/b\n*phone=手机号#\n<<<\nsuccess\n{\"code\":0}\n+++\n";
        assert!(found("operation-unknown", sender).is_empty());
    }
}
