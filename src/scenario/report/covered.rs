//! For a terminal: what was reached of each endpoint's documented outcomes, and why the rest was not.

use crate::diagnostic::harmless;
use crate::scenario::coverage::Coverage;
use std::fmt::Write as _;

pub fn draw(coverage: &Coverage) -> String {
    let mut out = String::new();
    for covered in &coverage.endpoints {
        let reached = covered.outcomes.iter().filter(|documented| documented.is_reached()).count();
        let _ = writeln!(
            out,
            "{reached}/{}  {}  {}",
            covered.outcomes.len(),
            harmless(&covered.title),
            harmless(&covered.id)
        );
        for documented in covered.outcomes.iter().filter(|documented| !documented.is_reached()) {
            let why = documented.unreachable.map_or("no scenario reaches it", |unreachable| unreachable.reason());
            let words = if documented.name().ends_with(&documented.message) { "" } else { documented.message.as_str() };
            let _ = writeln!(out, "     {} {}  ({why})", harmless(&documented.name()), harmless(words));
        }
    }
    let _ = write!(
        out,
        "{:.1} % of the documented outcomes reached ({} of {})",
        coverage.percent(),
        coverage.reached(),
        coverage.total()
    );
    out
}
