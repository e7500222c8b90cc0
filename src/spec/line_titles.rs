//! Titles of endpoints that are no headings: `**关注**（登录）`, `7）结束`, `（3）结束`, `【退出】`, `一、登录`.
//!
//! In: the items of one document. Out: the same, with those lines as headings below the one that they stand under. A page has such
//! titles where most of its blocks without a heading of their own have a line of one such form over them, each another, and they
//! say what is done.

use crate::lexicon::Lexicon;
use crate::syntax::ast::Item;
use std::collections::{HashMap, HashSet};

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Form {
    Bold,
    Numbered,
    Bracketed,
    Ruled,
}

/// Over a block: whether a heading stands there, and the last line of each form behind it.
struct Over<'a> {
    headed: bool,
    lines: HashMap<Form, (usize, &'a str)>,
}

pub(super) fn raise(items: &mut [Item<'_>], lexicon: &Lexicon) {
    let over = over_blocks(items, lexicon);
    if over.len() < 2 {
        return;
    }
    let is_form = |form: &Form| {
        let titles: Vec<&str> = over.iter().filter_map(|over| over.lines.get(form)).map(|(_, text)| *text).collect();
        let distinct: HashSet<&str> = titles.iter().copied().collect();
        let deeds = titles.iter().filter(|text| !lexicon.operations_in(text).is_empty()).count();
        let bare = over.iter().filter(|over| !over.headed).count();
        let named = over.iter().filter(|over| !over.headed && over.lines.contains_key(form)).count();
        titles.len() > 1
            && named > 0
            && named * MOST.1 >= bare * MOST.0
            && distinct.len() == titles.len()
            && deeds * 2 >= titles.len()
    };
    let form = [Form::Bold, Form::Numbered, Form::Bracketed, Form::Ruled].into_iter().find(is_form);
    let found: Vec<(usize, &str)> = match form {
        Some(form) => over.iter().filter_map(|over| over.lines.get(&form)).copied().collect(),
        None => plain(items),
    };
    let Some(first) = found.first() else { return };
    let above = items[..first.0].iter().rev().find_map(|item| match item {
        Item::Heading { level, .. } => Some(*level),
        _ => None,
    });
    let level = above.unwrap_or(1) + 1;
    for (at, text) in found {
        items[at] = Item::Heading { level, text };
    }
}

/// The lines right above the blocks, where a page has no other titles and what stands before the first is of all.
fn plain<'a>(items: &[Item<'a>]) -> Vec<(usize, &'a str)> {
    if !super::page::is_named_by_lines(items) {
        return Vec::new();
    }
    let blocks = (0..items.len()).filter(|at| matches!(items[*at], Item::Block(_)));
    let titles = blocks.filter_map(|block| {
        let at = block.checked_sub(1)?;
        let Item::Line(text) = items.get(at)? else { return None };
        let quoted = at.checked_sub(1).is_some_and(|above| matches!(items[above], Item::Quote(_)));
        Some((!quoted).then_some((at, *text)))
    });
    titles.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// So many of so many blocks have such a line.
const MOST: (usize, usize) = (4, 5);

fn over_blocks<'a>(items: &[Item<'a>], lexicon: &Lexicon) -> Vec<Over<'a>> {
    let mut found = Vec::new();
    let mut over = Over { headed: false, lines: HashMap::new() };
    for (at, item) in items.iter().enumerate() {
        match item {
            Item::Block(_) => found.push(std::mem::replace(&mut over, Over { headed: false, lines: HashMap::new() })),
            Item::Heading { .. } => over = Over { headed: true, lines: HashMap::new() },
            Item::Line(text) => {
                if let Some((form, title)) = title(text, lexicon) {
                    over.lines.insert(form, (at, title));
                }
            }
            _ => {}
        }
    }
    found
}

/// What a line of the form of a title says; its numbering stays.
fn title<'a>(line: &'a str, lexicon: &Lexicon) -> Option<(Form, &'a str)> {
    let line = line.trim().trim_end_matches([':', '：']);
    let (form, whole, words) = if let Some(inner) = line.strip_prefix("**") {
        let end = inner.find("**")?;
        let beside = inner[end + 2..].trim();
        // `**注意**：…` goes on with a sentence.
        let plain = beside.chars().count() <= BESIDE && !beside.starts_with([':', '：', '-', '—']);
        plain.then_some((Form::Bold, line, &inner[..end]))?
    } else if let Some(words) = numbered(line, lexicon) {
        (Form::Numbered, line, words)
    } else if let Some((open, close)) = BRACKETS.iter().find(|(open, _)| line.starts_with(*open)) {
        let inner = &line[open.len_utf8()..];
        let end = inner.find(*close)?;
        let beside = inner[end + close.len_utf8()..].trim();
        let whole = if beside.is_empty() { &inner[..end] } else { line };
        (beside.chars().count() <= BESIDE).then_some((Form::Bracketed, whole, &inner[..end]))?
    } else {
        let words = line.trim_matches(|c: char| c.is_whitespace() || SIGNS.contains(c));
        (words.len() < line.len() && line.starts_with(|c| SIGNS.contains(c))).then_some((Form::Ruled, words, words))?
    };
    let is_remark = ["sub-heading", "request-label", "reply-heading", "code-table", "error-label", "success-label"];
    let is_remark = is_remark.iter().any(|topic| lexicon.is_nothing_but(topic, words));
    (super::page::can_title(words) && !is_remark).then_some((form, whole))
}

