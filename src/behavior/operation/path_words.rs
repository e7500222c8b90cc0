//! The words of an endpoint's path.

use crate::behavior::inputs::fixed;
use crate::lexicon::Lexicon;
use crate::spec::Endpoint;

/// `get_user_details` is `get`, `user`, `details`, `getuser`, `userdetails`, `getuserdetails`; discriminators are path too. First
/// those of the last piece; of fixed values, which stand in any order, the last that names a deed is the last piece.
pub(in crate::behavior) fn path_words(endpoint: &Endpoint, lexicon: &Lexicon) -> (Vec<String>, Vec<String>) {
    let mut pieces: Vec<&str> = endpoint
        .segments
        .iter()
        .filter_map(|segment| match segment {
            crate::spec::Segment::Literal(text) => Some(text.as_str()),
            crate::spec::Segment::Param(_) => None,
        })
        .collect();
    let own = pieces.len();
    pieces.extend(fixed::params(endpoint).filter_map(|param| param.default.as_deref()));
    let deed =
        (own < pieces.len()).then(|| pieces.iter().rposition(|piece| fixed::names_deed(piece, lexicon))).flatten();
    if let Some(deed) = deed {
        let deed = pieces.remove(deed);
        pieces.push(deed);
    }
    let words = |piece: &str| {
        let words = split_words(piece);
        let mut all = words.clone();
        all.extend(words.windows(2).map(<[String]>::concat));
        if words.len() > 2 {
            all.push(words.concat());
        }
        all
    };
    let last = pieces.pop().map(words).unwrap_or_default();
    (last, pieces.into_iter().flat_map(words).collect())
}

/// The words of the literal segments of a path, and of what tells endpoints of one path apart: `index.php?s=order/list`.
pub(in crate::behavior) fn path_of(endpoint: &Endpoint) -> Vec<String> {
    let literals = endpoint.segments.iter().filter_map(|segment| match segment {
        crate::spec::Segment::Literal(text) => Some(text.as_str()),
        crate::spec::Segment::Param(_) => None,
    });
    let told_apart = endpoint.discriminators().filter_map(|param| param.default.as_deref());
    literals.chain(told_apart.filter(|value| value.is_ascii())).flat_map(split_words).collect()
}

/// What an endpoint can be called by its path: the whole of it, its last piece with and without an ending, and the values that
/// tell it from others of its path.
pub(in crate::behavior) fn names_of(endpoint: &Endpoint) -> Vec<&str> {
    let whole = endpoint.path.trim_matches('/');
    let last = whole.rsplit('/').next().unwrap_or(whole);
    let stem = last.split('.').next().unwrap_or(last);
    let told_apart = endpoint.discriminators().filter_map(|param| param.default.as_deref());
    let told_apart = told_apart.flat_map(|value| [value, value.rsplit(['/', '.']).next().unwrap_or(value)]);
    [whole, last, stem].into_iter().chain(told_apart).filter(|name| name.len() > 1).collect()
}

pub(in crate::behavior) fn split_words(piece: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut lower = false;
    for c in piece.chars() {
        if !c.is_alphanumeric() {
            lower = false;
            words.push(String::new());
            continue;
        }
        if c.is_uppercase() && lower {
            words.push(String::new());
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
        if words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_path() {
        assert_eq!(split_words("get_user_details"), ["get", "user", "details"]);
        assert_eq!(split_words("uploadPortrait"), ["upload", "portrait"]);
        assert_eq!(split_words("client.member.address"), ["client", "member", "address"]);
    }
}
