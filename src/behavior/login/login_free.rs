//! The endpoints of which a line says by their titles that they need no login: `不需要登录：发送验证码、注册、登录、文章列表`. All
//! others then need one. So, too, by a mark in their titles or in the headings that they stand under: `写了（登录）的必须带，
//! 写了（可登录）的带不带都行`.

use super::sessions::bracketed;
use super::told_login::Reader;
use crate::behavior::collection::prose::sentences;
use crate::behavior::infer::SetWide;
use crate::behavior::operation::path_words;
use crate::behavior::operation::titles::{bare, matching};
use crate::lexicon::Lexicon;
use crate::spec::{Endpoint, Note};
use crate::syntax::line;
use std::collections::HashSet;

/// So many titles make a list of a line that has the words.
const SEVERAL: usize = 3;

/// What is said of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::behavior) enum Need {
    Nothing,
    Login,
    /// With a token it knows the caller, and without one it answers as well.
    Either,
}

/// By endpoint what it needs. None where no line lists any that need nothing, or says by which sign they are known.
pub(in crate::behavior) fn listed(set_wide: &SetWide<'_>, reader: &Reader<'_>) -> Option<Vec<Need>> {
    let SetWide { set, prose, .. } = set_wide;
    if let Some(marked) = marked(set_wide) {
        return Some(marked);
    }
    let endpoints = &set.endpoints;
    let titles: Vec<String> = endpoints.iter().map(|endpoint| bare(&endpoint.title)).collect();
    let mut named = vec![false; endpoints.len()];
    let mut found = false;
    for note in prose.iter().filter(|note| reader.says_free(&note.text)) {
        let whole = std::iter::once(note.text.as_str());
        let several = whole.chain(sentences(&note.text)).find_map(|text| {
            let several = of_sentence(text, endpoints, &titles, reader);
            (!several.is_empty()).then_some(several)
        });
        for at in several.into_iter().flatten() {
            (named[at], found) = (true, true);
        }
    }
    let need = |free: bool| if free { Need::Nothing } else { Need::Login };
    found.then(|| named.into_iter().map(need).collect())
}

/// The endpoints that a sentence lists; nothing where it lists too few, or mostly something else.
fn of_sentence(text: &str, endpoints: &[Endpoint], titles: &[String], reader: &Reader<'_>) -> Vec<usize> {
    let (head, rest) = text.split_once([':', '：']).unwrap_or(("", text));
    // `文章列表、文章详情不需要登录` has the words behind.
    let rest = if reader.says_free(head) { rest } else { text };
    let pieces = rest.split(['、', '，', ',', ';', '；', '。', '/']).map(|piece| reader.without_free(piece));
    let pieces: Vec<String> = pieces.filter(|piece| piece.chars().any(char::is_alphanumeric)).collect();
    let by_path = |piece: &str| -> Vec<usize> {
        if !piece.is_ascii() {
            return Vec::new();
        }
        (0..endpoints.len()).filter(|at| is_path_of(&endpoints[*at], piece, reader.lexicon)).collect()
    };
    let matches: Vec<Vec<usize>> = pieces
        .iter()
        .map(|piece| {
            let found = matching(piece, titles);
            if found.is_empty() { by_path(piece.trim()) } else { found }
        })
        .collect();
    let known = matches.iter().filter(|found| !found.is_empty()).count();
    if known < SEVERAL || known * 3 < pieces.len() * 2 {
        return Vec::new();
    }
    matches.into_iter().flatten().collect()
}

/// Whether a piece of a list is an endpoint's path, its end, or what tells it from others of its path: `除 login、zc 外`.
pub(in crate::behavior) fn is_path_of(endpoint: &Endpoint, told: &str, lexicon: &Lexicon) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_name = |piece: &&str| piece.len() > 1 && piece.contains(|c: char| c.is_ascii_alphabetic());
    let pieces = told.split(|c| lexicon.rules().joints.parts(c)).map(|piece| piece.trim_matches(|c| !is_sign(c)));
    let names = path_words::names_of(endpoint);
    pieces.filter(is_name).any(|piece| names.iter().any(|name| name.eq_ignore_ascii_case(piece)))
}

/// What a mark says, and the endpoints whose titles, or the headings above them, have it.
struct Mark {
    need: Need,
    own: Vec<bool>,
    above: Vec<bool>,
}

