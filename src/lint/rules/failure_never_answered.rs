//! `failure-never-answered`: an endpoint shows a failure that none of its checks answers with: what its words mean was not
//! understood, or nothing that the endpoint does can lead to it.
//!
//! One finding for the set. Faults (`系统繁忙`) are no refusals: whoever tests asks for those. What only a table lists may belong to
//! other endpoints.

use crate::behavior::{Behavior, Failure, Origin, failure};
use crate::lexicon::Class;
use crate::lint::look::{Look, brief};
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule = Rule::info(
    "failure-never-answered",
    "an endpoint shows a failure that none of its checks answers with",
    Find::Set(find),
);

/// Failures that are shown beside the first.
const SHOWN: usize = 3;

fn find(look: &Look<'_>, found: &mut Findings) {
    let documented = failure::documented(look.set, look.lexicon);
    let mut lacking: Vec<(&Endpoint, &Failure)> = Vec::new();
    for ((endpoint, behavior), failures) in look.endpoints().zip(&documented) {
        let shown = failures.iter().filter(|known| known.origin == Origin::Example && !is_fault(known));
        for failure in shown.filter(|failure| !is_answered(behavior, failure)) {
            let same = |(known, other): &(&Endpoint, &Failure)| {
                known.id == endpoint.id && (&other.code, &other.message) == (&failure.code, &failure.message)
            };
            if !lacking.iter().rev().take_while(|(known, _)| known.id == endpoint.id).any(same) {
                lacking.push((endpoint, failure));
            }
        }
    }
    let Some(((_, first), others)) = lacking.split_first() else { return };
    let said = |failure: &Failure| {
        let words = brief(&failure.message);
        if failure.code.is_empty() { format!("`{words}`") } else { format!("{} {words}", failure.code) }
    };
    let message = match others.len() {
        0 => format!("nothing is ever refused with {}", said(first)),
        more => format!("nothing is ever refused with {}, nor with {more} more that are shown", said(first)),
    };
    let help = "say in its words when it is answered; `docsim explain` shows what each check \
                answers, and docsim.toml gives a check its code";
    let mut finding = RULE.at(first.place, message).help(help);
    for (_, failure) in others.iter().take(SHOWN) {
        finding = finding.related(failure.place, format!("nor with {}", said(failure)));
    }
    found.push(finding);
}

/// What says nothing of who calls or of what is sent can have reasons that no document tells: there is none left, it is too late.
fn is_fault(failure: &Failure) -> bool {
    use Class::{
        BadCredentials, BadPasscode, Exists, Expired, ForbiddenStatus, Missing, NotFound, NotLoggedIn, Unequal,
    };
    let is_told = |class: &Class| {
        let known =
            [NotLoggedIn, Missing, Exists, NotFound, BadCredentials, BadPasscode, Expired, ForbiddenStatus, Unequal];
        known.contains(class)
    };
    let looked = failure.subjects.iter().any(|subject| subject == "get");
    failure.message.is_empty() || looked || !failure.classes.first().is_none_or(is_told)
}

fn is_answered(behavior: &Behavior, failure: &Failure) -> bool {
    behavior.checks.iter().any(|check| {
        let own = check.failure.code == failure.code && check.failure.message == failure.message;
        let class = |class: &Class| check.classes.contains(class);
        // A table has the same failure in other words; and a message can have the place of a label that is filled in.
        let table = matches!(check.failure.origin, Origin::Table(_) | Origin::Set);
        let told = table && check.failure.code == failure.code && failure.classes.first().is_some_and(class);
        own || told
            || (check.failure.place == failure.place && check.failure.origin == failure.origin)
            || check.tries.as_ref().is_some_and(|_| failure.classes.contains(&Class::ForbiddenStatus))
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn what_no_check_answers_with_is_told() {
        let document = |failure: &str| {
            format!(
                "## 登录\n+++\npost:/login\n*phone=手机号 #\n*pwd=密码 #\n<<<\nsuccess\n{{\"code\":0,\"msg\":\"ok\"}}\n<<<\nerror\n{{\"code\":7,\"msg\":\"{failure}\"}}\n+++\n"
            )
        };
        let told = found("failure-never-answered", &document("请先登录"));
        assert_eq!(told, ["11: nothing is ever refused with 7 请先登录"]);
        assert!(found("failure-never-answered", &document("密码错误")).is_empty());
        assert!(found("failure-never-answered", &document("系统繁忙")).is_empty());
    }
}
