//! Whether a text holds a keyword, whatever its letter case, without a copy of the text: a list asks it of every record.

pub(super) struct Keyword {
    lower: String,
    kind: Kind,
}

enum Kind {
    /// Letters without case, as the Chinese ones.
    Caseless,
    Ascii,
    Other,
}

impl Keyword {
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        let kind = match () {
            () if !lower.chars().any(|c| c.is_lowercase() || c.is_uppercase()) => Kind::Caseless,
            () if lower.is_ascii() => Kind::Ascii,
            () => Kind::Other,
        };
        Self { lower, kind }
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        match self.kind {
            Kind::Caseless => self.may_be_in(text) && text.contains(&self.lower),
            Kind::Ascii => self.may_be_in(text) && self.is_in_ignoring_ascii_case(text.as_bytes()),
            Kind::Other => text.to_lowercase().contains(&self.lower),
        }
    }

    /// Most texts lack the keyword's last byte, which is found out much faster. Of a Chinese character that byte says most.
    fn may_be_in(&self, text: &str) -> bool {
        let Some(last) = self.lower.as_bytes().last() else { return true };
        let has = |byte: u8| text.as_bytes().contains(&byte);
        text.len() >= self.lower.len() && (has(*last) || (last.is_ascii_lowercase() && has(last.to_ascii_uppercase())))
    }

    fn is_in_ignoring_ascii_case(&self, text: &[u8]) -> bool {
        let wanted = self.lower.as_bytes();
        let Some(first) = wanted.first() else { return true };
        let begins = |window: &&[u8]| window.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first));
        text.windows(wanted.len()).filter(begins).any(|window| window.eq_ignore_ascii_case(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_does_not_count() {
        let check = |keyword: &str, text: &str, expected: bool| {
            assert_eq!(Keyword::new(keyword).is_in(text), expected, "{keyword} in {text}");
        };
        check("docker", "学 DOCKER 入门", true);
        check("DocKer 入", "学 docker 入门", true);
        check("入门", "Docker 入门", true);
        check("入门", "Docker", false);
        check("é", "CAFÉ", true);
        check("dockers", "docker", false);
        check("r", "docker", true);
        check("", "docker", true);
    }
}
