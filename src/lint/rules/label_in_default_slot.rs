//! `label-in-default-slot`: what a parameter is stands where its default belongs (`*phone=手机号 #`).
//!
//! It is read as the label; other readers of the form take it for a value.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::info("label-in-default-slot", "a parameter's label stands where its default belongs", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for param in endpoint.params.iter().filter(|param| param.listed) {
        let Some(default) = param.default.as_deref().filter(|default| *default == param.label) else { continue };
        let star = if param.starred { "*" } else { "" };
        let more = if param.description.is_empty() || param.description == default {
            String::new()
        } else {
            format!(", {}", param.description)
        };
        let message = format!("`{default}` is read as what `{}` is, not as its default", param.name);
        let help = format!("write {star}{}#{default}{more}", param.name);
        found.push(RULE.at(param.place, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    #[test]
    fn a_label_stands_before_the_hash() {
        let document = "+++\npost:/a\n*phone=手机号 #\n*pwd=密码 # //6位\n+++\n";
        assert_eq!(helped("label-in-default-slot", document), ["write *phone#手机号", "write *pwd#密码, 6位"]);
    }

    #[test]
    fn a_default_is_no_label() {
        assert!(
            found("label-in-default-slot", "+++\npost:/a\n*phone=13900001234 #\n*b=1#手机号\n*c#手机号\n+++\n")
                .is_empty()
        );
    }
}
