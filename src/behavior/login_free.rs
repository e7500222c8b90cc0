//! The endpoints of which a line says by their titles that they need no login: `不需要登录：发送验证码、注册、登录、文章列表`. All
//! others then need one.

use super::titles::{bare, matching};
use crate::lexicon::Lexicon;
use crate::spec::{Endpoint, Note};
use crate::syntax::line;
use std::collections::HashSet;

/// So many titles make a list of a line that has the words.
const SEVERAL: usize = 3;

/// By endpoint whether it is named. None where no line lists any, or says by which sign the others are known.
pub(super) fn listed(endpoints: &[Endpoint], prose: &[Note], lexicon: &Lexicon) -> Option<Vec<bool>> {
    if let Some(marked) = marked(endpoints, prose, lexicon) {
        return Some(marked);
    }
    let titles: Vec<String> = endpoints.iter().map(|endpoint| bare(&endpoint.title)).collect();
    let mut named = vec![false; endpoints.len()];
    let mut found = false;
    for note in prose.iter().filter(|note| lexicon.speaks_of("login-free", &note.text)) {
        let (head, rest) = note.text.split_once([':', '：']).unwrap_or(("", &note.text));
        // `文章列表、文章详情不需要登录` has the words behind.
        let rest = if lexicon.speaks_of("login-free", head) { rest } else { &note.text };
        let pieces: Vec<&str> = rest.split(['、', '，', ',', ';', '；', '。', '/']).map(str::trim).collect();
        let matches: Vec<Vec<usize>> = pieces.iter().map(|piece| matching(piece, &titles)).collect();
        let known = matches.iter().filter(|found| !found.is_empty()).count();
        if known < SEVERAL || known * 3 < pieces.len() * 2 {
            continue;
        }
        found = true;
        matches.into_iter().flatten().for_each(|at| named[at] = true);
    }
    found.then_some(named)
}

/// By endpoint whether its title lacks or has the sign of which a line says what it marks: `标了🔒的要登录`, `标 🔓 的接口不需要`,
/// `带「公开」的不用 token`.
fn marked(endpoints: &[Endpoint], prose: &[Note], lexicon: &Lexicon) -> Option<Vec<bool>> {
    let speaks = |topics: &[&str], text: &str| topics.iter().any(|topic| lexicon.speaks_of(topic, text));
    let about_login = |text: &str| speaks(&["login-free", "login-needed", "proof-of-login", "login-word"], text);
    let titles: HashSet<&str> = endpoints.iter().map(|endpoint| endpoint.title.as_str()).collect();
    let told = prose.iter().filter(|note| about_login(&note.text) && !titles.contains(note.text.as_str()));
    let mut found = told.flat_map(|note| {
        note.text.split(['。', '；', ';']).flat_map(|sentence| {
            marks(sentence).map(move |(mark, at)| {
                let mut before = sentence[..at].char_indices().rev();
                let start = before.find(|(_, c)| CLAUSES.contains(c)).map_or(0, |(end, c)| end + c.len_utf8());
                let end = sentence[at..].find(CLAUSES).map_or(sentence.len(), |end| at + end);
                // A word is a mark only where it is said that it marks something: `标「公开」的`.
                let is_sign = mark.chars().count() == 1 && !mark.chars().any(char::is_alphanumeric);
                let told = is_sign || lexicon.speaks_of("marked-with", &sentence[start..at]);
                (if told { mark } else { "" }, &sentence[start..end], &sentence[start..])
            })
        })
    });
    found.find_map(|(mark, clause, rest)| {
        if mark.is_empty() {
            return None;
        }
        // `标了🔒的，要先登录`: what is said of it can follow.
        let says = |text: &str| {
            let free = speaks(&["login-free", "mark-of-free", "except"], text);
            (free || speaks(&["login-needed", "mark-of-login"], text)).then_some(free)
        };
        let free = says(clause).or_else(|| says(rest))?;
        let marked: Vec<bool> = endpoints.iter().map(|endpoint| endpoint.title.contains(mark)).collect();
        let count = marked.iter().filter(|marked| **marked).count();
        // A word in marks that titles have for what it says is no mark.
        (count > 1 && count < marked.len()).then(|| marked.into_iter().map(|marked| marked == free).collect())
    })
}

/// What a sentence can mean by a mark, each with its place: a sign, or what stands in quotes or brackets.
fn marks(sentence: &str) -> impl Iterator<Item = (&str, usize)> {
    let is_sign = |c: &char| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_ascii() && !COMMON.contains(*c);
    let place = |piece: &str| piece.as_ptr() as usize - sentence.as_ptr() as usize;
    let quoted = line::quoted_pieces(sentence).into_iter().chain(bracketed(sentence));
    let quoted = quoted.filter(|piece| !piece.trim().is_empty() && piece.chars().count() <= LONGEST);
    let signs = sentence.char_indices().filter(move |(_, c)| is_sign(c));
    let signs = signs.filter_map(|(at, c)| Some((sentence.get(at..at + c.len_utf8())?, at)));
    quoted.map(move |piece| (piece, place(piece))).chain(signs).collect::<Vec<_>>().into_iter()
}

/// What stands in brackets.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    let open = text.char_indices().filter(|(_, c)| "（([【".contains(*c));
    open.filter_map(|(at, c)| {
        let inner = &text[at + c.len_utf8()..];
        inner.find(['）', ')', ']', '】']).map(|end| &inner[..end])
    })
}

/// In characters, of a word that is a mark.
const LONGEST: usize = 8;
const CLAUSES: [char; 2] = ['，', ','];
/// Marks that stand in any sentence.
const COMMON: &str = "，。、；：！？（）【】《》「」『』“”‘’…—～·→￥\u{fe0f}";
