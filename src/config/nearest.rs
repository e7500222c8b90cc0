//! The name that was probably meant.

/// Longer names are not compared: nobody meant one of ours.
const LONGEST: usize = 64;
/// Of 1 for the same: `pascode` and `passcode` have 0.88, `logn` and `login` 0.8, `port` and `params` 0.33.
const ALIKE: f64 = 0.55;
/// `operations` and `operation` have 0.9.
const VERY_ALIKE: f64 = 0.8;

/// The most alike of the names, if any is alike enough; letter case, `-`, `_` and spaces do not count.
pub(crate) fn nearest<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    most_alike(given, names, ALIKE)
}

/// The same, but only a name that can hardly be another one than the one meant.
pub(super) fn very_near<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    most_alike(given, names, VERY_ALIKE)
}

fn most_alike<'n>(given: &str, names: impl IntoIterator<Item = &'n str>, least: f64) -> Option<&'n str> {
    let given = bare(given);
    if given.is_empty() || given.chars().count() > LONGEST {
        return None;
    }
    let scored = names.into_iter().map(|name| (likeness(&given, &bare(name)), name));
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (best.0 >= least).then_some(best.1)
}

/// Whether two names differ at most in letter case and marks.
pub(super) fn same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_') && !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A name that begins the other is like it, however much follows: `interval_seconds`.
fn likeness(given: &str, name: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(given, name);
    let (short, long) = if given.len() < name.len() { (given, name) } else { (name, given) };
    let begins = short.chars().count() >= 3 && long.starts_with(short);
    if begins { edits.max(0.6) } else { edits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand() {
        let names = ["passcode", "token", "params", "interval", "base_path"];
        let check = |given: &str, expected: Option<&str>| assert_eq!(nearest(given, names), expected, "{given}");
        check("pascode", Some("passcode"));
        check("Tokens", Some("token"));
        check("basePath", Some("base_path"));
        check("interval_seconds", Some("interval"));
        check("port", None);
        check("", None);
        check("验证码", None);
        check(&"t".repeat(100_000), None);
        assert_eq!(nearest("用户登陆", ["用户注册", "用户登录"]), Some("用户登录"));
    }
}
