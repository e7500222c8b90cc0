//! Addresses and methods that an item of a page without fences names, and labels that announce them.

use crate::lexicon::Lexicon;
use crate::spec::page::can_title;
use crate::syntax::ast::{Item, Row};
use crate::syntax::line;

/// An address that an item names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Call<'a> {
    pub(super) line: &'a str,
    pub(super) url: &'a str,
    pub(super) method: Option<&'a str>,
    /// What stands before it and is no label: `登录：POST /api/login`.
    pub(super) title: &'a str,
    /// Nothing else stands there.
    pub(super) alone: bool,
}

/// What an item has to do with a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark<'a> {
    Call(Call<'a>),
    /// `请求方式：POST`.
    Method(Option<&'a str>),
    /// `**请求URL：**`, above what it announces.
    Label,
    None,
}

pub(super) fn text_of<'a>(item: &Item<'a>) -> &'a str {
    match item {
        Item::Heading { text, .. } | Item::Quote(text) | Item::Line(text) => text,
        Item::Table(_) | Item::Code(_) | Item::Block(_) => "",
    }
}

pub(super) fn mark<'a>(item: &Item<'a>, lexicon: &Lexicon) -> Mark<'a> {
    match item {
        Item::Table(rows) => table_mark(rows, lexicon),
        _ => text_mark(text_of(item), lexicon),
    }
}

/// `| 请求地址 | /api/login |` over `| 请求方式 | POST |`.
fn table_mark<'a>(rows: &[Row<'a>], lexicon: &Lexicon) -> Mark<'a> {
    let beside = |topic: &str| {
        let row = rows.iter().find(|row| row.cells.first().is_some_and(|cell| lexicon.is_nothing_but(topic, cell)));
        row.and_then(|row| row.cells.get(1)).copied()
    };
    let Some(value) = beside("request-address") else { return Mark::None };
    let Some(url) = labelled_url(value) else { return Mark::None };
    let found = call(value, url);
    let method = found.method.or_else(|| beside("request-method").and_then(only_method));
    Mark::Call(Call { title: "", method, ..found })
}

fn text_mark<'a>(text: &'a str, lexicon: &Lexicon) -> Mark<'a> {
    let found = urls(text);
    let [url] = found.as_slice() else {
        let told = text.split_once([':', '：']);
        let label = told.map_or(text, |(label, _)| label);
        let is_label = |topic: &str| lexicon.is_nothing_but(topic, label);
        let value = told.map_or("", |(_, value)| value);
        let empty = !value.contains(char::is_alphanumeric);
        let relative = labelled_url(value).filter(|_| is_label("request-address"));
        return match () {
            () if found.is_empty() && relative.is_some() => {
                relative.map_or(Mark::None, |url| Mark::Call(Call { title: "", ..call(text, url) }))
            }
            () if !found.is_empty() => Mark::None,
            () if is_label("request-method") && !empty => Mark::Method(only_method(value)),
            () if empty && (is_label("request-method") || is_label("request-address")) => Mark::Label,
            () => Mark::None,
        };
    };
    let call = call(text, url);
    let label = call.title;
    let labelled = lexicon.is_nothing_but("request-address", label);
    let title = if labelled { "" } else { label };
    let fits = labelled || (call.method.is_some() && title.chars().count() <= LONGEST_TITLE);
    // What goes on behind the address is a sentence, unless it is short.
    let behind = behind(text, url).chars().count();
    if fits && behind <= LONGEST_TITLE {
        let title = if title.is_empty() && !labelled { behind_title(text, url) } else { title };
        let alone = if labelled { call.method.is_some() } else { title.is_empty() };
        Mark::Call(Call { title, alone, ..call })
    } else {
        Mark::None
    }
}

/// The address with what stands before it: a method, and words.
pub(super) fn call<'a>(text: &'a str, url: &'a str) -> Call<'a> {
    let before = &text[..offset(text, url)];
    let mut words = before.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let told = words.next_back().filter(|word| is_method(word));
    let title = told.map_or(before, |method| &before[..offset(before, method)]);
    // `接口：/api/login 方式：POST`.
    let method = told.or_else(|| only_method(behind(text, url)));
    Call { line: text, url, method, title: bare(title), alone: true }
}

