//! `no-error-example`: an endpoint shows how it succeeds and not how it fails.
//!
//! Its failures are then answered in the form that the set's other failures have. An endpoint with no section at all is
//! `no-success-example` and is not reported twice; nor is a block without a
//! request line, which nobody can ask.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::{Endpoint, SectionKind};

pub(super) const RULE: Rule = Rule::info("no-error-example", "an endpoint shows no failure", Find::Endpoint(find));

fn find(_: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    let shows = |kind| endpoint.sections.iter().any(|section| section.kind == kind);
    if !endpoint.path.is_empty() && shows(SectionKind::Success) && !shows(SectionKind::Error) {
        let help = if endpoint.fenced {
            "write a line <<<, a line error, and the JSON of a failure"
        } else {
            "write a line that says when it fails, and the JSON of that failure in a code fence"
        };
        found.push(RULE.at(endpoint.place, "this endpoint shows no failure").help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn no_section_shows_a_failure() {
        let success = "+++\nget:/a\n<<<\nsuccess\n{}\n";
        assert_eq!(found("no-error-example", &format!("{success}+++\n")), ["2: this endpoint shows no failure"]);
        assert!(found("no-error-example", &format!("{success}<<<\nerror\n\n+++\n")).is_empty());
        assert!(found("no-error-example", "+++\nget:/a\n+++\n").is_empty());
        assert!(found("no-error-example", "~~~[api]\n<<<\nsuccess\n{}\n~~~\n").is_empty());
    }
}
