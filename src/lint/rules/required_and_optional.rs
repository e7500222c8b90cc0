//! `required-and-optional`: a parameter has the `*` of a required one, and its words say that it may be left out.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule = Rule::warning(
    "required-and-optional",
    "a parameter is marked as required and called optional in words",
    Find::Endpoint(find),
);

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for param in endpoint.params.iter().filter(|param| param.listed && param.starred) {
        let said =
            [&param.label, &param.description].into_iter().any(|words| look.lexicon.speaks_of("optional", words));
        if said {
            let message = format!("`{}` has a * and is called optional", param.name);
            found.push(RULE.at(param.place, message).help("leave out the *, or the words"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn star_and_words_contradict_each_other() {
        let document = "+++\npost:/a\n*a#姓名 【可选】\nb#姓名 可选\n*c#姓名 必填\n*d=可选#姓名\n+++\n";
        assert_eq!(found("required-and-optional", document), ["3: `a` has a * and is called optional"]);
    }
}
