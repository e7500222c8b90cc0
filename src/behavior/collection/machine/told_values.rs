//! The values of a status that nothing lists but what is said of its moves: `| 10待派单 | 20待上门 |` under `| 从 | 到 |`, and
//! `刚录入的是草稿（draft），上架以后变成在售（onsale）`.

use super::moves;
use crate::behavior::collection::ItemField;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::MoveTable;
use crate::behavior::enumeration::{self, Item};
use crate::lexicon::{Lexicon, Role};
use crate::source::{FileId, Place};
use std::collections::BTreeSet;

/// What is said of a value is a word or two.
const MOST_SAID: usize = 6;
/// A code is short.
const MOST_OF_A_CODE: usize = 24;

impl Gathering<'_> {
    /// The values of a group's status, as the one table or the one line that tells of its moves has them; the example's own
    /// value has to be among them.
    pub(in crate::behavior::collection) fn values_of_moves(
        &self,
        group: &Group,
        field: &ItemField,
    ) -> Option<(Vec<Item>, Place)> {
        let is_status = field.role == Role::Status || self.lexicon.is_named("status-like", &field.key);
        let example = field.example.scalar_text().filter(|text| !text.is_empty() && is_status)?;
        let shows = |items: &Vec<Item>| items.len() > 1 && items.iter().any(|item| item.value == example);
        let files: BTreeSet<_> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let own = |place: Place| files.contains(&place.file);
        let tables = self.said.move_tables(self.set).iter();
        let tables = tables.map(|table| (in_table(table, self.lexicon), table.place));
        let tables: Vec<_> = tables.filter(|(items, _)| shows(items)).collect();
        let bracketed = || {
            let notes = self.said.with_brackets().iter().map(|at| &self.prose[*at]);
            let told = notes.map(|note| (in_brackets(&note.text, self.lexicon), note.place));
            told.filter(|(items, _)| shows(items)).collect::<Vec<_>>()
        };
        let one = |found: Vec<(Vec<Item>, Place)>| {
            let near = found.iter().position(|(_, place)| own(*place));
            // Of several on other pages none is meant more than the others.
            let at = near.or_else(|| (found.len() == 1).then_some(0))?;
            found.into_iter().nth(at)
        };
        one(tables).or_else(|| one(bracketed())).or_else(|| self.values_in_a_line(&files, example))
    }

    /// `progress 有两种：进行中、已结束` where the example shows one of them: values that are words themselves.
    pub(in crate::behavior::collection) fn worded_values(&self, field: &ItemField) -> Option<(Vec<Item>, Place)> {
        let is_status = field.role == Role::Status || self.lexicon.is_named("status-like", &field.key);
        let example = field.example.as_str().filter(|text| is_status && !text.is_empty() && !text.is_ascii())?;
        let named = self.said.naming(&field.key, false);
        named.iter().map(|at| &self.prose[*at]).find_map(|note| {
            let mut clauses = note.text.split(['。', '；', ';', '，', ',']);
            let told = clauses.find_map(|clause| {
                let own = crate::behavior::collection::prose::words(clause).any(|word| *word == *field.key);
                let list = crate::behavior::inputs::word_lists::list_in(clause, self.lexicon).filter(|_| own)?;
                list.iter().any(|word| word == example).then_some(list)
            })?;
            let items = told.into_iter().map(|word| Item { words: word.clone(), value: word });
            Some((items.collect(), note.place))
        })
    }

    /// `DRAFT 草稿 / OPEN 报名中`: a line of the group's own pages that lists a word in Latin letters which the example shows.
    fn values_in_a_line(&self, files: &BTreeSet<FileId>, example: &str) -> Option<(Vec<Item>, Place)> {
        if !example.starts_with(|c: char| c.is_ascii_alphabetic()) || example.len() < 3 {
            return None;
        }
        let named = self.said.naming(example, false);
        let notes = named.iter().map(|at| &self.prose[*at]).filter(|note| files.contains(&note.place.file));
        let words = &self.lexicon.rules().enumerations;
        let listed = notes.filter_map(|note| {
            let items = enumeration::read_beside(&note.text, example, words);
            let told = items.iter().all(|item| item.words != item.value);
            (told && items.len() > 1 && items.iter().any(|item| item.value == example)).then_some((items, note.place))
        });
        { listed }.next()
    }
}

