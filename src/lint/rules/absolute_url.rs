//! `absolute-url`: a request line names scheme and host.
//!
//! It is served all the same, but the host stands on every page that names it, and is wrong on all of them the day that it
//! changes.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::source::{Place, Span};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::info("absolute-url", "a request line names a host, which belongs into the settings", Find::Endpoint(find));

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    let Some(origin) = endpoint.origin.as_ref().filter(|_| endpoint.fenced) else { return };
    let line = look.set.text(endpoint.place);
    let place = line.find(origin.as_str()).map_or(endpoint.place, |at| Place {
        span: Span::new(at, at + origin.len()).shifted(endpoint.place.span.start as usize),
        ..endpoint.place
    });
    let help = format!("write the path alone, and {origin} once, as `url` in the settings");
    found.push(RULE.at(place, format!("the request line names the host {origin}")).help(help));
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_host_is_named() {
        assert_eq!(
            found("absolute-url", "+++\nget:http://h.test:8080/a\n+++\n"),
            ["2: the request line names the host http://h.test:8080"]
        );
        assert!(found("absolute-url", "+++\nget:/http/a\n+++\n").is_empty());
    }
}