fn behind<'a>(text: &'a str, url: &str) -> &'a str {
    bare(&text[offset(text, url) + url.len()..])
}

/// `POST /api/login 登录`, `GET /goods （列表）`.
fn behind_title<'a>(text: &'a str, url: &str) -> &'a str {
    Some(behind(text, url)).filter(|text| can_title(text)).unwrap_or("")
}

/// Where a piece of a text begins in it.
fn offset(text: &str, piece: &str) -> usize {
    (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// Without bullets, emphasis, signs and tags around it: `<summary>Param</summary>` is `Param`.
pub(super) fn bare(text: &str) -> &str {
    let inside = text.trim().strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(_, rest)| rest);
    let inside = inside.and_then(|rest| rest.rsplit_once("</")).map_or(text, |(inside, _)| inside);
    inside.trim_matches(|c: char| c.is_whitespace() || "*`_-+•·>#:：[]【】|".contains(c))
}

/// What stands between blanks and signs.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || "*`|（）()【】[]<>，。；、\"'“”".contains(c))
        .filter(|word| !word.is_empty())
        .collect()
}

/// The addresses in a text: `/api/login`, `http://host/api/login`, `{{host}}/api/login`.
fn urls(text: &str) -> Vec<&str> {
    // `<font color=red>POST</font>` names no address.
    let words = words(text).into_iter().filter(|word| !text[..offset(text, word)].ends_with('<'));
    let unlabelled = words.map(|word| {
        // `URL:/api/login`, `POST:/api/login`, and a scheme whose slashes are lost.
        let label = word.find([':', '：']).filter(|at| !word[*at..].starts_with("://") && !word[..*at].contains('/'));
        let rest = label.map_or(word, |at| word[at..].trim_start_matches([':', '：']));
        let is_scheme = label.is_some_and(|at| ["http", "https"].contains(&&word[..at]));
        let path = rest.find('/').filter(|_| is_scheme).map_or(rest, |at| &rest[at..]);
        // One slash of several stays.
        let slashes = path.len() - path.trim_start_matches('/').len();
        &path[slashes.saturating_sub(1)..]
    });
    // `/goods{?page,size}` of URI templates.
    let bare = unlabelled.map(|word| word.split_once("{?").map_or(word, |(address, _)| address));
    bare.filter(|word| is_url(word)).collect()
}

/// The address behind a label, where its first slash may be missing: `material/return`.
pub(super) fn labelled_url(text: &str) -> Option<&str> {
    let mut relative = words(text).into_iter().filter(|word| word.contains('/') && line::request(word).is_some());
    let absolute = urls(text).into_iter().next();
    absolute.or_else(|| relative.next().filter(|_| relative.next().is_none()))
}

fn is_url(word: &str) -> bool {
    let path = ["http://", "https://"].iter().find_map(|scheme| word.strip_prefix(scheme));
    let path = path.map_or(word, |rest| rest.find('/').map_or("", |at| &rest[at..]));
    let path = path.strip_prefix("{{").and_then(|rest| rest.split_once("}}")).map_or(path, |(_, path)| path);
    let named = path
        .strip_prefix('/')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "{:_".contains(c)));
    let is_file = || path.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end.to_ascii_lowercase().as_str()));
    named && line::request(word).is_some() && !is_file()
}

fn is_method(word: &str) -> bool {
    METHODS.iter().any(|known| known.eq_ignore_ascii_case(word.trim_end_matches([':', '：'])))
}

/// The one method that a text names.
pub(super) fn only_method(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| is_method(word));
    let mut found = words;
    found.next().filter(|_| found.next().is_none())
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// The ends of names of files that documents mention.
const FILES: [&str; 9] = ["jpg", "jpeg", "png", "gif", "mp4", "mp3", "pdf", "md", "html"];

/// In characters.
const LONGEST_TITLE: usize = 20;
