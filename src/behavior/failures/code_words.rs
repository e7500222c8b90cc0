//! Codes that are words: `{"error": "SCRIPT_NOT_FOUND", "message": "这本下架了"}`.
//!
//! In: a failure's code, and what its message means. Out: the meanings that the code adds. What people are told can be put in any
//! words; the code is for programs and says it plainly.

use crate::behavior::operation::path_words::split_words;
use crate::lexicon::{Class, Lexicon};

/// One word alone has to be this long to say anything: `FAIL` and `ERROR` do not.
const SHORTEST: usize = 8;

/// Adds what a code says to what its message means.
pub(in crate::behavior) fn add(classes: &mut Vec<Class>, code: &str, lexicon: &Lexicon) {
    let Some(text) = in_words(code) else { return };
    let told = lexicon.meaning(&text).classes;
    if classes.is_empty() {
        classes.extend(told);
        return;
    }
    let vague = |class: &Class| {
        matches!(class, Class::WrongState | Class::ForbiddenStatus | Class::Expired | Class::Failed | Class::Rejected)
    };
    let plain = told.first().filter(|class| match class {
        Class::NotLoggedIn => true,
        Class::NotFound | Class::NotYours => classes.first().is_some_and(vague),
        _ => false,
    });
    if let Some(class) = plain.filter(|class| !classes.contains(class)) {
        classes.insert(0, *class);
    }
}

/// `SCRIPT_NOT_FOUND`, `scriptNotFound` and `script.not-found` as `script not found`.
pub(in crate::behavior) fn in_words(code: &str) -> Option<String> {
    let worded = code.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.'));
    let words = if worded { split_words(code) } else { Vec::new() };
    let telling = words.len() > 1 || words.first().is_some_and(|word| word.len() >= SHORTEST);
    telling.then(|| words.join(" "))
}

/// Whether a code has a parameter's name in it: `GENDER_INVALID`.
pub(in crate::behavior) fn names(code: &str, name: &str) -> bool {
    let words = split_words(name);
    let told = in_words(code).map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default();
    !words.is_empty() && words.concat().len() > 2 && told.windows(words.len()).any(|part| part == words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_codes_say() {
        let read = |code: &str, message: &str| {
            let lexicon = Lexicon::standard();
            let mut classes = lexicon.meaning(message).classes;
            add(&mut classes, code, &lexicon);
            classes.first().copied()
        };
        assert_eq!(read("UNAUTHORIZED", "欢迎回来，先去那边"), Some(Class::NotLoggedIn));
        assert_eq!(read("SCRIPT_NOT_FOUND", "这个本子下架了"), Some(Class::NotFound));
        assert_eq!(read("bookNotFound", "被人拿走啦"), Some(Class::NotFound));
        assert_eq!(read("NOT_OWNER", "只有队长能动"), Some(Class::NotYours));
        assert_eq!(read("PHONE_EXISTS", "手机号已注册"), Some(Class::Exists));
        assert_eq!(read("FAIL", "哎呀"), None);
        assert_eq!(read("40004", "哎呀"), None);
    }
}
