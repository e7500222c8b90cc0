//! What stands behind a message and explains it: `参数错误（没传、空的、格式不对都算）` is answered as `参数错误`, and so is
//! `参数错误。msg 后面会跟具体原因，不固定`.
//!
//! In: the failures of tables, and those that examples show. Out: the same, each message without a bracket that lists when it comes, or
//! that the examples of a table's codes leave away, and without sentences and clauses that speak of the message. What is left away
//! still tells what the failure is about.

use crate::behavior::failure::{Failure, Origin};
use crate::behavior::replies::of_all::fixed_part;
use crate::lexicon::Lexicon;
use std::collections::{HashMap, HashSet};

/// Between these a bracket lists several cases.
const MARKS: [char; 4] = ['、', '，', ',', '/'];

pub(in crate::behavior) fn bare(own: &mut [Vec<Failure>], shared: &mut [Failure], lexicon: &Lexicon) {
    let mut shown: HashMap<String, HashSet<String>> = HashMap::new();
    for failure in own.iter().flatten().filter(|failure| failure.origin == Origin::Example) {
        shown.entry(failure.code.to_string()).or_default().insert(failure.message.clone());
    }
    let is_shown = |code: &str, text: &str| shown.get(code).is_some_and(|texts| texts.contains(text));
    cut(shared, &is_shown, lexicon);
    for failures in own {
        cut(failures, &is_shown, lexicon);
    }
}

/// Where one row of a table is shown without its bracket, all are.
fn cut(failures: &mut [Failure], is_shown: &dyn Fn(&str, &str) -> bool, lexicon: &Lexicon) {
    let listed = |failure: &Failure| matches!(failure.origin, Origin::Table(_) | Origin::Set | Origin::Quote);
    let is_whole = |failure: &Failure| is_shown(&failure.code, &failure.message);
    let shown_bare = failures.iter().filter(|failure| listed(failure)).any(|failure| {
        parts(&failure.message).is_some_and(|(text, _)| is_shown(&failure.code, text)) && !is_whole(failure)
    });
    for failure in failures.iter_mut().filter(|failure| listed(failure)) {
        if is_whole(failure) {
            continue;
        }
        let bracketed = parts(&failure.message).filter(|(_, inside)| shown_bare || inside.contains(MARKS));
        let bare = fixed_part(&failure.message, lexicon)
            .or(bracketed.map(|(text, _)| text))
            .or_else(|| before_explanation(&failure.message, lexicon))
            .map(str::to_owned);
        if let Some(text) = bare {
            let whole = std::mem::replace(&mut failure.message, text);
            failure.captioned.get_or_insert_with(|| whole.into());
        }
    }
}

/// The first sentence, where a later one says when it comes: `参数错误。必填的没传、格式不对都是它`.
fn before_explanation<'t>(message: &'t str, lexicon: &Lexicon) -> Option<&'t str> {
    let (text, rest) = message.split_once(['。', '；'])?;
    let explains = lexicon.speaks_of("explains-code", rest) || lexicon.speaks_of("code-when", rest);
    let asks = lexicon.speaks_of("asks-the-reader", rest);
    (text.chars().count() > 1 && explains && !asks).then_some(text)
}

/// A message, and what stands in brackets at its end.
fn parts(message: &str) -> Option<(&str, &str)> {
    let before = message.trim_end().strip_suffix([')', '）'])?;
    let open = before.rfind(['(', '（'])?;
    let (text, inside) = before.split_at(open);
    let inside = inside.trim_start_matches(['(', '（']);
    let text = text.trim_end();
    (text.chars().count() > 1 && inside.chars().any(char::is_alphabetic)).then_some((text, inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_says_when_it_comes() {
        let lexicon = Lexicon::standard();
        assert_eq!(before_explanation("参数错误。必填的没传、格式不对都是这个", &lexicon), Some("参数错误"));
        assert_eq!(before_explanation("验证码错误。请重新获取", &lexicon), None);
        assert_eq!(before_explanation("库存不足", &lexicon), None);
    }

    #[test]
    fn what_stands_in_brackets_at_the_end() {
        assert_eq!(parts("参数错误（没传、空的）"), Some(("参数错误", "没传、空的")));
        assert_eq!(parts("bad parameter (missing, empty)"), Some(("bad parameter", "missing, empty")));
        assert_eq!(parts("库存不足"), None);
        assert_eq!(parts("密码为6-16位(6)"), None);
        assert_eq!(parts("（已删除）"), None);
    }
}
