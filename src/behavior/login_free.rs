//! The endpoints of which a line says by their titles that they need no login: `不需要登录：发送验证码、注册、登录、文章列表`. All
//! others then need one.

use super::titles::{bare, matching};
use crate::lexicon::Lexicon;
use crate::spec::{Endpoint, Note};

/// So many titles make a list of a line that has the words.
const SEVERAL: usize = 3;

/// By endpoint whether it is named. None where no line lists any, or says by which sign the others are known.
pub(super) fn listed(endpoints: &[Endpoint], prose: &[Note], lexicon: &Lexicon) -> Option<Vec<bool>> {
    if let Some(marked) = marked(endpoints, prose, lexicon) {
        return Some(marked.into_iter().map(|marked| !marked).collect());
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

/// By endpoint whether its title has the sign of which a line says that it marks what needs a login: `标了🔒的要登录`.
fn marked(endpoints: &[Endpoint], prose: &[Note], lexicon: &Lexicon) -> Option<Vec<bool>> {
    let is_sign = |c: &char| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_ascii() && !COMMON.contains(*c);
    let told = prose.iter().filter(|note| lexicon.speaks_of("login-needed", &note.text));
    let mut signs = told.flat_map(|note| note.text.chars()).filter(is_sign);
    signs.find_map(|sign| {
        let marked: Vec<bool> = endpoints.iter().map(|endpoint| endpoint.title.contains(sign)).collect();
        let count = marked.iter().filter(|marked| **marked).count();
        (count > 1 && count < marked.len()).then_some(marked)
    })
}

/// Marks that stand in any sentence.
const COMMON: &str = "，。、；：！？（）【】《》「」『』“”‘’…—～·→￥";