/// By endpoint what the marks say of which lines say what they mark: `标了🔒的要登录`, `标 🔓 的接口不需要`, `带「公开」的不用 token`.
fn marked(set_wide: &SetWide<'_>) -> Option<Vec<Need>> {
    let SetWide { set, prose, lexicon, .. } = set_wide;
    let endpoints = &set.endpoints;
    let about_login = |text: &str| {
        ["login-free", "login-needed", "proof-of-login", "login-word"]
            .iter()
            .any(|topic| lexicon.speaks_of(topic, text))
    };
    let titles: HashSet<&str> = endpoints.iter().map(|endpoint| endpoint.title.as_str()).collect();
    let told = prose.iter().filter(|note| about_login(&note.text) && !titles.contains(note.text.as_str()));
    let mut known: HashSet<&str> = HashSet::new();
    let mut marks: Vec<Mark> = Vec::new();
    let mut headings: Option<Vec<Vec<&str>>> = None;
    for (mark, need) in told.flat_map(|note| legend(note, lexicon)) {
        if !known.insert(mark) {
            continue;
        }
        let headings = headings.get_or_insert_with(|| headings_of(set_wide));
        let titles = || endpoints.iter().map(|endpoint| endpoint.title.as_str());
        let in_brackets =
            titles().chain(headings.iter().flatten().copied()).any(|title| bracketed(title).any(|piece| piece == mark));
        let has = |title: &str| {
            if in_brackets { bracketed(title).any(|piece| piece == mark) } else { title.contains(mark) }
        };
        // What explains a mark has it, too.
        let has_above = |heading: &str| has(heading) && !about_login(&heading.replace(mark, ""));
        let own: Vec<bool> = endpoints.iter().map(|endpoint| has(&endpoint.title)).collect();
        let above: Vec<bool> = headings.iter().map(|all| all.iter().any(|heading| has_above(heading))).collect();
        let count = own.iter().zip(&above).filter(|(own, above)| **own || **above).count();
        // A word in marks that titles have for what it says is no mark.
        if count > 0 && count < endpoints.len() {
            marks.push(Mark { need, own, above });
        }
    }
    let count = (0..endpoints.len()).filter(|at| marks.iter().any(|mark| mark.own[*at] || mark.above[*at])).count();
    if count < 2 {
        return None;
    }
    // Where what needs a login is marked, the rest needs none.
    let rest = if marks.iter().any(|mark| mark.need == Need::Login) { Need::Nothing } else { Need::Login };
    let need = |at: usize| {
        let own = marks.iter().find(|mark| mark.own[at]);
        own.or_else(|| marks.iter().find(|mark| mark.above[at])).map_or(rest, |mark| mark.need)
    };
    Some((0..endpoints.len()).map(need).collect())
}

/// The headings that each endpoint stands under.
pub(in crate::behavior) fn headings_of<'a>(set_wide: &SetWide<'a>) -> Vec<Vec<&'a str>> {
    let SetWide { set, prose, sections, .. } = set_wide;
    let above = |endpoint: &Endpoint| -> Vec<&'a str> {
        let headings = endpoint.title_place.into_iter().flat_map(|place| sections.above(place));
        headings.filter_map(|lines| prose.get(lines)?.first()).map(|note| note.text.as_str()).collect()
    };
    set.endpoints.iter().map(above).collect()
}

/// The marks that a line explains, each with what it says of them.
fn legend<'n>(note: &'n Note, lexicon: &Lexicon) -> Vec<(&'n str, Need)> {
    let speaks = |topics: &[&str], text: &str| topics.iter().any(|topic| lexicon.speaks_of(topic, text));
    let says = |text: &str| match () {
        () if speaks(&["mark-of-either"], text) => Some(Need::Either),
        () if speaks(&["login-free", "mark-of-free", "except"], text) => Some(Need::Nothing),
        () if speaks(&["login-needed", "mark-of-login"], text) => Some(Need::Login),
        () => None,
    };
    let sentences = note.text.split(['。', '；', ';']);
    let all = sentences.flat_map(|sentence| {
        marks(sentence).filter_map(move |(mark, at)| {
            let mut before = sentence[..at].char_indices().rev();
            let start = before.find(|(_, c)| CLAUSES.contains(c)).map_or(0, |(end, c)| end + c.len_utf8());
            let end = sentence[at..].find(CLAUSES).map_or(sentence.len(), |end| at + end);
            // A word is a mark only where it is said that it marks something: `标「公开」的`.
            let is_sign = mark.chars().count() == 1 && !mark.chars().any(char::is_alphanumeric);
            let told = is_sign || lexicon.speaks_of("marked-with", &sentence[start..at]);
            // `标了🔒的，要先登录`: what is said of it can follow.
            let need = says(&sentence[start..end]).or_else(|| says(&sentence[start..]))?;
            told.then_some((mark, need))
        })
    });
    all.collect()
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

/// In characters, of a word that is a mark.
const LONGEST: usize = 8;
const CLAUSES: [char; 2] = ['，', ','];
/// Marks that stand in any sentence.
const COMMON: &str = "，。、；：！？（）【】《》「」『』“”‘’…—～·→￥\u{fe0f}";
