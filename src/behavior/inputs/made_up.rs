//! Values that words make up where none is sent: `昵称，不传就用「业主」加手机尾号四位`, `默认 用户+6位随机数`.
//!
//! In: the words beside a parameter or a field, and remarks on the endpoints of accounts. Out: pieces from which a new account's
//! value is put together.

use crate::behavior::account::{Accounts, Field};
use crate::behavior::collection::items::defaults;
use crate::behavior::{Input, collection};
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::source::Place;
use crate::spec::{DocSet, Note};
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

/// One piece of a value that is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// So many last characters of what the account is known by.
    Tail(usize),
    Digits(usize),
    /// What was sent under this name.
    Sent(Arc<str>),
    /// Letters and digits.
    Signs(usize),
}

/// What they make, as `explain` shows it.
pub fn shown(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let joint = if text.is_empty() { "" } else { " and " };
        let _ = match piece {
            Piece::Text(words) => write!(text, "{joint}{words:?}"),
            Piece::Tail(count) => write!(text, "{joint}the last {count} of what the account is known by"),
            Piece::Digits(count) => write!(text, "{joint}{count} random digits"),
            Piece::Sent(name) => write!(text, "{joint}what is sent as {name}"),
            Piece::Signs(count) => write!(text, "{joint}{count} random signs"),
        };
    }
    text
}

/// Finds what new accounts have made up for them, in the words of what registers them or lets them in.
pub(in crate::behavior) fn of_accounts(
    set: &DocSet,
    kinds: &[Operation],
    inputs: &[Vec<Input>],
    prose: &[Note],
    accounts: &mut Accounts,
    lexicon: &Lexicon,
) {
    let makes = |at: &usize| matches!(kinds[*at], Operation::Register | Operation::Login);
    let taken = (0..kinds.len()).filter(makes).flat_map(|at| &inputs[at]).filter(|input| !input.word.is_secret());
    let mut known = HashSet::new();
    let taken: Vec<&Input> = taken.filter(|input| known.insert((&input.name, &input.label))).collect();
    // `"nickname": "lin" // 默认等于用户名`
    let sent = |words: &str| {
        let named = |text: &str| defaults::named_first(text, taken.iter().copied());
        let input = taken[defaults::same_of(words, named, lexicon)?];
        Some(Piece::Sent(Arc::clone(&input.name)))
    };
    for field in &mut accounts.fields {
        let same = || sent(&field.words).filter(|piece| *piece != Piece::Sent(Arc::clone(&field.key)));
        // An `openid` that nobody sends is each account's own.
        let own = || {
            let shown = field.initial.as_str().filter(|text| field.role == Role::Openid && !text.is_empty())?;
            let is_sent = taken.iter().any(|input| compact(&input.name) == compact(&field.key));
            (!is_sent).then(|| vec![Piece::Signs(shown.chars().count())])
        };
        let made_of = read(&field.words, lexicon).or_else(|| same().map(|piece| vec![piece])).or_else(own);
        field.made_of = made_of.unwrap_or_default();
    }
    let enters = |at: &usize| matches!(kinds[*at], Operation::Register | Operation::Login | Operation::Profile);
    for at in (0..kinds.len()).filter(enters) {
        for (input, param) in inputs[at].iter().zip(&set.endpoints[at].params) {
            let words = param.all_words();
            let key = accounts.key_for(input);
            // `昵称，不填就用用户名`
            let same = || sent(&words).filter(|piece| *piece != Piece::Sent(Arc::clone(&input.name)));
            if let Some(pieces) = read(&words, lexicon).or_else(|| same().map(|piece| vec![piece])) {
                put(accounts, &key, pieces, param.place);
            }
        }
        for note in collection::prose::remarks(prose, &set.endpoints[at]) {
            for sentence in collection::prose::sentences(&note.text) {
                let Some((start, _)) = default_word(sentence, lexicon) else { continue };
                let same = || sent(sentence).map(|piece| vec![piece]);
                let Some(pieces) = read(sentence, lexicon).or_else(same) else { continue };
                // `新用户昵称默认…`: what stands last before the word says of which field.
                let about = sentence[..start].rsplit([',', '，', '、']).next().unwrap_or_default();
                let role = lexicon.role("", about).map(|(role, _)| role);
                let by_role = role.and_then(|role| accounts.key_of_role(role)).cloned();
                let named = |field: &&Field| collection::prose::words(about).any(|word| *word == *field.key);
                let by_name = || accounts.fields.iter().find(named).map(|field| Arc::clone(&field.key));
                let itself = |key: &Arc<str>| pieces == [Piece::Sent(Arc::clone(key))];
                if let Some(key) = by_role.or_else(by_name).filter(|key| !itself(key)) {
                    put(accounts, &key, pieces, note.place);
                }
            }
        }
    }
}

fn put(accounts: &mut Accounts, key: &str, pieces: Vec<Piece>, place: Place) {
    let field = accounts.fields.iter_mut().find(|field| *field.key == *key && field.made_of.is_empty());
    if let Some(field) = field {
        (field.made_of, field.place) = (pieces, place);
    }
}

/// Where the word stands after which a default is told, and what follows it.
pub(in crate::behavior) fn default_word<'t>(text: &'t str, lexicon: &Lexicon) -> Option<(usize, &'t str)> {
    let rules = lexicon.rules();
    let found = rules.enumerations.defaults.found_in(text).chain(rules.made_up.defaults.found_in(text));
    let found = found.map(|(start, word)| (start, word.len()));
    let (start, length) = found.min_by_key(|(start, length)| (*start, std::cmp::Reverse(*length)))?;
    Some((start, &text[start + length..]))
}

