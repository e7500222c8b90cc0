//! `login-code-missing`: an endpoint takes a token, and its table does not list what other endpoints answer to a caller who
//! is not logged in.
//!
//! Only where at least as many endpoints with a token and a table list such a code as do not.

use crate::lexicon::Class;
use crate::lint::look::{Look, brief};
use crate::lint::{Find, Findings, Rule};
use crate::spec::{CodeRow, Endpoint};

pub(super) const RULE: Rule = Rule::warning(
    "login-code-missing",
    "an endpoint takes a token, and its table lacks the code for callers who are not logged in",
    Find::Set(find),
);

fn find(look: &Look<'_>, found: &mut Findings) {
    let Some((lacking, row)) = lacking(look) else { return };
    for endpoint in lacking {
        let (Some(last), Some(token)) = (endpoint.codes.rows.last(), look.token(endpoint)) else { continue };
        found.push(
            RULE.at(last.place, "this table does not say what a caller without a login is answered")
                .help(format!("add {} {}", row.code, brief(&row.text)))
                .related(token.place, "the token is taken here")
                .related(row.place, "listed for another endpoint here")
                .at_endpoint(&endpoint.id),
        );
    }
}

/// The endpoints whose tables lack the code, with the row that another endpoint's table has.
pub(super) fn lacking<'a>(look: &Look<'a>) -> Option<(Vec<&'a Endpoint>, &'a CodeRow)> {
    let login_row = |rows: &'_ [CodeRow]| rows.iter().position(|row| look.says(&row.text, Class::NotLoggedIn));
    if look.set.tables.iter().any(|table| login_row(&table.rows).is_some()) {
        return None;
    }
    let takers = look.set.endpoints.iter().filter(|endpoint| !endpoint.codes.rows.is_empty());
    let takers = takers.filter(|endpoint| {
        look.token(endpoint).is_some_and(|token| !look.lexicon.speaks_of("optional", &token.all_words()))
    });
    let (listing, lacking): (Vec<&Endpoint>, Vec<&Endpoint>) =
        takers.partition(|endpoint| login_row(&endpoint.codes.rows).is_some());
    let row = listing.first().and_then(|known| known.codes.rows.get(login_row(&known.codes.rows)?))?;
    if lacking.len() > listing.len() {
        return None;
    }
    let lacking = lacking.into_iter().filter(|endpoint| !says_so_otherwise(look, endpoint, &row.code));
    Some((lacking.collect(), row))
}

/// An example shows the failure, or the quote above the block names its code.
fn says_so_otherwise(look: &Look<'_>, endpoint: &Endpoint, code: &str) -> bool {
    let envelope = look.set.envelope(endpoint);
    let mut messages = endpoint.errors().filter_map(|example| envelope.message_of(&example.value));
    messages.any(|(_, text)| look.says(text, Class::NotLoggedIn))
        || endpoint.quoted.iter().any(|row| &*row.code == code)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    fn block(name: &str, param: &str, rows: &str) -> String {
        format!(
            "## {name}\n+++\npost:/{name}\n{param}\n<<<\nerror\n{{\"code\":997,\"msg\":\"缺少参数\"}}\n{rows}\n+++\n"
        )
    }

    #[test]
    fn one_table_lacks_the_code() {
        let document =
            block("a", "*token#用户token", "999 用户未登录") + &block("b", "*token#用户token", "997 缺少参数");
        assert_eq!(helped("login-code-missing", &document), ["add 999 用户未登录"]);
        assert!(found("login-code-missing", &document)[0].starts_with("17: "));
    }

    #[test]
    fn no_table_or_no_token_lacks_nothing() {
        let listing = block("a", "*token#用户token", "999 用户未登录");
        let rule = "login-code-missing";
        assert!(found(rule, &(listing.clone() + &block("b", "*name#姓名", "997 缺少参数"))).is_empty());
        assert!(found(rule, &(listing.clone() + &block("b", "token#可选", "997 缺少参数"))).is_empty());
        assert!(found(rule, &(listing.clone() + &block("b", "*token#", ""))).is_empty());
        let two_lack_it = block("b", "*token#", "997 缺少参数") + &block("c", "*token#", "997 缺少参数");
        assert!(found(rule, &(listing + &two_lack_it)).is_empty());
    }
}
