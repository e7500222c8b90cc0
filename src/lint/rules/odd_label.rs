//! `odd-label`: a section's label is no plain success and no plain error.
//!
//! What holds a word of failure is read as a failure, everything else as a success.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::{Endpoint, SectionKind};

pub(super) const RULE: Rule =
    Rule::info("odd-label", "a section's label is neither success nor error", Find::Endpoint(find));

fn find(look: &Look<'_>, endpoint: &Endpoint, found: &mut Findings) {
    // Outside of blocks, any line may introduce a reply.
    for section in endpoint.sections.iter().filter(|_| endpoint.fenced) {
        let Some(label) = section.label.as_deref().filter(|label| !is_plain(look, label)) else { continue };
        let kind = match section.kind {
            SectionKind::Success => "success",
            SectionKind::Error => "error",
        };
        let message = format!("`{label}` is read as a kind of {kind}");
        found.push(
            RULE.at(section.place, message).help(format!("write {kind}, and the rest as a comment in the example")),
        );
    }
}

/// `success`, `error 2`, `失败`, `登录成功`. Chinese compounds are plain where a Latin addition is a name of something.
fn is_plain(look: &Look<'_>, label: &str) -> bool {
    let bare = label.trim_end_matches(|c: char| c.is_ascii_digit());
    ["success-label", "error-label"].into_iter().any(|topic| {
        look.lexicon.is_nothing_but(topic, bare) || (!label.is_ascii() && look.lexicon.speaks_of(topic, label))
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn labels_that_say_something_else() {
        let document = |label: &str| format!("+++\nget:/a\n<<<\n{label}\n{{}}\n+++\n");
        assert_eq!(found("odd-label", &document("return")), ["4: `return` is read as a kind of success"]);
        assert_eq!(found("odd-label", &document("prm error")), ["4: `prm error` is read as a kind of error"]);
        for plain in ["success", "Success:", "error2", "error 2", "fail", "成功", "失败示例", "error（参数）"]
        {
            assert!(found("odd-label", &document(plain)).is_empty(), "{plain}");
        }
    }
}