/// The pieces that a text tells; none where nothing in it is drawn or taken from elsewhere.
fn read(text: &str, lexicon: &Lexicon) -> Option<Vec<Piece>> {
    let words = &lexicon.rules().made_up;
    let (_, rest) = default_word(text, lexicon)?;
    let rest = rest.trim_start_matches([' ', ':', '：', '=']);
    let whole = words.whole.iter().any(|word| rest.starts_with(word.as_str()));
    let lead = words.leads.iter().find_map(|lead| rest.strip_prefix(lead.as_str()));
    let rest = lead.filter(|_| !whole).unwrap_or(rest);
    let end = [",", "，", "。", ";", "；", "(", "（", "\n"].iter().filter_map(|end| rest.find(end)).min();
    let told = &rest[..end.unwrap_or(rest.len())];
    let mut pieces: Vec<Piece> = Vec::new();
    for (part, quoted) in quoted_apart(told) {
        if quoted {
            pieces.push(Piece::Text(part.to_owned()));
            continue;
        }
        let joined = words.joints.iter().fold(part.to_owned(), |text, joint| text.replace(joint.as_str(), "\n"));
        for piece in joined.split('\n').map(str::trim).filter(|piece| !piece.is_empty()) {
            of_piece(piece, lexicon, &mut pieces);
        }
    }
    let drawn = pieces.iter().any(|piece| !matches!(piece, Piece::Text(_)));
    // `不传就用“球友”`: what stands in marks at once is all of it.
    if let (false, Some((text, true))) = (drawn, quoted_apart(told).first()) {
        return Some(vec![Piece::Text((*text).to_owned())]);
    }
    (drawn && pieces.len() <= MOST).then_some(pieces)
}

/// More is a sentence about other things.
const MOST: usize = 4;
const LONGEST: usize = 10;

fn of_piece(piece: &str, lexicon: &Lexicon, pieces: &mut Vec<Piece>) {
    let words = &lexicon.rules().made_up;
    let first = |words: &[String]| words.iter().filter_map(|word| piece.find(word.as_str())).min();
    let (tail, random) = (first(&words.tails), first(&words.random));
    let Some(start) = tail.into_iter().chain(random).min() else {
        if piece.chars().count() <= LONGEST {
            pieces.push(Piece::Text(piece.to_owned()));
        }
        return;
    };
    let count = count_in(piece, lexicon);
    let before = piece[..start].trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let counted = words.units.iter().any(|unit| before.ends_with(unit.as_str()));
    if !before.is_empty() && !counted && before.chars().count() <= LONGEST {
        pieces.push(Piece::Text(before.to_owned()));
    }
    pieces.push(match tail {
        Some(tail) if random.is_none_or(|random| tail < random) => Piece::Tail(count.unwrap_or(4)),
        _ if words.letters.iter().any(|word| piece.contains(word.as_str())) => Piece::Signs(count.unwrap_or(6)),
        _ => Piece::Digits(count.unwrap_or(6)),
    });
}

/// The first number in a text, in digits or in words.
fn count_in(text: &str, lexicon: &Lexicon) -> Option<usize> {
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let told = || {
        let numerals = lexicon.rules().counts.numerals.iter();
        numerals.filter_map(|(word, number)| Some((text.find(word.as_str())?, *number))).min().map(|(_, number)| number)
    };
    let count = digits.parse::<u64>().ok().or_else(told)?;
    usize::try_from(count).ok().filter(|count| (1..=20).contains(count))
}

/// The text cut where something stands in marks.
fn quoted_apart(text: &str) -> Vec<(&str, bool)> {
    let marks = [('`', '`'), ('"', '"'), ('“', '”'), ('「', '」'), ('『', '』'), ('\'', '\''), ('‘', '’')];
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((start, open)) = rest.char_indices().find(|(_, c)| marks.iter().any(|(open, _)| open == c)) {
        let Some((_, close)) = marks.iter().find(|(known, _)| *known == open) else { break };
        let inner = &rest[start + open.len_utf8()..];
        let Some(end) = inner.find(*close) else { break };
        found.push((&rest[..start], false));
        found.push((&inner[..end], true));
        rest = &inner[end + close.len_utf8()..];
    }
    found.push((rest, false));
    found.retain(|(part, _)| !part.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_put_together() {
        let text = |words: &str| Piece::Text(words.to_owned());
        for (words, expected) in [
            ("昵称，不传就用「业主」加手机尾号四位，如 业主0001", vec![text("业主"), Piece::Tail(4)]),
            ("新用户昵称默认 `观众` + 手机号后4位，比如 观众0001", vec![text("观众"), Piece::Tail(4)]),
            ("昵称 不填默认 用户+随机6位", vec![text("用户"), Piece::Digits(6)]),
            ("昵称，默认为书友加6位随机数", vec![text("书友"), Piece::Digits(6)]),
            ("昵称，不传就用“散客” 小林", vec![text("散客")]),
            ("nickname, defaults to \"guest\" + last 4 digits of the phone", vec![text("guest"), Piece::Tail(4)]),
        ] {
            assert_eq!(read(words, &Lexicon::standard()), Some(expected), "{words}");
        }
        for words in ["标签，不填默认为其他", "默认地址", "手机号后4位用于取件", "昵称，随机生成"]
        {
            assert_eq!(read(words, &Lexicon::standard()), None, "{words}");
        }
    }
}
