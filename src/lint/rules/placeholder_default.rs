//! `placeholder-default`: what stands for a parameter's default is no value, but the template's word or a label.
//!
//! A page that tries the endpoint out sends it as it stands. A label is known by naming the role that the parameter's name
//! has already (`name=姓名#报修人`). A label with no description beside it is `label-in-default-slot`.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::{Endpoint, Param};

pub(super) const RULE: Rule =
    Rule::warning("placeholder-default", "a parameter's default is a placeholder and no value", Find::Endpoint(find));

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for param in endpoint.params.iter().filter(|param| param.listed) {
        let Some(default) = param.default.as_deref() else { continue };
        if look.lexicon.is_nothing_but("placeholder", default) || is_label(look, param, default) {
            let star = if param.starred { "*" } else { "" };
            let type_name = param.type_name.as_ref().map(|name| format!("{name}:")).unwrap_or_default();
            let message = format!("`{default}` is no value that `{}` could have", param.name);
            let help =
                format!("write a value that works, or none: {star}{type_name}{}#{}", param.name, param.description);
            found.push(RULE.at(param.place, message).help(help));
        }
    }
}

fn is_label(look: &Look<'_>, param: &Param, default: &str) -> bool {
    let role = |name: &str, label: &str| look.lexicon.role(name, label).map(|(role, _)| role);
    let in_words = !default.is_ascii() && param.label != default;
    in_words && role("", default).is_some_and(|said| role(&param.name, "") == Some(said))
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    #[test]
    fn a_placeholder_is_no_value() {
        let document = "+++\npost:/a\n*string:title=默认值#名称\n*name=姓名#报修人\n+++\n";
        assert_eq!(
            helped("placeholder-default", document),
            [
                "write a value that works, or none: *string:title#名称",
                "write a value that works, or none: *name#报修人"
            ]
        );
    }

    #[test]
    fn values_in_words_are_values() {
        let document = "+++\npost:/a\n*name=老陈#姓名\naddress=房间#房间号\nphone=手机号 #\nd=19#默认值\n+++\n";
        assert!(found("placeholder-default", document).is_empty());
    }
}
