//! `template-text`: instructions of the template still stand in a section.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Endpoint;

pub(super) const RULE: Rule =
    Rule::warning("template-text", "words of the template were left in a section", Find::Endpoint(find));

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    let block = endpoint.block.span;
    let inside =
        endpoint.notes.iter().filter(|note| block.start <= note.place.span.start && note.place.span.end <= block.end);
    let mut left = inside.filter(|note| look.lexicon.speaks_of("template", &note.text));
    if let Some(first) = left.next() {
        let place = left
            .fold(first.place, |place, note| crate::source::Place { span: place.span.to(note.place.span), ..place });
        found.push(
            RULE.at(place, "this is the template's own text")
                .help("write the reply that the backend gives, or nothing"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn instructions_are_left() {
        let document = "+++\nget:/a\n<<<\nerror\n这里填写错误的返回码\n以此类推,多种状态\n+++\n";
        assert_eq!(found("template-text", document), ["5: this is the template's own text"]);
        assert!(found("template-text", "+++\nget:/a\n<<<\nerror\n失败\n+++\n").is_empty());
    }
}
