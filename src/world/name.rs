//! The name of a world: a text in, a checked name that is cheap to carry around out. Does not know what a world is.

use std::fmt;
use std::sync::Arc;

/// 1–64 characters of `A-Za-z0-9._-`; as a prefix of a path and as a header it needs no escaping anywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorldName(Arc<str>);

/// A text that cannot name a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadWorldName {
    /// At most the first 80 characters of what was given.
    text: String,
}

const LONGEST: usize = 64;

impl WorldName {
    pub const DEFAULT: &str = "default";

    pub fn parse(text: &str) -> Result<Self, BadWorldName> {
        let fits = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if fits { Ok(Self(text.into())) } else { Err(BadWorldName { text: text.chars().take(80).collect() }) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for WorldName {
    fn default() -> Self {
        Self(Self::DEFAULT.into())
    }
}

impl fmt::Display for WorldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BadWorldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot name a world: a name has 1 to {LONGEST} characters of A-Z a-z 0-9 . _ -", self.text)
    }
}

impl std::error::Error for BadWorldName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        let longest = "n".repeat(64);
        for good in ["default", "a", "A.b_c-9", "..", longest.as_str()] {
            assert_eq!(WorldName::parse(good).map(|name| name.to_string()), Ok(good.to_owned()));
        }
        let too_long = "n".repeat(65);
        for bad in ["", "a b", "a/b", "世界", "a\n", "@a", too_long.as_str()] {
            assert!(WorldName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
