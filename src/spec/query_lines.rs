//! Parameters that a sentence lists: ``My orders, newest first. Query: `status` (optional), `page` (default 1).``, or the items of a
//! list below `Query:`.
//!
//! In: an endpoint with its notes. Out: the parameters that nothing else lists; the sentence is taken out of the notes, since it says
//! nothing else.

use super::{Endpoint, In, Note, Param, requests};
use crate::lexicon::Lexicon;
use crate::source::Place;
use crate::syntax::line;

/// A parameter of such a list: its name, and what is said beside it.
struct Item<'t> {
    name: &'t str,
    said: &'t str,
}

pub(super) fn settle(endpoint: &mut Endpoint, lexicon: &Lexicon) {
    let mut kept: Vec<Note> = Vec::new();
    let mut found: Vec<(String, String, In, Place)> = Vec::new();
    // Where the items of a list go that stand below their label.
    let mut below: Option<In> = None;
    let elsewhere = requests::where_sent(endpoint);
    for mut note in std::mem::take(&mut endpoint.notes) {
        let item = below.and_then(|location| Some((location, line::listed(&note.text).and_then(item)?)));
        if let Some((location, item)) = item {
            found.push((item.name.to_owned(), item.said.to_owned(), location, note.place));
            continue;
        }
        below = None;
        let told = label(&note.text, lexicon)
            .map(|(start, rest, query)| (start, rest, if query { In::Query } else { elsewhere }));
        if let Some((start, rest, location)) = told {
            let end = sentence_end(rest);
            let list = &rest[..end];
            if list.trim().is_empty() {
                below = Some(location);
            } else if let Some(items) = items(list) {
                let told = items.iter().map(|item| (item.name.to_owned(), item.said.to_owned(), location, note.place));
                found.extend(told);
                let after = rest[end..].trim_start_matches(['.', '。']).trim_start();
                let left = format!("{} {after}", note.text[..start].trim_end());
                left.trim().clone_into(&mut note.text);
            }
        }
        if !note.text.is_empty() {
            kept.push(note);
        }
    }
    endpoint.notes = kept;
    for (name, said, location, place) in found {
        if endpoint.param(&name).is_none() {
            endpoint.params.push(param(name, said, location, place, lexicon));
        }
    }
}

fn param(name: String, said: String, location: In, place: Place, lexicon: &Lexicon) -> Param {
    let starred = lexicon.speaks_of("required", &said) && !lexicon.speaks_of("optional", &said);
    Param {
        values: String::new(),
        name,
        location,
        type_name: None,
        starred,
        default: None,
        label: said.clone(),
        description: said,
        discriminates: false,
        listed: true,
        public: false,
        place,
    }
}

/// Where a sentence begins whose label says that parameters follow, what follows the label, and whether they go in the query.
fn label<'t>(text: &'t str, lexicon: &Lexicon) -> Option<(usize, &'t str, bool)> {
    let mut start = 0;
    loop {
        let sentence = &text[start..];
        if let Some((said, rest)) = sentence.split_once([':', '：'])
            && said.chars().count() <= LONGEST_LABEL
        {
            let is = |topic: &str| lexicon.is_nothing_but(topic, said);
            if is("query-label") || is("params-label") {
                return Some((start, rest, is("query-label")));
            }
        }
        let end = sentence_end(sentence);
        let sign = sentence[end..].chars().next()?;
        start += end + sign.len_utf8();
    }
}

/// Where the first sentence of a text ends: outside of brackets and backticks, and not within `1.5`.
fn sentence_end(text: &str) -> usize {
    let mut depth = 0_i32;
    let mut marked = false;
    for (at, c) in text.char_indices() {
        match c {
            '`' => marked = !marked,
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            '。' if depth <= 0 => return at,
            '.' if depth <= 0 && !marked && text[at + 1..].chars().next().is_none_or(char::is_whitespace) => return at,
            _ => {}
        }
    }
    text.len()
}

/// The items of a list; none where one of them is no name of a parameter.
fn items(list: &str) -> Option<Vec<Item<'_>>> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in list.char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            ',' | '，' | '、' | ';' | '；' if depth <= 0 => {
                pieces.push(&list[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&list[start..]);
    let pieces = pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty());
    let items = pieces.map(|piece| item(piece.strip_prefix("and ").unwrap_or(piece)));
    items.collect::<Option<Vec<_>>>().filter(|items| !items.is_empty())
}

/// `` `status` (optional) ``, `page`, `page (default 1)`: without backticks, nothing but brackets may follow the name.
fn item(piece: &str) -> Option<Item<'_>> {
    let bare = piece.trim_start_matches(['`', '*']);
    let end = bare.find(|c: char| !c.is_ascii_alphanumeric() && !"_-[]".contains(c)).unwrap_or(bare.len());
    let (name, rest) = bare.split_at(end);
    let marked = bare.len() < piece.len() && rest.starts_with(['`', '*']);
    let said = rest.trim_start_matches(['`', '*']).trim();
    let in_brackets = said.is_empty() || (said.starts_with(['(', '（']) && said.ends_with([')', '）']));
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() <= LONGEST_NAME;
    let is_sign = |c: char| c.is_whitespace() || "()（）:：-—=".contains(c);
    (is_name && (marked || in_brackets)).then(|| Item { name, said: said.trim_matches(is_sign) })
}

/// In characters.
const LONGEST_LABEL: usize = 30;
const LONGEST_NAME: usize = 30;

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::{Settings, lower};

    fn check(lines: &str, params: &[&str], notes: &[&str]) {
        let document = format!("## Orders\n+++\nget:/orders\n+++\n{lines}\n");
        let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
        let endpoint = &set.endpoints[0];
        let star = |starred: bool| if starred { "*" } else { "" };
        let found: Vec<String> = endpoint
            .params
            .iter()
            .map(|param| format!("{}{} {} {}", star(param.starred), param.location, param.name, param.description))
            .collect();
        assert_eq!(found, params, "{lines}");
        assert_eq!(endpoint.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), notes, "{lines}");
    }

    #[test]
    fn a_sentence_lists_parameters() {
        check("Query: `floor` (optional)", &["query floor optional"], &[]);
        check(
            "My orders, newest first. Query: `status` (optional), `page` (default 1). Max 50.",
            &["query status optional", "query page default 1"],
            &["My orders, newest first. Max 50."],
        );
        check("Query parameters: status (open, shut), page", &["query status open, shut", "query page "], &[]);
        check("我的订单。查询参数：`status`（必填）、`page`", &["*query status 必填", "query page "], &["我的订单。"]);
        check("Query:\n- `status` (optional)\n- `page`", &["query status optional", "query page "], &["Query:"]);
    }

    #[test]
    fn other_sentences_list_none() {
        check("Query: all orders by day", &[], &["Query: all orders by day"]);
        check("Note: `status`, `page`", &[], &["Note: `status`, `page`"]);
    }
}