/// The statuses that the columns of a table of moves name, each with its words.
pub(in crate::behavior) fn in_table(table: &MoveTable, lexicon: &Lexicon) -> Vec<Item> {
    let Some(columns) = &table.columns else { return Vec::new() };
    let (Some(from), Some(to)) = (columns.from, columns.to) else { return Vec::new() };
    let mut items: Vec<Item> = Vec::new();
    for cell in table.rows.iter().flat_map(|row| [row.get(from), row.get(to)]).flatten() {
        let cell = cell.replace('`', "");
        for item in lexicon.rules().joints.words_of(&cell).filter_map(value_of) {
            match items.iter_mut().find(|known| known.value == item.value) {
                Some(known) if known.words == known.value => known.words = item.words,
                Some(_) => {}
                None => items.push(item),
            }
        }
    }
    items
}

/// `10待派单`, `10 待派单`, `待派单（10）`, `OPEN`: a code, and what it says where that stands beside it.
fn value_of(piece: &str) -> Option<Item> {
    let piece = piece.trim();
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let end = piece.find(|c| !is_sign(c)).unwrap_or(piece.len());
    let around = |c: char| c.is_whitespace() || "（）()[]:：=-".contains(c);
    let (code, words) = if end > 0 {
        (&piece[..end], piece[end..].trim_matches(around))
    } else {
        let open = piece.find(['（', '('])?;
        (piece[open..].trim_matches(around), piece[..open].trim_matches(around))
    };
    let is_code = !code.is_empty() && code.len() <= MOST_OF_A_CODE && code.chars().all(is_sign);
    let words = if words.is_empty() { code } else { words };
    (is_code && words.chars().count() <= MOST_OF_A_CODE).then(|| Item { value: code.into(), words: words.into() })
}

/// The codes that a line has in brackets behind what they say: `草稿（draft）`, `变成在售（onsale）`.
pub(in crate::behavior) fn in_brackets(text: &str, lexicon: &Lexicon) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let ends = |c: char| ",，;；。、:：（）() ".contains(c);
    for (open, mark) in text.match_indices(['（', '(']) {
        let rest = &text[open + mark.len()..];
        let Some(code) = rest.find(['）', ')']).map(|end| rest[..end].trim().trim_matches('`')) else { continue };
        let is_code = code.len() > 1
            && code.len() <= MOST_OF_A_CODE
            && code.starts_with(|c: char| c.is_ascii_alphabetic())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let before = text[..open].trim_end();
        let clause = before.rsplit(ends).next().unwrap_or(before);
        // What it is called begins behind what says that it is, or becomes, so.
        let mut words = clause;
        for topic in ["turns", "becomes", "is-called"] {
            while let Some(end) = lexicon.after(topic, words).filter(|end| *end > 0 && *end < words.len()) {
                words = &words[end..];
            }
        }
        let words = words.trim_matches(|c: char| c.is_whitespace() || "「」“”\"'【】".contains(c));
        let short = (1..=MOST_SAID).contains(&words.chars().count()) && !words.is_ascii();
        if is_code && short && !items.iter().any(|item| item.value == code) {
            items.push(Item { value: code.to_owned(), words: words.to_owned() });
        }
    }
    items
}

/// The sides of an arrow: what stands before it, and behind it.
pub(in crate::behavior) fn sides(text: &str) -> Option<(&str, &str)> {
    let (at, length) = moves::ARROWS.iter().find_map(|arrow| Some((text.find(arrow)?, arrow.len())))?;
    Some((&text[..at], &text[at + length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(items: Vec<Item>) -> String {
        let told: Vec<String> = items.into_iter().map(|item| format!("{}={}", item.value, item.words)).collect();
        told.join("|")
    }

    #[test]
    fn codes_in_brackets() {
        let check = |text: &str, expected: &str| assert_eq!(told(in_brackets(text, &Lexicon::standard())), expected);
        check(
            "刚写好的是草稿（draft），送审后变成待审（waiting）。通过的转为已刊发（live）",
            "draft=草稿|waiting=待审|live=已刊发",
        );
        check("登录（login）之后带上令牌", "login=登录");
        check("价格（10 元）", "");
        check("nothing (here) at all", "");
    }

    #[test]
    fn codes_in_cells() {
        let check = |text: &str, expected: &str| assert_eq!(told(value_of(text).into_iter().collect()), expected);
        check("10待派单", "10=待派单");
        check("10 待派单", "10=待派单");
        check("待派单（10）", "10=待派单");
        check("OPEN", "OPEN=OPEN");
        check("（新建）", "");
        check("待派单", "");
    }
}
