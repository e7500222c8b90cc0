//! Of which signs alone a value may be made.
//!
//! In: what a line or a failure says (`只能是字母或数字`, `6-12位字母、数字或下划线`). Out: the signs that it leaves. Nothing is said
//! of what has to be there: that is another rule (`须包含字母和数字`).

use crate::lexicon::SignWords;

/// The signs that a value may have; letters always are among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    pub digits: bool,
    pub underscore: bool,
    pub hyphen: bool,
}

impl Signs {
    /// None where a text does not say that nothing else is allowed, or allows signs that have no name here.
    pub fn read(text: &str, words: &SignWords) -> Option<Self> {
        // `letters, digits and underscores` is one clause.
        let ends = |c: char| matches!(c, '，' | ';' | '；' | '。') || (c == ',' && !text.is_ascii());
        text.split(ends).find_map(|clause| {
            let clause = clause.to_lowercase();
            let says = |words: &[String]| words.iter().any(|word| clause.contains(word.as_str()));
            if !says(&words.letter) || says(&words.other) {
                return None;
            }
            let signs =
                Self { digits: says(&words.digit), underscore: says(&words.underscore), hyphen: says(&words.hyphen) };
            (says(&words.only) || (signs.digits && says(&words.either))).then_some(signs)
        })
    }

    /// Whether a text says `only`, so that nothing of what it names has to be there.
    pub fn are_alone(text: &str, words: &SignWords) -> bool {
        words.only.iter().any(|word| text.contains(word.as_str()))
    }

    pub fn hold(self, text: &str) -> bool {
        text.chars().all(|c| self.allows(c))
    }

    pub fn allows(self, c: char) -> bool {
        c.is_ascii_alphabetic()
            || (self.digits && c.is_ascii_digit())
            || (self.underscore && c == '_')
            || (self.hyphen && c == '-')
    }
}

impl std::fmt::Display for Signs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("letters")?;
        for (name, is) in [("digits", self.digits), ("underscores", self.underscore), ("hyphens", self.hyphen)] {
            if is {
                write!(f, ", {name}")?;
            }
        }
        f.write_str(" only")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn what_is_allowed_alone() {
        let read = |text: &str| Signs::read(text, &Lexicon::standard().rules().signs).map(|signs| signs.to_string());
        assert_eq!(read("密码，6-12位，只能是字母或数字").as_deref(), Some("letters, digits only"));
        assert_eq!(read("仅限字母数字").as_deref(), Some("letters, digits only"));
        assert_eq!(read("6-16位字母、数字或下划线").as_deref(), Some("letters, digits, underscores only"));
        assert_eq!(read("letters, digits and underscores only").as_deref(), Some("letters, digits, underscores only"));
        assert_eq!(read("only letters and digits").as_deref(), Some("letters, digits only"));
        assert_eq!(read("密码须包含字母和数字"), None);
        assert_eq!(read("只能修改一次"), None);
        assert_eq!(read("6-16位数字、字母或特殊符号"), None);
    }
}
