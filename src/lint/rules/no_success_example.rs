//! `no-success-example`: an endpoint has no section for its success, so that only the bare envelope can be answered. A block
//! without a request line is answered nothing at all, and not reported here.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::{Endpoint, SectionKind};

pub(super) const RULE: Rule = Rule::warning(
    "no-success-example",
    "an endpoint shows no success, so an empty one is answered",
    Find::Endpoint(find),
);

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    if !endpoint.path.is_empty() && endpoint.sections.iter().all(|section| section.kind != SectionKind::Success) {
        let what = if endpoint.sections.is_empty() { "no reply at all" } else { "no success" };
        let help = if endpoint.fenced {
            "write a line <<<, a line success, and the JSON of a reply"
        } else {
            "write the JSON of a reply in a code fence"
        };
        found.push(RULE.at(endpoint.place, format!("this endpoint shows {what}")).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn no_section_shows_a_success() {
        assert_eq!(found("no-success-example", "+++\nget:/a\n+++\n"), ["2: this endpoint shows no reply at all"]);
        let failure = "+++\nget:/a\n<<<\nerror\n{}\n+++\n";
        assert_eq!(found("no-success-example", failure), ["2: this endpoint shows no success"]);
        assert!(found("no-success-example", "~~~[api]\n<<<\nerror\n{}\n~~~\n").is_empty());
        assert!(found("no-success-example", "+++\nget:/a\n<<<\nsuccess\n\n+++\n").is_empty());
    }
}
