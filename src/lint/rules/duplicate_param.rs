//! `duplicate-param`: an endpoint lists a parameter twice.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::source::Place;
use crate::spec::Endpoint;
use std::collections::HashMap;

pub(super) const RULE: Rule =
    Rule::warning("duplicate-param", "an endpoint lists a parameter twice", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    let mut firsts: HashMap<&str, Place> = HashMap::new();
    for param in endpoint.params.iter().filter(|param| param.listed) {
        let first = *firsts.entry(&param.name).or_insert(param.place);
        if first != param.place {
            let message = format!("`{}` is listed twice", param.name);
            let help = "leave one of the two lines out";
            found.push(RULE.at(param.place, message).help(help).related(first, "listed first here"));
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
