//! `template-path`: the path is the one that a new page starts with.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::warning("template-path", "the path is still that of the template", Find::Endpoint(find));

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    if look.lexicon.is_template_path(&endpoint.path) {
        let message = format!("{} is the path of the template", endpoint.path);
        found.push(RULE.at(endpoint.place, message).help("write the path that the backend has"));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn the_templates_path_is_left() {
        assert_eq!(found("template-path", "+++\npost:/url\n+++\n"), ["2: /url is the path of the template"]);
        assert!(found("template-path", "+++\npost:/url/a\n+++\n").is_empty());
    }
}
