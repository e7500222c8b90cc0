//! What a user has decided about a rule, for the set or for one endpoint.

use crate::diagnostic::{Diagnostic, Severity};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Not shown at all.
    Allow,
    /// Shown with this severity.
    Report(Severity),
}

/// Drops what is allowed and gives the rest the severity asked for. `policy` is asked with the rule's name and the id of
/// the endpoint that the finding concerns, if it concerns one; none leaves the finding as it is.
pub fn apply_policy(
    findings: Vec<Diagnostic>,
    policy: impl Fn(&str, Option<&str>) -> Option<Policy>,
) -> Vec<Diagnostic> {
    let decide = |mut found: Diagnostic| match policy(found.rule, found.endpoint.as_deref()) {
        Some(Policy::Allow) => None,
        Some(Policy::Report(severity)) => {
            found.severity = severity;
            Some(found)
        }
        None => Some(found),
    };
    findings.into_iter().filter_map(decide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    #[test]
    fn rules_are_allowed_and_made_graver_for_all_or_one() {
        let found = |rule, endpoint| Diagnostic::warning(rule, Place::default(), "").at_endpoint(endpoint);
        let findings = vec![found("a", "GET /x"), found("a", "GET /y"), found("b", "GET /x"), found("c", "GET /x")];
        let left = apply_policy(findings, |rule, endpoint| match (rule, endpoint) {
            ("a", Some("GET /x")) => Some(Policy::Allow),
            ("b", _) => Some(Policy::Report(Severity::Error)),
            _ => None,
        });
        let left: Vec<_> = left.iter().map(|found| (found.rule, found.severity.name())).collect();
        assert_eq!(left, [("a", "warning"), ("b", "error"), ("c", "warning")]);
    }
}
