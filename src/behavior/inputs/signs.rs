//! Of which signs alone a value may be made.
//!
//! In: what a line or a failure says (`只能是字母或数字`, `6-12位字母、数字或下划线`). Out: the signs that it leaves. Nothing is said
//! of what has to be there: that is another rule (`须包含字母和数字`).

use crate::lexicon::SignWords;

/// The signs that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each sign is allowed or not, apart from the others")]
pub struct Signs {
    pub letters: bool,
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
            let (digits, underscore, hyphen) = (says(&words.digit), says(&words.underscore), says(&words.hyphen));
            let signs = Self { letters: true, digits, underscore, hyphen };
            (says(&words.only) || (signs.digits && says(&words.either))).then_some(signs)
        })
    }

    /// `6位数字`, `纯数字`: digits alone, where no other signs are spoken of, and no part of something longer (`后6位数字`).
    pub fn digits_alone(text: &str, words: &SignWords, parts: &[String]) -> Option<Self> {
        let text = text.to_lowercase();
        let says = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        let others = [&words.letter, &words.underscore, &words.hyphen, &words.other];
        let alone = says(&words.digits_alone) && !others.into_iter().any(|words| says(words)) && !says(parts);
        alone.then_some(Self { letters: false, digits: true, underscore: false, hyphen: false })
    }

    /// Whether a text says `only`, so that nothing of what it names has to be there.
    pub fn are_alone(text: &str, words: &SignWords) -> bool {
        words.only.iter().any(|word| text.contains(word.as_str()))
    }

    pub fn hold(self, text: &str) -> bool {
        text.chars().all(|c| self.allows(c))
    }

    pub fn allows(self, c: char) -> bool {
        (self.letters && c.is_ascii_alphabetic())
            || (self.digits && c.is_ascii_digit())
            || (self.underscore && c == '_')
            || (self.hyphen && c == '-')
    }
}

impl std::fmt::Display for Signs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = [
            ("letters", self.letters),
            ("digits", self.digits),
            ("underscores", self.underscore),
            ("hyphens", self.hyphen),
        ];
        let named: Vec<&str> = all.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
        write!(f, "{} only", named.join(", "))
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

    #[test]
    fn digits_are_told_from_digits_among_others() {
        let lexicon = Lexicon::standard();
        let rules = lexicon.rules();
        let read = |text: &str| Signs::digits_alone(text, &rules.signs, &rules.lengths.parts).is_some();
        assert!(read("支付密码，6位数字，登录也用它"));
        assert!(read("交易密码(6位纯数字)"));
        assert!(read("PIN, 4 digits"));
        assert!(!read("6-20位数字，字母"));
        assert!(!read("身份证后6位数字"));
        assert!(!read("密码至少包含2位数字"));
        assert!(!read("数量"));
    }
}
