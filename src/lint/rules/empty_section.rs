//! `empty-section`: a section has a label and nothing below it.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule = Rule::warning("empty-section", "a section has no content", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for section in endpoint.sections.iter().filter(|section| section.examples.is_empty() && !section.words_only) {
        let name = section.label.as_deref().unwrap_or("this section");
        let help = "write the JSON of a reply below it, or leave the section out";
        found.push(RULE.at(section.place, format!("nothing stands under {name}")).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_section_is_empty() {
        let document = "+++\nget:/a\n<<<\nsuccess\n\n<<<\nerror\n不好\n+++\n";
        assert_eq!(found("empty-section", document), ["4: nothing stands under success"]);
    }
}
