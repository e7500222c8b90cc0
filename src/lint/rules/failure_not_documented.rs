//! `failure-not-documented`: endpoints refuse what their documents name no failure for, and so answer with another endpoint's,
//! or with one that was put together.
//!
//! One finding for the whole set: nobody documents every failure of every endpoint, so its author reads what is lacking, how
//! often and where, and `explain` says it of each check. What a table for the whole set lists is documented. An endpoint
//! that documents no failure at all is `no-error-example`; the login's code is `login-code-missing` where that rule finds it.

use super::login_code_missing;
use crate::behavior::{Behavior, Check, Demand, Origin};
use crate::lint::look::{Look, brief};
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule = Rule::info(
    "failure-not-documented",
    "endpoints name no failure for what they refuse, and answer another's or one that was put together",
    Find::Set(find),
);

/// Endpoints that are shown beside the first; `explain` shows the others.
const SHOWN: usize = 3;

fn find(look: &Look<'_>, found: &mut Findings) {
    let told = login_code_missing::lacking(look).map_or_else(Vec::new, |(endpoints, _)| endpoints);
    let endpoints = look.endpoints().filter(|(endpoint, _)| documents_failures(endpoint));
    let lacking: Vec<(&Endpoint, Vec<Case>)> = endpoints
        .map(|(endpoint, behavior)| (endpoint, cases(behavior, told.iter().any(|known| known.id == endpoint.id))))
        .filter(|(_, cases)| !cases.is_empty())
        .collect();
    let Some(((first, cases), others)) = lacking.split_first() else { return };
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for case in lacking.iter().flat_map(|(_, cases)| cases) {
        match kinds.iter_mut().find(|(kind, _)| *kind == case.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((case.kind, 1)),
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
    let endpoints = match others.len() {
        0 => "1 endpoint documents".to_owned(),
        more => format!("{} endpoints document", more + 1),
    };
    let kinds = kinds.join(", ");
    let message = format!("{endpoints} no failure for what is refused all the same: {kinds}; this one {}", said(cases));
    let mut finding = RULE.at(first.place, message).help(
        "list each with its code and text in the endpoint's table, or all of them in one table for the whole set; \
         `docsim explain` shows what is answered meanwhile",
    );
    for (endpoint, cases) in others.iter().take(SHOWN) {
        finding = finding.related(endpoint.place, format!("this one {}", said(cases)));
    }
    found.push(finding);
}

fn documents_failures(endpoint: &Endpoint) -> bool {
    endpoint.errors().next().is_some() || !endpoint.codes.rows.is_empty() || !endpoint.quoted.is_empty()
}

/// One kind of refusal at one endpoint.
struct Case {
    kind: &'static str,
    /// The first refusal of this kind, and what is answered to it.
    example: String,
}

fn said(cases: &[Case]) -> String {
    cases.iter().map(|case| case.example.as_str()).collect::<Vec<_>>().join(", ")
}

fn cases(behavior: &Behavior, login_is_told: bool) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for check in behavior.checks.iter().filter(|check| is_lacking(check)) {
        let kind = kind(check);
        let is_told = login_is_told && check.demand.kind() == "login";
        if !is_told && cases.iter().all(|known| known.kind != kind) {
            let answered = format!("answers {} {}", check.failure.code, brief(&check.failure.message));
            let example = format!("{answered} where {}", check.demand.refusal(&behavior.inputs));
            cases.push(Case { kind, example });
        }
    }
    cases
}

/// Whether what answers the check was borrowed from another endpoint or put together.
fn is_lacking(check: &Check) -> bool {
    let borrowed = check.failure.origin == Origin::Set && check.failure.endpoint.is_some();
    // That an account is deleted, or a passcode too old, is told apart only where the documents do.
    let finer = matches!(check.demand, Demand::AccountKept | Demand::TokenFresh | Demand::PasscodeFresh { .. });
    !finer && check.failure.origin != Origin::Configured && (borrowed || check.failure.approximated)
}

fn kind(check: &Check) -> &'static str {
    match check.demand.kind() {
        "login" => "a caller who is not logged in",
        "missing" => "something missing",
        "malformed" => "something malformed",
        "exists" => "an account that is there already",
        "not-found" => "an account that is not there",
        "passcode" => "a wrong passcode",
        "credentials" => "a wrong password or an account out of use",
        "identity" => "a wrong ID card",
        "interval" => "sending too often",
        _ => "a state that does not allow it",
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    const RULE: &str = "failure-not-documented";

    fn block(name: &str, params: &str, failures: &str) -> String {
        format!("## {name}\n+++\npost:/{name}\n{params}\n<<<\nerror\n{failures}\n+++\n")
    }

    #[test]
    fn a_failure_is_borrowed_or_put_together() {
        let login = "{\"code\":1,\"msg\":\"缺少参数\"}\n1 缺少参数\n2 账号或密码错误\n4 参数格式错误";
        let login = block("login", "*phone#手机号\n*pwd#密码", login);
        let reset = "*phone#手机号\n*captcha#验证码\n*pwd#密码";
        let reset = block("reset", reset, "{\"code\":3,\"msg\":\"验证码错误\"}\n3 验证码错误");
        let shown = found(RULE, &format!("{login}{reset}"));
        let wanted = "15: 1 endpoint documents no failure for what is refused all the same: something missing (1), \
                      something malformed (1), an account that is not there (1); this one answers 1 缺少参数 where \
                      `phone` is missing";
        assert_eq!(shown, [wanted]);
    }

    #[test]
    fn what_is_documented_for_the_set_is_documented() {
        let table = "### 错误码\n| 错误码 | 说明 |\n| --- | --- |\n| 1 | 缺少参数 |\n| 2 | 参数格式错误 |\n";
        let login = block("login", "*phone#手机号\n*pwd#密码", "{\"code\":3,\"msg\":\"账号或密码错误\"}");
        assert_eq!(found(RULE, &format!("{table}{login}")), [""; 0]);
        let both = found(RULE, &format!("{login}{}", login.replace("/login", "/signin")));
        assert!(both.len() == 1 && both[0].starts_with("3: 2 endpoints document no failure for"), "{both:?}");
        // Nothing at all is documented: another rule says so.
        assert!(found(RULE, "## A\n+++\npost:/a\n*b#c\n<<<\nsuccess\n{\"code\":0}\n+++\n").is_empty());
    }
}
