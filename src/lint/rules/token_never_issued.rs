//! `token-never-issued`: endpoints want to know who calls, and no reply of the set shows where a token comes from: the login is in
//! another document, or its example leaves the token out.
//!
//! One finding for the set.

use crate::behavior::Auth;
use crate::lexicon::Operation;
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};

pub(super) const RULE: Rule =
    Rule::info("token-never-issued", "endpoints need a caller, and no reply hands out a token", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    if look.issues_tokens() {
        return;
    }
    let mut wanting = look.endpoints().filter(|(_, behavior)| behavior.auth == Auth::Required);
    let Some((first, _)) = wanting.next() else { return };
    let more = wanting.count();
    let lets_in = look.endpoints().find(|(_, behavior)| behavior.operation == Operation::Login);
    let also = if more == 0 { String::new() } else { format!(", as do {more} more") };
    let message = format!("`{}` needs a caller{also}, and no reply shows a token", first.title);
    let help = match lets_in {
        Some(_) => "show the token in the example of the login; until then any token counts",
        None => "load the document of the login beside this one; until then any token counts",
    };
    let mut finding = RULE.at(first.place, message).help(help);
    if let Some((login, _)) = lets_in {
        finding = finding.related(login.place, "this lets in, and hands out nothing");
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    fn document(login: &str) -> String {
        format!(
            "{login}## 我的订单\n+++\nget:/order/mine\n*token=登录令牌#\n<<<\nsuccess\n{{\"code\":0,\"data\":[{{\"id\":1}}]}}\n<<<\nerror\n{{\"code\":9,\"msg\":\"请先登录\"}}\n+++\n"
        )
    }

    #[test]
    fn a_token_that_nobody_hands_out() {
        let login = |reply: &str| {
            format!(
                "## 登录\n+++\npost:/login\n*phone=手机号#\n*pwd=密码#\n<<<\nsuccess\n{{\"code\":0,\"data\":{reply}}}\n+++\n"
            )
        };
        assert_eq!(found("token-never-issued", &document("")).len(), 1);
        assert!(
            found("token-never-issued", &document(&login("{\"token\":\"5f2c8e7a91b04d36a8c7e1f09b3d6245\"}")))
                .is_empty()
        );
    }
}