/// A line without its number: `7）`, `(3)`, `3.2 `, `一、`.
pub(super) fn numbered<'a>(line: &'a str, lexicon: &Lexicon) -> Option<&'a str> {
    let opened = line.strip_prefix(['(', '（']);
    let mut rest = opened.unwrap_or(line);
    let mut counts = 0;
    while let Some(c) = rest.chars().next() {
        let dot = counts > 0 && c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if !(c.is_ascii_digit() || dot || lexicon.begins_with("ordinal-sign", &rest[..c.len_utf8()])) {
            break;
        }
        rest = &rest[c.len_utf8()..];
        counts += 1;
    }
    let dotted = line[..line.len() - rest.len()].contains('.');
    let behind = match opened {
        Some(_) => rest.strip_prefix([')', '）']),
        None => rest.strip_prefix(['、', '.', '．', ')', '）']).or_else(|| rest.strip_prefix(' ').filter(|_| dotted)),
    };
    behind.map(str::trim).filter(|_| (1..=MOST_SIGNS).contains(&counts))
}

/// In characters, of what stands beside a title's own words: `（登录）`.
const BESIDE: usize = 12;
const MOST_SIGNS: usize = 6;
const BRACKETS: [(char, char); 5] = [('【', '】'), ('[', ']'), ('〖', '〗'), ('「', '」'), ('《', '》')];
const SIGNS: &str = "■◆●▶►★☆◇□▪※=#~-—·";

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::{Settings, lower};

    fn titles(document: &str) -> String {
        let set = lower(vec![Source::new("a.md", document.to_owned())], &Settings::default(), &Lexicon::standard());
        set.endpoints.iter().map(|endpoint| endpoint.title.clone()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lines_of_one_form_are_titles() {
        let page = |head: &str, lines: [&str; 3]| {
            let blocks = lines.map(|line| format!("{line}\n~~~[api]\npost:/x/{}\n~~~\n1 没找到\n\n", line.len()));
            titles(&format!("# 商店\n\n{head}\n\n{}", blocks.concat()))
        };
        let bold = ["**登录**", "**修改资料**（要登录）", "**删除订单**"];
        assert_eq!(page("## 全部", bold), "登录|修改资料（要登录）|删除订单");
        assert_eq!(page("## 全部", ["1）登录", "2）修改资料", "3）删除订单"]), "1）登录|2）修改资料|3）删除订单");
        assert_eq!(page("## 全部", ["(1) 登录", "(2) 修改资料", "(3) 删除订单"]), "(1) 登录|(2) 修改资料|(3) 删除订单");
        assert_eq!(
            page("二、接口", ["一、登录", "二、修改资料", "三、删除订单"]),
            "一、登录|二、修改资料|三、删除订单"
        );
        assert_eq!(page("## 全部", ["【登录】", "【修改资料】", "【删除订单】"]), "登录|修改资料|删除订单");
        assert_eq!(page("## 全部", ["■ 登录", "■ 修改资料", "■ 删除订单"]), "登录|修改资料|删除订单");
        assert_eq!(
            page("## 全部", ["**登录**\n手机号登录。", "**修改资料**", "**删除订单**"]),
            "登录|修改资料|删除订单"
        );
    }

    #[test]
    fn lines_that_say_the_same_of_each_are_none() {
        let page = |line: &str| titles(&format!("## 登录\n{line}\n+++\npost:/a\n+++\n\n{line}\n+++\npost:/b\n+++\n"));
        assert_eq!(page("**请求示例**"), "登录|登录");
        assert_eq!(page("1、手机号必填"), "登录|登录");
        let headed = "## 登录\n1、手机号登录\n+++\npost:/a\n+++\n## 退出\n2、退出登录\n+++\npost:/b\n+++\n";
        assert_eq!(titles(headed), "登录|退出");
    }
}
