//! Tables whose first column only counts their rows: `| 序号 | 名称 | 描述 |`, `| 2 | type | 车位性质 |`.

use crate::lexicon::Lexicon;
use crate::syntax::line;
use std::borrow::Cow;

/// Whether the first cells of a table's rows (header first) are numbers of rows and say nothing: its header says so, and
/// beside each number stands what it counts, a name in Latin letters. `| 1 | 待付款 | |` lists a value.
pub fn first_counts<'c>(rows: &[Vec<&'c str>], lexicon: &Lexicon) -> bool {
    let Some((header, body)) = rows.split_first() else { return false };
    let title = header.first().map_or("", |cell| cell.trim());
    let says = |topic: &str| lexicon.is_nothing_but(topic, title);
    let by_title = title.is_empty() || title == "#" || says("row-number");
    if header.len() < 3 || body.is_empty() || !(by_title || says("row-count")) {
        return false;
    }
    let number =
        |row: &Vec<&'c str>| row.first().and_then(|cell| cell.trim_end_matches(['.', '、']).parse::<usize>().ok());
    let numbers: Vec<usize> = body.iter().filter_map(number).collect();
    let blank = body.iter().filter(|row| row.first().is_none_or(|cell| cell.is_empty())).count();
    let names = body.iter().filter(|row| row.get(1).is_some_and(|cell| !cell.is_empty() && cell.is_ascii())).count();
    let in_turn = numbers.iter().enumerate().all(|(at, number)| *number == at + 1);
    !numbers.is_empty()
        && numbers.len() + blank == body.len()
        && names * 2 > body.len()
        && (by_title || (in_turn && numbers.len() > 1))
}

/// A cell without HTML: a break parts clauses, what only changes how words look goes.
pub(super) fn plain(cell: &str) -> Cow<'_, str> {
    if !cell.contains(['<', '&']) {
        return cell.into();
    }
    let mut out = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let tag = from.find('>').map(|end| &from[1..end]);
        let name = tag.map_or("", |tag| tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default());
        let name = name.to_ascii_lowercase();
        let Some(tag) = tag.filter(|_| BREAKS.contains(&name.as_str()) || LOOKS.contains(&name.as_str())) else {
            out.push('<');
            rest = &from[1..];
            continue;
        };
        let open = out.trim_end().ends_with([',', '，', '、', ';', '；', '。', ':', '：']) || out.trim().is_empty();
        if BREAKS.contains(&name.as_str()) && !open {
            out.push('，');
        }
        rest = &from[tag.len() + 2..];
    }
    out.push_str(rest);
    let out = out.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    out.trim().trim_end_matches('，').to_owned().into()
}

const BREAKS: [&str; 6] = ["br", "p", "div", "li", "ul", "ol"];
const LOOKS: [&str; 13] = ["b", "i", "u", "s", "em", "strong", "font", "span", "code", "sup", "sub", "small", "a"];

/// The name in a cell of a parameter table, and what stands beside it: `phone （可选）`, `**email**`, `` `age`* ``.
#[derive(Debug, PartialEq)]
pub(super) struct Named<'c> {
    pub(super) name: &'c str,
    pub(super) said: &'c str,
    pub(super) starred: bool,
}

pub(super) fn named(cell: &str) -> Option<Named<'_>> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '*' | '`' | '\\');
    let bare = cell.trim_start_matches(is_mark);
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
    let end = bare.find(|c| !is_sign(c)).unwrap_or(bare.len());
    let (name, after) = bare.split_at(end);
    let rest = after.trim_matches(is_mark);
    let marks = [&cell[..cell.len() - bare.len()], after].concat();
    let starred = marks.replace("**", "").contains('*');
    let said = rest.trim_matches(|c| "（）()[]【】".contains(c)).trim();
    let in_brackets = rest.starts_with(['（', '(', '[', '【']);
    if rest.is_empty() || in_brackets || (!rest.is_ascii() && !name.is_empty()) {
        return (!name.is_empty()).then_some(Named { name, said, starred });
    }
    // What else is in Latin letters is the name as it stands.
    let whole = cell.trim_matches(is_mark);
    (!whole.is_empty() && whole.is_ascii()).then_some(Named { name: whole, said: "", starred })
}

/// A value and its words of a line below a parameter, in the form in which a parameter line lists them: `all:全部`.
pub(super) fn beside(line: &str) -> String {
    let line = line::listed(line).unwrap_or(line);
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = line.find(|c| !is_sign(c)).unwrap_or(line.len());
    let (value, words) = line.split_at(end);
    let words = words.trim_start_matches(|c: char| c.is_whitespace() || ":：=-—、.".contains(c));
    let counted = words.starts_with(|c: char| !c.is_ascii());
    if value.is_empty() || !counted { line.to_owned() } else { format!("{value}:{words}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[&str], expected: bool) {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').map(str::trim).collect()).collect();
        assert_eq!(first_counts(&rows, &Lexicon::standard()), expected, "{rows:?}");
    }

    #[test]
    fn numbers_of_rows_and_values() {
        check(&["序号|名称|描述", "1|berthId|泊位", "2|kind|1:大 2:小", "2|fee|费用"], true);
        check(&["#|field|meaning", "1|kind|which", "2|fee|how much"], true);
        check(&["编号|参数|说明", "1|kind|种类", "2|fee|费用"], true);
        check(&["编号|参数|说明", "3|kind|种类", "7|fee|费用"], false);
        check(&["序号|状态|说明", "1|待付款|刚下单", "2|已付款|"], false);
        check(&["值|英文|说明", "1|paid|已付款", "2|sent|已发货"], false);
        check(&["序号|名称", "1|kind"], false);
    }

    #[test]
    fn cells_without_html() {
        let check = |cell: &str, expected: &str| assert_eq!(plain(cell), expected, "{cell}");
        check("密码<br/>要求：<br/>1.长度8到16<br>", "密码，要求：1.长度8到16");
        check("<font color=red>手机号</font>", "手机号");
        check("a < b, <token>, <=3", "a < b, <token>, <=3");
        check("x&nbsp;y", "x y");
    }

    #[test]
    fn names_in_cells() {
        let check = |cell: &str, expected: Option<(&str, &str, bool)>| {
            let found = named(cell).map(|named| (named.name, named.said, named.starred));
            assert_eq!(found, expected, "{cell}");
        };
        check("phone （可选）", Some(("phone", "可选", false)));
        check("email（可选）", Some(("email", "可选", false)));
        check("age [optional]", Some(("age", "optional", false)));
        check("**mail**", Some(("mail", "", false)));
        check("`mail`", Some(("mail", "", false)));
        check("`mail` *", Some(("mail", "", true)));
        check("*mail", Some(("mail", "", true)));
        check("mail 邮箱", Some(("mail", "邮箱", false)));
        check("user name", Some(("user name", "", false)));
        check("用户名", None);
        check("", None);
    }
}
