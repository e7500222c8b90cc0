//! `token-not-declared`: an endpoint can answer *not logged in*, and takes nothing that says who is calling.
//!
//! It is treated as one that takes a token. Left alone where its remarks speak of one, and in sets that never declare any
//! (they may well use cookies).

use crate::lexicon::{Class, Operation, Role};
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::source::Place;
use crate::spec::{Endpoint, Param};

pub(super) const RULE: Rule = Rule::warning(
    "token-not-declared",
    "an endpoint answers callers who are not logged in, and declares no token",
    Find::Set(find),
);

fn find(look: &Look<'_>, found: &mut Findings) {
    let declared: Vec<&Param> = look.set.endpoints.iter().filter_map(|endpoint| look.token(endpoint)).collect();
    let Some(first) = declared.first() else { return };
    for endpoint in &look.set.endpoints {
        let Some(place) = login_failure(look, endpoint) else { continue };
        if names_caller(look, endpoint) || logs_in(look, endpoint) {
            continue;
        }
        let token = declared.iter().find(|token| token.place.file == place.file).unwrap_or(first);
        let message = "a caller can be answered *not logged in*, and has no way to say who it is";
        found.push(
            RULE.at(place, message)
                .help(format!("declare {} among the parameters", token.name))
                .related(token.place, "declared like this elsewhere")
                .at_endpoint(&endpoint.id),
        );
    }
}

fn login_failure(look: &Look<'_>, endpoint: &Endpoint) -> Option<Place> {
    let row = endpoint.codes.rows.iter().find(|row| look.says(&row.text, Class::NotLoggedIn)).map(|row| row.place);
    let envelope = look.set.envelope(endpoint);
    row.or_else(|| {
        endpoint.errors().find_map(|example| {
            let (path, text) = envelope.message_of(&example.value)?;
            look.says(text, Class::NotLoggedIn).then(|| example.place_of(path))
        })
    })
}

fn names_caller(look: &Look<'_>, endpoint: &Endpoint) -> bool {
    let by_param =
        endpoint.params.iter().any(|param| matches!(look.role(param), Some(Role::Token | Role::Openid | Role::UserId)));
    let in_words = |text: &str| look.lexicon.meaning(text).subjects.iter().any(|subject| subject == "token");
    by_param || endpoint.notes.iter().any(|note| in_words(&note.text))
}

/// Who logs in is not logged in yet, whatever is listed.
fn logs_in(look: &Look<'_>, endpoint: &Endpoint) -> bool {
    look.lexicon.operations_in(&endpoint.title).iter().any(|(operation, _)| *operation == Operation::Login)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    fn document(param: &str, remark: &str) -> String {
        format!(
            "## 头像\n{remark}\n+++\npost:/a\n*pic#头像\n{param}\n<<<\nerror\n{{\"code\":7,\"msg\":\"x\"}}\n999 用户未登录\n+++\n## B\n+++\nget:/b?user_token=用户token\n+++\n"
        )
    }

    #[test]
    fn nothing_says_who_calls() {
        let odd = document("", "");
        assert_eq!(
            found("token-not-declared", &odd),
            ["10: a caller can be answered *not logged in*, and has no way to say who it is"]
        );
        assert_eq!(helped("token-not-declared", &odd), ["declare user_token among the parameters"]);
    }

    #[test]
    fn the_caller_is_named() {
        let rule = "token-not-declared";
        assert!(found(rule, &document("*token#", "")).is_empty());
        assert!(found(rule, &document("*openid#", "")).is_empty());
        assert!(found(rule, &document("", "> 请求头里要带 token")).is_empty());
        assert!(found(rule, &document("", "").replace("999 用户未登录", "7 手机号已注册,请直接登录")).is_empty());
        let cookies = document("", "").replace("?user_token=用户token", "");
        assert!(found(rule, &cookies).is_empty());
    }
}
