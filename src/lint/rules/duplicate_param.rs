//! `duplicate-param`: an endpoint lists a parameter twice.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::warning("duplicate-param", "an endpoint lists a parameter twice", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for (at, param) in endpoint.params.iter().enumerate().filter(|(_, param)| param.listed) {
        let before = endpoint.params.iter().take(at).find(|before| before.listed && before.name == param.name);
        if let Some(first) = before {
            let message = format!("`{}` is listed twice", param.name);
            let help = "leave one of the two lines out";
            found.push(RULE.at(param.place, message).help(help).related(first.place, "listed first here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_name_comes_twice() {
        assert_eq!(found("duplicate-param", "+++\npost:/a\na#\nb#\n*a#\n+++\n"), ["5: `a` is listed twice"]);
        assert!(found("duplicate-param", "+++\npost:/a?a=1\na#\nA#\n+++\n").is_empty());
    }
}
