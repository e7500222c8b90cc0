//! Parameters in lines of a page without fences: one a line below what announces them, or several behind it.

use super::mention::bare;
use crate::lexicon::Lexicon;
use crate::syntax::ast::{Oddities, ParamLine};

/// `- phone: 手机号，必填`, `* **phone** (string) 手机号`, `* title (*string*) 标题`.
pub(super) fn in_line<'a>(text: &'a str, lexicon: &Lexicon) -> Option<ParamLine<'a>> {
    let starred = text.starts_with(['*', '＊']) && !text[1..].starts_with([' ', '\t', '*']);
    let bare = bare(text);
    let (name, rest) = bare.split_at(name_end(bare));
    let fits = is_name(name) && !rest.starts_with('/');
    let description = rest.trim_start_matches(|c: char| c.is_whitespace() || "*`_:：-—=|,，".contains(c)).trim_end();
    let apart = description.len() < rest.len() || rest.starts_with(['(', '（']) || rest.is_empty();
    let told = !description.is_ascii() || rest.trim_start_matches(['`', '*', ' ']).starts_with(['(', ':']);
    let (inside, words) = in_front(description);
    let kinds = || inside.split([',', '，', ' ', '/']).map(|word| word.trim_matches(['*', '`', ' ']));
    let is_type = |word: &&str| lexicon.is_named("type-name", word);
    let is_demand = |word: &str| ["cell-required", "cell-optional"].iter().any(|topic| lexicon.is_named(topic, word));
    let all = !inside.is_empty() && kinds().all(|word| word.is_empty() || is_type(&word) || is_demand(word));
    let words = if all { words } else { description };
    let required = starred || (all && kinds().any(|word| lexicon.is_named("cell-required", word)));
    let type_name = kinds().find(is_type).filter(|_| all);
    (fits && apart && told).then(|| ParamLine { type_name, ..param(text, name, words, required) })
}

/// `(string, required) the phone`: what stands in brackets in front, and the rest.
fn in_front(text: &str) -> (&str, &str) {
    let inner = text.strip_prefix(['(', '（']).and_then(|rest| rest.split_once([')', '）']));
    inner.map_or(("", text), |(inside, rest)| {
        (inside, rest.trim_start_matches(|c: char| c.is_whitespace() || ":：-—,，".contains(c)))
    })
}

/// What stands behind a label in its line: `|账号|username|string|require| |密码|password|string|require|`,
/// `phone(手机号)、code(验证码)`, `phone 手机号，nick 昵称`.
pub(super) fn behind_label<'a>(text: &'a str, lexicon: &Lexicon) -> Vec<ParamLine<'a>> {
    if text.contains('|') { in_cells(text, lexicon) } else { in_words(text) }
}

/// Groups of cells, each of one parameter: what is called in ASCII is its name, whatever stands beside it.
fn in_cells<'a>(text: &'a str, lexicon: &Lexicon) -> Vec<ParamLine<'a>> {
    let cells: Vec<&str> = text.split('|').map(str::trim).collect();
    let named = |group: &[&'a str]| {
        let says = |topic: &str, cell: &str| lexicon.is_named(topic, cell);
        let is_type =
            |cell: &str| says("type-name", cell) || says("cell-required", cell) || says("cell-optional", cell);
        let name = group.iter().copied().find(|cell| is_whole_name(cell) && !is_type(cell))?;
        let words = group.iter().copied().find(|cell| !cell.is_ascii()).unwrap_or_default();
        let required = group.iter().any(|cell| says("cell-required", cell));
        let type_name = group.iter().copied().find(|cell| says("type-name", cell));
        Some(ParamLine { type_name, ..param(name, name, words, required) })
    };
    let groups = cells.split(|cell| cell.is_empty()).filter(|group| !group.is_empty());
    groups.map(named).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Every piece begins with a name, or they are words.
fn in_words<'a>(text: &'a str) -> Vec<ParamLine<'a>> {
    let pieces = pieces(text, &['、', '，', ',', '；', ';']);
    let named = |piece: &&'_ str| is_name(&piece[..name_end(piece)]);
    if pieces.is_empty() || !pieces.iter().all(named) {
        return Vec::new();
    }
    let read = |piece: &'a str| {
        let piece = bare(piece);
        let (name, rest) = piece.split_at(name_end(piece));
        let alone = rest.trim().is_empty();
        let described = rest.starts_with(['(', '（', ' ', ':', '：', '=']) && !rest.is_ascii();
        (alone || described).then(|| {
            let words = rest.trim_matches(|c: char| c.is_whitespace() || "()（）:：=".contains(c));
            param(piece, name, words, false)
        })
    };
    // `参数：json` names no parameter.
    let found: Option<Vec<ParamLine<'a>>> = pieces.iter().map(|piece| read(piece)).collect();
    found.filter(|found| found.len() > 1 || found.iter().any(|param| !param.description.is_empty())).unwrap_or_default()
}

/// Cuts a text at signs that stand in no brackets and in no quotes.
pub(super) fn pieces<'a>(text: &'a str, signs: &[char]) -> Vec<&'a str> {
    let (mut found, mut from, mut depth, mut quoted) = (Vec::new(), 0, 0i32, None);
    for (at, c) in text.char_indices() {
        match c {
            '"' | '\'' if quoted == Some(c) => quoted = None,
            '"' | '\'' if quoted.is_none() => quoted = Some(c),
            '\n' => quoted = None,
            _ => {}
        }
        if quoted.is_some() {
            continue;
        }
        depth += i32::from("([{（【".contains(c)) - i32::from(")]}）】".contains(c));
        if depth <= 0 && signs.contains(&c) {
            found.push(&text[from..at]);
            from = at + c.len_utf8();
        }
    }
    found.push(&text[from..]);
    found.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

pub(super) fn name_end(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || "_.[]".contains(c))).unwrap_or(text.len())
}

pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

fn is_whole_name(text: &str) -> bool {
    is_name(text) && name_end(text) == text.len()
}

pub(super) fn param<'a>(line: &'a str, name: &'a str, description: &'a str, required: bool) -> ParamLine<'a> {
    ParamLine {
        line,
        required,
        type_name: None,
        name,
        default: None,
        description,
        remark: false,
        more: Vec::new(),
        oddities: Oddities::default(),
    }
}
