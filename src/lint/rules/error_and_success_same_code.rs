//! `error-and-success-same-code`: an endpoint's failure has the code of its success, so that a client needs another member
//! to tell the two apart.
//!
//! Where the code does tell in the rest of the set, the failure was probably copied: that is `error-looks-like-success`.

use super::error_looks_like_success::told_members;
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Example;

pub(super) const RULE: Rule = Rule::warning(
    "error-and-success-same-code",
    "an endpoint answers success and failure with one code",
    Find::Set(find),
);

fn find(look: &Look<'_>, found: &mut Findings) {
    let told = told_members(look);
    for endpoint in &look.set.endpoints {
        let Some(path) = look.set.envelope(endpoint).code.first() else { continue };
        let code = |value: &crate::json::Json| value.at(path).and_then(|code| code.scalar_text()).map(str::to_owned);
        let successes: Vec<_> =
            endpoint.successes().filter_map(|example| Some((code(&example.value)?, example))).collect();
        let copied = |failure: &Example| told.iter().any(|member| member.tells_against(failure));
        let mut failures = endpoint.errors().filter(|example| !example.is_table && !copied(example));
        let same = failures.find_map(|failure| {
            let code = code(&failure.value)?;
            let success = successes.iter().find(|(of_success, _)| *of_success == code)?.1;
            Some((code, success, failure))
        });
        if let Some((code, success, failure)) = same {
            let message = format!("success and failure both have the code {code}");
            found.push(
                RULE.at(endpoint.place, message)
                    .help("give failures codes of their own, or clients must tell them by their words")
                    .related(success.place_of(path), "in the success")
                    .related(failure.place_of(path), "in the failure")
                    .at_endpoint(&endpoint.id),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    fn document(success: &str, failure: &str) -> String {
        format!("+++\nget:/a\n<<<\nsuccess\n{success}\n<<<\nerror\n{failure}\n+++\n")
    }

    #[test]
    fn one_code_for_both() {
        let same = document(r#"{"code":200,"msg":"success"}"#, r#"{"code":200,"msg":"error"}"#);
        assert_eq!(found("error-and-success-same-code", &same), ["2: success and failure both have the code 200"]);
        let other = document(r#"{"code":200,"msg":"success"}"#, r#"{"code":"201","msg":"error"}"#);
        assert!(found("error-and-success-same-code", &other).is_empty());
    }

    #[test]
    fn a_copied_failure_is_reported_once() {
        let good: String = (0..4)
            .map(|at| {
                document(r#"{"code":0,"msg":"ok"}"#, &format!(r#"{{"code":4{at},"msg":"x"}}"#))
                    .replace("/a", &format!("/a{at}"))
            })
            .collect();
        let copied = good + &document(r#"{"code":0,"msg":"ok"}"#, r#"{"code":0,"msg":"y"}"#);
        assert!(found("error-and-success-same-code", &copied).is_empty());
        assert_eq!(found("error-looks-like-success", &copied).len(), 1);
    }
}
