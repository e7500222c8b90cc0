//! `php-in-description`: a parameter's description shows a PHP array, which a client cannot send.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::info("php-in-description", "a parameter's form is described as a PHP array", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for param in endpoint.params.iter().filter(|param| param.listed) {
        let text = &param.description;
        let array = text.contains("=>") && text.contains(['[', '\'', '"']);
        if array || text.contains("array(") {
            let message = format!("the form of `{}` is written in PHP", param.name);
            found.push(RULE.at(param.place, message).help("show what a client sends: JSON, or name[key]=value"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn an_array_of_php() {
        let document = "+++\npost:/a\na#信息['x' => ['y' => 1]]\nb#{\"x\": 1}\nc#a => b\n+++\n";
        assert_eq!(found("php-in-description", document), ["3: the form of `a` is written in PHP"]);
    }
}
