//! `unknown-type`: a parameter's type is none that people use; the nearest that they do is named.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::warning("unknown-type", "a parameter has a type that is not known", Find::Endpoint(find));

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    for param in endpoint.params.iter().filter(|param| param.listed) {
        let Some(type_name) = &param.type_name else { continue };
        // `varchar(32)`, `int[]`, `array<int>`.
        let bare = type_name.split(['(', '（', '[', '<']).next().unwrap_or(type_name).trim().to_lowercase();
        let known = look.lexicon.type_names();
        if known.contains(&bare) {
            continue;
        }
        let near = known.iter().map(|known| (strsim::damerau_levenshtein(known, &bare), known)).min();
        let help = match near.filter(|(distance, _)| distance * 2 <= bare.chars().count()) {
            Some((_, near)) => format!("write {near}"),
            None => "write string, int, or another of the usual types".to_owned(),
        };
        found.push(RULE.at(param.place, format!("`{type_name}` is no known type")).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, helped};

    #[test]
    fn the_nearest_type_is_named() {
        let document = "+++\npost:/a\n*init:a#\n*sting:b#\n*whatsoever:c#\n+++\n";
        let common = "write string, int, or another of the usual types";
        assert_eq!(helped("unknown-type", document), ["write int", "write string", common]);
    }

    #[test]
    fn usual_types_are_known_however_written() {
        assert!(found("unknown-type", "+++\npost:/a\n*String:a#\nInt:b#\nfile:c#\nd#init\n+++\n").is_empty());
    }
}
